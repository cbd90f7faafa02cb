//! The six routes to the gradient on the page *Is the gradient right?*.
//!
//! Each gives the derivatives of the loss by nine parameters: `W` row by row, then `b`.

use std::cell::Cell;
use std::error::Error;

use ndarray::{Array1, Array2, Array3, array};
use plots::{Axis, Figure};
use softmax_backprop::autodiff::{Dual, Number, Tape};
use softmax_backprop::cross_entropy::d_y_hat;
use softmax_backprop::softmax::jacobian;
use softmax_backprop::{Probabilities, Target, central_differences};

use crate::example;
use crate::generic::{P, logits, loss};
use crate::notation::kronecker;

/// A route, and what it came to at the worked example.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Route {
    /// What the page calls it.
    pub name: &'static str,
    /// The nine derivatives.
    pub gradient: Vec<f64>,
    /// How often it ran the loss.
    pub runs: usize,
}

impl Route {
    /// The largest difference from another route.
    pub fn apart(&self, other: &Self) -> f64 {
        let pairs = self.gradient.iter().zip(&other.gradient);
        pairs.fold(0.0, |most, (a, b)| most.max((a - b).abs()))
    }
}

/// Takes the six routes, in the order of the page.
///
/// # Errors
///
/// Where the worked example cannot be read, or a route fails.
pub fn six() -> Result<[Route; 6], Box<dyn Error>> {
    let at = example()?;
    let closed = at.gradients.w.iter().chain(&at.gradients.b);
    let route = |name, gradient| Route {
        name,
        gradient,
        runs: RUNS.take(),
    };
    let dual = |chosen: usize| {
        let mut p = P.map(Dual::constant);
        p[chosen] = Dual::variable(P[chosen]);
        counted(p).derivative
    };
    let tape = Tape::new();
    let on_tape = P.map(|value| tape.var(value));
    let moved = |p: &Array1<f64>| Ok(counted(std::array::from_fn(|i| p[i])));
    RUNS.set(0);
    Ok([
        route("index sums", index_sums(&at.x, &at.y, &at.y_hat)),
        route(
            "Jacobian and tensor",
            array_products(&at.x, &at.y, &at.y_hat)?,
        ),
        route("closed form", closed.copied().collect()),
        route("dual numbers", (0..9).map(dual).collect()),
        route("tape", {
            let adjoints = counted(on_tape).backward();
            on_tape.map(|p| adjoints.of(p)).to_vec()
        }),
        route(
            "central differences",
            central_differences(moved, &Array1::from(P.to_vec()))?.to_vec(),
        ),
    ])
}

/// The routes as a table in Markdown, with what each costs in a network of any size.
///
/// # Panics
///
/// Where a route is further from the closed form than the table says.
pub fn table(six: &[Route; 6]) -> String {
    let head = "| route | largest difference | runs of the loss here | for any network |";
    let mut table = format!("{head}\n|---|---|---|---|\n");
    let costs = [
        ("$10^{-15}$", "none, $(M + 1) K^3$ terms"),
        ("$10^{-15}$", "none, $(M + 1) K^2$ entries"),
        ("", "none, $M K$ products"),
        ("$10^{-15}$", "one a parameter: $M K + K$"),
        ("$10^{-15}$", "one, and the way back"),
        ("$10^{-10}$", "two a parameter: $2 (M K + K)$"),
    ];
    for (at, (route, (below, general))) in six.iter().zip(costs).enumerate() {
        let most = if at == 5 { 1e-10 } else { 1e-15 };
        assert!(route.apart(&six[2]) < most, "{route:?}");
        let apart = if at == 2 {
            "–".to_owned()
        } else {
            format!("below {below}")
        };
        table += &format!(
            "| {} | {apart} | {} | {general} |\n",
            route.name, route.runs
        );
    }
    table
}

/// How often the routes that run the loss do so for one gradient, over the number of parameters.
pub fn cost() -> Figure {
    let line = |times: f64| {
        let parameters = (0..=8).map(|k| 10_f64.powf(f64::from(k) / 2.0));
        parameters.map(|n| (n, times * n)).collect::<Vec<_>>()
    };
    Figure::new(
        "gradient-check-cost",
        "What one gradient costs",
        "Both axes logarithmic, from 1 to 10,000 parameters. Two parallel straight lines rise \
         with the number of parameters: differences, and below them forward mode. The line of \
         the tape is level at one run.",
        Axis::logarithmic("parameters").from_to(1.0, 1e4),
        Axis::logarithmic("runs of the loss").from_to(0.5, 3e4),
    )
    .line("differences", &line(2.0))
    .line("forward mode", &line(1.0))
    .line("tape", &[(1.0, 1.0), (1e4, 1.0)])
}

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn counted<T: Number>(p: [T; 9]) -> T {
    RUNS.set(RUNS.get() + 1);
    loss(logits(p))
}

/// The chain rule as sums over indices, every zero kept.
pub fn index_sums(x: &Array1<f64>, y: &Target, y_hat: &Probabilities) -> Vec<f64> {
    let x_1 = [x[0], x[1], 1.0];
    let mut sums = Array2::zeros((3, 3));
    for ((i, j), sum) in sums.indexed_iter_mut() {
        for (k, m) in (0..3).flat_map(|k| (0..3).map(move |m| (k, m))) {
            let d_y_hat = if m == k {
                y_hat[k] * (1.0 - y_hat[k])
            } else {
                -y_hat[m] * y_hat[k]
            };
            *sum += -y[m] / y_hat[m] * d_y_hat * x_1[i] * kronecker(j, k);
        }
    }
    sums.into_iter().collect()
}

/// The chain rule as a product of a row, the Jacobian of softmax, and a tensor.
///
/// # Errors
///
/// Where the label and the probabilities differ in length.
pub fn array_products(
    x: &Array1<f64>,
    y: &Target,
    y_hat: &Probabilities,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let x_1 = array![x[0], x[1], 1.0];
    let tensor = Array3::from_shape_fn((3, 3, 3), |(k, i, j)| x_1[i] * kronecker(j, k));
    let row = d_y_hat(y_hat, y)?.dot(&jacobian(y_hat));
    Ok(row.dot(&tensor.into_shape_with_order((3, 9))?).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    #[test]
    fn the_routes_agree_and_are_counted() {
        let routes = six().unwrap();
        assert_eq!(
            routes.each_ref().map(|route| route.runs),
            [0, 0, 0, 9, 1, 18]
        );
        let closed = &routes[2];
        assert!(routes.iter().all(|route| route.apart(closed) < 1e-9));
    }

    #[test]
    fn both_lead_to_the_gradient() {
        given!(x, y, y_hat, gradients);
        let products = array_products(&x, &y, &y_hat).unwrap();
        for route in [index_sums(&x, &y, &y_hat), products] {
            assert_eq!(route.len(), 9);
            let exact = gradients.w.iter().chain(&gradients.b);
            assert!(route.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-15));
        }
    }
}
