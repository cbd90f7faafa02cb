//! Runs the answer to the exercise `gradients`; `remote::gradients` is the other end.

use ndarray::{Array1, Array2};

fn main() {
    wire::serve::<_, (), _>(
        |(x, w, delta): (Array1<f64>, Array2<f64>, Array1<f64>), _| {
            let found = answer::gradients(&x, &w, &delta);
            (found.d_w, found.d_b, found.d_x)
        },
    );
}
