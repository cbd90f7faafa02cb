//! The worked example: its numbers, and all that follows from them.

use std::sync::LazyLock;

use ndarray::{Array1, Array2};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::{Classifier, Forward, Gradients, Layer, Logits, Probabilities, Target};

use crate::not_given::NotGiven;
use crate::points::{Point, Points};

/// A network of one layer at one example: what is given, and what the crate computes from it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Values {
    /// The weights `W`.
    pub w: Array2<f64>,
    /// The biases `b`.
    pub b: Array1<f64>,
    /// The inputs `x`.
    pub x: Array1<f64>,
    /// The label `y`.
    pub y: Target,
    /// `W` and `b`.
    pub layer: Layer,
    /// The network.
    pub classifier: Classifier,
    /// The logits `θ`.
    pub theta: Logits,
    /// The probabilities `ŷ`.
    pub y_hat: Probabilities,
    /// The loss `J`, in nats.
    pub loss: f64,
    /// All of the pass forward.
    pub forward: Forward,
    /// `δ = ŷ − y`.
    pub delta: Array1<f64>,
    /// All gradients.
    pub gradients: Gradients,
}

impl Values {
    pub(crate) fn at(point: &Point) -> Result<Self, NotGiven> {
        let (layer, x, y) = (point.layer()?, point.x(), point.y()?);
        let classifier = Classifier::new(layer.clone());
        let forward = classifier.forward(&x, &y)?;
        Ok(Self {
            w: layer.w().clone(),
            b: layer.b().clone(),
            x,
            layer,
            theta: forward.theta.clone(),
            y_hat: forward.y_hat.clone(),
            loss: forward.loss,
            delta: d_theta(&forward.y_hat, &y)?,
            gradients: classifier.backward(&forward)?,
            y,
            classifier,
            forward,
        })
    }
}

static EXAMPLE: LazyLock<Result<Values, NotGiven>> =
    LazyLock::new(|| Values::at(&Points::read()?.example));

/// The worked example.
///
/// # Errors
///
/// Where `book/symbols.toml` does not hold its numbers.
pub fn example() -> Result<&'static Values, &'static NotGiven> {
    EXAMPLE.as_ref()
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use softmax_backprop::{cross_entropy, softmax};

    use super::*;
    use crate::given;

    #[test]
    fn the_numbers_are_those_of_the_book() {
        given!(w, b, x, y);
        assert_eq!(w, array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]);
        assert_eq!(b, array![0.1, -0.2, 0.3]);
        assert_eq!(x, array![0.6, -1.1]);
        assert_eq!(y, Target::one_hot(1, 3).unwrap());
    }

    #[test]
    fn what_follows_is_what_the_crate_computes() {
        given!(w, b, x, y, layer, classifier, theta, y_hat, loss);
        assert_eq!(layer, Layer::new(w, b).unwrap());
        assert_eq!(*classifier.layer(), layer);
        assert_eq!(theta, layer.forward(&x).unwrap());
        assert_eq!(y_hat, softmax(&theta));
        assert!((loss - cross_entropy(&y_hat, &y).unwrap()).abs() < 1e-15);
    }

    #[test]
    fn the_way_back_belongs_to_the_way_forward() {
        given!(
            x, y, classifier, forward, theta, y_hat, loss, gradients, delta
        );
        assert_eq!(forward, classifier.forward(&x, &y).unwrap());
        assert_eq!((&forward.theta, &forward.y_hat), (&theta, &y_hat));
        assert_eq!(forward.loss, loss);
        assert_eq!(gradients, classifier.backward(&forward).unwrap());
        assert_eq!(gradients.b, delta);
        for k in 0..3 {
            assert!((delta[k] - (y_hat[k] - y[k])).abs() < 1e-15);
        }
    }

    #[test]
    fn names_come_in_any_order_and_with_a_comma_at_the_end() {
        given!(delta, x,);
        given!(example: y);
        assert_eq!((delta.len(), x.len(), y[1]), (3, 2, 1.0));
    }
}
