#![doc = include_str!("../README.md")]

mod chart;
mod regions;

pub use chart::Chart;
pub use regions::Regions;
