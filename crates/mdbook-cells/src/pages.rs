//! The pages of a book, as modules whose doctests are the cells.
//!
//! A build script calls [`write()`], and the library of the same package takes what it wrote:
//!
//! ```
//! #[cfg(doctest)]
//! include!(concat!(env!("OUT_DIR"), "/pages.rs"));
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, io};

use crate::error::Error;
use crate::{Book, disk, markdown};

/// Writes `pages.rs` into `OUT_DIR`, for a build script to call: a module for each page that
/// `SUMMARY.md` lists, in its order, with the page as its documentation.
///
/// Where the environment variable `PAGE` names a page, `PAGE=part/page.md`, that page alone: its
/// cells are compiled in a fraction of the time.
///
/// # Errors
///
/// Where `book.toml` or `SUMMARY.md` cannot be read, a page does not exist, or `pages.rs` cannot be
/// written; the message says which.
pub fn write() -> Result<(), Error> {
    write_with(|_| String::new())
}

/// Writes `pages.rs` as [`write()`] does, with `more` in the module of each page: Rust code, from the
/// page's path below the folder of the pages.
///
/// # Errors
///
/// As [`write()`].
pub fn write_with(more: impl Fn(&str) -> String) -> Result<(), Error> {
    let book = Book::above(&variable("CARGO_MANIFEST_DIR")?)?;
    let summary = book.src().join("SUMMARY.md");
    println!("cargo::rerun-if-changed={}", summary.display());
    println!(
        "cargo::rerun-if-changed={}",
        book.root().join("book.toml").display()
    );
    println!("cargo::rerun-if-env-changed=PAGE");
    let only = env::var("PAGE").ok().filter(|page| !page.is_empty());
    let modules = modules(book.src(), &disk::read(&summary)?, only.as_deref(), more)
        .map_err(|(line, message)| format!("{}:{line}: {message}", summary.display()))?;
    disk::write(&variable("OUT_DIR")?.join("pages.rs"), &modules)?;
    Ok(())
}

fn variable(name: &str) -> io::Result<PathBuf> {
    let value = env::var_os(name).map(PathBuf::from);
    value.ok_or_else(|| {
        let message = format!("{name} is not set: call this in a build script");
        io::Error::new(io::ErrorKind::NotFound, message)
    })
}

fn modules(
    src: &Path,
    summary: &str,
    only: Option<&str>,
    more: impl Fn(&str) -> String,
) -> Result<String, (usize, String)> {
    let mut taken = BTreeSet::new();
    let mut modules = String::new();
    let mut pages = listed(summary);
    if let Some(only) = only {
        pages.retain(|(page, _)| page == only);
        if pages.is_empty() {
            return Err((1, format!("lists no page {only}, which PAGE asks for")));
        }
    }
    for (page, line) in pages {
        let path = src.join(&page);
        if !path.is_file() {
            return Err((line, format!("lists {page}, which does not exist")));
        }
        let path = path.to_string_lossy();
        let name = name(&page, &mut taken);
        let more = more(&page);
        modules.push_str(&format!(
            "#[doc = include_str!({path:?})]\nmod {name} {{\n{more}}}\n"
        ));
    }
    Ok(modules)
}

/// The pages that a summary lists, each once, and the lines where it does. A draft has no page, and
/// a link to another host is none.
pub(crate) fn listed(summary: &str) -> Vec<(String, usize)> {
    let mut pages: Vec<(String, usize)> = Vec::new();
    for (link, at) in markdown::links(summary) {
        let page = link
            .split('#')
            .next()
            .unwrap_or_default()
            .replace("%20", " ");
        let page = page.strip_prefix("./").unwrap_or(&page);
        let elsewhere = page.is_empty() || page.contains("://");
        if !elsewhere && pages.iter().all(|(other, _)| other != page) {
            pages.push((page.to_owned(), markdown::line(summary, at)));
        }
    }
    pages
}

/// The name of a page's module: its path, in small letters, with `_` for what a name cannot hold.
/// One that is taken gets a number behind it.
fn name(page: &str, taken: &mut BTreeSet<String>) -> String {
    let page = page.strip_suffix(".md").unwrap_or(page).to_lowercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = page.chars().map(plain).collect();
    let name = match name.trim_matches('_') {
        "" => "page".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("page_{name}"),
        name if KEYWORDS.contains(&name) => format!("{name}_page"),
        name => name.to_owned(),
    };
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    let free = names.find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(free.clone());
    free
}

/// Words that cannot name a module, of any edition.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pages: &[&str]) -> Vec<String> {
        let mut taken = BTreeSet::new();
        pages.iter().map(|page| name(page, &mut taken)).collect()
    }

    #[test]
    fn every_page_has_a_name_of_its_own() {
        assert_eq!(
            names(&["a-b.md", "a_b.md", "a/b.md", "A b.md", "a_b_2.md"]),
            ["a_b", "a_b_2", "a_b_3", "a_b_4", "a_b_2_2"]
        );
        assert_eq!(
            names(&["01-begin.md", "loop.md", "crate.md", "part/loop.md"]),
            ["page_01_begin", "loop_page", "crate_page", "part_loop"]
        );
        assert_eq!(
            names(&[
                "über uns.md",
                "ü.md",
                "ä.md",
                "../README.md",
                "derivation/softmax.md"
            ]),
            ["ber_uns", "page", "page_2", "readme", "derivation_softmax"]
        );
    }

    #[test]
    fn a_summary_is_read_as_markdown() {
        let summary = "\
# Summary

[Before](before.md)

- [Vectors \\[x\\] and `a](b)`](vectors.md)
  - [Nested](part/nested.md#anchor)
    - [Deeper](<part/with space.md>)
- [Draft]()
  * [Under a draft](part/with%20percent.md)
<!-- [Not yet](not-yet.md) -->

# Part

1. [Numbered](./numbered.md \"title\")
- [Again](part/nested.md)
- [A host](https://example.org/x.md)

---

[By name][name]

[name]: by-name.md
";
        let listed: Vec<(String, usize)> = listed(summary);
        let expected = [
            ("before.md", 3),
            ("vectors.md", 5),
            ("part/nested.md", 6),
            ("part/with space.md", 7),
            ("part/with percent.md", 9),
            ("numbered.md", 14),
            ("by-name.md", 20),
        ];
        assert_eq!(listed, expected.map(|(page, line)| (page.to_owned(), line)));
    }

    #[test]
    fn a_page_that_does_not_exist_is_named_with_its_line() {
        let nowhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("nowhere");
        let modules = modules(&nowhere, "\n- [A](a.md)\n", None, |_| String::new());
        let expected = (2, "lists a.md, which does not exist".to_owned());
        assert_eq!(modules, Err(expected));
    }

    #[test]
    fn one_page_alone_is_written_where_it_is_asked_for() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let summary = "- [A](README.md)\n- [B](Cargo.toml)\n";
        let written = |only| modules(here, summary, only, |_| String::new());
        let all = written(None).unwrap();
        assert!(all.contains("README.md") && all.contains("Cargo.toml"));
        let one = written(Some("README.md")).unwrap();
        assert!(one.contains("README.md") && !one.contains("Cargo.toml"));
        let message = "lists no page c.md, which PAGE asks for".to_owned();
        assert_eq!(written(Some("c.md")), Err((1, message)));
    }
}
