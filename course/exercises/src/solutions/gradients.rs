//! The three gradients of a layer, from the gradient at its logits.

use exercises::gradients::Gradients;
use ndarray::{Array1, Array2};

// ANCHOR: solution
/// `x δᵀ`, `δ` and `W δ`.
pub fn solution(
    x: &Array1<f64>,
    w: &Array2<f64>,
    delta: &Array1<f64>,
) -> Gradients {
    Gradients {
        d_w: Array2::from_shape_fn(w.dim(), |(i, k)| x[i] * delta[k]),
        d_b: delta.clone(),
        d_x: w.dot(delta),
    }
}
// ANCHOR_END: solution
