//! The loss of the worked example for any kind of number, which the page *Is the gradient right?*
//! shows.

use softmax_backprop::autodiff::Number;

// ANCHOR: loss
/// The parameters of the worked example: `W` row by row, then `b`.
pub const P: [f64; 9] = [0.2, -0.4, 0.1, 0.7, 0.3, -0.5, 0.1, -0.2, 0.3];

/// Its inputs.
pub const X: [f64; 2] = [0.6, -1.1];

/// Its label.
pub const Y: [f64; 3] = [0.0, 1.0, 0.0];

/// The logits, (2.3).
pub fn logits<T: Number>(p: [T; 9]) -> [T; 3] {
    [0, 1, 2].map(|k| p[k] * X[0] + p[3 + k] * X[1] + p[6 + k])
}

/// The loss from the logits, (2.10).
pub fn loss<T: Number>(theta: [T; 3]) -> T {
    let sum = theta[0].exp() + theta[1].exp() + theta[2].exp();
    sum.ln() - (theta[0] * Y[0] + theta[1] * Y[1] + theta[2] * Y[2])
}
// ANCHOR_END: loss

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    #[test]
    fn the_numbers_are_those_of_the_worked_example() {
        given!(w, b, x, y);
        let p: Vec<f64> = w.iter().chain(&b).copied().collect();
        assert_eq!(p, P);
        assert_eq!(x.to_vec(), X);
        assert_eq!(y.as_array().to_vec(), Y);
    }

    #[test]
    fn the_loss_is_that_of_the_crate() {
        given!(theta, loss);
        for (k, on_paper) in logits(P).into_iter().enumerate() {
            assert!((theta[k] - on_paper).abs() < 1e-15);
        }
        assert!((super::loss(logits(P)) - loss).abs() < 1e-15);
    }
}
