//! A loss that is right at all logits.

use ndarray::{Array1, array};

use crate::Check;
use crate::compare::close;

// ANCHOR: stub
/// `J = −log ŷ_t` from the logits, for the class `t`, right to nine digits.
pub fn loss(theta: &Array1<f64>, t: usize) -> f64 {
    -(theta[t].exp() / theta.mapv(f64::exp).sum()).ln() // Replace this line.
}
// ANCHOR_END: stub

// ANCHOR: check
/// Tries large logits, a class that is nearly certain, one that is nearly excluded.
pub fn check(loss: fn(&Array1<f64>, usize) -> f64) -> Check {
    let third = 3_f64.ln();
    close("three equal logits", third, loss(&array![0.0, 0.0, 0.0], 1))?;
    close("three of 1e16", third, loss(&array![1e16, 1e16, 1e16], 0))?;
    close("three of −1000", third, loss(&array![-1e3, -1e3, -1e3], 2))?;
    close(
        "a lead of 114",
        2.0 * (-114_f64).exp(),
        loss(&array![-29.5, -29.5, 84.5], 2),
    )?;
    // e⁻³⁰ is lost beside 1, but not to a logarithm that takes it by itself.
    close(
        "a lead of 30",
        (-30_f64).exp(),
        loss(&array![30.0, 0.0, -740.0], 0),
    )?;
    close("a gap of 740", 740.0, loss(&array![0.0, -740.0], 1))?;
    close(
        "a gap of 746",
        746.0 + 2_f64.ln(),
        loss(&array![0.0, 0.0, -746.0], 2),
    )?;
    close("a lead of 1000", 0.0, loss(&array![1e3, 0.0], 0))?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(loss)
}
// ANCHOR_END: check
