//! Writes notebooks for Jupyter: in Python with a blank in the place of each solution, and with the
//! solutions. Equations and expected numbers come from the book.

use std::error::Error;
use std::path::Path;

use ipynb::Kernel;
use percent::{Cell, Kind};
use told::{Told, file, filled};

use crate::release::{refuse_full, write as write_file};

mod ipynb;
mod needed;
mod percent;
mod rust;
mod tex;
mod told;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The notebooks in Python; each is the script of this name.
const PYTHON: [&str; 3] = ["example", "derivation", "exercises"];

/// The notebooks in Rust that are pages of the book, and their pages.
const RUST: [(&str, &[&str]); 2] = [
    (
        "example",
        &[
            "example.md",
            "example/forward.md",
            "example/backward.md",
            "example/update.md",
        ],
    ),
    (
        "derivation",
        &[
            "derivation.md",
            "derivation/chain-rule.md",
            "derivation/softmax.md",
            "derivation/cross-entropy.md",
            "derivation/parameters.md",
        ],
    ),
];

/// The exercises that are notebooks, by their numbers.
const EXERCISES: [u32; 6] = [2, 4, 6, 9, 11, 14];

/// Writes all notebooks into a folder that is empty, or not there yet, and counts them.
pub fn write(folder: &Path) -> Result<usize> {
    refuse_full(folder)?;
    let house = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let told = Told::read(&house.join("book"))?;
    let mut count = 0;
    let mut write = |path: &str, kernel: &Kernel, cells: &[Cell]| {
        count += 1;
        let name = path.rsplit('/').next().unwrap_or(path);
        let notebook = ipynb::notebook(name, kernel, cells);
        write_file(&folder.join(format!("{path}.ipynb")), &notebook)
    };
    for name in PYTHON {
        let wrong = |error| format!("course/notebooks/{name}.py: {error}");
        let cells = python(&house.join("course/notebooks"), name, &told).map_err(wrong)?;
        write(&format!("teacher/{name}"), &Kernel::Python, &cells)?;
        let blanks = with_blanks(cells).map_err(|error| wrong(error.into()))?;
        write(&format!("students/{name}"), &Kernel::Python, &blanks)?;
    }
    for (name, pages) in RUST {
        let cells = rust::notebook(&told, &house, pages)?;
        write(&format!("rust/{name}"), &Kernel::Rust, &cells)?;
    }
    for (folder, solved) in [("rust/students", false), ("rust/teacher", true)] {
        let cells = rust::exercises(&told, &house, &EXERCISES, solved)?;
        write(&format!("{folder}/exercises"), &Kernel::Rust, &cells)?;
    }
    Ok(count)
}

/// The cells of a script, with what the book says.
fn python(scripts: &Path, name: &str, told: &Told) -> Result<Vec<Cell>> {
    let script = file(&scripts.join(format!("{name}.py")))?;
    let mut cells = percent::cells(&script)?;
    for cell in &mut cells {
        cell.source = match cell.kind {
            Kind::Text => told.text(&cell.source)?,
            Kind::Code | Kind::Folded | Kind::Comparison => {
                let code = filled(&cell.source, "# {{include ", |name| {
                    Ok(file(&scripts.join(name))?.trim_end().to_owned())
                })?;
                told.code(&code)?
            }
        };
    }
    Ok(cells)
}

/// The cells as students get them.
fn with_blanks(mut cells: Vec<Cell>) -> std::result::Result<Vec<Cell>, String> {
    for cell in &mut cells {
        if cell.kind == Kind::Code {
            cell.source = percent::blank(&cell.source)?;
        }
    }
    Ok(cells)
}
