//! Whether two values are equal, as far as their bounds tell.

use crate::scalar::{Ball, Float, absolute};
use crate::tensor::Tensor;

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Equal, and the bound is far below the values.
    Equal,
    /// Different, whatever the rounding: the entry.
    Different(usize),
    /// The bound is too wide to tell.
    Undecided,
    /// There is no value to compare: a division by 0, the logarithm of what is not positive, or a
    /// number beyond all that can be written.
    NoValue,
}

/// A bound is far below a value when it is smaller by this factor.
const FAR: f64 = 1e-9;

/// Compares two values of the same shape.
pub fn compare<F: Float>(a: &Tensor<Ball<F>>, b: &Tensor<Ball<F>>) -> Verdict {
    let mut verdict = Verdict::Equal;
    for (place, (a, b)) in a.entries.iter().zip(&b.entries).enumerate() {
        match entries(a, b) {
            Verdict::Equal => {}
            Verdict::Different(_) => return Verdict::Different(place),
            Verdict::NoValue => verdict = Verdict::NoValue,
            Verdict::Undecided if verdict == Verdict::Equal => verdict = Verdict::Undecided,
            Verdict::Undecided => {}
        }
    }
    verdict
}

fn entries<F: Float>(a: &Ball<F>, b: &Ball<F>) -> Verdict {
    let (gap, bound) = (absolute(a.value - b.value), a.radius + b.radius);
    // What is no number, or beyond all bounds, is equal to nothing: not to itself either.
    if !is_finite(gap) || !is_finite(bound) {
        return Verdict::NoValue;
    }
    if gap > bound {
        return Verdict::Different(0);
    }
    let (x, y) = (absolute(a.value), absolute(b.value));
    let scale = if x < y { y } else { x };
    match bound <= scale * F::exactly(FAR) || bound <= F::exactly(F::NOTHING) {
        true => Verdict::Equal,
        false => Verdict::Undecided,
    }
}

/// Whether there is a value, and a bound of it, in every entry.
pub fn has_value<F: Float>(tensor: &Tensor<Ball<F>>) -> bool {
    let mut entries = tensor.entries.iter();
    entries.all(|entry| is_finite(entry.value) && is_finite(entry.radius))
}

fn is_finite<F: Float>(value: F) -> bool {
    absolute(value) < F::exactly(f64::INFINITY)
}
