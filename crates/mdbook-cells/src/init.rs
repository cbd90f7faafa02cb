//! `mdbook-cells init`: what a book needs, so that its cells run.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use mdbook_cells::Book;

use crate::Outcome;

/// What runs the cells of a book, beside its `book.toml`.
const PACKAGE: [(&str, &str); 3] = [
    ("Cargo.toml", include_str!("../template/package.toml")),
    ("build.rs", include_str!("../template/build.rs")),
    ("pages.rs", include_str!("../template/pages.rs")),
];

/// A book with one cell.
const BOOK: [(&str, &str); 6] = [
    (".gitignore", include_str!("../template/gitignore")),
    ("book.toml", include_str!("../template/book.toml")),
    ("src/SUMMARY.md", include_str!("../template/src/SUMMARY.md")),
    (
        "src/first-cell.md",
        include_str!("../template/src/first-cell.md"),
    ),
    (
        "src/out/first-cell/sum.sum.txt",
        include_str!("../template/src/out/first-cell/sum.sum.txt"),
    ),
    (
        "src/out/first-cell/sum.txt",
        include_str!("../template/src/out/first-cell/sum.txt"),
    ),
];

/// Writes the files that are missing, or none, where one of them is there.
pub fn init(folder: &Path, source: Option<&Path>) -> Outcome {
    let has_book = folder.join("book.toml").exists();
    if has_book {
        // A book.toml that cannot be read is better known before there is more.
        Book::above(folder)?;
    }
    let book = BOOK.iter().filter(|_| !has_book);
    let files: Vec<_> = PACKAGE.iter().chain(book).collect();
    let there: Vec<&str> = files
        .iter()
        .filter(|(name, _)| folder.join(name).symlink_metadata().is_ok())
        .map(|(name, _)| *name)
        .collect();
    if !there.is_empty() {
        let message = format!(
            "{}: nothing written, since there is {} already",
            folder.display(),
            there.join(", ")
        );
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let (package, dependency) = (package(folder), dependency(source)?);
    for (name, text) in files {
        let path = folder.join(name);
        let failed = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("{}: cannot write: {error}", path.display()),
            )
        };
        fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
        let text = text.replace("\r\n", "\n").replace("{package}", &package);
        fs::write(&path, text.replace("{dependency}", &dependency)).map_err(failed)?;
        println!("{}", path.display());
    }
    println!("\nNow run cargo test --doc, and mdbook serve --open.");
    Ok(true)
}

/// The package's name, after the folder: `tides-book` in `Tides`. Two of one name would be in each
/// other's way where they share a target folder.
fn package(folder: &Path) -> String {
    let folder = std::path::absolute(folder).unwrap_or_default();
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    match name.trim_end_matches(['-', '_']) {
        "" => "book".to_owned(),
        name if name.ends_with("book") => name.to_owned(),
        name => format!("{name}-book"),
    }
}

/// Where the book takes this crate from, as `Cargo.toml` writes it.
fn dependency(source: Option<&Path>) -> io::Result<String> {
    let Some(source) = source else {
        return Ok(format!("{:?}", env!("CARGO_PKG_VERSION")));
    };
    let path = fs::canonicalize(source)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", source.display())))?;
    let mut quoted = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                // Writing into a String does not fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    Ok(format!("{{ path = \"{quoted}\" }}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{dependency, package};

    #[test]
    fn a_package_is_named_after_its_folder() {
        for (folder, name) in [
            ("/Tides", "tides-book"),
            ("/tides/", "tides-book"),
            ("/a/my_book", "my_book"),
            ("/01 Gezeiten, ü!", "gezeiten-book"),
            ("/42", "book"),
            ("/", "book"),
        ] {
            assert_eq!(package(Path::new(folder)), name, "{folder}");
        }
    }

    #[test]
    fn a_crate_is_taken_from_where_it_is_said_to_be() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(dependency(None).unwrap(), format!("\"{version}\""));
        let here = dependency(Some(Path::new("."))).unwrap();
        // As a package it stands in a folder with its version.
        let folder = env!("CARGO_MANIFEST_DIR")
            .rsplit(['/', '\\'])
            .next()
            .unwrap();
        assert!(
            here.starts_with("{ path = \"") && here.ends_with(&format!("{folder}\" }}")),
            "{here}"
        );
    }
}
