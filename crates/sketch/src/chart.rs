//! Curves over steps, as an SVG.

use std::fmt::Write;

/// The plot in units of the drawing: left, right, top, bottom.
const PLOT: [u32; 4] = [67, 730, 36, 190];

/// No more points than this are drawn of a curve.
const POINTS: usize = 300;

/// Colour and dashes of the curves, in their order.
const STROKES: [&str; 3] = [
    "stroke=\"var(--series-1)\"",
    "stroke=\"var(--series-2)\" stroke-dasharray=\"11 4\"",
    "stroke=\"var(--series-3)\" stroke-dasharray=\"2 3\"",
];

/// Curves that begin at step 0, a point a step. The axes begin at 0.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// Unique in the book.
    pub id: &'a str,
    /// What the curves are.
    pub title: &'a str,
    /// What they show, for those who do not see it.
    pub about: &'a str,
    /// What is counted along the axis.
    pub axis: &'a str,
    /// The step at the end of the axis.
    pub last: usize,
    /// The value at the upper end; what is above it is drawn there.
    pub most: f64,
    /// The curves under their names. One without a point is left out.
    pub curves: &'a [(&'a str, &'a [f64])],
}

impl Chart<'_> {
    /// The chart as SVG, to be included in a page: no blank line, the same bytes in every run. The
    /// texts are taken as they are.
    pub fn svg(&self) -> String {
        let [left, right, top, bottom] = PLOT;
        let (last, most) = (self.last.max(1), self.most);
        let x = |step: usize| f64::from(left) + f64::from(right - left) * step as f64 / last as f64;
        let y = |value: f64| {
            f64::from(bottom) - f64::from(bottom - top) * value.clamp(0.0, most) / most
        };
        let (id, title, about) = (self.id, self.title, self.about);
        let mut svg = format!(
            "<svg class=\"plot\" viewBox=\"0 0 750 220\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" fill=\"currentColor\" font-size=\"14\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{about}</desc>\n"
        );
        // Writing to a string cannot fail.
        let step = round_step(most);
        let decimals = usize::from(step < 1.0);
        for k in 0..=(most / step) as u32 {
            let tick = f64::from(k) * step;
            let _ = writeln!(
                svg,
                "<path d=\"M{left} {:.1}H{right}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{tick:.decimals$}</text>",
                y(tick),
                left - 8,
                y(tick) + 5.0
            );
        }
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {top}V{bottom}H{right}\" fill=\"none\" stroke=\"currentColor\"/>\
             <text x=\"{left}\" y=\"{below}\" text-anchor=\"middle\">0</text>\
             <text x=\"{right}\" y=\"{below}\" text-anchor=\"end\">{last}</text>\
             <text x=\"{}\" y=\"{below}\" text-anchor=\"middle\">{}</text>",
            (left + right) / 2,
            self.axis,
            below = bottom + 20,
        );
        let mut legend = left;
        for ((name, values), stroke) in self.curves.iter().zip(STROKES) {
            let Some(end) = values.len().checked_sub(1) else {
                continue;
            };
            svg += "<path d=\"";
            let apart = end.div_ceil(POINTS).max(1);
            for step in (0..end).step_by(apart).chain([end]) {
                let to = if step == 0 { 'M' } else { 'L' };
                let _ = write!(svg, "{to}{:.1} {:.1}", x(step), y(values[step]));
            }
            let _ = writeln!(
                svg,
                "\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" {stroke}/>\
                 <path d=\"M{legend} 16h28\" stroke-width=\"2\" {stroke}/>\
                 <text x=\"{}\" y=\"21\">{name}</text>",
                legend + 34
            );
            legend += 60 + 8 * name.len() as u32;
        }
        svg + "</svg>\n"
    }
}

/// One, two or five times a power of ten: at most five steps up to `most`.
fn round_step(most: f64) -> f64 {
    let mut step = 0.1;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if most / step <= 5.0 {
            break;
        }
        step *= factor;
    }
    step
}

#[cfg(test)]
mod tests {
    use super::{Chart, round_step};

    const CHART: Chart<'_> = Chart {
        id: "id",
        title: "title",
        about: "about",
        axis: "step",
        last: 2,
        most: 2.0,
        curves: &[
            ("first", &[2.0, 1.0, 0.0]),
            ("none", &[]),
            ("third", &[9.0]),
        ],
    };

    #[test]
    fn curves_reach_from_the_left_to_the_last_step_and_no_higher_than_the_plot() {
        let svg = CHART.svg();
        assert!(
            svg.contains("d=\"M67.0 36.0L398.5 113.0L730.0 190.0\""),
            "{svg}"
        );
        assert!(svg.contains("d=\"M67.0 36.0\""), "{svg}");
        assert!(!svg.contains("none<"), "{svg}");
        assert!(!svg.contains("\n\n"), "{svg}");
    }

    #[test]
    fn a_long_curve_has_its_last_point_and_no_more_than_three_hundred_others() {
        let values = vec![1.0; 20_001];
        let curves = [("long", values.as_slice())];
        let chart = Chart {
            last: 20_000,
            curves: &curves,
            ..CHART
        };
        let svg = chart.svg();
        assert!(svg.matches('L').count() <= 300, "{svg}");
        assert!(svg.contains("L730.0 113.0\""), "{svg}");
    }

    #[test]
    fn steps_are_round() {
        let cases = [(0.5, 0.1), (1.2, 0.5), (2.6, 1.0), (40.0, 10.0), (1e6, 2e5)];
        for (most, step) in cases {
            let found = round_step(most);
            assert!((found / step - 1.0).abs() < 1e-12, "{most}: {found}");
        }
    }
}
