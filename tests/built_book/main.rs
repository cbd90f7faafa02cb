//! The book as mdBook builds it: no formula is left unrendered, no link leads nowhere, each
//! reference to an equation leads to it, nothing is loaded from another host.
//!
//! It needs `mdbook` and `mdbook-katex`, so it runs only when it is called by its name:
//! `cargo test --test built_book`.

mod build;
mod references;
mod rules;
mod slides;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use mdbook_cells::Problem;
use support::{katex, page, summary};

#[test]
fn the_built_book_is_whole() -> io::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("built_book");
    let said = build::build(root, &output)?;
    let site = build::read(&output)?;
    let mut problems = rules::said(&said);

    let summary = summary::parse(&fs::read_to_string(root.join("book/SUMMARY.md"))?);
    let pages = page::pages(root)?;
    assert!(!summary.is_empty(), "the summary is empty");
    let equations = equations(&pages);
    let macros = fs::read_to_string(root.join("book/theme/macros.txt"))?;
    let mut all = Vec::new();
    for entry in &summary {
        let source = pages.iter().find(|page| page.name == entry.page);
        let source = source.map_or(String::new(), |page| again(&page.expanded.text, &equations));
        let formulas: Vec<String> = formulas(&source)
            .iter()
            .map(|tex| written_out(tex, &macros))
            .collect();
        problems.extend(rules::chapter(&site, &entry.page, &formulas));
        all.extend(formulas);
    }
    assert!(!all.is_empty(), "the book has no formula");

    let print = site.pages.get("print.html").map(String::as_str);
    problems.extend(rules::formulas(
        "print.html",
        print.unwrap_or_default(),
        &all,
    ));
    let numbers = references::numbers(&site);
    assert!(!numbers.is_empty(), "no equation has an anchor");
    problems.extend(references::references(&site));
    for (name, html) in &site.pages {
        problems.extend(rules::page(name, html));
    }
    problems.extend(rules::links(&site));
    problems.extend(rules::styles(&site));
    support::assert_none(&problems);
    Ok(())
}

/// A problem in a file of the built book.
fn problem(file: &str, line: usize, message: String) -> Problem {
    Problem {
        path: file.into(),
        line,
        message,
    }
}

/// The TeX of each numbered equation, without its number.
fn equations(pages: &[page::Page]) -> BTreeMap<String, String> {
    let formulas = pages.iter().flat_map(|page| formulas(&page.expanded.text));
    let numbered = formulas.filter_map(|tex| {
        let (before, after) = tex.split_once("\\tag{")?;
        let (number, after) = after.split_once('}')?;
        Some((number.to_owned(), format!("{before}{after}")))
    });
    numbered.collect()
}

/// A page with each equation that it shows once more, `{{eq 3.9}}`.
fn again(text: &str, equations: &BTreeMap<String, String>) -> String {
    let mut shown = text.to_owned();
    for (number, tex) in equations {
        shown = shown.replace(&format!("{{{{eq {number}}}}}"), &format!("$$\n{tex}\n$$"));
    }
    shown
}

/// The TeX of the formulas of a page.
fn formulas(text: &str) -> Vec<String> {
    let text = without_notes(text);
    let formulas = katex::scan(&text).formulas.into_iter();
    formulas
        .map(|formula| text[formula.tex].to_owned())
        .collect()
}

/// A formula with the book's macros written out, as a reader copies it: with up to two arguments,
/// each in braces.
fn written_out(tex: &str, macros: &str) -> String {
    let mut tex = tex.to_owned();
    for (name, definition) in macros.lines().filter_map(|line| line.split_once(':')) {
        let mut from = 0;
        while let Some(start) = tex[from..].find(name).map(|at| from + at) {
            let mut end = start + name.len();
            from = end;
            if tex[end..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let mut written = definition.to_owned();
            for place in ["#1", "#2"]
                .into_iter()
                .filter(|one| definition.contains(one))
            {
                let length = braces(&tex[end..]);
                written = written.replace(place, &tex[end + 1..end + length - 1]);
                end += length;
            }
            tex.replace_range(start..end, &written);
            from = start;
        }
    }
    tex
}

/// How long the group in braces at the beginning is.
fn braces(tex: &str) -> usize {
    let mut depth = 0;
    let closing = tex.bytes().position(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        depth == 0
    });
    closing.map_or(tex.len(), |at| at + 1)
}

/// A page without its notes for the crate `formula`, which the preprocessor takes out with the
/// formulas in them.
fn without_notes(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    let notes = ["<!-- eq ", "<!-- symbols"];
    while let Some(start) = notes.iter().filter_map(|note| rest.find(note)).min() {
        kept.push_str(&rest[..start]);
        let end = rest[start..]
            .find("-->")
            .map_or(rest.len(), |end| start + end + 3);
        rest = &rest[end..];
    }
    kept + rest
}
