//! The Markdown of a page: its code, headings, links and HTML, each with its place.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

/// The events of a page, read with the options of mdBook 0.5.
fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    Parser::new_ext(text, options).into_offset_iter()
}

/// A block of code.
pub struct Block {
    /// What stands after the backticks; `None` for an indented block.
    pub info: Option<String>,
    pub code: String,
    /// The whole block, with its fences.
    pub range: Range<usize>,
}

impl Block {
    /// The language and the attributes.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let info = self.info.as_deref().unwrap_or_default();
        info.split([',', ' ', '\t']).filter(|word| !word.is_empty())
    }

    pub fn is_rust(&self) -> bool {
        self.words().next() == Some("rust")
    }

    pub fn has(&self, attribute: &str) -> bool {
        self.words().skip(1).any(|word| word == attribute)
    }

    /// Whether it is Rust that runs to its end.
    pub fn runs(&self) -> bool {
        let stopped = ["ignore", "no_run", "compile_fail", "should_panic"];
        self.is_rust() && !stopped.iter().any(|attribute| self.has(attribute))
    }
}

/// The blocks of code of a page.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (event, range) in events(text) {
        match (event, &mut open) {
            (Event::Start(Tag::CodeBlock(kind)), _) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => Some(info.into_string()),
                    CodeBlockKind::Indented => None,
                };
                let code = String::new();
                open = Some(Block { info, code, range });
            }
            (Event::Text(text), Some(block)) => block.code.push_str(&text),
            (Event::End(TagEnd::CodeBlock), _) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// Where a page holds code: blocks, and code within a line.
pub fn code(text: &str) -> Vec<Range<usize>> {
    events(text)
        .filter(|(event, _)| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_)))
        .map(|(_, range)| range)
        .collect()
}

/// The HTML that is written in a page, in pieces that hold whole tags.
pub fn html(text: &str) -> Vec<Range<usize>> {
    events(text)
        .filter(|(event, _)| matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)))
        .map(|(_, range)| range)
        .collect()
}

/// A heading.
pub struct Heading {
    pub range: Range<usize>,
    /// The anchor that mdBook gives it.
    pub id: String,
}

/// The headings of a page. The terms of a definition list get an anchor in the same way.
pub fn headings(text: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut given = BTreeSet::new();
    let mut open: Option<(Option<String>, String)> = None;
    for (event, range) in events(text) {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { id, .. }), _) => {
                open = Some((id.map(|id| id.into_string()), String::new()));
            }
            (Event::Start(Tag::DefinitionListTitle), _) => open = Some((None, String::new())),
            (Event::Text(text) | Event::Code(text), Some((_, title))) => title.push_str(&text),
            (Event::End(TagEnd::Heading(_) | TagEnd::DefinitionListTitle), _) => {
                if let Some((id, title)) = open.take() {
                    let id = id.unwrap_or_else(|| unique(anchor(&title), &mut given));
                    headings.push(Heading { range, id });
                }
            }
            _ => {}
        }
    }
    headings
}

/// As `id_from_content` of mdbook-html 0.5.4.
fn anchor(title: &str) -> String {
    let kept = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    let title = title.trim().to_lowercase();
    title.chars().filter_map(kept).collect()
}

/// As `unique_id` of mdbook-html 0.5.4.
fn unique(id: String, given: &mut BTreeSet<String>) -> String {
    let numbered = (1..).map(|number| format!("{id}-{number}"));
    let mut candidates = std::iter::once(id.clone()).chain(numbered);
    let free = candidates.find(|candidate| given.insert(candidate.clone()));
    free.unwrap_or(id)
}

/// A link or an image.
pub struct Link {
    pub is_image: bool,
    pub target: String,
    pub range: Range<usize>,
    /// The part of it that is not read but followed.
    pub destination: Range<usize>,
}

/// The links and images of a page.
pub fn links(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    // A link can hold an image. For each open one: the link, and where its text ends so far.
    let mut open: Vec<(Link, usize)> = Vec::new();
    for (event, range) in events(text) {
        match event {
            Event::Start(
                ref tag @ (Tag::Link {
                    link_type,
                    ref dest_url,
                    ..
                }
                | Tag::Image {
                    link_type,
                    ref dest_url,
                    ..
                }),
            ) => {
                let link = Link {
                    is_image: matches!(tag, Tag::Image { .. }),
                    target: dest_url.to_string(),
                    range: range.clone(),
                    destination: range.clone(),
                };
                let automatic = matches!(link_type, LinkType::Autolink | LinkType::Email);
                // The text of an automatic link is its address.
                let end = if automatic { usize::MAX } else { range.start };
                open.push((link, end));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((mut link, text_end)) = open.pop() {
                    if text_end != usize::MAX {
                        link.destination = text_end..link.range.end;
                    }
                    links.push(link);
                }
                extend(&mut open, range.end);
            }
            Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) => {
                extend(&mut open, range.end);
            }
            _ => {}
        }
    }
    links
}

/// Moves the end of the text of the innermost open link on to `end`.
fn extend(open: &mut [(Link, usize)], end: usize) {
    if let Some((_, text_end)) = open.last_mut() {
        *text_end = end.max(*text_end);
    }
}

/// The text with the given ranges blanked; lines stay lines.
pub fn mask(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut masked = text.as_bytes().to_vec();
    for range in ranges {
        for byte in &mut masked[range] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&masked).into_owned()
}

/// Where the text holds includes, `{{#include …}}`.
pub fn includes(text: &str) -> Vec<Range<usize>> {
    let starts = text.match_indices("{{#");
    starts
        .filter_map(|(start, _)| Some(start..start + text[start..].find("}}")? + 2))
        .collect()
}

#[test]
fn headings_get_the_anchors_of_mdbook() {
    let text =
        "# The *own* logit\n\n## `x` -- and 2.1?\n\n## Again\n\n## Again\n\n## Named {#here}\n";
    let ids: Vec<String> = headings(text).into_iter().map(|one| one.id).collect();
    assert_eq!(
        ids,
        ["the-own-logit", "x--and-21", "again", "again-1", "here"]
    );
}

#[test]
fn only_the_destination_of_a_link_is_its_destination() {
    let text = "a [`b` c](d.md#e) [f][g] <https://h> [![i](j.png)](k.md)\n\n[g]: l.md\n";
    let found: Vec<_> = links(text)
        .into_iter()
        .map(|link| (link.target, link.is_image, &text[link.destination]))
        .collect();
    let expected = [
        ("d.md#e", false, "](d.md#e)"),
        ("l.md", false, "][g]"),
        ("https://h", false, "<https://h>"),
        ("j.png", true, "](j.png)"),
        ("k.md", false, "](k.md)"),
    ];
    assert_eq!(
        found,
        expected.map(|(target, is_image, text)| (target.to_owned(), is_image, text))
    );
}

#[test]
fn blocks_know_their_language_and_attributes() {
    let proof = &blocks("```rust,proof\na\n```\n")[0];
    assert!(proof.is_rust() && proof.has("proof") && proof.runs());
    let blocks = blocks("```rust,no_run\na\n```\n\n    b\n\n```\nc\n```\n");
    let words: Vec<Vec<&str>> = blocks.iter().map(|block| block.words().collect()).collect();
    assert_eq!(words, [vec!["rust", "no_run"], vec![], vec![]]);
    assert!(blocks[0].is_rust() && blocks[0].has("no_run") && !blocks[0].runs());
    assert_eq!(blocks[1].info, None);
    assert_eq!(blocks[2].info.as_deref(), Some(""));
    let code: Vec<&str> = blocks.iter().map(|block| block.code.as_str()).collect();
    assert_eq!(code, ["a\n", "b\n", "c\n"]);
}

#[test]
fn a_mask_keeps_lines_and_bytes() {
    let text = "ŷ = 1\nŷ {{#include a}} b";
    let masked = mask(text, includes(text));
    assert_eq!(masked, format!("ŷ = 1\nŷ {} b", " ".repeat(14)));
    assert_eq!(mask("a\nb", [0..1, 2..3]), " \n ");
}
