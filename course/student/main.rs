//! Tries the exercises: all of them, with a report, or the one that is named.

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use report::{Line, Report};

use list::Exercise;

/// What a check found: nothing, or what is wrong, was expected and was found.
pub type Check = Result<(), Box<dyn std::error::Error>>;

/// How long an exercise may take.
const LIMIT: Duration = Duration::from_secs(20);

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let names: Vec<String> = env::args().skip(1).collect();
    match &names[..] {
        [] => all(),
        [name] => one(name),
        _ => Err("arguments: expected the name of one exercise, or nothing".into()),
    }
}

/// Tries one exercise in this process, so that all that it prints is seen.
fn one(name: &str) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let exercises = list::exercises();
    let Some(exercise) = exercises.iter().find(|exercise| exercise.name == name) else {
        let names = exercises.map(|exercise| exercise.name).join(", ");
        return Err(format!("the exercise: expected one of {names}, found {name}").into());
    };
    // Standard error, so that what an answer prints stands apart.
    Ok(match (exercise.check)() {
        Ok(()) => {
            eprintln!("{name}: done");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    })
}

/// Tries each exercise in a process of its own, prints a line for each, and writes the report.
fn all() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut lines = Vec::new();
    for Exercise {
        name, title, points, ..
    } in list::exercises()
    {
        let message = try_apart(name)?;
        let first = message.as_deref().map_or("done", first_line);
        println!("{name:12} {first}");
        lines.push(Line {
            exercise: name.to_owned(),
            title: title.to_owned(),
            of: points,
            message,
            printed: String::new(),
        });
    }
    let report = Report {
        title: "Exercises".to_owned(),
        lines,
        by_hand: Vec::new(),
    };
    fs::write("report.html", report.page())?;
    fs::write("report.json", report.json()?)?;
    let (points, of) = (report.points(), report.of());
    println!("{points} of {of} points; report.html has it all, report.json for machines.");
    Ok(match report.is_complete() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// What is wrong with an answer that may panic, run out of stack, or run for ever.
fn try_apart(name: &str) -> io::Result<Option<String>> {
    let mut child = Command::new(env::current_exe()?)
        .arg(name)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let said = child.stderr.take().map(|pipe| thread::spawn(|| io::read_to_string(pipe)));
    let in_time = ends_in_time(&mut child)?;
    if !in_time {
        child.kill()?;
    }
    let status = child.wait()?;
    if !in_time {
        let seconds = LIMIT.as_secs();
        return Ok(Some(format!("expected an answer in {seconds} seconds, found none")));
    }
    if status.success() {
        return Ok(None);
    }
    let said = said.and_then(|said| said.join().ok()).transpose()?.unwrap_or_default();
    let said = said.trim();
    Ok(Some(if said.is_empty() {
        format!("expected an answer, found that the program ended: {status}")
    } else {
        said.to_owned()
    }))
}

fn ends_in_time(child: &mut Child) -> io::Result<bool> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > LIMIT {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(true)
}
