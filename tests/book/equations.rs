//! Rule 2: every displayed equation is numbered, and executed by a cell beside it.

use std::collections::BTreeSet;
use std::ops::Range;

use notebook::Problem;

use crate::chains;
use crate::markdown;
use crate::support::katex;
use crate::support::page::Page;
use crate::support::summary::Entry;

/// A displayed equation.
struct Equation {
    tags: Vec<String>,
    /// How many equalities its claim must evaluate.
    owed: usize,
    line: usize,
}

/// The equations of a page, with what they include.
fn equations(page: &Page) -> Vec<Equation> {
    let written: Vec<bool> = displays(&page.source.text)
        .map(|(_, tex)| is_written_by_a_cell(tex))
        .collect();
    displays(&page.expanded.text)
        .enumerate()
        .map(|(number, (start, tex))| {
            let written = written.get(number).copied().unwrap_or(false);
            Equation {
                tags: arguments(tex, "\\tag{"),
                owed: if written {
                    owed_by_numbers(tex)
                } else {
                    equalities(tex)
                },
                line: page.expanded.line(start),
            }
        })
        .collect()
}

/// The displayed formulas of a text, each with the offset at which it begins.
fn displays(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let formulas = katex::scan(text).formulas.into_iter();
    let displays = formulas.filter(|formula| formula.display);
    displays.map(|formula| (formula.range.start, &text[formula.tex]))
}

/// Whether a display, as it stands in the page, is an include and a tag and nothing else.
fn is_written_by_a_cell(tex: &str) -> bool {
    let mut lines = tex.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| line.starts_with("\\tag{") || line.starts_with("{{#include "))
        && tex.contains("{{#include ")
}

/// How many equalities must be evaluated for numbers that a cell has put into a formula.
///
/// The left side is the name of what the rest has in common, so a row of `n` equalities has `n`
/// members to compare, with `n − 1` links. Rows of one form are evaluated by one loop: the longest
/// counts. A row that begins with `=` goes on with the row before it.
fn owed_by_numbers(tex: &str) -> usize {
    let mut longest = 0;
    let mut current = 0;
    for row in without_matrices(tex).split("\\\\") {
        let begins = row.trim_start().trim_start_matches('&').starts_with('=');
        current = equalities(row) + if begins { current } else { 0 };
        longest = longest.max(current);
    }
    longest.saturating_sub(1)
}

/// Leaves out the matrices, whose rows are no rows of the formula.
fn without_matrices(tex: &str) -> String {
    let mut pieces = tex.split("\\begin{bmatrix}");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        rest.push_str(
            piece
                .split_once("\\end{bmatrix}")
                .map_or("", |(_, after)| after),
        );
    }
    rest
}

/// The tags of all equations of the book.
pub fn tags(pages: &[Page]) -> BTreeSet<String> {
    let equations = pages.iter().flat_map(equations);
    equations.flat_map(|equation| equation.tags).collect()
}

/// What stands between `open` and the next `}`, each time.
fn arguments(tex: &str, open: &str) -> Vec<String> {
    let pieces = tex.split(open).skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}'))
        .map(|(argument, _)| argument.trim().to_owned())
        .collect()
}

/// The number of `=` outside of braces: `\sum_{i=1}` states no equality.
fn equalities(tex: &str) -> usize {
    let mut depth = 0_usize;
    let mut count = 0;
    let mut chars = tex.chars();
    while let Some(c) = chars.next() {
        match c {
            // `\{` is a brace to be seen, not one that groups.
            '\\' => {
                chars.next();
            }
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '=' if depth == 0 => count += 1,
            _ => {}
        }
    }
    count
}

/// Checks that each equation carries one tag `chapter.number`, and that the numbers of a chapter
/// count from 1 through its pages.
pub fn numbering(pages: &[Page], summary: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut current = None;
    let mut next = 1;
    for entry in summary {
        let Some(page) = pages.iter().find(|page| page.name == entry.page) else {
            continue;
        };
        if entry.chapter != current {
            current = entry.chapter;
            next = 1;
        }
        for equation in equations(page) {
            let mut complain =
                |message: String| problems.push(page.problem(equation.line, message));
            let Some(chapter) = entry.chapter else {
                complain("an equation stands on a page without a chapter number".to_owned());
                continue;
            };
            let expected = format!("{chapter}.{next}");
            match equation.tags.as_slice() {
                [tag] if *tag == expected => {}
                [tag] => complain(format!("the tag is ({tag}), expected ({expected})")),
                [] => complain(format!("the equation has no \\tag{{{expected}}}")),
                tags => complain(format!(
                    "the equation has {} tags, expected one, ({expected})",
                    tags.len()
                )),
            }
            next += 1;
        }
    }
    problems
}

/// A comment that claims equations, and what the code after it evaluates.
struct Claim {
    tags: Vec<String>,
    line: usize,
    links: usize,
    looks: bool,
}

/// The claims of the cells of a page. A block that does not run to its end claims nothing.
fn page_claims(page: &Page) -> Vec<Claim> {
    let text = &page.source.text;
    let blocks = markdown::blocks(text).into_iter();
    blocks
        .filter(|block| block.runs())
        .flat_map(|block| {
            let first = page.source.line(block.range.start) + 1;
            block_claims(&block.code, first)
        })
        .collect()
}

/// The claims of a cell whose first line is `first`. Each reaches to the next.
fn block_claims(code: &str, first: usize) -> Vec<Claim> {
    let bare = chains::bare(code);
    let bare: Vec<&str> = bare.lines().collect();
    let mut starts: Vec<(usize, Vec<String>)> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let tags = claimed(line);
        if !tags.is_empty() {
            starts.push((index, tags));
        }
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(start, _)| *start).collect();
    starts
        .into_iter()
        .enumerate()
        .map(|(number, (start, tags))| {
            let end = ends.get(number).copied().unwrap_or(bare.len());
            let region = bare.get(start..end).unwrap_or_default().join("\n");
            Claim {
                tags,
                line: first + start,
                links: chains::links(&region),
                looks: chains::looks(&region),
            }
        })
        .collect()
}

/// The tags that a line of code claims: those at the beginning of its comment.
fn claimed(line: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let line = chains::unhidden(line).trim();
    let Some(mut rest) = line.strip_prefix("//") else {
        return tags;
    };
    while let Some((tag, after)) = reference(rest.trim_start()) {
        tags.push(tag.to_owned());
        rest = after.trim_start_matches(',').trim_start();
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    tags
}

/// The reference `(3.4)` at the beginning of `text`, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (tag, rest) = text.strip_prefix('(')?.split_once(')')?;
    let (chapter, number) = tag.split_once('.')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (is_number(chapter) && is_number(number)).then_some((tag, rest))
}

/// Checks that every equation of a page is claimed by a cell of the page that evaluates each of
/// its equalities, and that nothing else is claimed.
pub fn claims(page: &Page) -> Vec<Problem> {
    let equations = equations(page);
    let claims = page_claims(page);
    let of = |tag: &String| equations.iter().find(|one| one.tags.contains(tag));
    let mut problems = Vec::new();
    for claim in &claims {
        for tag in claim.tags.iter().filter(|tag| of(tag).is_none()) {
            let message = format!("the cell claims ({tag}), which is no equation of this page");
            problems.push(page.problem(claim.line, message));
        }
    }
    for equation in &equations {
        for tag in &equation.tags {
            let mine = claims.iter().filter(|claim| claim.tags.contains(tag));
            // A claim owes the equalities of all that it names.
            let debts: Vec<(usize, &Claim)> = mine
                .map(|claim| {
                    let owed = claim.tags.iter().filter_map(of);
                    (owed.map(|one| one.owed).sum(), claim)
                })
                .collect();
            let paid = |(owed, claim): &(usize, &Claim)| claim.looks && claim.links >= *owed;
            if debts.iter().any(paid) {
                continue;
            }
            let best = debts.iter().max_by_key(|(_, claim)| claim.links);
            let message = match best {
                None => format!("no cell of this page claims ({tag})"),
                Some((0, claim)) => format!(
                    "the cell that claims ({tag}) on line {} evaluates nothing: \
                     no chain!, check!, assert or println!",
                    claim.line
                ),
                Some((owed, claim)) => format!(
                    "the equalities of ({}) number {owed}, \
                     but the best claim, on line {}, evaluates {}",
                    claim.tags.join("), ("),
                    claim.line,
                    claim.links
                ),
            };
            problems.push(page.problem(equation.line, message));
        }
    }
    problems
}

/// Checks that every `(3.4)` in prose is the tag of an equation.
pub fn references(page: &Page, tags: &BTreeSet<String>) -> Vec<Problem> {
    let text = &page.source.text;
    let prose = markdown::mask(text, not_prose(text));
    let mut problems = Vec::new();
    for (at, _) in prose.match_indices('(') {
        if let Some((tag, _)) = reference(&prose[at..])
            && !tags.contains(tag)
        {
            let line = page.source.line(at);
            problems.push(page.problem(line, format!("({tag}) is no equation of the book")));
        }
    }
    problems
}

/// The documentation of a source file as a page: its other lines are empty.
fn documentation(name: &str, code: &str) -> Page {
    let prose = |line: &str| -> String {
        let line = line.trim_start();
        let text = line.strip_prefix("///").or(line.strip_prefix("//!"));
        text.unwrap_or_default().to_owned()
    };
    let lines: Vec<String> = code.lines().map(prose).collect();
    crate::example(name, &lines.join("\n"))
}

/// Code, mathematics, HTML and the destinations of links.
fn not_prose(text: &str) -> Vec<Range<usize>> {
    let mut ranges = markdown::code(text);
    ranges.extend(katex::scan(text).formulas.into_iter().map(|one| one.range));
    ranges.extend(markdown::html(text));
    ranges.extend(
        markdown::links(text)
            .into_iter()
            .map(|link| link.destination),
    );
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::page::files;
    use crate::support::{assert_none, lines, summary};
    use crate::{example, pages, root};

    const EQUATION: &str =
        "$$\n\\begin{aligned} a &= \\sum_{i=1}^2 b_i \\\\ &= c \\end{aligned}\n\\tag{1.1}\n$$\n";

    fn with_cell(code: &str) -> Page {
        example(
            "book/page.md",
            &format!("{EQUATION}\n```rust\n{code}\n```\n"),
        )
    }

    #[track_caller]
    fn assert_claim_passes(code: &str) {
        assert_none(&claims(&with_cell(code)));
    }

    #[track_caller]
    fn assert_claim_fails(code: &str, problem: &str) {
        assert_eq!(lines(&claims(&with_cell(code))), [problem]);
    }

    #[test]
    fn equalities_are_counted_outside_of_braces() {
        assert_eq!(equalities(r"a = b"), 1);
        assert_eq!(
            equalities(r"\begin{aligned} a &= b \\ &= c \end{aligned} \tag{1.1}"),
            2
        );
        assert_eq!(
            equalities(r"\sum_{i=1}^{n} x_i \neq y \le z \text{ if } a"),
            0
        );
        assert_eq!(equalities(r"\left\{ a = b \right\} = \{ c \}"), 2);
        assert_eq!(equalities(r"\text{where } a \tag{a = b}"), 0);
        assert_eq!(equalities(r"\mathbb{1}[i = j]"), 1);
    }

    #[test]
    fn numbers_that_a_cell_wrote_owe_the_links_between_them() {
        let rows = r"\begin{aligned} a_1 &= 1 + 1 = 2 \\ a_2 &= 1 + 2 = 3 \end{aligned}";
        assert_eq!(owed_by_numbers(rows), 1);
        let broken = r"\begin{aligned} a &= 1 + 1 + 1 \\ &= 2 + 1 = 3 \end{aligned} \tag{1.1}";
        assert_eq!(owed_by_numbers(broken), 2);
        let matrices = r"v = \begin{bmatrix} 1 \\ 2 \end{bmatrix} - \begin{bmatrix} 0 \\ 1
            \end{bmatrix} = \begin{bmatrix} 1 \\ 1 \end{bmatrix}";
        assert_eq!(owed_by_numbers(matrices), 1);
        assert_eq!(owed_by_numbers("v = 1"), 0);
    }

    #[test]
    fn a_display_is_written_by_a_cell_when_it_is_an_include() {
        assert!(is_written_by_a_cell(
            "\n{{#include out/a.tex}}\n\\tag{1.1}\n"
        ));
        assert!(!is_written_by_a_cell(
            "\na = {{#include out/a.tex}}\n\\tag{1.1}\n"
        ));
        assert!(!is_written_by_a_cell("\n\\tag{1.1}\n"));
    }

    #[test]
    fn a_claim_that_evaluates_each_equality_passes() {
        assert_claim_passes("// (1.1)\nchain!(a, b, c);");
        assert_claim_passes("# // (1.1), member by member\n# chain!(\"{i}\": a, b, c);");
        assert_claim_passes("// (1.1): at i = 2\nchain!(a, b);\nchain!(b, c);");
        assert_claim_passes("// (1.1)\nprintln!(\"x\");\n// (1.1)\nchain!(a, b, c);");
        assert_claim_passes("let f = 1;\n// (1.1)\n// with both terms (of two)\nchain!(a, b, c,);");
    }

    #[test]
    fn a_claim_that_evaluates_less_fails() {
        let short = |line: usize, links: usize| {
            format!(
                "book/page.md:1: the equalities of (1.1) number 2, \
                 but the best claim, on line {line}, evaluates {links}"
            )
        };
        assert_claim_fails("// (1.1)\nchain!(a, c);", &short(7, 1));
        assert_claim_fails("chain!(a, b, c);\n// (1.1)", &short(8, 0));
        assert_claim_fails("// (1.1)\nprintln!(\"{a} {b} {c}\");", &short(7, 0));
        assert_claim_fails("// (1.1)\n// chain!(a, b, c);\nchain!(a, b)", &short(7, 1));
        let other = "// (1.1)\nchain!(a, b);\n// (1.1)\nchain!(b, c);";
        assert_claim_fails(other, &short(9, 1));
    }

    #[test]
    fn an_equation_that_no_cell_claims_fails() {
        let unclaimed = "book/page.md:1: no cell of this page claims (1.1)";
        assert_claim_fails("chain!(a, b, c);", unclaimed);
        assert_claim_fails("// by (1.1)\nchain!(a, b, c);", unclaimed);
        let stopped = "```rust,no_run\n// (1.1)\nchain!(a, b, c);\n```\n";
        let page = example("book/page.md", &format!("{EQUATION}\n{stopped}"));
        assert_eq!(lines(&claims(&page)), [unclaimed]);
    }

    #[test]
    fn a_claim_of_no_equation_fails() {
        assert_claim_fails(
            "// (1.1), (1.2)\nchain!(a, b, c);",
            "book/page.md:7: the cell claims (1.2), which is no equation of this page",
        );
    }

    #[test]
    fn a_claim_of_two_equations_owes_both() {
        let two = "$$ a = b \\tag{1.1} $$\n$$ c = d \\tag{1.2} $$\n```rust\n// (1.1) and (1.2)\n";
        let page = |code: &str| example("book/page.md", &format!("{two}{code}\n```\n"));
        assert_none(&claims(&page("chain!(a, b); chain!(c, d);")));
        let problem = |line| {
            format!(
                "book/page.md:{line}: the equalities of (1.1), (1.2) number 2, \
                 but the best claim, on line 4, evaluates 1"
            )
        };
        assert_eq!(
            lines(&claims(&page("chain!(a, b);"))),
            [problem(1), problem(2)]
        );
    }

    #[test]
    fn an_equation_without_an_equality_is_looked_at() {
        let page = |code: &str| {
            let source = format!("$$ a > 0 \\tag{{1.1}} $$\n```rust\n// (1.1)\n{code}\n```\n");
            example("book/page.md", &source)
        };
        assert_none(&claims(&page("assert!(a > 0.0);")));
        assert_eq!(
            lines(&claims(&page("let a = 1;"))),
            [
                "book/page.md:1: the cell that claims (1.1) on line 3 evaluates nothing: \
              no chain!, check!, assert or println!"
            ]
        );
    }

    #[test]
    fn an_included_equation_counts_where_it_is_included() {
        let source = "Text\n\n$$\n{{#include out/a.tex}}\n$$\n";
        let page = Page::new("book/page.md", source, |path| {
            (path == "book/out/a.tex").then(|| "a\n= b\n\\tag{1.1}\n".to_owned())
        });
        assert_eq!(
            lines(&claims(&page)),
            ["book/page.md:3: no cell of this page claims (1.1)"]
        );
        assert_eq!(tags(&[page]), BTreeSet::from(["1.1".to_owned()]));
    }

    #[test]
    fn tags_count_through_the_pages_of_a_chapter() {
        let summary = summary::parse("- [A](a.md)\n  - [B](b.md)\n- [C](c.md)\n");
        let book = |a: &str, b: &str, c: &str| {
            let pages = [
                example("book/c.md", c),
                example("book/b.md", b),
                example("book/a.md", a),
            ];
            lines(&numbering(&pages, &summary))
        };
        let one = "$$ a \\tag{1.1} $$";
        let two = "$$ a \\tag{1.2} $$";
        assert_eq!(book(one, two, "$$ a \\tag{2.1} $$"), [""; 0]);
        assert_eq!(book("`$$`", one, ""), [""; 0]);
        assert_eq!(
            book(one, one, "\n$$ a $$"),
            [
                "book/b.md:1: the tag is (1.1), expected (1.2)",
                "book/c.md:2: the equation has no \\tag{2.1}"
            ]
        );
        assert_eq!(
            book(two, "$$ a \\tag{1.2} \\tag{1.3} $$", "$$ a \\tag*{2.1} $$"),
            [
                "book/a.md:1: the tag is (1.2), expected (1.1)",
                "book/b.md:1: the equation has 2 tags, expected one, (1.2)",
                "book/c.md:1: the equation has no \\tag{2.1}"
            ]
        );
    }

    #[test]
    fn an_equation_needs_a_chapter() {
        let pages = [example("book/a.md", "$$ a \\tag{1.1} $$")];
        assert_eq!(
            lines(&numbering(&pages, &summary::parse("[A](a.md)\n"))),
            ["book/a.md:1: an equation stands on a page without a chapter number"]
        );
    }

    #[test]
    fn a_reference_names_an_equation() {
        let tags = BTreeSet::from(["1.1".to_owned()]);
        let page = example(
            "book/a.md",
            "By (1.1), `f(1.2)` and $g(1.3)$\nand [this](a_(1.4).md) (x) (2)\nbut not (1.5).",
        );
        assert_eq!(
            lines(&references(&page, &tags)),
            ["book/a.md:3: (1.5) is no equation of the book"]
        );
    }

    #[test]
    fn the_equations_of_the_book_are_numbered_and_referred_to() -> std::io::Result<()> {
        let pages = pages()?;
        let tags = tags(&pages);
        assert!(!tags.is_empty(), "the book has no equation");
        let mut problems = numbering(&pages, &crate::summary()?);
        problems.extend(pages.iter().flat_map(|page| references(page, &tags)));
        assert_none(&problems);
        Ok(())
    }

    #[test]
    fn a_source_file_refers_to_equations_in_its_documentation() {
        let code = "/// As (1.1)\n/// and (1.2).\nfn f(x: f64) { g(2.5) } // (9.9)\n";
        let tags = ["1.1".to_owned()].into();
        assert_eq!(
            lines(&references(&documentation("src/a.rs", code), &tags)),
            ["src/a.rs:2: (1.2) is no equation of the book"]
        );
    }

    #[test]
    fn the_documentation_of_the_crate_refers_to_equations_of_the_book() -> std::io::Result<()> {
        let tags = tags(&pages()?);
        let mut seen = 0;
        let mut problems = Vec::new();
        for name in files(root(), "src")? {
            let page = documentation(&name, &std::fs::read_to_string(root().join(&name))?);
            seen += page.source.text.matches("In the book: ").count();
            problems.extend(references(&page, &tags));
        }
        assert!(seen > 0, "the crate does not refer to the book");
        assert_none(&problems);
        Ok(())
    }

    #[test]
    fn the_equations_of_the_book_are_executed() -> std::io::Result<()> {
        let pages = pages()?;
        assert!(
            pages.iter().any(|page| !page_claims(page).is_empty()),
            "no cell of the book claims an equation"
        );
        let problems: Vec<_> = pages.iter().flat_map(claims).collect();
        assert_none(&problems);
        Ok(())
    }
}
