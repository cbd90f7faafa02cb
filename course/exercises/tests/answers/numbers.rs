//! Loss and softmax at all logits.

use exercises::*;
use ndarray::Array1;

use crate::{each_accepted, each_refused};

fn most(theta: &Array1<f64>) -> f64 {
    theta.fold(f64::NEG_INFINITY, |most, &theta_k| most.max(theta_k))
}

/// The exponentials of the logits less the largest.
fn exps(theta: &Array1<f64>) -> Array1<f64> {
    (theta - most(theta)).exp()
}

#[test]
fn losses() {
    use loss::check;
    /// The exponentials but one that is largest.
    fn rest(theta: &Array1<f64>) -> f64 {
        let mut sorted = exps(theta).to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.pop();
        sorted.iter().sum()
    }
    each_refused(
        "loss",
        [
            (
                "log-sum-exp: its 1 swallows what is small",
                check(|theta, t| most(theta) - theta[t] + exps(theta).sum().ln()),
                "a lead of 114",
            ),
            (
                "the same, patched where the sum is 1",
                check(|theta, t| match exps(theta).sum() {
                    1.0 => most(theta) - theta[t] + rest(theta),
                    sum => most(theta) - theta[t] + sum.ln(),
                }),
                "a lead of 30",
            ),
            (
                "the probability clipped",
                check(|theta, t| {
                    -(exps(theta)[t] / exps(theta).sum()).max(1e-15).ln()
                }),
                "a lead of 114",
            ),
            (
                "the logits clipped",
                check(|theta, t| {
                    let theta = theta.mapv(|theta_k| theta_k.clamp(-700.0, 700.0));
                    most(&theta) - theta[t] + rest(&theta).ln_1p()
                }),
                "a gap of 740",
            ),
            (
                "the logarithm added before the difference is taken",
                check(|theta, t| (most(theta) + rest(theta).ln_1p()) - theta[t]),
                "three of 1e16",
            ),
            (
                "bits, not nats",
                check(|theta, t| -(exps(theta)[t] / exps(theta).sum()).log2()),
                "three equal logits",
            ),
            (
                "the class counted from 1",
                check(|theta, t| {
                    let before = (t + theta.len() - 1) % theta.len();
                    most(theta) - theta[before] + rest(theta).ln_1p()
                }),
                "a lead of 114",
            ),
        ],
    );
    each_accepted(
        "loss",
        [
            (
                "sorted, the last one taken away",
                check(|theta, t| (most(theta) - theta[t]) + rest(theta).ln_1p()),
            ),
            (
                "differences from the true class where it leads",
                check(|theta, t| {
                    let others = (0..theta.len()).filter(|&j| j != t);
                    match theta[t] == most(theta) {
                        true => others
                            .map(|j| (theta[j] - theta[t]).exp())
                            .sum::<f64>()
                            .ln_1p(),
                        false => (most(theta) - theta[t]) + exps(theta).sum().ln(),
                    }
                }),
            ),
        ],
    );
}

#[test]
fn probabilities() {
    use stable::check;
    each_refused(
        "stable",
        [
            (
                "less the mean",
                check(|theta| {
                    let exps = (theta - theta.mean().unwrap()).exp();
                    &exps / exps.sum()
                }),
                "ŷ at −800, 800, 0",
            ),
            (
                "less the first",
                check(|theta| {
                    let exps = (theta - theta[0]).exp();
                    &exps / exps.sum()
                }),
                "not all entries are finite",
            ),
            (
                "less the largest absolute value",
                check(|theta| {
                    let size = theta
                        .fold(0.0_f64, |size, theta_k| size.max(theta_k.abs()));
                    let exps = (theta - size).exp();
                    &exps / exps.sum()
                }),
                "ŷ at the height -1000",
            ),
            (
                "clipped",
                check(|theta| {
                    let exps =
                        theta.mapv(|theta_k| theta_k.clamp(-700.0, 700.0).exp());
                    &exps / exps.sum()
                }),
                "ŷ at the height 1000",
            ),
            (
                "over the largest: another temperature",
                check(|theta| {
                    let exps = (theta / most(theta)).exp();
                    &exps / exps.sum()
                }),
                "ŷ at the height 0",
            ),
            (
                "1e-7 in the denominator",
                check(|theta| {
                    let exps = exps(theta);
                    &exps / (exps.sum() + 1e-7)
                }),
                "times what they should be",
            ),
            (
                "a probability below 1e-300 set to 0",
                check(|theta| {
                    let y_hat = exps(theta) / exps(theta).sum();
                    y_hat.mapv(|p| if p < 1e-300 { 0.0 } else { p })
                }),
                "ŷ₂ at 0, −700",
            ),
        ],
    );
    each_accepted(
        "stable",
        [
            (
                "one over the sum of differences",
                check(|theta| {
                    theta.mapv(|theta_k| 1.0 / (theta - theta_k).exp().sum())
                }),
            ),
            (
                "exp of θ less log-sum-exp",
                check(|theta| {
                    let log_sum = exps(theta).sum().ln();
                    ((theta - most(theta)) - log_sum).exp()
                }),
            ),
        ],
    );
}
