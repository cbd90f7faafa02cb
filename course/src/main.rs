//! The command `course`: what a teacher hands out, made from the book.

use clap::{Parser, Subcommand};

/// What a teacher hands out, made from the book.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {}

fn main() {
    match Arguments::parse().command {}
}
