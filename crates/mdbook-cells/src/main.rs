//! The command `mdbook-cells`.

mod accept;
mod init;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, io};

use mdbook_cells::{Book, audit};

const HELP: &str = "\
Verified cells for an mdBook: what a doctest printed is a file, and the page includes the file.

mdbook-cells init [FOLDER] [--crate-path PATH]
    Makes a small book with one cell. In a folder that has a book.toml, adds to that book what runs
    its cells. With --crate-path, the book takes mdbook-cells from there, not from crates.io.

mdbook-cells audit [FOLDER]
    Lists what does not fit: a cell's name used twice, a file that no cell writes or no page includes,
    an include of a file that does not exist, a cell that nothing runs. Fails where there is anything.

mdbook-cells accept [FOLDER] [-- ARGUMENT...]
    Runs UPDATE_EXPECT=1 cargo test --doc, with the arguments, and lists the files that changed.

FOLDER is where book.toml is, or below it; without it, the folder that you are in.
";

/// What a command that ran to its end has to say: whether all is well.
type Outcome = io::Result<bool>;

fn main() -> ExitCode {
    let arguments: Vec<String> = match env::args_os()
        .skip(1)
        .map(|one| one.into_string())
        .collect()
    {
        Ok(arguments) => arguments,
        Err(argument) => return misused(&format!("{}: not UTF-8", argument.display())),
    };
    let Some((command, rest)) = arguments.split_first() else {
        return misused("which command?");
    };
    if [command]
        .into_iter()
        .chain(rest.iter().take_while(|one| *one != "--"))
        .any(|one| one == "--help" || one == "-h")
    {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let outcome = match command.as_str() {
        "--version" | "-V" => {
            println!("mdbook-cells {}", env!("CARGO_PKG_VERSION"));
            Ok(Ok(true))
        }
        "init" => initialise(rest),
        "audit" => folder_alone(rest).map(|folder| audited(&folder)),
        "accept" => {
            let (rest, further) = split_at_dashes(rest);
            folder_alone(rest).map(|folder| accept::accept(&folder, further))
        }
        other => Err(format!("no command {other:?}")),
    };
    match outcome {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        Ok(Ok(false)) => ExitCode::FAILURE,
        Ok(Err(error)) => {
            eprintln!("mdbook-cells: {error}");
            ExitCode::FAILURE
        }
        Err(message) => misused(&message),
    }
}

fn misused(message: &str) -> ExitCode {
    eprintln!("mdbook-cells: {message}\n\n{HELP}");
    ExitCode::from(2)
}

fn initialise(arguments: &[String]) -> Result<Outcome, String> {
    let mut arguments = arguments.to_vec();
    let mut source = None;
    if let Some(at) = arguments.iter().position(|one| one == "--crate-path") {
        if at + 1 == arguments.len() {
            return Err("--crate-path: which path?".to_owned());
        }
        source = arguments.drain(at..=at + 1).nth(1).map(PathBuf::from);
    }
    let folder = folder_alone(&arguments)?;
    Ok(init::init(&folder, source.as_deref()))
}

fn audited(folder: &Path) -> Outcome {
    let book = Book::above(folder)?;
    let problems = audit(book.src())?;
    for problem in &problems {
        println!("{}", shortened(&book.src().join(&problem.path), problem));
    }
    Ok(problems.is_empty())
}

/// A problem with the path from the folder that one is in, where the page is below it.
fn shortened(path: &Path, problem: &mdbook_cells::Problem) -> String {
    let here = env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path).to_owned();
    let problem = mdbook_cells::Problem {
        path,
        ..problem.clone()
    };
    problem.to_string()
}

fn split_at_dashes(arguments: &[String]) -> (&[String], &[String]) {
    match arguments.iter().position(|one| one == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[]),
    }
}

fn folder_alone(arguments: &[String]) -> Result<PathBuf, String> {
    if let Some(option) = arguments.iter().find(|one| one.starts_with('-')) {
        return Err(format!("no option {option:?}"));
    }
    match arguments {
        [] => Ok(PathBuf::from(".")),
        [folder] => Ok(PathBuf::from(folder)),
        [_, second, ..] => Err(format!("{second:?}: expected one folder")),
    }
}
