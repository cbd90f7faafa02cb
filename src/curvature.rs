//! The second derivative of the mean loss, and Newton's method.
//!
//! The parameters of a layer stand in one vector, class by class: with `I` inputs, entry
//! `k (I + 1) + i` is `W[i, k]`, and the last of each class, `i = I`, is the bias `b[k]`.

use ndarray::{Array1, Array2, ArrayRef1};

use crate::batch::{Batch, Pass, predict};
use crate::check;
use crate::error::{Error, Result};
use crate::layer::Layer;

/// After so many steps Newton's method has found a minimum or there is none.
const STEPS: usize = 100;

/// The Hessian of the mean loss of a batch: the mean of `(diag(ŷ) − ŷŷᵀ) ⊗ x̃x̃ᵀ` over its
/// examples, with `x̃ = (x, 1)`.
///
/// A square matrix with one row for each parameter, in the order of this module. The labels have
/// no part in it.
///
/// # Errors
///
/// As [`predict`].
pub fn hessian(layer: &Layer, batch: &Batch) -> Result<Array2<f64>> {
    let x = batch.x();
    let y_hat = predict(layer, x)?;
    let classes = y_hat.ncols();
    let (inputs, size) = (x.ncols(), x.ncols() + 1);
    // x̃, the input with a 1 for the bias.
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
/// `s` with `H s = ∇J`, until the gradient is not longer than `gradient_norm`.
///
/// The Hessian is 0 in the directions that add one number to the same parameter of all classes.
/// The gradient has no part in them, so `(1/K) 11ᵀ ⊗ I` is added: the step stays what it was,
/// and the equation has one solution. A step that raises the loss is halved.
///
/// # Errors
///
/// [`Error::NoMinimum`] where the gradient does not become so short: the data are separable, and
/// larger weights are always a little better. [`Error::NotPositive`] where `gradient_norm` is not
/// finite and above 0, and as [`Pass::new`].
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
        if here.gradient_norm <= gradient_norm {
            return Ok(Minimum { layer, steps });
        }
        let Some(step) = solve(regular(&layer, batch)?, &gradient(&pass)) else {
            break;
        };
        let Some((next, next_pass)) = descend(&layer, batch, &step, here.loss)? else {
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
    step: &ArrayRef1<f64>,
    loss: f64,
) -> Result<Option<(Layer, Pass)>> {
    let (inputs, classes) = layer.w().dim();
    let step_w = Array2::from_shape_fn((inputs, classes), |(i, k)| step[k * (inputs + 1) + i]);
    let step_b = Array1::from_shape_fn(classes, |k| step[k * (inputs + 1) + inputs]);
    let mut share = 1.0;
    // Below ε of a step nothing moves any more.
    while share > f64::EPSILON {
        let next = layer.descend(&step_w, &step_b, share)?;
        let pass = Pass::new(&next, batch)?;
        // Near the minimum the loss moves by its last bits, up or down.
        if pass.loss() <= loss * (1.0 + 4.0 * f64::EPSILON) {
            return Ok(Some((next, pass)));
        }
        share /= 2.0;
    }
    Ok(None)
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
