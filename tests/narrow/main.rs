//! The tests of the kernel once more, with the vectors that every processor has.

#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../numerics/kernel.rs"]
mod kernel;
#[path = "../numerics/random.rs"]
mod random;
#[path = "../numerics/rows.rs"]
mod rows;

#[path = "../reference"]
mod reference {
    pub mod bounds;
    pub mod cases;
}
