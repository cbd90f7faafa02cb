//! mdbook-katex, asked only for the pages that have changed.
//!
//! It takes most of the time in which the book is built, and renders a page from its text and its
//! options alone. So what it made of each page is kept in a file, and used for as long as that
//! from which it was made stays the same.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use serde_json::{Map, Value, json};

use crate::collect;

const PROGRAM: &str = "mdbook-katex";

/// Where the pages are kept, from the root of the book.
const FILE: &str = "target/katex.json";

/// What mdbook-katex said of a book.
struct Answer {
    book: Value,
    /// Whether it warned of a formula. It must warn again, so this answer is not kept.
    warned: bool,
}

/// Renders the formulas of a book.
pub(crate) fn render(context: &Value, book: &mut Value) -> io::Result<()> {
    let root = Path::new(context["root"].as_str().unwrap_or_default());
    let file = root.join(FILE);
    let made_with = made_with(context)?;
    let before = read(&file, &made_with);
    let after = render_with(book, &before, |book| ask(context, book))?;
    if after != before {
        // The book is complete without; the next build takes longer, and says why.
        write(&file, &json!({ "with": made_with, "pages": after }))
            .unwrap_or_else(|error| eprintln!("{}: {error}", file.display()));
    }
    Ok(())
}

/// The definitions of the macros that a book lends mdbook-katex, which reports what cannot be read.
pub(crate) fn macros(context: &Value) -> String {
    let root = Path::new(context["root"].as_str().unwrap_or_default());
    let file = context["config"]["preprocessor"]["katex"]["macros"].as_str();
    let text = file.and_then(|file| fs::read_to_string(root.join(file)).ok());
    text.unwrap_or_default()
}

/// All that a rendered page depends on but its text.
fn made_with(context: &Value) -> io::Result<Value> {
    let version = output(Command::new(PROGRAM).arg("--version"))?;
    Ok(json!({
        "program": String::from_utf8_lossy(&version),
        "options": context["config"]["preprocessor"]["katex"],
        "macros": macros(context),
    }))
}

/// Renders a book: a page that is kept as it was, all others by asking. Returns what is kept from
/// now on, each rendered page by its text.
fn render_with(
    book: &mut Value,
    kept: &Map<String, Value>,
    ask: impl FnOnce(&Value) -> io::Result<Answer>,
) -> io::Result<Map<String, Value>> {
    let mut asked = book.clone();
    let mut chapters = Vec::new();
    collect(&mut asked, &mut chapters);
    // A page without a text has no formula, so none is sought in it.
    for chapter in &mut chapters {
        if kept.contains_key(chapter.content) {
            chapter.content.clear();
        }
    }
    let mut answer = if chapters.iter().any(|one| !one.content.is_empty()) {
        ask(&asked)?
    } else {
        Answer {
            book: asked,
            warned: false,
        }
    };

    let (mut chapters, mut rendered) = (Vec::new(), Vec::new());
    collect(book, &mut chapters);
    collect(&mut answer.book, &mut rendered);
    if chapters.len() != rendered.len() {
        return Err(io::Error::other(format!(
            "{PROGRAM}: expected {} chapters, found {}",
            chapters.len(),
            rendered.len()
        )));
    }
    let mut keep = Map::new();
    for (chapter, rendered) in chapters.into_iter().zip(rendered) {
        let text = chapter.content.clone();
        let known = kept.get(&text).and_then(Value::as_str);
        *chapter.content = known.unwrap_or(rendered.content).to_owned();
        if known.is_some() || !answer.warned {
            keep.insert(text, chapter.content.clone().into());
        }
    }
    Ok(keep)
}

/// Has mdbook-katex render a book.
fn ask(context: &Value, book: &Value) -> io::Result<Answer> {
    let mut program = Command::new(PROGRAM);
    // A level of logging that hides a warning would have the page kept.
    program.env_remove("RUST_LOG");
    program.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = program.stderr(Stdio::piped()).spawn().map_err(named)?;
    if let Some(mut input) = running.stdin.take() {
        input.write_all(&serde_json::to_vec(&(context, book))?)?;
    }
    let done = running.wait_with_output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    eprint!("{said}");
    if !done.status.success() {
        return Err(io::Error::other(format!("{PROGRAM}: {}", done.status)));
    }
    // It says in every run where it was built for a neighbouring version of mdBook.
    let is_version = |line: &str| line.contains("was built against mdbook v");
    Ok(Answer {
        book: serde_json::from_slice(&done.stdout)?,
        warned: !said.lines().all(is_version),
    })
}

/// What a command prints.
fn output(command: &mut Command) -> io::Result<Vec<u8>> {
    Ok(command.output().map_err(named)?.stdout)
}

/// Says what to do where there is no mdbook-katex.
fn named(error: io::Error) -> io::Error {
    let advice = match error.kind() {
        ErrorKind::NotFound => "; `cargo install mdbook-katex` installs it",
        _ => "",
    };
    io::Error::new(error.kind(), format!("{PROGRAM}: {error}{advice}"))
}

/// The pages that are kept in a file, if they were made with the same.
fn read(file: &Path, made_with: &Value) -> Map<String, Value> {
    let text = fs::read(file).unwrap_or_default();
    match serde_json::from_slice(&text).unwrap_or_default() {
        Value::Object(mut kept) if kept.get("with") == Some(made_with) => {
            match kept.remove("pages") {
                Some(Value::Object(pages)) => pages,
                _ => Map::new(),
            }
        }
        _ => Map::new(),
    }
}

/// Writes a file that another build may be reading: it is whole at every moment.
fn write(file: &Path, value: &Value) -> io::Result<()> {
    let partial: PathBuf = file.with_extension(format!("{}.json", std::process::id()));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&partial, serde_json::to_vec(value)?)?;
    fs::rename(&partial, file)
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    fn book(pages: &[&str]) -> Value {
        let page = |text: &&str| json!({ "Chapter": { "content": text, "sub_items": [] } });
        json!({ "items": pages.iter().map(page).collect::<Vec<_>>() })
    }

    /// Renders as mdbook-katex does, and notes what it was asked.
    fn answer(asked: &Value, warned: bool, notes: &mut Vec<String>) -> Answer {
        let mut book = asked.clone();
        let mut chapters = Vec::new();
        collect(&mut book, &mut chapters);
        for chapter in chapters {
            notes.push(chapter.content.clone());
            *chapter.content = chapter.content.replace('$', "|");
        }
        Answer { book, warned }
    }

    /// What becomes of a book, what is kept, and what was asked.
    fn run(
        pages: &[&str],
        kept: &Map<String, Value>,
        warned: bool,
    ) -> (Value, Map<String, Value>, Vec<String>) {
        let (mut book, mut notes) = (book(pages), Vec::new());
        let kept = render_with(&mut book, kept, |asked| {
            Ok(answer(asked, warned, &mut notes))
        });
        (book, kept.unwrap(), notes)
    }

    #[test]
    fn only_a_changed_page_is_rendered_again() {
        let (first, kept, asked) = run(&["$a$", "$b$"], &Map::new(), false);
        assert_eq!(first, book(&["|a|", "|b|"]));
        assert_eq!(asked, ["$a$", "$b$"]);
        let (second, kept, asked) = run(&["$a$", "$c$"], &kept, false);
        assert_eq!(second, book(&["|a|", "|c|"]));
        assert_eq!(asked, ["", "$c$"]);
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["$a$", "$c$"]);
        let (third, _, asked) = run(&["$c$", "$a$"], &kept, false);
        assert_eq!(third, book(&["|c|", "|a|"]));
        assert_eq!(asked, [""; 0]);
    }

    #[test]
    fn a_page_with_a_warning_warns_again() {
        let (_, kept, _) = run(&["$a$"], &Map::new(), false);
        let (_, kept, asked) = run(&["$a$", "$bad$"], &kept, true);
        assert_eq!(asked, ["", "$bad$"]);
        let (_, _, asked) = run(&["$a$", "$bad$"], &kept, true);
        assert_eq!(asked, ["", "$bad$"]);
    }

    #[test]
    fn an_answer_without_a_page_is_an_error() {
        let short = |_: &Value| {
            Ok(Answer {
                book: book(&[]),
                warned: false,
            })
        };
        let error = render_with(&mut book(&["$a$"]), &Map::new(), short).unwrap_err();
        let expected = "mdbook-katex: expected 1 chapters, found 0";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn pages_are_kept_for_what_they_were_made_with() {
        let folder = env::temp_dir().join(format!("mdbook-equations-{}", std::process::id()));
        let file = folder.join("target/katex.json");
        assert_eq!(read(&file, &json!("0.10.0")), Map::new());
        let (_, kept, _) = run(&["$a$"], &Map::new(), false);
        write(&file, &json!({ "with": "0.10.0", "pages": kept })).unwrap();
        assert_eq!(read(&file, &json!("0.10.0")), kept);
        assert_eq!(read(&file, &json!("0.10.1")), Map::new());
        fs::write(&file, "{").unwrap();
        assert_eq!(read(&file, &json!("0.10.0")), Map::new());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_missing_program_is_named_with_what_installs_it() {
        let error = named(io::Error::from(ErrorKind::NotFound)).to_string();
        assert!(error.contains("cargo install mdbook-katex"), "{error}");
    }
}
