//! An mdBook preprocessor that takes the TeX source out of the formulas that mdbook-katex rendered.
//!
//! KaTeX leaves the source of a formula inside its MathML, in an `annotation` that nobody sees.
//! mdBook reads it all the same: it fills the search index with TeX, and what looks like Markdown
//! in it, as `)_i … _{j}` does, breaks the formula.

use std::process::ExitCode;
use std::{env, io};

use serde_json::Value;

const OPEN: &str = "<annotation";
const CLOSE: &str = "</annotation>";

fn main() -> ExitCode {
    // mdBook first asks whether a renderer is supported; the exit status is the answer.
    if env::args().nth(1).as_deref() == Some("supports") {
        return ExitCode::SUCCESS;
    }
    match preprocess() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plain-math: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the context and the book from standard input, and writes the book to standard output.
fn preprocess() -> io::Result<()> {
    let input: Value = serde_json::from_reader(io::stdin().lock())?;
    let Value::Array(input) = input else {
        return Err(io::Error::other(
            "expected a context and a book, found no array",
        ));
    };
    let Ok([_context, mut book]) = <[Value; 2]>::try_from(input) else {
        return Err(io::Error::other("expected a context and a book"));
    };
    visit(&mut book);
    Ok(serde_json::to_writer(io::stdout().lock(), &book)?)
}

/// Changes the content of each chapter, however deep it stands.
fn visit(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(visit),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(content) if name == "content" => *content = without_tex(content),
                    _ => visit(field),
                }
            }
        }
        _ => {}
    }
}

/// Leaves out each annotation. One that does not end stays, so that nothing after it is lost.
fn without_tex(content: &str) -> String {
    let mut plain = String::new();
    let mut rest = content;
    while let Some((before, annotation)) = rest.split_once(OPEN) {
        let Some((_, after)) = annotation.split_once(CLOSE) else {
            break;
        };
        plain.push_str(before);
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn annotations_are_left_out() {
        let formula = |source: &str| format!("a <math><mi>x</mi>{source}</math> b");
        let source = r#"<annotation encoding="application/x-tex">\vx_i < 1</annotation>"#;
        assert_eq!(without_tex(&formula(source)), formula(""));
        assert_eq!(
            without_tex(&formula(source).repeat(2)),
            formula("").repeat(2)
        );
        assert_eq!(without_tex("no formula"), "no formula");
    }

    #[test]
    fn an_annotation_without_end_stays() {
        assert_eq!(without_tex("a <annotation> b"), "a <annotation> b");
    }

    #[test]
    fn every_chapter_is_visited() {
        let chapter = |content: &str, inner: Value| json!({ "Chapter": { "name": "N", "content": content, "sub_items": [inner] } });
        let tex = "x<annotation>y</annotation>";
        let mut book = json!({ "items": ["Separator", chapter(tex, chapter(tex, Value::Null))] });
        visit(&mut book);
        assert_eq!(
            book,
            json!({ "items": ["Separator", chapter("x", chapter("x", Value::Null))] })
        );
    }
}
