//! The logits of a layer, by index.

use ndarray::{Array1, Array2, array};

use crate::Check;
use crate::compare::all_close;

/// From `x`, `W` and `b` to `θ`.
type Logits = fn(&Array1<f64>, &Array2<f64>, &Array1<f64>) -> Array1<f64>;

// ANCHOR: stub
/// `θ_k = Σᵢ xᵢ w_ik + b_k`, by index: no product of matrices.
pub fn logits(x: &Array1<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    let _ = (x, w); // Replace these two lines.
    Array1::from_elem(b.len(), f64::NAN)
}
// ANCHOR_END: stub

// ANCHOR: check
/// Tries the worked example, and four inputs with two classes.
pub fn check(logits: Logits) -> Check {
    let w = array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]];
    let theta = logits(&array![0.6, -1.1], &w, &array![0.1, -0.2, 0.3]);
    all_close("θ", &array![-0.55, -0.77, 0.91], &theta)?;

    let w = array![[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]];
    let theta = logits(&array![1.0, 2.0, 3.0, 4.0], &w, &array![10.0, 20.0]);
    all_close("θ of four inputs", &array![14.0, 26.0], &theta)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(logits)
}
// ANCHOR_END: check
