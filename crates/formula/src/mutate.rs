//! Wrong formulas made on purpose: each differs from a right one in one place.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Condition, Function, Index, Kind, Node, Range, Relation, Statement, Times};
use crate::write::tex;

/// A display with one thing changed, and what.
#[derive(Debug, Clone)]
pub struct Change {
    /// Where, as an offset into the TeX.
    pub at: usize,
    /// What was changed, in words.
    pub what: String,
    /// The display after it.
    pub statements: Vec<Statement>,
}

/// Every change of a display that is made.
pub fn changes(statements: &[Statement]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (place, statement) in statements.iter().enumerate() {
        let context = Context::of(statement);
        for (member, node) in statement.chain.members.iter().enumerate() {
            let mut change = |at: usize, what: String, part: usize, new: Node| {
                let mut statements = statements.to_vec();
                replace(&mut statements[place].chain.members[member], part, new);
                changes.push(Change {
                    at,
                    what,
                    statements,
                });
            };
            for (number, part) in parts(node).into_iter().enumerate() {
                for (what, new) in context.alternatives(part) {
                    change(part.at, what, number, new);
                }
            }
            if !is_zero(node) && !matches!(node.kind, Kind::Negative(_)) {
                let negative = Node::new(node.at, Kind::Negative(Box::new(bracketed(node))));
                change(
                    node.at,
                    format!("the sign of `{}`", shown(node)),
                    0,
                    negative,
                );
            }
        }
        changes.extend(of_relations(statements, place));
    }
    changes
}

/// The parts in the order in which [`replace`] counts them.
fn parts(node: &Node) -> Vec<&Node> {
    let mut parts = vec![node];
    for child in node.children() {
        parts.extend(self::parts(child));
    }
    parts
}

fn replace(node: &mut Node, part: usize, new: Node) {
    let mut next = 0;
    let mut new = Some(new);
    visit(node, part, &mut next, &mut new);
}

fn visit(node: &mut Node, part: usize, next: &mut usize, new: &mut Option<Node>) {
    if *next == part
        && let Some(new) = new.take()
    {
        *node = new;
        return;
    }
    *next += 1;
    for child in node.children_mut() {
        if new.is_none() {
            return;
        }
        visit(child, part, next, new);
    }
}

/// A bound turned round, a condition that is displayed turned into its opposite.
fn of_relations(statements: &[Statement], place: usize) -> Vec<Change> {
    let statement = &statements[place];
    let mut changes = Vec::new();
    for (link, relation) in statement.chain.relations.iter().enumerate() {
        if *relation == Relation::LessOrEqual {
            let mut statements = statements.to_vec();
            statements[place].chain.members.swap(link, link + 1);
            let at = statement.chain.members[link + 1].at;
            changes.push(Change {
                at,
                what: "the bound turned round".to_owned(),
                statements,
            });
        }
    }
    for (number, condition) in statement.conditions.iter().enumerate() {
        if let Condition::In(index, numbers, at) = condition {
            let mut statements = statements.to_vec();
            let fewer = numbers[1..].to_vec();
            statements[place].conditions[number] = Condition::In(*index, fewer, *at);
            changes.push(Change {
                at: *at,
                what: format!("`{index}` runs through less"),
                statements,
            });
        }
    }
    changes
}

/// What stands beside a part: the letters and names that could stand in its place.
struct Context {
    letters: BTreeSet<String>,
    names: BTreeMap<usize, BTreeSet<String>>,
}

impl Context {
    fn of(statement: &Statement) -> Self {
        let (mut letters, mut names) = (BTreeSet::new(), BTreeMap::new());
        for part in statement.chain.members.iter().flat_map(Node::all) {
            if let Kind::Symbol { name, indices } = &part.kind {
                let names: &mut BTreeSet<String> = names.entry(indices.len()).or_default();
                names.insert(name.to_string());
                for index in indices {
                    if let Index::Letter(letter) = index {
                        letters.insert(letter.to_string());
                    }
                }
            }
        }
        Self { letters, names }
    }

    /// Each part that could be written in the place of this one by mistake.
    fn alternatives(&self, node: &Node) -> Vec<(String, Node)> {
        let at = node.at;
        let new = |kind: Kind| Node::new(at, kind);
        let mut list: Vec<(String, Node)> = Vec::new();
        match &node.kind {
            Kind::Number(text) => {
                if let Some(other) = next_number(text) {
                    list.push((format!("{text} to {other}"), new(Kind::Number(other))));
                }
            }
            Kind::Symbol { name, indices } => self.symbols(at, name, indices, &mut list),
            Kind::Apply {
                name,
                primes,
                entry,
                arguments,
            } => {
                let with = |primes: usize, entry: Option<Index>, arguments: Vec<Node>| {
                    let name = *name;
                    new(Kind::Apply {
                        name,
                        primes,
                        entry,
                        arguments,
                    })
                };
                if *primes > 0 {
                    let fewer = with(primes - 1, entry.clone(), arguments.clone());
                    list.push((format!("a prime of `{name}`"), fewer));
                }
                if let Some(Index::Digit(digit)) = entry {
                    let other = Index::Digit(if *digit == 1 { 2 } else { 1 });
                    let other = with(*primes, Some(other), arguments.clone());
                    list.push((format!("the entry of `{name}`"), other));
                }
                if arguments.len() == 2 {
                    let swapped = arguments.iter().rev().cloned().collect();
                    let swapped = with(*primes, entry.clone(), swapped);
                    list.push((format!("the arguments of `{name}`"), swapped));
                }
            }
            Kind::Call { function, argument } => {
                if *function != Function::Diag {
                    let what = format!("`{}` without its function", shown(node));
                    list.push((what, bracketed(argument)));
                }
            }
            Kind::Max(parts) => {
                for part in parts {
                    list.push(("one operand of a maximum alone".to_owned(), part.clone()));
                }
            }
            Kind::Sum { index, range, body } => {
                let with = |range: Range| {
                    new(Kind::Sum {
                        index: *index,
                        range,
                        body: body.clone(),
                    })
                };
                match range {
                    Range::Except(_) => {
                        list.push((format!("`{index}` over all"), with(Range::All)));
                    }
                    Range::To(end) => {
                        for (what, other) in self.alternatives(end) {
                            let what = format!("the end of the sum: {what}");
                            list.push((what, with(Range::To(Box::new(other)))));
                        }
                    }
                    Range::All => {}
                }
            }
            Kind::Negative(inner) => {
                list.push((format!("the sign of `{}`", shown(inner)), (**inner).clone()));
            }
            Kind::Add(terms) => {
                for place in 0..terms.len() {
                    let shown = shown(&terms[place].1);
                    let mut flipped = terms.clone();
                    flipped[place].0 = !flipped[place].0;
                    let is_order = matches!(terms[place].1.kind, Kind::Order { .. });
                    if !is_zero(&terms[place].1) && !is_order {
                        list.push((format!("the sign of `{shown}`"), new(Kind::Add(flipped))));
                        let mut fewer = terms.clone();
                        fewer.remove(place);
                        list.push((format!("without `{shown}`"), new(Kind::Add(fewer))));
                    }
                }
            }
            Kind::Product(factors) => {
                for place in 0..factors.len() {
                    let mut fewer = factors.clone();
                    fewer.remove(place);
                    let what = format!("without the factor `{}`", shown(&factors[place].1));
                    list.push((what, new(Kind::Product(fewer))));
                    if factors[place].0 == Times::Entrywise {
                        let mut other = factors.clone();
                        other[place].0 = Times::Juxtaposed;
                        list.push(("`\\odot` left out".to_owned(), new(Kind::Product(other))));
                    }
                }
            }
            Kind::Quotient(a, b) => {
                let upside_down = new(Kind::Quotient(b.clone(), a.clone()));
                if !is_zero(a) {
                    list.push((format!("`{}` upside down", shown(node)), upside_down));
                }
                list.push((
                    format!("without what `{}` is divided by", shown(a)),
                    (**a).clone(),
                ));
            }
            Kind::Power(base, _) => {
                list.push((format!("the power of `{}`", shown(base)), (**base).clone()));
            }
            Kind::Transpose(inner) => {
                list.push((
                    format!("`{}` not transposed", shown(inner)),
                    (**inner).clone(),
                ));
            }
            Kind::Matrix(rows) => of_matrix(at, rows, &mut list),
            Kind::Cases(rows) => {
                let mut other = rows.clone();
                let last = other.len() - 1;
                let first = other[0].0.clone();
                other[0].0 = std::mem::replace(&mut other[last].0, first);
                list.push(("two cases swapped".to_owned(), new(Kind::Cases(other))));
                list.push((
                    "without the last case".to_owned(),
                    new(Kind::Cases(rows[..last].to_vec())),
                ));
            }
            Kind::Pair(a, b) => {
                list.push((
                    "a pair swapped".to_owned(),
                    new(Kind::Pair(b.clone(), a.clone())),
                ));
            }
            Kind::Derivative { of, by } => {
                let (of, by) = (of.clone(), by.clone());
                list.push((
                    "`\\partial` to `\\nabla`".to_owned(),
                    new(Kind::Gradient { of, by }),
                ));
            }
            Kind::Gradient { of, by } => {
                let (of, by) = (of.clone(), by.clone());
                list.push((
                    "`\\nabla` to `\\partial`".to_owned(),
                    new(Kind::Derivative { of, by }),
                ));
            }
            Kind::Order { variable, power } => {
                let (variable, power) = (*variable, power + 1);
                list.push((
                    "the power of `O`".to_owned(),
                    new(Kind::Order { variable, power }),
                ));
            }
            Kind::Group(_) | Kind::Inner(..) | Kind::MaxOver { .. } | Kind::Named { .. } => {}
        }
        list
    }

    fn symbols(&self, at: usize, name: &str, indices: &[Index], list: &mut Vec<(String, Node)>) {
        let symbol = |name: &str, indices: Vec<Index>| {
            let name = name.into();
            Node::new(at, Kind::Symbol { name, indices })
        };
        let before = tex(&symbol(name, indices.to_vec()));
        let mut push = |new: Node| list.push((format!("`{before}` to `{}`", tex(&new)), new));
        let names = self.names.get(&indices.len()).into_iter().flatten();
        if let Some(other) = names.filter(|other| *other != name).min() {
            push(symbol(other, indices.to_vec()));
        }
        for (place, index) in indices.iter().enumerate() {
            let others: Vec<Index> = match index {
                Index::Digit(1) => vec![Index::Digit(2)],
                Index::Digit(digit) => vec![Index::Digit(digit - 1)],
                Index::Letter(letter) => {
                    let letters = self.letters.iter().filter(|other| **other != **letter);
                    let letters = letters.take(2).map(|other| other.as_str().into());
                    letters.map(Index::Letter).collect()
                }
            };
            for other in others {
                let mut changed = indices.to_vec();
                changed[place] = other;
                push(symbol(name, changed));
            }
        }
        // Kronecker's delta is symmetric: its indices swapped are the same formula.
        if let [a, b] = indices
            && a != b
            && name != "\\delta"
        {
            push(symbol(name, vec![b.clone(), a.clone()]));
        }
    }
}

fn of_matrix(at: usize, rows: &[Vec<Node>], list: &mut Vec<(String, Node)>) {
    let columns = rows.first().map_or(0, Vec::len);
    for (row, column) in (0..rows.len()).flat_map(|row| (0..columns).map(move |c| (row, c))) {
        let neighbours = [(row, column + 1), (row + 1, column)];
        for (r, c) in neighbours {
            let pair = (
                rows[row].get(column),
                rows.get(r).and_then(|row| row.get(c)),
            );
            let (Some(a), Some(b)) = pair else { continue };
            if tex(a) != tex(b) {
                let mut other = rows.to_vec();
                other[row][column] = b.clone();
                other[r][c] = a.clone();
                let what = format!(
                    "the entries {}, {} and {}, {}",
                    row + 1,
                    column + 1,
                    r + 1,
                    c + 1
                );
                list.push((
                    format!("{what} swapped"),
                    Node::new(at, Kind::Matrix(other)),
                ));
            }
        }
    }
}

/// One more; in the last digit, where there are decimals.
fn next_number(text: &str) -> Option<String> {
    match text.split_once('.') {
        None => Some((text.parse::<u64>().ok()? + 1).to_string()),
        Some((_, decimals)) => {
            let one_more = text.parse::<f64>().ok()? + 0.1_f64.powi(decimals.len() as i32);
            Some(format!("{one_more:.*}", decimals.len()))
        }
    }
}

fn is_zero(node: &Node) -> bool {
    match &node.bare().kind {
        Kind::Number(text) => text.parse::<f64>() == Ok(0.0),
        Kind::Negative(inner) | Kind::Transpose(inner) => is_zero(inner),
        Kind::Quotient(a, _) => is_zero(a),
        _ => false,
    }
}

fn bracketed(node: &Node) -> Node {
    Node::new(node.at, Kind::Group(Box::new(node.clone())))
}

/// A part as it is written, cut where it is long.
fn shown(node: &Node) -> String {
    let text = tex(node);
    match text.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}
