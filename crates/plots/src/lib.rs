#![doc = include_str!("../README.md")]

mod axis;
mod draw;
mod error;
mod figure;
mod graph;
mod matrices;
mod scale;
mod simplex;
mod svg;
#[cfg(test)]
mod tests;

pub use axis::Axis;
pub use error::Error;
pub use figure::Figure;
pub use graph::Graph;
pub use matrices::{Framed, Matrices};
pub use simplex::Simplex;
