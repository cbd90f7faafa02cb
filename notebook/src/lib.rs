#![doc = include_str!("../README.md")]

mod audit;
mod cell;
mod chain;
pub mod tex;

pub use audit::{Problem, audit};
pub use cell::{Cell, write};
pub use chain::{chain, check};

/// Opens the cell of the given name; what it writes is kept in `book/out` of the package that
/// the doctest belongs to, and compared when the returned [`Cell`] is dropped.
///
/// The name is a path without an extension: `cell!("forward/loss")` owns `forward/loss.txt` and
/// `forward/loss.*.tex`, `.md`, `.svg` and `.txt`.
#[macro_export]
macro_rules! cell {
    ($name:literal) => {
        $crate::Cell::open(
            ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/book/out"),
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
