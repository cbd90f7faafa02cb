//! A page of the book, as it is written and as mdBook sees it once its includes are expanded.

use std::path::Path;
use std::{fs, io, iter};

use mdbook_cells::Problem;

use super::path;

/// A page.
pub struct Page {
    /// Its path from the root of the repository: `book/structure.md`.
    pub name: String,
    /// What is written.
    pub source: Text,
    /// The same with every `{{#include …}}` replaced by the file.
    pub expanded: Text,
}

/// A text which knows the line of the page that each of its lines comes from.
pub struct Text {
    pub text: String,
    lines: Vec<usize>,
}

impl Text {
    /// The line of the page, counted from 1, that the byte at `offset` comes from.
    pub fn line(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let index = before.iter().filter(|&&byte| byte == b'\n').count();
        let last = self.lines.last();
        self.lines.get(index).or(last).copied().unwrap_or(1)
    }

    /// Copies `source`, with each of its lines replaced by what `replace` makes of it.
    fn new(source: &str, replace: impl Fn(&str) -> String) -> Self {
        let mut text = String::new();
        let mut lines = Vec::new();
        for (index, line) in source.lines().enumerate() {
            let replaced = replace(line);
            lines.extend(iter::repeat_n(index + 1, replaced.split('\n').count()));
            text.push_str(&replaced);
            text.push('\n');
        }
        Self { text, lines }
    }
}

impl Page {
    /// A page whose includes are read by `read`, which takes a path from the root.
    pub fn new(name: &str, source: &str, read: impl Fn(&str) -> Option<String>) -> Self {
        let read = |file: &str| path::join(name, file).and_then(|path| read(&path));
        Self {
            name: name.to_owned(),
            source: Text::new(source, str::to_owned),
            expanded: Text::new(source, |line| expand(line, &read)),
        }
    }

    /// Reads a page below `root`.
    pub fn read(root: &Path, name: &str) -> io::Result<Self> {
        let source = fs::read_to_string(root.join(name))?;
        Ok(Self::new(name, &source, |path| {
            fs::read_to_string(root.join(path)).ok()
        }))
    }

    /// A problem on this page.
    pub fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem {
            path: self.name.clone().into(),
            line,
            message: message.into(),
        }
    }
}

/// Reads every page: every Markdown file of the book but its summary, its README, what the cells
/// printed and what belongs to KaTeX.
pub fn pages(root: &Path) -> io::Result<Vec<Page>> {
    let names = files(root, "book")?;
    let is_page = |name: &&String| {
        name.ends_with(".md")
            && *name != "book/SUMMARY.md"
            && *name != "book/README.md"
            && !name.starts_with("book/out/")
            && !name.starts_with("book/katex/")
    };
    let pages = names.iter().filter(is_page);
    pages.map(|name| Page::read(root, name)).collect()
}

/// Every file below `directory`, as a path from `root`, in order.
pub fn files(root: &Path, directory: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(directory))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if directory.is_empty() {
            name
        } else {
            format!("{directory}/{name}")
        };
        if entry.path().is_dir() {
            files.extend(self::files(root, &name)?);
        } else {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}

/// Replaces the includes of a line, `file` or `file:anchor`. One that cannot be read stays, and so
/// does one whose anchor the file lacks, or that is escaped with a backslash.
fn expand(line: &str, read: &impl Fn(&str) -> Option<String>) -> String {
    const OPEN: &str = "{{#include ";
    let mut expanded = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(OPEN) {
        expanded.push_str(before);
        let directive = after.split_once("}}");
        let text = directive.and_then(|(target, _)| match target.trim().split_once(':') {
            Some((file, anchor)) => part(&read(file)?, anchor),
            None => read(target.trim()),
        });
        match (directive, text) {
            (Some((_, tail)), Some(text)) if !before.ends_with('\\') => {
                expanded.push_str(text.trim_end_matches('\n'));
                rest = tail;
            }
            _ => {
                expanded.push_str(OPEN);
                rest = after;
            }
        }
    }
    expanded + rest
}

/// The lines of a text between the comments `ANCHOR: name` and `ANCHOR_END: name`, as mdBook cuts
/// them: without those of other anchors.
fn part(text: &str, name: &str) -> Option<String> {
    let is = |line: &str, mark: &str| {
        let name_of = |(_, rest): (&str, &str)| rest.split_whitespace().next() == Some(name);
        line.split_once(mark).is_some_and(name_of)
    };
    let mut lines = text.lines().skip_while(|line| !is(line, "ANCHOR:"));
    lines.next()?;
    let inner = lines.take_while(|line| !is(line, "ANCHOR_END:"));
    let seen = inner.filter(|line| !line.contains("ANCHOR:") && !line.contains("ANCHOR_END:"));
    Some(seen.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_part_is_what_stands_between_its_anchors() {
    let text = "a\n// ANCHOR: f\nb\n// ANCHOR: fg\nc\n// ANCHOR_END: fg\n// ANCHOR_END: f\nd\n";
    let read = |path: &str| (path == "src/lib.rs").then(|| text.to_owned());
    let of = |target: &str| {
        let source = format!("{{{{#include ../src/lib.rs{target}}}}}");
        Page::new("book/page.md", &source, read).expanded.text
    };
    assert_eq!(of(":f"), "b\nc\n");
    assert_eq!(of(":fg"), "c\n");
    assert_eq!(of(""), text);
    assert_eq!(of(":h"), "{{#include ../src/lib.rs:h}}\n");
}

#[test]
fn an_included_line_comes_from_the_line_that_includes_it() {
    let read = |path: &str| (path == "book/out/sum.txt").then(|| "2\n3\n".to_owned());
    let source = "one\n{{#include ../out/sum.txt}}!\nlast {{#include none.txt}}\n";
    let page = Page::new("book/part/page.md", source, read);
    let text = &page.expanded.text;
    assert_eq!(text, "one\n2\n3!\nlast {{#include none.txt}}\n");
    let lines = ["one", "2", "3!", "last"].map(|word| text.find(word).unwrap_or_default());
    assert_eq!(lines.map(|at| page.expanded.line(at)), [1, 2, 2, 3]);
    assert_eq!(page.source.line(source.len()), 3);
    assert_eq!(
        page.problem(3, "why").to_string(),
        "book/part/page.md:3: why"
    );
}

#[test]
fn an_escaped_include_stays() {
    let page = Page::new("book/page.md", "\\{{#include a}} {{#include a}}", |_| {
        Some("x".to_owned())
    });
    assert_eq!(page.expanded.text, "\\{{#include a}} x\n");
}
