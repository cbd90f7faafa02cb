//! The equations of the book's pages, executed by `formula`.

use std::path::Path;

use formula::{Book, Problem};
use mdbook_cells::Cell;

use crate::points::BOOK;

/// Executes every displayed equation of a page, `derivation/softmax.md`, and keeps what is said of
/// each beside what the cells of the page print: `book/out/<page>/equations.txt`.
///
/// # Panics
///
/// Where an equation cannot be read or does not hold. The message names page, line and column,
/// the two members and the point.
pub fn equations(page: &str) {
    let book = opened(Book::read(Path::new(BOOK)));
    let runs = opened(book.run(page));
    let wrong: Vec<String> = runs
        .iter()
        .filter_map(|run| Some(run.as_ref().err()?.to_string()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if runs.is_empty() {
        return;
    }
    let name = page.trim_end_matches(".md").replace('-', "_");
    let _cell = Cell::open(Path::new(BOOK).join("out"), &format!("{name}/equations"));
    for line in runs.iter().flatten() {
        mdbook_cells::println!("{line}");
    }
}

/// The equation of a number with its numbers put in, as TeX without the tag: `numbers("4.5")`
/// puts numbers into (4.4), as the note beside (4.5) says.
///
/// # Panics
///
/// Where the numbers cannot be put in, and why.
pub fn numbers(tag: &str) -> String {
    opened(opened(Book::read(Path::new(BOOK))).numbers(tag))
}

#[expect(
    clippy::panic,
    reason = "a cell that cannot read its formulas must not pass"
)]
fn opened<T>(result: Result<T, Problem>) -> T {
    match result {
        Ok(value) => value,
        Err(problem) => panic!("{problem}"),
    }
}
