//! What HTML is to the preprocessor: tags, and the text between them.

use std::ops::Range;

/// A part of a piece of HTML.
#[derive(Debug, PartialEq)]
pub enum Piece<'a> {
    Open(&'a str),
    Close(&'a str),
    /// What a reader sees, by its place.
    Text(Range<usize>),
}

/// The tags and texts of a piece of HTML. Comments are none.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    while let Some(found) = html[done..].find('<') {
        let start = done + found;
        pieces.extend(text(done..start));
        let end = tag_end(html, start);
        pieces.extend(tag(&html[start + 1..end]));
        done = end;
    }
    pieces.extend(text(done..html.len()));
    pieces
}

fn text<'a>(range: Range<usize>) -> Option<Piece<'a>> {
    (!range.is_empty()).then_some(Piece::Text(range))
}

/// The tag whose inside begins with `inside`.
fn tag(inside: &str) -> Option<Piece<'_>> {
    let (is_close, inside) = match inside.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, inside),
    };
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric());
    let name = &inside[..end.unwrap_or(inside.len())];
    match name {
        "" => None,
        name if is_close => Some(Piece::Close(name)),
        name => Some(Piece::Open(name)),
    }
}

/// Where the tag or the comment that begins at `start` ends. A `>` in quotes does not end a tag.
fn tag_end(html: &str, start: usize) -> usize {
    let inside = &html[start..];
    if inside.starts_with("<!--") {
        let length = inside.find("-->").map(|at| at + "-->".len());
        return start + length.unwrap_or(inside.len());
    }
    let mut quote = None;
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (None, '>') => return start + at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    html.len()
}

/// The text as it stands in HTML, also between the quotes of an attribute.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn tags_and_texts_are_told_apart() {
    use Piece::{Close, Open, Text};
    assert_eq!(
        pieces("a<b title='>'>c</b><!-- <i> --><br/>"),
        [Text(0..1), Open("b"), Text(14..15), Close("b"), Open("br")]
    );
    assert_eq!(pieces("<h2 class=\"a\"\n id=b>"), [Open("h2")]);
    assert_eq!(pieces("a < b"), [Text(0..2)]);
    assert_eq!(pieces(""), []);
}
