//! The summary: which pages the book has, in which order, and in which chapter.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::path;

/// A line of the summary.
pub struct Entry {
    /// The page, as a path from the root of the repository; empty for a draft without a file.
    pub page: String,
    /// The number of the chapter at the top level, counted from 1; `None` before and after the
    /// numbered chapters.
    pub chapter: Option<usize>,
    /// The line in `SUMMARY.md`.
    pub line: usize,
}

/// Reads the summary. Like mdBook, it counts the chapters on through the parts of the book.
pub fn parse(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut depth = 0;
    let mut chapter = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) if depth == 1 => chapter += 1,
            Event::Start(Tag::Link { dest_url, .. }) => {
                let page = match dest_url.as_ref() {
                    "" => Some(String::new()),
                    file => path::join("book/SUMMARY.md", file),
                };
                entries.push(Entry {
                    page: page.unwrap_or_default(),
                    chapter: (depth > 0).then_some(chapter),
                    line: text[..range.start].matches('\n').count() + 1,
                });
            }
            _ => {}
        }
    }
    entries
}

#[test]
fn pages_belong_to_their_chapter_at_the_top_level() {
    let summary = "# Summary\n\n[Preface](preface.md)\n\n- [One](one.md)\n- [Two](two.md)\n  \
                   - [Inner](two/inner.md)\n\n# Part\n\n- [Three](three.md)\n\n---\n\n[End](end.md)\n";
    let entries = parse(summary);
    let found: Vec<_> = entries
        .iter()
        .map(|entry| (entry.page.as_str(), entry.chapter, entry.line))
        .collect();
    let expected = [
        ("book/preface.md", None, 3),
        ("book/one.md", Some(1), 5),
        ("book/two.md", Some(2), 6),
        ("book/two/inner.md", Some(2), 7),
        ("book/three.md", Some(3), 11),
        ("book/end.md", None, 15),
    ];
    assert_eq!(found, expected);
}
