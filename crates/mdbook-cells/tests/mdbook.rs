//! mdBook builds the book that `mdbook-cells init` makes, and shows what its cells wrote.
//!
//! Needs mdbook on the path, so `cargo test` leaves it out: call it by name.

#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::Command;

use support::book::{book, read};
use support::{assert_passes, ran};

#[test]
fn a_new_book_is_built_and_shows_what_its_cell_wrote() {
    let book = book("mdbook");
    let run = ran(Command::new("mdbook").arg("build").current_dir(&book));
    assert_passes(&run);
    for word in ["WARN", "ERROR"] {
        assert!(!run.said.contains(word), "{}", run.said);
    }
    let page = read(&book, "book/first-cell.html");
    assert!(page.contains("[3, 5, 8] sum to 16"), "{page}");
    assert!(page.contains("the sum is 16."), "{page}");
    assert!(!page.contains("{{#include"), "{page}");
    fs::remove_dir_all(book).unwrap();
}
