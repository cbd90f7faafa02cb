//! The lines of the graph are those that `formula` writes from the book's equations.
//! `UPDATE_EXPECT=1` writes them anew.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use formula::Book;
use lab::steps::EQUATIONS;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[test]
fn the_lines_are_those_of_the_equations() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let book = Book::read(&root.join("../../book")).map_err(|problem| problem.to_string())?;
    let lines = book
        .lines(&EQUATIONS)
        .map_err(|problem| problem.to_string())?;
    let row = |line: &formula::Line| {
        let terms = line.terms.as_deref().unwrap_or_default();
        let parts = [
            &line.tag,
            &line.left,
            &line.symbols,
            &line.put,
            terms,
            &line.result,
        ];
        parts.join("\t") + "\n"
    };
    let expected: String = lines.iter().map(row).collect();
    let path = root.join("src/steps.tsv");
    if env::var_os("UPDATE_EXPECT").is_some() {
        return Ok(fs::write(path, expected)?);
    }
    let found = fs::read_to_string(path)?.replace('\r', "");
    let differs = found.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert!(
        found == expected,
        "steps.tsv is not what is written now; UPDATE_EXPECT=1 writes it. {differs:?}"
    );
    Ok(())
}
