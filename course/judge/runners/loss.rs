//! Runs the answer to the exercise `loss`; `remote::loss` is the other end.

use ndarray::Array1;

fn main() {
    wire::serve::<_, (), _>(|(theta, t): (Array1<f64>, usize), _| answer::loss(&theta, t));
}
