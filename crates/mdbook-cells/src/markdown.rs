//! What a page holds: its code blocks and what it includes, as rustdoc and mdBook read them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A block of code.
#[derive(Debug)]
pub struct Block {
    /// What stands behind the opening fence; nothing, for a block that is indented.
    pub info: String,
    /// The code.
    pub code: String,
    /// Where pieces of the code begin: in the code, and on the page.
    pieces: Vec<(usize, usize)>,
}

impl Block {
    /// Where on the page a place in the code is.
    pub fn on_page(&self, at: usize) -> usize {
        let before = self.pieces.iter().rev().find(|(code, _)| *code <= at);
        before.map_or(0, |(code, page)| page + (at - code))
    }

    /// Whether rustdoc runs the block.
    pub fn runs(&self) -> bool {
        let words = self
            .info
            .split([',', ' ', '\t'])
            .filter(|word| !word.is_empty());
        let mut rust = false;
        let mut other = false;
        for word in words {
            let standing_still = word.starts_with("ignore");
            match word {
                "no_run" | "compile_fail" => return false,
                _ if standing_still => return false,
                "rust" => rust = true,
                "should_panic" | "test_harness" | "standalone_crate" => {}
                _ if is_code_of_error(word) || word.starts_with("edition") => {}
                _ => other = true,
            }
        }
        rust || !other
    }
}

/// `E0308`
fn is_code_of_error(word: &str) -> bool {
    let digits = word.strip_prefix('E').unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The blocks of code on a page, and where its links and images lead.
pub fn read(page: &str) -> (Vec<Block>, Vec<String>) {
    let (mut blocks, mut links) = (Vec::new(), Vec::new());
    let mut open: Option<Block> = None;
    for (event, range) in events(page) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Indented => String::new(),
                    CodeBlockKind::Fenced(info) => info.into_string(),
                };
                open = Some(Block {
                    info,
                    code: String::new(),
                    pieces: Vec::new(),
                });
            }
            Event::Text(text) => {
                if let Some(block) = &mut open {
                    block.pieces.push((block.code.len(), range.start));
                    block.code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.into_string());
            }
            _ => {}
        }
    }
    (blocks, links)
}

/// Where the links of a page lead, and where they stand.
pub fn links(page: &str) -> Vec<(String, usize)> {
    let links = events(page).filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some((dest_url.into_string(), range.start)),
        _ => None,
    });
    links.collect()
}

fn events(page: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    Parser::new_ext(page, options).into_offset_iter()
}

/// The files that a page includes, and where: `{{#include file}}`, `{{#rustdoc_include file}}`,
/// `{{#playground file}}`, with or without lines or an anchor.
///
/// mdBook takes them out of the text of the page, in code as well, but for those behind a backslash.
pub fn includes(page: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = page[at..].find("{{") {
        let start = at + next;
        let rest = &page[start + 2..];
        at = start + 2;
        if page[..start].ends_with('\\') && rest.starts_with('#') {
            // Up to the last braces of the line, as mdBook has it.
            let line = rest.lines().next().unwrap_or_default();
            if let Some(end) = line.rfind("}}") {
                at += end + 2;
                continue;
            }
        }
        if let Some((file, length)) = include(rest) {
            found.extend(file.map(|file| (file, start)));
            at += length;
        }
    }
    found
}

/// Reads `#include file.txt:3 }}`: the file, if it is one, and the length of the whole.
fn include(text: &str) -> Option<(Option<&str>, usize)> {
    let rest = text.trim_start().strip_prefix('#')?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = rest.find(|c| !is_word(c))?;
    let (helper, rest) = rest.split_at(end);
    let inner = rest.trim_start();
    let braces = inner.find('}')?;
    let whole = text.len() - inner.len() + braces + 2;
    if helper.is_empty() || inner.len() == rest.len() || !inner[braces..].starts_with("}}") {
        return None;
    }
    let path = inner[..braces].split_whitespace().next();
    let file = match helper {
        "include" | "rustdoc_include" => path.and_then(|path| path.split(':').next()),
        "playground" | "playpen" => path,
        _ => None,
    };
    Some((file, whole))
}

/// The number of the line that a place is on.
pub fn line(page: &str, at: usize) -> usize {
    let before = page.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}
