//! Rule 2: every displayed equation is numbered, and executed as displayed or held by a proof.

use std::collections::BTreeSet;
use std::ops::Range;

use mdbook_cells::Problem;

use crate::code;
use crate::markdown;
use crate::support::katex;
use crate::support::page::Page;
use crate::support::summary::Entry;

/// A displayed equation.
struct Equation {
    tags: Vec<String>,
    /// Its TeX without the tag, on one line.
    tex: String,
    line: usize,
}

/// The equations of a page, with what they include.
fn equations(page: &Page) -> Vec<Equation> {
    displays(&page.expanded.text)
        .map(|(start, tex)| Equation {
            tags: arguments(tex, "\\tag{"),
            tex: on_one_line(tex),
            line: page.expanded.line(start),
        })
        .collect()
}

/// The displayed formulas of a text, each with the offset at which it begins.
fn displays(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let formulas = katex::scan(text).formulas.into_iter();
    let displays = formulas.filter(|formula| formula.display);
    displays.map(|formula| (formula.range.start, &text[formula.tex]))
}

fn on_one_line(tex: &str) -> String {
    let (before, after) = tex.split_once("\\tag{").unwrap_or((tex, "}"));
    let after = after.split_once('}').map_or("", |(_, after)| after);
    let words: Vec<&str> = before
        .split_whitespace()
        .chain(after.split_whitespace())
        .collect();
    words.join(" ")
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

/// At most one display in so many is held by a proof.
const DISPLAYS_A_PROOF: usize = 10;

/// What a run has said of the equations of a page: the file that [`given::equations`] writes.
fn said(written: &str) -> impl Iterator<Item = (&str, bool)> {
    let lines = written.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(tag, how)| (tag, how.starts_with("proof: ")))
}

/// The reference `(3.4)` at the beginning of `text`, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (tag, rest) = text.strip_prefix('(')?.split_once(')')?;
    let (chapter, number) = tag.split_once('.')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (is_number(chapter) && is_number(number)).then_some((tag, rest))
}

/// Checks that a run has executed every equation of a page, and that each that it could not is
/// held by a proof: a cell, fenced as `rust,proof`, that quotes the TeX of the equation behind its
/// number, so that an equation that is changed asks for its proof to be read again.
pub fn executed(page: &Page, written: &str) -> Vec<Problem> {
    let equations = equations(page);
    let tags: Vec<&str> = equations
        .iter()
        .flat_map(|one| &one.tags)
        .map(String::as_str)
        .collect();
    let run: Vec<&str> = said(written).map(|(tag, _)| tag).collect();
    let mut problems = Vec::new();
    if run != tags {
        let message = format!("its equations are {tags:?}, and those of the last run {run:?}");
        problems.push(page.problem(0, message));
    }
    let proofs = quoted(page);
    for (tag, _) in said(written).filter(|(_, is_proof)| *is_proof) {
        let equation = equations
            .iter()
            .find(|one| one.tags.iter().any(|mine| mine == tag));
        let Some(equation) = equation else { continue };
        let quote = format!("({tag}) {}", equation.tex);
        if !proofs.contains(&quote) {
            let message = format!("no proof of the page quotes the equation: // {quote}");
            problems.push(page.problem(equation.line, message));
        }
    }
    for proof in &proofs {
        let tag = reference(proof).map_or("", |(tag, _)| tag);
        if !said(written).any(|(one, is_proof)| is_proof && one == tag) {
            problems.push(page.problem(0, format!("a proof of ({tag}), which the run executes")));
        }
    }
    problems
}

/// The comments of the proofs of a page that begin with a number.
fn quoted(page: &Page) -> BTreeSet<String> {
    let blocks = markdown::blocks(&page.source.text).into_iter();
    let proofs = blocks.filter(|block| block.runs() && block.has("proof"));
    let comments = proofs.flat_map(|proof| {
        let lines = proof.code.lines().map(code::unhidden);
        let comments = lines.filter_map(|line| line.trim().strip_prefix("//"));
        comments
            .map(|one| one.trim().to_owned())
            .collect::<Vec<_>>()
    });
    comments
        .filter(|comment| reference(comment).is_some())
        .collect()
}

/// Checks that few equations are held by a proof.
pub fn few_proofs(written: &[String]) -> Vec<String> {
    let all = written.iter().flat_map(|one| said(one));
    let (all, proofs) = all.fold((0, 0), |(all, proofs), (_, is_proof)| {
        (all + 1, proofs + usize::from(is_proof))
    });
    match proofs * DISPLAYS_A_PROOF <= all {
        true => Vec::new(),
        false => vec![format!(
            "{proofs} of {all} equations are held by a proof, expected one in ten"
        )],
    }
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

    const PROVED: &str = "$$\na = b_{1} \\\\\n  = c\n\\tag{1.1}\n$$\n";

    fn proved(comment: &str, written: &str) -> Vec<String> {
        let source = format!("{PROVED}\n```rust,proof\n# {comment}\nassert!(true);\n```\n");
        lines(&executed(&example("book/page.md", &source), written))
    }

    #[test]
    fn an_equation_is_executed() {
        let page = example(
            "book/page.md",
            "$$ a = b \\tag{1.1} $$\n\n$$ c = d \\tag{1.2} $$\n",
        );
        let run = "1.1: executed: 2 members\n1.2: executed: 2 members\n";
        assert_none(&executed(&page, run));
        assert_eq!(
            lines(&executed(&page, "1.1: executed: 2 members\n")),
            [
                "book/page.md: its equations are [\"1.1\", \"1.2\"], and those of the last run [\"1.1\"]"
            ]
        );
    }

    #[test]
    fn a_proof_quotes_its_equation() {
        let quote = r"// (1.1) a = b_{1} \\ = c";
        assert_eq!(proved(quote, "1.1: proof: no index\n"), [""; 0]);
        let changed = proved(r"// (1.1) a = b_{2} \\ = c", "1.1: proof: no index\n");
        assert_eq!(
            changed,
            [
                r"book/page.md:1: no proof of the page quotes the equation: // (1.1) a = b_{1} \\ = c"
            ]
        );
        assert_eq!(
            proved(quote, "1.1: executed: 3 members\n"),
            ["book/page.md: a proof of (1.1), which the run executes"]
        );
    }

    #[test]
    fn few_equations_are_held_by_a_proof() {
        let run = |proofs: usize| {
            let how = |n: usize| {
                if n < proofs {
                    "proof: p"
                } else {
                    "executed: e"
                }
            };
            (0..10)
                .map(|n| format!("1.{n}: {}\n", how(n)))
                .collect::<String>()
        };
        assert_eq!(few_proofs(&[run(1)]), [""; 0]);
        assert_eq!(
            few_proofs(&[run(2)]),
            ["2 of 10 equations are held by a proof, expected one in ten"]
        );
    }

    #[test]
    fn an_included_equation_counts_where_it_is_included() {
        let source = "Text\n\n$$\n{{#include out/a.tex}}\n$$\n";
        let page = Page::new("book/page.md", source, |path| {
            (path == "book/out/a.tex").then(|| "a\n= b\n\\tag{1.1}\n".to_owned())
        });
        assert_eq!(
            lines(&executed(&page, "")),
            ["book/page.md: its equations are [\"1.1\"], and those of the last run []"]
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
        let mut problems = Vec::new();
        let mut all = Vec::new();
        for page in &pages()? {
            let written = equations_of(&page.name)?;
            problems.extend(executed(page, &written));
            all.push(written);
        }
        assert_none(&problems);
        assert_eq!(few_proofs(&all), [""; 0]);
        Ok(())
    }

    /// What the last run said of a page; nothing, where it has no equation.
    fn equations_of(page: &str) -> std::io::Result<String> {
        let page = page
            .trim_start_matches("book/")
            .trim_end_matches(".md")
            .replace('-', "_");
        let file = root().join("book/out").join(page).join("equations.txt");
        match std::fs::read_to_string(file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            text => text,
        }
    }
}
