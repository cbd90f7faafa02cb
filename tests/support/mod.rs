//! What the tests of the book share: its pages, its summary, its mathematics and its HTML.

pub mod html;
pub mod katex;
pub mod page;
pub mod path;
pub mod summary;

use mdbook_cells::Problem;

/// Fails where there is a problem, and lists them all, one a line.
#[track_caller]
pub fn assert_none(problems: &[Problem]) {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "\n{}", lines.join("\n"));
}

/// The problems as text, to be compared with what a bad example must give.
pub fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
