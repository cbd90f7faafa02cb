//! A step that lowers the loss.

use ndarray::Array1;

/// A loss of several numbers.
type Loss<'a> = &'a dyn Fn(&Array1<f64>) -> f64;

// ANCHOR: solution
/// Asks for `lower` and not for `higher`: a NaN is neither.
pub fn solution(
    loss: Loss,
    p: &Array1<f64>,
    g: &Array1<f64>,
    eta: f64,
) -> Array1<f64> {
    let before = loss(p);
    let rates = (0..=50).map(|halvings| eta * 0.5_f64.powi(halvings));
    let mut steps = rates.map(|rate| p - &(rate * g));
    steps
        .find(|moved| loss(moved) < before)
        .unwrap_or(p.clone())
}
// ANCHOR_END: solution
