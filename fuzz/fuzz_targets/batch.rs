//! Many examples, with classes or distributions as labels, weighted or not: the pass over all of
//! them is the mean of those over each.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2, ArrayView1, Axis};
use softmax_backprop::batch::{Batch, Pass, classify, predict};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::{Float, Forward, Layer, Target};
use softmax_backprop_fuzz::{
    Range, Rounding, distribution, epsilon, finite, found, label, largest, loss, matrix, near,
    nearly, number, size, smallest, vector, wide,
};

#[derive(Debug)]
struct Input {
    single: bool,
    x: Array2<f64>,
    w: Array2<f64>,
    b: Array1<f64>,
    classes: usize,
    labels: Vec<usize>,
    y: Array2<f64>,
    soft: bool,
    weights: Option<Array1<f64>>,
    rows: Vec<usize>,
    rate: f64,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (single, range) = (u.arbitrary()?, u.arbitrary()?);
        let (examples, inputs, classes) = (size(u)?, size(u)?, size(u)?);
        let (rows, columns, of_layer) = (
            nearly(u, examples)?,
            nearly(u, classes)?,
            nearly(u, inputs)?,
        );
        let mut y = Array2::zeros([rows, columns]);
        for mut row in y.outer_iter_mut() {
            row.assign(&label(u, columns, range)?);
        }
        let last = nearly(u, classes)?.saturating_sub(1);
        let labels = (0..rows)
            .map(|_| u.int_in_range(0..=last))
            .collect::<Result<_>>()?;
        let weights = match u.int_in_range(0..=2)? {
            0 => None,
            1 => Some(vector(u, rows, Range::Moderate)?.abs() + 0.125),
            _ => Some(vector(u, rows, Range::Any)?),
        };
        let rows = size(u)?;
        let row = |_| {
            nearly(u, 0)
                .and_then(|least| Ok(least + u.int_in_range(0..=examples.saturating_sub(1))?))
        };
        Ok(Self {
            single,
            rows: (0..rows).map(row).collect::<Result<_>>()?,
            x: matrix(u, [examples, inputs], range)?,
            w: matrix(u, [of_layer, classes], range)?,
            b: vector(u, classes, range)?,
            classes: *u.choose(&[columns, columns, columns, usize::MAX])?,
            labels,
            y,
            soft: u.arbitrary()?,
            weights,
            rate: number(u, range)?,
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
    let Some(batch) = batch::<A>(input) else {
        return;
    };
    let batch = match &input.weights {
        None => batch,
        Some(weights) => {
            let Some(batch) = weighted(batch, &weights.mapv(A::of)) else {
                return;
            };
            batch
        }
    };
    let subnormal = smallest::<A>() / epsilon::<A>();
    let common = input
        .weights
        .as_ref()
        .is_none_or(|weights| weights.sum() > 8.0 * subnormal);
    parts(&batch, &input.rows, common);

    let layer = Layer::new(input.w.mapv(A::of), input.b.mapv(A::of));
    let Some(layer) = found(layer) else { return };
    predictions(&layer, batch.x());
    let Some(pass) = found(Pass::new(&layer, &batch)) else {
        return refused(&layer, &batch);
    };
    sum_of_examples(&layer, &batch, &pass);
    again(&layer, &batch, &pass);
    step(&layer, &pass, A::of(input.rate));
}

/// The batch, where its inputs and labels are right, and only there.
fn batch<A: Float>(input: &Input) -> Option<Batch<A>> {
    let (x, y) = (input.x.mapv(A::of), input.y.mapv(A::of));
    let fits = finite(&x) && x.nrows() == y.nrows();
    let batch = if input.soft {
        let batch = found(Batch::of_distributions(x.clone(), y.clone()));
        let mut labels = y.outer_iter();
        let right =
            fits && finite(&y) && labels.all(|y| Target::distribution(y.to_owned()).is_ok());
        assert_eq!(batch.is_some(), right);
        batch
    } else {
        let batch = found(Batch::of_classes(
            x.clone(),
            input.labels.clone(),
            input.classes,
        ));
        let below = input.labels.iter().all(|label| *label < input.classes);
        assert_eq!(batch.is_some(), fits && below && input.classes < usize::MAX);
        batch
    }?;
    assert!(!batch.is_empty());
    assert_eq!((batch.len(), batch.x()), (x.nrows(), &x));
    let one_hot = |(n, k): (usize, usize)| A::of(f64::from(u8::from(input.labels[n] == k)));
    let y = if input.soft {
        y
    } else {
        Array2::from_shape_fn((x.nrows(), input.classes), one_hot)
    };
    assert_eq!((batch.classes(), batch.y()), (y.ncols(), y));
    Some(batch)
}

/// Each share is the weight's part of the sum.
fn weighted<A: Float>(batch: Batch<A>, weights: &Array1<A>) -> Option<Batch<A>> {
    let examples = batch.len();
    let result = found(batch.weighted(weights));
    let numbers = wide(weights);
    let sum = numbers.sum();
    let right = numbers.iter().all(|weight| *weight >= 0.0);
    let counts = sum > 0.0 && sum <= 0.9 * largest::<A>();
    let least = numbers
        .iter()
        .filter(|weight| **weight > 0.0)
        .map(|weight| weight / sum)
        .fold(f64::INFINITY, f64::min);
    let Some(batch) = result else {
        let fits = right && counts && numbers.len() == examples;
        assert!(!fits || least <= 2.0 * smallest::<A>());
        return None;
    };
    assert!(right && sum > 0.0);
    // Halves, whose sum is in the range.
    let half = (&numbers * 0.5).sum();
    for (share, number) in wide(batch.shares()).iter().zip(&numbers) {
        // Half of the smallest numbers is not exact.
        let expected = if sum < f64::MAX {
            number / sum
        } else {
            number * 0.5 / half
        };
        near(
            "share",
            *share,
            expected,
            16.0 * epsilon::<A>() * expected + 2.0 * smallest::<A>(),
        );
    }
    Some(batch)
}

/// Selected examples are those of the rows; the mean of the shares over all is that of the whole.
fn parts<A: Float>(batch: &Batch<A>, rows: &[usize], common: bool) {
    let selected = found(batch.select(rows));
    let right = !rows.is_empty() && rows.iter().all(|row| *row < batch.len());
    assert_eq!(selected.is_some(), right);
    if let Some(selected) = selected {
        assert_eq!(selected.x(), batch.x().select(Axis(0), rows));
        assert_eq!(selected.y(), batch.y().select(Axis(0), rows));
        assert_eq!(selected.classes(), batch.classes());
        let part = batch.len() as f64 / rows.len() as f64;
        // The mean weight may have lost digits where weights are the smallest numbers there are.
        if !common {
            return;
        }
        for (share, row) in wide(selected.shares()).iter().zip(rows) {
            let expected = part * batch.shares()[*row].into();
            let rounding = 8.0 * epsilon::<A>() * expected + 16.0 * smallest::<A>();
            near("share of a part", *share, expected, rounding);
        }
    }
}

/// Each row is a distribution, and the class is where it is largest.
fn predictions<A: Float>(layer: &Layer<A>, x: &Array2<A>) {
    let (Some(y_hat), Some(classes)) = (found(predict(layer, x)), found(classify(layer, x))) else {
        assert_eq!(predict(layer, x).is_err(), classify(layer, x).is_err());
        return;
    };
    assert_eq!(y_hat.dim(), (x.nrows(), layer.w().ncols()));
    for ((row, x), class) in y_hat.outer_iter().zip(x.outer_iter()).zip(classes) {
        distribution(&row);
        let before = row.iter().take(class).all(|p| *p < row[class]);
        assert!(
            before && row.iter().all(|p| *p <= row[class]),
            "{row}: {class}"
        );
        let rounding = Rounding::of(layer.w(), layer.b(), &x);
        if let Some(expected) = found(layer.forward(&x)) {
            let expected = wide(softmax_backprop::softmax(&expected).as_array());
            for (one, other) in wide(&row).iter().zip(expected) {
                near(
                    "predict",
                    *one,
                    other,
                    rounding.part * other + 4.0 * rounding.tiny,
                );
            }
        }
    }
}

/// What a pass refuses does not fit, or leaves the range of the numbers.
fn refused<A: Float>(layer: &Layer<A>, batch: &Batch<A>) {
    let fits = (batch.x().ncols(), batch.classes()) == layer.w().dim();
    let overflows = |x: ArrayView1<A>| Rounding::of(layer.w(), layer.b(), &x).may_overflow::<A>();
    let gradient: Array1<f64> = batch.x().mapv(|entry| entry.into().abs()).sum_axis(Axis(0));
    let steep = gradient.iter().any(|sum| *sum >= 0.9 * largest::<A>());
    assert!(!fits || batch.x().outer_iter().any(overflows) || steep);
}

/// Loss and gradients are the sums over the examples, each with its share.
fn sum_of_examples<A: Float>(layer: &Layer<A>, batch: &Batch<A>, pass: &Pass<A>) {
    let (inputs, classes) = layer.w().dim();
    assert_eq!((batch.x().ncols(), batch.classes()), (inputs, classes));
    assert_eq!(pass.d_theta().dim(), (batch.len(), classes));
    let classifier = softmax_backprop::Classifier::new(layer.clone());
    let (mut sum, mut allowed) = (0.0, 4.0 * smallest::<A>());
    let (mut d_w, mut d_w_allowed) = (
        Array2::<f64>::zeros((inputs, classes)),
        Array2::zeros((inputs, classes)),
    );
    let (mut d_b, mut d_b_allowed) = (Array1::<f64>::zeros(classes), Array1::zeros(classes));
    for (n, (x, y)) in batch
        .x()
        .outer_iter()
        .zip(batch.y().outer_iter())
        .enumerate()
    {
        let rounding = Rounding::of(layer.w(), layer.b(), &x);
        let y = found(Target::distribution(y.to_owned())).expect("a row of a batch");
        let Some(forward) = found(classifier.forward(&x, &y)) else {
            return assert!(rounding.may_overflow::<A>());
        };
        let share: f64 = batch.shares()[n].into();
        sum += share * loss(forward.loss);
        allowed += share * allowed_loss(&forward, &rounding);
        let delta = d_theta(&forward.y_hat, &y).expect("a pass of this shape");
        for (k, delta) in (wide(&delta) * share).into_iter().enumerate() {
            let p: f64 = forward.y_hat[k].into();
            let label: f64 = y[k].into();
            let whole = label == 0.0 || label == 1.0;
            let size = if whole {
                delta.abs()
            } else {
                share * (label + p)
            };
            let within = rounding.part * size + 8.0 * rounding.tiny;
            near("delta", pass.d_theta()[[n, k]], delta, within);
            d_b[k] += delta;
            d_b_allowed[k] += within + 16.0 * epsilon::<A>() * delta.abs();
            for (i, x) in wide(&x).into_iter().enumerate() {
                d_w[[i, k]] += x * delta;
                d_w_allowed[[i, k]] += x.abs() * within
                    + 16.0 * epsilon::<A>() * (x * delta).abs()
                    + 8.0 * rounding.tiny;
            }
        }
    }
    // One loss above the largest number makes the mean ∞ on one way, and may not on the other.
    if sum < 0.1 * largest::<A>() {
        near(
            "mean loss",
            loss(pass.loss()),
            sum,
            allowed + 16.0 * epsilon::<A>() * sum,
        );
    }
    for (entry, (expected, allowed)) in pass.d_b().iter().zip(d_b.iter().zip(&d_b_allowed)) {
        near("d_b", *entry, *expected, *allowed);
    }
    for (entry, (expected, allowed)) in pass.d_w().iter().zip(d_w.iter().zip(&d_w_allowed)) {
        near("d_w", *entry, *expected, *allowed);
    }
    norm(pass);
}

/// By how much two ways to a loss may differ.
fn allowed_loss<A: Float>(forward: &Forward<A>, rounding: &Rounding) -> f64 {
    let loss: f64 = forward.loss.into();
    rounding.part * loss + 4.0 * rounding.theta + 4.0 * rounding.tiny
}

/// The length of the gradient is between the largest entry and the sum of all.
fn norm<A: Float>(pass: &Pass<A>) {
    let entries = || {
        pass.d_w()
            .iter()
            .chain(pass.d_b())
            .map(|entry| (*entry).into().abs())
    };
    let norm: f64 = pass.gradient_norm().into();
    let most = entries().fold(0.0, f64::max);
    let unit = if most > 0.0 { most } else { 1.0 };
    let expected = entries()
        .map(|entry| (entry / unit).powi(2))
        .sum::<f64>()
        .sqrt();
    if most < 0.05 * largest::<A>() {
        let rounding = 64.0 * epsilon::<A>() + 2.0 * smallest::<A>() / unit;
        near("length of the gradient", norm / unit, expected, rounding);
    }
}

/// The same buffers give the same once more; of another batch they take nothing over.
fn again<A: Float>(layer: &Layer<A>, batch: &Batch<A>, pass: &Pass<A>) {
    let mut other = pass.clone();
    assert_eq!(found(other.rerun(layer, batch)), Some(()));
    assert_eq!(&other, pass);
    let fewer = batch.select(&[0]).expect("the first example");
    if batch.len() > 1 {
        assert!(found(other.rerun(layer, &fewer)).is_none());
        assert_eq!(&other, pass);
    }
    let rows: Vec<usize> = (0..batch.len()).rev().collect();
    let reversed = batch.select(&rows).expect("the rows there are");
    if found(other.rerun(layer, &reversed)).is_some() {
        assert_eq!(found(Pass::new(layer, &reversed)), Some(other.clone()));
        assert_eq!(found(other.rerun(layer, batch)), Some(()));
        assert_eq!(&other, pass);
    }
}

/// A step subtracts the gradient times the rate.
fn step<A: Float>(layer: &Layer<A>, pass: &Pass<A>, rate: A) {
    let stepped = found(pass.step(layer, rate));
    let (w, b) = (layer.w() - pass.d_w() * rate, layer.b() - pass.d_b() * rate);
    let number: f64 = rate.into();
    let right = number.is_finite() && number > 0.0 && finite(&w) && finite(&b);
    assert_eq!(stepped.is_some(), right);
    if let Some(stepped) = stepped {
        assert_eq!((stepped.w(), stepped.b()), (&w, &b));
    }
}
