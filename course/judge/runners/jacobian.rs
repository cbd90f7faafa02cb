//! Runs the answer to the exercise `jacobian`; `remote::jacobian` is the other end.

use ndarray::Array1;

fn main() {
    wire::serve::<_, (), _>(|y_hat: Array1<f64>, _| answer::jacobian(&y_hat));
}
