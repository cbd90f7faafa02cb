//! Wrong answers are refused, each with a message that says what was wrong; right ones by another
//! way are accepted.

use exercises::*;
use mistakes::{Batch, points};
use ndarray::{Array1, Array2, Axis, array};

/// What a check says of a wrong answer.
fn refused(check: Check) -> String {
    match check {
        Ok(()) => panic!("a wrong answer is accepted"),
        Err(message) => message.to_string(),
    }
}

/// Checks that each wrong answer is refused with its words.
fn each_refused<const N: usize>(answers: [(Check, &str); N]) {
    for (check, words) in answers {
        let message = refused(check);
        assert!(
            message.contains(words),
            "expected {words:?}, found {message:?}"
        );
    }
}

#[test]
fn test_points_that_are_no_answer() {
    /// The stub with another label.
    fn label() -> Batch {
        Batch {
            y: array![[0.0, 2.0, 0.0]],
            ..test_point::test_point()
        }
    }
    /// The page's point with one digit changed.
    fn digit() -> Batch {
        let mut batch = points::good();
        batch.w[[0, 0]] = 0.21;
        batch
    }
    /// A single example, which hides mistakes about the mean.
    fn single() -> Batch {
        Batch {
            x: array![[1.0, -2.0]],
            y: array![[0.2, 0.5, 0.3]],
            ..test_point::solution()
        }
    }
    each_refused([
        (test_point::check(label), "label 0: expected shares of 1"),
        (test_point::check(digit), "found 13 of 13 on the page"),
        (test_point::check(single), "found missed"),
    ]);
}

#[test]
fn differences_that_fail_somewhere() {
    type Function<'a> = &'a dyn Fn(&Array1<f64>) -> f64;
    /// A step in proportion to the entry, without a floor: 0 at 0.
    fn no_floor(f: Function, at: &Array1<f64>) -> Array1<f64> {
        central(f, at, |entry| f64::EPSILON.cbrt() * entry.abs())
    }
    /// A step that is too small for a million.
    fn fixed(f: Function, at: &Array1<f64>) -> Array1<f64> {
        central(f, at, |_| 1e-9)
    }
    /// To the right alone.
    fn forward(f: Function, at: &Array1<f64>) -> Array1<f64> {
        Array1::from_shape_fn(at.len(), |i| {
            let mut moved = at.clone();
            moved[i] += 1e-6;
            (f(&moved) - f(at)) / 1e-6
        })
    }
    /// Another floor, and another way to write the same.
    fn another(f: Function, at: &Array1<f64>) -> Array1<f64> {
        central(f, at, |entry| 1e-5 * (1.0 + entry.abs()))
    }
    fn central(f: Function, at: &Array1<f64>, step: fn(f64) -> f64) -> Array1<f64> {
        Array1::from_shape_fn(at.len(), |i| {
            let (mut right, mut left) = (at.clone(), at.clone());
            right[i] += step(at[i]);
            left[i] -= step(at[i]);
            (f(&right) - f(&left)) / (right[i] - left[i])
        })
    }
    each_refused([
        (differences::check(no_floor), "slope of 3a at 0"),
        (differences::check(fixed), "slope"),
        (differences::check(forward), "slopes of exp(a) b + c³"),
    ]);
    differences::check(another).unwrap();
}

/// A measure of spread in the place of the standard deviation, about a centre.
fn standardised(
    train: &Array2<f64>,
    held_out: &Array2<f64>,
    centre: fn(&[f64]) -> f64,
    spread: fn(&[f64], f64) -> f64,
) -> Option<Array2<f64>> {
    let mut rows = held_out.clone();
    for (column, mut found) in train.columns().into_iter().zip(rows.columns_mut()) {
        let mut sorted = column.to_vec();
        sorted.sort_by(f64::total_cmp);
        if sorted.first() == sorted.last() {
            return None;
        }
        let middle = centre(&sorted);
        let width = spread(&sorted, middle);
        found.mapv_inplace(|entry| (entry - middle) / width);
    }
    Some(rows)
}

fn mean(sorted: &[f64]) -> f64 {
    sorted.iter().sum::<f64>() / sorted.len() as f64
}

fn deviation(sorted: &[f64], middle: f64) -> f64 {
    mean(
        &sorted
            .iter()
            .map(|entry| (entry - middle).powi(2))
            .collect::<Vec<_>>(),
    )
    .sqrt()
}

#[test]
fn measures_that_are_no_standard_deviation() {
    type Answer = fn(&Array2<f64>, &Array2<f64>) -> Option<Array2<f64>>;
    let absolute: Answer = |train, held_out| {
        standardised(train, held_out, mean, |sorted, middle| {
            mean(
                &sorted
                    .iter()
                    .map(|entry| (entry - middle).abs())
                    .collect::<Vec<_>>(),
            )
        })
    };
    let half_range: Answer = |train, held_out| {
        standardised(train, held_out, mean, |sorted, _| {
            0.5 * (sorted[sorted.len() - 1] - sorted[0])
        })
    };
    let median: Answer = |train, held_out| {
        let middle = |sorted: &[f64]| {
            0.5 * (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2])
        };
        standardised(train, held_out, middle, deviation)
    };
    let by_one_less: Answer = |train, held_out| {
        Some((held_out - &train.mean_axis(Axis(0))?) / train.std_axis(Axis(0), 1.0))
    };
    let of_held_out: Answer =
        |_, held_out| standardised(held_out, held_out, mean, deviation);
    let in_another_way: Answer =
        |train, held_out| standardised(train, held_out, mean, deviation);
    each_refused([
        (standardise::check(absolute), "five rows"),
        (standardise::check(half_range), "five rows"),
        (standardise::check(median), "five rows"),
        (standardise::check(by_one_less), "held-out rows"),
        (standardise::check(of_held_out), "held-out rows"),
    ]);
    standardise::check(in_another_way).unwrap();
}

#[test]
fn logits_that_no_newton_found() {
    each_refused([
        // The closed form, which never asks.
        (
            newton::check(|y, _| (y / (1.0 - y)).ln()),
            "expected 3 to 9, found 0",
        ),
        // Descent.
        (
            newton::check(|_, slope| {
                let mut z = 0.0;
                while slope(z).abs() >= 1e-12 {
                    z -= slope(z);
                }
                z
            }),
            "slopes asked for at y = 0.3",
        ),
        // One step.
        (newton::check(|_, slope| -4.0 * slope(0.0)), "z at y = 0.3"),
    ]);
}

#[test]
fn losses_that_are_patched_in_one_place() {
    /// Log-sum-exp, whose 1 swallows what is small.
    fn log_sum_exp(theta: &Array1<f64>, t: usize) -> f64 {
        let most =
            theta.fold(f64::NEG_INFINITY, |most, &theta_k| most.max(theta_k));
        most - theta[t] + theta.mapv(|theta_k| (theta_k - most).exp()).sum().ln()
    }
    /// The same, patched only where the sum has rounded to 1.
    fn patched(theta: &Array1<f64>, t: usize) -> f64 {
        let most =
            theta.fold(f64::NEG_INFINITY, |most, &theta_k| most.max(theta_k));
        let sum = theta.mapv(|theta_k| (theta_k - most).exp()).sum();
        match sum == 1.0 {
            true => {
                most - theta[t] + theta.mapv(|theta_k| (theta_k - most).exp()).sum()
                    - 1.0
                    + if theta[t] == most {
                        2.0 * (-114_f64).exp()
                    } else {
                        0.0
                    }
            }
            false => most - theta[t] + sum.ln(),
        }
    }
    each_refused([
        (loss::check(log_sum_exp), "a lead of"),
        (loss::check(patched), "a lead of 30"),
    ]);
}

#[test]
fn a_search_that_compares_losses_is_right() {
    /// Golden section on the logarithm of the temperature.
    fn golden(theta: &Array2<f64>, classes: &[usize]) -> f64 {
        let loss = |log_t: f64| -> f64 {
            let examples = theta.rows().into_iter().zip(classes);
            let losses = examples.map(|(theta, &t)| {
                let scaled = &theta / log_t.exp();
                let most =
                    scaled.fold(f64::NEG_INFINITY, |most, &one| most.max(one));
                most + scaled.mapv(|one| (one - most).exp()).sum().ln() - scaled[t]
            });
            losses.sum()
        };
        let ratio = 0.5 * (5_f64.sqrt() - 1.0);
        let (mut low, mut high) = (1e-3_f64.ln(), 1e3_f64.ln());
        while high - low > 1e-8 {
            let (left, right) =
                (high - ratio * (high - low), low + ratio * (high - low));
            match loss(left) < loss(right) {
                true => high = right,
                false => low = left,
            }
        }
        (0.5 * (low + high)).exp()
    }
    temperature::check(golden).unwrap();
    each_refused([(temperature::check(|_, _| 1.0), "a lead of 8, too sure")]);
}
