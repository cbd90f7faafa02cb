//! When each page was changed last.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Command;

/// The day of the last change of each file of a folder, by its path in the folder.
pub type History = BTreeMap<String, String>;

/// Asks Git for the history of a folder. One without Git, or without the beginning of its history,
/// in which every file seems to be of the day of the oldest commit at hand, has no days.
pub fn read(folder: &Path) -> io::Result<History> {
    let is_whole = git(folder, &["rev-parse", "--is-shallow-repository"])?;
    if is_whole.trim() != "false" {
        return Ok(History::new());
    }
    let arguments = [
        "-c",
        "core.quotePath=false",
        "log",
        "--format=>%cs",
        "--name-only",
        "--relative",
        "--",
        ".",
    ];
    Ok(days(&git(folder, &arguments)?))
}

/// The moment of the last commit, in the time of Greenwich.
pub fn last(folder: &Path) -> io::Result<Option<String>> {
    let format = "--date=format-local:%Y-%m-%dT%H:%M:%SZ";
    let moment = git(folder, &["log", "-1", "--format=%cd", format])?;
    let moment = moment.trim();
    Ok((!moment.is_empty()).then(|| moment.to_owned()))
}

/// What Git answers; nothing where it is missing or knows no repository.
fn git(folder: &Path, arguments: &[&str]) -> io::Result<String> {
    match Command::new("git")
        .env("TZ", "UTC")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
    {
        Ok(done) if done.status.success() => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
        Ok(_) => Ok(String::new()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// The latest day of each file, from days, `>2026-11-28`, each followed by its files.
fn days(log: &str) -> History {
    let mut days = History::new();
    let mut day = "";
    for line in log.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('>') {
            Some(next) => day = next,
            None => {
                let latest = days.entry(line.to_owned()).or_default();
                if latest.as_str() < day {
                    *latest = day.to_owned();
                }
            }
        }
    }
    days
}

#[test]
fn the_latest_day_counts() {
    let log = ">2026-03-02\n\na.md\nb/c.md\n>2026-03-04\n\nb/c.md\n>2026-01-01\n\na.md\n";
    let days = days(log);
    assert_eq!(days["a.md"], "2026-03-02");
    assert_eq!(days["b/c.md"], "2026-03-04");
}
