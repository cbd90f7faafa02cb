//! The sentences that need no claim, in a file: the page, below it a reason, below it sentences.

use std::fmt::Write;

use mdbook_cells::Problem;

/// Where the exemptions are, from the root of the repository.
pub const FILE: &str = "tests/book/unclaimed.txt";

/// The reason of a sentence that nobody has looked at.
pub const OPEN: &str = "open: today's text, not yet claimed";

/// What stands above the exemptions.
const HEAD: &str = "\
# Sentences that assert something and need no claim, no equation's number and no link.
# A page, below it a reason, below it each sentence, whole and in one line. CONTRIBUTING.md says
# more, under “A claim”.
# UPDATE_EXPECT=1 cargo test --test book claims
# rewrites what is open; an entry with a reason of its own stays until somebody removes it.
";

/// A sentence that needs no claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemption {
    pub page: String,
    pub reason: String,
    pub sentence: String,
    /// The line in the file.
    pub line: usize,
}

/// A problem in the file.
pub fn problem(line: usize, message: impl Into<String>) -> Problem {
    Problem {
        path: FILE.into(),
        line,
        message: message.into(),
    }
}

/// Reads the file. How far a line is indented says what it is.
pub fn parse(text: &str) -> (Vec<Exemption>, Vec<Problem>) {
    let mut exemptions = Vec::new();
    let mut problems = Vec::new();
    let (mut page, mut reason) = ("", "");
    for (index, line) in text.lines().enumerate() {
        let content = line.trim();
        let depth = line.len() - line.trim_start().len();
        match depth {
            0 if content.is_empty() || content.starts_with('#') => {}
            0 => (page, reason) = (content, ""),
            2 if !page.is_empty() => reason = content,
            4 if !reason.is_empty() => exemptions.push(Exemption {
                page: page.to_owned(),
                reason: reason.to_owned(),
                sentence: content.to_owned(),
                line: index + 1,
            }),
            _ => problems.push(problem(
                index + 1,
                "expected a page, or indented by 2 a reason, or by 4 below it a sentence",
            )),
        }
    }
    (exemptions, problems)
}

/// Writes the file. Neighbours of one page and one reason share the lines that name these.
pub fn print(exemptions: &[Exemption]) -> String {
    let mut text = HEAD.to_owned();
    let (mut page, mut reason) = ("", "");
    for one in exemptions {
        if one.page != page {
            page = &one.page;
            reason = "";
            let _ = write!(text, "\n{page}\n");
        }
        if one.reason != reason {
            reason = &one.reason;
            let _ = writeln!(text, "  {reason}");
        }
        let _ = writeln!(text, "    {}", one.sentence);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{assert_none, lines};

    #[test]
    fn what_is_printed_is_read_again() {
        let entry = |page: &str, reason: &str, sentence: &str, line| Exemption {
            page: page.to_owned(),
            reason: reason.to_owned(),
            sentence: sentence.to_owned(),
            line,
        };
        let first = HEAD.lines().count() + 2;
        let written = [
            entry("book/a.md", "a title", "Two classes", first + 2),
            entry("book/a.md", OPEN, "It never rises.", first + 4),
            entry("book/a.md", OPEN, "# It: $a$ falls.", first + 5),
            entry("book/b.md", OPEN, "It falls.", first + 9),
        ];
        let text = print(&written);
        let (read, problems) = parse(&text);
        assert_none(&problems);
        assert_eq!(read, written, "{text}");
    }

    #[test]
    fn a_line_that_fits_nowhere_fails() {
        let expected = "expected a page, or indented by 2 a reason, or by 4 below it a sentence";
        let (read, problems) = parse("  a reason\nbook/a.md\n    A sentence.\n   Three spaces.\n");
        assert_eq!(read, []);
        let problem = |line| format!("{FILE}:{line}: {expected}");
        assert_eq!(lines(&problems), [problem(1), problem(3), problem(4)]);
    }
}
