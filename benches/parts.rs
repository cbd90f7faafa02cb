//! How long each part of the crate takes, and whether that has changed since the last run.
//!
//! ```console
//! cargo bench -p benches
//! cargo bench -p benches -- rows
//! ```

use std::error::Error;
use std::fs::File;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::curvature::newton;
use softmax_backprop::dataset::{Dataset, Standardisation};
use softmax_backprop::lanes;
use softmax_backprop::lbfgs::lbfgs;
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::{
    Classifier, Float, Layer, Logits, Target, cross_entropy_from_logits, log_softmax, softmax,
};

type Done = Result<(), Box<dyn Error>>;

/// Examples and classes, from one example to where the logits do not fit into a cache.
const SIZES: [(usize, usize); 4] = [(1, 3), (150, 3), (10_000, 10), (1_024, 1_000)];

/// Inputs of a layer.
const INPUTS: usize = 64;

fn main() -> Done {
    let mut criterion = Criterion::default().configure_from_args();
    one_example(&mut criterion)?;
    for float in ["f64", "f32"] {
        let mut group = criterion.benchmark_group(format!("rows, {float}"));
        match float {
            "f64" => rows::<f64>(&mut group)?,
            _ => rows::<f32>(&mut group)?,
        }
        group.finish();
        let mut group = criterion.benchmark_group(format!("layer, {float}"));
        match float {
            "f64" => layer::<f64>(&mut group)?,
            _ => layer::<f32>(&mut group)?,
        }
        group.finish();
    }
    training(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

/// The stations of the worked example, as the book walks through them.
fn one_example(criterion: &mut Criterion) -> Done {
    let mut group = criterion.benchmark_group("one example");
    let theta = Logits::new(Array1::from(vec![-0.55, -0.77, 0.91]))?;
    let y = Target::one_hot(1, 3)?;
    group.bench_function("softmax", |b| b.iter(|| softmax(black_box(&theta))));
    group.bench_function("log_softmax", |b| b.iter(|| log_softmax(black_box(&theta))));
    group.bench_function("loss", |b| {
        b.iter(|| cross_entropy_from_logits(black_box(&theta), &y));
    });
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let classifier = Classifier::new(Layer::uniform(2, 3, &mut rng)?);
    let x = numbers::<f64>(&mut rng, 2);
    group.bench_function("forward", |b| {
        b.iter(|| classifier.forward(black_box(&x), &y));
    });
    let forward = classifier.forward(&x, &y)?;
    group.bench_function("backward", |b| {
        b.iter(|| classifier.backward(black_box(&forward)));
    });
    group.finish();
    Ok(())
}

/// From logits: probabilities, and the mean loss with its gradient.
fn rows<A: Float>(group: &mut BenchmarkGroup<'_, WallTime>) -> Done {
    for (n, k) in SIZES {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let theta = matrix::<A>(&mut rng, n, k)?;
        let labels = labels(&mut rng, n, k);
        let mut d_theta = Array2::zeros((n, k));
        let loss = CrossEntropy::new();
        group.throughput(Throughput::Elements((n * k) as u64));
        group.bench_function(size("softmax", n, k), |b| {
            b.iter(|| lanes::softmax(black_box(&theta), Axis(1)));
        });
        group.bench_function(size("gradient", n, k), |b| {
            b.iter(|| loss.gradient_into(&theta, &labels, Reduction::Mean, &mut d_theta));
        });
    }
    Ok(())
}

/// From inputs: probabilities, and the mean loss with its gradients.
fn layer<A: Float>(group: &mut BenchmarkGroup<'_, WallTime>) -> Done {
    for (n, k) in SIZES {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let layer = Layer::new(matrix::<A>(&mut rng, INPUTS, k)?, numbers(&mut rng, k))?;
        let x = matrix::<A>(&mut rng, n, INPUTS)?;
        let batch = Batch::of_classes(x, labels(&mut rng, n, k), k)?;
        let mut pass = Pass::new(&layer, &batch)?;
        group.throughput(Throughput::Elements((n * k * INPUTS) as u64));
        group.bench_function(size("predict", n, k), |b| {
            b.iter(|| predict(&layer, batch.x()));
        });
        group.bench_function(size("pass", n, k), |b| {
            b.iter(|| pass.rerun(black_box(&layer), &batch));
        });
    }
    Ok(())
}

/// The penguins, from weights of 0 to a gradient of 1e-9.
fn training(criterion: &mut Criterion) -> Done {
    let mut group = criterion.benchmark_group("penguins");
    let file = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/penguins.csv"))?;
    let features = ["bill_length_mm", "bill_depth_mm"];
    let species = ["Adelie", "Chinstrap", "Gentoo"];
    let data = Dataset::read(file, &features, "species", &species)?;
    let batch = data.batch(&Standardisation::of(&data.x)?)?;
    let start = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
    group.bench_function("newton", |b| b.iter(|| newton(&start, &batch, 1e-9)));
    group.bench_function("lbfgs", |b| b.iter(|| lbfgs(&start, &batch, 1e-9)));
    group.finish();
    Ok(())
}

fn size(what: &str, n: usize, k: usize) -> BenchmarkId {
    BenchmarkId::new(what, format!("{n} × {k}"))
}

/// Numbers from −1 to 1.
fn numbers<A: Float>(rng: &mut impl Rng, count: usize) -> Array1<A> {
    (0..count)
        .map(|_| A::of(rng.random_range(-1.0..1.0)))
        .collect()
}

fn matrix<A: Float>(rng: &mut impl Rng, n: usize, k: usize) -> Result<Array2<A>, Box<dyn Error>> {
    Ok(numbers(rng, n * k).into_shape_with_order((n, k))?)
}

fn labels(rng: &mut impl Rng, n: usize, k: usize) -> Vec<usize> {
    (0..n).map(|_| rng.random_range(0..k)).collect()
}
