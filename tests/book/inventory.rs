//! Rule 3: pages, summary, cells and what the cells wrote fit together.

use mdbook_cells::Problem;

use crate::support::page::Page;
use crate::support::summary::Entry;

fn problem(file: &str, line: usize, message: String) -> Problem {
    Problem {
        path: file.into(),
        line,
        message,
    }
}

/// Checks that the summary lists each page once, and nothing else.
pub fn listed(pages: &[Page], summary: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in summary {
        if !pages.iter().any(|page| page.name == entry.page) {
            let message = match entry.page.as_str() {
                "" => "a chapter without a page".to_owned(),
                page => format!("{page} is not a page"),
            };
            problems.push(problem("book/SUMMARY.md", entry.line, message));
        }
    }
    for page in pages {
        let count = summary.iter().filter(|one| one.page == page.name).count();
        if count != 1 {
            let message = format!("SUMMARY.md lists this page {count} times, expected once");
            problems.push(page.problem(0, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::*;
    use crate::support::{assert_none, lines, summary};
    use crate::{example, pages, root};

    fn two_pages() -> [Page; 2] {
        [example("book/a.md", ""), example("book/b/c.md", "")]
    }

    #[test]
    fn the_summary_lists_each_page_once() {
        let of = |text: &str| lines(&listed(&two_pages(), &summary::parse(text)));
        assert_eq!(of("- [A](a.md)\n  - [C](b/c.md)\n"), [""; 0]);
        assert_eq!(
            of("- [A](a.md)\n- [A](a.md)\n- [D](d.md)\n- [E]()\n"),
            [
                "book/SUMMARY.md:3: book/d.md is not a page",
                "book/SUMMARY.md:4: a chapter without a page",
                "book/a.md: SUMMARY.md lists this page 2 times, expected once",
                "book/b/c.md: SUMMARY.md lists this page 0 times, expected once",
            ]
        );
    }

    #[test]
    fn the_summary_of_the_book_is_complete() -> io::Result<()> {
        assert_none(&listed(&pages()?, &crate::summary()?));
        Ok(())
    }

    #[test]
    fn the_cells_of_the_book_own_what_it_includes() -> io::Result<()> {
        let cells = |page: &Page| page.source.text.contains("cell!(\"");
        assert!(pages()?.iter().any(cells), "the book has no cell");
        let mut problems = mdbook_cells::audit(&root().join("book"))?;
        // Written by the run of a page's equations, and read by the preprocessor that marks them;
        // the rule of equations holds them to the page.
        problems.retain(|problem| !problem.path.ends_with("equations.txt"));
        for problem in &mut problems {
            problem.path = Path::new("book").join(&problem.path);
        }
        assert_none(&problems);
        Ok(())
    }
}
