//! The page *Recall* has the questions of all pages, in the order of the book.

use mdbook_cells::Problem;

use crate::support::page::Page;
use crate::support::summary::Entry;

/// The page that gathers the questions.
const RECALL: &str = "book/recall.md";

/// What stands on it for a page: the page's title, and what it holds between its anchors.
fn group(page: &Page) -> String {
    let file = page.name.trim_start_matches("book/");
    let mut lines = page.source.text.lines();
    let title = lines.find_map(|line| line.strip_prefix("# "));
    let title = title.unwrap_or_default();
    format!("### {title}\n\nFrom [{title}]({file}):\n\n{{{{#include {file}:recall}}}}\n")
}

/// Checks that each page with questions has all of them between the anchors, and that *Recall* has
/// such a group for each, in the order of the summary, and no other.
pub fn gathered(pages: &[Page], summary: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(recall) = pages.iter().find(|page| page.name == RECALL) else {
        return problems;
    };
    let mut rest = recall.source.text.as_str();
    for entry in summary {
        let Some(page) = pages.iter().find(|page| page.name == entry.page) else {
            continue;
        };
        let text = &page.source.text;
        let Some((_, questions)) = text.split_once("\n## To recall\n") else {
            continue;
        };
        let between = questions
            .split_once("<!-- ANCHOR: recall -->")
            .and_then(|(_, inner)| inner.split_once("<!-- ANCHOR_END: recall -->"));
        let count = |text: &str| text.matches("<details class=\"recall\">").count();
        if between.is_none_or(|(inner, _)| count(inner) != count(text)) {
            let message = "expected its questions between `<!-- ANCHOR: recall -->` and its end";
            problems.push(page.problem(1, message.to_owned()));
        }
        match rest.split_once(&group(page)) {
            Some((_, after)) => rest = after,
            None => {
                let message = format!("expected, in the order of the book:\n{}", group(page));
                problems.push(recall.problem(1, message));
            }
        }
    }
    let asked = |page: &&Page| page.source.text.contains("\n## To recall\n");
    let expected = pages.iter().filter(asked).count();
    let found = recall.source.text.matches(":recall}}").count();
    if found != expected {
        let message = format!("expected the questions of {expected} pages, found {found}");
        problems.push(recall.problem(1, message));
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::support::{assert_none, summary};
    use crate::{example, pages, root};

    const SUMMARY: &str = "- [A](a.md)\n- [B](b/b.md)\n- [R](recall.md)\n";

    const QUESTIONS: &str = "# A\n\n## To recall\n\n<!-- ANCHOR: recall -->\n<details class=\"recall\">\n</details>\n<!-- ANCHOR_END: recall -->\n";

    const RIGHT: &str = "# R\n\n### A\n\nFrom [A](a.md):\n\n{{#include a.md:recall}}\n\n### B\n\nFrom [B](b/b.md):\n\n{{#include b/b.md:recall}}\n";

    fn problems_of(a: &str, recall: &str) -> Vec<String> {
        let pages = [
            example("book/a.md", a),
            example("book/b/b.md", &QUESTIONS.replace("# A", "# B")),
            example("book/recall.md", recall),
        ];
        let problems = gathered(&pages, &summary::parse(SUMMARY));
        problems.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn questions_are_gathered_in_order() {
        assert_eq!(problems_of(QUESTIONS, RIGHT), [""; 0]);
    }

    #[test]
    fn what_is_missing_or_elsewhere_is_found() {
        let count = |problems: Vec<String>| problems.len();
        let outside = QUESTIONS.replace("<!-- ANCHOR: recall -->\n", "");
        assert_eq!(count(problems_of(&outside, RIGHT)), 1);
        assert_eq!(count(problems_of("# A\n", RIGHT)), 1);
        let other_title = RIGHT.replace("[A]", "[C]");
        assert_eq!(count(problems_of(QUESTIONS, &other_title)), 1);
        let (head, groups) = RIGHT.split_once("\n\n### A").unwrap();
        let (a, b) = groups.split_once("\n\n### ").unwrap();
        let swapped = format!("{head}\n\n### {b}\n\n### A{a}\n");
        assert_eq!(count(problems_of(QUESTIONS, &swapped)), 1);
        let twice = format!("{RIGHT}\n{}", &RIGHT[5..]);
        assert_eq!(count(problems_of(QUESTIONS, &twice)), 1);
    }

    #[test]
    fn the_page_has_the_questions_of_the_book() -> io::Result<()> {
        let summary = std::fs::read_to_string(root().join("book/SUMMARY.md"))?;
        assert_none(&gathered(&pages()?, &summary::parse(&summary)));
        Ok(())
    }
}
