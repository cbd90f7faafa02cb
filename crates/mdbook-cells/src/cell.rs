//! A cell: collects what a doctest writes, and compares it with the files it owns.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::path::{Path, PathBuf};
use std::{env, fs, io, thread};

use crate::diff::diff;
use crate::{disk, error};

thread_local! {
    /// What the cell open on this thread has written, by the ending of the file's name.
    static WRITTEN: RefCell<Option<BTreeMap<String, String>>> = const { RefCell::new(None) };
}

/// The ending of the file that holds what [`println!`](crate::println!) wrote.
const PRINTED: &str = "txt";

/// An open cell. Dropping it compares what was written with its files, and fails where one differs,
/// is missing, or was written by an earlier version of the cell. With `UPDATE_EXPECT` set, dropping
/// it brings the files up to date instead.
///
/// Line ends `\r\n` count as `\n`, in what is written and in the files.
///
/// A cell that is left early, by a panic or with an [`Error`](crate::Error), does neither: its files
/// stay as they are, and its failure is what is shown.
#[derive(Debug)]
pub struct Cell {
    directory: PathBuf,
    name: String,
}

impl Cell {
    /// Opens the cell `name`, whose files are kept in `directory`. In a page, use
    /// [`cell!`](crate::cell!), which finds the directory and sees how the cell ends.
    ///
    /// # Panics
    ///
    /// Where another cell is open on this thread, or the name is not a path of plain words.
    pub fn open(directory: impl Into<PathBuf>, name: &str) -> Self {
        assert!(
            is_plain(name),
            "cell {name:?}: expected words of a-z, 0-9, _ and -, separated by /"
        );
        WRITTEN.with_borrow_mut(|written| {
            assert!(written.is_none(), "cell {name:?}: another cell is open");
            *written = Some(BTreeMap::new());
        });
        error::begin();
        Self {
            directory: directory.into(),
            name: name.to_owned(),
        }
    }

    /// Writes text to `<cell>.<name>.txt`, for a page to include in a sentence.
    pub fn txt(&self, name: &str, text: impl AsRef<str>) {
        self.file(name, "txt", text.as_ref());
    }

    /// Writes LaTeX to `<cell>.<name>.tex`, for a page to include between `$$` and `$$`.
    pub fn tex(&self, name: &str, latex: impl AsRef<str>) {
        self.file(name, "tex", latex.as_ref());
    }

    /// Writes Markdown to `<cell>.<name>.md`.
    pub fn md(&self, name: &str, markdown: impl AsRef<str>) {
        self.file(name, "md", markdown.as_ref());
    }

    /// Writes a figure to `<cell>.<name>.svg`.
    pub fn svg(&self, name: &str, figure: impl AsRef<str>) {
        self.file(name, "svg", figure.as_ref());
    }

    fn file(&self, name: &str, kind: &str, text: &str) {
        assert!(
            is_plain(name) && !name.contains('/'),
            "cell {:?}, file {name:?}: expected one word of a-z, 0-9, _ and -",
            self.name
        );
        WRITTEN.with_borrow_mut(|written| {
            let ending = format!("{name}.{kind}");
            let text = format!("{}\n", text.trim_end());
            let files = written.get_or_insert_default();
            assert!(
                files.insert(ending, text).is_none(),
                "cell {:?}, file {name:?}: written twice",
                self.name
            );
        });
    }

    /// What does not agree between what was written and the files: nothing, where all is well.
    fn compare(&self, written: &BTreeMap<String, String>) -> io::Result<Vec<String>> {
        let mut complaints = Vec::new();
        for (ending, text) in written {
            let path = self.path(ending);
            let Some(found) = found(&path)? else {
                complaints.push(format!("{}: there is no such file", path.display()));
                continue;
            };
            if found != *text {
                complaints.push(format!(
                    "{}: the cell {:?} writes other lines (+) than the file holds (-)\n{}",
                    path.display(),
                    self.name,
                    difference(&found, text)
                ));
            }
        }
        for stale in self.stale(written)? {
            complaints.push(format!(
                "{}: the cell {:?} does not write this file any more",
                stale.display(),
                self.name
            ));
        }
        Ok(complaints)
    }

    /// Brings the files up to date. One that differs in its line ends alone is left as it is.
    fn update(&self, written: &BTreeMap<String, String>) -> io::Result<()> {
        for (ending, text) in written {
            let path = self.path(ending);
            if found(&path)?.as_ref() != Some(text) {
                disk::write(&path, text)?;
            }
        }
        for stale in self.stale(written)? {
            fs::remove_file(&stale).map_err(disk::cannot("remove", &stale))?;
        }
        Ok(())
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.directory.join(format!("{}.{ending}", self.name))
    }

    /// What carries this cell's name on disk and was not written.
    fn stale(&self, written: &BTreeMap<String, String>) -> io::Result<Vec<PathBuf>> {
        let path = self.path("");
        let (Some(folder), Some(prefix)) = (path.parent(), path.file_name()) else {
            return Ok(Vec::new());
        };
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let prefix = prefix.to_string_lossy();
        let failed = || disk::cannot("list", folder);
        let mut stale = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let ending = name.strip_prefix(&*prefix);
            if ending.is_some_and(|ending| !written.contains_key(ending)) {
                stale.push(entry.path());
            }
        }
        stale.sort();
        Ok(stale)
    }
}

impl Drop for Cell {
    #[expect(
        clippy::panic,
        reason = "a drop cannot return an error, and a cell that differs must not pass"
    )]
    fn drop(&mut self) {
        let written = WRITTEN.take().unwrap_or_default();
        // A cell that failed has not written all that it would: its files are left alone, and its
        // own failure is what is shown.
        if thread::panicking() || error::is_on_its_way() {
            return;
        }
        let written = written
            .into_iter()
            .map(|(ending, text)| (ending, text.replace("\r\n", "\n")))
            .collect();
        if env::var_os("UPDATE_EXPECT").is_some() {
            if let Err(error) = self.update(&written) {
                panic!("{error}");
            }
            return;
        }
        match self.compare(&written) {
            Ok(complaints) if complaints.is_empty() => {}
            Ok(complaints) => panic!(
                "{}\nUPDATE_EXPECT=1 takes over what the cell writes\n",
                complaints.join("\n")
            ),
            Err(error) => panic!("{error}"),
        }
    }
}

/// What a file holds, with line ends of one kind: a checkout may have others.
fn found(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
            _ => Err(disk::cannot("read", path)(error)),
        },
    }
}

fn difference(found: &str, text: &str) -> String {
    if found.lines().eq(text.lines()) {
        return " (the end of the last line differs)\n".to_owned();
    }
    diff(found, text)
}

/// Writes to the open cell; [`println!`](crate::println!) calls it.
///
/// # Panics
///
/// Where no cell is open on this thread.
pub fn write(text: Arguments<'_>) {
    WRITTEN.with_borrow_mut(|written| {
        assert!(
            written.is_some(),
            "println!: no cell is open on this thread"
        );
        let files = written.get_or_insert_default();
        let printed = files.entry(PRINTED.to_owned()).or_default();
        printed.push_str(&text.to_string());
    });
}

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    name.split('/')
        .all(|word| !word.is_empty() && word.chars().all(plain))
}
