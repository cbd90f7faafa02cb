//! Notebooks in Rust, for the kernel evcxr: pages of the book, cell by cell.

use std::error::Error;
use std::mem;
use std::path::Path;

use super::needed;
use super::percent::{Cell, Kind};
use super::told::{Told, file, filled};
use crate::release::split;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The cells of a notebook of some pages: what its code needs, and the pages.
pub fn notebook(told: &Told, house: &Path, pages: &[&str]) -> Result<Vec<Cell>> {
    let imports = "// Its own `println!` writes to the book.\nuse given::*;\nuse std::println;";
    let mut cells = head(house, ("given", "crates/given"), imports);
    for name in pages {
        let wrong = |error: Box<dyn Error>| format!("{name}: {error}");
        cells.extend(page(told, name).map_err(wrong)?);
    }
    Ok(cells)
}

/// The first cells: how to run the others, and the packages that they need.
fn head(house: &Path, package: (&str, &str), imports: &str) -> Vec<Cell> {
    let text = "The code is Rust, and [evcxr](https://github.com/evcxr/evcxr) runs it. The first \
                cell names the book's checkout, from which this notebook was written; compiling it \
                takes some minutes. After it each cell runs by itself.";
    let mut code = String::new();
    for (name, path) in [
        (package.0, house.join(package.1)),
        ("softmax-backprop", house.to_owned()),
    ] {
        let path = path.display().to_string();
        code += &format!(":dep {name} = {{ path = {path:?} }}\n");
    }
    code += ":dep ndarray = \"0.17\"\n";
    vec![
        Cell::new(Kind::Text, text),
        Cell::new(Kind::Code, (code + imports).trim_end()),
    ]
}

/// The cells of a page: its text, and its code with what it prints.
fn page(told: &Told, name: &str) -> Result<Vec<Cell>> {
    let path = told.folder.join(name);
    let whole = file(&path)?;
    let mut page = Page {
        told,
        path: &path,
        cells: Vec::new(),
        text: String::new(),
        code: String::new(),
    };
    let mut at = At::Text;
    // The questions at its end are for the reader of the page.
    for line in whole.lines().take_while(|line| *line != "## To recall") {
        at = page.line(at, line)?;
    }
    page.end_text()?;
    Ok(page.cells)
}

/// A page as far as it has been read.
struct Page<'a> {
    told: &'a Told,
    path: &'a Path,
    cells: Vec<Cell>,
    /// The text since the last cell.
    text: String,
    /// The code since the last fence.
    code: String,
}

/// A place on a page.
enum At<'a> {
    Text,
    /// In what a notebook leaves out, up to the line with this end.
    Out(&'static str),
    /// In a block of code with these words behind its fence.
    Code(&'a str),
}

impl Page<'_> {
    /// Reads a line, and says where the next one stands.
    fn line<'l>(&mut self, at: At<'l>, line: &'l str) -> Result<At<'l>> {
        match at {
            At::Out(end) if line.contains(end) => Ok(At::Text),
            At::Out(end) => Ok(At::Out(end)),
            At::Code(words) if line == "```" => {
                self.end_code(words)?;
                Ok(At::Text)
            }
            At::Code(words) => {
                self.code += line;
                self.code.push('\n');
                Ok(At::Code(words))
            }
            At::Text => self.text(line),
        }
    }

    fn text<'l>(&mut self, line: &'l str) -> Result<At<'l>> {
        if let Some(words) = line.strip_prefix("```") {
            self.end_text()?;
            return Ok(At::Code(words));
        }
        for (begin, end) in [("<!--", "-->"), ("<figure>", "</figure>")] {
            if line.starts_with(begin) {
                return Ok(match line.contains(end) {
                    true => At::Text,
                    false => At::Out(end),
                });
            }
        }
        if line.starts_with('#') {
            self.end_text()?;
        }
        // What is left out stands between two empty lines.
        if !(line.is_empty() && self.text.ends_with("\n\n")) {
            self.text += &unlinked(&self.included(line)?);
            self.text.push('\n');
        }
        Ok(At::Text)
    }

    /// Ends a cell of text.
    fn end_text(&mut self) -> Result<()> {
        let text = mem::take(&mut self.text);
        if !text.trim().is_empty() {
            let text = self.told.text(text.trim())?;
            self.cells.push(Cell::new(Kind::Text, text));
        }
        Ok(())
    }

    /// Ends a block of code: a cell, or what the cell before it printed.
    fn end_code(&mut self, words: &str) -> Result<()> {
        let code = mem::take(&mut self.code);
        match words {
            "rust" => {
                let block = block(&needed::lines(&code)?);
                self.cells.push(Cell::new(Kind::Code, block));
            }
            "text" => {
                let printed = self.included(&code)?;
                let cell = self.cells.last_mut();
                let cell = cell.ok_or("expected a cell before its output, found none")?;
                cell.printed = Some(printed);
            }
            _ => {}
        }
        Ok(())
    }

    /// A line with what it includes.
    fn included(&self, line: &str) -> Result<String> {
        filled(line, "{{#include ", |name| {
            let text = file(&self.path.with_file_name(name))?;
            Ok(text.trim_end().to_owned())
        })
    }
}

/// The lines as a block: what a cell borrows does not outlive it.
fn block(lines: &[String]) -> String {
    let indented = lines.iter().map(|line| match line.as_str() {
        "" => "\n".to_owned(),
        line => format!("    {line}\n"),
    });
    format!("{{\n{}}}", indented.collect::<String>())
}

/// A line whose links to other pages of the book are their words alone.
fn unlinked(line: &str) -> String {
    let mut said = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let target = after
            .split_once(')')
            .filter(|(target, _)| !target.starts_with("http"));
        match (target, before.rsplit_once('[')) {
            (Some((_, after)), Some((before, words))) => {
                said += &format!("{before}*{words}*");
                rest = after;
            }
            _ => {
                said += before;
                said += "](";
                rest = after;
            }
        }
    }
    said + rest
}

/// The exercises of some numbers: what is to be written, or the solution, and the check.
pub fn exercises(told: &Told, house: &Path, numbers: &[u32], solved: bool) -> Result<Vec<Cell>> {
    let page = file(&told.folder.join("exercises.md"))?;
    let sources = house.join("course/exercises/src");
    let mut cells = head(house, ("exercises", "course/exercises"), "");
    for number in numbers {
        let lacks = |what: &str| format!("exercises.md: expected {what} of exercise {number}");
        let section = section(&page, *number).ok_or_else(|| lacks("the heading"))?;
        let text = asked(section).ok_or_else(|| lacks("the hint"))?;
        cells.push(Cell::new(
            Kind::Text,
            told.text(&format!("## {number}. {text}"))?,
        ));
        let name =
            between(section, "exercises/src/", ".rs:stub").ok_or_else(|| lacks("the stub"))?;
        cells.extend(exercise(&sources, name, solved)?);
    }
    Ok(cells)
}

/// A section of the page, from behind the number in its heading.
fn section(page: &str, number: u32) -> Option<&str> {
    let (_, rest) = page.split_once(&format!("\n### {number}. "))?;
    rest.split("\n##").next()
}

/// What an exercise asks, and its hint.
fn asked(section: &str) -> Option<String> {
    let asked = section.split("```rs").next()?.trim();
    let hint = between(section, "<summary>Hint</summary>", "</details>")?.trim();
    Some(format!("{asked}\n\n*Hint.* {hint}"))
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(begin)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

/// The cells of an exercise: its stub or its solution, and its check.
fn exercise(sources: &Path, name: &str, solved: bool) -> Result<[Cell; 2]> {
    let source = file(&sources.join(format!("{name}.rs")))?;
    let parts = split::split(name, &source)?;
    let function = split::function(name, &source)?;
    let answer = match solved {
        false => parts.stub,
        true => {
            let solution = file(&sources.join(format!("solutions/{name}.rs")))?;
            solution.replace("pub fn solution", &format!("pub fn {function}"))
        }
    };
    // A type that the stub defines is there already.
    let own = format!("use exercises::{name}::");
    let check = code_alone(&parts.check);
    let check: Vec<&str> = check
        .lines()
        .filter(|line| !line.starts_with(&own))
        .collect();
    let check = check.join("\n");
    let said = format!("{name}: as expected");
    // Not through an error: evcxr prints one when it comes to it, and that may be in a later cell.
    let call = format!(
        "match check({function}) {{\n    Ok(()) => println!({said:?}),\n    Err(error) => println!(\"{{error}}\"),\n}}"
    );
    let mut check = Cell::new(Kind::Comparison, format!("{check}\n\n{call}"));
    check.printed = solved.then(|| said + "\n");
    Ok([Cell::new(Kind::Code, code_alone(&answer)), check])
}

/// The code of a file as a cell has it.
fn code_alone(file: &str) -> String {
    let own = |line: &&str| !line.starts_with("//!") && !line.starts_with("// ANCHOR");
    let lines: Vec<&str> = file.lines().filter(own).collect();
    lines.join("\n").trim().replace("crate::", "exercises::")
}
