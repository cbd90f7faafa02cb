//! A built page as a tree, and a tree as XML.
//!
//! mdBook writes its pages from a tree, so that they nest; that they do is checked here. What HTML
//! leaves out and XML asks for is put in: the end of `<br>`, the value of `hidden`, the capitals of
//! SVG.

use std::io;

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_html5_entity};
use quick_xml::events::{BytesRef, BytesStart, Event};

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An element and what is in it.
    Element(Element),
    /// Text, as a reader sees it.
    Text(String),
}

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Its name, with the capitals of SVG.
    pub name: String,
    /// Its attributes, in their order.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<Node>,
}

/// The elements of HTML that hold nothing, and have no end.
const VOID: [&str; 9] = [
    "area", "br", "col", "hr", "img", "input", "link", "meta", "wbr",
];

/// The names of SVG that have capitals, which HTML writes without them.
const CAPITALS: [&str; 14] = [
    "clipPath",
    "clipPathUnits",
    "gradientTransform",
    "gradientUnits",
    "linearGradient",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "pathLength",
    "patternUnits",
    "preserveAspectRatio",
    "refX",
    "refY",
    "viewBox",
];

impl Element {
    /// The value of an attribute; empty where it is missing.
    pub fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(one, _)| one == name);
        found.map_or("", |(_, value)| value)
    }

    /// Sets an attribute.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.attributes.iter_mut().find(|(one, _)| one == name) {
            Some((_, old)) => *old = value.into(),
            None => self.attributes.push((name.to_owned(), value.into())),
        }
    }

    /// Whether it has a class.
    pub fn has_class(&self, class: &str) -> bool {
        let mut classes = self.attribute("class").split_whitespace();
        classes.any(|one| one == class)
    }
}

/// Reads a piece of a page.
pub fn read(html: &str) -> io::Result<Vec<Node>> {
    let mut reader = Reader::from_str(html);
    // The ends are compared here, where it is known which elements have none.
    reader.config_mut().check_end_names = false;
    // The elements that are open, the page first.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string());
        match event.and_then(|event| step(event, &mut open)) {
            Ok(true) => {}
            Ok(false) => break,
            Err(what) => {
                let read = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                let read = html.as_bytes().iter().take(read);
                let line = read.filter(|&&byte| byte == b'\n').count() + 1;
                return Err(io::Error::other(format!("line {line}: {what}")));
            }
        }
    }
    match <[Element; 1]>::try_from(open) {
        Ok([page]) => Ok(page.children),
        Err(open) => {
            let last = open.last().map_or("", |element| &element.name);
            Err(io::Error::other(format!("<{last}> has no end")))
        }
    }
}

/// Takes in the next piece of a page; whether there may be more.
fn step(event: Event, open: &mut Vec<Element>) -> Result<bool, String> {
    match event {
        Event::Start(tag) => {
            let element = opened(&tag)?;
            if VOID.contains(&element.name.as_str()) {
                add(open, Node::Element(element));
            } else {
                open.push(element);
            }
        }
        Event::Empty(tag) => add(open, Node::Element(opened(&tag)?)),
        Event::End(tag) => {
            let name = name(tag.name().as_ref());
            match open.pop() {
                Some(element) if element.name == name => add(open, Node::Element(element)),
                other => {
                    let expected = other.map(|element| element.name).unwrap_or_default();
                    return Err(format!("expected </{expected}>, found </{name}>"));
                }
            }
        }
        Event::Text(text) => add(open, Node::Text(text.to_string())),
        Event::GeneralRef(entity) => add(open, Node::Text(character(&entity)?)),
        Event::Eof => return Ok(false),
        // Nothing that a reader sees.
        Event::Comment(_) | Event::CData(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
        }
    }
    Ok(true)
}

/// The character that stands for itself as `&lt;` or `&#60;`.
fn character(entity: &BytesRef) -> Result<String, String> {
    let code = entity.resolve_char_ref();
    if let Some(one) = code.map_err(|error| error.to_string())? {
        return Ok(one.to_string());
    }
    let found = resolve_html5_entity(entity).map(str::to_owned);
    found.ok_or_else(|| format!("no character is called &{};", &**entity))
}

/// Adds a node to the innermost element that is open; text goes on with the text before it.
fn add(open: &mut [Element], node: Node) {
    let Some(inner) = open.last_mut() else {
        return;
    };
    match (inner.children.last_mut(), node) {
        (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
        (_, node) => inner.children.push(node),
    }
}

/// The element that a tag opens.
fn opened(tag: &BytesStart) -> Result<Element, String> {
    let mut element = Element {
        name: name(tag.name().as_ref()),
        ..Element::default()
    };
    for attribute in tag.html_attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = quick_xml::escape::unescape_with(&attribute.value, resolve_html5_entity);
        let value = value.map_err(|error| error.to_string())?.into_owned();
        element
            .attributes
            .push((name(attribute.key.as_ref()), value));
    }
    Ok(element)
}

/// A name, with the capitals of SVG.
fn name(name: &str) -> String {
    let with_capitals = CAPITALS.iter().find(|one| one.eq_ignore_ascii_case(name));
    with_capitals.map_or(name.to_string(), |one| (*one).to_owned())
}

/// Writes nodes as XML.
pub fn write(nodes: &[Node]) -> String {
    let mut xml = String::new();
    nodes.iter().for_each(|node| write_one(node, &mut xml));
    xml
}

fn write_one(node: &Node, xml: &mut String) {
    let element = match node {
        Node::Text(text) => return xml.push_str(&escape(text.as_str())),
        Node::Element(element) => element,
    };
    xml.push_str(&format!("<{}", element.name));
    for (name, value) in &element.attributes {
        xml.push_str(&format!(" {name}=\"{}\"", escape(value.as_str())));
    }
    if element.children.is_empty() {
        xml.push_str("/>");
        return;
    }
    xml.push('>');
    element.children.iter().for_each(|one| write_one(one, xml));
    xml.push_str(&format!("</{}>", element.name));
}

/// What is read aloud of nodes: a formula by its MathML alone, a cell without its hidden lines.
pub fn text(nodes: &[Node]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            Node::Text(one) => text.push_str(one),
            Node::Element(element) if is_unseen(element) => {}
            Node::Element(element) => text.push_str(&self::text(&element.children)),
        }
    }
    text
}

/// What a page holds for its look or its scripts alone.
pub fn is_unseen(element: &Element) -> bool {
    matches!(
        element.name.as_str(),
        "script" | "style" | "template" | "noscript"
    ) || ["katex-html", "boring", "buttons"]
        .iter()
        .any(|class| element.has_class(class))
}

/// Whether there is an element of a name, however deep it stands.
pub fn has(nodes: &[Node], name: &str) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(_) => false,
        Node::Element(element) => element.name == name || has(&element.children, name),
    })
}

/// An element without attributes.
pub fn element(name: &str, children: Vec<Node>) -> Node {
    Node::Element(Element {
        name: name.to_owned(),
        children,
        ..Element::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(html: &str) -> String {
        write(&read(html).unwrap())
    }

    #[test]
    fn what_html_leaves_out_is_put_in() {
        let html = "<p hidden>a<br>b&nbsp;&lt; c</p><svg viewbox=\"0 0 1 1\"><clippath id=a></clippath></svg>";
        let xml = "<p hidden=\"\">a<br/>b\u{a0}&lt; c</p><svg viewBox=\"0 0 1 1\"><clipPath id=\"a\"/></svg>";
        assert_eq!(rewritten(html), xml);
    }

    #[test]
    fn a_page_that_does_not_nest_is_refused() {
        let error = |html| read(html).unwrap_err().to_string();
        assert_eq!(error("<p>\n<b></p>"), "line 2: expected </b>, found </p>");
        assert_eq!(error("<p>"), "<p> has no end");
        assert!(error("a</p>").contains("`</p>` does not match"));
        assert_eq!(error("&none;"), "line 1: no character is called &none;");
    }

    #[test]
    fn a_formula_is_read_once() {
        let html = "<p>Let <span class=\"katex\"><math><mi>θ</mi></math><span class=\"katex-html\">θ</span></span> be.</p>";
        assert_eq!(text(&read(html).unwrap()), "Let θ be.");
    }
}
