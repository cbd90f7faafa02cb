//! How exact softmax can be in `f64`: the bounds from which the tests derive theirs.
//!
//! Each bound is of the first order in [`U`]. The second-order terms are about 10⁻¹³ of it, and
//! every bound counts a few roundings more than there are.

/// The unit roundoff `u`: an operation that rounds has a relative error of at most this.
pub const U: f64 = f64::EPSILON / 2.0;

/// The smallest number above 0. Below 2.2·10⁻³⁰⁸ the numbers are this far apart, so there a
/// result is exact to an absolute error, not to a relative one.
pub const TINY: f64 = 5e-324;

/// The largest entry.
pub fn max(v: &[f64]) -> f64 {
    v.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// `Σ aᵢ bᵢ`, without the terms where `aᵢ` is 0.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let terms = a.iter().zip(b).filter(|(a_i, _)| **a_i != 0.0);
    terms.map(|(a_i, b_i)| a_i * b_i).sum()
}

/// A bound of the relative error of each probability: `ρᵢ = u (gᵢ + 2 ln n + 2n + 8)`, with
/// `gᵢ = max θ − θᵢ` and `n` classes. Where a probability is subnormal, 2 [`TINY`] come on top.
///
/// The condition: `∂ log ŷᵢ = −∂gᵢ + Σⱼ ŷⱼ ∂gⱼ`, and a gap is known to a relative error `u`,
/// because a subtraction rounds once. So `log ŷᵢ` is known to `u (gᵢ + Σⱼ ŷⱼ gⱼ)`. The sum is
/// the entropy of `ŷ` less `−log ŷₜ` of the top class `t`, hence at most `ln n`.
/// The arithmetic: `exp` is right to 1 unit in the last place, which is at most `2u`, both here
/// and on average in the sum; the sum of `n` terms adds `(n − 1) u` and the division `u`.
/// That is `gᵢ + ln n + n + 4` at most. The rest is room for one more sum over the classes, as
/// in `1 − ŷᵢ = Σ_{j≠i} ŷⱼ`, and a few roundings more.
pub fn softmax_errors(theta: &[f64]) -> Vec<f64> {
    let n = theta.len() as f64;
    let top = max(theta);
    let error = |theta_i: &f64| U * (top - theta_i + 2.0 * n.ln() + 2.0 * n + 8.0);
    theta.iter().map(error).collect()
}

/// How exactly the logits `Wᵀx + b` can be computed: `|Δθₖ| ≤ (n + 2) u (Σᵢ |wᵢₖ xᵢ| + |bₖ|)`,
/// with `n` inputs; `w` is given row by row.
///
/// Each term passes at most `n + 1` roundings (its product, `n − 1` sums and the bias), each of
/// which moves it by `u`; one more is for the rounding of the value compared with. This is the
/// condition of the sum: no order of summation does better where the terms cancel. A product
/// that is subnormal is exact to [`TINY`].
pub fn logit_errors(w: &[f64], b: &[f64], x: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let terms = |k: usize| -> f64 {
        let weights = w.iter().skip(k).step_by(b.len());
        weights.zip(x).map(|(w_ik, x_i)| (w_ik * x_i).abs()).sum()
    };
    (0..b.len())
        .map(|k| (n + 2.0) * U * (terms(k) + b[k].abs()) + n * TINY)
        .collect()
}
