//! What is there for speed alone: the pass over a batch, and softmax of a row, in loops that the
//! compiler turns into vector instructions and in blocks that stay in the cache.
//!
//! The mathematics is that of the stations, [`mod@crate::softmax`], [`mod@crate::cross_entropy`] and
//! [`crate::layer`], which stand beside their formulas; a property test holds the two together.
//!
//! All matrices are row by row in one slice.

use alloc::{vec, vec::Vec};
use core::ops::Range;

use crate::error::Error;
use crate::float::Float;

/// So many rows of a matrix are multiplied at once: with [`Work::run`]'s `TILE` columns their sums
/// fill the registers.
const ROWS: usize = 4;

/// So many entries of a row are worked on at once, where there are so many, to keep the vector
/// units busy while a result is under way.
const LANES: usize = 32;

/// So many of the rest of a row.
const FEW: usize = 8;

/// A block of rows and classes has about so many numbers, which stay in the cache of a core.
const BLOCK: usize = 1 << 16;

/// A block has no more classes than this, and the softmax of a longer row is put together.
const CLASSES: usize = 1024;

/// So many products are summed before the sum is added to what is in memory.
const DEPTH: usize = 256;

/// What the kernel does with one kind of numbers.
///
/// These are functions of each kind, not generic ones, so that they are compiled with this crate and
/// its optimisation, whatever that of the program is.
pub trait Kernel: Sized {
    /// Runs a pass forward and backward; returns the mean loss.
    fn pass(pass: Pass<'_, Self>) -> Result<Self, NotFinite<Self>>;

    /// Runs forward, to the probabilities.
    fn predict(predict: Predict<'_, Self>) -> Result<(), NotFinite<Self>>;
}

macro_rules! kernel {
    ($float:ident) => {
        impl Kernel for $float {
            fn pass(pass: Pass<'_, Self>) -> Result<Self, NotFinite<Self>> {
                dispatch::<Self, _>(pass)
            }

            fn predict(predict: Predict<'_, Self>) -> Result<(), NotFinite<Self>> {
                dispatch::<Self, _>(predict)
            }
        }
    };
}

kernel!(f64);
kernel!(f32);

/// Work whose loops are compiled for each kind of vector instructions.
trait Work {
    /// What it gives back.
    type Output;

    /// Does it. `FUSED` says that the processor multiplies and adds in one instruction, `TILE`
    /// how many columns of a product are summed at once.
    fn run<const FUSED: bool, const TILE: usize>(self) -> Self::Output;
}

/// Does the work with the widest vectors that this processor has.
#[cfg(feature = "simd")]
fn dispatch<A: Float, W: Work>(work: W) -> W::Output {
    struct Of<A, W>(W, core::marker::PhantomData<A>);

    impl<A: Float, W: Work> pulp::WithSimd for Of<A, W> {
        type Output = W::Output;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> W::Output {
            match (S::F64_LANES, size_of::<A>()) {
                (8, 8) => self.0.run::<true, 16>(),
                (8, _) => self.0.run::<true, 32>(),
                (4, 8) => self.0.run::<true, 8>(),
                (4, _) => self.0.run::<true, 16>(),
                _ => without_dispatch::<A, W>(self.0),
            }
        }
    }

    pulp::Arch::new().dispatch(Of(work, core::marker::PhantomData::<A>))
}

/// Does the work with the vectors that all processors of this kind have.
#[cfg(not(feature = "simd"))]
fn dispatch<A: Float, W: Work>(work: W) -> W::Output {
    without_dispatch::<A, W>(work)
}

#[inline(always)]
fn without_dispatch<A: Float, W: Work>(work: W) -> W::Output {
    const FUSED: bool = cfg!(any(target_feature = "fma", target_arch = "aarch64"));
    match size_of::<A>() {
        8 => work.run::<FUSED, 4>(),
        _ => work.run::<FUSED, 8>(),
    }
}

#[inline(always)]
fn multiply_add<A: Float, const FUSED: bool>(a: A, b: A, c: A) -> A {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

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
    pub(crate) x: &'a [A],
    /// What each example is.
    pub(crate) labels: Labels<'a, A>,
    /// What each example counts.
    pub(crate) shares: &'a [A],
    /// `W`, inputs × classes.
    pub(crate) w: &'a [A],
    /// `b`, one for each class.
    pub(crate) b: &'a [A],
    /// Where `Δ` is to stand, examples × classes.
    pub(crate) delta: &'a mut [A],
    /// Where `∇W` is to stand, inputs × classes.
    pub(crate) d_w: &'a mut [A],
    /// Where `∇b` is to stand, one for each class.
    pub(crate) d_b: &'a mut [A],
    /// Memory for what is needed in between.
    pub(crate) scratch: &'a mut Scratch<A>,
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

/// It has no say in whether two passes are equal.
impl<A> PartialEq for Scratch<A> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is known of a row.
#[derive(Debug, Clone, Copy, Default)]
struct Row<A> {
    /// The logit of the label.
    theta_label: A,
    /// What stands in `Δ` at the label.
    d_label: A,
}

/// What is known of a row in one block of classes.
#[derive(Debug, Clone, Copy, Default)]
struct Part<A> {
    /// The largest logit of the block, `m`.
    max: A,
    /// `Σ exp(θⱼ − m)` over the classes of the block but the label.
    others: A,
    /// By what these exponentials are multiplied to be `Δ`.
    scale: A,
}

/// A logit that is not finite.
pub struct NotFinite<A> {
    /// The example.
    pub(crate) row: usize,
    /// The class.
    pub(crate) class: usize,
    /// The logit.
    pub(crate) theta: A,
}

impl<A: Float> NotFinite<A> {
    /// The error that says so of a matrix of logits.
    pub(crate) fn of(self, what: &'static str) -> Error {
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
    pub(crate) x: &'a [A],
    /// `W`, inputs × classes.
    pub(crate) w: &'a [A],
    /// `b`, one for each class.
    pub(crate) b: &'a [A],
    /// Where `Ŷ` is to stand, examples × classes.
    pub(crate) y_hat: &'a mut [A],
    /// Memory for what is needed in between.
    pub(crate) scratch: &'a mut Scratch<A>,
}

impl<A: Float> Work for Predict<'_, A> {
    type Output = Result<(), NotFinite<A>>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize>(self) -> Self::Output {
        let classes = self.b.len();
        let inputs = self.w.len() / classes;
        let rows = rows_of_a_block(inputs, classes);
        let xs = self.x.chunks(rows * inputs);
        for (number, (x, theta)) in xs.zip(self.y_hat.chunks_mut(rows * classes)).enumerate() {
            let panel = &mut self.scratch.panel;
            for columns in blocks_of(classes) {
                add_b_and_product::<A, FUSED, TILE>(x, self.w, self.b, columns, theta, panel);
            }
            if let Some(at) = theta.iter().position(|theta| !theta.is_finite()) {
                return Err(NotFinite {
                    row: number * rows + at / classes,
                    class: at % classes,
                    theta: theta[at],
                });
            }
            for row in theta.chunks_exact_mut(classes) {
                softmax::<A, FUSED>(row);
            }
        }
        Ok(())
    }
}

/// Turns finite logits into probabilities.
#[inline(always)]
fn softmax<A: Float, const FUSED: bool>(theta: &mut [A]) {
    let (max, _) = maximum(theta);
    let sum = to_exponentials::<A, FUSED>(theta, max);
    for entry in theta {
        *entry = *entry / sum;
    }
}

impl<A: Float> Work for Pass<'_, A> {
    /// The mean loss.
    type Output = Result<A, NotFinite<A>>;

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize>(self) -> Self::Output {
        let classes = self.b.len();
        let inputs = self.w.len() / classes;
        self.d_w.fill(A::zero());
        self.d_b.fill(A::zero());
        let mut loss = A::zero();
        let rows = rows_of_a_block(inputs, classes);
        let blocks = self.delta.chunks_mut(rows * classes);
        for (number, delta) in blocks.enumerate() {
            let from = number * rows;
            let to = from + delta.len() / classes;
            let mut block = Block {
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
                scratch: self.scratch,
            };
            loss += block.forward::<FUSED, TILE>().map_err(|at| NotFinite {
                row: from + at.row,
                ..at
            })?;
            block.backward::<FUSED, TILE>(self.d_w, self.d_b);
        }
        Ok(loss)
    }
}

/// How many examples are worked on while their numbers are in the cache.
fn rows_of_a_block(inputs: usize, classes: usize) -> usize {
    (BLOCK / (inputs + classes.min(CLASSES))).max(8 * ROWS)
}

/// The examples of one block, of which `delta` takes the logits, their exponentials and `Δ`, one
/// after the other.
struct Block<'a, A> {
    x: &'a [A],
    labels: Labels<'a, A>,
    shares: &'a [A],
    w: &'a [A],
    b: &'a [A],
    delta: &'a mut [A],
    scratch: &'a mut Scratch<A>,
}

impl<A: Float> Block<'_, A> {
    /// From the inputs to the loss. `Δ` is left in parts, each to be multiplied by its scale.
    #[inline(always)]
    fn forward<const FUSED: bool, const TILE: usize>(&mut self) -> Result<A, NotFinite<A>> {
        let (examples, parts) = (self.shares.len(), self.b.len().div_ceil(CLASSES));
        self.scratch.rows.clear();
        self.scratch.rows.resize(examples, Row::default());
        self.scratch.parts.clear();
        self.scratch.parts.resize(examples * parts, Part::default());
        match self.labels {
            Labels::Classes(labels) => {
                self.exponentials::<FUSED, TILE>(labels)?;
                Ok(self.losses())
            }
            Labels::Distributions(y) => self.losses_of_distributions::<FUSED, TILE>(y),
        }
    }

    /// Logits and their exponentials, one block of classes after the other.
    #[inline(always)]
    fn exponentials<const FUSED: bool, const TILE: usize>(
        &mut self,
        labels: &[usize],
    ) -> Result<(), NotFinite<A>> {
        let classes = self.b.len();
        let parts = classes.div_ceil(CLASSES);
        for (part, columns) in blocks_of(classes).enumerate() {
            self.logits::<FUSED, TILE>(columns.clone());
            let mut all_finite = true;
            for (n, row) in self.delta.chunks_exact_mut(classes).enumerate() {
                let theta = &mut row[columns.clone()];
                let (max, finite) = maximum(theta);
                all_finite &= finite;
                let label = labels[n].wrapping_sub(columns.start);
                if let Some(theta_label) = theta.get_mut(label) {
                    self.scratch.rows[n].theta_label = *theta_label;
                    // Its exponential is 0, so the sum is that of the others.
                    *theta_label = A::neg_infinity();
                }
                let others = to_exponentials::<A, FUSED>(theta, max);
                let scale = A::zero();
                self.scratch.parts[n * parts + part] = Part { max, others, scale };
            }
            if !all_finite {
                return Err(self.first_not_finite::<FUSED, TILE>());
            }
        }
        Ok(())
    }

    /// The losses, and what makes `Δ` of the exponentials.
    ///
    /// With `m = max θ`, `O = Σ exp(θⱼ − m)` over all classes but the label `t`, and
    /// `S = O + exp(θₜ − m)`: the loss is `m − θₜ + log S`, which is `log1p(O)` at `θₜ = m`, and
    /// `δₜ = −O/S`, whose digits do not cancel where `ŷₜ` rounds to 1.
    #[inline(always)]
    fn losses(&mut self) -> A {
        let half = A::of(0.5);
        let parts = self.b.len().div_ceil(CLASSES);
        let of_rows = self.scratch.parts.chunks_exact_mut(parts);
        let mut loss = A::zero();
        for (n, (row, parts)) in self.scratch.rows.iter_mut().zip(of_rows).enumerate() {
            let max = parts
                .iter()
                .fold(A::neg_infinity(), |max, part| max.max(part.max));
            let mut others = A::zero();
            for part in parts.iter_mut() {
                part.scale = (part.max - max).exp();
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
            loss += A::of(2.0) * (share * half_loss);
            // The negative of 0 would be −0.
            row.d_label = A::zero() - others / sum * share;
            for part in parts {
                part.scale = part.scale / sum * share;
            }
        }
        loss
    }

    /// The losses where labels are distributions. `Δ` needs but the shares.
    ///
    /// With `t` the most probable class, `O = Σ exp(θⱼ − θₜ)` over the others and `S = 1 + O`:
    /// the loss is `Σ yᵢ (θₜ − θᵢ) + log1p(O)`, and `δₜ = (1 − yₜ) − O/S` where `yₜ` is large.
    #[inline(always)]
    fn losses_of_distributions<const FUSED: bool, const TILE: usize>(
        &mut self,
        y: &[A],
    ) -> Result<A, NotFinite<A>> {
        let half = A::of(0.5);
        let classes = self.b.len();
        let parts = classes.div_ceil(CLASSES);
        for columns in blocks_of(classes) {
            self.logits::<FUSED, TILE>(columns);
        }
        let mut loss = A::zero();
        let rows = self.delta.chunks_exact_mut(classes);
        for (n, (theta, y)) in rows.zip(y.chunks_exact(classes)).enumerate() {
            let (max, finite) = maximum(theta);
            if !finite {
                return Err(self.first_not_finite::<FUSED, TILE>());
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
            loss += A::of(2.0) * (share * (half_gap + half * others.ln_1p()));
            for part in &mut self.scratch.parts[n * parts..(n + 1) * parts] {
                part.scale = share;
            }
        }
        Ok(loss)
    }

    /// `Δ`, and from it `∇W = XᵀΔ` and `∇b = Δᵀ1`, added to what is there.
    #[inline(always)]
    fn backward<const FUSED: bool, const TILE: usize>(&mut self, d_w: &mut [A], d_b: &mut [A]) {
        let classes = self.b.len();
        let parts = classes.div_ceil(CLASSES);
        for (part, columns) in blocks_of(classes).enumerate() {
            let d_b = &mut d_b[columns.clone()];
            for (n, row) in self.delta.chunks_exact_mut(classes).enumerate() {
                let scale = self.scratch.parts[n * parts + part].scale;
                let row = &mut row[columns.clone()];
                for (entry, d_b) in row.iter_mut().zip(d_b.iter_mut()) {
                    *entry *= scale;
                    *d_b += *entry;
                }
                // At the label is 0 so far.
                if let Labels::Classes(labels) = self.labels
                    && let Some(entry) = row.get_mut(labels[n].wrapping_sub(columns.start))
                {
                    *entry = self.scratch.rows[n].d_label;
                    d_b[labels[n] - columns.start] += *entry;
                }
            }
            add_transposed_product::<A, FUSED, TILE>(
                self.x,
                self.delta,
                columns,
                d_w,
                classes,
                &mut self.scratch.panel,
            );
        }
    }

    /// `Θ = XW + 1bᵀ` in some of its columns.
    #[inline(always)]
    fn logits<const FUSED: bool, const TILE: usize>(&mut self, columns: Range<usize>) {
        add_b_and_product::<A, FUSED, TILE>(
            self.x,
            self.w,
            self.b,
            columns,
            self.delta,
            &mut self.scratch.panel,
        );
    }

    /// The first logit, row by row, that is not finite, where there is one.
    #[inline(always)]
    fn first_not_finite<const FUSED: bool, const TILE: usize>(&mut self) -> NotFinite<A> {
        let classes = self.b.len();
        for columns in blocks_of(classes) {
            self.logits::<FUSED, TILE>(columns);
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
fn blocks_of(classes: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..classes).step_by(CLASSES);
    starts.map(move |start| start..classes.min(start + CLASSES))
}

/// The largest of some numbers, and whether all of them are finite.
#[inline(always)]
fn maximum<A: Float>(theta: &[A]) -> (A, bool) {
    let (chunks, rest) = theta.as_chunks::<LANES>();
    let mut max = [A::neg_infinity(); LANES];
    // 0 · θ is 0 where θ is finite, and else NaN.
    let mut zero = [A::zero(); LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            max[lane] = if chunk[lane] > max[lane] {
                chunk[lane]
            } else {
                max[lane]
            };
            zero[lane] += A::zero() * chunk[lane];
        }
    }
    let of_all = max.iter().chain(rest);
    let max = of_all.fold(A::neg_infinity(), |max, theta| max.max(*theta));
    let finite = zero.iter().chain(rest).all(|theta| theta.is_finite());
    (max, finite)
}

/// Turns each `θ`, none above `max`, into `exp(θ − max)`; returns their sum.
#[inline(always)]
fn to_exponentials<A: Float, const FUSED: bool>(theta: &mut [A], max: A) -> A {
    let (chunks, rest) = theta.as_chunks_mut::<LANES>();
    let mut sums = [A::zero(); LANES];
    for chunk in chunks {
        add_exponentials::<A, FUSED, LANES>(chunk, max, &mut sums);
    }
    let (chunks, rest) = rest.as_chunks_mut::<FEW>();
    let mut few = [A::zero(); FEW];
    for chunk in chunks {
        add_exponentials::<A, FUSED, FEW>(chunk, max, &mut few);
    }
    if !rest.is_empty() {
        let mut chunk = [A::neg_infinity(); FEW];
        chunk[..rest.len()].copy_from_slice(rest);
        add_exponentials::<A, FUSED, FEW>(&mut chunk, max, &mut few);
        rest.copy_from_slice(&chunk[..rest.len()]);
    }
    sums.into_iter().sum::<A>() + few.into_iter().sum()
}

#[inline(always)]
fn add_exponentials<A: Float, const FUSED: bool, const N: usize>(
    chunk: &mut [A; N],
    max: A,
    sums: &mut [A; N],
) {
    for (entry, sum) in chunk.iter_mut().zip(sums) {
        *entry = (*entry - max).exp_below_0::<FUSED>();
        *sum += *entry;
    }
}

/// `XW + 1bᵀ` in some columns, of `X`, rows × inputs, and `W`, inputs × classes.
#[inline(always)]
fn add_b_and_product<A: Float, const FUSED: bool, const TILE: usize>(
    x: &[A],
    w: &[A],
    b: &[A],
    columns: Range<usize>,
    theta: &mut [A],
    panel: &mut Vec<A>,
) {
    let classes = b.len();
    let inputs = w.len() / classes;
    for row in theta.chunks_exact_mut(classes) {
        row[columns.clone()].copy_from_slice(&b[columns.clone()]);
    }
    for tile in tiles_of::<TILE>(columns) {
        for depth in (0..inputs).step_by(DEPTH) {
            let depth = depth..inputs.min(depth + DEPTH);
            let w = &w[depth.start * classes..depth.end * classes];
            let (w, _) = pack::<A, TILE>(w, classes, &tile, panel).as_chunks::<TILE>();
            let last = x.len() / inputs - 1;
            for (group, theta) in theta.chunks_mut(ROWS * classes).enumerate() {
                // Past the last row it stands in again; its sums go nowhere.
                let row = |r: usize| (group * ROWS + r).min(last) * inputs;
                let x = core::array::from_fn(|r| &x[row(r)..][depth.clone()]);
                let sums = products::<A, FUSED, TILE>(x, w);
                add_to_tile(theta, classes, &tile, &sums);
            }
        }
    }
}

/// Adds `XᵀΔ` in some columns to `d_w`, of `X`, rows × inputs, and `Δ`, rows × classes.
#[inline(always)]
fn add_transposed_product<A: Float, const FUSED: bool, const TILE: usize>(
    x: &[A],
    delta: &[A],
    columns: Range<usize>,
    d_w: &mut [A],
    classes: usize,
    panel: &mut Vec<A>,
) {
    let inputs = d_w.len() / classes;
    for tile in tiles_of::<TILE>(columns) {
        let (x, delta) = (x.chunks(DEPTH * inputs), delta.chunks(DEPTH * classes));
        for (x, delta) in x.zip(delta) {
            let (delta, _) = pack::<A, TILE>(delta, classes, &tile, panel).as_chunks::<TILE>();
            for (group, d_w) in d_w.chunks_mut(ROWS * classes).enumerate() {
                let from = group * ROWS;
                if inputs - from >= ROWS {
                    let sums = transposed_products::<A, FUSED, TILE, ROWS>(x, inputs, from, delta);
                    add_to_tile(d_w, classes, &tile, &sums);
                } else {
                    for (input, d_w) in d_w.chunks_mut(classes).enumerate() {
                        let from = from + input;
                        let sums = transposed_products::<A, FUSED, TILE, 1>(x, inputs, from, delta);
                        add_to_tile(d_w, classes, &tile, &sums);
                    }
                }
            }
        }
    }
}

/// Ranges of at most `TILE` columns.
fn tiles_of<const TILE: usize>(columns: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = columns.end;
    let starts = columns.step_by(TILE);
    starts.map(move |start| start..end.min(start + TILE))
}

/// The columns of a tile, one row after the other, each filled up with zeros to `TILE` entries.
#[inline(always)]
fn pack<'a, A: Float, const TILE: usize>(
    matrix: &[A],
    columns: usize,
    tile: &Range<usize>,
    panel: &'a mut Vec<A>,
) -> &'a [A] {
    panel.clear();
    for row in matrix.chunks_exact(columns) {
        let row = &row[tile.clone()];
        panel.extend_from_slice(row);
        panel.extend(core::iter::repeat_n(A::zero(), TILE - row.len()));
    }
    panel
}

/// `Σₚ a[r][p] b[p][c]` for a few rows `r` and a tile of columns `c`.
#[inline(always)]
fn products<A: Float, const FUSED: bool, const TILE: usize>(
    a: [&[A]; ROWS],
    b: &[[A; TILE]],
) -> [[A; TILE]; ROWS] {
    let a = a.map(|row| &row[..b.len()]);
    let mut sums = [[A::zero(); TILE]; ROWS];
    for (p, b) in b.iter().enumerate() {
        for (a, sums) in a.iter().zip(&mut sums) {
            add_product::<A, FUSED, TILE>(a[p], b, sums);
        }
    }
    sums
}

/// `Σₚ a[p][from + r] b[p][c]` for a few columns `from + r` of `a` and a tile of columns `c`.
#[inline(always)]
fn transposed_products<A: Float, const FUSED: bool, const TILE: usize, const COLUMNS: usize>(
    a: &[A],
    columns: usize,
    from: usize,
    b: &[[A; TILE]],
) -> [[A; TILE]; COLUMNS] {
    let mut sums = [[A::zero(); TILE]; COLUMNS];
    for (a, b) in a.chunks_exact(columns).zip(b) {
        for (a, sums) in a[from..from + COLUMNS].iter().zip(&mut sums) {
            add_product::<A, FUSED, TILE>(*a, b, sums);
        }
    }
    sums
}

#[inline(always)]
fn add_product<A: Float, const FUSED: bool, const TILE: usize>(
    a: A,
    b: &[A; TILE],
    sums: &mut [A; TILE],
) {
    for (sum, b) in sums.iter_mut().zip(b) {
        *sum = multiply_add::<A, FUSED>(a, *b, *sum);
    }
}

/// Adds sums to a tile of the rows of a matrix, as far as there are rows and columns.
#[inline(always)]
fn add_to_tile<A: Float, const TILE: usize, const N: usize>(
    rows: &mut [A],
    columns: usize,
    tile: &Range<usize>,
    sums: &[[A; TILE]; N],
) {
    for (row, sums) in rows.chunks_exact_mut(columns).zip(sums) {
        for (entry, sum) in row[tile.clone()].iter_mut().zip(sums) {
            *entry += *sum;
        }
    }
}
