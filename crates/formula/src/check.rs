//! Whether a display holds: every member of every chain, for all values of its indices, at the
//! worked example and at random points.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use f256::f256;

use crate::compare::{Verdict, compare, has_value};
use crate::evaluate::{dual, evaluate, holds, shape};
use crate::fault::{Fault, Result};
use crate::frame::{ByPoint, Effort, Few, Frame, Indices, Memory, Setting, of_few, places};
use crate::name::Name;
use crate::notes::Notes;
use crate::parse;
use crate::point::{Given, Point, Sizes};
use crate::scalar::{Ball, Float, Num, absolute, shown};
use crate::scope::{Scope, free};
use crate::tensor::Tensor;
use crate::tree::{Chain, Condition, Index, Kind, Node, Range, Relation, Statement};
use crate::witness;

/// How many random points there are.
pub const RANDOM: u64 = 100;

/// What is said of members between which not even `f256` decides.
const UNDECIDED: &str = "with 237 bits its rounding is still as large as the value";

/// What is said of a member that has no value.
const NO_VALUE: &str = "no value: a division by 0, the logarithm or root of what is not positive, \
    a derivative at a kink, or a number too large or small to be written";

/// A bound that is nowhere nearer than this to what it bounds says too little.
const NEAR: f64 = 0.1;

/// How near each bound comes to what it bounds, by its place.
type Nearest = BTreeMap<usize, f64>;

/// A display, and what it is checked with.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// Its TeX.
    pub tex: &'a str,
    /// The symbols of its page.
    pub scope: &'a Scope,
    /// Its own conditions.
    pub notes: &'a Notes,
    /// The sizes at the worked example, as the page has them.
    pub sizes: &'a Sizes,
    /// The sizes that the page fixes.
    pub fixed: &'a Sizes,
    /// The values that are given where it holds.
    pub given: &'a Given,
    /// The name of the given point at which alone it holds.
    pub only: Option<&'a str>,
    /// Whether the page or the display defines symbols anew: then the crate's functions are not
    /// those of its symbols.
    pub has_own_definitions: bool,
}

/// What a run of a display did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many members were compared.
    pub members: usize,
    /// The sizes of the points, by their counts.
    pub sizes: BTreeMap<String, (usize, usize)>,
    /// How many points there were.
    pub points: usize,
    /// The given point, where it holds at that one alone.
    pub only: Option<String>,
}

/// A display that was read, ready to be run.
#[derive(Debug, Clone)]
pub struct Read {
    /// The symbols, with those of the display.
    pub scope: Scope,
    /// What is stated.
    pub statements: Vec<Statement>,
}

/// Reads a display.
///
/// # Errors
///
/// Where it cannot be read, or a condition of it.
pub fn read(task: &Task<'_>) -> Result<Read> {
    let beside = |fault: Fault| Fault::new(0, format!("in the note beside it: {fault}"));
    let mut scope = task.scope.clone();
    for is in &task.notes.set {
        scope.set(is).map_err(beside)?;
    }
    for (tex, sample) in &task.notes.draw {
        scope.draw(tex, *sample).map_err(beside)?;
    }
    let mut statements = parse::display(task.tex, &scope)?;
    for condition in &task.notes.conditions {
        let mut chain = parse::chain(condition, &scope).map_err(beside)?;
        for member in &mut chain.members {
            // Its places are those of the note, and would be taken for places of the display.
            member.change(&mut |part| part.at = 0);
        }
        let condition = Condition::Compare(chain);
        for statement in &mut statements {
            statement.conditions.push(condition.clone());
        }
    }
    Ok(Read { scope, statements })
}

/// Runs what was read.
///
/// # Errors
///
/// Where it does not hold: what, and at which point.
pub fn run(task: &Task<'_>, scope: &Scope, statements: &[Statement]) -> Result<Report> {
    let mut report = Report {
        members: 0,
        sizes: BTreeMap::new(),
        points: 0,
        only: task.only.map(str::to_owned),
    };
    let effort = Effort::default();
    for statement in statements {
        report.members += statement.chain.members.len();
        for (first_link, scope, statement) in phases(task, scope, statement) {
            let run = Run {
                task,
                scope,
                statement: &statement,
                first_link,
                named: named(&statement),
                effort: &effort,
            };
            let points = run.points();
            report.points = report.points.max(points.len());
            run.all(&points)?;
            let used = run.counts();
            let sizes = points.iter().flat_map(|point| &point.sizes);
            for (count, &size) in sizes.filter(|(count, _)| used.contains(&count.as_str().into())) {
                let entry = report.sizes.entry(count.clone()).or_insert((size, size));
                *entry = (entry.0.min(size), entry.1.max(size));
            }
        }
    }
    Ok(report)
}

/// A statement with the symbols of its display; where these hold for some of its links alone, two
/// statements with the member between them in common. Each with the number of its first link.
fn phases<'a>(
    task: &Task<'a>,
    scope: &'a Scope,
    statement: &Statement,
) -> Vec<(usize, &'a Scope, Statement)> {
    let Chain { members, relations } = &statement.chain;
    let (split, scopes) = match (task.notes.until, task.notes.after) {
        (Some(until), None) => (until, [scope, task.scope]),
        (None, Some(after)) => (after, [task.scope, scope]),
        _ => return vec![(1, scope, statement.clone())],
    };
    if split == 0 || split >= relations.len() {
        return vec![(1, scopes[usize::from(split == 0)], statement.clone())];
    }
    let part = |members: &[Node], relations: &[Relation]| Statement {
        chain: Chain {
            members: members.to_vec(),
            relations: relations.to_vec(),
        },
        conditions: statement.conditions.clone(),
    };
    vec![
        (1, scopes[0], part(&members[..=split], &relations[..split])),
        (
            split + 1,
            scopes[1],
            part(&members[split..], &relations[split..]),
        ),
    ]
}

/// One statement of a display.
struct Run<'a> {
    task: &'a Task<'a>,
    scope: &'a Scope,
    statement: &'a Statement,
    /// The number of its first link, in the display.
    first_link: usize,
    /// Its parts that are named, each with what it is said to be.
    named: Vec<(&'a Node, &'a Node)>,
    /// What the display has cost.
    effort: &'a Effort,
}

/// The parts that a statement names, each with what it is said to be.
fn named(statement: &Statement) -> Vec<(&Node, &Node)> {
    let parts = statement.chain.members.iter().flat_map(Node::all);
    let named = parts.filter_map(|part| match &part.kind {
        Kind::Named { body, name } => Some((&**body, &**name)),
        _ => None,
    });
    named.collect()
}

impl<'a> Run<'a> {
    fn chain(&self) -> &'a Chain {
        &self.statement.chain
    }

    /// All that is read, with the definitions that it uses.
    fn nodes(&self) -> Vec<&'a Node> {
        let conditions = self
            .statement
            .conditions
            .iter()
            .flat_map(Condition::members);
        let mut nodes: Vec<&Node> = self.chain().members.iter().chain(conditions).collect();
        let mut next = 0;
        let mut seen = BTreeSet::new();
        while next < nodes.len() {
            for part in nodes[next].all() {
                let (name, count) = match &part.kind {
                    Kind::Symbol { name, indices } => (*name, indices.len()),
                    Kind::Apply { name, .. } => (*name, 0),
                    _ => continue,
                };
                let symbol = self.scope.part(name, count).map(|(symbol, _)| symbol);
                let symbol = symbol.filter(|symbol| seen.insert(symbol.name));
                if let Some(definition) = symbol.and_then(|symbol| symbol.definition.as_ref()) {
                    nodes.push(&definition.body);
                }
            }
            next += 1;
        }
        nodes
    }

    /// The counts that stand behind the sizes of the statement, among all names.
    fn counts(&self) -> BTreeSet<Name> {
        let parts = self.nodes().into_iter().flat_map(Node::all);
        let names = parts.filter_map(|part| match &part.kind {
            Kind::Symbol { name, indices } => Some((*name, indices.len())),
            _ => None,
        });
        let mut counts = BTreeSet::new();
        for (name, indices) in names {
            let symbol = self.scope.part(name, indices);
            let axes = symbol.and_then(|(symbol, _)| symbol.axes.as_ref());
            counts.insert(name);
            counts.extend(axes.into_iter().flatten());
        }
        counts
    }

    /// Whether it is written for any sizes: no entry is named by a number.
    fn is_general(&self) -> bool {
        let parts = self.nodes().into_iter().flat_map(Node::all);
        let digit = |index: &Index| matches!(index, Index::Digit(_));
        let mut numbered = parts.map(|part| match &part.kind {
            Kind::Symbol { indices, .. } => indices.iter().any(digit),
            Kind::Apply {
                entry, arguments, ..
            } => entry.iter().any(digit) || arguments.len() > 1,
            Kind::Sum {
                range: Range::To(end),
                ..
            } => matches!(end.kind, Kind::Number(_)),
            Kind::Matrix(_) => true,
            _ => false,
        });
        let runs = |one: &Condition| matches!(one, Condition::In(..));
        !self.statement.conditions.iter().any(runs) && !numbered.any(|numbered| numbered)
    }

    fn points(&self) -> Vec<Point> {
        let given = Point {
            name: self.task.only.unwrap_or("the worked example").to_owned(),
            sizes: self.task.sizes.clone(),
            given: self.task.given.clone(),
            seed: 0,
            scaled: None,
        };
        if self.task.only.is_some() || self.is_printed() {
            return vec![given];
        }
        let is_general = self.is_general();
        let random = (1..=RANDOM).map(|seed| Point {
            name: format!("random point {seed}"),
            sizes: match is_general {
                true => random_sizes(&given.sizes, self.task.fixed, seed),
                false => given.sizes.clone(),
            },
            given: Given::new(),
            seed,
            scaled: None,
        });
        std::iter::once(given.clone()).chain(random).collect()
    }

    /// Whether it holds decimal numbers, rounded as they are printed.
    fn is_printed(&self) -> bool {
        self.chain().members.iter().any(is_printed)
    }

    fn all(&self, points: &[Point]) -> Result<()> {
        let mut met = 0;
        let mut nearest = BTreeMap::new();
        let taken = RefCell::default();
        let mut setting = None;
        let rounded = self.is_printed();
        for point in points {
            let here = Setting {
                rounded,
                ..Setting::new(self.scope, point, self.effort)
            };
            here.taken.swap(&taken);
            let at_point = AtPoint::new(self, &here);
            met += at_point.check(&mut nearest)?;
            here.taken.swap(&taken);
            setting = Some(here);
        }
        let at = self.chain().members[0].at;
        if setting.is_none() || met == 0 {
            return Err(Fault::new(at, "its conditions hold at no point"));
        }
        let far = nearest.into_iter().find(|(_, gap)| *gap > NEAR);
        if let Some((bound, gap)) = far {
            let message = format!("the bound is nowhere nearer than {:.0} %", gap * 100.0);
            return Err(Fault::new(bound, message));
        }
        self.cases_taken(&taken.borrow())
    }

    /// A row of `cases` that applies at no point was not executed.
    fn cases_taken(&self, taken: &BTreeSet<(usize, usize)>) -> Result<()> {
        for part in self.chain().members.iter().flat_map(Node::all) {
            if let Kind::Cases(rows) = &part.kind {
                for (row, (value, _)) in rows.iter().enumerate() {
                    if !taken.contains(&(part.at, row)) {
                        let message = format!("row {} of the cases applies at no point", row + 1);
                        return Err(Fault::new(value.at, message));
                    }
                }
            }
        }
        Ok(())
    }
}

fn is_printed(node: &Node) -> bool {
    node.has(&|kind| matches!(kind, Kind::Number(text) if text.contains('.')))
}

/// Whether it is made of numbers alone.
fn is_numeric(node: &Node) -> bool {
    !node.has(&|kind| matches!(kind, Kind::Symbol { .. } | Kind::Apply { .. }))
}

/// Sizes from 2 to 5, no two alike, so that no index can run in place of another.
fn random_sizes(sizes: &Sizes, fixed: &Sizes, seed: u64) -> Sizes {
    let counts = sizes.keys().filter(|count| !fixed.contains_key(*count));
    let mut random = fixed.clone();
    for (place, count) in counts.enumerate() {
        random.insert(count.clone(), 2 + (seed as usize + place) % 4);
    }
    random
}

/// The value of a member.
type Value<F> = Rc<Tensor<Ball<F>>>;

/// A statement at a point, with what was computed there already.
struct AtPoint<'a> {
    run: &'a Run<'a>,
    setting: &'a Setting<'a>,
    single: Values<'a, f64>,
    double: Values<'a, f256>,
}

/// What was computed with one precision.
struct Values<'a, F: Float> {
    frame: Frame<'a, Num<F>>,
    /// The values of members for the present numbers of the indices, by where the members are in
    /// memory: each but the first and the last is compared twice.
    members: Few<*const Node, Tensor<Ball<F>>>,
}

impl<'a, F: Precision> Values<'a, F> {
    fn new(setting: &'a Setting<'a>) -> Self {
        // Of a point that is scaled, and of rounded numbers, no other display makes use.
        let frame = match setting.rounded || setting.point.scaled.is_some() {
            true => Frame::new(setting),
            false => {
                let mut computed = F::computed(setting.scope.memory()).borrow_mut();
                let here = computed.entry(setting.point.key()).or_default();
                Frame::resumed(setting, Rc::clone(here))
            }
        };
        Self {
            frame,
            members: RefCell::default(),
        }
    }

    fn member(&self, part: &'a Node, indices: &Indices) -> Result<Value<F>> {
        if let Some(value) = of_few(&self.members, part) {
            return Ok(value);
        }
        let value = Rc::new(member(part, &self.frame, indices)?);
        let mut members = self.members.borrow_mut();
        members.push((part, Rc::clone(&value)));
        Ok(value)
    }
}

/// The values of a precision.
trait Precision: Float {
    fn of<'b, 'a>(at_point: &'b AtPoint<'a>) -> &'b Values<'a, Self>;
    fn computed(memory: &Memory) -> &ByPoint<Self>;
}

impl Precision for f64 {
    fn of<'b, 'a>(at_point: &'b AtPoint<'a>) -> &'b Values<'a, f64> {
        &at_point.single
    }

    fn computed(memory: &Memory) -> &ByPoint<f64> {
        &memory.single
    }
}

impl Precision for f256 {
    fn of<'b, 'a>(at_point: &'b AtPoint<'a>) -> &'b Values<'a, f256> {
        &at_point.double
    }

    fn computed(memory: &Memory) -> &ByPoint<f256> {
        &memory.double
    }
}

impl<'a> AtPoint<'a> {
    fn new(run: &'a Run<'a>, setting: &'a Setting<'a>) -> Self {
        Self {
            run,
            setting,
            single: Values::new(setting),
            double: Values::new(setting),
        }
    }

    /// How many values of the indices meet the conditions; an error where the statement does not
    /// hold for one of them.
    fn check(&self, nearest: &mut Nearest) -> Result<usize> {
        let frame = &self.single.frame;
        let chain = self.run.chain();
        let conditions = &self.run.statement.conditions;
        let parts = chain.members.iter();
        let compared = conditions.iter().flat_map(Condition::members);
        let parts: Vec<&Node> = parts.chain(compared).collect();
        // Only what stands below a name is an index for sure; a condition may name it alone.
        let letters = free(&parts);
        let none = Indices::default();
        let extents = letters
            .iter()
            .map(|&letter| frame.extent(parts[0].at, letter, &parts, &none));
        let shape = extents
            .collect::<Result<Vec<usize>>>()
            .map_err(|fault| self.here(fault))?;
        for condition in conditions {
            self.runs_through(condition, &letters, &shape)?;
        }
        let mut met = 0;
        // What a point costs whatever is computed there.
        self.run.effort.spend(parts[0].at, 1_000)?;
        for place in places(parts[0].at, &shape)? {
            let indices: Indices = letters.iter().copied().zip(place).collect();
            self.single.members.take();
            self.double.members.take();
            if self.meets(frame, &indices)? {
                met += 1;
                self.links(frame, &indices, nearest)?;
            }
        }
        Ok(met)
    }

    /// `k \in \{ 1, 2, 3 \}` names all that `k` runs through.
    fn runs_through(&self, condition: &Condition, letters: &[Name], shape: &[usize]) -> Result<()> {
        let Condition::In(index, numbers, at) = condition else {
            return Ok(());
        };
        let extent = letters
            .iter()
            .zip(shape)
            .find(|(letter, _)| *letter == index);
        let expected = extent.map(|(_, &size)| (1..=size).collect::<Vec<_>>());
        match expected {
            Some(expected) if expected == *numbers => Ok(()),
            Some(expected) => {
                let message = format!("`{index}` runs through {expected:?}, found {numbers:?}");
                Err(Fault::new(*at, message))
            }
            None => Err(Fault::new(
                *at,
                format!("`{index}` is no index of this statement"),
            )),
        }
    }

    fn meets(&self, frame: &Frame<'_, Num<f64>>, indices: &Indices) -> Result<bool> {
        for condition in &self.run.statement.conditions {
            if !holds(condition, frame, indices).map_err(|fault| self.here(fault))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn links(
        &self,
        frame: &Frame<'_, Num<f64>>,
        indices: &Indices,
        nearest: &mut Nearest,
    ) -> Result<()> {
        let chain = self.run.chain();
        if self.setting.rounded {
            let is_read = |one: &Relation| matches!(one, Relation::Equal | Relation::Approximately);
            if !chain.relations.iter().all(is_read) {
                let message = "beside printed numbers only `=` and `\\approx` are read";
                return Err(Fault::new(chain.members[0].at, message));
            }
            return self.printed(frame, indices);
        }
        let links = chain.members.windows(2).zip(&chain.relations);
        for (place, (pair, relation)) in links.enumerate() {
            let [a, b] = pair else { continue };
            match relation {
                Relation::Equal => self.equal(self.run.first_link + place, a, b, indices)?,
                Relation::Approximately => self.approximately(a, b, indices)?,
                Relation::LessOrEqual => {
                    let gap = self.at_most(a, b, indices)?;
                    let nearest = nearest.entry(b.at).or_insert(gap);
                    *nearest = nearest.min(gap);
                }
                _ => {
                    return Err(Fault::new(
                        a.at,
                        "this relation is read in conditions alone",
                    ));
                }
            }
        }
        for (body, name) in &self.run.named {
            self.same(body, name, indices)?;
        }
        if let [only] = chain.members.as_slice() {
            return Err(Fault::new(only.at, "a single member states nothing"));
        }
        match self.run.task.has_own_definitions {
            true => Ok(()),
            false => self.witnessed(frame, indices),
        }
    }

    /// The link of that number, counted from 1.
    fn equal(&self, link: usize, a: &'a Node, b: &'a Node, indices: &Indices) -> Result<()> {
        if let Some((rest, variable, power)) = without_order(b) {
            return self.shrinks(a, &rest, variable, power, false, indices);
        }
        self.same(a, b, indices)?;
        // A derivative kills what does not depend on the variable: what is differentiated is
        // compared as well.
        if let (Kind::Derivative { of: a, by }, Kind::Derivative { of: b, by: other }) =
            (&a.kind, &b.kind)
            && same_variable(by, other)
            && !self.run.task.notes.up_to_constants.contains(&link)
        {
            self.same(a, b, indices)?;
        }
        Ok(())
    }

    /// Compares in `f64`, and where the bound is too wide in `f256`.
    fn same(&self, a: &'a Node, b: &'a Node, indices: &Indices) -> Result<()> {
        match self.compared::<f64>(a, b, indices)? {
            // At the given point more digits are compared in any case: what is small beside
            // another number may be what the display is about.
            Verdict::Equal if self.setting.point.seed > 0 => return Ok(()),
            Verdict::Different(place) => return Err(self.differ::<f64>(a, b, indices, place)),
            _ => {}
        }
        match self.compared::<f256>(a, b, indices)? {
            Verdict::Equal => Ok(()),
            Verdict::Different(place) => Err(self.differ::<f256>(a, b, indices, place)),
            Verdict::Undecided => Err(self.here(Fault::new(b.at, UNDECIDED))),
            Verdict::NoValue => Err(self.here(Fault::new(b.at, NO_VALUE))),
        }
    }

    fn compared<F: Precision>(
        &self,
        a: &'a Node,
        b: &'a Node,
        indices: &Indices,
    ) -> Result<Verdict> {
        let (x, y) = self.values::<F>(a, b, indices)?;
        if x.shape != y.shape {
            let message = format!("{} = {}: the shapes differ", shape(&x), shape(&y));
            return Err(self.here(Fault::new(b.at, message)));
        }
        Ok(compare(&x, &y))
    }

    fn values<F: Precision>(
        &self,
        a: &'a Node,
        b: &'a Node,
        indices: &Indices,
    ) -> Result<(Value<F>, Value<F>)> {
        let values = F::of(self);
        let value = |part| {
            values
                .member(part, indices)
                .map_err(|fault| self.here(fault))
        };
        Ok((value(a)?, value(b)?))
    }

    fn differ<F: Precision>(
        &self,
        a: &'a Node,
        b: &'a Node,
        indices: &Indices,
        place: usize,
    ) -> Fault {
        let found = match self.values::<F>(a, b, indices) {
            Ok((x, y)) => {
                let entry = match x.entries.len() {
                    1 => String::new(),
                    _ => format!(", entry {}", place + 1),
                };
                let (x, y) = (x.entries[place].value, y.entries[place].value);
                let by = match shown(x) == shown(y) {
                    true => format!(" by {}", shown(absolute(x - y))),
                    false => String::new(),
                };
                format!(
                    "the members differ{by}: {} and {}{entry}",
                    shown(x),
                    shown(y)
                )
            }
            Err(fault) => fault.message,
        };
        self.here(Fault::new(b.at, format!("{found}{}", counted(indices))))
    }

    /// A fault with the point behind it.
    fn here(&self, fault: Fault) -> Fault {
        let point = &self.setting.point.name;
        if fault.message.contains(" at ") && fault.message.ends_with(point.as_str()) {
            return fault;
        }
        Fault::new(fault.at, format!("{}, at {point}", fault.message))
    }

    /// `a ≈ b`: as the note beside it says, the error shrinks.
    fn approximately(&self, a: &'a Node, b: &'a Node, indices: &Indices) -> Result<()> {
        let notes = self.run.task.notes;
        let (variable, grows) = match (&notes.small, &notes.large) {
            (Some(small), None) => (small, false),
            (None, Some(large)) => (large, true),
            _ => {
                let message =
                    "`\\approx` needs a note: what goes to 0 (`small`) or grows (`large`)";
                return Err(Fault::new(b.at, message));
            }
        };
        let Some(order) = notes.order else {
            return Err(Fault::new(
                b.at,
                "`\\approx` needs a note: the `order` of its error",
            ));
        };
        let variable = crate::scope::canonical(variable)?;
        self.shrinks(a, b, variable, order, grows, indices)
    }

    /// Whether the difference shrinks by 2 to the power of the order where the variable is halved,
    /// neither slower nor faster.
    fn shrinks(
        &self,
        a: &'a Node,
        b: &'a Node,
        variable: Name,
        order: u32,
        grows: bool,
        indices: &Indices,
    ) -> Result<()> {
        let mut gaps = Vec::new();
        for halvings in [20, 21] {
            let factor = 0.5_f64.powi(if grows { -halvings } else { halvings });
            let point = Point {
                scaled: Some((variable, factor)),
                ..self.setting.point.clone()
            };
            let setting = Setting::new(self.run.scope, &point, self.run.effort);
            let near = AtPoint::new(self.run, &setting);
            let (x, y) = near.values::<f256>(a, b, indices)?;
            if x.shape != y.shape {
                return Err(self.here(Fault::new(b.at, "the shapes differ")));
            }
            if !has_value(&x) || !has_value(&y) {
                return Err(self.here(Fault::new(b.at, NO_VALUE)));
            }
            if compare(&x, &y) == Verdict::Equal {
                let message = "the members are equal: there is no error that shrinks";
                return Err(self.here(Fault::new(b.at, message)));
            }
            let gap = x.entries.iter().zip(&y.entries);
            let gap = gap.map(|(x, y)| (x.value - y.value).nearest().abs());
            gaps.push(gap.fold(0.0, f64::max));
        }
        let found = (gaps[0] / gaps[1]).log2();
        if (found - f64::from(order)).abs() < 0.05 {
            return Ok(());
        }
        let message = format!("the error shrinks with the power {found:.2}, expected {order}");
        Err(self.here(Fault::new(b.at, format!("{message}{}", counted(indices)))))
    }

    /// How far `b` is above `a`, relative to the larger: an error where it is below.
    fn at_most(&self, a: &'a Node, b: &'a Node, indices: &Indices) -> Result<f64> {
        let (x, y) = self.values::<f256>(a, b, indices)?;
        let (Some(x), Some(y)) = (x.as_number(), y.as_number()) else {
            return Err(self.here(Fault::new(b.at, "only numbers are bounded")));
        };
        let larger = match absolute(x.value) < absolute(y.value) {
            true => absolute(y.value),
            false => absolute(x.value),
        };
        let message = match compare(&Tensor::number(x), &Tensor::number(y)) {
            Verdict::Equal => return Ok(0.0),
            Verdict::Different(_) if x.value < y.value => {
                return Ok(((y.value - x.value) / larger).nearest());
            }
            Verdict::Different(_) => {
                let (x, y) = (shown(x.value), shown(y.value));
                format!("the bound does not hold: {x} and {y}")
            }
            Verdict::Undecided => UNDECIDED.to_owned(),
            Verdict::NoValue => NO_VALUE.to_owned(),
        };
        Err(self.here(Fault::new(b.at, message)))
    }

    /// The crate's own function, where the first member has one.
    fn witnessed(&self, frame: &Frame<'_, Num<f64>>, indices: &Indices) -> Result<()> {
        let first = &self.run.chain().members[0];
        let Some(found) = witness::of(first, frame, indices) else {
            return Ok(());
        };
        let found = found.map_err(|fault| self.here(fault))?;
        let expected = evaluate(first, frame, indices)?.map(|entry| entry.ball());
        let pairs = found.entries.iter().zip(&expected.entries);
        for (&found, expected) in pairs {
            let bound = 1e-12 * found.abs().max(expected.value.abs()) + 4.0 * expected.radius;
            // What is no number is near to nothing.
            let is_near = (found - expected.value).abs() <= bound && bound.is_finite();
            if !is_near {
                let expected = expected.value;
                let message = format!("the crate gives {found}, the formula {expected}");
                return Err(self.here(Fault::new(first.at, message)));
            }
        }
        Ok(())
    }

    /// Numbers as they are printed: each is the value of the member before it, worked out with
    /// the digits that stand there, and rounded; and each agrees with the first.
    fn printed(&self, frame: &Frame<'_, Num<f64>>, indices: &Indices) -> Result<()> {
        let exact = Setting::new(self.run.scope, self.setting.point, self.run.effort);
        let exact = Frame::<Num<f64>>::new(&exact);
        let members = &self.run.chain().members;
        let value = |part: &Node, frame: &Frame<'_, Num<f64>>| {
            member(part, frame, indices).map_err(|fault| self.here(fault))
        };
        let first = value(&members[0], &exact)?;
        for pair in members.windows(2) {
            let [before, one] = pair else { continue };
            let interval = value(one, frame)?;
            self.overlap(&first, &interval, one, "the value")?;
            if is_numeric(before) {
                let worked_out = value(before, &exact)?;
                self.overlap(&worked_out, &interval, one, "a calculator")?;
            }
        }
        Ok(())
    }

    fn overlap(
        &self,
        a: &Tensor<Ball<f64>>,
        b: &Tensor<Ball<f64>>,
        at: &Node,
        from: &str,
    ) -> Result<()> {
        if a.shape != b.shape {
            let message = format!("{} = {}: the shapes differ", shape(a), shape(b));
            return Err(self.here(Fault::new(at.at, message)));
        }
        for (place, (a, b)) in a.entries.iter().zip(&b.entries).enumerate() {
            let room = (a.radius + b.radius) * (1.0 + 1e-9) + 1e-13 * a.value.abs();
            let is_near = (a.value - b.value).abs() <= room && room.is_finite();
            if !is_near {
                let printed = b.value;
                let message = format!(
                    "{from} gives {}, printed is {printed}, entry {}",
                    a.value,
                    place + 1
                );
                return Err(self.here(Fault::new(at.at, message)));
            }
        }
        Ok(())
    }
}

/// The value of a member; of one with pairs the value and the derivative.
fn member<F: Float>(
    part: &Node,
    frame: &Frame<'_, Num<F>>,
    indices: &Indices,
) -> Result<Tensor<Ball<F>>> {
    if part.has(&|kind| matches!(kind, Kind::Pair(..))) {
        let dual = dual(part, frame, indices)?;
        return Ok(Tensor::column(vec![
            dual.value.ball(),
            dual.derivative.ball(),
        ]));
    }
    Ok(evaluate(part, frame, indices)?.map(|entry| entry.ball()))
}

/// A member without the `O(h^2)` at its end.
fn without_order(node: &Node) -> Option<(Node, Name, u32)> {
    let Kind::Add(terms) = &node.kind else {
        return None;
    };
    let ((_, last), others) = terms.split_last()?;
    let Kind::Order { variable, power } = &last.kind else {
        return None;
    };
    let rest = Node::new(node.at, Kind::Add(others.to_vec()));
    Some((rest, *variable, *power))
}

fn same_variable(a: &Node, b: &Node) -> bool {
    a.bare().kind == b.bare().kind
}

/// The indices in words, behind a message.
fn counted(indices: &Indices) -> String {
    let numbers = indices
        .iter()
        .map(|(index, number)| format!(", {index} = {}", number + 1));
    numbers.collect()
}
