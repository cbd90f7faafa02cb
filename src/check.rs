//! The checks that the constructors share.

use alloc::vec::Vec;

use ndarray::{Array2, ArrayRef, ArrayRef1, Dimension, IntoDimension};

use crate::error::{Error, Result};
use crate::float::Float;

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
pub(crate) fn finite<A: Float, D: Dimension>(
    what: &'static str,
    array: &ArrayRef<A, D>,
) -> Result<()> {
    finite_or(what, array, |_| false)
}

/// Checks that an array has entries, each of them finite or −∞.
pub(crate) fn logits<A: Float, D: Dimension>(
    what: &'static str,
    array: &ArrayRef<A, D>,
) -> Result<()> {
    finite_or(what, array, |entry| entry == A::neg_infinity())
}

/// Checks that an array has entries, each of them finite or one that may be there.
fn finite_or<A: Float, D: Dimension>(
    what: &'static str,
    array: &ArrayRef<A, D>,
    may_be: impl Fn(A) -> bool,
) -> Result<()> {
    if array.is_empty() {
        return Err(Error::Empty { what });
    }
    if array.as_slice_memory_order().is_some_and(A::all_finite) {
        return Ok(());
    }
    let wrong = |entry: A| !entry.is_finite() && !may_be(entry);
    match array.indexed_iter().find(|(_, entry)| wrong(**entry)) {
        None => Ok(()),
        Some((at, &found)) => Err(Error::NotFinite {
            what,
            at: at.into_dimension().as_array_view().to_vec(),
            found: found.into(),
        }),
    }
}

/// Checks that an array has entries, each of them finite and at least 0.
pub(crate) fn weights<A: Float>(what: &'static str, weights: &ArrayRef1<A>) -> Result<()> {
    finite(what, weights)?;
    match weights
        .iter()
        .enumerate()
        .find(|(_, weight)| **weight < A::zero())
    {
        None => Ok(()),
        Some((at, &found)) => {
            let found = found.into();
            Err(Error::Negative { what, at, found })
        }
    }
}

/// Checks that a single number is finite.
pub(crate) fn number<A: Float>(what: &'static str, found: A) -> Result<()> {
    if found.is_finite() {
        return Ok(());
    }
    let (at, found) = (Vec::new(), found.into());
    Err(Error::NotFinite { what, at, found })
}

/// Checks that a single number is finite and above zero.
pub(crate) fn positive<A: Float>(what: &'static str, found: A) -> Result<()> {
    if found.is_finite() && found > A::zero() {
        return Ok(());
    }
    let found = found.into();
    Err(Error::NotPositive { what, found })
}

/// Checks that the memory holds an array of this shape, before anything is written there.
pub(crate) fn room<A>(what: &'static str, shape: &[usize]) -> Result<()> {
    let mut lengths = shape.iter();
    let entries = lengths.try_fold(1_usize, |product, length| product.checked_mul(*length));
    match entries.map(|entries| Vec::<A>::new().try_reserve_exact(entries)) {
        Some(Ok(())) => Ok(()),
        _ => Err(too_large(what, shape)),
    }
}

/// An array of zeros, where there is room for it.
pub(crate) fn zeros<A: Float>(what: &'static str, shape: [usize; 2]) -> Result<Array2<A>> {
    room::<A>(what, &shape)?;
    Ok(Array2::zeros(shape))
}

pub(crate) fn too_large(what: &'static str, shape: &[usize]) -> Error {
    Error::TooLarge {
        what,
        found: shape.to_vec(),
    }
}

/// The length of a vector, `√Σ vᵢ²`, in whose squares nothing leaves the range of the numbers.
pub(crate) fn length<'a, A: Float>(entries: impl Iterator<Item = &'a A> + Clone) -> A {
    let unit = largest(entries.clone());
    if unit == A::zero() {
        return entries.copied().sum::<A>().abs();
    }
    let squares = entries.map(|entry| (*entry / unit) * (*entry / unit));
    unit * squares.sum::<A>().sqrt()
}

/// The largest size of some numbers, `max |vᵢ|`; 0 where there are none, or none but NaN.
pub(crate) fn largest<'a, A: Float>(entries: impl Iterator<Item = &'a A>) -> A {
    entries.fold(A::zero(), |most, entry| most.max(entry.abs()))
}
