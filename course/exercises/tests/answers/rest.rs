//! Temperature, and Newton's method.

use exercises::*;
use ndarray::{Array1, Array2, Axis};

use crate::{each_accepted, each_refused};

/// The sum of the losses at the temperature `t`.
fn loss(theta: &Array2<f64>, classes: &[usize], t: f64) -> f64 {
    let examples = theta.rows().into_iter().zip(classes);
    let losses = examples.map(|(theta, &class)| {
        let scaled = &theta / t;
        let most = scaled.fold(f64::NEG_INFINITY, |most, &one| most.max(one));
        most - scaled[class] + (scaled - most).exp().sum().ln()
    });
    losses.sum()
}

/// Golden section on the logarithm of the temperature, down to a width.
fn golden(theta: &Array2<f64>, classes: &[usize], width: f64) -> f64 {
    let ratio = 0.5 * (5_f64.sqrt() - 1.0);
    let (mut low, mut high) = (1e-3_f64.ln(), 1e3_f64.ln());
    while high - low > width {
        let step = ratio * (high - low);
        let (left, right) = (high - step, low + step);
        match loss(theta, classes, left.exp()) < loss(theta, classes, right.exp()) {
            true => high = right,
            false => low = left,
        }
    }
    (0.5 * (low + high)).exp()
}

#[test]
fn temperatures() {
    use temperature::check;
    each_refused(
        "temperature",
        [
            ("left at 1", check(|_, _| 1.0), "a lead of 8, too sure"),
            (
                "1/T in the place of T",
                check(|theta, classes| 1.0 / golden(theta, classes, 1e-8)),
                "a lead of 8, too sure",
            ),
            (
                "a grid of tenths",
                check(|theta, classes| {
                    let grid = (1..100).map(|tenths| f64::from(tenths) / 10.0);
                    let at = |t: &f64| loss(theta, classes, *t);
                    grid.min_by(|a, b| at(a).total_cmp(&at(b))).unwrap()
                }),
                "a lead of 8, too sure: expected 3.64",
            ),
            (
                "stopped early",
                check(|theta, classes| golden(theta, classes, 1e-3)),
                "a lead of 8, too sure",
            ),
            (
                "the first example alone",
                check(|theta, classes| {
                    golden(&theta.select(Axis(0), &[0]), &classes[..1], 1e-8)
                }),
                "a lead of 8, too sure",
            ),
            (
                "never below 1: an answer that is too shy",
                check(|theta, classes| golden(theta, classes, 1e-8).max(1.0)),
                "a lead of 1, too shy",
            ),
            (
                "a formula for two classes",
                check(|theta, classes| {
                    let right =
                        classes.iter().filter(|&&class| class == 0).count() as f64;
                    theta[[0, 0]] / (right / (classes.len() as f64 - right)).ln()
                }),
                "three classes",
            ),
        ],
    );
    each_accepted(
        "temperature",
        [
            (
                "golden section, which compares losses",
                check(|theta, classes| golden(theta, classes, 1e-8)),
            ),
            (
                "Newton on 1/T: the slope over the variance of the logits",
                check(|theta, classes| {
                    let mut u = 0.0;
                    for _ in 0..100 {
                        let (mut slope, mut curvature) = (0.0, 0.0);
                        for (theta, &class) in theta.rows().into_iter().zip(classes)
                        {
                            let exps: Array1<f64> = (u * &theta).exp();
                            let y_hat = &exps / exps.sum();
                            let mean = y_hat.dot(&theta);
                            slope += mean - theta[class];
                            curvature +=
                                y_hat.dot(&(&theta - mean).mapv(|d| d * d));
                        }
                        u -= slope / curvature;
                    }
                    1.0 / u
                }),
            ),
        ],
    );
}

fn sigma(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[test]
fn newtons() {
    use newton::check;
    each_refused(
        "newton",
        [
            (
                "the closed form, which never asks",
                check(|y, _| (y / (1.0 - y)).ln()),
                "expected 3 to 9, found 0",
            ),
            (
                "the closed form, which asks for show",
                check(|y, slope| {
                    let z = (y / (1.0 - y)).ln();
                    (0..4).for_each(|_| _ = slope(z));
                    z
                }),
                "where slope 1 is asked for",
            ),
            (
                "descent",
                check(|_, slope| {
                    let mut z = 0.0;
                    while slope(z).abs() >= 1e-12 {
                        z -= slope(z);
                    }
                    z
                }),
                "slopes asked for at y = 0.3",
            ),
            (
                "one step",
                check(|_, slope| -4.0 * slope(0.0)),
                "z at y = 0.3",
            ),
            (
                "the curvature of the first step kept",
                check(|_, slope| {
                    let mut z = 0.0;
                    for _ in 0..200 {
                        z -= 4.0 * slope(z);
                    }
                    z
                }),
                "at y = 0.3",
            ),
            (
                "uphill",
                check(|_, slope| {
                    let mut z = 0.0;
                    for _ in 0..6 {
                        z += slope(z) / (sigma(z) * (1.0 - sigma(z)));
                    }
                    z
                }),
                "z at y = 0.3",
            ),
            (
                "stopped at a slope of a thousandth",
                check(|_, slope| {
                    let mut z = 0.0;
                    loop {
                        let found = slope(z);
                        if found.abs() < 1e-3 {
                            return z;
                        }
                        z -= found / (sigma(z) * (1.0 - sigma(z)));
                    }
                }),
                "z at y = 0.3",
            ),
            (
                "asked twice a step",
                check(|_, slope| {
                    let mut z = 0.0;
                    while slope(z).abs() >= 1e-12 {
                        z -= slope(z) / (sigma(z) * (1.0 - sigma(z)));
                    }
                    z
                }),
                "asked for",
            ),
        ],
    );
    each_accepted(
        "newton",
        [(
            "the slope's slope from σ itself",
            check(|_, slope| {
                let mut z = 0.0;
                let mut found = slope(z);
                while found.abs() >= 1e-12 {
                    z -= found / (sigma(z) * sigma(-z));
                    found = slope(z);
                }
                z
            }),
        )],
    );
}
