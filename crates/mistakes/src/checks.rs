//! The checks: each looks at a loss and its gradient at a point, and says whether something is
//! wrong.

use ndarray::{Array, Array1, Array2, Axis, Dimension, concatenate};
use softmax_backprop::{Classifier, Error, Layer, Result, Target, central_differences};

use crate::{Batch, Mistake, Outcome};

/// How far two numbers that should be equal may differ, relative to the larger and absolute
/// below 1. A million times the error of a central difference, and far below a wrong gradient.
pub const TOLERANCE: f64 = 1e-4;

/// The learning rate of [`step`]: small enough for the steepest of the test points.
const LEARNING_RATE: f64 = 1e-2;

/// A check under a name. `caught` tells whether it found something wrong.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// What it compares, in a word or two.
    pub name: &'static str,
    /// Whether the mistake is caught at the point.
    pub caught: fn(&Mistake, &Batch) -> Result<bool>,
}

/// All checks, the cheapest first.
pub const ALL: [Check; 7] = [
    Check {
        name: "shapes",
        caught: shapes,
    },
    Check {
        name: "class sums",
        caught: class_sums,
    },
    Check {
        name: "equal logits",
        caught: equal_logits,
    },
    Check {
        name: "batch twice",
        caught: batch_twice,
    },
    Check {
        name: "one step",
        caught: step,
    },
    Check {
        name: "differences",
        caught: differences,
    },
    Check {
        name: "reference",
        caught: reference,
    },
];

/// A gradient must have the shape of what it is the gradient of.
///
/// # Errors
///
/// None.
pub fn shapes(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let found = (mistake.outcome)(batch);
    Ok(found.d_w.shape() != batch.w.shape() || found.d_b.shape() != batch.b.shape())
}

/// The probabilities and the label both sum to 1, so a gradient summed over the classes must
/// vanish: for the weights of each input, and for the biases.
///
/// # Errors
///
/// None.
pub fn class_sums(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let found = (mistake.outcome)(batch);
    let sums = found.d_w.sum_axis(Axis(1));
    Ok(!agree(&sums, &Array1::zeros(sums.len())) || !close(found.d_b.sum(), 0.0))
}

/// Without weights and with equal biases all `K` classes are as likely, whatever the label: the
/// loss must be `ln K`. The biases are 1, so that the logits are not 0.
///
/// # Errors
///
/// None.
pub fn equal_logits(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let equal = Batch {
        w: Array2::zeros(batch.w.dim()),
        b: Array1::ones(batch.b.dim()),
        ..batch.clone()
    };
    let classes = batch.b.len() as f64;
    Ok(!close((mistake.outcome)(&equal).loss, classes.ln()))
}

/// Each example taken twice must change no mean.
///
/// # Errors
///
/// [`Error::Shape`] never, as long as the batch fits itself.
pub fn batch_twice(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let twice = Batch {
        x: doubled(&batch.x)?,
        y: doubled(&batch.y)?,
        ..batch.clone()
    };
    let (found, expected) = ((mistake.outcome)(&twice), (mistake.outcome)(batch));
    Ok(!same(&found, &expected))
}

/// A small step against the gradient must lower the loss.
///
/// # Errors
///
/// None.
pub fn step(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let before = (mistake.outcome)(batch);
    // One number for all biases is spread over them, as NumPy and ndarray do.
    let d_w = before.d_w.broadcast(batch.w.dim());
    let d_b = before.d_b.broadcast(batch.b.dim());
    let (Some(d_w), Some(d_b)) = (d_w, d_b) else {
        return Ok(true);
    };
    let after = Batch {
        w: &batch.w - &(&d_w * LEARNING_RATE),
        b: &batch.b - &(&d_b * LEARNING_RATE),
        ..batch.clone()
    };
    let falls = (mistake.outcome)(&after).loss < before.loss;
    Ok(!falls)
}

/// The gradient must agree with central differences of the same function's own loss.
///
/// # Errors
///
/// As [`central_differences`].
pub fn differences(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let found = (mistake.outcome)(batch);
    let loss = |w: &Array2<f64>, b: &Array1<f64>| {
        let moved = Batch {
            w: w.clone(),
            b: b.clone(),
            ..batch.clone()
        };
        Ok((mistake.outcome)(&moved).loss)
    };
    let d_w = central_differences(|w| loss(w, &batch.b), &batch.w)?;
    let d_b = central_differences(|b| loss(&batch.w, b), &batch.b)?;
    Ok(!agree(&found.d_w, &d_w) || !agree(&found.d_b, &d_b))
}

/// Loss and gradient must be the mean of what the crate's [`Classifier`] finds for each example.
///
/// # Errors
///
/// As [`Classifier::forward`], and as [`Target::distribution`] where a label is none.
pub fn reference(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    Ok(!same(&(mistake.outcome)(batch), &classifier(batch)?))
}

/// The gradients alone must be those of the crate's [`Classifier`]; the loss is not looked at.
///
/// # Errors
///
/// As [`reference()`].
pub fn reference_gradient(mistake: &Mistake, batch: &Batch) -> Result<bool> {
    let (found, expected) = ((mistake.outcome)(batch), classifier(batch)?);
    Ok(!agree(&found.d_w, &expected.d_w) || !agree(&found.d_b, &expected.d_b))
}

/// The mean of what the crate's [`Classifier`] finds for each example.
fn classifier(batch: &Batch) -> Result<Outcome> {
    let classifier = Classifier::new(Layer::new(batch.w.clone(), batch.b.clone())?);
    let mut mean = Outcome {
        loss: 0.0,
        d_w: Array2::zeros(batch.w.dim()),
        d_b: Array1::zeros(batch.b.dim()),
    };
    let share = 1.0 / batch.examples();
    for (x, y) in batch.x.rows().into_iter().zip(batch.y.rows()) {
        let forward = classifier.forward(&x, &Target::distribution(y.to_owned())?)?;
        let gradients = classifier.backward(&forward)?;
        mean.loss += share * forward.loss;
        mean.d_w.scaled_add(share, &gradients.w);
        mean.d_b.scaled_add(share, &gradients.b);
    }
    Ok(mean)
}

fn doubled(rows: &Array2<f64>) -> Result<Array2<f64>> {
    concatenate(Axis(0), &[rows.view(), rows.view()]).map_err(|_| Error::Shape {
        what: "rows",
        expected: rows.shape().to_vec(),
        found: rows.shape().to_vec(),
    })
}

fn same(found: &Outcome, expected: &Outcome) -> bool {
    close(found.loss, expected.loss)
        && agree(&found.d_w, &expected.d_w)
        && agree(&found.d_b, &expected.d_b)
}

/// Whether two arrays agree, entry by entry. A single number is spread over the other's entries,
/// as NumPy and ndarray do: the shape is for [`shapes`] to judge. Others never agree.
fn agree<D: Dimension>(found: &Array<f64, D>, expected: &Array<f64, D>) -> bool {
    let spread = found.broadcast(expected.raw_dim());
    spread.is_some_and(|found| found.iter().zip(expected).all(|(a, b)| close(*a, *b)))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0)
}
