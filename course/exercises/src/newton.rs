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

/// The minimum is known: `σ(z) = y`. Each slope must be asked for where the one
/// before leads, so that a `z` found in another way is refused.
pub fn check(newton: Newton) -> Check {
    for y in [0.3_f64, 0.7, 0.9, 0.01] {
        let mut asked = Vec::new();
        let z = newton(y, &mut |z: f64| {
            asked.push(z);
            sigma(z) - y
        });
        close(&format!("z at y = {y}"), (y / (1.0 - y)).ln(), z)?;
        let count = asked.len();
        if !(3..=9).contains(&count) {
            return Err(format!(
                "slopes asked for at y = {y}: expected 3 to 9, found {count}"
            )
            .into());
        }
        let mut expected = 0.0;
        for (step, &z) in asked.iter().enumerate() {
            let what = format!("where slope {} is asked for, y = {y}", step + 1);
            close(&what, expected, z)?;
            let p = sigma(z);
            expected = z - (p - y) / (p * (1.0 - p));
        }
        let what = format!("the last slope asked for at y = {y}, its z");
        close(&what, z, asked[count - 1])?;
    }
    Ok(())
}

fn sigma(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[test]
fn done() -> Check {
    check(newton)
}
// ANCHOR_END: check
