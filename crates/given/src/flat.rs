//! The nine parameters of two inputs and three classes as one vector, class by class, as the page
//! *The shape of the loss* orders them: the weights of a class, then its bias.

use ndarray::{Array1, Array2};
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::{Layer, Result};

/// The layer with the parameters `p`.
///
/// # Errors
///
/// As [`Layer::new`].
pub fn layer_at(p: &Array1<f64>) -> Result<Layer> {
    Layer::new(
        Array2::from_shape_fn((2, 3), |(i, k)| p[3 * k + i]),
        Array1::from_shape_fn(3, |k| p[3 * k + 2]),
    )
}

/// The loss of a batch at the parameters `p`, and its gradient, in the same order.
///
/// # Errors
///
/// As [`Pass::new`].
pub fn loss_and_gradient(p: &Array1<f64>, batch: &Batch) -> Result<(f64, Array1<f64>)> {
    let pass = Pass::new(&layer_at(p)?, batch)?;
    let entry = |at: usize| match at % 3 {
        2 => pass.d_b()[at / 3],
        i => pass.d_w()[[i, at / 3]],
    };
    Ok((pass.loss(), Array1::from_shape_fn(9, entry)))
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use softmax_backprop::central_differences;

    use super::*;
    use crate::given;

    #[test]
    fn the_order_is_the_same_in_both() {
        given!(layer);
        given!(four: batch);
        let p = array![0.2, 0.7, 0.1, -0.4, 0.3, -0.2, 0.1, -0.5, 0.3];
        assert_eq!(layer_at(&p).unwrap(), layer);

        let (loss, gradient) = loss_and_gradient(&p, &batch).unwrap();
        assert_eq!(loss, Pass::new(&layer, &batch).unwrap().loss());
        let at = |p: &Array1<f64>| Ok(loss_and_gradient(p, &batch)?.0);
        let apart = central_differences(at, &p).unwrap() - gradient;
        assert!(apart.iter().all(|d| d.abs() < 1e-9));
    }
}
