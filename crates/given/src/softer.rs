//! What the page *Softer targets* puts into tables.

use ndarray::{Array1, array};
use plots::{Axis, Figure};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::{
    Logits, Probabilities, Result, Target, cross_entropy, cross_entropy_from_logits, softmax,
};

/// A label of three classes, class 1, with the share `s` of its certainty taken away.
///
/// # Errors
///
/// As [`Target::distribution`].
pub fn smoothed(s: f64) -> Result<Target> {
    Target::distribution(array![1.0, 0.0, 0.0].mapv(|y| (1.0 - s) * y + s / 3.0))
}

/// The loss where class 1 leads by a gap, and the slope at its logit.
///
/// # Errors
///
/// As [`smoothed`].
pub fn at(gap: f64, s: f64) -> Result<(f64, f64)> {
    let theta = Logits::new(array![gap, 0.0, 0.0])?;
    let y = smoothed(s)?;
    let delta = d_theta(&softmax(&theta), &y)?;
    Ok((cross_entropy_from_logits(&theta, &y)?, delta[0]))
}

/// The loss over the gap, for a hard and two smoothed labels.
///
/// # Errors
///
/// As [`at`].
pub fn gaps() -> Result<Figure> {
    let curve = |s: f64| -> Result<Vec<(f64, f64)>> {
        let gaps = (-20..=80).map(|i| f64::from(i) / 10.0);
        gaps.map(|gap| Ok((gap, at(gap, s)?.0))).collect()
    };
    let figure = Figure::new(
        "soft-targets-smoothing",
        "The loss over the gap, for hard and smoothed labels",
        "Three curves over the gap from -2 to 8. All fall steeply on the left. The one of the hard \
         label keeps falling towards 0. The one for s = 0.1 has its minimum near a gap of 3.3, the \
         one for s = 0.2 near 2.6, and both rise slowly after it.",
        Axis::linear("gap between the logit of the class and the others"),
        Axis::linear("loss in nats").from_to(0.0, 3.0),
    );
    Ok(figure
        .line("s = 0", &curve(0.0)?)
        .line("s = 0.1", &curve(0.1)?)
        .line("s = 0.2", &curve(0.2)?))
}

/// The square of the temperature, times the student's gradient at each logit.
///
/// # Errors
///
/// As [`Logits::new`].
pub fn distilled(student: &Array1<f64>, teacher: &Array1<f64>, t: f64) -> Result<Array1<f64>> {
    let q = softmax(&Logits::new(teacher / t)?);
    let y_hat = softmax(&Logits::new(student / t)?);
    Ok((y_hat.as_array() - q.as_array()) * t)
}

/// The entropy of a label.
pub fn entropy(y: &Array1<f64>) -> f64 {
    let terms = y.iter().filter(|y| **y > 0.0).map(|y| -y * y.ln());
    terms.sum()
}

/// The divergence of a forecast from a label.
pub fn divergence(y: &Array1<f64>, y_hat: &Array1<f64>) -> f64 {
    let pairs = y.iter().zip(y_hat).filter(|(y, _)| **y > 0.0);
    pairs.map(|(y, y_hat)| y * (y / y_hat).ln()).sum()
}

/// Cross-entropy, entropy and divergence of some labels and forecasts, as a table in Markdown.
///
/// # Errors
///
/// As [`cross_entropy()`].
pub fn three(worked: &Array1<f64>) -> Result<String> {
    let (thirds, shares) = (Array1::from_elem(3, 1.0 / 3.0), array![0.1, 0.7, 0.2]);
    let class = array![0.0, 1.0, 0.0];
    let head =
        "| label | forecast | cross-entropy | entropy | divergence | divergence the other way |";
    let mut table = format!("{head}\n|---|---|---|---|---|---|\n");
    for (label, y, forecast, y_hat) in [
        ("class 2", &class, "worked example", worked),
        ("class 2", &class, "all equal", &thirds),
        ("shares of ten people", &shares, "worked example", worked),
        ("shares of ten people", &shares, "all equal", &thirds),
        ("shares of ten people", &shares, "the same shares", &shares),
        ("all equal", &thirds, "shares of ten people", &shares),
    ] {
        let target = Target::distribution(y.clone())?;
        let j = cross_entropy(&Probabilities::new(y_hat.clone())?, &target)?;
        let other = divergence(y_hat, y);
        let other = match other.is_finite() {
            true => format!("{:.4}", other.abs()),
            false => "∞".into(),
        };
        table += &format!(
            "| {label} | {forecast} | {j:.4} | {:.4} | {:.4} | {other} |\n",
            entropy(y).abs(),
            divergence(y, y_hat).abs()
        );
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_entropy_is_their_sum() {
        let (y, y_hat) = (array![0.1, 0.7, 0.2], array![0.3, 0.3, 0.4]);
        let target = Target::distribution(y.clone()).unwrap();
        let j = cross_entropy(&Probabilities::new(y_hat.clone()).unwrap(), &target).unwrap();
        assert!((entropy(&y) + divergence(&y, &y_hat) - j).abs() < 1e-15);
        assert_eq!(three(&y_hat).unwrap().lines().count(), 8);
    }

    #[test]
    fn a_student_like_its_teacher_has_nothing_to_learn() {
        let logits = array![1.0, 2.0, 3.0];
        let scaled = distilled(&logits, &logits, 3.0).unwrap();
        assert!(scaled.iter().all(|entry| *entry == 0.0));
        assert!(at(1.0, 0.1).unwrap().1 < 0.0);
    }
}
