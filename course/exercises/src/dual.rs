//! Softmax in dual numbers.

use ndarray::{Array1, array};
use softmax_backprop::{Logits, softmax as crates};

use crate::Check;
use crate::compare::all_close;

// ANCHOR: stub
/// A value, and its slope along some direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// How fast it changes.
    pub slope: f64,
}

/// The probabilities with their slopes, from logits with theirs.
pub fn softmax(theta: &[Dual]) -> Vec<Dual> {
    theta.to_vec() // Replace this line.
}
// ANCHOR_END: stub

// ANCHOR: check
/// Moves one logit at a time: the slopes must be a column of the Jacobian.
pub fn check(softmax: fn(&[Dual]) -> Vec<Dual>) -> Check {
    let theta = array![-0.55, -0.77, 0.91, 0.2];
    let y_hat = crates(&Logits::new(theta.clone())?);
    let jacobian = softmax_backprop::softmax::jacobian(&y_hat);
    for j in 0..theta.len() {
        let slope = |i| if i == j { 1.0 } else { 0.0 };
        let duals = theta.iter().enumerate();
        let duals = duals.map(|(i, &value)| Dual {
            value,
            slope: slope(i),
        });
        let found = softmax(&duals.collect::<Vec<Dual>>());
        let values: Array1<f64> = found.iter().map(|dual| dual.value).collect();
        let slopes: Array1<f64> = found.iter().map(|dual| dual.slope).collect();
        all_close("ŷ", y_hat.as_array(), &values)?;
        all_close(&format!("∂ŷ/∂θ[{j}]"), &jacobian.column(j), &slopes)?;
    }
    Ok(())
}

#[test]
fn done() -> Check {
    check(softmax)
}
// ANCHOR_END: check

// ANCHOR: solution
/// The chain rule for `exp`, the sum rule, the quotient rule.
pub fn solution(theta: &[Dual]) -> Vec<Dual> {
    let exp = |theta: &Dual| {
        let value = theta.value.exp();
        Dual {
            value,
            slope: value * theta.slope,
        }
    };
    let exps: Vec<Dual> = theta.iter().map(exp).collect();
    let sum = Dual {
        value: exps.iter().map(|e| e.value).sum(),
        slope: exps.iter().map(|e| e.slope).sum(),
    };
    let quotient = |e: &Dual| Dual {
        value: e.value / sum.value,
        slope: (e.slope * sum.value - e.value * sum.slope)
            / (sum.value * sum.value),
    };
    exps.iter().map(quotient).collect()
}
// ANCHOR_END: solution
