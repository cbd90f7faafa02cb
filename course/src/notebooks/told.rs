//! What the book says: its equations, and what its cells printed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::tex::Macros;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The book, as far as notebooks ask it.
pub struct Told {
    /// The folder of the book.
    pub folder: PathBuf,
    equations: BTreeMap<String, String>,
    macros: Macros,
}

impl Told {
    /// Reads the pages of a book, and the macros of its formulas.
    pub fn read(folder: &Path) -> Result<Self> {
        let book = formula::Book::read(folder)?;
        let displays = book.pages.iter().flat_map(|page| &page.displays);
        let displays = displays.map(|display| (display.tag.clone(), display.tex.trim().to_owned()));
        Ok(Self {
            equations: displays.collect(),
            macros: Macros::parse(&file(&folder.join("theme/macros.txt"))?),
            folder: folder.to_owned(),
        })
    }

    /// The text with an equation for each `{{eq 3.9}}`, and the book's macros replaced.
    pub fn text(&self, text: &str) -> Result<String> {
        let text = filled(text, "{{eq ", |number| {
            let tex = self.equations.get(number);
            let tex = tex.ok_or_else(|| format!("({number}): the book has no such equation"))?;
            Ok(format!("$$\n{tex}\n$$"))
        })?;
        Ok(self.macros.expand(&text)?)
    }

    /// The code with what a cell printed for each `{{out example/point.txt: W =}}`: the number, or
    /// the array of numbers, that stands behind these words. Without words, the first of the file.
    pub fn code(&self, code: &str) -> Result<String> {
        filled(code, "{{out ", |place| {
            let (name, words) = place.split_once(": ").unwrap_or((place, ""));
            let printed = file(&self.folder.join("out").join(name))?;
            Ok(number_behind(&printed, words).map_err(|wrong| format!("{name}: {wrong}"))?)
        })
    }
}

/// What a file says. A checkout may end its lines otherwise.
pub fn file(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The text with each place, from `begin` to `}}`, filled by what it asks for.
pub fn filled(text: &str, begin: &str, fill: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut full = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(begin) {
        let (asked, after) = after
            .split_once("}}")
            .ok_or_else(|| format!("{begin}: expected }}}} behind it, found none"))?;
        full += before;
        full += &fill(asked.trim())?;
        rest = after;
    }
    Ok(full + rest)
}

/// The number or the array behind words that begin a line, or follow a comma.
fn number_behind(printed: &str, words: &str) -> std::result::Result<String, String> {
    let mut places = printed.match_indices(words);
    let stands = |at: usize| {
        let before = &printed[..at];
        before.is_empty() || before.ends_with('\n') || before.ends_with(", ")
    };
    let place = places.find(|(at, _)| stands(*at));
    let (at, _) = place.ok_or_else(|| format!("expected {words:?}, found {printed:?}"))?;
    // A sentence has another minus.
    let behind = printed[at + words.len()..].replace('−', "-");
    let behind = behind.trim_start();
    let mut values = serde_json::Deserializer::from_str(behind).into_iter::<Value>();
    match values.next() {
        Some(Ok(_)) => {
            let value: Vec<&str> = behind[..values.byte_offset()].split_whitespace().collect();
            Ok(value.join(" "))
        }
        _ => Err(format!(
            "expected a number behind {words:?}, found {behind:?}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_words() {
        let printed = "W =\n[[0.20, -0.4],\n [0.7, 0.3]]\nexp(b) = 1\nb = [0.1, −0.2], η = 0.1: off by 9.5e-7\n";
        for (words, expected) in [
            ("W =", "[[0.20, -0.4], [0.7, 0.3]]"),
            ("b =", "[0.1, -0.2]"),
            ("η = 0.1: off by", "9.5e-7"),
        ] {
            assert_eq!(number_behind(printed, words).as_deref(), Ok(expected));
        }
        assert_eq!(number_behind("0.5 nats\n", "").as_deref(), Ok("0.5"));
        assert!(number_behind(printed, "x =").is_err());
        assert!(number_behind("x = nothing\n", "x =").is_err());
    }

    #[test]
    fn the_book_fills_places() {
        let told = Told {
            folder: PathBuf::new(),
            equations: BTreeMap::from([("1.2".to_owned(), "\\vy = 0 \\tag{1.2}".to_owned())]),
            macros: Macros::parse("\\vy:\\mathbf{y}\n"),
        };
        let text = told.text("a $\\vy$\n\n{{eq 1.2}}").unwrap();
        assert_eq!(
            text,
            "a $\\mathbf{y}$\n\n$$\n\\mathbf{y} = 0 \\tag{1.2}\n$$"
        );
        assert!(told.text("{{eq 1.3}}").is_err());
        assert!(told.text("{{eq 1.2").is_err());
        assert!(told.code("{{out no/such/file.txt: x =}}").is_err());
    }
}
