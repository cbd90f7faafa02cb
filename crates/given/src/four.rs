//! Four examples for the layer of the worked example.

use std::sync::LazyLock;

use ndarray::{Array1, Array2, array};
use plots::{Framed, Matrices};
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::{Layer, Result};

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
    fn new() -> std::result::Result<Self, NotGiven> {
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

static FOUR: LazyLock<std::result::Result<Four, NotGiven>> = LazyLock::new(Four::new);

/// The four examples.
///
/// # Errors
///
/// As [`example`](crate::example()).
pub fn four() -> std::result::Result<&'static Four, &'static NotGiven> {
    FOUR.as_ref()
}

impl Four {
    /// The product forward, drawn to size, with what belongs to the first example framed.
    pub fn forward(&self) -> String {
        let description = "A matrix of 4 by 2, the inputs, times one of 2 by 3, the weights, is one of 4 by 3. The first row of the inputs and the first row of the product are framed: they belong to the first example.";
        Matrices::new(
            "batch-forward",
            "Forward, a product drawn to size",
            description,
        )
        .numbers("X, 4 × 2", self.x.rows(), 2)
        .framed(Framed::Row(0))
        .sign("·")
        .numbers("W, 2 × 3", self.w.rows(), 2)
        .sign("=")
        .numbers("XW, 4 × 3", self.x.dot(&self.w).rows(), 2)
        .framed(Framed::Row(0))
        .svg()
    }

    /// The product backward, in the same way.
    ///
    /// # Errors
    ///
    /// As [`Pass::new`].
    pub fn backward(&self) -> Result<String> {
        let pass = Pass::new(&self.layer, &self.batch)?;
        let description = "A matrix of 2 by 4, the inputs transposed, times one of 4 by 3, the gradient at the logits, is one of 2 by 3, the gradient of the weights. The first column of the one and the first row of the other are framed; in the product no row belongs to an example.";
        let picture = Matrices::new(
            "batch-backward",
            "Backward, a product drawn to size",
            description,
        )
        .numbers("Xᵀ, 2 × 4", self.x.t().rows(), 2)
        .framed(Framed::Column(0))
        .sign("·")
        .numbers("Δ, 4 × 3", pass.d_theta().rows(), 2)
        .framed(Framed::Row(0))
        .sign("=")
        .numbers("∇W, 2 × 3", pass.d_w().rows(), 2);
        Ok(picture.svg())
    }
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
