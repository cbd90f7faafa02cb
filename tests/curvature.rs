//! The Hessian against differences of the gradient, and Newton's method against descent.

#![allow(clippy::panic, clippy::unwrap_used)]

use ndarray::{Array1, Array2, array};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::{hessian, largest_eigenvalue, newton};
use softmax_backprop::training::{Descent, Stop, descend};
use softmax_backprop::{Layer, central_differences};

/// The same cases in every run, and no files left behind by a failure.
fn same_cases_each_time() -> ProptestConfig {
    ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(5),
        ..ProptestConfig::default()
    }
}

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
    #![proptest_config(same_cases_each_time())]

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
    // Not symmetric, and its square is 0: no number, but no NaN either.
    let nilpotent = array![[0.0, 1.0], [0.0, 0.0]];
    assert_eq!(largest_eigenvalue(&nilpotent), Ok(0.0));
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
    // Two eigenvalues that are nearly the same.
    let found = message(Array2::from_diag(&array![1.0, 1.0 - 1e-6]));
    assert!(
        found.starts_with("largest eigenvalue: expected to settle within 10000 steps"),
        "{found}"
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
fn newton_halves_a_step_that_raises_the_loss() {
    let steep = Layer::new(array![[6.0, 0.0, -6.0]], array![5.0, 0.0, -5.0]).unwrap();
    let minimum = newton(&steep, &overlapping(), 1e-10).unwrap();
    let falls = |pair: &[softmax_backprop::curvature::NewtonStep]| {
        pair[1].loss <= pair[0].loss * (1.0 + 1e-15)
    };
    assert!(minimum.steps.windows(2).all(falls));
}

#[test]
fn separable_data_have_no_minimum() {
    let x = array![[-2.0], [-1.0], [1.0], [2.0]];
    let batch = Batch::of_classes(x, vec![0, 0, 1, 1], 2).unwrap();
    let layer = Layer::new(Array2::zeros((1, 2)), Array1::zeros(2)).unwrap();
    // The gradient becomes as short as asked; the weights grow on.
    for length in [1e-3, 1e-9] {
        let error = newton(&layer, &batch, length).unwrap_err();
        assert!(
            error.to_string().contains("separable data have no minimum"),
            "{error}"
        );
    }
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
