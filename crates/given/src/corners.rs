//! The corners of a square, of which opposite ones have the same class, as the page *A hidden layer
//! that is one* classifies them.

use ndarray::{Array1, Array2, array};
use plots::{Axis, Figure};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::{Layer, Result, Target, central_differences};

/// The classes of the corners.
pub const CLASSES: [usize; 4] = [0, 0, 1, 1];

/// The corners, one a row.
pub fn corners() -> Array2<f64> {
    array![[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]
}

/// A network after a thousand steps on the corners.
///
/// # Errors
///
/// As [`Network::step`].
pub fn trained(mut network: Network) -> Result<Network> {
    for _ in 0..1000 {
        network = network.step(&network.mean_gradients(&corners(), &CLASSES)?, 0.5)?;
    }
    Ok(network)
}

/// The mean loss at the corners.
///
/// # Errors
///
/// As [`Network::forward`].
pub fn mean_loss(network: &Network) -> Result<f64> {
    let mut sum = 0.0;
    for (x, class) in corners().rows().into_iter().zip(CLASSES) {
        sum += network.forward(&x, &Target::one_hot(class, 2)?)?.loss;
    }
    Ok(sum / 4.0)
}

/// Four hidden units with equal weights.
///
/// # Errors
///
/// As [`Network::new`].
pub fn equal() -> Result<Network> {
    let w_1 = Array2::from_shape_fn((2, 4), |(i, _)| [0.5, -0.3][i]);
    let w_2 = Array2::from_shape_fn((4, 2), |(_, k)| [0.2, -0.1][k]);
    let first = Layer::new(w_1, Array1::zeros(4))?;
    let last = Layer::new(w_2, Array1::zeros(2))?;
    Network::new(vec![first, last], Activation::Tanh)
}

/// Four hidden units with random weights.
///
/// # Errors
///
/// As [`Network::random`].
pub fn random() -> Result<Network> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    Network::random(&[2, 4, 2], Activation::Tanh, &mut rng)
}

/// A network of two layers with its first layer, and the weights of its last, times `s`: 1 for the
/// network, −1 for its twin, 0 halfway.
///
/// # Errors
///
/// As [`Network::new`].
pub fn with_sign(network: &Network, s: f64) -> Result<Network> {
    let (first, last) = (&network.layers()[0], &network.layers()[1]);
    let first = Layer::new(first.w() * s, first.b() * s)?;
    let last = Layer::new(last.w() * s, last.b().clone())?;
    Network::new(vec![first, last], Activation::Tanh)
}

/// The corners, and behind them the class that the network finds likelier.
pub fn figure(network: &Network) -> Figure {
    let likelier = |x_1: f64, x_2: f64| {
        let y_hat = network.predict(&array![x_1, x_2]);
        y_hat.map_or(0, |y_hat| usize::from(y_hat[1] > y_hat[0]))
    };
    let description = "The plane from -2 to 2. A band along the falling diagonal holds the two \
                       corners of class 2, whose signs differ; the two corners of class 1 lie on \
                       either side of it.";
    Figure::new(
        "hidden-layer-corners",
        "Four corners and two hidden units",
        description,
        Axis::linear("x₁").from_to(-2.0, 2.0),
        Axis::linear("x₂").from_to(-2.0, 2.0),
    )
    .regions(likelier)
    .points("class 1", &[(1.0, 1.0), (-1.0, -1.0)])
    .points("class 2", &[(1.0, -1.0), (-1.0, 1.0)])
}

/// How far the gradients of a network are from central differences of its loss, each parameter
/// moved, at most; and how many there are.
///
/// # Errors
///
/// As [`Network::forward`].
pub fn apart(
    network: &Network,
    x: &Array1<f64>,
    y: &Target,
    with: Activation,
) -> Result<(f64, usize)> {
    let network = Network::new(network.layers().to_vec(), with)?;
    let gradients = network.backward(&network.forward(x, y)?)?;
    let mut differences = Vec::new();
    for (at, layer) in network.layers().iter().enumerate() {
        // The loss, with other parameters in this place.
        let loss = |w: &Array2<f64>, b: &Array1<f64>| -> Result<f64> {
            let mut layers = network.layers().to_vec();
            layers[at] = Layer::new(w.clone(), b.clone())?;
            Ok(Network::new(layers, with)?.forward(x, y)?.loss)
        };
        let (w, b) = (layer.w(), layer.b());
        differences.extend(&gradients[at].w - central_differences(|w| loss(w, b), w)?);
        differences.extend(&gradients[at].b - central_differences(|b| loss(w, b), b)?);
    }
    let most = differences
        .iter()
        .fold(0.0, |most: f64, d| most.max(d.abs()));
    Ok((most, differences.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    #[test]
    fn a_twin_has_the_same_loss() {
        let network = random().unwrap();
        let twin = with_sign(&network, -1.0).unwrap();
        let losses = [&network, &twin].map(|network| mean_loss(network).unwrap());
        assert!((losses[0] - losses[1]).abs() < 1e-12);
    }

    #[test]
    fn every_parameter_is_moved() {
        given!(hidden: network, x, y);
        let (most, count) = apart(&network, &x, &y, Activation::Tanh).unwrap();
        assert!(most < 1e-9 && count == 15);
        assert!(mean_loss(&trained(equal().unwrap()).unwrap()).unwrap() > 0.1);
    }
}
