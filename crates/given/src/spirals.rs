//! Three spirals: points of three classes that no straight lines part, which the page *What a hidden
//! layer buys* draws.

use std::sync::LazyLock;

use ndarray::{Array2, ArrayRef1, array};
use plots::{Axis, Figure};
use softmax_backprop::Result;
use softmax_backprop::network::Network;

use crate::not_given::NotGiven;

/// The points, 60 of each class.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Spirals {
    /// The points, one row each.
    pub xs: Array2<f64>,
    /// The class of each point.
    pub classes: Vec<usize>,
}

static SPIRALS: LazyLock<Spirals> = LazyLock::new(|| {
    let (xs, classes) = training::data::spirals();
    Spirals { xs, classes }
});

/// The three spirals.
///
/// # Errors
///
/// Never: nothing is read. The other examples can fail, and `given!` asks them all alike.
pub fn spirals() -> std::result::Result<&'static Spirals, &'static NotGiven> {
    Ok(&SPIRALS)
}

/// The class to which the network gives the largest probability.
fn most_likely(network: &Network, x: &ArrayRef1<f64>) -> Result<usize> {
    let y_hat = network.predict(x)?;
    let classes = 1..y_hat.as_array().len();
    Ok(classes.fold(0, |best, k| if y_hat[k] > y_hat[best] { k } else { best }))
}

/// How many of the points the network gives to their class, in percent.
///
/// # Errors
///
/// As [`Network::predict`].
pub fn percent_right(network: &Network, xs: &Array2<f64>, classes: &[usize]) -> Result<f64> {
    let mut right = 0;
    for (x, &class) in xs.rows().into_iter().zip(classes) {
        right += usize::from(most_likely(network, &x)? == class);
    }
    Ok(100.0 * right as f64 / classes.len() as f64)
}

/// The points, and behind them the class that the network finds most likely.
pub fn figure(id: &str, title: &str, description: &str, network: &Network) -> Figure {
    let Spirals { xs, classes } = &*SPIRALS;
    let of_class = |class: usize| -> Vec<(f64, f64)> {
        let points = xs.rows().into_iter().zip(classes);
        let points = points.filter(|(_, of)| **of == class);
        points.map(|(x, _)| (x[0], x[1])).collect()
    };
    let [across, up] = training::data::PLANE;
    let across = Axis::linear("x₁").from_to(across.0, across.1);
    let up = Axis::linear("x₂").from_to(up.0, up.1);
    Figure::new(id, title, description, across, up)
        .regions(|x_1, x_2| most_likely(network, &array![x_1, x_2]).unwrap_or(0))
        .points("class 1", &of_class(0))
        .points("class 2", &of_class(1))
        .points("class 3", &of_class(2))
}

#[cfg(test)]
mod tests {
    use softmax_backprop::Layer;
    use softmax_backprop::network::Activation;

    use super::*;
    use crate::given;

    #[test]
    fn each_class_has_sixty_points() {
        given!(spirals: xs, classes);
        assert_eq!(xs.dim(), (180, 2));
        for class in 0..3 {
            assert_eq!(classes.iter().filter(|of| **of == class).count(), 60);
        }
    }

    #[test]
    fn a_network_that_sees_nothing_names_one_class() {
        given!(spirals: xs, classes);
        let layer = Layer::new(Array2::zeros((2, 3)), array![0.0, 1.0, 0.5]).unwrap();
        let network = Network::new(vec![layer], Activation::Tanh).unwrap();
        assert_eq!(most_likely(&network, &xs.row(0)).unwrap(), 1);
        let right = percent_right(&network, &xs, &classes).unwrap();
        assert!((right - 100.0 / 3.0).abs() < 1e-9);
        let svg = figure("id", "title", "description", &network)
            .svg()
            .unwrap();
        assert!(svg.contains("id=\"id"), "{svg}");
    }
}
