//! Newton's method for one logit.

use crate::Check;
use crate::compare::close;

// ANCHOR: stub
/// The logit `z` at which the binary cross-entropy of the label `y` is smallest:
/// from `z = 0`, by Newton's steps, until the slope is below 10⁻¹². The slope of
/// the loss, `σ(z) − y`, is passed in and counted; ask for it once a step.
pub fn newton(y: f64, slope: &mut dyn FnMut(f64) -> f64) -> f64 {
    let _ = (y, slope); // Replace these two lines.
    f64::NAN
}
// ANCHOR_END: stub

// ANCHOR: check
/// A function that finds the logit of a label with the slope that it is given.
type Newton = fn(f64, &mut dyn FnMut(f64) -> f64) -> f64;

/// The minimum is known: `σ(z) = y`. Descent with a rate of 1 needs more slopes,
/// and who asks for none has not descended.
pub fn check(newton: Newton) -> Check {
    for y in [0.3_f64, 0.7, 0.9, 0.01] {
        let (mut asked, mut last) = (0, f64::NAN);
        let z = newton(y, &mut |z: f64| {
            (asked, last) = (asked + 1, z);
            1.0 / (1.0 + (-z).exp()) - y
        });
        close(&format!("z at y = {y}"), (y / (1.0 - y)).ln(), z)?;
        if !(3..=9).contains(&asked) {
            return Err(format!(
                "slopes asked for at y = {y}: expected 3 to 9, found {asked}"
            )
            .into());
        }
        close(
            &format!("the last slope asked for at y = {y}, its z"),
            z,
            last,
        )?;
    }
    Ok(())
}

#[test]
fn done() -> Check {
    check(newton)
}
// ANCHOR_END: check

// ANCHOR: solution
/// With `p` for `σ(z)`, the slope plus `y`, the slope's slope is `p (1 − p)`.
pub fn solution(y: f64, slope: &mut dyn FnMut(f64) -> f64) -> f64 {
    let mut z = 0.0;
    loop {
        let found = slope(z);
        if found.abs() < 1e-12 {
            return z;
        }
        let p = found + y;
        z -= found / (p * (1.0 - p));
    }
}
// ANCHOR_END: solution
