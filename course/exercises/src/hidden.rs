//! Back through a hidden layer.

use ndarray::{Array1, Array2, array};
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::{Layer, Target};

use crate::Check;
use crate::compare::all_close;

/// From `x`, `a`, `W₂` and `δ₂` to `∂J/∂W₁` and `∂J/∂b₁`.
type Gradients = fn(
    &Array1<f64>,
    &Array1<f64>,
    &Array2<f64>,
    &Array1<f64>,
) -> (Array2<f64>, Array1<f64>);

// ANCHOR: stub
/// The gradients of the hidden layer, whose outputs are `a = tanh(W₁ᵀx + b₁)`.
/// The second layer has the weights `w2`; `delta2` is the gradient at its logits.
pub fn gradients(
    x: &Array1<f64>,
    a: &Array1<f64>,
    w2: &Array2<f64>,
    delta2: &Array1<f64>,
) -> (Array2<f64>, Array1<f64>) {
    let _ = (w2, delta2); // Replace these two lines.
    (Array2::zeros((x.len(), a.len())), Array1::zeros(a.len()))
}
// ANCHOR_END: stub

// ANCHOR: check
/// Compares with the crate, for two inputs, four hidden units and three classes.
pub fn check(gradients: Gradients) -> Check {
    let first = Layer::new(
        array![[0.2, -0.4, 0.1, 0.8], [0.7, 0.3, -0.5, -0.2]],
        array![0.1, -0.2, 0.3, 0.0],
    )?;
    let w2 = array![
        [0.5, -0.3, 0.2],
        [-0.6, 0.4, 0.1],
        [0.3, 0.9, -0.7],
        [0.2, 0.1, -0.4]
    ];
    let second = Layer::new(w2.clone(), array![0.0, 0.1, -0.1])?;
    let network = Network::new(vec![first, second], Activation::Tanh)?;
    let x = array![0.6, -1.1];
    let pass = network.forward(&x, &Target::one_hot(1, 3)?)?;
    let expected = network.backward(&pass)?;

    let (d_w1, d_b1) = gradients(&x, &pass.inputs[1], &w2, &expected[1].b);
    all_close("∂J/∂W₁", &expected[0].w, &d_w1)?;
    all_close("∂J/∂b₁", &expected[0].b, &d_b1)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(gradients)
}
// ANCHOR_END: check
