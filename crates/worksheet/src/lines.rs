//! The lines of the book's equations, filled in.
//!
//! `lines.tsv` and its like are written by the crate `formula` from the equations of the book; a
//! test compares them. A place reads `{theta0}` or `{theta0:term}`.

use crate::digits::{Digits, Style};
use crate::work::Work;

/// A line a row, its members between tabs.
const LINES: &str = include_str!("lines.tsv");

/// The signs for `x`, `W`, `b`, `y`, `η`, `ŷ` and `∂ŷ/∂θ`, and the last of these in symbols.
const LETTERS: &str = include_str!("letters.txt");

/// Where on a sheet a sign of [`letter`] stands.
#[derive(Debug, Clone, Copy)]
pub enum Letter {
    /// `x`
    X,
    /// `W`
    W,
    /// `b`
    B,
    /// `y`
    Y,
    /// `η`
    Rate,
    /// `ŷ`
    YHat,
    /// `∂ŷ/∂θ`
    Jacobian,
    /// `∂ŷ/∂θ`, entry by entry.
    Entries,
}

/// A sign in MathML.
pub fn letter(letter: Letter) -> &'static str {
    LETTERS.lines().nth(letter as usize).unwrap_or_default()
}

/// One line of an equation: its members as templates.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The number of the equation.
    pub tag: &'static str,
    /// What is computed.
    pub left: &'static str,
    /// How, in symbols.
    pub symbols: &'static str,
    /// The same with numbers.
    pub put: &'static str,
    /// Its terms; empty where there is nothing to work out.
    pub terms: &'static str,
    /// What comes out.
    pub result: &'static str,
}

/// The lines of a sheet, in the order in which one computes.
pub fn lines() -> impl Iterator<Item = Line> {
    LINES.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        Some(Line {
            tag: parts.next()?,
            left: parts.next()?,
            symbols: parts.next()?,
            put: parts.next()?,
            terms: parts.next()?,
            result: parts.next()?,
        })
    })
}

impl Line {
    /// With blanks where something is to be computed.
    pub fn blank(&self) -> String {
        let blanks = [self.terms, self.result]
            .map(|template| filled(template, |_, style| Some(blank(style))));
        chain(&[self.left, self.symbols, &blanks[0], &blanks[1]])
    }

    /// With the numbers of a sheet, step by step.
    pub fn numbers(&self, work: &Work) -> String {
        let [put, terms, result] =
            [self.put, self.terms, self.result].map(|template| with(template, work));
        let put = if put == result { "" } else { &put };
        chain(&[self.left, put, &terms, &result])
    }
}

/// Members with equals signs between them, each an element that may begin a new row.
fn chain(members: &[&str]) -> String {
    let mut text = String::new();
    for member in members.iter().filter(|member| !member.is_empty()) {
        let equals = if text.is_empty() {
            ""
        } else {
            "<mo form=\"infix\">=</mo>"
        };
        text += &format!("<math displaystyle=\"true\">{equals}{member}</math>");
    }
    text
}

/// A template with the numbers of a sheet.
pub fn with(template: &str, work: &Work) -> String {
    filled(template, |name, style| {
        Some(number(work, name)?.mathml(style))
    })
}

/// A template with its places filled. A place that names nothing stays, for the tests to find.
pub fn filled(template: &str, text: impl Fn(&str, Style) -> Option<String>) -> String {
    let mut written = String::new();
    for (index, piece) in template.split(['{', '}']).enumerate() {
        if index % 2 == 0 {
            written += piece;
            continue;
        }
        let (name, style) = match piece.split_once(':') {
            Some((name, "factor")) => (name, Style::Factor),
            Some((name, _)) => (name, Style::Term),
            None => (piece, Style::Plain),
        };
        written += &text(name, style).unwrap_or_else(|| format!("{{{piece}}}"));
    }
    written
}

/// Room for a number.
pub fn blank(style: Style) -> String {
    let plus = if style == Style::Term {
        "<mo>+</mo>"
    } else {
        ""
    };
    format!("{plus}<mtext><span class=\"blank\"></span></mtext>")
}

/// The number that a place names.
pub fn number(work: &Work, place: &str) -> Option<Digits> {
    let quantity = place.trim_end_matches(|c: char| c.is_ascii_digit());
    let index = place[quantity.len()..].parse().unwrap_or(0);
    let given = &work.given;
    let row: &[Digits] = match quantity {
        "x" => &given.x,
        "w" => &given.w,
        "b" => &given.b,
        "y" => return (index < 3).then(|| given.y(index)),
        "rate" => std::slice::from_ref(&given.rate),
        "terms" => &work.terms,
        "theta" => &work.theta,
        "exps" => &work.exps,
        "sum" => std::slice::from_ref(&work.sum),
        "y_hat" => &work.y_hat,
        "loss" => std::slice::from_ref(&work.loss),
        "delta" => &work.delta,
        "d_w" => &work.d_w,
        "d_b" => &work.d_b,
        "next_w" => &work.next_w,
        "next_b" => &work.next_b,
        _ => return None,
    };
    row.get(index).copied()
}

/// A table of cells, as a vector or a matrix.
pub fn table(columns: usize, cells: &[String]) -> String {
    let cell = |cell: &String| format!("<mtd>{cell}</mtd>");
    let row = |row: &[String]| format!("<mtr>{}</mtr>", row.iter().map(cell).collect::<String>());
    let rows: String = cells.chunks(columns).map(row).collect();
    format!("<mtable>{rows}</mtable>")
}

/// An equation of two sides.
pub fn equation(left: &str, right: &str) -> String {
    chain(&[left, right])
}

/// What is given, in one paragraph.
pub fn given(work: &Work) -> String {
    let given = &work.given;
    let plain = |numbers: &[Digits]| {
        numbers
            .iter()
            .map(|one| one.mathml(Style::Plain))
            .collect::<Vec<_>>()
    };
    let y = [0, 1, 2].map(|class| given.y(class));
    let parts = [
        (Letter::X, table(1, &plain(&given.x))),
        (Letter::W, table(3, &plain(&given.w))),
        (Letter::B, table(1, &plain(&given.b))),
        (Letter::Y, table(1, &plain(&y))),
        (Letter::Rate, given.rate.mathml(Style::Plain)),
    ];
    let line = |(sign, value): &(Letter, String)| {
        format!("<p class=\"line\">{}</p>\n", equation(letter(*sign), value))
    };
    let lines: String = parts.iter().map(line).collect();
    format!("<div class=\"worksheet-lines given\">\n{lines}</div>\n")
}
