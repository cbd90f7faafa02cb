//! Marks the equations that a run has executed, and those that a proof holds.
//!
//! The crate `formula` writes a line for each, in `out/derivation/softmax/equations.txt` for the
//! page `derivation/softmax.md`:
//!
//! ```text
//! 3.9: executed: 5 members, 3 classes, at the example and 100 random points
//! 8.4: proof: rounding errors are measured, not derived
//! ```

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::edits::Edit;
use crate::formulas::{Display, END};
use crate::html::escaped;
use crate::numbers::is_number;

/// The lines of a page, by the number of the equation.
#[derive(Default, Debug)]
pub struct Marks(BTreeMap<String, Mark>);

/// Why an equation is to be believed.
#[derive(Debug, PartialEq)]
enum Mark {
    Executed(String),
    Proof(String),
}

impl Marks {
    /// Reads the marks of a page below `out`. A page without the file has none; that it must have
    /// one is for the tests of the book to say.
    pub fn read(out: &Path, page: &Path) -> io::Result<Self> {
        let file = file(out, page);
        let in_file = |error: String| io::Error::other(format!("{}:{error}", file.display()));
        match fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text).map_err(in_file),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(in_file(format!(" {error}"))),
        }
    }

    /// Reads the lines. One that says something else is refused, with its number.
    fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().enumerate();
        let marks = lines.map(|(index, line)| {
            mark(line).ok_or_else(|| {
                let number = index + 1;
                format!("{number}: expected 3.9: executed: … or 3.9: proof: …, found {line:?}")
            })
        });
        Ok(Self(marks.collect::<Result<_, _>>()?))
    }
}

/// The file of a page. Its folder is named as those of the cells are, without a dash.
fn file(out: &Path, page: &Path) -> PathBuf {
    let folder = page.with_extension("");
    let folder = folder.to_string_lossy().replace('-', "_");
    out.join(folder).join("equations.txt")
}

/// The number of an equation and its mark.
fn mark(line: &str) -> Option<(String, Mark)> {
    let (number, rest) = line.split_once(": ")?;
    let (kind, words) = rest.split_once(": ")?;
    let words = words.trim();
    if !is_number(number) || words.is_empty() {
        return None;
    }
    let mark = match kind {
        "executed" => Mark::Executed(words.to_owned()),
        "proof" => Mark::Proof(words.to_owned()),
        _ => return None,
    };
    Some((number.to_owned(), mark))
}

impl Mark {
    /// A link to itself: a reader without a mouse reaches it, a finger that touches it gives it the
    /// focus, and its address can be copied. The words are its name, and the style sheet shows
    /// them, so that they are neither read twice nor found by the search.
    fn html(&self, number: &str) -> String {
        let (class, held, words) = match self {
            Self::Executed(words) => ("mark", "executed", words),
            Self::Proof(words) => ("mark by-proof", "held by a proof", words),
        };
        let id = format!("how-{number}");
        let label = escaped(&format!("Equation {number}, {held}: {words}"));
        format!(r##"<a class="{class}" id="{id}" href="#{id}" aria-label="{label}"></a>"##)
    }
}

/// Puts the mark of each displayed equation into it, so that it scrolls with the number, and a
/// frame around it, from which the words hang: what hangs from the display itself is cut off.
pub fn marked(displays: &[Display], marks: &Marks) -> Vec<Edit> {
    let mut edits = Vec::new();
    for display in displays {
        let Some((number, mark)) = marks.0.get_key_value(display.number) else {
            continue;
        };
        let (start, end) = (display.range.start, display.range.end);
        edits.push(Edit::insert(start, "<span class=\"marked\">"));
        edits.push(Edit::insert(end - END.len(), mark.html(number)));
        edits.push(Edit::insert(end, END));
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;
    use crate::formulas::displays;
    use crate::markdown::Markdown;

    const LINES: &str = "3.9: executed: 5 members, \"3\" classes\n8.4: proof: a < b & c\n";

    fn with_marks(text: &str) -> String {
        let marks = Marks::parse(LINES).unwrap();
        edits::apply(text, marked(&displays(&Markdown::read(text)), &marks))
    }

    fn display(number: &str, mark: &str) -> String {
        format!(
            "<span class=\"katex-display\"><span class=\"katex\"><math>\
             <annotation encoding=\"application/x-tex\">\na &= b_i\n\\tag{{{number}}}\n\
             </annotation></math><span><span></span></span></span>{mark}</span>"
        )
    }

    #[test]
    fn an_executed_equation_is_marked() {
        let mark = "<a class=\"mark\" id=\"how-3.9\" href=\"#how-3.9\" \
                    aria-label=\"Equation 3.9, executed: 5 members, &quot;3&quot; classes\"></a>";
        let marked = display("3.9", mark);
        assert_eq!(
            with_marks(&format!("a\n\n{}\n\nb\n", display("3.9", ""))),
            format!("a\n\n<span class=\"marked\">{marked}</span>\n\nb\n")
        );
    }

    #[test]
    fn a_proof_has_another_mark() {
        let marked = with_marks(&display("8.4", ""));
        let mark = "<a class=\"mark by-proof\" id=\"how-8.4\" href=\"#how-8.4\" \
                    aria-label=\"Equation 8.4, held by a proof: a &lt; b &amp; c\"></a></span></span>";
        assert!(marked.ends_with(mark), "{marked}");
    }

    #[test]
    fn an_equation_without_a_line_has_no_mark() {
        let other = display("3.10", "");
        assert_eq!(with_marks(&other), other);
    }

    #[test]
    fn two_equations_have_their_own_marks() {
        let both = with_marks(&(display("3.9", "") + &display("8.4", "")));
        let first = with_marks(&display("3.9", ""));
        assert_eq!(both, first + &with_marks(&display("8.4", "")));
    }

    #[test]
    fn a_line_that_says_something_else_is_refused() {
        let error = |line: &str| Marks::parse(&format!("1.1: proof: a\n{line}\n")).unwrap_err();
        for line in [
            "",
            "3.9",
            "3.9: executed",
            "3.9: executed: ",
            "3: proof: a",
            "3.9: hoped: a",
        ] {
            assert!(
                error(line).starts_with("2: expected 3.9: executed: …"),
                "{line}"
            );
        }
        assert!(Marks::parse("").unwrap().0.is_empty());
    }

    #[test]
    fn a_page_has_a_file_of_its_own() {
        let file = |page: &str| file(Path::new("book/out"), Path::new(page));
        let own = "book/out/derivation/chain_rule/equations.txt";
        assert_eq!(file("derivation/chain-rule.md"), Path::new(own));
        let marks = Marks::read(Path::new("no/such/folder"), Path::new("a.md")).unwrap();
        assert!(marks.0.is_empty());
    }
}
