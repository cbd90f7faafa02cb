//! Mathematics and code as mdbook-katex finds them.
//!
//! mdbook-katex does not read Markdown: it pairs dollars and backticks from the beginning of a
//! page to its end. What it takes for mathematics is mathematics, so the tests read it the same
//! way. This follows `scan.rs` of mdbook-katex 0.10.0.

use std::ops::Range;

/// What mdbook-katex finds in a page.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The formulas, in order.
    pub formulas: Vec<Formula>,
    /// What it skips as code, backticks included.
    pub code: Vec<Range<usize>>,
    /// Where a delimiter stands that is never closed. Nothing is found after it.
    pub unclosed: Option<usize>,
}

/// A formula.
#[derive(Debug, PartialEq, Eq)]
pub struct Formula {
    /// Whether it stands between `$$` and `$$`.
    pub display: bool,
    /// With its dollars.
    pub range: Range<usize>,
    /// Without them.
    pub tex: Range<usize>,
}

/// Finds the formulas of a page.
pub fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let mut scan = Scan::default();
    let mut index = 0;
    while index < bytes.len() {
        let start = index;
        let end = match bytes[start] {
            b'$' => formula(text, start).map(|formula| {
                let end = formula.range.end;
                scan.formulas.push(formula);
                end
            }),
            b'`' => code(text, start).inspect(|&end| scan.code.push(start..end)),
            b'\\' => Some(start + 2),
            _ => Some(start + 1),
        };
        let Some(end) = end else {
            scan.unclosed = Some(start);
            break;
        };
        index = end;
    }
    scan
}

/// The formula that begins at `start`; `None` where it does not end.
fn formula(text: &str, start: usize) -> Option<Formula> {
    let display = text[start..].starts_with("$$");
    let dollars = if display { "$$" } else { "$" };
    let begin = start + dollars.len();
    let mut index = begin;
    loop {
        let end = index + text[index..].find(dollars)?;
        let backslashes = text[begin..end].bytes().rev().take_while(|&b| b == b'\\');
        if backslashes.count() % 2 == 0 {
            return Some(Formula {
                display,
                range: start..end + dollars.len(),
                tex: begin..end,
            });
        }
        index = end + dollars.len();
    }
}

/// The end of the code that begins at `start`: after the next run of as many backticks.
fn code(text: &str, start: usize) -> Option<usize> {
    let ticks = run_of_backticks(text, start);
    let mut index = start + ticks;
    loop {
        index += text[index..].find(&"`".repeat(ticks))?;
        let found = run_of_backticks(text, index);
        index += found;
        if found == ticks {
            return Some(index);
        }
    }
}

fn run_of_backticks(text: &str, start: usize) -> usize {
    text[start..].bytes().take_while(|&b| b == b'`').count()
}

#[test]
fn formulas_and_code_are_found() {
    let text = r"`$` $a$ \$ $$ b \$ $$ ```$ `` $``` $c";
    let scan = scan(text);
    let tex: Vec<_> = scan
        .formulas
        .iter()
        .map(|formula| (formula.display, &text[formula.tex.clone()]))
        .collect();
    assert_eq!(tex, [(false, "a"), (true, r" b \$ ")]);
    let code: Vec<_> = scan.code.iter().map(|range| &text[range.clone()]).collect();
    assert_eq!(code, ["`$`", "```$ `` $```"]);
    assert_eq!(scan.unclosed, text.rfind('$'));
}

#[test]
fn a_backtick_without_its_like_ends_the_search() {
    assert_eq!(scan("$a$ ` $b$").unclosed, Some(4));
    assert_eq!(scan("`` ` $b$").unclosed, Some(0));
    assert_eq!(scan(r"\` $b$").unclosed, None);
}
