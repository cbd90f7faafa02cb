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
/// Where all of them miss in one way, the message says in which.
pub fn all_close<D: Dimension>(
    what: &str,
    expected: &ArrayRef<f64, D>,
    found: &ArrayRef<f64, D>,
) -> Result<(), String> {
    if expected.shape() != found.shape() {
        let remark = turned(expected, found);
        let (expected, found) = (expected.shape(), found.shape());
        return Err(format!(
            "{what}: expected shape {expected:?}, found {found:?}{remark}"
        ));
    }
    let size = expected.fold(0.0, |size: f64, entry| size.max(entry.abs()));
    for ((index, &one), &other) in expected.indexed_iter().zip(found) {
        let index = index.into_dimension();
        let at = format!("{what}{:?}", index.slice());
        near(&at, one, other, TOLERANCE * size)
            .map_err(|message| message + &remark(expected, found, size))?;
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

/// Says when two shapes are each other's transposes.
fn turned<D: Dimension>(
    expected: &ArrayRef<f64, D>,
    found: &ArrayRef<f64, D>,
) -> &'static str {
    let back = found.shape().iter().rev();
    match back.eq(expected.shape()) {
        true => ": rows and columns are exchanged",
        false => "",
    }
}

/// What a wrong array has in common with the right one.
fn remark<D: Dimension>(
    expected: &ArrayRef<f64, D>,
    found: &ArrayRef<f64, D>,
    size: f64,
) -> String {
    if found.iter().any(|entry| !entry.is_finite()) {
        return ": not all entries are finite".to_owned();
    }
    // The factor at the entry that shows it best.
    let largest = expected.iter().zip(found);
    let largest = largest.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    let factor = largest.map_or(1.0, |(expected, found)| found / expected);
    let mut pairs = expected.iter().zip(found);
    let alike = |(expected, found): (&f64, &f64)| {
        (found - factor * expected).abs() <= TOLERANCE * size * factor.abs()
    };
    if expected.len() < 2 || factor == 0.0 || !pairs.all(alike) {
        String::new()
    } else if (factor + 1.0).abs() < TOLERANCE {
        ": all signs are turned".to_owned()
    } else {
        let factor = format!("{factor:.9}");
        let factor = factor.trim_end_matches('0').trim_end_matches('.');
        format!(": all entries are {factor} times what they should be")
    }
}
