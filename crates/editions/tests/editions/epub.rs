//! The edition as EPUB, against the pages that it was made from.
//!
//! It needs `mdbook` and `mdbook-katex`. What EPUBCheck and Ace find is asked by
//! `tests/pages/epub.mjs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};

use html5gum::{Token, Tokenizer};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// The files of the edition, by their path.
fn files(epub: File) -> io::Result<BTreeMap<String, String>> {
    let mut archive = ZipArchive::new(epub)?;
    let first = archive.by_index(0)?.name()?.into_owned();
    assert_eq!(
        first, "mimetype",
        "a reader looks for it in the first place"
    );
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let name = file.name()?.into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        files.insert(name, text);
    }
    Ok(files)
}

/// What of a file is looked at.
#[derive(Default)]
struct Found {
    ids: BTreeSet<String>,
    links: Vec<String>,
    text: String,
}

/// Reads a file as XML, whose elements must nest and whose ids are its own.
fn read(name: &str, xml: &str) -> io::Result<Found> {
    let wrong = |what: String| io::Error::other(format!("{name}: {what}"));
    let mut found = Found::default();
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event();
        match event.map_err(|error| wrong(error.to_string()))? {
            Event::Start(tag) => {
                depth += 1;
                take(&tag, &mut found).map_err(wrong)?;
            }
            Event::Empty(tag) => take(&tag, &mut found).map_err(wrong)?,
            Event::End(_) => depth -= 1,
            Event::Text(text) => found.text.push_str(&text),
            Event::GeneralRef(_) => found.text.push('&'),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{name}: an element has no end");
    Ok(found)
}

/// Notes what is looked at of a tag. An attribute that stands there twice is an error.
fn take(tag: &BytesStart, found: &mut Found) -> Result<(), String> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.value.to_string();
        match attribute.key.as_ref() {
            "href" => found.links.push(value),
            "id" if !found.ids.insert(value.clone()) => return Err(format!("two of #{value}")),
            _ => {}
        }
    }
    Ok(())
}

/// The numbers of a text with a point in them, in their order.
fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let words = words.map(|word| word.trim_matches('.').to_owned());
    words.filter(|word| word.contains('.')).collect()
}

/// What a reader of the built page sees in `<main>`, without the second copy of each formula and
/// the hidden lines of a cell.
fn seen(html: &str) -> String {
    let main = html.split_once("<main>").map_or("", |(_, rest)| rest);
    let main = main.split_once("</main>").map_or("", |(main, _)| main);
    let mut text = String::new();
    // How many elements are open within one that is not seen.
    let mut hidden = 0_usize;
    for token in Tokenizer::new(main) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let class = tag.attributes.get(b"class".as_slice());
                let class = class.map_or(String::new(), |class| {
                    String::from_utf8_lossy(class).into_owned()
                });
                let mut classes = class.split_whitespace();
                let starts = classes.any(|one| ["katex-html", "boring"].contains(&one));
                let void =
                    tag.self_closing || matches!(tag.name.as_slice(), b"br" | b"hr" | b"input");
                if !void && (hidden > 0 || starts) {
                    hidden += 1;
                }
            }
            Token::EndTag(_) => hidden = hidden.saturating_sub(1),
            Token::String(part) if hidden == 0 => text.push_str(&String::from_utf8_lossy(&part)),
            _ => {}
        }
    }
    text
}

/// The path of a file that another names.
fn joined(from: &str, to: &str) -> String {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for step in to.split('/') {
        if step == ".." {
            folders.pop();
        } else {
            folders.push(step);
        }
    }
    folders.join("/")
}

#[test]
fn the_edition_is_whole_and_its_numbers_are_those_of_the_pages() -> io::Result<()> {
    let built = crate::site::plain()?;
    let files = files(File::open(built.join("softmax-back-propagated.epub"))?)?;
    let package = &files["book/package.opf"];
    let mut found = BTreeMap::new();
    for (name, text) in &files {
        if name.ends_with(".xhtml") {
            let inside = name.trim_start_matches("book/").to_owned();
            assert!(
                package.contains(&format!("href=\"{inside}\"")),
                "{name} is not in the manifest"
            );
            assert!(!text.contains("katex-html"), "{name}: a formula twice");
            found.insert(inside, read(name, text)?);
        }
    }
    // What the manifest lists is there.
    for href in read("package.opf", package)?.links {
        assert!(
            files.contains_key(&format!("book/{href}")),
            "{href} is missing"
        );
    }
    for (name, file) in &found {
        for link in file.links.iter().filter(|link| !link.contains("://")) {
            let (to, id) = link.split_once('#').unwrap_or((link, ""));
            let to = if to.is_empty() {
                name.clone()
            } else {
                joined(name, to)
            };
            if to == "style.css" {
                continue;
            }
            let target = found.get(&to);
            let there = target.is_some_and(|file| id.is_empty() || file.ids.contains(id));
            assert!(there, "{name}: {link} leads nowhere");
        }
    }
    // Each page but the three that are programs.
    let (mut pages, mut total) = (0, 0);
    for page in crate::site::summary()? {
        let html = fs::read_to_string(built.join(format!("{page}.html")))?;
        let Some(edition) = found.get(&format!("{page}.xhtml")) else {
            assert!(
                ["drills", "lab", "worksheet"].contains(&page.as_str()),
                "{page} is missing"
            );
            continue;
        };
        let title = format!("book/{page}.xhtml");
        let body = files[&title]
            .split_once("<body>")
            .map_or("", |(_, body)| body);
        let equations = |text: &str| text.matches("id=\"eq-").count();
        assert_eq!(equations(body), equations(&html), "{page}: equations");
        for math in body.split("<math").skip(1) {
            let tag = math.split('>').next().unwrap_or_default();
            let name = "xmlns=\"http://www.w3.org/1998/Math/MathML\"";
            assert!(tag.contains(name), "{page}: <math{tag}>");
        }
        // As large as on the page: each table that holds an equation and its number.
        assert_eq!(
            body.matches("<mtable width=\"100%\" displaystyle=\"true\"")
                .count(),
            html.matches("<mtable width=\"100%\"").count(),
            "{page}: equations with a number"
        );
        assert_eq!(
            body.matches("<math").count(),
            html.matches("<math").count(),
            "{page}: formulas"
        );
        assert_eq!(
            body.matches("<desc").count(),
            html.matches("<desc").count(),
            "{page}: figures"
        );
        let (expected, numbers) = (numbers(&seen(&html)), numbers(&edition.text));
        assert_eq!(numbers, expected, "{page}");
        pages += 1;
        total += numbers.len();
    }
    assert!(
        pages > 30 && total > 1000,
        "{pages} pages with {total} numbers"
    );
    println!("{pages} pages, {total} numbers");
    Ok(())
}

#[test]
fn the_sheets_of_the_printed_book_are_listed() -> io::Result<()> {
    let built = crate::site::plain()?;
    let files = files(File::open(built.join("softmax-back-propagated.epub"))?)?;
    let contents = files["book/contents.xhtml"].split_once("epub:type=\"page-list\"");
    let list = contents.map_or("", |(_, list)| list);
    let links: Vec<&str> = list.split("<a href=\"").skip(1).collect();
    let [introduction, structure] = links.as_slice() else {
        panic!("a sheet of a page that the edition lacks, or none: {list}");
    };
    assert!(introduction.starts_with("introduction.xhtml#sheet-2\">2</a>"));
    assert!(structure.starts_with("structure.xhtml#sheet-7\">7</a>"));
    let (before, _) = files["book/structure.xhtml"]
        .split_once("id=\"eq-2.3\"")
        .unwrap_or_default();
    let last = before.rsplit("<span").nth(1).unwrap_or_default();
    assert!(
        last.contains("role=\"doc-pagebreak\" id=\"sheet-7\""),
        "{last}"
    );
    let package = &files["book/package.opf"];
    assert!(package.contains("pageNavigation") && package.contains("pageBreakSource"));
    Ok(())
}

#[test]
fn a_colour_is_set_with_its_ground() {
    // A reader that is asked for a dark page may force the colour of the text alone, or say that it
    // prefers what it does not show.
    let style = include_str!("../../src/epub.css");
    let mut grounds = 0;
    for rule in style.split('}') {
        let sets = |name: &str| {
            let mut lines = rule.lines().map(str::trim);
            lines.any(|line| line.starts_with(name) && !line.ends_with("inherit;"))
        };
        assert_eq!(sets("color:"), sets("background:"), "{rule}");
        grounds += usize::from(sets("background:"));
    }
    assert_eq!(grounds, 1, "the figures have one");
}
