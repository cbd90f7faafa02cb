//! The figures of the book: curves, points and regions, drawn in the theme's colours.

mod draw;
mod regions;
mod scale;
#[cfg(test)]
mod tests;

use regions::Regions;
use scale::Scale;

/// What keeps a figure from being drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A coordinate is no finite number, or not above 0 on a logarithmic axis.
    #[error("{series}: expected coordinates that can be drawn, found ({x}, {y})")]
    Coordinate {
        /// The label of the series.
        series: String,
        /// The horizontal coordinate.
        x: f64,
        /// The vertical coordinate.
        y: f64,
    },
    /// An axis does not ascend, or nothing says what it spans.
    #[error("{axis}: expected a range, or points that span one, found {from} to {to}")]
    Range {
        /// The label of the axis.
        axis: String,
        /// Where it starts.
        from: f64,
        /// Where it ends.
        to: f64,
    },
}

/// An axis: its label, with the unit, and its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    label: String,
    logarithmic: bool,
    range: Option<(f64, f64)>,
}

impl Axis {
    /// An axis with equal steps.
    pub fn linear(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            logarithmic: false,
            range: None,
        }
    }

    /// An axis with equal ratios: powers of ten.
    pub fn logarithmic(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            logarithmic: true,
            range: None,
        }
    }

    /// The same axis from `from` to `to`. Without it the axis spans the data.
    pub fn from_to(self, from: f64, to: f64) -> Self {
        Self {
            range: Some((from, to)),
            ..self
        }
    }

    fn can_show(&self, value: f64) -> bool {
        value.is_finite() && (value > 0.0 || !self.logarithmic)
    }
}

/// The colours of a light page.
const LIGHT: &str = "
svg { color: #000; background: #fff; font-family: sans-serif; --fg: #000; }
svg { --series-1: #0b5cad; --series-2: #b3400a; --series-3: #0a7045; --series-4: #8a3a8c; }
";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Line,
    Dashed,
    Points,
}

/// What was added to a figure. `colour` counts the curves and sets before it.
#[derive(Debug, Clone)]
struct Series {
    kind: Kind,
    label: String,
    points: Vec<(f64, f64)>,
    colour: usize,
}

/// A figure: title, description for those who do not see it, axes, and what is drawn on them.
#[derive(Debug, Clone)]
pub struct Figure {
    id: String,
    title: String,
    description: String,
    x: Axis,
    y: Axis,
    series: Vec<Series>,
    plane: Option<Result<(Scale, Scale, Regions), Error>>,
}

impl Figure {
    /// An empty figure. `id` is unique in the book; a screen reader reads `description`.
    pub fn new(id: &str, title: &str, description: &str, x: Axis, y: Axis) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            x,
            y,
            series: Vec::new(),
            plane: None,
        }
    }

    /// Adds a curve through points. Curves and sets of points take the colours in their order.
    pub fn line(self, label: &str, points: &[(f64, f64)]) -> Self {
        self.with(Kind::Line, label, points)
    }

    /// Adds a dashed curve in the colour of the text: theory beside measurement.
    pub fn dashed(self, label: &str, points: &[(f64, f64)]) -> Self {
        self.with(Kind::Dashed, label, points)
    }

    /// Adds a set of points, each set with a mark of its own. Points beside the axes are left out.
    pub fn points(self, label: &str, points: &[(f64, f64)]) -> Self {
        self.with(Kind::Points, label, points)
    }

    /// Colours the plane by class: set `k` of the points lies, if right, on region `k`.
    ///
    /// The plane is what the axes span at this call: their range, or else the points added before.
    pub fn regions(mut self, class_at: impl Fn(f64, f64) -> usize) -> Self {
        let plane = self.scales();
        self.plane = Some(plane.map(|(x, y)| (x, y, Regions::new(x, y, class_at))));
        self
    }

    /// The figure as SVG, to be included in a page: no blank line, the same bytes in every run.
    ///
    /// # Errors
    ///
    /// [`Error::Coordinate`] where a point cannot be drawn, [`Error::Range`] where an axis cannot.
    pub fn svg(&self) -> Result<String, Error> {
        for series in &self.series {
            for &(x, y) in &series.points {
                if !(self.x.can_show(x) && self.y.can_show(y)) {
                    let series = series.label.clone();
                    return Err(Error::Coordinate { series, x, y });
                }
            }
        }
        // What was added after the regions must not move the axes away from under them.
        let (x, y) = match &self.plane {
            Some(Ok((x, y, _))) => (*x, *y),
            Some(Err(error)) => return Err(error.clone()),
            None => self.scales()?,
        };
        Ok(draw::svg(self, x, y))
    }

    /// The figure as a file of its own: what [`svg`](Self::svg) gives, with the colours of a light
    /// page, since no theme is there to say them.
    ///
    /// # Errors
    ///
    /// As [`svg`](Self::svg).
    pub fn file(&self) -> Result<String, Error> {
        let svg = self.svg()?;
        let (root, rest) = svg.split_once('>').unwrap_or_default();
        Ok(format!("{root}>\n<style>{LIGHT}</style>{rest}"))
    }

    fn with(mut self, kind: Kind, label: &str, points: &[(f64, f64)]) -> Self {
        self.series.push(Series {
            kind,
            label: label.to_owned(),
            points: points.to_vec(),
            colour: self
                .series
                .iter()
                .filter(|s| s.kind != Kind::Dashed)
                .count(),
        });
        self
    }

    fn scales(&self) -> Result<(Scale, Scale), Error> {
        let points = || self.series.iter().flat_map(|series| &series.points);
        Ok((
            Scale::new(&self.x, points().map(|point| point.0))?,
            Scale::new(&self.y, points().map(|point| point.1))?,
        ))
    }
}
