//! Products of matrices, a few rows and a tile of columns at a time.

use alloc::vec::Vec;
use core::ops::Range;

use super::Work;
use crate::float::Float;

/// So many rows of a matrix are multiplied at once: with a tile of columns their sums
/// fill the registers.
const ROWS: usize = 4;

/// So many products are summed before the sum is added to what is in memory.
const DEPTH: usize = 256;

/// `XW + 1bᵀ` in some columns, of `X`, rows × inputs, and `W`, inputs × classes.
#[inline(always)]
pub(super) fn product_plus_b<A: Float, const FUSED: bool, const TILE: usize, const WIDE: usize>(
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
    for tile in tiles_of::<WIDE>(columns) {
        if tile.len() > TILE {
            add_product_of_tile::<A, FUSED, WIDE>(x, w, inputs, &tile, theta, panel);
        } else {
            add_product_of_tile::<A, FUSED, TILE>(x, w, inputs, &tile, theta, panel);
        }
    }
}

#[inline(always)]
fn add_product_of_tile<A: Float, const FUSED: bool, const TILE: usize>(
    x: &[A],
    w: &[A],
    inputs: usize,
    tile: &Range<usize>,
    theta: &mut [A],
    panel: &mut Vec<A>,
) {
    let classes = w.len() / inputs;
    for depth in (0..inputs).step_by(DEPTH) {
        let depth = depth..inputs.min(depth + DEPTH);
        let w = &w[depth.start * classes..depth.end * classes];
        let (w, _) = pack::<A, TILE>(w, classes, tile, panel).as_chunks::<TILE>();
        let last = x.len() / inputs - 1;
        for (group, theta) in theta.chunks_mut(ROWS * classes).enumerate() {
            // Past the last row it stands in again; its sums go nowhere.
            let row = |r: usize| (group * ROWS + r).min(last) * inputs;
            let x = core::array::from_fn(|r| &x[row(r)..][depth.clone()]);
            let sums = products::<A, FUSED, TILE>(x, w);
            add_to_tile(theta, classes, tile, &sums);
        }
    }
}

/// `XᵀZ`, to be added to a matrix.
pub struct TransposedProduct<'a, A> {
    /// `X`, rows × inputs.
    pub x: &'a [A],
    /// `Z`, rows × columns.
    pub z: &'a [A],
    /// The number of columns of `Z`.
    pub columns: usize,
    /// What it is added to, inputs × columns.
    pub sum: &'a mut [A],
}

impl<A: Float> Work for TransposedProduct<'_, A> {
    type Output = ();

    #[inline(always)]
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) {
        let columns = self.columns;
        add_transposed_product::<A, FUSED, TILE, WIDE>(
            Inputs::all(self.x, self.sum.len() / columns),
            self.z,
            0..columns,
            self.sum,
            columns,
            &mut Vec::new(),
        );
    }
}

/// `X`, rows × inputs, from some input on.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a, A> {
    pub(super) x: &'a [A],
    pub(super) inputs: usize,
    pub(super) from: usize,
}

impl<'a, A> Inputs<'a, A> {
    pub(super) fn all(x: &'a [A], inputs: usize) -> Self {
        Self { x, inputs, from: 0 }
    }
}

/// Adds `XᵀΔ` in some columns to `d_w`, for as many inputs as it has rows; `Δ` is rows × classes.
#[inline(always)]
pub(super) fn add_transposed_product<
    A: Float,
    const FUSED: bool,
    const TILE: usize,
    const WIDE: usize,
>(
    x: Inputs<'_, A>,
    delta: &[A],
    columns: Range<usize>,
    d_w: &mut [A],
    classes: usize,
    panel: &mut Vec<A>,
) {
    for tile in tiles_of::<WIDE>(columns) {
        if tile.len() > TILE {
            add_transposed_product_of_tile::<A, FUSED, WIDE>(x, delta, &tile, d_w, classes, panel);
        } else {
            add_transposed_product_of_tile::<A, FUSED, TILE>(x, delta, &tile, d_w, classes, panel);
        }
    }
}

#[inline(always)]
fn add_transposed_product_of_tile<A: Float, const FUSED: bool, const TILE: usize>(
    x: Inputs<'_, A>,
    delta: &[A],
    tile: &Range<usize>,
    d_w: &mut [A],
    classes: usize,
    panel: &mut Vec<A>,
) {
    let Inputs { x, inputs, from } = x;
    let (x, delta) = (x.chunks(DEPTH * inputs), delta.chunks(DEPTH * classes));
    for (x, delta) in x.zip(delta) {
        let (delta, _) = pack::<A, TILE>(delta, classes, tile, panel).as_chunks::<TILE>();
        for (group, d_w) in d_w.chunks_mut(ROWS * classes).enumerate() {
            let from = from + group * ROWS;
            if d_w.len() == ROWS * classes {
                let sums = transposed_products::<A, FUSED, TILE, ROWS>(x, inputs, from, delta);
                add_to_tile(d_w, classes, tile, &sums);
            } else {
                for (input, d_w) in d_w.chunks_mut(classes).enumerate() {
                    let from = from + input;
                    let sums = transposed_products::<A, FUSED, TILE, 1>(x, inputs, from, delta);
                    add_to_tile(d_w, classes, tile, &sums);
                }
            }
        }
    }
}

/// Ranges of `WIDE` columns, the last of fewer. A range of at most `TILE` has a narrower tile.
fn tiles_of<const WIDE: usize>(columns: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = columns.end;
    let starts = columns.step_by(WIDE);
    starts.map(move |start| start..end.min(start + WIDE))
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

#[inline(always)]
fn multiply_add<A: Float, const FUSED: bool>(a: A, b: A, c: A) -> A {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}
