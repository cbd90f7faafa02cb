//! Comparisons that say what was expected and what was found.

use ndarray::{ArrayRef, Dimension, IntoDimension};

/// How far two numbers may differ, as a share of the expected one.
const TOLERANCE: f64 = 1e-9;

/// Compares two numbers.
pub fn close(what: &str, expected: f64, found: f64) -> Result<(), String> {
    within(TOLERANCE, what, expected, found)
}

/// Compares two numbers that may differ by another share.
pub fn within(
    tolerance: f64,
    what: &str,
    expected: f64,
    found: f64,
) -> Result<(), String> {
    near(what, expected, found, tolerance * expected.abs())
}

/// Compares two arrays, entry by entry, by the measure of the largest expected.
pub fn all_close<D: Dimension>(
    what: &str,
    expected: &ArrayRef<f64, D>,
    found: &ArrayRef<f64, D>,
) -> Result<(), String> {
    if expected.shape() != found.shape() {
        let (expected, found) = (expected.shape(), found.shape());
        return Err(format!(
            "{what}: expected shape {expected:?}, found {found:?}"
        ));
    }
    let size = expected.fold(0.0, |size: f64, entry| size.max(entry.abs()));
    for ((index, &expected), &found) in expected.indexed_iter().zip(found) {
        let index = index.into_dimension();
        let at = format!("{what}{:?}", index.slice());
        near(&at, expected, found, TOLERANCE * size)?;
    }
    Ok(())
}

/// A NaN is near nothing.
fn near(what: &str, expected: f64, found: f64, room: f64) -> Result<(), String> {
    if (found - expected).abs() <= room {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, found {found:?}"))
    }
}
