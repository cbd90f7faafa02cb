//! smartcore: `MutArrayView1::softmax_mut`. Its loss is not public; what `LogisticRegression::fit`
//! makes small is `−ln` of that, summed over the examples (`linear/logistic_regression.rs`, `f` of
//! `MultiClassObjectiveFunction`), and so it is here.

use std::fmt::Debug;

use smartcore::linalg::basic::arrays::{Array, MutArrayView1};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};
use smartcore::numbers::realnum::RealNumber;

use super::{Answer, Failure, Quantity, Question, examples};

pub fn answer(question: &Question) -> Answer {
    match question.quantity {
        Quantity::Fit => Answer::of(fit(question)),
        quantity => rows(question, quantity),
    }
}

fn rows(question: &Question, quantity: Quantity) -> Answer {
    let rows = question.logits.iter().zip(question.labels());
    let mut found = rows.map(|(row, label)| match question.kind.as_str() {
        "f32" => {
            let row: Vec<f32> = row.iter().map(|theta| *theta as f32).collect();
            let y_hat = softmax(row)[label];
            (f64::from(y_hat), f64::from(-y_hat.ln()))
        }
        _ => {
            let y_hat = softmax(row.clone())[label];
            (y_hat, -y_hat.ln())
        }
    });
    Answer::Number(match quantity {
        Quantity::Loss => found.map(|(_, loss)| loss).sum(),
        _ => found.next().map_or(f64::NAN, |(y_hat, _)| y_hat),
    })
}

fn softmax<T: RealNumber + Debug>(mut theta: Vec<T>) -> Vec<T> {
    theta.softmax_mut();
    theta
}

/// A fit as it comes, which is without a penalty.
fn fit(question: &Question) -> Result<f64, Failure> {
    let distance = question.flat().first().copied().ok_or("no distance")?;
    let (x, labels) = examples(distance);
    let x = DenseMatrix::new(x.len(), 1, x, false)?;
    let labels: Vec<u32> = labels.into_iter().map(|label| label as u32).collect();
    let model = LogisticRegression::fit(&x, &labels, LogisticRegressionParameters::default())?;
    // At the input 0 the logits are the biases.
    let biases = (0..3).map(|k| *model.intercept().get((k, 0))).collect();
    let mut y_hat = softmax::<f64>(biases).into_iter();
    Ok(y_hat.nth(question.class).ok_or("no such class")?)
}
