//! L-BFGS: steps that learn the curvature from the gradients they have seen.
//!
//! Newton's method of [`crate::curvature`] asks for the whole Hessian at each step, whose cost grows
//! with the square of the number of parameters. L-BFGS keeps the last few steps `s` and the changes
//! `y` of the gradient along them: `H s ≈ y`, which is all it knows of the Hessian.
//!
//! From Nocedal, *Updating quasi-Newton matrices with limited storage* (1980).
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::Layer;
//! use softmax_backprop::batch::{Batch, predict};
//! use softmax_backprop::lbfgs::lbfgs;
//!
//! // Of the examples at 0 half are of class 0 and a quarter of each other class.
//! let x = array![[0.0], [0.0], [0.0], [0.0], [1.0], [1.0], [1.0]];
//! let batch = Batch::of_classes(x.clone(), vec![0, 0, 1, 2, 0, 1, 2], 3)?;
//! let start = Layer::new(array![[0.0, 0.0, 0.0]], array![0.0, 0.0, 0.0])?;
//! let minimum = lbfgs(&start, &batch, 1e-10)?;
//! let y_hat = predict(&minimum.layer, &x)?;
//! for (found, expected) in y_hat.row(0).iter().zip([0.5, 0.25, 0.25]) {
//!     assert!((found - expected).abs() < 1e-8);
//! }
//! # Ok::<(), softmax_backprop::Error>(())
//! ```

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use ndarray::{Array1, ArrayRef1, Axis};

use crate::batch::{Batch, Pass};
use crate::check;
use crate::curvature::{Minimum, Step};
use crate::error::{Error, Result};
use crate::layer::Layer;

/// So many steps are remembered.
const MEMORY: usize = 10;

/// After so many steps there is no minimum, or the inputs are of very different size.
const STEPS: usize = 10_000;

/// A step must lower the loss by this part of what the gradient promises.
const PART: f64 = 1e-4;

/// What rounding adds to a loss is below this part of it.
const ROUNDING: f64 = 1e-14;

/// So many steps after the shortest gradient, where the loss falls by less than rounding, the
/// gradient becomes no shorter.
const PATIENCE: usize = 2 * MEMORY;

/// So often a step is shortened before it is given up.
const SHORTER: usize = 40;

/// A layer at which the gradient of the mean loss of a batch is not longer than `gradient_norm`, by
/// L-BFGS from the given layer.
///
/// Each step goes along `−B∇J`, where `B` stands for the inverse of the Hessian, and is shortened
/// until it lowers the loss. The loss has no other minima, so the first that is met is the smallest.
/// It settles in the fewest steps where the inputs are standardised.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::batch::Batch;
/// use softmax_backprop::{Error, Layer, lbfgs::lbfgs};
///
/// // Nobody has seen the third class: the less likely it is, the smaller the loss.
/// let batch = Batch::of_classes(array![[0.0], [0.0]], vec![0, 1], 3)?;
/// let start = Layer::new(array![[0.0, 0.0, 0.0]], array![0.0, 0.0, 0.0])?;
/// assert_eq!(lbfgs(&start, &batch, 1e-6), Err(Error::AbsentClass { class: 2 }));
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::AbsentClass`] where a class has no example, [`Error::Separable`] where the layer that was
/// found gives each example its label: then the loss falls without end, and its gradient becomes short
/// along the way. Data that planes part but for some examples upon them have no minimum either, which
/// [`newton`](crate::curvature::newton) proves and this function does not see.
///
/// [`Error::Rounding`] where the gradient becomes no shorter, since the rest is rounding,
/// [`Error::NoConvergence`] after 10,000 steps, [`Error::NotPositive`] where `gradient_norm` is not
/// finite and above 0, and as [`Pass::new`].
pub fn lbfgs(layer: &Layer, batch: &Batch, gradient_norm: f64) -> Result<Minimum> {
    check::positive("gradient norm", gradient_norm)?;
    let mut pass = Pass::new(layer, batch)?;
    if let Some(class) = batch.absent_class() {
        return Err(Error::AbsentClass { class });
    }
    let mut layer = layer.clone();
    let mut memory = Memory::default();
    let mut steps: Vec<Step> = Vec::new();
    let (mut shortest, mut since) = (f64::INFINITY, 0);
    loop {
        let (loss, gradient) = (pass.loss(), gradient(&pass)?);
        steps.push(Step {
            loss,
            gradient_norm: pass.gradient_norm(),
        });
        if pass.gradient_norm() <= gradient_norm {
            return match batch.is_separated_by(&layer) {
                true => Err(Error::Separable),
                false => Ok(Minimum { layer, steps }),
            };
        }
        if steps.len() > STEPS {
            return Err(Error::NoConvergence {
                what: "length of the gradient",
                steps: STEPS,
                found: pass.gradient_norm(),
            });
        }
        let along = memory.times_inverse(&gradient);
        since += 1;
        if pass.gradient_norm() < shortest || gradient.dot(&along) > ROUNDING * loss {
            (shortest, since) = (shortest.min(pass.gradient_norm()), 0);
        }
        let rounding = Error::Rounding {
            expected: gradient_norm,
            found: shortest,
        };
        if since > PATIENCE {
            return Err(rounding);
        }
        let Some(step) = shorten(&mut layer, &mut pass, batch, loss, &gradient, along) else {
            return Err(rounding);
        };
        memory.learn(step, self::gradient(&pass)? - gradient);
    }
}

/// Moves along `−along` as far as lowers the loss enough; returns the step, or `None` where none
/// does. Then layer and pass are what they were.
fn shorten(
    layer: &mut Layer,
    pass: &mut Pass,
    batch: &Batch,
    loss: f64,
    gradient: &ArrayRef1<f64>,
    along: Array1<f64>,
) -> Option<Array1<f64>> {
    let promise = gradient.dot(&along);
    let classes = layer.b().len();
    let mut part = 1.0;
    for _ in 0..SHORTER {
        let step = &along * -part;
        let (of_w, of_b) = along.view().split_at(Axis(0), along.len() - classes);
        let of_w = of_w.into_shape_with_order(layer.w().raw_dim()).ok()?;
        let next = layer.descend(&of_w, &of_b, part);
        if let Ok(next) = next
            && pass.rerun(&next, batch).is_ok()
        {
            let rise = pass.loss() - loss;
            if rise <= ROUNDING * loss - PART * part * promise {
                *layer = next;
                return Some(step);
            }
            // The lowest point of the parabola through both losses with the slope at the start.
            let lowest = 0.5 * promise * part / (rise + promise * part);
            part *= lowest.clamp(0.1, 0.5);
        } else {
            part *= 0.1;
        }
    }
    pass.rerun(layer, batch).ok()?;
    None
}

/// `∇W` and `∇b` in one vector.
fn gradient(pass: &Pass) -> Result<Array1<f64>> {
    let d_w = pass.d_w().iter().copied();
    let gradient: Array1<f64> = d_w.chain(pass.d_b().iter().copied()).collect();
    check::finite("gradient", &gradient)?;
    Ok(gradient)
}

/// The last steps, and how the gradient changed along them.
#[derive(Default)]
struct Memory {
    pairs: VecDeque<Pair>,
}

struct Pair {
    /// The step.
    s: Array1<f64>,
    /// The change of the gradient.
    y: Array1<f64>,
    /// `⟨s, y⟩`.
    s_y: f64,
}

impl Memory {
    /// Takes a pair in, and the oldest out. One without a digit of curvature says nothing.
    fn learn(&mut self, s: Array1<f64>, y: Array1<f64>) {
        let s_y = s.dot(&y);
        if s_y > f64::EPSILON * y.dot(&y) {
            if self.pairs.len() == MEMORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back(Pair { s, y, s_y });
        }
    }

    /// `B∇J`: the step that all pairs would have come to, `By = s` for each of them.
    ///
    /// Without a pair it is the gradient, shortened to at most 1.
    fn times_inverse(&self, gradient: &Array1<f64>) -> Array1<f64> {
        let Some(last) = self.pairs.back() else {
            return gradient / check::length(gradient.iter()).max(1.0);
        };
        let mut q = gradient.clone();
        let mut parts = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let part = pair.s.dot(&q) / pair.s_y;
            q.scaled_add(-part, &pair.y);
            parts.push(part);
        }
        q *= last.s_y / last.y.dot(&last.y);
        for (pair, part) in self.pairs.iter().zip(parts.into_iter().rev()) {
            let other = pair.y.dot(&q) / pair.s_y;
            q.scaled_add(part - other, &pair.s);
        }
        q
    }
}
