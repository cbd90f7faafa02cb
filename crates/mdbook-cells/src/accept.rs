//! `mdbook-cells accept`: the cells write what they now print, and one sees which files changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use mdbook_cells::Book;

use crate::Outcome;

/// Runs the cells of the book that `folder` belongs to, so that they bring their files up to date,
/// and lists what changed.
pub fn accept(folder: &Path, arguments: &[String]) -> Outcome {
    let book = Book::above(folder)?;
    let package = package(&book)?;
    let before = files(&book.out())?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["test", "--doc"]).args(arguments);
    cargo.current_dir(&package).env("UPDATE_EXPECT", "1");
    let status = cargo
        .status()
        .map_err(|error| io::Error::new(error.kind(), format!("cannot run cargo: {error}")))?;
    let after = files(&book.out())?;

    let mut changes = 0;
    for path in before
        .keys()
        .chain(after.keys().filter(|path| !before.contains_key(*path)))
    {
        let what = match (before.get(path), after.get(path)) {
            (None, _) => "new",
            (_, None) => "removed",
            (old, new) if old != new => "changed",
            _ => continue,
        };
        changes += 1;
        let path = path.strip_prefix(book.root()).unwrap_or(path);
        println!("{what}: {}", path.display());
    }
    if changes == 0 {
        println!("no file changed");
    }
    if !status.success() {
        eprintln!(
            "mdbook-cells: not every cell came to its end; what failed left its files as they are"
        );
    }
    Ok(status.success())
}

/// The folder of the package whose doctests are the pages: the `Cargo.toml` nearest above them.
fn package(book: &Book) -> io::Result<PathBuf> {
    let mut folders = book.src().ancestors();
    let found = folders.find(|folder| folder.join("Cargo.toml").is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        let message = format!("no Cargo.toml in {} or above it", book.src().display());
        io::Error::new(io::ErrorKind::NotFound, message)
    })
}

fn files(folder: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if !folder.exists() {
        return Ok(files);
    }
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| io::Error::new(error.kind(), format!("{path}: {error}"))
    };
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            let bytes = fs::read(&path).map_err(failed(&path))?;
            files.insert(path, bytes);
        }
    }
    Ok(files)
}
