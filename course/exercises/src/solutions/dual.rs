//! Softmax in dual numbers.

use exercises::dual::Dual;

// ANCHOR: solution
/// The chain rule for `exp`, the sum rule, the quotient rule.
pub fn solution(theta: &[Dual]) -> Vec<Dual> {
    let exp = |theta: &Dual| {
        let value = theta.value.exp();
        Dual {
            value,
            slope: value * theta.slope,
        }
    };
    let exps: Vec<Dual> = theta.iter().map(exp).collect();
    let sum = Dual {
        value: exps.iter().map(|e| e.value).sum(),
        slope: exps.iter().map(|e| e.slope).sum(),
    };
    let quotient = |e: &Dual| Dual {
        value: e.value / sum.value,
        slope: (e.slope * sum.value - e.value * sum.slope)
            / (sum.value * sum.value),
    };
    exps.iter().map(quotient).collect()
}
// ANCHOR_END: solution
