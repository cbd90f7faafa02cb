//! Numbers put into a formula: by the formula, in the order and with the digits of a pencil.
//!
//! A step of the worked example is written from its equation: each symbol is replaced by what was
//! printed for it before, and what a calculator makes of these digits is printed behind it. Where
//! rounding would make the calculator differ in the last digit, one digit less is printed.

use std::collections::BTreeMap;

use crate::check::{Task, read};
use crate::evaluate::evaluate;
use crate::fault::{Fault, Result};
use crate::frame::{Effort, Frame, Indices, Setting, places};
use crate::point::Point;
use crate::scalar::Num;
use crate::scope::{Part, free};
use crate::tensor::Tensor;
use crate::tree::{Index, Kind, Node, Statement};
use crate::write::tex;

/// So many decimals are printed, where they can be kept and the display asks for no others.
pub const DECIMALS: usize = 6;

/// With fewer decimals than this a step says too little.
const FEWEST: usize = 4;

/// A line longer than this, in characters of TeX that are seen, is broken.
const LONGEST: usize = 56;

/// A member longer than this, in characters of TeX, is set smaller.
const WIDEST: usize = 240;

/// A number as it was printed, and whether no digit was cut off.
#[derive(Debug, Clone, PartialEq)]
struct Printed {
    text: String,
    is_exact: bool,
}

/// What the steps before have printed.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    printed: BTreeMap<String, Printed>,
}

impl Sheet {
    /// The equation of the task with its numbers, as TeX; what is printed is noted for the next.
    ///
    /// # Errors
    ///
    /// Where the equation cannot be read, or digits cannot be kept.
    pub fn step(&mut self, task: &Task<'_>, decimals: usize) -> Result<String> {
        let form = read(task)?;
        let (point, effort) = (at_example(task), Effort::default());
        let setting = Setting::new(&form.scope, &point, &effort);
        let frame = Frame::<Num<f64>>::new(&setting);
        let rows = each_line(&form.statements, &frame, |members, indices| {
            let mut line = Line {
                sheet: self,
                frame: &frame,
                indices,
                decimals,
            };
            line.written(&members[0], &members[members.len() - 1])
        })?;
        Ok(laid_out(&rows))
    }
}

/// The point of the worked example, for a task.
pub fn at_example(task: &Task<'_>) -> Point {
    Point {
        name: "the worked example".to_owned(),
        sizes: task.sizes.clone(),
        given: task.given.clone(),
        seed: 0,
        scaled: None,
    }
}

/// Calls a function for each statement and each value of its free indices, with the members of
/// its chain: one or more.
pub fn each_line<R>(
    statements: &[Statement],
    frame: &Frame<'_, Num<f64>>,
    mut line: impl FnMut(&[Node], &Indices) -> Result<R>,
) -> Result<Vec<R>> {
    let mut lines = Vec::new();
    for statement in statements {
        let members = &statement.chain.members;
        let (Some(left), Some(right)) = (members.first(), members.last()) else {
            continue;
        };
        let letters = free(&[left, right]);
        let none = Indices::default();
        let extents = letters
            .iter()
            .map(|&one| frame.extent(left.at, one, &[left, right], &none));
        let shape = extents.collect::<Result<Vec<_>>>()?;
        for place in places(left.at, &shape)? {
            let indices: Indices = letters.iter().copied().zip(place).collect();
            lines.push(line(members, &indices)?);
        }
    }
    Ok(lines)
}

/// The members of a line: what is computed, and how.
type Row = Vec<String>;

fn laid_out(rows: &[Row]) -> String {
    let small = |text: &String| match text.len() > WIDEST {
        true => format!(r"{{\small {text}}}"),
        false => text.clone(),
    };
    let rows: Vec<Row> = rows
        .iter()
        .map(|row| row.iter().map(small).collect())
        .collect();
    let rows = rows.as_slice();
    let seen = |text: &str| {
        text.replace("begin{bmatrix}", "")
            .replace("end{bmatrix}", "")
            .len()
    };
    let is_long =
        |row: &Row| row.iter().map(|one| seen(one)).sum::<usize>() > LONGEST && row.len() > 2;
    let broken = |row: &Row| {
        let (head, tail) = row.split_at(2);
        format!("{} &= {} \\\\\n&= {}", head[0], head[1], tail.join(" = "))
    };
    match rows {
        [only] if !is_long(only) => only.join(" = "),
        _ => {
            // Rows of one kind look alike: all are broken, or none.
            let lines = rows
                .iter()
                .map(|row| match rows.len() == 1 && is_long(row) {
                    true => broken(row),
                    false => format!("{} &= {}", row[0], row[1..].join(" = ")),
                });
            let tall = rows.iter().flatten().any(|text| text.contains(r"\frac"));
            let end = if tall { " \\\\[1ex]\n" } else { " \\\\\n" };
            let lines: Vec<String> = lines.collect();
            format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}", lines.join(end))
        }
    }
}

/// One line of a step, for one value of the indices.
struct Line<'a> {
    sheet: &'a mut Sheet,
    frame: &'a Frame<'a, Num<f64>>,
    indices: &'a Indices,
    decimals: usize,
}

impl Line<'_> {
    fn written(&mut self, left: &Node, right: &Node) -> Result<Row> {
        let left = counted(left, self.indices);
        let right = counted(right, self.indices);
        let put = self.put(&right)?;
        let mut row = vec![tex(&left), tex(&put)];
        let mut last = put.clone();
        if let Some(terms) = self.terms(&right, &put)? {
            row.push(tex(&terms));
            last = terms;
        }
        let exact = self.is_exact(&put);
        let value = self.frame_value(&right)?;
        let result = self.rounded(&value, &last, exact)?;
        self.note(&left, &result, exact);
        let result = tex(&result);
        if row.last() != Some(&result) {
            row.push(result);
        }
        Ok(row)
    }

    fn frame_value(&self, node: &Node) -> Result<Tensor<f64>> {
        let value = evaluate(node, self.frame, self.indices)?;
        Ok(value.map(|entry| entry.ball().value))
    }

    /// The formula with numbers in the place of its symbols.
    fn put(&self, node: &Node) -> Result<Node> {
        let at = node.at;
        if let Some(printed) = self.printed(node)? {
            return Ok(printed);
        }
        let put = |part: &Node| self.put(part).map(Box::new);
        let kind = match &node.kind {
            Kind::Number(_) => node.kind.clone(),
            Kind::Call { function, argument } => Kind::Call {
                function: *function,
                argument: put(argument)?,
            },
            Kind::Negative(inner) => Kind::Negative(put(inner)?),
            Kind::Group(inner) => Kind::Group(put(inner)?),
            Kind::Transpose(inner) => match self.put(inner)?.kind {
                Kind::Matrix(rows) => {
                    let columns = (0..rows.first().map_or(0, Vec::len))
                        .map(|column| rows.iter().map(|row| row[column].clone()).collect());
                    Kind::Matrix(columns.collect())
                }
                _ => return Err(Fault::new(at, "only a matrix is transposed")),
            },
            Kind::Quotient(a, b) => Kind::Quotient(put(a)?, put(b)?),
            Kind::Power(a, b) => Kind::Power(put(a)?, put(b)?),
            Kind::Add(terms) => {
                let terms = terms
                    .iter()
                    .map(|(negative, term)| Ok((*negative, self.put(term)?)));
                Kind::Add(terms.collect::<Result<_>>()?)
            }
            Kind::Product(factors) => {
                let factors = factors
                    .iter()
                    .map(|(times, one)| Ok((*times, self.put(one)?)));
                Kind::Product(factors.collect::<Result<_>>()?)
            }
            Kind::Matrix(rows) => {
                let row = |row: &Vec<Node>| row.iter().map(|one| self.put(one)).collect();
                Kind::Matrix(rows.iter().map(row).collect::<Result<_>>()?)
            }
            _ => {
                return Err(Fault::new(
                    at,
                    format!("no number was printed for `{}`", tex(node)),
                ));
            }
        };
        Ok(Node::new(at, kind))
    }

    /// What was printed for a part, or is given: a number or a matrix of numbers.
    fn printed(&self, node: &Node) -> Result<Option<Node>> {
        let is_known = matches!(
            node.kind,
            Kind::Symbol { .. }
                | Kind::Call { .. }
                | Kind::Derivative { .. }
                | Kind::Gradient { .. }
        );
        if !is_known {
            return Ok(None);
        }
        let value = self.frame_value(node)?;
        let entries = (0..value.entries.len()).map(|place| {
            let key = key(self.frame, node, place, self.indices);
            let printed = self
                .sheet
                .printed
                .get(&key)
                .map(|printed| printed.text.clone());
            let given = is_given(self.frame, node).then(|| shortest(value.entries[place]));
            printed.or(given).map(|text| literal(node.at, &text))
        });
        let entries = entries.collect::<Option<Vec<_>>>();
        Ok(entries.map(|entries| shaped(node.at, &value, entries)))
    }

    /// The terms of a sum of numbers, each worked out; none where there is nothing to work out.
    fn terms(&mut self, right: &Node, put: &Node) -> Result<Option<Node>> {
        let (Kind::Add(symbols), Kind::Add(terms)) = (&right.kind, &put.kind) else {
            return Ok(None);
        };
        let is_number = |term: &Node| signed(term).is_some();
        let has_matrix = |term: &Node| {
            term.all()
                .iter()
                .any(|part| matches!(part.kind, Kind::Matrix(_)))
        };
        if terms.iter().all(|(_, term)| is_number(term))
            || terms.iter().any(|(_, term)| has_matrix(term))
        {
            return Ok(None);
        }
        let mut values = Vec::new();
        for ((_, symbol), (negative, term)) in symbols.iter().zip(terms) {
            let value = self.frame_value(symbol)?.entries[0];
            values.push((symbol, term, *negative, value));
        }
        let exact = self.is_exact(put);
        let decimals = match exact {
            true => values
                .iter()
                .map(|(.., value)| decimals_of(*value))
                .max()
                .unwrap_or(0),
            false => self.decimals,
        };
        let mut worked_out = Vec::new();
        for (symbol, term, negative, value) in values {
            let text = match signed(term) {
                Some(text) if !exact => text,
                _ => fixed(value, decimals),
            };
            if !matches!(symbol.kind, Kind::Symbol { .. }) {
                let key = key(self.frame, symbol, 0, self.indices);
                let printed = Printed {
                    text: text.clone(),
                    is_exact: exact,
                };
                self.sheet.printed.insert(key, printed);
            }
            // A minus before a negative number is a plus.
            let (negative, text) = match (negative, text.strip_prefix('-')) {
                (true, Some(positive)) => (false, positive.to_owned()),
                _ => (negative, text),
            };
            worked_out.push((negative, literal(term.at, &text)));
        }
        Ok(Some(Node::new(put.at, Kind::Add(worked_out))))
    }

    /// Whether nothing was rounded: all numbers are exact, and only added and multiplied.
    fn is_exact(&self, put: &Node) -> bool {
        let divided = |kind: &Kind| matches!(kind, Kind::Call { .. } | Kind::Quotient(..));
        let cut = |text: &str| {
            let mut printed = self.sheet.printed.values();
            printed.any(|one| !one.is_exact && one.text.trim_start_matches('-') == text)
        };
        put.all().iter().all(|part| match &part.kind {
            Kind::Number(text) => !cut(text),
            kind => !divided(kind),
        })
    }

    /// A value with as many decimals as a calculator confirms.
    fn rounded(&self, value: &Tensor<f64>, before: &Node, exact: bool) -> Result<Node> {
        let worked_out = evaluate(before, self.frame, self.indices)?;
        let all = |decimals: usize| -> Vec<String> {
            value
                .entries
                .iter()
                .map(|&entry| fixed(entry, decimals))
                .collect()
        };
        let node = |texts: Vec<String>| {
            let entries = texts.iter().map(|text| literal(before.at, text)).collect();
            shaped(before.at, value, entries)
        };
        if exact {
            let decimals = value.entries.iter().map(|&entry| decimals_of(entry)).max();
            return Ok(node(all(decimals.unwrap_or(0))));
        }
        for decimals in (FEWEST..=self.decimals).rev() {
            let confirmed = |(&value, found): (&f64, &Num<f64>)| {
                fixed(value, decimals) == fixed(found.ball().value, decimals)
            };
            if value.entries.iter().zip(&worked_out.entries).all(confirmed) {
                return Ok(node(all(decimals)));
            }
        }
        let message = format!(
            "a calculator does not confirm {FEWEST} decimals of `{}`",
            tex(before)
        );
        Err(Fault::new(before.at, message))
    }

    /// Notes what was printed for the left side.
    fn note(&mut self, left: &Node, result: &Node, exact: bool) {
        let (left, flat) = match &left.kind {
            Kind::Transpose(inner) => (&**inner, flat(result)),
            _ => (left, flat(result)),
        };
        for (place, text) in flat.into_iter().enumerate() {
            let key = key(self.frame, left, place, self.indices);
            let finer = |before: &Printed| before.text.len() > text.len();
            if !self.sheet.printed.get(&key).is_some_and(finer) {
                self.sheet.printed.insert(
                    key,
                    Printed {
                        text,
                        is_exact: exact,
                    },
                );
            }
        }
    }
}

/// Whether a symbol has a value that is given, exactly.
pub fn is_given(frame: &Frame<'_, Num<f64>>, node: &Node) -> bool {
    let Kind::Symbol { name, indices } = &node.kind else {
        return false;
    };
    let symbol = frame.setting.scope.part(*name, indices.len());
    symbol.is_some_and(|(symbol, _)| {
        symbol.definition.is_none() && frame.setting.point.given.contains_key(&symbol.name)
    })
}

/// What an entry of a part is called among the numbers of a sheet.
pub fn key(frame: &Frame<'_, Num<f64>>, node: &Node, place: usize, indices: &Indices) -> String {
    if let Kind::Symbol {
        name,
        indices: below,
    } = &node.kind
        && let Some((symbol, Part::Entry)) = frame.setting.scope.part(*name, below.len())
        && let Ok((_, Some(place))) = frame.place(node, indices)
    {
        return format!("{}#{place}", symbol.name);
    }
    format!("{}#{place}", tex(node))
}

/// A part with numbers for its letters.
pub fn counted(node: &Node, indices: &Indices) -> Node {
    let digit = |index: &Index| match index {
        Index::Letter(letter) => indices
            .get(*letter)
            .map_or_else(|| index.clone(), |n| Index::Digit(n + 1)),
        Index::Digit(_) => index.clone(),
    };
    let mut node = node.clone();
    node.change(&mut |part| {
        if let Kind::Symbol { indices, .. } = &mut part.kind {
            *indices = indices.iter().map(digit).collect();
        }
    });
    node
}

fn literal(at: usize, text: &str) -> Node {
    match text.strip_prefix('-') {
        Some(text) => {
            let number = Node::new(at, Kind::Number(text.to_owned()));
            Node::new(at, Kind::Negative(Box::new(number)))
        }
        None => Node::new(at, Kind::Number(text.to_owned())),
    }
}

/// The text of a number, with its sign; none where it is not worked out yet.
fn signed(node: &Node) -> Option<String> {
    match &node.bare().kind {
        Kind::Number(text) => Some(text.clone()),
        Kind::Negative(inner) => signed(inner).map(|text| format!("-{text}")),
        _ => None,
    }
}

fn flat(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Matrix(rows) => rows.iter().flatten().filter_map(signed).collect(),
        _ => signed(node).into_iter().collect(),
    }
}

/// Entries in the shape of a value.
fn shaped(at: usize, value: &Tensor<f64>, entries: Vec<Node>) -> Node {
    let columns = match value.shape[..] {
        [] => {
            return entries
                .into_iter()
                .next()
                .unwrap_or_else(|| literal(at, "0"));
        }
        [_, columns] => columns,
        _ => entries.len(),
    };
    let rows = entries.chunks(columns).map(<[Node]>::to_vec).collect();
    Node::new(at, Kind::Matrix(rows))
}

/// A number with so many decimals; a zero has no sign.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|byte| matches!(byte, b'0' | b'.')) => zero.to_owned(),
        _ => text,
    }
}

/// As few decimals as are exact.
fn decimals_of(value: f64) -> usize {
    let is_exact = |decimals: &usize| {
        let text = format!("{value:.decimals$}");
        text.parse::<f64>()
            .is_ok_and(|read| (read - value).abs() < 1e-12)
    };
    (0..DECIMALS).find(is_exact).unwrap_or(DECIMALS)
}

fn shortest(value: f64) -> String {
    fixed(value, decimals_of(value))
}
