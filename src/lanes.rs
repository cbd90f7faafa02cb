//! Softmax along one axis of an array of any rank: of every row of a matrix, of every pixel of an
//! image.
//!
//! The arrays are of logits and may be views, so a slice needs no copy: `aview1(&slice)`. A logit of
//! −∞ is a mask, as in [`Logits`](crate::Logits).
//!
//! ```
//! use ndarray::{Axis, array};
//! use softmax_backprop::lanes;
//!
//! let theta = array![[0.0, 0.0, f64::NEG_INFINITY], [1000.0, 0.0, 0.0]];
//! let y_hat = lanes::softmax(&theta, Axis(1))?;
//! assert_eq!(y_hat, array![[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]);
//! # Ok::<(), softmax_backprop::Error>(())
//! ```
//!
//! Along the first axis each column is one example:
//!
//! ```
//! use ndarray::{Axis, array};
//! use softmax_backprop::lanes;
//!
//! let sums = lanes::log_sum_exp(&array![[0.0_f32, 1000.0], [0.0, 1000.0]], Axis(0))?;
//! assert_eq!(sums, array![2_f32.ln(), 1000.0 + 2_f32.ln()]);
//! # Ok::<(), softmax_backprop::Error>(())
//! ```

use alloc::vec::Vec;

use ndarray::{Array, ArrayRef, Axis, Dimension, RemoveAxis};

use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::kernel;

/// The probabilities `ŷᵢ = exp(θᵢ) / Σⱼ exp(θⱼ)` of each lane along an axis, in the shape of
/// `theta`.
///
/// In the book: *FCNN structure*, (2.5) and (2.7).
///
/// # Errors
///
/// [`Error::Empty`] without entries, [`Error::Axis`] where the array has no such axis,
/// [`Error::NotFinite`] at a NaN or ∞, [`Error::AllMasked`] where a lane is −∞ throughout.
pub fn softmax<A: Float, D: Dimension>(theta: &ArrayRef<A, D>, axis: Axis) -> Result<Array<A, D>> {
    of_each_lane(theta, axis, false)
}

/// The logarithms `log ŷᵢ = θᵢ − log Σⱼ exp(θⱼ)` of the probabilities of each lane along an axis, in
/// nats: exact where the probability itself is too small for a number, −∞ at a mask.
///
/// In the book: *FCNN structure*, (2.10).
///
/// # Errors
///
/// As [`softmax`].
pub fn log_softmax<A: Float, D: Dimension>(
    theta: &ArrayRef<A, D>,
    axis: Axis,
) -> Result<Array<A, D>> {
    of_each_lane(theta, axis, true)
}

/// The logarithm of the sum, `log Σⱼ exp(θⱼ)`, of each lane along an axis, in nats: an array of one
/// axis less.
///
/// # Errors
///
/// As [`softmax`].
pub fn log_sum_exp<A: Float, D: RemoveAxis>(
    theta: &ArrayRef<A, D>,
    axis: Axis,
) -> Result<Array<A, D::Smaller>> {
    let logarithms = log_softmax(theta, axis)?;
    // θᵢ − log ŷᵢ is the same for all i, and has the most digits where ŷᵢ is largest.
    let mut lanes = theta.lanes(axis).into_iter().zip(logarithms.lanes(axis));
    let sums = lanes.by_ref().map(|(theta, logarithms)| {
        let top = crate::softmax::argmax(&theta);
        theta[top] - logarithms[top]
    });
    let mut sums = sums.collect::<Vec<A>>().into_iter();
    let shape = theta.raw_dim().remove_axis(axis);
    Ok(Array::from_shape_simple_fn(shape, || {
        sums.next().unwrap_or_default()
    }))
}

fn of_each_lane<A: Float, D: Dimension>(
    theta: &ArrayRef<A, D>,
    axis: Axis,
    logarithm: bool,
) -> Result<Array<A, D>> {
    if axis.index() >= theta.ndim() {
        return Err(Error::Axis {
            axes: theta.ndim(),
            found: axis.index(),
        });
    }
    check::logits("theta", theta)?;
    let all_masked = |_| Error::AllMasked { what: "theta" };
    let classes = theta.len_of(axis);
    let mut result = theta.to_owned();
    if axis.index() + 1 == theta.ndim()
        && let Some(theta) = result.as_slice_mut()
    {
        let rows = kernel::Softmax {
            theta,
            classes,
            logarithm,
        };
        A::softmax(rows).map_err(all_masked)?;
        return Ok(result);
    }
    let mut entries = Vec::with_capacity(classes);
    for mut lane in result.lanes_mut(axis) {
        entries.clear();
        entries.extend(lane.iter().copied());
        let row = kernel::Softmax {
            theta: &mut entries,
            classes,
            logarithm,
        };
        A::softmax(row).map_err(all_masked)?;
        lane.iter_mut()
            .zip(&entries)
            .for_each(|(entry, found)| *entry = *found);
    }
    Ok(result)
}
