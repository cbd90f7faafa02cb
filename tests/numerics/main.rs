//! The tests of the crate: its values, its gradients, what it refuses, and what is there for speed.

#![allow(clippy::panic, clippy::unwrap_used)]

mod autodiff;
mod batch;
mod curvature;
mod errors;
mod kernel;
mod lbfgs;
mod network;
mod properties;
mod random;
mod reference_values;
mod rows;
mod training;
mod vectors;

#[path = "../reference"]
mod reference {
    pub mod bounds;
    pub mod cases;
}
