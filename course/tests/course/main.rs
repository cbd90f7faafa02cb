//! What `release` writes works by itself, and `grade` gives each answer its own points, whatever the
//! other answers do.

#![cfg(test)]

mod grade;
mod release;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// This program.
fn course(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_course"));
    command.args(arguments);
    // One for all folders, so that what they share is compiled once.
    command.env("CARGO_TARGET_DIR", tmp().join("teacher-target"));
    command
}

/// A folder that stays, so that the next run finds compiled what has not changed.
fn tmp() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A folder with `students` and `teacher`, released once for all tests, in a path that has a space
/// and an umlaut.
fn released() -> &'static Path {
    static RELEASED: OnceLock<PathBuf> = OnceLock::new();
    RELEASED.get_or_init(|| {
        let folder = tmp().join("Übung 1");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let output = course(&["release", folder.to_str().unwrap()]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", text(&output));
        folder
    })
}

/// All that a command said.
fn text(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&said).into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The names of the exercises, from the folder that holds them.
fn exercises() -> Vec<String> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises/src/solutions"));
    let names = files.unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap().replace(".rs", ""));
    let mut names: Vec<String> = names.filter(|name| name != "mod").collect();
    names.sort();
    names
}

/// The answer of a student who has written the solution into the stub's file.
fn solved(exercise: &str) -> String {
    let read = |path: &str| fs::read_to_string(released().join(path)).unwrap();
    let stub = read(&format!("students/exercises/src/{exercise}.rs"));
    let solution = read(&format!("teacher/exercises/src/solutions/{exercise}.rs"));
    let (head, solution) = solution.split_once("// ANCHOR: solution\n").unwrap();
    let solution = solution.split("// ANCHOR_END").next().unwrap();
    let head = head
        .lines()
        .filter(|line| !line.starts_with("use exercises::"));
    let head: Vec<&str> = head.collect();
    // The type that a function returns stands above it, and stays.
    let own_type = match (stub.find("#[derive"), stub.find("\n}\n")) {
        (Some(start), Some(end)) => &stub[start..end + 3],
        _ => "",
    };
    let function = stub
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn "))
        .next_back();
    let name = function.unwrap().split('(').next().unwrap();
    let solution = solution.replace("pub fn solution(", &format!("pub fn {name}("));
    format!("{}\n{own_type}\n{solution}", head.join("\n"))
}
