//! Softmax in dual numbers.

use ndarray::{Array1, Array2, array};
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
/// Moves one logit at a time, where the slopes must be a column of the Jacobian;
/// then all of them at once, along a direction.
pub fn check(softmax: fn(&[Dual]) -> Vec<Dual>) -> Check {
    let theta = array![-0.55, -0.77, 0.91, 0.2];
    let y_hat = crates(&Logits::new(theta.clone())?);
    let jacobian = softmax_backprop::softmax::jacobian(&y_hat);
    let mut directions: Vec<_> = Array2::eye(theta.len())
        .outer_iter()
        .map(|u| u.to_owned())
        .collect();
    directions.push(array![0.5, -2.0, 1.0, 3.0]);
    for u in directions {
        let duals = theta.iter().zip(&u);
        let duals = duals.map(|(&value, &slope)| Dual { value, slope });
        let found = softmax(&duals.collect::<Vec<Dual>>());
        let values: Array1<f64> = found.iter().map(|dual| dual.value).collect();
        let slopes: Array1<f64> = found.iter().map(|dual| dual.slope).collect();
        all_close("ŷ", y_hat.as_array(), &values)?;
        let expected = jacobian.dot(&u);
        all_close(&format!("slopes of ŷ along {u}"), &expected, &slopes)?;
    }
    Ok(())
}

#[test]
fn done() -> Check {
    check(softmax)
}
// ANCHOR_END: check
