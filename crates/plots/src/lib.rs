#![doc = include_str!("../README.md")]

mod axis;
mod draw;
mod error;
mod figure;
mod regions;
mod scale;
#[cfg(test)]
mod tests;

pub use axis::Axis;
pub use error::Error;
pub use figure::Figure;
