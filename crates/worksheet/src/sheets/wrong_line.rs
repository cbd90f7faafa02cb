//! The network worked out, with one wrong line: a mistake of *Twelve ways to get it wrong*, and all
//! that follows from it.

use super::{Bodies, Error, Kind};
use crate::digits::Digits;
use crate::lines::{given, lines};
use crate::stream::Stream;
use crate::work::{DECIMALS, FEWER, Work, all};

/// A mistake that one example shows.
#[derive(Debug, Clone, Copy)]
pub struct Mistake {
    /// Its name on the page.
    pub name: &'static str,
    /// Its equation.
    pub equation: &'static str,
    /// The equation whose line it spoils.
    pub line: &'static str,
    /// What was done.
    pub done: &'static str,
    /// Makes it, and goes on from it; none where the digits do not suit a pencil.
    pub make: fn(&mut Work) -> Option<()>,
}

/// Those of the twelve that one example shows. Softmax along the examples makes every probability
/// 1, a mean over one example is the example, and the weights transposed have another shape.
pub const ALL: [Mistake; 8] = [
    Mistake {
        name: "Kronecker's delta dropped",
        equation: "10.2",
        line: "4.18",
        done: "The label is lost: δ is the probabilities themselves.",
        make: |work| {
            work.delta = work.y_hat;
            work.from_delta()
        },
    },
    Mistake {
        name: "diagonal only",
        equation: "10.3",
        line: "4.18",
        done: "Each probability was taken to depend on its own logit alone, so the wrong classes get 0.",
        make: |work| {
            work.delta = std::array::from_fn(|k| match k == work.given.class {
                true => work.y_hat[k].minus(Digits::new(1, 0)),
                false => Digits::new(0, DECIMALS),
            });
            work.from_delta()
        },
    },
    Mistake {
        name: "sign flipped",
        equation: "10.4",
        line: "4.18",
        done: "The probabilities were subtracted from the label, not the label from the probabilities.",
        make: |work| {
            work.delta = work.delta.map(Digits::negative);
            work.from_delta()
        },
    },
    Mistake {
        name: "one number for all biases",
        equation: "10.6",
        line: "4.22",
        done: "The entries of δ were added up, and their sum, 0, was given to each bias.",
        make: |work| {
            let [p, q, r] = work.delta;
            work.d_b = [p.plus(q).plus(r); 3];
            work.from_gradients()
        },
    },
    Mistake {
        name: "softmax twice",
        equation: "10.10",
        line: "4.6",
        done: "Softmax was applied to the probabilities once more.",
        make: |work| {
            let exps = work.y_hat.map(|p| p.value().exp());
            let sum: f64 = exps.iter().sum();
            work.y_hat = all(|k| Digits::near(exps[k] / sum, DECIMALS))?;
            work.from_probabilities()
        },
    },
    Mistake {
        name: "binary loss",
        equation: "10.11",
        line: "4.8",
        done: "The terms of binary cross-entropy, −log(1 − ŷ) of each wrong class, were added.",
        make: |work| {
            let others = (0..3).filter(|k| *k != work.given.class);
            let more: f64 = others.map(|k| -(1.0 - work.y_hat[k].value()).ln()).sum();
            let loss = -work.y_hat[work.given.class].value().ln() + more;
            work.loss = Digits::near(loss, FEWER)?;
            Some(())
        },
    },
    Mistake {
        name: "maximum forgotten",
        equation: "10.12",
        line: "4.8",
        done: "The largest logit was subtracted before the exponentials, and not added to the logarithm of their sum.",
        make: |work| {
            let largest = work
                .theta
                .into_iter()
                .max_by(|a, b| a.value().total_cmp(&b.value()));
            work.loss = work.loss.minus(largest?);
            Some(())
        },
    },
    Mistake {
        name: "label off by one",
        equation: "10.13",
        line: "4.18",
        done: "The label was that of the next class, the first after the last.",
        make: |work| {
            let class = (work.given.class + 1) % 3;
            work.delta = std::array::from_fn(|k| {
                let y = Digits::new(i64::from(k == class), 0);
                work.y_hat[k].minus(y)
            });
            work.from_delta()
        },
    },
];

/// A network worked out rightly and wrongly, and the mistake.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Without the mistake.
    pub right: Work,
    /// With it.
    pub wrong: Work,
    /// The mistake.
    pub mistake: Mistake,
}

/// Draws a network and a mistake whose line differs from the right one in the printed digits.
///
/// # Errors
///
/// As [`Work::draw`], and where it finds none.
pub fn draw(seed: u32) -> Result<Pair, Error> {
    let kind = Kind::WrongLine;
    let mut stream = Stream::new(kind as u32, seed);
    for _ in 0..ATTEMPTS {
        let mistake = ALL[stream.below(ALL.len())];
        let right = Work::draw(&mut stream)?.ok_or(Error::Unkind { kind, seed })?;
        let mut wrong = right;
        if (mistake.make)(&mut wrong).is_some() && spoilt(mistake.line, &right, &wrong) {
            return Ok(Pair {
                right,
                wrong,
                mistake,
            });
        }
    }
    Err(Error::Unkind { kind, seed })
}

/// How many networks are drawn for a mistake at most.
const ATTEMPTS: usize = 1_000;

/// Whether a line differs, and is the first that does.
fn spoilt(tag: &str, right: &Work, wrong: &Work) -> bool {
    let mut differing = lines().filter(|line| line.numbers(right) != line.numbers(wrong));
    differing.next().is_some_and(|line| line.tag == tag)
}

pub(super) fn bodies(seed: u32) -> Bodies {
    let Pair {
        right,
        wrong,
        mistake,
    } = draw(seed)?;
    let mut worked = given(&wrong) + "<ol class=\"worksheet-steps\">\n";
    let (mut place, mut before) = (0, "");
    for line in lines() {
        if line.tag != before {
            worked += if before.is_empty() {
                "<li>"
            } else {
                "</li>\n<li>"
            };
            before = line.tag;
            place += u8::from(is_before(line.tag, mistake.line));
        }
        worked += &format!("<p class=\"line\">{}</p>\n", line.numbers(&wrong));
    }
    worked += "</li>\n</ol>\n";
    let task = format!(
        "<p>A network was worked out here by hand. One of the lines A to I is wrong: what it says does not \
         follow from the lines above it. The lines below go on from it, rightly. Numbers are rounded to 4 decimals, \
         <i>J</i> and the new weights and biases to 3.</p>\n{worked}\
         <p>The wrong line: <span class=\"answer short\"></span> What was done: <span class=\"answer\"></span></p>\n\
         <p>What should stand there: <span class=\"answer\"></span></p>\n"
    );
    let mended: String = (lines().filter(|line| line.tag == mistake.line))
        .map(|line| format!("<p class=\"line\">{}</p>\n", line.numbers(&right)))
        .collect();
    let letter = char::from(b'A' + place - 1);
    let Mistake {
        name,
        equation,
        done,
        ..
    } = mistake;
    let key = format!(
        "<p>The wrong line is {letter}: <em>{name}</em>, ({equation}) of the page <em>Twelve ways to get it wrong</em>. {done}</p>\n\
         <p>It should read:</p>\n<div class=\"worksheet-lines\">\n{mended}</div>\n"
    );
    Ok((task, key))
}

/// Whether an equation stands before another, or is it.
fn is_before(tag: &str, other: &str) -> bool {
    let place = |tag: &str| lines().position(|line| line.tag == tag);
    place(tag) <= place(other)
}
