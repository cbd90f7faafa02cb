//! Rule 3: pages, summary, doctests, cells and what the cells wrote fit together.

use notebook::Problem;

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

/// Checks that `src/lib.rs` attaches each page once, and the README, and no page that is not.
pub fn attached(pages: &[Page], library: &str) -> Vec<Problem> {
    let attached = attached_files(library);
    let mut problems = Vec::new();
    for (line, file) in &attached {
        if *file != "README.md" && !pages.iter().any(|page| page.name == *file) {
            let message = format!("attaches {file}, which is not a page");
            problems.push(problem("src/lib.rs", *line, message));
        }
    }
    let names = pages.iter().map(|page| page.name.as_str());
    for name in names.chain(["README.md"]) {
        let count = attached.iter().filter(|(_, file)| *file == name).count();
        if count != 1 {
            let message = format!("src/lib.rs attaches this page {count} times, expected once");
            problems.push(problem(name, 0, message));
        }
    }
    problems
}

/// The Markdown files that the library names, `"../….md"`, outside of comments.
fn attached_files(library: &str) -> Vec<(usize, &str)> {
    let mut files = Vec::new();
    for (index, line) in library.lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for piece in line.split("\"../").skip(1) {
            if let Some((file, _)) = piece.split_once('"')
                && file.ends_with(".md")
            {
                files.push((index + 1, file));
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{fs, io};

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
    fn the_library_attaches_each_page_once() {
        let of = |text: &str| lines(&attached(&two_pages(), text));
        let readme = "#[doc = include_str!(\"../README.md\")]\n";
        let a = "page!(a, \"../book/a.md\");\n";
        let c = "page!(c, \"../book/b/c.md\");\n";
        assert_eq!(of(&format!("{readme}{a}{c}")), [""; 0]);
        assert_eq!(
            of(&format!("{a}{a}// {c}page!(d, \"../book/d.md\");\n")),
            [
                "src/lib.rs:4: attaches book/d.md, which is not a page",
                "book/a.md: src/lib.rs attaches this page 2 times, expected once",
                "book/b/c.md: src/lib.rs attaches this page 0 times, expected once",
                "README.md: src/lib.rs attaches this page 0 times, expected once",
            ]
        );
    }

    #[test]
    fn the_summary_of_the_book_is_complete() -> io::Result<()> {
        assert_none(&listed(&pages()?, &crate::summary()?));
        Ok(())
    }

    #[test]
    fn the_pages_of_the_book_are_doctests() -> io::Result<()> {
        let library = fs::read_to_string(root().join("src/lib.rs"))?;
        assert_none(&attached(&pages()?, &library));
        Ok(())
    }

    #[test]
    fn the_cells_of_the_book_own_what_it_includes() -> io::Result<()> {
        let cells = |page: &Page| page.source.text.contains("cell!(\"");
        assert!(pages()?.iter().any(cells), "the book has no cell");
        let mut problems = notebook::audit(&root().join("book"))?;
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
