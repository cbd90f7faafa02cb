//! A chain prints its members, and fails at a broken link.

#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;

use mdbook_cells::{Cell, chain, check};
use support::{assert_fails, assert_passes, directory, run};

/// The cells under test; without being told it has nothing to do.
#[test]
fn cell() {
    let Some((directory, body)) = support::told() else {
        return;
    };
    let _cell = Cell::open(directory, "page/sum");
    let i = 3;
    match body.as_str() {
        "chains" => chain!("i = {i}": 0.1 + 0.2, 0.3, -(-0.3)),
        "chains many" => chain!("n": -1.0, -1.0, -1.0, -1.0, -1.0, -1.0),
        "breaks a chain" => chain!(0.3, 0.3 + 1e-8),
        "checks" => {
            check!("i = {i}": 0.1 + 0.2, 0.3);
            check!(1.0, 1.0);
        }
        "breaks a check" => check!(1e6, 1e6 + 0.01),
        "chains a NaN" => chain!(f64::NAN, f64::NAN),
        other => panic!("no cell {other:?}"),
    }
}

#[test]
fn a_chain_prints_its_members_in_columns() {
    let directory = directory("columns");
    let printed = || fs::read_to_string(directory.join("page/sum.txt")).unwrap();
    assert_passes(&run("chains", &directory, true));
    assert_eq!(printed(), "i = 3:  0.30000 =  0.30000 =  0.30000\n");
    assert_passes(&run("chains many", &directory, true));
    assert_eq!(
        printed(),
        "n: -1.00000 = -1.00000 = -1.00000 = -1.00000 = -1.00000\n = -1.00000\n"
    );
}

#[test]
fn a_check_prints_nothing() {
    let directory = directory("check");
    assert_passes(&run("checks", &directory, true));
    assert!(!directory.join("page/sum.txt").exists());
}

#[test]
fn a_broken_link_fails() {
    let directory = directory("broken");
    for body in ["breaks a chain", "breaks a check", "chains a NaN"] {
        assert_fails(&run(body, &directory, true), "members 1 and 2 differ");
    }
}
