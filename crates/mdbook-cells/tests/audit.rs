//! An audit names each page and file that does not fit, and where.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    let problems = audit(book).unwrap();
    problems.iter().map(ToString::to_string).collect()
}

/// The problems of a page `a.md` beside the files of a cell `sum`.
fn page(test: &str, page: &str) -> Vec<String> {
    problems(&book(test, &[("a.md", page), ("out/sum.txt", "2\n")]))
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
        ("part/second.md", "\n\n```rust\ncell!(\"part/sum\")\n```\n"),
        ("out/part/sum.txt", "2\n"),
    ];
    assert_eq!(
        problems(&book("twice", &files)),
        [
            "part/second.md:4: cell \"part/sum\" is opened a second time; the first is at part/page.md:2"
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

#[test]
fn an_include_is_seen_however_it_is_written() {
    let cell = "```rust\ncell!(\"sum\");\n```\n";
    for include in [
        "{{#include out/sum.txt}}",
        "{{ #include out/sum.txt }}",
        "{{\n#include\n out/sum.txt\n}}",
        "{{#include out/sum.txt:1:2}} {{#include out/sum.txt:anchor}}",
        "{{#rustdoc_include out/sum.txt}}",
        "{{#playground out/sum.txt editable}}",
        "{{#include ./out/../out/sum.txt}}",
        "~~~markdown\n{{#include out/sum.txt}}\n~~~",
        "![a figure](out/sum.txt)",
        "[the numbers](out/sum.txt#first)",
    ] {
        assert_eq!(
            page("includes", &format!("{cell}{include}")),
            [""; 0],
            "{include}"
        );
    }
}

#[test]
fn an_include_that_mdbook_leaves_alone_is_none() {
    let text = "\
```rust
cell!(\"sum\");
```
{{#include out/sum.txt}}

A page writes `\\{{#include missing.txt}}`.

~~~markdown
\\{{#include missing.txt}} and {{#include missing.txt}}
~~~

{{#include}} {{include missing.txt}} {{#title missing.txt}} {{#include missing.txt} }
";
    assert_eq!(page("escaped", text), [""; 0]);
    assert_eq!(
        page(
            "not_escaped",
            "```rust\ncell!(\"sum\");\n```\n{{#include out/sum.txt}}\n\\{{ #include gone.txt}}\n"
        ),
        ["a.md:5: includes gone.txt, which does not exist"]
    );
}

#[test]
fn a_cell_is_seen_however_it_is_written() {
    let include = "{{#include out/sum.txt}}\n";
    for cell in [
        "```rust\ncell!( \"sum\" )\n```",
        "```rust\ncell!(\"sum\",)\n```",
        "```rust,edition2024\n# mdbook_cells::cell![\n#   r\"sum\",\n# ]\n```",
        "```\ncell! {\"sum\"}\n```",
        "> - ~~~ rust\n>   cell!(\"sum\")\n>   ~~~",
        "text\n\n    cell!(\"sum\")",
        "```should_panic\ncell!(\"sum\")\n```",
    ] {
        assert_eq!(
            page("cells", &format!("{include}\n{cell}\n")),
            [""; 0],
            "{cell}"
        );
    }
}

#[test]
fn a_cell_that_does_not_run_owns_nothing() {
    let include = "{{#include out/sum.txt}}\n";
    for cell in [
        "```text\ncell!(\"sum\")\n```",
        "```rs\ncell!(\"sum\")\n```",
        "~~~markdown\n```rust\ncell!(\"sum\")\n```\n~~~",
        "```rust,no_run\ncell!(\"sum\")\n```",
        "```rust,ignore\ncell!(\"sum\")\n```",
        "```rust,compile_fail,E0308\ncell!(\"sum\")\n```",
        "```rust\n// cell!(\"sum\")\nlet text = \"cell!(\\\"sum\\\")\";\n```",
        "The line `cell!(\"sum\")` opens a cell.",
    ] {
        assert_eq!(
            page("shown", &format!("{include}\n{cell}\n")),
            ["out/sum.txt: no cell writes this file"],
            "{cell}"
        );
    }
}

#[test]
fn a_cell_shown_as_text_is_not_a_second_one() {
    let text = format!("{PAGE}\n~~~markdown\n{}~~~\n", PAGE.replace("{{", "\\{{"));
    let files = [("part/page.md", text.as_str()), ("out/part/sum.txt", "2\n")];
    assert_eq!(problems(&book("twice_shown", &files)), [""; 0]);
}

#[test]
fn lines_are_those_of_the_page() {
    let text = "one\r\n\r\n> ```rust\r\n> let x = 1;\r\n> cell!(\"sum\");\r\n> cell!(\"sum\");\r\n> ```\r\n{{#include out/sum.txt}}\r\n{{#include gone.txt}}\r\n";
    assert_eq!(
        page("lines", text),
        [
            "a.md:6: cell \"sum\" is opened a second time; the first is at a.md:5",
            "a.md:9: includes gone.txt, which does not exist",
        ]
    );
}

#[test]
fn lines_of_a_long_block_are_those_of_the_page() {
    let text = "one\n\n```rust\nlet x = 1;\n\ncell!(\"sum\");\n# cell!(\"sum\");\n```\n{{#include out/sum.txt}}\n";
    assert_eq!(
        page("long", text),
        ["a.md:7: cell \"sum\" is opened a second time; the first is at a.md:6"]
    );
}

#[test]
fn a_cell_that_nothing_runs_is_named() {
    let files = [
        ("SUMMARY.md", "- [Other](./other%20page.md)\n"),
        ("other page.md", "```rust\ncell!(\"other\");\n```\n"),
        ("part/page.md", PAGE),
        ("out/part/sum.txt", "2\n"),
    ];
    assert_eq!(
        problems(&book("unlisted", &files)),
        ["part/page.md:2: SUMMARY.md does not list this page: nothing runs the cell \"part/sum\""]
    );
}

#[test]
fn hidden_files_and_build_folders_are_passed_over() {
    let files = [
        ("part/page.md", PAGE),
        ("out/part/sum.txt", "2\n"),
        ("out/.DS_Store", "\0"),
        ("out/part/.DS_Store", "\0"),
        (".drafts/page.md", PAGE),
        (
            "target/CACHEDIR.TAG",
            "Signature: 8a477f597d28d172789f06886806bc55\n",
        ),
        ("target/page.md", PAGE),
    ];
    assert_eq!(problems(&book("hidden", &files)), [""; 0]);
}

/// The same book, however its folder is written. (The folder that a test is in is that of its
/// package.)
#[test]
fn the_folder_may_be_written_in_any_way() {
    let files = [
        (
            "top.md",
            "```rust\ncell!(\"top\");\n```\n{{#include ./out/top.txt}}\n",
        ),
        ("part/page.md", PAGE),
        ("out/part/sum.txt", "2\n"),
        ("out/top.txt", "2\n"),
        ("out/orphan.txt", "2\n"),
    ];
    let orphan = [
        "out/orphan.txt: no cell writes this file",
        "out/orphan.txt: no page includes this file",
    ];
    let book = book("folders", &files);
    let written = book.to_str().unwrap();
    for folder in [
        written.to_owned(),
        format!("{written}/"),
        format!("{written}/part/.."),
    ] {
        assert_eq!(problems(Path::new(&folder)), orphan, "{folder}");
    }
    for folder in [".", "./", ""] {
        let mut audit = Command::new(std::env::current_exe().unwrap());
        audit.args([
            "--exact",
            "audit_of_the_folder_that_one_is_in",
            "--nocapture",
        ]);
        let output = audit
            .env(FOLDER, folder)
            .current_dir(&book)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{folder:?}: {said}");
        for line in orphan {
            assert!(said.contains(line), "{folder:?}: {said}");
        }
        assert!(
            !said.contains("sum.txt") && !said.contains("top"),
            "{folder:?}: {said}"
        );
    }
}

const FOLDER: &str = "MDBOOK_CELLS_TEST_FOLDER";

/// Run by the test above, in another folder; else it has nothing to do.
#[test]
fn audit_of_the_folder_that_one_is_in() {
    if let Ok(folder) = std::env::var(FOLDER) {
        println!("{}", problems(Path::new(&folder)).join("\n"));
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_above_ends() {
    let book = book(
        "symbolic",
        &[("part/page.md", PAGE), ("out/part/sum.txt", "2\n")],
    );
    std::os::unix::fs::symlink("..", book.join("part/above")).unwrap();
    assert_eq!(problems(&book), [""; 0]);
}

#[test]
fn a_page_that_is_not_utf_8_is_named() {
    let book = book(
        "utf_8",
        &[("part/page.md", PAGE), ("out/part/sum.txt", "2\n")],
    );
    fs::write(book.join("part/latin.md"), b"na\xefve").unwrap();
    let error = audit(&book).unwrap_err().to_string();
    assert!(
        error.ends_with("part/latin.md: not UTF-8, at byte 2"),
        "{error}"
    );
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let error = audit(Path::new("nowhere")).unwrap_err().to_string();
    assert!(error.starts_with("nowhere: cannot list: "), "{error}");
}
