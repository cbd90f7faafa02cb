//! Descent, epoch by epoch: from a batch to a layer that fits it.
//!
//! Used in the book's page *Training on penguins*.

#[cfg(feature = "rand")]
use alloc::vec::Vec;

#[cfg(feature = "rand")]
use rand::{Rng, seq::SliceRandom};

#[cfg(all(feature = "rand", not(feature = "std")))]
use num_traits::Float as _;

use crate::batch::{Batch, Pass};
use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::layer::Layer;

/// What rounding adds to a loss is far below this part of it, or of 1.
const ROUNDING: f64 = 1e-8;

/// How to descend, and when to stop.
///
/// ```
/// use softmax_backprop::training::Descent;
///
/// // A hundred epochs, however short the gradient becomes.
/// let descent = Descent { epochs: 100, gradient_norm: 0.0, ..Descent::default() };
/// assert_eq!(descent.learning_rate, 0.1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Descent {
    /// The learning rate `η`.
    pub learning_rate: f64,
    /// The largest number of epochs.
    pub epochs: usize,
    /// Stops where the whole gradient is not longer than this; 0 or less never stops.
    pub gradient_norm: f64,
}

/// A learning rate of 0.1, at most 1,000 epochs, and an end where the gradient is not longer than
/// 10⁻⁶: a beginning for standardised inputs.
impl Default for Descent {
    fn default() -> Self {
        Self {
            learning_rate: 0.1,
            epochs: 1_000,
            gradient_norm: 1e-6,
        }
    }
}

impl Descent {
    pub(crate) fn check(&self) -> Result<()> {
        check::positive("learning rate", self.learning_rate)?;
        check::number("gradient norm", self.gradient_norm)
    }
}

/// What an epoch found, before it moved.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Epoch {
    /// The number of the epoch, counted from 0.
    pub number: usize,
    /// The mean loss of the whole batch, in nats.
    pub loss: f64,
    /// The length of its gradient.
    pub gradient_norm: f64,
}

/// Why descent came to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The gradient was short enough.
    Gradient,
    /// All epochs were spent.
    Epochs,
}

/// Where descent came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trained<A = f64> {
    /// The layer after the last step.
    pub layer: Layer<A>,
    /// Its loss and gradient; the number is that of the steps taken.
    pub end: Epoch,
    /// Why it stopped there.
    pub stop: Stop,
}

/// Descends along the gradient of the whole batch, one step an epoch, and reports each epoch.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::batch::{Batch, predict};
/// use softmax_backprop::training::{Descent, Stop, descend};
/// use softmax_backprop::{Error, Layer};
///
/// // At 1 two of three examples are of class 1, at −1 one of three.
/// let x = array![[1.0], [1.0], [1.0], [-1.0], [-1.0], [-1.0]];
/// let batch = Batch::of_classes(x, vec![1, 1, 0, 0, 0, 1], 2)?;
/// let layer = Layer::new(array![[0.0, 0.0]], array![0.0, 0.0])?;
/// let mut losses = vec![];
/// let descent = Descent { learning_rate: 0.5, ..Descent::default() };
/// let trained = descend(layer.clone(), &batch, &descent, |epoch| losses.push(epoch.loss))?;
///
/// assert_eq!(losses[0], 2_f64.ln()); // nothing known, two classes
/// assert_eq!(trained.stop, Stop::Gradient);
/// let at_1: f64 = predict(&trained.layer, batch.x())?[[0, 1]];
/// assert!((at_1 - 2.0 / 3.0).abs() < 1e-5);
///
/// // Steps that are too long lead upwards.
/// let descent = Descent { learning_rate: 100.0, ..Descent::default() };
/// let error = descend(layer, &batch, &descent, |_| ()).unwrap_err();
/// assert!(matches!(error, Error::Diverged { epoch: 1, .. }));
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Diverged`] where the loss `J` is above that of the start by more than `10⁻⁸ (1 + J)`,
/// which is no rounding. [`Error::NotPositive`] where the learning rate is not finite and above 0,
/// [`Error::NotFinite`] where the length to stop at is not finite, and as [`Pass::new`].
pub fn descend<A: Float>(
    layer: Layer<A>,
    batch: &Batch<A>,
    descent: &Descent,
    on_epoch: impl FnMut(&Epoch),
) -> Result<Trained<A>> {
    let most = |start: f64| start + ROUNDING * (1.0 + start);
    train(layer, batch, descent, most, on_epoch, |layer, whole| {
        whole.step(&layer, A::of(descent.learning_rate))
    })
}

/// Descends along the gradients of `size` examples at a time, in a new random order each epoch.
///
/// Each epoch begins with a pass over the whole batch, for the report. An example counts in its
/// minibatch as in the whole: see [`Batch::select`].
///
/// # Errors
///
/// As [`descend`], and [`Error::Empty`] for a size of 0. A step along the gradient of a few may
/// well raise the loss of all: [`Error::Diverged`] where it is more than ten times that of the
/// start, and of weights of 0, `ln K`.
#[cfg(feature = "rand")]
pub fn descend_in_minibatches<A: Float, R: Rng + ?Sized>(
    layer: Layer<A>,
    batch: &Batch<A>,
    descent: &Descent,
    size: usize,
    rng: &mut R,
    on_epoch: impl FnMut(&Epoch),
) -> Result<Trained<A>> {
    if size == 0 {
        return Err(Error::Empty { what: "minibatch" });
    }
    let mut order: Vec<usize> = (0..batch.len()).collect();
    let chance = (batch.classes() as f64).ln();
    let most = |start: f64| 10.0 * start.max(chance);
    train(layer, batch, descent, most, on_epoch, |mut layer, _| {
        order.shuffle(rng);
        for rows in order.chunks(size) {
            let pass = Pass::new(&layer, &batch.select(rows)?)?;
            layer = pass.step(&layer, A::of(descent.learning_rate))?;
        }
        Ok(layer)
    })
}

/// Looks at the whole batch, reports, stops or moves, and looks again. `most` gives the largest
/// loss that is taken, from that of the start.
fn train<A: Float>(
    mut layer: Layer<A>,
    batch: &Batch<A>,
    descent: &Descent,
    most: impl Fn(f64) -> f64,
    mut on_epoch: impl FnMut(&Epoch),
    mut step: impl FnMut(Layer<A>, &Pass<A>) -> Result<Layer<A>>,
) -> Result<Trained<A>> {
    descent.check()?;
    let mut pass = Pass::new(&layer, batch)?;
    let most = most(pass.loss().into());
    let mut number = 0;
    loop {
        let epoch = Epoch {
            number,
            loss: pass.loss().into(),
            gradient_norm: pass.gradient_norm().into(),
        };
        if epoch.loss > most {
            return Err(Error::Diverged {
                epoch: number,
                most,
                found: epoch.loss,
            });
        }
        on_epoch(&epoch);

        let asked = descent.gradient_norm > 0.0;
        let stop = if asked && epoch.gradient_norm <= descent.gradient_norm {
            Some(Stop::Gradient)
        } else if number == descent.epochs {
            Some(Stop::Epochs)
        } else {
            None
        };
        if let Some(stop) = stop {
            return Ok(Trained {
                layer,
                end: epoch,
                stop,
            });
        }
        layer = step(layer, &pass)?;
        pass.rerun(&layer, batch)?;
        number += 1;
    }
}
