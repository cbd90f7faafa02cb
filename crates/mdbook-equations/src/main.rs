//! An mdBook preprocessor for equations, in the place of mdbook-katex: it has mdbook-katex render the
//! pages that are new, and goes on with what is rendered.
//!
//! A displayed equation gets an anchor, and each reference to it, `(3.9)`, becomes a link. An
//! equation that was executed, or is held by a proof, gets a mark that says so. The proof itself
//! is folded.
//!
//! KaTeX leaves the source of a formula inside its MathML, in an `annotation` that nobody sees.
//! mdBook reads it all the same: it fills the search index with TeX, and what looks like Markdown
//! in it, as `)_i … _{j}` does, breaks the formula. So the TeX moves to an attribute, and what a
//! page declares for the crate `formula` is left out.

mod again;
mod edits;
mod formulas;
mod html;
mod katex;
mod links;
mod macros;
mod markdown;
mod marks;
mod numbers;
mod proofs;
mod sources;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, io};

use serde_json::Value;

use crate::links::Homes;
use crate::macros::Macros;
use crate::markdown::Markdown;
use crate::marks::Marks;

fn main() -> ExitCode {
    // mdBook first asks whether a renderer is supported; the exit status is the answer.
    let argument = env::args().nth(1);
    if argument.as_deref() == Some("supports") {
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
///
/// One run for both steps: mdBook writes the whole book to each preprocessor, a few bytes at a time.
fn preprocess() -> io::Result<()> {
    let input: Value = serde_json::from_str(&io::read_to_string(io::stdin())?)?;
    let Value::Array(input) = input else {
        return Err(io::Error::other(
            "expected a context and a book, found no array",
        ));
    };
    let Ok([context, mut book]) = <[Value; 2]>::try_from(input) else {
        return Err(io::Error::other("expected a context and a book"));
    };
    let mut chapters = Vec::new();
    collect(&mut book, &mut chapters);
    again::put_in(&mut chapters)?;
    katex::render(&context, &mut book)?;
    let macros = Macros::parse(&katex::macros(&context));
    change(&mut book, &source(&context).join("out"), &macros)?;
    io::stdout().write_all(&serde_json::to_vec(&book)?)
}

/// The folder of the pages. `src` is mdBook's own default.
fn source(context: &Value) -> PathBuf {
    let root = context["root"].as_str().unwrap_or_default();
    let source = context["config"]["book"]["src"].as_str();
    Path::new(root).join(source.unwrap_or("src"))
}

/// A chapter of the book.
struct Chapter<'a> {
    /// Its file, as `SUMMARY.md` writes it; a chapter without a file has none.
    source: String,
    /// Where it will stand, with the same ending: `README.md` becomes `index.md`.
    path: String,
    content: &'a mut String,
}

/// Changes the chapters of a book. The links come last: they lead to equations of all chapters,
/// and are found in what mdBook will read.
fn change(book: &mut Value, out: &Path, macros: &Macros) -> io::Result<()> {
    let mut chapters = Vec::new();
    collect(book, &mut chapters);
    let mut homes = Homes::default();
    for chapter in &mut chapters {
        let marks = Marks::read(out, Path::new(&chapter.source))?;
        equations(chapter, &marks, macros, &mut homes)
            .map_err(|error| io::Error::other(format!("{}: {error}", chapter.source)))?;
    }
    for chapter in &mut chapters {
        let page = Markdown::read(chapter.content);
        let links = links::linked(&page, &chapter.path, &homes);
        *chapter.content = edits::apply(chapter.content, links);
    }
    Ok(())
}

/// Finds each chapter, however deep it stands.
fn collect<'a>(value: &'a mut Value, chapters: &mut Vec<Chapter<'a>>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|one| collect(one, chapters)),
        Value::Object(fields) => {
            let text = |field| fields.get(field).and_then(Value::as_str);
            let source = text("source_path").unwrap_or_default().to_owned();
            let path = text("path").unwrap_or_default().to_owned();
            for (field, value) in fields {
                if field != "content" {
                    collect(value, chapters);
                } else if let Value::String(content) = value {
                    let (source, path) = (source.clone(), path.clone());
                    chapters.push(Chapter {
                        source,
                        path,
                        content,
                    });
                }
            }
        }
        _ => {}
    }
}

/// Prepares the equations of a chapter, and notes where each of them stands.
fn equations(
    chapter: &mut Chapter,
    marks: &Marks,
    macros: &Macros,
    homes: &mut Homes,
) -> Result<(), String> {
    let page = Markdown::read(chapter.content);
    let displays = formulas::displays(&page);
    for display in &displays {
        homes.add(display.number, &chapter.path)?;
    }
    let mut edits = formulas::with_source(&page, macros);
    edits.extend(formulas::without_tildes(&page));
    edits.extend(sources::left_out(&page));
    edits.extend(formulas::anchored(&displays));
    edits.extend(marks::marked(&displays, marks));
    edits.extend(proofs::folded(&page)?);
    *chapter.content = edits::apply(chapter.content, edits);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A display as KaTeX renders it.
    fn display(number: &str) -> String {
        format!(
            "<span class=\"katex-display\"><span class=\"katex\"><math>\
             <annotation>a \\tag{{{number}}}</annotation></math></span></span>"
        )
    }

    fn chapter(path: &str, content: &str, inner: Value) -> Value {
        json!({ "Chapter": {
            "content": content, "path": path, "source_path": path, "sub_items": [inner]
        } })
    }

    fn changed(mut book: Value) -> io::Result<Value> {
        change(&mut book, Path::new("no/such/folder"), &Macros::default())?;
        Ok(book)
    }

    #[test]
    fn chapters_link_to_each_other() {
        let inner = chapter(
            "part/b.md",
            &format!("{} (1.1)", display("1.2")),
            Value::Null,
        );
        let book = json!({ "items": ["Separator", chapter("a.md", &format!("{} (1.2)", display("1.1")), inner)] });
        let display = |number| {
            format!(
                "<span class=\"katex-display\" id=\"eq-{number}\"><span class=\"katex\" \
                 data-tex=\"a \\tag{{{number}}}\"><math></math></span></span>"
            )
        };
        let inner = format!("{} [(1.1)](<../a.md#eq-1.1>)", display("1.2"));
        let outer = format!("{} [(1.2)](<part/b.md#eq-1.2>)", display("1.1"));
        let inner = chapter("part/b.md", &inner, Value::Null);
        let expected = json!({ "items": ["Separator", chapter("a.md", &outer, inner)] });
        assert_eq!(changed(book).unwrap(), expected);
    }

    #[test]
    fn a_link_leads_to_where_a_page_will_stand() {
        let readme = json!({ "content": display("1.1"), "path": "a/index.md", "source_path": "a/README.md" });
        let book = json!([readme, chapter("b.md", "(1.1)", Value::Null)]);
        let changed = changed(book).unwrap();
        let content = changed[1]["Chapter"]["content"].as_str();
        assert_eq!(content, Some("[(1.1)](<a/index.md#eq-1.1>)"));
    }

    #[test]
    fn an_error_names_the_page() {
        let proof = chapter("a.md", "```rust,proof\n```\n", Value::Null);
        let error = changed(proof).unwrap_err().to_string();
        assert!(error.starts_with("a.md: line 1: a proof"), "{error}");
        let twice = chapter("a.md", &display("1.1").repeat(2), Value::Null);
        let error = changed(twice).unwrap_err().to_string();
        assert!(
            error.starts_with("a.md: a second equation (1.1)"),
            "{error}"
        );
    }

    #[test]
    fn a_chapter_without_a_file_is_changed() {
        let draft = json!({ "content": "a <!-- eq 1.1 --> b", "path": null, "source_path": null });
        assert_eq!(changed(draft).unwrap()["content"], "a  b");
    }

    #[test]
    fn the_folder_of_the_pages_is_the_configured_one() {
        let context = json!({ "root": "/r", "config": { "book": { "src": "book" } } });
        assert_eq!(source(&context), Path::new("/r/book"));
        assert_eq!(source(&json!({ "root": "/r" })), Path::new("/r/src"));
    }
}
