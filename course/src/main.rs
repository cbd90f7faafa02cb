//! The command `course`: what a teacher hands out, made from the book.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod assignment;
mod release;

/// What a teacher hands out, made from the book.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the code exercises as two folders, one for the students and one for the teacher.
    Release {
        /// An empty folder, or one that is not there yet.
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Release { folder } => {
            let released = release::release(&folder, rand::random())?;
            println!("To hand out: {}", released.students.display());
            println!("To keep:     {}", released.teacher.display());
            Ok(())
        }
    }
}
