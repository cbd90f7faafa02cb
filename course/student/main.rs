//! Tries the exercises: all of them, with a report, or the one that is named.

use std::io::Read;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use report::{Line, Report};

use list::Exercise;

/// What a check found: nothing, or what is wrong, was expected and was found.
pub type Check = Result<(), Box<dyn std::error::Error>>;

/// What stands between that which an answer prints and that which is found of it.
const MARK: &str = "\u{1e}";

/// How much of what an answer prints is kept, in bytes.
const LONGEST: usize = 1 << 16;

/// How long an exercise may take.
const LIMIT: Duration = Duration::from_secs(20);

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let names: Vec<String> = env::args().skip(1).collect();
    match &names[..] {
        [] => all(),
        [name] => one(name, ""),
        [name, mark] if mark == MARK => one(name, MARK),
        _ => Err("arguments: expected the name of one exercise, or nothing".into()),
    }
}

/// Tries one exercise in this process, so that all that it prints is seen; the finding comes last.
fn one(name: &str, mark: &str) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let exercises = list::exercises();
    let Some(exercise) = exercises.iter().find(|exercise| exercise.name == name) else {
        let names = exercises.map(|exercise| exercise.name).join(", ");
        return Err(format!("the exercise: expected one of {names}, found {name}").into());
    };
    // Standard error, so that what an answer prints stands apart.
    Ok(match (exercise.check)() {
        Ok(()) => {
            eprintln!("{mark}{name}: done");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{mark}{message}");
            ExitCode::FAILURE
        }
    })
}

/// Tries each exercise in a process of its own, prints a line for each, and writes the report.
fn all() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut lines = Vec::new();
    for Exercise {
        name,
        title,
        points,
        ..
    } in list::exercises()
    {
        let (message, printed) = try_apart(name)?;
        let first = message.as_deref().map_or("done", first_line);
        println!("{name:12} {first}");
        lines.push(Line {
            exercise: name.to_owned(),
            title: title.to_owned(),
            of: points,
            message,
            printed,
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

/// What is wrong with an answer that may panic, run out of stack, or run for ever; and what it
/// printed.
fn try_apart(name: &str) -> io::Result<(Option<String>, String)> {
    let mut child = Command::new(env::current_exe()?)
        .args([name, MARK])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let said = child
        .stderr
        .take()
        .map(|pipe| thread::spawn(|| start_of(pipe)));
    let in_time = ends_in_time(&mut child)?;
    if !in_time {
        child.kill()?;
    }
    let status = child.wait()?;
    let said = said
        .and_then(|said| said.join().ok())
        .transpose()?
        .unwrap_or_default();
    let (printed, found) = said.rsplit_once(MARK).unwrap_or((&said, ""));
    let message = if !in_time {
        let seconds = LIMIT.as_secs();
        Some(format!(
            "expected an answer in {seconds} seconds, found none"
        ))
    } else if status.success() {
        None
    } else if found.is_empty() {
        Some(format!(
            "expected an answer, found that the program ended: {status}\n{}",
            printed.trim()
        ))
    } else {
        Some(found.trim().to_owned())
    };
    let printed = if found.is_empty() { "" } else { printed };
    Ok((message, printed.to_owned()))
}

/// The text of a pipe, without the middle where it is long. It is read to its end.
fn start_of(mut pipe: impl Read) -> io::Result<String> {
    let mut kept = Vec::new();
    let mut part = [0; 4096];
    loop {
        match pipe.read(&mut part)? {
            0 => return Ok(String::from_utf8_lossy(&kept).into_owned()),
            length => kept.extend(&part[..length]),
        }
        // The finding is at the end.
        if kept.len() > LONGEST {
            kept.drain(LONGEST / 4..LONGEST / 2);
        }
    }
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
