//! The tables that the book writes from its symbols: those of *Notation*, and that of
//! *FCNN structure*.

use std::fs;
use std::path::Path;

use formula::{Book, Problem, Row};

use crate::points::BOOK;

const SYMBOLS: &str = "symbols.toml";

/// The section that begins with the derivatives, which are no symbols.
const DERIVATIVES: &str = "Derivatives";

/// The page whose table names the network's quantities.
const STRUCTURE: &str = "structure.md";

/// The symbols of a section of *Notation*, as a table in Markdown: those of `book/symbols.toml`,
/// then those that the pages declare, in the order of the summary.
///
/// # Errors
///
/// Where the book cannot be read, or no symbol belongs to the section.
pub fn notation_table(section: &str) -> Result<String, Problem> {
    Tables::read()?.notation(section)
}

/// The quantities of the network in the figure of *FCNN structure*, with their shapes in numbers,
/// as a table in Markdown.
///
/// # Errors
///
/// Where the book cannot be read, or a shape has a count without a size.
pub fn structure_table() -> Result<String, Problem> {
    Tables::read()?.structure()
}

struct Tables {
    book: Book,
    /// The pages of the summary, each with its title.
    titles: Vec<(String, String)>,
}

/// A symbol, and the page that declares it; none for the table of the book.
type Declared<'a> = (Option<&'a str>, &'a Row);

impl Tables {
    fn read() -> Result<Self, Problem> {
        let folder = Path::new(BOOK);
        let summary = fs::read_to_string(folder.join("SUMMARY.md"));
        let summary = summary.map_err(|error| problem("SUMMARY.md", error.to_string()))?;
        let book = Book::read(folder)?;
        Ok(Self {
            book,
            titles: titles(&summary),
        })
    }

    /// All symbols, in the order of the table, then of the summary.
    fn symbols(&self) -> impl Iterator<Item = Declared<'_>> {
        let table = self.book.table.symbol.iter().map(|row| (None, row));
        let pages = self.book.pages.iter().flat_map(|page| {
            let symbols = page.notes.symbol.iter();
            symbols.map(|row| (Some(page.name.as_str()), row))
        });
        table.chain(pages)
    }

    fn notation(&self, section: &str) -> Result<String, Problem> {
        let derivatives = match section {
            DERIVATIVES => self.book.table.derivative.as_slice(),
            _ => &[],
        };
        let derivatives = derivatives.iter().map(|row| (None, row));
        let symbols = self.symbols().filter(|(_, row)| row.section == section);
        let rows: Vec<Declared<'_>> = derivatives.chain(symbols).collect();
        if rows.is_empty() {
            let message = format!("no symbol has the section `{section}`");
            return Err(problem(SYMBOLS, message));
        }
        let mut table =
            "| symbol | meaning | shape | Rust | see |\n|---|---|---|---|---|\n".to_owned();
        for (page, row) in rows {
            let cells = [
                self.sign(page, row),
                row.meaning.clone(),
                shape(row),
                rust(row),
                self.see(row)?,
            ];
            table += &format!("| {} |\n", cells.join(" | "));
        }
        Ok(table)
    }

    fn structure(&self) -> Result<String, Problem> {
        let head = "| symbol | meaning | shape | name in Rust | type |\n|---|---|---|---|---|\n";
        let mut table = head.to_owned();
        for row in &self.book.table.symbol {
            // A function is no quantity.
            let introduces = self.page(row)? == STRUCTURE;
            if introduces && function(row).is_none() {
                let cells = [
                    format!("${}$", row.tex),
                    row.meaning.clone(),
                    self.sizes(row)?,
                    code(&row.rust),
                    code(&row.kind),
                ];
                table += &format!("| {} |\n", cells.join(" | "));
            }
        }
        Ok(table)
    }

    /// The symbol, and its entry with the indices; a name that no display writes is left out.
    fn sign(&self, page: Option<&str>, row: &Row) -> String {
        if let Some(function) = function(row) {
            return format!("${function}$");
        }
        let whole = format!("${}$", row.tex);
        let entry = row.entry.as_ref().filter(|entry| **entry != row.tex);
        let entry = entry.and_then(|entry| Some(format!("${entry}{}$", indices(&row.shape)?)));
        match entry {
            None => whole,
            Some(entry) if self.is_written(page, &row.tex) => format!("{whole}, {entry}"),
            Some(entry) => entry,
        }
    }

    /// Whether a display writes the symbol: of the page that declares it, or else of any.
    fn is_written(&self, page: Option<&str>, tex: &str) -> bool {
        let mut pages = self.book.pages.iter();
        pages.any(|one| {
            page.is_none_or(|name| one.name == name)
                && one.displays.iter().any(|display| display.tex.contains(tex))
        })
    }

    /// Where a symbol is introduced: an equation, or a page, by its title.
    fn see(&self, row: &Row) -> Result<String, Problem> {
        let page = self.page(row)?;
        if !row.see.starts_with(page) {
            return Ok(format!("({})", row.see));
        }
        let title = self.titles.iter().find(|(name, _)| name == page);
        let title = title.map_or(page, |(_, title)| title);
        Ok(format!("[{title}]({})", row.see))
    }

    /// The page that introduces a symbol.
    fn page<'a>(&'a self, row: &'a Row) -> Result<&'a str, Problem> {
        let name = row.see.split('#').next().unwrap_or_default();
        let is_on = |page: &&formula::Page| {
            page.name == name || page.displays.iter().any(|display| display.tag == row.see)
        };
        let page = self.book.pages.iter().find(is_on);
        page.map(|page| page.name.as_str()).ok_or_else(|| {
            let message = format!(
                "`{}`: see `{}` is no equation and no page",
                row.tex, row.see
            );
            problem(SYMBOLS, message)
        })
    }

    /// The shape at the worked example.
    fn sizes(&self, row: &Row) -> Result<String, Problem> {
        if row.shape.is_empty() {
            return Ok(NUMBER.to_owned());
        }
        let size = |count: &String| {
            let size = self.book.table.sizes.get(count).map(usize::to_string);
            size.ok_or_else(|| problem(SYMBOLS, format!("`{}`: no size is `{count}`", row.tex)))
        };
        let sizes = row.shape.iter().map(size).collect::<Result<Vec<_>, _>>()?;
        Ok(sizes.join(" × "))
    }
}

/// The shape of what has none.
const NUMBER: &str = "one number";

/// The pages that a summary lists, each with its title.
fn titles(summary: &str) -> Vec<(String, String)> {
    let links = summary.split('[').skip(1);
    let links = links.filter_map(|link| {
        let (title, rest) = link.split_once("](")?;
        let (page, _) = rest.split_once(')')?;
        Some((page.to_owned(), title.to_owned()))
    });
    links.collect()
}

/// A function with its arguments, as its definition writes it.
fn function(row: &Row) -> Option<&str> {
    let (left, _) = row.is.as_ref()?.split_once('=')?;
    let left = left.trim();
    left.ends_with(')').then_some(left)
}

/// The letters that count the entries of a shape; none where a count has no letter of its own.
fn indices(shape: &[String]) -> Option<String> {
    let letter = |count: &String| match count.as_str() {
        "M" | "P" => Some('i'),
        "K" => Some('k'),
        "N" => Some('n'),
        "H" => Some('j'),
        _ => None,
    };
    let letters = shape.iter().map(letter).collect::<Option<String>>()?;
    match letters.len() {
        0 => None,
        1 => Some(format!("_{letters}")),
        _ => Some(format!("_{{{letters}}}")),
    }
}

/// The counts that are the sizes.
fn shape(row: &Row) -> String {
    let count = |count: &String| match count.as_str() {
        "P" if row.shape.len() == 1 => "M + 1".to_owned(),
        "P" => "(M + 1)".to_owned(),
        // In braces a line is not broken.
        count if count.len() > 1 => format!("{{{count}}}"),
        count => count.to_owned(),
    };
    match row.shape.is_empty() {
        true => NUMBER.to_owned(),
        false => format!(
            "${}$",
            row.shape
                .iter()
                .map(count)
                .collect::<Vec<_>>()
                .join(r" \times ")
        ),
    }
}

/// The name in Rust, of a variable with its type.
fn rust(row: &Row) -> String {
    let is_variable = row.rust.chars().all(|c| c.is_alphanumeric() || c == '_');
    match row.kind.as_str() {
        kind if is_variable && !kind.is_empty() => code(&format!("{}: {kind}", row.rust)),
        _ => code(&row.rust),
    }
}

fn code(text: &str) -> String {
    match text.is_empty() {
        true => "none".to_owned(),
        false if text.contains('(') => format!("`{text}`"),
        false => format!("`{}`", text.replace(", ", "`, `")),
    }
}

fn problem(page: &str, message: String) -> Problem {
    Problem {
        page: page.to_owned(),
        line: 1,
        column: 1,
        message,
    }
}

#[cfg(test)]
mod tests {
    use formula::Page;

    use super::*;

    const SYMBOLS: &str = r#"
        [sizes]
        M = 2
        K = 3
        [[symbol]]
        tex = '\mW'
        entry = 'w'
        shape = ["M", "K"]
        section = "Here"
        meaning = "weights"
        rust = "w"
        type = "Array2<f64>"
        see = "2.1"
        [[symbol]]
        tex = '\mathbf{\omega}'
        entry = '\omega'
        shape = ["K"]
        section = "Here"
        meaning = "not on the first page"
        see = "later.md#there"
        [[derivative]]
        tex = '\nabla J'
        shape = ["M", "K"]
        rust = "gradients.w"
        see = "2.1"
    "#;

    const LATER: &str = r#"
<!-- symbols
[[symbol]]
tex = 'h'
is = 'h(t) = 2 t'
section = "Here"
meaning = "twice"
rust = "a, b"
see = "3.1"
[[symbol]]
tex = 'L'
section = "Derivatives"
see = "3.1"
-->
$$
L = h(1) \tag{3.1}
$$
"#;

    fn tables(symbols: &str) -> Tables {
        let page = |name: &str, text: &str| Page::parse(name, text, |_| Ok(String::new())).unwrap();
        let first = page(STRUCTURE, "$$\n\\mW = \\mW\n\\tag{2.1}\n$$\n");
        let book = Book::new(symbols, vec![first, page("later.md", LATER)]).unwrap();
        let titles = titles("- [One](structure.md)\n- [Two *and* more](later.md)\n");
        Tables { book, titles }
    }

    #[test]
    fn a_section_lists_the_table_then_the_pages() {
        let table = tables(SYMBOLS).notation("Here").unwrap();
        let rows: Vec<&str> = table.lines().skip(2).collect();
        let expected = [
            r"| $\mW$, $w_{ik}$ | weights | $M \times K$ | `w: Array2<f64>` | (2.1) |",
            r"| $\omega_k$ | not on the first page | $K$ | none | [Two *and* more](later.md#there) |",
            r"| $h(t)$ | twice | one number | `a`, `b` | (3.1) |",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_derivatives_come_first() {
        let table = tables(SYMBOLS).notation(DERIVATIVES).unwrap();
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert!(
            rows[0].starts_with(r"| $\nabla J$ |  | $M \times K$ | `gradients.w` |"),
            "{table}"
        );
        assert!(rows[1].starts_with("| $L$ |") && rows.len() == 2, "{table}");
    }

    #[test]
    fn the_structure_has_numbers_for_counts() {
        let table = tables(SYMBOLS).structure().unwrap();
        let row = r"| $\mW$ | weights | 2 × 3 | `w` | `Array2<f64>` |";
        assert_eq!(table.lines().skip(2).collect::<Vec<_>>(), [row]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let error = tables(SYMBOLS).notation("There").unwrap_err();
        assert!(error.to_string().contains("`There`"), "{error}");
        let nowhere = SYMBOLS.replacen("2.1", "2.2", 1);
        let error = tables(&nowhere).notation("Here").unwrap_err();
        assert!(
            error.to_string().contains("`2.2` is no equation"),
            "{error}"
        );
        let sizeless = SYMBOLS.replace("K = 3", "");
        let error = tables(&sizeless).structure().unwrap_err();
        assert!(error.to_string().contains("no size is `K`"), "{error}");
    }

    #[test]
    fn a_shape_is_written_in_the_counts() {
        let row = |shape: &[&str]| Row {
            shape: shape.iter().map(|count| (*count).to_owned()).collect(),
            ..Row::default()
        };
        assert_eq!(shape(&row(&["P"])), "$M + 1$");
        assert_eq!(shape(&row(&["P", "K"])), r"$(M + 1) \times K$");
        assert_eq!(shape(&row(&["2 N", "K"])), r"${2 N} \times K$");
    }
}
