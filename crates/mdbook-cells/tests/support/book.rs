//! A small book that is not ours: what `mdbook-cells init` makes.

// Each test program uses a part.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{Run, ran};

/// A folder of its own for one test, empty at its start, outside of this workspace.
pub fn empty(test: &str) -> PathBuf {
    let folder = env::temp_dir().join(format!("mdbook-cells-{test}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A book made by `init` in an empty folder, which takes this crate from where it is.
pub fn book(test: &str) -> PathBuf {
    let folder = empty(test);
    super::assert_passes(&init(&folder));
    keep_versions(&folder);
    folder
}

pub fn init(folder: &Path) -> Run {
    let package = env!("CARGO_MANIFEST_DIR");
    cells(folder, &["init", "--crate-path", package])
}

/// With the versions that this crate was compiled with, nothing is downloaded.
pub fn keep_versions(folder: &Path) {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    if lock.exists() {
        fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    }
}

/// Runs `mdbook-cells` in the book.
pub fn cells(book: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mdbook-cells"));
    ran(inside(command.args(arguments), book))
}

/// Runs the cells of the book.
pub fn test(book: &Path) -> Run {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    ran(inside(command.args(["test", "--doc", "--offline"]), book))
}

/// The books share what is compiled.
fn inside<'a>(command: &'a mut Command, book: &Path) -> &'a mut Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("books");
    command.current_dir(book).env("CARGO_TARGET_DIR", target);
    command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    command.env_remove("UPDATE_EXPECT").env_remove("RUSTFLAGS")
}

pub fn read(book: &Path, name: &str) -> String {
    let path = book.join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn write(book: &Path, name: &str, text: &str) {
    let path = book.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
