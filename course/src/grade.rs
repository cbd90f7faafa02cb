//! Grades a folder of hand-ins: each answer is compiled and run by itself, in the sandbox.
//!
//! Three processes see to an answer. The judge, made from the teacher's folder, knows what is
//! expected and calls the answer through a socket. The answer's process knows nothing but the
//! arguments that it is sent. This one starts both, and ends them when the time is over: what an
//! answer prints, or with which code it ends, says nothing on whether it is right.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use report::{ByHand, Line, Report};

use crate::assignment::{Assignment, Exercise};

use hand_in::HandIn;
use workshop::Workshop;

pub mod confine;
mod hand_in;
mod process;
mod tables;
mod workshop;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What was graded, and where it is written.
pub struct Graded {
    /// How many hand-ins.
    pub students: usize,
    /// The table, with a folder for each student beside it.
    pub table: PathBuf,
}

/// Grades every folder in `hand_ins`, and writes the table and the reports to `out`.
pub fn grade(hand_ins: &Path, teacher: Option<PathBuf>, out: Option<PathBuf>) -> Result<Graded> {
    let wrong = |error| {
        format!(
            "{}: expected the hand-ins, found: {error}",
            hand_ins.display()
        )
    };
    let hand_ins = fs::canonicalize(hand_ins).map_err(wrong)?;
    let beside = |name| hand_ins.parent().unwrap_or(&hand_ins).join(name);
    let teacher = teacher.unwrap_or_else(|| beside("teacher"));
    let out = out.unwrap_or_else(|| beside("grades"));
    let assignment = Assignment::read(&teacher)?;
    let students = hand_in::list(&hand_ins)?;
    fs::create_dir_all(&out)?;
    let out = fs::canonicalize(out)?;
    if out.starts_with(&hand_ins) {
        let (out, hand_ins) = (out.display(), hand_ins.display());
        return Err(
            format!("the grades: expected a folder outside of {hand_ins}, found {out}").into(),
        );
    }

    let workshop = Workshop::build(&teacher, &assignment)?;
    let lines = all_lines(&workshop, &assignment, &students)?;
    let reports: Vec<Report> = students
        .iter()
        .zip(lines)
        .map(|(student, lines)| Report {
            title: student.name.clone(),
            lines,
            by_hand: by_hand(&assignment),
        })
        .collect();
    let table = tables::write(&out, &reports)?;
    Ok(Graded {
        students: reports.len(),
        table,
    })
}

fn by_hand(assignment: &Assignment) -> Vec<ByHand> {
    let by_hand = assignment.by_hand.iter();
    let by_hand = by_hand.map(|exercise| ByHand {
        title: exercise.title.clone(),
        of: exercise.points,
    });
    by_hand.collect()
}

/// A line for each exercise of each student; as many at a time as there are processors.
fn all_lines(
    workshop: &Workshop,
    assignment: &Assignment,
    students: &[HandIn],
) -> Result<Vec<Vec<Line>>> {
    let exercises = &assignment.exercise;
    let jobs = students
        .iter()
        .flat_map(|student| exercises.iter().map(move |exercise| (student, exercise)));
    let jobs = Mutex::new(jobs.enumerate());
    let next = || jobs.lock().ok()?.next();
    let work = || -> std::result::Result<Vec<(usize, Line)>, String> {
        let mut lines = Vec::new();
        while let Some((number, (student, exercise))) = next() {
            // A large class takes a while: say how far it is.
            if number % exercises.len() == 0 {
                eprintln!("{}", student.name);
            }
            let line = line(workshop, student, exercise);
            let error = |error| format!("{}, {}: {error}", student.name, exercise.name);
            lines.push((number, line.map_err(error)?));
        }
        Ok(lines)
    };
    let mut lines = thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut lines = Vec::new();
        for worker in workers {
            let found = worker.join().map_err(|_| "a worker: it panicked")?;
            lines.extend(found?);
        }
        Ok::<_, Box<dyn Error>>(lines)
    })?;
    lines.sort_by_key(|(number, _)| *number);
    let mut lines = lines.into_iter().map(|(_, line)| line);
    let lines = students
        .iter()
        .map(|_| lines.by_ref().take(exercises.len()).collect());
    Ok(lines.collect())
}

/// Compiles and tries one answer. What is wrong with the answer is in the line; an error is one of
/// this machine, and ends the grading.
fn line(workshop: &Workshop, student: &HandIn, exercise: &Exercise) -> Result<Line> {
    let found = match student.source(&exercise.name) {
        Err(message) => Found::wrong(message),
        Ok(source) => workshop.try_answer(&exercise.name, &source)?,
    };
    Ok(Line {
        exercise: exercise.name.clone(),
        title: exercise.title.clone(),
        of: exercise.points,
        message: found.message,
        printed: found.printed,
    })
}

/// What became of an answer.
pub struct Found {
    /// What is wrong with it; nothing if it is right.
    message: Option<String>,
    /// What it printed.
    printed: String,
}

impl Found {
    fn wrong(message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            printed: String::new(),
        }
    }
}
