//! The temperature that suits held-out examples best.

use ndarray::Array2;

// ANCHOR: solution
/// The loss is convex in `u = 1/T`; its slope, the sum of `Σ_k (ŷ_k − y_k) θ_k`
/// over the examples, grows with `u`. Halve the interval in which its sign changes.
pub fn solution(theta: &Array2<f64>, classes: &[usize]) -> f64 {
    let slope = |u: f64| -> f64 {
        let examples = theta.rows().into_iter().zip(classes);
        let slopes = examples.map(|(theta, &t)| {
            let m = theta.fold(f64::NEG_INFINITY, |m, &theta_k| m.max(theta_k));
            let exps = theta.mapv(|theta_k| (u * (theta_k - m)).exp());
            exps.dot(&theta) / exps.sum() - theta[t]
        });
        slopes.sum()
    };
    let (mut low, mut high): (f64, f64) = (1e-3, 1e3);
    for _ in 0..100 {
        let middle = (low * high).sqrt();
        if slope(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    1.0 / high
}
// ANCHOR_END: solution
