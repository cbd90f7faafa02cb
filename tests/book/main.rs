//! The rules of the book. Each is a function from pages to problems, tried here on a good and on
//! bad examples, and then on the book itself.

mod claims;
mod code;
mod equations;
mod fences;
mod inventory;
mod lengths;
mod links;
mod markdown;
mod mathematics;
mod numbers;
mod plans;
mod recall;
#[path = "../support/mod.rs"]
mod support;
mod symbols;

use std::path::Path;
use std::{fs, io};

use support::page::{self, Page};
use support::summary::{self, Entry};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The pages of the book. A rule that saw none would hold in vain.
fn pages() -> io::Result<Vec<Page>> {
    let pages = page::pages(root())?;
    assert!(!pages.is_empty(), "the book has no page");
    Ok(pages)
}

/// The summary of the book.
fn summary() -> io::Result<Vec<Entry>> {
    let text = fs::read_to_string(root().join("book/SUMMARY.md"))?;
    Ok(summary::parse(&text))
}

/// What stands beside the book, is written in Markdown and is read by people.
fn documents() -> io::Result<Vec<Page>> {
    let names = ["README.md", "CONTRIBUTING.md", "book/README.md"];
    names.iter().map(|name| Page::read(root(), name)).collect()
}

/// A page for an example, without includes.
fn example(name: &str, source: &str) -> Page {
    Page::new(name, source, |_| None)
}
