//! What a student handed in: of all its files, the sources of the exercises alone.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::Result;

/// A hand-in.
pub struct HandIn {
    /// The name of its folder, and of that of its report.
    pub name: String,
    /// Where its sources are, or why there are none.
    sources: std::result::Result<PathBuf, String>,
}

/// The longest source that is read.
const LONGEST: u64 = 1 << 20;

/// How many folders deep the sources are looked for: an archive may hold a folder with a folder.
const DEPTH: usize = 4;

/// The hand-ins in a folder, by name. What is none is an error, and not left out; hidden files are.
pub fn list(folder: &Path) -> Result<Vec<HandIn>> {
    let mut hand_ins = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name().into_string().map_err(|name| {
            let folder = folder.display();
            format!("{folder}: expected names that are UTF-8, found {name:?}")
        })?;
        if name.starts_with('.') {
            continue;
        }
        // Of the entry itself: a link is no folder.
        if !entry.file_type()?.is_dir() {
            let found = if path.is_symlink() {
                "a link"
            } else {
                "a file"
            };
            let path = path.display();
            return Err(format!("{path}: expected the folder of a hand-in, found {found}").into());
        }
        let sources = sources(&path);
        hand_ins.push(HandIn { name, sources });
    }
    if hand_ins.is_empty() {
        let folder = folder.display();
        return Err(format!("{folder}: expected a folder for each student, found none").into());
    }
    hand_ins.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(hand_ins)
}

/// The folder `exercises/src`, wherever it is in a hand-in; else `src`, or the hand-in itself.
fn sources(hand_in: &Path) -> std::result::Result<PathBuf, String> {
    let mut found = Vec::new();
    look_for_sources(hand_in, DEPTH, &mut found)
        .map_err(|error| format!("the hand-in cannot be read: {error}"))?;
    match found.len() {
        0 if is_folder(&hand_in.join("src")) => Ok(hand_in.join("src")),
        0 => Ok(hand_in.to_owned()),
        1 => Ok(found.remove(0)),
        count => Err(format!("expected one folder exercises/src, found {count}")),
    }
}

fn look_for_sources(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let sources = folder.join("exercises/src");
    if is_folder(&folder.join("exercises")) && is_folder(&sources) {
        found.push(sources);
        return Ok(());
    }
    if depth == 0 {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            look_for_sources(&entry.path(), depth - 1, found)?;
        }
    }
    Ok(())
}

/// Whether a path is a folder, and no link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|path| path.is_dir())
}

impl HandIn {
    /// The source of an exercise, or what is wrong with the file.
    pub fn source(&self, exercise: &str) -> std::result::Result<String, String> {
        let file = format!("{exercise}.rs");
        let path = self.sources.clone()?.join(&file);
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => format!("expected the file {file}, found none"),
            io::ErrorKind::InvalidData => format!("{file}: expected text in UTF-8"),
            _ => format!("{file}: {error}"),
        };
        let about = fs::symlink_metadata(&path).map_err(wrong)?;
        if !about.is_file() {
            let found = if about.is_dir() {
                "a folder"
            } else {
                "a link, or something else"
            };
            return Err(format!("{file}: expected a file, found {found}"));
        }
        let length = about.len();
        if length > LONGEST {
            return Err(format!(
                "{file}: expected at most {LONGEST} bytes, found {length}"
            ));
        }
        fs::read_to_string(&path).map_err(wrong)
    }
}
