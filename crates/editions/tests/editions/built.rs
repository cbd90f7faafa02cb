//! The book as mdBook builds it and this crate finishes it, with an address and without one.
//!
//! It needs `mdbook` and `mdbook-katex`.

use std::path::Path;
use std::{fs, io};

use crate::site::{ROOT, built, plain, summary};

const ADDRESS: &str = "https://book.example/softmax/";
const REPOSITORY: &str = "https://github.com/example/softmax";

#[test]
fn with_an_address_every_page_is_found() -> io::Result<()> {
    let edit = format!("{REPOSITORY}/edit/main/{{path}}");
    let built = built(
        "addressed",
        &[
            ("MDBOOK_OUTPUT__HTML__SITE_URL", ADDRESS),
            ("MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL", REPOSITORY),
            ("MDBOOK_OUTPUT__HTML__EDIT_URL_TEMPLATE", &edit),
        ],
    )?;
    let map = fs::read_to_string(built.join("sitemap.xml"))?;
    let pages = summary()?;
    assert!(!pages.is_empty(), "the summary lists no page");
    assert_eq!(map.matches("<loc>").count(), pages.len());
    let mut descriptions = Vec::new();
    for page in &pages {
        let html = fs::read_to_string(built.join(format!("{page}.html")))?;
        let address = format!("{ADDRESS}{page}.html");
        for expected in [
            format!("<link rel=\"canonical\" href=\"{address}\">"),
            format!("<meta property=\"og:url\" content=\"{address}\">"),
            format!("<meta property=\"og:image\" content=\"{ADDRESS}card.png\">"),
            format!("href=\"{REPOSITORY}/edit/main/book/{page}.md\""),
            format!("  url = {{{address}}}"),
            format!("offline.js\" data-home=\"{ADDRESS}\""),
        ] {
            assert_eq!(html.matches(&expected).count(), 1, "{page}: {expected}");
        }
        assert!(map.contains(&format!("<loc>{address}</loc>")), "{page}");
        // Of the notebooks, that of the derivation is there.
        let chapter = page.split('/').next() == Some("derivation");
        for to in [
            "notebooks/derivation.ipynb\" download",
            "https://colab.research.google.com/github/example/softmax/blob/notebooks/derivation.ipynb\"",
            "https://mybinder.org/v2/gh/example/softmax/notebooks?labpath=derivation.ipynb\"",
        ] {
            assert_eq!(html.contains(to), chapter, "{page}: {to}");
        }
        let description = html.split_once("<meta name=\"description\" content=\"");
        let description = description.and_then(|(_, rest)| rest.split_once('"'));
        let description = description.map_or("", |(description, _)| description);
        assert!(description.len() > 40, "{page}: {description:?}");
        descriptions.push(description.to_owned());
    }
    let worker = fs::read_to_string(built.join("worker.js"))?;
    for page in &pages {
        assert!(
            worker.contains(&format!("\n  \"{page}.html\": \"")),
            "{page} is not kept"
        );
    }
    descriptions.sort();
    let all = descriptions.len();
    descriptions.dedup();
    assert_eq!(descriptions.len(), all, "two pages have one description");
    let first = format!(
        "<link rel=\"canonical\" href=\"{ADDRESS}{}.html\">",
        pages[0]
    );
    assert!(fs::read_to_string(built.join("index.html"))?.contains(&first));
    Ok(())
}

#[test]
fn without_an_address_none_is_made_up() -> io::Result<()> {
    let built = plain()?;
    for file in ["sitemap.xml", "worker.js", "book.webmanifest"] {
        assert!(!built.join(file).exists(), "{file}");
    }
    for page in summary()? {
        let html = fs::read_to_string(built.join(format!("{page}.html")))?;
        for word in [
            "canonical",
            "og:url",
            "og:image",
            "/edit/",
            "  url = ",
            "offline.js",
        ] {
            assert!(!html.contains(word), "{page}: {word}");
        }
        // What a page offers is there.
        let foot = html.split_once("<footer").map_or("", |(_, rest)| rest);
        let foot = foot.split_once("</footer>").map_or("", |(foot, _)| foot);
        assert!(foot.contains("rel=\"license\""), "{page}: no licence");
        let beside = built.join(&page);
        let folder = beside.parent().unwrap_or(built);
        let offers = foot.split("href=\"").skip(1);
        let offers = offers.filter_map(|rest| rest.split_once('"'));
        let offers = offers.filter(|(to, _)| !to.starts_with("https://"));
        let offers: Vec<&str> = offers.map(|(to, _)| to).collect();
        assert!(!offers.is_empty(), "{page} offers nothing");
        for to in offers {
            assert!(folder.join(to).is_file(), "{page} offers {to}");
        }
        let source = fs::read_to_string(built.join(format!("{page}.md")))?;
        let expected = fs::read_to_string(Path::new(ROOT).join(format!("book/{page}.md")))?;
        assert_eq!(source, expected, "{page}");
    }
    Ok(())
}

/// The values of a name in `CITATION.cff`, in their order.
fn cited<'a>(citation: &'a str, name: &str) -> Vec<&'a str> {
    let lines = citation
        .lines()
        .map(|line| line.trim().trim_start_matches("- "));
    let values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    values.map(|value| value.trim_matches('"')).collect()
}

#[test]
fn the_citation_says_what_the_book_and_the_crate_say() -> io::Result<()> {
    let read = |name: &str| fs::read_to_string(Path::new(ROOT).join(name));
    let citation = read("CITATION.cff")?;
    let table =
        |name: &str| -> io::Result<toml::Table> { read(name)?.parse().map_err(io::Error::other) };
    let (book, krate) = (table("book.toml")?, table("Cargo.toml")?);
    let (book, krate) = (&book["book"], &krate["package"]);
    let of = |value: &toml::Value| value.as_str().unwrap_or_default().to_owned();
    assert_eq!(
        cited(&citation, "title"),
        [of(&krate["name"]), of(&book["title"])]
    );
    assert_eq!(cited(&citation, "version"), [of(&krate["version"])]);
    assert_eq!(
        cited(&citation, "abstract"),
        [of(&krate["description"]), of(&book["description"])]
    );
    let author = of(&book["authors"][0]);
    assert_eq!(cited(&citation, "name"), [author.clone(), author]);
    Ok(())
}
