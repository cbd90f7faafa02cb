#![doc = include_str!("../README.md")]

mod audit;
mod cell;
mod chain;
mod claim;
pub mod pages;
pub mod tex;

pub use audit::{Problem, audit};
pub use cell::{Cell, write};
pub use chain::{chain, check};
pub use claim::claim;

/// Opens the cell of the given name; what it writes is kept in `book/out` of the package that
/// the doctest belongs to, and compared when the returned [`Cell`] is dropped.
///
/// The name is a path without an extension: `cell!("forward/loss")` owns `forward/loss.txt` and
/// `forward/loss.*.tex`, `.md`, `.svg` and `.txt`.
#[macro_export]
macro_rules! cell {
    ($name:literal) => {
        $crate::Cell::open(
            ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/out"),
            $name,
        )
    };
}

/// Writes a line to the open cell, formatted as by [`std::println!`].
#[macro_export]
macro_rules! println {
    ($($argument:tt)*) => {
        $crate::write(::std::format_args!("{}\n", ::std::format_args!($($argument)*)))
    };
}

/// Writes a chain of equalities to the open cell, one line `a = b = c`, and fails where two
/// neighbours differ.
///
/// Before the members may stand a label, a format string followed by a colon:
/// `chain!("i = {i}": left(i), right(i))`.
#[macro_export]
macro_rules! chain {
    ($label:literal : $($member:expr),+ $(,)?) => {
        $crate::chain(&::std::format!($label), &[$($member),+])
    };
    ($($member:expr),+ $(,)?) => {
        $crate::chain("", &[$($member),+])
    };
}

/// Checks a chain of equalities as [`chain!`] does, and writes nothing.
#[macro_export]
macro_rules! check {
    ($label:literal : $($member:expr),+ $(,)?) => {
        $crate::check(&::std::format!($label), &[$($member),+])
    };
    ($($member:expr),+ $(,)?) => {
        $crate::check("", &[$($member),+])
    };
}

/// Holds a sentence of the page to a condition: fails where the condition does not hold.
///
/// The words are quoted from the sentence, as the page writes it. That they stand there, once, is
/// for a test of the book to see. After the condition may stand a format string and its
/// arguments, for the values that decide.
///
/// ```
/// # use mdbook_cells::claim;
/// let slopes = [0.25, 0.21];
/// claim!("The slope is largest at one half", slopes[0] > slopes[1], "{slopes:?}");
/// ```
#[macro_export]
macro_rules! claim {
    ($words:literal, $condition:expr $(,)?) => {
        $crate::claim($words, $condition, ::core::format_args!(""))
    };
    ($words:literal, $condition:expr, $($values:tt)+) => {
        $crate::claim(
            $words,
            $condition,
            ::core::format_args!(": {}", ::core::format_args!($($values)+)),
        )
    };
}
