//! A cell fails where its files are wrong, missing or left over, and mends them when asked.
//!
//! Whether it mends is read from the environment, so each test runs its cell in a process of its
//! own: this very program, told by a variable to do what [`cell`] says and nothing else.

#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use mdbook_cells::{Cell, Error, println};
use support::{assert_fails, assert_passes, directory, run};

/// The cells under test; without being told it has nothing to do.
#[test]
fn cell() {
    let Some((directory, body)) = support::told() else {
        return;
    };
    let before = Error::from("before the cell");
    // As rustdoc calls a cell that ends with `Ok(())`.
    written(&directory, &body, before).unwrap();
}

fn written(directory: &Path, body: &str, before: Error) -> Result<(), Error> {
    let cell = Cell::open(directory, "page/sum");
    match body {
        "prints" => println!("1 + 1 = {}", 1 + 1),
        "prints 3 lines" => println!("1\n2\n3"),
        "prints carriage returns" => println!("1\r\n2\r\n3"),
        "prints nothing" => {}
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
        "panics" => {
            println!("half");
            panic!("the cell's own failure");
        }
        "errs" => {
            println!("half");
            Err("the cell's own error")?;
            cell.svg("figure", "<svg></svg>");
        }
        "prints after an error" => println!("{}", Error::from("in the cell")),
        "errs and drops an older error" => {
            println!("half");
            let error = Error::from("the cell's own error");
            drop(before);
            return Err(error);
        }
        "errs at once" => "one".parse::<u8>().map(drop)?,
        "gets over an error" => {
            let tried = || -> Result<u8, Error> { Ok("one".parse()?) };
            println!(
                "{}",
                if tried().is_err() {
                    "no number"
                } else {
                    "a number"
                }
            );
            let kept = Error::from("kept to the end");
            println!("{kept}");
        }
        other => panic!("no cell {other:?}"),
    }
    Ok(())
}

#[test]
fn a_right_file_passes() {
    let directory = directory("right");
    write(&directory, "sum.txt", "1 + 1 = 2\n");
    assert_passes(&run("prints", &directory, false));
}

#[test]
fn a_wrong_file_fails_with_a_diff_and_stays() {
    let directory = directory("wrong");
    write(&directory, "sum.txt", "1\ntwo\n3\n");
    let run = run("prints 3 lines", &directory, false);
    assert_fails(
        &run,
        "page/sum.txt: the cell \"page/sum\" writes other lines",
    );
    assert_fails(&run, "\n 1\n-two\n+2\n 3\n");
    assert_fails(&run, "UPDATE_EXPECT=1");
    assert_eq!(read(&directory, "sum.txt"), "1\ntwo\n3\n");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let directory = directory("all");
    write(&directory, "sum.txt", "typed\n");
    write(&directory, "sum.loss.txt", "1.25\n");
    write(&directory, "sum.old.svg", "<svg></svg>\n");
    let run = run("writes every kind", &directory, false);
    assert_fails(&run, "-typed\n+printed\n");
    assert_fails(&run, "page/sum.sum.tex: there is no such file");
    assert_fails(&run, "page/sum.table.md: there is no such file");
    assert_fails(
        &run,
        "page/sum.old.svg: the cell \"page/sum\" does not write this file any more",
    );
    assert!(!run.said.contains("sum.loss.txt"), "{}", run.said);
}

#[test]
fn a_missing_file_fails() {
    let run = run("prints", &directory("missing"), false);
    assert_fails(&run, "page/sum.txt: there is no such file");
}

#[test]
fn a_file_left_by_an_earlier_version_fails() {
    let directory = directory("stale");
    write(&directory, "sum.txt", "1 + 1 = 2\n");
    write(&directory, "sum.loss.txt", "7\n");
    let run = run("prints", &directory, false);
    assert_fails(&run, "does not write this file any more");
}

#[test]
fn a_last_line_without_an_end_fails() {
    let directory = directory("end");
    write(&directory, "sum.txt", "1 + 1 = 2");
    let run = run("prints", &directory, false);
    assert_fails(&run, "the end of the last line differs");
}

#[test]
fn a_neighbour_with_a_longer_name_is_left_alone() {
    let directory = directory("neighbour");
    write(&directory, "sum.txt", "1 + 1 = 2\n");
    write(&directory, "sum_of_squares.txt", "2\n");
    assert_passes(&run("prints", &directory, true));
    assert!(directory.join("page/sum_of_squares.txt").exists());
}

#[test]
fn updating_writes_changes_and_removes() {
    let directory = directory("update");
    assert_passes(&run("writes every kind", &directory, true));
    assert_eq!(read(&directory, "sum.txt"), "printed\n");
    assert_eq!(read(&directory, "sum.loss.txt"), "1.25\n");
    assert_eq!(read(&directory, "sum.sum.tex"), "1 + 1 \\\\\n");
    assert_eq!(read(&directory, "sum.table.md"), "| a |\n|---|\n");
    assert_eq!(read(&directory, "sum.figure.svg"), "<svg></svg>\n");
    assert_passes(&run("writes every kind", &directory, false));

    assert_passes(&run("prints", &directory, true));
    assert_eq!(read(&directory, "sum.txt"), "1 + 1 = 2\n");
    assert_eq!(files(&directory), ["sum.txt"]);
    assert_passes(&run("prints", &directory, false));

    assert_passes(&run("prints nothing", &directory, true));
    assert_eq!(files(&directory), [""; 0]);
    assert_passes(&run("prints nothing", &directory, false));
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
    assert!(!directory.join("page").exists());
}

#[test]
fn a_cell_that_panics_leaves_its_files_alone() {
    let directory = directory("panic");
    for update in [true, false] {
        as_they_were(&directory);
        let run = run("panics", &directory, update);
        assert_fails(&run, "the cell's own failure");
        assert!(!run.said.contains("page/sum"), "{}", run.said);
        assert_as_they_were(&directory);
    }
}

/// It would else overwrite its text with the half that it came to, and delete its figure.
#[test]
fn a_cell_that_returns_an_error_while_updating_leaves_its_files_alone() {
    for body in ["errs", "errs at once"] {
        let directory = directory("error_updating");
        as_they_were(&directory);
        run(body, &directory, true);
        assert_as_they_were(&directory);
    }
}

/// A diff of what a cell had not come to would else stand in its place.
#[test]
fn the_error_that_a_cell_returns_is_shown() {
    let directory = directory("error");
    for update in [true, false] {
        as_they_were(&directory);
        let errs = run("errs", &directory, update);
        assert_fails(&errs, "the cell's own error");
        assert!(!errs.said.contains("page/sum"), "{}", errs.said);
        let at_once = run("errs at once", &directory, update);
        assert_fails(&at_once, "invalid digit found in string");
    }
}

#[test]
fn an_error_that_a_cell_gets_over_hides_nothing() {
    let directory = directory("gets_over");
    write(&directory, "sum.txt", "a number\nkept to the end\n");
    let compared = run("gets over an error", &directory, false);
    assert_fails(&compared, "-a number\n+no number\n kept to the end\n");
    assert_passes(&run("gets over an error", &directory, true));
    assert_eq!(read(&directory, "sum.txt"), "no number\nkept to the end\n");
}

#[test]
fn an_error_from_before_a_cell_hides_nothing() {
    let directory = directory("before");
    as_they_were(&directory);
    let run = run("errs and drops an older error", &directory, true);
    assert_fails(&run, "the cell's own error");
    assert_as_they_were(&directory);
}

#[test]
fn an_error_from_before_a_cell_does_not_end_it() {
    let directory = directory("after");
    write(&directory, "sum.txt", "typed\n");
    let run = run("prints after an error", &directory, false);
    assert_fails(&run, "-typed\n+in the cell\n");
}

#[test]
fn what_cannot_be_made_is_named() {
    let directory = directory("make");
    fs::write(directory.join("page"), "a file where a folder should be\n").unwrap();
    let run = run("prints", &directory, true);
    assert_fails(&run, "page: cannot make: ");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_named() {
    let directory = directory("write");
    fs::create_dir_all(directory.join("page")).unwrap();
    std::os::unix::fs::symlink("gone/sum.txt", directory.join("page/sum.txt")).unwrap();
    let run = run("prints", &directory, true);
    assert_fails(&run, "page/sum.txt: cannot write: ");
}

#[test]
fn what_cannot_be_read_is_named() {
    let directory = directory("read");
    fs::create_dir_all(directory.join("page/sum.txt")).unwrap();
    for update in [true, false] {
        assert_fails(
            &run("prints", &directory, update),
            "page/sum.txt: cannot read: ",
        );
    }
}

#[test]
fn what_cannot_be_removed_is_named() {
    let directory = directory("remove");
    fs::create_dir_all(directory.join("page/sum.figure.svg")).unwrap();
    let run = run("prints", &directory, true);
    assert_fails(&run, "page/sum.figure.svg: cannot remove: ");
}

#[test]
fn line_ends_of_either_kind_pass() {
    let directory = directory("line_ends");
    for file in ["1\n2\n3\n", "1\r\n2\r\n3\r\n"] {
        for body in ["prints 3 lines", "prints carriage returns"] {
            write(&directory, "sum.txt", file);
            assert_passes(&run(body, &directory, false));
            // Nothing to update: the checkout keeps its line ends.
            assert_passes(&run(body, &directory, true));
            assert_eq!(read(&directory, "sum.txt"), file);
        }
    }
}

#[test]
fn what_is_written_has_line_ends_of_one_kind() {
    let directory = directory("one_kind");
    write(&directory, "sum.txt", "1\r\n2\r\n");
    assert_passes(&run("prints carriage returns", &directory, true));
    assert_eq!(read(&directory, "sum.txt"), "1\n2\n3\n");
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

const FILES: [(&str, &str); 2] = [
    ("sum.figure.svg", "<svg></svg>\n"),
    ("sum.txt", "half\nrest\n"),
];

fn as_they_were(directory: &Path) {
    for (name, text) in FILES {
        write(directory, name, text);
    }
}

#[track_caller]
fn assert_as_they_were(directory: &Path) {
    assert_eq!(files(directory), FILES.map(|(name, _)| name));
    for (name, text) in FILES {
        assert_eq!(read(directory, name), text);
    }
}

fn write(directory: &Path, name: &str, text: &str) {
    fs::create_dir_all(directory.join("page")).unwrap();
    fs::write(directory.join("page").join(name), text).unwrap();
}

fn read(directory: &Path, name: &str) -> String {
    fs::read_to_string(directory.join("page").join(name)).unwrap()
}

fn files(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory.join("page")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}
