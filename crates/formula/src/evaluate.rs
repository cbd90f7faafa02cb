//! From a tree to its value.

use softmax_backprop::autodiff::{Dual, Number};

use crate::fault::{Fault, Result};
use crate::frame::{self, Frame, Indices, numbers, room};
use crate::name::Name;
use crate::scalar::{LEVELS, Scalar};
use crate::scope::Part;
use crate::tensor::{Tensor, sum};
use crate::tree::{Chain, Condition, Function, Index, Kind, Node, Range, Relation, Times};

/// The value of a part of a formula.
///
/// # Errors
///
/// Where a symbol is unknown, shapes do not fit, or a part has no meaning here.
pub fn evaluate<T: Scalar>(
    node: &Node,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let effort = frame.setting.effort;
    let value = effort.deeper(node.at, || part(node, frame, indices))?;
    effort.spend(node.at, frame.cost(value.entries.len()))?;
    Ok(value)
}

fn part<T: Scalar>(node: &Node, frame: &Frame<'_, T>, indices: &Indices) -> Result<Tensor<T>> {
    let at = node.at;
    let value = |part: &Node| evaluate(part, frame, indices);
    let number = |part: &Node| number(part, frame, indices);
    match &node.kind {
        Kind::Number(text) => literal(at, text, frame),
        Kind::Symbol {
            name,
            indices: below,
        } => frame.symbol(at, *name, below, indices),
        Kind::Apply {
            name,
            primes,
            entry,
            arguments,
        } => {
            let whole = apply(at, *name, *primes, arguments, frame, indices)?;
            match entry {
                None => Ok(whole),
                Some(index) => entry_of(at, *name, &whole, index, indices),
            }
        }
        Kind::Call { function, argument } => call(at, *function, &value(argument)?),
        Kind::Max(parts) => {
            let numbers = parts.iter().map(number).collect::<Result<Vec<_>>>()?;
            Ok(Tensor::number(largest(at, numbers)?))
        }
        Kind::MaxOver { index, body } => {
            let mut all = Vec::new();
            let mut keep = |one: Tensor<T>| {
                all.push(as_number(at, &one)?);
                Ok(())
            };
            over(at, *index, &Range::All, body, frame, indices, &mut keep)?;
            Ok(Tensor::number(largest(at, all)?))
        }
        Kind::Sum { index, range, body } => {
            let mut total = None;
            let mut add = |term| add(at, &mut total, term, false);
            over(at, *index, range, body, frame, indices, &mut add)?;
            Ok(total.unwrap_or_else(|| Tensor::number(T::real(0.0))))
        }
        Kind::Negative(inner) => Ok(value(inner)?.map(|entry| -entry)),
        Kind::Add(terms) => {
            let mut total = None;
            for (negative, term) in terms {
                add(at, &mut total, value(term)?, *negative)?;
            }
            total.ok_or_else(|| Fault::new(at, "a sum of nothing"))
        }
        Kind::Product(factors) => {
            let mut product: Option<Tensor<T>> = None;
            for (times, factor) in factors {
                let value = value(factor)?;
                product = Some(match product {
                    None => value,
                    Some(before) => multiplied(factor.at, &before, *times, &value, frame)?,
                });
            }
            product.ok_or_else(|| Fault::new(at, "a product of nothing"))
        }
        Kind::Quotient(a, b) => {
            let divisor = number(b)?;
            Ok(value(a)?.map(|entry| entry / divisor))
        }
        Kind::Power(base, power) => raised(at, &value(base)?, power, frame, indices),
        Kind::Transpose(inner) => {
            let inner = value(inner)?;
            inner.transposed().ok_or_else(|| {
                let found = shape(&inner);
                Fault::new(at, format!("only a matrix is transposed, found {found}"))
            })
        }
        Kind::Inner(a, b) => {
            let (a, b) = (value(a)?, value(b)?);
            let product = a.zip(&b, |a, b| a * b).filter(|_| a.is_column());
            let product = product.and_then(|product| sum(product.entries.into_iter()));
            match product {
                Some(product) => Ok(Tensor::number(product)),
                None => Err(Fault::new(
                    at,
                    format!("no inner product of {} and {}", shape(&a), shape(&b)),
                )),
            }
        }
        Kind::Matrix(rows) => matrix(at, rows, frame, indices),
        Kind::Cases(rows) => cases(at, rows, frame, indices),
        Kind::Pair(..) => Err(Fault::new(at, "a pair has no meaning inside of this")),
        Kind::Derivative { of, by } => derivative(at, of, by, frame, indices),
        Kind::Gradient { of, by } => {
            let slopes = derivative(at, of, by, frame, indices)?;
            let variable = value(by)?;
            if variable.shape.is_empty() {
                return Err(Fault::new(
                    at,
                    "`\\nabla` is by a vector or a matrix; by a number, write `\\partial`",
                ));
            }
            match slopes.entries.len() == variable.entries.len() {
                true => Ok(Tensor {
                    shape: variable.shape,
                    ..slopes
                }),
                false => Err(Fault::new(at, "a gradient is of one number")),
            }
        }
        Kind::Order { .. } => Err(Fault::new(
            at,
            "`O` stands alone, as the last term of a member",
        )),
        Kind::Named { body, .. } => value(body),
        Kind::Group(inner) => value(inner),
    }
}

/// A shape in words.
pub fn shape<T>(tensor: &Tensor<T>) -> String {
    match tensor.shape[..] {
        [] => "a number".to_owned(),
        [n, 1] => format!("a column of {n}"),
        [1, n] => format!("a row of {n}"),
        _ => {
            let sizes: Vec<String> = tensor.shape.iter().map(usize::to_string).collect();
            sizes.join(" × ")
        }
    }
}

/// A number as it is written. Where a display is checked as printed, its last digit is rounded.
fn literal<T: Scalar>(at: usize, text: &str, frame: &Frame<'_, T>) -> Result<Tensor<T>> {
    // From 2⁵³ on two neighbouring whole numbers are one `f64`.
    let value = match text.parse::<f64>() {
        Ok(number) if number < 2.0_f64.powi(53) => number,
        _ => return Err(Fault::new(at, format!("`{text}` is too large to be exact"))),
    };
    let radius = match text.split_once('.') {
        Some((_, decimals)) if frame.setting.rounded && !frame.setting.point.gives(value) => {
            0.5 * 0.1_f64.powi(decimals.len() as i32)
        }
        _ => 0.0,
    };
    Ok(Tensor::number(match radius > 0.0 {
        true => T::printed(value, radius),
        false => T::real(value),
    }))
}

fn as_number<T: Scalar>(at: usize, value: &Tensor<T>) -> Result<T> {
    value
        .as_number()
        .ok_or_else(|| Fault::new(at, format!("expected a number, found {}", shape(value))))
}

fn number<T: Scalar>(node: &Node, frame: &Frame<'_, T>, indices: &Indices) -> Result<T> {
    as_number(node.at, &evaluate(node, frame, indices)?)
}

fn entry_of<T: Scalar>(
    at: usize,
    name: Name,
    whole: &Tensor<T>,
    index: &Index,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let place = frame::number(at, index, indices)?;
    match whole.entry(&[place]) {
        Some(entry) => Ok(Tensor::number(entry)),
        None => Err(Fault::new(
            at,
            format!("`{name}` has no entry {} here", place + 1),
        )),
    }
}

/// Adds a term to the sum of those before it.
fn add<T: Scalar>(
    at: usize,
    total: &mut Option<Tensor<T>>,
    term: Tensor<T>,
    negative: bool,
) -> Result<()> {
    let Some(sum) = total else {
        *total = Some(match negative {
            true => term.map(|entry| -entry),
            false => term,
        });
        return Ok(());
    };
    let (fits, verb) = match negative {
        true => (sum.change(&term, |a, b| a - b), "less"),
        false => (sum.change(&term, |a, b| a + b), "plus"),
    };
    match fits {
        true => Ok(()),
        false => {
            let (sum, term) = (shape(sum), shape(&term));
            let message = format!("{sum} {verb} {term}: the shapes differ");
            Err(Fault::new(at, message))
        }
    }
}

fn multiplied<T: Scalar>(
    at: usize,
    a: &Tensor<T>,
    times: Times,
    b: &Tensor<T>,
    frame: &Frame<'_, T>,
) -> Result<Tensor<T>> {
    // Of a matrix product the entries and the terms that are added up in them.
    let inner = match times {
        Times::Juxtaposed | Times::Dot => a.shape.last().copied().unwrap_or(1).max(1),
        _ => 1,
    };
    let pairs = a.entries.len().saturating_mul(b.entries.len());
    room(at, Some(pairs / (inner * inner)))?;
    frame.setting.effort.spend(at, frame.cost(pairs / inner))?;
    let product = match times {
        Times::Juxtaposed | Times::Dot => a.times(b),
        Times::Entrywise => a.zip(b, |a, b| a * b),
        Times::Kronecker => a.kronecker(b),
        Times::Divided => a.zip(b, |a, b| a / b),
    };
    product.ok_or_else(|| {
        Fault::new(
            at,
            format!("{} times {} has no product", shape(a), shape(b)),
        )
    })
}

/// Gives the values of `body`, for all values of an index, to a function of them.
fn over<T: Scalar>(
    at: usize,
    index: Name,
    range: &Range,
    body: &Node,
    frame: &Frame<'_, T>,
    indices: &Indices,
    each: &mut dyn FnMut(Tensor<T>) -> Result<()>,
) -> Result<()> {
    let mut inner = indices.without(index);
    let end = match range {
        Range::To(end) => {
            let end = whole_number(end, frame)?;
            if let Some(size) = frame.told(index, &[body], &inner)?
                && size != end
            {
                let message = format!("the sum ends at {end}, but `{index}` runs to {size}");
                return Err(Fault::new(at, message));
            }
            end
        }
        _ => frame.extent(at, index, &[body], &inner)?,
    };
    let left_out = match range {
        Range::Except(other) => Some(frame::number(at, other, indices)?),
        _ => None,
    };
    room(at, Some(end))?;
    for place in (0..end).filter(|place| Some(*place) != left_out) {
        inner.set(index, place);
        each(evaluate(body, frame, &inner)?)?;
    }
    Ok(())
}

/// The end of a sum: a number that is written, or a count of the point.
fn whole_number<T: Scalar>(node: &Node, frame: &Frame<'_, T>) -> Result<usize> {
    match &node.kind {
        Kind::Number(text) => text.parse().ok(),
        Kind::Symbol { name, indices } if indices.is_empty() => frame.setting.size(*name),
        _ => None,
    }
    .ok_or_else(|| Fault::new(node.at, "a sum ends at a whole number or at a count"))
}

fn largest<T: Scalar>(at: usize, numbers: Vec<T>) -> Result<T> {
    let largest = numbers.into_iter().reduce(T::larger);
    largest.ok_or_else(|| Fault::new(at, "the maximum of nothing"))
}

fn call<T: Scalar>(at: usize, function: Function, value: &Tensor<T>) -> Result<Tensor<T>> {
    let zero = T::real(0.0);
    let log = |entry: T| Tensor::number(entry.ln());
    match function {
        Function::Exp => Ok(value.map(Number::exp)),
        Function::Log => Ok(log(as_number(at, value)?)),
        Function::Log2 => Ok(log(as_number(at, value)?).map(|entry| entry / T::real(2.0).ln())),
        Function::Log1p => Ok(log(as_number(at, value)? + 1.0)),
        Function::Tanh => Ok(value.map(|z| {
            let (up, down) = (z.exp(), (-z).exp());
            (up - down) / (up + down)
        })),
        Function::Sqrt => Ok(Tensor::number(as_number(at, value)?.root(2.0))),
        Function::CubeRoot => Ok(Tensor::number(as_number(at, value)?.root(3.0))),
        Function::Abs => {
            let value = as_number(at, value)?;
            Ok(Tensor::number(value.larger(-value)))
        }
        Function::Norm => {
            let squares = value.entries.iter().map(|&entry| entry * entry);
            match sum(squares).filter(|_| value.is_column()) {
                Some(squares) => Ok(Tensor::number(squares.root(2.0))),
                None => Err(Fault::new(at, format!("the norm of {}", shape(value)))),
            }
        }
        Function::Diag => {
            if !value.is_column() {
                let message = format!("`diag` takes a column, found {}", shape(value));
                return Err(Fault::new(at, message));
            }
            let n = value.entries.len();
            room(at, n.checked_mul(n))?;
            let mut entries = vec![zero; n * n];
            for (i, &entry) in value.entries.iter().enumerate() {
                entries[i * n + i] = entry;
            }
            Ok(Tensor::new(vec![n, n], entries))
        }
    }
}

fn raised<T: Scalar>(
    at: usize,
    base: &Tensor<T>,
    power: &Node,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let (negative, digits) = match &power.bare().kind {
        Kind::Number(text) => (false, text.parse::<u32>().ok()),
        Kind::Negative(inner) => match &inner.kind {
            Kind::Number(text) => (true, text.parse::<u32>().ok()),
            _ => (true, None),
        },
        _ => (false, None),
    };
    let base = as_number(at, base)?;
    let Some(times) = digits.filter(|&times| times <= 1000) else {
        let power = number(power, frame, indices)?;
        return Ok(Tensor::number((base.ln() * power).exp()));
    };
    let one = T::real(1.0);
    // What has no value has none to the power of 0 either.
    let first = if times == 0 { base * 0.0 + 1.0 } else { base };
    let product = (1..times).fold(first, |product, _| product * base);
    Ok(Tensor::number(if negative {
        one / product
    } else {
        product
    }))
}

fn matrix<T: Scalar>(
    at: usize,
    rows: &[Vec<Node>],
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let columns = rows.first().map_or(0, Vec::len);
    let mut entries = Vec::new();
    for row in rows {
        if row.len() != columns {
            let message = format!("a row of {} below one of {columns}", row.len());
            return Err(Fault::new(row.first().map_or(at, |one| one.at), message));
        }
        for entry in row {
            entries.push(number(entry, frame, indices)?);
        }
    }
    match entries.is_empty() {
        true => Err(Fault::new(at, "a matrix of nothing")),
        false => Ok(Tensor::new(vec![rows.len(), columns], entries)),
    }
}

fn cases<T: Scalar>(
    at: usize,
    rows: &[(Node, Condition)],
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let mut applying = Vec::new();
    for (number, (value, condition)) in rows.iter().enumerate() {
        if holds(condition, frame, indices)? {
            applying.push((number, value));
        }
    }
    match applying.as_slice() {
        [(number, value)] => {
            // Those of a definition stand at offsets of another text.
            if !frame.setting.effort.is_inside() {
                frame.setting.taken.borrow_mut().insert((at, *number));
            }
            evaluate(value, frame, indices)
        }
        _ => {
            let message = format!("{} of the cases apply, expected one", applying.len());
            Err(Fault::new(at, message))
        }
    }
}

/// Whether a condition holds.
///
/// # Errors
///
/// Where what it compares has no value.
pub fn holds<T: Scalar>(
    condition: &Condition,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<bool> {
    match condition {
        Condition::Compare(Chain { members, relations }) => {
            let numbers = members.iter().map(|one| number(one, frame, indices));
            let numbers = numbers.collect::<Result<Vec<_>>>()?;
            let links = numbers.windows(2).zip(relations);
            Ok(links.fold(true, |all, (pair, relation)| {
                let order = pair[0].order(pair[1]);
                all && order.is_some_and(|order| match relation {
                    Relation::Equal => order.is_eq(),
                    Relation::NotEqual => order.is_ne(),
                    Relation::Less => order.is_lt(),
                    Relation::LessOrEqual => order.is_le(),
                    Relation::Greater => order.is_gt(),
                    Relation::GreaterOrEqual => order.is_ge(),
                    Relation::Approximately => false,
                })
            }))
        }
        Condition::In(index, numbers, at) => match indices.get(*index) {
            Some(place) => Ok(numbers.contains(&(place + 1))),
            None => Err(Fault::new(
                *at,
                format!("`{index}` is no index of this display"),
            )),
        },
        Condition::Or(conditions) => {
            let mut any = false;
            for condition in conditions {
                any |= holds(condition, frame, indices)?;
            }
            Ok(any)
        }
    }
}

/// The Jacobian, from the definition: the variable is set free, whatever defines it, and all that
/// depends on it is computed anew with dual numbers.
fn derivative<T: Scalar>(
    at: usize,
    of: &Node,
    by: &Node,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    if frame.level() == LEVELS {
        return Err(Fault::new(at, "at most the third derivative is taken"));
    }
    let (name, place) = frame.place(by, indices)?;
    let variable = frame.whole(by.at, name, indices)?;
    let is_whole = matches!(&of.bare().kind, Kind::Symbol { indices, .. } if indices.is_empty());
    if frame.level() == 0
        && let Some(place) = place
        && let Some(entry) = kept(at, of, name, place, &variable, frame, indices)
    {
        return entry;
    }
    let chosen = match place {
        Some(place) => place..place + 1,
        None => 0..variable.entries.len(),
    };
    let mut columns = Vec::new();
    for place in chosen {
        let column = match frame.level() == 0 && is_whole {
            true => kept(of.bare().at, of, name, place, &variable, frame, indices),
            false => None,
        };
        let column = match column {
            Some(column) => column?,
            None => slope(at, of, name, place, &variable, frame, indices)?,
        };
        room(at, column.entries.len().checked_mul(columns.len() + 1))?;
        columns.push(column);
    }
    let by = match place {
        Some(_) => &[],
        None => variable.axes(),
    };
    Ok(jacobian(&columns, by))
}

/// The derivative of all of `of` by one entry of a variable.
fn slope<T: Scalar>(
    at: usize,
    of: &Node,
    name: Name,
    place: usize,
    variable: &Tensor<T>,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let level = frame.level();
    let mut free = variable.clone();
    free.entries[place] = variable.entries[place].variable(level);
    let value = evaluate(of, &frame.lifted().with(at, name, free)?, indices)?;
    Ok(value.map(|entry| entry.derivative(level)))
}

/// The derivative of an entry of a symbol by an entry of another, from the Jacobian of the two.
/// Only at the lowest level: above it a frame serves for one entry.
fn kept<T: Scalar>(
    at: usize,
    of: &Node,
    by: Name,
    place: usize,
    variable: &Tensor<T>,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Option<Result<Tensor<T>>> {
    let Kind::Symbol {
        name,
        indices: below,
    } = &of.bare().kind
    else {
        return None;
    };
    if below.is_empty() && indices.get(*name).is_some() {
        return None;
    }
    let (symbol, part) = frame.setting.scope.part(*name, below.len())?;
    if part == Part::Row {
        return None;
    }
    let whole = Node::new(
        at,
        Kind::Symbol {
            name: symbol.name,
            indices: Vec::new(),
        },
    );
    let columns = || -> Result<Tensor<T>> {
        let columns = (0..variable.entries.len())
            .map(|place| Ok(slope(at, &whole, by, place, variable, frame, indices)?.entries));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let shape = vec![columns.len(), columns[0].len()];
        Ok(Tensor {
            shape,
            entries: columns.concat(),
        })
    };
    let entry = || -> Result<Tensor<T>> {
        let jacobian = frame.jacobian(symbol.name, by, indices, columns)?;
        let width = jacobian.shape[1];
        let column = jacobian.entries[place * width..(place + 1) * width].to_vec();
        let value = frame.whole(at, symbol.name, indices)?;
        let column = Tensor {
            shape: value.shape.clone(),
            entries: column,
        };
        if part == Part::Whole {
            return Ok(column);
        }
        let place = numbers(at, below, indices)?;
        let missing = || Fault::new(at, format!("`{name}` has no such entry"));
        column.entry(&place).map(Tensor::number).ok_or_else(missing)
    };
    Some(entry())
}

/// One column for each entry of the variable, put together.
fn jacobian<T: Scalar>(columns: &[Tensor<T>], by: &[usize]) -> Tensor<T> {
    let first = &columns[0];
    let of = first.axes();
    let shape = match (of, by) {
        (_, []) => first.shape.clone(),
        ([], _) => [&[1], by].concat(),
        _ => [of, by].concat(),
    };
    let rows = 0..first.entries.len();
    let entries = rows.flat_map(|row| columns.iter().map(move |column| column.entries[row]));
    Tensor::new(shape, entries.collect())
}

fn apply<T: Scalar>(
    at: usize,
    name: Name,
    primes: usize,
    arguments: &[Node],
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    let Some(symbol) = frame.setting.scope.symbol(name) else {
        return Err(Fault::new(at, format!("`{name}` is no function")));
    };
    let no_definition = || Fault::new(at, format!("the function `{name}` has no definition"));
    let definition = symbol.definition.as_ref().ok_or_else(no_definition)?;
    let places = match definition.arguments.is_empty() {
        true => &symbol.of,
        false => &definition.arguments,
    };
    let given = match arguments.is_empty() {
        true => places,
        false => arguments,
    };
    let values = given.iter().map(|one| evaluate(one, frame, indices));
    let mut values = values.collect::<Result<Vec<_>>>()?;
    if places.len() == 1 && values.len() > 1 && !takes_number(&places[0], frame) {
        // softmax(z, 0): the numbers are the entries of the one argument.
        let entries = values
            .iter()
            .zip(given)
            .map(|(value, one)| as_number(one.at, value));
        values = vec![Tensor::column(entries.collect::<Result<_>>()?)];
    }
    if values.len() != places.len() {
        let message = format!("`{name}` takes {}, found {}", places.len(), values.len());
        return Err(Fault::new(at, message));
    }
    let of = |values| applied(at, definition, places, values, primes, frame, indices);
    frame.setting.effort.defining(at, name, || {
        if places.len() > 1 || values[0].shape.is_empty() || !takes_number(&places[0], frame) {
            return of(values);
        }
        let entries = values[0].entries.iter();
        let each = entries.map(|&entry| as_number(at, &of(vec![Tensor::number(entry)])?));
        let entries = each.collect::<Result<Vec<_>>>()?;
        let shape = values[0].shape.clone();
        Ok(Tensor { shape, entries })
    })
}

fn takes_number<T: Scalar>(place: &Node, frame: &Frame<'_, T>) -> bool {
    let Kind::Symbol { name, indices } = &place.kind else {
        return false;
    };
    let symbol = frame.setting.scope.symbol(*name);
    !indices.is_empty()
        || symbol.is_none_or(|symbol| symbol.axes.as_ref().is_some_and(Vec::is_empty))
}

fn applied<T: Scalar>(
    at: usize,
    definition: &crate::scope::Definition,
    places: &[Node],
    values: Vec<Tensor<T>>,
    primes: usize,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    if primes == 0 {
        return with_arguments(definition, places, values.into_iter(), frame, indices);
    }
    if frame.level() == LEVELS {
        return Err(Fault::new(at, "at most the third derivative is taken"));
    }
    let [value] = &values[..] else {
        return Err(Fault::new(at, "a prime is for a function of one number"));
    };
    let free = Tensor::number(as_number(at, value)?.variable(frame.level()));
    let upper = frame.lifted();
    let value = applied(
        at,
        definition,
        places,
        vec![free],
        primes - 1,
        &upper,
        indices,
    )?;
    Ok(value.map(|entry| entry.derivative(frame.level())))
}

/// What a definition gives where its arguments are set, one above the other.
fn with_arguments<T: Scalar>(
    definition: &crate::scope::Definition,
    places: &[Node],
    mut values: impl Iterator<Item = Tensor<T>>,
    frame: &Frame<'_, T>,
    indices: &Indices,
) -> Result<Tensor<T>> {
    match (places.split_first(), values.next()) {
        (Some((place, places)), Some(value)) => {
            let frame = frame.with_part(place, value, indices)?;
            with_arguments(definition, places, values, &frame, indices)
        }
        _ => frame.defined(definition, None, indices),
    }
}

/// The dual number that a part with pairs stands for.
///
/// # Errors
///
/// Where a part has no meaning for pairs.
pub fn dual<T: Scalar>(node: &Node, frame: &Frame<'_, T>, indices: &Indices) -> Result<Dual<T>> {
    let refused = || Fault::new(node.at, "this has no meaning for pairs");
    match &node.kind {
        Kind::Pair(value, derivative) => Ok(Dual {
            value: number(value, frame, indices)?,
            derivative: number(derivative, frame, indices)?,
        }),
        Kind::Group(inner) => dual(inner, frame, indices),
        Kind::Add(terms) => {
            let mut duals = terms.iter().map(|(negative, term)| {
                let term = dual(term, frame, indices)?;
                Ok(if *negative { -term } else { term })
            });
            let first = duals.next().ok_or_else(refused)??;
            duals.try_fold(first, |sum, term| Ok(sum + term?))
        }
        Kind::Product(factors) => {
            let mut duals = factors
                .iter()
                .map(|(times, factor)| Ok((*times, dual(factor, frame, indices)?)));
            let (_, first) = duals.next().ok_or_else(refused)??;
            duals.try_fold(first, |product, factor| {
                let (times, factor) = factor?;
                Ok(if times == Times::Divided {
                    product / factor
                } else {
                    product * factor
                })
            })
        }
        Kind::Call { function, argument } => {
            let argument = dual(argument, frame, indices)?;
            match function {
                Function::Exp => Ok(argument.exp()),
                Function::Log => Ok(argument.ln()),
                _ => Err(refused()),
            }
        }
        _ => Err(refused()),
    }
}
