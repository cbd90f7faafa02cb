//! Each question: its answer is right, its mistakes are wrong and are told apart, and what counts
//! as right is what the crate computes.

use drills::expression::Fault;
use drills::graph::{GRAPHS, Question};
use drills::{Drill, gradient};
use given::given;

fn drills() -> Result<Vec<Drill>, Fault> {
    GRAPHS.iter().map(Drill::new).collect()
}

/// A graph, and the question that it asks about a node.
fn asked(name: &str, by: &str) -> Option<(Drill, Question)> {
    let graph = GRAPHS.iter().find(|graph| graph.name == name)?;
    let question = graph.questions.iter().find(|one| one.by == by)?;
    Some((Drill::new(graph).ok()?, *question))
}

#[test]
fn each_answer_is_right() {
    for drill in drills().unwrap() {
        for question in drill.graph.questions {
            let checked = drill.check(question, question.answer);
            assert_eq!(checked, Ok(()), "{} d_{}", drill.graph.name, question.by);
        }
    }
}

#[test]
fn each_mistake_is_refused_in_its_own_words() {
    for drill in drills().unwrap() {
        for question in drill.graph.questions {
            let usual = [
                (format!("-({})", question.answer), "The sign"),
                (format!("2 * ({})", question.answer), "expected"),
            ];
            let mistakes = question.mistakes.iter();
            let mistakes = mistakes.map(|(answer, hint)| ((*answer).to_owned(), *hint));
            for (answer, hint) in mistakes.chain(usual) {
                let message = drill.check(question, &answer).unwrap_err();
                println!(
                    "{} d_{}, {answer}: {message}",
                    drill.graph.name, question.by
                );
                assert!(message.contains(hint), "{answer}: {message}");
            }
        }
    }
}

#[test]
fn another_way_to_the_same_is_right() {
    let ways = [
        ("layer", "theta", "y_hat - y"),
        (
            "layer",
            "theta",
            "(diag(y_hat) - y_hat @ y_hat.T) @ d_y_hat",
        ),
        ("layer", "theta", "y_hat * (d_y_hat - sum(d_y_hat * y_hat))"),
        ("layer", "y_hat", "-y / y_hat"),
        ("layer", "s", "1 / s"),
        ("layer", "e", "(ones(e) - y / y_hat) / s"),
        ("layer", "W", "x @ (y_hat - y).T"),
        ("hidden", "z", "(W2 @ d_theta) * (1 - tanh(z) * tanh(z))"),
        ("batch", "W", "X.T @ (Y_hat - Y) / N"),
    ];
    for (name, by, answer) in ways {
        let (drill, question) = asked(name, by).unwrap();
        let checked = drill.check(&question, answer);
        assert_eq!(checked, Ok(()), "{name} d_{by}: {answer}");
    }
}

#[test]
fn what_is_right_at_the_example_alone_is_refused() {
    let (drill, d_l) = asked("layer", "l").unwrap();
    let message = drill.check(&d_l, "-y * y").unwrap_err();
    assert!(
        message.starts_with("right at the worked example, but"),
        "{message}"
    );
}

#[test]
fn an_answer_may_use_what_came_before_and_no_more() {
    let (drill, d_theta) = asked("layer", "theta").unwrap();
    for name in ["d_theta", "d_W", "d_J", "nothing"] {
        let message = drill.check(&d_theta, name).unwrap_err();
        assert!(message.contains("has no value here"), "{name}: {message}");
    }
    let message = drill.check(&d_theta, "y_hat −").unwrap_err();
    assert!(message.starts_with("character 8:"), "{message}");
}

#[test]
fn the_first_point_is_the_worked_example() {
    given!(x, w, b, y, theta, y_hat, loss, gradients);
    let (drill, _) = asked("layer", "l").unwrap();
    let near = |name: &str, expected: Vec<f64>| {
        let found = drill.value(name).unwrap().entries();
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-14,
                "{name}: {found} {expected}"
            );
        }
    };
    near("x", x.to_vec());
    near("W", w.iter().copied().collect());
    near("b", b.to_vec());
    near("y", y.as_array().to_vec());
    near("theta", theta.as_array().to_vec());
    near("y_hat", y_hat.as_array().to_vec());
    near("J", vec![loss]);
    near(&gradient("W"), gradients.w.iter().copied().collect());
    near(&gradient("b"), gradients.b.to_vec());
    near(&gradient("x"), gradients.x.to_vec());
}
