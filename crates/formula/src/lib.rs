#![doc = include_str!("../README.md")]

mod blanks;
mod book;
mod check;
mod compare;
mod evaluate;
mod fault;
mod frame;
mod mutate;
mod name;
mod notes;
mod numbers;
mod page;
mod parse;
mod point;
mod scalar;
mod scope;
mod tensor;
mod token;
mod tree;
mod witness;
mod write;

pub use blanks::Line;
pub use book::{Book, Mutant, Table};
pub use notes::{Notes, PageNotes};
pub use page::{Display, Page, Problem};
pub use point::Sizes;
pub use scope::{Row, Sample};
