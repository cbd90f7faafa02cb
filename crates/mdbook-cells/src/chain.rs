//! A chain of equalities, each link of it checked.

use crate::cell::write;
use crate::tex;

/// How far two neighbours may differ, relative to the larger and absolute below 1: wide enough
/// for a central difference, narrower than the five decimals printed.
const TOLERANCE: f64 = 1e-9;

/// A longer chain goes on in the next line, so that it fits a page.
const MEMBERS_A_LINE: usize = 5;

/// Fails where two neighbours among the members differ; [`check!`](crate::check!) calls it.
///
/// # Panics
///
/// Where two neighbours differ by more than 10⁻⁹, or one is not a number.
pub fn check(label: &str, members: &[f64]) {
    for (link, pair) in members.windows(2).enumerate() {
        let scale = pair[0].abs().max(pair[1].abs()).max(1.0);
        assert!(
            (pair[0] - pair[1]).abs() <= TOLERANCE * scale,
            "chain {label:?}: members {} and {} differ: {} and {}",
            link + 1,
            link + 2,
            pair[0],
            pair[1]
        );
    }
}

/// Checks the members, then writes them, `label: a = b = c`, with five decimals;
/// [`chain!`](crate::chain!) calls it.
///
/// # Panics
///
/// As [`check`], and where no cell is open.
pub fn chain(label: &str, members: &[f64]) {
    check(label, members);
    let start = match label {
        "" => String::new(),
        label => format!("{label}: "),
    };
    let indent = " ".repeat(start.chars().count().saturating_sub(2));
    for (line, members) in members.chunks(MEMBERS_A_LINE).enumerate() {
        let numbers: Vec<String> = members.iter().map(|&member| aligned(member)).collect();
        let numbers = numbers.join(" = ");
        match line {
            0 => write(format_args!("{start}{numbers}\n")),
            _ => write(format_args!("{indent}= {numbers}\n")),
        }
    }
}

/// Five decimals, in columns: a number below zero is as wide as one above.
fn aligned(number: f64) -> String {
    format!("{:>8}", tex::number(number, 5))
}
