//! The command `course`: what a teacher hands out, made from the book.

mod worksheet;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a teacher hands out, made from the book.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Worksheet(worksheet::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Worksheet(arguments) => worksheet::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
