//! Notebooks in Rust, for the kernel evcxr: pages of the book, cell by cell.

use std::error::Error;
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

/// A place on a page.
enum At {
    Text,
    /// In what a notebook leaves out, up to the line with this end.
    Out(&'static str),
    /// In a block of code with these words behind its fence.
    Code(String),
}

/// The cells of a page: its text, and its code with what it prints.
fn page(told: &Told, name: &str) -> Result<Vec<Cell>> {
    let path = told.folder.join(name);
    let whole = file(&path)?;
    let include = |line: &str| {
        filled(line, "{{#include ", |name| {
            Ok(file(&path.with_file_name(name))?.trim_end().to_owned())
        })
    };
    let (mut cells, mut text, mut code) = (Vec::new(), String::new(), String::new());
    let mut at = At::Text;
    // The questions at its end are for the reader of the page.
    for line in whole.lines().take_while(|line| *line != "## To recall") {
        at = match at {
            At::Out(end) if line.contains(end) => At::Text,
            At::Code(words) if line == "```" => {
                let code = std::mem::take(&mut code);
                match words.as_str() {
                    "rust" => {
                        let lines = needed::lines(&code)?;
                        let block = lines.iter().map(|line| match line.as_str() {
                            "" => "\n".to_owned(),
                            line => format!("    {line}\n"),
                        });
                        // A block: what a cell borrows does not outlive it.
                        let block = format!("{{\n{}}}", block.collect::<String>());
                        cells.push(Cell::new(Kind::Code, block));
                    }
                    "text" => {
                        if let Some(cell) = cells.last_mut() {
                            cell.printed = Some(include(&code)?);
                        }
                    }
                    _ => {}
                }
                At::Text
            }
            At::Code(words) => {
                code += line;
                code.push('\n');
                At::Code(words)
            }
            At::Text => {
                let begin = ["<!--", "<figure>", "```"]
                    .into_iter()
                    .find(|begin| line.starts_with(begin));
                match begin {
                    Some("<!--") if line.ends_with("-->") => At::Text,
                    Some("<!--") => At::Out("-->"),
                    Some("<figure>") => At::Out("</figure>"),
                    Some(_) => {
                        push_text(told, &mut cells, &mut text)?;
                        At::Code(line.trim_start_matches('`').to_owned())
                    }
                    None => {
                        if line.starts_with('#') {
                            push_text(told, &mut cells, &mut text)?;
                        }
                        // What was left out stood between two empty lines.
                        if !(line.is_empty() && text.ends_with("\n\n")) {
                            text += &unlinked(&include(line)?);
                            text.push('\n');
                        }
                        At::Text
                    }
                }
            }
            out => out,
        };
    }
    push_text(told, &mut cells, &mut text)?;
    Ok(cells)
}

/// Ends a cell of text.
fn push_text(told: &Told, cells: &mut Vec<Cell>, text: &mut String) -> Result<()> {
    let said = std::mem::take(text);
    if !said.trim().is_empty() {
        cells.push(Cell::new(Kind::Text, told.text(said.trim())?));
    }
    Ok(())
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
    let whole = file(&told.folder.join("exercises.md"))?;
    let sources = house.join("course/exercises/src");
    let mut cells = head(house, ("exercises", "course/exercises"), "");
    let section = |number: &u32| {
        let title = format!("\n### {number}. ");
        let (_, rest) = whole.split_once(&title)?;
        Some(format!(
            "{number}. {}",
            rest.split("\n##").next().unwrap_or(rest)
        ))
    };
    for number in numbers {
        let section = section(number)
            .ok_or_else(|| format!("exercises.md: expected exercise {number}, found none"))?;
        let name = section
            .split_once("exercises/src/")
            .and_then(|(_, rest)| rest.split_once(".rs:stub"));
        let (name, _) =
            name.ok_or_else(|| format!("exercise {number}: expected a stub, found none"))?;
        let source = file(&sources.join(format!("{name}.rs")))?;
        let parts = split::split(name, &source)?;
        let function = split::function(name, &source)?;
        let asked = section.split("```rs").next().unwrap_or_default();
        let hint = section
            .split_once("<summary>Hint</summary>")
            .and_then(|(_, rest)| rest.split_once("</details>"));
        let (hint, _) =
            hint.ok_or_else(|| format!("exercise {number}: expected a hint, found none"))?;
        let text = format!("## {}\n\n*Hint.* {}", asked.trim(), hint.trim());
        cells.push(Cell::new(Kind::Text, told.text(&text)?));
        let answer = match solved {
            false => parts.stub,
            true => {
                let solution = file(&sources.join(format!("solutions/{name}.rs")))?;
                solution.replace("pub fn solution", &format!("pub fn {function}"))
            }
        };
        cells.push(Cell::new(Kind::Code, code_alone(&answer)));
        // A type that the stub defines is there already.
        let own = format!("use exercises::{name}::");
        let check = code_alone(&parts.check);
        let check: Vec<&str> = check
            .lines()
            .filter(|line| !line.starts_with(&own))
            .collect();
        let call = format!("check({function})?;\nprintln!(\"{name}: as expected\");");
        let mut check = Cell::new(Kind::Comparison, format!("{}\n\n{call}", check.join("\n")));
        check.printed = solved.then(|| format!("{name}: as expected\n"));
        cells.push(check);
    }
    Ok(cells)
}

/// The code of a file as a cell has it.
fn code_alone(file: &str) -> String {
    let own = |line: &&str| !line.starts_with("//!") && !line.starts_with("// ANCHOR");
    let lines: Vec<&str> = file.lines().filter(own).collect();
    lines.join("\n").trim().replace("crate::", "exercises::")
}
