//! An audit names each page and file that does not fit, and where.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use mdbook_cells::audit;

/// A book with the given files, in a directory of its own.
fn book(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let book = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("audit")
        .join(test);
    if book.exists() {
        fs::remove_dir_all(&book).unwrap();
    }
    fs::create_dir_all(&book).unwrap();
    for (name, text) in files {
        let path = book.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    book
}

fn problems(book: &Path) -> Vec<String> {
    audit(book)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

const PAGE: &str = "\
```rust
# let _cell = cell!(\"part/sum\");
```
```text
{{#include ../out/part/sum.txt}}
```
";

#[test]
fn a_book_that_fits_has_no_problem() {
    let book = book(
        "fits",
        &[("part/page.md", PAGE), ("out/part/sum.txt", "2\n")],
    );
    assert_eq!(problems(&book), [""; 0]);
}

#[test]
fn two_cells_cannot_own_one_file() {
    let files = [
        ("part/page.md", PAGE),
        ("part/second.md", "\n\n# cell!(\"part/sum\")\n"),
        ("out/part/sum.txt", "2\n"),
    ];
    assert_eq!(
        problems(&book("twice", &files)),
        [
            "part/second.md:3: cell \"part/sum\" is opened a second time; the first is at part/page.md:2"
        ]
    );
}

#[test]
fn a_file_needs_a_cell_and_an_include() {
    let files = [
        ("part/page.md", PAGE),
        ("out/part/sum.txt", "2\n"),
        ("out/part/sum.loss.txt", "2\n"),
        ("out/orphan.txt", "2\n"),
    ];
    assert_eq!(
        problems(&book("orphans", &files)),
        [
            "out/orphan.txt: no cell writes this file",
            "out/orphan.txt: no page includes this file",
            "out/part/sum.loss.txt: no page includes this file",
        ]
    );
}

#[test]
fn an_include_needs_a_file() {
    assert_eq!(
        problems(&book("missing", &[("part/page.md", PAGE)])),
        ["part/page.md:5: includes ../out/part/sum.txt, which does not exist"]
    );
}
