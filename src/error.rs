//! What can be wrong with an input.

use std::fmt;

/// The result of a function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An input that has no gradient, no probability or no meaning.
///
/// The message names what was wrong, what was expected and what was found.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two shapes that must agree do not.
    #[error("{what}: expected shape {}, found {}", Shape(expected), Shape(found))]
    Shape {
        /// The array whose shape is wrong.
        what: &'static str,
        /// The shape that it must have.
        expected: Vec<usize>,
        /// The shape that it has.
        found: Vec<usize>,
    },

    /// An array holds a NaN or an infinity, or a result left the range of `f64`.
    #[error("{what}{}: expected a finite number, found {found}", Place(at))]
    NotFinite {
        /// The array that holds the number, or the number itself.
        what: &'static str,
        /// The index of the first such entry, counted from 0; empty for a single number.
        at: Vec<usize>,
        /// The entry.
        found: f64,
    },

    /// A probability is below zero.
    #[error("{what}[{at}]: expected a probability of at least 0, found {found}")]
    Negative {
        /// The distribution that holds the entry.
        what: &'static str,
        /// The index of the first such entry, counted from 0.
        at: usize,
        /// The entry.
        found: f64,
    },

    /// The entries of a distribution do not sum to 1.
    #[error("{what}: expected entries that sum to 1, found a sum of {found}")]
    Sum {
        /// The distribution.
        what: &'static str,
        /// The sum of its entries.
        found: f64,
    },

    /// A class that the problem does not have.
    #[error("class: expected an index below {classes}, found {found}")]
    ClassOutOfRange {
        /// The number of classes.
        classes: usize,
        /// The index, counted from 0.
        found: usize,
    },

    /// An array, or one of its axes, has no entries.
    #[error("{what}: expected at least one entry, found none")]
    Empty {
        /// The array or axis.
        what: &'static str,
    },

    /// A number that must be finite and above zero is not.
    #[error("{what}: expected a finite number above 0, found {found}")]
    NotPositive {
        /// The number's name.
        what: &'static str,
        /// Its value.
        found: f64,
    },
}

/// Writes a shape as `2×3`.
struct Shape<'a>(&'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (axis, length) in self.0.iter().enumerate() {
            if axis > 0 {
                f.write_str("×")?;
            }
            write!(f, "{length}")?;
        }
        Ok(())
    }
}

/// Writes an index as `[1, 2]`, and that of a single number as nothing.
struct Place<'a>(&'a [usize]);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, "{:?}", self.0)
    }
}
