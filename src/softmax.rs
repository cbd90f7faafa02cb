//! Probabilities: from the logits to `ŷ = softmax(θ)`, and its Jacobian.
//!
//! Derived in the book's page *The derivative of softmax*.

use core::{fmt, ops::Index};

use ndarray::{Array1, Array2, ArrayRef1};

use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::layer::Logits;
use crate::vector::checked_vector;

/// How far from 1 the sum of a distribution of `f64` may be; [`Float::SUM_TOLERANCE`] is the same
/// for both kinds of numbers.
///
/// Wide enough for the rounding of a few thousand entries, far too narrow for a mistake.
/// Numbers that were rounded to `f32` are to be divided by their sum first.
pub const SUM_TOLERANCE: f64 = f64::SUM_TOLERANCE;

/// The probabilities `ŷ`: one for each class, none below 0, with a sum of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities<A = f64>(Array1<A>);

impl<A: Float> Probabilities<A> {
    /// Takes a vector of probabilities.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without entries, [`Error::NotFinite`] at a NaN or an infinity,
    /// [`Error::Negative`] at an entry below 0, [`Error::Sum`] where the sum is further than
    /// [`Float::SUM_TOLERANCE`] from 1.
    pub fn new(y_hat: Array1<A>) -> Result<Self> {
        distribution("y_hat", &y_hat)?;
        Ok(Self(y_hat))
    }

    /// `1 − ŷᵢ`, as the sum of all the other probabilities.
    ///
    /// The subtraction would give 0 as soon as the others are below the last bit of `ŷᵢ`.
    pub(crate) fn complement(&self, i: usize) -> A {
        sum_except(&self.0, i)
    }
}

checked_vector!(Probabilities, new);

/// Checks that `p` is a distribution: finite, not negative, with a sum of 1.
pub(crate) fn distribution<A: Float>(what: &'static str, p: &ArrayRef1<A>) -> Result<()> {
    check::weights(what, p)?;
    let found = p.sum();
    if (found - A::one()).abs() > A::SUM_TOLERANCE {
        let found = found.into();
        return Err(Error::Sum { what, found });
    }
    Ok(())
}

/// Softmax, `ŷᵢ = exp(θᵢ) / Σⱼ exp(θⱼ)`.
///
/// Computed as `exp(θᵢ − m) / Σⱼ exp(θⱼ − m)` with `m = max θ`, which is the same number and
/// does not overflow. A probability below the smallest `f64` is 0.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::{Logits, softmax};
///
/// let y_hat = softmax(&Logits::new(array![1000.0, 1000.0, f64::NEG_INFINITY])?);
/// assert_eq!(y_hat.as_array(), array![0.5, 0.5, 0.0]);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *FCNN structure*, (2.5) and (2.7).
pub fn softmax<A: Float>(theta: &Logits<A>) -> Probabilities<A> {
    let exps = shifted(theta).mapv(A::exp);
    let sum = exps.sum();
    Probabilities(exps / sum)
}

/// The logarithm of softmax, `log ŷᵢ = θᵢ − log Σⱼ exp(θⱼ)`, in nats.
///
/// Computed as `(θᵢ − m) − log1p(Σ_{j≠t} exp(θⱼ − m))` with `m = θₜ = max θ`: both terms have
/// the same sign, so nothing cancels, and the result is exact where `ŷᵢ` itself underflows.
/// Two logits further apart than the largest `f64` give −∞, which is their difference rounded.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::{Logits, log_softmax, softmax};
///
/// let theta = Logits::new(array![0.0, -1000.0])?;
/// assert_eq!(softmax(&theta)[1], 0.0); // e⁻¹⁰⁰⁰ is no f64
/// assert_eq!(log_softmax(&theta), array![0.0, -1000.0]);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *FCNN structure*, (2.10).
pub fn log_softmax<A: Float>(theta: &Logits<A>) -> Array1<A> {
    shifted(theta) - log_sum_exp_above_max(theta)
}

/// The logarithm of the sum, `log Σⱼ exp(θⱼ)`, in nats.
///
/// Computed as `m + log1p(Σ_{j≠t} exp(θⱼ − m))` with `m = θₜ = max θ`, which does not overflow.
///
/// In the book: *FCNN structure*, (2.10).
pub fn log_sum_exp<A: Float>(theta: &Logits<A>) -> A {
    let logits = theta.as_array();
    logits[argmax(logits)] + log_sum_exp_above_max(theta)
}

/// The Jacobian of softmax, `J[i, j] = ∂ŷᵢ/∂θⱼ = ŷᵢ (δᵢⱼ − ŷⱼ)`: `diag(ŷ) − ŷŷᵀ`.
///
/// Shape (classes × classes). Row `i` holds the derivatives of `ŷᵢ`. It is symmetric, and its
/// rows and columns sum to 0.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::Probabilities;
/// use softmax_backprop::softmax::jacobian;
///
/// let y_hat = Probabilities::new(array![0.5, 0.25, 0.25])?;
/// let expected = array![
///     [0.25, -0.125, -0.125],
///     [-0.125, 0.1875, -0.0625],
///     [-0.125, -0.0625, 0.1875],
/// ];
/// assert_eq!(jacobian(&y_hat), expected);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *The derivative of softmax*, (3.12).
pub fn jacobian<A: Float>(y_hat: &Probabilities<A>) -> Array2<A> {
    let classes = y_hat.0.len();
    Array2::from_shape_fn((classes, classes), |(i, j)| {
        if i == j {
            y_hat[i] * y_hat.complement(i)
        } else {
            // The negative of 0 would be −0.
            A::zero() - y_hat[i] * y_hat[j]
        }
    })
}

/// The product of a row vector `gᵀ` with the Jacobian of softmax, `ŷ ⊙ (g − ⟨g, ŷ⟩)`.
///
/// With `g = ∇ŷ`, shape (classes), it is `∇θ`, shape (classes), in time proportional to
/// the number of classes: the matrix is not built. Adding one number to all of `g` changes
/// nothing, so `g` is first taken relative to its entry at the most probable class; otherwise
/// that entry would drown the others when its class is nearly certain.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::Probabilities;
/// use softmax_backprop::softmax::{jacobian, vector_jacobian_product};
///
/// let y_hat = Probabilities::new(array![0.5, 0.25, 0.25])?;
/// let g = array![8.0, 0.0, 16.0]; // ⟨g, ŷ⟩ = 8
/// let d_theta = vector_jacobian_product(&y_hat, &g)?;
/// assert_eq!(d_theta, array![0.0, -2.0, 2.0]);
/// assert_eq!(d_theta, g.dot(&jacobian(&y_hat)));
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *The derivative of softmax*, (3.15).
///
/// # Errors
///
/// [`Error::Shape`] where `g` has not one entry for each class, [`Error::NotFinite`] at a NaN
/// or an infinity in `g`.
pub fn vector_jacobian_product<A: Float>(
    y_hat: &Probabilities<A>,
    g: &ArrayRef1<A>,
) -> Result<Array1<A>> {
    check::shape("g", y_hat.0.shape(), g.shape())?;
    check::finite("g", g)?;
    // The difference of two entries may leave the range of the numbers. Half of it does not, and the
    // product is at most half of it.
    let one_half = A::of(0.5);
    let half = g * one_half - g[argmax(&y_hat.0)] * one_half;
    let mean = half.dot(&y_hat.0);
    // Zero times a negative number is −0, and the sum makes it 0.
    Ok((&y_hat.0 * (half - mean)) * A::of(2.0) + A::zero())
}

/// `θ − max θ`: nowhere above 0, and 0 at the maximum.
fn shifted<A: Float>(theta: &Logits<A>) -> Array1<A> {
    let theta = theta.as_array();
    theta - theta[argmax(theta)]
}

/// `log Σⱼ exp(θⱼ) − max θ`, in nats, exact also where it is far below 1.
pub(crate) fn log_sum_exp_above_max<A: Float>(theta: &Logits<A>) -> A {
    let exps = shifted(theta).mapv(A::exp);
    sum_except(&exps, argmax(theta.as_array())).ln_1p()
}

/// The index of the first largest entry. The vectors of this crate have at least one.
pub(crate) fn argmax<A: Float>(v: &ArrayRef1<A>) -> usize {
    let mut best = 0;
    for (i, entry) in v.iter().enumerate() {
        if *entry > v[best] {
            best = i;
        }
    }
    best
}

/// The sum of all entries but one.
pub(crate) fn sum_except<A: Float>(v: &ArrayRef1<A>, skipped: usize) -> A {
    let others = v.iter().enumerate().filter(|(i, _)| *i != skipped);
    // A sum of nothing is −0.
    others.map(|(_, entry)| entry).sum::<A>() + A::zero()
}
