//! The gradients of the mean loss over many examples.

use ndarray::{Array1, Array2};

// ANCHOR: solution
/// `Δ = (Ŷ − Y) / N`, then `XᵀΔ` and the sums of the columns of `Δ`.
pub fn solution(
    x: &Array2<f64>,
    y_hat: &Array2<f64>,
    y: &Array2<f64>,
) -> (Array2<f64>, Array1<f64>) {
    let delta = (y_hat - y) / x.nrows() as f64;
    (x.t().dot(&delta), delta.sum_axis(ndarray::Axis(0)))
}
// ANCHOR_END: solution
