//! The second derivative of the mean loss, and Newton's method.
//!
//! Derived in the book's page *The shape of the loss*.
//!
//! The parameters of a layer stand in one vector, class by class: with `I` inputs, entry
//! `k (I + 1) + i` is `W[i, k]`, and the last of each class, `i = I`, is the bias `b[k]`.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

use crate::batch::{Batch, Pass, predict};
use crate::check;
use crate::error::{Error, Result};
use crate::layer::Layer;

/// After so many steps Newton's method has found a minimum or there is none.
const STEPS: usize = 100;

/// At a minimum one more step moves no logit by more than this. Where data are separable the
/// gradient vanishes as well, but each step goes on moving the logits by about 1.
const MOVE: f64 = 1e-3;

/// The most steps that [`largest_eigenvalue`] takes.
const EIGENVALUE_STEPS: usize = 10_000;

/// The relative change below which an eigenvalue has settled.
const EIGENVALUE_CHANGE: f64 = 1e-13;

/// The Hessian of the mean loss of a batch: the mean of `(diag(ŷ) − ŷŷᵀ) ⊗ x̌x̌ᵀ` over its
/// examples, with `x̌ = (x, 1)`.
///
/// A square matrix with one row for each parameter, in the order of this module. The labels have
/// no part in it.
///
/// In the book: *The shape of the loss*, (15.3).
///
/// # Errors
///
/// As [`predict`].
pub fn hessian(layer: &Layer, batch: &Batch) -> Result<Array2<f64>> {
    let x = batch.x();
    let y_hat = predict(layer, x)?;
    let classes = y_hat.ncols();
    let (inputs, size) = (x.ncols(), x.ncols() + 1);
    // x̌, the input with a 1 for the bias.
    let extended = |n: usize, i: usize| if i < inputs { x[[n, i]] } else { 1.0 };

    let mut hessian = Array2::zeros((classes * size, classes * size));
    for (n, share) in batch.shares().iter().enumerate() {
        for ((row, column), entry) in hessian.indexed_iter_mut() {
            let (k, l) = (row / size, column / size);
            let kronecker = f64::from(u8::from(k == l));
            let jacobian = y_hat[[n, k]] * (kronecker - y_hat[[n, l]]);
            *entry += share * jacobian * extended(n, row % size) * extended(n, column % size);
        }
    }
    Ok(hessian)
}

/// The largest eigenvalue `L` of a symmetric matrix none of whose eigenvalues is below 0, by
/// power iteration.
///
/// Multiplying a vector by the matrix again and again turns it towards the eigenvector of the
/// largest eigenvalue. The estimate is the Rayleigh quotient `vᵀAv / vᵀv`, and the iteration
/// ends when that changes by less than 10⁻¹³ of itself. The start is fixed, so that every run
/// gives the same. Symmetry is not checked.
///
/// In the book: *How fast to descend*, (15.8), says what the number is for.
///
/// # Errors
///
/// [`Error::Empty`] without entries, [`Error::NotFinite`] at a NaN or an infinity,
/// [`Error::Shape`] where the matrix is not square, [`Error::NoConvergence`] where the estimate
/// still changes after 10 000 steps: two eigenvalues are then nearly the same.
pub fn largest_eigenvalue(matrix: &ArrayRef2<f64>) -> Result<f64> {
    check::finite("matrix", matrix)?;
    let size = matrix.nrows();
    check::shape("matrix", &[size, size], matrix.shape())?;

    // Entries without a pattern: the vector of ones would be a zero direction of every Hessian.
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    let mut v = Array1::from_shape_fn(size, |i| 0.5 + ((i + 1) as f64 * golden).fract());
    v /= v.dot(&v).sqrt();
    let mut eigenvalue = 0.0;
    for _ in 0..EIGENVALUE_STEPS {
        let image = matrix.dot(&v);
        let estimate = v.dot(&image);
        let length = image.dot(&image).sqrt();
        if length == 0.0 || (estimate - eigenvalue).abs() <= EIGENVALUE_CHANGE * estimate.abs() {
            return Ok(estimate);
        }
        eigenvalue = estimate;
        v = image / length;
    }
    Err(Error::NoConvergence {
        what: "largest eigenvalue",
        steps: EIGENVALUE_STEPS,
        found: eigenvalue,
    })
}

/// Where Newton's method came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Minimum {
    /// The layer with the smallest mean loss.
    pub layer: Layer,
    /// What each step found, from the start to the minimum.
    pub steps: Vec<NewtonStep>,
}

/// What one step of Newton's method found, before it moved.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct NewtonStep {
    /// The mean loss, in nats.
    pub loss: f64,
    /// The length of its gradient.
    pub gradient_norm: f64,
}

/// The minimum of the mean loss of a batch, by Newton's method from the given layer: steps
/// `s` with `H s = ∇J`, until the gradient is not longer than `gradient_norm` and one more step
/// would move no logit by more than 10⁻³.
///
/// The Hessian is 0 in the directions that add one number to the same parameter of all classes.
/// The gradient has no part in them, so `(1/K) 11ᵀ ⊗ I` is added: the step stays what it was,
/// and the equation has one solution. A step that raises the loss is halved.
///
/// In the book: *The shape of the loss*, (15.6).
///
/// # Errors
///
/// [`Error::NoMinimum`] where the gradient does not become so short: the data are separable, and
/// larger weights are always a little better, or one input is a linear function of the others.
/// [`Error::NotPositive`] where `gradient_norm` is not finite and above 0, and as [`Pass::new`].
pub fn newton(layer: &Layer, batch: &Batch, gradient_norm: f64) -> Result<Minimum> {
    check::positive("gradient norm", gradient_norm)?;
    let mut layer = layer.clone();
    let mut pass = Pass::new(&layer, batch)?;
    let mut steps = Vec::new();
    for _ in 0..=STEPS {
        let here = NewtonStep {
            loss: pass.loss(),
            gradient_norm: pass.gradient_norm(),
        };
        steps.push(here);
        let Some(step) = solve(regular(&layer, batch)?, &gradient(&pass)) else {
            break;
        };
        let (step_w, step_b) = as_layer(&step, layer.w().dim());
        let settled = largest_move(batch, &step_w, &step_b) <= MOVE;
        if here.gradient_norm <= gradient_norm && settled {
            return Ok(Minimum { layer, steps });
        }
        let Some((next, next_pass)) = descend(&layer, batch, (&step_w, &step_b), here.loss)? else {
            break;
        };
        (layer, pass) = (next, next_pass);
    }
    Err(Error::NoMinimum {
        steps: steps.len(),
        expected: gradient_norm,
        found: pass.gradient_norm(),
    })
}

/// The layer a whole step further, or the half of it, the quarter and so on: the first with a
/// loss not above `loss`.
fn descend(
    layer: &Layer,
    batch: &Batch,
    (step_w, step_b): (&Array2<f64>, &Array1<f64>),
    loss: f64,
) -> Result<Option<(Layer, Pass)>> {
    let mut share = 1.0;
    // Below ε of a step nothing moves any more.
    while share > f64::EPSILON {
        let next = layer.descend(step_w, step_b, share)?;
        let pass = Pass::new(&next, batch)?;
        // Near the minimum the loss moves by its last bits, up or down.
        if pass.loss() <= loss * (1.0 + 4.0 * f64::EPSILON) {
            return Ok(Some((next, pass)));
        }
        share /= 2.0;
    }
    Ok(None)
}

/// A vector of all parameters, as weights and biases.
fn as_layer(
    parameters: &ArrayRef1<f64>,
    (inputs, classes): (usize, usize),
) -> (Array2<f64>, Array1<f64>) {
    let at = |k: usize, i: usize| parameters[k * (inputs + 1) + i];
    (
        Array2::from_shape_fn((inputs, classes), |(i, k)| at(k, i)),
        Array1::from_shape_fn(classes, |k| at(k, inputs)),
    )
}

/// By how much a step moves the logit that it moves most.
fn largest_move(batch: &Batch, step_w: &Array2<f64>, step_b: &Array1<f64>) -> f64 {
    let moves = batch.x().dot(step_w) + step_b;
    moves
        .iter()
        .fold(0.0, |largest: f64, entry| largest.max(entry.abs()))
}

/// The gradient as one vector, in the order of this module.
fn gradient(pass: &Pass) -> Array1<f64> {
    let (inputs, classes) = pass.d_w().dim();
    Array1::from_shape_fn(classes * (inputs + 1), |at| {
        let (k, i) = (at / (inputs + 1), at % (inputs + 1));
        if i < inputs {
            pass.d_w()[[i, k]]
        } else {
            pass.d_b()[k]
        }
    })
}

/// The Hessian, with `(1/K) 11ᵀ ⊗ I` for the directions in which it is 0.
fn regular(layer: &Layer, batch: &Batch) -> Result<Array2<f64>> {
    let mut hessian = hessian(layer, batch)?;
    let (inputs, classes) = layer.w().dim();
    for ((row, column), entry) in hessian.indexed_iter_mut() {
        if row % (inputs + 1) == column % (inputs + 1) {
            *entry += 1.0 / classes as f64;
        }
    }
    Ok(hessian)
}

/// The solution of `A s = g` by Cholesky's `A = LLᵀ`, or `None` where `A` is not positive
/// definite to the last digits.
fn solve(mut a: Array2<f64>, g: &ArrayRef1<f64>) -> Option<Array1<f64>> {
    let size = g.len();
    for j in 0..size {
        for i in j..size {
            let inner: f64 = (0..j).map(|k| a[[i, k]] * a[[j, k]]).sum();
            let rest = a[[i, j]] - inner;
            if i > j {
                a[[i, j]] = rest / a[[j, j]];
            } else if rest > size as f64 * f64::EPSILON * a[[j, j]] {
                a[[j, j]] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    let l = a;
    let mut s = g.to_owned();
    for i in 0..size {
        let inner: f64 = (0..i).map(|k| l[[i, k]] * s[k]).sum();
        s[i] = (s[i] - inner) / l[[i, i]];
    }
    for i in (0..size).rev() {
        let inner: f64 = (i + 1..size).map(|k| l[[k, i]] * s[k]).sum();
        s[i] = (s[i] - inner) / l[[i, i]];
    }
    Some(s)
}
