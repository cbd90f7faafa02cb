//! Rule 6: mathematics begins and ends where it is meant to.
//!
//! A stray dollar or backtick turns off the mathematics of the rest of its page, or inverts it. Two
//! amounts of money are a formula.

use std::ops::Range;

use mdbook_cells::Problem;

use crate::markdown;
use crate::support::katex::{self, Scan};
use crate::support::page::Page;

/// Checks that mdbook-katex, which does not read Markdown, finds the mathematics of a page where
/// Markdown has it.
pub fn balanced(page: &Page) -> Vec<Problem> {
    let text = &page.expanded.text;
    let scan = katex::scan(text);
    let code = markdown::code(text);
    let mut problems = Vec::new();
    let mut complain = |offset: usize, message: &str| {
        problems.push(page.problem(page.expanded.line(offset), message));
    };
    if let Some(start) = scan.unclosed {
        complain(start, unclosed(&text[start..]));
    }
    for formula in &scan.formulas {
        let tex = &text[formula.tex.clone()];
        if tex.trim().is_empty() {
            complain(formula.range.start, "an empty formula");
        }
        if tex
            .trim_matches('\n')
            .lines()
            .any(|line| line.trim().is_empty())
        {
            complain(formula.range.start, "a formula with an empty line in it");
        }
        if code.iter().any(|code| overlap(code, &formula.range)) {
            complain(formula.range.start, "a formula reaches into code");
        }
    }
    for offset in hidden_dollars(text, &scan, &code) {
        complain(offset, "a $ between backticks that mark no code");
    }
    problems
}

fn unclosed(text: &str) -> &'static str {
    if text.starts_with("$$") {
        "a $$ that is never closed"
    } else if text.starts_with('$') {
        "a $ that is never closed"
    } else {
        "backticks that are never closed"
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The dollars that mdbook-katex skips as code and Markdown does not.
fn hidden_dollars(text: &str, scan: &Scan, code: &[Range<usize>]) -> Vec<usize> {
    let dollars = text.match_indices('$').map(|(offset, _)| offset);
    dollars
        .filter(|offset| scan.code.iter().any(|range| range.contains(offset)))
        .filter(|offset| !code.iter().any(|range| range.contains(offset)))
        .collect()
}

/// Finds amounts of money that mdbook-katex takes for a formula: `$5 and $6` has one, `5 and `. As
/// for pandoc, a formula in a line begins and ends with something other than a space, and no digit
/// follows it; and no letter or digit stands before it, as in `US$5`.
pub fn money(page: &Page) -> Vec<Problem> {
    let text = &page.expanded.text;
    let formulas = katex::scan(text).formulas.into_iter();
    let amounts = formulas.filter(|formula| {
        let (Range { start, end }, tex) = (formula.range.clone(), &text[formula.tex.clone()]);
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        let is_loose = tex.trim() != tex;
        let is_amount =
            before.is_some_and(char::is_alphanumeric) || after.is_some_and(|c| c.is_ascii_digit());
        !formula.display && (is_loose || is_amount)
    });
    amounts
        .map(|formula| {
            let line = page.expanded.line(formula.range.start);
            let tex = &text[formula.range];
            page.problem(line, format!("{tex:?} is a formula; money is \\$5"))
        })
        .collect()
}

/// Finds dollars in headings, which would jumble their anchors.
pub fn headings(page: &Page) -> Vec<Problem> {
    let text = &page.source.text;
    let headings = markdown::headings(text).into_iter();
    headings
        .filter(|heading| text[heading.range.clone()].contains('$'))
        .map(|heading| {
            let line = page.source.line(heading.range.start);
            page.problem(line, "a $ in a heading")
        })
        .collect()
}

/// Finds dollars in the summary, which mdbook-katex does not read.
pub fn summary(text: &str) -> Vec<Problem> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| line.contains('$'))
        .map(|(index, _)| Problem {
            path: "book/SUMMARY.md".into(),
            line: index + 1,
            message: "a $ in the summary".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

    use super::*;
    use crate::support::{assert_none, lines};
    use crate::{documents, example, pages, root};

    #[track_caller]
    fn assert_passes(source: &str) {
        assert_none(&balanced(&example("book/page.md", source)));
    }

    #[track_caller]
    fn assert_fails(source: &str, problems: &[&str]) {
        assert_eq!(lines(&balanced(&example("book/page.md", source))), problems);
    }

    #[test]
    fn paired_dollars_pass() {
        assert_passes("$a$ and\n\n$$\nb \\$ c\n$$\n\n\\$5, `$`, ``a ` $``\n");
        assert_passes("```console\n$ ls `pwd`\n```\n$a$\n");
        assert_passes("| $a$ | b |\n|---|---|\n| `c` | $d$ |\n");
    }

    #[test]
    fn unpaired_dollars_and_backticks_fail() {
        assert_fails(
            "a\n\n$a$ $b\n",
            &["book/page.md:3: a $ that is never closed"],
        );
        assert_fails("$$ a $\n", &["book/page.md:1: a $$ that is never closed"]);
        assert_fails(
            "a ` b $c$\n",
            &["book/page.md:1: backticks that are never closed"],
        );
        let across = "book/page.md:1: a formula with an empty line in it";
        assert_fails("It costs $5.\n\nOr 6$.\n", &[across]);
        assert_fails("a $$$$ b\n", &["book/page.md:1: an empty formula"]);
    }

    #[test]
    fn dollars_that_markdown_and_katex_read_differently_fail() {
        let into = "book/page.md:2: a formula reaches into code";
        assert_fails("~~~text\n$a$\n~~~\n", &[into]);
        assert_fails(
            "a ` b\n\n$c$\n\nd ` e\n",
            &["book/page.md:3: a $ between backticks that mark no code"; 2],
        );
    }

    #[test]
    fn money_is_no_formula() {
        let check = |source: &str| lines(&money(&example("book/page.md", source)));
        for source in [
            "$5$ and ($x$th, $y$'s) `$5 and $6`\n\n$$ a $$",
            "\\$5 and \\$6, US\\$5",
        ] {
            assert_eq!(check(source), [""; 0]);
        }
        for (source, formula) in [
            ("$5 and $6", "$5 and $"),
            ("costs $5, not $6", "$5, not $"),
            ("$5/$6", "$5/$"),
            ("($5) or ($6)", "$5) or ($"),
            ("US$5 and US$ 6", "$5 and US$"),
            ("a $ x$ b", "$ x$"),
            ("a $5\nand $", "$5\\nand $"),
        ] {
            let problem = format!("book/page.md:2: \"{formula}\" is a formula; money is \\$5");
            assert_eq!(check(&format!("a\n{source}\n")), [problem]);
        }
    }

    #[test]
    fn an_included_dollar_counts() {
        let page = Page::new("book/page.md", "a\n{{#include a.md}}\n", |_| {
            Some("b\n$c\n".to_owned())
        });
        let problem = "book/page.md:2: a $ that is never closed";
        assert_eq!(lines(&balanced(&page)), [problem]);
    }

    #[test]
    fn headings_and_summary_hold_no_mathematics() {
        let page = example("book/page.md", "# A $b$\n\n$c$\n\nD $e$\n---\n\n## F\n");
        let problem = |line| format!("book/page.md:{line}: a $ in a heading");
        assert_eq!(lines(&headings(&page)), [problem(1), problem(5)]);
        assert_eq!(
            lines(&summary("# Summary\n\n- [The $a$](a.md)\n")),
            ["book/SUMMARY.md:3: a $ in the summary"]
        );
    }

    #[test]
    fn the_mathematics_of_the_book_is_paired() -> io::Result<()> {
        let pages = pages()?;
        let formulas = |page: &Page| katex::scan(&page.expanded.text).formulas.len();
        let count: usize = pages.iter().map(formulas).sum();
        assert!(count > 0, "the book has no formula");
        let mut problems: Vec<Problem> = pages.iter().flat_map(balanced).collect();
        problems.extend(pages.iter().flat_map(headings));
        problems.extend(pages.iter().chain(&documents()?).flat_map(money));
        problems.extend(summary(&fs::read_to_string(
            root().join("book/SUMMARY.md"),
        )?));
        assert_none(&problems);
        Ok(())
    }
}
