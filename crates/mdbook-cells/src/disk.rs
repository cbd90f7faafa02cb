//! Files, with errors that say which.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// An error that names the path and what was tried: `out/a.txt: cannot remove: Is a directory`.
pub fn cannot(verb: &str, path: &Path) -> impl FnOnce(io::Error) -> io::Error {
    let what = format!("{}: cannot {verb}", path.display());
    move |error| io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// An error in what a file holds.
pub fn invalid(path: &Path, what: &str) -> io::Error {
    let message = format!("{}: {what}", path.display());
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// The text of a file.
pub fn read(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path).map_err(cannot("read", path))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        invalid(path, &format!("not UTF-8, at byte {at}"))
    })
}

/// Writes a file, and makes its folder.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(cannot("make", parent))?;
    }
    fs::write(path, text).map_err(cannot("write", path))
}

/// The files below a folder, in order, each by its path from there. Hidden ones, such as
/// `.DS_Store`, build folders of Cargo, and folders behind a symbolic link are left out.
pub fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, Path::new(""), &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let folder = match below.as_os_str().is_empty() {
        true if root.as_os_str().is_empty() => PathBuf::from("."),
        true => root.to_owned(),
        false => root.join(below),
    };
    let failed = || cannot("list", &folder);
    for entry in fs::read_dir(&folder).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type().map_err(failed())?;
        let path = below.join(&name);
        if kind.is_dir() {
            if !entry.path().join("CACHEDIR.TAG").exists() {
                collect(root, &path, files)?;
            }
        } else if kind.is_file() || entry.path().is_file() {
            files.push(path);
        }
    }
    Ok(())
}
