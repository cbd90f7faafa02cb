//! The start of an experiment: measures, prints, draws. Here it is the error of a central
//! difference of `exp` at 1, over a few steps; change what is measured.
//!
//! ```console
//! cargo run --release --example experiment
//! ```

use std::error::Error;
use std::path::Path;

use plots::{Axis, Figure};

/// What is measured, at one setting.
fn measure(h: f64) -> f64 {
    let slope = ((1.0 + h).exp() - (1.0 - h).exp()) / (2.0 * h);
    (slope - 1_f64.exp()).abs()
}

fn main() -> Result<(), Box<dyn Error>> {
    let settings = (1..=6).map(|power| 0.1_f64.powi(power));
    let points: Vec<(f64, f64)> = settings.map(|h| (h, measure(h))).collect();
    for (setting, found) in &points {
        println!("{setting:e}\t{found:e}");
    }
    let axes = (
        Axis::logarithmic("step"),
        Axis::logarithmic("error of the slope"),
    );
    let figure = Figure::new(
        "experiment",
        "My experiment",
        "What it shows.",
        axes.0,
        axes.1,
    );
    let svg = figure.line("f64", &points).file()?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/experiment.svg");
    std::fs::write(path, svg)?;
    Ok(())
}
