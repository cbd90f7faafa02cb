//! What a built book must keep.

use std::collections::{BTreeMap, BTreeSet};

use mdbook_cells::Problem;

use crate::build::Site;
use crate::problem;
use crate::support::html::{self, Element, Piece};
use crate::support::path;

/// The style sheet that KaTeX's HTML needs.
const STYLE: &str = "katex/katex.min.css";

/// Finds warnings and errors in what mdBook and mdbook-katex said. mdbook-katex only warns of
/// invalid TeX, and mdBook exits with success. One warning is expected: that the two were built
/// with neighbouring versions.
pub fn said(stderr: &str) -> Vec<Problem> {
    let plain = without_colours(stderr);
    let mut problems = Vec::new();
    for (index, line) in plain.lines().enumerate() {
        // The level stands first, or after a time.
        let mut words = line.split_whitespace().take(2);
        let is_complaint =
            words.any(|word| matches!(word.trim_matches(['[', ']']), "WARN" | "ERROR"));
        let is_version = line.contains("was built against mdbook v")
            && line.contains("but we are being called from mdbook v");
        if (is_complaint && !is_version) || line.contains("panicked at") {
            problems.push(problem(
                "mdbook's messages",
                index + 1,
                line.trim().to_owned(),
            ));
        }
    }
    problems
}

/// The text without the escape sequences that colour it.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| c.is_ascii_alphabetic());
        plain.push_str(end.map_or("", |end| &piece[end + 1..]));
    }
    plain
}

/// Checks that a page of the summary has been built, and that each of its formulas has been
/// rendered and has kept its TeX.
pub fn chapter(site: &Site, page: &str, sources: &[String]) -> Vec<Problem> {
    let inside = page.strip_prefix("book/").unwrap_or(page);
    let stem = inside.strip_suffix(".md").unwrap_or(inside);
    let file = format!("{stem}.html");
    match site.pages.get(&file) {
        Some(html) => formulas(&file, html, sources),
        None => vec![problem(&file, 0, format!("{page} has not been built"))],
    }
}

/// Checks that a page holds the formulas that its source has, each as MathML for those who listen,
/// as HTML for those who look and as TeX for those who copy it, and the style sheet that the
/// second needs.
pub fn formulas(file: &str, html: &str, sources: &[String]) -> Vec<Problem> {
    let count = sources.len();
    let pieces = html::pieces(html);
    let elements: Vec<&Element> = pieces
        .iter()
        .filter_map(|(_, piece)| match piece {
            Piece::Start(element) => Some(element),
            _ => None,
        })
        .collect();
    let with_class = |class: &str| {
        let having = elements.iter().filter(|element| has_class(element, class));
        having.count()
    };
    // Lines that a cell wrote, such as those of a worksheet, are MathML alone.
    let is_of_katex =
        |pair: &&[&Element]| has_class(pair[0], "katex-mathml") && pair[1].name == "math";
    let found = [
        ("formulas", with_class("katex")),
        ("<math>", elements.windows(2).filter(is_of_katex).count()),
        (".katex-html", with_class("katex-html")),
    ];
    let mut problems: Vec<Problem> = found
        .iter()
        .filter(|(_, found)| *found != count)
        .map(|(what, found)| problem(file, 0, format!("{found} {what}, expected {count}")))
        .collect();
    let kept = elements.iter().filter(|one| has_class(one, "katex"));
    for (tex, source) in kept.map(|one| one.attribute("data-tex")).zip(sources) {
        if !tex.split_whitespace().eq(source.split_whitespace()) {
            let message = format!("the TeX {tex:?}, expected {source:?}");
            problems.push(problem(file, 0, message));
        }
    }
    let is_style = |element: &&&Element| {
        let href = element.attribute("href");
        element.attribute("rel") == "stylesheet" && path::join(file, href).as_deref() == Some(STYLE)
    };
    if count > 0 && elements.iter().find(is_style).is_none() {
        problems.push(problem(
            file,
            0,
            format!("formulas, but no link to {STYLE}"),
        ));
    }
    problems
}

pub fn has_class(element: &Element, class: &str) -> bool {
    let classes = element.attribute("class");
    classes.split_whitespace().any(|one| one == class)
}

/// Finds what is left of mathematics and includes in a page, broken formulas, and what the page
/// loads from another host.
pub fn page(file: &str, html: &str) -> Vec<Problem> {
    let mut found: Vec<(usize, String)> = Vec::new();
    // The elements around that hold something else than prose.
    let mut around: Vec<String> = Vec::new();
    for (offset, piece) in html::pieces(html) {
        match piece {
            Piece::Start(element) => {
                if element.name == "annotation" {
                    found.push((offset, "TeX that is read with the page".to_owned()));
                }
                if is_error(&element) {
                    found.push((offset, "a formula that KaTeX could not render".to_owned()));
                }
                if is_verbatim(&element.name) {
                    around.push(element.name);
                }
            }
            Piece::End(name) => {
                if let Some(index) = around.iter().rposition(|open| *open == name) {
                    around.truncate(index);
                }
            }
            Piece::Text(text) => {
                if let Some(at) = text.find('$').filter(|_| around.is_empty()) {
                    let rest: String = text[at..].chars().take(30).collect();
                    found.push((offset, format!("a $ in the text: {rest:?}")));
                }
                if text.contains("{{#") {
                    found.push((offset, "an include that is not expanded".to_owned()));
                }
            }
        }
    }
    for (offset, address) in html::loads(html) {
        if path::is_remote(&address) {
            found.push((offset, format!("{address} is on another host")));
        }
    }
    found
        .into_iter()
        .map(|(offset, message)| {
            let line = html[..offset].matches('\n').count() + 1;
            problem(file, line, message)
        })
        .collect()
}

/// Whether an element holds code, where a dollar is no leftover.
fn is_verbatim(name: &str) -> bool {
    let names = ["code", "pre", "script", "style"];
    names.contains(&name)
}

/// KaTeX marks what it cannot render with a class, or with this colour.
fn is_error(element: &Element) -> bool {
    let mut values = element.attributes.values();
    has_class(element, "katex-error")
        || values.any(|value| value.to_ascii_lowercase().contains("#cc0000"))
}

/// Checks that each link and each address of the pages leads to a file of the built book and to
/// an anchor in it.
pub fn links(site: &Site) -> Vec<Problem> {
    let pairs = site.pages.iter();
    let anchors: BTreeMap<&str, BTreeSet<String>> = pairs
        .map(|(name, html)| (name.as_str(), anchors(html)))
        .collect();
    let mut problems = Vec::new();
    for (name, html) in &site.pages {
        // It is shown at any address, so its links are not relative to its place.
        if name == "404.html" {
            continue;
        }
        for (offset, piece) in html::pieces(html) {
            let Piece::Start(element) = piece else {
                continue;
            };
            for attribute in ["href", "xlink:href", "src"] {
                let Some(link) = element.attributes.get(attribute) else {
                    continue;
                };
                if let Some(fault) = fault(site, &anchors, name, link) {
                    let line = html[..offset].matches('\n').count() + 1;
                    problems.push(problem(name, line, format!("{link} {fault}")));
                }
            }
        }
    }
    problems
}

/// What is wrong with a link on the page `name`.
fn fault(
    site: &Site,
    anchors: &BTreeMap<&str, BTreeSet<String>>,
    name: &str,
    link: &str,
) -> Option<&'static str> {
    if path::has_scheme(link) || path::is_remote(link) {
        return None;
    }
    let (file, anchor) = path::split_anchor(link);
    let file = match file {
        "" => Some(name.to_owned()),
        file => path::join(name, file),
    };
    let Some(file) = file.filter(|file| site.files.contains(file)) else {
        return Some("leads to no file");
    };
    let anchor = anchor.filter(|anchor| !anchor.is_empty())?;
    let anchors = anchors.get(file.as_str())?;
    (!anchors.contains(anchor)).then_some("leads to no anchor")
}

fn anchors(html: &str) -> BTreeSet<String> {
    let pieces = html::pieces(html).into_iter();
    pieces
        .filter_map(|(_, piece)| match piece {
            Piece::Start(element) => element.attributes.get("id").cloned(),
            _ => None,
        })
        .collect()
}

/// Checks that KaTeX's style sheet is there with its fonts, and that no style sheet loads
/// anything from another host.
///
/// KaTeX names each font in three formats. Every browser of today takes the first, woff2, so the
/// other two need not be there.
pub fn styles(site: &Site) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, css) in &site.styles {
        for (_, address) in html::css_loads(css) {
            if path::is_remote(&address) {
                problems.push(problem(name, 0, format!("{address} is on another host")));
            }
        }
    }
    let Some(css) = site.styles.get(STYLE) else {
        problems.push(problem(STYLE, 0, "is missing".to_owned()));
        return problems;
    };
    let loads = html::css_loads(css).into_iter().map(|(_, address)| address);
    let fonts: BTreeSet<String> = loads.filter(|one| one.ends_with(".woff2")).collect();
    if fonts.is_empty() {
        problems.push(problem(STYLE, 0, "names no woff2 font".to_owned()));
    }
    for font in fonts {
        if !path::join(STYLE, &font).is_some_and(|file| site.files.contains(&file)) {
            problems.push(problem(STYLE, 0, format!("{font} is missing")));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::lines;

    const FORMULA: &str = "<span class=\"katex\" data-tex=\"x  &lt; 1\"><span class=\"katex-mathml\"><math>\
        <mi>x</mi></math></span>\
        <span class=\"katex-html\" aria-hidden=\"true\">x</span></span>";

    #[test]
    fn only_the_warning_about_versions_is_expected() {
        let version = "\u{1b}[2m2026-01-01T00:00:00Z\u{1b}[0m \u{1b}[33m WARN\u{1b}[0m \
            \u{1b}[2mmdbook_katex\u{1b}[0m\u{1b}[2m:\u{1b}[0m This mdbook-katex was built against \
            mdbook v0.5.3, but we are being called from mdbook v0.5.4. If you have any issue\n";
        let good = format!(" INFO Book building has started\n{version} INFO Running\n");
        assert_eq!(lines(&said(&good)), [""; 0]);
        let bad = |line: &str| lines(&said(&format!("{good}{line}\n")));
        let at = "mdbook's messages:4: ";
        assert_eq!(
            bad("\u{1b}[33m WARN\u{1b}[0m Rendering failed"),
            [format!("{at}WARN Rendering failed")]
        );
        assert_eq!(
            bad("2026-01-01T00:00:00Z ERROR mdbook: no"),
            [format!("{at}2026-01-01T00:00:00Z ERROR mdbook: no")]
        );
        assert_eq!(bad("[WARN] old"), [format!("{at}[WARN] old")]);
        let panic = "thread 'main' panicked at src/main.rs:1:1:";
        assert_eq!(bad(panic), [format!("{at}{panic}")]);
    }

    #[test]
    fn each_formula_is_rendered_twice() {
        let style = "<link rel=\"stylesheet\" href=\"../katex/katex.min.css\">";
        let check = |html: &str, count| {
            let sources = vec!["\nx < 1\n".to_owned(); count];
            lines(&formulas("part/a.html", html, &sources))
        };
        assert_eq!(check(&format!("{style}{FORMULA}"), 1), [""; 0]);
        assert_eq!(check("", 0), [""; 0]);
        assert_eq!(
            check(&format!("{style}{FORMULA}<math><mi>x</mi></math>"), 1),
            [""; 0]
        );
        assert_eq!(
            check(FORMULA, 1),
            ["part/a.html: formulas, but no link to katex/katex.min.css"]
        );
        assert_eq!(
            check(&format!("{style}{FORMULA}"), 2),
            [
                "part/a.html: 1 formulas, expected 2",
                "part/a.html: 1 <math>, expected 2",
                "part/a.html: 1 .katex-html, expected 2"
            ]
        );
        let only_html = FORMULA.replace("math>", "span>");
        assert_eq!(
            check(&format!("{style}{only_html}"), 1),
            ["part/a.html: 0 <math>, expected 1"]
        );
        let only_mathml = FORMULA.replace("katex-html", "other");
        assert_eq!(
            check(&format!("{style}{only_mathml}"), 1),
            ["part/a.html: 0 .katex-html, expected 1"]
        );
        let other_source = FORMULA.replace("&lt;", "&gt;");
        assert_eq!(
            check(&format!("{style}{other_source}"), 1),
            ["part/a.html: the TeX \"x  > 1\", expected \"\\nx < 1\\n\""]
        );
    }

    #[test]
    fn each_chapter_is_built() {
        let mut site = Site::default();
        site.pages.insert("part/a.html".to_owned(), String::new());
        assert_eq!(lines(&chapter(&site, "book/part/a.md", &[])), [""; 0]);
        assert_eq!(
            lines(&chapter(&site, "book/b.md", &[])),
            ["b.html: book/b.md has not been built"]
        );
    }

    #[test]
    fn what_a_page_must_not_hold_is_found() {
        let check = |html: &str| lines(&page("a.html", html));
        let good =
            "<p>a</p><code>$</code><pre>$ ls</pre><script>'$'</script><a href=https://b.org>";
        assert_eq!(check(&format!("{good}{FORMULA}")), [""; 0]);
        let fails = |html: &str, message: &str| {
            assert_eq!(check(html), [format!("a.html:{message}")]);
        };
        fails("<p>\n</p>\n<p>so $x$</p>", "3: a $ in the text: \"$x$\"");
        fails("<code>a</code> $$", "1: a $ in the text: \"$$\"");
        fails(
            "<em>{{#include a.txt}}</em>",
            "1: an include that is not expanded",
        );
        fails(
            "<code>{{#include a.txt}}</code>",
            "1: an include that is not expanded",
        );
        let error = "1: a formula that KaTeX could not render";
        fails("<span class=\"x katex-error\">", error);
        fails("<span style=\"color:#CC0000\">", error);
        fails("<mstyle mathcolor=\"#cc0000\">", error);
        let source = FORMULA.replace("</math>", "<annotation>x_i</annotation></math>");
        fails(&source, "1: TeX that is read with the page");
        fails("<img src=//b.org/a>", "1: //b.org/a is on another host");
        fails(
            "\n<link href=https://b.org/a>",
            "2: https://b.org/a is on another host",
        );
    }

    #[test]
    fn a_link_leads_to_a_file_and_an_anchor() {
        let mut site = Site::default();
        let pages = [
            (
                "part/a.html",
                "<a href=\"../b.html#x\"><a href=#><img src=../c.svg>",
            ),
            (
                "b.html",
                "<h1 id=x></h1>\n<a href=#y><a href=https://d.org#y>\n<a href=d.html>",
            ),
            ("404.html", "<a href=nowhere>"),
            ("e.html", "<script src=../e.js></script>"),
        ];
        for (name, html) in pages {
            site.pages.insert(name.to_owned(), html.to_owned());
            site.files.insert(name.to_owned());
        }
        site.files.insert("c.svg".to_owned());
        assert_eq!(
            lines(&links(&site)),
            [
                "b.html:2: #y leads to no anchor",
                "b.html:3: d.html leads to no file",
                "e.html:1: ../e.js leads to no file",
            ]
        );
    }

    #[test]
    fn the_style_of_formulas_is_there_with_its_fonts() {
        let mut site = Site::default();
        let missing = "katex/katex.min.css: is missing";
        assert_eq!(lines(&styles(&site)), [missing]);

        let css = "@font-face{src:url(fonts/a.woff2),url(fonts/a.woff)}";
        site.styles.insert(STYLE.to_owned(), css.to_owned());
        let font = "katex/katex.min.css: fonts/a.woff2 is missing";
        assert_eq!(lines(&styles(&site)), [font]);

        site.files.insert("katex/fonts/a.woff2".to_owned());
        assert_eq!(lines(&styles(&site)), [""; 0]);

        let remote = "@import 'https://b.org/b.css';";
        site.styles.insert("b.css".to_owned(), remote.to_owned());
        let other = "b.css: https://b.org/b.css is on another host";
        assert_eq!(lines(&styles(&site)), [other]);

        site.styles.insert(STYLE.to_owned(), "p{}".to_owned());
        let none = "katex/katex.min.css: names no woff2 font";
        assert_eq!(lines(&styles(&site)), [other, none]);
    }
}
