//! Loss: from the probabilities to `J = −Σᵢ yᵢ log ŷᵢ`, and back to the logits.
//!
//! Derived in the book's page *The derivative of the cross-entropy*.

use std::{fmt, ops::Index};

use ndarray::{Array1, Zip};

use crate::check;
use crate::error::{Error, Result};
use crate::layer::Logits;
use crate::softmax::{Probabilities, argmax, distribution, log_sum_exp_above_max};

/// The label `y`: what the probabilities should have been.
///
/// One class for certain (one-hot), or any distribution over the classes (a soft target).
#[derive(Debug, Clone, PartialEq)]
pub struct Target(Array1<f64>);

impl Target {
    /// The label of one class, counted from 0: 1 there, 0 elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without classes, [`Error::ClassOutOfRange`] where `class` is not below
    /// `classes`, [`Error::TooLarge`] where the memory does not hold so many.
    pub fn one_hot(class: usize, classes: usize) -> Result<Self> {
        if classes == 0 {
            return Err(Error::Empty { what: "classes" });
        }
        if class >= classes {
            return Err(Error::ClassOutOfRange {
                classes,
                found: class,
            });
        }
        check::room("y", &[classes])?;
        let mut y = Array1::zeros(classes);
        y[class] = 1.0;
        Ok(Self(y))
    }

    /// A label that is a distribution over the classes.
    ///
    /// # Errors
    ///
    /// As [`Probabilities::new`].
    pub fn distribution(y: Array1<f64>) -> Result<Self> {
        distribution("y", &y)?;
        Ok(Self(y))
    }

    /// The label as a vector, shape (classes).
    pub fn as_array(&self) -> &Array1<f64> {
        &self.0
    }
}

impl Index<usize> for Target {
    type Output = f64;

    fn index(&self, class: usize) -> &f64 {
        &self.0[class]
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The cross-entropy of probabilities, `J = −Σᵢ yᵢ log ŷᵢ`, in nats: the definition.
///
/// A class with `yᵢ = 0` adds nothing, also where `ŷᵢ = 0`. A class with `yᵢ > 0` and
/// `ŷᵢ = 0` makes the loss ∞. Where `ŷᵢ` is near 1 its last bit decides the loss:
/// [`cross_entropy_from_logits`] is exact there.
///
/// In the book: *FCNN structure*, (2.8).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `ŷ` differ in length.
pub fn cross_entropy(y_hat: &Probabilities, y: &Target) -> Result<f64> {
    let y_hat = y_hat.as_array();
    check::shape("y", y_hat.shape(), y.0.shape())?;
    let terms = y.0.iter().zip(y_hat);
    let present = terms.filter(|(y_i, _)| **y_i > 0.0);
    let mean: f64 = present.map(|(y_i, y_hat_i)| y_i * y_hat_i.ln()).sum();
    // The negative of 0 would be −0.
    Ok(0.0 - mean)
}

/// The cross-entropy of logits, `J = log Σⱼ exp(θⱼ) − Σᵢ yᵢ θᵢ`, in nats, stable.
///
/// Computed as `Σᵢ yᵢ (m − θᵢ) + log1p(Σ_{j≠t} exp(θⱼ − m))` with `m = θₜ = max θ`. No term is
/// below 0, so nothing cancels: the result is exact to the last digits where a probability
/// rounds to 1 and where it underflows to 0. A loss above the largest `f64` is ∞.
///
/// In the book: *FCNN structure*, (2.10).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `θ` differ in length.
pub fn cross_entropy_from_logits(theta: &Logits, y: &Target) -> Result<f64> {
    let logits = theta.as_array();
    check::shape("y", logits.shape(), y.0.shape())?;
    let max = logits[argmax(logits)];
    // m − θᵢ may leave the range of f64 where yᵢ (m − θᵢ) does not, so the halves are subtracted.
    let gap = |(y_i, theta_i): (&f64, &f64)| 2.0 * (y_i * (0.5 * max - 0.5 * theta_i));
    let mean_gap: f64 = y.0.iter().zip(logits).map(gap).sum();
    Ok(mean_gap + log_sum_exp_above_max(theta))
}

/// The gradient of the loss at the probabilities, `∂J/∂ŷᵢ = −yᵢ / ŷᵢ`, shape (classes).
///
/// A class with `yᵢ = 0` has 0, also where `ŷᵢ = 0`. A class with `yᵢ > 0` and `ŷᵢ = 0`
/// has −∞.
///
/// In the book: *The derivative of the cross-entropy*, (3.18).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `ŷ` differ in length.
pub fn d_y_hat(y_hat: &Probabilities, y: &Target) -> Result<Array1<f64>> {
    let y_hat = y_hat.as_array();
    check::shape("y", y_hat.shape(), y.0.shape())?;
    let ratio = |y_i: &f64, y_hat_i: &f64| {
        if *y_i > 0.0 { -y_i / y_hat_i } else { 0.0 }
    };
    Ok(Zip::from(&y.0).and(y_hat).map_collect(ratio))
}

/// The gradient of the loss at the logits, `δ = ∇θ = ŷ − y`, shape (classes).
///
/// Where `yᵢ` is at least one half, `ŷᵢ − yᵢ` is computed as `(1 − yᵢ) − (1 − ŷᵢ)`, with
/// `1 − ŷᵢ` the sum of the other probabilities: it is exact where `ŷᵢ` rounds to 1.
///
/// In the book: *The derivative of the cross-entropy*, (3.20).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `ŷ` differ in length.
pub fn d_theta(y_hat: &Probabilities, y: &Target) -> Result<Array1<f64>> {
    check::shape("y", y_hat.as_array().shape(), y.0.shape())?;
    let difference = |i: usize| {
        if y[i] >= 0.5 {
            (1.0 - y[i]) - y_hat.complement(i)
        } else {
            y_hat[i] - y[i]
        }
    };
    Ok(Array1::from_shape_fn(y.0.len(), difference))
}
