//! The graphs, each node a line in the language of the answers, and what is asked of them.

/// What a graph is given, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A matrix or a column of numbers, so many rows and columns.
    Numbers(usize, usize),
    /// Distributions, one a column of so many classes.
    Label(usize),
    /// Distributions, one a row: rows and classes.
    Labels(usize, usize),
    /// The number of examples.
    Count(usize),
}

/// A gradient that is asked for: of the loss, the last node, by a node or by what is given.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// By what.
    pub by: &'static str,
    /// One way to write it, with the gradients of the questions before.
    pub answer: &'static str,
    /// Why the answer is what it is, in a sentence.
    pub reason: &'static str,
    /// Answers that miss it, and what to say of each.
    pub mistakes: &'static [(&'static str, &'static str)],
}

/// A graph: what it is given, its nodes in the order of computing, and the questions in the order
/// of going back.
#[derive(Debug, Clone, Copy)]
pub struct Graph {
    /// The word for it on the command line.
    pub name: &'static str,
    /// What it is, in the page and on the command line.
    pub title: &'static str,
    /// Its inputs, parameters and labels.
    pub given: &'static [(&'static str, Given)],
    /// Names and definitions.
    pub nodes: &'static [(&'static str, &'static str)],
    /// What is asked.
    pub questions: &'static [Question],
}

/// All graphs, from the smallest on.
pub const GRAPHS: [Graph; 3] = [LAYER, HIDDEN, BATCH];

const LAYER: Graph = Graph {
    name: "layer",
    title: "One layer, in the smallest steps",
    given: &[
        ("x", Given::Numbers(2, 1)),
        ("W", Given::Numbers(2, 3)),
        ("b", Given::Numbers(3, 1)),
        ("y", Given::Label(3)),
    ],
    nodes: &[
        ("theta", "W.T @ x + b"),
        ("e", "exp(theta)"),
        ("s", "sum(e)"),
        ("y_hat", "e / s"),
        ("l", "log(y_hat)"),
        ("J", "-sum(y * l)"),
    ],
    questions: &[
        Question {
            by: "l",
            answer: "-y",
            reason: "Each entry of l is multiplied by its y, and the sum gets a minus.",
            mistakes: &[
                ("-l", "y * l is a product: l moves, and y is its factor."),
                ("-1", "Each entry of l has its own factor, y."),
            ],
        },
        Question {
            by: "y_hat",
            answer: "d_l / y_hat",
            reason: "The slope of log(y_hat) is 1 / y_hat, times what arrives.",
            mistakes: &[
                ("d_l * y_hat", "The slope of log(y_hat) is 1 / y_hat."),
                (
                    "1 / y_hat",
                    "That is the node's own slope: multiply it by what arrives, d_l.",
                ),
                (
                    "d_l",
                    "That is what arrives: multiply it by the node's own slope.",
                ),
            ],
        },
        Question {
            by: "s",
            answer: "-sum(d_y_hat * e) / (s * s)",
            reason: "s divides each entry of e, so what comes back from all of them adds up.",
            mistakes: &[
                (
                    "-d_y_hat * e / (s * s)",
                    "s is used by each entry of y_hat: what comes back adds up.",
                ),
                (
                    "-sum(d_y_hat) / (s * s)",
                    "An entry of y_hat is its e / s: e stays as a factor.",
                ),
                (
                    "-sum(d_y_hat * e) / s",
                    "The slope of 1 / s is -1 / (s * s).",
                ),
            ],
        },
        Question {
            by: "e",
            answer: "d_y_hat / s + d_s",
            reason: "e goes two ways, into y_hat and into s: what comes back adds up.",
            mistakes: &[
                ("d_y_hat / s", "e goes two ways: add what comes back by s."),
                (
                    "d_s * ones(e)",
                    "e goes two ways: add what comes back by y_hat.",
                ),
                ("d_y_hat / s * d_s", "What comes back by two ways is added."),
            ],
        },
        Question {
            by: "theta",
            answer: "d_e * e",
            reason: "The slope of exp(theta) is exp(theta), which is e. All of it together is y_hat - y.",
            mistakes: &[
                (
                    "d_e",
                    "That is what arrives: multiply it by the slope of exp.",
                ),
                ("d_e * theta", "The slope of exp(theta) is exp(theta)."),
                (
                    "d_y_hat * y_hat * (1 - y_hat)",
                    "That is the diagonal of the table: each logit moves the other probabilities, too.",
                ),
            ],
        },
        Question {
            by: "b",
            answer: "d_theta",
            reason: "A sum passes on what arrives.",
            mistakes: &[("sum(d_theta)", "Each bias belongs to one logit.")],
        },
        Question {
            by: "W",
            answer: "x @ d_theta.T",
            reason: "The weight in row i and column k carries x_i to theta_k: column times row.",
            mistakes: &[(
                "sum(x) * d_theta.T",
                "Each row of W belongs to one input: the shapes say column times row.",
            )],
        },
        Question {
            by: "x",
            answer: "W @ d_theta",
            reason: "An input goes into every logit, by its row of W: what comes back adds up.",
            mistakes: &[],
        },
    ],
};

const HIDDEN: Graph = Graph {
    name: "hidden",
    title: "A hidden layer",
    given: &[
        ("x", Given::Numbers(2, 1)),
        ("W1", Given::Numbers(2, 4)),
        ("b1", Given::Numbers(4, 1)),
        ("W2", Given::Numbers(4, 3)),
        ("b2", Given::Numbers(3, 1)),
        ("y", Given::Label(3)),
    ],
    nodes: &[
        ("z", "W1.T @ x + b1"),
        ("a", "tanh(z)"),
        ("theta", "W2.T @ a + b2"),
        ("y_hat", "exp(theta) / sum(exp(theta))"),
        ("J", "-sum(y * log(y_hat))"),
    ],
    questions: &[
        Question {
            by: "theta",
            answer: "y_hat - y",
            reason: "Softmax and cross-entropy together.",
            mistakes: &[(
                "y_hat - 1",
                "From each probability its y is subtracted, and y is 1 for one class.",
            )],
        },
        Question {
            by: "W2",
            answer: "a @ d_theta.T",
            reason: "What the layer was given, times what arrives: here it was given a.",
            mistakes: &[(
                "z @ d_theta.T",
                "The second layer was given a, and z only through it.",
            )],
        },
        Question {
            by: "b2",
            answer: "d_theta",
            reason: "A sum passes on what arrives.",
            mistakes: &[],
        },
        Question {
            by: "a",
            answer: "W2 @ d_theta",
            reason: "An entry of a goes into every logit: what comes back adds up.",
            mistakes: &[],
        },
        Question {
            by: "z",
            answer: "d_a * (1 - a * a)",
            reason: "The slope of tanh(z) is 1 - tanh(z) * tanh(z), entry by entry.",
            mistakes: &[
                (
                    "d_a",
                    "That is what arrives: multiply it by the slope of tanh.",
                ),
                ("d_a * (1 - a)", "The slope of tanh(z) is 1 - a * a."),
                (
                    "d_a * (1 - z * z)",
                    "The slope of tanh needs a, its value, not z.",
                ),
                ("d_a * a * (1 - a)", "That is the slope of the sigmoid."),
            ],
        },
        Question {
            by: "W1",
            answer: "x @ d_z.T",
            reason: "What the layer was given, times what arrives.",
            mistakes: &[(
                "x @ d_a.T",
                "On the way from a to this layer stands tanh: use what arrives at z.",
            )],
        },
        Question {
            by: "b1",
            answer: "d_z",
            reason: "A sum passes on what arrives.",
            mistakes: &[("d_a", "On the way from a to this layer stands tanh.")],
        },
        Question {
            by: "x",
            answer: "W1 @ d_z",
            reason: "An input goes into every entry of z: what comes back adds up.",
            mistakes: &[],
        },
    ],
};

const BATCH: Graph = Graph {
    name: "batch",
    title: "Five examples, one a row",
    given: &[
        ("X", Given::Numbers(5, 2)),
        ("W", Given::Numbers(2, 3)),
        ("b", Given::Numbers(3, 1)),
        ("Y", Given::Labels(5, 3)),
        ("N", Given::Count(5)),
    ],
    nodes: &[
        ("Theta", "X @ W + ones(rows(X)) @ b.T"),
        ("E", "exp(Theta)"),
        ("Y_hat", "E / (rows(E) @ ones(b).T)"),
        ("J", "-sum(Y * log(Y_hat)) / N"),
    ],
    questions: &[
        Question {
            by: "Theta",
            answer: "(Y_hat - Y) / N",
            reason: "The loss is a mean, so each example has a part of 1 / N.",
            mistakes: &[("Y_hat - Y", "The loss is a mean: it divides by N.")],
        },
        Question {
            by: "W",
            answer: "X.T @ d_Theta",
            reason: "A weight takes part in all examples: what comes back adds up.",
            mistakes: &[(
                "X.T @ d_Theta / N",
                "d_Theta is divided by N already: not twice.",
            )],
        },
        Question {
            by: "b",
            answer: "d_Theta.T @ ones(rows(X))",
            reason: "A bias takes part in all examples: what comes back adds up.",
            mistakes: &[
                (
                    "d_Theta.T @ ones(rows(X)) / N",
                    "d_Theta is divided by N already: not twice.",
                ),
                (
                    "d_Theta",
                    "A bias is used by each example: add up the rows.",
                ),
            ],
        },
        Question {
            by: "X",
            answer: "d_Theta @ W.T",
            reason: "Row by row, what W @ d_theta is for one example.",
            mistakes: &[],
        },
    ],
};
