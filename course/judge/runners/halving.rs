//! Runs the answer to the exercise `halving`; `remote::halving` is the other end.

use ndarray::Array1;

fn main() {
    wire::serve(
        |(p, g, eta): (Array1<f64>, Array1<f64>, f64), ask: &dyn Fn(&Array1<f64>) -> f64| {
            answer::step(ask, &p, &g, eta)
        },
    );
}
