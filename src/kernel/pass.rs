//! The pass over a batch, in blocks of rows and of classes.

use alloc::{vec, vec::Vec};
use core::ops::Range;

use super::Work;
use super::exponentials::{
    Part, SHORT, at_once, maximum, rows_to_exponentials, softmax, to_exponentials,
};
use super::product::{Inputs, Onto, product_plus_b, transposed_product};
use crate::error::Error;
use crate::float::Float;

/// A block of rows and classes has about so many numbers, which stay in the cache of a core.
const BLOCK: usize = 1 << 17;

/// A block has no more classes than this, and the softmax of a longer row is put together.
const CLASSES: usize = 256;

/// The label of each example.
#[derive(Clone, Copy)]
pub enum Labels<'a, A> {
    /// Its class.
    Classes(&'a [usize]),
    /// A distribution over the classes, one a row.
    Distributions(&'a [A]),
}

/// One pass over a batch: what goes in, and where the results are to be written.
pub struct Pass<'a, A> {
    /// `X`, examples × inputs.
    pub x: &'a [A],
    /// What each example is.
    pub labels: Labels<'a, A>,
    /// What each example counts.
    pub shares: &'a [A],
    /// `W`, inputs × classes.
    pub w: &'a [A],
    /// `b`, one for each class.
    pub b: &'a [A],
    /// Where `Δ` is to stand, examples × classes.
    pub delta: &'a mut [A],
    /// Where `∇W` is to stand, inputs × classes.
    pub d_w: &'a mut [A],
    /// Where `∇b` is to stand, one for each class.
    pub d_b: &'a mut [A],
    /// Memory for what is needed in between.
    pub scratch: &'a mut Scratch<A>,
}

/// Memory that a pass needs in between, and that the next one need not ask for again.
#[derive(Debug, Clone, Default)]
pub struct Scratch<A> {
    /// Columns of a matrix, one tile wide, one row after the other.
    panel: Vec<A>,
    /// What is known of the rows of a block.
    rows: Vec<Row<A>>,
    /// What is known of them in each block of classes, row by row.
    parts: Vec<Part<A>>,
}

impl<A: Float> Scratch<A> {
    /// The parts of the examples of a block in the mean loss.
    pub(super) fn losses(&self) -> impl Iterator<Item = A> {
        self.rows.iter().map(|row| row.loss)
    }
}

/// It has no say in whether two passes are equal.
impl<A> PartialEq for Scratch<A> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is known of a row.
#[derive(Debug, Clone, Copy, Default)]
struct Row<A> {
    /// Its part of the mean loss.
    loss: A,
    /// The logit of the label.
    theta_label: A,
    /// What stands in `Δ` at the label.
    d_label: A,
}

/// A logit that is not finite.
pub struct NotFinite<A> {
    /// The example.
    pub row: usize,
    /// The class.
    pub class: usize,
    /// The logit.
    pub theta: A,
}

impl<A: Float> NotFinite<A> {
    /// The same, counted from so many examples before.
    pub(super) fn in_rows_after(self, examples: usize) -> Self {
        let row = self.row + examples;
        Self { row, ..self }
    }

    /// The error that says so of a matrix of logits.
    pub fn of(self, what: &'static str) -> Error {
        Error::NotFinite {
            what,
            at: vec![self.row, self.class],
            found: self.theta.into(),
        }
    }
}

/// `Ŷ = softmax(XW + 1bᵀ)`: what goes in, and where the result is to be written.
pub struct Predict<'a, A> {
    /// `X`, examples × inputs.
    pub x: &'a [A],
    /// `W`, inputs × classes.
    pub w: &'a [A],
    /// `b`, one for each class.
    pub b: &'a [A],
    /// Where `Ŷ` is to stand, examples × classes.
    pub y_hat: &'a mut [A],
    /// Memory for what is needed in between.
    pub scratch: &'a mut Scratch<A>,
}

impl<A: Float> Work for Predict<'_, A> {
    type Output = Result<(), NotFinite<A>>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) -> Self::Output {
        let classes = self.b.len();
        let inputs = self.w.len() / classes;
        let at_once = at_once(classes);
        self.scratch.parts.resize(at_once, Part::default());
        let rows = rows_of_a_block(self.y_hat.len() / classes, inputs, classes);
        let xs = self.x.chunks(rows * inputs);
        for (number, (x, theta)) in xs.zip(self.y_hat.chunks_mut(rows * classes)).enumerate() {
            let panel = &mut self.scratch.panel;
            for columns in blocks_of(classes) {
                product_plus_b::<A, FUSED, TILE, WIDE>(x, self.w, self.b, columns, theta, panel);
            }
            if let Some(at) = theta.iter().position(|theta| !theta.is_finite()) {
                return Err(NotFinite {
                    row: number * rows + at / classes,
                    class: at % classes,
                    theta: theta[at],
                });
            }
            for theta in theta.chunks_mut(at_once * classes) {
                let parts = &mut self.scratch.parts[..theta.len() / classes];
                for (row, part) in theta.chunks_exact(classes).zip(&mut *parts) {
                    (part.max, _) = maximum(row);
                }
                softmax::<A, FUSED>(theta, classes, parts);
            }
        }
        Ok(())
    }
}

impl<A: Float> Work for Pass<'_, A> {
    /// The mean loss.
    type Output = Result<A, NotFinite<A>>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) -> Self::Output {
        let Self {
            d_w, d_b, scratch, ..
        } = self;
        d_b.fill(A::zero());
        let mut onto = Onto::Nothing;
        let mut loss = A::zero();
        let (examples, classes) = (self.shares.len(), self.b.len());
        let rows = rows_of_a_block(examples, self.w.len() / classes, classes);
        let all = Block {
            x: self.x,
            labels: self.labels,
            shares: self.shares,
            w: self.w,
            b: self.b,
            delta: self.delta,
        };
        for (number, mut block) in all.in_blocks_of(rows).enumerate() {
            block
                .forward::<FUSED, TILE, WIDE>(scratch)
                .map_err(|at| at.in_rows_after(number * rows))?;
            loss += scratch.losses().sum();
            block.backward::<FUSED, TILE, WIDE>(scratch, d_w, onto, d_b);
            onto = Onto::Itself;
        }
        Ok(loss)
    }
}

/// How many examples are worked on while their numbers are in the cache.
///
/// As many in each block: a short last one would read all weights once more for a few examples.
pub(super) fn rows_of_a_block(examples: usize, inputs: usize, classes: usize) -> usize {
    let most = (BLOCK / (inputs + classes.min(CLASSES))).max(32);
    let blocks = examples.div_ceil(most).max(1);
    examples.div_ceil(blocks).max(1)
}

/// Some of the examples, of which `delta` takes the logits, their exponentials and `Δ`, one after
/// the other.
pub(super) struct Block<'a, A> {
    pub(super) x: &'a [A],
    pub(super) labels: Labels<'a, A>,
    pub(super) shares: &'a [A],
    pub(super) w: &'a [A],
    pub(super) b: &'a [A],
    pub(super) delta: &'a mut [A],
}

impl<'a, A: Float> Block<'a, A> {
    /// The same examples in blocks of so many, the last of fewer.
    pub(super) fn in_blocks_of(self, rows: usize) -> impl Iterator<Item = Self> {
        let classes = self.b.len();
        let inputs = self.w.len() / classes;
        let deltas = self.delta.chunks_mut(rows * classes).enumerate();
        deltas.map(move |(number, delta)| {
            let from = number * rows;
            let to = from + delta.len() / classes;
            Self {
                x: &self.x[from * inputs..to * inputs],
                labels: match self.labels {
                    Labels::Classes(labels) => Labels::Classes(&labels[from..to]),
                    Labels::Distributions(y) => {
                        Labels::Distributions(&y[from * classes..to * classes])
                    }
                },
                shares: &self.shares[from..to],
                w: self.w,
                b: self.b,
                delta,
            }
        })
    }

    /// From the inputs to the losses. `Δ` is left in parts, each to be multiplied by its scale.
    #[inline(always)]
    pub(super) fn forward<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        scratch: &mut Scratch<A>,
    ) -> Result<(), NotFinite<A>> {
        let (examples, parts) = (self.shares.len(), self.b.len().div_ceil(CLASSES));
        scratch.rows.clear();
        scratch.rows.resize(examples, Row::default());
        scratch.parts.clear();
        scratch.parts.resize(examples * parts, Part::default());
        match self.labels {
            Labels::Classes(labels) => {
                self.exponentials::<FUSED, TILE, WIDE>(labels, scratch)?;
                self.losses::<FUSED>(scratch);
                Ok(())
            }
            Labels::Distributions(y) => {
                self.losses_of_distributions::<FUSED, TILE, WIDE>(y, scratch)
            }
        }
    }

    /// Logits and their exponentials.
    #[inline(always)]
    fn exponentials<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        labels: &[usize],
        scratch: &mut Scratch<A>,
    ) -> Result<(), NotFinite<A>> {
        let all_finite = if self.b.len() < SHORT {
            self.exponentials_of_short_rows::<FUSED, TILE, WIDE>(labels, scratch)
        } else {
            self.exponentials_of_long_rows::<FUSED, TILE, WIDE>(labels, scratch)
        };
        if all_finite {
            Ok(())
        } else {
            Err(self.first_not_finite::<FUSED, TILE, WIDE>(&mut scratch.panel))
        }
    }

    /// Several rows at once. Returns whether all logits are finite.
    #[inline(always)]
    fn exponentials_of_short_rows<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        labels: &[usize],
        scratch: &mut Scratch<A>,
    ) -> bool {
        let classes = self.b.len();
        self.logits::<FUSED, TILE, WIDE>(0..classes, &mut scratch.panel);
        let mut all_finite = true;
        let at_once = at_once(classes);
        let deltas = self.delta.chunks_mut(at_once * classes);
        let rows = scratch.rows.chunks_mut(at_once);
        let parts = scratch.parts.chunks_mut(at_once);
        let labels = labels.chunks(at_once);
        for (((delta, rows), parts), labels) in deltas.zip(rows).zip(parts).zip(labels) {
            let thetas = delta.chunks_exact_mut(classes);
            for (((theta, row), part), &label) in thetas.zip(rows).zip(&mut *parts).zip(labels) {
                let (max, finite) = maximum(theta);
                all_finite &= finite;
                row.theta_label = theta[label];
                part.max = max;
                theta[label] = A::neg_infinity();
            }
            rows_to_exponentials::<A, FUSED>(delta, classes, parts);
        }
        all_finite
    }

    /// One block of classes after the other. Returns whether all logits are finite.
    #[inline(always)]
    fn exponentials_of_long_rows<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        labels: &[usize],
        scratch: &mut Scratch<A>,
    ) -> bool {
        let classes = self.b.len();
        let parts = classes.div_ceil(CLASSES);
        let mut all_finite = true;
        for (part, columns) in blocks_of(classes).enumerate() {
            self.logits::<FUSED, TILE, WIDE>(columns.clone(), &mut scratch.panel);
            for (n, row) in self.delta.chunks_exact_mut(classes).enumerate() {
                let theta = &mut row[columns.clone()];
                let (max, finite) = maximum(theta);
                all_finite &= finite;
                let label = labels[n].wrapping_sub(columns.start);
                if let Some(theta_label) = theta.get_mut(label) {
                    scratch.rows[n].theta_label = *theta_label;
                    // Its exponential is 0, so the sum is that of the others.
                    *theta_label = A::neg_infinity();
                }
                let others = to_exponentials::<A, FUSED>(theta, max);
                let scale = A::zero();
                scratch.parts[n * parts + part] = Part { max, others, scale };
            }
        }
        all_finite
    }

    /// The losses, and what makes `Δ` of the exponentials.
    ///
    /// With `m = max θ`, `O = Σ exp(θⱼ − m)` over all classes but the label `t`, and
    /// `S = O + exp(θₜ − m)`: the loss is `m − θₜ + log S`, which is `log1p(O)` at `θₜ = m`, and
    /// `δₜ = −O/S`, whose digits do not cancel where `ŷₜ` rounds to 1.
    #[inline(always)]
    fn losses<const FUSED: bool>(&self, scratch: &mut Scratch<A>) {
        let half = A::of(0.5);
        let parts = self.b.len().div_ceil(CLASSES);
        let of_rows = scratch.parts.chunks_exact_mut(parts);
        for (n, (row, parts)) in scratch.rows.iter_mut().zip(of_rows).enumerate() {
            let max = parts
                .iter()
                .fold(A::neg_infinity(), |max, part| max.max(part.max));
            let mut others = A::zero();
            for part in parts.iter_mut() {
                part.scale = if part.max == max {
                    A::one()
                } else {
                    (part.max - max).exp_below_0::<FUSED>()
                };
                others += part.scale * part.others;
            }
            // A loss may leave the range of the numbers where its share of the mean does not.
            let (sum, half_loss) = if row.theta_label == max {
                (others + A::one(), half * others.ln_1p())
            } else {
                let sum = others + (row.theta_label - max).exp();
                (sum, half * max - half * row.theta_label + half * sum.ln())
            };
            let share = self.shares[n];
            row.loss = A::of(2.0) * (share * half_loss);
            // The negative of 0 would be −0.
            row.d_label = A::zero() - others / sum * share;
            for part in parts {
                part.scale = part.scale / sum * share;
            }
        }
    }

    /// The losses where labels are distributions. `Δ` needs but the shares.
    ///
    /// With `t` the most probable class, `O = Σ exp(θⱼ − θₜ)` over the others and `S = 1 + O`:
    /// the loss is `Σ yᵢ (θₜ − θᵢ) + log1p(O)`, and `δₜ = (1 − yₜ) − O/S` where `yₜ` is large.
    #[inline(always)]
    fn losses_of_distributions<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        y: &[A],
        scratch: &mut Scratch<A>,
    ) -> Result<(), NotFinite<A>> {
        let half = A::of(0.5);
        let classes = self.b.len();
        let parts = classes.div_ceil(CLASSES);
        for columns in blocks_of(classes) {
            self.logits::<FUSED, TILE, WIDE>(columns, &mut scratch.panel);
        }
        let rows = self.delta.chunks_exact_mut(classes);
        for (n, (theta, y)) in rows.zip(y.chunks_exact(classes)).enumerate() {
            let (max, finite) = maximum(theta);
            if !finite {
                return Err(self.first_not_finite::<FUSED, TILE, WIDE>(&mut scratch.panel));
            }
            let halves = y.iter().zip(theta.iter());
            let half_gap: A = halves
                .map(|(y_i, theta_i)| *y_i * (half * max - half * *theta_i))
                .sum();
            let top = theta
                .iter()
                .position(|theta_i| *theta_i == max)
                .unwrap_or(0);
            theta[top] = A::neg_infinity();
            let others = to_exponentials::<A, FUSED>(theta, max);
            theta[top] = A::one();
            let sum = others + A::one();
            for (entry, y_i) in theta.iter_mut().zip(y) {
                *entry = *entry / sum - *y_i;
            }
            if y[top] >= half {
                theta[top] = (A::one() - y[top]) - others / sum;
            }
            let share = self.shares[n];
            scratch.rows[n].loss = A::of(2.0) * (share * (half_gap + half * others.ln_1p()));
            for part in &mut scratch.parts[n * parts..(n + 1) * parts] {
                part.scale = share;
            }
        }
        Ok(())
    }

    /// `Δ`, and from it `∇W = XᵀΔ` and `∇b = Δᵀ1`, which is added to what is there.
    #[inline(always)]
    fn backward<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        scratch: &mut Scratch<A>,
        d_w: &mut [A],
        onto: Onto<'_, A>,
        d_b: &mut [A],
    ) {
        let classes = self.b.len();
        for (part, columns) in blocks_of(classes).enumerate() {
            self.finish(part, columns.clone(), scratch, d_b);
            transposed_product::<A, FUSED, TILE, WIDE>(
                Inputs::all(self.x, self.w.len() / classes),
                self.delta,
                columns,
                d_w,
                classes,
                onto,
                &mut scratch.panel,
            );
        }
    }

    /// `Δ` in one block of classes, and its sums over the examples, added to `∇b`.
    #[inline(always)]
    pub(super) fn finish(
        &mut self,
        part: usize,
        columns: Range<usize>,
        scratch: &Scratch<A>,
        d_b: &mut [A],
    ) {
        let classes = self.b.len();
        let parts = classes.div_ceil(CLASSES);
        let d_b = &mut d_b[columns.clone()];
        for (n, row) in self.delta.chunks_exact_mut(classes).enumerate() {
            let scale = scratch.parts[n * parts + part].scale;
            let row = &mut row[columns.clone()];
            for (entry, d_b) in row.iter_mut().zip(d_b.iter_mut()) {
                // Zero times a negative number is −0, and the sum makes it 0.
                *entry = *entry * scale + A::zero();
                *d_b += *entry;
            }
            // At the label is 0 so far.
            if let Labels::Classes(labels) = self.labels
                && let Some(entry) = row.get_mut(labels[n].wrapping_sub(columns.start))
            {
                *entry = scratch.rows[n].d_label;
                d_b[labels[n] - columns.start] += *entry;
            }
        }
    }

    /// `Θ = XW + 1bᵀ` in some of its columns.
    #[inline(always)]
    fn logits<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        columns: Range<usize>,
        panel: &mut Vec<A>,
    ) {
        product_plus_b::<A, FUSED, TILE, WIDE>(self.x, self.w, self.b, columns, self.delta, panel);
    }

    /// The first logit, row by row, that is not finite, where there is one.
    #[inline(always)]
    fn first_not_finite<const FUSED: bool, const TILE: usize, const WIDE: usize>(
        &mut self,
        panel: &mut Vec<A>,
    ) -> NotFinite<A> {
        let classes = self.b.len();
        for columns in blocks_of(classes) {
            self.logits::<FUSED, TILE, WIDE>(columns, panel);
        }
        let at = self.delta.iter().position(|theta| !theta.is_finite());
        let at = at.unwrap_or_default();
        NotFinite {
            row: at / classes,
            class: at % classes,
            theta: self.delta[at],
        }
    }
}

/// The blocks into which the classes are divided.
pub(super) fn blocks_of(classes: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..classes).step_by(CLASSES);
    starts.map(move |start| start..classes.min(start + CLASSES))
}
