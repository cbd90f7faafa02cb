//! An axis, as a figure is given it.

/// An axis: its label, with the unit, and its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub(crate) label: String,
    pub(crate) logarithmic: bool,
    pub(crate) range: Option<(f64, f64)>,
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

    pub(crate) fn can_show(&self, value: f64) -> bool {
        value.is_finite() && (value > 0.0 || !self.logarithmic)
    }
}
