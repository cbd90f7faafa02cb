//! The plane of inputs: where which class is the likeliest.

use softmax_backprop::Layer;

use crate::draw::{Point, line, svg};

/// The inputs run from `−REACH` to `REACH`.
const REACH: f64 = 3.0;
const SIDE: f64 = 260.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 44.0;
const SIZE: Point = (320.0, 356.0);

/// One density a class, so that regions differ in black and white.
const DENSITIES: [f64; 3] = [0.1, 0.22, 0.34];

fn place((x1, x2): Point) -> Point {
    let along = |x: f64| SIDE * (x + REACH) / (2.0 * REACH);
    (LEFT + along(x1), TOP + SIDE - along(x2))
}

/// The input at a place, or the nearest that is in the picture.
pub(super) fn at((x, y): Point) -> Point {
    let back = |pixels: f64| (2.0 * REACH * pixels / SIDE - REACH).clamp(-REACH, REACH);
    (back(x - LEFT), back(TOP + SIDE - y))
}

/// What is left of a polygon where `height` is at least 0.
fn cut(polygon: &[Point], height: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut left = Vec::new();
    for (index, &end) in polygon.iter().enumerate() {
        let start = polygon[(index + polygon.len() - 1) % polygon.len()];
        let (from, to) = (height(start), height(end));
        if (from < 0.0) != (to < 0.0) {
            let part = from / (from - to);
            left.push((
                start.0 + part * (end.0 - start.0),
                start.1 + part * (end.1 - start.1),
            ));
        }
        if to >= 0.0 {
            left.push(end);
        }
    }
    left
}

/// Where class `k` has the largest logit.
fn region(layer: &Layer, k: usize) -> Vec<Point> {
    let (w, b) = (layer.w(), layer.b());
    let theta = |k: usize, (x1, x2): Point| w[[0, k]] * x1 + w[[1, k]] * x2 + b[k];
    let square = vec![
        (-REACH, -REACH),
        (REACH, -REACH),
        (REACH, REACH),
        (-REACH, REACH),
    ];
    (0..3)
        .filter(|j| *j != k)
        .fold(square, |left, j| cut(&left, |x| theta(k, x) - theta(j, x)))
}

/// The area of a polygon, and its centre.
fn area(polygon: &[Point]) -> (f64, Point) {
    let (mut twice, mut centre) = (0.0, (0.0, 0.0));
    for (index, &(x, y)) in polygon.iter().enumerate() {
        let (u, v) = polygon[(index + 1) % polygon.len()];
        let cross = x * v - u * y;
        twice += cross;
        centre = (centre.0 + cross * (x + u), centre.1 + cross * (y + v));
    }
    (
        0.5 * twice.abs(),
        (centre.0 / (3.0 * twice), centre.1 / (3.0 * twice)),
    )
}

pub(super) fn draw(id: &str, layer: &Layer, x: Point) -> String {
    let mut drawn = String::new();
    let mut labels = String::new();
    let mut parts = Vec::new();
    for (k, density) in DENSITIES.iter().enumerate() {
        let region = region(layer, k);
        let places: Vec<Point> = region.iter().map(|x| place(*x)).collect();
        let d = line(&places);
        if d.is_empty() {
            continue;
        }
        drawn += &format!(
            "<path d=\"{d}z\" fill=\"var(--series-{0})\" fill-opacity=\"{density}\" stroke=\"var(--series-{0})\" stroke-width=\"1.5\"/>\n",
            k + 1
        );
        let (area, centre) = area(&region);
        let share = area / (4.0 * REACH * REACH);
        parts.push(format!(
            "class {} in {:.0} of 100 parts",
            k + 1,
            100.0 * share
        ));
        if share > 0.04 {
            let (x, y) = place(centre);
            labels += &format!(
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">class {}</text>\n",
                y + 5.0,
                k + 1
            );
        }
    }
    let (px, py) = place((x.0.clamp(-REACH, REACH), x.1.clamp(-REACH, REACH)));
    let (right, base) = (LEFT + SIDE, TOP + SIDE);
    drawn += &format!(
        "<path d=\"M{LEFT} {TOP}V{base}H{right}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>\n\
         <g font-size=\"15\" stroke=\"var(--bg)\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\">\n{labels}\
         <text x=\"{LEFT}\" y=\"{0}\" text-anchor=\"middle\">−{REACH}</text>\n\
         <text x=\"{right}\" y=\"{0}\" text-anchor=\"middle\">{REACH}</text>\n\
         <text x=\"{1}\" y=\"{0}\" text-anchor=\"middle\">input x₁</text>\n\
         <text x=\"{2}\" y=\"{base}\" text-anchor=\"end\">−{REACH}</text>\n\
         <text x=\"{2}\" y=\"{3}\" text-anchor=\"end\">{REACH}</text>\n\
         <text x=\"8\" y=\"{4}\">input x₂</text>\n\
         <text x=\"{5:.1}\" y=\"{6:.1}\">x</text>\n</g>\n\
         <circle cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"6\"/>\n\
         <circle class=\"handle\" data-change=\"12\" cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"16\" fill=\"none\"/>\n",
        base + 24.0,
        LEFT + 0.5 * SIDE,
        LEFT - 8.0,
        TOP + 10.0,
        TOP - 20.0,
        px + 11.0,
        py + 5.0,
    );
    let description = format!(
        "The plane of both inputs, each from −{REACH} to {REACH}, with the region where each class is the likeliest: {}. The input x lies in one of them.",
        parts.join(", ")
    );
    svg(
        id,
        SIZE,
        "Where each class is the likeliest",
        &description,
        &drawn,
    )
}
