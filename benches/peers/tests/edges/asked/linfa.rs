//! linfa-logistic: `MultiFittedLogisticRegression::predict_probabilities`, after no step of a fit
//! from parameters under which the logits are those of the question. Its loss is not public; a fit
//! sees it at work.

use linfa::prelude::*;
use linfa_logistic::MultiLogisticRegression;
use ndarray_0_16::{Array1, Array2};

use super::{Answer, Failure, Quantity, Question, examples};

pub fn answer(question: &Question) -> Answer {
    match (question.quantity, question.kind.as_str()) {
        (Quantity::Loss, _) => Answer::NotAsked,
        (Quantity::Fit, _) => Answer::of(fit(question)),
        (_, "f32") => Answer::of(in_f32(question)),
        _ => Answer::of(in_f64(question)),
    }
}

// The trait that both types have, `linfa_logistic::float::Float`, is private.
macro_rules! ask {
    ($name:ident, $float:ident) => {
        fn $name(question: &Question) -> Result<f64, Failure> {
            let (classes, logits) = (question.classes(), question.flat());
            let logits = logits.into_iter().map(|theta| theta as $float).collect();
            let logits = Array2::from_shape_vec((question.logits.len(), classes), logits)?;
            // Parameters must be finite. The largest number of the type, ten times, is infinite.
            let (parameters, x) = match logits.iter().all(|theta| theta.is_finite()) {
                true => (Array2::eye(classes), logits),
                false => {
                    let largest = |theta: $float| theta.clamp($float::MIN, $float::MAX);
                    (logits.mapv(largest), Array2::from_elem((1, 1), 10.0))
                }
            };
            let examples = Array2::zeros((classes, x.ncols()));
            let examples = Dataset::new(examples, Array1::from_iter(0..classes));
            let model = MultiLogisticRegression::<$float>::default()
                .with_intercept(false)
                .initial_params(parameters)
                .max_iterations(0)
                .fit(&examples)?;
            let y_hat = model.predict_probabilities(&x);
            let found = y_hat.get((0, question.class)).ok_or("no such class")?;
            Ok(f64::from(*found))
        }
    };
}

ask!(in_f32, f32);
ask!(in_f64, f64);

/// A fit as it comes, but for the penalty, and with ten times as many steps.
fn fit(question: &Question) -> Result<f64, Failure> {
    let distance = question.flat().first().copied().ok_or("no distance")?;
    let (x, labels) = examples(distance);
    let x = Array2::from_shape_vec((x.len(), 1), x)?;
    let model = MultiLogisticRegression::<f64>::default()
        .alpha(0.0)
        .max_iterations(1000)
        .fit(&Dataset::new(x, Array1::from(labels)))?;
    let y_hat = model.predict_probabilities(&Array2::zeros((1, 1)));
    Ok(*y_hat.get((0, question.class)).ok_or("no such class")?)
}
