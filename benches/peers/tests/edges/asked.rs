//! The questions, what each peer answers, and what is said of it.

mod burn;
mod candle;
mod linfa;
mod own;
mod smartcore;

use std::fmt;

/// What went wrong with a question, or in asking it.
pub type Failure = Box<dyn std::error::Error>;

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The probability of the class in the first row.
    Probability,
    /// The loss: that of the class in the first row, and of the first class in each other.
    Loss,
    /// The probability of the class at the input 0, after a fit to [`examples`] without a penalty.
    /// The only logit is the distance of the far one.
    Fit,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fit => "fit",
            Self::Probability => "probability",
            Self::Loss => "loss",
        })
    }
}

/// A line of `right.txt`.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The name of the case.
    pub name: String,
    /// `f64` or `f32`.
    pub kind: String,
    /// What is asked.
    pub quantity: Quantity,
    /// The class, counted from 0.
    pub class: usize,
    /// The logits, one row an example. Exact in the type that is asked for.
    pub logits: Vec<Vec<f64>>,
    /// What is right, `None` where there is no distribution.
    pub right: Option<f64>,
}

impl Question {
    /// The number of classes.
    fn classes(&self) -> usize {
        self.logits.first().map_or(0, Vec::len)
    }

    /// The class of each row, as the loss asks for it.
    fn labels(&self) -> impl Iterator<Item = usize> {
        let others = self.logits.len().saturating_sub(1);
        std::iter::once(self.class).chain(std::iter::repeat_n(0, others))
    }

    /// The logits, row after row.
    fn flat(&self) -> Vec<f64> {
        self.logits.concat()
    }
}

/// Thirteen examples with one input, and their classes: twelve that overlap at 0, 1 and 2, and one
/// far away.
pub fn examples(distance: f64) -> (Vec<f64>, Vec<usize>) {
    let near = [0, 0, 1, 2, 0, 1, 1, 2, 0, 1, 2, 2].map(f64::from);
    let inputs = near.into_iter().chain([distance]).collect();
    (inputs, vec![0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2])
}

/// Reads `right.txt`.
///
/// # Errors
///
/// Where a line is none that `right.py` writes.
pub fn questions(text: &str) -> Result<Vec<Question>, Failure> {
    text.lines().map(question).collect()
}

fn question(line: &str) -> Result<Question, Failure> {
    let fields: Vec<&str> = line.split(" | ").collect();
    let [name, kind, quantity, class, logits, right] = fields[..] else {
        return Err(format!("{line}: expected six fields").into());
    };
    let row = |row: &str| row.split_whitespace().map(str::parse).collect();
    Ok(Question {
        name: name.to_owned(),
        kind: kind.to_owned(),
        quantity: match quantity {
            "probability" => Quantity::Probability,
            "loss" => Quantity::Loss,
            "fit" => Quantity::Fit,
            _ => return Err(format!("{line}: {quantity} is no quantity").into()),
        },
        class: class.parse::<usize>()?.checked_sub(1).ok_or("class 0")?,
        logits: logits.split(';').map(row).collect::<Result<_, _>>()?,
        right: match right {
            "none" => None,
            digits => Some(digits.parse()?),
        },
    })
}

/// What a peer answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A number, the same in `f64`.
    Number(f64),
    /// An error, in its words.
    Refused(String),
    /// There is no public way to ask.
    NotAsked,
}

impl Answer {
    /// The number, or the error in its words.
    fn of<E: fmt::Display>(found: Result<f64, E>) -> Self {
        match found {
            Ok(number) => Self::Number(number),
            Err(error) => Self::Refused(error.to_string()),
        }
    }

    /// What is said of an answer beside the right one: `right`, by which power of ten it is wrong,
    /// relative to it, or what was answered instead of a number like it. Of a fit, three digits.
    pub fn verdict(&self, question: &Question) -> String {
        let right = question.right;
        // Eight or so units in the last place of an f32; that of the book's ladder for f64.
        let (near, nearest) = match question.kind.as_str() {
            "f32" => (1e-6, right.map(|right| f64::from(right as f32))),
            _ => (1e-14, right),
        };
        let is_fit = question.quantity == Quantity::Fit;
        match (self, nearest) {
            (Self::NotAsked, _) => "—".to_owned(),
            (Self::Number(found), _) if is_fit => format!("{found:.3}"),
            (Self::Refused(_), _) => "error".to_owned(),
            (Self::Number(found), _) if found.is_nan() => "NaN".to_owned(),
            (Self::Number(found), Some(right)) if *found == right => "right".to_owned(),
            (Self::Number(found), _) if found.is_infinite() => "∞".to_owned(),
            (Self::Number(found), _) if *found == 0.0 => "0".to_owned(),
            (Self::Number(found), None) => format!("{found:.3}"),
            (Self::Number(found), Some(right)) => match ((found - right) / right).abs() {
                error if error < near => "right".to_owned(),
                error => format!("1e{}", error.log10().floor()),
            },
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number:.2e}"),
            Self::Refused(error) => f.write_str(error.lines().next().unwrap_or_default()),
            Self::NotAsked => f.write_str("no public way to ask"),
        }
    }
}

/// A peer: its name and version, and how it is asked.
pub type Peer = (&'static str, fn(&Question) -> Answer);

/// The crate itself, and its peers by the versions that `Cargo.toml` pins.
pub const PEERS: [Peer; 5] = [
    ("softmax-backprop 0.1.0", own::answer),
    ("candle-nn 0.11.1", candle::answer),
    ("burn-nn 0.22.1", burn::answer),
    ("linfa-logistic 0.8.1", linfa::answer),
    ("smartcore 0.7.0", smartcore::answer),
];

/// One line for each question and peer, as `answers.txt` holds them:
/// `NAME | TYPE | QUANTITY | PEER | VERDICT | ANSWER`.
pub fn report(questions: &[Question]) -> String {
    let mut text = String::new();
    for question in questions {
        for (peer, ask) in PEERS {
            let answer = ask(question);
            let (name, kind) = (&question.name, &question.kind);
            let (asked, verdict) = (question.quantity, answer.verdict(question));
            text += &format!("{name} | {kind} | {asked} | {peer} | {verdict} | {answer}\n");
        }
    }
    text
}
