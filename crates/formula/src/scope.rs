//! The symbols that a formula may use: the table of the book, what a page declares, and what a
//! display declares. What comes later stands before what came earlier.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Deserialize;

use crate::fault::{Fault, Result};
use crate::frame::Memory;
use crate::name::Name;
use crate::parse::{self, Names};
use crate::tree::{Index, Kind, Node, Range};

/// A row of the table of symbols, as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The symbol.
    pub tex: String,
    /// The letter for its entries, as `w` is for `\mW`.
    pub entry: Option<String>,
    /// The name for its rows as columns, as `\vyhat` is for those of `\mathbf{\hat{Y}}`.
    pub row: Option<String>,
    /// What it stands for.
    #[serde(default)]
    pub meaning: String,
    /// The counts that are its sizes: none for a number.
    #[serde(default)]
    pub shape: Vec<String>,
    /// Its name in Rust.
    #[serde(default)]
    pub rust: String,
    /// Its type in Rust.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// The section of the notation that lists it.
    #[serde(default)]
    pub section: String,
    /// The equation, or the page, that introduces it.
    #[serde(default)]
    pub see: String,
    /// The equation that defines it.
    pub is: Option<String>,
    /// What it may be written as a function of.
    #[serde(default)]
    pub of: Vec<String>,
    /// What its entries are drawn from at a random point.
    #[serde(default)]
    pub sample: Sample,
    /// The crate's own function for it.
    pub witness: Option<String>,
}

/// What the entries of a symbol without a definition are drawn from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sample {
    /// −2 to 2.
    #[default]
    Any,
    /// 0.1 to 2.
    Positive,
    /// 0.02 to 0.98.
    Share,
    /// Positive numbers whose sum is 1 along the last axis.
    Distribution,
    /// A distribution at one half of the points, 0 and one 1 at the others.
    Label,
    /// 0 and one 1.
    OneHot,
}

/// A symbol.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// Its name.
    pub name: Name,
    /// The counts that are its sizes; none where only its definition tells.
    pub axes: Option<Vec<Name>>,
    /// What defines it.
    pub definition: Option<Rc<Definition>>,
    /// What it may be written as a function of.
    pub of: Vec<Node>,
    /// What it is drawn from without a definition.
    pub sample: Sample,
    /// Whether the display says what it is drawn from, so that no given value stands for it.
    pub is_drawn: bool,
    /// The crate's own function for it.
    pub witness: Option<String>,
}

/// The right side of a definition, and what its left side names.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The arguments of a function.
    pub arguments: Vec<Node>,
    /// The indices of an entry.
    pub indices: Vec<Name>,
    /// The right side.
    pub body: Node,
    /// The indices of the right side that the left side lacks: those of the display.
    pub open: Vec<Name>,
}

/// Which part of a symbol a name with indices is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// An entry.
    Entry,
    /// A row, as a column.
    Row,
}

/// All symbols that can be used at one place.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    symbols: BTreeMap<Name, Rc<Symbol>>,
    /// By a letter and the number of its indices: the symbol that it belongs to.
    letters: BTreeMap<(Name, usize), (Name, Part)>,
    commands: BTreeSet<Name>,
    /// The indices that definitions leave to the display.
    open: BTreeSet<Name>,
    /// By a name: all names that its value is computed from.
    needed: RefCell<BTreeMap<Name, BTreeSet<Name>>>,
    /// What was computed with these symbols.
    memory: Rc<Memory>,
}

impl Names for Scope {
    fn known(&self, name: &str) -> bool {
        let name = name.into();
        self.symbols.contains_key(&name) || self.commands.contains(&name)
    }

    fn function(&self, name: &str) -> bool {
        self.symbols.get(&name.into()).is_some_and(|symbol| {
            let definition = symbol.definition.as_ref();
            !symbol.of.is_empty() || definition.is_some_and(|one| !one.arguments.is_empty())
        })
    }
}

/// Takes every name for known: for the left side of a declaration.
struct Declaring<'a> {
    scope: Option<&'a Scope>,
}

impl Names for Declaring<'_> {
    fn known(&self, name: &str) -> bool {
        self.scope.is_none_or(|scope| {
            scope.known(name) || (name.starts_with('\\') && !name.contains(['_', '^']))
        })
    }

    fn function(&self, _: &str) -> bool {
        true
    }
}

impl Scope {
    /// Adds the rows of a table.
    ///
    /// # Errors
    ///
    /// Where a row cannot be read, with the symbol that it declares.
    pub fn declare(&mut self, rows: &[Row]) -> Result<()> {
        let of = |row: &Row, fault: Fault| Fault::new(0, format!("symbol `{}`: {fault}", row.tex));
        let mut taken = BTreeSet::new();
        for row in rows {
            let names = self.name(row).map_err(|fault| of(row, fault))?;
            for (name, count) in names {
                if !taken.insert((name, count)) {
                    let message = match count {
                        0 => format!("`{name}` is declared twice"),
                        _ => format!("`{name}` with {count} indices is declared twice"),
                    };
                    return Err(of(row, Fault::new(0, message)));
                }
            }
        }
        for row in rows {
            self.define(row).map_err(|fault| of(row, fault))?;
        }
        Ok(())
    }

    /// Adds a symbol, or puts it in the place of the one that was.
    fn insert(&mut self, symbol: Symbol) {
        self.needed.take();
        self.memory = Rc::default();
        self.symbols.insert(symbol.name, Rc::new(symbol));
    }

    /// Adds a symbol without its definition: the names that it takes, and with how many indices.
    fn name(&mut self, row: &Row) -> Result<Vec<(Name, usize)>> {
        let name = canonical(&row.tex)?;
        let mut names = vec![(name, 0)];
        self.commands.insert(name);
        let parts = [
            (&row.entry, row.shape.len(), Part::Entry),
            (&row.row, 1, Part::Row),
        ];
        for (letter, count, part) in parts {
            if let Some(letter) = letter {
                let letter = canonical(letter)?;
                self.commands.insert(letter);
                names.push((letter, count));
                self.letters.insert((letter, count), (name, part));
            }
        }
        let is_function = |is: &String| is.split('=').next().is_some_and(|left| left.contains('('));
        let of = match (&row.of[..], &row.is) {
            ([], Some(is)) if is_function(is) => vec!["x".to_owned()],
            (of, _) => of.to_vec(),
        };
        let of = of
            .iter()
            .map(|one| parse::expression(one, &Declaring { scope: None }));
        let symbol = Symbol {
            name,
            axes: (row.is.is_none() || !row.shape.is_empty()).then(|| {
                row.shape
                    .iter()
                    .map(|count| count.as_str().into())
                    .collect()
            }),
            definition: None,
            of: of.collect::<Result<_>>()?,
            sample: row.sample,
            is_drawn: false,
            witness: row.witness.clone(),
        };
        self.insert(symbol);
        Ok(names)
    }

    fn define(&mut self, row: &Row) -> Result<()> {
        let name = canonical(&row.tex)?;
        let definition = match &row.is {
            None => None,
            Some(is) => {
                let (defined, definition) = self.definition(is)?;
                if defined != name {
                    let message = format!("the definition is of `{defined}`, expected `{name}`");
                    return Err(Fault::new(0, message));
                }
                self.open.extend(&definition.open);
                Some(Rc::new(definition))
            }
        };
        let of = row.of.iter().map(|one| parse::expression(one, self));
        let of = of.collect::<Result<Vec<_>>>()?;
        if let Some(symbol) = self.symbols.get(&name) {
            let symbol = Symbol {
                definition,
                of,
                ..(**symbol).clone()
            };
            self.insert(symbol);
        }
        Ok(())
    }

    /// Adds a definition, `\vyhat = …`, `y_k = …` or `f(t) = …`, in place of the one that was.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn set(&mut self, is: &str) -> Result<()> {
        let (name, definition) = self.definition(is)?;
        self.open.extend(&definition.open);
        let definition = Rc::new(definition);
        if !definition.indices.is_empty() && !self.symbols.contains_key(&name) {
            let letter = (name, definition.indices.len());
            self.letters.insert(letter, (name, Part::Entry));
        }
        self.commands.insert(name);
        let symbol = match self.symbols.get(&name) {
            Some(symbol) => (**symbol).clone(),
            None => Symbol {
                name,
                axes: None,
                definition: None,
                of: Vec::new(),
                sample: Sample::Any,
                is_drawn: false,
                witness: None,
            },
        };
        let symbol = Symbol {
            definition: Some(definition),
            witness: None,
            ..symbol
        };
        self.insert(symbol);
        Ok(())
    }

    /// Changes what a symbol is drawn from.
    ///
    /// # Errors
    ///
    /// Where there is no such symbol.
    pub fn draw(&mut self, tex: &str, sample: Sample) -> Result<()> {
        let name = canonical(tex)?;
        let Some(symbol) = self.symbols.get(&name) else {
            return Err(Fault::new(0, format!("`{name}` is no symbol")));
        };
        let symbol = Symbol {
            sample,
            is_drawn: true,
            definition: None,
            ..(**symbol).clone()
        };
        self.insert(symbol);
        Ok(())
    }

    /// Reads a definition: what it defines, and how.
    fn definition(&self, is: &str) -> Result<(Name, Definition)> {
        let Some((left, right)) = is.split_once('=') else {
            return Err(Fault::new(0, format!("expected `name = …`, found `{is}`")));
        };
        let scope = Some(self);
        let left = parse::expression(left, &Declaring { scope })?;
        let (name, arguments, indices) = match left.kind {
            Kind::Symbol { name, indices } => (name, Vec::new(), indices),
            Kind::Apply {
                name,
                entry,
                arguments,
                ..
            } => (name, arguments, entry.into_iter().collect()),
            _ => return Err(Fault::new(0, format!("`{is}` defines no name"))),
        };
        let letter = |index: Index| match index {
            Index::Letter(letter) => Ok(letter),
            Index::Digit(_) => Err(Fault::new(0, format!("`{is}` defines one entry only"))),
        };
        let indices = indices
            .into_iter()
            .map(letter)
            .collect::<Result<Vec<_>>>()?;
        let name = match self.letters.get(&(name, indices.len())) {
            Some((whole, Part::Entry)) if arguments.is_empty() => *whole,
            _ => name,
        };
        let body = parse::expression(right, self)?;
        let mut open = free(&[&body]);
        open.retain(|one| !indices.contains(one));
        let definition = Definition {
            arguments,
            indices,
            body,
            open,
        };
        Ok((name, definition))
    }

    /// The symbol of a name.
    pub fn symbol(&self, name: Name) -> Option<&Rc<Symbol>> {
        self.symbols.get(&name)
    }

    /// The symbol that a name with so many indices belongs to, and which part of it it is.
    pub fn part(&self, name: Name, indices: usize) -> Option<(&Rc<Symbol>, Part)> {
        match indices {
            0 => Some((self.symbols.get(&name)?, Part::Whole)),
            _ => {
                let (whole, part) = self.letters.get(&(name, indices))?;
                Some((self.symbols.get(whole)?, *part))
            }
        }
    }

    /// What was computed with these symbols, in all displays that have the same.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whether the value of a symbol is computed from that of another, or may be.
    pub fn needs(&self, name: Name, other: Name) -> bool {
        if let Some(needed) = self.needed.borrow().get(&name) {
            return needed.contains(&other);
        }
        let needed = self.all_needed(name);
        let needs = needed.contains(&other);
        self.needed.borrow_mut().insert(name, needed);
        needs
    }

    /// All names in the definition of a name, and in the definitions of these.
    fn all_needed(&self, name: Name) -> BTreeSet<Name> {
        let mut needed = BTreeSet::from([name]);
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            let Some(symbol) = self.symbols.get(&name) else {
                continue;
            };
            let definition = symbol.definition.iter();
            let read = definition.flat_map(|one| one.arguments.iter().chain([&one.body]));
            for part in read.chain(&symbol.of).flat_map(Node::all) {
                let (name, count) = match &part.kind {
                    Kind::Symbol { name, indices } => (*name, indices.len()),
                    Kind::Apply { name, .. } => (*name, 0),
                    _ => continue,
                };
                let whole = self.part(name, count).map(|(symbol, _)| symbol.name);
                for name in whole.into_iter().chain([name]) {
                    if needed.insert(name) {
                        open.push(name);
                    }
                }
            }
        }
        needed
    }

    /// The indices that definitions leave to the display.
    pub fn open(&self) -> &BTreeSet<Name> {
        &self.open
    }
}

/// The name that a symbol has in a formula, however it is spaced.
///
/// # Errors
///
/// Where it is no name.
pub fn canonical(tex: &str) -> Result<Name> {
    match parse::expression(tex, &Declaring { scope: None })?.kind {
        Kind::Symbol { name, indices } if indices.is_empty() => Ok(name),
        _ => Err(Fault::new(0, format!("`{tex}` is no name"))),
    }
}

/// The indices that no sum of the parts binds, in the order of the alphabet.
pub fn free(parts: &[&Node]) -> Vec<Name> {
    let mut found = BTreeSet::new();
    for part in parts {
        collect(part, &mut Vec::new(), &mut found);
    }
    let mut found: Vec<Name> = found.into_iter().collect();
    found.sort_by(|a, b| str::cmp(a, b));
    found
}

fn collect(node: &Node, bound: &mut Vec<Name>, found: &mut BTreeSet<Name>) {
    let mut meet = |index: &Index, bound: &[Name]| {
        if let Index::Letter(letter) = index
            && !bound.contains(letter)
        {
            found.insert(*letter);
        }
    };
    let runs = match &node.kind {
        Kind::Symbol { indices, .. } => {
            indices.iter().for_each(|index| meet(index, bound));
            None
        }
        Kind::Apply { entry, .. } => {
            entry.iter().for_each(|index| meet(index, bound));
            None
        }
        Kind::Sum { index, range, .. } => {
            if let Range::Except(other) = range {
                meet(other, bound);
            }
            Some(index)
        }
        Kind::MaxOver { index, .. } => Some(index),
        _ => None,
    };
    bound.extend(runs);
    for child in node.children() {
        collect(child, bound, found);
    }
    if runs.is_some() {
        bound.pop();
    }
}
