//! The numbers of equations, `3.9`, and the references to them, `(3.9)`.

use std::ops::Range;

/// Whether this is the number of an equation: `8.4`.
pub fn is_number(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.')
        .is_some_and(|(chapter, number)| is_digits(chapter) && is_digits(number))
}

/// The number in the brackets at the beginning of `text`, and what follows them.
pub fn reference(text: &str) -> Option<(&str, &str)> {
    let (number, after) = text.strip_prefix('(')?.split_once(')')?;
    is_number(number).then_some((number, after))
}

/// Every reference in `text`: where it stands, with its brackets, and its number.
pub fn references(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let opened = text.match_indices('(');
    opened.filter_map(|(at, _)| {
        let (number, after) = reference(&text[at..])?;
        Some((at..text.len() - after.len(), number))
    })
}

#[test]
fn a_reference_is_two_numbers_in_brackets() {
    let text = "(3.9) ((10.12)) (a.1) (3) (3.) (.9) (1.2.3) ( 3.9) f(1.0)";
    let found: Vec<(&str, &str)> = references(text)
        .map(|(range, number)| (&text[range], number))
        .collect();
    assert_eq!(
        found,
        [("(3.9)", "3.9"), ("(10.12)", "10.12"), ("(1.0)", "1.0")]
    );
}
