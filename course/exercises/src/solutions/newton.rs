//! Newton's method for one logit.

// ANCHOR: solution
/// With `p` for `σ(z)`, the slope plus `y`, the slope's slope is `p (1 − p)`.
pub fn solution(y: f64, slope: &mut dyn FnMut(f64) -> f64) -> f64 {
    let mut z = 0.0;
    loop {
        let found = slope(z);
        if found.abs() < 1e-12 {
            return z;
        }
        let p = found + y;
        z -= found / (p * (1.0 - p));
    }
}
// ANCHOR_END: solution
