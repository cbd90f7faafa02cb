//! Functions that the book writes as one letter.

/// Kronecker's `δ`: 1 where both indices are the same, and else 0.
pub fn kronecker(a: usize, b: usize) -> f64 {
    if a == b { 1.0 } else { 0.0 }
}

/// The logistic function `σ(z) = 1 / (1 + exp(−z))`.
pub fn sigma(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kronecker_is_the_identity() {
        assert_eq!([kronecker(2, 2), kronecker(1, 2)], [1.0, 0.0]);
    }

    #[test]
    fn sigma_of_minus_z_is_the_rest() {
        assert_eq!(sigma(0.0), 0.5);
        assert!((sigma(1.5) + sigma(-1.5) - 1.0).abs() < 1e-15);
    }
}
