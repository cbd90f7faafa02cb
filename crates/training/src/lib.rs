#![doc = include_str!("../README.md")]

pub mod data;
pub mod drawing;
pub mod module;
pub mod run;
