//! A test point that hides no mistake.

use mistakes::{ALL, Batch, RIGHT, checks, points};
use ndarray::array;

use crate::Check;

// ANCHOR: stub
/// A point at which central differences catch eleven of the twelve mistakes.
pub fn test_point() -> Batch {
    Batch {
        // Replace these numbers.
        x: array![[0.6, -1.1]],
        y: array![[0.0, 1.0, 0.0]],
        w: array![[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]],
        b: array![1.0, 1.0, 1.0],
    }
}
// ANCHOR_END: stub

// ANCHOR: check
/// Names the mistakes that slip through. The wrong label is not among them: its
/// gradient belongs to its loss, at any point. The right gradient must pass.
pub fn check(test_point: fn() -> Batch) -> Check {
    let batch = test_point();
    let ((examples, inputs), classes) = (batch.x.dim(), batch.b.len());
    if batch.w.dim() != (inputs, classes) || batch.y.dim() != (examples, classes) {
        let shapes = (batch.w.dim(), batch.y.dim());
        return Err(format!(
            "shapes of w and y: expected them to fit x and b, found {shapes:?}"
        )
        .into());
    }
    for (n, y) in batch.y.rows().into_iter().enumerate() {
        let is_label = y.iter().all(|share| (0.0..=1.0).contains(share));
        if !is_label || (y.sum() - 1.0).abs() > 1e-9 {
            return Err(
                format!("label {n}: expected shares of 1, found {y}").into()
            );
        }
    }
    let (own, given) = (numbers(&batch), numbers(&points::good()));
    let kept = own
        .iter()
        .filter(|&a| given.iter().any(|b| (a - b).abs() < 0.01));
    let kept = kept.count();
    if 2 * kept > own.len() {
        let of = own.len();
        return Err(format!(
            "a point of your own: expected half of its numbers to be new, \
             found {kept} of {of} on the page"
        )
        .into());
    }
    if checks::differences(&RIGHT, &batch)? {
        return Err("expected the right gradient to pass, found it caught".into());
    }
    let mut missed = Vec::new();
    for mistake in &ALL[..11] {
        if !checks::differences(mistake, &batch)? {
            missed.push(mistake.name);
        }
    }
    if missed.is_empty() {
        return Ok(());
    }
    Err(format!("expected all to be caught, found missed: {missed:?}").into())
}

/// Inputs, weights and biases; labels may be alike.
fn numbers(batch: &Batch) -> Vec<f64> {
    batch
        .x
        .iter()
        .chain(&batch.w)
        .chain(&batch.b)
        .copied()
        .collect()
}

#[test]
fn done() -> Check {
    check(test_point)
}
// ANCHOR_END: check
