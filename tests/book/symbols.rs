//! One table of symbols: each is described and introduced, none is declared twice, a letter means
//! one thing on a page, and a name in Rust has the value of its equation.

use std::collections::{BTreeMap, BTreeSet};

use formula::{Book, Display, Row};
use mdbook_cells::Problem;

use crate::markdown;
use crate::support::page::Page;

/// The table, as messages name it.
const TABLE: &str = "book/symbols.toml";

/// The page that lists the symbols by their sections.
const NOTATION: &str = "book/notation.md";

/// What a page calls by a name of the table, and why that may be: page, symbol, reason.
const REDEFINED: [(&str, &str, &str); 2] = [
    ("mistakes.md", "J", "the loss of many examples is the mean"),
    ("batch.md", "J", "the loss of many examples is the mean"),
];

/// Letters that are an index and a symbol on one page, and why: page, letter, reason.
const TWO_MEANINGS: [(&str, char, &str); 2] = [
    (
        "gradient-check.md",
        'u',
        "(8.2) sums over the values themselves, of a tape",
    ),
    (
        "gradient-check.md",
        'v',
        "(8.2) sums over the values themselves, of a tape",
    ),
];

/// Names in Rust that the worked example does not bind, and why.
const NOT_GIVEN: [(&str, &str); 2] = [
    ("sum", "each cell that needs it adds it up"),
    (
        "learning_rate",
        "it belongs to the step, not to the network",
    ),
];

/// A file with its lines, for the place of a symbol.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// A problem of a symbol, at the line that declares it.
    fn problem(&self, tex: &str, message: &str) -> Problem {
        let literal = format!("tex = '{tex}'");
        let escaped = format!("tex = \"{}\"", tex.replace('\\', "\\\\"));
        let mut lines = self.text.lines().map(str::trim);
        let line = lines.position(|line| line == literal || line == escaped);
        Problem {
            path: self.name.into(),
            line: line.map_or(0, |line| line + 1),
            message: format!("`{tex}`: {message}"),
        }
    }
}

/// The table of the book, then each page with what it declares.
fn declared<'a>(book: &'a Book, table: &'a str, pages: &'a [Page]) -> Vec<(Source<'a>, &'a [Row])> {
    let name = TABLE;
    let mut declared = vec![
        (Source { name, text: table }, book.table.symbol.as_slice()),
        (
            Source { name, text: table },
            book.table.derivative.as_slice(),
        ),
    ];
    for page in pages {
        let short = page.name.trim_start_matches("book/");
        if let Some(found) = book.pages.iter().find(|one| one.name == short) {
            let (name, text) = (page.name.as_str(), page.source.text.as_str());
            declared.push((Source { name, text }, found.notes.symbol.as_slice()));
        }
    }
    declared
}

/// Checks that each symbol says what it means, and each that is listed in *Notation* where it is
/// introduced, in a section that is there.
fn described(book: &Book, table: &str, pages: &[Page]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let notation = pages.iter().find(|page| page.name == NOTATION);
    let sections = notation.map_or("", |page| &page.source.text);
    let sections: BTreeSet<&str> = sections
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    for (place, (source, rows)) in declared(book, table, pages).into_iter().enumerate() {
        for row in rows {
            let mut complain = |message: &str| problems.push(source.problem(&row.tex, message));
            if row.meaning.trim().is_empty() {
                complain("it has no meaning");
            }
            // The page that declares a symbol introduces it. A derivative is in its own section.
            let (is_symbol, is_listed) = (place == 0, place < 2 || !row.section.is_empty());
            if (is_symbol || !row.section.is_empty()) && !sections.contains(row.section.as_str()) {
                complain(&format!("{NOTATION} has no section `{}`", row.section));
            }
            match row.see.as_str() {
                "" if is_listed => complain("it says not where it is introduced: `see`"),
                "" => {}
                see if introduces(book, pages, see) => {}
                see => complain(&format!("`{see}` is no equation and no page")),
            }
        }
    }
    problems
}

/// Whether it is the number of an equation, or a page with the anchor.
fn introduces(book: &Book, pages: &[Page], see: &str) -> bool {
    let mut displays = book.pages.iter().flat_map(|page| &page.displays);
    if displays.any(|display| display.tag == see) {
        return true;
    }
    let (name, anchor) = see.split_once('#').unwrap_or((see, ""));
    let page = pages
        .iter()
        .find(|page| page.name == format!("book/{name}"));
    page.is_some_and(|page| {
        let mut headings = markdown::headings(&page.source.text).into_iter();
        anchor.is_empty() || headings.any(|heading| heading.id == anchor)
    })
}

/// What two rows must not have in common: the symbol, and the letter of its entries.
fn names(row: &Row) -> Vec<String> {
    let bare = |tex: &str| tex.split_whitespace().collect::<String>();
    let entry = row.entry.as_ref().map(|entry| {
        let places = vec!["·"; row.shape.len()].join("");
        format!("{}_{{{places}}}", bare(entry))
    });
    [Some(bare(&row.tex)), entry]
        .into_iter()
        .flatten()
        .collect()
}

/// Checks that no symbol is declared twice: in the table, on a page, or in the table and on a page
/// that is not listed with the reason.
fn declared_once(
    book: &Book,
    table: &str,
    pages: &[Page],
    redefined: &[(&str, &str, &str)],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = redefined
        .iter()
        .map(|(page, tex, _)| (*page, *tex))
        .collect();
    let mut of_table = BTreeSet::new();
    for (source, rows) in declared(book, table, pages) {
        let page = source.name.trim_start_matches("book/");
        let is_table = source.name == TABLE;
        let mut of_page = BTreeSet::new();
        for row in rows {
            let is_listed = redefined
                .iter()
                .any(|(name, tex, _)| *name == page && *tex == row.tex);
            for name in names(row) {
                if of_table.contains(&name) {
                    if is_listed {
                        unused.remove(&(page, row.tex.as_str()));
                    } else if !is_table {
                        let message = format!("the table of the book has `{name}`, too");
                        problems.push(source.problem(&row.tex, &message));
                    }
                }
                if !of_page.insert(name.clone()) || (is_table && of_table.contains(&name)) {
                    problems.push(source.problem(&row.tex, &format!("`{name}` is declared twice")));
                }
            }
        }
        if is_table {
            of_table.extend(of_page);
        }
    }
    problems.extend(unused.into_iter().map(|(page, tex)| Problem {
        path: format!("book/{page}").into(),
        line: 0,
        message: format!("`{tex}` is listed as redefined, and is not"),
    }));
    problems
}

/// Checks that no page gives another meaning to what another page lists in *Notation*: a reader who
/// points at a symbol is told what stands there.
fn means_what_notation_says(book: &Book, table: &str, pages: &[Page]) -> Vec<Problem> {
    let declared = declared(book, table, pages);
    let listed: BTreeMap<String, &Row> = declared
        .iter()
        .filter(|(source, _)| source.name != TABLE)
        .flat_map(|(_, rows)| rows.iter().filter(|row| !row.section.is_empty()))
        .flat_map(|row| names(row).into_iter().map(move |name| (name, row)))
        .collect();
    let mut problems = Vec::new();
    for (source, rows) in &declared {
        for row in *rows {
            for name in names(row) {
                let Some(other) = listed.get(&name) else {
                    continue;
                };
                if other.meaning != row.meaning {
                    let message = format!("{NOTATION} has `{name}` as `{}`", other.meaning);
                    problems.push(source.problem(&row.tex, &message));
                }
            }
        }
    }
    problems
}

/// The letters that stand as an index in a formula: below a symbol, a sum or a maximum.
fn index_letters(tex: &str) -> BTreeSet<char> {
    let mut letters = BTreeSet::new();
    for (at, _) in tex.match_indices('_') {
        let rest = &tex[at + 1..];
        let group = match rest.strip_prefix('{') {
            Some(rest) => &rest[..closing(rest)],
            None => rest.get(..1).unwrap_or_default(),
        };
        // A brace below a term explains it.
        if !group.contains('(') {
            letters.extend(
                without_commands(group)
                    .chars()
                    .filter(char::is_ascii_alphabetic),
            );
        }
    }
    letters
}

/// Where the brace closes that is open at the beginning.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return true,
            '}' => depth -= 1,
            _ => {}
        }
        false
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// A formula without its commands and without what they are applied to: a bold letter or a word is
/// no index.
fn without_commands(tex: &str) -> String {
    let mut bare = String::new();
    let mut rest = tex;
    while let Some((before, command)) = rest.split_once('\\') {
        bare.push_str(before);
        rest = command.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        if let Some(argument) = rest.strip_prefix('{') {
            rest = &argument[closing(argument)..];
        }
    }
    bare + rest
}

/// What is executed of a display: its TeX, and the definitions beside it.
fn formulas(display: &Display) -> impl Iterator<Item = &str> {
    let tex = display.tex.split("\\tag").next().into_iter();
    let notes = [&display.notes.set, &display.notes.conditions];
    tex.chain(notes.into_iter().flatten().map(String::as_str))
}

/// The letter that a definition defines, as `m` in `m = \max_k \theta_k`.
fn defines(is: &str) -> Option<char> {
    let (left, _) = is.split_once('=')?;
    letter(left.split('(').next().unwrap_or_default())
}

/// The only letter of a name.
fn letter(tex: &str) -> Option<char> {
    let mut letters = tex.trim().chars();
    let first = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.next().is_none().then_some(first)
}

/// Checks that no letter is an index and a symbol on one page, but for those that are listed with
/// the reason.
fn one_meaning(book: &Book, pages: &[Page], two: &[(&str, char, &str)]) -> Vec<Problem> {
    let of_table: BTreeSet<char> = book
        .table
        .symbol
        .iter()
        .filter_map(|row| letter(&row.tex))
        .collect();
    let mut unused: BTreeSet<(&str, char)> = two
        .iter()
        .map(|(page, letter, _)| (*page, *letter))
        .collect();
    let mut problems = Vec::new();
    for page in &book.pages {
        let mut symbols = of_table.clone();
        symbols.extend(page.notes.symbol.iter().filter_map(|row| letter(&row.tex)));
        let notes = page.displays.iter().flat_map(|display| &display.notes.set);
        symbols.extend(
            page.notes
                .set
                .iter()
                .chain(notes)
                .filter_map(|is| defines(is)),
        );
        let name = format!("book/{}", page.name);
        let source = pages.iter().find(|one| one.name == name);
        let text = source.map_or("", |page| &page.source.text);
        let rows = page
            .notes
            .symbol
            .iter()
            .filter_map(|row| Some((row.tex.as_str(), row.is.as_ref()?)));
        let rows = rows.map(|(tex, is)| (format!("the definition of `{tex}`"), is.as_str()));
        let displays = page
            .displays
            .iter()
            .flat_map(|display| formulas(display).map(|tex| (format!("({})", display.tag), tex)));
        for (place, tex) in rows.chain(displays) {
            for both in index_letters(tex).intersection(&symbols) {
                if two
                    .iter()
                    .any(|(page_name, letter, _)| *page_name == page.name && letter == both)
                {
                    unused.remove(&(page.name.as_str(), *both));
                    continue;
                }
                let source = Source { name: &name, text };
                let message = format!("a symbol of this page, and an index in {place}");
                problems.push(source.problem(&both.to_string(), &message));
            }
        }
    }
    problems.extend(unused.into_iter().map(|(page, letter)| Problem {
        path: format!("book/{page}").into(),
        line: 0,
        message: format!("`{letter}` is listed with two meanings, and has one"),
    }));
    problems
}

/// A value that a cell is given: its rows.
type Rows = Vec<Vec<f64>>;

/// Checks that each name in Rust that the network's symbols have is given, or listed, and has the
/// value that `formula` computes for the symbol at the point.
fn values(
    table: &str,
    point: &str,
    given: &[(&str, Rows)],
    not_given: &[(&str, &str)],
) -> Result<Vec<Problem>, formula::Problem> {
    let source = Source {
        name: TABLE,
        text: table,
    };
    let book = Book::new(table, Vec::new())?;
    let symbols = book
        .table
        .symbol
        .iter()
        .filter(|row| row.section == "Quantities");
    let gradients = book
        .table
        .derivative
        .iter()
        .filter(|row| row.rust.starts_with("gradients."));
    let rows: Vec<&Row> = symbols.chain(gradients).collect();
    let mut problems = Vec::new();
    let mut compared = Vec::new();
    let mut page = String::new();
    for row in &rows {
        match given.iter().find(|(name, _)| *name == row.rust) {
            Some((_, value)) => {
                compared.push(*row);
                let (tag, tex, value) = (compared.len(), &row.tex, literal(value));
                page += &format!("<!-- eq 0.{tag}: at = '{point}' -->\n");
                page += &format!("$$\n{tex} = {value}\n\\tag{{0.{tag}}}\n$$\n");
            }
            None if not_given.iter().any(|(name, _)| *name == row.rust) => {}
            None => {
                let message = format!("`given!` does not bind `{}`", row.rust);
                problems.push(source.problem(&row.tex, &message));
            }
        }
    }
    let is_named = |name: &str| rows.iter().any(|row| row.rust == name);
    let names = given
        .iter()
        .map(|(name, _)| *name)
        .chain(not_given.iter().map(|(name, _)| *name));
    problems.extend(names.filter(|name| !is_named(name)).map(|name| Problem {
        path: TABLE.into(),
        line: 0,
        message: format!("no symbol has the name `{name}`"),
    }));
    let page = formula::Page::parse("given.md", &page, |_| Ok(String::new()))?;
    let runs = Book::new(table, vec![page])?.run("given.md")?;
    for (row, run) in compared.iter().zip(runs) {
        if let Err(differs) = run {
            let message = format!(
                "`given!({point}: {})` has another value: {}",
                row.rust, differs.message
            );
            problems.push(source.problem(&row.tex, &message));
        }
    }
    Ok(problems)
}

/// A value as a formula writes it; its last digit is rounded.
fn literal(value: &[Vec<f64>]) -> String {
    let row = |row: &Vec<f64>| {
        let entries: Vec<String> = row.iter().map(|entry| format!("{entry:.12}")).collect();
        entries.join(" & ")
    };
    let rows: Vec<String> = value.iter().map(row).collect();
    match value {
        [one] if one.len() == 1 => rows.concat(),
        _ => format!(
            "\\begin{{bmatrix}} {} \\end{{bmatrix}}",
            rows.join(" \\\\ ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ndarray::{Array1, Array2};
    use softmax_backprop::{Logits, Probabilities, Target};

    use super::*;
    use crate::support::{assert_none, lines};
    use crate::{example, pages, root};

    /// The value of a name, whatever its type is.
    trait Value {
        fn rows(&self) -> Rows;
    }

    impl Value for f64 {
        fn rows(&self) -> Rows {
            vec![vec![*self]]
        }
    }

    impl Value for Array1<f64> {
        fn rows(&self) -> Rows {
            self.iter().map(|entry| vec![*entry]).collect()
        }
    }

    impl Value for Array2<f64> {
        fn rows(&self) -> Rows {
            self.outer_iter().map(|row| row.to_vec()).collect()
        }
    }

    macro_rules! of_array {
        ($($kind:ty),+) => {
            $(impl Value for $kind {
                fn rows(&self) -> Rows {
                    self.as_array().rows()
                }
            })+
        };
    }

    of_array!(Logits, Probabilities, Target);

    /// What `given!` binds at a point, by the names.
    macro_rules! bound {
        ($point:ident) => {
            bound!($point: x, y, w, b, theta, y_hat, loss, delta)
        };
        ($point:ident: $($name:ident),+) => {{
            given::given!($point: $($name),+, gradients);
            let mut bound = vec![$((stringify!($name), Value::rows(&$name))),+];
            bound.push(("gradients.w", Value::rows(&gradients.w)));
            bound.push(("gradients.b", Value::rows(&gradients.b)));
            bound.push(("gradients.x", Value::rows(&gradients.x)));
            bound
        }};
    }

    const GOOD: &str = r#"
        [[symbol]]
        tex = '\vx'
        entry = 'x'
        shape = ["M"]
        meaning = "input"
        section = "Here"
        see = "page.md#the-input"
        [[symbol]]
        tex = 'J'
        meaning = "loss"
        section = "Here"
        see = "2.1"
        [[derivative]]
        tex = '\nabla J'
        meaning = "gradient"
        see = "page.md"
    "#;

    /// A page of which a note declares a symbol.
    fn page(note: &str, display: &str) -> String {
        format!(
            "# Page\n\n## The input\n\n<!-- symbols\n{note}\n-->\n\n$$\n{display} \\tag{{2.1}}\n$$\n"
        )
    }

    /// A book of one page beside the notation.
    fn book(table: &str, text: &str) -> (Book, Vec<Page>) {
        let page = formula::Page::parse("page.md", text, |_| Ok(String::new())).unwrap();
        let book = Book::new(table, vec![page]).unwrap();
        let notation = example(NOTATION, "# Notation\n\n## Here\n");
        (book, vec![example("book/page.md", text), notation])
    }

    #[track_caller]
    fn assert_described(table: &str, note: &str, expected: &[&str]) {
        let (book, pages) = book(table, &page(note, "J"));
        assert_eq!(lines(&described(&book, table, &pages)), expected);
    }

    #[test]
    fn each_symbol_is_described_and_introduced() {
        assert_described(GOOD, "", &[]);
        let no_meaning = GOOD.replace(r#"meaning = "loss""#, "");
        assert_described(
            &no_meaning,
            "",
            &["book/symbols.toml:10: `J`: it has no meaning"],
        );
        let no_see = GOOD.replace(r#"see = "page.md""#, "");
        let message =
            r"book/symbols.toml:15: `\nabla J`: it says not where it is introduced: `see`";
        assert_described(&no_see, "", &[message]);
        for see in ["2.2", "other.md", "page.md#output"] {
            let wrong = GOOD.replace("2.1", see);
            let message = format!("book/symbols.toml:10: `J`: `{see}` is no equation and no page");
            assert_described(&wrong, "", &[&message]);
        }
        let nowhere = GOOD.replacen("Here", "There", 1);
        let message = r"book/symbols.toml:3: `\vx`: book/notation.md has no section `There`";
        assert_described(&nowhere, "", &[message]);
    }

    #[test]
    fn the_symbols_of_a_page_are_described_there() {
        assert_described(GOOD, "[[symbol]]\ntex = 'h'\nmeaning = 'step'", &[]);
        let missing = "[[symbol]]\ntex = \"\\\\vx'\"";
        assert_described(
            GOOD,
            missing,
            &[r"book/page.md:7: `\vx'`: it has no meaning"],
        );
        let listed = "[[symbol]]\ntex = 'h'\nmeaning = 'step'\nsection = 'Here'";
        let message = "book/page.md:7: `h`: it says not where it is introduced: `see`";
        assert_described(GOOD, listed, &[message]);
    }

    #[track_caller]
    fn assert_once(table: &str, note: &str, redefined: &[(&str, &str, &str)], expected: &[&str]) {
        let (book, pages) = book(table, &page(note, "J"));
        assert_eq!(
            lines(&declared_once(&book, table, &pages, redefined)),
            expected
        );
    }

    #[test]
    fn a_symbol_is_declared_once() {
        let again = "[[symbol]]\ntex = 'J'\n";
        assert_once(GOOD, "[[symbol]]\ntex = 'h'\n", &[], &[]);
        let message = "book/page.md:7: `J`: the table of the book has `J`, too";
        assert_once(GOOD, again, &[], &[message]);
        assert_once(GOOD, again, &[("page.md", "J", "a reason")], &[]);
        let message = "book/page.md: `J` is listed as redefined, and is not";
        assert_once(GOOD, "", &[("page.md", "J", "a reason")], &[message]);
        let twice = "[[symbol]]\ntex = 'h'\n[[symbol]]\ntex = 'h'\n";
        assert_once(
            GOOD,
            twice,
            &[],
            &["book/page.md:7: `h`: `h` is declared twice"],
        );
        let twice = GOOD.replace(r"\nabla J", r"\vx");
        let message = r"book/symbols.toml:3: `\vx`: `\vx` is declared twice";
        assert_once(&twice, "", &[], &[message]);
    }

    #[test]
    fn a_symbol_of_notation_has_no_other_meaning() {
        let listing = "[[symbol]]\ntex = 'h'\nmeaning = 'step'\nsection = 'Here'\nsee = '2.1'\n";
        let found = |meaning: &str| {
            let other = format!("[[symbol]]\ntex = 'h'\nmeaning = '{meaning}'\n");
            let pages = [
                ("page.md", page(listing, "J")),
                ("other.md", page(&other, "J")),
            ];
            let parsed = pages.iter().map(|(name, text)| {
                formula::Page::parse(name, text, |_| Ok(String::new())).unwrap()
            });
            let book = Book::new(GOOD, parsed.collect()).unwrap();
            let pages: Vec<Page> = pages
                .iter()
                .map(|(name, text)| example(&format!("book/{name}"), text))
                .collect();
            lines(&means_what_notation_says(&book, GOOD, &pages))
        };
        assert_eq!(found("step"), Vec::<String>::new());
        let message = "book/other.md:7: `h`: book/notation.md has `h` as `step`";
        assert_eq!(found("height"), [message]);
    }

    #[test]
    fn an_entry_belongs_to_one_symbol() {
        let other = "[[symbol]]\ntex = '\\mathbf{h}'\nentry = 'x'\nshape = ['K']\n";
        let message = r"book/page.md:7: `\mathbf{h}`: the table of the book has `x_{·}`, too";
        assert_once(GOOD, other, &[], &[message]);
        let matrix = other.replace("['K']", "['K', 'M']");
        assert_once(GOOD, &matrix, &[], &[]);
    }

    #[test]
    fn indices_are_what_stands_below() {
        let found = |tex: &str| index_letters(tex).into_iter().collect::<String>();
        assert_eq!(found(r"\sum_{i=1}^{M} w_{ik} x_j^2 + \mW_1 \vx"), "ijk");
        assert_eq!(
            found(r"\sum_{j \ne t} \theta_{n'j} + \nabla_{\mW} J"),
            "jnt"
        );
        assert_eq!(found(r"\nabla_{\mathbf{z}} J + a_{\mathbf{x}k}"), "k");
        assert_eq!(found(r"\sum_{u \text{ from } v} \bar{u}"), "uv");
        assert_eq!(
            found(r"\underbrace{a}_{\text{entropy } H(\vy)} + y_k^{(s)}"),
            "k"
        );
        assert_eq!(found(r"\max_k \theta_k + a_"), "k");
    }

    #[track_caller]
    fn assert_meanings(note: &str, display: &str, two: &[(&str, char, &str)], expected: &[&str]) {
        let (book, pages) = book(GOOD, &page(note, display));
        assert_eq!(lines(&one_meaning(&book, &pages, two)), expected);
    }

    #[test]
    fn a_letter_has_one_meaning_on_a_page() {
        let note = "[[symbol]]\ntex = 'm'\nmeaning = 'a number'";
        let message = "book/page.md:7: `m`: a symbol of this page, and an index in (2.1)";
        assert_meanings(note, r"\sum_i x_i m", &[], &[]);
        assert_meanings(note, r"\sum_m x_m", &[], &[message]);
        assert_meanings(note, r"\sum_m x_m", &[("page.md", 'm', "a reason")], &[]);
        let message = "book/page.md: `m` is listed with two meanings, and has one";
        assert_meanings(
            note,
            r"\sum_i x_i",
            &[("page.md", 'm', "a reason")],
            &[message],
        );
        let message = "book/page.md:0: `J`: a symbol of this page, and an index in (2.1)";
        assert_meanings("", r"x_J", &[], &[&message.replace(":0", "")]);
        let set = r"set = ['m = \max_k x_k', 'y = \sum_m x_m']";
        let both = format!("<!-- eq 2.1: {set} -->\n\n{}", page("", r"m"));
        let (book, pages) = book(GOOD, &both);
        let message = "book/page.md: `m`: a symbol of this page, and an index in (2.1)";
        assert_eq!(lines(&one_meaning(&book, &pages, &[])), [message]);
    }

    const VALUES: &str = r#"
        [sizes]
        M = 2
        [[symbol]]
        tex = '\vx'
        entry = 'x'
        shape = ["M"]
        section = "Quantities"
        rust = "x"
        [[symbol]]
        tex = 's'
        is = 's = \sum_i x_i'
        section = "Quantities"
        rust = "sum"
        [points.here]
        '\vx' = [0.25, 3]
    "#;

    #[track_caller]
    fn assert_values(given: &[(&str, Rows)], not_given: &[(&str, &str)], expected: &[&str]) {
        let found = values(VALUES, "here", given, not_given).unwrap();
        assert_eq!(lines(&found), expected);
    }

    #[test]
    fn a_name_has_the_value_of_its_symbol() {
        let x = || ("x", vec![vec![0.25], vec![3.0]]);
        assert_values(&[x(), ("sum", vec![vec![3.25]])], &[], &[]);
        assert_values(&[x()], &[("sum", "a reason")], &[]);
        let message = "book/symbols.toml:11: `s`: `given!` does not bind `sum`";
        assert_values(&[x()], &[], &[message]);
        let given = [x(), ("sum", vec![vec![3.25]]), ("y", vec![vec![0.0]])];
        assert_values(
            &given,
            &[],
            &["book/symbols.toml: no symbol has the name `y`"],
        );
        let given = [x(), ("sum", vec![vec![3.250_000_001]])];
        let found = lines(&values(VALUES, "here", &given, &[]).unwrap());
        let start = "book/symbols.toml:11: `s`: `given!(here: sum)` has another value: (0.2): ";
        assert!(found.len() == 1 && found[0].starts_with(start), "{found:?}");
    }

    fn read() -> (Book, String, Vec<Page>) {
        let book = Book::read(&root().join("book")).unwrap();
        (
            book,
            fs::read_to_string(root().join(TABLE)).unwrap(),
            pages().unwrap(),
        )
    }

    #[test]
    fn the_symbols_of_the_book_are_described() {
        let (book, table, pages) = read();
        assert_none(&described(&book, &table, &pages));
    }

    #[test]
    fn the_symbols_of_the_book_mean_what_notation_says() {
        let (book, table, pages) = read();
        assert_none(&means_what_notation_says(&book, &table, &pages));
    }

    #[test]
    fn the_symbols_of_the_book_are_declared_once() {
        let (book, table, pages) = read();
        assert_none(&declared_once(&book, &table, &pages, &REDEFINED));
    }

    #[test]
    fn the_letters_of_the_book_have_one_meaning_on_a_page() {
        let (book, _, pages) = read();
        assert_none(&one_meaning(&book, &pages, &TWO_MEANINGS));
    }

    #[test]
    fn what_cells_are_given_is_what_the_formulas_give() {
        let table = fs::read_to_string(root().join(TABLE)).unwrap();
        let example = values(&table, "example", &bound!(example), &NOT_GIVEN);
        assert_none(&example.unwrap());
        let author = values(&table, "author", &bound!(author), &NOT_GIVEN);
        assert_none(&author.unwrap());
    }
}
