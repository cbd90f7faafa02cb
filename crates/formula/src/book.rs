//! The book: its table of symbols, its pages, and the run of its displays.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::blanks::{self, Blanks, Line};
use crate::check::{self, RANDOM, Report, Task};
use crate::fault::Fault;
use crate::numbers::{DECIMALS, Sheet};
use crate::page::{Display, Page, Problem};
use crate::point::{Given, Sizes};
use crate::scope::{Row, Scope, canonical};
use crate::tensor::Tensor;
use crate::tree::Statement;
use crate::{mutate, parse, write};

/// The table of symbols, `symbols.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The symbols.
    #[serde(default)]
    pub symbol: Vec<Row>,
    /// The derivatives that the notation lists: their signs are made of symbols.
    #[serde(default)]
    pub derivative: Vec<Row>,
    /// How many of each there are at the worked example.
    #[serde(default)]
    pub sizes: Sizes,
    /// The given points, each with the values of its symbols.
    #[serde(default)]
    pub points: BTreeMap<String, BTreeMap<String, toml::Value>>,
}

/// The book, as far as its formulas go.
#[derive(Debug, Clone)]
pub struct Book {
    /// The table of symbols.
    pub table: Table,
    /// The pages, in the order of the summary.
    pub pages: Vec<Page>,
    scope: Scope,
    points: BTreeMap<String, Given>,
    steps: OnceCell<Steps>,
}

/// The numbers that were put into equations, or why they could not be.
type Steps = Vec<(String, Result<String, Problem>)>;

/// The table of symbols in the folder of the book.
const TABLE: &str = "symbols.toml";

/// The point at which everything holds.
const EXAMPLE: &str = "example";

/// No point in particular.
const ANY: &str = "any";

impl Book {
    /// Reads the table and all pages of the summary.
    ///
    /// # Errors
    ///
    /// At the first file that cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Problem> {
        let text = file(folder, "SUMMARY.md")?;
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'));
        let names: Vec<&str> = links.map(|(name, _)| name).collect();
        Self::of(folder, &names)
    }

    /// Reads the table and some pages.
    ///
    /// # Errors
    ///
    /// At the first file that cannot be read.
    pub fn of(folder: &Path, names: &[&str]) -> Result<Self, Problem> {
        let table = file(folder, TABLE)?;
        let pages = names.iter().map(|name| Page::read(folder, name));
        Self::new(&table, pages.collect::<Result<_, _>>()?)
    }

    /// A book of a table and pages.
    ///
    /// # Errors
    ///
    /// Where the table cannot be read.
    pub fn new(table: &str, pages: Vec<Page>) -> Result<Self, Problem> {
        let table: Table = toml::from_str(table).map_err(|error| {
            let before = error.span().map_or("", |span| &table[..span.start]);
            let line = before.matches('\n').count() + 1;
            problem(TABLE, line, error.message())
        })?;
        let mut scope = Scope::default();
        scope
            .declare(&table.symbol)
            .map_err(|fault| problem(TABLE, 1, &fault.message))?;
        let mut points = BTreeMap::new();
        for (name, values) in &table.points {
            let given = given(values)
                .map_err(|fault| problem(TABLE, 1, &format!("point `{name}`: {fault}")))?;
            points.insert(name.clone(), given);
        }
        let steps = OnceCell::new();
        Ok(Self {
            table,
            pages,
            scope,
            points,
            steps,
        })
    }

    /// The page of a name.
    ///
    /// # Errors
    ///
    /// Where the book has no such page.
    pub fn page(&self, name: &str) -> Result<&Page, Problem> {
        let mut pages = self.pages.iter();
        let page = pages.find(|page| page.name == name);
        page.ok_or_else(|| problem(name, 1, "this is no page of the book"))
    }

    /// The symbols of a page.
    ///
    /// # Errors
    ///
    /// Where a declaration of the page cannot be read.
    pub fn scope(&self, page: &Page) -> Result<Scope, Problem> {
        let fault = |fault: Fault| problem(&page.name, 1, &format!("in its symbols: {fault}"));
        let mut scope = self.scope.clone();
        scope.declare(&page.notes.symbol).map_err(fault)?;
        for is in &page.notes.set {
            scope.set(is).map_err(fault)?;
        }
        Ok(scope)
    }

    /// Gives what a display is checked with to a function of it.
    ///
    /// # Errors
    ///
    /// What the function returns, and where the point of the display is not in the table.
    pub fn with<R>(
        &self,
        page: &Page,
        scope: &Scope,
        display: &Display,
        run: impl FnOnce(&Task<'_>) -> Result<R, Fault>,
    ) -> Result<R, Problem> {
        let notes = &display.notes;
        let only = notes.at.as_ref().or(page.notes.at.as_ref());
        let only = only.map(String::as_str).filter(|only| *only != ANY);
        let from = notes.from.as_ref().or(page.notes.from.as_ref());
        let point = only.or(from.map(String::as_str)).unwrap_or(EXAMPLE);
        let Some(given) = self.points.get(point) else {
            let fault = Fault::new(0, format!("`{point}` is no point of the table"));
            return Err(display.problem(&page.name, &fault));
        };
        let mut fixed = page.notes.sizes.clone();
        fixed.extend(notes.sizes.clone());
        let mut sizes = self.table.sizes.clone();
        sizes.extend(fixed.clone());
        let task = Task {
            tex: &display.tex,
            scope,
            notes,
            sizes: &sizes,
            fixed: &fixed,
            given,
            only,
            has_own_definitions: !(page.notes.set.is_empty() && notes.set.is_empty()),
        };
        run(&task).map_err(|fault| display.problem(&page.name, &fault))
    }

    /// The equation of a number with its numbers put in, as TeX; the steps before it have printed
    /// what is put in.
    ///
    /// # Errors
    ///
    /// Where no display says that it is the numbers of an equation under this tag, or a step
    /// cannot be written.
    pub fn numbers(&self, tag: &str) -> Result<String, Problem> {
        // Each step needs those before it: all are written at once, and kept.
        let steps = self.steps.get_or_init(|| self.all_numbers());
        match steps.iter().find(|(one, _)| one == tag) {
            Some((_, written)) => written.clone(),
            None => Err(problem(
                TABLE,
                1,
                &format!("({tag}) is said to be the numbers of no equation"),
            )),
        }
    }

    /// The lines of equations, in this order, with blanks for the numbers that are put in: each line
    /// has places for what is given and for what those before it have computed.
    ///
    /// # Errors
    ///
    /// Where the book has no such equation, or a part of one has no number yet.
    pub fn lines(&self, tags: &[&str]) -> Result<Vec<Line>, Problem> {
        let mut blanks = Blanks::default();
        let mut lines = Vec::new();
        for tag in tags {
            let (page, display) = self.display(tag)?;
            let scope = self.scope(page)?;
            lines.extend(self.with(page, &scope, display, |task| blanks.lines(tag, task))?);
        }
        Ok(lines)
    }

    /// An expression in MathML, with the symbols of the table.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or has a part that is never put into a line.
    pub fn mathml(&self, tex: &str) -> Result<String, Problem> {
        let read = parse::expression(tex, &self.scope).and_then(|node| blanks::mathml(&node));
        read.map_err(|fault| problem(TABLE, 1, &format!("`{tex}`: {fault}")))
    }

    fn display(&self, tag: &str) -> Result<(&Page, &Display), Problem> {
        let displays = self.pages.iter().flat_map(|page| {
            let displays = page.displays.iter();
            displays.map(move |display| (page, display))
        });
        let mut found = displays.filter(|(_, display)| display.tag == tag);
        found
            .next()
            .ok_or_else(|| problem(TABLE, 1, &format!("({tag}) is no equation of the book")))
    }

    fn all_numbers(&self) -> Steps {
        let mut sheet = Sheet::default();
        let mut steps = Vec::new();
        for page in &self.pages {
            for display in page
                .displays
                .iter()
                .filter(|one| one.notes.numbers.is_some())
            {
                steps.push((display.tag.clone(), self.step(page, display, &mut sheet)));
            }
        }
        steps
    }

    fn step(&self, page: &Page, display: &Display, sheet: &mut Sheet) -> Result<String, Problem> {
        let form = display.notes.numbers.as_deref().unwrap_or_default();
        let decimals = display.notes.decimals.unwrap_or(DECIMALS);
        let missing = || {
            let message = format!("({form}) is no equation of this page");
            display.problem(&page.name, &Fault::new(0, message))
        };
        let mut displays = page.displays.iter();
        let form = displays.find(|one| one.tag == form).ok_or_else(missing)?;
        let scope = self.scope(page)?;
        self.with(page, &scope, form, |task| sheet.step(task, decimals))
    }

    /// Whether a display that is said to be the numbers of an equation has those that the equation
    /// puts in.
    fn put_in(&self, display: &Display, scope: &Scope, found: &[Statement]) -> Result<(), Fault> {
        if display.notes.numbers.is_none() {
            return Ok(());
        }
        let fault = |problem: Problem| Fault::new(0, problem.message);
        let expected = parse::display(&self.numbers(&display.tag).map_err(fault)?, scope)?;
        let members = |statements: &[Statement]| -> Vec<(usize, String)> {
            let members = statements.iter().flat_map(|one| &one.chain.members);
            members
                .map(|member| (member.at, write::tex(member)))
                .collect()
        };
        let (found, expected) = (members(found), members(&expected));
        let mut pairs = found.iter().zip(&expected);
        let other = pairs.find(|((_, found), (_, expected))| found != expected);
        match other {
            Some(((at, found), (_, expected))) => {
                let message = format!("the equation puts in `{expected}`, found `{found}`");
                Err(Fault::new(*at, message))
            }
            None if found.len() != expected.len() => {
                let message = format!("{} members, expected {}", found.len(), expected.len());
                Err(Fault::new(0, message))
            }
            None => Ok(()),
        }
    }

    /// Runs all displays of a page: the line that each is reported with, or what is wrong.
    ///
    /// # Errors
    ///
    /// Where the page or its declarations cannot be read.
    pub fn run(&self, name: &str) -> Result<Vec<Result<String, Problem>>, Problem> {
        let page = self.page(name)?;
        let scope = self.scope(page)?;
        let runs = page.displays.iter().map(|display| {
            let tag = &display.tag;
            if let Some(reason) = &display.notes.proof {
                return Ok(format!("{tag}: proof: {reason}"));
            }
            let report = self.with(page, &scope, display, |task| {
                let form = check::read(task)?;
                self.put_in(display, &form.scope, &form.statements)?;
                check::run(task, &form.scope, &form.statements)
            })?;
            Ok(format!("{tag}: executed: {}", said(&report)))
        });
        Ok(runs.collect())
    }
}

/// A report as a reader sees it.
fn said(report: &Report) -> String {
    let members = match report.members {
        1 => "1 member".to_owned(),
        members => format!("{members} members"),
    };
    let size = |(count, (least, most)): (&String, &(usize, usize))| {
        let of = match count.as_str() {
            "M" => "inputs",
            "P" => "inputs with the 1",
            "K" => "classes",
            "N" => "examples",
            "H" => "hidden units",
            other => other,
        };
        match least == most {
            true => format!("{least} {of}"),
            false => format!("{least} to {most} {of}"),
        }
    };
    let sizes: Vec<String> = report.sizes.iter().map(size).collect();
    let place = match (&report.only, report.points) {
        (Some(only), _) if only != EXAMPLE => format!("at the point `{only}`"),
        (_, 1) => "at the worked example".to_owned(),
        _ => format!("at the worked example and {RANDOM} random points"),
    };
    [vec![members], sizes, vec![place]].concat().join(", ")
}

fn file(folder: &Path, name: &str) -> Result<String, Problem> {
    fs::read_to_string(folder.join(name)).map_err(|error| problem(name, 1, &error.to_string()))
}

fn problem(page: &str, line: usize, message: &str) -> Problem {
    Problem {
        page: page.to_owned(),
        line,
        column: 1,
        message: message.to_owned(),
    }
}

fn given(values: &BTreeMap<String, toml::Value>) -> Result<Given, Fault> {
    let value = |(tex, value): (&String, &toml::Value)| Ok((canonical(tex)?, array(value)?));
    values.iter().map(value).collect()
}

/// A number, a column or a matrix.
fn array(value: &toml::Value) -> Result<Tensor<f64>, Fault> {
    let refused = || Fault::new(0, format!("`{value}` is no number, column or matrix"));
    let number = |value: &toml::Value| match value {
        toml::Value::Integer(number) => Ok(*number as f64),
        toml::Value::Float(number) => Ok(*number),
        _ => Err(refused()),
    };
    let toml::Value::Array(rows) = value else {
        return Ok(Tensor::number(number(value)?));
    };
    let mut entries = Vec::new();
    let mut columns = 1;
    for row in rows {
        match row {
            toml::Value::Array(row) => {
                columns = row.len();
                entries.extend(row.iter().map(number).collect::<Result<Vec<_>, _>>()?);
            }
            one => entries.push(number(one)?),
        }
    }
    match entries.len() == rows.len() * columns && !entries.is_empty() {
        true => Ok(Tensor::new(vec![rows.len(), columns], entries)),
        false => Err(refused()),
    }
}

/// A wrong formula made on purpose, and whether it was caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The equation.
    pub tag: String,
    /// What was changed, and where.
    pub what: Problem,
    /// What caught it.
    pub caught: Option<Problem>,
}

impl Book {
    /// Changes each equation of a page in one place at a time, and runs it. Of the changes of the
    /// page those are made whose number `chosen` takes.
    ///
    /// # Errors
    ///
    /// Where the page or an equation of it cannot be read.
    pub fn mutants(
        &self,
        name: &str,
        mut chosen: impl FnMut(usize) -> bool,
    ) -> Result<Vec<Mutant>, Problem> {
        let page = self.page(name)?;
        let scope = self.scope(page)?;
        let mut mutants = Vec::new();
        let mut number = 0;
        let executed = page
            .displays
            .iter()
            .filter(|display| display.notes.proof.is_none());
        for display in executed {
            let form = self.with(page, &scope, display, check::read)?;
            for change in mutate::changes(&form.statements) {
                number += 1;
                if !chosen(number) {
                    continue;
                }
                let run = self.with(page, &scope, display, |task| {
                    self.put_in(display, &form.scope, &change.statements)?;
                    check::run(task, &form.scope, &change.statements)
                });
                let what = Fault::new(change.at, change.what);
                mutants.push(Mutant {
                    tag: display.tag.clone(),
                    what: display.problem(&page.name, &what),
                    caught: run.err(),
                });
            }
        }
        Ok(mutants)
    }
}
