//! The checks that the constructors share.

use ndarray::{ArrayRef, Dimension, IntoDimension};

use crate::error::{Error, Result};

/// Checks that `found` is the shape `expected`.
pub(crate) fn shape(what: &'static str, expected: &[usize], found: &[usize]) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        expected: expected.to_vec(),
        found: found.to_vec(),
    })
}

/// Checks that an array has entries and that all of them are finite.
pub(crate) fn finite<D: Dimension>(what: &'static str, array: &ArrayRef<f64, D>) -> Result<()> {
    if array.is_empty() {
        return Err(Error::Empty { what });
    }
    match array.indexed_iter().find(|(_, entry)| !entry.is_finite()) {
        None => Ok(()),
        Some((at, &found)) => Err(Error::NotFinite {
            what,
            at: at.into_dimension().as_array_view().to_vec(),
            found,
        }),
    }
}

/// Checks that a single number is finite and above zero.
pub(crate) fn positive(what: &'static str, found: f64) -> Result<()> {
    if found.is_finite() && found > 0.0 {
        return Ok(());
    }
    Err(Error::NotPositive { what, found })
}
