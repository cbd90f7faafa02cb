//! Softmax at any logits.

use ndarray::{Array1, array};

use crate::Check;
use crate::compare::all_close;

// ANCHOR: stub
/// The probabilities, right to nine digits at any finite logits.
pub fn softmax(theta: &Array1<f64>) -> Array1<f64> {
    let exps = theta.mapv(f64::exp); // Replace these two lines.
    &exps / exps.sum()
}
// ANCHOR_END: stub

// ANCHOR: check
/// Eighths at every height; a lead so long that the others round to 0.
pub fn check(softmax: fn(&Array1<f64>) -> Array1<f64>) -> Check {
    let eighths = array![0.125, 0.25, 0.625];
    let logs = array![1.0_f64, 2.0, 5.0].ln();
    for height in [0.0, 1000.0, -1000.0] {
        let found = softmax(&(&logs + height));
        // At a thousand the logits themselves have 13 digits.
        all_close(&format!("ŷ at the height {height}"), &eighths, &found)?;
    }
    let far = softmax(&array![-800.0, 800.0, 0.0]);
    all_close("ŷ at −800, 800, 0", &array![0.0, 1.0, 0.0], &far)?;
    let largest = softmax(&array![-1e308, 1e308]);
    all_close("ŷ at −1e308, 1e308", &array![0.0, 1.0], &largest)?;
    let small = softmax(&array![0.0, -700.0])[1];
    crate::compare::close("ŷ₂ at 0, −700", (-700_f64).exp(), small)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(softmax)
}
// ANCHOR_END: check
