//! Softmax at any logits.

use ndarray::Array1;

// ANCHOR: solution
/// Less the largest logit, so that the largest exponential is 1.
pub fn solution(theta: &Array1<f64>) -> Array1<f64> {
    let most = theta.fold(f64::NEG_INFINITY, |most, &theta_k| most.max(theta_k));
    let exps = theta.mapv(|theta_k| (theta_k - most).exp());
    &exps / exps.sum()
}
// ANCHOR_END: solution
