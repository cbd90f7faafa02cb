//! burn: `burn_tensor::activation::softmax`, and `burn_nn::loss::CrossEntropyLoss` as its
//! configuration makes it where nothing is said. On the backend Flex, in favour of which
//! `burn-ndarray` is deprecated.

use burn_nn::loss::CrossEntropyLossConfig;
use burn_tensor::{DType, Device, Int, Tensor, TensorData, activation};

use super::{Answer, Failure, Quantity, Question};

pub fn answer(question: &Question) -> Answer {
    match question.quantity {
        Quantity::Fit => Answer::NotAsked,
        Quantity::Probability => Answer::of(probability(question)),
        Quantity::Loss => Answer::of(loss(question)),
    }
}

/// The logits, one row an example.
fn logits(question: &Question) -> Tensor<2> {
    let shape = [question.logits.len(), question.classes()];
    let kind = match question.kind.as_str() {
        "f32" => DType::F32,
        _ => DType::F64,
    };
    Tensor::from_data(
        TensorData::new(question.flat(), shape),
        (&Device::flex(), kind),
    )
}

fn probability(question: &Question) -> Result<f64, Failure> {
    let y_hat = activation::softmax(logits(question), 1).try_into_data()?;
    let y_hat = y_hat.try_into_vec_as::<f64>()?;
    Ok(*y_hat.get(question.class).ok_or("no such class")?)
}

fn loss(question: &Question) -> Result<f64, Failure> {
    let (rows, device) = (question.logits.len(), Device::flex());
    let labels: Vec<i64> = question.labels().map(|label| label as i64).collect();
    let labels = Tensor::<1, Int>::from_data(TensorData::new(labels, [rows]), &device);
    let loss = CrossEntropyLossConfig::new().init(&device);
    let mean = loss.forward(logits(question), labels).try_into_data()?;
    let mean = mean.try_into_vec_as::<f64>()?;
    Ok(mean.first().ok_or("no loss")? * rows as f64)
}
