//! Standardising, and a step that lowers the loss.

use exercises::*;
use ndarray::{Array1, Array2, Axis};

use crate::{each_accepted, each_refused};

/// The held-out rows, with a measure of the middle and one of the spread about it.
fn standardised(
    train: &Array2<f64>,
    held_out: &Array2<f64>,
    centre: fn(&[f64]) -> f64,
    spread: fn(&[f64], f64) -> f64,
) -> Option<Array2<f64>> {
    let mut rows = held_out.clone();
    for (column, mut found) in train.columns().into_iter().zip(rows.columns_mut()) {
        let mut sorted = column.to_vec();
        sorted.sort_by(f64::total_cmp);
        if sorted.first() == sorted.last() {
            return None;
        }
        let middle = centre(&sorted);
        let width = spread(&sorted, middle);
        found.mapv_inplace(|entry| (entry - middle) / width);
    }
    Some(rows)
}

fn mean(sorted: &[f64]) -> f64 {
    sorted.iter().sum::<f64>() / sorted.len() as f64
}

fn median(sorted: &[f64]) -> f64 {
    0.5 * (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2])
}

fn variance(sorted: &[f64], middle: f64) -> f64 {
    sorted
        .iter()
        .map(|entry| (entry - middle).powi(2))
        .sum::<f64>()
        / sorted.len() as f64
}

fn deviation(sorted: &[f64], middle: f64) -> f64 {
    variance(sorted, middle).sqrt()
}

#[test]
fn scales() {
    use standardise::check;
    each_refused(
        "standardise",
        [
            (
                "the mean absolute deviation",
                check(|train, held_out| {
                    standardised(train, held_out, mean, |sorted, middle| {
                        let distances =
                            sorted.iter().map(|entry| (entry - middle).abs());
                        distances.sum::<f64>() / sorted.len() as f64
                    })
                }),
                "five rows[1, 0]: expected 2.0",
            ),
            (
                "half the range",
                check(|train, held_out| {
                    standardised(train, held_out, mean, |sorted, _| {
                        0.5 * (sorted[sorted.len() - 1] - sorted[0])
                    })
                }),
                "five rows[1, 0]: expected 2.0",
            ),
            (
                "the median",
                check(|train, held_out| {
                    standardised(train, held_out, median, deviation)
                }),
                "five rows[0, 0]: expected 0.0",
            ),
            (
                "the variance",
                check(|train, held_out| {
                    standardised(train, held_out, mean, variance)
                }),
                "held-out rows[0, 1]",
            ),
            (
                "divided by one row less",
                check(|train, held_out| {
                    let mean = train.mean_axis(Axis(0))?;
                    Some((held_out - &mean) / train.std_axis(Axis(0), 1.0))
                }),
                "all entries are 0.707106781 times",
            ),
            (
                "by what the held-out rows say",
                check(|_, held_out| {
                    standardised(held_out, held_out, mean, deviation)
                }),
                "held-out rows[0, 0]",
            ),
            (
                "one mean for all columns",
                check(|train, held_out| {
                    Some((held_out - train.mean()?) / train.std(0.0))
                }),
                "held-out rows[0, 0]",
            ),
            (
                "a constant column not looked for",
                check(|train, held_out| {
                    let mean = train.mean_axis(Axis(0))?;
                    Some((held_out - &mean) / train.std_axis(Axis(0), 0.0))
                }),
                "a constant column: expected None",
            ),
            (
                "a small number added to the deviation",
                check(|train, held_out| {
                    let mean = train.mean_axis(Axis(0))?;
                    Some((held_out - &mean) / (train.std_axis(Axis(0), 0.0) + 1e-8))
                }),
                "held-out rows",
            ),
        ],
    );
    each_accepted(
        "standardise",
        [
            (
                "column by column",
                check(|train, held_out| {
                    standardised(train, held_out, mean, deviation)
                }),
            ),
            (
                "the mean of the squares less the square of the mean",
                check(|train, held_out| {
                    standardised(train, held_out, mean, |sorted, middle| {
                        let squares = sorted.iter().map(|entry| entry * entry);
                        (squares.sum::<f64>() / sorted.len() as f64
                            - middle * middle)
                            .sqrt()
                    })
                }),
            ),
        ],
    );
}

#[test]
fn steps_down() {
    use halving::check;
    each_refused(
        "halving",
        [
            (
                "the full step, whatever it does",
                check(|_, p, g, eta| p - &(eta * g)),
                "one halving, from 1",
            ),
            (
                "uphill",
                check(|_, p, g, eta| p + &(eta * g)),
                "a rate that needs no halving",
            ),
            (
                "halved once",
                check(|loss, p, g, eta| {
                    let moved = p - &(eta * g);
                    match loss(&moved) < loss(p) {
                        true => moved,
                        false => p - &(0.5 * eta * g),
                    }
                }),
                "three halvings, from 6",
            ),
            (
                "equal taken for lower",
                check(|loss, p, g, mut eta| {
                    for _ in 0..50 {
                        if loss(&(p - &(eta * g))) <= loss(p) {
                            break;
                        }
                        eta *= 0.5;
                    }
                    p - &(eta * g)
                }),
                "one halving, from 1",
            ),
            (
                "halved while the loss is not lower, without an end to it: the last one is taken",
                check(|loss, p, g, mut eta| {
                    for _ in 0..50 {
                        if loss(&(p - &(eta * g))) < loss(p) {
                            break;
                        }
                        eta *= 0.5;
                    }
                    p - &(eta * g)
                }),
                "at the minimum",
            ),
            (
                "halved while the loss is higher or equal: NaN is neither",
                check(|loss, p, g, mut eta| {
                    for _ in 0..50 {
                        if loss(&(p - &(eta * g))) >= loss(p) {
                            eta *= 0.5;
                        }
                    }
                    p - &(eta * g)
                }),
                "NaN at the full step[0]: expected 0.0, found -1.0",
            ),
            (
                "stays where the first step is no good",
                check(|loss, p, g, eta| {
                    let moved = p - &(eta * g);
                    if loss(&moved) < loss(p) {
                        moved
                    } else {
                        p.clone()
                    }
                }),
                "one halving, from 1",
            ),
            (
                "a tenth, not a half",
                check(|loss, p, g, mut eta| {
                    while loss(&(p - &(eta * g))) >= loss(p) && eta > 1e-12 {
                        eta *= 0.1;
                    }
                    p - &(eta * g)
                }),
                "one halving, from 1",
            ),
        ],
    );
    each_accepted(
        "halving",
        [(
            "calling itself with half the rate",
            check(|loss, p, g, eta| {
                type Loss<'a> = &'a dyn Fn(&Array1<f64>) -> f64;
                fn halved(
                    loss: Loss,
                    p: &Array1<f64>,
                    g: &Array1<f64>,
                    eta: f64,
                    left: u32,
                ) -> Array1<f64> {
                    let moved = p - &(eta * g);
                    match (loss(&moved) < loss(p), left) {
                        (true, _) => moved,
                        (false, 0) => p.clone(),
                        (false, _) => halved(loss, p, g, 0.5 * eta, left - 1),
                    }
                }
                halved(loss, p, g, eta, 50)
            }),
        )],
    );
}
