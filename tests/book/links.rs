//! Rule 5: a link leads somewhere, and nothing is loaded from another host.

use std::collections::{BTreeMap, BTreeSet};

use mdbook_cells::Problem;

use crate::markdown;
use crate::support::html::{self, Piece};
use crate::support::page::Page;
use crate::support::path;

/// The links of a page, in Markdown and in HTML, each with its line.
fn links(page: &Page) -> Vec<(usize, String)> {
    let text = &page.expanded.text;
    let mut links: Vec<(usize, String)> = markdown::links(text)
        .into_iter()
        .map(|link| (page.expanded.line(link.range.start), link.target))
        .collect();
    for range in markdown::html(text) {
        let start = range.start;
        for (offset, piece) in html::pieces(&text[range]) {
            if let Piece::Start(element) = piece {
                let line = page.expanded.line(start + offset);
                let names = ["href", "xlink:href", "src"];
                let targets = names
                    .iter()
                    .filter_map(|name| element.attributes.get(*name));
                links.extend(targets.map(|target| (line, target.clone())));
            }
        }
    }
    links
}

/// The anchors of a page: its headings, and the ids in its HTML.
fn anchors(page: &Page) -> BTreeSet<String> {
    let text = &page.expanded.text;
    let headings = markdown::headings(text).into_iter();
    let mut anchors: BTreeSet<String> = headings.map(|heading| heading.id).collect();
    for range in markdown::html(text) {
        for (_, piece) in html::pieces(&text[range]) {
            if let Piece::Start(element) = piece {
                anchors.insert(element.attribute("id").to_owned());
            }
        }
    }
    anchors.remove("");
    anchors
}

/// Checks that each link inside of the book leads to a page, an anchor or a file of the book.
pub fn inside(pages: &[Page], exists: impl Fn(&str) -> bool) -> Vec<Problem> {
    let pairs = pages.iter().map(|page| (page.name.as_str(), anchors(page)));
    let anchors: BTreeMap<&str, BTreeSet<String>> = pairs.collect();
    let mut problems = Vec::new();
    for page in pages {
        for (line, link) in links(page) {
            if path::has_scheme(&link) {
                continue;
            }
            let fault = match path::split_anchor(&link) {
                ("", anchor) => anchor_fault(&anchors[page.name.as_str()], anchor),
                (file, anchor) => match target(&page.name, file) {
                    None => Some("leads out of the book"),
                    Some(file) => match anchors.get(file.as_str()) {
                        Some(anchors) => anchor_fault(anchors, anchor),
                        None if file.ends_with(".md") => Some("leads to no page"),
                        None if exists(&file) => None,
                        None => Some("leads to no file"),
                    },
                },
            };
            problems.extend(fault.map(|fault| page.problem(line, format!("{link} {fault}"))));
        }
    }
    problems
}

fn anchor_fault(anchors: &BTreeSet<String>, anchor: Option<&str>) -> Option<&'static str> {
    let is_missing = anchor.is_some_and(|anchor| !anchors.contains(anchor));
    is_missing.then_some("leads to no anchor")
}

/// The file that a link leads to, if it is below `book/`.
fn target(page: &str, link: &str) -> Option<String> {
    let file = path::join(page, link).filter(|_| !link.starts_with('/'));
    file.filter(|file| file.starts_with("book/"))
}

/// Checks that each relative link of a document beside the book leads to a file.
pub fn beside(document: &Page, exists: impl Fn(&str) -> bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (line, link) in links(document) {
        let (file, _) = path::split_anchor(&link);
        if path::has_scheme(&link) || file.is_empty() {
            continue;
        }
        if !path::join(&document.name, file).is_some_and(|file| exists(&file)) {
            problems.push(document.problem(line, format!("{link} leads to no file")));
        }
    }
    problems
}

/// Finds what a page would load from another host, and every Markdown image: mdBook 0.5.4 turns
/// one into two images and a checkbox.
pub fn loaded(page: &Page) -> Vec<Problem> {
    let text = &page.expanded.text;
    let mut problems = Vec::new();
    for link in markdown::links(text).into_iter().filter(|one| one.is_image) {
        let line = page.expanded.line(link.range.start);
        problems.push(page.problem(line, "a Markdown image; use <figure>"));
    }
    for range in markdown::html(text) {
        let start = range.start;
        for (offset, address) in html::loads(&text[range]) {
            if path::is_remote(&address) {
                let line = page.expanded.line(start + offset);
                problems.push(page.problem(line, format!("{address} is on another host")));
            }
        }
    }
    problems
}

/// Finds what a figure or a file of the theme would load from another host. Both its HTML and its
/// style sheets count, whatever the file is called.
pub fn loaded_by_file(name: &str, text: &str) -> Vec<Problem> {
    let mut loads = html::loads(text);
    loads.extend(html::css_loads(text));
    loads.sort();
    loads.dedup_by(|one, other| one.1 == other.1);
    loads.retain(|(_, address)| path::is_remote(address));
    let problems = loads.into_iter().map(|(offset, address)| Problem {
        path: name.into(),
        line: text[..offset].matches('\n').count() + 1,
        message: format!("{address} is on another host"),
    });
    problems.collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

    use super::*;
    use crate::support::page::files;
    use crate::support::{assert_none, lines};
    use crate::{documents, example, pages, root};

    fn check(source: &str) -> Vec<String> {
        let pages = [
            example("book/part/a.md", source),
            example("book/b.md", "# The `b` page\n\n<div id=\"raw\">x</div>\n"),
        ];
        lines(&inside(&pages, |file| file == "book/figures/c.svg"))
    }

    #[test]
    fn a_link_that_leads_somewhere_passes() {
        let none = [""; 0];
        assert_eq!(
            check("[b](../b.md) [b](../b.md#the-b-page) [b](../b.md#raw)"),
            none
        );
        assert_eq!(check("# Here\n\n[h](#here) [c](../figures/c.svg)"), none);
        assert_eq!(
            check("[o](https://example.org/x#y) <mailto:a@example.org>"),
            none
        );
        assert_eq!(
            check("<a href=\"../b.md\">b</a> <b id=\"i\">i</b> [i](#i)"),
            none
        );
        assert_eq!(check("`[b](c.md)`"), none);
    }

    #[test]
    fn a_link_that_leads_nowhere_fails() {
        let fails = |source: &str, problem: &str| {
            assert_eq!(check(source), [format!("book/part/a.md:{problem}")]);
        };
        fails("\n[b](b.md)", "2: b.md leads to no page");
        fails("[b](../b.md#there)", "1: ../b.md#there leads to no anchor");
        fails("# H\n\n[b](#there)", "3: #there leads to no anchor");
        fails("[b][1]\n\n[1]: none.md", "1: none.md leads to no page");
        fails("[c](c.svg)", "1: c.svg leads to no file");
        fails("[b](../b.html)", "1: ../b.html leads to no file");
        fails(
            "[r](../../README.md)",
            "1: ../../README.md leads out of the book",
        );
        fails("[r](/b.md)", "1: /b.md leads out of the book");
        fails("<a href=\"c.md\">b</a>", "1: c.md leads to no page");
        fails(
            "<div>\n<img src=\"d.png\">\n</div>",
            "2: d.png leads to no file",
        );
    }

    #[test]
    fn a_document_links_to_files() {
        let text =
            "[a](book/a.md#x) [s](src/) <https://example.org> ![p](p.png)\n[up](../x) [h](#h)";
        let document = example("README.md", text);
        let exists = |file: &str| ["book/a.md", "src"].contains(&file);
        assert_eq!(
            lines(&beside(&document, exists)),
            [
                "README.md:1: p.png leads to no file",
                "README.md:2: ../x leads to no file"
            ]
        );
    }

    #[test]
    fn nothing_is_loaded_from_another_host() {
        let check = |source: &str| lines(&loaded(&example("book/a.md", source)));
        assert_eq!(
            check("[a](https://example.org) <a href=\"https://b.org\">b</a>"),
            [""; 0]
        );
        assert_eq!(
            check("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
            [""; 0]
        );
        assert_eq!(
            check("![a](a.png)"),
            ["book/a.md:1: a Markdown image; use <figure>"]
        );
        let fails = |source: &str, address: &str, line: usize| {
            let problem = format!("book/a.md:{line}: {address} is on another host");
            assert_eq!(check(source), [problem]);
        };
        fails(
            "<img src=\"https://a.org/a.png\">",
            "https://a.org/a.png",
            1,
        );
        fails(
            "<div>\n<script src=\"//a.org/a.js\"></script>\n</div>",
            "//a.org/a.js",
            2,
        );
        fails(
            "<link rel=stylesheet href=http://a.org/a.css>",
            "http://a.org/a.css",
            1,
        );
        fails(
            "a <b style=\"background: url('//a.org/a')\">b</b>",
            "//a.org/a",
            1,
        );
        let style = "<style>\n@import \"https://a.org/a.css\";\n</style>";
        fails(style, "https://a.org/a.css", 2);
    }

    #[test]
    fn a_file_loads_nothing_from_another_host() {
        let check = |text: &str| lines(&loaded_by_file("theme/a", text));
        assert_eq!(
            check("p { background: url(a.png) } @import 'b.css';"),
            [""; 0]
        );
        assert_eq!(check("<link href=\"{{ path_to_root }}a.css\">"), [""; 0]);
        assert_eq!(
            check("p {}\n@font-face { src: url(\"https://a.org/a.woff2\") }"),
            ["theme/a:2: https://a.org/a.woff2 is on another host"]
        );
        assert_eq!(
            check("@import url(//a.org/a.css);"),
            ["theme/a:1: //a.org/a.css is on another host"]
        );
        assert_eq!(
            check("\n<image href='https://a.org/a.png'/>"),
            ["theme/a:2: https://a.org/a.png is on another host"]
        );
    }

    #[test]
    fn the_links_of_the_book_lead_somewhere() -> io::Result<()> {
        let pages = pages()?;
        let has_links = |page: &Page| !links(page).is_empty();
        assert!(pages.iter().any(has_links), "the book has no link");
        let mut problems = inside(&pages, |file| root().join(file).is_file());
        let documents = documents()?;
        let beside = |one| beside(one, |file| root().join(file).exists());
        problems.extend(documents.iter().flat_map(beside));
        assert_none(&problems);
        Ok(())
    }

    #[test]
    fn the_book_loads_nothing_from_another_host() -> io::Result<()> {
        let mut problems: Vec<Problem> = pages()?.iter().flat_map(loaded).collect();
        for directory in [
            "book/figures",
            "book/lab",
            "book/picture",
            "book/theme",
            "book/training",
            "book/worksheet",
        ] {
            for name in files(root(), directory)? {
                // A font is no text, and loads nothing.
                if let Ok(text) = fs::read_to_string(root().join(&name)) {
                    problems.extend(loaded_by_file(&name, &text));
                }
            }
        }
        assert_none(&problems);
        Ok(())
    }
}
