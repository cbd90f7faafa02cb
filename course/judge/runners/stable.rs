//! Runs the answer to the exercise `stable`; `remote::stable` is the other end.

use ndarray::Array1;

fn main() {
    wire::serve::<_, (), _>(|theta: Array1<f64>, _| answer::softmax(&theta));
}
