//! Products of matrices, a few rows and a tile of columns at a time.

use alloc::vec::Vec;
use core::ops::Range;

use super::Work;
use crate::float::Float;

/// So many rows of a matrix are multiplied at once: with a tile of columns their sums
/// fill the registers.
const ROWS: usize = 4;

/// So many products are summed before the sum is added to what is in memory: a tile of as many rows
/// stays in the nearest cache.
const DEPTH: usize = 128;

/// What the sums of a product are added to.
#[derive(Clone, Copy)]
pub(super) enum Onto<'a, A> {
    /// Nothing: what stands there is of no use.
    Nothing,
    /// A row, the same for all.
    Row(&'a [A]),
    /// What stands there.
    Itself,
}

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
    for tile in tiles_of::<WIDE>(columns) {
        if tile.len() > TILE {
            product_plus_b_of_tile::<A, FUSED, WIDE>(x, w, b, &tile, theta, panel);
        } else {
            product_plus_b_of_tile::<A, FUSED, TILE>(x, w, b, &tile, theta, panel);
        }
    }
}

#[inline(always)]
fn product_plus_b_of_tile<A: Float, const FUSED: bool, const TILE: usize>(
    x: &[A],
    w: &[A],
    b: &[A],
    tile: &Range<usize>,
    theta: &mut [A],
    panel: &mut Vec<A>,
) {
    let classes = b.len();
    let inputs = w.len() / classes;
    for depth in (0..inputs).step_by(DEPTH) {
        let onto = match depth {
            0 => Onto::Row(&b[tile.clone()]),
            _ => Onto::Itself,
        };
        let depth = depth..inputs.min(depth + DEPTH);
        let w = &w[depth.start * classes..depth.end * classes];
        let (w, _) = pack::<A, TILE>(w, classes, tile, panel).as_chunks::<TILE>();
        let last = x.len() / inputs - 1;
        for (group, theta) in theta.chunks_mut(ROWS * classes).enumerate() {
            // Past the last row it stands in again; its sums go nowhere.
            let row = |r: usize| (group * ROWS + r).min(last) * inputs;
            let x = core::array::from_fn(|r| &x[row(r)..][depth.clone()]);
            let sums = products::<A, FUSED, TILE>(x, w);
            write_tile(theta, classes, tile, &sums, onto);
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
        transposed_product::<A, FUSED, TILE, WIDE>(
            Inputs::all(self.x, self.sum.len() / columns),
            self.z,
            0..columns,
            self.sum,
            columns,
            Onto::Itself,
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

/// `XᵀΔ` in some columns of `d_w`, for as many inputs as it has rows; `Δ` is rows × classes.
#[inline(always)]
pub(super) fn transposed_product<
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
    onto: Onto<'_, A>,
    panel: &mut Vec<A>,
) {
    for tile in tiles_of::<WIDE>(columns) {
        if tile.len() > TILE {
            transposed_product_of_tile::<A, FUSED, WIDE>(
                x, delta, &tile, d_w, classes, onto, panel,
            );
        } else {
            transposed_product_of_tile::<A, FUSED, TILE>(
                x, delta, &tile, d_w, classes, onto, panel,
            );
        }
    }
}

#[inline(always)]
fn transposed_product_of_tile<A: Float, const FUSED: bool, const TILE: usize>(
    x: Inputs<'_, A>,
    delta: &[A],
    tile: &Range<usize>,
    d_w: &mut [A],
    classes: usize,
    onto: Onto<'_, A>,
    panel: &mut Vec<A>,
) {
    let Inputs { x, inputs, from } = x;
    let (x, delta) = (x.chunks(DEPTH * inputs), delta.chunks(DEPTH * classes));
    for (number, (x, delta)) in x.zip(delta).enumerate() {
        let onto = if number == 0 { onto } else { Onto::Itself };
        let (delta, _) = pack::<A, TILE>(delta, classes, tile, panel).as_chunks::<TILE>();
        for (group, d_w) in d_w.chunks_mut(ROWS * classes).enumerate() {
            let from = from + group * ROWS;
            if d_w.len() == ROWS * classes {
                let sums = transposed_products::<A, FUSED, TILE, ROWS>(x, inputs, from, delta);
                write_tile(d_w, classes, tile, &sums, onto);
            } else {
                for (input, d_w) in d_w.chunks_mut(classes).enumerate() {
                    let from = from + input;
                    let sums = transposed_products::<A, FUSED, TILE, 1>(x, inputs, from, delta);
                    write_tile(d_w, classes, tile, &sums, onto);
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

/// Writes a tile of the rows of a matrix, as far as there are rows and columns.
#[inline(always)]
fn write_tile<A: Float, const TILE: usize, const N: usize>(
    rows: &mut [A],
    columns: usize,
    tile: &Range<usize>,
    sums: &[[A; TILE]; N],
    onto: Onto<'_, A>,
) {
    for (row, sums) in rows.chunks_exact_mut(columns).zip(sums) {
        let entries = row[tile.clone()].iter_mut().zip(sums);
        match onto {
            // A sum below the range of the numbers may be −0, and 0 − 0 is 0.
            Onto::Nothing => entries.for_each(|(entry, sum)| *entry = A::zero() + *sum),
            Onto::Row(row) => {
                for ((entry, sum), start) in entries.zip(row) {
                    *entry = *start + *sum;
                }
            }
            Onto::Itself => entries.for_each(|(entry, sum)| *entry += *sum),
        }
    }
}

#[inline(always)]
fn multiply_add<A: Float, const FUSED: bool>(a: A, b: A, c: A) -> A {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}
