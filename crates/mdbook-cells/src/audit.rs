//! Which cell owns which file, and whether the pages include what the cells write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::{fmt, io};

use crate::{disk, markdown, pages, rust};

/// Something that an audit found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The page or the file, relative to the folder of the pages.
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

/// Reads every page below `src` and every file below `src/out`, and lists what does not fit:
///
/// - a cell's name used twice: two cells would write one file, and the last to run would win;
/// - a cell on a page that `SUMMARY.md` does not list, if there is one: nothing runs it;
/// - an include of a file that does not exist;
/// - a file in `out` that no cell owns, or that no page includes or links to.
///
/// A cell counts where rustdoc runs it: in a block of Rust. An include counts wherever mdBook takes
/// it out of the page, in code as well, but not behind a backslash.
///
/// # Errors
///
/// Where a page or a folder cannot be read, and which.
pub fn audit(src: &Path) -> io::Result<Vec<Problem>> {
    let mut found = Findings::default();
    let files = disk::files_below(src)?;
    let summary = Path::new("SUMMARY.md");
    let listed = match files.iter().any(|file| file == summary) {
        true => Some(pages::listed(&disk::read(&src.join(summary))?)),
        false => None,
    };
    let (written, rest): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.starts_with("out"));

    for page in rest {
        if page.extension().is_some_and(|kind| kind == "md") {
            let runs = listed.as_ref().is_none_or(|listed| {
                listed
                    .iter()
                    .any(|(name, _)| resolve(Path::new(name)) == page)
            });
            found.page(src, &page, runs)?;
        }
    }
    for file in written {
        if !found.owners.contains_key(&owner(&file)) {
            found.problem(&file, 0, "no cell writes this file".to_owned());
        }
        if !found.used.contains(&file) {
            found.problem(&file, 0, "no page includes this file".to_owned());
        }
    }
    Ok(found.problems)
}

#[derive(Default)]
struct Findings {
    problems: Vec<Problem>,
    /// Where each cell is opened.
    owners: BTreeMap<String, (PathBuf, usize)>,
    /// What the pages include, or link to.
    used: BTreeSet<PathBuf>,
}

impl Findings {
    fn page(&mut self, src: &Path, page: &Path, runs: bool) -> io::Result<()> {
        let text = disk::read(&src.join(page))?;
        let (blocks, links) = markdown::read(&text);
        for block in blocks.iter().filter(|block| block.runs()) {
            for (cell, at) in rust::cells(&rust::unhidden(&block.code)) {
                let line = markdown::line(&text, block.on_page(at));
                if !runs {
                    let message = format!(
                        "SUMMARY.md does not list this page: nothing runs the cell {cell:?}"
                    );
                    self.problem(page, line, message);
                }
                let here = (page.to_owned(), line);
                if let Some((first, at)) = self.owners.insert(cell.to_owned(), here) {
                    let first = first.display();
                    let message = format!(
                        "cell {cell:?} is opened a second time; the first is at {first}:{at}"
                    );
                    self.problem(page, line, message);
                }
            }
        }
        for (file, at) in markdown::includes(&text) {
            if !src.join(page).with_file_name(file).is_file() {
                let message = format!("includes {file}, which does not exist");
                self.problem(page, markdown::line(&text, at), message);
            }
            self.used.insert(resolve(&page.with_file_name(file)));
        }
        for link in links {
            let file = link.split(['#', '?']).next().unwrap_or_default();
            if !file.is_empty() {
                let file = page.with_file_name(file.replace("%20", " "));
                self.used.insert(resolve(&file));
            }
        }
        Ok(())
    }

    fn problem(&mut self, path: &Path, line: usize, message: String) {
        self.problems.push(Problem {
            path: path.to_owned(),
            line,
            message,
        });
    }
}

/// The name of the cell that owns a file: its path below `out` without the endings.
fn owner(file: &Path) -> String {
    let path = file.strip_prefix("out").unwrap_or(file);
    let path = path.to_string_lossy().replace('\\', "/");
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name),
        None => (String::new(), path.as_str()),
    };
    let stem = name.split('.').next().unwrap_or(name);
    format!("{folder}{stem}")
}

/// Takes `.` and `..` out of a path, so that two ways of writing it compare equal.
fn resolve(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if resolved.file_name().is_some() => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    resolved
}
