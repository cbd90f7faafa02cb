//! The built book: what its pages are called, in which order they come, and what is in them.

use std::path::Path;
use std::{fs, io};

use crate::history::{self, History};
use crate::xml::{self, Element, Node};

/// A built book.
pub struct Book {
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Where it is published, with a slash at its end, if that is known.
    pub address: Option<String>,
    /// Its pages, in their order.
    pub pages: Vec<Page>,
}

/// A page.
pub struct Page {
    /// Where it stands in the built book: `derivation/softmax.html`.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// Its Markdown.
    pub source: String,
    /// The day of its last change, if the history knows it: `2026-11-28`.
    pub changed: Option<String>,
    /// The file, as mdBook wrote it.
    pub html: String,
    /// What is in `<main>`.
    pub content: Vec<Node>,
}

impl Book {
    /// Reads the book that mdBook has built from `root` to `built`.
    pub fn read(root: &Path, built: &Path) -> io::Result<Self> {
        let settings: toml::Table = read(&root.join("book.toml"))?
            .parse()
            .map_err(|error| io::Error::other(format!("book.toml: {error}")))?;
        let text = |name: &str| {
            let value = settings.get("book").and_then(|book| book.get(name));
            value.and_then(toml::Value::as_str).map(str::to_owned)
        };
        let missing = |name: &str| io::Error::other(format!("book.toml: [book] has no {name}"));
        let authors = settings.get("book").and_then(|book| book.get("authors"));
        let authors = authors.and_then(toml::Value::as_array);
        let authors = authors.ok_or_else(|| missing("authors"))?.iter();
        let sources = root.join(text("src").unwrap_or_else(|| "src".to_owned()));
        let history = history::read(&sources)?;
        Ok(Self {
            title: text("title").ok_or_else(|| missing("title"))?,
            authors: authors
                .filter_map(toml::Value::as_str)
                .map(str::to_owned)
                .collect(),
            address: address(&read(&built.join("404.html"))?),
            pages: pages(built, &sources, &history)?,
        })
    }
}

/// The address that mdBook was given. Without one it takes the root of whatever host.
fn address(not_found: &str) -> Option<String> {
    let (_, base) = not_found.split_once("<base href=\"")?;
    let (base, _) = base.split_once('"')?;
    base.contains("://").then(|| base.to_owned())
}

/// The pages, in the order of the table of contents.
fn pages(built: &Path, sources: &Path, history: &History) -> io::Result<Vec<Page>> {
    let links = links(&read(&built.join("toc.html"))?)?;
    let links = links.iter();
    links
        .map(|link| page(built, sources, history, link))
        .collect()
}

/// The links of the table of contents, from the page that mdBook shows where there are no scripts.
/// Its lists have items without an end, so that it is no tree.
fn links(toc: &str) -> io::Result<Vec<Element>> {
    let mut links = Vec::new();
    for piece in toc.split("<a ").skip(1) {
        let link = piece.split_once("</a>").map_or(piece, |(link, _)| link);
        let link = xml::read(&format!("<a {link}</a>"));
        let link = link.map_err(|error| io::Error::other(format!("toc.html: {error}")))?;
        links.extend(link.into_iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }));
    }
    Ok(links)
}

/// The page that a line of the table of contents leads to.
fn page(built: &Path, sources: &Path, history: &History, link: &Element) -> io::Result<Page> {
    let path = link.attribute("href").to_owned();
    let of_page = |error: io::Error| io::Error::other(format!("{path}: {error}"));
    let title: Vec<Node> = link
        .children
        .iter()
        .filter(|node| !is_number(node))
        .cloned()
        .collect();
    let html = read(&built.join(&path))?;
    let content = content(&html).and_then(xml::read).map_err(of_page)?;
    let source = Path::new(&path).with_extension("md");
    let changed = history.get(&*source.to_string_lossy()).cloned();
    let source = read(&sources.join(source))?;
    let title = xml::text(&title).trim().to_owned();
    Ok(Page {
        path,
        title,
        source,
        changed,
        html,
        content,
    })
}

/// Whether a part of a link in the table of contents is the number of the page.
fn is_number(node: &Node) -> bool {
    matches!(node, Node::Element(element) if element.name == "strong")
}

/// What stands in `<main>`.
fn content(html: &str) -> io::Result<&str> {
    let inner = html
        .split_once("<main>")
        .and_then(|(_, rest)| rest.split_once("</main>"));
    let inner = inner.map(|(content, _)| content);
    inner.ok_or_else(|| io::Error::other("expected <main> and </main>, found no such pair"))
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("{}: {error}; is the book built?", path.display()),
        )
    })
}

#[test]
fn an_address_has_a_host() {
    assert_eq!(address("<base href=\"/\">"), None);
    assert_eq!(address("<title>Not found</title>"), None);
    let given = address("<base href=\"https://book.example/softmax/\">");
    assert_eq!(given.as_deref(), Some("https://book.example/softmax/"));
}
