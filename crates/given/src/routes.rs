//! The first two routes to the gradient on the page *Is the gradient right?*, which a cell of that
//! page shows and holds against these.
//!
//! Each gives the derivatives of the loss by nine parameters: `W` row by row, then `b`.

use std::error::Error;

use ndarray::{Array1, Array2, Array3, array};
use softmax_backprop::cross_entropy::d_y_hat;
use softmax_backprop::softmax::jacobian;
use softmax_backprop::{Probabilities, Target};

use crate::notation::kronecker;

/// The chain rule as sums over indices, every zero kept.
pub fn index_sums(x: &Array1<f64>, y: &Target, y_hat: &Probabilities) -> Vec<f64> {
    let x_1 = [x[0], x[1], 1.0];
    let mut sums = Array2::zeros((3, 3));
    for ((i, j), sum) in sums.indexed_iter_mut() {
        for (k, m) in (0..3).flat_map(|k| (0..3).map(move |m| (k, m))) {
            let d_y_hat = if m == k {
                y_hat[k] * (1.0 - y_hat[k])
            } else {
                -y_hat[m] * y_hat[k]
            };
            *sum += -y[m] / y_hat[m] * d_y_hat * x_1[i] * kronecker(j, k);
        }
    }
    sums.into_iter().collect()
}

/// The chain rule as a product of a row, the Jacobian of softmax, and a tensor.
///
/// # Errors
///
/// Where the label and the probabilities differ in length.
pub fn array_products(
    x: &Array1<f64>,
    y: &Target,
    y_hat: &Probabilities,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let x_1 = array![x[0], x[1], 1.0];
    let tensor = Array3::from_shape_fn((3, 3, 3), |(k, i, j)| x_1[i] * kronecker(j, k));
    let row = d_y_hat(y_hat, y)?.dot(&jacobian(y_hat));
    Ok(row.dot(&tensor.into_shape_with_order((3, 9))?).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    #[test]
    fn both_lead_to_the_gradient() {
        given!(x, y, y_hat, gradients);
        let products = array_products(&x, &y, &y_hat).unwrap();
        for route in [index_sums(&x, &y, &y_hat), products] {
            assert_eq!(route.len(), 9);
            let exact = gradients.w.iter().chain(&gradients.b);
            assert!(route.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-15));
        }
    }
}
