//! Equations that hold, that do not, and that are none.

mod blanks;
mod common;
mod fuzz;
mod holds;
mod reads;
mod refuses;
