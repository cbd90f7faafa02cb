//! Writes notebooks for Jupyter: in Python with a blank in the place of each solution, and with the
//! solutions. Equations and expected numbers come from the book.

use std::error::Error;
use std::path::Path;

use ipynb::Kernel;
use percent::{Cell, Kind};
use told::{Told, file, filled};

use crate::release::{refuse_full, write as write_file};

mod ipynb;
mod percent;
mod tex;
mod told;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The notebooks in Python; each is the script of this name.
const PYTHON: [&str; 3] = ["example", "derivation", "exercises"];

/// Writes all notebooks into a folder that is empty, or not there yet, and counts them.
pub fn write(folder: &Path) -> Result<usize> {
    refuse_full(folder)?;
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let told = Told::read(&house.join("book"))?;
    for name in PYTHON {
        let scripts = house.join("course/notebooks");
        let wrong = |error| format!("course/notebooks/{name}.py: {error}");
        let cells = python(&scripts, name, &told).map_err(wrong)?;
        let notebook = |cells: &[Cell]| ipynb::notebook(name, &Kernel::Python, cells);
        write_file(&folder.join(format!("teacher/{name}.ipynb")), &notebook(&cells))?;
        let blanks = with_blanks(cells).map_err(|error| wrong(error.into()))?;
        write_file(&folder.join(format!("students/{name}.ipynb")), &notebook(&blanks))?;
    }
    Ok(2 * PYTHON.len())
}

/// The cells of a script, with what the book says.
fn python(scripts: &Path, name: &str, told: &Told) -> Result<Vec<Cell>> {
    let script = file(&scripts.join(format!("{name}.py")))?;
    let mut cells = percent::cells(&script)?;
    for cell in &mut cells {
        cell.source = match cell.kind {
            Kind::Text => told.text(&cell.source)?,
            Kind::Code | Kind::Comparison => {
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
