//! A report on the exercises: as a page for people, and as JSON for machines.

use std::fmt::Write;

use serde::Serialize;

/// The report on one student's exercises.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Whose it is, or what it is on.
    pub title: String,
    /// One line an exercise, in the order of the book.
    pub lines: Vec<Line>,
    /// What a person marks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHand>,
}

/// What became of an exercise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its file, without the extension.
    pub exercise: String,
    /// Its heading in the book.
    pub title: String,
    /// The points that it has when it is done.
    pub of: u32,
    /// Why it is not done yet; nothing when it is.
    pub message: Option<String>,
    /// What it printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub printed: String,
}

impl Line {
    /// All points of the exercise, or none.
    pub fn points(&self) -> u32 {
        match self.message {
            None => self.of,
            Some(_) => 0,
        }
    }
}

/// An exercise for a pencil, or an experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByHand {
    /// Its heading in the book.
    pub title: String,
    /// The points that it has.
    pub of: u32,
}

impl Report {
    /// The points of all exercises that are done.
    pub fn points(&self) -> u32 {
        self.lines.iter().map(Line::points).sum()
    }

    /// The points of all exercises.
    pub fn of(&self) -> u32 {
        self.lines.iter().map(|line| line.of).sum()
    }

    /// Whether every exercise is done.
    pub fn is_complete(&self) -> bool {
        self.lines.iter().all(|line| line.message.is_none())
    }

    /// The report as a page, whole in one file.
    pub fn page(&self) -> String {
        let title = escape(&self.title);
        let (points, of) = (self.points(), self.of());
        let done = self.lines.iter().filter(|line| line.message.is_none());
        let (done, all) = (done.count(), self.lines.len());
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <h1>{title}</h1>\n\
             <p>{done} of {all} exercises are done: {points} of {of} points.</p>\n\
             <table>\n<thead><tr><th scope=\"col\">exercise</th><th scope=\"col\">points</th>\
             <th scope=\"col\">what was found</th></tr></thead>\n<tbody>\n"
        );
        for line in &self.lines {
            page.push_str(&row(line));
        }
        page.push_str("</tbody>\n</table>\n");
        if !self.by_hand.is_empty() {
            page.push_str("<h2>Marked by hand</h2>\n<ul>\n");
            for ByHand { title, of } in &self.by_hand {
                let title = escape(title);
                // Writing to a string does not fail.
                let _ = writeln!(page, "<li>{title}, {of} points</li>");
            }
            page.push_str("</ul>\n");
        }
        page + "</body>\n</html>\n"
    }

    /// The report as JSON, with the points of each line.
    ///
    /// # Errors
    ///
    /// Says what could not be written, as the library has it; no report is known that cannot.
    pub fn json(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Counted<'a, T> {
            points: u32,
            of: u32,
            #[serde(flatten)]
            rest: &'a T,
        }
        #[derive(Serialize)]
        struct Earned<'a> {
            points: u32,
            #[serde(flatten)]
            line: &'a Line,
        }
        #[derive(Serialize)]
        struct Rest<'a> {
            title: &'a str,
            exercises: Vec<Earned<'a>>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            by_hand: &'a [ByHand],
        }
        let exercises = self.lines.iter().map(|line| Earned {
            points: line.points(),
            line,
        });
        let rest = Rest {
            title: &self.title,
            exercises: exercises.collect(),
            by_hand: &self.by_hand,
        };
        let counted = Counted {
            points: self.points(),
            of: self.of(),
            rest: &rest,
        };
        Ok(serde_json::to_string_pretty(&counted)? + "\n")
    }
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}\
code{font-weight:normal}\
th,td{border:1px solid;padding:.3rem .6rem;text-align:left;vertical-align:top}\
td:nth-child(2){white-space:nowrap}\
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}";

fn row(line: &Line) -> String {
    let (title, exercise) = (escape(&line.title), escape(&line.exercise));
    let (points, of) = (line.points(), line.of);
    let found = match &line.message {
        None => "done".to_owned(),
        Some(message) => format!("<pre>{}</pre>", escape(message)),
    };
    let printed = match line.printed.trim_end() {
        "" => String::new(),
        text => format!(
            "<details><summary>what it printed</summary><pre>{}</pre></details>",
            escape(text)
        ),
    };
    format!(
        "<tr><th scope=\"row\">{title}<br><code>{exercise}.rs</code></th><td>{points} of {of}</td><td>{found}{printed}</td></tr>\n"
    )
}

/// Text as it may stand between tags and in quoted attributes. Control characters, which a terminal
/// would obey, become a mark that is seen.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let line = |exercise: &str, of, message: Option<&str>| Line {
            exercise: exercise.to_owned(),
            title: format!("1. The <{exercise}>"),
            of,
            message: message.map(str::to_owned),
            printed: String::new(),
        };
        Report {
            title: "Zoë & \"Co\"".to_owned(),
            lines: vec![
                line("loss", 5, None),
                line("dual", 3, Some("<script>\u{1b}[2J")),
            ],
            by_hand: Vec::new(),
        }
    }

    #[test]
    fn a_page_holds_text_as_text() {
        let page = report().page();
        assert!(page.contains("<h1>Zoë &amp; &quot;Co&quot;</h1>"), "{page}");
        assert!(page.contains("1 of 2 exercises are done: 5 of 8 points"));
        assert!(page.contains("<pre>&lt;script&gt;\u{fffd}[2J</pre>"));
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn json_holds_the_points_of_each() {
        let read: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(read["points"], 5);
        assert_eq!(read["of"], 8);
        assert_eq!(read["exercises"][1]["points"], 0);
        assert_eq!(read["exercises"][1]["exercise"], "dual");
    }
}
