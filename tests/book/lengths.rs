//! How long a page is, how much code it shows, and how it begins and ends.

use mdbook_cells::Problem;

use crate::markdown;
use crate::support::page::Page;

/// The words of a page outside of its code.
const WORDS: usize = 2_000;

/// The lines of Rust that a page shows, outside of what is folded.
const LINES: usize = 60;

/// The questions that a page closes with.
const QUESTIONS: usize = 3;

/// Pages to look something up, to work with, or to lead to others: they ask nothing.
const WITHOUT_QUESTIONS: &[&str] = &[
    "introduction",
    "derivation",
    "exercises",
    "exercises/further",
    "exercises/experiments",
    "exercises/solutions",
    "one-page",
    "recall",
    "drills",
    "lab",
    "worksheet",
    "teaching",
    "teaching/plans",
    "notation",
    "links",
];

/// Checks that a page can be read at a stretch.
pub fn length(page: &Page) -> Vec<Problem> {
    let words = words(&page.source.text);
    let lines = shown(page);
    let mut problems = Vec::new();
    if words > WORDS {
        let message = format!("expected at most {WORDS} words outside of code, found {words}");
        problems.push(page.problem(1, message));
    }
    if lines > LINES {
        let message = format!("expected at most {LINES} visible lines of Rust, found {lines}");
        problems.push(page.problem(1, message));
    }
    problems
}

/// Checks that a page closes with questions, each with its answer folded, and with the next page.
pub fn close(page: &Page) -> Vec<Problem> {
    let text = &page.source.text;
    let name = page
        .name
        .trim_start_matches("book/")
        .trim_end_matches(".md");
    let mut problems = Vec::new();
    let questions = text.matches("<details class=\"recall\">").count();
    if !WITHOUT_QUESTIONS.contains(&name) && questions != QUESTIONS {
        let message = format!("expected {QUESTIONS} questions to recall, found {questions}");
        problems.push(page.problem(text.lines().count(), message));
    }
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    if name != "links" && !last.is_some_and(|line| line.starts_with("Next: ")) {
        let message = "expected a last line that leads to the next page: `Next: …`";
        problems.push(page.problem(text.lines().count(), message.to_owned()));
    }
    problems
}

/// The lines of Rust that a page shows, outside of what is folded and of what it includes.
pub fn shown(page: &Page) -> usize {
    let text = &page.source.text;
    let blocks = markdown::blocks(text).into_iter();
    let open = blocks.filter(|block| block.is_rust() && !block.has("proof"));
    let open = open.filter(|block| !is_folded(&text[..block.range.start]));
    let shown = |line: &&str| !is_hidden(line) && !line.contains("{{#");
    open.map(|block| block.code.lines().filter(shown).count())
        .sum()
}

/// The hidden lines of a page.
pub fn hidden(page: &Page) -> usize {
    let blocks = markdown::blocks(&page.source.text).into_iter();
    let rust = blocks.filter(markdown::Block::is_rust);
    rust.map(|block| block.code.lines().filter(is_hidden).count())
        .sum()
}

fn is_hidden(line: &&str) -> bool {
    let line = line.trim_start();
    line == "#" || line.starts_with("# ")
}

fn is_folded(before: &str) -> bool {
    before.matches("<details").count() > before.matches("</details").count()
}

/// The words outside of code and of comments.
fn words(text: &str) -> usize {
    let mut prose = text.to_owned();
    for block in markdown::blocks(text).iter().rev() {
        prose.replace_range(block.range.clone(), "");
    }
    while let Some((before, rest)) = prose.split_once("<!--") {
        let after = rest.split_once("-->").map_or("", |(_, after)| after);
        prose = format!("{before}{after}");
    }
    prose.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::support::assert_none;
    use crate::{example, pages};

    fn messages(problems: &[Problem]) -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_long_is_found() {
        let code = "let a = 1;\n".repeat(61);
        let page = example(
            "book/page.md",
            &format!(
                "{}\n\n```rust\n# hidden\n{code}```\n<!-- {} -->\n",
                "a ".repeat(2_001),
                "b ".repeat(9)
            ),
        );
        assert_eq!(
            messages(&length(&page)),
            [
                "book/page.md:1: expected at most 2000 words outside of code, found 2001",
                "book/page.md:1: expected at most 60 visible lines of Rust, found 61",
            ]
        );
    }

    #[test]
    fn what_is_folded_hidden_or_included_is_not_counted() {
        let page = example(
            "book/page.md",
            "```rust\n# a\nlet b = 1;\n  # c\n{{#include d}}\n#[e]\n```\n<details>\n\n```rust\nf();\n```\n\n</details>\n\n```rust,proof\ng();\n```\n",
        );
        assert_eq!((shown(&page), hidden(&page)), (2, 2));
    }

    #[test]
    fn a_page_without_a_close_is_found() {
        let page = example("book/page.md", "# A\n\nNext: [b](b.md).\n\nc\n");
        assert_eq!(
            messages(&close(&page)),
            [
                "book/page.md:5: expected 3 questions to recall, found 0",
                "book/page.md:5: expected a last line that leads to the next page: `Next: …`",
            ]
        );
    }

    #[test]
    fn the_pages_of_the_book_can_be_read_at_a_stretch() -> io::Result<()> {
        let pages = pages()?;
        let problems = pages.iter().flat_map(|page| [length(page), close(page)]);
        assert_none(&problems.flatten().collect::<Vec<_>>());
        Ok(())
    }

    #[test]
    fn explanation_outweighs_code() -> io::Result<()> {
        let pages = pages()?;
        let of = |count: fn(&Page) -> usize| pages.iter().map(count).sum::<usize>();
        let derivation = pages
            .iter()
            .filter(|page| page.name.starts_with("book/derivation/"));
        let derivation: usize = derivation.map(shown).sum();
        let (visible, unseen) = (of(shown), of(hidden));
        assert!(visible < 1_200, "{visible} visible lines of Rust");
        assert!(unseen <= 750, "{unseen} hidden lines of Rust");
        assert!(derivation < 120, "{derivation} in the derivation");
        Ok(())
    }
}
