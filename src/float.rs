//! The numbers that the crate computes with: `f64`, and `f32` where asked for.
//!
//! The arrays decide which of them it is:
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::{Logits, softmax};
//!
//! let theta = Logits::new(array![0.0_f32, 2_f32.ln()])?;
//! let third: f32 = softmax(&theta)[0];
//! assert!((third - 1.0 / 3.0).abs() < 1e-7);
//! # Ok::<(), softmax_backprop::Error>(())
//! ```
//!
//! A function that is generic over [`Float`] takes both:
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::{Float, Probabilities};
//!
//! /// The entropy, in bits.
//! fn bits<A: Float>(p: &Probabilities<A>) -> A {
//!     p.as_array().iter().map(|p_i| -*p_i * p_i.log2()).sum()
//! }
//!
//! assert_eq!(bits(&Probabilities::new(array![0.5_f64, 0.25, 0.25])?), 1.5);
//! assert_eq!(bits(&Probabilities::new(array![0.5_f32, 0.25, 0.25])?), 1.5);
//! # Ok::<(), softmax_backprop::Error>(())
//! ```

use core::fmt;
use core::iter::Sum;

use ndarray::{LinalgScalar, ScalarOperand};
use num_traits::NumAssign;

use crate::kernel;

/// A floating-point number: `f64`, which is meant where nothing is said, or `f32`.
///
/// Nothing else can be one: the bounds on the errors are proved for these two.
pub trait Float:
    sealed::Transcendental
    + kernel::Kernel
    + num_traits::Float
    + NumAssign
    + LinalgScalar
    + ScalarOperand
    + Sum
    + for<'a> Sum<&'a Self>
    + Into<f64>
    + Default
    + fmt::Debug
    + fmt::Display
    + fmt::LowerExp
    + Send
    + Sync
{
    /// How far from 1 the sum of a distribution may be.
    ///
    /// Wide enough for the rounding of a few thousand entries, far too narrow for a mistake.
    const SUM_TOLERANCE: Self;

    /// The nearest such number.
    fn of(number: f64) -> Self;
}

impl Float for f64 {
    const SUM_TOLERANCE: Self = 1e-12;

    fn of(number: f64) -> Self {
        number
    }
}

impl Float for f32 {
    const SUM_TOLERANCE: Self = 5e-4;

    fn of(number: f64) -> Self {
        number as Self
    }
}

pub(crate) mod sealed {
    /// Functions of many numbers at once: without a branch and without a table, so that a loop over
    /// one becomes vector instructions. `FUSED` says that this processor multiplies and adds in one
    /// instruction.
    pub trait Transcendental: Copy {
        /// `eᵗ` for `t ≤ 0`; 0 of −∞, NaN of NaN.
        ///
        /// `t = k ln 2 + r` with `|r| ≤ ½ ln 2`, so `eᵗ = 2ᵏ eʳ`, and `eʳ` is the sum
        /// of its Taylor series as far as the digits go. `ln 2` has two parts: `k` times the first
        /// is exact.
        fn exp_below_0<const FUSED: bool>(self) -> Self;

        /// `log(1 + t)` for finite `t ≥ 0`, in nats; NaN of NaN.
        ///
        /// `1 + t = 2ᵏ(1 + f)` with `√½ ≤ 1 + f < √2`, so `log(1 + t) = k ln 2 + log(1 + f)`. With
        /// `s = f/(2 + f)` the latter is `2 artanh s = f − s(f − r)`, where `r = ⅔s² + ⅖s⁴ + …` is summed
        /// as far as the digits go. What `1 + t` loses is added to `f`.
        fn ln_1p_from_0<const FUSED: bool>(self) -> Self;
    }

    /// `1/13!, …, 1/2!, 1, 1`: the next term would be below 4 · 10⁻¹⁸.
    const TAYLOR_F64: [f64; 14] = [
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        1.0 / 2.0,
        1.0,
        1.0,
    ];

    /// `1/7!, …, 1/2!, 1, 1`: the next term would be below 6 · 10⁻⁹.
    const TAYLOR_F32: [f32; 8] = [
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        1.0 / 2.0,
        1.0,
        1.0,
    ];

    /// `2/19, …, 2/5, 2/3`: the next term would be below 5 · 10⁻¹⁷ of the sum.
    const ARTANH_F64: [f64; 9] = [
        2.0 / 19.0,
        2.0 / 17.0,
        2.0 / 15.0,
        2.0 / 13.0,
        2.0 / 11.0,
        2.0 / 9.0,
        2.0 / 7.0,
        2.0 / 5.0,
        2.0 / 3.0,
    ];

    /// `2/9, …, 2/5, 2/3`: the next term would be below 3 · 10⁻⁹ of the sum.
    const ARTANH_F32: [f32; 4] = [2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0];

    /// `a · b + c`.
    macro_rules! multiply_add {
        ($fused:expr, $a:expr, $b:expr, $c:expr) => {
            if $fused {
                num_traits::Float::mul_add($a, $b, $c)
            } else {
                $a * $b + $c
            }
        };
    }

    /// `c₀xⁿ + … + cₙ`.
    macro_rules! polynomial {
        ($fused:expr, $coefficients:expr, $x:expr) => {{
            let [first, others @ ..] = &$coefficients;
            let mut sum = *first;
            for coefficient in others {
                sum = multiply_add!($fused, sum, $x, *coefficient);
            }
            sum
        }};
    }

    macro_rules! transcendental {
        ($float:ident, $ln_2:expr, $taylor:ident, $artanh:ident, $least:expr) => {
            const _: () = {
                const FRACTION: u32 = $float::MANTISSA_DIGITS - 1;
                const ONE: $float = 1.0;
                // Added to a whole number k, it pushes all behind the point out, and k stands in the
                // last bits of the sum.
                const SHIFT: $float = 1.5 / $float::EPSILON;
                const LN_2: [$float; 2] = $ln_2;

                impl Transcendental for $float {
                    #[inline(always)]
                    fn exp_below_0<const FUSED: bool>(self) -> Self {
                        // Below it the result is 0. Multiplied out, that would be an underflow, for
                        // which a processor takes as long as for a hundred products.
                        let is_0 = self < $least;
                        let t = if is_0 { 0.0 } else { self };
                        let shifted = multiply_add!(FUSED, t, core::$float::consts::LOG2_E, SHIFT);
                        let k = shifted - SHIFT;
                        let r = multiply_add!(FUSED, k, -LN_2[0], t);
                        let r = multiply_add!(FUSED, k, -LN_2[1], r);
                        let exp_r = polynomial!(FUSED, $taylor, r);
                        // 2ᵏ in two factors: where the result is subnormal, 2ᵏ has no bits of its own.
                        // What stands above k in these bits leaves the exponent at the top.
                        let k = shifted.to_bits();
                        let half = k >> 1;
                        let power =
                            |k| $float::from_bits(ONE.to_bits().wrapping_add(k << FRACTION));
                        let exp_t = exp_r * power(half) * power(k - half);
                        if is_0 { 0.0 } else { exp_t }
                    }

                    #[inline(always)]
                    fn ln_1p_from_0<const FUSED: bool>(self) -> Self {
                        let sum = ONE + self;
                        let lost = if self < ONE {
                            self - (sum - ONE)
                        } else {
                            ONE - (sum - self)
                        };
                        let least = core::$float::consts::FRAC_1_SQRT_2.to_bits();
                        let k = sum.to_bits().wrapping_sub(least) >> FRACTION;
                        let over_power = |number: $float| {
                            $float::from_bits(number.to_bits().wrapping_sub(k << FRACTION))
                        };
                        let f = multiply_add!(FUSED, lost, over_power(ONE), over_power(sum) - ONE);
                        let s = f / (2.0 + f);
                        let square = s * s;
                        let r = square * polynomial!(FUSED, $artanh, square);
                        // As a number; a conversion would not be a vector instruction everywhere.
                        let k = $float::from_bits(SHIFT.to_bits() + k) - SHIFT;
                        let ln_1p_f = multiply_add!(FUSED, s, r - f, f);
                        let below = multiply_add!(FUSED, k, LN_2[1], ln_1p_f);
                        multiply_add!(FUSED, k, LN_2[0], below)
                    }
                }
            };
        };
    }

    transcendental!(
        f64,
        [
            5_954_088_942.0 / 8_589_934_592.0,
            1.908_214_929_270_587_7e-10
        ],
        TAYLOR_F64,
        ARTANH_F64,
        -746.0
    );
    transcendental!(
        f32,
        [355.0 / 512.0, -2.121_944_4e-4],
        TAYLOR_F32,
        ARTANH_F32,
        -104.0
    );
}
