//! A claim: a sentence of the page, and the condition that holds it.

use std::fmt::Arguments;

/// Fails where the condition does not hold; [`claim!`](crate::claim!) calls it.
///
/// The message quotes the words, which stand once on the page; the heading that rustdoc puts
/// above it names the page and the line of the cell.
///
/// # Panics
///
/// Where `holds` is false.
#[track_caller]
pub fn claim(words: &str, holds: bool, values: Arguments<'_>) {
    assert!(
        holds,
        "the page claims \"{words}\", which does not hold{values}"
    );
}
