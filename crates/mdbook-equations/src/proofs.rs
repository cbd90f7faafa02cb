//! Folds the proofs: a cell of `rust,proof` and what it printed, behind one line.

use crate::edits::Edit;
use crate::markdown::{Fence, Markdown};
use crate::numbers::reference;

/// The changes that fold each proof of a page away. A proof that does not say of what is refused.
pub fn folded(page: &Markdown) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    for (index, cell) in page.fences.iter().enumerate() {
        if !is_proof(cell) {
            continue;
        }
        let line = page.line(cell.range.start);
        let numbers = numbers(&cell.code);
        if numbers.is_empty() {
            return Err(format!(
                "line {line}: a proof of nothing; it claims an equation in a comment, // (8.4)"
            ));
        }
        if !begins_line(page, cell) {
            return Err(format!(
                "line {line}: a proof in a list or a quotation cannot be folded"
            ));
        }
        let output = page.fences.get(index + 1);
        let output = output.filter(|fence| is_output(page, cell, fence));
        let end = output.unwrap_or(cell).range.end;
        edits.push(Edit::insert(cell.range.start, opening(&numbers)));
        // Its own block of HTML, so that what follows is Markdown again.
        edits.push(Edit::insert(end, "\n\n</details>\n\n"));
    }
    Ok(edits)
}

/// A blank line ends the HTML, so that the cell below it is Markdown.
fn opening(numbers: &[String]) -> String {
    let of = numbers.join(", ");
    format!("<details class=\"proof\">\n<summary>Proof of {of} in Rust</summary>\n\n")
}

fn is_proof(fence: &Fence) -> bool {
    let mut words = fence.words();
    words.next() == Some("rust") && words.any(|word| word == "proof")
}

/// Whether a fence holds what the cell just above it printed.
fn is_output(page: &Markdown, cell: &Fence, fence: &Fence) -> bool {
    let between = &page.text[cell.range.end..fence.range.start];
    fence.words().next() == Some("text") && between.trim().is_empty()
}

fn begins_line(page: &Markdown, fence: &Fence) -> bool {
    let before = &page.text[..fence.range.start];
    before.is_empty() || before.ends_with('\n')
}

/// The equations that a cell claims, in the comments `// (8.4)` or `// (8.4) and (8.5), …`.
fn numbers(code: &str) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for line in code.lines() {
        let line = line.trim_start();
        // A hidden line counts as well.
        let line = line.strip_prefix("# ").unwrap_or(line).trim_start();
        let Some(mut rest) = line.strip_prefix("//") else {
            continue;
        };
        while let Some((number, after)) = reference(rest.trim_start()) {
            let number = format!("({number})");
            if !numbers.contains(&number) {
                numbers.push(number);
            }
            rest = after.trim_start_matches(',').trim_start();
            rest = rest.strip_prefix("and ").unwrap_or(rest);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;

    fn fold(text: &str) -> Result<String, String> {
        Ok(edits::apply(text, folded(&Markdown::read(text))?))
    }

    const CELL: &str = "```rust,proof\n# let a = 1;\n// (8.4)\ncheck!(a, a);\n```\n";
    const OPENING: &str =
        "<details class=\"proof\">\n<summary>Proof of (8.4) in Rust</summary>\n\n";

    #[test]
    fn a_proof_is_folded_with_its_output() {
        let text = format!("a\n\n{CELL}```text\nb\n```\n\nc\n");
        let expected = format!("a\n\n{OPENING}{CELL}```text\nb\n```\n\n</details>\n\n\n\nc\n");
        assert_eq!(fold(&text), Ok(expected));
    }

    #[test]
    fn a_proof_without_output_is_folded_alone() {
        let expected =
            |after: &str| format!("{OPENING}{}\n\n</details>\n\n\n{after}", CELL.trim_end());
        for after in [
            "",
            "\nb\n\n```text\nof another cell\n```\n",
            "```rust\n```\n",
        ] {
            assert_eq!(fold(&format!("{CELL}{after}")), Ok(expected(after)));
        }
    }

    #[test]
    fn markdown_in_a_fold_is_still_rendered() {
        let folded = fold(&format!("a\n{CELL}```text\nb\n```\nc `d`\n")).unwrap();
        let page = Markdown::read(&folded);
        let code: Vec<&str> = page.fences.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(code.last(), Some(&"b\n"));
        assert_eq!(page.find("d`").len(), 0, "{folded}");
    }

    #[test]
    fn other_cells_are_left_alone() {
        let shown = format!("~~~markdown\n{CELL}~~~\n");
        for text in [&shown, "```rust\n// (8.4)\n```\n", "```text,proof\n```\n"] {
            assert_eq!(fold(text), Ok(text.to_owned()));
        }
    }

    #[test]
    fn the_numbers_are_those_that_the_cell_claims() {
        let claimed = |code: &str| numbers(code).join(" ");
        assert_eq!(
            claimed("# // (8.4) and (8.5), by hand\n  // (8.4)"),
            "(8.4) (8.5)"
        );
        assert_eq!(claimed("// (1.1), (1.2): both"), "(1.1) (1.2)");
        assert_eq!(
            claimed("// by (1.1)\n// (a.b)\n// (2)\nf(1.5) // (1.1)"),
            ""
        );
    }

    #[test]
    fn a_proof_of_nothing_is_refused() {
        let error = fold("a\n\n```rust,proof\n// by (8.4)\n```\n").unwrap_err();
        assert!(error.starts_with("line 3: a proof of nothing"), "{error}");
    }

    #[test]
    fn a_proof_that_cannot_be_folded_is_refused() {
        let quoted = CELL.lines().map(|line| format!("> {line}\n"));
        let error = fold(&quoted.collect::<String>()).unwrap_err();
        assert!(error.starts_with("line 1: a proof in a list"), "{error}");
    }
}
