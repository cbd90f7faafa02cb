//! Writes a module for each page of `SUMMARY.md`: its cells, and its equations.

use mdbook_cells::{Error, pages};

fn main() -> Result<(), Error> {
    pages::write_with(|page| {
        format!(
            "/// The displayed equations of the page.\n///\n/// ```\n/// given::equations({page:?});\n/// ```\nmod equations {{}}\n"
        )
    })
}
