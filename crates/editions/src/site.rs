//! What each page is found and cited by.

use std::path::Path;
use std::{fs, io};

use quick_xml::escape::escape;

use crate::book::{Book, Page};
use crate::epub;
use crate::notebooks;
use crate::offline;
use crate::xml::{self, Element, Node};

/// The editions that a page offers, each by its file in the built book, where it is there.
const EDITIONS: [(&str, &str); 3] = [
    (epub::FILE, "EPUB"),
    ("softmax-back-propagated-a4.pdf", "PDF, A4"),
    ("softmax-back-propagated-letter.pdf", "PDF, letter"),
];

/// The picture that a link to the book shows, where it is there.
pub const CARD: &str = "card.png";

/// What it shows, as `tests/pages/card.mjs` draws it.
const CARD_SHOWS: &str = "The network, from two inputs to three probabilities, and the gradients of its weights and biases";

/// What is written into a page stands between these, so that it can be written anew.
const OPEN: &str = "<!-- edition -->";
const CLOSE: &str = "<!-- /edition -->";

/// Writes to each page what it is found by, and beside it its source; then the site map.
pub fn finish(book: &Book, built: &Path) -> io::Result<()> {
    for page in &book.pages {
        let html = finished(book, page, &page.html, built)?;
        fs::write(built.join(&page.path), html)?;
        fs::write(built.join(page.beside("md")), &page.source)?;
    }
    // mdBook shows the first page at the address of the book, too.
    if let Some(first) = book.pages.first() {
        let index = built.join("index.html");
        let html = fs::read_to_string(&index)?;
        fs::write(index, finished(book, first, &html, built)?)?;
    }
    match site_map(book) {
        Some(map) => fs::write(built.join("sitemap.xml"), map),
        None => Ok(()),
    }
}

impl Page {
    /// The path of a file beside the page, which differs from it by its ending.
    fn beside(&self, ending: &str) -> String {
        format!("{}.{ending}", self.path.trim_end_matches(".html"))
    }

    /// The way from the page to the first folder of the book.
    pub fn to_root(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }

    /// Its address, where that of the book is known.
    fn address(&self, book: &Book) -> Option<String> {
        let address = book.address.as_ref()?;
        Some(format!("{address}{}", self.path))
    }
}

/// A page as it is found and cited. `html` is the page, or the same page at another place.
fn finished(book: &Book, page: &Page, html: &str, built: &Path) -> io::Result<String> {
    let wrong = |what: &str| io::Error::other(format!("{}: expected one {what}", page.path));
    let html = without_edition(html);
    let (head, body) = html.split_once("</head>").ok_or_else(|| wrong("</head>"))?;
    let (before, after) = body.split_once("</main>").ok_or_else(|| wrong("</main>"))?;
    let head = described(head, page).ok_or_else(|| wrong("description"))?;
    let (tags, foot) = (tags(book, page, built), foot(book, page, built));
    Ok(format!(
        "{head}{OPEN}{tags}{CLOSE}</head>{before}</main>{OPEN}{foot}{CLOSE}{after}"
    ))
}

/// A page as mdBook wrote it.
fn without_edition(html: &str) -> String {
    let mut pieces = html.split(OPEN);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once(CLOSE).map_or(piece, |(_, rest)| rest));
    }
    plain
}

/// The head of a page, with its own description in the place of the book's.
fn described(head: &str, page: &Page) -> Option<String> {
    const DESCRIPTION: &str = "<meta name=\"description\" content=\"";
    let (before, rest) = head.split_once(DESCRIPTION)?;
    let (_, after) = rest.split_once('"')?;
    let description = description(&page.content);
    Some(format!(
        "{before}{DESCRIPTION}{}\"{after}",
        escape(&description)
    ))
}

/// What the first paragraphs say, whole sentences of them, at most 300 characters where the first
/// sentence is not longer.
fn description(content: &[Node]) -> String {
    let paragraphs = content.iter().filter_map(|node| match node {
        Node::Element(element) if element.name == "p" => Some(xml::text(&element.children)),
        _ => None,
    });
    let text = paragraphs.take(2).collect::<Vec<_>>().join(" ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = text.char_indices().filter(|(at, char)| {
        let rest = &text[at + char.len_utf8()..];
        matches!(char, '.' | '?' | '!') && (rest.is_empty() || rest.starts_with(' '))
    });
    let mut whole = 0;
    for (at, _) in ends {
        if whole == 0 || text[..=at].chars().count() <= 300 {
            whole = at + 1;
        }
    }
    if whole == 0 {
        text
    } else {
        text[..whole].to_owned()
    }
}

/// What a link to the page shows, and its canonical address.
fn tags(book: &Book, page: &Page, built: &Path) -> String {
    let meta = |name: &str, content: &str| {
        format!(
            "<meta property=\"og:{name}\" content=\"{}\">\n",
            escape(content)
        )
    };
    let mut tags = meta("type", "article");
    tags += &meta("site_name", &book.title);
    tags += &meta("title", &page.title);
    tags += &meta("description", &description(&page.content));
    if let (Some(root), Some(address)) = (&book.address, page.address(book)) {
        tags += &meta("url", &address);
        tags += &format!("<link rel=\"canonical\" href=\"{}\">\n", escape(&address));
        if built.join(CARD).exists() {
            tags += &meta("image", &format!("{root}{CARD}"));
            tags += &meta("image:alt", CARD_SHOWS);
            tags += "<meta name=\"twitter:card\" content=\"summary_large_image\">\n";
        }
        tags += &offline::tags(root, &page.to_root(), built);
    }
    tags
}

/// The last lines of a page: its licence, date, source, editions, and what to cite.
fn foot(book: &Book, page: &Page, built: &Path) -> String {
    let link = |to: &str, words: &str| format!("<a href=\"{}\">{words}</a>", escape(to));
    let source = page.beside("md");
    let source = source.rsplit('/').next().unwrap_or_default();
    let mut offers = vec![link(source, "Source of this page")];
    let own = page.beside("pdf");
    if built.join(&own).exists() {
        let own = own.rsplit('/').next().unwrap_or_default();
        offers.push(link(own, "This page as PDF"));
    }
    let editions = EDITIONS
        .iter()
        .filter(|(file, _)| built.join(file).exists());
    offers.extend(editions.map(|(file, words)| {
        link(
            &format!("{}{file}", page.to_root()),
            &format!("The book as {words}"),
        )
    }));
    let changed = page
        .changed
        .as_ref()
        .map(|day| format!(" Last changed on <time datetime=\"{day}\">{day}</time>."));
    format!(
        "<footer class=\"edition\">\n<p>Text and figures: \
         <a rel=\"license\" href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>.{}</p>\n\
         <p>{}</p>\n{}\
         <details><summary>Cite this page</summary>\n<p>{}</p>\n<pre tabindex=\"0\">{}</pre>\n</details>\n</footer>\n",
        changed.unwrap_or_default(),
        offers.join(" · "),
        notebooks::line(book, page, built).unwrap_or_default(),
        sentence(book, page),
        escape(bibtex(book, page)),
    )
}

/// A citation of the page as one writes it in a list. No dot follows an address, of which it would
/// seem a part.
fn sentence(book: &Book, page: &Page) -> String {
    let mut sentence = format!(
        "{}. \"{}\", in <cite>{}</cite>.",
        escape(book.authors.join(", ")),
        escape(&page.title),
        escape(&book.title)
    );
    if let Some(day) = &page.changed {
        sentence += &format!(" {day}.");
    }
    if let Some(address) = page.address(book) {
        sentence += &format!(" {}", escape(address));
    }
    sentence
}

/// The same for BibTeX.
fn bibtex(book: &Book, page: &Page) -> String {
    let key = page.path.trim_end_matches(".html");
    // Braces within: a name that is no person's is not cut into first and last.
    let authors: Vec<String> = book
        .authors
        .iter()
        .map(|one| format!("{{{one}}}"))
        .collect();
    let mut fields = vec![
        ("author", authors.join(" and ")),
        ("title", format!("{{{}}}", page.title)),
        ("booktitle", format!("{{{}}}", book.title)),
    ];
    if let Some((year, _)) = page.changed.as_ref().and_then(|day| day.split_once('-')) {
        fields.push(("year", year.to_owned()));
    }
    fields.extend(page.changed.clone().map(|day| ("date", day)));
    fields.extend(page.address(book).map(|address| ("url", address)));
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("  {name} = {{{value}}}"))
        .collect();
    format!(
        "@incollection{{softmax-back-propagated:{key},\n{}\n}}",
        fields.join(",\n")
    )
}

/// The addresses of all pages, for those who look for pages.
fn site_map(book: &Book) -> Option<String> {
    let urls = book.pages.iter().map(|page| {
        let day = page
            .changed
            .as_ref()
            .map(|day| xml::element("lastmod", vec![Node::Text(day.clone())]));
        let mut url = vec![xml::element("loc", vec![Node::Text(page.address(book)?)])];
        url.extend(day);
        Some(xml::element("url", url))
    });
    let mut set = Element {
        name: "urlset".to_owned(),
        children: urls.collect::<Option<_>>()?,
        ..Element::default()
    };
    set.set("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        xml::write(&[Node::Element(set)])
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(address: Option<&str>) -> Book {
        let html = "<head><meta name=\"description\" content=\"The book.\"></head><main><p>A &lt; b. So</p></main>";
        Book {
            title: "A book".to_owned(),
            description: "A book.".to_owned(),
            language: "en".to_owned(),
            changed: None,
            authors: vec!["The authors".to_owned()],
            address: address.map(str::to_owned),
            repository: None,
            sheets: Vec::new(),
            pages: vec![Page {
                path: "part/one.html".to_owned(),
                title: "One".to_owned(),
                number: "1.".to_owned(),
                part: String::new(),
                source: "A < b. So".to_owned(),
                changed: Some("2026-03-04".to_owned()),
                html: html.to_owned(),
                content: xml::read("<p>A &lt; b. So</p>").unwrap(),
            }],
        }
    }

    fn finished_page(book: &Book) -> String {
        let page = &book.pages[0];
        finished(book, page, &page.html, Path::new("no/such/folder")).unwrap()
    }

    #[test]
    fn without_an_address_nothing_is_written_that_needs_one() {
        let book = book(None);
        let html = finished_page(&book);
        assert!(
            html.contains("name=\"description\" content=\"A &lt; b.\""),
            "{html}"
        );
        assert!(
            html.contains("The authors. \"One\", in <cite>A book</cite>. 2026-03-04."),
            "{html}"
        );
        for word in ["canonical", "og:url", "og:image", "url ="] {
            assert!(!html.contains(word), "{word}: {html}");
        }
        assert_eq!(site_map(&book), None);
    }

    #[test]
    fn with_an_address_it_is_written() {
        let book = book(Some("https://book.example/s/"));
        let html = finished_page(&book);
        assert!(
            html.contains("<link rel=\"canonical\" href=\"https://book.example/s/part/one.html\">"),
            "{html}"
        );
        assert!(
            html.contains("  url = {https://book.example/s/part/one.html}"),
            "{html}"
        );
        let map = site_map(&book).unwrap();
        assert!(map.contains("<url><loc>https://book.example/s/part/one.html</loc><lastmod>2026-03-04</lastmod></url>"), "{map}");
    }

    #[test]
    fn written_twice_it_is_the_same() {
        let mut book = book(None);
        let once = finished_page(&book);
        book.pages[0].html.clone_from(&once);
        assert_eq!(finished_page(&book), once);
    }

    #[test]
    fn a_description_ends_with_a_sentence() {
        let of =
            |text: &str| description(&xml::read(&format!("<h1>No</h1><p>{text}</p>")).unwrap());
        assert_eq!(of("One. Two"), "One.");
        assert_eq!(of("no end"), "no end");
        assert_eq!(of("x = 0.5 is\nread. Why?"), "x = 0.5 is read. Why?");
        let long = "a".repeat(400);
        assert_eq!(of(&format!("{long}. Two.")), format!("{long}."));
    }
}
