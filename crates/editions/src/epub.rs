//! The book as EPUB 3: the pages with their formulas as MathML and their figures as SVG, without
//! what is there for scripts.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use quick_xml::escape::escape;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::book::{Book, Page, Sheet};
use crate::xml::{self, Element, Node};

/// Its file, in the built book.
pub const FILE: &str = "softmax-back-propagated.epub";

const STYLE: &str = include_str!("epub.css");

const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"#;

/// What the pages can do for those who listen to them or look at them in their own way.
const ACCESS: [(&str, &str); 12] = [
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "longDescription"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Each formula is MathML with its TeX as alternative text. Each figure has a title and a description.",
    ),
];

/// A page of the edition.
struct Chapter<'a> {
    page: &'a Page,
    /// Its file: `derivation/softmax.xhtml`.
    path: String,
    content: Vec<Node>,
}

/// Writes the book to the folder that mdBook has built it to.
pub fn write(book: &Book, built: &Path) -> io::Result<()> {
    let pages: Vec<&Page> = book.pages.iter().filter(|page| !is_program(page)).collect();
    let paths: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let chapters: Vec<Chapter> = pages
        .iter()
        .map(|page| Chapter {
            page,
            path: renamed(&page.path),
            content: adapted(
                &page.content,
                &Place {
                    page,
                    paths: &paths,
                    book,
                },
            ),
        })
        .collect();

    let mut zip = ZipWriter::new(File::create(built.join(FILE))?);
    // A reader knows the file by its first bytes, so that they are not compressed.
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("mimetype", plain)?;
    zip.write_all(b"application/epub+zip")?;
    let mut add = |path: &str, text: &str| -> io::Result<()> {
        zip.start_file(path, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())
    };
    add("META-INF/container.xml", CONTAINER)?;
    add("book/package.opf", &package(book, &chapters))?;
    add("book/style.css", STYLE)?;
    add("book/title.xhtml", &title(book))?;
    add("book/contents.xhtml", &contents(book, &chapters))?;
    for chapter in &chapters {
        let to_root = "../".repeat(chapter.path.matches('/').count());
        let body = xml::write(&chapter.content);
        let html = document(book, &chapter.page.title, &to_root, &body);
        add(&format!("book/{}", chapter.path), &html)?;
    }
    zip.finish()?;
    Ok(())
}

/// Pages whose scripts are what they are for.
const PROGRAMS: [&str; 3] = ["lab", "worksheet", "drills"];

/// Whether a page is one of them.
fn is_program(page: &Page) -> bool {
    let mut programs = PROGRAMS.iter();
    programs.any(|folder| page.html.contains(&format!("{folder}/start.js\"")))
}

/// The path of a page, with the ending of XHTML.
fn renamed(path: &str) -> String {
    format!("{}.xhtml", path.trim_end_matches(".html"))
}

/// Where a part of a page stands.
struct Place<'a> {
    page: &'a Page,
    /// The pages of the edition.
    paths: &'a BTreeSet<&'a str>,
    book: &'a Book,
}

fn adapted(nodes: &[Node], place: &Place) -> Vec<Node> {
    let nodes = nodes.iter();
    nodes.flat_map(|node| adapted_one(node, place)).collect()
}

fn adapted_one(node: &Node, place: &Place) -> Vec<Node> {
    let element = match node {
        Node::Text(_) => return vec![node.clone()],
        Node::Element(element) if xml::is_unseen(element) => return Vec::new(),
        Node::Element(element) => element,
    };
    if element.has_class("mark") {
        return vec![mark(element)];
    }
    let mut children = adapted(&element.children, place);
    // KaTeX's wrapping of the MathML, of which the TeX is the alternative text.
    if element.has_class("katex") {
        for child in &mut children {
            if let Node::Element(math) = child {
                math.set("alttext", element.attribute("data-tex"));
            }
        }
        return children;
    }
    if element.has_class("katex-mathml") || element.name == "semantics" {
        return children;
    }
    let mut adapted = Element {
        children,
        ..element.clone()
    };
    match element.name.as_str() {
        "a" => match target(element.attribute("href"), place) {
            Some(href) if !element.has_class("header") => adapted.set("href", href),
            _ => return adapted.children,
        },
        // A wide formula scrolls in its box, which a keyboard must reach.
        "span" if element.has_class("katex-display") => adapted.set("tabindex", "0"),
        "svg" => adapted.set("xmlns", "http://www.w3.org/2000/svg"),
        // KaTeX says so itself, a cell that writes MathML does not.
        "math" => adapted.set("xmlns", "http://www.w3.org/1998/Math/MathML"),
        // The table that sets an equation beside its number would make it small, as in a line of text.
        "mtable" if element.attribute("width") == "100%" => adapted.set("displaystyle", "true"),
        // Of MathML only its tables have a width.
        "mtd" => adapted.attributes.retain(|(name, _)| name != "width"),
        _ => {}
    }
    let id = adapted.attribute("id").to_owned();
    let mut nodes = vec![Node::Element(adapted)];
    if !id.is_empty() {
        let here = format!("{}#{id}", place.page.path);
        let sheet = place.book.sheets.iter().find(|sheet| sheet.place == here);
        nodes.splice(0..0, sheet.map(beginning));
    }
    nodes
}

/// Where a sheet of the printed book begins, or its first heading or equation stands.
fn beginning(sheet: &Sheet) -> Node {
    let mut beginning = Element {
        name: "span".to_owned(),
        ..Element::default()
    };
    beginning.set("epub:type", "pagebreak");
    beginning.set("role", "doc-pagebreak");
    beginning.set("id", format!("sheet-{}", sheet.number));
    beginning.set("aria-label", format!("Sheet {}.", sheet.number));
    Node::Element(beginning)
}

/// How an equation is held: a tick for one that was executed, a box for one that a proof holds.
fn mark(link: &Element) -> Node {
    let sign = if link.has_class("by-proof") {
        "□"
    } else {
        "✓"
    };
    let mut mark = Element {
        name: "span".to_owned(),
        children: vec![Node::Text(sign.to_owned())],
        ..Element::default()
    };
    mark.set("class", "mark");
    mark.set("role", "img");
    mark.set("id", link.attribute("id"));
    mark.set("aria-label", link.attribute("aria-label"));
    Node::Element(mark)
}

/// Where a link leads in the edition: to the page there, or to what is published, if it is.
fn target(href: &str, place: &Place) -> Option<String> {
    if href.starts_with('#') || href.contains("://") || href.starts_with("mailto:") {
        return Some(href.to_owned());
    }
    let (file, fragment) = href.split_once('#').unwrap_or((href, ""));
    let fragment = if fragment.is_empty() {
        String::new()
    } else {
        format!("#{fragment}")
    };
    let path = joined(&place.page.path, file);
    if place.paths.contains(path.as_str()) {
        return Some(format!("{}{fragment}", renamed(file)));
    }
    let address = place.book.address.as_ref()?;
    Some(format!("{address}{path}{fragment}"))
}

/// The path of a file that a page names.
fn joined(page: &str, file: &str) -> String {
    let mut folders: Vec<&str> = page.split('/').collect();
    folders.pop();
    for step in file.split('/') {
        match step {
            ".." => drop(folders.pop()),
            "." => {}
            _ => folders.push(step),
        }
    }
    folders.join("/")
}

/// A file of the edition.
fn document(book: &Book, title: &str, to_root: &str, body: &str) -> String {
    let language = escape(&book.language);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" \
         lang=\"{language}\" xml:lang=\"{language}\">\n<head>\n<title>{}</title>\n\
         <link rel=\"stylesheet\" href=\"{to_root}style.css\"/>\n</head>\n<body>\n{body}\n</body>\n</html>\n",
        escape(title)
    )
}

fn title(book: &Book) -> String {
    let changed = book
        .changed
        .as_ref()
        .and_then(|moment| moment.split_once('T'));
    let changed = changed.map_or(String::new(), |(day, _)| format!("<p>{day}</p>\n"));
    let body = format!(
        "<section epub:type=\"titlepage\">\n<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n{changed}\
         <p>Text and figures: <a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a></p>\n</section>",
        escape(&book.title),
        escape(&book.description),
        escape(book.authors.join(", ")),
    );
    document(book, &book.title, "", &body)
}

/// The table of contents: parts, pages, and the pages below a page.
fn contents(book: &Book, chapters: &[Chapter]) -> String {
    let mut list = String::new();
    for part in chapters.chunk_by(|a, b| a.page.part == b.page.part) {
        let name = part.first().map_or("", |first| &first.page.part);
        list += &format!("<li><span>{}</span>\n<ol>\n", escape(name));
        for family in part.chunk_by(|_, next| is_inner(next.page)) {
            let mut lines = family.iter().map(line);
            list += &format!("<li>{}", lines.next().unwrap_or_default());
            let inner: String = lines.map(|line| format!("<li>{line}</li>\n")).collect();
            if !inner.is_empty() {
                list += &format!("\n<ol>\n{inner}</ol>\n");
            }
            list += "</li>\n";
        }
        list += "</ol></li>\n";
    }
    let body = format!(
        "<nav epub:type=\"toc\" role=\"doc-toc\" aria-labelledby=\"contents\">\n\
         <h1 id=\"contents\">Contents</h1>\n<ol>\n{list}</ol>\n</nav>\n\
         <nav epub:type=\"landmarks\" hidden=\"hidden\" aria-label=\"Landmarks\">\n<ol>\n\
         <li><a epub:type=\"toc\" href=\"contents.xhtml\">Contents</a></li>\n\
         <li><a epub:type=\"bodymatter\" href=\"{}\">Beginning</a></li>\n</ol>\n</nav>{}",
        chapters.first().map_or("", |first| &first.path),
        sheets(book, chapters)
    );
    document(book, "Contents", "", &body)
}

/// The list of the printed book's sheets: who holds the book and who hears it find the same page.
fn sheets(book: &Book, chapters: &[Chapter]) -> String {
    let mut list = String::new();
    for sheet in &book.sheets {
        let page = sheet.place.split('#').next().unwrap_or_default();
        if chapters.iter().any(|chapter| chapter.page.path == page) {
            let href = format!("{}#sheet-{}", renamed(page), sheet.number);
            list += &format!(
                "<li><a href=\"{}\">{}</a></li>\n",
                escape(&href),
                sheet.number
            );
        }
    }
    if list.is_empty() {
        return list;
    }
    format!(
        "\n<nav epub:type=\"page-list\" role=\"doc-pagelist\" hidden=\"hidden\" aria-label=\"Sheets of A4\">\n\
         <ol>\n{list}</ol>\n</nav>"
    )
}

/// Whether a page stands below another: its number has a second part, as 3.2. has.
fn is_inner(page: &Page) -> bool {
    page.number.trim_end_matches('.').contains('.')
}

fn line(chapter: &Chapter) -> String {
    let Chapter { page, path, .. } = chapter;
    let words = format!("{} {}", page.number, page.title);
    format!("<a href=\"{}\">{}</a>", escape(path), escape(words.trim()))
}

/// What the edition consists of, and what is to be known of it.
fn package(book: &Book, chapters: &[Chapter]) -> String {
    let address = book.address.as_deref();
    let identifier = address.unwrap_or("softmax-back-propagated");
    // The day that an archive gives to a file without one.
    let changed = book.changed.as_deref().unwrap_or("1980-01-01T00:00:00Z");
    let creators = book.authors.iter();
    let creators: String = creators
        .map(|one| format!("<dc:creator>{}</dc:creator>\n", escape(one)))
        .collect();
    let access = ACCESS.iter();
    let access: String = access
        .map(|(name, value)| format!("<meta property=\"schema:{name}\">{value}</meta>\n"))
        .collect();
    let printed = if book.sheets.is_empty() {
        ""
    } else {
        "<meta property=\"schema:accessibilityFeature\">pageNavigation</meta>\n\
         <meta property=\"pageBreakSource\">softmax-back-propagated-a4.pdf</meta>\n"
    };
    let (mut manifest, mut spine) = (String::new(), String::new());
    for (index, chapter) in chapters.iter().enumerate() {
        let properties = properties(&chapter.content);
        manifest += &format!(
            "<item id=\"page-{index}\" href=\"{}\" media-type=\"application/xhtml+xml\"{properties}/>\n",
            escape(&chapter.path)
        );
        spine += &format!("<itemref idref=\"page-{index}\"/>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"book\" xml:lang=\"{language}\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"book\">{}</dc:identifier>\n<dc:title>{}</dc:title>\n\
         <dc:language>{language}</dc:language>\n<dc:description>{}</dc:description>\n{creators}\
         <dc:rights>CC BY 4.0</dc:rights>\n\
         <meta property=\"dcterms:modified\">{changed}</meta>\n{access}{printed}</metadata>\n\
         <manifest>\n\
         <item id=\"contents\" href=\"contents.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
         <item id=\"title\" href=\"title.xhtml\" media-type=\"application/xhtml+xml\"/>\n\
         <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n{manifest}</manifest>\n\
         <spine>\n<itemref idref=\"title\"/>\n<itemref idref=\"contents\"/>\n{spine}</spine>\n</package>\n",
        escape(identifier),
        escape(&book.title),
        escape(&book.description),
        language = escape(&book.language),
    )
}

/// What a reader must know before it opens a page: that there is MathML in it, and SVG.
fn properties(content: &[Node]) -> String {
    let names = [("math", "mathml"), ("svg", "svg")].into_iter();
    let there = names.filter(|(name, _)| xml::has(content, name));
    let there: Vec<&str> = there.map(|(_, property)| property).collect();
    if there.is_empty() {
        String::new()
    } else {
        format!(" properties=\"{}\"", there.join(" "))
    }
}
