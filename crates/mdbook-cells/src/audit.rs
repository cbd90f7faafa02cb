//! Which cell owns which file, and whether the pages include what the cells write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::{fmt, fs, io};

/// Something that an audit found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The page or the file, relative to the book.
    pub path: PathBuf,
    /// The line, counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.line {
            0 => write!(f, "{path}: {}", self.message),
            line => write!(f, "{path}:{line}: {}", self.message),
        }
    }
}

/// Reads every page below `book` and every file below `book/out`, and lists what does not fit:
/// a cell's name used twice, a file that no cell owns, a file that no page includes, an include
/// of a file that does not exist.
///
/// Two cells of one name would both write one file, and the last to run would win.
///
/// # Errors
///
/// Where a page or a directory cannot be read.
pub fn audit(book: &Path) -> io::Result<Vec<Problem>> {
    let out = book.join("out");
    let mut problems = Vec::new();
    let mut owners: BTreeMap<String, (PathBuf, usize)> = BTreeMap::new();
    let mut included: BTreeSet<PathBuf> = BTreeSet::new();

    for page in files_below(book)? {
        if page.starts_with(&out) || page.extension().is_none_or(|kind| kind != "md") {
            continue;
        }
        let name = relative(&page, book);
        for (index, text) in fs::read_to_string(&page)?.lines().enumerate() {
            let line = index + 1;
            for cell in between(text, "cell!(\"", "\")") {
                let here = (name.clone(), line);
                if let Some((first, at)) = owners.insert(cell.to_owned(), here) {
                    problems.push(Problem {
                        path: name.clone(),
                        line,
                        message: format!(
                            "cell {cell:?} is opened a second time; the first is at {}:{at}",
                            first.display()
                        ),
                    });
                }
            }
            for target in between(text, "{{#include ", "}}") {
                let file = target.split(':').next().unwrap_or(target).trim();
                let path = resolve(&page.with_file_name(file));
                if !path.is_file() {
                    problems.push(Problem {
                        path: name.clone(),
                        line,
                        message: format!("includes {file}, which does not exist"),
                    });
                }
                included.insert(path);
            }
        }
    }

    if out.exists() {
        for file in files_below(&out)? {
            let path = relative(&file, book);
            let mut complain = |message: &str| {
                problems.push(Problem {
                    path: path.clone(),
                    line: 0,
                    message: message.to_owned(),
                });
            };
            if !owners.contains_key(&cell_of(&file, &out)) {
                complain("no cell writes this file");
            }
            if !included.contains(&resolve(&file)) {
                complain("no page includes this file");
            }
        }
    }
    Ok(problems)
}

/// The name of the cell that owns a file: its path without the endings.
fn cell_of(file: &Path, out: &Path) -> String {
    let path = relative(file, out).to_string_lossy().replace('\\', "/");
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let stem = name.split('.').next().unwrap_or(name);
    if folder.is_empty() {
        stem.to_owned()
    } else {
        format!("{folder}/{stem}")
    }
}

fn files_below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Every piece of `text` that stands between `open` and the next `close`.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let pieces = text.split(open).skip(1);
    pieces
        .filter_map(|piece| piece.split_once(close))
        .map(|(inner, _)| inner)
        .collect()
}

fn relative(path: &Path, base: &Path) -> PathBuf {
    path.strip_prefix(base).unwrap_or(path).to_owned()
}

/// Takes `..` out of a path, so that two ways of writing it compare equal.
fn resolve(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            resolved.pop();
        } else {
            resolved.push(component);
        }
    }
    resolved
}
