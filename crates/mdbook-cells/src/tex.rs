//! Numbers, vectors and matrices as LaTeX, with a given number of decimals.

use std::borrow::Borrow;

/// A number: `-1.10`. A zero carries no sign.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        _ => text,
    }
}

/// A number as a factor, in parentheses where it is negative: `(-1.10)`.
pub fn factor(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    if text.starts_with('-') {
        format!("({text})")
    } else {
        text
    }
}

/// A number as a further term of a sum, with its sign before it: `+ 0.10`, `- 0.20`.
pub fn term(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    match text.strip_prefix('-') {
        Some(digits) => format!("- {digits}"),
        None => format!("+ {text}"),
    }
}

/// A fraction in lowest terms: `-\frac{13}{6}`, or `4` where it is whole.
///
/// # Panics
///
/// Where the denominator is 0.
pub fn fraction(numerator: i64, denominator: i64) -> String {
    assert!(denominator != 0, "fraction: the denominator is 0");
    let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
    let above = numerator.unsigned_abs() / divisor;
    let below = denominator.unsigned_abs() / divisor;
    let negative = above != 0 && (numerator < 0) != (denominator < 0);
    let sign = if negative { "-" } else { "" };
    match below {
        1 => format!("{sign}{above}"),
        _ => format!(r"{sign}\frac{{{above}}}{{{below}}}"),
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// A column vector.
pub fn column<T: Borrow<f64>>(entries: impl IntoIterator<Item = T>, decimals: usize) -> String {
    bracketed(numbers(entries, decimals).join(r" \\ "))
}

/// A row vector.
pub fn row<T: Borrow<f64>>(entries: impl IntoIterator<Item = T>, decimals: usize) -> String {
    bracketed(numbers(entries, decimals).join(" & "))
}

/// A matrix, from its rows.
pub fn matrix<T: Borrow<f64>, R: IntoIterator<Item = T>>(
    rows: impl IntoIterator<Item = R>,
    decimals: usize,
) -> String {
    let rows = rows
        .into_iter()
        .map(|row| numbers(row, decimals).join(" & "));
    bracketed(rows.collect::<Vec<_>>().join(r" \\ "))
}

fn numbers<T: Borrow<f64>>(entries: impl IntoIterator<Item = T>, decimals: usize) -> Vec<String> {
    let entries = entries.into_iter();
    entries
        .map(|entry| number(*entry.borrow(), decimals))
        .collect()
}

fn bracketed(body: String) -> String {
    format!(r"\begin{{bmatrix}} {body} \end{{bmatrix}}")
}
