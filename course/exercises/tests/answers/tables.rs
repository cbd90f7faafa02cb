//! The Jacobian, and what does without it.

use exercises::*;
use ndarray::{Array1, Array2};

use crate::{each_accepted, each_refused};

/// A table of K × K from a formula for its entries, `kronecker` being 1 on the diagonal.
fn table(y_hat: &Array1<f64>, entry: fn(f64, f64, f64) -> f64) -> Array2<f64> {
    let classes = y_hat.len();
    Array2::from_shape_fn((classes, classes), |(i, j)| {
        let kronecker = if i == j { 1.0 } else { 0.0 };
        entry(y_hat[i], y_hat[j], kronecker)
    })
}

#[test]
fn the_jacobian() {
    use jacobian::check;
    each_refused(
        "jacobian",
        [
            (
                "the diagonal alone",
                check(|y_hat| {
                    table(y_hat, |p, q, kronecker| kronecker * p * (1.0 - q))
                }),
                "∂ŷ/∂θ[0, 1]",
            ),
            (
                "ŷᵢ off the diagonal without its sign",
                check(|y_hat| {
                    table(y_hat, |p, q, kronecker| (p * (kronecker - q)).abs())
                }),
                "∂ŷ/∂θ[0, 1]",
            ),
            (
                "δᵢⱼ − ŷⱼ without the factor",
                check(|y_hat| table(y_hat, |_, q, kronecker| kronecker - q)),
                "∂ŷ/∂θ[0, 0]",
            ),
            (
                "diag(ŷ): ŷᵢ counted as exp(θᵢ)",
                check(|y_hat| table(y_hat, |p, _, kronecker| kronecker * p)),
                "∂ŷ/∂θ[0, 0]",
            ),
            (
                "the sign of the whole",
                check(|y_hat| table(y_hat, |p, q, kronecker| p * (q - kronecker))),
                "all signs are turned",
            ),
            (
                "the slopes as a vector",
                check(|y_hat| {
                    y_hat.mapv(|p| p * (1.0 - p)).insert_axis(ndarray::Axis(1))
                }),
                "expected shape [3, 3], found [3, 1]",
            ),
        ],
    );
    each_accepted(
        "jacobian",
        [(
            "diag(ŷ) less ŷŷᵀ",
            check(|y_hat| {
                let column = y_hat.view().insert_axis(ndarray::Axis(1));
                Array2::from_diag(y_hat) - column.dot(&column.t())
            }),
        )],
    );
}

#[test]
fn the_product_without_the_table() {
    use product::check;
    each_refused(
        "product",
        [
            (
                "the diagonal with all of ŷ",
                check(|y_hat, g| y_hat * g),
                "∂J/∂θ[0]",
            ),
            (
                "the diagonal of the table alone",
                check(|y_hat, g| y_hat * &(1.0 - y_hat) * g),
                "∂J/∂θ[0]",
            ),
            (
                "without the weights",
                check(|y_hat, g| g - y_hat.dot(g)),
                "∂J/∂θ[0]",
            ),
            (
                "the mean of g, not weighted",
                check(|y_hat, g| y_hat * &(g - g.mean().unwrap())),
                "∂J/∂θ[0]",
            ),
            (
                "ŷᵀg less g",
                check(|y_hat, g| y_hat * &(y_hat.dot(g) - g)),
                "all signs are turned",
            ),
            (
                "ŷ − y with g for y",
                check(|y_hat, g| y_hat - g),
                "∂J/∂θ[0]",
            ),
            (
                "right for the slopes of cross-entropy, which sum to −1",
                check(|y_hat, g| y_hat * g - y_hat * (y_hat.dot(g) / -g.sum())),
                "∂J/∂θ[0]",
            ),
        ],
    );
    each_accepted(
        "product",
        [(
            "class by class",
            check(|y_hat, g| {
                let back = y_hat * g;
                let sum = back.sum();
                Array1::from_shape_fn(g.len(), |k| back[k] - y_hat[k] * sum)
            }),
        )],
    );
}

#[test]
fn the_table_of_answers() {
    use confusion::check;
    /// Counts what `said` makes of each row.
    fn count(
        y_hat: &Array2<f64>,
        classes: &[usize],
        said: fn(Vec<f64>) -> usize,
    ) -> Array2<usize> {
        let mut counts = Array2::zeros((y_hat.ncols(), y_hat.ncols()));
        for (row, &t) in y_hat.rows().into_iter().zip(classes) {
            counts[[t, said(row.to_vec())]] += 1;
        }
        counts
    }
    /// `max_by` returns the last of several.
    fn last(row: Vec<f64>) -> usize {
        let entries = row.iter().enumerate();
        entries
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map_or(0, |(k, _)| k)
    }
    /// `min_by` returns the first of several.
    fn first(row: Vec<f64>) -> usize {
        let entries = row.iter().enumerate();
        entries
            .min_by(|a, b| b.1.total_cmp(a.1))
            .map_or(0, |(k, _)| k)
    }
    each_refused(
        "confusion",
        [
            (
                "the last of equals",
                check(|y_hat, classes| count(y_hat, classes, last)),
                "six examples",
            ),
            (
                "rows and columns exchanged",
                check(|y_hat, classes| {
                    count(y_hat, classes, first).reversed_axes()
                }),
                "rows are for the true classes",
            ),
            (
                "from one half on",
                check(|y_hat, classes| {
                    let mut counts = Array2::zeros((3, 3));
                    for (row, &t) in y_hat.rows().into_iter().zip(classes) {
                        if let Some(said) = row.iter().position(|&p| p >= 0.5) {
                            counts[[t, said]] += 1;
                        }
                    }
                    counts
                }),
                "each example counts once",
            ),
            (
                "each of equals",
                check(|y_hat, classes| {
                    let mut counts = Array2::zeros((3, 3));
                    for (row, &t) in y_hat.rows().into_iter().zip(classes) {
                        let most = row.fold(0.0_f64, |most, &p| most.max(p));
                        for k in (0..3).filter(|&k| row[k] == most) {
                            counts[[t, k]] += 1;
                        }
                    }
                    counts
                }),
                "each example counts once",
            ),
            (
                "the right answers alone",
                check(|y_hat, classes| {
                    Array2::from_diag(&count(y_hat, classes, first).diag())
                }),
                "each example counts once",
            ),
        ],
    );
    each_accepted(
        "confusion",
        [(
            "an iterator that finds the first",
            check(|y_hat, classes| count(y_hat, classes, first)),
        )],
    );
}
