//! Six mistakes at two points: with all weights equal, and at the worked example. The page *Example*
//! shows which of them each point hides.

use ndarray::{Array1, Array2, Axis};
use softmax_backprop::{Classifier, Forward, Gradients, Layer, Logits, Result, softmax};

use crate::example::Values;

type Mistake = fn(&Layer, &Forward, &Gradients) -> Result<f64>;

/// The largest difference between two vectors.
fn apart(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    (a - b).iter().fold(0.0, |largest, d| d.abs().max(largest))
}

/// What each mistake makes of a result: how far it is from the right one.
const MISTAKES: [(&str, Mistake); 6] = [
    ("softmax applied twice", |_, forward, _| {
        let y_hat = forward.y_hat.as_array();
        Ok(apart(
            softmax(&Logits::new(y_hat.clone())?).as_array(),
            y_hat,
        ))
    }),
    ("powers of 2 in place of exp", |_, forward, _| {
        let powers = forward.theta.as_array().mapv(f64::exp2);
        Ok(apart(&(&powers / powers.sum()), forward.y_hat.as_array()))
    }),
    ("no exp at all: θ divided by its sum", |_, forward, _| {
        let theta = forward.theta.as_array();
        Ok(apart(&(theta / theta.sum()), forward.y_hat.as_array()))
    }),
    ("the biases left out", |layer, forward, _| {
        let theta = layer.w().t().dot(&forward.x);
        let y_hat = softmax(&Logits::new(theta)?);
        Ok(apart(y_hat.as_array(), forward.y_hat.as_array()))
    }),
    ("the columns of W in reverse order", |layer, forward, _| {
        let theta = layer.w().select(Axis(1), &[2, 1, 0]).t().dot(&forward.x) + layer.b();
        Ok(apart(&theta, forward.theta.as_array()))
    }),
    ("the sign of ∂J/∂x", |_, _, gradients| {
        Ok(apart(&-&gradients.x, &gradients.x))
    }),
];

/// Each mistake, and whether it is seen with all weights equal and at the worked example.
///
/// # Errors
///
/// As the functions of `softmax-backprop` that it calls.
pub fn mistakes(values: &Values) -> Result<Vec<(&'static str, [bool; 2])>> {
    let equal = Layer::new(Array2::from_elem((2, 3), 0.5), Array1::from_elem(3, 1.0))?;
    let seen = |mistake: Mistake, layer: &Layer| -> Result<bool> {
        let classifier = Classifier::new(layer.clone());
        let forward = classifier.forward(&values.x, &values.y)?;
        let gradients = classifier.backward(&forward)?;
        Ok(mistake(layer, &forward, &gradients)? > 1e-9)
    };
    let rows = MISTAKES.iter().map(|&(name, mistake)| {
        Ok((
            name,
            [seen(mistake, &equal)?, seen(mistake, &values.layer)?],
        ))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_worked_example_hides_nothing() {
        let rows = mistakes(example().unwrap()).unwrap();
        assert!(rows.iter().all(|(_, [_, here])| *here), "{rows:?}");
        assert!(rows.iter().any(|(_, [equal, _])| !equal), "{rows:?}");
    }
}
