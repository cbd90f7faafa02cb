//! Runs a cell in a process of its own.

// Each test program uses a part.
#![allow(dead_code)]

pub mod book;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

const DIRECTORY: &str = "MDBOOK_CELLS_TEST_DIRECTORY";
const BODY: &str = "MDBOOK_CELLS_TEST_BODY";

/// In the process of the cell: where its files are, and which it is.
pub fn told() -> Option<(PathBuf, String)> {
    Some((env::var_os(DIRECTORY)?.into(), env::var(BODY).ok()?))
}

/// What a process did.
pub struct Run {
    /// Whether it succeeded.
    pub passed: bool,
    /// What it said, on both streams.
    pub said: String,
}

/// Runs a command.
pub fn ran(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Run {
        passed: status.success(),
        said: said.concat(),
    }
}

/// Runs the test `cell` of this very program, told to do what it does for `body`.
pub fn run(body: &str, directory: &Path, update: bool) -> Run {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "cell", "--nocapture"]);
    command
        .env(DIRECTORY, directory)
        .env(BODY, body)
        .env_remove("UPDATE_EXPECT");
    if update {
        command.env("UPDATE_EXPECT", "1");
    }
    ran(&mut command)
}

/// A directory of its own for one test, empty at its start.
pub fn directory(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(env!("CARGO_CRATE_NAME"))
        .join(test);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}

#[track_caller]
pub fn assert_passes(run: &Run) {
    assert!(run.passed, "{}", run.said);
}

#[track_caller]
pub fn assert_fails(run: &Run, saying: &str) {
    assert!(!run.passed, "passed, and said: {}", run.said);
    assert!(
        run.said.contains(saying),
        "did not say {saying:?} but: {}",
        run.said
    );
}
