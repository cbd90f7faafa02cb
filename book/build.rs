//! Writes a module for each page of `SUMMARY.md`: its cells, and its equations.

use std::io;

use mdbook_cells::pages;

fn main() -> io::Result<()> {
    pages::write(|page| {
        format!(
            "/// The displayed equations of the page.\n///\n/// ```\n/// given::equations({page:?});\n/// ```\nmod equations {{}}\n"
        )
    })
}
