//! The exponentials of a row.

use crate::float::Float;

/// So many entries of a row are worked on at once, where there are so many, to keep the vector
/// units busy while a result is under way.
const LANES: usize = 32;

/// So many of the rest of a row.
const FEW: usize = 8;

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

/// Turns logits with the maximum `max` into probabilities.
#[inline(always)]
pub(super) fn softmax<A: Float, const FUSED: bool>(theta: &mut [A], max: A) {
    let sum = to_exponentials::<A, FUSED>(theta, max);
    for entry in theta {
        *entry /= sum;
    }
}
