//! The sentences of a page: its paragraphs, its items and the text between HTML tags, cut, and its
//! headings and rows of tables, whole. Code is none.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::markdown;
use crate::support::katex;
use crate::support::page::Page;

/// A sentence.
pub struct Sentence {
    /// As it is written, but in one line, without comments, and with its number for a display.
    pub text: String,
    /// The same, with everything blanked that is not read as words: code, mathematics, HTML,
    /// includes and where links lead.
    pub plain: String,
    /// Whether it is a heading or a row of a table, which need not form a sentence.
    pub is_title: bool,
    /// Whether a link begins in it.
    pub links: bool,
    pub line: usize,
}

/// Stands for a byte that is not read as words, and cannot end a sentence.
const BLANK: u8 = 1;

/// Stands for a byte of a display.
const DISPLAY: u8 = 2;

/// A page while it is cut.
struct Draft {
    /// Its text with everything blanked that is not read as words. Bytes stay in their place.
    plain: String,
    /// What a sentence holds instead of its displays and comments, in order.
    replaced: Vec<(Range<usize>, String)>,
    links: Vec<Range<usize>>,
}

/// What Markdown makes of a page.
#[derive(Default)]
struct Reading {
    passages: Vec<Passage>,
    /// Code and tags, which are not read as words.
    unread: Vec<Range<usize>>,
    comments: Vec<Range<usize>>,
}

/// A piece of a page that a sentence does not leave.
struct Passage {
    range: Range<usize>,
    kind: Kind,
}

#[derive(PartialEq, Clone, Copy)]
enum Kind {
    Paragraph,
    /// A heading or a row of a table, which is one sentence or none.
    Title,
    /// An item of a tight list, or text in HTML.
    Other,
}

/// The sentences of a page, in order.
pub fn sentences(page: &Page) -> Vec<Sentence> {
    let text = &page.source.text;
    let (draft, passages) = draft(text);
    let mut sentences = Vec::new();
    for Passage { range, kind } in joined(passages, &draft) {
        let is_title = kind == Kind::Title;
        let whole = vec![range.clone()];
        let ranges = if is_title { whole } else { cut(&draft, range) };
        sentences.extend(ranges.into_iter().map(|range| Sentence {
            text: one_line(&draft.replace(text, &range)),
            plain: one_line(&draft.replace(&draft.plain, &range)),
            is_title,
            links: draft.links.iter().any(|link| range.contains(&link.start)),
            line: page.source.line(range.start),
        }));
    }
    sentences
}

/// A page, ready to be cut, and its passages.
fn draft(text: &str) -> (Draft, Vec<Passage>) {
    let formulas = katex::scan(text).formulas;
    let mathematics = formulas.iter().map(|formula| {
        let byte = if formula.display { DISPLAY } else { BLANK };
        (formula.range.clone(), byte)
    });
    // Markdown must not read mathematics: a line that begins with a minus would become an item.
    let veiled = blank(text, mathematics);
    let reading = read(&veiled);
    let links = markdown::links(&veiled);

    let mut unread = reading.unread;
    unread.extend(markdown::includes(text));
    unread.extend(links.iter().map(|link| link.destination.clone()));
    unread.extend(reading.comments.iter().cloned());
    let unread = unread.into_iter().map(|range| (range, BLANK));

    let displays = formulas.into_iter().filter(|formula| formula.display);
    let displays = displays.map(|formula| (formula.range, number(&text[formula.tex])));
    let comments = reading.comments.into_iter();
    let comments = comments.map(|range| (range, String::new()));
    let mut replaced: Vec<_> = displays.chain(comments).collect();
    replaced.sort_by_key(|(range, _)| range.start);

    let links = links.into_iter().filter(|link| !link.is_image);
    let draft = Draft {
        plain: blank(&veiled, unread),
        replaced,
        links: links.map(|link| link.range).collect(),
    };
    (draft, reading.passages)
}

/// The text with the bytes of each range replaced.
fn blank(text: &str, ranges: impl Iterator<Item = (Range<usize>, u8)>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (range, byte) in ranges {
        bytes[range].fill(byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads a text whose mathematics is blanked.
fn read(veiled: &str) -> Reading {
    // The options of mdBook 0.5, as in `markdown`.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    let mut reading = Reading::default();
    let mut open: Option<Range<usize>> = None;
    let mut in_code = false;
    for (event, range) in Parser::new_ext(veiled, options).into_offset_iter() {
        match event {
            Event::InlineHtml(ref html) if html.starts_with(COMMENT) => {
                reading.comments.push(range.clone());
            }
            Event::Code(_) | Event::InlineHtml(_) => reading.unread.push(range.clone()),
            _ => {}
        }
        if is_inline(&event) {
            if !in_code {
                let start = open.map_or(range.start, |open| open.start);
                open = Some(start..range.end);
            }
            continue;
        }
        let kind = match event {
            Event::End(TagEnd::Paragraph) => Kind::Paragraph,
            Event::End(TagEnd::Heading(_) | TagEnd::TableHead | TagEnd::TableRow) => Kind::Title,
            _ => Kind::Other,
        };
        let closed = open.take().map(|range| Passage { range, kind });
        reading.passages.extend(closed);
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::HtmlBlock) => reading.html(veiled, range),
            _ => {}
        }
    }
    reading
}

/// Whether an event does not end a passage. A row is one passage, whatever its cells.
fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::TableCell
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::TableCell
        ),
        Event::Html(_) | Event::Rule => false,
        _ => true,
    }
}

const COMMENT: &str = "<!--";

impl Reading {
    /// Reads a block of HTML: each piece of text between two tags or comments is a passage.
    fn html(&mut self, text: &str, block: Range<usize>) {
        let mut at = block.start;
        while at < block.end {
            let rest = &text[at..block.end];
            let (piece, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            if !piece.trim().is_empty() {
                let start = at + piece.len() - piece.trim_start().len();
                let range = start..start + piece.trim().len();
                let kind = Kind::Other;
                self.passages.push(Passage { range, kind });
            }
            let is_comment = tag.starts_with(COMMENT);
            let end = if is_comment { "-->" } else { ">" };
            let length = tag.find(end).map_or(tag.len(), |found| found + end.len());
            at += piece.len() + length;
            if is_comment {
                self.comments.push(at - length..at);
            }
        }
    }
}

/// Joins the paragraphs that stand before and after a display with it: a sentence runs through.
fn joined(passages: Vec<Passage>, draft: &Draft) -> Vec<Passage> {
    let mut joined: Vec<Passage> = Vec::new();
    for passage in passages {
        match joined.last_mut() {
            Some(last) if runs_on(last, &passage, draft) => last.range.end = passage.range.end,
            _ => joined.push(passage),
        }
    }
    joined
}

/// Whether two passages are paragraphs, one of them a display where they meet, with nothing but
/// comments between them: a condition of an equation stands above it.
fn runs_on(last: &Passage, next: &Passage, draft: &Draft) -> bool {
    let [before, after] = [last, next].map(|one| &draft.plain[one.range.clone()]);
    let display = char::from(DISPLAY);
    let meets_display = before.ends_with(display) || after.starts_with(display);
    let paragraphs = last.kind == Kind::Paragraph && next.kind == Kind::Paragraph;
    let gap = last.range.end..next.range.start;
    paragraphs && meets_display && draft.replace(&draft.plain, &gap).trim().is_empty()
}

/// What a point stands behind without ending a sentence.
const ABBREVIATIONS: &[&str] = &["e.g", "i.e", "cf", "vs", "etc", "ch", "eq", "eqs", "fig"];

/// Cuts a passage into sentences. One ends with a point, a question mark, an exclamation mark or a
/// display, if white space follows, and then anything but a small letter, outside of a link.
fn cut(draft: &Draft, passage: Range<usize>) -> Vec<Range<usize>> {
    let plain = &draft.plain;
    let Range { mut start, end } = passage;
    let mut sentences = Vec::new();
    let is_end = |c: char| matches!(c, '.' | '?' | '!') || c == char::from(DISPLAY);
    for (offset, mark) in plain[passage.clone()].match_indices(is_end) {
        let at = passage.start + offset;
        let after = plain[at + mark.len()..end].trim_start_matches(closes);
        let next = after.trim_start();
        let (stop, begin) = (end - after.len(), end - next.len());
        let goes_on = stop == begin || next.starts_with(char::is_lowercase);
        let reaches_over = |link: &Range<usize>| link.start < stop && begin < link.end;
        let in_link = draft.links.iter().any(reaches_over);
        let shortens = mark == "." && is_abbreviation(&plain[start..at]);
        if !goes_on && !in_link && !shortens {
            sentences.push(start..stop);
            start = begin;
        }
    }
    if start < end {
        sentences.push(start..end);
    }
    sentences
}

/// What may stand between the end of a sentence and the white space after it: a bracket, a mark of
/// emphasis, or where a link leads.
fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '"' | '\'' | '”' | '’' | '*' | '_') || c == char::from(BLANK)
}

fn is_abbreviation(before: &str) -> bool {
    let ends = |c: char| !c.is_alphanumeric() && c != '.';
    let word = before.rsplit(ends).next().unwrap_or_default();
    ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

impl Draft {
    /// A part of `text`, which has its bytes where the page has them, with what stands in it
    /// instead of displays and comments.
    fn replace(&self, text: &str, range: &Range<usize>) -> String {
        let mut replaced = String::new();
        let mut at = range.start;
        for (piece, instead) in &self.replaced {
            if at <= piece.start && piece.end <= range.end {
                replaced.push_str(&text[at..piece.start]);
                replaced.push_str(instead);
                at = piece.end;
            }
        }
        replaced + &text[at..range.end]
    }
}

/// The number of a display, (3.9).
fn number(tex: &str) -> String {
    let tag = tex.split_once("\\tag{");
    let number = tag.and_then(|(_, rest)| rest.split_once('}'));
    number.map_or(String::new(), |(number, _)| format!("({number})"))
}

/// A text in one line, with one space between its words and without the marks of a quotation.
pub fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches([' ', '>']));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    /// The sentences of a page, with their lines.
    fn found(source: &str) -> Vec<(usize, String)> {
        let sentences = sentences(&example("book/page.md", source)).into_iter();
        sentences.map(|one| (one.line, one.text)).collect()
    }

    #[track_caller]
    fn assert_cut(source: &str, expected: &[(usize, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|&(line, text)| (line, text.to_owned()))
            .collect();
        assert_eq!(found(source), expected);
    }

    #[test]
    fn a_sentence_ends_with_its_mark() {
        assert_cut(
            "It falls. Why? Because\nit must! $x$ stays. `y` *goes.* (So it is.) \"Yes.\" 2 are left\n",
            &[
                (1, "It falls."),
                (1, "Why?"),
                (1, "Because it must!"),
                (2, "$x$ stays."),
                (2, "`y` *goes.*"),
                (2, "(So it is.)"),
                (2, "\"Yes.\""),
                (2, "2 are left"),
            ],
        );
    }

    #[test]
    fn a_point_within_a_sentence_does_not_end_it() {
        let whole = [
            "A loss, e.g. Brier's, i.e. The square, cf. Fig. 3 and eq. 4.",
            "About 0.5 to 1.5 nats, v0.2, and a.b.",
            "Call `a. B` and ``c. `D``, then $x. Y$ and $z.$ After it.",
            "See [the page](<a. B.md>) and [Right? Ask](b.md) or <https://a.org/x.Y>.",
            "A range … And so on.",
            "By {{#include out/a. B.txt}} <i title=\"A. B\">more</i>.",
        ];
        for sentence in whole {
            assert_cut(sentence, &[(1, sentence)]);
        }
    }

    #[test]
    fn a_display_belongs_to_the_sentence_around_it() {
        assert_cut(
            "One. Its value is\n\n$$\na\n- b \\tag{1.2}\n$$\n\nwhere a. B. Then\n$$ c $$\nThe end:\n\n\
             $$ d \\tag{1.3} $$\n\n$$ e \\tag{1.4} $$\n\nNext.\n",
            &[
                (1, "One."),
                (1, "Its value is (1.2) where a."),
                (8, "B."),
                (8, "Then"),
                (10, "The end: (1.3)"),
                (14, "(1.4)"),
                (16, "Next."),
            ],
        );
        let condition =
            "Its value is\n\n<!-- eq 1.2:\n\ni = 1. A --> <!-- -->\n\n$$ a \\tag{1.2} $$\n";
        assert_cut(condition, &[(1, "Its value is (1.2)")]);
        let apart = "Its value is\n\n<!-- --><p>b</p>\n\n$$ a \\tag{1.2} $$\n";
        assert_cut(apart, &[(1, "Its value is"), (3, "b"), (5, "(1.2)")]);
        assert_cut("# A\n\n$$ a \\tag{1.2} $$\n", &[(1, "A"), (3, "(1.2)")]);
    }

    #[test]
    fn everything_that_is_read_is_cut() {
        assert_cut(
            "# 1. A title. Whole\n\n- An item. Two\n  lines\n- Next\n\n> Quoted\n> text\n\n\
             | a | B. C |\n|---|---|\n| d. | E |\n\n\
             <figure>\n<!-- No. -->\n<figcaption>A caption. Two.</figcaption>\n</figure>\n\n\
             ```text\nNo. Code.\n```\n\n<p id=\"a\">More</p>\n",
            &[
                (1, "1. A title. Whole"),
                (3, "An item."),
                (3, "Two lines"),
                (5, "Next"),
                (7, "Quoted text"),
                (10, "a | B. C"),
                (12, "d. | E"),
                (16, "A caption."),
                (16, "Two."),
                (23, "More"),
            ],
        );
    }

    #[test]
    fn what_is_no_word_is_blanked() {
        let source = "A `never` $\\text{all}$ {{#include only.txt}} <b>each</b><!-- all --> [most](two.md) ![six](x)";
        let sentences = sentences(&example("book/page.md", source));
        let blanked = |one: &Sentence| one_line(&one.plain.replace(char::from(BLANK), ""));
        let plain: Vec<String> = sentences.iter().map(blanked).collect();
        assert_eq!(plain, ["A each [most ![six"]);
        assert!(sentences[0].links && !sentences[0].is_title);
        let image = super::sentences(&example("book/page.md", "# A ![six](x)\n"));
        assert!(!image[0].links && image[0].is_title);
    }
}
