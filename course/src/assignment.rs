//! What a class is asked, and what it counts: `assignment.toml` of the teacher's folder.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The name of the file.
pub const FILE: &str = "assignment.toml";

/// What `assignment.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// From which the hidden cases are drawn.
    pub seed: u32,
    /// How long an answer may take for all its cases.
    pub seconds: u32,
    /// How much memory it may take.
    pub megabytes: u32,
    /// The exercises that are graded, in the order of the book.
    pub exercise: Vec<Exercise>,
    /// Those that a person marks.
    #[serde(default)]
    pub by_hand: Vec<ByHand>,
}

/// An exercise in Rust.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Its file, without the extension.
    pub name: String,
    /// Its heading in the book.
    pub title: String,
    /// What it counts when it is done.
    pub points: u32,
}

/// An exercise for a pencil, or an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// Its heading in the book.
    pub title: String,
    /// The most that it can have.
    pub points: u32,
}

impl Assignment {
    /// What a teacher's folder says.
    pub fn read(teacher: &Path) -> Result<Self, Box<dyn Error>> {
        let path = teacher.join(FILE);
        let text = fs::read_to_string(&path).map_err(|error| {
            format!(
                "{}: expected the assignment, found: {error}",
                path.display()
            )
        })?;
        let read = toml::from_str(&text);
        Ok(read.map_err(|error| format!("{}: {error}", path.display()))?)
    }

    /// What the book's pages say: titles and points from the table of *Exercises*, names from what
    /// the pages show.
    pub fn of_book(book: &Path, seed: u32) -> Result<Self, Box<dyn Error>> {
        let asking = fs::read_to_string(book.join("exercises.md"))?;
        let further = fs::read_to_string(book.join("exercises/further.md"))?;
        let names = names(&asking).chain(names(&further));
        let names: Vec<(&str, &str)> = names.collect();
        let (mut exercise, mut by_hand) = (Vec::new(), Vec::new());
        for (title, with, points) in asking.lines().filter_map(row) {
            let title = title.to_owned();
            if with != "code" {
                by_hand.push(ByHand { title, points });
                continue;
            }
            let name = names.iter().find(|(heading, _)| *heading == title);
            let (_, name) = name.ok_or_else(|| {
                format!("exercise {title:?}: expected a page that shows its stub, found none")
            })?;
            let name = (*name).to_owned();
            exercise.push(Exercise {
                name,
                title,
                points,
            });
        }
        Ok(Self {
            seed,
            seconds: 20,
            megabytes: 512,
            exercise,
            by_hand,
        })
    }
}

/// Headings with the names of the files whose stubs stand below them.
fn names(page: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut heading = "";
    page.lines().filter_map(move |line| {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
        }
        let (_, file) = line.split_once("course/exercises/src/")?;
        Some((heading, file.strip_suffix(".rs:stub}}")?))
    })
}

/// Title, kind and points of a line `| [1. Title](…) | [Page](…) | with | level | minutes | points |`.
fn row(line: &str) -> Option<(&str, &str, u32)> {
    let cells: Vec<&str> = line.strip_prefix("| [")?.split(" | ").collect();
    let [exercise, _page, with, _level, _minutes, points] = cells[..] else {
        return None;
    };
    let (title, _) = exercise.split_once("](")?;
    let points = points.trim_end_matches(" |").parse().ok()?;
    Some((title, with, points))
}
