//! Rows of logits from anywhere, some masked: softmax along an axis, and the cross-entropy with
//! weights of the classes, smoothed labels and labels that do not count.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2, Array3, Axis};
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::softmax::log_sum_exp;
use softmax_backprop::{Float, Logits, lanes, log_softmax, softmax};
use softmax_backprop_fuzz::{
    Range, distribution, epsilon, finite, found, largest, loss, matrix, near, nearly, number, size,
    smallest, vector, wide,
};

#[derive(Debug)]
struct Input {
    single: bool,
    theta: Array2<f64>,
    labels: Vec<usize>,
    weights: Option<Array1<f64>>,
    ignored: Option<usize>,
    smoothing: f64,
    axis: usize,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (single, range) = (u.arbitrary()?, u.arbitrary()?);
        let (examples, classes) = (size(u)?, size(u)?);
        let mut theta = matrix(u, [examples, classes], range)?;
        if u.arbitrary()? {
            for entry in &mut theta {
                *entry = if u.ratio(1, 4)? {
                    f64::NEG_INFINITY
                } else {
                    *entry
                };
            }
        }
        let last = nearly(u, classes)?.saturating_sub(1);
        let labels = nearly(u, examples)?;
        let of_weights = nearly(u, classes)?;
        Ok(Self {
            single,
            theta,
            labels: (0..labels)
                .map(|_| u.int_in_range(0..=last))
                .collect::<Result<_>>()?,
            weights: match u.int_in_range(0..=3)? {
                0 => Some(vector(u, of_weights, range)?),
                1 => Some(vector(u, of_weights, Range::Moderate)?.abs()),
                _ => None,
            },
            ignored: if u.arbitrary()? {
                Some(u.int_in_range(0..=9)?)
            } else {
                None
            },
            smoothing: match u.int_in_range(0..=3)? {
                0 => number(u, Range::Any)?,
                1 => f64::from(u.arbitrary::<u8>()?) / 255.0,
                _ => 0.0,
            },
            axis: u.int_in_range(0..=3)?,
        })
    }
}

fuzz_target!(|input: Input| {
    if input.single {
        check::<f32>(&input);
    } else {
        check::<f64>(&input);
    }
});

fn check<A: Float>(input: &Input) {
    let theta = input.theta.mapv(A::of);
    along_axes(&theta, Axis(input.axis));
    let Some(criterion) = criterion::<A>(input) else {
        return;
    };
    entropies(input, &theta, &criterion);
}

/// Each lane is what the station makes of it, in a matrix and in one more dimension.
fn along_axes<A: Float>(theta: &Array2<A>, axis: Axis) {
    let probabilities = found(lanes::softmax(theta, axis));
    let logs = found(lanes::log_softmax(theta, axis));
    assert_eq!(probabilities.is_some(), logs.is_some());
    let (Some(probabilities), Some(logs)) = (probabilities, logs) else {
        let right = axis.index() < 2 && !theta.is_empty();
        let mut all = right.then(|| theta.lanes(axis)).into_iter().flatten();
        return assert!(!right || all.any(|lane| Logits::new(lane.to_owned()).is_err()));
    };
    let sums = found(lanes::log_sum_exp(theta, axis)).expect("what softmax takes");
    assert_eq!(sums.len(), theta.len() / theta.len_of(axis));
    let rows = theta
        .lanes(axis)
        .into_iter()
        .zip(probabilities.lanes(axis))
        .zip(logs.lanes(axis));
    for (((theta, p), logs), sum) in rows.zip(&sums) {
        let station = found(Logits::new(theta.to_owned())).expect("logits");
        distribution(&p);
        let theta = wide(&theta);
        let top = theta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let allowed = 4.0 * epsilon::<A>() * (top.abs() + 64.0);
        near("log of the sum", *sum, log_sum_exp(&station), allowed);
        let (expected, expected_logs) = (softmax(&station), log_softmax(&station));
        for k in 0..theta.len() {
            let part = epsilon::<A>() * (2.0 * (top - theta[k]).min(746.0) + 64.0);
            let expected: f64 = expected[k].into();
            near(
                "softmax",
                p[k],
                expected,
                part * expected + 4.0 * smallest::<A>(),
            );
            let expected: f64 = expected_logs[k].into();
            let part = 16.0 * epsilon::<A>();
            near(
                "log softmax",
                logs[k],
                expected,
                part * expected.abs() + 4.0 * smallest::<A>(),
            );
        }
    }
    // The same numbers as the middle of three axes.
    let (rows, columns) = theta.dim();
    let deep = Array3::from_shape_fn((rows, columns, 2), |(n, k, _)| theta[[n, k]]);
    let deep = found(lanes::softmax(&deep, axis)).expect("what softmax takes");
    for half in deep.axis_iter(Axis(2)) {
        for (one, other) in half.iter().zip(&probabilities) {
            let other: f64 = (*other).into();
            near(
                "softmax in three dimensions",
                *one,
                other,
                256.0 * epsilon::<A>() * other,
            );
        }
    }
}

/// The options, where they are right and only there.
fn criterion<A: Float>(input: &Input) -> Option<CrossEntropy<A>> {
    let criterion = CrossEntropy::new();
    let criterion = match input.ignored {
        Some(index) => criterion.ignore_index(index),
        None => criterion,
    };
    let criterion = match &input.weights {
        None => criterion,
        Some(weights) => {
            let weights = weights.mapv(A::of);
            let right = finite(&weights) && weights.iter().all(|weight| *weight >= A::of(0.0));
            let weighted = found(criterion.class_weights(weights));
            assert_eq!(weighted.is_some(), right);
            weighted?
        }
    };
    let smoothing = A::of(input.smoothing);
    let smoothed = found(criterion.label_smoothing(smoothing));
    assert_eq!(smoothed.is_some(), (0.0..=1.0).contains(&smoothing.into()));
    smoothed
}

/// The factors `τ` of `−log ŷ` in the loss of a row.
fn factors<A: Float>(input: &Input, classes: usize, label: usize) -> Array1<f64> {
    let smoothing: f64 = A::of(input.smoothing).into();
    let weight = |k: usize| -> f64 {
        input
            .weights
            .as_ref()
            .map_or(1.0, |weights| A::of(weights[k]).into())
    };
    if input.ignored == Some(label) {
        return Array1::zeros(classes);
    }
    Array1::from_shape_fn(classes, |k| {
        let whole = if k == label { 1.0 - smoothing } else { 0.0 };
        weight(k) * (whole + smoothing / classes as f64)
    })
}

/// The loss of each row by its definition, its sum and mean, and their gradients.
fn entropies<A: Float>(input: &Input, theta: &Array2<A>, criterion: &CrossEntropy<A>) {
    let (examples, classes) = theta.dim();
    // A sum of weights that is ∞ divides everything to 0.
    let weights = input.weights.as_ref().map_or(1.0, |weights| weights.sum());
    if weights > largest::<A>() / 64.0 {
        return;
    }
    let losses = found(criterion.losses(theta, &input.labels));
    let sum = found(criterion.gradient(theta, &input.labels, Reduction::Sum));
    let mean = found(criterion.gradient(theta, &input.labels, Reduction::Mean));
    let of_weights = input.weights.as_ref().map_or(classes, Array1::len);
    let fits = input.labels.len() == examples && of_weights == classes && !theta.is_empty();
    let ignored = |label: usize| input.ignored == Some(label);
    let labelled = input
        .labels
        .iter()
        .all(|label| *label < classes || ignored(*label));
    assert_eq!(losses.is_some(), sum.is_some());
    let (Some(losses), Some((sum, d_sum))) = (losses, sum) else {
        assert!(mean.is_none());
        return refused(input, theta, fits && labelled);
    };
    assert!(fits && labelled);
    for reduction in [Reduction::Sum, Reduction::Mean] {
        let alone = criterion.loss(theta, &input.labels, reduction);
        let gradient = criterion.gradient(theta, &input.labels, reduction);
        // What stood in the array does not matter.
        let mut there = Array2::from_elem(theta.dim(), A::of(f64::NAN));
        let into = criterion.gradient_into(theta, &input.labels, reduction, &mut there);
        assert_eq!(alone.ok(), into.clone().ok());
        assert_eq!(into.ok().map(|loss| (loss, there)), gradient.ok());
    }

    let mut weight = 0.0;
    for (n, label) in input.labels.iter().enumerate() {
        let factors = factors::<A>(input, classes, *label);
        weight += if ignored(*label) {
            0.0
        } else {
            input
                .weights
                .as_ref()
                .map_or(1.0, |weights| A::of(weights[*label]).into())
        };
        let size = factors.sum();
        // Factors that have lost digits, and losses that leave the range, say nothing.
        let normal = smallest::<A>() / epsilon::<A>();
        let is_lost = |tau: &f64| *tau > 0.0 && *tau < 64.0 * normal;
        if size >= 1e-3 * largest::<A>() || factors.iter().any(is_lost) {
            return;
        }
        let found_loss = loss(losses[n]);
        if ignored(*label) {
            assert_eq!(found_loss, 0.0);
            assert!(d_sum.row(n).iter().all(|entry| *entry == A::of(0.0)));
            continue;
        }
        let logits = found(Logits::new(theta.row(n).to_owned())).expect("a row that has a loss");
        let (p, logs) = (softmax(&logits), wide(&log_softmax(&logits)));
        let terms = factors.iter().zip(&logs).filter(|(tau, _)| **tau > 0.0);
        let expected: f64 = terms.map(|(tau, log)| -tau * log).sum();
        let tiny = smallest::<A>() * (64.0 + 64.0 * size + 64.0 * expected.min(1e300));
        if expected < 1e-3 * largest::<A>() {
            let rounding = 64.0 * epsilon::<A>() * expected;
            near("loss of a row", found_loss, expected, rounding + tiny);
        }
        let p = wide(p.as_array());
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for k in 0..classes {
            let part = epsilon::<A>() * (2.0 * (top - logs[k]).min(746.0) + 64.0);
            let expected = size * p[k] - factors[k];
            // At the label it is taken from what the other classes have, of which all may be left.
            let rest = if k == *label {
                64.0 * epsilon::<A>() * size
            } else {
                0.0
            };
            let allowed = part * (size * p[k] + factors[k]) + rest + tiny;
            near("gradient of a row", d_sum[[n, k]], expected, allowed);
        }
        let total = wide(&d_sum.row(n)).sum();
        near(
            "sum of the gradient",
            total,
            0.0,
            1024.0 * epsilon::<A>() * size + 8.0 * tiny,
        );
    }
    let expected = wide(&losses).sum();
    near(
        "sum of the losses",
        sum,
        expected,
        16.0 * epsilon::<A>() * expected,
    );
    let Some((mean, d_mean)) = mean else {
        return assert!(!(weight > 8.0 / largest::<A>() && weight < 0.9 * largest::<A>()));
    };
    assert!(weight > 0.0);
    // What is divided by a sum of weights that has lost digits, or that makes it ∞, is not compared.
    if weight > 1e-3 && expected / weight < 0.1 * largest::<A>() {
        let allowed = 32.0 * epsilon::<A>() * expected / weight + 64.0 * smallest::<A>();
        near("mean loss", mean, expected / weight, allowed);
        for ((n, k), mean) in d_mean.indexed_iter() {
            let expected = d_sum[[n, k]].into() / weight;
            // The two terms of an entry round before they cancel.
            let terms = factors::<A>(input, classes, input.labels[n]).sum() / weight;
            let tiny = smallest::<A>() * (64.0 + 64.0 / weight);
            near(
                "mean gradient",
                *mean,
                expected,
                64.0 * epsilon::<A>() * terms + tiny,
            );
        }
    }
}

/// What is refused does not fit, or a row has no loss.
fn refused<A: Float>(input: &Input, theta: &Array2<A>, fits: bool) {
    if !fits {
        return;
    }
    let wrong = |n: usize| {
        let row = wide(&theta.row(n));
        let masked = row.iter().all(|entry| *entry == f64::NEG_INFINITY);
        let none = row
            .iter()
            .any(|entry| entry.is_nan() || *entry == f64::INFINITY);
        // The product of weight and smoothing may be too small for a number.
        let counts = |k: usize| {
            let weight = input.weights.as_ref().map_or(1.0, |weights| weights[k]);
            weight > 0.0 && (k == input.labels[n] || input.smoothing > 0.0)
        };
        let ignored = input.ignored == Some(input.labels[n]);
        let mut lost = row.indexed_iter().filter(|(k, _)| !ignored && counts(*k));
        let lost = lost.any(|(_, entry)| *entry == f64::NEG_INFINITY);
        masked || none || lost
    };
    assert!((0..theta.nrows()).any(wrong), "{theta}");
}
