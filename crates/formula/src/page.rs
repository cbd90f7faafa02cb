//! The displays of a page, and the notes beside them.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs};

use serde::de::DeserializeOwned;

use crate::fault::Fault;
use crate::notes::{Notes, PageNotes};

/// A page of the book.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its path below the book: `derivation/softmax.md`.
    pub name: String,
    /// Its displays, in their order.
    pub displays: Vec<Display>,
    /// What it declares.
    pub notes: PageNotes,
}

/// A displayed equation.
#[derive(Debug, Clone)]
pub struct Display {
    /// Its number, `3.9`.
    pub tag: String,
    /// What stands between `$$` and `$$`, with what it includes.
    pub tex: String,
    /// Its own conditions.
    pub notes: Notes,
    /// Where each line of the TeX stands.
    lines: Vec<Place>,
}

/// Where a line of TeX stands in its page; an included one, where it is included.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The line, counted from 1.
    line: usize,
    /// How many characters stand before it in its line: the `$$`.
    before: usize,
}

/// What is wrong, and where a reader of the sources finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The page.
    pub page: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            page,
            line,
            column,
            message,
        } = self;
        write!(f, "book/{page}:{line}:{column}: {message}")
    }
}

impl std::error::Error for Problem {}

impl Display {
    /// A fault in its TeX, as a problem of its page.
    pub fn problem(&self, page: &str, fault: &Fault) -> Problem {
        let before = self
            .tex
            .get(..fault.at.min(self.tex.len()))
            .unwrap_or_default();
        let line = before.matches('\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let place = self.lines.get(line).or(self.lines.last()).copied();
        let place = place.unwrap_or(Place { line: 1, before: 0 });
        Problem {
            page: page.to_owned(),
            line: place.line,
            column: place.before + column,
            message: format!("({}): {}", self.tag, fault.message),
        }
    }
}

impl Page {
    /// Reads a page of a book.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read, or a note.
    pub fn read(book: &Path, name: &str) -> Result<Self, Problem> {
        let path = book.join(name);
        let problem = |line: usize, message: String| Problem {
            page: name.to_owned(),
            line,
            column: 1,
            message,
        };
        let text = fs::read_to_string(&path).map_err(|error| problem(1, error.to_string()))?;
        let include = |file: &str| {
            let path = path.with_file_name(file);
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        Self::parse(name, &text, include)
    }

    /// Reads the text of a page; `include` reads what it includes.
    ///
    /// # Errors
    ///
    /// Where an include or a note cannot be read, or a display lacks its tag or its end.
    pub fn parse(
        name: &str,
        text: &str,
        include: impl Fn(&str) -> Result<String, String>,
    ) -> Result<Self, Problem> {
        let problem = |line: usize, message: String| Problem {
            page: name.to_owned(),
            line,
            column: 1,
            message,
        };
        let mut reader = Reader::default();
        for (number, line) in text.lines().enumerate() {
            let read = reader.line(number + 1, line, &include);
            read.map_err(|message| problem(reader.fault.unwrap_or(number + 1), message))?;
        }
        if let Some((line, what)) = reader.state.open() {
            return Err(problem(line, format!("the {what} has no end")));
        }
        let mut notes = reader.notes;
        for display in &mut reader.displays {
            if let Some((_, note)) = notes.remove(&display.tag) {
                display.notes = note;
            }
        }
        match notes.pop_first() {
            Some((tag, (line, _))) => {
                let message = format!("the note is for ({tag}), which is no equation of this page");
                Err(problem(line, message))
            }
            None => Ok(Self {
                name: name.to_owned(),
                displays: reader.displays,
                notes: reader.page,
            }),
        }
    }
}

#[derive(Default)]
struct Reader {
    state: State,
    displays: Vec<Display>,
    notes: BTreeMap<String, (usize, Notes)>,
    page: PageNotes,
    /// The line of a fault, where it is not the last that was read.
    fault: Option<usize>,
}

#[derive(Default)]
enum State {
    #[default]
    Text,
    /// In a block of code: its fence, and the line at which it begins.
    Code(String, usize),
    /// In a display: its TeX and where each line of it stands.
    Display(String, Vec<Place>),
    /// In a note: its text, and the line at which it begins.
    Note(String, usize),
}

impl State {
    /// What has no end yet, and the line at which it begins.
    fn open(&self) -> Option<(usize, &str)> {
        match self {
            Self::Text => None,
            Self::Code(_, line) => Some((*line, "block of code")),
            Self::Display(_, places) => Some((places.first()?.line, "display")),
            Self::Note(_, line) => Some((*line, "note")),
        }
    }
}

/// A line with what it includes.
fn expanded(
    line: &str,
    include: &impl Fn(&str) -> Result<String, String>,
) -> Result<String, String> {
    let mut pieces = line.split("{{#include ");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let Some((file, rest)) = piece.split_once("}}") else {
            return Err("an include without its end".to_owned());
        };
        // A file that is not there leaves its include where it stands, and the formula refuses
        // that: the cell that writes the file needs the other formulas first.
        match include(file.trim()) {
            Ok(included) => text.push_str(included.trim_end()),
            Err(_) => text.push_str(&format!("{{{{#include {file}}}}}")),
        }
        text.push_str(rest);
    }
    Ok(text)
}

impl Reader {
    fn line(
        &mut self,
        number: usize,
        line: &str,
        include: &impl Fn(&str) -> Result<String, String>,
    ) -> Result<(), String> {
        let trimmed = line.trim();
        match &mut self.state {
            State::Code(fence, _) => {
                if ends(trimmed, fence) {
                    self.state = State::Text;
                }
            }
            State::Display(tex, places) => {
                let last = line.trim_end().strip_suffix("$$");
                let text = expanded(last.unwrap_or(line), include)?;
                for line in text.lines() {
                    tex.push_str(line);
                    tex.push('\n');
                    places.push(Place {
                        line: number,
                        before: 0,
                    });
                }
                if last.is_some() {
                    return self.end_display();
                }
            }
            State::Note(text, begin) => {
                let begin = *begin;
                match trimmed.strip_suffix("-->") {
                    Some(last) => {
                        text.push_str(last);
                        let text = std::mem::take(text);
                        self.state = State::Text;
                        return self.note(&text, begin);
                    }
                    None => {
                        text.push_str(line);
                        text.push('\n');
                    }
                }
            }
            State::Text => return self.text(number, line, include),
        }
        Ok(())
    }

    fn text(
        &mut self,
        number: usize,
        line: &str,
        include: &impl Fn(&str) -> Result<String, String>,
    ) -> Result<(), String> {
        let trimmed = line.trim();
        if let Some(fence) = fence(trimmed) {
            self.state = State::Code(fence.to_owned(), number);
        } else if let Some(rest) = trimmed.strip_prefix("$$") {
            let last = rest.strip_suffix("$$");
            let text = expanded(last.unwrap_or(rest), include)?;
            let before = line.chars().take_while(|one| one.is_whitespace()).count() + 2;
            let places = vec![
                Place {
                    line: number,
                    before
                };
                text.lines().count().max(1)
            ];
            self.state = State::Display(format!("{text}\n"), places);
            if last.is_some() {
                return self.end_display();
            }
        } else if is_note(trimmed) {
            match trimmed.strip_suffix("-->") {
                Some(note) => return self.note(note, number),
                None => self.state = State::Note(format!("{trimmed}\n"), number),
            }
        } else if without_code(trimmed).contains("$$") {
            return Err("a display stands in lines of its own".to_owned());
        }
        Ok(())
    }

    fn end_display(&mut self) -> Result<(), String> {
        let State::Display(tex, lines) = std::mem::take(&mut self.state) else {
            return Ok(());
        };
        let tag = tex
            .split_once("\\tag{")
            .and_then(|(_, rest)| rest.split_once('}'));
        let Some((tag, _)) = tag else {
            return Err("the display has no tag".to_owned());
        };
        let tag = tag.trim().to_owned();
        if self.displays.iter().any(|other| other.tag == tag) {
            return Err(format!("a second equation ({tag})"));
        }
        self.displays.push(Display {
            tag,
            tex,
            notes: Notes::default(),
            lines,
        });
        Ok(())
    }

    fn note(&mut self, text: &str, line: usize) -> Result<(), String> {
        self.fault = Some(line);
        let text = text.trim().strip_prefix("<!--").unwrap_or_default();
        if let Some(rest) = text.trim_start().strip_prefix("symbols") {
            let notes = self.read(text, rest)?;
            self.page.extend(notes);
        } else {
            self.note_of_display(text, line)?;
        }
        self.fault = None;
        Ok(())
    }

    fn note_of_display(&mut self, text: &str, line: usize) -> Result<(), String> {
        let rest = text.trim_start().strip_prefix("eq").unwrap_or_default();
        let Some((tags, note)) = rest.split_once(':') else {
            return Err("expected `<!-- eq 3.10: … -->`".to_owned());
        };
        let notes: Notes = self.read(text, note)?;
        for tag in tags.split(',').map(str::trim) {
            let before = self.notes.insert(tag.to_owned(), (line, notes.clone()));
            if before.is_some() {
                return Err(format!("a second note for ({tag})"));
            }
        }
        Ok(())
    }

    /// Reads the rest of a note, and notes the line of what cannot be read.
    fn read<T: DeserializeOwned>(&mut self, text: &str, rest: &str) -> Result<T, String> {
        toml::from_str(rest).map_err(|error| {
            let place = text.len() - rest.len() + error.span().map_or(0, |span| span.start);
            let before = text.get(..place).unwrap_or_default().matches('\n').count();
            self.fault = self.fault.map(|line| line + before);
            format!("the note cannot be read: {}", error.message())
        })
    }
}

/// The fence of a block of code that begins with this line.
fn fence(trimmed: &str) -> Option<&str> {
    let mark = trimmed
        .chars()
        .next()
        .filter(|mark| matches!(mark, '`' | '~'))?;
    let length = trimmed.len() - trimmed.trim_start_matches(mark).len();
    let (fence, info) = trimmed.split_at(length);
    // Of backticks, a whole span of code may stand in one line.
    let is_span = mark == '`' && info.contains('`');
    (length >= 3 && !is_span).then_some(fence)
}

/// Whether a line ends the block of code with this fence: with as many marks, or more.
fn ends(trimmed: &str, fence: &str) -> bool {
    let mark = fence.chars().next().unwrap_or('`');
    trimmed.starts_with(fence) && trimmed.chars().all(|one| one == mark)
}

/// Whether a note begins with this line, however it is spaced.
fn is_note(trimmed: &str) -> bool {
    let inner = trimmed.strip_prefix("<!--").map(str::trim_start);
    inner.is_some_and(|inner| {
        let word = inner.split(|one: char| !one.is_ascii_alphabetic()).next();
        matches!(word, Some("eq" | "symbols"))
    })
}

/// A line without what stands in backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}
