//! Runs the answer to the exercise `logits`; `remote::logits` is the other end.

use ndarray::{Array1, Array2};

fn main() {
    wire::serve::<_, (), _>(|(x, w, b): (Array1<f64>, Array2<f64>, Array1<f64>), _| {
        answer::logits(&x, &w, &b)
    });
}
