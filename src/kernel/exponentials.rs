//! The exponentials of rows, and the logarithms of their sums.

use alloc::vec::Vec;

use crate::float::Float;

/// So many entries of a row are worked on at once, where there are so many, to keep the vector
/// units busy while a result is under way.
const LANES: usize = 32;

/// So many of the rest of a row.
const FEW: usize = 8;

/// A row of fewer classes is worked on together with others.
pub(super) const SHORT: usize = 32;

/// So many short rows are worked on together.
const GROUP: usize = 64;

/// The largest of some numbers, and whether all of them are finite.
#[inline(always)]
pub(super) fn maximum<A: Float>(theta: &[A]) -> (A, bool) {
    // 0 · θ is 0 where θ is finite, and else NaN.
    let look = |(max, zero): (A, A), theta: A| {
        let max = if theta > max { theta } else { max };
        (max, zero + A::zero() * theta)
    };
    let (chunks, rest) = theta.as_chunks::<LANES>();
    let (few, rest) = rest.as_chunks::<FEW>();
    let mut found = (A::neg_infinity(), A::zero());
    if !chunks.is_empty() {
        found = fold_lanes(chunks, found, look);
    }
    if !few.is_empty() {
        let (max, zero) = fold_lanes(few, (A::neg_infinity(), A::zero()), look);
        found = look(found, max);
        found.1 += zero;
    }
    let (max, zero) = rest.iter().copied().fold(found, look);
    (max, zero.is_finite())
}

/// Looks at each lane of the chunks by itself, then at what they came to.
#[inline(always)]
fn fold_lanes<A: Float, const N: usize>(
    chunks: &[[A; N]],
    start: (A, A),
    look: impl Fn((A, A), A) -> (A, A),
) -> (A, A) {
    let mut max = [start.0; N];
    let mut zero = [start.1; N];
    for chunk in chunks {
        for lane in 0..N {
            (max[lane], zero[lane]) = look((max[lane], zero[lane]), chunk[lane]);
        }
    }
    let larger = |a: A, b: A| if a > b { a } else { b };
    (halve(max, larger), halve(zero, |a, b| a + b))
}

/// `Σᵢ f(aᵢ, bᵢ)`, each lane by itself.
#[inline(always)]
pub(super) fn sum_of_pairs<A: Float>(a: &[A], b: &[A], f: impl Fn(A, A) -> A) -> A {
    let (a, rest_of_a) = a.as_chunks::<LANES>();
    let (b, rest_of_b) = b.as_chunks::<LANES>();
    let mut sums = [A::zero(); LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += f(a[lane], b[lane]);
        }
    }
    let rest = rest_of_a.iter().zip(rest_of_b);
    rest.fold(halve(sums, |a, b| a + b), |sum, (a, b)| sum + f(*a, *b))
}

/// Joins the lanes, the second half with the first, until one is left. `N` is a power of 2.
#[inline(always)]
fn halve<A: Float, const N: usize>(mut lanes: [A; N], join: impl Fn(A, A) -> A) -> A {
    let mut half = N / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// What is known of a row, or of a part of one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part<A> {
    /// The largest logit, `m`.
    pub(super) max: A,
    /// `Σ exp(θⱼ − m)` over the classes but the one that is left out.
    pub(super) others: A,
    /// By what these exponentials are multiplied to be the gradient.
    pub(super) scale: A,
}

/// The class that is left out of the sum of a row, `t`, and what the row comes to with it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Whole<A> {
    /// `θₜ`.
    pub(super) theta: A,
    /// `exp(θₜ − m)`.
    pub(super) exponential: A,
    /// `S`, the sum of all exponentials.
    pub(super) sum: A,
    /// `log S`.
    pub(super) log_sum: A,
}

/// Completes rows of which `m`, the sum `O` of the others and `θₜ` are known.
///
/// One function of one number of each row after the other, since a row alone does not fill the vectors.
#[inline(always)]
pub(super) fn complete<A: Float, const FUSED: bool>(
    rows: &[Part<A>],
    wholes: &mut [Whole<A>],
    numbers: &mut Vec<A>,
) {
    numbers.clear();
    let gaps = rows.iter().zip(&*wholes);
    numbers.extend(gaps.map(|(row, whole)| whole.theta - row.max));
    for number in &mut *numbers {
        *number = number.exp_below_0::<FUSED>();
    }
    for ((row, whole), number) in rows.iter().zip(&mut *wholes).zip(&mut *numbers) {
        whole.exponential = *number;
        whole.sum = row.others + *number;
        // `1 + O` may have no digit of `O`. Below the maximum, what `S − 1` loses is none of a loss:
        // the gap to the largest logit, far larger, stands beside it.
        *number = if whole.theta == row.max {
            row.others
        } else {
            whole.sum - A::one()
        };
    }
    for number in &mut *numbers {
        *number = number.ln_1p_from_0::<FUSED>();
    }
    for (whole, number) in wholes.iter_mut().zip(numbers) {
        whole.log_sum = *number;
    }
}

/// How many rows are worked on together.
pub(super) fn at_once(classes: usize) -> usize {
    if classes < SHORT { GROUP } else { 1 }
}

/// Turns each `θ` of some rows, none above the maximum of its row, into `exp(θ − m)`, and writes down
/// the sums.
#[inline(always)]
pub(super) fn rows_to_exponentials<A: Float, const FUSED: bool>(
    theta: &mut [A],
    classes: usize,
    rows: &mut [Part<A>],
) {
    if classes < SHORT {
        short_rows_to_exponentials::<A, FUSED>(theta, classes, rows);
    } else {
        for (theta, row) in theta.chunks_exact_mut(classes).zip(rows) {
            row.others = to_exponentials::<A, FUSED>(theta, row.max);
        }
    }
}

/// The exponentials of all rows in one loop, since one row does not fill the vectors.
#[inline(always)]
fn short_rows_to_exponentials<A: Float, const FUSED: bool>(
    theta: &mut [A],
    classes: usize,
    rows: &mut [Part<A>],
) {
    for (theta, row) in theta.chunks_exact_mut(classes).zip(&*rows) {
        theta.iter_mut().for_each(|theta| *theta -= row.max);
    }
    for theta in &mut *theta {
        *theta = theta.exp_below_0::<FUSED>();
    }
    for (exponentials, row) in theta.chunks_exact(classes).zip(rows) {
        row.others = exponentials.iter().sum();
    }
}

/// Turns each `θ`, none above `max`, into `exp(θ − max)`; returns their sum.
#[inline(always)]
pub(super) fn to_exponentials<A: Float, const FUSED: bool>(theta: &mut [A], max: A) -> A {
    let (chunks, rest) = theta.as_chunks_mut::<LANES>();
    let mut sum = A::zero();
    if !chunks.is_empty() {
        let mut sums = [A::zero(); LANES];
        for chunk in chunks {
            add_exponentials::<A, FUSED, LANES>(chunk, max, &mut sums);
        }
        sum = halve(sums, |a, b| a + b);
    }
    let (chunks, rest) = rest.as_chunks_mut::<FEW>();
    let mut sums = [A::zero(); FEW];
    for chunk in chunks {
        add_exponentials::<A, FUSED, FEW>(chunk, max, &mut sums);
    }
    for entry in rest {
        *entry = (*entry - max).exp_below_0::<FUSED>();
        sum += *entry;
    }
    sum + halve(sums, |a, b| a + b)
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

/// Turns rows of logits, of which the maxima are known, into probabilities.
#[inline(always)]
pub(super) fn softmax<A: Float, const FUSED: bool>(
    theta: &mut [A],
    classes: usize,
    rows: &mut [Part<A>],
) {
    rows_to_exponentials::<A, FUSED>(theta, classes, rows);
    for (theta, row) in theta.chunks_exact_mut(classes).zip(rows) {
        theta.iter_mut().for_each(|entry| *entry /= row.others);
    }
}
