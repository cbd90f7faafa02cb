#![doc = include_str!("../README.md")]

mod deck;
mod equations;
mod files;
mod lecture;
mod steps;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

use crate::equations::Equations;
use crate::lecture::Sources;

fn main() -> ExitCode {
    // mdBook first asks whether a renderer is supported; the exit status is the answer.
    if std::env::args().nth(1).as_deref() == Some("supports") {
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mdbook-slides: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads what mdBook says. To a preprocessor it says a context and a book, to a renderer a context
/// that holds the book.
fn run() -> io::Result<()> {
    let input: Value = serde_json::from_str(&io::read_to_string(io::stdin())?)?;
    match input {
        Value::Array(mut pair) => match pair.as_mut_slice() {
            [context, book] => {
                expand(context, book)?;
                io::stdout().write_all(&serde_json::to_vec(book)?)
            }
            _ => Err(io::Error::other("expected a context and a book")),
        },
        context => files::write(&context),
    }
}

/// A lecture, as mdBook hands it on.
struct Chapter<'a> {
    title: String,
    /// Its file, as `SUMMARY.md` writes it.
    path: String,
    content: &'a mut String,
}

/// Finds the lectures, in their order.
fn chapters<'a>(value: &'a mut Value, found: &mut Vec<Chapter<'a>>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|one| chapters(one, found)),
        Value::Object(fields) => {
            let text = |field| fields.get(field).and_then(Value::as_str);
            let title = text("name").unwrap_or_default().to_owned();
            let path = text("source_path").unwrap_or_default().to_owned();
            for (field, value) in fields {
                if field != "content" {
                    chapters(value, found);
                } else if let Value::String(content) = value {
                    let (title, path) = (title.clone(), path.clone());
                    found.push(Chapter {
                        title,
                        path,
                        content,
                    });
                }
            }
        }
        _ => {}
    }
}

/// Puts the equations into the lectures, and refuses what no run has written.
fn expand(context: &Value, book: &mut Value) -> io::Result<()> {
    let root = Path::new(context["root"].as_str().unwrap_or_default());
    let source = root.join(context["config"]["book"]["src"].as_str().unwrap_or("src"));
    let told = context["config"]["preprocessor"]["slides"]["book"].as_str();
    let told = told.ok_or_else(|| io::Error::other("`book` does not say where the book is"))?;
    let told = root.join(told);
    let equations = Equations::read(&told)?;
    let mut lectures = Vec::new();
    chapters(book, &mut lectures);
    let mut problems = Vec::new();
    for lecture in lectures {
        let sources = Sources {
            equations: &equations,
            lecture: &source.join(&lecture.path),
            book: &told,
        };
        match lecture::expanded(lecture.content, &sources) {
            Ok(expanded) => *lecture.content = expanded,
            Err(found) => {
                problems.extend(found.iter().map(|one| format!("{}:{one}", lecture.path)))
            }
        }
    }
    match problems.as_slice() {
        [] => Ok(()),
        problems => Err(io::Error::other(format!("\n{}", problems.join("\n")))),
    }
}
