//! The Hessian against differences of the gradient, and Newton's method against descent.

use ndarray::{Array1, Array2, array};
use proptest::collection::vec;
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::curvature::{Minimum, hessian, largest_eigenvalue, newton};
use softmax_backprop::training::{Descent, Stop, descend};
use softmax_backprop::{Error, Layer, central_differences};

use crate::random::same_cases_each_time;

/// A layer of two inputs and three classes and a batch of five examples with weights.
fn cases() -> impl Strategy<Value = (Layer, Batch)> {
    (
        vec(-2.0..2.0, 6),
        vec(-2.0..2.0, 3),
        vec(-2.0..2.0, 10),
        vec(0..3_usize, 5),
        vec(0.5..2.0, 5),
    )
        .prop_map(|(w, b, x, labels, weights)| {
            let layer = Layer::new(Array2::from_shape_vec((2, 3), w).unwrap(), b.into());
            let x = Array2::from_shape_vec((5, 2), x).unwrap();
            let batch = Batch::of_classes(x, labels, 3).unwrap();
            (
                layer.unwrap(),
                batch.weighted(&Array1::from(weights)).unwrap(),
            )
        })
}

/// All parameters in one vector, class by class, the bias last.
fn flat(w: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    Array1::from_shape_fn(9, |at| {
        if at % 3 < 2 {
            w[[at % 3, at / 3]]
        } else {
            b[at / 3]
        }
    })
}

fn layer_of(parameters: &Array1<f64>) -> Layer {
    let w = Array2::from_shape_fn((2, 3), |(i, k)| parameters[3 * k + i]);
    let b = Array1::from_shape_fn(3, |k| parameters[3 * k + 2]);
    Layer::new(w, b).unwrap()
}

proptest! {
    #![proptest_config(same_cases_each_time(60, 5))]

    #[test]
    fn the_hessian_is_the_derivative_of_the_gradient((layer, batch) in cases()) {
        let hessian = hessian(&layer, &batch).unwrap();
        let at = flat(layer.w(), layer.b());
        for row in 0..9 {
            let slopes = central_differences(
                |parameters| {
                    let pass = Pass::new(&layer_of(parameters), &batch)?;
                    Ok(flat(pass.d_w(), pass.d_b())[row])
                },
                &at,
            )
            .unwrap();
            for column in 0..9 {
                prop_assert!((hessian[[row, column]] - slopes[column]).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn the_hessian_is_positive_semi_definite((layer, batch) in cases(), v in vec(-1.0..1.0, 9)) {
        let hessian = hessian(&layer, &batch).unwrap();
        let v = Array1::from(v);
        prop_assert!(v.dot(&hessian.dot(&v)) >= -1e-14);
        for ((row, column), entry) in hessian.indexed_iter() {
            prop_assert!((entry - hessian[[column, row]]).abs() < 1e-15);
        }
    }

    #[test]
    fn one_number_more_for_all_classes_is_a_zero_direction((layer, batch) in cases(), v in vec(-1.0..1.0, 3)) {
        let hessian = hessian(&layer, &batch).unwrap();
        let direction = Array1::from_shape_fn(9, |at| v[at % 3]);
        for entry in hessian.dot(&direction) {
            prop_assert!(entry.abs() < 1e-14);
        }
    }
}

#[test]
fn the_largest_eigenvalue_is_found() {
    // The eigenvalues of [[2, 1], [1, 2]] are 1 and 3.
    let found = largest_eigenvalue(&array![[2.0, 1.0], [1.0, 2.0]]).unwrap();
    assert!((found - 3.0).abs() < 1e-12);
    let diagonal = Array2::from_diag(&array![0.5, 4.0, 0.0]);
    assert!((largest_eigenvalue(&diagonal).unwrap() - 4.0).abs() < 1e-12);
    assert_eq!(largest_eigenvalue(&Array2::zeros((3, 3))), Ok(0.0));
    // A vector of ones is a zero direction, as it is of every Hessian of softmax.
    let jacobian = array![[2.0, -1.0, -1.0], [-1.0, 2.0, -1.0], [-1.0, -1.0, 2.0]];
    assert!((largest_eigenvalue(&jacobian).unwrap() - 3.0).abs() < 1e-12);
}

#[test]
fn what_has_no_eigenvalue_is_refused() {
    let message = |matrix: Array2<f64>| largest_eigenvalue(&matrix).unwrap_err().to_string();
    assert_eq!(
        message(array![[1.0, 0.0]]),
        "matrix: expected shape 1×1, found 1×2"
    );
    assert_eq!(
        message(array![[f64::NAN]]),
        "matrix[0, 0]: expected a finite number, found NaN"
    );
    // Its square is 0, and both its eigenvalues.
    assert_eq!(
        message(array![[0.0, 1.0], [0.0, 0.0]]),
        "matrix[0, 1]: expected what stands at [1, 0]"
    );
    // 2·10³⁰⁸.
    assert_eq!(
        message(Array2::from_elem((2, 2), 1e308)),
        "largest eigenvalue: expected a finite number, found inf"
    );
}

/// Points on a line whose classes overlap, so that the loss has a minimum.
fn overlapping() -> Batch {
    let x = Array2::from_shape_fn((9, 1), |(n, _)| n as f64 - 4.0);
    Batch::of_classes(x, vec![0, 1, 0, 1, 2, 0, 2, 1, 2], 3).unwrap()
}

fn zero() -> Layer {
    Layer::new(Array2::zeros((1, 3)), Array1::zeros(3)).unwrap()
}

#[test]
fn newton_comes_to_where_descent_comes_to_in_few_steps() {
    let minimum = newton(&zero(), &overlapping(), 1e-12).unwrap();
    let last = minimum.steps[minimum.steps.len() - 1];
    assert!(last.gradient_norm <= 1e-12);
    assert!(minimum.steps.len() <= 8, "{} steps", minimum.steps.len());
    let pass = Pass::new(&minimum.layer, &overlapping()).unwrap();
    assert_eq!(
        (pass.loss(), pass.gradient_norm()),
        (last.loss, last.gradient_norm)
    );

    let descent = Descent {
        learning_rate: 0.2,
        epochs: 100_000,
        gradient_norm: 1e-11,
    };
    let trained = descend(zero(), &overlapping(), &descent, |_| ()).unwrap();
    assert_eq!(trained.stop, Stop::Gradient);
    assert!((trained.end.loss / last.loss - 1.0).abs() < 1e-12);
    for (one, other) in minimum.layer.w().iter().zip(trained.layer.w()) {
        assert!((one - other).abs() < 1e-8);
    }
}

#[test]
fn newton_takes_no_step_that_raises_the_loss() {
    let steep = Layer::new(array![[6.0, 0.0, -6.0]], array![5.0, 0.0, -5.0]).unwrap();
    let minimum = newton(&steep, &overlapping(), 1e-10).unwrap();
    let falls =
        |pair: &[softmax_backprop::curvature::Step]| pair[1].loss <= pair[0].loss * (1.0 + 1e-15);
    assert!(minimum.steps.windows(2).all(falls));
}

/// Both classes in each example, half and half: with the gap `z` between the logits the mean loss is
/// `ln 2 cosh z/2`, and Newton's step leads from `z` to `z − sinh z`, further from 0 where `sinh z > 2z`.
#[test]
fn where_newtons_step_raises_the_loss_weights_of_0_are_next() {
    let batch = Batch::of_distributions(array![[-1.0], [1.0]], Array2::from_elem((2, 2), 0.5));
    let batch = batch.unwrap();
    let loss = |z: f64| (2.0 * (z / 2.0).cosh()).ln();
    let after = |z: f64| {
        let start = Layer::new(array![[0.0, 0.0]], array![0.0, z]).unwrap();
        let steps = newton(&start, &batch, 1e-12).unwrap().steps;
        near(steps[0].loss, loss(z), 1e-14);
        steps[1].loss
    };
    near(after(2.0), loss(2.0 - f64::sinh(2.0)), 1e-14);
    // By two hundred-thousandths here, by four tenths there.
    for z in [2.17734_f64, 2.5] {
        assert!(z.sinh() > 2.0 * z);
        near(after(z), loss(0.0), 1e-14);
    }
}

/// One answer for both examples, and forty classes: at weights of 0 the Hessian is `1/K` along the
/// gradient, `1/K − p`, so that the step with `μ` leads to logits `(p − 1/K) / (1/K + μ)`. In inputs of
/// mean 0 and deviation 1 is `L = 1`.
#[test]
fn the_least_damping_that_lowers_the_loss_is_taken() {
    let classes = 40;
    let rest = 1e-4;
    let mut p = Array1::from_elem(classes, rest);
    p[0] = 0.8;
    p[1] = 0.2 - 38.0 * rest;
    let y = ndarray::stack![ndarray::Axis(0), p, p];
    let batch = Batch::of_distributions(array![[-1.0], [1.0]], y).unwrap();
    let zero = Layer::new(Array2::zeros((1, classes)), Array1::zeros(classes)).unwrap();
    let loss = |mu: f64| {
        let each = 1.0 / classes as f64;
        let z = (&p - each) / (each + mu);
        z.mapv(f64::exp).sum().ln() - p.dot(&z)
    };
    let at_zero = (classes as f64).ln();
    let mut damping = (-12..=0).map(|power| 10_f64.powi(power));
    let least = damping.find(|mu| loss(*mu) < at_zero).unwrap();
    assert!(loss(0.0) > at_zero && (1e-11..1.0).contains(&least));

    let steps = newton(&zero, &batch, 1e-12).unwrap().steps;
    near(steps[0].loss, at_zero, 1e-14);
    near(steps[1].loss, loss(least), 1e-12);
}

/// The one example with an input of its own weighs 10⁻²⁰: what its step promises is no digit of the
/// loss, yet the step is to be taken, and the input is none that depends on the others.
#[test]
fn an_input_of_an_example_with_next_to_no_weight_is_learnt() {
    let x = array![[0.0], [0.0], [1.0]];
    let y = array![[0.5, 0.5], [0.5, 0.5], [0.3, 0.7]];
    let batch = Batch::of_distributions(x.clone(), y).unwrap();
    let batch = batch.weighted(&array![1.0, 1.0, 1e-20]).unwrap();
    let zero = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    let found = newton(&zero, &batch, 1e-9).unwrap();
    let y_hat = predict(&found.layer, &x).unwrap();
    near(y_hat[[0, 1]], 0.5, 1e-14);
    near(y_hat[[2, 1]], 0.7, 1e-3);
}

#[test]
fn separable_data_have_no_minimum() {
    let x = array![[-2.0], [-1.0], [1.0], [2.0]];
    let batch = Batch::of_classes(x, vec![0, 0, 1, 1], 2).unwrap();
    let layer = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    // The gradient becomes as short as asked; the weights grow on.
    for length in [1e-3, 1e-9] {
        let message = refused(newton(&layer, &batch, length));
        assert!(
            message.ends_with("found separable ones; the loss has no minimum"),
            "{message}"
        );
    }
    // A plane parts them but for two that lie on it: the loss falls to (ln 2) / 3.
    let x = array![[-2.0], [-1.0], [0.0], [0.0], [1.0], [2.0]];
    let batch = Batch::of_classes(x, vec![0, 0, 0, 1, 1, 1], 2).unwrap();
    let message = refused(newton(&layer, &batch, 1e-9));
    assert!(
        message.ends_with("found separable ones; the loss has no minimum"),
        "{message}"
    );
    // So it is for labels that are certain here and in doubt there.
    let y = array![[1.0, 0.0], [1.0, 0.0], [0.3, 0.7], [0.0, 1.0]];
    let batch = Batch::of_distributions(array![[-2.0], [-1.0], [0.0], [2.0]], y).unwrap();
    let message = refused(newton(&layer, &batch, 1e-9));
    assert!(
        message.ends_with("found separable ones; the loss has no minimum"),
        "{message}"
    );
    // No label is certain: there is a minimum, far out.
    let y = array![[1.0 - 1e-9, 1e-9], [1e-9, 1.0 - 1e-9]];
    let batch = Batch::of_distributions(array![[-1.0], [1.0]], y).unwrap();
    let found = newton(&layer, &batch, 1e-15).unwrap().layer;
    let logit = f64::ln((1.0 - 1e-9) / 1e-9);
    assert!((found.w()[[0, 1]] - found.w()[[0, 0]] - logit).abs() < 1e-5);
}

/// Class 1 alone at 2.9, both classes at 0: the weight of class 1 may grow without end. From these
/// weights the second step is so long that nothing is left of the Hessian along it but rounding.
#[test]
fn rounding_is_no_minimum() {
    let x = array![[2.90625], [2.90625], [0.0], [0.0]];
    let batch = Batch::of_classes(x, vec![1, 1, 0, 1], 2).unwrap();
    let start = Layer::new(array![[0.09375, -3.25]], array![0.09375, 1.65625]).unwrap();
    assert_eq!(newton(&start, &batch, 1e-8), Err(Error::Separable));
}

/// Class 0 alone at 2.6, all classes at 0. From these weights the first step moves a logit by 1,900,
/// to where the example at 2.6 has no part in the Hessian, and the loss is below that of weights of 0.
#[test]
fn a_step_too_long_does_not_hide_that_classes_are_parted() {
    let x = array![[2.59375], [0.0], [0.0], [0.0], [0.0]];
    let batch = Batch::of_classes(x, vec![0, 0, 1, 1, 2], 3).unwrap();
    for b in [0.0, -0.03125] {
        let w = array![[-2.875, -1.03125, 0.15625]];
        let start = Layer::new(w, array![b, 0.0, 0.0]).unwrap();
        assert_eq!(newton(&start, &batch, 1e-8), Err(Error::Separable));
    }
}

/// Class 0 lies between two examples of class 1, so nothing parts them. From this start the Hessian is
/// rounding alone, and a step with it would seem to.
#[test]
fn rounding_of_the_hessian_parts_no_classes() {
    let batch = Batch::of_classes(array![[-2000.0], [-1.0], [1.0]], vec![1, 0, 1], 2).unwrap();
    let batch = batch.weighted(&array![1e-8, 1e-3, 1e-4]).unwrap();
    let start = Layer::new(array![[0.0, -64.0]], array![0.0, -728.0]).unwrap();
    let zero = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    let loss = |start| {
        let steps = newton(start, &batch, 1e-8).unwrap().steps;
        steps[steps.len() - 1].loss
    };
    near(loss(&start), loss(&zero), 1e-12);
}

/// From weights of 0 the steps lead to where the Hessian has no digits, and so they do again.
#[test]
fn newton_begins_anew_at_weights_of_0_only_once() {
    let (most, least) = (1.0 - 2e-6, 1e-6);
    let y = array![
        [least, least, most],
        [most, least, least],
        [least, most, least]
    ];
    let batch = Batch::of_distributions(array![[-1.0], [1000.0], [0.0]], y).unwrap();
    let batch = batch.weighted(&array![1e-3, 1e-2, 1.0]).unwrap();
    let zero = Layer::new(Array2::zeros((1, 3)), Array1::zeros(3)).unwrap();
    let steps = newton(&zero, &batch, 1e-8).unwrap().steps;
    let at_zero = steps.iter().filter(|step| step.loss == steps[0].loss);
    assert_eq!(at_zero.count(), 2);
}

/// Whole numbers, so that examples of several classes meet on the planes that part them.
#[test]
fn examples_on_the_plane_that_parts_the_classes_do_not_hide_it() {
    let mut rng = ChaCha8Rng::seed_from_u64(18);
    let mut counts = [0, 0];
    for case in 0..2_000 {
        let examples = rng.random_range(4..9);
        let points: Vec<f64> = (0..examples)
            .map(|_| f64::from(rng.random_range(-2..=2)))
            .collect();
        let labels: Vec<usize> = (0..examples).map(|_| rng.random_range(0..2)).collect();
        let of = |class| {
            let pairs = points.iter().zip(&labels);
            let points = pairs.filter(move |(_, label)| **label == class);
            let points: Vec<f64> = points.map(|(x, _)| *x).collect();
            let (least, most) = (f64::INFINITY, f64::NEG_INFINITY);
            let both = |(low, high): (f64, f64), x: &f64| (low.min(*x), high.max(*x));
            points.iter().fold((least, most), both)
        };
        let (one, other) = (of(0), of(1));
        let is_constant = one.0.min(other.0) == one.1.max(other.1);
        if labels.iter().all(|label| *label == labels[0]) || is_constant {
            continue;
        }
        let is_parted = one.1 <= other.0 || other.1 <= one.0;
        let x = Array2::from_shape_vec((examples, 1), points.clone()).unwrap();
        let batch = Batch::of_classes(x, labels.clone(), 2).unwrap();
        let size = 10_f64.powi(rng.random_range(-1..4));
        let w = Array2::from_shape_simple_fn((1, 2), || rng.random_range(-size..size));
        let b = Array1::from_shape_simple_fn(2, || rng.random_range(-size..size));
        let found = newton(&Layer::new(w, b).unwrap(), &batch, 1e-10);
        let expected = match is_parted {
            true => matches!(found, Err(Error::Separable)),
            false => found.is_ok(),
        };
        assert!(expected, "case {case}: {points:?} {labels:?}: {found:?}");
        counts[usize::from(is_parted)] += 1;
    }
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
}

fn refused(result: softmax_backprop::Result<Minimum>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_class_without_examples_is_named() {
    let expected = "class 1: expected an example of it, found none; the loss has no minimum";
    let x = array![[-1.0], [1.0], [2.0], [0.5]];
    let batch = Batch::of_classes(x.clone(), vec![0, 2, 0, 2], 3).unwrap();
    assert_eq!(refused(newton(&zero(), &batch, 1e-9)), expected);
    let y = array![
        [0.5, 0.0, 0.5],
        [0.2, 0.0, 0.8],
        [1.0, 0.0, 0.0],
        [0.5, 0.0, 0.5]
    ];
    let batch = Batch::of_distributions(x, y).unwrap();
    assert_eq!(refused(newton(&zero(), &batch, 1e-9)), expected);
}

#[test]
fn an_input_that_depends_on_the_others_is_named() {
    let labels = vec![0, 1, 0, 1, 1, 0];
    let x1 = array![1.0, 2.0, 3.0, 4.0, 5.0, 6.5];
    let x2 = array![0.3, 0.1, 0.9, 0.2, 0.5, 0.4];
    let sum = &x1 * 1000.0 - &x2 + 0.1;
    let constant = Array1::from_elem(6, 0.1);
    for (columns, column) in [
        (vec![&x1, &x2, &sum], 2),
        (vec![&x1, &constant, &x2], 1),
        (vec![&constant, &x1], 0),
        (vec![&x1, &x1], 1),
    ] {
        let views: Vec<_> = columns.iter().map(|column| column.view()).collect();
        let x = ndarray::stack(ndarray::Axis(1), &views).unwrap();
        let layer = Layer::new(Array2::zeros((columns.len(), 2)), Array1::zeros(2)).unwrap();
        let batch = Batch::of_classes(x, labels.clone(), 2).unwrap();
        let message = refused(newton(&layer, &batch, 1e-9));
        assert!(
            message.starts_with(&format!("input {column}: expected")),
            "{message}"
        );
    }
}

/// Eight points on a line and two classes; `x` is moved and stretched. References: 60 digits.
fn line(shift: f64, scale: f64) -> Batch {
    let x = Array2::from_shape_fn((8, 1), |(n, _)| (n as f64 - 3.5) * scale + shift);
    Batch::of_classes(x, vec![0, 0, 1, 0, 1, 0, 1, 1], 2).unwrap()
}

const SLOPE: f64 = 0.297_042_180_099_289;
const LOSS: f64 = 0.528_098_817_179_570_6;

fn near(found: f64, expected: f64, digits: f64) {
    assert!(
        (found / expected - 1.0).abs() < digits,
        "{found} for {expected}"
    );
}

#[test]
fn newton_comes_to_the_minimum_from_anywhere() {
    for start in [0.0, 1.0, -5.0, 50.0, -50.0, 1e3, -1e3, 1e6, -1e6] {
        for bias in [0.0, 50.0, -1e4] {
            let layer = Layer::new(array![[-start, start]], array![-bias, bias]).unwrap();
            let found = newton(&layer, &line(0.0, 1.0), 1e-12).unwrap();
            near(
                found.layer.w()[[0, 1]] - found.layer.w()[[0, 0]],
                2.0 * SLOPE,
                1e-11,
            );
            near(found.steps[found.steps.len() - 1].loss, LOSS, 1e-14);
        }
    }
}

/// Whether this processor rounds a product before it is added: `(1 + ε)² − (1 + 2ε)` is `ε²`, and 0
/// then.
fn products_are_rounded() -> bool {
    let (one, e) = (f64::powi(2.0, 30), f64::powi(2.0, -30));
    let w = array![[-(1.0 + 2.0 * e) * one * one, 0.0], [(1.0 + e) * one, 0.0]];
    let layer = Layer::new(w, array![0.0, 0.0]).unwrap();
    predict(&layer, &array![[1.0, (1.0 + e) * one]]).unwrap()[[0, 0]] == 0.5
}

#[test]
fn newton_comes_to_the_minimum_for_inputs_of_any_size() {
    // Of the gradient at inputs of 10⁵ that differ by 10⁻² no more digits are left.
    let shifted = if products_are_rounded() { 1e-3 } else { 1e-6 };
    let zero = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    for (shift, scale, length, digits) in [
        (1e5, 1.0, 1e-5, 1e-6),
        (-1e5, 1.0, 1e-5, 1e-6),
        (0.0, 1e9, 1e-4, 1e-6),
        (0.0, 1e-9, 1e-15, 1e-3),
        (1e5, 1e-2, 1e-5, shifted),
        (0.0, 1e100, 1e90, 1e-6),
        (0.0, 1e-100, 1e-15, 1e-3),
    ] {
        let found = newton(&zero, &line(shift, scale), length).unwrap();
        near(found.layer.w()[[0, 1]], SLOPE / scale, digits);
        near(found.steps[found.steps.len() - 1].loss, LOSS, digits);
    }
}

/// Any data, any start: one minimum, or one reason why there is none.
#[test]
fn newton_gives_the_same_answer_from_any_start() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let mut outcomes = std::collections::BTreeMap::new();
    for case in 0..300 {
        let (inputs, classes) = (rng.random_range(1..4), rng.random_range(2..5));
        let examples = rng.random_range(2..20);
        let x = Array2::from_shape_simple_fn((examples, inputs), || {
            let x: f64 = rng.random_range(-2.0..2.0);
            // In every other case examples meet, and lie on planes that part the classes.
            if case % 2 == 0 { x } else { x.round() }
        });
        let labels = (0..examples)
            .map(|_| rng.random_range(0..classes))
            .collect();
        let batch = Batch::of_classes(x, labels, classes).unwrap();
        let size = 10_f64.powi(rng.random_range(-1..6));
        let w = Array2::from_shape_simple_fn((inputs, classes), || rng.random_range(-size..size));
        let b = Array1::from_shape_simple_fn(classes, || rng.random_range(-size..size));
        let near = Layer::new(Array2::zeros((inputs, classes)), Array1::zeros(classes)).unwrap();
        let far = Layer::new(w, b).unwrap();
        let end = |start| newton(start, &batch, 1e-10);
        let name = match (end(&near), end(&far)) {
            (Ok(one), Ok(other)) => {
                let loss = |found: &Minimum| found.steps[found.steps.len() - 1].loss;
                assert!((loss(&one) - loss(&other)).abs() < 1e-13, "case {case}");
                let apart = one.layer.w() - one.layer.b() - (other.layer.w() - other.layer.b());
                let mean = apart.mean_axis(ndarray::Axis(1)).unwrap();
                let apart = apart - mean.insert_axis(ndarray::Axis(1));
                assert!(apart.iter().all(|d| d.abs() < 1e-6), "case {case}: {apart}");
                "minimum".to_owned()
            }
            (Err(one), Err(other)) => {
                assert_eq!(one, other, "case {case}");
                format!("{one:?}").split(' ').next().unwrap().to_owned()
            }
            other => panic!("case {case}: {other:?}"),
        };
        *outcomes.entry(name).or_insert(0) += 1;
    }
    let names: Vec<_> = outcomes.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["AbsentClass", "DependentInput", "Separable", "minimum"]
    );
}

#[test]
fn what_rounding_forbids_is_named() {
    let zero = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    for (shift, scale) in [(0.0, 1e9), (1e5, 1.0)] {
        let message = refused(newton(&zero, &line(shift, scale), 1e-12));
        assert!(
            message.starts_with("gradient norm: expected 1e-12, found "),
            "{message}"
        );
    }
}

#[test]
fn the_curvature_keeps_its_digits_where_a_class_is_certain() {
    // ŷ₀ ŷ₁ at a gap of 40, of which 1 − ŷ₁ shows nothing.
    let certain = Layer::new(array![[0.0, 40.0]], array![0.0, 0.0]).unwrap();
    let batch = Batch::of_classes(array![[1.0]], vec![0], 2).unwrap();
    let h = hessian(&certain, &batch).unwrap();
    for entry in h.iter() {
        near(entry.abs(), 4.248_354_255_291_589e-18, 1e-14);
    }
    // One class has no curvature, and no −0 either.
    let one = Layer::new(array![[3.0]], array![0.0]).unwrap();
    let batch = Batch::of_classes(array![[1.0]], vec![0], 1).unwrap();
    for entry in hessian(&one, &batch).unwrap() {
        assert_eq!(entry.to_bits(), 0);
    }
}

#[test]
fn a_curvature_beyond_the_range_of_f64_is_an_error() {
    let batch = Batch::of_classes(array![[1e200], [1.0]], vec![0, 1], 2).unwrap();
    let layer = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    assert_eq!(
        hessian(&layer, &batch).unwrap_err().to_string(),
        "hessian[0, 0]: expected a finite number, found inf"
    );
}

/// The eigenvalues of a two-class Hessian at zero weights are those of `x̌x̌ᵀ`, halved, and 0.
#[test]
fn no_eigenvalue_is_missed() {
    let zero = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    let batch = Batch::of_classes(array![[-1.0], [1.0], [-1.0], [-1.0]], vec![0, 1, 0, 1], 2);
    let h = hessian(&zero, &batch.unwrap()).unwrap();
    near(largest_eigenvalue(&h).unwrap(), 0.75, 1e-14);

    // QᵀDQ for a reflection Q = I − 2vvᵀ / vᵀv has the eigenvalues D, whatever v is.
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    for size in 1..12 {
        for _ in 0..40 {
            let mut draw = || Array1::from_shape_simple_fn(size, || rng.random_range(-1.0..1.0));
            let (d, v) = (draw(), draw());
            let outer = Array2::from_shape_fn((size, size), |(i, j)| v[i] * v[j]);
            let q = Array2::eye(size) - outer * (2.0 / v.dot(&v));
            let a = q.dot(&Array2::from_diag(&d)).dot(&q);
            let largest = d.iter().copied().fold(f64::MIN, f64::max);
            let found = largest_eigenvalue(&a).unwrap();
            assert!((found - largest).abs() < 1e-14, "{found} for {largest}");
        }
    }
}

#[test]
fn an_eigenvalue_of_any_size_is_found() {
    for unit in [1e155, 1e-155, 1e308, f64::MIN_POSITIVE, 5e-324, -1e155] {
        assert_eq!(largest_eigenvalue(&array![[unit]]), Ok(unit));
    }
    near(
        largest_eigenvalue(&Array2::from_elem((2, 2), 1e307)).unwrap(),
        2e307,
        1e-14,
    );
    // Two that are nearly the same.
    let close = Array2::from_diag(&array![1.0, 1.0 - 1e-6]);
    assert_eq!(largest_eigenvalue(&close), Ok(1.0));
    // None is above 0.
    let negative = array![[-2.0, 1.0], [1.0, -2.0]];
    near(largest_eigenvalue(&negative).unwrap(), -1.0, 1e-14);
}

#[test]
fn what_is_no_length_is_refused() {
    for length in [0.0, -1.0, f64::NAN] {
        assert_eq!(
            newton(&zero(), &overlapping(), length)
                .unwrap_err()
                .to_string(),
            format!("gradient norm: expected a finite number above 0, found {length}")
        );
    }
}
