//! Back through a hidden layer.

use ndarray::{Array1, Array2};

// ANCHOR: solution
/// `δ₁ = (1 − a²) ⊙ W₂ δ₂`; then the gradients of any layer.
pub fn solution(
    x: &Array1<f64>,
    a: &Array1<f64>,
    w2: &Array2<f64>,
    delta2: &Array1<f64>,
) -> (Array2<f64>, Array1<f64>) {
    let delta1 = a.mapv(|a| 1.0 - a * a) * w2.dot(delta2);
    let d_w1 = Array2::from_shape_fn((x.len(), a.len()), |(i, j)| x[i] * delta1[j]);
    (d_w1, delta1)
}
// ANCHOR_END: solution
