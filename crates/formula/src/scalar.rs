//! What a formula is computed with: numbers that know how far off they may be, and the crate's
//! dual numbers over them, one in the other, for derivatives of derivatives.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use f256::f256;
use softmax_backprop::autodiff::{Dual, Number, Real};

/// A floating-point type: `f64`, or `f256` with its 237 bits where `f64` cannot decide.
pub trait Float:
    Copy
    + Debug
    + PartialOrd
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    /// How far off one operation may be, relative to its result. `exp` and `ln` of a mathematics
    /// library may be off by more than the four operations: the bound leaves room for both.
    const UNIT: f64;
    /// Below this bound a value that is no larger than its bound counts as 0. It is far above the
    /// rounding of numbers around 1, and far below all that a formula of a book is about.
    const NOTHING: f64;
    /// What one operation costs, beside one of `f64`.
    const COST: u64;
    /// 0, without a conversion.
    const ZERO: Self;
    /// What is nearer to 0 than this may have lost digits: no bound relative to it holds.
    fn least() -> Self;
    /// An `f64`, exactly.
    fn exactly(value: f64) -> Self;
    /// The nearest `f64`.
    fn nearest(self) -> f64;
    /// `eᵘ`.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
}

impl Float for f64 {
    const UNIT: f64 = f64::EPSILON;
    // Whether it is 0 is for more digits to say.
    const NOTHING: f64 = 0.0;
    const COST: u64 = 1;
    const ZERO: Self = 0.0;

    fn least() -> Self {
        1e-290
    }

    fn exactly(value: f64) -> Self {
        value
    }

    fn nearest(self) -> f64 {
        self
    }

    fn exp(self) -> Self {
        self.exp()
    }

    fn ln(self) -> Self {
        self.ln()
    }
}

impl Float for f256 {
    // 2⁻²³⁵, four times what the four operations, `exp` and `ln` of f256 were off at most, measured
    // against 1,400 bits at 20,000 numbers: between 2⁻³⁰⁰ and 2¹⁷, and a hair beside powers of 2.
    const UNIT: f64 = 1.9e-71;
    const NOTHING: f64 = 1e-62;
    const COST: u64 = 10;
    const ZERO: Self = Self::ZERO;

    fn least() -> Self {
        // 2⁻²⁶¹⁰⁰⁰
        Self::from_bits((1143 << 108, 0))
    }

    fn exactly(value: f64) -> Self {
        Self::from(value)
    }

    fn nearest(self) -> f64 {
        // The crate has no conversion to f64: the leading digits are read from its decimals.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn exp(self) -> Self {
        EXP.with_borrow_mut(|known| remembered(known, self, |value| value.exp()))
    }

    fn ln(self) -> Self {
        LN.with_borrow_mut(|known| remembered(known, self, |value| value.ln()))
    }
}

/// Values of a function of `f256`, by the bits of the argument. An `exp` costs as much as a hundred
/// products, and a formula asks for the same one at every value of its indices.
type Known = HashMap<(u128, u128), f256>;

thread_local! {
    static EXP: RefCell<Known> = RefCell::default();
    static LN: RefCell<Known> = RefCell::default();
}

/// The values of some points fill this; then it begins anew.
const REMEMBERED: usize = 10_000;

fn remembered(known: &mut Known, value: f256, of: impl Fn(&f256) -> f256) -> f256 {
    if known.len() == REMEMBERED {
        known.clear();
    }
    *known.entry(value.to_bits()).or_insert_with(|| of(&value))
}

/// A number and a bound on how far it is from the exact one.
#[derive(Debug, Clone, Copy)]
pub struct Ball<F> {
    /// The number.
    pub value: F,
    /// The bound: a running error, carried through every operation.
    pub radius: F,
}

impl<F: Float> Ball<F> {
    /// 0, exactly.
    const ZERO: Self = Self {
        value: F::ZERO,
        radius: F::ZERO,
    };

    /// The result of one operation: `spread` is what the operands bring along.
    fn rounded(value: F, spread: F) -> Self {
        let radius = spread + absolute(value) * F::exactly(F::UNIT);
        Self { value, radius }
    }

    /// The result of a product, a quotient or an exponential. Where it is nearer to 0 than its
    /// digits allow, nothing bounds it.
    fn scaled(value: F, spread: F, is_zero: bool) -> Self {
        match absolute(value) < F::least() && spread < F::least() && !is_zero {
            true => Self::rounded(value, F::exactly(f64::INFINITY)),
            false => Self::rounded(value, spread),
        }
    }

    fn is_zero(&self) -> bool {
        let zero = F::ZERO;
        self.value == zero && self.radius == zero
    }

    /// A number that is exact.
    pub fn exact(value: f64) -> Self {
        let (value, radius) = (F::exactly(value), F::ZERO);
        Self { value, radius }
    }
}

/// A value as a message says it: so many digits as an `f64` has.
pub fn shown<F: Float>(value: F) -> String {
    let near = value.nearest();
    let is_zero = value == F::ZERO;
    match near.abs() {
        0.0 if !is_zero => "a number nearer to 0 than any f64".to_owned(),
        0.0 | 1e-5..1e16 => near.to_string(),
        _ => format!("{near:e}"),
    }
}

/// A value without its sign.
pub fn absolute<F: Float>(value: F) -> F {
    match value < F::ZERO {
        true => -value,
        false => value,
    }
}

impl<F: Float> Neg for Ball<F> {
    type Output = Self;
    #[inline(never)]
    fn neg(self) -> Self {
        let value = -self.value;
        Self { value, ..self }
    }
}

impl<F: Float> Add for Ball<F> {
    type Output = Self;
    #[inline(never)]
    fn add(self, v: Self) -> Self {
        Self::rounded(self.value + v.value, self.radius + v.radius)
    }
}

impl<F: Float> Sub for Ball<F> {
    type Output = Self;
    #[inline(never)]
    fn sub(self, v: Self) -> Self {
        self + -v
    }
}

impl<F: Float> Mul for Ball<F> {
    type Output = Self;
    #[inline(never)]
    fn mul(self, v: Self) -> Self {
        let (a, b) = (absolute(self.value), absolute(v.value));
        let spread = a * v.radius + (b + v.radius) * self.radius;
        Self::scaled(self.value * v.value, spread, self.is_zero() || v.is_zero())
    }
}

impl<F: Float> Div for Ball<F> {
    type Output = Self;
    #[inline(never)]
    fn div(self, v: Self) -> Self {
        let value = self.value / v.value;
        let least = absolute(v.value) - v.radius;
        if least <= F::ZERO {
            let radius = F::exactly(f64::INFINITY);
            return Self { value, radius };
        }
        let spread = (self.radius + absolute(value) * v.radius) / least;
        Self::scaled(value, spread, self.is_zero())
    }
}

impl<F: Float> Add<f64> for Ball<F> {
    type Output = Self;
    fn add(self, c: f64) -> Self {
        self + Self::exact(c)
    }
}

impl<F: Float> Mul<f64> for Ball<F> {
    type Output = Self;
    fn mul(self, c: f64) -> Self {
        self * Self::exact(c)
    }
}

impl<F: Float> Number for Ball<F> {
    #[inline(never)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        // eʳ − 1 ≤ 2r below 1; beyond it the bound is of no use and eʳ will do.
        let stretch = match self.radius < F::exactly(1.0) {
            true => self.radius * F::exactly(2.0),
            false => self.radius.exp(),
        };
        Self::scaled(value, value * stretch, false)
    }

    #[inline(never)]
    fn ln(self) -> Self {
        let value = self.value.ln();
        let least = self.value - self.radius;
        let radius = match least > F::ZERO {
            true => self.radius / least,
            false => F::exactly(f64::INFINITY),
        };
        Self::rounded(value, radius)
    }
}

impl<F: Float> Real for Ball<F> {
    fn real(c: f64) -> Self {
        Self::exact(c)
    }
}

/// What a formula can be evaluated with.
pub trait Scalar: Real + Debug {
    /// What one operation costs, beside one of `f64`.
    const COST: u64;
    /// The same number, as the variable of a derivative: that of the given level.
    fn variable(self, level: usize) -> Self;
    /// The derivative by the variable of a level.
    fn derivative(self, level: usize) -> Self;
    /// A number that is known up to a radius: one that was printed.
    fn printed(value: f64, radius: f64) -> Self;
    /// Which of two is larger; none where one is no number.
    fn order(self, other: Self) -> Option<Ordering>;
    /// The larger of two; without a derivative where none is the larger for sure.
    fn larger(self, other: Self) -> Self;
    /// The square or cubic root; without a derivative at 0.
    fn root(self, degree: f64) -> Self;
}

/// How many parts a number has, by its depth.
const SIZES: [usize; LEVELS + 1] = [1, 2, 4, 8];

/// Derivatives are taken of derivatives so often: up to the third.
pub const LEVELS: usize = 3;

/// A number with its derivatives: the crate's dual numbers, one in the other.
///
/// The parts are those of `Dual<Dual<Dual<Ball>>>` in a row: with bit `n` of its place set, a part
/// is differentiated by the variable of level `n`. An operation is that of the crate's `Dual`, as
/// deep as its operands are; so the evaluation itself is compiled once for each precision.
#[derive(Debug, Clone, Copy)]
pub struct Num<F> {
    depth: usize,
    parts: [Ball<F>; 1 << LEVELS],
}

/// What a row of parts is read as.
trait Parts<F>: Number {
    fn read(parts: &[Ball<F>]) -> Self;
    fn write(self, parts: &mut [Ball<F>]);
}

impl<F: Float> Parts<F> for Ball<F> {
    fn read(parts: &[Ball<F>]) -> Self {
        parts[0]
    }

    fn write(self, parts: &mut [Ball<F>]) {
        parts[0] = self;
    }
}

impl<F: Float, T: Parts<F>> Parts<F> for Dual<T> {
    fn read(parts: &[Ball<F>]) -> Self {
        let (value, derivative) = parts.split_at(parts.len() / 2);
        Self {
            value: T::read(value),
            derivative: T::read(derivative),
        }
    }

    fn write(self, parts: &mut [Ball<F>]) {
        let (value, derivative) = parts.split_at_mut(parts.len() / 2);
        self.value.write(value);
        self.derivative.write(derivative);
    }
}

type First<F> = Dual<Ball<F>>;
type Second<F> = Dual<First<F>>;
type Third<F> = Dual<Second<F>>;

impl<F: Float> Num<F> {
    /// The number itself, and how far off it may be.
    pub fn ball(&self) -> Ball<F> {
        self.parts[0]
    }

    fn exact(ball: Ball<F>) -> Self {
        Self {
            depth: 0,
            parts: {
                let mut parts = [Ball::ZERO; 1 << LEVELS];
                parts[0] = ball;
                parts
            },
        }
    }
}

impl<F: Float> Num<F> {
    /// The same with another value; of its derivatives those alone that `keeps` keeps.
    fn kinked(mut self, ball: Ball<F>, keeps: impl Fn(usize) -> bool) -> Self {
        self.parts[0] = ball;
        let is_bounded = absolute(ball.radius) < F::exactly(f64::INFINITY);
        for place in (1..1 << self.depth).filter(|place| !is_bounded || !keeps(*place)) {
            self.parts[place] = Ball::exact(f64::NAN);
        }
        self
    }
}

macro_rules! one_depth {
    ($parts:ty, $result:ident, $size:ident, $($operand:ident),+; $operation:expr) => {
        $operation($(<$parts>::read(&$operand.parts[..$size])),+).write(&mut $result.parts[..$size])
    };
}

/// An operation at the depth of its operands.
macro_rules! at_depth {
    ($depth:expr, $($operand:ident),+; $operation:expr) => {{
        let depth = $depth;
        let mut result = Self::exact(Ball::ZERO);
        result.depth = depth;
        let size = SIZES[depth];
        match depth {
            0 => one_depth!(Ball<F>, result, size, $($operand),+; $operation),
            1 => one_depth!(First<F>, result, size, $($operand),+; $operation),
            2 => one_depth!(Second<F>, result, size, $($operand),+; $operation),
            _ => one_depth!(Third<F>, result, size, $($operand),+; $operation),
        }
        result
    }};
}

macro_rules! operations {
    ($($of:ident, $operation:ident;)*) => {$(
        impl<F: Float> $of for Num<F> {
            type Output = Self;
            fn $operation(self, v: Self) -> Self {
                at_depth!(self.depth.max(v.depth), self, v; $of::$operation)
            }
        }
    )*};
}

operations! {
    Add, add;
    Sub, sub;
    Mul, mul;
    Div, div;
}

impl<F: Float> Neg for Num<F> {
    type Output = Self;
    fn neg(self) -> Self {
        at_depth!(self.depth, self; Neg::neg)
    }
}

impl<F: Float> Add<f64> for Num<F> {
    type Output = Self;
    fn add(self, c: f64) -> Self {
        self + Self::real(c)
    }
}

impl<F: Float> Mul<f64> for Num<F> {
    type Output = Self;
    fn mul(self, c: f64) -> Self {
        self * Self::real(c)
    }
}

impl<F: Float> Number for Num<F> {
    fn exp(self) -> Self {
        at_depth!(self.depth, self; Number::exp)
    }

    fn ln(self) -> Self {
        at_depth!(self.depth, self; Number::ln)
    }
}

impl<F: Float> Real for Num<F> {
    fn real(c: f64) -> Self {
        Self::exact(Ball::exact(c))
    }
}

impl<F: Float> Scalar for Num<F> {
    const COST: u64 = F::COST;

    fn variable(mut self, level: usize) -> Self {
        self.depth = self.depth.max(level + 1);
        self.parts[1 << level] = Ball::exact(1.0);
        self
    }

    fn derivative(self, level: usize) -> Self {
        let mut result = Self::exact(Ball::ZERO);
        result.depth = level;
        for place in 0..1 << level {
            result.parts[place] = self.parts[place | 1 << level];
        }
        result
    }

    fn printed(value: f64, radius: f64) -> Self {
        let (value, radius) = (F::exactly(value), F::exactly(radius));
        Self::exact(Ball { value, radius })
    }

    fn order(self, other: Self) -> Option<Ordering> {
        self.parts[0].value.partial_cmp(&other.parts[0].value)
    }

    fn larger(self, other: Self) -> Self {
        let (a, b) = (self.ball(), other.ball());
        let mut larger = if a.value < b.value { other } else { self };
        let room = a.radius + b.radius;
        if absolute(a.value - b.value) > room {
            return larger;
        }
        larger.depth = self.depth.max(other.depth);
        let value = larger.ball().value;
        let both = |place: usize| (self.parts[place], other.parts[place]);
        larger.kinked(
            Ball {
                value,
                radius: room,
            },
            |place| {
                let (a, b) = both(place);
                a.value == b.value && (a - b).is_zero()
            },
        )
    }

    fn root(self, degree: f64) -> Self {
        if !self.ball().is_zero() {
            // Of what may be 0 or less, the logarithm has no bound, and so the root has none.
            return (self.ln() / Self::real(degree)).exp();
        }
        self.kinked(self.ball(), |place| self.parts[place].is_zero())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An operation on the numbers that were computed before: of which two.
    type Step = (u8, usize, usize);

    /// Numbers computed one from the other, each from those before it.
    fn computed<F: Float>(given: &[f64], steps: &[Step]) -> Vec<Num<F>> {
        let mut numbers: Vec<Num<F>> = given.iter().map(|&one| Num::real(one)).collect();
        for (place, number) in numbers.iter_mut().enumerate().take(LEVELS) {
            *number = number.variable(place);
        }
        for &(operation, a, b) in steps {
            let (a, b) = (numbers[a % numbers.len()], numbers[b % numbers.len()]);
            numbers.push(match operation % 10 {
                0 => a + b,
                1 => a - b,
                2 => a * b,
                3 => a / b,
                4 => a.exp(),
                5 => a.ln(),
                6 => -a,
                7 => a.larger(b),
                8 => a.root(2.0),
                _ => (a + b) - a,
            });
        }
        numbers
    }

    /// Whether two balls have a number in common, as the bounds of one number must.
    fn meet(single: &Ball<f64>, double: &Ball<f256>) -> bool {
        let gap = absolute(f256::exactly(single.value) - double.value);
        let room = f256::exactly(single.radius) + double.radius;
        // Without a value, or without a bound, nothing is claimed.
        !single.value.is_finite() || !single.radius.is_finite() || room.is_nan() || gap <= room
    }

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            -2.0..2.0_f64,
            (-1.0..1.0_f64).prop_map(|one| one * 1e-150),
            (-1.0..1.0_f64).prop_map(|one| 1.0 + one * 1e-12),
            -800.0..800.0_f64,
            Just(0.0),
            Just(1.0),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// With 237 bits the number is where `f64` says that it is; so are its derivatives.
        #[test]
        fn a_bound_holds_whatever_is_computed(
            given in prop::collection::vec(number(), 4),
            steps in prop::collection::vec((any::<u8>(), 0..64_usize, 0..64_usize), 1..24),
        ) {
            let single = computed::<f64>(&given, &steps);
            let double = computed::<f256>(&given, &steps);
            for (place, (single, double)) in single.iter().zip(&double).enumerate() {
                for (part, (a, b)) in single.parts.iter().zip(&double.parts).enumerate() {
                    prop_assert!(meet(a, b), "number {place}, part {part}: {a:?} and {b:?}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_bound_says_so() {
        let real = |value: f64| Num::<f64>::real(value);
        let zero = real(1.0) - real(1.0) * real(0.1) * real(10.0);
        for lost in [
            real(1.0) / zero,
            real(0.0).ln(),
            real(-1.0).ln(),
            real(-800.0).exp(),
            real(800.0).exp(),
            real(1e-200) * real(1e-200),
            real(1e-200) / real(1e200),
            real(1e200) * real(1e200),
            zero.ln(),
            real(-1.0).root(2.0),
            real(2.0).larger(real(-1.0).ln()),
            real(-1.0).ln().larger(real(2.0)),
            real(0.0) * real(0.0).ln(),
        ] {
            let Ball { value, radius } = lost.ball();
            assert!(
                !value.is_finite() || !radius.is_finite(),
                "{value} ± {radius}"
            );
        }
    }

    #[test]
    fn what_is_exact_stays_exact() {
        let real = |value: f64| Num::<f64>::real(value);
        for exact in [
            real(0.0) * real(0.1),
            real(0.0) / real(0.1),
            real(0.5) - real(0.5),
            real(1.0).ln(),
            real(0.0).root(2.0),
            real(3.0).larger(real(3.0)) - real(3.0),
        ] {
            assert_eq!(exact.ball().radius, 0.0, "{exact:?}");
        }
    }
}
