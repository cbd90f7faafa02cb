//! Runs the answer to the exercise `differences`; `remote::differences` is the other end.

use ndarray::Array1;

fn main() {
    wire::serve(|at: Array1<f64>, ask: &dyn Fn(&Array1<f64>) -> f64| answer::differences(ask, &at));
}
