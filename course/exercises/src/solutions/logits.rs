//! The logits of a layer, by index.

use ndarray::{Array1, Array2};

// ANCHOR: solution
/// One logit a column; the sum goes down the column.
pub fn solution(x: &Array1<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    Array1::from_shape_fn(b.len(), |k| {
        let sum: f64 = (0..x.len()).map(|i| x[i] * w[[i, k]]).sum();
        sum + b[k]
    })
}
// ANCHOR_END: solution
