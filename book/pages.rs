//! The pages of the book. Their cells and equations are the doctests of this crate.

#[cfg(doctest)]
include!(concat!(env!("OUT_DIR"), "/pages.rs"));
