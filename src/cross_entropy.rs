//! Loss: from the probabilities to `J = −Σᵢ yᵢ log ŷᵢ`, and back to the logits.
//!
//! Derived in the book's page *The derivative of the cross-entropy*.

use core::{fmt, ops::Index};

use ndarray::{Array1, Zip};

use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::layer::Logits;
use crate::softmax::{Probabilities, argmax, distribution, log_sum_exp_above_max};
use crate::vector::checked_vector;

/// The label `y`: what the probabilities should have been.
///
/// One class for certain (one-hot), or any distribution over the classes (a soft target).
#[derive(Debug, Clone, PartialEq)]
pub struct Target<A = f64>(Array1<A>);

impl<A: Float> Target<A> {
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
        check::room::<A>("y", &[classes])?;
        let mut y = Array1::zeros(classes);
        y[class] = A::one();
        Ok(Self(y))
    }

    /// A label that is a distribution over the classes.
    ///
    /// # Errors
    ///
    /// As [`Probabilities::new`].
    pub fn distribution(y: Array1<A>) -> Result<Self> {
        distribution("y", &y)?;
        Ok(Self(y))
    }
}

checked_vector!(Target, distribution);

/// The cross-entropy of probabilities, `J = −Σᵢ yᵢ log ŷᵢ`, in nats: the definition.
///
/// A class with `yᵢ = 0` adds nothing, also where `ŷᵢ = 0`. A class with `yᵢ > 0` and
/// `ŷᵢ = 0` makes the loss ∞. Where `ŷᵢ` is near 1 its last bit decides the loss:
/// [`cross_entropy_from_logits`] is exact there.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::{Probabilities, Target, cross_entropy};
///
/// let y_hat = Probabilities::new(array![0.25, 0.75])?;
/// assert_eq!(cross_entropy(&y_hat, &Target::one_hot(0, 2)?)?, 4_f64.ln());
///
/// // A label that is as unsure as the answer: what is left is its entropy.
/// let y = Target::distribution(array![0.25, 0.75])?;
/// let entropy = 4_f64.ln() - 0.75 * 3_f64.ln();
/// assert!((cross_entropy(&y_hat, &y)? - entropy).abs() < 1e-15);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *FCNN structure*, (2.8).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `ŷ` differ in length.
pub fn cross_entropy<A: Float>(y_hat: &Probabilities<A>, y: &Target<A>) -> Result<A> {
    let y_hat = y_hat.as_array();
    check::shape("y", y_hat.shape(), y.0.shape())?;
    let terms = y.0.iter().zip(y_hat);
    let present = terms.filter(|(y_i, _)| **y_i > A::zero());
    let mean: A = present.map(|(y_i, y_hat_i)| *y_i * y_hat_i.ln()).sum();
    // The negative of 0 would be −0.
    Ok(A::zero() - mean)
}

/// The cross-entropy of logits, `J = log Σⱼ exp(θⱼ) − Σᵢ yᵢ θᵢ`, in nats, stable.
///
/// Computed as `Σᵢ yᵢ (m − θᵢ) + log1p(Σ_{j≠t} exp(θⱼ − m))` with `m = θₜ = max θ`. No term is
/// below 0, so nothing cancels: the result is exact to the last digits where a probability
/// rounds to 1 and where it underflows to 0. A loss above the largest `f64` is ∞.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::{Logits, Target, cross_entropy_from_logits};
///
/// let theta = Logits::new(array![1000.0, 0.0, 960.0])?;
/// // The probability is 0, its logarithm −1000.
/// assert_eq!(cross_entropy_from_logits(&theta, &Target::one_hot(1, 3)?)?, 1000.0);
/// // The probability rounds to 1, and the loss is what is missing there.
/// assert_eq!(cross_entropy_from_logits(&theta, &Target::one_hot(0, 3)?)?, (-40_f64).exp());
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *FCNN structure*, (2.10).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `θ` differ in length, [`Error::MaskedLabel`] at a class with
/// `yᵢ > 0` and a logit of −∞.
pub fn cross_entropy_from_logits<A: Float>(theta: &Logits<A>, y: &Target<A>) -> Result<A> {
    let logits = theta.as_array();
    check::shape("y", logits.shape(), y.0.shape())?;
    let max = logits[argmax(logits)];
    // m − θᵢ may leave the range of the numbers where yᵢ (m − θᵢ) does not: halves are subtracted.
    let (half, two) = (A::of(0.5), A::of(2.0));
    let gap = |(y_i, theta_i): (&A, &A)| two * (*y_i * (half * max - half * *theta_i));
    let pairs = || y.0.iter().zip(logits);
    let masked = |(y_i, theta_i): (&A, &A)| *y_i > A::zero() && *theta_i == A::neg_infinity();
    if let Some(class) = pairs().position(masked) {
        return Err(Error::MaskedLabel { class });
    }
    let present = pairs().filter(|(y_i, _)| **y_i > A::zero());
    let mean_gap: A = present.map(gap).sum();
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
pub fn d_y_hat<A: Float>(y_hat: &Probabilities<A>, y: &Target<A>) -> Result<Array1<A>> {
    let y_hat = y_hat.as_array();
    check::shape("y", y_hat.shape(), y.0.shape())?;
    let ratio = |y_i: &A, y_hat_i: &A| {
        if *y_i > A::zero() {
            -*y_i / *y_hat_i
        } else {
            A::zero()
        }
    };
    Ok(Zip::from(&y.0).and(y_hat).map_collect(ratio))
}

/// The gradient of the loss at the logits, `δ = ∇θ = ŷ − y`, shape (classes).
///
/// Where `yᵢ` is at least one half, `ŷᵢ − yᵢ` is computed as `(1 − yᵢ) − (1 − ŷᵢ)`, with
/// `1 − ŷᵢ` the sum of the other probabilities: it is exact where `ŷᵢ` rounds to 1.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::cross_entropy::{d_theta, d_y_hat};
/// use softmax_backprop::{Probabilities, Target};
///
/// let y_hat = Probabilities::new(array![0.25, 0.75])?;
/// let y = Target::one_hot(0, 2)?;
/// assert_eq!(d_y_hat(&y_hat, &y)?, array![-4.0, 0.0]);
/// assert_eq!(d_theta(&y_hat, &y)?, array![-0.75, 0.75]);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *The derivative of the cross-entropy*, (3.20).
///
/// # Errors
///
/// [`Error::Shape`] where `y` and `ŷ` differ in length.
pub fn d_theta<A: Float>(y_hat: &Probabilities<A>, y: &Target<A>) -> Result<Array1<A>> {
    check::shape("y", y_hat.as_array().shape(), y.0.shape())?;
    let difference = |i: usize| {
        if y[i] >= A::of(0.5) {
            (A::one() - y[i]) - y_hat.complement(i)
        } else {
            y_hat[i] - y[i]
        }
    };
    Ok(Array1::from_shape_fn(y.0.len(), difference))
}
