//! The code exercises of the book *Softmax, back-propagated*, one module each, in
//! the order of its page *Exercises*.
//!
//! A module holds a function to be written, which compiles and returns nothing
//! useful yet; `check`, which tries any such function; the test `done`, which tries
//! the reader's. `cargo test -p exercises` reports what is done. Solutions stand apart,
//! in the folder `solutions`, and are no part of this crate.

pub mod logits;

pub mod jacobian;

pub mod gradients;

pub mod loss;

pub mod differences;

pub mod dual;

pub mod test_point;

pub mod batch;

pub mod standardise;

pub mod hidden;

pub mod temperature;

pub mod newton;

pub mod stable;

pub mod product;

pub mod confusion;

pub mod halving;

pub mod compare;

/// What a check found: nothing, or what is wrong, was expected and was found.
pub type Check = Result<(), Box<dyn std::error::Error>>;
