#![doc = include_str!("../README.md")]

mod draw;
pub mod module;
pub mod simplex;

pub use simplex::Simplex;
