//! The same work by the threads of `rayon`'s pool, with the same bits for any number of them: what
//! is computed of a row needs no other row, and what is a sum over rows is added up in their order,
//! by one thread.

use alloc::{vec, vec::Vec};
use core::ops::Range;

use rayon::prelude::*;

use super::pass::{Block, NotFinite, Pass, Predict, Scratch, blocks_of, rows_of_a_block};
use super::product::{Inputs, Onto, transposed_product};
use super::rows::{CrossEntropy, Fault, Softmax};
use super::{Work, dispatch};
use crate::float::Float;

/// A thread takes no fewer products or exponentials: fewer are done before they are handed over.
const LEAST: usize = 1 << 18;

/// A thread works on a multiple of so many inputs: they are summed together.
const INPUTS: usize = 4;

/// How many of `all` a thread takes, each of which is so many products or exponentials; all where
/// more threads would be no faster.
fn share(all: usize, operations: usize) -> usize {
    let least = (LEAST / operations.max(1)).max(1);
    all.div_ceil(rayon::current_num_threads()).max(least)
}

/// Runs forward, to the probabilities.
pub(super) fn predict<A: Float>(predict: Predict<'_, A>) -> Result<(), NotFinite<A>> {
    let classes = predict.b.len();
    let inputs = predict.w.len() / classes;
    let examples = predict.y_hat.len() / classes;
    let rows = share(examples, predict.w.len());
    if rows >= examples {
        return dispatch::<A, _>(predict);
    }
    let Predict { x, w, b, y_hat, .. } = predict;
    let xs = x.par_chunks(rows * inputs);
    let done = xs.zip(y_hat.par_chunks_mut(rows * classes)).enumerate();
    let done = done.map(|(number, (x, y_hat))| {
        let scratch = &mut Scratch::default();
        let predict = Predict {
            x,
            w,
            b,
            y_hat,
            scratch,
        };
        dispatch::<A, _>(predict).map_err(|at| at.in_rows_after(number * rows))
    });
    first_fault(done)
}

/// Softmax, or its logarithm, of each row.
pub(super) fn softmax<A: Float>(softmax: Softmax<'_, A>) -> Result<(), Fault> {
    let all = softmax.theta.len() / softmax.classes;
    let rows = share(all, softmax.classes);
    if rows >= all {
        return dispatch::<A, _>(softmax);
    }
    let Softmax {
        theta,
        classes,
        logarithm,
    } = softmax;
    let done = theta.par_chunks_mut(rows * classes).enumerate();
    let done = done.map(|(number, theta)| {
        let softmax = Softmax {
            theta,
            classes,
            logarithm,
        };
        dispatch::<A, _>(softmax).map_err(|fault| fault.in_rows_after(number * rows))
    });
    first_fault(done)
}

/// The losses of rows of logits, and their gradients.
pub(super) fn cross_entropy<A: Float>(work: CrossEntropy<'_, A>) -> Result<(), Fault> {
    let classes = work.class_weights.len();
    let rows = share(work.labels.len(), classes);
    if rows >= work.labels.len() {
        return dispatch::<A, _>(work);
    }
    let CrossEntropy {
        class_weights,
        smoothing,
        ..
    } = work;
    let thetas = work.theta.par_chunks(rows * classes);
    let thetas = thetas.zip(work.d_theta.par_chunks_mut(rows * classes));
    let labels = work.labels.par_chunks(rows);
    let labels = labels.zip(work.shares.par_chunks(rows));
    let done = thetas
        .zip(labels)
        .zip(work.half_losses.par_chunks_mut(rows));
    let done = done.enumerate().map(|(number, part)| {
        let (((theta, d_theta), (labels, shares)), half_losses) = part;
        let cross_entropy = CrossEntropy {
            theta,
            d_theta,
            labels,
            shares,
            class_weights,
            smoothing,
            half_losses,
        };
        dispatch::<A, _>(cross_entropy).map_err(|fault| fault.in_rows_after(number * rows))
    });
    first_fault(done)
}

/// The fault of the first rows that have one.
fn first_fault<F: Send>(done: impl IndexedParallelIterator<Item = Result<(), F>>) -> Result<(), F> {
    let done: Vec<Result<(), F>> = done.collect();
    done.into_iter().collect()
}

/// A pass: all rows forward, then the sums over them, `∇W` by its rows and `∇b` by its entries.
pub(super) fn pass<A: Float>(pass: Pass<'_, A>) -> Result<A, NotFinite<A>> {
    let (examples, classes) = (pass.shares.len(), pass.b.len());
    let inputs = pass.w.len() / classes;
    let rows = share(examples, pass.w.len());
    if rows >= examples {
        return dispatch::<A, _>(pass);
    }
    let all = Block {
        x: pass.x,
        labels: pass.labels,
        shares: pass.shares,
        w: pass.w,
        b: pass.b,
        delta: &mut *pass.delta,
    };
    let blocks: Vec<Block<A>> = all.in_blocks_of(rows).collect();
    let blocks = blocks
        .into_par_iter()
        .map(|block| dispatch::<A, _>(Forward(block)));
    let blocks: Vec<Result<Vec<A>, NotFinite<A>>> = blocks.collect();
    let mut losses = Vec::with_capacity(examples);
    for block in blocks {
        losses.extend(block.map_err(|at| at.in_rows_after(losses.len()))?);
    }

    let delta = &*pass.delta;
    let d_w = pass.d_w;
    let width = share(inputs, delta.len()).next_multiple_of(INPUTS);
    let height = share(classes, examples);
    let x = Inputs::all(pass.x, inputs);
    rayon::join(
        || {
            let parts = d_w.par_chunks_mut(width * classes).enumerate();
            parts.for_each(|(number, d_w)| {
                let x = Inputs {
                    from: number * width,
                    ..x
                };
                dispatch::<A, _>(Backward {
                    x,
                    delta,
                    d_w,
                    classes,
                });
            });
        },
        || {
            let parts = pass.d_b.par_chunks_mut(height).enumerate();
            parts.for_each(|(number, d_b)| {
                let from = number * height;
                add_rows(delta, classes, from..from + d_b.len(), d_b);
            });
        },
    );
    // In the blocks of a pass by one thread.
    let blocks = losses.chunks(rows_of_a_block(examples, inputs, classes));
    Ok(blocks.fold(A::zero(), |loss, block| {
        loss + block.iter().copied().sum::<A>()
    }))
}

/// The losses of some examples, and their `Δ`.
struct Forward<'a, A>(Block<'a, A>);

impl<A: Float> Work for Forward<'_, A> {
    type Output = Result<Vec<A>, NotFinite<A>>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) -> Self::Output {
        let classes = self.0.b.len();
        let examples = self.0.shares.len();
        let rows = rows_of_a_block(examples, self.0.w.len() / classes, classes);
        let mut scratch = Scratch::default();
        let mut losses = Vec::with_capacity(examples);
        // The sums over all examples are added up later, in order.
        let mut d_b = vec![A::zero(); classes];
        for mut block in self.0.in_blocks_of(rows) {
            block
                .forward::<FUSED, TILE, WIDE>(&mut scratch)
                .map_err(|at| at.in_rows_after(losses.len()))?;
            losses.extend(scratch.losses());
            for (part, columns) in blocks_of(classes).enumerate() {
                block.finish(part, columns, &scratch, &mut d_b);
            }
        }
        Ok(losses)
    }
}

/// Some rows of `∇W`, in the blocks of a pass by one thread.
struct Backward<'a, A> {
    x: Inputs<'a, A>,
    delta: &'a [A],
    d_w: &'a mut [A],
    classes: usize,
}

impl<A: Float> Work for Backward<'_, A> {
    type Output = ();

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) {
        let Inputs { x, inputs, from } = self.x;
        let classes = self.classes;
        let rows = rows_of_a_block(x.len() / inputs, inputs, classes);
        let mut panel = Vec::new();
        let mut onto = Onto::Nothing;
        let xs = x.chunks(rows * inputs);
        for (x, delta) in xs.zip(self.delta.chunks(rows * classes)) {
            let x = Inputs { x, inputs, from };
            for columns in blocks_of(classes) {
                transposed_product::<A, FUSED, TILE, WIDE>(
                    x, delta, columns, self.d_w, classes, onto, &mut panel,
                );
            }
            onto = Onto::Itself;
        }
    }
}

/// Some entries of `∇b = Δᵀ1`.
fn add_rows<A: Float>(delta: &[A], classes: usize, columns: Range<usize>, d_b: &mut [A]) {
    d_b.fill(A::zero());
    for row in delta.chunks_exact(classes) {
        for (sum, entry) in d_b.iter_mut().zip(&row[columns.clone()]) {
            *sum += *entry;
        }
    }
}
