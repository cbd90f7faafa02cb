//! The loss as a graph of the logits, `J = log Σ − θ_t`, forward and backward.

use super::{Bodies, Error, Kind};
use crate::digits::Digits;
use crate::lines::filled;
use crate::stream::Stream;
use crate::work::{FEWER, Work};

/// Drawn by the crate `plots`; a test compares.
const GRAPH: &str = include_str!("../graph.svg");

/// All numbers of the graph.
struct Graph {
    work: Work,
    /// The classes from top to bottom; the true one is the last.
    rows: [usize; 3],
    log_sum: Digits,
    /// `1 / Σ`.
    over_sum: Digits,
    /// `exp(θ_k) / Σ`, what comes back along the upper ways.
    back: [Digits; 3],
}

pub(super) fn bodies(seed: u32) -> Bodies {
    let graph = draw(seed)?;
    let class = graph.rows[2] + 1;
    let id = format!("graph-{seed}");
    let about = format!(
        "<p>The loss from the logits is <i>J</i> = log Σ − <i>θ</i><sub>{class}</sub>: class {class} is the true one, \
         and its logit goes two ways.</p>\n"
    );
    let task = format!(
        "{about}<p>The logits are given. Write above each line what goes forward, rounded to 4 decimals; log Σ and <i>J</i> to 3. \
         Then begin at <i>J</i> with 1, and write below each line what comes back: what arrives, times the derivative of the \
         operation. Round 1 / Σ to 4 decimals and what arrives at the logits to 3.</p>\n<figure>\n{}</figure>\n\
         <p>What comes back to <i>θ</i><sub>{class}</sub>, both ways together: <span class=\"answer\"></span></p>\n",
        drawn(&graph, &format!("{id}-task"), false)
    );
    let sum = graph.back[2].minus(Digits::new(1, 0)).text();
    let key = format!(
        "{about}<figure>\n{}</figure>\n<p>What comes back to <i>θ</i><sub>{class}</sub>, both ways together: {} − 1 = {sum}. \
         It is <i>δ</i><sub>{class}</sub> = <i>ŷ</i><sub>{class}</sub> − 1, as in (4.18).</p>\n",
        drawn(&graph, &format!("{id}-key"), true),
        graph.back[2].text()
    );
    Ok((task, key))
}

fn draw(seed: u32) -> Result<Graph, Error> {
    let kind = Kind::Graph;
    let mut stream = Stream::new(kind as u32, seed);
    for _ in 0..ATTEMPTS {
        let work = Work::draw(&mut stream)?.ok_or(Error::Unkind { kind, seed })?;
        if let Some(graph) = Graph::of(work) {
            return Ok(graph);
        }
    }
    Err(Error::Unkind { kind, seed })
}

/// How many networks are drawn for a graph at most.
const ATTEMPTS: usize = 1_000;

impl Graph {
    /// The numbers that a pencil arrives at; none where they are not those of the crate.
    fn of(work: Work) -> Option<Self> {
        let class = work.given.class;
        let rows = [(class + 1) % 3, (class + 2) % 3, class];
        let log_sum = Digits::near(work.sum.value().ln(), FEWER)?;
        let over_sum = Digits::near(1.0 / work.sum.value(), 4)?;
        let back = |k: usize| over_sum.times(work.exps[k]).rounded(FEWER);
        let back = [back(rows[0])?, back(rows[1])?, back(rows[2])?];
        let is_of_crate = |row: usize| work.y_hat[rows[row]].rounded(FEWER) == Some(back[row]);
        let is_kind = log_sum.minus(work.theta[class]).rounded(FEWER) == Some(work.loss)
            && (0..3).all(is_of_crate);
        is_kind.then_some(Self {
            work,
            rows,
            log_sum,
            over_sum,
            back,
        })
    }

    /// The number at a place; none where the place is no number.
    fn number(&self, name: &str) -> Option<Digits> {
        let (quantity, row) = match name.strip_suffix(|c: char| c.is_ascii_digit()) {
            Some(quantity) => (quantity, name[quantity.len()..].parse().ok()?),
            None => (name, 2),
        };
        let class = *self.rows.get(row)?;
        Some(match quantity {
            "theta" | "theta_t" => self.work.theta[class],
            "exps" => self.work.exps[class],
            "sum" => self.work.sum,
            "logsum" => self.log_sum,
            "loss" => self.work.loss,
            "over" | "over_s" => self.over_sum,
            "back" => self.back[row],
            "back_l" | "back_j" => Digits::new(1, 0),
            "back_t" => Digits::new(-1, 0),
            _ => return None,
        })
    }
}

/// The graph, with its logits alone or with all numbers: one writes above and below the lines.
fn drawn(graph: &Graph, id: &str, is_key: bool) -> String {
    let drawing = filled(GRAPH, |name, _| {
        if let Some(row) = name.strip_prefix('m') {
            let class = graph.rows.get(row.parse::<usize>().ok()?)?;
            return Some(["θ₁", "θ₂", "θ₃"][*class].to_owned());
        }
        let number = graph.number(name)?;
        let is_given = is_key || name.starts_with("theta");
        Some(if is_given {
            number.text()
        } else {
            String::new()
        })
    });
    drawing.replace("worksheet-graph", id)
}
