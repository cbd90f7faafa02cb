//! Newton's method for one logit.

use crate::Check;
use crate::compare::close;

// ANCHOR: stub
/// The logit `z` at which the binary cross-entropy of the label `y` is smallest,
/// and the number of Newton's steps: from `z = 0`, until the slope is below 10⁻¹².
pub fn newton(y: f64) -> (f64, usize) {
    let _ = y; // Replace these two lines.
    (f64::NAN, 0)
}
// ANCHOR_END: stub

// ANCHOR: check
/// The minimum is known: `σ(z) = y`. Descent with a rate of 1 needs more steps.
pub fn check(newton: fn(f64) -> (f64, usize)) -> Check {
    for y in [0.3_f64, 0.7, 0.9, 0.01] {
        let (z, steps) = newton(y);
        close(&format!("z at y = {y}"), (y / (1.0 - y)).ln(), z)?;
        if steps > 8 {
            return Err(format!(
                "steps at y = {y}: expected 8 at most, found {steps}"
            )
            .into());
        }
    }
    Ok(())
}

#[test]
fn done() -> Check {
    check(newton)
}
// ANCHOR_END: check

// ANCHOR: solution
/// The slope is `σ(z) − y`, and its slope is `σ(z) (1 − σ(z))`.
pub fn solution(y: f64) -> (f64, usize) {
    let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
    let (mut z, mut steps) = (0.0, 0);
    while (sigma(z) - y).abs() >= 1e-12 {
        z -= (sigma(z) - y) / (sigma(z) * (1.0 - sigma(z)));
        steps += 1;
    }
    (z, steps)
}
// ANCHOR_END: solution
