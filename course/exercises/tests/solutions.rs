//! Each check fails on its stub and passes on its solution, and the page shows every exercise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use exercises::*;

/// Name, check of the stub, check of the solution: for each module and its stub.
macro_rules! exercises {
    ($($module:ident::$stub:ident),*) => {
        [$((
            stringify!($module),
            $module::check($module::$stub),
            $module::check($module::solution),
        )),*]
    };
}

fn all() -> [(&'static str, Check, Check); 12] {
    exercises![
        logits::logits,
        jacobian::jacobian,
        gradients::gradients,
        loss::loss,
        differences::differences,
        dual::softmax,
        test_point::test_point,
        batch::gradients,
        standardise::standardise,
        hidden::gradients,
        temperature::temperature,
        newton::newton
    ]
}

#[test]
fn stubs_fail_and_solutions_pass() {
    for (name, stub, solution) in all() {
        assert!(stub.is_err(), "{name}: the check passes on the stub");
        assert!(solution.is_ok(), "{name}: {solution:?}");
    }
}

#[test]
fn every_file_is_tried() -> std::io::Result<()> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(sources)? {
        let name = entry?.file_name().to_string_lossy().replace(".rs", "");
        files.insert(name);
    }
    let beside = ["lib", "compare"].map(String::from);
    let tried = all().map(|(name, ..)| name.to_owned());
    assert_eq!(files, tried.into_iter().chain(beside).collect());
    Ok(())
}

/// In the order of this file, each with its stub, its check and its solution.
#[test]
fn the_page_shows_every_exercise() -> std::io::Result<()> {
    let page =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/exercises.md");
    let page = fs::read_to_string(page)?;
    let shown: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("{{#include ../course/exercises/src/"))
        .filter_map(|rest| rest.strip_suffix("}}"))
        .collect();
    let expected = all().map(|(name, ..)| {
        ["stub", "check", "solution"].map(|part| format!("{name}.rs:{part}"))
    });
    assert_eq!(shown, expected.concat());
    Ok(())
}
