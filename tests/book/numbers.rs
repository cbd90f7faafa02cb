//! Rule 1: no number of a result is typed. It is included from what a cell printed.

use std::collections::BTreeSet;
use std::ops::Range;

use mdbook_cells::Problem;

use crate::markdown;
use crate::support::page::Page;

/// Finds the decimal numbers with two or more fractional digits that are typed in a page, outside
/// of Rust. A tag of an equation and a reference to one of `tags` are no decimal numbers, and
/// neither is a version with two dots.
pub fn typed(page: &Page, tags: &BTreeSet<String>) -> Vec<Problem> {
    let text = &page.source.text;
    let masked = markdown::mask(text, exempt(text));
    decimals(&masked)
        .into_iter()
        .filter(|number| !is_reference(&masked, number, tags))
        .map(|number| {
            let line = page.source.line(number.start);
            let typed = &masked[number];
            page.problem(line, format!("{typed} is typed; include it from out/"))
        })
        .collect()
}

/// Rust, destinations of links, includes, the number of a section in its heading, and notes for
/// the crate `formula`, which no reader sees.
fn exempt(text: &str) -> Vec<Range<usize>> {
    let blocks = markdown::blocks(text).into_iter();
    let mut exempt: Vec<_> = blocks
        .filter(|block| block.is_rust())
        .map(|block| block.range)
        .collect();
    exempt.extend(
        markdown::links(text)
            .into_iter()
            .map(|link| link.destination),
    );
    exempt.extend(markdown::includes(text));
    exempt.extend(equations_again(text));
    exempt.extend(addresses(text));
    let notes = markdown::html(text).into_iter();
    exempt.extend(notes.filter(|html| {
        ["<!-- eq ", "<!-- symbols"]
            .iter()
            .any(|note| text[html.clone()].starts_with(note))
    }));
    let headings = markdown::headings(text).into_iter();
    exempt.extend(headings.map(|heading| section_number(text, heading.range)));
    exempt
}

/// The lines that show an equation once more, by its number.
fn equations_again(text: &str) -> Vec<Range<usize>> {
    let starts = text.match_indices("{{eq ");
    let ranges = starts.map(|(start, _)| Some(start..start + text[start..].find("}}")? + 2));
    ranges.flatten().collect()
}

/// The addresses that stand in the text, wherever they do.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | '\'' | '`' | ']');
    ["http://", "https://"]
        .iter()
        .flat_map(|scheme| text.match_indices(scheme))
        .map(|(start, _)| {
            let length = text[start..].find(ends);
            start..length.map_or(text.len(), |length| start + length)
        })
        .collect()
}

fn section_number(text: &str, heading: Range<usize>) -> Range<usize> {
    let title = text[heading.clone()].trim_start_matches(['#', ' ']);
    let start = heading.end - title.len();
    let number = title.find(|c: char| !c.is_ascii_digit() && c != '.');
    start..number.map_or(heading.end, |length| start + length)
}

fn decimals(text: &str) -> Vec<Range<usize>> {
    let mut decimals = Vec::new();
    let mut start = 0;
    for run in text.split_inclusive(|c: char| !c.is_ascii_digit() && c != '.') {
        let digits = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        let mut at = start;
        // Two dots make a range of two numbers.
        for number in digits.split("..") {
            let mut parts = number.trim_start_matches('.').split('.');
            let whole = parts.next().unwrap_or_default();
            let fraction = parts.next().unwrap_or_default();
            if !whole.is_empty() && fraction.len() >= 2 && parts.next().is_none() {
                decimals
                    .push(at + number.len() - whole.len() - 1 - fraction.len()..at + number.len());
            }
            at += number.len() + 2;
        }
        start += run.len();
    }
    decimals
}

fn is_reference(text: &str, number: &Range<usize>, tags: &BTreeSet<String>) -> bool {
    let before = &text[..number.start];
    let in_parentheses = before.ends_with('(') && text[number.end..].starts_with(')');
    before.ends_with("\\tag{") || (in_parentheses && tags.contains(&text[number.clone()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{assert_none, lines};
    use crate::{equations, example, pages};

    #[track_caller]
    fn assert_passes(source: &str) {
        let tags = BTreeSet::from(["3.10".to_owned()]);
        assert_none(&typed(&example("book/page.md", source), &tags));
    }

    #[track_caller]
    fn assert_finds(source: &str, line: usize, number: &str) {
        let tags = BTreeSet::from(["3.10".to_owned()]);
        let found = lines(&typed(&example("book/page.md", source), &tags));
        let message = format!("book/page.md:{line}: {number} is typed; include it from out/");
        assert_eq!(found, [message]);
    }

    #[test]
    fn a_number_is_found_wherever_it_is_typed() {
        assert_finds("# Page\n\nThe loss is 1.25 nats.\n", 3, "1.25");
        assert_finds("The loss is 1.25.\n", 1, "1.25");
        assert_finds("1,234.567\n", 1, "234.567");
        assert_finds("between 0.25..0.5\n", 1, "0.25");
        assert_finds("(3.14)\n", 1, "3.14");
        assert_finds("| a |\n|---|\n| 0.50 |\n", 3, "0.50");
        assert_finds("# The 0.25 rule\n", 1, "0.25");
        assert_finds("$$\nx = 0.25\n$$\n", 2, "0.25");
        assert_finds("$x = -0.25$\n", 1, "0.25");
        assert_finds("`0.25`\n", 1, "0.25");
        assert_finds("```text\n0.25\n```\n", 2, "0.25");
        assert_finds("```toml\nx = 0.25\n```\n", 2, "0.25");
        assert_finds("<!-- 0.25 -->\n", 1, "0.25");
        assert_finds("[0.25](a.md)\n", 1, "0.25");
        assert_finds("```rust\n1.25\n```\nŷ is 0.75\n", 4, "0.75");
    }

    #[test]
    fn what_is_no_result_may_be_typed() {
        assert_passes("Half is 0.5, and 1. is first; 2 × 3 = 6 … and 0.5..1.5\n");
        assert_passes("```rust\nlet x = 0.25;\n```\n");
        assert_passes("[a](https://docs.rs/a/0.25/b) <https://a.org/0.25> https://a.org/0.25\n");
        assert_passes("[a](../v0.25/a.md) [b]\n\n[b]: https://a.org/0.25\n");
        assert_passes("{{#include out/0.25.txt}}\n");
        assert_passes("{{eq 3.10}}\n");
        assert_passes("## 2.10 The loss\n\n## 2.11. The gradient\n");
        assert_passes("By (3.10):\n\n$$ a \\tag{3.10} $$\n");
        assert_passes("KaTeX 0.16.4\n");
    }

    #[test]
    fn the_book_types_no_number() -> std::io::Result<()> {
        let pages = pages()?;
        let tags = equations::tags(&pages);
        let problems: Vec<_> = pages.iter().flat_map(|page| typed(page, &tags)).collect();
        assert_none(&problems);
        Ok(())
    }
}
