//! candle: `candle_nn::ops::softmax` along the classes, and `candle_nn::loss::cross_entropy`.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{loss, ops};

use super::{Answer, Quantity, Question};

pub fn answer(question: &Question) -> Answer {
    match question.quantity {
        Quantity::Fit => Answer::NotAsked,
        Quantity::Probability => Answer::of(probability(question)),
        Quantity::Loss => Answer::of(loss(question)),
    }
}

/// The logits, one row an example.
fn logits(question: &Question) -> Result<Tensor> {
    let shape = (question.logits.len(), question.classes());
    Tensor::from_vec(question.flat(), shape, &Device::Cpu)?.to_dtype(match question.kind.as_str() {
        "f32" => DType::F32,
        _ => DType::F64,
    })
}

fn probability(question: &Question) -> Result<f64> {
    let y_hat = ops::softmax(&logits(question)?, 1)?;
    let found = y_hat.get(0)?.get(question.class)?;
    found.to_dtype(DType::F64)?.to_scalar()
}

fn loss(question: &Question) -> Result<f64> {
    let rows = question.logits.len();
    let labels: Vec<u32> = question.labels().map(|label| label as u32).collect();
    let labels = Tensor::from_vec(labels, rows, &Device::Cpu)?;
    let mean = loss::cross_entropy(&logits(question)?, &labels)?;
    Ok(mean.to_dtype(DType::F64)?.to_scalar::<f64>()? * rows as f64)
}
