//! Runs the answer to the exercise `standardise`; `remote::standardise` is the other end.

use ndarray::Array2;

fn main() {
    wire::serve::<_, (), _>(|(train, held_out): (Array2<f64>, Array2<f64>), _| {
        answer::standardise(&train, &held_out)
    });
}
