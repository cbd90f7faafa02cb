//! Rule 4: a block of code says what it is, and Rust runs.

use mdbook_cells::Problem;

use crate::code;
use crate::markdown::{self, Block};
use crate::support::page::{Page, Text};
use crate::support::path;

/// What a block may be, besides Rust.
const LANGUAGES: [&str; 5] = ["text", "console", "toml", "markdown", "rs"];

/// What rustdoc and the book know of a block of Rust. `mdbook-equations` folds a `proof`. Rustdoc
/// passes over a word that it does not know, so a word that is mistyped must fail here.
const ATTRIBUTES: [&str; 4] = ["no_run", "should_panic", "compile_fail", "proof"];

/// Rust that is compiled where it stands, and only shown in a page.
const SHOWN: &str = "rs";

/// Checks the Rust of a page or document: it runs, or says why it does not.
pub fn rust(page: &Page) -> Vec<Problem> {
    let text = &page.source.text;
    let blocks = markdown::blocks(text).into_iter();
    blocks
        .filter(Block::is_rust)
        .flat_map(|block| {
            let line = page.source.line(block.range.start);
            let problems = attributes(&block).into_iter();
            problems.map(move |message| page.problem(line, message))
        })
        .collect()
}

fn attributes(block: &Block) -> Vec<String> {
    let mut problems = Vec::new();
    if block.words().any(|word| word.starts_with("ignore")) {
        problems.push("the block is ignored; let it run".to_owned());
    }
    for attribute in ["no_run", "should_panic"] {
        if block.has(attribute) && !begins_with_comment(&block.code) {
            problems.push(format!(
                "{attribute} without a comment in the first line that says why"
            ));
        }
    }
    // The code of an error, and what is ignored, have rules of their own.
    let known = |word: &&str| {
        ATTRIBUTES.contains(word) || word.starts_with('E') || word.starts_with("ignore")
    };
    if let Some(word) = block.words().skip(1).find(|word| !known(word)) {
        let expected = ATTRIBUTES.join(", ");
        problems.push(format!("the word {word} after rust; expected {expected}"));
    }
    if block.has("compile_fail") && !block.words().any(is_error_code) {
        problems.push("compile_fail without the code of the error, as in E0308".to_owned());
    }
    problems
}

fn begins_with_comment(code: &str) -> bool {
    let first = code::unhidden(code.lines().next().unwrap_or_default());
    let comment = first.trim_start().strip_prefix("//");
    comment.is_some_and(|why| why.contains(char::is_alphabetic))
}

fn is_error_code(word: &str) -> bool {
    let digits = word.strip_prefix('E');
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Checks that each block of Rust of a page opens a cell, unless it is not meant to run, and
/// includes nothing: rustdoc does not see what mdBook includes.
pub fn cells(page: &Page) -> Vec<Problem> {
    let text = &page.source.text;
    let mut problems = Vec::new();
    for block in markdown::blocks(text).iter().filter(|one| one.is_rust()) {
        let line = page.source.line(block.range.start);
        let runs = !block.has("compile_fail") && !block.has("no_run");
        if runs && !code::bare(&block.code).contains("cell!(\"") {
            problems.push(page.problem(line, "the block opens no cell"));
        }
        if block.code.contains("{{#") {
            problems.push(page.problem(line, "an include in a block of Rust"));
        }
    }
    problems
}

/// How many characters of code fit the width of a page.
const WIDTH: usize = 84;

/// Checks that the lines of Rust that a reader sees fit the page.
pub fn width(page: &Page) -> Vec<Problem> {
    let text = &page.source.text;
    let mut problems = Vec::new();
    for block in markdown::blocks(text).iter().filter(|one| one.is_rust()) {
        let first = page.source.line(block.range.start) + 1;
        for (index, line) in block.code.lines().enumerate() {
            let characters = line.chars().count();
            if characters > WIDTH && code::unhidden(line) == line {
                let message = format!("a line of {characters} characters; the page holds {WIDTH}");
                problems.push(page.problem(first + index, message));
            }
        }
    }
    problems
}

/// Checks that each other block of a page has a language, and that the text below a cell is
/// included.
pub fn languages(page: &Page) -> Vec<Problem> {
    let mut problems = Vec::new();
    for block in markdown::blocks(&page.source.text) {
        let mut complain = |message: String| {
            let line = page.source.line(block.range.start);
            problems.push(page.problem(line, message));
        };
        let language = block.words().next();
        match language {
            // Reported by `indented`.
            None if block.info.is_none() => {}
            None => complain("a block without a language; rustdoc takes it for Rust".to_owned()),
            Some("text") if !is_included(&block.code) => {
                complain("a text block holds something else than includes".to_owned());
            }
            Some("rust") => {}
            Some(language) if LANGUAGES.contains(&language) => {}
            Some(language) => complain(format!(
                "a block of {language}; expected rust, {}",
                LANGUAGES.join(", ")
            )),
        }
    }
    problems
}

/// Checks that a block of shown Rust holds includes of a part of a compiled file, between anchors,
/// and nothing else: what a reader sees is what the compiler and the tests have seen.
pub fn shown(page: &Page) -> Vec<Problem> {
    let is_shown = |block: &Block| block.words().next() == Some(SHOWN);
    let mut problems = Vec::new();
    for block in markdown::blocks(&page.source.text) {
        if !is_shown(&block) {
            continue;
        }
        let line = page.source.line(block.range.start);
        if !is_included(&block.code) {
            problems.push(page.problem(line, "a block of rs holds something else than includes"));
        }
        let targets = block.code.split("{{#include ").skip(1);
        for target in targets.filter_map(|piece| piece.split_once("}}")) {
            if let Some(message) = not_a_part(page, target.0.trim()) {
                problems.push(page.problem(line, message));
            }
        }
    }
    // What was found is replaced, so an include that is left names no file or no anchor.
    for block in markdown::blocks(&page.expanded.text) {
        if is_shown(&block) && block.code.contains("{{#include ") {
            let line = page.expanded.line(block.range.start);
            problems.push(page.problem(line, "includes a file or an anchor that does not exist"));
        }
        let first = page.expanded.line(block.range.start) + 1;
        let long = block
            .code
            .lines()
            .filter(|line| line.chars().count() > WIDTH);
        if is_shown(&block) && long.count() > 0 {
            let message = format!("shows a line that is too long; the page holds {WIDTH}");
            problems.push(page.problem(first, message));
        }
    }
    problems
}

/// Why a target is not a named part of a file that Cargo compiles.
fn not_a_part(page: &Page, target: &str) -> Option<String> {
    let Some((file, anchor)) = target.split_once(':') else {
        return Some(format!("includes all of {target}; name an anchor"));
    };
    if !anchor.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(format!("includes lines of {file}; name an anchor"));
    }
    let path = path::join(&page.name, file).unwrap_or_default();
    let compiled = path.split('/').rev().skip(1).any(|folder| folder == "src");
    let is_rust = path.ends_with(".rs");
    (!compiled || !is_rust).then(|| format!("includes {file}, which is no compiled Rust"))
}

fn is_included(code: &str) -> bool {
    let mut lines = code.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_include = |line: &str| line.starts_with("{{#include ") && line.ends_with("}}");
    !code.trim().is_empty() && lines.all(is_include)
}

/// Finds indented blocks of code, which are seldom meant: rustdoc takes them for Rust. What the
/// page includes can hold one, too.
pub fn indented(page: &Page) -> Vec<Problem> {
    let find = |text: &Text| {
        let blocks = markdown::blocks(&text.text).into_iter();
        let indented = blocks.filter(|block| block.info.is_none());
        let lines = indented.map(|block| text.line(block.range.start));
        lines.collect::<Vec<_>>()
    };
    let mut lines = find(&page.source);
    lines.extend(find(&page.expanded));
    lines.sort_unstable();
    lines.dedup();
    lines
        .into_iter()
        .map(|line| page.problem(line, "an indented block of code; fence it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::support::{assert_none, lines};
    use crate::{documents, example, pages};

    type Rule = fn(&Page) -> Vec<Problem>;

    #[track_caller]
    fn assert_passes(rule: Rule, source: &str) {
        assert_none(&rule(&example("book/page.md", source)));
    }

    #[track_caller]
    fn assert_fails(rule: Rule, source: &str, problem: &str) {
        let problems = lines(&rule(&example("book/page.md", source)));
        assert_eq!(problems, [format!("book/page.md:{problem}")]);
    }

    #[test]
    fn rust_runs_or_says_why_not() {
        assert_passes(rust, "```rust\nf();\n```\n```text\nignore\n```\n");
        assert_passes(
            rust,
            "```rust,no_run\n// it writes to your disk\nf();\n```\n",
        );
        assert_passes(rust, "```rust,should_panic\n# // it must stop\nf();\n```\n");
        assert_passes(rust, "```rust,compile_fail,E0308\nf();\n```\n");
        assert_passes(rust, "```rust,proof\nf();\n```\n");

        let ignored = "1: the block is ignored; let it run";
        assert_fails(rust, "```rust,ignore\nf();\n```\n", ignored);
        assert_fails(rust, "```rust ignore-windows\nf();\n```\n", ignored);
        let no_run = "3: no_run without a comment in the first line that says why";
        assert_fails(rust, "Text\n\n```rust,no_run\nf(); // why\n```\n", no_run);
        assert_fails(rust, "Text\n\n```rust,no_run\n//\nf();\n```\n", no_run);
        assert_fails(
            rust,
            "```rust,should_panic\nf();\n```\n",
            "1: should_panic without a comment in the first line that says why",
        );
        let mistyped = "1: the word prof after rust; \
                        expected no_run, should_panic, compile_fail, proof";
        assert_fails(rust, "```rust,prof\nf();\n```\n", mistyped);
        let no_code = "1: compile_fail without the code of the error, as in E0308";
        assert_fails(rust, "```rust,compile_fail\nf();\n```\n", no_code);
        assert_fails(rust, "```rust,compile_fail,E308\nf();\n```\n", no_code);
    }

    #[test]
    fn rust_opens_a_cell() {
        assert_passes(cells, "```rust\n# let _cell = cell!(\"a/b\");\n```\n");
        assert_fails(cells, "```rust,proof\n```\n", "1: the block opens no cell");
        assert_passes(cells, "```rust,compile_fail,E0308\nf();\n```\n");
        assert_passes(cells, "```rust,no_run\n// why\nf();\n```\n");
        let no_cell = "1: the block opens no cell";
        assert_fails(cells, "```rust\nf();\n```\n", no_cell);
        assert_fails(cells, "```rust\n// cell!(\"a/b\")\n```\n", no_cell);
        assert_fails(
            cells,
            "```rust\nlet _cell = cell!(\"a\");\n{{#include a.rs}}\n```\n",
            "1: an include in a block of Rust",
        );
    }

    #[test]
    fn rust_fits_the_page() {
        let code = |line: String| format!("Text\n\n```rust\nf();\n{line}\n```\n");
        assert_passes(width, &code("θ".repeat(84)));
        assert_passes(width, &code(format!("# {}", "x".repeat(99))));
        assert_passes(width, &"x".repeat(99));
        let wide = "5: a line of 85 characters; the page holds 84";
        assert_fails(width, &code("θ".repeat(85)), wide);
    }

    #[test]
    fn a_block_has_a_language() {
        let good = "```text\n{{#include a.txt}}\n\n{{#include b.txt}}\n```\n\
                    ```console\n$ ls\n```\n```toml\na = 1\n```\n~~~markdown\na\n~~~\n```rust\n```\n```rust,proof\n```\n";
        assert_passes(languages, good);
        assert_fails(
            languages,
            "Text\n\n```\na\n```\n",
            "3: a block without a language; rustdoc takes it for Rust",
        );
        assert_fails(
            languages,
            "```python\na\n```\n",
            "1: a block of python; expected rust, text, console, toml, markdown, rs",
        );
        let typed = "1: a text block holds something else than includes";
        assert_fails(languages, "```text\n1\n```\n", typed);
        assert_fails(languages, "```text\n```\n", typed);
        assert_fails(languages, "```text\n{{#include a.txt}}\n1\n```\n", typed);
    }

    #[test]
    fn shown_rust_is_compiled() {
        let part = "// ANCHOR: f\nfn f() {}\n// ANCHOR_END: f\n";
        let long = format!("// ANCHOR: g\n// {}\n// ANCHOR_END: g\n", "x".repeat(82));
        let problems = |include: &str| {
            let source = format!("Text\n\n```rs\n{include}\n```\n");
            let page = Page::new("book/page.md", &source, |path| {
                let known = ["member/src/lib.rs", "book/page.rs", "src/a.txt"];
                known.contains(&path).then(|| format!("{part}{long}"))
            });
            lines(&shown(&page))
        };
        assert_eq!(problems("{{#include ../member/src/lib.rs:f}}"), [""; 0]);
        assert_eq!(
            problems("fn f() {}"),
            ["book/page.md:3: a block of rs holds something else than includes"]
        );
        assert_eq!(
            problems("{{#include ../member/src/lib.rs:f}}\n// more"),
            ["book/page.md:3: a block of rs holds something else than includes"]
        );
        assert_eq!(
            problems("{{#include ../member/src/lib.rs}}"),
            [
                "book/page.md:3: includes all of ../member/src/lib.rs; name an anchor",
                "book/page.md:4: shows a line that is too long; the page holds 84",
            ]
        );
        assert_eq!(
            problems("{{#include ../src/a.txt:f}}"),
            ["book/page.md:3: includes ../src/a.txt, which is no compiled Rust"]
        );
        assert_eq!(
            problems("{{#include page.rs:f}}"),
            ["book/page.md:3: includes page.rs, which is no compiled Rust"]
        );
        let lost = "book/page.md:3: includes a file or an anchor that does not exist";
        assert_eq!(problems("{{#include ../member/src/lib.rs:h}}"), [lost]);
        assert_eq!(problems("{{#include ../member/src/main.rs:f}}"), [lost]);
        assert_eq!(
            problems("{{#include ../member/src/lib.rs:g}}"),
            ["book/page.md:4: shows a line that is too long; the page holds 84"]
        );
        assert_eq!(
            problems("{{#include ../member/src/lib.rs:2:2}}")[0],
            "book/page.md:3: includes lines of ../member/src/lib.rs; name an anchor"
        );
    }

    #[test]
    fn a_block_is_not_indented() {
        assert_passes(
            indented,
            "- item\n    continued\n\n```rust\n    f();\n```\n",
        );
        assert_fails(
            indented,
            "Text\n\n    f();\n",
            "3: an indented block of code; fence it",
        );
        let page = Page::new(
            "book/page.md",
            "<svg>\n{{#include a.svg}}\n</svg>\n",
            |_| Some("<g>\n\n    <path/>\n</g>\n".to_owned()),
        );
        assert_eq!(
            lines(&indented(&page)),
            ["book/page.md:2: an indented block of code; fence it"]
        );
    }

    #[test]
    fn the_rust_of_the_book_runs() -> io::Result<()> {
        let mut pages = pages()?;
        pages.extend(documents()?);
        let is_cell = |page: &Page| markdown::blocks(&page.source.text).iter().any(Block::runs);
        assert!(pages.iter().any(is_cell), "the book has no cell");
        assert_none(&pages.iter().flat_map(rust).collect::<Vec<_>>());
        Ok(())
    }

    #[test]
    fn the_blocks_of_the_book_are_what_they_say() -> io::Result<()> {
        let pages = pages()?;
        let rules: [Rule; 5] = [cells, width, languages, shown, indented];
        let all = pages.iter().flat_map(|page| rules.map(|rule| rule(page)));
        assert_none(&all.flatten().collect::<Vec<_>>());
        Ok(())
    }
}
