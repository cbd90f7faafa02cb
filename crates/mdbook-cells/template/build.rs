//! Writes a module for each page that `SUMMARY.md` lists.

fn main() -> Result<(), mdbook_cells::Error> {
    mdbook_cells::pages::write()
}
