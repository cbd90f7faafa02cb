//! What the targets share: the numbers that they are given, and what must hold of any answer.

#![forbid(unsafe_code)]

use arbitrary::{Arbitrary, Result, Unstructured};
use ndarray::{Array1, Array2, ArrayRef1};
use softmax_backprop::{Error, Float};

/// Which numbers an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Arbitrary)]
pub enum Range {
    /// Within ±4, in steps so coarse that many are equal: what differences can be taken of.
    Moderate,
    /// Within ±1000: probabilities underflow.
    Wide,
    /// Any at all, among them those that are none.
    Any,
}

/// Where something ends or changes its kind.
const EDGES: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    0.5,
    -1.0,
    1e308,
    -1e308,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1e155,
    1e-155,
    1e-200,
    f64::EPSILON,
    746.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// A number of a range.
pub fn number(u: &mut Unstructured, range: Range) -> Result<f64> {
    Ok(match (range, u.int_in_range(0..=9)?) {
        (Range::Moderate, _) => f64::from(u.arbitrary::<i8>()?) / 32.0,
        (Range::Wide, _) => f64::from(u.arbitrary::<i16>()?) / 32.0,
        (Range::Any, 0..=2) => f64::from(u.arbitrary::<i8>()?) / 32.0,
        (Range::Any, 3..=4) => f64::from(u.arbitrary::<i16>()?) / 32.0,
        (Range::Any, 5) => f64::from(u.arbitrary::<i8>()?) / 128.0 * f64::MAX,
        (Range::Any, 6) => f64::from_bits(u.arbitrary::<u16>()?.into()),
        (Range::Any, 7) => *u.choose(&EDGES)?,
        (Range::Any, 8) => f64::from(u.arbitrary::<f32>()?),
        (Range::Any, _) => u.arbitrary()?,
    })
}

/// A vector of numbers of a range.
pub fn vector(u: &mut Unstructured, length: usize, range: Range) -> Result<Array1<f64>> {
    (0..length).map(|_| number(u, range)).collect()
}

/// A matrix of numbers of a range.
pub fn matrix(u: &mut Unstructured, shape: [usize; 2], range: Range) -> Result<Array2<f64>> {
    let mut matrix = Array2::zeros(shape);
    for entry in &mut matrix {
        *entry = number(u, range)?;
    }
    Ok(matrix)
}

/// A distribution over the classes, that of one class, or what is none.
pub fn label(u: &mut Unstructured, classes: usize, range: Range) -> Result<Array1<f64>> {
    let class = u.int_in_range(0..=classes.saturating_sub(1))?;
    let one_hot = |k: usize| f64::from(u8::from(k == class));
    Ok(match u.int_in_range(0..=7)? {
        0 if range == Range::Any => vector(u, classes, range)?,
        0..=3 => {
            let weights = vector(u, classes, Range::Moderate)?.abs();
            let sum = weights.sum();
            if sum > 0.0 { weights / sum } else { weights }
        }
        _ => (0..classes).map(one_hot).collect(),
    })
}

/// A size, from none to eight.
pub fn size(u: &mut Unstructured) -> Result<usize> {
    u.int_in_range(0..=8)
}

/// The size that fits, or now and then one that does not.
pub fn nearly(u: &mut Unstructured, fitting: usize) -> Result<usize> {
    if u.int_in_range(0..=31)? == 31 {
        size(u)
    } else {
        Ok(fitting)
    }
}

/// What was found, or `None` after an error whose message can be written.
pub fn found<T>(result: softmax_backprop::Result<T>) -> Option<T> {
    match result {
        Ok(found) => Some(found),
        Err(error) => {
            message(&error);
            None
        }
    }
}

/// A message names what is wrong, in one sentence, and so do those of its sources.
pub fn message(error: &Error) {
    let text = error.to_string();
    assert!(text.len() > 10, "{text:?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        assert!(text.contains(&error.to_string()), "{text:?}: {error}");
        source = error.source();
    }
}

/// Whether a vector has entries and all of them are finite.
pub fn finite<'a, A: Float>(entries: impl IntoIterator<Item = &'a A>) -> bool {
    let mut entries = entries.into_iter().peekable();
    entries.peek().is_some() && entries.all(|entry| num_finite(*entry))
}

fn num_finite<A: Float>(number: A) -> bool {
    let number: f64 = number.into();
    number.is_finite()
}

/// Twice the unit roundoff of a kind of numbers.
pub fn epsilon<A: Float>() -> f64 {
    if size_of::<A>() == 4 {
        f32::EPSILON.into()
    } else {
        f64::EPSILON
    }
}

/// The largest number of a kind.
pub fn largest<A: Float>() -> f64 {
    if size_of::<A>() == 4 {
        f32::MAX.into()
    } else {
        f64::MAX
    }
}

/// The smallest number of a kind above 0.
pub fn smallest<A: Float>() -> f64 {
    if size_of::<A>() == 4 {
        f32::from_bits(1).into()
    } else {
        f64::from_bits(1)
    }
}

/// The same numbers as `f64`.
pub fn wide<A: Float>(v: &ArrayRef1<A>) -> Array1<f64> {
    v.mapv(Into::into)
}

/// Probabilities: none below 0 or above 1, with a sum of 1 up to the rounding of each.
pub fn distribution<A: Float>(p: &ArrayRef1<A>) {
    let p = wide(p);
    assert!(p.iter().all(|p_k| (0.0..=1.0).contains(p_k)), "{p}");
    let rounding = p.len() as f64 * epsilon::<A>();
    assert!((p.sum() - 1.0).abs() <= rounding, "sum of {p}: {}", p.sum());
}

/// A loss is not below 0. It may be ∞.
pub fn loss<A: Float>(loss: A) -> f64 {
    let loss: f64 = loss.into();
    assert!(loss >= 0.0 && !loss.is_sign_negative(), "loss {loss}");
    loss
}

/// Two numbers that may differ by no more than the tolerance, or are the same infinity. A tolerance
/// that is no number, `∞ · 0`, allows anything.
#[track_caller]
pub fn near(what: &str, one: impl Into<f64>, other: impl Into<f64>, tolerance: f64) {
    let (one, other) = (one.into(), other.into());
    let same = one == other || (one - other).abs() <= tolerance;
    assert!(
        same || tolerance.is_nan(),
        "{what}: {one:e} and {other:e}, {tolerance:e} allowed"
    );
}

/// How much of logits and of what follows from them is rounding.
pub struct Rounding {
    /// The largest sum of the sizes of a logit's terms.
    pub terms: f64,
    /// By how much two ways to compute a logit may differ.
    pub theta: f64,
    /// By which part of it two ways to compute a probability, or the sum of some, may differ; ∞
    /// where the logits have so few digits that a probability has none.
    pub part: f64,
    /// The smallest number above 0.
    pub tiny: f64,
}

impl Rounding {
    /// Of the logits `Wᵀx + b`: each term passes at most `inputs + 1` roundings, and both ways
    /// have them. A probability is off by the part by which its gap is and that of the others, and
    /// by what exponentials, sum and quotient round, for gaps of up to 746.
    pub fn of<A: Float>(w: &Array2<A>, b: &Array1<A>, x: &ArrayRef1<A>) -> Self {
        let (w, b, x) = (
            w.mapv(|w_ik| w_ik.into().abs()),
            wide(b).abs(),
            wide(x).abs(),
        );
        let terms: Array1<f64> = w.t().dot(&x) + b;
        Self::within::<A>(&terms, x.len())
    }

    /// The same, of sums of sizes that are known.
    pub fn within<A: Float>(terms: &Array1<f64>, inputs: usize) -> Self {
        let largest = terms.iter().copied().fold(0.0, f64::max);
        let tiny = smallest::<A>();
        let theta = (inputs as f64 + 2.0) * (epsilon::<A>() * largest + tiny);
        let gap = (2.0 * largest).min(746.0);
        let part = 4.0 * theta + epsilon::<A>() * (2.0 * gap + 64.0);
        Self {
            terms: largest,
            theta,
            part: if part < 0.1 { part } else { f64::INFINITY },
            tiny,
        }
    }

    /// Whether a logit may have left the range of the numbers on one way and not on the other.
    pub fn may_overflow<A: Float>(&self) -> bool {
        self.terms >= 0.9 * largest::<A>()
    }
}
