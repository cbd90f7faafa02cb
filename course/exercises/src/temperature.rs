//! The temperature that suits held-out examples best.

use ndarray::{Array2, array};

use crate::Check;
use crate::compare::within;

// ANCHOR: stub
/// The `T` between 1/1000 and 1000 at which the mean loss of the logits over `T` is
/// smallest, to one part in a million. One example a row; `classes` are the true
/// ones, counted from 0.
pub fn temperature(theta: &Array2<f64>, classes: &[usize]) -> f64 {
    let _ = (theta, classes); // Replace these two lines.
    1.0
}
// ANCHOR_END: stub

// ANCHOR: check
/// How far the temperature may be off, as a share of it. A loss is flat at its
/// minimum: a search that compares losses cannot come much nearer.
const TOLERANCE: f64 = 1e-6;

/// Ten answers alike, nine of them right: at the best `T` they say 9/10.
pub fn check(temperature: fn(&Array2<f64>, &[usize]) -> f64) -> Check {
    let classes = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
    let two =
        Array2::from_shape_fn((10, 2), |(_, k)| if k == 0 { 8.0 } else { 0.0 });
    let found = temperature(&two, &classes);
    within(TOLERANCE, "a lead of 8, too sure", 8.0 / 9_f64.ln(), found)?;
    let shy = &two / 8.0;
    let found = temperature(&shy, &classes);
    within(TOLERANCE, "a lead of 1, too shy", 1.0 / 9_f64.ln(), found)?;

    let three = array![[6.0, 0.0, 0.0], [0.0, 6.0, 0.0], [0.0, 0.0, 6.0]];
    let found = temperature(&three, &[0, 1, 0]);
    within(TOLERANCE, "three classes", 6.0 / 4_f64.ln(), found)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(temperature)
}
// ANCHOR_END: check
