#![doc = include_str!("../README.md")]

mod draw;
pub mod module;
pub mod simplex;
pub mod surface;

pub use simplex::Simplex;
pub use surface::Surface;
