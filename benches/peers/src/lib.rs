//! The peers of `softmax-backprop`: what they answer where softmax is hard, and how fast they are.
//!
//! A workspace of its own, so that who works on the crate or on the book need not build them.
//!
//! ```console
//! cargo test --manifest-path benches/peers/Cargo.toml
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin speed
//! ```
//!
//! The first compares each answer with `answers.txt`, which the book's page *Which softmax?* reads,
//! and, with `UPDATE_EXPECT=1`, writes that file. What is right stands in `right.txt`, which
//! `right.py` prints. The second prints tables of speed: `src/bin/speed/main.rs` says of what.

pub mod edges;
