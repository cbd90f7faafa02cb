//! Many examples at once against one example at a time, and what a batch refuses.

use approx::assert_relative_eq;
use ndarray::{Array1, Array2, Axis, array, concatenate};
use proptest::collection::vec;
use proptest::prelude::*;
use softmax_backprop::batch::{Batch, Pass, classify, predict};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::{Classifier, Error, Layer, Target, central_differences, softmax};

use crate::random::same_cases_each_time;

#[derive(Debug)]
struct Case {
    layer: Layer,
    x: Array2<f64>,
    labels: Vec<usize>,
    y: Array2<f64>,
    weights: Array1<f64>,
}

/// A layer and examples; with large inputs, so that probabilities round to 0 and 1 as well.
fn cases() -> impl Strategy<Value = Case> {
    (1..6_usize, 1..4_usize, 1..5_usize).prop_flat_map(|(examples, inputs, classes)| {
        (
            vec(-3.0..3.0, inputs * classes),
            vec(-3.0..3.0, classes),
            vec(prop_oneof![-2.0..2.0, -300.0..300.0], examples * inputs),
            vec(0..classes, examples),
            vec(0.0..1.0, examples * classes),
            vec(0.1..5.0, examples),
        )
            .prop_map(move |(w, b, x, labels, y, weights)| {
                let y = Array2::from_shape_vec((examples, classes), y).unwrap() + 1e-3;
                let sums = y.sum_axis(Axis(1)).insert_axis(Axis(1));
                Case {
                    layer: Layer::new(
                        Array2::from_shape_vec((inputs, classes), w).unwrap(),
                        b.into(),
                    )
                    .unwrap(),
                    x: Array2::from_shape_vec((examples, inputs), x).unwrap(),
                    labels,
                    y: y / sums,
                    weights: weights.into(),
                }
            })
    })
}

/// The pass over a batch must be the weighted mean of the passes over its examples.
fn agrees_with_single_examples(layer: &Layer, batch: &Batch, targets: &[Target], shares: &[f64]) {
    let classifier = Classifier::new(layer.clone());
    let pass = Pass::new(layer, batch).unwrap();
    let mut loss = 0.0;
    let mut d_w = Array2::zeros(layer.w().dim());
    let mut d_b = Array1::zeros(layer.b().len());
    for (n, (y, share)) in targets.iter().zip(shares).enumerate() {
        let forward = classifier.forward(&batch.x().row(n), y).unwrap();
        let gradients = classifier.backward(&forward).unwrap();
        let delta = d_theta(&softmax(&forward.theta), y).unwrap() * *share;
        for (found, expected) in pass.d_theta().row(n).iter().zip(&delta) {
            assert_relative_eq!(*found, *expected, max_relative = 1e-11, epsilon = 1e-300);
        }
        loss += share * forward.loss;
        d_w += &(gradients.w * *share);
        d_b += &(gradients.b * *share);
    }
    assert_relative_eq!(pass.loss(), loss, max_relative = 1e-12, epsilon = 1e-300);
    for (found, expected) in pass.d_w().iter().zip(&d_w) {
        assert_relative_eq!(*found, *expected, max_relative = 1e-9, epsilon = 1e-12);
    }
    for (found, expected) in pass.d_b().iter().zip(&d_b) {
        assert_relative_eq!(*found, *expected, max_relative = 1e-9, epsilon = 1e-14);
    }
}

proptest! {
    #![proptest_config(same_cases_each_time(200, 4))]

    #[test]
    fn classes_give_the_mean_of_the_single_examples(case in cases()) {
        let (examples, classes) = case.y.dim();
        let targets: Vec<Target> =
            case.labels.iter().map(|&k| Target::one_hot(k, classes).unwrap()).collect();
        let batch = Batch::of_classes(case.x, case.labels, classes).unwrap();
        let shares = vec![1.0 / examples as f64; examples];
        agrees_with_single_examples(&case.layer, &batch, &targets, &shares);
    }

    #[test]
    fn distributions_and_weights_give_the_weighted_mean(case in cases()) {
        let targets: Vec<Target> = case
            .y
            .outer_iter()
            .map(|row| Target::distribution(row.to_owned()).unwrap())
            .collect();
        let batch = Batch::of_distributions(case.x, case.y).unwrap();
        let batch = batch.weighted(&case.weights).unwrap();
        let shares = (&case.weights / case.weights.sum()).to_vec();
        agrees_with_single_examples(&case.layer, &batch, &targets, &shares);
    }

    #[test]
    fn one_hot_rows_are_classes(case in cases()) {
        let classes = case.y.ncols();
        let of_classes = Batch::of_classes(case.x.clone(), case.labels, classes).unwrap();
        let of_rows = Batch::of_distributions(case.x, of_classes.y()).unwrap();
        let one = Pass::new(&case.layer, &of_classes).unwrap();
        let other = Pass::new(&case.layer, &of_rows).unwrap();
        prop_assert!((one.loss() - other.loss()).abs() <= 1e-14 * one.loss());
        for (one, other) in one.d_theta().iter().zip(other.d_theta()) {
            assert_relative_eq!(*one, *other, max_relative = 1e-13, epsilon = 1e-300);
        }
    }

    #[test]
    fn predictions_are_those_of_single_examples(case in cases()) {
        let classifier = Classifier::new(case.layer.clone());
        let y_hat = predict(&case.layer, &case.x).unwrap();
        for (x, row) in case.x.outer_iter().zip(y_hat.outer_iter()) {
            let single = classifier.predict(&x).unwrap();
            for (found, expected) in row.iter().zip(single.as_array()) {
                assert_relative_eq!(*found, *expected, max_relative = 1e-11, epsilon = 1e-300);
            }
        }
    }

    #[test]
    fn an_example_twice_changes_nothing(case in cases()) {
        let classes = case.y.ncols();
        let once = Batch::of_classes(case.x.clone(), case.labels.clone(), classes).unwrap();
        let rows: Vec<usize> = (0..once.len()).chain(0..once.len()).collect();
        let twice = once.select(&rows).unwrap();
        let x = concatenate(Axis(0), &[case.x.view(), case.x.view()]).unwrap();
        prop_assert_eq!(twice.x(), &x);
        let one = Pass::new(&case.layer, &once).unwrap();
        let other = Pass::new(&case.layer, &twice).unwrap();
        prop_assert!((one.loss() - other.loss()).abs() <= 1e-13 * one.loss());
        prop_assert!((one.gradient_norm() - other.gradient_norm()).abs() <= 1e-12);
    }

    #[test]
    fn the_gradient_is_that_of_the_mean_loss(case in cases()) {
        let x = case.x.mapv(|x| x / 300.0);
        let batch = Batch::of_distributions(x, case.y).unwrap();
        let batch = batch.weighted(&case.weights).unwrap();
        let pass = Pass::new(&case.layer, &batch).unwrap();
        let slopes = central_differences(
            |w| {
                let layer = Layer::new(w.clone(), case.layer.b().clone())?;
                Ok(Pass::new(&layer, &batch)?.loss())
            },
            case.layer.w(),
        )
        .unwrap();
        for (formula, slope) in pass.d_w().iter().zip(&slopes) {
            prop_assert!((formula - slope).abs() < 1e-8);
        }
    }
}

#[test]
fn a_second_pass_in_the_same_buffers_is_the_first_pass_of_a_new_one() {
    let one = Layer::new(
        array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]],
        array![0.1, -0.2, 0.3],
    );
    let one = one.unwrap();
    let x = array![[0.6, -1.1], [2.0, 0.5]];
    let batch = Batch::of_classes(x, vec![1, 2], 3).unwrap();
    let mut pass = Pass::new(&one, &batch).unwrap();
    let other = pass.step(&one, 0.5).unwrap();
    pass.rerun(&other, &batch).unwrap();
    assert_eq!(pass, Pass::new(&other, &batch).unwrap());
}

#[test]
fn a_pass_that_failed_holds_no_number() {
    let layer = Layer::new(array![[0.2, -0.4]], array![0.1, -0.2]).unwrap();
    let batch = |x: f64| Batch::of_classes(array![[x]], vec![1], 2).unwrap();
    let steep = Layer::new(array![[1e308, -1e308]], array![0.0, 0.0]).unwrap();
    let first = Pass::new(&layer, &batch(0.5)).unwrap();
    let mut pass = first.clone();
    assert!(pass.rerun(&steep, &batch(10.0)).is_err());
    let numbers = pass.d_theta().iter().chain(pass.d_w()).chain(pass.d_b());
    assert!(
        numbers
            .chain([&pass.loss(), &pass.gradient_norm()])
            .all(|number| number.is_nan())
    );
    assert!(pass.step(&layer, 0.1).is_err());
    // The next is none the worse.
    pass.rerun(&layer, &batch(0.5)).unwrap();
    assert_eq!(pass, first);
    // Another shape is refused before anything is written.
    let wide = Layer::new(array![[1.0, 2.0, 3.0]], array![0.0, 0.0, 0.0]).unwrap();
    assert!(pass.rerun(&wide, &batch(0.5)).is_err());
    assert_eq!(pass, first);
}

#[test]
fn a_loss_counts_by_its_share_before_it_overflows() {
    // The second loss is 2·10³⁰⁸ by itself; a hundredth of it is not.
    let layer = Layer::new(array![[1e308, -1e308]], array![0.0, 0.0]).unwrap();
    let x = || array![[1.0], [1.0]];
    let one_hot = Batch::of_classes(x(), vec![0, 1], 2).unwrap();
    let rows = Batch::of_distributions(x(), array![[1.0, 0.0], [0.0, 1.0]]).unwrap();
    for batch in [one_hot, rows] {
        let batch = batch.weighted(&array![99.0, 1.0]).unwrap();
        let pass = Pass::new(&layer, &batch).unwrap();
        assert_relative_eq!(pass.loss(), 2e306, max_relative = 1e-14);
    }
}

#[test]
fn the_length_of_a_gradient_has_no_overflow_and_no_underflow() {
    let layer = Layer::new(array![[0.0, 0.0]], array![0.0, 0.0]).unwrap();
    // Two examples whose biases cancel: ∇W = ±x / 2.
    for size in [1e200, 1e-200, 1.0, f64::MIN_POSITIVE] {
        let x = array![[size], [-size]];
        let pass = Pass::new(&layer, &Batch::of_classes(x, vec![0, 1], 2).unwrap()).unwrap();
        assert_relative_eq!(
            pass.gradient_norm(),
            size * 0.5_f64.sqrt(),
            max_relative = 1e-14
        );
    }
}

#[test]
fn a_label_that_is_right_for_certain_has_a_gradient_of_0() {
    let layer = Layer::<f64>::new(array![[1000.0, -1000.0]], array![0.0, 0.0]).unwrap();
    let batch = Batch::of_classes(array![[1.0]], vec![0], 2).unwrap();
    for batch in [
        batch.clone(),
        Batch::of_distributions(array![[1.0]], batch.y()).unwrap(),
    ] {
        let pass = Pass::new(&layer, &batch).unwrap();
        let numbers = pass.d_theta().iter().chain(pass.d_w()).chain(pass.d_b());
        assert!(
            numbers
                .chain([&pass.loss()])
                .all(|number| number.to_bits() == 0)
        );
    }
}

/// `ω_n J_n / (N ω̄)` for each example, whatever the others are: the mean over all minibatches of
/// one size is the loss of the whole.
#[test]
fn what_is_selected_keeps_its_weight() {
    let layer = Layer::new(array![[0.2, -0.4]], array![0.1, -0.2]).unwrap();
    let batch = Batch::of_classes(array![[1.0], [2.0], [-0.5], [3.0]], vec![0, 1, 1, 0], 2);
    let batch = batch
        .unwrap()
        .weighted(&array![9.0, 1.0, 4.0, 2.0])
        .unwrap();
    let whole = Pass::new(&layer, &batch).unwrap();
    assert_relative_eq!(batch.shares().sum(), 1.0, max_relative = 1e-15);
    let (mut loss, mut d_w) = (0.0, Array2::zeros((1, 2)));
    for (n, m) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        let pass = Pass::new(&layer, &batch.select(&[n, m]).unwrap()).unwrap();
        loss += pass.loss() / 6.0;
        d_w += &(pass.d_w() / 6.0);
    }
    assert_relative_eq!(loss, whole.loss(), max_relative = 1e-14);
    for (found, expected) in d_w.iter().zip(whole.d_w()) {
        assert_relative_eq!(*found, *expected, max_relative = 1e-13);
    }
    // 9 is nine quarters of the mean weight, 4.
    assert_eq!(batch.select(&[0]).unwrap().shares(), array![2.25]);
    let twice = batch.select(&[3, 0]).unwrap().select(&[1]).unwrap();
    assert_eq!(twice, batch.select(&[0]).unwrap());
}

#[test]
fn a_wrong_example_is_named() {
    let x = || array![[0.0], [1.0]];
    let message = |result: Result<Batch, Error>| result.unwrap_err().to_string();
    assert_eq!(
        message(Batch::of_classes(x(), vec![0, 3], 3)),
        "example 1: class: expected an index below 3, found 3"
    );
    assert_eq!(
        message(Batch::of_classes(x(), vec![0], 3)),
        "labels: expected shape 2, found 1"
    );
    assert_eq!(
        message(Batch::of_classes(array![[0.0], [f64::NAN]], vec![0, 1], 3)),
        "x[1, 0]: expected a finite number, found NaN"
    );
    assert_eq!(
        message(Batch::of_distributions(x(), array![[1.0, 0.0], [0.5, 0.6]])),
        "example 1: y: expected entries that sum to 1, found a sum of 1.1"
    );
    assert_eq!(
        message(Batch::of_distributions(x(), array![[1.0, 0.0]])),
        "y: expected shape 2×2, found 1×2"
    );
    let batch = Batch::of_classes(x(), vec![0, 1], 2).unwrap();
    assert_eq!(
        message(batch.clone().weighted(&array![1.0, -1.0])),
        "weights[1]: expected a number of at least 0, found -1"
    );
    assert_eq!(
        message(batch.clone().weighted(&array![1.0, f64::INFINITY])),
        "weights[1]: expected a finite number, found inf"
    );
    assert_eq!(
        message(batch.clone().weighted(&array![0.0, 0.0])),
        "examples that count: expected at least one entry, found none"
    );
    // Its share, 10⁻³⁴⁰, is below the smallest number.
    assert_eq!(
        message(batch.clone().weighted(&array![1e-170, 1e170])),
        "example 0: share: expected a finite number above 0, found 0"
    );
    assert_eq!(
        message(batch.clone().weighted(&array![5e-324, 1e300])),
        "example 0: share: expected a finite number above 0, found 0"
    );
    assert_eq!(
        message(batch.clone().weighted(&array![1.0])),
        "weights: expected shape 2, found 1"
    );
    assert_eq!(
        message(batch.clone().weighted(&array![f64::MAX, f64::MAX])),
        "sum of weights: expected a finite number, found inf"
    );
    assert_eq!(
        message(batch.select(&[0, 2])),
        "example: expected an index below 2, found 2"
    );
    assert_eq!(
        message(batch.select(&[])),
        "rows: expected at least one entry, found none"
    );
}

#[test]
fn a_batch_of_another_shape_is_refused() {
    let layer = Layer::new(array![[1.0, 2.0]], array![0.0, 0.0]).unwrap();
    let wide = Batch::of_classes(array![[1.0, 2.0]], vec![0], 2).unwrap();
    let classes = Batch::of_classes(array![[1.0]], vec![0], 3).unwrap();
    let fits = Batch::of_classes(array![[1.0]], vec![0], 2).unwrap();
    let longer = Batch::of_classes(array![[1.0], [2.0]], vec![0, 1], 2).unwrap();
    let message = |result: Result<Pass, Error>| result.unwrap_err().to_string();
    assert_eq!(
        message(Pass::new(&layer, &wide)),
        "x: expected shape 1×1, found 1×2"
    );
    assert_eq!(
        message(Pass::new(&layer, &classes)),
        "classes of the batch: expected shape 2, found 3"
    );
    let mut pass = Pass::new(&layer, &fits).unwrap();
    assert_eq!(
        pass.rerun(&layer, &longer).unwrap_err().to_string(),
        "buffer: expected shape 2×2, found 1×2"
    );
    assert_eq!(
        predict(&layer, &array![[1.0, 2.0]])
            .unwrap_err()
            .to_string(),
        "x: expected shape 1×1, found 1×2"
    );
}

#[test]
fn an_example_of_weight_0_counts_nothing() {
    let layer = Layer::new(array![[0.3, -0.2]], array![0.1, 0.0]).unwrap();
    let all = Batch::of_classes(array![[1.0], [1e300], [2.0]], vec![0, 1, 1], 2).unwrap();
    let counted = all.select(&[0, 2]).unwrap();
    let all = all.weighted(&array![1.0, 0.0, 1.0]).unwrap();
    let (pass, other) = (Pass::new(&layer, &all), Pass::new(&layer, &counted));
    let (pass, other) = (pass.unwrap(), other.unwrap());
    assert_eq!(pass.loss(), other.loss());
    assert_eq!(pass.d_w(), other.d_w());
    assert_eq!(pass.d_b(), other.d_b());
    // It has the gradient 0, and not −0, where its label is in doubt as well.
    let y = array![[0.25, 0.75], [0.5, 0.5]];
    let batch = Batch::of_distributions(array![[1.0], [2.0]], y).unwrap();
    let batch = batch.weighted(&array![0.0, 1.0]).unwrap();
    let pass = Pass::new(&layer, &batch).unwrap();
    assert!(pass.d_theta().row(0).iter().all(|d: &f64| d.to_bits() == 0));
}

#[test]
fn of_classes_that_are_equally_probable_the_first_is_named() {
    let layer = Layer::new(array![[0.0, 1.0, 1.0]], array![0.0, 0.0, 0.0]).unwrap();
    let x = array![[1.0], [0.0], [-1.0]];
    assert_eq!(classify(&layer, &x).unwrap(), [1, 0, 0]);
    let batch = Batch::of_classes(x, vec![0, 1, 2], 3).unwrap();
    assert!(!batch.is_empty());
}
