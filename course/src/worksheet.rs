//! Writes worksheets, and their keys, for a class.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use worksheet::{Kind, Sheet};

const STYLE: &str = include_str!("../../book/worksheet/worksheet.css");

/// The page around the sheets; the style of the sheets is that of the book's page.
const PAGE: &str = "\
:root { --bg: #fff; }
body { max-width: 180mm; margin: 1em auto; padding-inline: 1em; font-family: sans-serif; line-height: 1.4; color: #000; background: #fff; }
h1 { font-size: 1.2em; font-weight: normal; }
table { border-collapse: collapse; }
th, td { border: 1px solid; }
@page { margin: 14mm 15mm; }
@media print { h1 { display: none; } body { max-width: none; margin: 0; padding: 0; } }
";

/// Writes worksheets to `sheets.html`, and their keys to `keys.html`, a printed page each.
#[derive(Args)]
pub struct Arguments {
    /// What is asked.
    #[arg(long, value_enum, default_value = "network")]
    kind: Name,
    /// What the numbers are drawn from: the same seed gives the same sheet, here and on the book's page.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// A file of names or numbers, one a line: a sheet for each, the first from the seed, each other
    /// from one more than that before it.
    #[arg(long)]
    names: Option<PathBuf>,
    /// The folder that the files are written to.
    folder: PathBuf,
}

/// The kinds of sheets, as they are typed.
#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Forward, backward, and one step.
    Network,
    /// The Jacobian of softmax with holes.
    Jacobian,
    /// A network worked out, with one wrong line.
    WrongLine,
    /// Symbols and their shapes.
    Shapes,
    /// The loss as a graph, forward and backward.
    Graph,
}

impl From<Name> for Kind {
    fn from(name: Name) -> Self {
        match name {
            Name::Network => Self::Network,
            Name::Jacobian => Self::Jacobian,
            Name::WrongLine => Self::WrongLine,
            Name::Shapes => Self::Shapes,
            Name::Graph => Self::Graph,
        }
    }
}

/// Writes the files, and says which.
///
/// # Errors
///
/// Where a file cannot be read or written, or a seed has no sheet.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let students = match &arguments.names {
        Some(file) => match names(&read(file)?) {
            found if found.is_empty() => {
                let file = file.display();
                return Err(format!("{file}: expected a name in a line, found none"));
            }
            found => found,
        },
        None => vec![String::new()],
    };
    let kind = Kind::from(arguments.kind);
    let (mut sheets, mut keys) = (String::new(), String::new());
    for (seed, student) in seeds(arguments.seed).zip(&students) {
        let sheet = kind.sheet(seed).map_err(|error| error.to_string())?;
        let Sheet { task, key } = of(student, &sheet);
        sheets += &task;
        keys += &key;
    }
    let title = format!("{}, from seed {}", kind.name(), arguments.seed);
    for (name, what, text) in [
        ("sheets.html", "Sheets", sheets),
        ("keys.html", "Keys", keys),
    ] {
        let path = arguments.folder.join(name);
        write(&path, &page(&format!("{what}: {title}"), &text))?;
        println!(
            "{}: {} of {}",
            path.display(),
            what.to_lowercase(),
            students.len()
        );
    }
    Ok(())
}

/// The seeds of a class: one after the other, and 0 after the largest.
fn seeds(first: u32) -> impl Iterator<Item = u32> {
    (0..).map(move |place| first.wrapping_add(place))
}

/// The lines that are not empty.
fn names(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.trim_start_matches('\u{feff}').trim());
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A sheet with the name of the one it is for.
fn of(student: &str, sheet: &Sheet) -> Sheet {
    let place = "<span class=\"student\"></span>";
    let named = format!("<span class=\"student\">{}</span>", escaped(student));
    let with = |text: &str| text.replacen(place, &named, 1);
    Sheet {
        task: with(&sheet.task),
        key: with(&sheet.key),
    }
}

/// A text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn page(title: &str, sections: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{PAGE}{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<main>\n{sections}</main>\n</body>\n</html>\n"
    )
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_line_that_is_not_empty() {
        assert_eq!(
            names("\u{feff}Ada\r\n\n  Émilie du Châtelet \n7\n"),
            ["Ada", "Émilie du Châtelet", "7"]
        );
    }

    #[test]
    fn a_name_is_shown_and_not_read() -> Result<(), worksheet::Error> {
        let sheet = of("<b>A & B</b>", &Kind::Network.sheet(1)?);
        for text in [&sheet.task, &sheet.key] {
            assert!(
                text.contains(">&lt;b&gt;A &amp; B&lt;/b&gt;</span>"),
                "{text}"
            );
        }
        Ok(())
    }

    #[test]
    fn seeds_go_on_from_the_largest() {
        assert_eq!(
            seeds(u32::MAX - 1).take(3).collect::<Vec<_>>(),
            [u32::MAX - 1, u32::MAX, 0]
        );
    }
}
