//! A lecture as it is written: its parts, their slides, and what it may hold.

use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

use crate::equations::Equations;
use crate::steps;

/// The Markdown of a lecture.
pub const MARKDOWN: Options = Options::ENABLE_TABLES.union(Options::ENABLE_HEADING_ATTRIBUTES);

/// What a lecture takes its equations and outputs from.
pub struct Sources<'a> {
    pub equations: &'a Equations,
    /// The file of the lecture, from which an include counts.
    pub lecture: &'a Path,
    /// The folder of the book.
    pub book: &'a Path,
}

/// A heading of a lecture.
#[derive(Debug, PartialEq)]
pub struct Heading {
    /// Where it begins.
    pub at: usize,
    pub kind: Kind,
}

/// `# Title`, `# Part {minutes=25}` or `## Slide {minutes=3}`.
#[derive(Debug, PartialEq)]
pub enum Kind {
    Title,
    Part(u32),
    Slide(Option<u32>),
}

/// The headings of a lecture.
pub fn headings(text: &str) -> Vec<Heading> {
    let events = Parser::new_ext(text, MARKDOWN).into_offset_iter();
    let headings = events.filter_map(|(event, range)| {
        let Event::Start(Tag::Heading { level, attrs, .. }) = event else {
            return None;
        };
        let minutes = attrs.iter().find(|(name, _)| &**name == "minutes");
        let minutes = minutes.and_then(|(_, value)| value.as_ref()?.parse().ok());
        let kind = match (level, minutes) {
            (HeadingLevel::H1, None) => Kind::Title,
            (HeadingLevel::H1, Some(minutes)) => Kind::Part(minutes),
            (HeadingLevel::H2, minutes) => Kind::Slide(minutes),
            _ => return None,
        };
        Some(Heading {
            at: range.start,
            kind,
        })
    });
    headings.collect()
}

/// The lecture with its equations in it; or what is wrong with it, `12: …`, by its lines.
pub fn expanded(text: &str, sources: &Sources) -> Result<String, Vec<String>> {
    let mut problems = timing(text);
    let mut expanded = String::new();
    let mut step = 1;
    for (index, line) in text.lines().enumerate() {
        let mut say = |message: String| problems.push((index + 1, message));
        for message in typed(line, sources) {
            say(message);
        }
        if line.starts_with("## ") {
            step = 1;
        }
        match with_equations(line, &mut step, sources.equations) {
            Ok(line) => expanded += &line,
            Err(message) => say(message),
        }
        expanded.push('\n');
    }
    match problems.is_empty() {
        true => Ok(expanded),
        false => {
            problems.sort();
            let lines = problems.into_iter();
            Err(lines
                .map(|(line, message)| format!("{line}: {message}"))
                .collect())
        }
    }
}

/// Checks that each slide says how long it takes and has notes, and that the minutes of a part add
/// up to those that it announces.
fn timing(text: &str) -> Vec<(usize, String)> {
    let mut problems = Vec::new();
    let mut part: Option<(usize, u32, u32)> = None;
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let close = |part: Option<(usize, u32, u32)>, problems: &mut Vec<(usize, String)>| {
        if let Some((at, announced, found)) = part.filter(|(_, a, f)| a != f) {
            let message = format!("expected slides of {announced} minutes, found {found}");
            problems.push((line(at), message));
        }
    };
    let headings = headings(text);
    for (index, heading) in headings.iter().enumerate() {
        match (&heading.kind, &mut part) {
            (Kind::Title, None) if index == 0 => {}
            (Kind::Title, _) => {
                problems.push((line(heading.at), "a part without its minutes".to_owned()));
            }
            (Kind::Part(minutes), _) => {
                close(part.take(), &mut problems);
                part = Some((heading.at, *minutes, 0));
            }
            (Kind::Slide(Some(minutes)), Some((_, _, sum))) => *sum += minutes,
            (Kind::Slide(Some(_)), None) => {
                problems.push((line(heading.at), "a slide outside of a part".to_owned()));
            }
            (Kind::Slide(None), _) => {
                problems.push((line(heading.at), "a slide without its minutes".to_owned()));
            }
        }
        if let Kind::Slide(_) = heading.kind {
            let end = headings.get(index + 1).map_or(text.len(), |next| next.at);
            let slide = &text[heading.at..end];
            let notes = [NOTES, "</aside>"].map(|tag| slide.matches(tag).count());
            if notes != [1, 1] {
                let message = format!("expected one {NOTES} … </aside>, found {}", notes[0]);
                problems.push((line(heading.at), message));
            }
            // The window with the notes has no style sheet for formulas.
            let formula = slide
                .find(NOTES)
                .and_then(|at| Some(at + slide[at..].find('$')?));
            if let Some(at) = formula {
                let message = "a formula in notes; write it in letters, θ₂".to_owned();
                problems.push((line(heading.at + at), message));
            }
        }
    }
    close(part, &mut problems);
    problems
}

/// What begins the notes of a slide.
pub const NOTES: &str = "<aside class=\"notes\">";

/// What a line holds that no run has written: a number with decimals, a displayed equation, a
/// reference to none, an include from elsewhere.
fn typed(line: &str, sources: &Sources) -> Vec<String> {
    let mut problems = Vec::new();
    let mut rest = String::new();
    for (index, piece) in line.split("{{").enumerate() {
        let (inside, after) = piece.split_once("}}").unwrap_or(("", piece));
        if index > 0
            && let Some(file) = inside.strip_prefix("#include ")
        {
            problems.extend(elsewhere(file.trim(), sources));
        } else if inside.starts_with('#') {
            problems.push(format!("{{{{{inside}}}}} is no include"));
        }
        rest += after;
    }
    if rest.contains("$$") {
        problems.push("a display is taken from the book: {{eq 3.9}} or {{steps 3.9}}".to_owned());
    }
    for number in decimals(&rest) {
        let in_brackets = rest.contains(&format!("({number})"));
        match sources.equations.get(number) {
            Some(_) if in_brackets => {}
            None if in_brackets => problems.push(format!("({number}) is no equation of the book")),
            _ => problems.push(format!(
                "{number} is typed; include it from what a cell printed"
            )),
        }
    }
    problems
}

/// The decimal numbers of a text.
fn decimals(text: &str) -> Vec<&str> {
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let runs = runs.map(|run| run.trim_matches('.'));
    runs.filter(|run| run.contains('.') && !run.contains(".."))
        .collect()
}

/// Why a file may not be included: it is not there, or no cell has written it.
fn elsewhere(file: &str, sources: &Sources) -> Option<String> {
    let path = sources.lecture.with_file_name(file);
    let Ok(path) = path.canonicalize() else {
        return Some(format!("{file} is not there"));
    };
    let written = ["out", "figures"].map(|folder| sources.book.join(folder));
    let written = written
        .iter()
        .filter_map(|folder| folder.canonicalize().ok());
    let is_written = written.into_iter().any(|folder| path.starts_with(folder));
    (!is_written).then(|| format!("{file} is neither an output nor a figure of the book"))
}

/// A line with its equations in it, and its steps counted.
fn with_equations(line: &str, step: &mut usize, equations: &Equations) -> Result<String, String> {
    let own = "class=\"fragment\"";
    if line.contains(own) {
        let counted = format!("class=\"fragment step-{step}\"");
        *step += 1;
        return Ok(line.replacen(own, &counted, 1));
    }
    let directive = line
        .trim()
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"));
    let Some((how, number)) = directive.and_then(|inside| inside.split_once(' ')) else {
        return Ok(line.to_owned());
    };
    let find = || {
        let tex = equations.get(number.trim());
        tex.ok_or_else(|| format!("({number}) is no equation of the book"))
    };
    let tex = match how {
        "eq" => find()?.to_owned(),
        "steps" => {
            let (tex, next) = steps::stepped(find()?, *step)
                .ok_or_else(|| format!("({number}) has no members to be shown one by one"))?;
            *step = next;
            tex
        }
        _ => return Ok(line.to_owned()),
    };
    // Starred, so that no second anchor is made of it: an equation may stand in several lectures.
    Ok(format!("$$\n{tex}\n\\tag*{{({})}}\n$$", number.trim()))
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::*;

    const SLIDE: &str = "# Title\n\n# Part {minutes=3}\n\n## Slide {minutes=3}\n\nTEXT\n\n<aside class=\"notes\">\n\nNOTES\n\n</aside>\n";

    /// What becomes of a lecture, in a book with the equation (1.1) and the output `out/a.txt`.
    fn lecture(text: &str) -> Result<String, Vec<String>> {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default().replace("::", "-");
        let root = env::temp_dir().join(format!("mdbook-slides-{}-{name}", process::id()));
        fs::create_dir_all(root.join("book/out")).unwrap();
        fs::create_dir_all(root.join("lectures")).unwrap();
        fs::write(root.join("book/out/a.txt"), "0.25\n").unwrap();
        fs::write(root.join("book/a.md"), "$$\na = b = c\n\\tag{1.1}\n$$\n").unwrap();
        let sources = Sources {
            equations: &Equations::read(&root.join("book")).unwrap(),
            lecture: &root.join("lectures/a.md"),
            book: &root.join("book"),
        };
        let found = expanded(text, &sources);
        fs::remove_dir_all(root).unwrap();
        found
    }

    fn with(text: &str, notes: &str) -> Vec<String> {
        let text = SLIDE.replace("TEXT", text).replace("NOTES", notes);
        lecture(&text).err().unwrap_or_default()
    }

    #[test]
    fn a_lecture_of_the_book_passes() {
        let text = "By (1.1), {{#include ../book/out/a.txt}} of 3.\n\n{{eq 1.1}}";
        assert_eq!(with(text, "(1.1) at 10:30."), [""; 0]);
    }

    #[test]
    fn a_number_that_no_cell_wrote_is_refused() {
        let typed = |line: usize, number: &str| {
            vec![format!(
                "{line}: {number} is typed; include it from what a cell printed"
            )]
        };
        assert_eq!(with("Loss: 0.5", ""), typed(7, "0.5"));
        assert_eq!(with("", "It is 2.02968 now."), typed(11, "2.02968"));
        assert_eq!(with("$-7.61$", ""), typed(7, "7.61"));
        assert_eq!(with("<b>1.1</b>", ""), typed(7, "1.1"));
    }

    #[test]
    fn an_equation_is_one_of_the_book() {
        assert_eq!(
            with("$$a = b$$", ""),
            ["7: a display is taken from the book: {{eq 3.9}} or {{steps 3.9}}"]
        );
        assert_eq!(
            with("{{eq 1.2}} and (1.3)", ""),
            ["7: (1.3) is no equation of the book"]
        );
        for directive in ["eq", "steps"] {
            assert_eq!(
                with(&format!("{{{{{directive} 1.2}}}}"), ""),
                ["7: (1.2) is no equation of the book"]
            );
        }
    }

    #[test]
    fn an_include_is_what_a_cell_wrote() {
        assert_eq!(
            with("{{#include ../book/out/b.txt}}", ""),
            ["7: ../book/out/b.txt is not there"]
        );
        assert_eq!(
            with("{{#include ../book/a.md}}", ""),
            ["7: ../book/a.md is neither an output nor a figure of the book"]
        );
        assert_eq!(with("{{#title a}}", ""), ["7: {{#title a}} is no include"]);
    }

    #[test]
    fn minutes_add_up() {
        let lines = |text: &str| lecture(text).unwrap_err();
        assert_eq!(
            lines(&SLIDE.replace("Part {minutes=3}", "Part {minutes=4}")),
            ["3: expected slides of 4 minutes, found 3"]
        );
        assert_eq!(
            lines(&SLIDE.replace("Slide {minutes=3}", "Slide")),
            [
                "3: expected slides of 3 minutes, found 0",
                "5: a slide without its minutes"
            ]
        );
        assert_eq!(
            lines(&SLIDE.replace("Part {minutes=3}", "Part")),
            [
                "3: a part without its minutes",
                "5: a slide outside of a part"
            ]
        );
    }

    #[test]
    fn a_slide_has_notes_that_can_be_read_elsewhere() {
        let without = SLIDE.replace(NOTES, "").replace("</aside>", "");
        assert_eq!(
            lecture(&without).unwrap_err(),
            ["5: expected one <aside class=\"notes\"> … </aside>, found 0"]
        );
        assert_eq!(
            with("$a$", "the $\\theta$"),
            ["11: a formula in notes; write it in letters, θ₂"]
        );
    }

    #[test]
    fn steps_are_counted_through_a_slide() {
        let text = "{{steps 1.1}}\n<p class=\"fragment\">d</p>\n{{steps 1.1}}";
        let slide = SLIDE.replace("TEXT", text);
        let part = slide.replace("# Title\n\n", "").replace("Part", "Another");
        let both = lecture(&format!("{slide}\n{part}")).unwrap();
        let steps: Vec<&str> = both
            .split("fragment step-")
            .skip(1)
            .map(|rest| &rest[..1])
            .collect();
        assert_eq!(steps.join(""), "1234512345");
        assert!(both.contains("\\tag*{(1.1)}"), "{both}");
    }
}
