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
pub(super) fn to_exponentials<A: Float, const FUSED: bool>(theta: &mut [A], max: A) -> A {
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

/// Turns logits with the maximum `max` into probabilities.
#[inline(always)]
pub(super) fn softmax<A: Float, const FUSED: bool>(theta: &mut [A], max: A) {
    let sum = to_exponentials::<A, FUSED>(theta, max);
    for entry in theta {
        *entry /= sum;
    }
}
