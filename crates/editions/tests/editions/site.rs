//! Builds the book and finishes it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{fs, io};

/// The root of the repository.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Some sheets of a printed book; the page of one is not in the edition.
pub const SHEETS: &str =
    "2 introduction.html#introduction\n7 structure.html#eq-2.3\n11 lab.html#lab\n";

/// Runs a command in the root; it must succeed.
fn run(command: &mut Command) -> io::Result<()> {
    let done = command
        .current_dir(ROOT)
        .env_remove("RUST_LOG")
        .env_remove("MDBOOK_LOG")
        .output()?;
    assert!(
        done.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}

/// Builds and finishes the book, with what is set.
pub fn built(name: &str, settings: &[(&str, &str)]) -> io::Result<PathBuf> {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    let mut mdbook = Command::new("mdbook");
    for variable in [
        "MDBOOK_OUTPUT__HTML__SITE_URL",
        "MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL",
        "MDBOOK_OUTPUT__HTML__EDIT_URL_TEMPLATE",
    ] {
        mdbook.env_remove(variable);
    }
    mdbook.envs(settings.iter().copied());
    run(mdbook.arg("build").arg("--dest-dir").arg(&to))?;
    fs::write(to.join("card.png"), "a picture")?;
    fs::create_dir(to.join("notebooks"))?;
    fs::write(to.join("notebooks/derivation.ipynb"), "a notebook")?;
    fs::write(to.join("sheets.txt"), SHEETS)?;
    run(Command::new(env!("CARGO_BIN_EXE_editions")).arg(&to))?;
    Ok(to)
}

/// The book without an address.
pub fn plain() -> io::Result<&'static Path> {
    static PLAIN: LazyLock<Result<PathBuf, String>> =
        LazyLock::new(|| built("plain", &[]).map_err(|error| error.to_string()));
    let plain = PLAIN.as_deref();
    plain.map_err(|error| io::Error::other(error.as_str()))
}

/// The pages that the summary lists, without their ending.
pub fn summary() -> io::Result<Vec<String>> {
    let summary = fs::read_to_string(Path::new(ROOT).join("book/SUMMARY.md"))?;
    let targets = summary.split("](").skip(1);
    let pages = targets.filter_map(|rest| rest.split_once(".md)"));
    Ok(pages.map(|(page, _)| page.to_owned()).collect())
}
