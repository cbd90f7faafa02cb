//! The crate itself: `softmax`, `cross_entropy_from_logits` and `curvature::newton`.

use ndarray::{Array1, Array2};
use softmax_backprop::batch::{Batch, predict};
use softmax_backprop::curvature::newton;
use softmax_backprop::{Layer, Logits, Result, Target, cross_entropy_from_logits, softmax};

use super::{Answer, Quantity, Question, examples};

pub fn answer(question: &Question) -> Answer {
    match (question.kind.as_str(), question.quantity) {
        // The crate has no f32 yet. Its answers come in here, as those of the peers do.
        ("f32", _) => Answer::NotAsked,
        (_, Quantity::Probability) => Answer::of(probability(question)),
        (_, Quantity::Loss) => Answer::of(loss(question)),
        (_, Quantity::Fit) => Answer::of(fit(question)),
    }
}

fn probability(question: &Question) -> Result<f64> {
    let theta = question.logits.first().cloned().unwrap_or_default();
    let y_hat = softmax(&Logits::new(theta.into())?);
    Ok(y_hat[question.class])
}

fn loss(question: &Question) -> Result<f64> {
    let rows = question.logits.iter().zip(question.labels());
    rows.map(|(theta, label)| {
        let y = Target::one_hot(label, theta.len())?;
        cross_entropy_from_logits(&Logits::new(theta.clone().into())?, &y)
    })
    .sum()
}

fn fit(question: &Question) -> Result<f64> {
    let distance = question.flat().first().copied().unwrap_or(f64::NAN);
    let (x, labels) = examples(distance);
    let x = Array1::from(x).insert_axis(ndarray::Axis(1));
    let batch = Batch::of_classes(x, labels, 3)?;
    let start = Layer::new(Array2::zeros((1, 3)), Array1::zeros(3))?;
    let fitted = newton(&start, &batch, 1e-10)?.layer;
    Ok(predict(&fitted, &Array2::zeros((1, 1)))?[[0, question.class]])
}
