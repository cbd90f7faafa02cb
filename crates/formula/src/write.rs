//! A tree as TeX.

use crate::tree::{Function, Index, Kind, Node, Range, Times};

/// A part of a formula as it is written in a book.
pub fn tex(node: &Node) -> String {
    match &node.kind {
        Kind::Number(text) => text.clone(),
        Kind::Symbol { name, indices } => format!("{name}{}", below(indices)),
        Kind::Call { function, argument } => call(*function, argument),
        Kind::Negative(inner) => format!("-{}", factor(inner)),
        Kind::Add(terms) => sum(terms),
        Kind::Product(factors) => product(factors),
        Kind::Quotient(a, b) => format!(r"\frac{{{}}}{{{}}}", tex(a), tex(b)),
        Kind::Power(base, power) => format!("{}^{{{}}}", factor(base), tex(power)),
        Kind::Transpose(inner) => format!(r"{}\T", factor(inner)),
        Kind::Matrix(rows) => matrix(rows),
        Kind::Derivative { of, by } => format!(r"\pd{{{}}}{{{}}}", tex(of), tex(by)),
        Kind::Gradient { of, by } => format!(r"\nabla_{{{}}} {}", tex(by), tex(of)),
        Kind::Group(inner) => format!("({})", tex(inner)),
        Kind::Sum { index, range, body } => {
            let under = match range {
                Range::All => format!("_{index}"),
                Range::Except(other) => format!(r"_{{{index} \ne {}}}", letter(other)),
                Range::To(end) => format!("_{{{index}=1}}^{{{}}}", tex(end)),
            };
            format!(r"\sum{under} {}", factor(body))
        }
        // Not in a formula that numbers are put into; as it is in the tree, for a message.
        other => format!("{other:?}"),
    }
}

fn letter(index: &Index) -> String {
    match index {
        Index::Letter(letter) => letter.to_string(),
        Index::Digit(digit) => digit.to_string(),
    }
}

fn below(indices: &[Index]) -> String {
    let letters = indices.iter().map(letter);
    match indices.len() {
        0 => String::new(),
        1 => format!("_{}", letters.collect::<String>()),
        _ => format!("_{{{}}}", letters.collect::<String>()),
    }
}

fn call(function: Function, argument: &Node) -> String {
    let inner = tex(argument.bare());
    let is_plain = matches!(argument.bare().kind, Kind::Number(_) | Kind::Symbol { .. });
    match function {
        Function::Exp => format!(r"\exp({inner})"),
        Function::Log if is_plain => format!(r"\log {inner}"),
        Function::Log => format!(r"\log({inner})"),
        Function::Diag => format!(r"\diag({inner})"),
        other => format!("{other:?}({inner})"),
    }
}

/// What stands beside another factor: a sum or a negative number in brackets.
fn factor(node: &Node) -> String {
    match node.kind {
        Kind::Negative(_) | Kind::Add(_) => format!("({})", tex(node)),
        _ => tex(node),
    }
}

fn sum(terms: &[(bool, Node)]) -> String {
    let mut text = String::new();
    for (place, (negative, term)) in terms.iter().enumerate() {
        // A product carries the sign of its first factor.
        let term = match (negative, term_sign(term)) {
            (false, true) if place > 0 => {
                text.push_str(" - ");
                tex(term).trim_start_matches('-').to_owned()
            }
            (true, _) => {
                text.push_str(if place > 0 { " - " } else { "-" });
                factor(term)
            }
            (false, _) => {
                text.push_str(if place > 0 { " + " } else { "" });
                tex(term)
            }
        };
        text.push_str(&term);
    }
    text
}

/// Whether a term begins with a minus.
pub fn term_sign(term: &Node) -> bool {
    match &term.kind {
        Kind::Negative(_) => true,
        Kind::Product(factors) => factors.first().is_some_and(|(_, first)| term_sign(first)),
        _ => false,
    }
}

fn product(factors: &[(Times, Node)]) -> String {
    let mut text = String::new();
    for (place, (_, one)) in factors.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| &factors[before].1);
        if let Some(before) = before {
            text.push_str(match is_number(before) && is_number(one) {
                true => r" \cdot ",
                false => r" \, ",
            });
        }
        text.push_str(&match place {
            0 => first_factor(one),
            _ => factor(one),
        });
    }
    text
}

fn first_factor(node: &Node) -> String {
    match node.kind {
        Kind::Add(_) => factor(node),
        _ => tex(node),
    }
}

/// Whether a factor is a number, or numbers in brackets, so that a dot belongs between two.
fn is_number(node: &Node) -> bool {
    match &node.bare().kind {
        Kind::Number(_) => true,
        Kind::Negative(inner) => is_number(inner),
        Kind::Add(terms) => terms.iter().all(|(_, term)| is_number(term)),
        _ => false,
    }
}

fn matrix(rows: &[Vec<Node>]) -> String {
    let entry = |entry: &Node| tex(entry).replace(r"\frac", r"\dfrac");
    let row = |row: &Vec<Node>| row.iter().map(entry).collect::<Vec<_>>().join(" & ");
    let tall = rows
        .iter()
        .flatten()
        .any(|entry| tex(entry).contains(r"\frac"));
    let end = if tall { r" \\[1ex] " } else { r" \\ " };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!(r"\begin{{bmatrix}} {} \end{{bmatrix}}", rows.join(end))
}
