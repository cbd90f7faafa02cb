//! A cell fails where its files are wrong, missing or left over, and mends them when asked.
//!
//! Whether it mends is read from the environment, so each test runs its cell in a process of its
//! own: this very program, told by a variable to do what [`cell`] says and nothing else.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use mdbook_cells::{Cell, chain, check, println};

const DIRECTORY: &str = "NOTEBOOK_TEST_DIRECTORY";
const BODY: &str = "NOTEBOOK_TEST_BODY";

/// The cells under test; without the variables it has nothing to do.
#[test]
fn cell() {
    let (Some(directory), Ok(body)) = (env::var_os(DIRECTORY), env::var(BODY)) else {
        return;
    };
    let cell = Cell::open(directory, "page/sum");
    match body.as_str() {
        "prints" => println!("1 + 1 = {}", 1 + 1),
        "writes every kind" => {
            println!("printed");
            cell.txt("loss", "1.25");
            cell.tex("sum", r"1 + 1 \\");
            cell.md("table", "| a |\n|---|");
            cell.svg("figure", "<svg></svg>\n");
        }
        "writes twice" => {
            cell.txt("loss", "1");
            cell.txt("loss", "2");
        }
        "opens a second" => drop(Cell::open(".", "page/other")),
        "misnames a file" => cell.txt("../loss", "1"),
        "chains" => {
            let i = 3;
            chain!("i = {i}": 0.1 + 0.2, 0.3, -(-0.3));
        }
        "chains many" => chain!("n": -1.0, -1.0, -1.0, -1.0, -1.0, -1.0),
        "breaks a chain" => chain!(0.3, 0.3 + 1e-8),
        "checks" => {
            let i = 3;
            check!("i = {i}": 0.1 + 0.2, 0.3);
            check!(1.0, 1.0);
        }
        "breaks a check" => check!(1e6, 1e6 + 0.01),
        "chains a NaN" => chain!(f64::NAN, f64::NAN),
        "panics" => {
            println!("half");
            panic!("the cell's own failure");
        }
        other => panic!("no cell {other:?}"),
    }
}

struct Run {
    passed: bool,
    said: String,
}

fn run(body: &str, directory: &Path, update: bool) -> Run {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "cell", "--nocapture"]);
    command
        .env(DIRECTORY, directory)
        .env(BODY, body)
        .env_remove("UPDATE_EXPECT");
    if update {
        command.env("UPDATE_EXPECT", "1");
    }
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

/// A directory of its own for one test, empty at its start.
fn directory(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("cell")
        .join(test);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(path.join("page")).unwrap();
    path
}

#[track_caller]
fn assert_fails(run: &Run, saying: &str) {
    assert!(!run.passed, "passed, and said: {}", run.said);
    assert!(
        run.said.contains(saying),
        "did not say {saying:?} but: {}",
        run.said
    );
}

#[test]
fn a_right_file_passes() {
    let directory = directory("right");
    fs::write(directory.join("page/sum.txt"), "1 + 1 = 2\n").unwrap();
    assert!(run("prints", &directory, false).passed);
}

#[test]
fn a_wrong_file_fails_with_a_diff_and_stays() {
    let directory = directory("wrong");
    let file = directory.join("page/sum.txt");
    fs::write(&file, "1 + 1 = 3\n").unwrap();
    let run = run("prints", &directory, false);
    assert_fails(&run, "page/sum.txt");
    assert_fails(&run, "Diff");
    assert_eq!(fs::read_to_string(&file).unwrap(), "1 + 1 = 3\n");
}

#[test]
fn a_missing_file_fails() {
    assert_fails(&run("prints", &directory("missing"), false), "page/sum.txt");
}

#[test]
fn a_file_left_by_an_earlier_version_fails() {
    let directory = directory("stale");
    fs::write(directory.join("page/sum.txt"), "1 + 1 = 2\n").unwrap();
    fs::write(directory.join("page/sum.loss.txt"), "7\n").unwrap();
    assert_fails(
        &run("prints", &directory, false),
        "does not write this file any more",
    );
}

#[test]
fn a_neighbour_with_a_longer_name_is_left_alone() {
    let directory = directory("neighbour");
    fs::write(directory.join("page/sum.txt"), "1 + 1 = 2\n").unwrap();
    fs::write(directory.join("page/sum_of_squares.txt"), "2\n").unwrap();
    assert!(run("prints", &directory, true).passed);
    assert!(directory.join("page/sum_of_squares.txt").exists());
}

#[test]
fn updating_writes_changes_and_removes() {
    let directory = directory("update");
    fs::remove_dir(directory.join("page")).unwrap();
    assert!(run("writes every kind", &directory, true).passed);
    let read = |name: &str| fs::read_to_string(directory.join("page").join(name)).unwrap();
    assert_eq!(read("sum.txt"), "printed\n");
    assert_eq!(read("sum.loss.txt"), "1.25\n");
    assert_eq!(read("sum.sum.tex"), "1 + 1 \\\\\n");
    assert_eq!(read("sum.table.md"), "| a |\n|---|\n");
    assert_eq!(read("sum.figure.svg"), "<svg></svg>\n");
    assert!(run("writes every kind", &directory, false).passed);

    assert!(run("prints", &directory, true).passed);
    assert_eq!(read("sum.txt"), "1 + 1 = 2\n");
    assert!(!directory.join("page/sum.loss.txt").exists());
    assert!(run("prints", &directory, false).passed);
}

#[test]
fn misuse_fails() {
    let directory = directory("misuse");
    assert_fails(&run("writes twice", &directory, true), "written twice");
    assert_fails(
        &run("opens a second", &directory, true),
        "another cell is open",
    );
    assert_fails(
        &run("misnames a file", &directory, true),
        "expected one word",
    );
}

#[test]
fn a_panic_in_a_cell_is_reported_and_writes_nothing() {
    let directory = directory("panic");
    assert_fails(&run("panics", &directory, true), "the cell's own failure");
    assert!(!directory.join("page/sum.txt").exists());
}

#[test]
fn a_chain_prints_its_members_and_fails_at_a_broken_link() {
    let directory = directory("chain");
    assert!(run("chains", &directory, true).passed);
    let printed = fs::read_to_string(directory.join("page/sum.txt")).unwrap();
    assert_eq!(printed, "i = 3:  0.30000 =  0.30000 =  0.30000\n");
    assert_fails(
        &run("breaks a chain", &directory, true),
        "members 1 and 2 differ",
    );
    assert_fails(
        &run("chains a NaN", &directory, true),
        "members 1 and 2 differ",
    );
}

#[test]
#[should_panic(expected = "no cell is open")]
fn printing_without_a_cell_fails() {
    println!("lost");
}

#[test]
#[should_panic(expected = "separated by /")]
fn a_name_that_leaves_the_directory_fails() {
    Cell::open("out", "../secret");
}
