//! A hidden layer before the layer of the worked example.

use std::sync::LazyLock;

use ndarray::{Array1, array};
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::{Layer, Target};

use crate::not_given::NotGiven;
use crate::points::Points;

/// The network of *A hidden layer that is one*: two inputs, two units with tanh, three classes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Hidden {
    /// The hidden layer.
    pub first: Layer,
    /// The layer of the worked example.
    pub last: Layer,
    /// Both, with tanh between them.
    pub network: Network,
    /// The inputs of the worked example.
    pub x: Array1<f64>,
    /// The label of the worked example.
    pub y: Target,
}

impl Hidden {
    fn new() -> Result<Self, NotGiven> {
        let first = Layer::new(array![[0.5, -0.3], [0.8, -0.6]], array![0.1, -0.2])?;
        let example = Points::read()?.example;
        let last = example.layer()?;
        let network = Network::new(vec![first.clone(), last.clone()], Activation::Tanh)?;
        Ok(Self {
            first,
            last,
            network,
            x: example.x(),
            y: example.y()?,
        })
    }
}

static HIDDEN: LazyLock<Result<Hidden, NotGiven>> = LazyLock::new(Hidden::new);

/// The network with a hidden layer.
///
/// # Errors
///
/// As [`example`](crate::example()).
pub fn hidden() -> Result<&'static Hidden, &'static NotGiven> {
    HIDDEN.as_ref()
}

#[cfg(test)]
mod tests {
    use crate::given;

    #[test]
    fn the_last_layer_is_that_of_the_worked_example() {
        given!(layer, x, y);
        let example = (layer, x, y);
        given!(hidden: first, last, network, x, y);
        assert_eq!(network.layers(), [first, last.clone()]);
        assert_eq!((last, x, y), example);
    }
}
