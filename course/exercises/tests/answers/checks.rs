//! Differences, dual numbers, a test point.

use exercises::dual::Dual;
use exercises::*;
use mistakes::{Batch, points};
use ndarray::{Array1, Array2, array};

use crate::{each_accepted, each_refused};

type Function<'a> = &'a dyn Fn(&Array1<f64>) -> f64;

/// Central differences with a step that depends on the entry.
fn central(f: Function, at: &Array1<f64>, step: fn(f64) -> f64) -> Array1<f64> {
    Array1::from_shape_fn(at.len(), |i| {
        let (mut right, mut left) = (at.clone(), at.clone());
        right[i] += step(at[i]);
        left[i] -= step(at[i]);
        (f(&right) - f(&left)) / (right[i] - left[i])
    })
}

#[test]
fn differences_of_a_function() {
    use differences::check;
    each_refused(
        "differences",
        [
            (
                "a step without a floor: 0 at 0",
                check(|f, at| {
                    central(f, at, |entry| f64::EPSILON.cbrt() * entry.abs())
                }),
                "slope of 3a at 0",
            ),
            (
                "a step that is too small",
                check(|f, at| central(f, at, |_| 1e-9)),
                "slopes of exp(a) b + c³",
            ),
            (
                "one step for all sizes",
                check(|f, at| central(f, at, |_| f64::EPSILON.cbrt())),
                "slope of a² at 1e6",
            ),
            (
                "a step that is too large",
                check(|f, at| central(f, at, |entry| 1e-2 * (1.0 + entry.abs()))),
                "slopes of exp(a) b + c³",
            ),
            (
                "to the right alone",
                check(|f, at| {
                    Array1::from_shape_fn(at.len(), |i| {
                        let mut moved = at.clone();
                        moved[i] += 1e-6;
                        (f(&moved) - f(at)) / 1e-6
                    })
                }),
                "slopes of exp(a) b + c³",
            ),
            (
                "both ways, over h and not 2h",
                check(|f, at| {
                    2.0 * central(f, at, |entry| 1e-5 * (1.0 + entry.abs()))
                }),
                "slopes of exp(a) b + c³[0]",
            ),
            (
                "all entries moved at once",
                check(|f, at| {
                    let slope = (f(&(at + 1e-5)) - f(&(at - 1e-5))) / 2e-5;
                    Array1::from_elem(at.len(), slope)
                }),
                "slopes of exp(a) b + c³[0]",
            ),
            (
                "an entry that is not moved back",
                check(|f, at| {
                    let mut moved = at.clone();
                    Array1::from_shape_fn(at.len(), |i| {
                        let h = 1e-5 * (1.0 + at[i].abs());
                        moved[i] += h;
                        let right = f(&moved);
                        moved[i] -= 2.0 * h;
                        (right - f(&moved)) / (2.0 * h)
                    })
                }),
                "slopes of exp(a) b + c³[1]",
            ),
        ],
    );
    each_accepted(
        "differences",
        [
            (
                "another floor",
                check(|f, at| central(f, at, |entry| 1e-5 * (1.0 + entry.abs()))),
            ),
            (
                "four values, whose error is of the fourth order",
                check(|f, at| {
                    let near = central(f, at, |entry| 5e-4 * entry.abs().max(1.0));
                    let far = central(f, at, |entry| 1e-3 * entry.abs().max(1.0));
                    (4.0 * near - far) / 3.0
                }),
            ),
        ],
    );
}

#[test]
fn dual_numbers() {
    use dual::check;
    /// The solution's way, with the slopes of `exp` and of a quotient to be chosen.
    fn duals(
        theta: &[Dual],
        exp: fn(f64, f64) -> f64,
        quotient: fn(Dual, Dual) -> f64,
    ) -> Vec<Dual> {
        let exps = theta.iter().map(|theta| Dual {
            value: theta.value.exp(),
            slope: exp(theta.value, theta.slope),
        });
        let exps: Vec<Dual> = exps.collect();
        let sum = Dual {
            value: exps.iter().map(|e| e.value).sum(),
            slope: exps.iter().map(|e| e.slope).sum(),
        };
        let share = |e: &Dual| Dual {
            value: e.value / sum.value,
            slope: quotient(*e, sum),
        };
        exps.iter().map(share).collect()
    }
    fn right(a: f64, slope: f64) -> f64 {
        a.exp() * slope
    }
    fn quotient(e: Dual, sum: Dual) -> f64 {
        (e.slope * sum.value - e.value * sum.slope) / (sum.value * sum.value)
    }
    /// Slopes from the probabilities and the slopes of the logits.
    fn with(theta: &[Dual], slope: fn(&[f64], &[Dual], usize) -> f64) -> Vec<Dual> {
        let exps = theta.iter().map(|theta| theta.value.exp());
        let sum: f64 = exps.clone().sum();
        let y_hat: Vec<f64> = exps.map(|e| e / sum).collect();
        let dual = |i| Dual {
            value: y_hat[i],
            slope: slope(&y_hat, theta, i),
        };
        (0..theta.len()).map(dual).collect()
    }
    each_refused(
        "dual",
        [
            (
                "exp without its own factor",
                check(|theta| duals(theta, |_, slope| slope, quotient)),
                "slopes of ŷ along",
            ),
            (
                "slopes go through exp as values do",
                check(|theta| duals(theta, |_, slope| slope.exp(), quotient)),
                "slopes of ŷ along",
            ),
            (
                "the sum taken for a constant",
                check(|theta| duals(theta, right, |e, sum| e.slope / sum.value)),
                "slopes of ŷ along",
            ),
            (
                "a quotient of slopes",
                check(|theta| duals(theta, right, |e, sum| e.slope / sum.slope)),
                "slopes of ŷ along",
            ),
            (
                "the sign in the quotient",
                check(|theta| {
                    duals(theta, right, |e, sum| {
                        (e.slope * sum.value + e.value * sum.slope)
                            / (sum.value * sum.value)
                    })
                }),
                "slopes of ŷ along",
            ),
            (
                "the quotient rule the wrong way round",
                check(|theta| duals(theta, right, |e, sum| -quotient(e, sum))),
                "all signs are turned",
            ),
            (
                "the denominator not squared",
                check(|theta| {
                    duals(theta, right, |e, sum| quotient(e, sum) * sum.value)
                }),
                "times what they should be",
            ),
            (
                "one logit moves, by 1, and no other",
                check(|theta| {
                    with(theta, |y_hat, theta, i| {
                        let j = theta.iter().position(|theta| theta.slope != 0.0);
                        let j = j.unwrap_or(0);
                        y_hat[i] * (f64::from(i == j) - y_hat[j])
                    })
                }),
                "slopes of ŷ along [0.5, -2, 1, 3]",
            ),
        ],
    );
    each_accepted(
        "dual",
        [(
            "ŷᵢ times its slope less the mean slope",
            check(|theta| {
                with(theta, |y_hat, theta, i| {
                    let mean: f64 =
                        y_hat.iter().zip(theta).map(|(p, t)| p * t.slope).sum();
                    y_hat[i] * (theta[i].slope - mean)
                })
            }),
        )],
    );
}

/// A point that the check accepts.
fn good() -> Batch {
    Batch {
        x: array![[1.3, -0.7, 0.4], [-0.9, 1.6, 0.8], [0.5, 0.35, -1.2]],
        y: array![
            [1.0, 0.0, 0.0, 0.0],
            [0.25, 0.25, 0.4, 0.1],
            [0.0, 0.3, 0.0, 0.7]
        ],
        w: array![
            [0.15, -0.45, 0.62, 0.9],
            [0.84, 0.33, -0.21, -0.52],
            [-0.37, 0.55, 0.18, 0.07]
        ],
        b: array![0.05, -0.15, 0.27, 0.12],
    }
}

#[test]
fn test_points() {
    use test_point::{check, test_point};
    each_refused(
        "test_point",
        [
            (
                "the stub with another label",
                check(|| Batch {
                    y: array![[0.0, 2.0, 0.0]],
                    ..test_point()
                }),
                "label 0: expected shares of 1",
            ),
            (
                "the page's point with one digit changed",
                check(|| {
                    let mut batch = points::good();
                    batch.w[[0, 0]] = 0.21;
                    batch
                }),
                "on the page",
            ),
            (
                "a single example hides mistakes about the mean",
                check(|| Batch {
                    x: array![[1.0, -2.0, 0.4]],
                    y: array![[0.2, 0.5, 0.2, 0.1]],
                    ..good()
                }),
                "found missed",
            ),
            (
                "weights that are no numbers",
                check(|| Batch {
                    w: Array2::from_elem((3, 4), f64::NAN),
                    ..good()
                }),
                "expected a finite number",
            ),
            (
                "logits so large that nothing moves",
                check(|| Batch {
                    w: 1e4 * good().w,
                    ..good()
                }),
                "found",
            ),
            (
                "weights of another shape",
                check(|| Batch {
                    w: array![[0.1, 0.2], [0.3, 0.4]],
                    ..good()
                }),
                "shapes of w and y",
            ),
        ],
    );
    each_accepted(
        "test_point",
        [
            ("three inputs, four classes", check(good)),
            (
                "equal weights, which hide nothing from differences",
                check(|| Batch {
                    w: Array2::from_elem((3, 4), 0.5),
                    b: Array1::from_elem(4, 0.1),
                    ..good()
                }),
            ),
        ],
    );
}
