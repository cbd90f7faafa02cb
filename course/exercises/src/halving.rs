//! A step that lowers the loss.

use ndarray::{Array1, array};

use crate::Check;
use crate::compare::all_close;

/// A loss of several numbers.
type Loss<'a> = &'a dyn Fn(&Array1<f64>) -> f64;

// ANCHOR: stub
/// One step of descent from `p` along `−g`. Begins with the rate `eta`, and halves
/// it until the loss is lower than at `p`. After 50 halvings `p` stays.
pub fn step(loss: Loss, p: &Array1<f64>, g: &Array1<f64>, eta: f64) -> Array1<f64> {
    let _ = (loss, g, eta); // Replace these two lines.
    p.clone()
}
// ANCHOR_END: stub

// ANCHOR: check
/// A function that takes one step.
type Step = fn(Loss, &Array1<f64>, &Array1<f64>, f64) -> Array1<f64>;

/// A parabola, from which the rates can be told; a loss that is NaN far out; a
/// minimum, from which no step leads down.
pub fn check(step: Step) -> Check {
    let square = |p: &Array1<f64>| p.dot(p);
    let (p, g) = (array![1.0, -2.0], array![2.0, -4.0]);
    // Below the rate 1 the loss falls: 0.4 is good as it is.
    let found = step(&square, &p, &g, 0.4);
    all_close("a rate that needs no halving", &array![0.2, -0.4], &found)?;
    // At the rate 1 the loss is the same, which is not lower.
    let found = step(&square, &p, &g, 1.0);
    all_close("one halving, from 1", &array![0.0, 0.0], &found)?;
    let found = step(&square, &p, &g, 6.0);
    all_close("three halvings, from 6", &array![-0.5, 1.0], &found)?;

    // The square root of a negative number is NaN, and NaN is not lower.
    let root = |p: &Array1<f64>| p[0].sqrt();
    let found = step(&root, &array![1.0], &array![0.5], 4.0);
    all_close("a loss that is NaN at the full step", &array![0.0], &found)?;
    let found = step(&root, &array![1.0], &array![0.5], 5.0);
    let expected = array![1.0 - 0.5 * 1.25];
    all_close("a loss that is NaN at two rates", &expected, &found)?;

    let found = step(&square, &array![0.0], &array![1.0], 1.0);
    all_close("at the minimum", &array![0.0], &found)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(step)
}
// ANCHOR_END: check
