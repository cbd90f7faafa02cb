//! The triangle: a corner is a class that is certain. Distances are those of the vectors, but for
//! one factor, so that an arrow from one distribution to another is their difference.

use crate::draw::{Point, fixed, line, short, svg};

use super::Values;

/// The length of a side, which is √2 for the vectors.
const SIDE: f64 = 300.0;
const LEFT: f64 = 50.0;
const TOP: f64 = 44.0;
const SIZE: Point = (400.0, 356.0);
/// Half the size of the marks of label and output.
const MARK: f64 = 6.0;

/// The lines of equal loss, in nats.
const LEVELS: [f64; 7] = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5];

/// How many points of each side the lines of equal loss are looked for on the way to.
const RAYS: usize = 32;

fn height() -> f64 {
    SIDE * 0.75_f64.sqrt()
}

/// Where a distribution lies: the mean of the corners, weighted by it.
fn place(p: [f64; 3]) -> Point {
    (
        LEFT + SIDE * (0.5 * p[1] + p[2]),
        TOP + height() * (1.0 - p[1]),
    )
}

/// The distribution at a place, or the one that a pull into the triangle makes of it.
pub(super) fn at((x, y): Point) -> [f64; 3] {
    let second = 1.0 - (y - TOP) / height();
    let third = (x - LEFT) / SIDE - 0.5 * second;
    let inside = [1.0 - second - third, second, third].map(|p| p.clamp(0.0, 1.0));
    let sum: f64 = inside.iter().sum();
    inside.map(|p| p / sum)
}

/// The loss, (1.2). A term with `y_i = 0` counts as 0.
fn loss(y: [f64; 3], p: [f64; 3]) -> f64 {
    let terms = (0..3).filter(|i| y[*i] > 0.0).map(|i| y[i] * p[i].ln());
    -terms.sum::<f64>()
}

/// On the way from `y` to a point of the side, where the loss is `level`. It rises along the way,
/// because it is convex and lowest at `y`.
fn crossing(y: [f64; 3], side: [f64; 3], level: f64) -> Option<Point> {
    let along = |r: f64| [0, 1, 2].map(|i| y[i] + r * (side[i] - y[i]));
    if loss(y, y) >= level || loss(y, side) <= level {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    // Halved so often, the rest is less than a tenth of a pixel.
    for _ in 0..13 {
        let middle = 0.5 * (low + high);
        if loss(y, along(middle)) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(place(along(0.5 * (low + high))))
}

/// The lines where the loss is `level`: one, closed, or several that end at the sides.
fn contour(y: [f64; 3], level: f64) -> String {
    let rim = (0..3 * RAYS).map(|ray| {
        let (side, part) = (ray / RAYS, (ray % RAYS) as f64 / RAYS as f64);
        let mut p = [0.0; 3];
        (p[side], p[(side + 1) % 3]) = (1.0 - part, part);
        p
    });
    let mut found: Vec<Option<Point>> = rim.map(|side| crossing(y, side, level)).collect();
    match found.iter().position(Option::is_none) {
        // A line that does not end closes.
        None => found.push(found.first().copied().flatten()),
        Some(gap) => found.rotate_left(gap),
    }
    let pieces = found.split(Option::is_none);
    pieces
        .map(|piece| line(&piece.iter().copied().flatten().collect::<Vec<_>>()))
        .collect()
}

pub(super) fn draw(id: &str, values: &Values, way: &[[f64; 3]]) -> String {
    let (y, y_hat) = (place(values.y), place(values.y_hat));
    let corners = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(place);
    let outline = line(&corners);
    let levels: String = LEVELS.map(|level| contour(values.y, level)).concat();
    let here = contour(values.y, values.loss);
    let steps: Vec<Point> = way.iter().map(|p| place(*p)).collect();
    let dots: String = steps[1..]
        .iter()
        .map(|(x, y)| format!("M{x:.1} {y:.1}h0"))
        .collect();
    let mut drawn = format!(
        "<defs><marker id=\"{id}-arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0 1 L9 5 L0 9 z\" fill=\"currentColor\"/></marker></defs>\n\
         <circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{SIDE}\" fill=\"none\" stroke=\"currentColor\" \
         stroke-dasharray=\"3 5\"/>\n\
         <path d=\"{levels}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.35\"/>\n\
         <path d=\"{here}\" fill=\"none\" stroke=\"var(--series-4)\" stroke-width=\"2\"/>\n\
         <path d=\"{outline}z\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>\n\
         <path d=\"{}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"1.5\"/>\n\
         <path d=\"{dots}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"5\" stroke-linecap=\"round\"/>\n\
         <path d=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\" marker-end=\"url(#{id}-arrow)\"/>\n",
        y.0,
        y.1,
        line(&steps),
        line(&shortened(y, y_hat)),
    );
    drawn += &format!(
        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{MARK}\" fill=\"var(--bg)\" stroke=\"currentColor\" stroke-width=\"2.5\"/>\n\
         <circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{MARK}\"/>\n",
        y.0, y.1, y_hat.0, y_hat.1
    );
    drawn += "<g font-size=\"15\" stroke=\"var(--bg)\" stroke-width=\"5\" stroke-linejoin=\"round\" paint-order=\"stroke\">\n";
    let mut text = |(x, y): Point, anchor: &str, label: &str| {
        drawn +=
            &format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{label}</text>\n");
    };
    let base = TOP + height() + 24.0;
    text((LEFT - 8.0, base), "middle", "class 1");
    text((LEFT + 0.5 * SIDE, TOP - 20.0), "middle", "class 2");
    text((LEFT + SIDE + 8.0, base), "middle", "class 3");
    if let Some(bound) = opposite(y) {
        text(bound, "middle", "√2 from y");
    }
    // Away from the arrow, so that it does not run through them.
    let away = if y_hat.0 < y.0 { 1.0 } else { -1.0 };
    text((y.0 + 13.0 * away, y.1 + 5.0), anchor(away), "y");
    text((y_hat.0 - 12.0 * away, y_hat.1 + 5.0), anchor(-away), "ŷ");
    drawn += "</g>\n";
    for (name, (x, y)) in [("11", y), ("10", y_hat)] {
        drawn += &format!(
            "<circle class=\"handle\" data-change=\"{name}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"16\" fill=\"none\"/>\n"
        );
    }
    svg(
        id,
        SIZE,
        "The gradient is an arrow from the label to the output",
        &described(values, way),
        &drawn,
    )
}

/// Ends at the rim of the output's mark, so that its head is seen.
fn shortened(from: Point, to: Point) -> Vec<Point> {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let part = (length - MARK - 1.0) / length;
    match part > 0.0 {
        true => vec![
            from,
            (
                from.0 + part * (to.0 - from.0),
                from.1 + part * (to.1 - from.1),
            ),
        ],
        false => Vec::new(),
    }
}

fn anchor(side: f64) -> &'static str {
    if side > 0.0 { "start" } else { "end" }
}

/// A place on the circle around `y`, or a little inside, beyond the middle of the triangle, where it is in the picture.
fn opposite(y: Point) -> Option<Point> {
    let middle = place([1.0 / 3.0; 3]);
    let (dx, dy) = (middle.0 - y.0, middle.1 - y.1);
    let length = dx.hypot(dy);
    let (x, y) = (
        y.0 + (SIDE - 14.0) * dx / length,
        y.1 + (SIDE - 14.0) * dy / length + 5.0,
    );
    let inside = (36.0..=SIZE.0 - 36.0).contains(&x) && (14.0..=SIZE.1 - 4.0).contains(&y);
    inside.then_some((x, y))
}

fn described(values: &Values, way: &[[f64; 3]]) -> String {
    let row = |p: [f64; 3]| p.map(|p| fixed(p, 2)).join(", ");
    let end = way.last().copied().unwrap_or(values.y_hat);
    format!(
        "A triangle whose corners are the three classes. The label y is at {}, the output ŷ at {}. \
         An arrow leads from y to ŷ, {} long; a dashed circle around y is √2 away and holds the whole triangle. \
         Thin lines of equal loss are half a nat apart, the line through ŷ is heavier. \
         Descent leads in {} dotted steps from ŷ to {}.",
        row(values.y),
        row(values.y_hat),
        short(values.length),
        way.len() - 1,
        row(end),
    )
}
