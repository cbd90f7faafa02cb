//! What the names of a formula stand for while it is evaluated at a point.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use f256::f256;

use crate::evaluate::{evaluate, shape};
use crate::fault::{Fault, Result};
use crate::name::Name;
use crate::point::Point;
use crate::scalar::{Num, Scalar};
use crate::scope::{Definition, Part, Scope, Symbol};
use crate::tensor::Tensor;
use crate::tree::{Index, Kind, Node, Range};

/// The indices that have a number, counted from 0. They are few, and copied often.
#[derive(Debug, Clone, Default)]
pub struct Indices(Vec<(Name, usize)>);

impl Indices {
    /// The number of an index.
    pub fn get(&self, letter: Name) -> Option<usize> {
        let mut pairs = self.0.iter();
        Some(pairs.find(|(one, _)| *one == letter)?.1)
    }

    /// Gives an index its number.
    pub fn set(&mut self, letter: Name, number: usize) {
        match self.0.iter_mut().find(|(one, _)| *one == letter) {
            Some((_, place)) => *place = number,
            None => self.0.push((letter, number)),
        }
    }

    /// The same without the number of an index, and with room for another.
    pub fn without(&self, letter: Name) -> Self {
        let mut others = Vec::with_capacity(self.0.len() + 1);
        others.extend(self.0.iter().filter(|(one, _)| *one != letter));
        Self(others)
    }

    /// The indices in the order in which they got their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (Name, usize)> {
        self.0.iter().copied()
    }
}

impl FromIterator<(Name, usize)> for Indices {
    fn from_iter<I: IntoIterator<Item = (Name, usize)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Definitions that use one another are followed so far.
const DEEPEST: usize = 60;

/// A table of more entries is not computed, nor a sum of more terms, nor are more values of
/// indices gone through.
const MOST: usize = 20_000;

/// What a display may cost at all its points together, in operations on `f64`. The dearest of the
/// book costs a seventh.
const DEAREST: u64 = 100_000_000;

/// Parts in one another, with the definitions that they use, are followed so far: the stack of a
/// thread still holds it.
const INNERMOST: usize = 64;

const TOO_LONG: &str = "this takes too long to compute";

const TOO_DEEP: &str = "nested too deep, with the definitions that it uses";

/// What a display has cost so far, and how deep in it the evaluation is.
#[derive(Debug, Default)]
pub struct Effort {
    spent: Cell<u64>,
    depth: Cell<usize>,
    /// The symbols whose definitions are being computed.
    defining: RefCell<Vec<Name>>,
}

impl Effort {
    /// Adds a cost.
    pub fn spend(&self, at: usize, cost: u64) -> Result<()> {
        let spent = self.spent.get().saturating_add(cost);
        self.spent.set(spent);
        match spent > DEAREST {
            true => Err(Fault::new(at, TOO_LONG)),
            false => Ok(()),
        }
    }

    /// Runs a part of an evaluation one level deeper.
    pub fn deeper<R>(&self, at: usize, part: impl FnOnce() -> Result<R>) -> Result<R> {
        let depth = self.depth.get();
        if depth == INNERMOST {
            return Err(Fault::new(at, TOO_DEEP));
        }
        self.depth.set(depth + 1);
        let result = part();
        self.depth.set(depth);
        result
    }

    /// Whether what is computed stands in a definition, and not in the display.
    pub fn is_inside(&self) -> bool {
        !self.defining.borrow().is_empty()
    }

    /// Computes the definition of a symbol.
    pub fn defining<R>(
        &self,
        at: usize,
        name: Name,
        compute: impl FnOnce() -> Result<R>,
    ) -> Result<R> {
        if self.defining.borrow().contains(&name) {
            return Err(Fault::new(at, format!("`{name}` is defined by itself")));
        }
        self.defining.borrow_mut().push(name);
        let result = compute();
        self.defining.borrow_mut().pop();
        // Of what is too deep or too long the outermost definition says enough.
        let enough = |fault: &Fault| {
            [TOO_DEEP, TOO_LONG]
                .into_iter()
                .find(|end| fault.message.ends_with(end))
        };
        result.map_err(|fault| {
            let inner = enough(&fault).unwrap_or(&fault.message);
            Fault::new(at, format!("in the definition of `{name}`: {inner}"))
        })
    }
}

/// Refuses a table that is too large.
pub fn room(at: usize, entries: Option<usize>) -> Result<()> {
    match entries.is_some_and(|entries| entries <= MOST) {
        true => Ok(()),
        false => Err(Fault::new(at, format!("more than {MOST} entries or terms"))),
    }
}

/// What all levels of an evaluation share.
#[derive(Debug)]
pub struct Setting<'a> {
    /// The symbols.
    pub scope: &'a Scope,
    /// Where it is evaluated.
    pub point: &'a Point,
    /// The sizes there.
    pub sizes: BTreeMap<Name, usize>,
    /// The rows of `cases` that were taken: offset and row.
    pub taken: RefCell<BTreeSet<(usize, usize)>>,
    /// Whether the last digit of a decimal number that is written stands for an interval.
    pub rounded: bool,
    /// What it has cost.
    pub effort: &'a Effort,
}

impl<'a> Setting<'a> {
    /// A setting in which no row of `cases` has been taken, and written numbers are exact.
    pub fn new(scope: &'a Scope, point: &'a Point, effort: &'a Effort) -> Self {
        let sizes = point.sizes.iter();
        Self {
            scope,
            point,
            sizes: sizes
                .map(|(count, &size)| (count.as_str().into(), size))
                .collect(),
            taken: RefCell::default(),
            rounded: false,
            effort,
        }
    }

    /// The size behind a count, such as that of the classes.
    pub fn size(&self, count: Name) -> Option<usize> {
        self.sizes.get(&count).copied()
    }
}

/// What was computed, each beside what it is the value of. They are so few that a list is searched
/// as fast as a map, and it is less to compile.
pub type Few<K, V> = RefCell<Vec<(K, Rc<V>)>>;

/// The value of one of few.
pub fn of_few<K: PartialEq, V>(few: &Few<K, V>, key: K) -> Option<Rc<V>> {
    let few = few.borrow();
    let found = few.iter().find(|(one, _)| *one == key);
    found.map(|(_, value)| Rc::clone(value))
}

/// What was computed in a frame.
#[derive(Debug)]
pub struct Computed<T> {
    known: Few<Name, Tensor<T>>,
    /// The Jacobian of one symbol by another, by both names.
    jacobians: Few<(Name, Name), Tensor<T>>,
    /// The open indices with which these were computed.
    open: RefCell<Vec<Option<usize>>>,
}

impl<T> Default for Computed<T> {
    fn default() -> Self {
        Self {
            known: RefCell::default(),
            jacobians: RefCell::default(),
            open: RefCell::default(),
        }
    }
}

/// What was computed with one precision, by point.
pub type ByPoint<F> = RefCell<BTreeMap<String, Rc<Computed<Num<F>>>>>;

/// What was computed with the symbols of a scope: the displays of a page ask for the same values
/// and Jacobians at the same points.
#[derive(Debug, Default)]
pub struct Memory {
    /// In `f64`.
    pub single: ByPoint<f64>,
    /// In `f256`.
    pub double: ByPoint<f256>,
}

/// The values of symbols at one level of derivatives.
#[derive(Debug)]
pub struct Frame<'a, T: Scalar> {
    /// What all levels share.
    pub setting: &'a Setting<'a>,
    /// The frame that this one was made from. What does not depend on the symbol set here has
    /// its value there, and is computed once, for all that is set above it.
    below: Option<&'a Frame<'a, T>>,
    /// The symbol set here.
    set: Option<(Name, Rc<Tensor<T>>)>,
    computed: Rc<Computed<T>>,
    level: usize,
    depth: Cell<usize>,
}

impl<'a, T: Scalar> Frame<'a, T> {
    /// A frame in which nothing is set yet.
    pub fn new(setting: &'a Setting<'a>) -> Self {
        Self {
            setting,
            below: None,
            set: None,
            computed: Rc::default(),
            level: 0,
            depth: Cell::new(0),
        }
    }

    /// A frame in which nothing is set, with what other displays computed at its point.
    pub fn resumed(setting: &'a Setting<'a>, computed: Rc<Computed<T>>) -> Self {
        Self {
            computed,
            ..Self::new(setting)
        }
    }

    /// A frame above this one, in which nothing more is set.
    fn above(&self) -> Frame<'_, T> {
        Frame {
            below: Some(self),
            level: self.level,
            depth: self.depth.clone(),
            ..Frame::new(self.setting)
        }
    }

    /// The value that a symbol was set to, here or below.
    fn bound(&self, name: Name) -> Option<&Rc<Tensor<T>>> {
        match &self.set {
            Some((set, value)) if *set == name => Some(value),
            _ => self.below?.bound(name),
        }
    }

    /// How many symbols are set, here and below.
    fn count(&self) -> u64 {
        u64::from(self.set.is_some()) + self.below.map_or(0, Frame::count)
    }

    /// The frame below, where a symbol has the same value there.
    fn shared(&self, name: Name) -> Option<&'a Frame<'a, T>> {
        let scope = self.setting.scope;
        let changes = |(set, _): &(Name, _)| scope.needs(name, *set);
        self.below
            .filter(|_| !self.set.as_ref().is_some_and(changes))
    }

    /// Forgets what was computed, where an index has changed that a definition leaves open.
    fn renew(&self, indices: &Indices) {
        let open = self.setting.scope.open();
        let now = open.iter().map(|&one| indices.get(one));
        if !now.clone().eq(self.computed.open.borrow().iter().copied()) {
            self.computed.open.replace(now.collect());
            self.computed.known.borrow_mut().clear();
            self.computed.jacobians.borrow_mut().clear();
        }
    }

    /// The frame of the level above, in which everything set here is constant.
    pub fn lifted(&self) -> Frame<'_, T> {
        Frame {
            level: self.level + 1,
            ..self.above()
        }
    }

    /// What so many operations cost here: a dual number is three numbers to compute.
    pub fn cost(&self, operations: usize) -> u64 {
        (operations as u64 + 1) * T::COST * 3_u64.pow(self.level as u32)
    }

    /// How many derivatives are being taken around this one.
    pub fn level(&self) -> usize {
        self.level
    }

    /// The Jacobian of one symbol by another, kept: an equation asks for its entries one by one.
    pub fn jacobian(
        &self,
        of: Name,
        by: Name,
        indices: &Indices,
        compute: impl FnOnce() -> Result<Tensor<T>>,
    ) -> Result<Rc<Tensor<T>>> {
        self.renew(indices);
        if let Some(jacobian) = of_few(&self.computed.jacobians, (of, by)) {
            return Ok(jacobian);
        }
        let jacobian = Rc::new(compute()?);
        self.renew(indices);
        let mut jacobians = self.computed.jacobians.borrow_mut();
        jacobians.push(((of, by), Rc::clone(&jacobian)));
        Ok(jacobian)
    }

    /// The same frame with one more symbol set, whatever defines it.
    pub fn with(&self, at: usize, name: Name, value: Tensor<T>) -> Result<Frame<'_, T>> {
        let depth = self.depth.get();
        if depth == DEEPEST {
            return Err(Fault::new(at, TOO_DEEP));
        }
        self.setting.effort.spend(at, 30 + 10 * self.count())?;
        Ok(Frame {
            set: Some((name, Rc::new(value))),
            depth: Cell::new(depth + 1),
            ..self.above()
        })
    }

    /// The same frame with a symbol or one entry of it set.
    pub fn with_part(
        &self,
        part: &Node,
        value: Tensor<T>,
        indices: &Indices,
    ) -> Result<Frame<'_, T>> {
        let (name, place) = self.place(part, indices)?;
        let Some(place) = place else {
            return self.with(part.at, name, value);
        };
        let mut whole = (*self.whole(part.at, name, indices)?).clone();
        match value.as_number() {
            Some(number) => whole.entries[place] = number,
            None => return Err(Fault::new(part.at, "an entry is a number")),
        }
        self.with(part.at, name, whole)
    }

    /// The symbol that a variable belongs to, and the entry of it, where it is one.
    pub fn place(&self, part: &Node, indices: &Indices) -> Result<(Name, Option<usize>)> {
        let part = part.bare();
        let Kind::Symbol {
            name,
            indices: below,
        } = &part.kind
        else {
            return Err(Fault::new(part.at, "expected a symbol or an entry of one"));
        };
        if below.is_empty() {
            return Ok((*name, None));
        }
        match self.setting.scope.part(*name, below.len()) {
            Some((symbol, Part::Entry)) => {
                let whole = self.whole(part.at, symbol.name, indices)?;
                let place = place(part.at, *name, below, whole.axes(), indices)?;
                Ok((symbol.name, Some(place)))
            }
            _ => Err(self.unknown(part.at, *name, below.len())),
        }
    }

    /// A symbol, an entry of it, or a row.
    pub fn symbol(
        &self,
        at: usize,
        name: Name,
        below: &[Index],
        indices: &Indices,
    ) -> Result<Tensor<T>> {
        if below.is_empty() {
            if let Some(index) = indices.get(name) {
                return Ok(Tensor::number(T::real(index as f64 + 1.0)));
            }
            return Ok((*self.whole(at, name, indices)?).clone());
        }
        let Some((symbol, part)) = self.setting.scope.part(name, below.len()) else {
            return match (&*name, below.len()) {
                ("\\delta", 2) => {
                    let place = numbers(at, below, indices)?;
                    let delta = f64::from(place[0] == place[1]);
                    Ok(Tensor::number(T::real(delta)))
                }
                _ => Err(self.unknown(at, name, below.len())),
            };
        };
        let whole = self.whole(at, symbol.name, indices)?;
        let axes = whole.axes();
        let place = place(at, name, below, axes, indices)?;
        if part == Part::Row {
            let width: usize = axes.iter().skip(1).product();
            let row = whole.entries.chunks(width).nth(place);
            return Ok(Tensor::column(row.unwrap_or_default().to_vec()));
        }
        let (found, expected) = (below.len(), axes.len());
        if found != expected {
            let message = format!("`{name}` has {found} indices, expected {expected}");
            return Err(Fault::new(at, message));
        }
        Ok(Tensor::number(whole.entries[place]))
    }

    fn unknown(&self, at: usize, name: Name, indices: usize) -> Fault {
        let message = match indices {
            0 => format!("the symbol `{name}` is not in the table, nor declared by the page"),
            _ => format!(
                "the symbol `{name}` with {indices} indices is not in the table, nor declared by the page"
            ),
        };
        Fault::new(at, message)
    }

    /// All of a symbol: as it was set, else by its definition, else by the point.
    pub fn whole(&self, at: usize, name: Name, indices: &Indices) -> Result<Rc<Tensor<T>>> {
        if let Some(value) = self.bound(name) {
            return Ok(Rc::clone(value));
        }
        self.renew(indices);
        if let Some(value) = of_few(&self.computed.known, name) {
            return Ok(value);
        }
        if let Some(size) = self.setting.size(name) {
            return Ok(Rc::new(Tensor::number(T::real(size as f64))));
        }
        let Some(symbol) = self.setting.scope.symbol(name) else {
            return Err(self.unknown(at, name, 0));
        };
        let value = match self.shared(name) {
            Some(below) => below.whole(at, name, indices)?,
            None => Rc::new(self.compute(at, symbol, indices)?),
        };
        self.renew(indices);
        let mut known = self.computed.known.borrow_mut();
        known.push((name, Rc::clone(&value)));
        Ok(value)
    }

    fn compute(&self, at: usize, symbol: &Symbol, indices: &Indices) -> Result<Tensor<T>> {
        if let Some(definition) = &symbol.definition {
            if !definition.arguments.is_empty() {
                let message = format!(
                    "`{}` is a function, and stands here without its argument",
                    symbol.name
                );
                return Err(Fault::new(at, message));
            }
            let depth = self.depth.get();
            if depth == DEEPEST {
                return Err(Fault::new(at, TOO_DEEP));
            }
            let compute = || {
                let axes = symbol.axes.as_deref();
                let value = self.defined(definition, axes, indices)?;
                self.fits(definition.body.at, axes, value)
            };
            self.depth.set(depth + 1);
            let value = self.setting.effort.defining(at, symbol.name, compute);
            self.depth.set(depth);
            return value;
        }
        if let Some(axes) = &symbol.axes {
            let mut sizes = axes.iter().filter_map(|&axis| self.setting.size(axis));
            room(at, sizes.try_fold(1, usize::checked_mul))?;
        }
        match self.setting.point.value(symbol) {
            Some(value) => Ok(value.map(T::real)),
            None => Err(Fault::new(
                at,
                format!(
                    "`{}` has neither a value nor a definition here",
                    symbol.name
                ),
            )),
        }
    }

    /// A value, where the sizes that are declared for it tell of all its entries. Where it has
    /// fewer, an index that runs too far is met by a message of its own.
    fn fits(&self, at: usize, axes: Option<&[Name]>, value: Tensor<T>) -> Result<Tensor<T>> {
        let declared = axes.map(|axes| axes.iter().map(|&axis| self.setting.size(axis)));
        let Some(declared) = declared.and_then(|sizes| sizes.collect::<Option<Vec<_>>>()) else {
            return Ok(value);
        };
        let axes = value.axes();
        let is_within = axes.iter().zip(&declared).all(|(size, most)| size <= most);
        // One entry is a number, whatever it is said to be.
        let is_one = value.entries.len() == 1 && declared.iter().all(|&size| size == 1);
        if is_one || (axes.len() == declared.len() && is_within) {
            return Ok(value);
        }
        let declared: Vec<String> = declared.iter().map(usize::to_string).collect();
        let declared = match declared.is_empty() {
            true => "a number".to_owned(),
            false => declared.join(" × "),
        };
        let message = format!("found {}, declared is {declared}", shape(&value));
        Err(Fault::new(at, message))
    }

    /// What a definition gives, for all values of its indices.
    pub fn defined(
        &self,
        definition: &Definition,
        axes: Option<&[Name]>,
        indices: &Indices,
    ) -> Result<Tensor<T>> {
        let body = &definition.body;
        if definition.indices.is_empty() {
            return evaluate(body, self, indices);
        }
        let mut shape = Vec::new();
        for (place, &index) in definition.indices.iter().enumerate() {
            let declared = axes.and_then(|axes| self.setting.size(*axes.get(place)?));
            shape.push(match declared {
                Some(size) => size,
                None => self.extent(body.at, index, &[body], indices)?,
            });
        }
        let mut entries = Vec::new();
        let mut inner = indices.clone();
        for place in places(body.at, &shape)? {
            for (&index, &number) in definition.indices.iter().zip(&place) {
                inner.set(index, number);
            }
            match evaluate(body, self, &inner)?.as_number() {
                Some(entry) => entries.push(entry),
                None => return Err(Fault::new(body.at, "an entry is a number")),
            }
        }
        if shape.len() == 1 {
            shape.push(1);
        }
        Ok(Tensor::new(shape, entries))
    }

    /// How far an index runs: the sizes of all that carries it in the parts, which must agree.
    pub fn extent(
        &self,
        at: usize,
        index: Name,
        parts: &[&Node],
        indices: &Indices,
    ) -> Result<usize> {
        let untold = || Fault::new(at, format!("nothing tells how far `{index}` runs"));
        self.told(index, parts, indices)?.ok_or_else(untold)
    }

    /// How far an index runs; none where nothing carries it.
    pub fn told(&self, index: Name, parts: &[&Node], indices: &Indices) -> Result<Option<usize>> {
        let mut found = None;
        for part in parts {
            self.meet(part, index, indices, &mut found)?;
        }
        Ok(found.map(|(size, _)| size))
    }

    fn meet(
        &self,
        node: &Node,
        index: Name,
        indices: &Indices,
        found: &mut Option<(usize, Name)>,
    ) -> Result<()> {
        let is_it = |one: &Index| matches!(one, Index::Letter(letter) if *letter == index);
        match &node.kind {
            Kind::Symbol {
                name,
                indices: below,
            } if below.iter().any(is_it) => {
                let Some((symbol, _)) = self.setting.scope.part(*name, below.len()) else {
                    return Ok(());
                };
                let sizes = self.sizes(node.at, symbol, indices)?;
                for (place, _) in below.iter().enumerate().filter(|(_, one)| is_it(one)) {
                    let Some(&size) = sizes.get(place) else {
                        continue;
                    };
                    match found {
                        Some((other, from)) if *other != size => {
                            let message = format!(
                                "the index `{index}` runs to {other} for `{from}` and to {size} for `{name}`"
                            );
                            return Err(Fault::new(node.at, message));
                        }
                        _ => *found = Some((size, *name)),
                    }
                }
            }
            Kind::Apply {
                entry: Some(entry),
                name,
                primes,
                arguments,
            } if is_it(entry) => {
                let whole = Node::new(
                    node.at,
                    Kind::Apply {
                        name: *name,
                        primes: *primes,
                        entry: None,
                        arguments: arguments.clone(),
                    },
                );
                let whole = evaluate(&whole, self, indices)?;
                if let Some(&size) = whole.axes().first() {
                    *found = Some((size, *name));
                }
            }
            Kind::Sum {
                index: inner,
                range,
                ..
            } if *inner == index => {
                // Another index of the same name: only the end of its range is outside.
                if let Range::To(end) = range {
                    self.meet(end, index, indices, found)?;
                }
                return Ok(());
            }
            // What is left out of a sum runs as far as the sum.
            Kind::Sum {
                index: inner,
                range: Range::Except(other),
                body,
            } if is_it(other) => {
                let mut with = None;
                self.meet(body, *inner, indices, &mut with)?;
                if found.is_none() {
                    *found = with;
                }
            }
            Kind::MaxOver { index: inner, .. } if *inner == index => return Ok(()),
            _ => {}
        }
        for child in node.children() {
            self.meet(child, index, indices, found)?;
        }
        Ok(())
    }

    /// The sizes of a symbol, without computing it where they are declared.
    fn sizes(&self, at: usize, symbol: &Symbol, indices: &Indices) -> Result<Vec<usize>> {
        if let Some(value) = self.bound(symbol.name) {
            return Ok(value.axes().to_vec());
        }
        let declared = symbol.axes.as_ref().map(|axes| {
            let sizes = axes.iter().map(|&axis| self.setting.size(axis));
            sizes.collect::<Option<Vec<_>>>()
        });
        match declared {
            Some(Some(sizes)) => Ok(sizes),
            _ => Ok(self.whole(at, symbol.name, indices)?.axes().to_vec()),
        }
    }
}

/// All places of an array, the last index running fastest.
///
/// # Errors
///
/// Where there are too many.
pub fn places(at: usize, shape: &[usize]) -> Result<Vec<Vec<usize>>> {
    room(at, shape.iter().copied().try_fold(1, usize::checked_mul))?;
    Ok(shape.iter().fold(vec![Vec::new()], |places, &size| {
        let longer = |place: &Vec<usize>| {
            let place = place.clone();
            (0..size).map(move |index| [place.as_slice(), &[index]].concat())
        };
        places.iter().flat_map(longer).collect()
    }))
}

/// The number of an index, counted from 0.
pub fn number(at: usize, index: &Index, indices: &Indices) -> Result<usize> {
    match index {
        Index::Digit(digit) => Ok(digit - 1),
        Index::Letter(letter) => match indices.get(*letter) {
            Some(number) => Ok(number),
            None => Err(Fault::new(
                at,
                format!("the index `{letter}` is bound by nothing"),
            )),
        },
    }
}

/// The numbers of indices, counted from 0.
pub fn numbers(at: usize, below: &[Index], indices: &Indices) -> Result<Vec<usize>> {
    let numbers = below.iter().map(|index| number(at, index, indices));
    numbers.collect()
}

/// Where in a row of all entries the one with these indices stands.
fn place(
    at: usize,
    name: Name,
    below: &[Index],
    axes: &[usize],
    indices: &Indices,
) -> Result<usize> {
    let mut place = 0;
    for (index, &size) in below.iter().zip(axes) {
        let index = number(at, index, indices)?;
        if index >= size {
            let message = format!("`{name}` has no entry {}: it ends at {size}", index + 1);
            return Err(Fault::new(at, message));
        }
        place = place * size + index;
    }
    Ok(place)
}
