//! The built book: what its pages are called, in which order they come, and what is in them.

use std::path::Path;
use std::{fs, io};

use crate::history::{self, History};
use crate::xml::{self, Element, Node};

/// A built book.
pub struct Book {
    /// Its title.
    pub title: String,
    /// What it is about, in a line.
    pub description: String,
    /// Its language: `en`.
    pub language: String,
    /// The moment of its last change, if the history knows it: `2026-11-28T10:11:22Z`.
    pub changed: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Where it is published, with a slash at its end, if that is known.
    pub address: Option<String>,
    /// Where its sources are kept, if that is known.
    pub repository: Option<String>,
    /// Its pages, in their order.
    pub pages: Vec<Page>,
    /// The sheets of the book on A4, if it has been printed.
    pub sheets: Vec<Sheet>,
}

/// A sheet of the printed book.
pub struct Sheet {
    /// The number below its text.
    pub number: String,
    /// The first heading or equation on it: `derivation/softmax.html#eq-3.9`.
    pub place: String,
}

/// A page.
pub struct Page {
    /// Where it stands in the built book: `derivation/softmax.html`.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// Its number: `3.2.`; empty where it has none.
    pub number: String,
    /// The part of the book in which it stands.
    pub part: String,
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
        let not_found = read(&built.join("404.html"))?;
        Ok(Self {
            description: text("description").ok_or_else(|| missing("description"))?,
            language: text("language").unwrap_or_else(|| "en".to_owned()),
            changed: history::last(root)?,
            title: text("title").ok_or_else(|| missing("title"))?,
            authors: authors
                .filter_map(toml::Value::as_str)
                .map(str::to_owned)
                .collect(),
            address: address(&not_found),
            repository: repository(&not_found),
            pages: pages(built, &sources, &history)?,
            sheets: sheets(&built.join("sheets.txt"))?,
        })
    }
}

/// The sheets, one a line as `17 derivation/softmax.html#eq-3.9`; none where nothing was printed.
fn sheets(path: &Path) -> io::Result<Vec<Sheet>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = read(path)?;
    let sheets = text.lines().map(|line| {
        let (number, place) = line.split_once(' ')?;
        Some(Sheet {
            number: number.to_owned(),
            place: place.to_owned(),
        })
    });
    let sheets: Option<Vec<Sheet>> = sheets.collect();
    sheets.ok_or_else(|| {
        let path = path.display();
        io::Error::other(format!(
            "{path}: expected a number and a place in each line"
        ))
    })
}

/// The address that mdBook was given. Without one it takes the root of whatever host.
fn address(not_found: &str) -> Option<String> {
    let (_, base) = not_found.split_once("<base href=\"")?;
    let (base, _) = base.split_once('"')?;
    base.contains("://").then(|| base.to_owned())
}

/// The repository that mdBook was given, from the link to it in the menu of a page.
fn repository(page: &str) -> Option<String> {
    let (before, _) = page.split_once("\" title=\"Git repository\"")?;
    let (_, address) = before.rsplit_once("href=\"")?;
    Some(address.to_owned())
}

/// The pages, in the order of the table of contents.
fn pages(built: &Path, sources: &Path, history: &History) -> io::Result<Vec<Page>> {
    let lines = lines(&read(&built.join("toc.html"))?)?;
    let lines = lines.iter();
    lines
        .map(|line| page(built, sources, history, line))
        .collect()
}

/// A line of the table of contents.
#[derive(Debug, PartialEq)]
struct Line {
    part: String,
    link: Element,
}

/// The lines of the table of contents, from the page that mdBook shows where there are no scripts.
/// Its lists have items without an end, so that it is no tree.
fn lines(toc: &str) -> io::Result<Vec<Line>> {
    let read = |html: &str| {
        let nodes = xml::read(html);
        nodes.map_err(|error| io::Error::other(format!("toc.html: {error}")))
    };
    let mut lines = Vec::new();
    let mut part = String::new();
    for item in toc.split("<li ").skip(1) {
        if let Some((_, title)) = item.split_once("part-title\">") {
            let title = title.split_once('<').map_or(title, |(title, _)| title);
            part = xml::text(&read(title)?);
        } else if let Some((_, link)) = item.split_once("<a ") {
            let link = link.split_once("</a>").map_or(link, |(link, _)| link);
            if let [Node::Element(link)] = read(&format!("<a {link}</a>"))?.as_slice() {
                let (part, link) = (part.clone(), link.clone());
                lines.push(Line { part, link });
            }
        }
    }
    Ok(lines)
}

/// The page that a line of the table of contents leads to.
fn page(built: &Path, sources: &Path, history: &History, line: &Line) -> io::Result<Page> {
    let path = line.link.attribute("href").to_owned();
    let of_page = |error: io::Error| io::Error::other(format!("{path}: {error}"));
    let (number, title): (Vec<Node>, Vec<Node>) =
        line.link.children.iter().cloned().partition(is_number);
    let html = read(&built.join(&path))?;
    let content = content(&html).and_then(xml::read).map_err(of_page)?;
    let source = Path::new(&path).with_extension("md");
    let changed = history.get(&*source.to_string_lossy()).cloned();
    let source = read(&sources.join(source))?;
    Ok(Page {
        title: xml::text(&title).trim().to_owned(),
        number: xml::text(&number),
        part: line.part.clone(),
        path,
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

#[test]
fn a_repository_is_what_the_menu_leads_to() {
    assert_eq!(repository("<a href=\"a.html\" title=\"A\">"), None);
    let page = "<a href=\"b.html\"></a><a href=\"https://code.example/s\" title=\"Git repository\" aria-label=\"\">";
    assert_eq!(repository(page).as_deref(), Some("https://code.example/s"));
}

#[test]
fn a_line_of_the_contents_knows_its_part() -> io::Result<()> {
    let toc = "<ol><li class=\"a\"><li class=\"part-title\">One &amp; two</li></li><li class=\"a\"><span>\
               <a href=\"b.html\"><strong>1.</strong> B</a></span><ol><li class=\"a\"><a href=\"c.html\">C</a></li></ol></ol>";
    let lines = lines(toc)?;
    let found: Vec<_> = lines
        .iter()
        .map(|line| (line.part.as_str(), line.link.attribute("href")))
        .collect();
    assert_eq!(found, [("One & two", "b.html"), ("One & two", "c.html")]);
    Ok(())
}
