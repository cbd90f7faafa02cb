//! From coordinates to the lengths along an axis, and the labels of its ticks.

use std::sync::Arc;

use kuva::render::layout::TickFormat;
use kuva::render::render_utils::compute_tick_step;

use crate::axis::Axis;
use crate::error::Error;

/// The least that an axis spans, by itself and as a part of its ends: where less is between them,
/// its steps run out of digits.
const LEAST: (f64, f64) = (1e-300, 1e-12);

/// How many steps an axis has, about.
pub(crate) const STEPS: usize = 6;

/// What an axis spans, in decades if it is logarithmic. kuva's own logarithm stops at 1e-10, so it
/// is taken here, and kuva sees equal steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) from: f64,
    pub(crate) to: f64,
    logarithmic: bool,
}

impl Scale {
    /// The range that the axis was given, or else the one of its data.
    pub(crate) fn new(axis: &Axis, data: impl Iterator<Item = f64>) -> Result<Self, Error> {
        let scale = |from, to| Self {
            from,
            to,
            logarithmic: axis.logarithmic,
        };
        let ends = if let Some((from, to)) = axis.range {
            let ends = scale(0.0, 0.0);
            scale(ends.along(from), ends.along(to))
        } else {
            let (from, to) = data
                .filter(|&value| axis.can_show(value))
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), value| {
                    (from.min(value), to.max(value))
                });
            let ends = scale(0.0, 0.0);
            let (from, to) = (ends.along(from), ends.along(to));
            if axis.logarithmic {
                // A hair's breadth is no decade: the logarithm of a power of ten may miss it.
                let (from, to) = ((from + 1e-9).floor(), (to - 1e-9).ceil());
                scale(from, if from == to { to + 1.0 } else { to })
            } else if from == to {
                let margin = if from == 0.0 { 1.0 } else { 0.5 * from.abs() };
                scale(from - margin, to + margin)
            } else {
                let margin = 0.04 * (to - from);
                scale(from - margin, to + margin)
            }
        };
        let span = ends.to - ends.from;
        let largest = ends.from.abs().max(ends.to.abs());
        if span.is_finite() && span >= LEAST.0.max(LEAST.1 * largest) {
            return Ok(ends);
        }
        let (from, to) = axis.range.unwrap_or((ends.from, ends.to));
        Err(Error::Range {
            axis: axis.label.clone(),
            from,
            to,
        })
    }

    /// Where a coordinate lies, in the units of `from` and `to`.
    pub(crate) fn along(&self, value: f64) -> f64 {
        if self.logarithmic {
            value.log10()
        } else {
            value
        }
    }

    /// The coordinate at a fraction of the axis.
    pub(crate) fn at(&self, fraction: f64) -> f64 {
        let along = self.from + fraction * (self.to - self.from);
        if self.logarithmic {
            10_f64.powf(along)
        } else {
            along
        }
    }

    /// Whether a coordinate lies on the axis.
    pub(crate) fn contains(&self, value: f64) -> bool {
        (self.from..=self.to).contains(&self.along(value))
    }

    /// The step between ticks: whole decades on a logarithmic axis.
    pub(crate) fn step(&self) -> f64 {
        if self.logarithmic {
            ((self.to - self.from) / 8.0).ceil()
        } else {
            compute_tick_step(self.from, self.to, STEPS)
        }
    }

    /// Writes the ticks of one axis alike: as powers of ten, or with the same number of decimals.
    pub(crate) fn labels(&self) -> TickFormat {
        if self.logarithmic {
            return TickFormat::Custom(Arc::new(|along| power_of_ten(along.round() as i32)));
        }
        let step = self.step();
        let largest = self.from.abs().max(self.to.abs());
        let exponent = if step < 1e-4 || largest >= 1e6 {
            step.log10().floor() as i32
        } else {
            0
        };
        let unit = 10_f64.powi(exponent);
        let decimals = (0..4)
            .find(|&decimals| {
                let scaled = step / unit * 10_f64.powi(decimals);
                (scaled - scaled.round()).abs() < 1e-6
            })
            .unwrap_or(4) as usize;
        TickFormat::Custom(Arc::new(move |value| {
            let number = format!("{:.decimals$}", value / unit);
            let number = match number.strip_prefix('-') {
                Some(digits) if digits.contains(|c| ('1'..='9').contains(&c)) => {
                    format!("−{digits}")
                }
                Some(digits) => digits.to_owned(),
                None => number,
            };
            if exponent == 0 || !number.contains(|c| ('1'..='9').contains(&c)) {
                number
            } else {
                format!("{number}·{}", power_of_ten(exponent))
            }
        }))
    }
}

/// `10⁻⁵`.
fn power_of_ten(exponent: i32) -> String {
    let raised = exponent.to_string();
    let raised = raised.chars().map(|c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    });
    std::iter::once("10".to_owned())
        .chain(raised.map(String::from))
        .collect()
}
