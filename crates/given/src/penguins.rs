//! The penguins: read, split and standardised as the page *Training on penguins* does it.

use std::fs::File;
use std::sync::LazyLock;

use ndarray::{Array1, Array2};
use plots::{Axis, Figure};
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use softmax_backprop::batch::{Batch, classify};
use softmax_backprop::dataset::{Dataset, Standardisation};
use softmax_backprop::training::{Descent, descend, descend_in_minibatches};
use softmax_backprop::{Layer, Result};
pub use training::data::SPECIES;
use training::data::{BILLS, HELD_OUT};

use crate::not_given::NotGiven;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/penguins.csv");

/// The two measurements of a bill, as the file names them.
pub const BILL: [&str; 2] = ["bill_length_mm", "bill_depth_mm"];

/// The birds, by the length and the depth of their bills.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Penguins {
    /// All birds that were measured.
    pub data: Dataset,
    /// The birds to train on.
    pub train: Dataset,
    /// The birds that are held out.
    pub test: Dataset,
    /// Mean and deviation of the birds to train on.
    pub scale: Standardisation,
    /// Where descent starts: weights and biases of 0.
    pub start: Layer,
}

impl Penguins {
    fn new() -> std::result::Result<Self, NotGiven> {
        let data = read(&BILL)?;
        let (held_out, seed) = HELD_OUT;
        let (train, test) = data.split(held_out, &mut ChaCha8Rng::seed_from_u64(seed))?;
        let scale = Standardisation::of(&train.x)?;
        let start = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
        Ok(Self {
            data,
            train,
            test,
            scale,
            start,
        })
    }
}

/// Reads the measurements `features` of all birds.
///
/// # Errors
///
/// Where the file is not there, and as [`Dataset::read`].
pub fn read(features: &[&str]) -> std::result::Result<Dataset, NotGiven> {
    let path = FILE;
    let file = File::open(path).map_err(|error| NotGiven::Read { path, error })?;
    Ok(Dataset::read(file, features, "species", &SPECIES)?)
}

static PENGUINS: LazyLock<std::result::Result<Penguins, NotGiven>> = LazyLock::new(Penguins::new);

/// The penguins.
///
/// # Errors
///
/// Where the file of the penguins cannot be read.
pub fn penguins() -> std::result::Result<&'static Penguins, &'static NotGiven> {
    PENGUINS.as_ref()
}

/// How many examples of a batch a layer names as their labels do.
///
/// # Errors
///
/// As [`classify`].
pub fn right(layer: &Layer, batch: &Batch) -> Result<usize> {
    let (classes, y) = (classify(layer, batch.x())?, batch.y());
    Ok((0..batch.len())
        .filter(|&n| y[[n, classes[n]]] == 1.0)
        .count())
}

/// Fifty epochs of descent at a learning rate.
fn fifty(learning_rate: f64) -> Descent {
    Descent {
        learning_rate,
        epochs: 50,
        gradient_norm: 0.0,
    }
}

/// The loss of the training part, epoch by epoch, each the mean of twenty splits: all birds at
/// once at the rates 0.2 and 3.2, and 16 at a time at the rate 0.2.
///
/// # Errors
///
/// As [`descend`].
pub fn race(data: &Dataset, start: &Layer) -> Result<[Vec<f64>; 3]> {
    let mut means = [const { Vec::new() }; 3];
    for seed in 0..20 {
        let (train, _) = data.split(86, &mut ChaCha8Rng::seed_from_u64(seed))?;
        let batch = train.batch(&Standardisation::of(&train.x)?)?;
        let mut add = |curve: usize, number: usize, loss: f64| {
            let mean: &mut Vec<f64> = &mut means[curve];
            mean.resize(mean.len().max(number + 1), 0.0);
            mean[number] += loss / 20.0;
        };
        for (curve, rate) in [0.2, 3.2].into_iter().enumerate() {
            descend(start.clone(), &batch, &fifty(rate), |epoch| {
                add(curve, epoch.number, epoch.loss);
            })?;
        }
        let rng = &mut ChaCha8Rng::seed_from_u64(100 + seed);
        descend_in_minibatches(start.clone(), &batch, &fifty(0.2), 16, rng, |epoch| {
            add(2, epoch.number, epoch.loss);
        })?;
    }
    Ok(means)
}

/// The losses after one epoch: all examples at once at a learning rate, and 16 at a time at 0.2.
///
/// # Errors
///
/// As [`descend`].
pub fn after_one_epoch(start: &Layer, batch: &Batch, learning_rate: f64) -> Result<[f64; 2]> {
    let one = |rate| Descent {
        epochs: 1,
        ..fifty(rate)
    };
    let whole = descend(start.clone(), batch, &one(learning_rate), |_| ())?;
    let rng = &mut ChaCha8Rng::seed_from_u64(16);
    let portions = descend_in_minibatches(start.clone(), batch, &one(0.2), 16, rng, |_| ())?;
    Ok([whole.end.loss, portions.end.loss])
}

/// The three curves of [`race`] at some epochs.
pub fn race_table(means: &[Vec<f64>; 3]) -> String {
    let rows = [0, 1, 2, 5, 10, 50].map(|epoch| {
        let [slow, fast, portions] = means.each_ref().map(|losses| losses[epoch]);
        format!("\n{epoch:5}   {slow:12.3}   {fast:12.3}   {portions:17.3}")
    });
    "epoch   at once, 0.2   at once, 3.2   16 at a time, 0.2".to_owned() + &rows.concat()
}

/// The three curves of [`race`], drawn.
///
/// # Errors
///
/// As [`Figure::svg`].
pub fn race_figure(means: &[Vec<f64>; 3]) -> std::result::Result<String, plots::Error> {
    let curve = |losses: &[f64]| -> Vec<(f64, f64)> {
        (0..).map(f64::from).zip(losses.iter().copied()).collect()
    };
    let (x, y) = (
        Axis::linear("epoch"),
        Axis::linear("mean loss in nats").from_to(0.0, 1.2),
    );
    let description = "Three falling curves over 50 epochs, from 1.1 nats. That of all birds at the rate 0.2 sinks slowly, to a quarter. Those of all birds at 3.2 and of 16 at a time at 0.2 drop below a half within an epoch and run side by side to a tenth.";
    let title = "The loss, epoch by epoch";
    Figure::new("penguins-loss", title, description, x, y)
        .line("all at once, rate 0.2", &curve(&means[0]))
        .line("all at once, rate 3.2", &curve(&means[1]))
        .line("16 at a time, rate 0.2", &curve(&means[2]))
        .svg()
}

/// Of 300 random portions of 16 birds, for how many a layer is found that names all 16 as they
/// are. Such a portion has no minimum: the layer's weights times two have a smaller loss, and so
/// on.
///
/// # Errors
///
/// As [`Batch::select`].
pub fn portions_without_minimum(batch: &Batch) -> Result<usize> {
    let rng = &mut ChaCha8Rng::seed_from_u64(300);
    let mut order: Vec<usize> = (0..batch.len()).collect();
    let mut without = 0;
    for _ in 0..300 {
        order.shuffle(rng);
        without += usize::from(is_separable(&batch.select(&order[..16])?));
    }
    Ok(without)
}

/// Whether the perceptron finds, in 20,000 passes over examples with two inputs and three
/// classes, a layer under which each true class has the largest logit, and it alone.
fn is_separable(batch: &Batch) -> bool {
    let (x, y) = (batch.x(), batch.y());
    let class = |n: usize| (0..3).find(|&k| y[[n, k]] == 1.0).unwrap_or_default();
    let examples: Vec<([f64; 3], usize)> = (0..batch.len())
        .map(|n| ([x[[n, 0]], x[[n, 1]], 1.0], class(n)))
        .collect();
    let mut w = [[0.0; 3]; 3];
    let dot = |w: &[f64; 3], x: &[f64; 3]| w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
    (0..20_000).any(|_| {
        let mut all_right = true;
        for (x, class) in &examples {
            for k in (0..3).filter(|k| k != class) {
                if dot(&w[k], x) >= dot(&w[*class], x) {
                    all_right = false;
                    for (i, x) in x.iter().enumerate() {
                        w[*class][i] += x;
                        w[k][i] -= x;
                    }
                }
            }
        }
        all_right
    })
}

/// All birds over the regions of a layer that was trained on standardised measurements.
///
/// # Errors
///
/// As [`Figure::svg`].
pub fn regions_figure(
    birds: &Penguins,
    layer: &Layer,
) -> std::result::Result<String, plots::Error> {
    let class_at = |length: f64, depth: f64| {
        let x = birds.scale.apply(&ndarray::array![[length, depth]]);
        let class = x.and_then(|x| classify(layer, &x));
        class.map_or(0, |class| class[0])
    };
    let [length, depth] = BILLS;
    let x = Axis::linear("bill length in mm").from_to(length.0, length.1);
    let y = Axis::linear("bill depth in mm").from_to(depth.0, depth.1);
    let title = "Three species by their bills";
    let description = "A scatter of 342 birds, bill length from 32 to 60 mm across, bill depth from 13 to 22 mm up. Straight lines part the plane: Adelie at the left with short deep bills, Chinstrap at the upper right with long deep bills, Gentoo below with long shallow bills. A few birds lie beyond the lines of their species.";
    let mut figure = Figure::new("penguins-regions", title, description, x, y).regions(class_at);
    for (k, species) in SPECIES.iter().enumerate() {
        let all = birds.data.x.outer_iter().zip(&birds.data.labels);
        let points: Vec<(f64, f64)> = all
            .filter(|(_, label)| **label == k)
            .map(|(x, _)| (x[0], x[1]))
            .collect();
        figure = figure.points(species, &points);
    }
    figure.svg()
}

/// The held-out birds, a row for each species as it is, a column for each as a layer names it.
///
/// # Errors
///
/// As [`classify`].
pub fn confusion_table(birds: &Penguins, layer: &Layer) -> Result<String> {
    let classes = classify(layer, &birds.scale.apply(&birds.test.x)?)?;
    let mut counts = [[0; 3]; 3];
    for (label, class) in birds.test.labels.iter().zip(&classes) {
        counts[*label][*class] += 1;
    }
    let mut table = format!(
        "| is \\ named | {} |\n|---|--:|--:|--:|\n",
        SPECIES.join(" | ")
    );
    for (species, [a, b, c]) in SPECIES.iter().zip(counts) {
        table += &format!("| {species} | {a} | {b} | {c} |\n");
    }
    Ok(table)
}

/// The weights and biases of a layer, a column for each species.
pub fn weights_table(layer: &Layer) -> String {
    let mut table = format!(
        "| measurement | {} |\n|---|--:|--:|--:|\n",
        SPECIES.join(" | ")
    );
    let rows = layer.w().rows().into_iter().chain([layer.b().view()]);
    for (name, row) in ["bill length", "bill depth", "bias"].iter().zip(rows) {
        table += &format!(
            "| {name} | {:.2} | {:.2} | {:.2} |\n",
            row[0], row[1], row[2]
        );
    }
    table
}

/// How far the losses of descent and of Newton's method are above the minimum, step by step.
///
/// # Errors
///
/// As [`Figure::svg`].
pub fn arrival_figure(
    descent: &[f64],
    newton: &[f64],
    minimum: f64,
) -> std::result::Result<String, plots::Error> {
    let above = |losses: &[f64]| -> Vec<(f64, f64)> {
        let steps = (0..).map(f64::from).zip(losses);
        let all = steps.map(|(step, loss)| (step + 1.0, loss - minimum));
        all.filter(|(step, gap)| *gap > 1e-12 && thinned(*step))
            .collect()
    };
    let x = Axis::logarithmic("step, counted from 1").from_to(1.0, 1e5);
    let y = Axis::logarithmic("loss above the minimum in nats").from_to(1e-12, 10.0);
    let title = "Two ways to the minimum";
    let description = "Two falling curves over steps, both axes logarithmic, from 1 nat above the minimum. Newton's method is within a millionth of a millionth after about ten steps, descent after more than ten thousand.";
    Figure::new("penguins-arrival", title, description, x, y)
        .line("descent, rate 4", &above(descent))
        .line("Newton's method", &above(newton))
        .svg()
}

/// Of many steps, those that a logarithmic axis can tell apart.
fn thinned(step: f64) -> bool {
    step < 100.0 || step % 10_f64.powf(step.log10().floor() - 1.0) == 0.0
}

#[cfg(test)]
mod tests {
    use crate::given;

    #[test]
    fn a_quarter_of_the_birds_is_held_out() {
        given!(penguins: data, train, test, scale, start);
        assert_eq!(data.labels.len(), 342);
        assert_eq!((train.labels.len(), test.labels.len()), (256, 86));
        let x = scale.apply(&train.x).unwrap();
        assert!(x.sum().abs() < 1e-9);
        assert!(start.w().iter().chain(start.b()).all(|entry| *entry == 0.0));
    }
}
