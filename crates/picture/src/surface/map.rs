//! The map: contours of the loss over two weights, and the ways down.

use crate::draw::{Point, line, short, svg};

use super::Values;
use super::land::{Land, name, path};

const SIDE: f64 = 300.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 34.0;
const SIZE: Point = (376.0, 384.0);

/// Where a part of the map's width and height is drawn.
fn place((u, v): Point) -> Point {
    // Far outside of the picture the exact place makes no difference, but costs digits.
    let near = |part: f64| part.clamp(-20.0, 20.0);
    (LEFT + SIDE * near(u), TOP + SIDE * (1.0 - near(v)))
}

/// The part of width and height at a place, or the nearest that is in the map.
pub(super) fn at((x, y): Point) -> Point {
    (
        ((x - LEFT) / SIDE).clamp(0.0, 1.0),
        (1.0 - (y - TOP) / SIDE).clamp(0.0, 1.0),
    )
}

pub(super) fn draw(id: &str, land: &Land, values: &Values) -> String {
    let to = |weights: Point| place(land.part(weights));
    let way: Vec<Point> = values.way.iter().map(|weights| to(*weights)).collect();
    let dots: String = way[1..]
        .iter()
        .map(|(x, y)| format!("M{x:.1} {y:.1}h0"))
        .collect();
    let start = way[0];
    let newton = values.newton.map_or(String::new(), |(weights, _)| {
        let (x, y) = to(weights);
        format!(
            "<path d=\"{}\" fill=\"none\" stroke=\"var(--series-2)\" stroke-width=\"2\" stroke-dasharray=\"6 4\"/>\n\
             <path d=\"M{x:.1} {y:.1}m-5-5l10 10m0-10l-10 10\" stroke=\"var(--series-2)\" stroke-width=\"2.5\"/>\n",
            line(&[start, (x, y)])
        )
    });
    let (right, base) = (LEFT + SIDE, TOP + SIDE);
    let [(a, c), (b, d)] = [(0.0, 0.0), (1.0, 1.0)].map(|part| land.weights(part));
    let mut drawn = format!(
        "<clipPath id=\"{id}-clip\"><rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\"/></clipPath>\n\
         <g clip-path=\"url(#{id}-clip)\" stroke-linejoin=\"round\">\n\
         <path d=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.4\"/>\n{newton}\
         <path d=\"{}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"1.5\"/>\n\
         <path d=\"{dots}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"6\" stroke-linecap=\"round\"/>\n</g>\n\
         <rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"currentColor\"/>\n",
        path(&land.contours, place),
        line(&way),
    );
    drawn += &format!(
        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"6\"/>\n\
         <g font-size=\"15\" stroke=\"var(--bg)\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\">\n\
         <text x=\"{LEFT}\" y=\"{2}\">{3}</text>\n<text x=\"{right}\" y=\"{2}\" text-anchor=\"end\">{4}</text>\n\
         <text x=\"{5}\" y=\"{6}\" text-anchor=\"middle\">{11}</text>\n\
         <text x=\"{7}\" y=\"{base}\" text-anchor=\"end\">{8}</text>\n<text x=\"{7}\" y=\"{9}\" text-anchor=\"end\">{10}</text>\n\
         <text x=\"8\" y=\"20\">{12}</text>\n</g>\n\
         <circle class=\"handle\" data-change=\"10\" cx=\"{0:.1}\" cy=\"{1:.1}\" r=\"16\" fill=\"none\"/>\n",
        start.0,
        start.1,
        base + 20.0,
        short(a),
        short(b),
        LEFT + 0.5 * SIDE,
        base + 40.0,
        LEFT - 6.0,
        short(c),
        TOP + 12.0,
        short(d),
        name(land.chosen.0),
        name(land.chosen.1),
    );
    let description = format!(
        "Contours of the loss over two weights: {}, from {} to {}, and {}, from {} to {}. A dotted line leads in {} steps of descent from the start, \
         where the loss is {}, to {}. A dashed line is Newton’s step from the same start.",
        name(land.chosen.0),
        short(a),
        short(b),
        name(land.chosen.1),
        short(c),
        short(d),
        values.way.len() - 1,
        super::written(values.losses[0]),
        super::written(values.losses[values.losses.len() - 1]),
    );
    svg(
        id,
        SIZE,
        "The loss over two weights, and the ways down",
        &description,
        &drawn,
    )
}
