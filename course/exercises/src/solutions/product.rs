//! Backward through softmax without its table.

use ndarray::Array1;

// ANCHOR: solution
/// `ŷ ⊙ (g − ŷᵀg)`: each slope less the mean slope, weighted.
pub fn solution(y_hat: &Array1<f64>, g: &Array1<f64>) -> Array1<f64> {
    let mean = y_hat.dot(g);
    y_hat * &(g - mean)
}
// ANCHOR_END: solution
