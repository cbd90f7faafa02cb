//! What several threads compute has the bits of what one computes, which is what the crate computes
//! without the feature `threads`.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fmt::Debug;

use ndarray::{Array, Array1, Array2, Axis, Dimension};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::ThreadPoolBuilder;
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::{Float, Layer, lanes};

/// Does the same in pools of one thread and of more.
#[track_caller]
fn assert_same<T: PartialEq + Debug + Send>(work: impl Fn() -> T + Sync) -> T {
    let run = |threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(&work)
    };
    let one = run(1);
    for threads in [2, 3, 7] {
        assert!(run(threads) == one, "{threads} threads");
    }
    one
}

/// The bits: 0 and −0 are not the same.
fn bits<A: Float, D: Dimension>(numbers: &Array<A, D>) -> Vec<u64> {
    let numbers = numbers.iter();
    numbers
        .map(|&number| Into::<f64>::into(number).to_bits())
        .collect()
}

/// A layer with its inputs, drawn from a seed.
fn layer<A: Float>([examples, inputs, classes]: [usize; 3]) -> (Layer<A>, Array2<A>) {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let mut number = || A::from(rng.random_range(-1.5..1.5)).unwrap();
    let w = Array2::from_shape_simple_fn((inputs, classes), &mut number);
    let b = Array1::from_shape_simple_fn(classes, &mut number);
    let x = Array2::from_shape_simple_fn((examples, inputs), &mut number);
    (Layer::new(w, b).unwrap(), x)
}

/// Few classes and many, of one block and of several; inputs that no group of rows divides.
const SIZES: [[usize; 3]; 4] = [
    [20_011, 7, 10],
    [3_001, 33, 40],
    [701, 13, 1_100],
    [5, 700, 3_000],
];

fn passes<A: Float>(soft: bool) {
    for size in SIZES {
        let [examples, _, classes] = size;
        let (layer, x) = layer::<A>(size);
        let batch = if soft {
            let y = Array2::from_shape_fn((examples, classes), |(n, k)| {
                let own = if n % classes == k { 0.75 } else { 0.0 };
                A::from(own + 0.25 / classes as f64).unwrap()
            });
            Batch::of_distributions(x, y)
        } else {
            let labels = (0..examples).map(|n| (n * 7919 + 13) % classes).collect();
            Batch::of_classes(x, labels, classes)
        };
        let batch = batch.unwrap();
        let loss = assert_same(|| {
            let pass = Pass::new(&layer, &batch).unwrap();
            let gradients = [bits(pass.d_theta()), bits(pass.d_w()), bits(pass.d_b())];
            (Into::<f64>::into(pass.loss()).to_bits(), gradients)
        });
        assert!(f64::from_bits(loss.0) > 0.5);
    }
}

#[test]
fn a_pass_over_classes_is_the_same() {
    passes::<f64>(false);
    passes::<f32>(false);
}

#[test]
fn a_pass_over_distributions_is_the_same() {
    passes::<f64>(true);
    passes::<f32>(true);
}

#[test]
fn probabilities_are_the_same() {
    for size in SIZES {
        let (layer, x) = layer::<f64>(size);
        assert_same(|| bits(&predict(&layer, &x).unwrap()));
        assert_same(|| bits(&lanes::softmax(&x.dot(layer.w()), Axis(1)).unwrap()));
        assert_same(|| bits(&lanes::log_softmax(&x.dot(layer.w()), Axis(1)).unwrap()));
    }
}

#[test]
fn the_losses_of_rows_are_the_same() {
    for size in SIZES {
        let [examples, _, classes] = size;
        let (layer, x) = layer::<f64>(size);
        let theta = x.dot(layer.w());
        let labels: Vec<usize> = (0..examples).map(|n| (n * 7919 + 13) % classes).collect();
        let cross_entropy = CrossEntropy::new().ignore_index(1);
        let cross_entropy = cross_entropy.label_smoothing(0.1).unwrap();
        assert_same(|| {
            let losses = cross_entropy.losses(&theta, &labels).unwrap();
            let found = cross_entropy.gradient(&theta, &labels, Reduction::Mean);
            let (loss, d_theta) = found.unwrap();
            (loss.to_bits(), bits(&losses), bits(&d_theta))
        });
    }
}

#[test]
fn the_first_fault_is_named() {
    let size = SIZES[0];
    let (layer, x) = layer::<f64>(size);
    let labels: Vec<usize> = (0..size[0]).map(|n| n % size[2]).collect();
    let mut large = x.clone();
    for row in [19_000, 6_000, 12_000] {
        large.row_mut(row).fill(1e308);
    }
    let batch = Batch::of_classes(large.clone(), labels.clone(), size[2]).unwrap();
    let message = assert_same(|| Pass::new(&layer, &batch).unwrap_err().to_string());
    assert!(message.contains("[6000, "), "{message}");
    let message = assert_same(|| predict(&layer, &large).unwrap_err().to_string());
    assert!(message.contains("[6000, "), "{message}");
    let [examples, _, classes] = SIZES[2];
    let mut theta = Array2::<f64>::zeros((examples, classes));
    for row in [650, 400, 550] {
        theta.row_mut(row).fill(f64::NAN);
    }
    let labels = vec![0; examples];
    let cross_entropy = CrossEntropy::new();
    let message = assert_same(|| {
        let found = cross_entropy.gradient(&theta, &labels, Reduction::Mean);
        found.unwrap_err().to_string()
    });
    assert!(message.contains("400"), "{message}");
    let message = assert_same(|| lanes::softmax(&theta, Axis(1)).unwrap_err().to_string());
    assert!(message.contains("400"), "{message}");
    // A label that is masked, in one thread's rows and in another's.
    theta.fill(0.0);
    for row in [650, 400, 550] {
        theta[[row, 0]] = f64::NEG_INFINITY;
    }
    let message = assert_same(|| {
        let found = cross_entropy.gradient(&theta, &labels, Reduction::Mean);
        found.unwrap_err().to_string()
    });
    assert!(message.contains("400"), "{message}");
}
