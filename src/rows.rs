//! Rows of logits and their labels: the cross-entropy of many examples whose logits come from
//! anywhere, with weights, smoothing and labels that do not count.
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::rows::{CrossEntropy, Reduction};
//!
//! let theta = array![[2.0, 0.0, 0.0], [0.0, 1.0, f64::NEG_INFINITY], [0.0, 0.0, 0.0]];
//! let loss = CrossEntropy::new().ignore_index(9);
//! let losses = loss.losses(&theta, &[0, 1, 9])?;
//! assert_eq!(losses[2], 0.0);
//!
//! let (mean, d_theta) = loss.gradient(&theta, &[0, 1, 9], Reduction::Mean)?;
//! assert_eq!(mean, (losses[0] + losses[1]) / 2.0);
//! assert_eq!(d_theta[[1, 2]], 0.0); // masked
//! # Ok::<(), softmax_backprop::Error>(())
//! ```
//!
//! Classes may count differently, and a label may be spread over them:
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::rows::{CrossEntropy, Reduction};
//!
//! let theta = array![[0.0_f32, 0.0]];
//! let loss = CrossEntropy::new().class_weights(array![1.0, 3.0])?.label_smoothing(0.1)?;
//! // 0.95 · 3 log 2 + 0.05 · 1 log 2, and the mean divides by the weight of the label.
//! let mean = loss.loss(&theta, &[1], Reduction::Mean)?;
//! assert!((mean - 2.9 * 2_f32.ln() / 3.0).abs() < 1e-6);
//! # Ok::<(), softmax_backprop::Error>(())
//! ```

use alloc::vec::Vec;

use ndarray::{Array1, Array2, ArrayRef2};

use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::kernel::{self, Fault};

/// The cross-entropy of rows of logits: what counts, and how much.
///
/// With the weights `ω` of the classes, smoothing `ε` and `K` classes, a row with the class `t` has
/// the loss `−(1 − ε) ωₜ log ŷₜ − ε/K Σₖ ωₖ log ŷₖ`, in nats: what PyTorch's `CrossEntropyLoss`
/// gives with the same options. Its gradient at the logits is `(Σₖ τₖ) ŷ − τ`, with `τ` the factors
/// of `−log ŷ`.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossEntropy<A = f64> {
    pub(crate) class_weights: Option<Array1<A>>,
    pub(crate) ignore_index: Option<usize>,
    pub(crate) label_smoothing: A,
}

/// What becomes of the losses of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Reduction {
    /// Their sum, divided by the sum of the weights of their labels' classes.
    Mean,
    /// Their sum.
    Sum,
}

impl<A: Float> Default for CrossEntropy<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Float> CrossEntropy<A> {
    /// Every row counts, every class alike, and a label is one class.
    pub fn new() -> Self {
        Self {
            class_weights: None,
            ignore_index: None,
            label_smoothing: A::zero(),
        }
    }

    /// The weights `ω` of the classes, one for each.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without weights, [`Error::NotFinite`] at a NaN or an infinity,
    /// [`Error::Negative`] at a weight below 0.
    pub fn class_weights(self, weights: Array1<A>) -> Result<Self> {
        check::weights("class weights", &weights)?;
        Ok(Self {
            class_weights: Some(weights.as_standard_layout().into_owned()),
            ..self
        })
    }

    /// The label of rows that do not count: they have the loss 0 and no gradient, and the mean
    /// leaves them out. It need not be the index of a class.
    pub fn ignore_index(self, index: usize) -> Self {
        Self {
            ignore_index: Some(index),
            ..self
        }
    }

    /// The part `ε` of each label that is spread evenly over all classes.
    ///
    /// # Errors
    ///
    /// [`Error::Fraction`] where it is not from 0 to 1.
    pub fn label_smoothing(self, label_smoothing: A) -> Result<Self> {
        if !(A::zero()..=A::one()).contains(&label_smoothing) {
            return Err(Error::Fraction {
                what: "label smoothing",
                found: label_smoothing.into(),
            });
        }
        Ok(Self {
            label_smoothing,
            ..self
        })
    }

    /// The loss of each row of `theta`, shape (examples × classes); `labels` has the class of each
    /// row, counted from 0. A loss above the largest number is ∞.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without examples or classes, [`Error::Shape`] where there is not one label
    /// for each row or one weight for each class, [`Error::TooLarge`] where the memory does not hold
    /// the gradient, [`Error::Example`] with [`Error::NotFinite`] at a NaN or ∞,
    /// with [`Error::ClassOutOfRange`] at a label that is no class,
    /// with [`Error::AllMasked`] at a row that is −∞ throughout, and with [`Error::MaskedLabel`]
    /// where a class that counts in the label is −∞.
    pub fn losses(&self, theta: &ArrayRef2<A>, labels: &[usize]) -> Result<Array1<A>> {
        let mut d_theta = check::zeros("d_theta", [theta.nrows(), theta.ncols()])?;
        let (half_losses, _) = self.run(theta, labels, Reduction::Sum, &mut d_theta)?;
        Ok(half_losses * A::of(2.0))
    }

    /// The mean or the sum of the losses of all rows.
    ///
    /// # Errors
    ///
    /// As [`losses`](Self::losses), and [`Error::Empty`] for the mean of rows that count nothing.
    pub fn loss(&self, theta: &ArrayRef2<A>, labels: &[usize], reduction: Reduction) -> Result<A> {
        Ok(self.gradient(theta, labels, reduction)?.0)
    }

    /// The mean or the sum of the losses, and its gradient at the logits, in the shape of `theta`.
    ///
    /// # Errors
    ///
    /// As [`loss`](Self::loss).
    pub fn gradient(
        &self,
        theta: &ArrayRef2<A>,
        labels: &[usize],
        reduction: Reduction,
    ) -> Result<(A, Array2<A>)> {
        let mut d_theta = check::zeros("d_theta", [theta.nrows(), theta.ncols()])?;
        let loss = self.gradient_into(theta, labels, reduction, &mut d_theta)?;
        Ok((loss, d_theta))
    }

    /// The same, the gradient written into an array that is there: for loops, in which memory would
    /// cost more than the mathematics. After an error it holds no gradient.
    ///
    /// # Errors
    ///
    /// As [`loss`](Self::loss), and [`Error::Shape`] where the array has another shape than `theta`.
    pub fn gradient_into(
        &self,
        theta: &ArrayRef2<A>,
        labels: &[usize],
        reduction: Reduction,
        d_theta: &mut Array2<A>,
    ) -> Result<A> {
        let (half_losses, share) = self.run(theta, labels, reduction, d_theta)?;
        // The share comes before the other half, which might overflow.
        let halves = half_losses.iter();
        Ok(halves.map(|half| A::of(2.0) * (share * *half)).sum())
    }

    /// Half of the loss of each row, and what each of them counts.
    fn run(
        &self,
        theta: &ArrayRef2<A>,
        labels: &[usize],
        reduction: Reduction,
        d_theta: &mut Array2<A>,
    ) -> Result<(Array1<A>, A)> {
        let (examples, classes) = theta.dim();
        if theta.is_empty() {
            return Err(Error::Empty { what: "theta" });
        }
        check::shape("labels", &[examples], &[labels.len()])?;
        check::shape("d_theta", theta.shape(), d_theta.shape())?;
        let ones;
        let weights = match &self.class_weights {
            Some(weights) => weights,
            None => {
                ones = Array1::ones(classes);
                &ones
            }
        };
        check::shape("class weights", &[classes], weights.shape())?;
        let theta = theta.as_standard_layout();
        if !d_theta.is_standard_layout() {
            *d_theta = Array2::zeros(theta.raw_dim());
        }

        let counts = |label: usize| self.ignore_index != Some(label);
        let mut sum = A::zero();
        for (n, &found) in labels
            .iter()
            .enumerate()
            .filter(|(_, label)| counts(**label))
        {
            let Some(weight) = weights.get(found) else {
                return Err(Error::ClassOutOfRange { classes, found }.in_example(n));
            };
            sum += *weight;
        }
        check::number("sum of weights", sum)?;
        let share = match reduction {
            Reduction::Sum => A::one(),
            Reduction::Mean if sum > A::zero() => sum.recip(),
            Reduction::Mean => {
                return Err(Error::Empty {
                    what: "examples that count",
                });
            }
        };
        check::number("1 / sum of weights", share)?;

        let counts = labels.iter().map(|label| counts(*label));
        let shares: Vec<A> = counts
            .map(|counts| if counts { share } else { A::zero() })
            .collect();
        let mut half_losses = Array1::zeros(examples);
        let found = A::cross_entropy(kernel::CrossEntropy {
            theta: theta.as_slice().unwrap_or_default(),
            d_theta: d_theta.as_slice_mut().unwrap_or_default(),
            labels,
            shares: &shares,
            class_weights: weights.as_slice().unwrap_or_default(),
            smoothing: self.label_smoothing,
            half_losses: half_losses.as_slice_mut().unwrap_or_default(),
        });
        match found {
            Ok(()) => Ok((half_losses, share)),
            Err(Fault::Label { row, class }) => Err(Error::MaskedLabel { class }.in_example(row)),
            Err(Fault::Row(row)) => {
                let wrong = check::logits("theta", &theta.row(row));
                let wrong = wrong.and(Err(Error::AllMasked { what: "theta" }));
                wrong.map_err(|error| error.in_example(row))
            }
        }
    }
}
