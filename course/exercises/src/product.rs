//! Backward through softmax without its table.

use ndarray::{Array1, array};
use softmax_backprop::{Logits, softmax as crates};

use crate::Check;
use crate::compare::all_close;

// ANCHOR: stub
/// `∂J/∂θ` from `ŷ` and `g = ∂J/∂ŷ`, for any loss, without a table of K × K.
pub fn backward(y_hat: &Array1<f64>, g: &Array1<f64>) -> Array1<f64> {
    let _ = y_hat; // Replace these two lines.
    Array1::zeros(g.len())
}
// ANCHOR_END: stub

// ANCHOR: check
/// Compares with the table, for a loss that is none of the book's; then asks for
/// 200,000 classes, whose table would have 40 billion entries.
pub fn check(backward: fn(&Array1<f64>, &Array1<f64>) -> Array1<f64>) -> Check {
    let y_hat = crates(&Logits::new(array![-0.55, -0.77, 0.91, 0.2])?);
    let g = array![0.3, -1.2, 0.5, 2.0];
    let expected = softmax_backprop::softmax::jacobian(&y_hat).t().dot(&g);
    let found = backward(y_hat.as_array(), &g);
    all_close("∂J/∂θ", &expected, &found)?;

    let lifted = backward(y_hat.as_array(), &(&g + 100.0));
    all_close("∂J/∂θ with 100 added to g", &expected, &lifted)?;

    let classes = 200_000;
    let y_hat = Array1::from_elem(classes, 1.0 / classes as f64);
    let g = Array1::from_shape_fn(classes, |k| if k == 0 { 1.0 } else { 0.0 });
    let found = backward(&y_hat, &g);
    let expected = &y_hat * &(&g - 1.0 / classes as f64);
    all_close("∂J/∂θ of 200,000 classes", &expected, &found)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(backward)
}
// ANCHOR_END: check
