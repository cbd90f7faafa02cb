//! Each reference to an equation, `(3.9)`, is a link to it, in the page itself.

use std::collections::BTreeSet;

use mdbook_cells::Problem;

use crate::build::Site;
use crate::problem;
use crate::rules::has_class;
use crate::support::html::{self, Element, Piece};

/// Checks the references in prose and in the comments of cells. Where their links lead is for the
/// rule of all links to check; here, that they name the equation that the reader sees, and that
/// the page for printing needs no other.
pub fn references(site: &Site) -> Vec<Problem> {
    let numbers = numbers(site);
    let check = |(name, html): (&String, &String)| {
        let found = in_page(name, html, &numbers).into_iter();
        found
            .map(|(offset, message)| {
                let line = html[..offset].matches('\n').count() + 1;
                problem(name, line, message)
            })
            .collect::<Vec<_>>()
    };
    site.pages.iter().flat_map(check).collect()
}

/// The numbers of all equations that have an anchor.
pub fn numbers(site: &Site) -> BTreeSet<String> {
    let pieces = site.pages.values().flat_map(|html| html::pieces(html));
    pieces
        .filter_map(|(_, piece)| match piece {
            Piece::Start(element) => {
                let number = element.attribute("id").strip_prefix("eq-");
                number.map(str::to_owned)
            }
            _ => None,
        })
        .collect()
}

fn in_page(name: &str, html: &str, numbers: &BTreeSet<String>) -> Vec<(usize, String)> {
    let mut problems = Vec::new();
    let mut around: Vec<Element> = Vec::new();
    let mut line_of_code = String::new();
    for (offset, piece) in html::pieces(html) {
        match piece {
            Piece::Start(element) if VOID.contains(&element.name.as_str()) => {}
            Piece::Start(element) => around.push(element),
            Piece::End(name) => {
                if let Some(index) = around.iter().rposition(|open| open.name == name) {
                    around.truncate(index);
                }
            }
            Piece::Text(text) => {
                let is_in = |name: &str| around.iter().any(|open| open.name == name);
                if !is_in("main") || around.iter().any(holds_no_link) {
                    continue;
                }
                let before = match is_in("code") {
                    true => std::mem::take(&mut line_of_code) + &text,
                    false => String::new(),
                };
                line_of_code = before.rsplit('\n').next().unwrap_or_default().to_owned();
                let link = around.iter().rfind(|open| open.name == "a");
                for number in references_in(&text).filter(|number| numbers.contains(*number)) {
                    let is_code = is_in("code") && !(is_in("pre") && is_comment(&before, number));
                    match link.map(|link| link.attribute("href")) {
                        None if is_code => {}
                        None => problems.push((offset, format!("({number}) is no link"))),
                        Some(href) if leads_to(href, number, name) => {}
                        Some(href) => {
                            problems.push((offset, format!("({number}) leads to {href}")))
                        }
                    }
                }
            }
        }
    }
    problems
}

/// Elements that have no end.
const VOID: [&str; 7] = ["br", "col", "hr", "img", "input", "link", "meta"];

/// Whether a reference in this element stays as it is: in a formula, whose own number it is, in a
/// figure, in a heading or in the line that opens a fold.
fn holds_no_link(element: &Element) -> bool {
    let names = [
        "svg", "summary", "script", "style", "h1", "h2", "h3", "h4", "h5", "h6",
    ];
    names.contains(&element.name.as_str()) || has_class(element, "katex")
}

/// Whether a reference in code, up to whose end `code` reaches or beyond, stands in a comment.
fn is_comment(code: &str, number: &str) -> bool {
    let reference = format!("({number})");
    let mut lines = code.lines().filter_map(|line| line.split_once("//"));
    lines.any(|(_, comment)| comment.contains(&reference))
}

/// On the page for printing every link to an equation stays on the page.
fn leads_to(href: &str, number: &str, page: &str) -> bool {
    let target = format!("#eq-{number}");
    href == target || (page != "print.html" && href.ends_with(&target))
}

/// The numbers of the references in a text.
fn references_in(text: &str) -> impl Iterator<Item = &str> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let pieces = text.split('(').skip(1);
    let insides = pieces.filter_map(|piece| Some(piece.split_once(')')?.0));
    insides.filter(move |inside| {
        inside
            .split_once('.')
            .is_some_and(|(chapter, number)| is_digits(chapter) && is_digits(number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::lines;

    fn check(name: &str, main: &str) -> Vec<String> {
        let mut site = Site::default();
        let equations = "<span id=eq-1.1></span><span id=eq-3.9></span>";
        site.pages.insert("a.html".to_owned(), equations.to_owned());
        let html = format!("<nav>(1.1)</nav>\n<main>{main}</main>\n");
        site.pages.insert(name.to_owned(), html);
        lines(&references(&site))
    }

    #[test]
    fn a_reference_that_is_a_link_passes() {
        for main in [
            "<p>By <a href=\"a.html#eq-1.1\">(1.1)</a>, not (9.9) and f(1.1.1)</p>",
            "<pre><code>f(1.1); // <a href=\"#eq-3.9\">(3.9)</a>\ng(1.1)</code></pre>",
            "<span class=\"katex\"><math>(1.1)</math><i>(1.1)</i></span>",
            "<h2><a href=\"#by-11\">By (1.1)</a></h2><summary>Of (1.1)</summary>",
            "<code>// (1.1)</code>",
        ] {
            assert_eq!(check("b.html", main), [""; 0]);
        }
    }

    #[test]
    fn a_reference_that_is_no_link_fails() {
        for main in [
            "<p>By<br>(1.1)</p>",
            "<td><span class=\"katex\"><i></i></span>(1.1)</td>",
            "<pre><code>f(3.9);\n<span class=\"boring\">//\n// as <b>in</b> (1.1)</span></code></pre>",
        ] {
            let problems = check("b.html", main);
            assert!(problems[0].ends_with(": (1.1) is no link"), "{problems:?}");
            assert_eq!(problems.len(), 1, "{problems:?}");
        }
    }

    #[test]
    fn a_link_that_leads_to_another_equation_fails() {
        let link = |href: &str| format!("<a href=\"{href}\">(1.1)</a>");
        assert_eq!(
            check("b.html", &link("a.html#eq-3.9")),
            ["b.html:2: (1.1) leads to a.html#eq-3.9"]
        );
        assert_eq!(check("print.html", &link("#eq-1.1")), [""; 0]);
        assert_eq!(
            check("print.html", &link("a.html#eq-1.1")),
            ["print.html:2: (1.1) leads to a.html#eq-1.1"]
        );
    }
}
