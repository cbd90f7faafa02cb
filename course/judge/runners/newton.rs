//! Runs the answer to the exercise `newton`; `remote::newton` is the other end.

fn main() {
    wire::serve(|y: f64, ask: &dyn Fn(&f64) -> f64| answer::newton(y, &mut |z| ask(&z)));
}
