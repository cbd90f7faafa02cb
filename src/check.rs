//! The checks that the constructors share.

use ndarray::{Array2, ArrayRef, Dimension, IntoDimension};

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

/// Checks that a single number is finite.
pub(crate) fn number(what: &'static str, found: f64) -> Result<()> {
    if found.is_finite() {
        return Ok(());
    }
    let at = Vec::new();
    Err(Error::NotFinite { what, at, found })
}

/// Checks that a single number is finite and above zero.
pub(crate) fn positive(what: &'static str, found: f64) -> Result<()> {
    if found.is_finite() && found > 0.0 {
        return Ok(());
    }
    Err(Error::NotPositive { what, found })
}

/// Checks that the memory holds an array of this shape, before anything is written there.
pub(crate) fn room(what: &'static str, shape: &[usize]) -> Result<()> {
    let mut lengths = shape.iter();
    let entries = lengths.try_fold(1_usize, |product, length| product.checked_mul(*length));
    match entries.map(|entries| Vec::<f64>::new().try_reserve_exact(entries)) {
        Some(Ok(())) => Ok(()),
        _ => Err(too_large(what, shape)),
    }
}

/// An array of zeros, where there is room for it.
pub(crate) fn zeros(what: &'static str, shape: [usize; 2]) -> Result<Array2<f64>> {
    room(what, &shape)?;
    Ok(Array2::zeros(shape))
}

pub(crate) fn too_large(what: &'static str, shape: &[usize]) -> Error {
    Error::TooLarge {
        what,
        found: shape.to_vec(),
    }
}

/// The length of a vector, `√Σ vᵢ²`, in whose squares nothing leaves the range of `f64`.
pub(crate) fn length<'a>(entries: impl Iterator<Item = &'a f64> + Clone) -> f64 {
    let unit = entries
        .clone()
        .fold(0.0, |most: f64, entry| most.max(entry.abs()));
    if unit == 0.0 {
        return entries.sum::<f64>().abs();
    }
    let squares = entries.map(|entry| (entry / unit) * (entry / unit));
    unit * squares.sum::<f64>().sqrt()
}
