//! Trains the book's network on the penguins' bills, and draws what it learned.
//!
//! ```console
//! cargo run --release --example penguins
//! ```
//!
//! The numbers are those of the book's page *Training on penguins*. The figures are written to
//! `target/penguins`.

use std::error::Error;
use std::fs;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use ndarray::{Array1, Array2, array};
use plots::{Axis, Figure};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::Layer;
use softmax_backprop::batch::{Batch, classify};
use softmax_backprop::curvature::newton;
use softmax_backprop::dataset::{Dataset, Standardisation};
use softmax_backprop::training::{Descent, Trained, descend};

const BILL: [&str; 2] = ["bill_length_mm", "bill_depth_mm"];
const SPECIES: [&str; 3] = ["Adelie", "Chinstrap", "Gentoo"];
const HELD_OUT: usize = 86;
const SEED: u64 = 2020;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = fs::File::open(root.join("data/penguins.csv"))?;
    let data = Dataset::read(file, &BILL, "species", &SPECIES)?;
    println!(
        "{} birds, lines {:?} left out",
        data.labels.len(),
        data.skipped
    );

    let folder = root.join("target/penguins");
    fs::create_dir_all(&folder)?;
    held_out(&data, &folder)?;
    minimum(&data)
}

/// Trains on three quarters of the birds, and tries the rest.
fn held_out(data: &Dataset, folder: &Path) -> Result<(), Box<dyn Error>> {
    let (train, test) = data.split(HELD_OUT, &mut ChaCha8Rng::seed_from_u64(SEED))?;
    let scale = Standardisation::of(&train.x)?;
    let descent = Descent {
        learning_rate: 1.0,
        epochs: 1000,
        gradient_norm: 0.0,
    };
    let mut losses = Vec::new();
    let trained = train_with_bar(&train.batch(&scale)?, &descent, |loss| losses.push(loss))?;
    println!(
        "J = {:.4} after {} epochs",
        trained.end.loss, trained.end.number
    );
    for (part, data) in [("training", &train), ("held out", &test)] {
        let right = right(&trained.layer, data, &scale)?;
        println!("{part}: {right} of {} right", data.labels.len());
    }

    for (name, figure) in [
        ("loss.svg", loss_curve(&losses)),
        ("regions.svg", regions(data, &trained.layer, &scale)),
    ] {
        let path = folder.join(name);
        fs::write(&path, figure.file()?)?;
        println!("{}", path.display());
    }
    Ok(())
}

/// The minimum of the mean loss of all birds, by descent and by Newton's method.
fn minimum(data: &Dataset) -> Result<(), Box<dyn Error>> {
    let scale = Standardisation::of(&data.x)?;
    let batch = data.batch(&scale)?;
    let descent = Descent {
        learning_rate: 4.0,
        epochs: 50_000,
        gradient_norm: 1e-9,
    };
    let trained = train_with_bar(&batch, &descent, |_| ())?;
    println!(
        "all birds, descent: J = {:.10} after {} epochs",
        trained.end.loss, trained.end.number
    );
    let minimum = newton(&start()?, &batch, descent.gradient_norm)?;
    if let Some(last) = minimum.steps.last() {
        let steps = minimum.steps.len() - 1;
        println!(
            "all birds, Newton:  J = {:.10} after {steps} steps",
            last.loss
        );
    }
    let right = right(&minimum.layer, data, &scale)?;
    println!("{right} of {} right", data.labels.len());
    Ok(())
}

fn start() -> softmax_backprop::error::Result<Layer> {
    Layer::new(
        Array2::zeros((BILL.len(), SPECIES.len())),
        Array1::zeros(SPECIES.len()),
    )
}

/// Descends from zero, with a bar that shows epoch and loss.
fn train_with_bar(
    batch: &Batch,
    descent: &Descent,
    mut on_loss: impl FnMut(f64),
) -> Result<Trained, Box<dyn Error>> {
    let bar = ProgressBar::new(descent.epochs as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} epochs, {msg}",
    )?);
    let trained = descend(start()?, batch, descent, |epoch| {
        on_loss(epoch.loss);
        bar.set_position(epoch.number as u64);
        bar.set_message(format!("J = {:.6}", epoch.loss));
    });
    bar.finish_and_clear();
    Ok(trained?)
}

fn right(layer: &Layer, data: &Dataset, scale: &Standardisation) -> Result<usize, Box<dyn Error>> {
    let classes = classify(layer, &scale.apply(&data.x)?)?;
    Ok(classes
        .iter()
        .zip(&data.labels)
        .filter(|(class, label)| class == label)
        .count())
}

fn loss_curve(losses: &[f64]) -> Figure {
    let points: Vec<(f64, f64)> = losses
        .iter()
        .enumerate()
        .map(|(epoch, loss)| ((epoch + 1) as f64, *loss))
        .collect();
    Figure::new(
        "loss",
        "The loss, epoch by epoch",
        "A falling curve on two logarithmic axes.",
        Axis::logarithmic("epoch, counted from 1"),
        Axis::logarithmic("mean loss in nats"),
    )
    .line("training part", &points)
}

fn regions(data: &Dataset, layer: &Layer, scale: &Standardisation) -> Figure {
    let class_at = |length: f64, depth: f64| {
        let x = scale.apply(&array![[length, depth]]);
        let class = x.and_then(|x| classify(layer, &x));
        class.map_or(0, |class| class[0])
    };
    let figure = Figure::new(
        "regions",
        "Three species by their bills",
        "The birds, and the straight lines that part their species.",
        Axis::linear("bill length in mm").from_to(31.0, 61.0),
        Axis::linear("bill depth in mm").from_to(12.5, 22.0),
    )
    .regions(class_at);
    SPECIES
        .iter()
        .enumerate()
        .fold(figure, |figure, (k, species)| {
            let birds = data
                .x
                .outer_iter()
                .zip(&data.labels)
                .filter(|(_, label)| **label == k);
            let points: Vec<(f64, f64)> = birds.map(|(x, _)| (x[0], x[1])).collect();
            figure.points(species, &points)
        })
}
