//! A book that `mdbook-cells init` makes, from its first test to an error in one of its cells.
//!
//! Each test runs `cargo` on a book of its own.

#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;

use support::book::{book, cells, empty, init, keep_versions, read, test, write};
use support::{assert_fails, assert_passes};

const PAGE: &str = "src/first-cell.md";
const PRINTED: &str = "src/out/first-cell/sum.txt";
const NUMBER: &str = "src/out/first-cell/sum.sum.txt";

#[test]
fn a_book_passes_fails_when_its_output_is_broken_and_passes_once_it_is_accepted() {
    let book = book("accepted");
    assert_passes(&test(&book));
    assert_passes(&cells(&book, &["audit"]));

    // The output is changed by hand.
    write(&book, PRINTED, "[3, 5, 8] sum to 17\n");
    assert_fails(&test(&book), "-[3, 5, 8] sum to 17\n+[3, 5, 8] sum to 16\n");

    // The code is changed, too.
    write(&book, PAGE, &read(&book, PAGE).replace("3 5 8", "3 5 9"));
    let run = test(&book);
    assert_fails(&run, "-[3, 5, 8] sum to 17\n+[3, 5, 9] sum to 17\n");
    assert_fails(&run, "-16\n+17\n");
    assert_fails(&run, "first_cell (line 5)");

    let accepted = cells(&book, &["accept", ".", "--", "--offline", "--quiet"]);
    assert_passes(&accepted);
    assert_eq!(
        listed(&accepted.said),
        [format!("changed: {NUMBER}"), format!("changed: {PRINTED}")]
    );
    assert_eq!(read(&book, PRINTED), "[3, 5, 9] sum to 17\n");
    assert_passes(&test(&book));

    let again = cells(&book, &["accept", "--", "--offline", "--quiet"]);
    assert_passes(&again);
    assert_eq!(listed(&again.said), ["no file changed"]);
    fs::remove_dir_all(book).unwrap();
}

#[test]
fn the_page_that_the_readme_shows_passes_once_it_is_accepted() {
    let readme = include_str!("../README.md");
    let (_, page) = readme.split_once("~~~markdown\n").unwrap();
    let (page, _) = page.split_once("~~~\n").unwrap();
    let book = book("readme");
    fs::remove_dir_all(book.join("src/out")).unwrap();
    write(&book, PAGE, page);
    assert_fails(&test(&book), "out/tides/sum.sum.txt: there is no such file");
    assert_passes(&cells(&book, &["accept", "--", "--offline"]));
    assert_passes(&test(&book));
    assert_passes(&cells(&book, &["audit"]));
    assert_eq!(read(&book, "src/out/tides/sum.txt"), "[3, 5, 8]\n");
    assert_eq!(read(&book, "src/out/tides/sum.sum.txt"), "16\n");
    fs::remove_dir_all(book).unwrap();
}

/// The lines in which `accept` says what changed.
fn listed(said: &str) -> Vec<&str> {
    let is_listed = |line: &&str| {
        ["changed: ", "new: ", "removed: ", "no file"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    said.lines().filter(is_listed).collect()
}

/// Through rustdoc, in one program with others and in one of its own.
#[test]
fn a_cell_that_returns_an_error_shows_it_and_leaves_its_files_alone() {
    let book = book("error");
    let alone = "\
# Alone

```rust,standalone_crate
# use mdbook_cells::{cell, println}; let cell = cell!(\"alone\");
println!(\"half\");
std::fs::read(\"nowhere\")?;
# cell.svg(\"figure\", \"<svg></svg>\");
# Ok(())
```
";
    write(
        &book,
        "src/SUMMARY.md",
        "- [A](first-cell.md)\n- [Alone](alone.md)\n",
    );
    write(&book, "src/alone.md", alone);
    write(&book, "src/out/alone.txt", "half\n");
    write(&book, "src/out/alone.figure.svg", "<svg></svg>\n");
    let page = read(&book, PAGE)
        .replace("let sum", "println!(\"half\");\nlet sum")
        .replace("3 5 8", "3 five");
    write(&book, PAGE, &page);

    let compared = test(&book);
    let accepted = cells(&book, &["accept", "--", "--offline", "--no-fail-fast"]);
    for run in [&compared, &accepted] {
        assert_fails(run, "invalid digit found in string");
        assert_fails(run, "No such file or directory");
        assert!(!run.said.contains("there is no such file"), "{}", run.said);
        assert!(
            !run.said.contains("does not write this file"),
            "{}",
            run.said
        );
    }
    assert_eq!(listed(&accepted.said), ["no file changed"]);
    assert_eq!(read(&book, PRINTED), "[3, 5, 8] sum to 16\n");
    assert_eq!(read(&book, "src/out/alone.figure.svg"), "<svg></svg>\n");
    fs::remove_dir_all(book).unwrap();
}

/// `Cell` could not tell it from one that came to its end.
#[test]
fn a_cell_whose_errors_are_of_another_type_does_not_compile() {
    let book = book("another_type");
    let tail = "# Ok::<(), std::num::ParseIntError>(())\n```\n```text";
    write(
        &book,
        PAGE,
        &read(&book, PAGE).replace("# Ok(())\n```\n```text", tail),
    );
    assert_fails(&test(&book), "mdbook_cells::Error");

    let main = "\
```rust
use mdbook_cells::cell;
fn main() -> Result<(), std::fmt::Error> {
    let _cell = cell!(\"main\");
    Ok(())
}
```
";
    write(&book, PAGE, main);
    assert_fails(
        &test(&book),
        "a cell returns `()` or `Result<(), mdbook_cells::Error>`",
    );
    fs::remove_dir_all(book).unwrap();
}

/// A summary as mdBook reads it, pages below a folder that `book.toml` names, and names that no
/// module could have.
#[test]
fn pages_are_those_that_the_summary_lists() {
    let book = book("pages");
    fs::remove_dir_all(book.join("src")).unwrap();
    let cell = |name: &str| {
        format!(
            "```rust\n# use mdbook_cells::{{cell, println}}; let _cell = cell!(\"{name}\");\nprintln!(\"{name}\");\n```\n"
        )
    };
    write(
        &book,
        "book.toml",
        "[book]\nsrc = \"the book\"\n[build]\nbuild-dir = \"built\"\n",
    );
    let pages = [
        "a-b.md",
        "a_b.md",
        "01 begin.md",
        "loop.md",
        "über/crate.md",
    ];
    for (number, page) in pages.iter().enumerate() {
        write(
            &book,
            &format!("the book/{page}"),
            &cell(&format!("cell{number}")),
        );
    }
    write(
        &book,
        "the book/unlisted.md",
        "```rust\npanic!(\"not a page\");\n```\n",
    );
    let summary = "\
# Summary

[A \\[bracketed\\] title](a-b.md)

- [A draft]()
  - [Nested](a_b.md#anchor)
    - [With a space](01%20begin.md)
- [A keyword](./loop.md)
- [Another](über/crate.md)
<!-- [Commented out](gone.md) -->
";
    write(&book, "the book/SUMMARY.md", summary);
    assert_passes(&cells(&book, &["accept", "--", "--offline"]));
    for number in 0..pages.len() {
        let printed = read(&book, &format!("the book/out/cell{number}.txt"));
        assert_eq!(printed, format!("cell{number}\n"));
    }
    let passed = test(&book);
    assert_passes(&passed);
    assert!(passed.said.contains("5 passed"), "{}", passed.said);

    write(
        &book,
        "the book/SUMMARY.md",
        "# Summary\n\n- [Gone](gone.md)\n",
    );
    assert_fails(
        &test(&book),
        "SUMMARY.md:3: lists gone.md, which does not exist",
    );
    write(&book, "book.toml", "[book]\nsrc = 1\n");
    assert_fails(&test(&book), "book.toml: [book] src is not a string");
    write(&book, "book.toml", "[book\n");
    assert_fails(&test(&book), "book.toml: cannot be read as TOML");
    fs::remove_file(book.join("book.toml")).unwrap();
    assert_fails(&test(&book), "no book.toml in ");
    fs::remove_dir_all(book).unwrap();
}

#[test]
fn init_adds_to_a_book_what_runs_its_cells() {
    let book = empty("added");
    write(&book, "book.toml", "[book]\nsrc = \"pages\"\n");
    write(&book, "pages/SUMMARY.md", "- [One](one.md)\n");
    write(
        &book,
        "pages/one.md",
        "```rust\nassert_eq!(1 + 1, 2);\n```\n",
    );
    assert_passes(&init(&book));
    keep_versions(&book);
    let run = test(&book);
    assert_passes(&run);
    assert!(run.said.contains("1 passed"), "{}", run.said);
    assert_eq!(read(&book, "book.toml"), "[book]\nsrc = \"pages\"\n");
    assert!(!book.join("src").exists());
    fs::remove_dir_all(book).unwrap();
}

#[test]
fn init_overwrites_nothing() {
    let folder = empty("overwrite");
    write(&folder, "build.rs", "fn main() {}\n");
    write(&folder, "src/SUMMARY.md", "# Mine\n");
    assert_fails(
        &init(&folder),
        "nothing written, since there is build.rs, src/SUMMARY.md already",
    );
    assert_eq!(read(&folder, "src/SUMMARY.md"), "# Mine\n");
    assert!(!folder.join("book.toml").exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn init_takes_the_crate_from_crates_io() {
    let folder = empty("published");
    assert_passes(&cells(&folder, &["init", "a book"]));
    let manifest = read(&folder, "a book/Cargo.toml");
    let version = format!("mdbook-cells = \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.matches(&version).count(), 2, "{manifest}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn audit_says_where_and_fails() {
    let folder = empty("audit");
    assert_passes(&init(&folder));
    write(&folder, "src/out/orphan.txt", "2\n");
    write(&folder, PAGE, "{{#include gone.txt}}\n");
    let run = cells(&folder, &["audit"]);
    assert_fails(
        &run,
        "src/first-cell.md:1: includes gone.txt, which does not exist\n",
    );
    assert_fails(&run, "src/out/orphan.txt: no cell writes this file\n");
    assert_fails(
        &cells(&folder.join("src"), &["audit", ".."]),
        "no cell writes this file\n",
    );
    fs::write(folder.join(PAGE), b"\xff").unwrap();
    assert_fails(
        &cells(&folder, &["audit", "."]),
        "src/first-cell.md: not UTF-8, at byte 0\n",
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_not_understood_is_said() {
    let folder = empty("misused");
    for (arguments, message) in [
        (&[][..], "which command?"),
        (&["accpet"], "no command \"accpet\""),
        (&["audit", "a", "b"], "\"b\": expected one folder"),
        (&["init", "--force"], "no option \"--force\""),
        (&["init", "--crate-path"], "--crate-path: which path?"),
        (&["audit"], "no book.toml in "),
        (&["accept", "nowhere"], "no book.toml in "),
        (&["init", "--crate-path", "nowhere"], "nowhere: "),
    ] {
        assert_fails(&cells(&folder, arguments), message);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    assert_passes(&init(&folder));
    let accepted = cells(&folder, &["accept", "--", "--nonsense"]);
    assert_fails(&accepted, "unexpected argument '--nonsense'");
    for option in ["--help", "-h", "--version", "-V"] {
        let run = cells(&folder, &[option]);
        assert_passes(&run);
        assert!(run.said.to_lowercase().contains("cells"), "{}", run.said);
    }
    fs::remove_dir_all(folder).unwrap();
}
