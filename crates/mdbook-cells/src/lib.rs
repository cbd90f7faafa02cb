#![doc = include_str!("../README.md")]

mod audit;
mod book;
mod cell;
#[cfg(feature = "chain")]
mod chain;
#[cfg(feature = "claim")]
mod claim;
mod diff;
mod disk;
mod error;
mod markdown;
pub mod pages;
mod rust;
#[cfg(feature = "tex")]
pub mod tex;

pub use audit::{Problem, audit};
pub use book::{Book, out};
pub use cell::{Cell, write};
#[cfg(feature = "chain")]
pub use chain::{chain, check};
#[cfg(feature = "claim")]
pub use claim::claim;
pub use error::{Ending, Error, ending};

/// Opens the cell of the given name. What it writes is kept in `out` beside the pages of the book
/// that the package belongs to, see [`Book`], and compared when the returned [`Cell`] is dropped.
///
/// The name is a path without an extension: `cell!("forward/loss")` owns `forward/loss.txt` and
/// `forward/loss.*.tex`, `.md`, `.svg` and `.txt`.
///
/// A cell that uses `?` ends with `Ok(())`; its errors become an [`Error`]. One whose errors are of
/// another type does not compile:
///
/// ```compile_fail,E0308
/// # use mdbook_cells::cell; let _cell = cell!("sum");
/// let sum = "1".parse::<u8>()? + 1;
/// # Ok::<(), std::num::ParseIntError>(()) // expected `mdbook_cells::Error`
/// ```
#[macro_export]
macro_rules! cell {
    ($name:literal $(,)?) => {{
        if false {
            // The function that the cell stands in returns what a cell may return.
            return $crate::ending();
        }
        $crate::Cell::open($crate::out(::core::env!("CARGO_MANIFEST_DIR")), $name)
    }};
}

/// Writes a line to the open cell, formatted as by [`std::println!`].
#[macro_export]
macro_rules! println {
    ($($argument:tt)*) => {
        $crate::write(::std::format_args!("{}\n", ::std::format_args!($($argument)*)))
    };
}

/// (Feature `chain`.) Writes a chain of equalities to the open cell, one line `a = b = c`, and fails where two
/// neighbours differ.
///
/// Before the members may stand a label, a format string followed by a colon:
/// `chain!("i = {i}": left(i), right(i))`.
#[cfg(feature = "chain")]
#[macro_export]
macro_rules! chain {
    ($label:literal : $($member:expr),+ $(,)?) => {
        $crate::chain(&::std::format!($label), &[$($member),+])
    };
    ($($member:expr),+ $(,)?) => {
        $crate::chain("", &[$($member),+])
    };
}

/// (Feature `chain`.) Checks a chain of equalities as [`chain!`] does, and writes nothing.
#[cfg(feature = "chain")]
#[macro_export]
macro_rules! check {
    ($label:literal : $($member:expr),+ $(,)?) => {
        $crate::check(&::std::format!($label), &[$($member),+])
    };
    ($($member:expr),+ $(,)?) => {
        $crate::check("", &[$($member),+])
    };
}

/// (Feature `claim`.) Holds a sentence of the page to a condition: fails where the condition does not hold.
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
#[cfg(feature = "claim")]
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
