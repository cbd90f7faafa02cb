//! Where a book keeps its pages, as its `book.toml` says.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk;

/// A book: the folder of its `book.toml`, and that of its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    root: PathBuf,
    src: PathBuf,
}

impl Book {
    /// The book whose `book.toml` is nearest, in `folder` or above it.
    ///
    /// # Errors
    ///
    /// Where there is none, or it cannot be read.
    pub fn above(folder: &Path) -> io::Result<Self> {
        let start = std::path::absolute(folder)?;
        let mut folders = start.ancestors();
        let Some(root) = folders.find(|folder| folder.join("book.toml").is_file()) else {
            let message = format!("no book.toml in {} or above it", start.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        };
        let path = root.join("book.toml");
        let text = disk::read(&path)?;
        let wrong = |what: &str| disk::invalid(&path, what);
        let config: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            wrong(&format!(
                "cannot be read as TOML: {}",
                error.to_string().trim_end()
            ))
        })?;
        let src = match config.get("book").and_then(|book| book.get("src")) {
            None => "src",
            Some(src) => src
                .as_str()
                .ok_or_else(|| wrong("[book] src is not a string"))?,
        };
        Ok(Self {
            root: root.to_owned(),
            src: root.join(src),
        })
    }

    /// The folder of `book.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the pages: `[book] src`, or `src`.
    pub fn src(&self) -> &Path {
        &self.src
    }

    /// The folder of what the cells wrote: `out` beside the pages.
    pub fn out(&self) -> PathBuf {
        self.src.join("out")
    }
}

/// Where the cells of a package keep their files; [`cell!`](crate::cell!) calls it.
///
/// # Panics
///
/// As [`Book::above`] fails: a cell that cannot find its files must not pass.
#[expect(
    clippy::panic,
    reason = "a cell that cannot find its files must not pass"
)]
pub fn out(package: &str) -> PathBuf {
    match Book::above(Path::new(package)) {
        Ok(book) => book.out(),
        Err(error) => panic!("{error}"),
    }
}
