//! Central differences.

use ndarray::{Array1, array};

use crate::Check;
use crate::compare::all_close;

/// A function of several numbers.
type Function<'a> = &'a dyn Fn(&Array1<f64>) -> f64;

// ANCHOR: stub
/// The slopes of `f` at a point, by moving one entry at a time.
pub fn differences(f: Function, at: &Array1<f64>) -> Array1<f64> {
    let h = 1e-8; // Replace these lines.
    Array1::from_shape_fn(at.len(), |i| {
        let mut moved = at.clone();
        moved[i] += h;
        (f(&moved) - f(at)) / h
    })
}
// ANCHOR_END: stub

// ANCHOR: check
/// Compares with the derivatives of three functions: near 1, at a million, at 0.
pub fn check(differences: fn(Function, &Array1<f64>) -> Array1<f64>) -> Check {
    let f = |a: &Array1<f64>| a[0].exp() * a[1] + a[2].powi(3);
    let at = array![0.5, -2.0, 1.5];
    let slopes = array![-2.0 * 0.5_f64.exp(), 0.5_f64.exp(), 6.75];
    all_close("slopes of exp(a) b + c³", &slopes, &differences(&f, &at))?;

    let square = |a: &Array1<f64>| a[0] * a[0];
    let found = differences(&square, &array![1e6]);
    all_close("slope of a² at 1e6", &array![2e6], &found)?;

    let line = |a: &Array1<f64>| 3.0 * a[0];
    let found = differences(&line, &array![0.0]);
    all_close("slope of 3a at 0", &array![3.0], &found)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(differences)
}
// ANCHOR_END: check
