//! The command `course`: what a teacher hands out, made from the book.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod assignment;
#[cfg(target_os = "linux")]
mod grade;
mod notebooks;
mod release;
mod worksheet;

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
    /// Grades the code exercises that students handed in: a table, and a report for each.
    Grade {
        /// A folder with a folder for each student.
        hand_ins: PathBuf,
        /// The teacher's folder that `release` wrote: by default `teacher`, beside the hand-ins.
        #[arg(long)]
        teacher: Option<PathBuf>,
        /// Where table and reports are written: by default `grades`, beside the hand-ins.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    Worksheet(worksheet::Arguments),
    /// Writes the worked example, the derivation's checks and six exercises as notebooks.
    Notebooks {
        /// An empty folder, or one that is not there yet.
        folder: PathBuf,
    },
    /// Becomes a program in the sandbox; `grade` asks for it.
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    Confine(grade::confine::Confined),
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
        Command::Worksheet(arguments) => Ok(worksheet::run(&arguments)?),
        Command::Release { folder } => {
            let released = release::release(&folder, rand::random())?;
            println!("To hand out: {}", released.students.display());
            println!("To keep:     {}", released.teacher.display());
            Ok(())
        }
        #[cfg(target_os = "linux")]
        Command::Grade {
            hand_ins,
            teacher,
            out,
        } => {
            let graded = grade::grade(&hand_ins, teacher, out)?;
            println!("{} hand-ins: {}", graded.students, graded.table.display());
            Ok(())
        }
        #[cfg(not(target_os = "linux"))]
        Command::Grade { .. } => {
            let system = std::env::consts::OS;
            Err(
                format!("the sandbox: expected Linux, with Landlock and seccomp, found {system}")
                    .into(),
            )
        }
        Command::Notebooks { folder } => {
            let written = notebooks::write(&folder)?;
            println!("{} notebooks: {}", written, folder.display());
            Ok(())
        }
        #[cfg(target_os = "linux")]
        Command::Confine(confined) => Err(format!("the sandbox: {}", confined.run()).into()),
    }
}
