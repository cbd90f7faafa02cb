//! Trains the book's network on the penguins' bills.
//!
//! ```console
//! cargo run --release --example penguins
//! ```
//!
//! The numbers are those of the book's page *Training on penguins*.

use std::error::Error;
use std::fs;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use ndarray::{Array1, Array2};
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
    held_out(&data)?;
    minimum(&data)
}

/// Trains on three quarters of the birds, and tries the rest.
fn held_out(data: &Dataset) -> Result<(), Box<dyn Error>> {
    let (train, test) = data.split(HELD_OUT, &mut ChaCha8Rng::seed_from_u64(SEED))?;
    let scale = Standardisation::of(&train.x)?;
    let descent = Descent {
        learning_rate: 1.0,
        epochs: 1000,
        gradient_norm: 0.0,
    };
    let trained = train_with_bar(&train.batch(&scale)?, &descent)?;
    println!(
        "J = {:.4} after {} epochs",
        trained.end.loss, trained.end.number
    );
    for (part, data) in [("training", &train), ("held out", &test)] {
        let right = right(&trained.layer, data, &scale)?;
        println!("{part}: {right} of {} right", data.labels.len());
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
    let trained = train_with_bar(&batch, &descent)?;
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
fn train_with_bar(batch: &Batch, descent: &Descent) -> Result<Trained, Box<dyn Error>> {
    let bar = ProgressBar::new(descent.epochs as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} epochs, {msg}",
    )?);
    let trained = descend(start()?, batch, descent, |epoch| {
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
