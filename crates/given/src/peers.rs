//! What other crates answer, for the page *Which softmax?*, as `benches/peers/answers.txt` holds it.

use std::fs;

use crate::not_given::NotGiven;

const QUESTIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/peers/right.txt");
const ANSWERS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../benches/peers/answers.txt"
);

/// A question, what is right, and what each crate answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The name of the case.
    name: String,
    /// `f64` or `f32`.
    kind: String,
    /// `probability`, `loss` or `fit`.
    quantity: String,
    class: String,
    logits: String,
    right: String,
    /// Of each crate its name with its version, what is said of its answer, and the answer.
    answers: Vec<[String; 3]>,
}

impl Row {
    /// What is said of the answer of a crate, whose name begins so.
    fn verdict(&self, name: &str) -> &str {
        let mut answers = self.answers.iter();
        let found = answers.find(|answer| answer[0].starts_with(name));
        found.map_or("", |answer| &answer[1])
    }

    /// What is said of the answers of all crates but the first, this one.
    fn others(&self) -> Vec<&str> {
        let others = self.answers.iter().skip(1);
        others.map(|answer| answer[1].as_str()).collect()
    }
}

/// What is said of a crate, whose name begins so, at each row of a quantity and a case. In `f64`
/// alone this crate is asked, and each fit.
pub fn said<'a>(rows: &'a [Row], quantity: &str, name: &str, of: &str) -> Vec<&'a str> {
    let rows = rows.iter();
    let rows = rows.filter(|row| row.quantity == quantity && row.name == name);
    let said = rows.map(|row| row.verdict(of));
    said.filter(|verdict| *verdict != "—").collect()
}

/// Whether the same is said of all crates but this one, at both types; who cannot be asked is none.
pub fn others_are(rows: &[Row], quantity: &str, name: &str, verdict: &str) -> bool {
    let rows = rows.iter();
    let rows = rows.filter(|row| row.quantity == quantity && row.name == name);
    let others: Vec<Vec<&str>> = rows.map(Row::others).collect();
    let mut all = others.iter().flatten().filter(|other| **other != "—");
    others.len() == 2 && all.all(|other| *other == verdict)
}

/// Whether at each case the same is said in `f32` as in `f64` of all crates but this one.
pub fn agree_in_f32(rows: &[Row]) -> bool {
    let of_kind = |kind: &'static str| {
        let rows = rows.iter().filter(move |row| row.kind == kind);
        rows.filter(|row| row.quantity != "fit").map(Row::others)
    };
    of_kind("f32").count() > 0 && of_kind("f32").eq(of_kind("f64"))
}

/// All rows, in the order of the file.
///
/// # Errors
///
/// Where a file cannot be read, or one does not answer the other.
pub fn rows() -> Result<Vec<Row>, NotGiven> {
    parse(&read(QUESTIONS)?, &read(ANSWERS)?)
}

fn read(path: &'static str) -> Result<String, NotGiven> {
    fs::read_to_string(path).map_err(|error| NotGiven::Read { path, error })
}

fn fields<const N: usize>(line: &str) -> Result<[String; N], NotGiven> {
    let fields: Vec<String> = line.split(" | ").map(str::to_owned).collect();
    fields
        .try_into()
        .map_err(|_| NotGiven::Peers(line.to_owned()))
}

fn parse(questions: &str, answers: &str) -> Result<Vec<Row>, NotGiven> {
    let mut rows = Vec::new();
    let mut answers = answers.lines().peekable();
    for line in questions.lines() {
        let [name, kind, quantity, class, logits, right] = fields(line)?;
        let asked = format!("{name} | {kind} | {quantity} | ");
        let mut of_row: Vec<[String; 3]> = Vec::new();
        while let Some(answer) = answers.peek().and_then(|line| line.strip_prefix(&asked)) {
            let answer = fields(answer)?;
            // The first crate once more: the same question at another place.
            if of_row.first().is_some_and(|first| first[0] == answer[0]) {
                break;
            }
            of_row.push(answer);
            answers.next();
        }
        if of_row.is_empty() {
            return Err(NotGiven::Peers(line.to_owned()));
        }
        rows.push(Row {
            name,
            kind,
            quantity,
            class,
            logits,
            right,
            answers: of_row,
        });
    }
    match answers.next() {
        Some(line) => Err(NotGiven::Peers(line.to_owned())),
        None => Ok(rows),
    }
}

/// The rows of one quantity in `f64` as a table in Markdown, without the crates that cannot be
/// asked for it.
pub fn table(rows: &[Row], quantity: &str) -> String {
    let rows = rows.iter();
    let rows = rows.filter(|row| row.kind == "f64" && row.quantity == quantity);
    let rows: Vec<&Row> = rows.collect();
    let is_asked = |at: &usize| rows.iter().any(|row| row.answers[*at][1] != "—");
    let crates: Vec<usize> = (0..rows.first().map_or(0, |row| row.answers.len()))
        .filter(is_asked)
        .collect();
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if at == 0 {
            let names = crates.iter().map(|at| row.answers[*at][0].as_str());
            let names: Vec<&str> = names
                .map(|name| name.split(['-', ' ']).next().unwrap_or_default())
                .map(|name| {
                    if name == "softmax" {
                        "this crate"
                    } else {
                        name
                    }
                })
                .collect();
            let asked = match quantity {
                "fit" => "distance",
                _ => "logits | class",
            };
            lines.push(format!("{asked} | right | {}", names.join(" | ")));
            let columns = lines[0].split(" | ").count();
            lines.push(vec!["---"; columns].join("|"));
        }
        let asked = match quantity {
            "fit" => row.logits.clone(),
            _ => format!("{} | {}", logits(&row.logits), row.class),
        };
        let verdicts: Vec<&str> = crates
            .iter()
            .map(|at| row.answers[*at][1].as_str())
            .collect();
        let verdicts = verdicts.join(" | ");
        lines.push(format!("{asked} | {} | {verdicts}", right(&row.right)));
    }
    let lines = lines.into_iter().map(|line| match line.starts_with("--") {
        true => format!("|{line}|\n"),
        false => format!("| {line} |\n").replace('-', "−"),
    });
    lines.collect()
}

/// Rows in brackets.
fn logits(text: &str) -> String {
    let rows = text.split("; ").map(|row| {
        let row = row.replace("inf", "∞").replace(' ', ",\u{a0}");
        format!("[{row}]")
    });
    rows.collect::<Vec<_>>().join(" beside ")
}

/// What is right, in three digits after the point.
fn right(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(0.0) => "0".to_owned(),
        Ok(right) if right < 1e-3 => format!("{right:.3e}"),
        Ok(right) => format!("{right:.3}"),
        Err(_) => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: &str = "a | f64 | loss | 1 | 0 -inf; 1e308 2 | 2.5e-13\n";
    const ANSWER: &str = "a | f64 | loss | softmax-backprop 1 | right | 1\na | f64 | loss | b 2 | 1e-4 | 2\na | f64 | loss | c 3 | — | none\n";

    #[test]
    fn a_table_holds_what_is_said_of_each_answer() {
        let rows = parse(QUESTION, ANSWER).unwrap();
        assert_eq!(
            table(&rows, "loss"),
            "| logits | class | right | this crate | b |\n|---|---|---|---|---|\n\
             | [0,\u{a0}−∞] beside [1e308,\u{a0}2] | 1 | 2.500e−13 | right | 1e−4 |\n"
        );
    }

    #[test]
    fn what_is_said_is_found() {
        let in_f32 = |text: &str| text.to_owned() + &text.replace("f64", "f32");
        let rows = parse(&in_f32(QUESTION), &in_f32(ANSWER)).unwrap();
        assert_eq!(said(&rows, "loss", "a", "b"), ["1e-4"; 2]);
        assert_eq!(said(&rows, "loss", "a", "c"), [""; 0]);
        assert!(others_are(&rows, "loss", "a", "1e-4") && agree_in_f32(&rows));
        assert!(!others_are(&rows, "loss", "a", "right"));
        assert!(!others_are(&rows, "loss", "b", "1e-4"));
        let differ = in_f32(ANSWER).replacen("1e-4", "0", 1);
        let rows = parse(&in_f32(QUESTION), &differ).unwrap();
        assert!(!others_are(&rows, "loss", "a", "1e-4") && !agree_in_f32(&rows));
    }

    #[test]
    fn a_question_without_an_answer_is_refused() {
        assert!(parse(QUESTION, "").is_err());
        assert!(parse("", ANSWER).is_err());
        assert!(parse(&QUESTION.replace("loss", "fit"), ANSWER).is_err());
        assert!(parse(QUESTION, &ANSWER.replace(" | 2", "")).is_err());
    }

    #[test]
    fn the_files_fit_together() {
        let rows = rows().unwrap();
        assert!(
            rows.iter()
                .all(|row| row.answers.len() == rows[0].answers.len())
        );
    }

    #[test]
    fn the_page_names_the_versions_that_answered() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/which-softmax.md");
        let page = read(page).unwrap();
        let rows = rows().unwrap();
        let named = |name: &str| {
            page.contains(&format!("| {name} |")) || page.contains(&format!("| {name}, "))
        };
        for [name, ..] in &rows[0].answers[1..] {
            assert!(named(name), "{name}");
        }
        assert!(!named("burn-nn 0.22"));
    }
}
