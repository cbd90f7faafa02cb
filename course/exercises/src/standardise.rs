//! Standardising by the training part.

use ndarray::{Array2, array};

use crate::Check;
use crate::compare::all_close;

// ANCHOR: stub
/// The held-out rows, less the mean and over the standard deviation of the
/// *training* rows. `None` where a column of the training rows does not vary.
pub fn standardise(
    train: &Array2<f64>,
    held_out: &Array2<f64>,
) -> Option<Array2<f64>> {
    let _ = train; // Replace these two lines.
    Some(held_out.clone())
}
// ANCHOR_END: stub

// ANCHOR: check
/// Tries numbers that can be done in the head, five rows in which mean and median,
/// and the measures of spread, differ, and a column that does not vary.
pub fn check(
    standardise: fn(&Array2<f64>, &Array2<f64>) -> Option<Array2<f64>>,
) -> Check {
    let train = array![[1.0, 10.0], [3.0, 30.0]];
    let found = standardise(&train, &array![[2.0, 40.0], [0.0, 20.0]]);
    let found = found.ok_or("two columns that vary: expected rows, found None")?;
    all_close("held-out rows", &array![[0.0, 2.0], [-2.0, 0.0]], &found)?;

    // The mean is 2, and the mean of the squared distances 16.
    let five = array![[0.0], [0.0], [0.0], [0.0], [10.0]];
    let found = standardise(&five, &array![[2.0], [10.0], [-6.0]]);
    let found = found.ok_or("five rows that vary: expected rows, found None")?;
    all_close("five rows", &array![[0.0], [2.0], [-2.0]], &found)?;

    let constant = array![[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]];
    match standardise(&constant, &train) {
        None => Ok(()),
        Some(rows) => {
            Err(format!("a constant column: expected None, found {rows}").into())
        }
    }
}

#[test]
fn done() -> Check {
    check(standardise)
}
// ANCHOR_END: check
