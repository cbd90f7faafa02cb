//! Turns each reference, `(3.9)`, into a link to its equation.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::edits::Edit;
use crate::formulas;
use crate::html::{self, Piece, escaped};
use crate::markdown::{Fence, Markdown};
use crate::numbers::references;

/// The page of each equation, by its number, as a path from the folder of the pages.
#[derive(Default)]
pub struct Homes(BTreeMap<String, String>);

impl Homes {
    /// Notes an equation of a page. Two of the same number would have the same anchor.
    pub fn add(&mut self, number: &str, page: &str) -> Result<(), String> {
        match self.0.insert(number.to_owned(), page.to_owned()) {
            None => Ok(()),
            Some(other) => Err(format!(
                "a second equation ({number}); the first is in {other}"
            )),
        }
    }

    /// The address of an equation, as a link on `page` writes it. That it names the source is for
    /// mdBook, which makes an address of it for each of its editions.
    fn address(&self, number: &str, page: &str) -> Option<String> {
        let home = self.0.get(number)?;
        Some(if home == page {
            format!("#eq-{number}")
        } else {
            let to_root = "../".repeat(page.matches('/').count());
            format!("{to_root}{home}#eq-{number}")
        })
    }
}

/// The links of a page.
pub fn linked(page: &Markdown, path: &str, homes: &Homes) -> Vec<Edit> {
    let address = |number: &str| homes.address(number, path);
    let mut edits = in_text(page, &address);
    let cells = page.fences.iter().filter(|fence| is_rust(fence));
    edits.extend(cells.filter_map(|cell| {
        let text = with_links(&cell.code, &cell.info, &address)?;
        let range = cell.range.clone();
        Some(Edit { range, text })
    }));
    edits
}

/// Elements whose text is no prose, or which cannot hold a link.
const SHUT: [&str; 16] = [
    "a", "button", "code", "h1", "h2", "h3", "h4", "h5", "h6", "math", "pre", "script", "style",
    "summary", "svg", "title",
];

/// The links in prose, and in what the page writes in HTML.
fn in_text(page: &Markdown, address: &impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    let formulas = formulas::places(page);
    let is_formula = |at: usize| {
        let after = formulas.partition_point(|place| place.start <= at);
        after > 0 && formulas[after - 1].contains(&at)
    };
    let mut edits = Vec::new();
    let mut link = |range: Range<usize>, write: fn(&str, &str) -> String| {
        for (place, number) in references(&page.text[range.clone()]) {
            let place = range.start + place.start..range.start + place.end;
            if let Some(address) = address(number).filter(|_| !is_formula(place.start)) {
                let text = write(&page.text[place.clone()], &address);
                edits.push(Edit { range: place, text });
            }
        }
    };
    // How many elements are open that hold no link, in Markdown and in HTML.
    let mut shut = 0_usize;
    for (event, range) in page.events() {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Link { .. } | Tag::Image { .. })
            | Event::Start(Tag::CodeBlock(_)) => shut += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                shut = shut.saturating_sub(1)
            }
            Event::Text(_) if shut == 0 => link(range, in_markdown),
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                for piece in html::pieces(&page.text[range.clone()]) {
                    match piece {
                        Piece::Open(name) if SHUT.contains(&name) => shut += 1,
                        Piece::Close(name) if SHUT.contains(&name) => shut = shut.saturating_sub(1),
                        Piece::Text(text) if shut == 0 => {
                            link(range.start + text.start..range.start + text.end, in_html);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    edits
}

fn in_markdown(text: &str, address: &str) -> String {
    format!("[{text}](<{address}>)")
}

fn in_html(text: &str, address: &str) -> String {
    format!(r#"<a href="{}">{text}</a>"#, escaped(address))
}

fn is_rust(fence: &Fence) -> bool {
    matches!(fence.words().next(), Some("rust" | "rs"))
}

/// A cell with links in its comments, as the HTML that mdBook would write for it; `None` where it
/// has none.
///
/// It is one line, with its ends of lines as entities: so it can stand in a list or a quotation,
/// and an empty line does not end it.
fn with_links(code: &str, info: &str, address: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut found = false;
    let mut lines = Vec::new();
    for line in code.lines() {
        let (line, is_hidden) = unhidden(line);
        let (before, comment) = line.split_at(comment(&line));
        let mut html = escaped(before);
        let mut done = 0;
        for (place, number) in references(comment) {
            if let Some(address) = address(number) {
                found = true;
                html += &escaped(&comment[done..place.start]);
                html += &in_html(&comment[place.clone()], &address);
                done = place.end;
            }
        }
        html += &escaped(&comment[done..]);
        lines.push((html, is_hidden));
    }
    let last = lines.len().saturating_sub(1);
    let lines = lines
        .into_iter()
        .enumerate()
        .map(|(index, (html, is_hidden))| {
            let end = if index < last { "&#10;" } else { "" };
            match is_hidden {
                true => format!("<span class=\"boring\">{html}{end}</span>"),
                false => html + end,
            }
        });
    let class = format!("language-{info}").replace([',', '\t'], " ");
    let class = escaped(class.trim());
    found.then(|| {
        let code: String = lines.collect();
        format!("<pre><code class=\"{class}\">{code}</code></pre>")
    })
}

/// A line as mdBook shows it, and whether it hides it: one that begins with `# ` is hidden, and
/// `##` stands for `#`.
fn unhidden(line: &str) -> (String, bool) {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    match code.strip_prefix('#') {
        Some("") => (indent.to_owned(), true),
        Some(rest) if rest.starts_with(' ') => (format!("{indent}{}", &rest[1..]), true),
        Some(rest) if rest.starts_with('#') => (format!("{indent}{rest}"), false),
        _ => (line.to_owned(), false),
    }
}

/// Where the comment of a line begins: at `//` outside of a string. Its end, where it has none.
fn comment(line: &str) -> usize {
    let slashes = line.match_indices("//").map(|(at, _)| at);
    let mut outside = slashes.filter(|at| quotes(&line[..*at]).is_multiple_of(2));
    outside.next().unwrap_or(line.len())
}

/// How many quotes begin or end a string.
fn quotes(code: &str) -> usize {
    let quotes = code.matches('"').count();
    quotes - code.matches("\\\"").count() - code.matches("'\"'").count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;

    fn link(text: &str) -> String {
        let mut homes = Homes::default();
        for (number, page) in [("1.1", "a.md"), ("3.9", "part/b.md"), ("3.10", "part/c.md")] {
            homes.add(number, page).unwrap();
        }
        edits::apply(text, linked(&Markdown::read(text), "part/b.md", &homes))
    }

    #[test]
    fn a_reference_becomes_a_link() {
        assert_eq!(
            link("By (1.1), *as (3.9)*\nand ((3.10))."),
            "By [(1.1)](<../a.md#eq-1.1>), *as [(3.9)](<#eq-3.9>)*\n\
             and ([(3.10)](<../part/c.md#eq-3.10>))."
        );
        assert_eq!(
            link("| a | b |\n|---|---|\n| `c` | (3.9) |\n\n> - (3.9)\n"),
            "| a | b |\n|---|---|\n| `c` | [(3.9)](<#eq-3.9>) |\n\n> - [(3.9)](<#eq-3.9>)\n"
        );
    }

    #[test]
    fn a_reference_in_html_becomes_a_link() {
        assert_eq!(
            link(
                "<figure>\n<svg><desc>(1.1)</desc></svg>\n<figcaption title=\"(1.1)\">By (1.1)</figcaption>\n</figure>\n"
            ),
            "<figure>\n<svg><desc>(1.1)</desc></svg>\n<figcaption title=\"(1.1)\">By \
             <a href=\"../a.md#eq-1.1\">(1.1)</a></figcaption>\n</figure>\n"
        );
        assert_eq!(
            link("<details>\n<summary>Of (3.9)</summary>\n\nBy (3.9)\n\n</details>\n"),
            "<details>\n<summary>Of (3.9)</summary>\n\nBy [(3.9)](<#eq-3.9>)\n\n</details>\n"
        );
    }

    #[test]
    fn what_is_no_reference_stays() {
        let formula = "<span class=\"katex\"><math>(3.9)</math><span>(3.9)</span></span>";
        for text in [
            "(9.9) `f(3.9)`",
            "# By (3.9)\n\n[by (3.9)](a.md) <a href=\"a\">(3.9)</a>\n",
            "```text\n(3.9)\n```\n~~~markdown\n```rust\n// (3.9)\n```\n~~~\n",
            "<!-- (3.9) -->\n<pre>\n(3.9)\n\n(3.9)</pre>\n",
            "a <!-- (3.9) --> b",
            &format!("a {formula} b\n\n{formula}\n"),
        ] {
            assert_eq!(link(text), text);
        }
        assert_eq!(
            link(&format!("{formula} (3.9)")),
            format!("{formula} [(3.9)](<#eq-3.9>)")
        );
    }

    #[test]
    fn a_comment_of_a_cell_has_links() {
        let cell = "```rust,no_run\n# let a = 1;\n  #\n// (3.9), not (9.9)\n\nf(\"<//\", (1.1)); // as (1.1)\n# // (3.10)\n##[a]\n#[b]\n```\n";
        assert_eq!(
            link(cell),
            "<pre><code class=\"language-rust no_run\">\
             <span class=\"boring\">let a = 1;&#10;</span>\
             <span class=\"boring\">  &#10;</span>\
             // <a href=\"#eq-3.9\">(3.9)</a>, not (9.9)&#10;&#10;\
             f(&quot;&lt;//&quot;, (1.1)); // as <a href=\"../a.md#eq-1.1\">(1.1)</a>&#10;\
             <span class=\"boring\">// <a href=\"../part/c.md#eq-3.10\">(3.10)</a>&#10;</span>\
             #[a]&#10;#[b]</code></pre>\n"
        );
    }

    #[test]
    fn a_cell_in_a_list_has_links() {
        let cell = "- a\n  ```rs\n  // (3.9)\n\n  f();\n  ```\n- b\n";
        let html = "<pre><code class=\"language-rs\">// <a href=\"#eq-3.9\">(3.9)</a>&#10;&#10;f();</code></pre>";
        assert_eq!(link(cell), format!("- a\n  {html}\n- b\n"));
    }

    #[test]
    fn other_cells_are_left_alone() {
        for text in [
            "```rust\nf(3.9); g(\"// (3.9)\");\n```\n",
            "```rust\n// (9.9)\n```\n",
            "```text\n// (3.9)\n```\n",
        ] {
            assert_eq!(link(text), text);
        }
    }

    #[test]
    fn an_equation_stands_once_in_the_book() {
        let mut homes = Homes::default();
        assert_eq!(homes.add("1.1", "a.md"), Ok(()));
        let error = homes.add("1.1", "b.md").unwrap_err();
        assert_eq!(error, "a second equation (1.1); the first is in a.md");
    }
}
