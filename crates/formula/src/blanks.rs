//! Equations as lines with blanks: MathML with a place for each number, to be filled in by others.
//!
//! A place reads `⟦\vtheta#0⟧`: the symbol, and which entry. Where a negative number needs more than
//! its minus, the place says so: `⟦\vx#0:factor⟧` stands beside another factor, `⟦\vx#0:term⟧` behind
//! another term, with the sign between them.

use std::collections::BTreeSet;

use crate::check::{Task, read};
use crate::evaluate::evaluate;
use crate::fault::{Fault, Result};
use crate::frame::{Effort, Frame, Indices, Setting};
use crate::numbers::{at_example, counted, each_line, key};
use crate::scalar::Num;
use crate::tree::{Function, Index, Kind, Node, Range};
use crate::write::{term_sign, tex};

/// One line of an equation, as it is written on a sheet: each member in MathML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The number of the equation.
    pub tag: String,
    /// What is computed, in symbols.
    pub left: String,
    /// How, in symbols.
    pub symbols: String,
    /// The same with places for the numbers that are known before.
    pub put: String,
    /// Places for its terms, each worked out, where there is something to work out.
    pub terms: Option<String>,
    /// The place of the result, or one for each entry.
    pub result: String,
}

/// What the lines before have places for.
#[derive(Debug, Default)]
pub struct Blanks {
    known: BTreeSet<String>,
}

impl Blanks {
    /// The lines of an equation: one for each value of its free indices.
    ///
    /// # Errors
    ///
    /// Where the equation cannot be read, or a part of it has no number yet.
    pub fn lines(&mut self, tag: &str, task: &Task<'_>) -> Result<Vec<Line>> {
        let form = read(task)?;
        let (point, effort) = (at_example(task), Effort::default());
        let setting = Setting::new(&form.scope, &point, &effort);
        let frame = Frame::<Num<f64>>::new(&setting);
        // What holds for one label alone is no line for another.
        let last = match (task.notes.set.is_empty(), task.notes.after) {
            (true, _) => usize::MAX,
            (false, Some(link)) => link,
            (false, None) => 0,
        };
        each_line(&form.statements, &frame, |members, indices| {
            let right = &members[last.min(members.len() - 1)];
            self.line(
                tag,
                &frame,
                &counted(&members[0], indices),
                &written_out(counted(right, indices)),
                indices,
            )
        })
    }

    fn line(
        &mut self,
        tag: &str,
        frame: &Frame<'_, Num<f64>>,
        left: &Node,
        right: &Node,
        indices: &Indices,
    ) -> Result<Line> {
        let value = |node: &Node| evaluate(node, frame, indices);
        let places = |node: &Node, text: &Node| -> Result<Places> {
            let found = value(node)?;
            let names = (0..found.entries.len()).map(|place| key(frame, text, place, indices));
            Ok(Places {
                columns: columns(&found.shape),
                names: names.collect(),
            })
        };
        let known = |node: &Node| -> Result<Option<Places>> {
            let is_name = matches!(
                node.kind,
                Kind::Symbol { .. }
                    | Kind::Call { .. }
                    | Kind::Derivative { .. }
                    | Kind::Gradient { .. }
            );
            if !is_name {
                return Ok(None);
            }
            let places = places(node, node)?;
            let has_number = |name: &String| self.known.contains(name);
            Ok((has_value(frame, node) || places.names.iter().all(has_number)).then_some(places))
        };
        let put = Writer { known: &known }.written(right, Position::First)?;
        let result = places(right, bare_left(left))?;

        let mut found = result.names.clone();
        let mut terms = None;
        if let Kind::Add(parts) = &right.kind {
            let mut written = String::new();
            let mut all_known = true;
            for (place, (_, term)) in parts.iter().enumerate() {
                let term_places = places(term, term)?;
                if term_places.columns.is_some() {
                    all_known = true;
                    break;
                }
                all_known &= known(term)?.is_some();
                let position = if place == 0 {
                    Position::First
                } else {
                    Position::Term
                };
                written.push_str(&term_places.written(position));
                found.extend(term_places.names);
            }
            terms = (!all_known).then_some(written);
        }
        let no_number = |_: &Node| Ok(None);
        let letters = Writer { known: &no_number };
        let line = Line {
            tag: tag.to_owned(),
            left: letters.written(left, Position::First)?,
            symbols: letters.written(right, Position::First)?,
            put,
            terms,
            result: result.written(Position::First),
        };
        self.known.extend(found);
        Ok(line)
    }
}

/// A sum with an end that is a number, as a pencil writes it: term by term.
fn written_out(node: Node) -> Node {
    let Kind::Sum {
        index,
        range: Range::To(end),
        body,
    } = &node.kind
    else {
        return node;
    };
    let Kind::Number(end) = &end.kind else {
        return node;
    };
    let Ok(end) = end.parse::<usize>() else {
        return node;
    };
    let term = |number| counted(body, &Indices::from_iter([(*index, number)]));
    let terms = (0..end).map(|number| (false, term(number)));
    Node::new(node.at, Kind::Add(terms.collect()))
}

/// Whether the worked example gives a symbol its value, whatever a display sets it to.
fn has_value(frame: &Frame<'_, Num<f64>>, node: &Node) -> bool {
    let Kind::Symbol { name, indices } = &node.kind else {
        return false;
    };
    let symbol = frame.setting.scope.part(*name, indices.len());
    symbol.is_some_and(|(symbol, _)| frame.setting.point.given.contains_key(&symbol.name))
}

/// The quantity that a left side names: `\vdelta\T` is `\vdelta`.
fn bare_left(left: &Node) -> &Node {
    match &left.kind {
        Kind::Transpose(inner) => inner,
        _ => left,
    }
}

/// Places for all entries of a value.
struct Places {
    /// Of a matrix or a column; a number has none.
    columns: Option<usize>,
    names: Vec<String>,
}

fn columns(shape: &[usize]) -> Option<usize> {
    match shape {
        [] => None,
        [_, columns] => Some(*columns),
        _ => Some(1),
    }
}

impl Places {
    fn written(&self, position: Position) -> String {
        let Some(columns) = self.columns else {
            let style = match position {
                Position::First => "",
                Position::Factor => ":factor",
                Position::Term => ":term",
            };
            return self
                .names
                .iter()
                .map(|name| format!("⟦{name}{style}⟧"))
                .collect();
        };
        let cell = |name: &String| format!("<mtd>⟦{name}⟧</mtd>");
        let row =
            |names: &[String]| format!("<mtr>{}</mtr>", names.iter().map(cell).collect::<String>());
        let rows: String = self.names.chunks(columns).map(row).collect();
        let plus = if position == Position::Term {
            "<mo>+</mo>"
        } else {
            ""
        };
        format!("{plus}<mtable>{rows}</mtable>")
    }

    /// Those of a column, side by side.
    fn transposed(self) -> Self {
        let columns = self.columns.map(|columns| self.names.len() / columns);
        Self { columns, ..self }
    }
}

/// Set at the height of the letter: how high the sign itself stands differs from font to font.
const PRIME: &str = "<mo class=\"prime\" lspace=\"0\" rspace=\"0\">′</mo>";

/// A thin space, which a browser does not put around a function's name.
const THIN: &str = "<mspace width=\"0.17em\"></mspace>";

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// At the beginning, or by itself.
    First,
    /// Beside another factor, or behind a minus.
    Factor,
    /// Behind another term.
    Term,
}

/// Writes MathML, with places where something is known.
struct Writer<'a> {
    known: &'a dyn Fn(&Node) -> Result<Option<Places>>,
}

impl Writer<'_> {
    fn written(&self, node: &Node, position: Position) -> Result<String> {
        if let Some(places) = (self.known)(node)? {
            return Ok(places.written(position));
        }
        let plain = |node: &Node| self.written(node, Position::First);
        let text = match &node.kind {
            Kind::Add(_) | Kind::Negative(_) if position == Position::Factor => {
                return Ok(format!(
                    "<mo stretchy=\"false\">(</mo>{}<mo stretchy=\"false\">)</mo>",
                    plain(node)?
                ));
            }
            // A product carries the sign of its first factor.
            Kind::Product(_) => return self.product(node, position),
            Kind::Number(text) => format!("<mn>{text}</mn>"),
            Kind::Symbol { name, indices } => symbol(node, name, indices)?,
            Kind::Call {
                function: Function::Exp,
                argument,
            } => {
                format!(
                    "<mi mathvariant=\"normal\">exp</mi><mo stretchy=\"false\">(</mo>{}<mo stretchy=\"false\">)</mo>",
                    plain(argument.bare())?
                )
            }
            Kind::Call {
                function: Function::Log,
                argument,
            } => {
                format!(
                    "{THIN}<mi mathvariant=\"normal\">log</mi>{THIN}{}",
                    self.written(argument, Position::Factor)?
                )
            }
            Kind::Call {
                function: Function::Diag,
                argument,
            } => {
                format!(
                    "<mi mathvariant=\"normal\">diag</mi><mo stretchy=\"false\">(</mo>{}<mo stretchy=\"false\">)</mo>",
                    plain(argument.bare())?
                )
            }
            Kind::Negative(inner) => {
                format!(
                    "<mo form=\"prefix\">−</mo>{}",
                    self.written(inner, Position::Factor)?
                )
            }
            Kind::Add(terms) => self.sum(terms)?,
            Kind::Quotient(a, b) => {
                format!(
                    "<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
                    plain(a)?,
                    plain(b)?
                )
            }
            Kind::Transpose(inner) => match (self.known)(inner)? {
                Some(places) => places.transposed().written(Position::First),
                None => format!(
                    "<msup><mrow>{}</mrow><mi mathvariant=\"normal\">T</mi></msup>",
                    plain(inner)?
                ),
            },
            Kind::Gradient { of, by } => {
                format!(
                    "{THIN}<msub><mo form=\"prefix\">∇</mo><mrow>{}</mrow></msub>{THIN}{}",
                    plain(by)?,
                    plain(of)?
                )
            }
            Kind::Derivative { of, by } => format!(
                "<mfrac><mrow><mi mathvariant=\"normal\">∂</mi>{}</mrow><mrow><mi mathvariant=\"normal\">∂</mi>{}</mrow></mfrac>",
                plain(of)?,
                plain(by)?
            ),
            Kind::Group(inner) => format!(
                "<mo stretchy=\"false\">(</mo>{}<mo stretchy=\"false\">)</mo>",
                plain(inner)?
            ),
            Kind::Matrix(rows) => {
                let mut table = String::new();
                for row in rows {
                    let cells = row
                        .iter()
                        .map(|cell| Ok(format!("<mtd>{}</mtd>", plain(cell)?)));
                    table += &format!("<mtr>{}</mtr>", cells.collect::<Result<String>>()?);
                }
                format!("<mtable>{table}</mtable>")
            }
            _ => return Err(unwritten(node)),
        };
        Ok(match position {
            Position::Term => format!("<mo>+</mo>{text}"),
            _ => text,
        })
    }

    fn sum(&self, terms: &[(bool, Node)]) -> Result<String> {
        let mut text = String::new();
        for (place, (negative, term)) in terms.iter().enumerate() {
            if *negative {
                text.push_str("<mo>−</mo>");
            }
            let position = match (place, negative) {
                (_, true) => Position::Factor,
                (0, _) => Position::First,
                _ if term_sign(term) => Position::First,
                _ => Position::Term,
            };
            text.push_str(&self.written(term, position)?);
        }
        Ok(text)
    }

    fn product(&self, node: &Node, position: Position) -> Result<String> {
        let Kind::Product(factors) = &node.kind else {
            return Err(unwritten(node));
        };
        let mut text = String::new();
        let mut number_before = false;
        for (place, (_, one)) in factors.iter().enumerate() {
            let places = (self.known)(one)?;
            let is_number = places.is_some_and(|places| places.columns.is_none());
            let has_places = is_number || matches!(one.kind, Kind::Call { .. });
            if number_before && has_places {
                text.push_str("<mo>·</mo>");
            }
            number_before = is_number;
            text.push_str(&self.written(
                one,
                if place == 0 {
                    position
                } else {
                    Position::Factor
                },
            )?);
        }
        Ok(text)
    }
}

fn unwritten(node: &Node) -> Fault {
    Fault::new(node.at, format!("no MathML is written for `{}`", tex(node)))
}

/// A letter with what stands below it.
fn symbol(node: &Node, name: &str, indices: &[Index]) -> Result<String> {
    let letter = letter(name).ok_or_else(|| unwritten(node))?;
    if indices.is_empty() {
        return Ok(letter);
    }
    let below = indices.iter().map(|index| match index {
        Index::Letter(letter) => format!("<mi>{letter}</mi>"),
        Index::Digit(digit) => format!("<mn>{digit}</mn>"),
    });
    Ok(format!(
        "<msub><mrow>{letter}</mrow><mrow>{}</mrow></msub>",
        below.collect::<String>()
    ))
}

/// The letter of a name; a vector or a matrix is bold and upright.
fn letter(name: &str) -> Option<String> {
    let (name, prime) = match name.strip_suffix('\'') {
        Some(name) => (name, PRIME),
        None => (name, ""),
    };
    let inner = |start: &str| name.strip_prefix(start)?.strip_suffix('}');
    let (style, letter) = match name {
        r"\vx" => ("bold", "x"),
        r"\vy" => ("bold", "y"),
        r"\vb" => ("bold", "b"),
        r"\mW" => ("bold", "W"),
        r"\vtheta" => ("bold", "θ"),
        r"\vdelta" => ("bold", "δ"),
        r"\vyhat" => ("bold", "ŷ"),
        r"\theta" => ("italic", "θ"),
        r"\delta" => ("italic", "δ"),
        r"\eta" => ("italic", "η"),
        r"\yhat" => ("italic", "ŷ"),
        r"\Sigma" => ("upright", "Σ"),
        _ if name.len() == 1 => ("italic", name),
        _ => match inner(r"\mathbf{")? {
            r"\Theta" => ("bold", "Θ"),
            r"\Delta" => ("bold", "Δ"),
            r"\hat{Y}" => ("bold", "Ŷ"),
            letter if letter.len() == 1 => ("bold", letter),
            _ => return None,
        },
    };
    Some(match style {
        "bold" => format!("<mi class=\"bold\" mathvariant=\"normal\">{letter}</mi>{prime}"),
        "upright" => format!("<mi mathvariant=\"normal\">{letter}</mi>{prime}"),
        _ => format!("<mi>{letter}</mi>{prime}"),
    })
}

/// A part of a formula in MathML, in symbols.
///
/// # Errors
///
/// Where it has a part that is never put into a line.
pub fn mathml(node: &Node) -> Result<String> {
    let no_number = |_: &Node| Ok(None);
    Writer { known: &no_number }.written(node, Position::First)
}
