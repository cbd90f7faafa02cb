#![doc = include_str!("../README.md")]

pub mod expression;
pub mod graph;
pub mod matrix;
pub mod module;
pub mod points;

use std::collections::BTreeMap;

use softmax_backprop::autodiff::Dual;

use expression::{Fault, compute};
use graph::{GRAPHS, Graph, Question};
use matrix::{Matrix, Scalar, words};
use points::{Point, points};

/// A graph with its values and its gradients at all points.
#[derive(Debug)]
pub struct Drill {
    /// Which graph.
    pub graph: &'static Graph,
    /// By the name of each node, of what is given, and of each gradient that is asked for.
    values: Vec<BTreeMap<String, Matrix>>,
}

impl Drill {
    /// Computes a graph at all points.
    ///
    /// # Errors
    ///
    /// Where a definition is none: [`graph::GRAPHS`] has no such.
    pub fn new(graph: &'static Graph) -> Result<Self, Fault> {
        let points = points(graph);
        let values = points.iter().map(|point| values(graph, point));
        Ok(Self {
            graph,
            values: values.collect::<Result<_, _>>()?,
        })
    }

    /// The graph and its questions, for a page in Markdown: what is computed, and what is asked,
    /// with each answer folded.
    pub fn page(&self) -> String {
        let graph = self.graph;
        let mut page = format!("<div class=\"drill\" data-graph=\"{}\">\n\n", self.place());
        let given = graph.given.iter().map(|(name, _)| *name);
        page += &format!(
            "```plaintext\n{} are given\n",
            given.collect::<Vec<_>>().join(", ")
        );
        for (name, definition) in graph.nodes {
            page += &format!("{name} = {definition}\n");
        }
        page += "```\n\n";
        for (number, question) in graph.questions.iter().enumerate() {
            let shape = self.value(question.by).map(|value| words(value.shape()));
            page += &format!(
                "<div class=\"question\" data-question=\"{number}\" data-name=\"{name}\">\n\n\
                 `{name}`, {}\n\n<details>\n<summary>answer of {name}</summary>\n\n\
                 `{}`\n\n{}\n\n</details>\n</div>\n\n",
                shape.unwrap_or_default(),
                question.answer,
                question.reason,
                name = gradient(question.by),
            );
        }
        page + "</div>\n"
    }

    /// Where the graph stands among all.
    fn place(&self) -> usize {
        let name = self.graph.name;
        let place = GRAPHS.iter().position(|graph| graph.name == name);
        place.unwrap_or_default()
    }

    /// A value at the worked example.
    pub fn value(&self, name: &str) -> Option<&Matrix> {
        self.values.first()?.get(name)
    }

    /// What to say of an answer: `Ok` where it is right.
    ///
    /// # Errors
    ///
    /// Why it is not, in words that help.
    pub fn check(&self, question: &Question, answer: &str) -> Result<(), String> {
        for (number, values) in self.values.iter().enumerate() {
            let found = compute(answer, &|name| known(self.graph, question, values, name));
            let found = found.map_err(|fault| fault.to_string())?;
            let expected = &values[&gradient(question.by)];
            let Err(difference) = compare(expected, &found) else {
                continue;
            };
            let mut message = match number {
                0 => difference,
                _ => format!(
                    "right at the worked example, but not everywhere; elsewhere {difference}"
                ),
            };
            if let Some(hint) = self.hint(question, answer) {
                message = format!("{message}. {hint}");
            }
            return Err(message);
        }
        Ok(())
    }

    /// What is known of an answer that is wrong.
    fn hint(&self, question: &Question, answer: &str) -> Option<String> {
        let is = |other: &str| {
            self.values.iter().all(|values| {
                let of =
                    |text: &str| compute(text, &|name| known(self.graph, question, values, name));
                match (of(answer), of(other)) {
                    (Ok(found), Ok(other)) => compare(&other, &found).is_ok(),
                    _ => false,
                }
            })
        };
        let mut mistakes = question.mistakes.iter();
        if let Some((_, hint)) = mistakes.find(|(mistake, _)| is(mistake)) {
            return Some((*hint).to_owned());
        }
        let right = question.answer;
        if is(&format!("-({right})")) {
            return Some("The sign is the other way round.".to_owned());
        }
        is(&format!("({right}).T")).then(|| "It is the transpose.".to_owned())
    }
}

/// The name of the gradient by a node.
pub fn gradient(by: &str) -> String {
    format!("d_{by}")
}

/// The values of a graph at a point, and the gradients that are asked for.
fn values(graph: &Graph, point: &Point) -> Result<BTreeMap<String, Matrix>, Fault> {
    let mut values = run::<f64>(graph, point, None)?;
    for question in graph.questions {
        let by = &values[question.by];
        let mut d_by = by.clone();
        for entry in 0..by.entries().len() {
            let mut moved = by.map(Dual::constant);
            let place = &mut moved.entries_mut()[entry];
            *place = Dual::variable(place.value);
            let moved = run::<Dual>(graph, point, Some((question.by, moved)))?;
            let loss = &moved[graph.nodes[graph.nodes.len() - 1].0];
            d_by.entries_mut()[entry] = loss.entries()[0].derivative;
        }
        values.insert(gradient(question.by), d_by);
    }
    Ok(values)
}

/// All values of a graph; with one of them set, whatever its definition says.
fn run<T: Scalar>(
    graph: &Graph,
    point: &Point,
    set: Option<(&str, Matrix<T>)>,
) -> Result<BTreeMap<String, Matrix<T>>, Fault> {
    let mut values: BTreeMap<String, Matrix<T>> = point
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.map(T::real)))
        .collect();
    values.extend(
        set.iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    for (name, definition) in graph.nodes {
        if set.as_ref().is_none_or(|(by, _)| by != name) {
            let value = compute(definition, &|name| values.get(name).cloned())?;
            values.insert((*name).to_owned(), value);
        }
    }
    Ok(values)
}

/// What an answer may use: all values, and the gradients of the questions before.
fn known(
    graph: &Graph,
    question: &Question,
    values: &BTreeMap<String, Matrix>,
    name: &str,
) -> Option<Matrix> {
    let mut before = graph
        .questions
        .iter()
        .take_while(|one| one.by != question.by);
    let is_value = graph.given.iter().any(|(given, _)| *given == name)
        || graph.nodes.iter().any(|(node, _)| *node == name);
    (is_value || before.any(|one| gradient(one.by) == name))
        .then(|| values.get(name).cloned())
        .flatten()
}

/// Whether two matrices are the same to nine digits; else where they differ.
fn compare(expected: &Matrix, found: &Matrix) -> Result<(), String> {
    if found.shape() != expected.shape() {
        let (expected, found) = (words(expected.shape()), words(found.shape()));
        return Err(format!("expected {expected}, found {found}"));
    }
    let [_, columns] = expected.shape();
    let pairs = expected.entries().iter().zip(found.entries());
    let is_wrong = |(_, (expected, found)): &(usize, (&f64, &f64))| !is_near(**expected, **found);
    let apart = |(_, (expected, found)): &(usize, (&f64, &f64))| (*found - *expected).abs();
    let wrong = pairs.enumerate().filter(is_wrong);
    let Some((at, (expected, found))) = wrong.max_by(|a, b| apart(a).total_cmp(&apart(b))) else {
        return Ok(());
    };
    let entry = match expected_place(at, columns) {
        [row, 1] if columns == 1 => format!("entry {row}"),
        [row, column] => format!("row {row}, column {column}"),
    };
    let [found, expected] = told_apart(*found, *expected);
    Err(format!("{entry} is {found}, expected {expected}"))
}

fn is_near(expected: f64, found: f64) -> bool {
    (found - expected).abs() <= 1e-9 * (1.0 + expected.abs())
}

/// Two numbers with four decimals, or with as many as it takes to see a difference.
fn told_apart(a: f64, b: f64) -> [String; 2] {
    // The sum makes −0 a 0.
    let with = |decimals: usize| [a + 0.0, b + 0.0].map(|one| format!("{one:.decimals$}"));
    let differ = |[a, b]: &[String; 2]| a != b;
    (4..12).map(with).find(differ).unwrap_or_else(|| with(12))
}

/// Row and column, counted from 1.
fn expected_place(at: usize, columns: usize) -> [usize; 2] {
    [at / columns + 1, at % columns + 1]
}
