#![doc = include_str!("../README.md")]

mod book;
mod epub;
mod history;
mod notebooks;
mod offline;
mod site;
mod xml;

use std::path::Path;
use std::process::ExitCode;
use std::{env, io};

use crate::book::Book;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("editions: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Finishes the book that mdBook has built from the folder where this is run.
fn run() -> io::Result<()> {
    let built = env::args()
        .nth(1)
        .unwrap_or_else(|| "target/book".to_owned());
    let (root, built) = (Path::new("."), Path::new(&built));
    let book = Book::read(root, built)?;
    // The pages offer the editions that are there.
    epub::write(&book, built)?;
    site::finish(&book, built)?;
    // Last, since it keeps what is there.
    offline::write(&book, built)
}
