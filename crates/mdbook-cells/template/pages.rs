//! The pages of the book. Their cells are the doctests of this crate.

#[cfg(doctest)]
include!(concat!(env!("OUT_DIR"), "/pages.rs"));
