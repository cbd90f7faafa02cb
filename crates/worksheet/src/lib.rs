#![doc = include_str!("../README.md")]

pub mod digits;
pub mod lines;
pub mod module;
pub mod sheets;
pub mod stream;
pub mod work;

pub use sheets::{Error, Kind, Sheet};
