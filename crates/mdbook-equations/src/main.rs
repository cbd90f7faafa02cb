//! An mdBook preprocessor for formulas, which runs after mdbook-katex has rendered them.
//!
//! KaTeX leaves the source of a formula inside its MathML, in an `annotation` that nobody sees.
//! mdBook reads it all the same: it fills the search index with TeX, and what looks like Markdown
//! in it, as `)_i … _{j}` does, breaks the formula. So the annotations are taken out, and with
//! them what a page declares for the crate `formula`.
//!
//! An equation that was executed, or is held by a proof, gets a mark that says so. The proof
//! itself is folded.

mod edits;
mod markdown;
mod marks;
mod proofs;
mod sources;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, io};

use serde_json::{Map, Value};

use crate::markdown::Markdown;
use crate::marks::Marks;

fn main() -> ExitCode {
    // mdBook first asks whether a renderer is supported; the exit status is the answer.
    if env::args().nth(1).as_deref() == Some("supports") {
        return ExitCode::SUCCESS;
    }
    match preprocess() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mdbook-equations: {error}");
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
    let Ok([context, mut book]) = <[Value; 2]>::try_from(input) else {
        return Err(io::Error::other("expected a context and a book"));
    };
    let out = source(&context).join("out");
    visit(&mut book, &|page| Marks::read(&out, page))?;
    Ok(serde_json::to_writer(io::stdout().lock(), &book)?)
}

/// The folder of the pages. `src` is mdBook's own default.
fn source(context: &Value) -> PathBuf {
    let root = context["root"].as_str().unwrap_or_default();
    let source = context["config"]["book"]["src"].as_str();
    Path::new(root).join(source.unwrap_or("src"))
}

/// Changes the content of each chapter, however deep it stands. `marks` knows those of a page.
fn visit(value: &mut Value, marks: &impl Fn(&Path) -> io::Result<Marks>) -> io::Result<()> {
    match value {
        Value::Array(values) => values.iter_mut().try_for_each(|one| visit(one, marks)),
        Value::Object(fields) => {
            chapter(fields, marks)?;
            fields.values_mut().try_for_each(|one| visit(one, marks))
        }
        _ => Ok(()),
    }
}

/// Changes the content of an object, if it has one. `source_path` is the path as it is written in
/// `SUMMARY.md`; a chapter without a file has none, and no marks.
fn chapter(
    fields: &mut Map<String, Value>,
    marks: &impl Fn(&Path) -> io::Result<Marks>,
) -> io::Result<()> {
    let page = fields.get("source_path").and_then(Value::as_str);
    let page = page.unwrap_or_default().to_owned();
    if let Some(Value::String(content)) = fields.get_mut("content") {
        let in_page = |error| io::Error::other(format!("{page}: {error}"));
        *content = changed(content, &marks(Path::new(&page))?).map_err(in_page)?;
    }
    Ok(())
}

/// A page as it is to be rendered.
fn changed(content: &str, marks: &Marks) -> Result<String, String> {
    let page = Markdown::read(content);
    let mut edits = sources::left_out(&page);
    edits.extend(marks::marked(&page, marks));
    edits.extend(proofs::folded(&page)?);
    Ok(edits::apply(content, edits))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEX: &str = "x<annotation>y</annotation>";

    #[test]
    fn every_chapter_is_visited() {
        let chapter = |content: &str, inner: Value| json!({ "Chapter": { "name": "N", "content": content, "sub_items": [inner] } });
        let mut book = json!({ "items": ["Separator", chapter(TEX, chapter(TEX, Value::Null))] });
        visit(&mut book, &|_| Ok(Marks::default())).unwrap();
        assert_eq!(
            book,
            json!({ "items": ["Separator", chapter("x", chapter("x", Value::Null))] })
        );
    }

    #[test]
    fn a_chapter_asks_for_the_marks_of_its_source() {
        let mut book = json!({ "content": TEX, "path": "index.md", "source_path": "a/README.md" });
        let refuse = |page: &Path| Err(io::Error::other(page.display().to_string()));
        let error = visit(&mut book, &refuse).unwrap_err();
        assert_eq!(error.to_string(), "a/README.md");
    }

    #[test]
    fn an_error_names_the_page() {
        let mut book = json!({ "content": "```rust,proof\n```\n", "source_path": "a.md" });
        let error = visit(&mut book, &|_| Ok(Marks::default())).unwrap_err();
        assert!(error.to_string().starts_with("a.md: "), "{error}");
    }

    #[test]
    fn the_folder_of_the_pages_is_the_configured_one() {
        let context = json!({ "root": "/r", "config": { "book": { "src": "book" } } });
        assert_eq!(source(&context), Path::new("/r/book"));
        assert_eq!(source(&json!({ "root": "/r" })), Path::new("/r/src"));
    }
}
