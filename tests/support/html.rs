//! HTML as a browser reads it, and what it would load.

use std::collections::BTreeMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Token, Tokenizer};

/// A piece of a document.
pub enum Piece {
    Start(Element),
    End(String),
    Text(String),
}

/// A start tag.
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
}

impl Element {
    /// The value of an attribute; empty where it is missing.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// The pieces of a document, each with the offset at which it begins.
pub fn pieces(html: &str) -> Vec<(usize, Piece)> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // So that the content of a script or a style is text.
    emitter.naively_switch_states(true);
    let mut pieces: Vec<(usize, Piece)> = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let element = Element {
                    name: string(&tag.name),
                    attributes: attributes.map(|(k, v)| (string(k), string(v))).collect(),
                };
                pieces.push((tag.span.start, Piece::Start(element)));
            }
            Token::EndTag(tag) => pieces.push((tag.span.start, Piece::End(string(&tag.name)))),
            Token::String(text) => match pieces.last_mut() {
                Some((_, Piece::Text(before))) => before.push_str(&string(&text)),
                _ => pieces.push((text.span.start, Piece::Text(string(&text)))),
            },
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    pieces
}

fn string(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The addresses of what a document loads by being shown, each with its offset. What a reader
/// must click on is not among them.
pub fn loads(html: &str) -> Vec<(usize, String)> {
    let mut loads = Vec::new();
    let mut in_style = false;
    for (offset, piece) in pieces(html) {
        match piece {
            Piece::Start(element) => {
                in_style = element.name == "style";
                let addresses = element_loads(&element);
                loads.extend(addresses.into_iter().map(|address| (offset, address)));
            }
            Piece::End(name) => in_style &= name != "style",
            Piece::Text(text) if in_style => {
                let addresses = css_loads(&text).into_iter();
                loads.extend(addresses.map(|(at, address)| (offset + at, address)));
            }
            Piece::Text(_) => {}
        }
    }
    loads
}

fn element_loads(element: &Element) -> Vec<String> {
    let mut loads = Vec::new();
    let is_link = matches!(element.name.as_str(), "a" | "area");
    for (name, value) in &element.attributes {
        match name.as_str() {
            "src" | "poster" | "data" => loads.push(value.clone()),
            "href" | "xlink:href" if !is_link => loads.push(value.clone()),
            "srcset" => {
                let candidates = value.split(',');
                let addresses = candidates.filter_map(|one| one.split_whitespace().next());
                loads.extend(addresses.map(str::to_owned));
            }
            // `style`, and the many attributes of SVG that take `url(…)`.
            _ => loads.extend(css_loads(value).into_iter().map(|(_, address)| address)),
        }
    }
    loads
}

/// The addresses that a style sheet loads: `url(…)` and `@import "…"`, each with its offset.
pub fn css_loads(css: &str) -> Vec<(usize, String)> {
    let quoted = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    let mut loads = Vec::new();
    for (at, open) in css.match_indices("url(") {
        let address = css[at + open.len()..].split(')').next();
        loads.push((at, quoted(address.unwrap_or_default())));
    }
    for (at, open) in css.match_indices("@import") {
        let target = css[at + open.len()..].split([';', '\n']).next();
        let target = target.unwrap_or_default().trim();
        if !target.starts_with("url(") {
            loads.push((at, quoted(target)));
        }
    }
    loads
}

#[test]
fn what_a_document_loads_is_listed() {
    let html = r#"<link href="a.css"><a href="https://example.org">out</a><img src=b.png>
<img srcset="c.png 1x, d.png 2x"><p style="background: url('e.png')">
<style>@import "f.css"; p { background: url(g.png) }</style>
<svg><use xlink:href="h.svg"/><path marker-end="url(#i)"/></svg><script>"url(no)"</script>"#;
    let addresses: Vec<String> = loads(html)
        .into_iter()
        .map(|(_, address)| address)
        .collect();
    let expected = [
        "a.css", "b.png", "c.png", "d.png", "e.png", "g.png", "f.css", "h.svg", "#i",
    ];
    assert_eq!(addresses, expected);
}

#[test]
fn an_import_is_found_however_it_is_written() {
    let css = "@import 'a.css';\n@import url(\"b.css\");";
    let addresses: Vec<String> = css_loads(css).into_iter().map(|(_, found)| found).collect();
    assert_eq!(addresses, ["b.css", "a.css"]);
}
