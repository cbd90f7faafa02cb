//! Standardising by the training part.

use ndarray::{Array2, Axis};

// ANCHOR: solution
/// A constant column is found by comparing its entries: rounding in the mean can
/// leave a deviation that is small and not 0.
pub fn solution(
    train: &Array2<f64>,
    held_out: &Array2<f64>,
) -> Option<Array2<f64>> {
    let mut columns = train.columns().into_iter();
    if columns.any(|column| column.iter().all(|entry| *entry == column[0])) {
        return None;
    }
    let mean = train.mean_axis(Axis(0))?;
    let deviation = train.std_axis(Axis(0), 0.0);
    Some((held_out - &mean) / deviation)
}
// ANCHOR_END: solution
