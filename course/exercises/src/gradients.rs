//! The three gradients of a layer, from the gradient at its logits.

use ndarray::{Array1, Array2, array};
use softmax_backprop::{Classifier, Layer, Target, gradient_check};

use crate::Check;
use crate::compare::all_close;

// ANCHOR: stub
/// What a layer passes on when it is given `δ = ∂J/∂θ`.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// `∂J/∂W`, of the shape of `W`.
    pub d_w: Array2<f64>,
    /// `∂J/∂b`, of the shape of `b`.
    pub d_b: Array1<f64>,
    /// `∂J/∂x`, of the shape of `x`.
    pub d_x: Array1<f64>,
}

/// The gradients of weights, biases and inputs.
pub fn gradients(
    x: &Array1<f64>,
    w: &Array2<f64>,
    delta: &Array1<f64>,
) -> Gradients {
    let _ = (w, delta); // Replace these lines.
    Gradients {
        d_w: Array2::zeros((0, 0)),
        d_b: Array1::zeros(0),
        d_x: x.clone(),
    }
}
// ANCHOR_END: stub

// ANCHOR: check
/// Compares with central differences of the loss: three inputs, four classes.
pub fn check(
    gradients: fn(&Array1<f64>, &Array2<f64>, &Array1<f64>) -> Gradients,
) -> Check {
    let w = array![
        [0.2, -0.4, 0.1, 0.6],
        [0.7, 0.3, -0.5, 0.2],
        [-0.3, 0.9, 0.4, -0.8]
    ];
    let (b, x) = (array![0.1, -0.2, 0.3, 0.5], array![0.6, -1.1, 0.8]);
    let y = Target::one_hot(2, 4)?;
    let classifier = Classifier::new(Layer::new(w.clone(), b)?);
    let measured = gradient_check(&classifier, &x, &y)?.numeric;
    let delta = classifier.predict(&x)?.as_array() - y.as_array();

    let found = gradients(&x, &w, &delta);
    all_close("∂J/∂W", &measured.w, &found.d_w)?;
    all_close("∂J/∂b", &measured.b, &found.d_b)?;
    all_close("∂J/∂x", &measured.x, &found.d_x)?;
    Ok(())
}

#[test]
fn done() -> Check {
    check(gradients)
}
// ANCHOR_END: check
