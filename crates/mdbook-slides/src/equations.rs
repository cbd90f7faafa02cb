//! The equations of the book, by their numbers.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// The TeX of each equation, with what it includes and without its tag.
#[derive(Default)]
pub struct Equations(BTreeMap<String, String>);

impl Equations {
    /// Reads the pages of a book.
    pub fn read(book: &Path) -> io::Result<Self> {
        let mut equations = Self::default();
        equations.read_folder(book)?;
        match equations.0.is_empty() {
            true => Err(io::Error::other(format!(
                "{} holds no page with an equation",
                book.display()
            ))),
            false => Ok(equations),
        }
    }

    fn read_folder(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            // What the cells printed is included by pages, and is none.
            if path.is_dir() && !path.ends_with("out") {
                self.read_folder(&path)?;
            } else if path.extension().is_some_and(|end| end == "md") {
                let include = |file: &str| fs::read_to_string(path.with_file_name(file));
                self.add(&fs::read_to_string(&path)?, include)?;
            }
        }
        Ok(())
    }

    /// Adds the displays of a page. In the book each begins and ends a line.
    fn add(&mut self, page: &str, include: impl Fn(&str) -> io::Result<String>) -> io::Result<()> {
        let mut display: Option<String> = None;
        let mut in_code = false;
        for line in page.lines().map(str::trim) {
            in_code ^= line.starts_with("```");
            match (&mut display, line) {
                _ if in_code => {}
                (None, "$$") => display = Some(String::new()),
                (Some(_), "$$") => {
                    let (tex, tag) = untagged(&display.take().unwrap_or_default());
                    self.0.insert(tag, tex);
                }
                (Some(tex), line) => {
                    *tex += &included(line, &include)?;
                    tex.push('\n');
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// The TeX of an equation.
    pub fn get(&self, number: &str) -> Option<&str> {
        self.0.get(number).map(String::as_str)
    }
}

/// A line with what it includes.
fn included(line: &str, include: impl Fn(&str) -> io::Result<String>) -> io::Result<String> {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{#include ") {
        let (file, after) = after.split_once("}}").unwrap_or((after, ""));
        text += before;
        text += include(file.trim())?.trim_end();
        rest = after;
    }
    Ok(text + rest)
}

/// The TeX without its tag, and the tag.
fn untagged(tex: &str) -> (String, String) {
    let (before, after) = tex.split_once("\\tag{").unwrap_or((tex, "}"));
    let (tag, after) = after.split_once('}').unwrap_or((after, ""));
    let tex = format!("{}{}", before.trim(), after.trim_end());
    (tex, tag.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equation_is_known_by_its_number() {
        let mut equations = Equations::default();
        let page =
            "a $$\n\n```text\n$$\n```\n$$\na = {{#include b.tex}} + c\n  = d\n\\tag{3.10}\n$$\n";
        equations
            .add(page, |file| Ok(format!("<{file}>\n")))
            .unwrap();
        assert_eq!(equations.get("3.10"), Some("a = <b.tex> + c\n= d"));
        assert_eq!(equations.get("3.1"), None);
    }

    #[test]
    fn what_an_equation_includes_must_be_there() {
        let mut equations = Equations::default();
        let page = "$$\n{{#include b.tex}}\n\\tag{1.1}\n$$\n";
        let missing = |_: &str| Err(io::Error::from(io::ErrorKind::NotFound));
        assert!(equations.add(page, missing).is_err());
    }
}
