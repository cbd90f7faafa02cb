//! A figure: its axes, and what is drawn on them.

use sketch::Regions;

use crate::axis::Axis;
use crate::error::Error;
use crate::scale::Scale;
use crate::svg::Picture;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Line,
    Dashed,
    Points,
}

/// What was added to a figure. `colour` counts the curves and sets before it.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    pub(crate) kind: Kind,
    pub(crate) label: String,
    pub(crate) points: Vec<(f64, f64)>,
    pub(crate) colour: usize,
}

/// A figure: title, description for those who do not see it, axes, and what is drawn on them.
#[derive(Debug, Clone)]
pub struct Figure {
    pub(crate) picture: Picture,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) series: Vec<Series>,
    pub(crate) plane: Option<Result<(Scale, Scale, Regions), Error>>,
}

impl Figure {
    /// An empty figure. `id` is unique in the book; a screen reader reads `description`.
    pub fn new(id: &str, title: &str, description: &str, x: Axis, y: Axis) -> Self {
        Self {
            picture: Picture::new(id, title, description),
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
        self.plane = Some(plane.map(|(x, y)| {
            let class_at = |across, up| class_at(x.at(across), y.at(up));
            (x, y, Regions::new(Regions::FINE, class_at))
        }));
        self
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

    pub(crate) fn scales(&self) -> Result<(Scale, Scale), Error> {
        let points = || self.series.iter().flat_map(|series| &series.points);
        Ok((
            Scale::new(&self.x, points().map(|point| point.0))?,
            Scale::new(&self.y, points().map(|point| point.1))?,
        ))
    }
}
