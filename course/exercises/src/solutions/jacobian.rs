//! The Jacobian of softmax from the probabilities.

use ndarray::{Array1, Array2};

// ANCHOR: solution
/// `ŷᵢ (δᵢⱼ − ŷⱼ)`.
pub fn solution(y_hat: &Array1<f64>) -> Array2<f64> {
    let classes = y_hat.len();
    Array2::from_shape_fn((classes, classes), |(i, j)| {
        let kronecker = if i == j { 1.0 } else { 0.0 };
        y_hat[i] * (kronecker - y_hat[j])
    })
}
// ANCHOR_END: solution
