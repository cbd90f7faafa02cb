//! Rows of logits that come from anywhere: their softmax, and their losses with the gradients.
//!
//! A logit of −∞ is a mask: its class has the probability 0.

use alloc::{vec, vec::Vec};

use ndarray::aview1;

use super::Work;
use super::exponentials::{
    Part, Whole, at_once, complete, maximum, rows_to_exponentials, softmax, sum_of_pairs,
};
use crate::float::Float;
use crate::softmax::argmax;

/// Why a row has no answer.
pub enum Fault {
    /// It holds a NaN or ∞, or is all masked.
    Row(usize),
    /// Its label has some weight at a class that is masked.
    Label {
        /// The row.
        row: usize,
        /// The class.
        class: usize,
    },
}

#[cfg(feature = "threads")]
impl Fault {
    /// The same, counted from so many rows before.
    pub(super) fn in_rows_after(self, rows: usize) -> Self {
        match self {
            Self::Row(row) => Self::Row(row + rows),
            Self::Label { row, class } => Self::Label {
                row: row + rows,
                class,
            },
        }
    }
}

/// Softmax of each row, or its logarithm, in place.
pub struct Softmax<'a, A> {
    /// `Θ`, rows × classes.
    pub theta: &'a mut [A],
    /// The number of classes.
    pub classes: usize,
    /// Whether the logarithm is meant.
    pub logarithm: bool,
}

impl<A: Float> Work for Softmax<'_, A> {
    type Output = Result<(), Fault>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) -> Self::Output {
        let Self { theta, classes, .. } = self;
        let at_once = at_once(classes);
        let mut parts = vec![Part::default(); at_once.min(theta.len() / classes)];
        let mut exps = Vec::new();
        for (number, theta) in theta.chunks_mut(at_once * classes).enumerate() {
            let parts = &mut parts[..theta.len() / classes];
            for (r, (theta, part)) in theta.chunks_exact(classes).zip(&mut *parts).enumerate() {
                let largest = largest_logit(theta);
                (part.max, _) = largest.ok_or(Fault::Row(number * at_once + r))?;
            }
            if self.logarithm {
                log_softmax::<A, FUSED>(theta, classes, parts, &mut exps);
            } else {
                softmax::<A, FUSED>(theta, classes, parts);
            }
        }
        Ok(())
    }
}

/// The losses of rows of logits, and their gradients.
pub struct CrossEntropy<'a, A> {
    /// `Θ`, rows × classes.
    pub theta: &'a [A],
    /// Where the gradients are to stand, rows × classes.
    pub d_theta: &'a mut [A],
    /// The class of each row.
    pub labels: &'a [usize],
    /// What each row counts; one of 0 is not looked at.
    pub shares: &'a [A],
    /// What each class counts.
    pub class_weights: &'a [A],
    /// The part of the label that is spread over all classes.
    pub smoothing: A,
    /// Where half of each loss is to stand, not yet multiplied by its share: a loss may leave the
    /// range of the numbers where its half does not.
    pub half_losses: &'a mut [A],
}

impl<A: Float> Work for CrossEntropy<'_, A> {
    type Output = Result<(), Fault>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) -> Self::Output {
        let classes = self.class_weights.len();
        let smoothing = &Smoothing::new(self.class_weights, self.smoothing);
        let label_of = |n: usize| Label {
            class: self.labels[n],
            smoothing,
        };
        let at_once = at_once(classes);
        let mut parts = vec![Part::default(); at_once.min(self.shares.len())];
        let mut wholes = vec![Whole::default(); parts.len()];
        let mut numbers = Vec::with_capacity(parts.len());
        let logits = self.theta.chunks(at_once * classes);
        let rows = logits.zip(self.d_theta.chunks_mut(at_once * classes));
        for (number, (logits, d_theta)) in rows.enumerate() {
            d_theta.copy_from_slice(logits);
            let first = number * at_once;
            for (r, theta) in d_theta.chunks_exact_mut(classes).enumerate() {
                let n = first + r;
                if self.shares[n].is_zero() {
                    // The exponentials are to be 0, and so is the gradient.
                    theta.fill(A::neg_infinity());
                    parts[r].max = A::zero();
                    wholes[r].theta = A::zero();
                    continue;
                }
                let (max, is_masked) = largest_logit(theta).ok_or(Fault::Row(n))?;
                let label = label_of(n);
                if is_masked && let Some(class) = label.masked(theta) {
                    return Err(Fault::Label { row: n, class });
                }
                self.half_losses[n] = label.half_gap(theta, max);
                parts[r].max = max;
                wholes[r].theta =
                    core::mem::replace(&mut theta[label.heaviest()], A::neg_infinity());
            }
            let parts = &mut parts[..d_theta.len() / classes];
            rows_to_exponentials::<A, FUSED>(d_theta, classes, parts);
            complete::<A, FUSED>(parts, &mut wholes, &mut numbers);
            for (r, theta) in d_theta.chunks_exact_mut(classes).enumerate() {
                let n = first + r;
                let (label, share) = (label_of(n), self.shares[n]);
                if share.is_zero() {
                    self.half_losses[n] = A::zero();
                    continue;
                }
                label.gradient(theta, parts[r].others, &wholes[r], share);
                self.half_losses[n] += A::of(0.5) * (label.sum() * wholes[r].log_sum);
            }
        }
        Ok(())
    }
}

/// What the labels of all rows have in common, with `tᵢ = ε/K ωᵢ` at each class.
struct Smoothing<'a, A> {
    /// `ω`.
    weights: &'a [A],
    /// `ε/K`.
    spread: A,
    /// `1 − ε`.
    rest: A,
    /// The class at which most is spread.
    heaviest: usize,
    /// For each class, what is spread over the others; nothing where `ε` is 0.
    ///
    /// In `f64`, since the last digits of so many terms would be lost to `f32`.
    over_others: Vec<f64>,
}

impl<'a, A: Float> Smoothing<'a, A> {
    fn new(weights: &'a [A], smoothing: A) -> Self {
        let spread = smoothing / A::of(weights.len() as f64);
        Self {
            weights,
            spread,
            rest: A::one() - smoothing,
            heaviest: argmax(&aview1(weights)),
            over_others: if spread.is_zero() {
                Vec::new()
            } else {
                let spread: f64 = spread.into();
                sums_but_one(weights.iter().map(|weight| spread * (*weight).into()))
            },
        }
    }
}

/// For each term the sum of all the others: what is before it, and what is behind.
fn sums_but_one(terms: impl DoubleEndedIterator<Item = f64> + Clone) -> Vec<f64> {
    let sums_before = |sum: &mut f64, term: f64| {
        let before = *sum;
        *sum += term;
        Some(before)
    };
    let mut sums: Vec<f64> = terms.clone().scan(0.0, sums_before).collect();
    let behind = terms.rev().scan(0.0, sums_before);
    for (sum, behind) in sums.iter_mut().rev().zip(behind) {
        *sum += behind;
    }
    sums
}

/// A label `t` with smoothing and weights: `tᵢ = ε/K ωᵢ`, and at its class `(1 − ε) ωᵢ` more.
#[derive(Clone, Copy)]
struct Label<'a, A> {
    class: usize,
    smoothing: &'a Smoothing<'a, A>,
}

impl<A: Float> Label<'_, A> {
    /// What is at its class for its own sake.
    fn own(&self) -> A {
        self.smoothing.rest * self.smoothing.weights[self.class]
    }

    /// `Σ tᵢ`.
    fn sum(&self) -> A {
        self.at(self.class) + self.spread_over_others_than(self.class)
    }

    /// `Σ ε/K ωᵢ` over the classes but one.
    fn spread_over_others_than(&self, class: usize) -> A {
        let sum = self.smoothing.over_others.get(class);
        sum.map_or(A::zero(), |sum| A::of(*sum))
    }

    /// A class that is masked, and at which the label has some weight.
    fn masked(&self, theta: &[A]) -> Option<usize> {
        let is_masked = |class: usize| theta[class] == A::neg_infinity();
        if self.own() > A::zero() && is_masked(self.class) {
            return Some(self.class);
        }
        let Smoothing {
            weights, spread, ..
        } = self.smoothing;
        if spread.is_zero() {
            return None;
        }
        (0..weights.len()).find(|&class| weights[class] > A::zero() && is_masked(class))
    }

    /// `½ Σ tᵢ (m − θᵢ)`. Halves, since the difference may leave the range of the numbers.
    #[inline(always)]
    fn half_gap(&self, theta: &[A], max: A) -> A {
        let half = A::of(0.5);
        // A weight of 0 counts nothing, even where the class is masked.
        let part = |weight: A, theta_i: A| {
            if weight > A::zero() {
                weight * (half * max - half * theta_i)
            } else {
                A::zero()
            }
        };
        let own = part(self.own(), theta[self.class]);
        let &Smoothing {
            weights, spread, ..
        } = self.smoothing;
        if spread.is_zero() {
            return own;
        }
        own + sum_of_pairs(weights, theta, |weight, theta_i| {
            part(spread * weight, theta_i)
        })
    }

    /// `tᵢ`.
    fn at(&self, class: usize) -> A {
        let spread = self.smoothing.spread * self.smoothing.weights[class];
        if class == self.class {
            self.own() + spread
        } else {
            spread
        }
    }

    /// The class at which it counts most: with smoothing and weights that need not be its own.
    fn heaviest(&self) -> usize {
        let heaviest = self.smoothing.heaviest;
        if self.at(heaviest) > self.at(self.class) {
            heaviest
        } else {
            self.class
        }
    }

    /// Turns the exponentials into `δ = Σ tᵢ ŷ − t`, times a share.
    ///
    /// With `O` the sum of all exponentials but that of the heaviest class `h` and `S` that of all,
    /// `δₕ = (Σ tᵢ − tₕ) − Σ tᵢ O/S` where `tₕ` is at least half of the sum: no digit cancels where
    /// `ŷₕ` rounds to 1. A `tᵢ` below half of it is not near `Σ tᵢ` there.
    #[inline(always)]
    fn gradient(&self, exps: &mut [A], others: A, whole: &Whole<A>, share: A) {
        let sum = whole.sum;
        let scale = self.sum() / sum * share;
        let &Smoothing {
            weights, spread, ..
        } = self.smoothing;
        if spread.is_zero() {
            exps.iter_mut().for_each(|entry| *entry *= scale);
        } else {
            let spread = spread * share;
            for (entry, weight) in exps.iter_mut().zip(weights) {
                *entry = *entry * scale - spread * *weight;
            }
        }
        let heaviest = self.heaviest();
        let mut elsewhere = self.spread_over_others_than(heaviest);
        if self.class != heaviest {
            exps[self.class] -= self.own() * share;
            elsewhere += self.own();
        }
        let at_heaviest = self.at(heaviest);
        // The negative of 0 would be −0.
        exps[heaviest] = A::zero()
            + if at_heaviest >= elsewhere {
                (elsewhere - self.sum() * (others / sum)) * share
            } else {
                whole.exponential * scale - at_heaviest * share
            };
    }
}

/// The largest of a row of logits, and whether some are masked; `None` where one is NaN or ∞, or all
/// are masked.
#[inline(always)]
fn largest_logit<A: Float>(theta: &[A]) -> Option<(A, bool)> {
    let (max, finite) = maximum(theta);
    let sound = |theta_i: &A| theta_i.is_finite() || *theta_i == A::neg_infinity();
    let has_answer = finite || (max > A::neg_infinity() && theta.iter().all(sound));
    has_answer.then_some((max, !finite))
}

/// Turns rows of logits, of which the maxima are known, into the logarithms of the probabilities:
/// `θᵢ − m − log Σⱼ exp(θⱼ − m)`.
#[inline(always)]
fn log_softmax<A: Float, const FUSED: bool>(
    theta: &mut [A],
    classes: usize,
    rows: &mut [Part<A>],
    exps: &mut Vec<A>,
) {
    exps.clear();
    exps.extend_from_slice(theta);
    for (exps, row) in exps.chunks_exact_mut(classes).zip(&*rows) {
        if let Some(top) = exps.iter_mut().find(|theta_i| **theta_i == row.max) {
            // Its exponential is 1, and is not among the others.
            *top = A::neg_infinity();
        }
    }
    rows_to_exponentials::<A, FUSED>(exps, classes, rows);
    for (theta, row) in theta.chunks_exact_mut(classes).zip(rows) {
        let log_sum = row.others.ln_1p();
        theta
            .iter_mut()
            .for_each(|theta_i| *theta_i = (*theta_i - row.max) - log_sum);
    }
}
