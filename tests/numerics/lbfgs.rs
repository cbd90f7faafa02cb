//! L-BFGS against Newton's method, which comes to the same minimum by another way; and what it says
//! where there is none.

use ndarray::{Array1, Array2, array};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::Batch;
use softmax_backprop::curvature::newton;
use softmax_backprop::lbfgs::lbfgs;
use softmax_backprop::{Error, Layer};

fn zeros(inputs: usize, classes: usize) -> Layer {
    Layer::new(Array2::zeros((inputs, classes)), Array1::zeros(classes)).unwrap()
}

/// Examples whose classes overlap: the label has nothing to do with the inputs in every third.
fn overlapping(examples: usize, inputs: usize, classes: usize, seed: u64) -> Batch {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut x = Array2::from_shape_simple_fn((examples, inputs), || rng.random_range(-1.0..1.0));
    let labels: Vec<usize> = (0..examples).map(|n| n % classes).collect();
    for (mut row, label) in x.outer_iter_mut().zip(&labels) {
        if rng.random_range(0..3) > 0 {
            row[label % inputs] += 0.5 + *label as f64 / classes as f64;
        }
    }
    Batch::of_classes(x, labels, classes).unwrap()
}

/// Near its minimum the loss is a parabola: where the gradient is not longer than 10⁻⁷ and the
/// smallest curvature above 10⁻³, the loss is right to 10⁻¹¹.
#[test]
fn it_comes_to_the_minimum_that_newton_finds() {
    for (seed, (examples, inputs, classes)) in [(60, 1, 2), (90, 3, 3), (400, 6, 5)]
        .into_iter()
        .enumerate()
    {
        let batch = overlapping(examples, inputs, classes, seed as u64);
        let start = zeros(inputs, classes);
        let by_newton = newton(&start, &batch, 1e-9).unwrap();
        let found = lbfgs(&start, &batch, 1e-7).unwrap();
        let last = |steps: &[softmax_backprop::curvature::Step]| steps[steps.len() - 1];
        let (expected, found_last) = (last(&by_newton.steps), last(&found.steps));
        assert!(found_last.gradient_norm <= 1e-7);
        assert!(
            (found_last.loss - expected.loss).abs() < 1e-11,
            "{found_last:?} {expected:?}"
        );
        // From there it has nothing to do.
        assert_eq!(lbfgs(&found.layer, &batch, 1e-7).unwrap().steps.len(), 1);
    }
}

#[test]
fn no_step_raises_the_loss() {
    let batch = overlapping(200, 4, 3, 7);
    let w = Array2::from_shape_fn((4, 3), |(i, k)| 3.0 * i as f64 - 4.0 * k as f64);
    let start = Layer::new(w, array![5.0, -5.0, 0.0]).unwrap();
    let found = lbfgs(&start, &batch, 1e-6).unwrap();
    for pair in found.steps.windows(2) {
        assert!(pair[1].loss <= pair[0].loss * (1.0 + 1e-14), "{pair:?}");
    }
    assert!(found.steps.len() < 100, "{}", found.steps.len());
}

#[test]
fn it_says_why_there_is_no_minimum() {
    let x = || array![[-2.0], [-1.0], [1.0], [2.0]];
    let separable = Batch::of_classes(x(), vec![0, 0, 1, 1], 2).unwrap();
    assert_eq!(lbfgs(&zeros(1, 2), &separable, 1e-6), Err(Error::Separable));
    let absent = Batch::of_classes(x(), vec![0, 1, 0, 1], 3).unwrap();
    assert_eq!(
        lbfgs(&zeros(1, 3), &absent, 1e-6),
        Err(Error::AbsentClass { class: 2 })
    );
    // A class whose only example does not count is absent.
    let batch = Batch::of_classes(x(), vec![0, 1, 0, 2], 3).unwrap();
    let batch = batch.weighted(&array![1.0, 1.0, 1.0, 0.0]).unwrap();
    assert_eq!(
        lbfgs(&zeros(1, 3), &batch, 1e-6),
        Err(Error::AbsentClass { class: 2 })
    );
}

#[test]
fn a_gradient_shorter_than_rounding_allows_is_an_error() {
    let batch = overlapping(90, 3, 3, 1);
    let found = lbfgs(&zeros(3, 3), &batch, 1e-300);
    assert!(
        matches!(found, Err(Error::Rounding { found, .. }) if found < 1e-14),
        "{found:?}"
    );
    let asked = lbfgs(&zeros(3, 3), &batch, 0.0);
    assert!(matches!(asked, Err(Error::NotPositive { .. })));
}
