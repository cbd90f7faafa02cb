//! Runs mdBook, and reads what it wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use crate::support::page::files;

/// The built book.
#[derive(Default)]
pub struct Site {
    /// The pages, by their path: `derivation/softmax.html`.
    pub pages: BTreeMap<String, String>,
    /// The style sheets, by their path.
    pub styles: BTreeMap<String, String>,
    /// The paths of all files.
    pub files: BTreeSet<String>,
}

/// Builds the book into `output`, and returns what mdBook and its preprocessor said.
pub fn build(root: &Path, output: &Path) -> io::Result<String> {
    if output.exists() {
        fs::remove_dir_all(output)?;
    }
    let mut command = Command::new("mdbook");
    command.arg("build").arg("--dest-dir").arg(output);
    // A page that is missing must be missed, and a level of logging that the environment sets
    // must not hide a warning.
    command
        .current_dir(root)
        .env("MDBOOK_BUILD__CREATE_MISSING", "false")
        .env_remove("RUST_LOG")
        .env_remove("MDBOOK_LOG");
    let install = install_command(&fs::read_to_string(root.join("README.md"))?);
    match command.output() {
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(
                done.status.success(),
                "mdbook failed; the README says: {install}\n{said}"
            );
            Ok(said)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(io::Error::other(format!(
            "mdbook is not installed; the README says: {install}"
        ))),
        Err(error) => Err(error),
    }
}

/// The line of the README that installs mdBook.
fn install_command(readme: &str) -> String {
    let installs = |line: &&str| line.contains("cargo install") && line.contains("mdbook");
    let line = readme.lines().find(installs).map(str::trim);
    line.unwrap_or("nothing about how to install it").to_owned()
}

/// Reads a built book.
pub fn read(output: &Path) -> io::Result<Site> {
    let mut site = Site::default();
    for name in files(output, "")? {
        if name.ends_with(".html") {
            let html = fs::read_to_string(output.join(&name))?;
            site.pages.insert(name.clone(), html);
        } else if name.ends_with(".css") {
            let css = fs::read_to_string(output.join(&name))?;
            site.styles.insert(name.clone(), css);
        }
        site.files.insert(name);
    }
    Ok(site)
}

#[test]
fn the_install_command_is_found() {
    let readme = "# Book\n\n```console\n  cargo install mdbook@0.5.4\n```\ncargo install other\n";
    assert_eq!(install_command(readme), "cargo install mdbook@0.5.4");
    assert_eq!(install_command(""), "nothing about how to install it");
}
