//! What is handed out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::{copy, course, exercises, released, solved, text, tmp};

/// A copy of what is handed out, in which a test may write. One target for all: each test has its
/// own name for the folder.
fn students(name: &str) -> PathBuf {
    let folder = tmp().join("students").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    copy(&released().join("students"), &folder);
    folder
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).current_dir(folder);
    cargo.env("RUSTFLAGS", "-D warnings");
    cargo.env("CARGO_TARGET_DIR", tmp().join("students-target"));
    cargo.output().unwrap()
}

/// All commands of the README, and the workflow's.
const ALL: &[&str] = &["run", "--offline", "--locked"];

fn report(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("report.json")).unwrap()).unwrap()
}

#[test]
fn stubs_have_no_points_and_solutions_have_all() {
    let folder = students("work");
    let output = cargo(&folder, ALL);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let found = report(&folder);
    assert_eq!(found["points"], 0);
    assert_eq!(
        found["exercises"].as_array().unwrap().len(),
        exercises().len()
    );

    for exercise in exercises() {
        let file = folder.join(format!("exercises/src/{exercise}.rs"));
        fs::write(file, solved(&exercise)).unwrap();
    }
    let output = cargo(&folder, ALL);
    assert!(output.status.success(), "{}", text(&output));
    let found = report(&folder);
    assert_eq!(found["points"], found["of"]);
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("16 of 16 exercises are done"), "{page}");

    // A panic costs its own points.
    let panicking = "pub fn newton(_: f64, _: &mut dyn FnMut(f64) -> f64) -> f64 { panic!() }";
    fs::write(folder.join("exercises/src/newton.rs"), panicking).unwrap();
    let output = cargo(&folder, ALL);
    assert!(
        text(&output).contains("67 of 72 points"),
        "{}",
        text(&output)
    );

    // What an answer prints stands apart from what is found of it.
    let stub = fs::read_to_string(released().join("students/exercises/src/loss.rs")).unwrap();
    let printing = stub.replace("    -(theta", "    dbg!(t);\n    -(theta");
    let loss = folder.join("exercises/src/loss.rs");
    fs::write(&loss, printing).unwrap();
    let output = cargo(&folder, ALL);
    assert!(
        text(&output).contains("loss         three of 1e16: expected"),
        "{}",
        text(&output)
    );
    let found = report(&folder);
    let line = &found["exercises"].as_array().unwrap()[3];
    assert!(
        line["printed"].as_str().unwrap().contains("t = 1"),
        "{line}"
    );
    fs::write(loss, solved("loss")).unwrap();

    // The other command.
    let output = cargo(&folder, &["run", "--offline", "--locked", "loss"]);
    assert!(text(&output).contains("loss: done"), "{}", text(&output));
    let output = cargo(&folder, &["run", "--offline", "--locked", "los"]);
    assert!(
        text(&output).contains("expected one of logits, jacobian"),
        "{}",
        text(&output)
    );

    // The crate that has the answer ready is there for tests, and not for answers.
    let cheat = "use ndarray::Array1;\nuse softmax_backprop as s;\n\n\
                 pub fn softmax(theta: &Array1<f64>) -> Array1<f64> {\n    \
                 s::softmax(&s::Logits::new(theta.clone()).unwrap()).as_array().clone()\n}\n";
    let file = folder.join("exercises/src/stable.rs");
    fs::write(&file, cheat).unwrap();
    let output = cargo(&folder, ALL);
    assert!(
        text(&output).contains("unresolved import `softmax_backprop`"),
        "{}",
        text(&output)
    );
    let own_test = "\n#[test]\nfn as_the_crate() {\n    \
                    let theta = softmax_backprop::Logits::new(ndarray::array![0.0, 1.0]).unwrap();\n    \
                    assert_eq!(softmax(theta.as_array()), softmax_backprop::softmax(&theta).as_array());\n}\n";
    fs::write(&file, solved("stable") + own_test).unwrap();
    let output = cargo(
        &folder,
        &["test", "--offline", "--locked", "-p", "exercises"],
    );
    assert!(
        text(&output).contains("as_the_crate ... ok"),
        "{}",
        text(&output)
    );
}

#[test]
fn students_are_given_no_solution() {
    let students = released().join("students");
    for exercise in exercises() {
        for folder in ["exercises", "checks"] {
            let file = students.join(format!("{folder}/src/{exercise}.rs"));
            let text = fs::read_to_string(&file).unwrap();
            for word in ["solution", "ANCHOR"] {
                assert!(!text.contains(word), "{}: {word}", file.display());
            }
        }
    }
    for path in ["judge", "exercises/src/solutions", "assignment.toml"] {
        assert!(released().join("teacher").join(path).exists());
        assert!(!students.join(path).exists(), "{path}");
    }
}

#[test]
fn both_folders_have_the_versions_of_this_one() {
    fn packages(lock: &str) -> Vec<&str> {
        // Those of a registry, by name and version and digest.
        let packages = lock
            .split("[[package]]\n")
            .filter(|package| package.contains("checksum = "));
        packages
            .map(|package| package.split("dependencies").next().unwrap().trim_end())
            .collect()
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let here = fs::read_to_string(here).unwrap();
    for folder in ["students", "teacher"] {
        let lock = fs::read_to_string(released().join(folder).join("Cargo.lock")).unwrap();
        let packages_there = packages(&lock);
        assert!(
            (10..60).contains(&packages_there.len()),
            "{}",
            packages_there.len()
        );
        for package in packages_there {
            assert!(packages(&here).contains(&package), "{folder}: {package}");
        }
    }
}

#[test]
fn the_teachers_folder_tries_its_hidden_checks() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--offline", "--locked"]);
    cargo.current_dir(released().join("teacher"));
    // What grading compiles, too.
    cargo.env("CARGO_TARGET_DIR", tmp().join("teacher-target"));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("solutions_pass_and_stubs_fail_with_any_seed ... ok"));
}

#[test]
fn a_folder_that_is_not_empty_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "").unwrap();
    let output = course(&["release", folder.path().to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output);
    assert!(
        said.contains("expected an empty folder, found thesis.tex in it"),
        "{said}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn each_release_has_a_seed_of_its_own() {
    let seed = |folder: &Path| {
        let path = folder.join("teacher/assignment.toml");
        let text = fs::read_to_string(path).unwrap();
        text.lines()
            .find(|line| line.starts_with("seed = "))
            .unwrap()
            .to_owned()
    };
    let folder = tempfile::tempdir().unwrap();
    let output = course(&["release", folder.path().to_str().unwrap()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert_ne!(seed(folder.path()), seed(released()));
}
