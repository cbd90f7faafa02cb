//! Finds the formulas that KaTeX has rendered, keeps their TeX, and gives displays an anchor.
//!
//! KaTeX leaves the source of a formula in its MathML, as the text of an `annotation` that nobody
//! sees. Markdown reads it all the same, and so does the search. In an attribute neither does, and
//! a script finds it there when a reader copies the formula.

use std::ops::Range;

use crate::edits::Edit;
use crate::macros::Macros;
use crate::markdown::Markdown;

const FORMULA: &str = "<span class=\"katex\"";
const DISPLAY: &str = "<span class=\"katex-display\"";
const SPAN: &str = "<span";
pub const END: &str = "</span>";

/// A displayed equation that has a number.
pub struct Display<'a> {
    pub range: Range<usize>,
    pub number: &'a str,
}

/// The displayed equations of a page.
pub fn displays<'a>(page: &Markdown<'a>) -> Vec<Display<'a>> {
    let starts = page.find(DISPLAY).into_iter();
    starts
        .filter_map(|start| {
            let range = start..span_end(page.text, start)?;
            let (_, tag) = source(&page.text[range.clone()])?.split_once("\\tag{")?;
            let number = tag.split_once('}')?.0.trim();
            Some(Display { range, number })
        })
        .collect()
}

/// Where the formulas of a page stand, whether displayed or in a line.
pub fn places(page: &Markdown) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for start in page.find("<span class=\"katex") {
        let is_inside = places.last().is_some_and(|last| last.contains(&start));
        if let Some(end) = span_end(page.text, start).filter(|_| !is_inside) {
            places.push(start..end);
        }
    }
    places
}

/// Gives each displayed equation the anchor `eq-3.9`.
pub fn anchored(displays: &[Display]) -> Vec<Edit> {
    let anchor = |display: &Display| {
        let id = format!(r#" id="eq-{}""#, display.number);
        Edit::insert(display.range.start + DISPLAY.len(), id)
    };
    displays.iter().map(anchor).collect()
}

/// Gives each formula its TeX, with the book's macros written out, in the attribute `data-tex`.
pub fn with_source(page: &Markdown, macros: &Macros) -> Vec<Edit> {
    let starts = page.find(FORMULA).into_iter();
    starts
        .filter_map(|start| {
            let end = span_end(page.text, start)?;
            let tex = source(&page.text[start..end])?.trim();
            let tex = in_attribute(&macros.written_out(tex));
            let attribute = format!(r#" data-tex="{tex}""#);
            Some(Edit::insert(start + FORMULA.len(), attribute))
        })
        .collect()
}

/// Writes each `~` of a formula, the accent of `\tilde`, so that Markdown does not strike out what
/// stands between two of them.
pub fn without_tildes(page: &Markdown) -> Vec<Edit> {
    let formulas = places(page).into_iter();
    let tildes = formulas.flat_map(|formula| {
        let start = formula.start;
        let found = page.text[formula].match_indices('~');
        found.map(move |(at, _)| start + at..start + at + 1)
    });
    let edit = |range| Edit {
        range,
        text: "&#126;".to_owned(),
    };
    tildes.map(edit).collect()
}

/// The TeX of a rendered formula, as HTML.
fn source(formula: &str) -> Option<&str> {
    let (_, annotation) = formula.split_once("<annotation")?;
    let (_, tex) = annotation.split_once('>')?;
    Some(tex.split_once("</annotation>")?.0)
}

/// HTML that holds no quote, and nothing that ends a cell of a table, a line, or a span of code.
fn in_attribute(html: &str) -> String {
    let mut text = String::new();
    for c in html.chars() {
        match c {
            '"' | '|' | '`' | '\n' => text.push_str(&format!("&#{};", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

/// Where the span that begins at `start` ends.
fn span_end(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = start;
    loop {
        let close = at + text[at..].find(END)?;
        let opened = text[at..close].matches(SPAN).count();
        at = close + END.len();
        depth += opened;
        depth -= 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;

    fn formula(tex: &str) -> String {
        format!(
            "<span class=\"katex\"><math><annotation encoding=\"application/x-tex\">{tex}\
             </annotation></math><span><span></span></span></span>"
        )
    }

    fn display(tex: &str) -> String {
        format!("<span class=\"katex-display\">{}</span>", formula(tex))
    }

    fn anchors(text: &str) -> String {
        edits::apply(text, anchored(&displays(&Markdown::read(text))))
    }

    fn sources(text: &str) -> String {
        edits::apply(
            text,
            with_source(&Markdown::read(text), &Macros::parse("\\vx:\\mathbf{x}")),
        )
    }

    #[test]
    fn a_display_has_an_anchor() {
        let anchored = display("a\n\\tag{3.9}\n").replace("display\"", "display\" id=\"eq-3.9\"");
        let text = format!("a\n\n{}\n\nb\n", display("a\n\\tag{3.9}\n"));
        assert_eq!(anchors(&text), format!("a\n\n{anchored}\n\nb\n"));
    }

    #[test]
    fn what_has_no_number_has_no_anchor() {
        let numbered = display("\\tag{3.9}");
        let unclosed = numbered.replacen("</span>", "", 1);
        let code = format!("`{numbered}`");
        for text in [&display("a"), &formula("\\tag{3.9}"), &unclosed, &code] {
            assert_eq!(anchors(text), *text);
        }
    }

    #[test]
    fn a_formula_keeps_its_source() {
        let kept = |tex: &str, attribute: &str| {
            let attribute = format!("katex\" data-tex=\"{attribute}\"");
            let expected = display(tex).replace("katex\"", &attribute);
            assert_eq!(sources(&display(tex)), expected);
        };
        kept("\\vx_i &lt; 1", "\\mathbf{x}_i &lt; 1");
        kept("\na &amp; b\n\n- c\n", "a &amp; b&#10;&#10;- c");
        kept("|a| \"`b`\"", "&#124;a&#124; &#34;&#96;b&#96;&#34;");
    }

    #[test]
    fn a_tilde_strikes_nothing_out() {
        let text = "<span class=\"katex\"><math><mo>~</mo></math></span> and ~~this~~ `~`";
        let changed = edits::apply(text, without_tildes(&Markdown::read(text)));
        assert_eq!(changed, text.replacen('~', "&#126;", 1));
    }

    #[test]
    fn a_formula_in_code_or_without_source_stays() {
        let bare = "<span class=\"katex\"><math></math></span>";
        for text in [bare, &format!("`{}`", formula("a")), "a"] {
            assert_eq!(sources(text), text);
        }
    }

    #[test]
    fn a_formula_has_one_place() {
        let text = format!("{} b {} `{}`", display("a"), formula("b"), formula("c"));
        let first = display("a").len();
        let second = first + 3..first + 3 + formula("b").len();
        assert_eq!(places(&Markdown::read(&text)), [0..first, second]);
    }
}
