//! L-BFGS against Newton's method, which comes to the same minimum by another way; and what it says
//! where there is none.

use ndarray::{Array1, Array2, Axis, array};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::{Step, newton};
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
        let last = |steps: &[Step]| steps[steps.len() - 1];
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

/// The gradient in one vector, the weights first.
fn gradient(pass: &Pass) -> Array1<f64> {
    pass.d_w().iter().chain(pass.d_b()).copied().collect()
}

/// `B` as a matrix: for each pair of a step `s` and a change `y` of the gradient it becomes
/// `(I − syᵀ/⟨s,y⟩) B (I − ysᵀ/⟨s,y⟩) + ssᵀ/⟨s,y⟩`, after Nocedal.
fn inverse(pairs: &[(Array1<f64>, Array1<f64>)]) -> Array2<f64> {
    let outer = |one: &Array1<f64>, other: &Array1<f64>| {
        Array2::from_shape_fn((one.len(), other.len()), |(i, j)| one[i] * other[j])
    };
    let (s, y) = &pairs[pairs.len() - 1];
    let start = Array2::eye(s.len()) * (s.dot(y) / y.dot(y));
    pairs.iter().fold(start, |b, (s, y)| {
        let rest = Array2::eye(s.len()) - outer(s, y) / s.dot(y);
        rest.dot(&b).dot(&rest.t()) + outer(s, s) / s.dot(y)
    })
}

/// The loss and the length of the gradient at each step of the same method with `B` as a matrix: that
/// of the last ten pairs, each step shortened to the lowest point of the parabola through both losses
/// until the loss falls.
fn steps_by_the_matrix(start: &Layer, batch: &Batch, gradient_norm: f64) -> Vec<(f64, f64)> {
    let mut layer = start.clone();
    let mut pass = Pass::new(&layer, batch).unwrap();
    let mut pairs: Vec<(Array1<f64>, Array1<f64>)> = Vec::new();
    let mut steps = vec![(pass.loss(), pass.gradient_norm())];
    while pass.gradient_norm() > gradient_norm {
        let before = gradient(&pass);
        let along = match pairs.len() {
            0 => &before / before.dot(&before).sqrt().max(1.0),
            learnt => inverse(&pairs[learnt.saturating_sub(10)..]).dot(&before),
        };
        let (of_w, of_b) = along.view().split_at(Axis(0), layer.w().len());
        let of_w = of_w.into_shape_with_order(layer.w().raw_dim()).unwrap();
        let (loss, promise) = (pass.loss(), before.dot(&along));
        let mut part = 1.0;
        layer = loop {
            let next = Layer::new(layer.w() - &of_w * part, layer.b() - &of_b * part).unwrap();
            pass = Pass::new(&next, batch).unwrap();
            let rise = pass.loss() - loss;
            if rise <= 1e-14 * loss - 1e-4 * part * promise {
                break next;
            }
            let lowest = 0.5 * (part * promise) / (rise + part * promise);
            part *= lowest.clamp(0.1, 0.5);
        };
        pairs.push((along * -part, gradient(&pass) - before));
        steps.push((pass.loss(), pass.gradient_norm()));
    }
    steps
}

/// Inputs of size 1 and of size 100, whose curvature is far above 1.
#[test]
fn each_step_is_that_of_the_matrix() {
    for size in [1.0, 100.0] {
        let batch = overlapping(60, 2, 3, 4);
        let labels = batch.y();
        let batch = Batch::of_distributions(batch.x() * size, labels).unwrap();
        let w = array![[3.0, 0.0, -1.0], [-2.0, 4.0, 0.0]];
        let start = Layer::new(w, array![1.0, -1.0, 0.0]).unwrap();
        let expected = steps_by_the_matrix(&start, &batch, 1e-7);
        let found = lbfgs(&start, &batch, 1e-7).unwrap().steps;
        assert!(expected.len() > 12, "{}", expected.len());
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found.loss / expected.0 - 1.0).abs() < 1e-9);
            assert!((found.gradient_norm / expected.1 - 1.0).abs() < 1e-3);
        }
    }
}

/// Half of each class at `c` and at `−c`: with the gap `z` between the logits at `c` the loss is
/// `ln 2 cosh z/2`. The first step, of length 1, leads to `z − c √2`, far beyond the minimum, and is
/// shortened again and again.
#[test]
fn a_step_too_long_is_shortened_to_the_lowest_point_of_a_parabola() {
    let loss = |z: f64| 0.5 * z.abs() + (-z.abs()).exp().ln_1p();
    for (c, z, least) in [
        (10.0, 10.0 / f64::sqrt(2.0) - 3e-4, 1),
        (10.0, 1.0, 2),
        (1e4, 1.0, 4),
    ] {
        let x = array![[-c], [c]];
        let batch = Batch::of_distributions(x, Array2::from_elem((2, 2), 0.5)).unwrap();
        let start = Layer::new(array![[0.0, z / c]], array![0.0, 0.0]).unwrap();
        let step = c * f64::sqrt(2.0);
        let promise = 0.5 * (0.5 * z).tanh() * step;
        let (mut part, mut times) = (1.0, 0);
        let expected = loop {
            let rise = loss(z - part * step) - loss(z);
            if rise <= -1e-4 * part * promise {
                break loss(z - part * step);
            }
            part *= 0.5 * part * promise / (rise + part * promise);
            times += 1;
        };
        assert!(times >= least);
        let steps = lbfgs(&start, &batch, 1e-6).unwrap().steps;
        assert!(
            (steps[1].loss / expected - 1.0).abs() < 1e-10,
            "{} for {expected}",
            steps[1].loss
        );
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

/// Labels in doubt by 10⁻⁷, and a loss of `2 · 10⁻⁶`. With the gap `z` of the logits the full step leads
/// to the other side of the minimum, where the loss is higher by a thousandth of itself.
#[test]
fn no_step_raises_a_loss_next_to_0() {
    let (c, z, doubt) = (3680.0, 17.0, 1e-7);
    let y = array![[1.0 - doubt, doubt], [doubt, 1.0 - doubt]];
    let batch = Batch::of_distributions(array![[-c], [c]], y).unwrap();
    let at = |z: f64| Layer::new(array![[0.0, z / c]], array![0.0, 0.0]).unwrap();
    let loss = |z: f64| Pass::new(&at(z), &batch).unwrap().loss();
    let slope = Pass::new(&at(z), &batch).unwrap().d_w()[[0, 1]];
    let rise = loss(z - 2.0 * c * slope) - loss(z);
    assert!((1e-9..4e-9).contains(&rise), "{rise}");
    let steps = lbfgs(&at(z), &batch, 1e-9).unwrap().steps;
    assert!(steps[1].loss < steps[0].loss);
}

#[test]
fn it_says_why_there_is_no_minimum() {
    let x = || array![[-2.0], [-1.0], [1.0], [2.0]];
    let separable = Batch::of_classes(x(), vec![0, 0, 1, 1], 2).unwrap();
    assert_eq!(lbfgs(&zeros(1, 2), &separable, 1e-6), Err(Error::Separable));
    // So it is where the biases have their part in it.
    let shifted = Batch::of_classes(x() + 10.0, vec![0, 0, 1, 1], 2).unwrap();
    assert_eq!(lbfgs(&zeros(1, 2), &shifted, 1e-6), Err(Error::Separable));
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

/// Points on a line whose labels are certain but for `doubt`.
fn on_a_line<const N: usize>(x: [f64; N], labels: [usize; N], doubt: f64) -> Batch {
    let y = Array2::from_shape_fn((N, 2), |(n, k)| match labels[n] == k {
        true => 1.0 - doubt,
        false => doubt,
    });
    let x = Array2::from_shape_fn((N, 1), |(n, _)| x[n]);
    Batch::of_distributions(x, y).unwrap()
}

/// While the loss falls the gradient may become longer, for twenty steps and more.
#[test]
fn as_long_as_the_loss_falls_it_goes_on() {
    let batch = on_a_line([300.0, 400.0, 600.0, 800.0], [0, 1, 1, 1], 1e-6);
    let found = lbfgs(&zeros(1, 2), &batch, 1e-8).unwrap();
    let shortest = |steps: &[Step]| {
        let lengths = steps.iter().map(|step| step.gradient_norm);
        lengths.fold(f64::INFINITY, f64::min)
    };
    let is_longer = |window: &[Step]| shortest(&window[1..]) >= window[0].gradient_norm;
    assert!(found.steps.windows(22).any(is_longer));
}

/// Where a step is lost in the last digit of the weights, the gradient stays as long as it is.
#[test]
fn a_gradient_as_long_as_before_is_no_shorter() {
    let x = [-800.0, -500.0, -400.0, 700.0, -400.0];
    let batch = on_a_line(x, [0, 1, 0, 1, 1], 0.01);
    let start = Layer::new(array![[4.0, 0.0]], array![0.0, 0.0]).unwrap();
    let found = lbfgs(&start, &batch, 1e-300);
    assert!(matches!(found, Err(Error::Rounding { .. })), "{found:?}");
}
