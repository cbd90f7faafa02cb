//! Shows an equation of the book once more: a line `{{eq 3.9}}` becomes its display, without the
//! number, which is at the place where the equation is at home.

use std::collections::BTreeMap;
use std::io;

use crate::Chapter;

/// Puts the equations in. They are TeX still, so mdbook-katex renders them with their page.
pub fn put_in(chapters: &mut [Chapter]) -> io::Result<()> {
    let mut equations = BTreeMap::new();
    for chapter in chapters.iter() {
        equations.extend(displays(chapter.content));
    }
    for chapter in chapters {
        if chapter.content.contains(OPEN) {
            *chapter.content = shown(chapter.content, &equations).map_err(|number| {
                io::Error::other(format!("{}: no equation ({number})", chapter.source))
            })?;
        }
    }
    Ok(())
}

const OPEN: &str = "{{eq ";

/// The number that a line asks for.
fn asked(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix(OPEN)?.strip_suffix("}}")?.trim())
}

/// The lines of a page, each with whether it stands in a fence.
fn lines(page: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut in_code = false;
    page.lines().map(move |line| {
        let is_mark = line.trim_start().starts_with("```");
        in_code ^= is_mark;
        (line, in_code || is_mark)
    })
}

/// The displays of a page by their numbers, without them. Each begins and ends with a line `$$`.
fn displays(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut display: Option<String> = None;
    for (line, _) in lines(page).filter(|(_, in_code)| !in_code) {
        match (&mut display, line.trim()) {
            (None, "$$") => display = Some(String::new()),
            (Some(_), "$$") => found.extend(untagged(&display.take().unwrap_or_default())),
            (Some(tex), line) => *tex = format!("{tex}{line}\n"),
            (None, _) => {}
        }
    }
    found
}

/// The number of a display, and its TeX without it.
fn untagged(tex: &str) -> Option<(String, String)> {
    let (before, after) = tex.split_once("\\tag{")?;
    let (number, after) = after.split_once('}')?;
    let tex = format!("{}\n{}", before.trim(), after.trim());
    Some((number.trim().to_owned(), tex.trim().to_owned()))
}

/// A page with the equations that it asks for; without one of them, its number.
fn shown(page: &str, equations: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = String::new();
    for (line, in_code) in lines(page) {
        match asked(line).filter(|_| !in_code) {
            Some(number) => {
                let tex = equations.get(number).ok_or(number)?;
                text += &format!("$$\n{tex}\n$$\n");
            }
            None => text += &format!("{line}\n"),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "a\n\n$$\nx = y\n\\tag{3.9}\n$$\n\n```text\n$$\nno\n\\tag{1.1}\n$$\n```\n";

    fn put(page: &str) -> io::Result<String> {
        let (mut home, mut page) = (HOME.to_owned(), page.to_owned());
        let chapter = |source: &str, content| Chapter {
            source: source.to_owned(),
            path: source.to_owned(),
            content,
        };
        put_in(&mut [chapter("a.md", &mut home), chapter("b.md", &mut page)])?;
        assert_eq!(home, HOME);
        Ok(page)
    }

    #[test]
    fn an_equation_is_shown_without_its_number() {
        assert_eq!(
            put("(3.9):\n\n{{eq 3.9}}\n").unwrap(),
            "(3.9):\n\n$$\nx = y\n$$\n"
        );
    }

    #[test]
    fn code_is_left_alone() {
        let page = "```text\n{{eq 3.9}}\n```\n";
        assert_eq!(put(page).unwrap(), page);
    }

    #[test]
    fn what_no_page_has_is_named() {
        for number in ["3.8", "1.1", ""] {
            let error = put(&format!("{{{{eq {number}}}}}\n")).unwrap_err();
            assert_eq!(error.to_string(), format!("b.md: no equation ({number})"));
        }
    }
}
