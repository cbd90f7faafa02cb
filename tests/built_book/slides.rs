//! The slides as mdBook builds them, and what fails their build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use crate::support::page::files;

const SLIDES: &str = "course/slides/";

/// A copy of the slides, as deep below the root, so that their paths lead to the same files, with
/// a line added to the lecture of 90 minutes, below its first equation.
fn with_line(root: &Path, name: &str, line: &str) -> io::Result<PathBuf> {
    let copy = root.join("target").join(format!("slides-{name}"));
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    for file in files(root, SLIDES.trim_end_matches('/'))? {
        let inner = file.trim_start_matches(SLIDES);
        // What an earlier build has kept.
        if inner.starts_with("target/") {
            continue;
        }
        let to = copy.join(inner);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        if inner == "lectures/lecture-90.md" {
            let text = fs::read_to_string(root.join(&file))?;
            let equation = "{{eq 1.1}}";
            let text = text.replacen(equation, &format!("{equation}\n\n{line}"), 1);
            fs::write(to, text)?;
        } else {
            fs::copy(root.join(&file), to)?;
        }
    }
    Ok(copy)
}

/// Whether mdBook builds them, and what it said.
fn build(slides: &Path, to: &Path) -> io::Result<(bool, String)> {
    let mut command = Command::new("mdbook");
    command.arg("build").arg(slides).arg("--dest-dir").arg(to);
    let done = command
        .env_remove("RUST_LOG")
        .env_remove("MDBOOK_LOG")
        .output()?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    Ok((done.status.success(), said))
}

#[test]
fn slides_are_built_and_what_no_cell_wrote_fails_their_build() -> io::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("slides");
    let (built, said) = build(&root.join(SLIDES), &to)?;
    assert!(built, "{said}");
    for file in [
        "index.html",
        "lecture-90.html",
        "reveal/reveal.js",
        "katex/katex.min.css",
    ] {
        assert!(to.join(file).is_file(), "{file} is not built");
    }
    // Its preprocessor for formulas only warns of one that it cannot read.
    let lecture = fs::read_to_string(to.join("lecture-90.html"))?;
    assert!(
        !lecture.contains("katex-error"),
        "a formula is not rendered"
    );

    for (name, line, message) in [
        ("typed", "The loss is 2.03.", "2.03 is typed"),
        ("display", "$$ a = b $$", "a display is taken from the book"),
        (
            "equation",
            "{{steps 3.99}}",
            "(3.99) is no equation of the book",
        ),
        (
            "include",
            "{{#include ../../../book/out/no.txt}}",
            "../../../book/out/no.txt is not there",
        ),
        ("formula", "$\\frac{1$", "a formula was not read"),
    ] {
        let slides = with_line(root, name, line)?;
        let (built, said) = build(&slides, &to)?;
        assert!(!built, "{name}: they are built with {line}");
        assert!(said.contains(message), "{name}: {said}");
        fs::remove_dir_all(slides)?;
    }
    Ok(())
}
