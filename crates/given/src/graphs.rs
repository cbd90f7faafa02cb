//! The graphs of *Back-propagation*: what is computed goes forward, the derivatives come back.

use plots::Graph;
use softmax_backprop::autodiff::{Number, Tape};

use crate::example::Values;

/// A number with a true minus sign, without zeros at its end.
fn short(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    match text {
        "-0" => "0".to_owned(),
        _ => text.replace('-', "−"),
    }
}

fn one(value: f64) -> [String; 1] {
    [short(value, 3)]
}

/// `γ = (c d + r)²`, each step a node.
///
/// # Errors
///
/// Never, as long as each edge joins two of the nodes.
pub fn small(given: [f64; 3]) -> std::result::Result<String, plots::Error> {
    let description = "c and d enter a product, its result and r a sum, its result a square, which gives γ. Forward: 3 times -2 is -6, plus 10 is 4, squared is 16. Backward: 1 arrives at the square, which passes on 8; the sum passes 8 to the product and to r; the product passes -16 to c and 24 to d.";
    let tape = Tape::new();
    let [c, d, r] = given.map(|value| tape.var(value));
    let alpha = c * d;
    let beta = alpha + r;
    let gamma = beta * beta;
    let back = gamma.backward();
    Graph::new("graph-small", "A graph of three operations", description)
        .value("c", (0.0, 0.0))
        .value("d", (0.0, 1.0))
        .value("r", (1.1, 1.4))
        .operation("times", "×", (1.1, 0.5))
        .operation("plus", "+", (2.3, 0.75))
        .operation("square", "( )²", (3.6, 0.75))
        .value("γ", (4.8, 0.75))
        .edge("c", "times", &one(c.value()), &one(back.of(c)))
        .edge("d", "times", &one(d.value()), &one(back.of(d)))
        .edge("times", "plus", &one(alpha.value()), &one(back.of(alpha)))
        .edge("r", "plus", &one(r.value()), &one(back.of(r)))
        .edge("plus", "square", &one(beta.value()), &one(back.of(beta)))
        .edge("square", "γ", &one(gamma.value()), &one(1.0))
        .svg()
}

/// `p = 2c · c²`: the value `c` goes two ways.
///
/// # Errors
///
/// Never, as long as each edge joins two of the nodes.
pub fn fork(given: f64) -> std::result::Result<String, plots::Error> {
    let description = "c leads to two nodes, times 2 and square, and both lead to a product, p. Forward: 3, then 6 and 9, then 54. Backward: 1 arrives at the product, which passes 9 up and 6 down; the nodes multiply these by 2 and by 6, so c receives 18 and 36.";
    let tape = Tape::new();
    let c = tape.var(given);
    let (u, v) = (c * 2.0, c * c);
    let p = u * v;
    let back = p.backward();
    Graph::new("graph-fork", "A graph with a fork", description)
        .value("c", (0.0, 0.6))
        .operation("double", "2 ·", (1.3, 0.0))
        .operation("square", "( )²", (1.3, 1.2))
        .operation("times", "×", (2.7, 0.6))
        .value("p", (3.8, 0.6))
        .edge("c", "double", &one(c.value()), &one(2.0 * back.of(u)))
        .edge(
            "c",
            "square",
            &one(c.value()),
            &one(2.0 * c.value() * back.of(v)),
        )
        .edge("double", "times", &one(u.value()), &one(back.of(u)))
        .edge("square", "times", &one(v.value()), &one(back.of(v)))
        .edge("times", "p", &one(p.value()), &one(1.0))
        .svg()
}

/// The loss as a graph of the logits, `J = log Σ − θ₂`: here `θ₂` goes two ways.
pub fn logits(values: &Values) -> Graph {
    let description = "Each logit enters an exponential, the three exponentials a sum, the sum a logarithm. The second logit also leads to a difference, which takes it from the logarithm and gives the loss J. Backward, 1 arrives at the difference; 1 goes on to the logarithm, which passes on 1 over the sum; each exponential multiplies that by itself, so the probabilities arrive at the logits. Along the second way, -1 arrives at the second logit.";
    let tape = Tape::new();
    let theta = values.theta.as_array();
    let theta = [theta[0], theta[1], theta[2]].map(|value| tape.var(value));
    let exps = theta.map(Number::exp);
    let sum = exps[0] + exps[1] + exps[2];
    let log = sum.ln();
    let loss = log - theta[1];
    let back = loss.backward();
    let names = ["θ₁", "θ₂", "θ₃"];
    let mut graph = Graph::new(
        "graph-logits",
        "The loss from the logits, as a graph",
        description,
    )
    .value("θ₁", (0.0, 0.0))
    .value("θ₃", (0.0, 1.0))
    .value("θ₂", (0.0, 2.6))
    .operation("exp θ₁", "exp", (1.15, 0.0))
    .operation("exp θ₃", "exp", (1.15, 1.0))
    .operation("exp θ₂", "exp", (1.15, 1.95))
    .operation("plus", "+", (2.3, 1.0))
    .operation("log", "log", (3.4, 1.4))
    .operation("minus", "−", (4.3, 2.85))
    .value("J", (5.25, 2.85));
    for (k, name) in names.into_iter().enumerate() {
        let exp = format!("exp {name}");
        // By this edge alone: what the exponential receives, times its own derivative.
        let arrives = back.of(exps[k]);
        graph = graph
            .edge(
                name,
                &exp,
                &one(theta[k].value()),
                &one(arrives * exps[k].value()),
            )
            .edge(&exp, "plus", &one(exps[k].value()), &one(arrives));
    }
    graph
        .edge("plus", "log", &one(sum.value()), &one(back.of(sum)))
        .edge("log", "minus", &one(log.value()), &one(back.of(log)))
        .edge("θ₂", "minus", &one(theta[1].value()), &one(-1.0))
        .edge("minus", "J", &one(loss.value()), &one(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn numbers_are_short_and_their_minus_is_one() {
        assert_eq!(short(-0.5500, 3), "−0.55");
        assert_eq!(short(24.0, 3), "24");
        assert_eq!(short(100.0, 0), "100");
        assert_eq!(short(-0.0001, 3), "0");
    }

    #[test]
    fn the_graphs_carry_the_numbers_of_the_example() {
        let values = example().unwrap();
        let logits = logits(values).svg().unwrap();
        // The two ways of θ₂ bring what δ₂ is the sum of.
        for number in [values.y_hat[1], -1.0, values.loss] {
            assert!(
                logits.contains(&format!(">{}<", short(number, 3))),
                "{number}"
            );
        }
        let small = small([3.0, -2.0, 10.0]).unwrap();
        for number in ["−16", "24", "−6", "16"] {
            assert!(small.contains(&format!(">{number}<")), "{number}");
        }
        assert!(fork(3.0).unwrap().contains(">54<"));
    }
}
