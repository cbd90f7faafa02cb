//! What a page holds for programs alone: the TeX in the MathML of its formulas, and what it
//! declares for the crate `formula`, in comments.

use crate::edits::Edit;
use crate::markdown::Markdown;

/// How each begins and ends.
const SOURCES: [(&str, &str); 3] = [
    ("<annotation", "</annotation>"),
    ("<!-- eq ", "-->"),
    ("<!-- symbols", "-->"),
];

/// Leaves out each. One that does not end stays, so that nothing after it is lost.
pub fn left_out(page: &Markdown) -> Vec<Edit> {
    let kinds = SOURCES.into_iter();
    kinds
        .flat_map(|(open, close)| {
            let ranges = page.find(open).into_iter().filter_map(move |start| {
                let length = page.text[start..].find(close)? + close.len();
                Some(start..start + length)
            });
            ranges.map(Edit::delete)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;

    fn without(text: &str) -> String {
        edits::apply(text, left_out(&Markdown::read(text)))
    }

    #[test]
    fn annotations_are_left_out() {
        let formula = |source: &str| format!("a <math><mi>x</mi>{source}</math> b");
        let source = r#"<annotation encoding="application/x-tex">\vx_i < 1</annotation>"#;
        assert_eq!(without(&formula(source)), formula(""));
        assert_eq!(without(&formula(source).repeat(2)), formula("").repeat(2));
        assert_eq!(without("no formula"), "no formula");
    }

    #[test]
    fn an_annotation_of_several_lines_is_left_out() {
        let source = "<annotation>\na &= b \\\\\n      - c \\\\\n- d\n\n    e</annotation>";
        assert_eq!(without(&format!("x{source}y\n")), "xy\n");
    }

    #[test]
    fn declarations_are_left_out() {
        let declared =
            "a\n\n<!-- symbols\nh: a `step`\n\nn: > 1 -->\n\nb <!-- eq 3.10: i ≠ j --> c\n";
        assert_eq!(without(declared), "a\n\n\n\nb  c\n");
        let other = "<!-- equal --> <!-- a note on symbols -->";
        assert_eq!(without(other), other);
    }

    #[test]
    fn what_does_not_end_stays() {
        for text in ["a <annotation> b", "a <!-- eq 1.1", "<!-- symbols\n\na\n"] {
            assert_eq!(without(text), text);
        }
    }

    #[test]
    fn what_is_shown_as_code_stays() {
        let spans = "`<annotation>a</annotation>` and ``<!-- eq 3.10: `a` -->``\n";
        let fences = "~~~markdown\n<!-- symbols\na -->\n~~~\n- a\n  ```text\n  <annotation></annotation>\n  ```\n";
        for text in [spans, fences] {
            assert_eq!(without(text), text);
        }
    }
}
