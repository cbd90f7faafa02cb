//! The losses of the page *Numbers that stay finite*, from the definition to the one that is right
//! at all logits, and the clipped one.

use std::error::Error;

use ndarray::{Array1, array};
use plots::{Axis, Figure};
use softmax_backprop::{Logits, Result, Target, cross_entropy_from_logits, softmax};

/// The probabilities by the definition, (7.1).
pub fn definition(theta: [f64; 3]) -> [f64; 3] {
    let exps = theta.map(f64::exp);
    let sum: f64 = exps.iter().sum();
    exps.map(|e| e / sum)
}

/// The largest of the logits.
pub fn largest(theta: [f64; 3]) -> f64 {
    theta[0].max(theta[1]).max(theta[2])
}

/// The probabilities with the maximum subtracted, (7.2).
pub fn shifted(theta: [f64; 3]) -> [f64; 3] {
    definition(theta.map(|theta_i| theta_i - largest(theta)))
}

/// The sum in (7.3).
pub fn sum(theta: [f64; 3]) -> f64 {
    theta
        .iter()
        .map(|theta_j| (theta_j - largest(theta)).exp())
        .sum()
}

/// The loss of class `t` by log-sum-exp, (7.3).
pub fn log_sum_exp(theta: [f64; 3], t: usize) -> f64 {
    (largest(theta) - theta[t]) + sum(theta).ln()
}

/// The loss of class `t` with `log1p`, (7.4).
pub fn log_1p(theta: [f64; 3], t: usize) -> f64 {
    let m = largest(theta);
    let s = theta.iter().position(|theta_j| *theta_j == m).unwrap_or(0);
    let others = (0..3).filter(|j| *j != s);
    let rest: f64 = others.map(|j| (theta[j] - m).exp()).sum();
    (m - theta[t]) + rest.ln_1p()
}

/// The logits, the class, and the loss to 21 digits, as `tests/reference/generate.py` prints it.
const LADDER: [([f64; 3], usize, &str); 7] = [
    ([-0.55, -0.77, 0.91], 1, "2.02967769573547085521"),
    ([710.0, 709.0, 708.0], 0, "4.07605964444380304483e-1"),
    ([-746.0, -746.0, -746.0], 0, "1.09861228866810969140"),
    ([0.0, 0.0, -740.0], 2, "7.40693147180559945309e+2"),
    ([0.0, 0.0, -746.0], 2, "7.46693147180559945309e+2"),
    ([0.0, 0.0, 30.0], 2, "1.87152459376785979077e-13"),
    ([-29.5, -29.5, 84.5], 2, "6.18670002261712168597e-50"),
];

/// What is said of a loss beside the one that is right.
fn judge(found: f64, exact: f64) -> String {
    match ((found - exact) / exact).abs() {
        _ if found.is_nan() => "NaN".to_owned(),
        _ if found.is_infinite() => "∞".to_owned(),
        _ if found == 0.0 => "0".to_owned(),
        error if error < 1e-14 => "right".to_owned(),
        error => format!("1e{}", error.log10().floor()), // 1e-4: from 1e-4 to 1e-3
    }
}

/// How many losses each rung gets right, whether the crate's are right, and a table in Markdown.
///
/// # Errors
///
/// As [`cross_entropy_from_logits`].
pub fn ladder() -> std::result::Result<([usize; 4], bool, String), Box<dyn Error>> {
    let head = "| logits | class | loss | (7.1) | (7.2) | (7.3) | (7.4) |";
    let mut table = format!("{head}\n|---|---|---|---|---|---|---|\n");
    let (mut right, mut crate_is_right) = ([0; 4], true);
    for (theta, t, digits) in LADDER {
        let exact: f64 = digits.parse()?;
        let losses = [
            -definition(theta)[t].ln(),
            -shifted(theta)[t].ln(),
            log_sum_exp(theta, t),
            log_1p(theta, t),
        ];
        let verdicts = losses.map(|loss| judge(loss, exact));
        for (count, verdict) in right.iter_mut().zip(&verdicts) {
            *count += usize::from(verdict == "right");
        }
        let logits = Logits::new(theta.to_vec().into())?;
        let of_crate = cross_entropy_from_logits(&logits, &Target::one_hot(t, 3)?)?;
        crate_is_right &= (of_crate / exact - 1.0).abs() < 1e-13;
        let theta = theta.map(|theta_i| theta_i.to_string()).join(",\u{a0}");
        let loss = match exact < 1e-3 {
            true => format!("{exact:.3e}"),
            false => format!("{exact:.3}"),
        };
        let cells = format!("[{theta}] | {} | {loss} | {}", t + 1, verdicts.join(" | "));
        table += &format!("| {} |\n", cells.replace('-', "−"));
    }
    Ok((right, crate_is_right, table))
}

/// The distance from 0 and 1 at which the author's run clips.
pub const CLIP: f64 = 1e-15;

/// The clipped loss of the second class, (7.5).
///
/// # Errors
///
/// As [`Logits::new`].
pub fn clipped(theta: &Array1<f64>) -> Result<f64> {
    let y_hat = softmax(&Logits::new(theta.clone())?)[1];
    Ok(-y_hat.clamp(CLIP, 1.0 - CLIP).ln())
}

/// The loss and the clipped loss, over the gap between a wrong class and the right one.
///
/// # Errors
///
/// As [`cross_entropy_from_logits`].
pub fn curves() -> Result<Figure> {
    let (mut true_loss, mut clipped_loss) = (Vec::new(), Vec::new());
    for g in 0..=120 {
        let theta = array![0.5 * f64::from(g), 0.0, 0.0];
        clipped_loss.push((theta[0], clipped(&theta)?));
        let loss =
            cross_entropy_from_logits(&Logits::new(theta.clone())?, &Target::one_hot(1, 3)?)?;
        true_loss.push((theta[0], loss));
    }
    let figure = Figure::new(
        "numbers-clipped",
        "The loss and the clipped loss",
        "Against the gap between a wrong class and the right one: the loss rises in a straight \
         line, the clipped loss follows it up to a gap of about 35 and is level from there on.",
        Axis::linear("gap g"),
        Axis::linear("loss in nats"),
    );
    Ok(figure.line("J", &true_loss).line("C", &clipped_loss))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rung_reaches_further() {
        let (right, crate_is_right, table) = ladder().unwrap();
        assert_eq!((right, crate_is_right), ([1, 3, 5, 7], true));
        assert_eq!(table.lines().count(), 9);
    }

    #[test]
    fn the_clipped_loss_is_level() {
        let at = |gap: f64| clipped(&array![gap, 0.0, 0.0]).unwrap();
        assert_eq!(at(40.0), at(50.0));
    }
}
