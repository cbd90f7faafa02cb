//! Runs the answer to the exercise `product`; `remote::product` is the other end.

use ndarray::Array1;

fn main() {
    wire::serve::<_, (), _>(|(y_hat, g): (Array1<f64>, Array1<f64>), _| {
        answer::backward(&y_hat, &g)
    });
}
