//! Every bad input, with the error that names it; and the extreme inputs that are not bad.

use std::fmt::Debug;

use ndarray::{Array1, Array2, ArrayRef1, Axis, Slice, array};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::Batch;
use softmax_backprop::cross_entropy::{d_theta, d_y_hat};
use softmax_backprop::lanes;
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::softmax::{jacobian, vector_jacobian_product};
use softmax_backprop::{
    Classifier, Error, Forward, Gradients, Layer, Logits, Probabilities, Result, Target,
    central_differences, cross_entropy, cross_entropy_from_logits, gradient_check, log_softmax,
    softmax,
};

const NOT_FINITE: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

/// Asserts that the result is this error, with this message.
#[track_caller]
fn fails<T: Debug>(result: Result<T>, expected: &Error, message: &str) {
    let error = result.unwrap_err();
    // By what they show, since a NaN does not equal itself.
    assert_eq!(format!("{error:?}"), format!("{expected:?}"));
    assert_eq!(error.to_string(), message);
}

#[track_caller]
fn fails_on_shape<T: Debug>(
    result: Result<T>,
    what: &'static str,
    expected: &[usize],
    found: &[usize],
    message: &str,
) {
    let error = Error::Shape {
        what,
        expected: expected.to_vec(),
        found: found.to_vec(),
    };
    fails(result, &error, message);
}

/// The message is `what[at]: expected a finite number, found …`.
#[track_caller]
fn fails_on_not_finite<T: Debug>(result: Result<T>, what: &'static str, at: &[usize], found: f64) {
    let error = Error::NotFinite {
        what,
        at: at.to_vec(),
        found,
    };
    let number = if found.is_nan() {
        "NaN"
    } else if found > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    let message = format!("{what}{at:?}: expected a finite number, found {number}");
    fails(result, &error, &message);
}

/// The message is `what: expected at least one entry, found none`.
#[track_caller]
fn fails_on_empty<T: Debug>(result: Result<T>, what: &'static str) {
    let message = format!("{what}: expected at least one entry, found none");
    fails(result, &Error::Empty { what }, &message);
}

fn layer() -> Layer {
    let w = array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]];
    Layer::new(w, array![0.1, -0.2, 0.3]).unwrap()
}

fn classifier() -> Classifier {
    Classifier::new(layer())
}

fn x() -> Array1<f64> {
    array![0.6, -1.1]
}

fn logits(theta: &[f64]) -> Logits {
    Logits::new(theta.to_vec().into()).unwrap()
}

fn probabilities(y_hat: &[f64]) -> Probabilities {
    Probabilities::new(y_hat.to_vec().into()).unwrap()
}

fn one_hot(class: usize, classes: usize) -> Target {
    Target::one_hot(class, classes).unwrap()
}

fn soft(y: &[f64]) -> Target {
    Target::distribution(y.to_vec().into()).unwrap()
}

fn forward() -> Forward {
    classifier().forward(&x(), &one_hot(1, 3)).unwrap()
}

fn gradients() -> Gradients {
    classifier().backward(&forward()).unwrap()
}

#[test]
fn a_bias_for_each_column_of_w_is_demanded() {
    let w = Array2::<f64>::zeros((2, 3));
    fails_on_shape(
        Layer::new(w.clone(), Array1::zeros(2)),
        "b",
        &[3],
        &[2],
        "b: expected shape 3, found 2",
    );
    fails_on_shape(
        Layer::new(w, Array1::zeros(0)),
        "b",
        &[3],
        &[0],
        "b: expected shape 3, found 0",
    );
}

#[test]
fn an_input_for_each_row_of_w_is_demanded() {
    let y = one_hot(1, 3);
    for (wrong, message) in [
        (array![1.0, 2.0, 3.0], "x: expected shape 2, found 3"),
        (array![1.0], "x: expected shape 2, found 1"),
        (array![], "x: expected shape 2, found 0"),
    ] {
        let found = &[wrong.len()];
        let check = |result| fails_on_shape::<()>(result, "x", &[2], found, message);
        check(layer().forward(&wrong).map(drop));
        check(layer().backward(&wrong, &array![0.1, 0.2, -0.3]).map(drop));
        check(classifier().predict(&wrong).map(drop));
        check(classifier().forward(&wrong, &y).map(drop));
        check(gradient_check(&classifier(), &wrong, &y).map(drop));
    }
}

#[test]
fn a_label_for_each_class_is_demanded() {
    let theta = logits(&[0.1, 0.2, 0.3]);
    let y_hat = softmax(&theta);
    for (wrong, message) in [
        (one_hot(1, 2), "y: expected shape 3, found 2"),
        (one_hot(1, 4), "y: expected shape 3, found 4"),
    ] {
        let found = wrong.as_array().shape();
        let check = |result| fails_on_shape::<()>(result, "y", &[3], found, message);
        check(cross_entropy(&y_hat, &wrong).map(drop));
        check(cross_entropy_from_logits(&theta, &wrong).map(drop));
        check(d_y_hat(&y_hat, &wrong).map(drop));
        check(d_theta(&y_hat, &wrong).map(drop));
        check(classifier().forward(&x(), &wrong).map(drop));
        check(gradient_check(&classifier(), &x(), &wrong).map(drop));

        let mut pass = forward();
        pass.y = wrong.clone();
        check(classifier().backward(&pass).map(drop));
    }
}

#[test]
fn an_entry_of_g_for_each_class_is_demanded() {
    let y_hat = probabilities(&[0.25, 0.75]);
    fails_on_shape(
        vector_jacobian_product(&y_hat, &array![1.0, 2.0, 3.0]),
        "g",
        &[2],
        &[3],
        "g: expected shape 2, found 3",
    );
    fails_on_shape(
        vector_jacobian_product(&y_hat, &array![]),
        "g",
        &[2],
        &[0],
        "g: expected shape 2, found 0",
    );
}

#[test]
fn an_entry_of_d_theta_for_each_class_is_demanded() {
    fails_on_shape(
        layer().backward(&x(), &array![0.5, -0.5]),
        "d_theta",
        &[3],
        &[2],
        "d_theta: expected shape 3, found 2",
    );
}

#[test]
fn the_pass_of_another_classifier_is_refused() {
    let other = |inputs, classes| {
        let layer = Layer::new(Array2::ones((inputs, classes)), Array1::zeros(classes));
        Classifier::new(layer.unwrap())
    };
    fails_on_shape(
        other(5, 3).backward(&forward()),
        "x",
        &[5],
        &[2],
        "x: expected shape 5, found 2",
    );
    fails_on_shape(
        other(2, 4).backward(&forward()),
        "d_theta",
        &[4],
        &[3],
        "d_theta: expected shape 4, found 3",
    );
}

#[test]
fn gradients_of_another_shape_are_refused() {
    let mut transposed = gradients();
    transposed.w = transposed.w.reversed_axes();
    fails_on_shape(
        layer().step(&transposed, 0.1),
        "d_w",
        &[2, 3],
        &[3, 2],
        "d_w: expected shape 2×3, found 3×2",
    );
    let mut short = gradients();
    // ndarray would stretch one entry over all classes.
    short.b = array![0.5];
    fails_on_shape(
        classifier().step(&short, 0.1),
        "d_b",
        &[3],
        &[1],
        "d_b: expected shape 3, found 1",
    );
}

#[test]
fn a_class_that_does_not_exist_is_refused() {
    for found in [3, 4, isize::MAX as usize] {
        fails(
            Target::<f64>::one_hot(found, 3),
            &Error::ClassOutOfRange { classes: 3, found },
            &format!("class: expected an index below 3, found {found}"),
        );
    }
}

/// What a label of −1 becomes where the labels are read.
#[test]
fn a_negative_label_is_named() {
    assert_eq!(
        Target::<f64>::one_hot(-1_isize as usize, 3)
            .unwrap_err()
            .to_string(),
        "class: expected an index below 3, found 18446744073709551615, which is -1 as usize"
    );
    let batch = Batch::of_classes(array![[1.0]], vec![-2_i64 as usize], 3);
    assert_eq!(
        batch.unwrap_err().to_string(),
        "example 0: class: expected an index below 3, found 18446744073709551614, which is -2 as usize"
    );
    let batch = Batch::of_classes(array![[1.0]], vec![0], 3).unwrap();
    assert_eq!(
        batch.select(&[-1_isize as usize]).unwrap_err().to_string(),
        "example: expected an index below 1, found 18446744073709551615, which is -1 as usize"
    );
}

#[test]
fn what_the_memory_does_not_hold_is_refused() {
    let many = [
        usize::MAX,
        isize::MAX as usize,
        usize::MAX / 8,
        1 << 59,
        1 << 48,
    ];
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    for many in many {
        let refused = |error: Error, what: &str, shape: &str| {
            let message = format!("{what}: expected a shape that the memory holds, found {shape}");
            assert_eq!(error.to_string(), message);
        };
        refused(
            Target::<f64>::one_hot(0, many).unwrap_err(),
            "y",
            &many.to_string(),
        );
        let batch = Batch::of_classes(array![[1.0]], vec![0], many);
        refused(batch.unwrap_err(), "y", &format!("1×{many}"));
        let layer = Layer::uniform(many, 2, &mut rng);
        refused(layer.unwrap_err(), "w", &format!("{many}×2"));
        let layer = Layer::glorot(3, many, &mut rng);
        refused(layer.unwrap_err(), "w", &format!("3×{many}"));
        let network = Network::random(&[2, many, 3], Activation::Tanh, &mut rng);
        refused(network.unwrap_err(), "w", &format!("2×{many}"));
    }
}

#[test]
#[should_panic = "out of bounds"]
fn an_index_past_the_end_panics_as_in_the_standard_library() {
    let _ = logits(&[0.5, 0.25])[2];
}

#[test]
fn a_probability_below_0_is_refused() {
    let negative = |what| Error::Negative {
        what,
        at: 1,
        found: -0.25,
    };
    // The sum is right.
    let wrong = array![0.75, -0.25, 0.5];
    fails(
        Target::distribution(wrong.clone()),
        &negative("y"),
        "y[1]: expected a number of at least 0, found -0.25",
    );
    fails(
        Probabilities::new(wrong),
        &negative("y_hat"),
        "y_hat[1]: expected a number of at least 0, found -0.25",
    );
    // However little.
    assert!(Target::distribution(array![1.0, -5e-324]).is_err());
    // −0 is 0.
    assert!(Target::distribution(array![1.0, -0.0]).is_ok());
}

#[test]
fn entries_that_do_not_sum_to_1_are_refused() {
    for (wrong, found, message) in [
        (
            array![0.0, 1.0, 1.0],
            2.0,
            "expected entries that sum to 1, found a sum of 2",
        ),
        (
            array![0.0, 0.0],
            0.0,
            "expected entries that sum to 1, found a sum of 0",
        ),
        (
            array![0.25, 0.25],
            0.5,
            "expected entries that sum to 1, found a sum of 0.5",
        ),
        (
            array![1e308, 1e308],
            f64::INFINITY,
            "expected entries that sum to 1, found a sum of inf",
        ),
    ] {
        fails(
            Target::distribution(wrong.clone()),
            &Error::Sum { what: "y", found },
            &format!("y: {message}"),
        );
        let what = "y_hat";
        fails(
            Probabilities::new(wrong),
            &Error::Sum { what, found },
            &format!("y_hat: {message}"),
        );
    }
}

#[test]
fn the_sum_of_a_distribution_may_be_off_by_its_tolerance() {
    for (off, fits) in [
        (0.9e-12, true),
        (-0.9e-12, true),
        (1.1e-12, false),
        (-1.1e-12, false),
    ] {
        let entries = array![0.5, 0.5 + off];
        assert_eq!(Target::distribution(entries.clone()).is_ok(), fits, "{off}");
        assert_eq!(Probabilities::new(entries).is_ok(), fits, "{off}");
    }
}

#[test]
fn what_is_wrong_with_an_example_is_the_source_of_its_error() {
    let error = Batch::of_classes(Array2::<f64>::ones((2, 1)), vec![0, 5], 2).unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(
        source.to_string(),
        "class: expected an index below 2, found 5"
    );
    assert_eq!(error.to_string(), format!("example 1: {source}"));
    assert!(std::error::Error::source(&Error::Separable).is_none());
}

#[test]
fn a_number_that_is_not_finite_is_refused_wherever_it_is() {
    let w = Array2::<f64>::ones((2, 3));
    let b = Array1::<f64>::zeros(3);
    let y = one_hot(1, 3);
    let y_hat = probabilities(&[0.25, 0.25, 0.5]);
    for wrong in NOT_FINITE {
        let mut bad_w = w.clone();
        bad_w[[1, 2]] = wrong;
        let bad_x = array![0.5, wrong];
        let bad = array![0.5, 0.5, wrong];

        fails_on_not_finite(Layer::new(bad_w.clone(), b.clone()), "w", &[1, 2], wrong);
        fails_on_not_finite(Layer::new(w.clone(), bad.clone()), "b", &[2], wrong);
        if wrong != f64::NEG_INFINITY {
            fails_on_not_finite(Logits::new(bad.clone()), "theta", &[2], wrong);
        }
        fails_on_not_finite(Probabilities::new(bad.clone()), "y_hat", &[2], wrong);
        fails_on_not_finite(Target::distribution(bad.clone()), "y", &[2], wrong);
        fails_on_not_finite(vector_jacobian_product(&y_hat, &bad), "g", &[2], wrong);
        fails_on_not_finite(layer().backward(&x(), &bad), "d_theta", &[2], wrong);

        fails_on_not_finite(layer().forward(&bad_x), "x", &[1], wrong);
        fails_on_not_finite(layer().backward(&bad_x, &b), "x", &[1], wrong);
        fails_on_not_finite(classifier().predict(&bad_x), "x", &[1], wrong);
        fails_on_not_finite(classifier().forward(&bad_x, &y), "x", &[1], wrong);
        fails_on_not_finite(gradient_check(&classifier(), &bad_x, &y), "x", &[1], wrong);
        let mut pass = forward();
        pass.x = bad_x;
        fails_on_not_finite(classifier().backward(&pass), "x", &[1], wrong);

        let nothing = |_: &Array1<f64>| Ok(0.0);
        fails_on_not_finite(central_differences(nothing, &bad), "at", &[2], wrong);
        let nothing = |_: &Array2<f64>| Ok(0.0);
        fails_on_not_finite(central_differences(nothing, &bad_w), "at", &[1, 2], wrong);
    }
}

/// The parameters that would follow are named.
#[test]
fn a_gradient_that_is_not_finite_is_refused_in_a_step() {
    for wrong in NOT_FINITE {
        let mut bad = gradients();
        bad.w[[0, 1]] = wrong;
        fails_on_not_finite(layer().step(&bad, 0.1), "w", &[0, 1], -wrong);
        let mut bad = gradients();
        bad.b[2] = wrong;
        fails_on_not_finite(classifier().step(&bad, 0.1), "b", &[2], -wrong);
    }
}

#[test]
fn an_array_without_entries_is_refused() {
    let b = Array1::<f64>::zeros;
    fails_on_empty(Layer::new(Array2::zeros((0, 3)), b(3)), "w");
    fails_on_empty(Layer::new(Array2::zeros((2, 0)), b(0)), "w");
    fails_on_empty(Layer::new(Array2::zeros((0, 0)), b(0)), "w");
    fails_on_empty(Logits::new(b(0)), "theta");
    fails_on_empty(Probabilities::new(b(0)), "y_hat");
    fails_on_empty(Target::distribution(b(0)), "y");
    fails_on_empty(Target::<f64>::one_hot(0, 0), "classes");
    fails_on_empty(central_differences(|_| Ok(0.0), &b(0)), "at");
}

#[test]
fn a_random_layer_has_inputs_and_classes() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    fails_on_empty(Layer::uniform(0, 3, &mut rng), "inputs");
    fails_on_empty(Layer::uniform(2, 0, &mut rng), "classes");
    fails_on_empty(Layer::uniform(0, 0, &mut rng), "inputs");
    fails_on_empty(Layer::glorot(0, 3, &mut rng), "inputs");
    fails_on_empty(Layer::glorot(2, 0, &mut rng), "classes");
    fails_on_empty(Layer::glorot(0, 0, &mut rng), "inputs");
}

#[test]
fn a_learning_rate_is_finite_and_above_0() {
    for (found, shown) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (-0.5, "-0.5"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        let what = "learning rate";
        let error = Error::NotPositive { what, found };
        let message = format!("learning rate: expected a finite number above 0, found {shown}");
        fails(layer().step(&gradients(), found), &error, &message);
        fails(classifier().step(&gradients(), found), &error, &message);
    }
}

#[test]
fn a_result_beyond_the_range_of_f64_is_an_error() {
    let huge = Layer::new(array![[1.0, 1e308], [1.0, 1.0]], array![0.0, 0.0]).unwrap();
    let y = one_hot(0, 2);

    // A logit.
    let far = array![10.0, 1.0];
    let inf = f64::INFINITY;
    fails_on_not_finite(huge.forward(&far), "theta", &[1], inf);
    fails_on_not_finite(
        huge.forward(&array![-10.0, 1.0]),
        "theta",
        &[1],
        f64::NEG_INFINITY,
    );
    let classifier = Classifier::new(huge.clone());
    fails_on_not_finite(classifier.predict(&far), "theta", &[1], inf);
    fails_on_not_finite(classifier.forward(&far, &y), "theta", &[1], inf);
    fails_on_not_finite(gradient_check(&classifier, &far, &y), "theta", &[1], inf);

    // A gradient.
    let one = array![1.0, 1.0];
    fails_on_not_finite(huge.backward(&one, &array![0.0, 10.0]), "d_x", &[0], inf);
    fails_on_not_finite(
        huge.backward(&array![1.0, 1e308], &array![0.0, -1e10]),
        "d_w",
        &[1, 1],
        f64::NEG_INFINITY,
    );

    // A parameter after a step.
    let mut steep = Gradients {
        w: Array2::zeros((2, 2)),
        b: Array1::zeros(2),
        x: Array1::zeros(2),
    };
    steep.w[[0, 1]] = -1e308;
    fails_on_not_finite(huge.step(&steep, 1.0), "w", &[0, 1], inf);
    steep.w[[0, 1]] = 0.0;
    steep.b[1] = 1e308;
    fails_on_not_finite(huge.step(&steep, 10.0), "b", &[1], f64::NEG_INFINITY);

    // A slope.
    fails_on_not_finite(
        central_differences(|at| Ok(if at[0] > 0.0 { 1e308 } else { 0.0 }), &array![0.0]),
        "central difference",
        &[0],
        inf,
    );
    fails_on_not_finite(
        central_differences(|_| Ok(f64::NAN), &array![0.0, 0.0]),
        "central difference",
        &[0],
        f64::NAN,
    );
}

#[test]
fn an_error_of_the_function_is_passed_on_by_central_differences() {
    let always = |_: &Array1<f64>| Err(Error::Empty { what: "f" });
    fails_on_empty(central_differences(always, &array![1.0]), "f");
    // Below only, so that the second of the two calls is tried as well.
    let below = |at: &Array1<f64>| match at[0] < 1.0 {
        true => Err(Error::Empty { what: "below" }),
        false => Ok(0.0),
    };
    fails_on_empty(central_differences(below, &array![1.0]), "below");
}

/// Everything that follows from logits and a label, for one comparison.
fn all(theta: &Logits, y: &Target) -> (Array1<f64>, Array1<f64>, f64, Array1<f64>) {
    let y_hat = softmax(theta);
    let delta = d_theta(&y_hat, y).unwrap();
    let loss = cross_entropy_from_logits(theta, y).unwrap();
    (y_hat.as_array().clone(), log_softmax(theta), loss, delta)
}

#[test]
fn logits_at_the_ends_of_the_range_give_exact_answers() {
    let inf = f64::INFINITY;
    let far = logits(&[1e308, -1e308]);
    let (y_hat, log_y_hat) = (array![1.0, 0.0], array![0.0, -inf]);
    // The loss at the wrong class is 2·10³⁰⁸, above the largest f64.
    for (y, loss, delta) in [
        (one_hot(0, 2), 0.0, array![0.0, 0.0]),
        (one_hot(1, 2), inf, array![1.0, -1.0]),
        // 2·10³⁰⁷, from the f64 values of the factors: rounded once.
        (
            soft(&[0.9, 0.1]),
            2.0 * (0.1 * 1e308),
            array![1.0 - 0.9, -0.1],
        ),
    ] {
        let expected = (y_hat.clone(), log_y_hat.clone(), loss, delta);
        assert_eq!(all(&far, &y), expected);
    }
    assert_eq!(jacobian(&softmax(&far)), Array2::<f64>::zeros((2, 2)));

    // A gap that still fits.
    let far = logits(&[-8e307, 8e307]);
    let expected = (
        array![0.0, 1.0],
        array![-1.6e308, 0.0],
        1.6e308,
        array![-1.0, 1.0],
    );
    assert_eq!(all(&far, &one_hot(0, 2)), expected);
}

#[test]
fn equal_logits_give_equal_probabilities_and_the_loss_ln_k() {
    for logit in [
        0.0,
        -0.0,
        5e-324,
        -745.0,
        1e5,
        1e308,
        -1e308,
        f64::MAX,
        f64::MIN,
    ] {
        for (classes, ln) in [
            (2, std::f64::consts::LN_2),
            (4, 2.0 * std::f64::consts::LN_2),
            (10, std::f64::consts::LN_10),
        ] {
            let p = 1.0 / classes as f64;
            let theta = Logits::new(Array1::from_elem(classes, logit)).unwrap();
            for class in 0..classes {
                let y = one_hot(class, classes);
                let (y_hat, log_y_hat, loss, delta) = all(&theta, &y);
                assert_eq!(y_hat, Array1::from_elem(classes, p));
                assert_eq!(log_y_hat, Array1::from_elem(classes, -ln));
                assert_eq!(loss, ln);
                for k in (0..classes).filter(|k| *k != class) {
                    assert_eq!(delta[k], p);
                }
                // The sum of the others, where 0.1 is not an exact f64.
                let others = delta[class] + (1.0 - p);
                assert!(others.abs() <= f64::EPSILON, "{others:e}");
            }
        }
    }
}

#[test]
fn one_class_is_certain_whatever_its_logit() {
    for logit in [0.0, 3.5, -1e-300, 745.0, -1e5, 1e308, f64::MIN] {
        let expected = (array![1.0], array![0.0], 0.0, array![0.0]);
        let theta = logits(&[logit]);
        assert_eq!(all(&theta, &one_hot(0, 1)), expected);

        let y_hat = softmax(&theta);
        assert_eq!(jacobian(&y_hat), array![[0.0]]);
        let product = vector_jacobian_product(&y_hat, &array![1e300]).unwrap();
        assert_eq!(product, array![0.0]);
    }
}

/// `|vᵢ| ≤ ŷᵢ (1 − ŷᵢ) (max g − min g)`, at most a quarter of twice the largest `f64`: the product
/// fits for any `g` and has no error of range.
#[test]
fn the_product_with_the_jacobian_fits_for_any_g() {
    let product =
        |y_hat: &[f64], g: Array1<f64>| vector_jacobian_product(&probabilities(y_hat), &g);
    let far = || array![-1.6e308, 1.6e308];
    assert_eq!(product(&[0.5, 0.5], far()), Ok(array![-8e307, 8e307]));
    assert_eq!(product(&[1.0, 0.0], far()), Ok(array![0.0, 0.0]));
    assert_eq!(product(&[0.0, 1.0], far()), Ok(array![0.0, 0.0]));
    let ends = array![f64::MAX, f64::MIN];
    let half = f64::MAX / 2.0;
    assert_eq!(product(&[0.5, 0.5], ends), Ok(array![half, -half]));
}

/// Printed, a loss of −0 would be one.
#[test]
fn zero_is_not_minus_zero() {
    let zeros = |numbers: &[f64]| {
        let zeros = numbers.iter().filter(|number| **number == 0.0);
        assert!(zeros.clone().count() > 0);
        assert!(
            zeros.into_iter().all(|zero| zero.to_bits() == 0),
            "{numbers:?}"
        );
    };
    for (theta, class) in [(vec![1000.0, -1000.0], 0), (vec![3.0], 0)] {
        let y = one_hot(class, theta.len());
        let theta = logits(&theta);
        let y_hat = softmax(&theta);
        zeros(&[cross_entropy(&y_hat, &y).unwrap()]);
        zeros(&[cross_entropy_from_logits(&theta, &y).unwrap()]);
        zeros(&log_softmax(&theta).to_vec());
        zeros(&d_theta(&y_hat, &y).unwrap().to_vec());
        zeros(&jacobian(&y_hat).iter().copied().collect::<Vec<_>>());
        let g = Array1::from_shape_fn(y_hat.as_array().len(), |i| 1.0 - 2.0 * i as f64);
        zeros(&vector_jacobian_product(&y_hat, &g).unwrap().to_vec());
    }
    assert_eq!(
        cross_entropy(&probabilities(&[1.0, 0.0]), &one_hot(0, 2))
            .unwrap()
            .to_string(),
        "0"
    );
    // An input of 0, with an error below 0.
    let layer = Layer::new(array![[1.0, 2.0]], array![0.0, 0.0]).unwrap();
    let gradients = layer.backward(&array![0.0], &array![0.5, -0.5]).unwrap();
    zeros(&gradients.w.iter().copied().collect::<Vec<_>>());
    // A unit that is switched off, below one that is not.
    let first = Layer::new(array![[-1.0, 1.0]], array![0.0, 0.0]).unwrap();
    let last = Layer::new(array![[1.0, -1.0], [1.0, -1.0]], array![0.0, 0.0]).unwrap();
    let network = Network::new(vec![first, last], Activation::Relu).unwrap();
    for class in [0, 1] {
        let pass = network.forward(&array![1.0], &one_hot(class, 2)).unwrap();
        zeros(&network.backward(&pass).unwrap()[0].b.to_vec());
    }
}

#[test]
fn a_probability_of_0_costs_nothing_or_everything() {
    let y_hat = probabilities(&[0.0, 1.0, 0.0]);
    let both = |y: &Target| {
        let loss = cross_entropy(&y_hat, y).unwrap();
        (loss, d_y_hat(&y_hat, y).unwrap())
    };
    let inf = f64::INFINITY;
    assert_eq!(both(&one_hot(1, 3)), (0.0, array![0.0, -1.0, 0.0]));
    assert_eq!(both(&one_hot(0, 3)), (inf, array![-inf, 0.0, 0.0]));
    let y = soft(&[0.25, 0.25, 0.5]);
    assert_eq!(both(&y), (inf, array![-inf, -0.25, -inf]));
    // The loss is ∞ also where the label hardly names the class.
    let y = soft(&[5e-324, 1.0, 0.0]);
    assert_eq!(both(&y), (inf, array![-inf, -1.0, 0.0]));
}

/// Slices of larger arrays are taken as they are.
#[test]
fn a_view_will_do_for_a_vector() {
    let longer = array![9.0, 0.6, 9.0, -1.1, 9.0];
    let view = longer.slice_axis(Axis(0), Slice::new(1, None, 2));
    let x: &ArrayRef1<f64> = &view;
    let y = one_hot(1, 3);
    assert_eq!(classifier().forward(x, &y).unwrap(), forward());
}

#[test]
fn what_leaves_no_class_is_an_error() {
    let masked = f64::NEG_INFINITY;
    fails(
        Logits::new(array![masked, masked]),
        &Error::AllMasked { what: "theta" },
        "theta: expected a logit above -inf, found none",
    );
    let theta = Logits::new(array![0.0, masked]).unwrap();
    fails(
        cross_entropy_from_logits(&theta, &one_hot(1, 2)),
        &Error::MaskedLabel { class: 1 },
        "class 1: expected a label that is not masked, found a logit of -inf",
    );
    fails(
        lanes::softmax(&array![[0.0, masked], [masked, masked]], Axis(1)),
        &Error::AllMasked { what: "theta" },
        "theta: expected a logit above -inf, found none",
    );
}

#[test]
fn an_axis_that_there_is_not_is_refused() {
    fails(
        lanes::softmax(&array![0.0, 1.0], Axis(1)),
        &Error::Axis { axes: 1, found: 1 },
        "axis: expected an index below 1, found 1",
    );
}

#[test]
fn options_of_the_cross_entropy_are_looked_at() {
    let loss = CrossEntropy::<f64>::new;
    fails(
        loss().label_smoothing(1.5),
        &Error::Fraction {
            what: "label smoothing",
            found: 1.5,
        },
        "label smoothing: expected a number from 0 to 1, found 1.5",
    );
    fails(
        loss().class_weights(array![1.0, -1.0]),
        &Error::Negative {
            what: "class weights",
            at: 1,
            found: -1.0,
        },
        "class weights[1]: expected a number of at least 0, found -1",
    );
    let theta = array![[0.0, 1.0]];
    fails(
        loss().losses(&theta, &[2]),
        &Error::Example {
            at: 0,
            error: Box::new(Error::ClassOutOfRange {
                classes: 2,
                found: 2,
            }),
        },
        "example 0: class: expected an index below 2, found 2",
    );
    fails(
        loss().ignore_index(2).loss(&theta, &[2], Reduction::Mean),
        &Error::Empty {
            what: "examples that count",
        },
        "examples that count: expected at least one entry, found none",
    );
    let ignored = loss().ignore_index(2).loss(&theta, &[2], Reduction::Sum);
    assert_eq!(ignored, Ok(0.0));
}
