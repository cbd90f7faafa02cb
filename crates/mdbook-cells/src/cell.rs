//! A cell: collects what a doctest writes, and compares it with the files it owns.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::path::{Path, PathBuf};
use std::{env, fs, io, thread};

use expect_test::expect_file;

thread_local! {
    /// What the cell open on this thread has written, by the ending of the file's name.
    static WRITTEN: RefCell<Option<BTreeMap<String, String>>> = const { RefCell::new(None) };
}

/// The ending of the file that holds what [`println!`](crate::println!) wrote.
const PRINTED: &str = "txt";

/// An open cell. Dropping it compares what was written with its files, and fails at the first
/// that differs, is missing, or was written by an earlier version of the cell.
///
/// With `UPDATE_EXPECT` set, dropping it brings the files up to date instead.
#[derive(Debug)]
pub struct Cell {
    directory: PathBuf,
    name: String,
}

impl Cell {
    /// Opens the cell `name`, whose files are kept in `directory`.
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

    fn path(&self, ending: &str) -> PathBuf {
        self.directory.join(format!("{}.{ending}", self.name))
    }

    /// The files on disk that carry this cell's name.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let path = self.path("");
        let (Some(parent), Some(prefix)) = (path.parent(), path.file_name()) else {
            return Ok(Vec::new());
        };
        if !parent.exists() {
            return Ok(Vec::new());
        }
        let prefix = prefix.to_string_lossy().into_owned();
        let mut files = Vec::new();
        for entry in fs::read_dir(parent)? {
            let file = entry?;
            if file.file_name().to_string_lossy().starts_with(&prefix) {
                files.push(file.path());
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        let written = WRITTEN.take().unwrap_or_default();
        if thread::panicking() {
            return;
        }
        let updating = env::var_os("UPDATE_EXPECT").is_some();
        let mut owned = Vec::new();
        for (ending, text) in &written {
            let path = self.path(ending);
            if updating && let Some(parent) = path.parent() {
                succeed("create", parent, fs::create_dir_all(parent));
            }
            expect_file![&path].assert_eq(text);
            owned.push(path);
        }
        for stale in succeed("list", &self.directory, self.files()) {
            if owned.contains(&stale) {
                continue;
            }
            assert!(
                updating,
                "{}: the cell {:?} does not write this file any more; \
                 UPDATE_EXPECT=1 removes it",
                stale.display(),
                self.name
            );
            succeed("remove", &stale, fs::remove_file(&stale));
        }
    }
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

fn succeed<T>(verb: &str, path: &Path, result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| {
        // A drop cannot return an error, and a cell that cannot compare must not pass.
        let message = format!("{}: cannot {verb}: {error}", path.display());
        std::panic::resume_unwind(Box::new(message))
    })
}

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    name.split('/')
        .all(|word| !word.is_empty() && word.chars().all(plain))
}
