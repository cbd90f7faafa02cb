//! Four examples for the layer of the worked example.

use std::sync::LazyLock;

use ndarray::{Array1, Array2, array};
use softmax_backprop::Layer;
use softmax_backprop::batch::Batch;

use crate::not_given::NotGiven;
use crate::points::Points;

/// The examples of *Many examples at once*. The first is the worked example.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Four {
    /// The inputs `X`, one row for each example.
    pub x: Array2<f64>,
    /// The class of each example.
    pub labels: Vec<usize>,
    /// Inputs and labels.
    pub batch: Batch,
    /// The weights `W` of the worked example.
    pub w: Array2<f64>,
    /// The biases `b` of the worked example.
    pub b: Array1<f64>,
    /// Both.
    pub layer: Layer,
}

impl Four {
    fn new() -> Result<Self, NotGiven> {
        let x = array![[0.6, -1.1], [1.5, 0.4], [-0.8, 0.9], [0.3, 0.2]];
        let labels = vec![1, 0, 2, 1];
        let layer = Points::read()?.example.layer()?;
        let batch = Batch::of_classes(x.clone(), labels.clone(), 3)?;
        Ok(Self {
            x,
            labels,
            batch,
            w: layer.w().clone(),
            b: layer.b().clone(),
            layer,
        })
    }
}

static FOUR: LazyLock<Result<Four, NotGiven>> = LazyLock::new(Four::new);

/// The four examples.
///
/// # Errors
///
/// As [`example`](crate::example()).
pub fn four() -> Result<&'static Four, &'static NotGiven> {
    FOUR.as_ref()
}

#[cfg(test)]
mod tests {
    use crate::given;

    #[test]
    fn the_first_is_the_worked_example() {
        given!(layer, x, y);
        let (worked, input, label) = (layer, x, y);
        given!(four: w, b, layer, x, labels, batch);
        assert_eq!((&layer, &w, &b), (&worked, worked.w(), worked.b()));
        assert_eq!(
            (x.row(0), batch.y().row(0)),
            (input.view(), label.as_array().view())
        );
        assert_eq!((batch.x(), batch.len()), (&x, labels.len()));
    }
}
