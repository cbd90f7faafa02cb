//! A page as mdBook reads it, and where it holds code. What stands in code is shown to a reader, so it is left alone.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

/// The Markdown that mdBook reads. That it also sets the quotes of a book moves nothing.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_GFM);

/// A page and its code.
pub struct Markdown<'a> {
    pub text: &'a str,
    pub fences: Vec<Fence>,
    spans: Vec<Range<usize>>,
}

/// A fenced block of code.
pub struct Fence {
    /// What stands after the backticks: `rust,proof`.
    pub info: String,
    pub code: String,
    /// The whole block, with its fences.
    pub range: Range<usize>,
}

impl Fence {
    /// The language and the attributes.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.info.split([',', ' ', '\t']);
        words.filter(|word| !word.is_empty())
    }
}

impl<'a> Markdown<'a> {
    /// Finds the code of a page. Indented blocks are none: a line of TeX in an annotation can look
    /// like one, and the rules of the book forbid them.
    pub fn read(text: &'a str) -> Self {
        let mut fences = Vec::new();
        let mut spans = Vec::new();
        let mut open: Option<Fence> = None;
        for (event, range) in events(text) {
            match (event, &mut open) {
                (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _) => {
                    let (info, code) = (info.into_string(), String::new());
                    open = Some(Fence { info, code, range });
                }
                (Event::Text(text), Some(fence)) => fence.code.push_str(&text),
                (Event::End(TagEnd::CodeBlock), _) => fences.extend(open.take()),
                (Event::Code(_), _) => spans.push(range),
                _ => {}
            }
        }
        Self {
            text,
            fences,
            spans,
        }
    }

    /// What Markdown finds in the page, in its order, each with its place.
    pub fn events(&self) -> OffsetIter<'a> {
        events(self.text)
    }

    /// Where `needle` stands outside of code.
    pub fn find(&self, needle: &str) -> Vec<usize> {
        let found = self.text.match_indices(needle).map(|(at, _)| at);
        found.filter(|at| !self.is_code(*at)).collect()
    }

    /// The line of the page, counted from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    fn is_code(&self, at: usize) -> bool {
        let fences = self.fences.iter().map(|fence| &fence.range);
        let mut code = fences.chain(&self.spans);
        code.any(|range| range.contains(&at))
    }
}

fn events(text: &str) -> OffsetIter<'_> {
    Parser::new_ext(text, OPTIONS).into_offset_iter()
}

#[test]
fn what_stands_in_code_is_not_found() {
    let text = "x `x` <b>x</b>\n\n```text\nx\n```\n~~~\nx\n~~~\n<!-- `\nx -->\n- x `` ` x ``\n";
    let page = Markdown::read(text);
    let lines: Vec<usize> = page.find("x").into_iter().map(|at| page.line(at)).collect();
    assert_eq!(lines, [1, 1, 10, 11]);
}

#[test]
fn fences_have_words_and_code() {
    let page = Markdown::read("```rust,proof\nf();\n\ng();\n```\n```text\n```\n    a\n");
    let words: Vec<Vec<&str>> = page
        .fences
        .iter()
        .map(|one| one.words().collect())
        .collect();
    assert_eq!(words, [vec!["rust", "proof"], vec!["text"]]);
    assert_eq!(page.fences[0].code, "f();\n\ng();\n");
}
