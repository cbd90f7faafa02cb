//! Rows of logits that come from anywhere: their softmax, and their losses with the gradients.
//!
//! A logit of −∞ is a mask: its class has the probability 0.

use alloc::vec::Vec;

use super::Work;
use super::exponentials::{maximum, softmax, to_exponentials};
use crate::float::Float;

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
        let mut exps = Vec::new();
        for (n, theta) in self.theta.chunks_exact_mut(self.classes).enumerate() {
            let max = largest_logit(theta).ok_or(Fault::Row(n))?;
            if !self.logarithm {
                softmax::<A, FUSED>(theta, max);
                continue;
            }
            let log_sum = log_sum_above_max::<A, FUSED>(theta, max, &mut exps);
            for theta_i in theta {
                *theta_i = (*theta_i - max) - log_sum;
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
        let label = Label {
            class: 0,
            weights: self.class_weights,
            spread: self.smoothing / A::of(classes as f64),
            rest: A::one() - self.smoothing,
        };
        let rows = self.theta.chunks_exact(classes);
        let rows = rows.zip(self.d_theta.chunks_exact_mut(classes));
        for (n, (logits, theta)) in rows.enumerate() {
            let share = self.shares[n];
            theta.copy_from_slice(logits);
            if share.is_zero() {
                theta.fill(A::zero());
                self.half_losses[n] = A::zero();
                continue;
            }
            let max = largest_logit(theta).ok_or(Fault::Row(n))?;
            let class = self.labels[n];
            let label = Label { class, ..label };
            if let Some(class) = label.masked(theta) {
                return Err(Fault::Label { row: n, class });
            }
            let half_gap = label.half_gap(theta, max);
            let log_sum = label.gradient::<FUSED>(theta, max, share);
            let half = A::of(0.5);
            self.half_losses[n] = half_gap + half * (label.sum() * log_sum);
        }
        Ok(())
    }
}

/// A label `t` with smoothing and weights: `tᵢ = ε/K ωᵢ`, and at its class `(1 − ε) ωᵢ` more.
#[derive(Clone, Copy)]
struct Label<'a, A> {
    class: usize,
    /// `ω`.
    weights: &'a [A],
    /// `ε/K`.
    spread: A,
    /// `1 − ε`.
    rest: A,
}

impl<A: Float> Label<'_, A> {
    /// What is at its class for its own sake.
    fn own(&self) -> A {
        self.rest * self.weights[self.class]
    }

    /// `Σ tᵢ`.
    fn sum(&self) -> A {
        self.own() + self.spread_over(|_| true)
    }

    /// `Σ ε/K ωᵢ` over some of the classes; in `f64`, since the last digits of so many terms would
    /// be lost to `f32`.
    fn spread_over(&self, which: impl Fn(usize) -> bool) -> A {
        if self.spread.is_zero() {
            return A::zero();
        }
        let weights = self.weights.iter().enumerate().filter(|(i, _)| which(*i));
        let spread: f64 = self.spread.into();
        let terms = weights.map(|(_, weight)| spread * (*weight).into());
        A::of(terms.sum())
    }

    /// A class that is masked, and at which the label has some weight.
    fn masked(&self, theta: &[A]) -> Option<usize> {
        let is_masked = |class: usize| theta[class] == A::neg_infinity();
        if self.own() > A::zero() && is_masked(self.class) {
            return Some(self.class);
        }
        if self.spread.is_zero() {
            return None;
        }
        let mut weighted = self.weights.iter().zip(theta);
        weighted.position(|(weight, theta_i)| *weight > A::zero() && *theta_i == A::neg_infinity())
    }

    /// `½ Σ tᵢ (m − θᵢ)`. Halves, since the difference may leave the range of the numbers.
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
        if self.spread.is_zero() {
            return own;
        }
        let pairs = self.weights.iter().zip(theta);
        own + pairs
            .map(|(weight, theta_i)| part(self.spread * *weight, *theta_i))
            .sum()
    }

    /// `tᵢ`.
    fn at(&self, class: usize) -> A {
        let spread = self.spread * self.weights[class];
        if class == self.class {
            self.own() + spread
        } else {
            spread
        }
    }

    /// The class at which it counts most: with smoothing and weights that need not be its own.
    fn heaviest(&self) -> usize {
        if self.spread.is_zero() {
            return self.class;
        }
        let heavier = |best: usize, class: usize| {
            if self.at(class) > self.at(best) {
                class
            } else {
                best
            }
        };
        (0..self.weights.len()).fold(self.class, heavier)
    }

    /// Turns the logits into `δ = Σ tᵢ ŷ − t`, times a share; returns `log Σⱼ exp(θⱼ − m)`.
    ///
    /// With `O` the sum of all exponentials but that of the heaviest class `h` and `S` that of all,
    /// `δₕ = (Σ tᵢ − tₕ) − Σ tᵢ O/S` where `tₕ` is at least half of the sum: no digit cancels where
    /// `ŷₕ` rounds to 1. A `tᵢ` below half of it is not near `Σ tᵢ` there.
    #[inline(always)]
    fn gradient<const FUSED: bool>(&self, theta: &mut [A], max: A, share: A) -> A {
        let one = A::one();
        let heaviest = self.heaviest();
        let theta_heaviest = core::mem::replace(&mut theta[heaviest], A::neg_infinity());
        let others = to_exponentials::<A, FUSED>(theta, max);
        let of_heaviest = (theta_heaviest - max).exp();
        let sum = others + of_heaviest;
        let log_sum = if theta_heaviest == max {
            others.ln_1p()
        } else if sum < A::of(1.5) {
            // One is 1, and the others decide the logarithm.
            let below: A = theta.iter().copied().filter(|exp| *exp < one).sum();
            (below + of_heaviest).ln_1p()
        } else {
            sum.ln()
        };

        let scale = self.sum() / sum * share;
        if self.spread.is_zero() {
            theta.iter_mut().for_each(|entry| *entry *= scale);
        } else {
            let spread = self.spread * share;
            for (entry, weight) in theta.iter_mut().zip(self.weights) {
                *entry = *entry * scale - spread * *weight;
            }
        }
        let mut elsewhere = self.spread_over(|class| class != heaviest);
        if self.class != heaviest {
            theta[self.class] -= self.own() * share;
            elsewhere += self.own();
        }
        let at_heaviest = self.at(heaviest);
        // The negative of 0 would be −0.
        theta[heaviest] = A::zero()
            + if at_heaviest >= elsewhere {
                (elsewhere - self.sum() * (others / sum)) * share
            } else {
                of_heaviest * scale - at_heaviest * share
            };
        log_sum
    }
}

/// The largest of a row of logits; `None` where one is NaN or ∞, or all are masked.
#[inline(always)]
fn largest_logit<A: Float>(theta: &[A]) -> Option<A> {
    let (max, finite) = maximum(theta);
    let sound = |theta_i: &A| theta_i.is_finite() || *theta_i == A::neg_infinity();
    (finite || (max > A::neg_infinity() && theta.iter().all(sound))).then_some(max)
}

/// `log Σⱼ exp(θⱼ − m)` of a row with the maximum `m`, without changing the row.
#[inline(always)]
fn log_sum_above_max<A: Float, const FUSED: bool>(theta: &[A], max: A, exps: &mut Vec<A>) -> A {
    exps.clear();
    exps.extend_from_slice(theta);
    let top = theta.iter().position(|theta_i| *theta_i == max);
    if let Some(top) = top {
        // Its exponential is 1, and is not among the others.
        exps[top] = A::neg_infinity();
    }
    to_exponentials::<A, FUSED>(exps, max).ln_1p()
}
