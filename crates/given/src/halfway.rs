//! The loss on the way from one setting of the parameters to another.

use ndarray::ArrayRef1;
use plots::{Axis, Figure};
use softmax_backprop::{Classifier, Layer, Result, Target};

/// The loss on the straight way from four times the parameters of a layer to minus four times
/// these, at places from 0 to 1.
///
/// # Errors
///
/// As [`Classifier::forward`].
pub fn losses(layer: &Layer, x: &ArrayRef1<f64>, y: &Target) -> Result<Vec<(f64, f64)>> {
    let at = |place: f64| {
        let scale = 4.0 - 8.0 * place;
        let scaled = Layer::new(scale * layer.w(), scale * layer.b())?;
        Ok((place, Classifier::new(scaled).forward(x, y)?.loss))
    };
    (0..=40).map(|k| at(f64::from(k) / 40.0)).collect()
}

/// The curve of [`losses`], and the straight line between its ends.
///
/// # Errors
///
/// As [`Figure::svg`].
pub fn figure(losses: &[(f64, f64)]) -> std::result::Result<String, plots::Error> {
    let ends = [losses[0], losses[losses.len() - 1]];
    let x = Axis::linear("place between two settings of the parameters");
    let y = Axis::linear("loss in nats").from_to(0.0, 7.0);
    let title = "The loss between two settings";
    let description = "A curve falls from 6.7 nats at the left end to 0.3 at the right end. Between the ends it sags below the dashed straight line that joins them, most in the middle.";
    Figure::new("errata-halfway", title, description, x, y)
        .line("loss", losses)
        .dashed("between the ends", &ends)
        .svg()
}
