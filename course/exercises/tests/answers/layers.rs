//! Logits, and the gradients of layers.

use exercises::gradients::Gradients;
use exercises::*;
use ndarray::{Array1, Array2, Axis};

use crate::{each_accepted, each_refused};

/// `a bᵀ`.
fn outer(a: &Array1<f64>, b: &Array1<f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.len(), b.len()), |(i, k)| a[i] * b[k])
}

#[test]
fn logits_of_a_layer() {
    use logits::check;
    each_refused(
        "logits",
        [
            (
                "no bias",
                check(|x, w, _| w.t().dot(x)),
                "θ[0]: expected -0.55",
            ),
            (
                "the bias within the sum",
                check(|x, w, b| {
                    let term = |i: usize, k: usize| x[i] * w[[i, k]] + b[k];
                    Array1::from_shape_fn(b.len(), |k| {
                        (0..x.len()).map(|i| term(i, k)).sum()
                    })
                }),
                "θ[0]: expected -0.55",
            ),
            (
                "counted from 1",
                check(|x, w, b| {
                    let sum =
                        |k| (1..x.len()).map(|i| x[i] * w[[i, k]]).sum::<f64>();
                    Array1::from_shape_fn(b.len(), |k| sum(k) + b[k])
                }),
                "θ[0]: expected -0.55",
            ),
            (
                "two inputs, whatever the layer has",
                check(|x, w, b| {
                    let sum = |k| (0..2).map(|i| x[i] * w[[i, k]]).sum::<f64>();
                    Array1::from_shape_fn(b.len(), |k| sum(k) + b[k])
                }),
                "θ of four inputs",
            ),
            (
                "one logit an input",
                check(|x, _, b| Array1::from_shape_fn(x.len(), |i| x[i] + b[i])),
                "expected shape [3], found [2]",
            ),
            (
                "softmax as well",
                check(|x, w, b| {
                    let exps = (w.t().dot(x) + b).exp();
                    &exps / exps.sum()
                }),
                "θ[0]: expected -0.55",
            ),
        ],
    );
    each_accepted(
        "logits",
        [
            ("a product of matrices", check(|x, w, b| w.t().dot(x) + b)),
            (
                "from the bias on, input by input",
                check(|x, w, b| {
                    let mut theta = b.clone();
                    for (row, &x_i) in w.rows().into_iter().zip(x) {
                        theta.scaled_add(x_i, &row);
                    }
                    theta
                }),
            ),
        ],
    );
}

#[test]
fn gradients_of_a_layer() {
    use gradients::check;
    fn with(d_w: Array2<f64>, d_b: Array1<f64>, d_x: Array1<f64>) -> Gradients {
        Gradients { d_w, d_b, d_x }
    }
    each_refused(
        "gradients",
        [
            (
                "δ xᵀ",
                check(|x, w, delta| {
                    with(outer(delta, x), delta.clone(), w.dot(delta))
                }),
                "rows and columns are exchanged",
            ),
            (
                "the way down, not the gradient",
                check(|x, w, delta| with(-outer(x, delta), -delta, -w.dot(delta))),
                "all signs are turned",
            ),
            (
                "a mean over the inputs",
                check(|x, w, delta| {
                    let d_w = outer(x, delta) / x.len() as f64;
                    with(d_w, delta.clone(), w.dot(delta))
                }),
                "all entries are 0.333333333 times",
            ),
            (
                "the bias's slope without δ",
                check(|x, w, delta| {
                    with(outer(x, delta), delta.mapv(|_| 1.0), w.dot(delta))
                }),
                "∂J/∂b[0]",
            ),
            (
                "the inputs' slope without δ",
                check(|x, w, delta| {
                    with(outer(x, delta), delta.clone(), w.sum_axis(Axis(1)))
                }),
                "∂J/∂x[0]",
            ),
            (
                "x in the place of the inputs' gradient",
                check(|x, _, delta| {
                    with(outer(x, delta), delta.clone(), x.clone())
                }),
                "∂J/∂x[0]",
            ),
        ],
    );
    each_accepted(
        "gradients",
        [(
            "a column times a row, and a row times a matrix",
            check(|x, w, delta| {
                let column = x.view().insert_axis(Axis(1));
                let d_w = column.dot(&delta.view().insert_axis(Axis(0)));
                with(d_w, delta.to_owned(), delta.dot(&w.t()))
            }),
        )],
    );
}

#[test]
fn gradients_of_rows() {
    use batch::check;
    each_refused(
        "batch",
        [
            (
                "the sum, not the mean",
                check(|x, y_hat, y| {
                    (x.t().dot(&(y_hat - y)), (y_hat - y).sum_axis(Axis(0)))
                }),
                "all entries are 4 times",
            ),
            (
                "divided by the number of inputs",
                check(|x, y_hat, y| {
                    let delta = (y_hat - y) / x.ncols() as f64;
                    (x.t().dot(&delta), delta.sum_axis(Axis(0)))
                }),
                "all entries are 2 times",
            ),
            (
                "the biases divided twice",
                check(|x, y_hat, y| {
                    let delta = (y_hat - y) / x.nrows() as f64;
                    let d_b = delta.sum_axis(Axis(0)) / x.nrows() as f64;
                    (x.t().dot(&delta), d_b)
                }),
                "∂J/∂b[0]",
            ),
            (
                "Y − Ŷ",
                check(|x, y_hat, y| {
                    let delta = (y - y_hat) / x.nrows() as f64;
                    (x.t().dot(&delta), delta.sum_axis(Axis(0)))
                }),
                "all signs are turned",
            ),
            (
                "ΔᵀX",
                check(|x, y_hat, y| {
                    let delta = (y_hat - y) / x.nrows() as f64;
                    (delta.t().dot(x), delta.sum_axis(Axis(0)))
                }),
                "rows and columns are exchanged",
            ),
            (
                "the sums of the rows",
                check(|x, y_hat, y| {
                    let delta = (y_hat - y) / x.nrows() as f64;
                    (x.t().dot(&delta), delta.sum_axis(Axis(1)))
                }),
                "∂J/∂b: expected shape [3], found [4]",
            ),
        ],
    );
    each_accepted(
        "batch",
        [(
            "example by example",
            check(|x, y_hat, y| {
                let mut d_w = Array2::zeros((x.ncols(), y.ncols()));
                let mut d_b = Array1::zeros(y.ncols());
                for n in 0..x.nrows() {
                    let delta = &y_hat.row(n) - &y.row(n);
                    d_w += &outer(&x.row(n).to_owned(), &delta);
                    d_b += &delta;
                }
                (d_w / x.nrows() as f64, d_b / x.nrows() as f64)
            }),
        )],
    );
}

#[test]
fn gradients_of_a_hidden_layer() {
    use hidden::check;
    each_refused(
        "hidden",
        [
            (
                "without the slope of tanh",
                check(|x, _, w2, delta2| {
                    (outer(x, &w2.dot(delta2)), w2.dot(delta2))
                }),
                "∂J/∂W₁[0, 0]",
            ),
            (
                "the slope of σ",
                check(|x, a, w2, delta2| {
                    let delta1 = a.mapv(|a| a * (1.0 - a)) * w2.dot(delta2);
                    (outer(x, &delta1), delta1)
                }),
                "∂J/∂W₁[0, 0]",
            ),
            (
                "1 − a",
                check(|x, a, w2, delta2| {
                    let delta1 = a.mapv(|a| 1.0 - a) * w2.dot(delta2);
                    (outer(x, &delta1), delta1)
                }),
                "∂J/∂W₁[0, 0]",
            ),
            (
                "tanh taken again",
                check(|x, a, w2, delta2| {
                    let delta1 =
                        a.mapv(|a| 1.0 - a.tanh().powi(2)) * w2.dot(delta2);
                    (outer(x, &delta1), delta1)
                }),
                "∂J/∂W₁[0, 0]",
            ),
            (
                "the outputs where the inputs belong",
                check(|_, a, w2, delta2| {
                    let delta1 = a.mapv(|a| 1.0 - a * a) * w2.dot(delta2);
                    (outer(a, &delta1), delta1)
                }),
                "expected shape [2, 4], found [4, 4]",
            ),
            (
                "the gradients of the second layer",
                check(|_, a, _, delta2| (outer(a, delta2), delta2.clone())),
                "expected shape [2, 4], found [4, 3]",
            ),
            (
                "the biases without the slope of tanh",
                check(|x, a, w2, delta2| {
                    let delta1 = a.mapv(|a| 1.0 - a * a) * w2.dot(delta2);
                    (outer(x, &delta1), w2.dot(delta2))
                }),
                "∂J/∂b₁[0]",
            ),
        ],
    );
    each_accepted(
        "hidden",
        [(
            "1 − a² as (1 − a)(1 + a), unit by unit",
            check(|x, a, w2, delta2| {
                let delta1 = Array1::from_shape_fn(a.len(), |j| {
                    let back: f64 =
                        (0..delta2.len()).map(|k| w2[[j, k]] * delta2[k]).sum();
                    (1.0 - a[j]) * (1.0 + a[j]) * back
                });
                (outer(x, &delta1), delta1)
            }),
        )],
    );
}
