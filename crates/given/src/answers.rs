//! Answers of networks on the curve of the loss.

use plots::{Axis, Figure};

/// The loss over the probability of the true class, the answers of each network on it, and where,
/// with three classes and equal wrong ones, right begins.
///
/// # Errors
///
/// As [`Figure::svg`].
pub fn figure(networks: &[(&str, [f64; 4])]) -> std::result::Result<String, plots::Error> {
    let loss = |p: f64| (p, -p.ln());
    let curve: Vec<(f64, f64)> = (0..=200).map(|k| loss(0.98_f64.powi(k * 3))).collect();
    let x = Axis::linear("probability of the true class").from_to(-0.02, 1.02);
    let y = Axis::linear("loss in nats").from_to(-0.3, 10.0);
    let title = "Answers on the curve of the loss";
    let description = "The loss falls from 10 nats near the probability 0 to 0 at 1. A dashed upright line at a third parts wrong answers, left, from right ones. The first network's answers lie together a little to the right of it. The second has three at 0.98 and one at 0.2, and the third three at 0.98 and one near 0, far above the others.";
    let mut figure = Figure::new("questions-answers", title, description, x, y)
        .line("loss", &curve)
        .dashed(
            "right from here on",
            &[(1.0 / 3.0, -0.3), (1.0 / 3.0, 10.0)],
        );
    for (name, y_hat) in networks {
        figure = figure.points(name, &y_hat.map(loss));
    }
    figure.svg()
}
