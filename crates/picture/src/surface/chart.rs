//! The loss, step by step.

use crate::draw::{Point, line, svg};

use super::{Values, written};

const WIDTH: f64 = 250.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 34.0;
const SIZE: Point = (330.0, 384.0);

pub(super) fn draw(id: &str, values: &Values) -> String {
    let losses = &values.losses;
    // A leap leaves the picture: otherwise all else would be flat.
    let highest = losses.iter().fold(0.0, |most: f64, loss| most.max(*loss));
    let top = highest.min(2.5 * losses[0]).max(values.lowest + 1e-6);
    let steps = losses.len() - 1;
    let place = |(step, loss): (usize, &f64)| {
        (
            LEFT + WIDTH * step as f64 / steps.max(1) as f64,
            TOP + HEIGHT * (1.0 - loss.min(1.5 * top) / top),
        )
    };
    let points: Vec<Point> = losses.iter().enumerate().map(place).collect();
    let dots: String = points
        .iter()
        .map(|(x, y)| format!("M{x:.1} {y:.1}h0"))
        .collect();
    let (right, base) = (LEFT + WIDTH, TOP + HEIGHT);
    let floor = place((0, &values.lowest)).1;
    let newton = values.newton.filter(|_| steps > 0).map_or(String::new(), |(_, loss)| {
        let (x, y) = place((1, &loss));
        format!("<path d=\"M{x:.1} {y:.1}m-5-5l10 10m0-10l-10 10\" stroke=\"var(--series-2)\" stroke-width=\"2.5\"/>\n")
    });
    let drawn = format!(
        "<clipPath id=\"{id}-clip\"><rect x=\"{LEFT}\" y=\"{0}\" width=\"{1}\" height=\"{2}\"/></clipPath>\n\
         <g clip-path=\"url(#{id}-clip)\" stroke-linejoin=\"round\">\n\
         <path d=\"{3}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"1.5\"/>\n\
         <path d=\"{dots}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"6\" stroke-linecap=\"round\"/>\n\
         <path d=\"M{LEFT} {floor:.1}H{right}\" stroke=\"currentColor\" stroke-dasharray=\"3 5\"/>\n{newton}</g>\n\
         <path d=\"M{LEFT} {TOP}V{base}H{right}\" fill=\"none\" stroke=\"currentColor\"/>\n\
         <g font-size=\"15\">\n<text x=\"8\" y=\"20\">loss J in nats</text>\n\
         <text x=\"{4}\" y=\"{5}\" text-anchor=\"end\">{6}</text>\n<text x=\"{4}\" y=\"{base}\" text-anchor=\"end\">0</text>\n\
         <text x=\"{LEFT}\" y=\"{7}\">0</text>\n<text x=\"{8}\" y=\"{7}\" text-anchor=\"middle\">step</text>\n\
         <text x=\"{right}\" y=\"{7}\" text-anchor=\"end\">{steps}</text>\n</g>\n",
        TOP - 6.0,
        WIDTH + 6.0,
        HEIGHT + 12.0,
        line(&points),
        LEFT - 6.0,
        TOP + 12.0,
        written(top),
        base + 20.0,
        LEFT + 0.5 * WIDTH,
    );
    let description = format!(
        "The loss over {steps} steps of descent, from {} to {}; a dashed line is the lowest loss in the map. A cross is the loss after Newton’s step.",
        written(losses[0]),
        written(losses[steps]),
    );
    svg(id, SIZE, "The loss, step by step", &description, &drawn)
}
