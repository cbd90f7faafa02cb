//! The cases of the reference files, and how exact a number of each kind can be.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;

use ndarray::{Array1, Array2};
use softmax_backprop::Float;

use crate::reference::bounds;

/// A kind of numbers that the crate computes with.
pub trait Number: Float + FromStr<Err: Debug> {
    /// What the files call it.
    const NAME: &'static str;
    /// The unit roundoff `u`.
    const U: f64;
    /// The smallest number above 0: below the normal numbers a result is exact to this.
    const TINY: f64;
    /// The relative error that every result is held to, up to the condition of the problem. It is
    /// 10⁻¹³ in `f64`, which is 450 units in the last place, and as many such units in `f32`.
    const R: f64 = 1e-13 / bounds::U * Self::U;
}

impl Number for f64 {
    const NAME: &'static str = "f64";
    const U: f64 = bounds::U;
    const TINY: f64 = bounds::TINY;
}

impl Number for f32 {
    const NAME: &'static str = "f32";
    const U: f64 = f32::EPSILON as f64 / 2.0;
    const TINY: f64 = 1.401_298_464_324_817e-45;
}

/// A case of a file: its name, and its inputs and results by name.
pub struct Case {
    pub name: &'static str,
    records: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Case {
    pub fn has(&self, record: &str) -> bool {
        self.records.contains_key(record)
    }

    /// Whether its inputs are numbers of the kind; a file that does not say so has `f64`.
    pub fn is_of<A: Number>(&self) -> bool {
        let kind = self.records.get("float").map_or("f64", |kind| kind[0]);
        kind == A::NAME
    }

    /// A record, read as numbers of any type.
    pub fn get<T: FromStr<Err: Debug>>(&self, record: &str) -> Vec<T> {
        let fields = self.records.get(record);
        let fields = fields.unwrap_or_else(|| panic!("{}: no record {record}", self.name));
        fields.iter().map(|field| field.parse().unwrap()).collect()
    }

    pub fn array<A: Number>(&self, record: &str) -> Array1<A> {
        self.get(record).into()
    }

    /// A record that is a matrix, row by row.
    pub fn matrix<A: Number>(&self, record: &str, rows: usize) -> Array2<A> {
        let entries = self.array(record);
        let columns = entries.len() / rows;
        entries.into_shape_with_order((rows, columns)).unwrap()
    }
}

pub fn cases(file: &'static str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in file.lines() {
        let mut fields = line.split(' ');
        match fields.next().unwrap() {
            "#" => {}
            "case" => cases.push(Case {
                name: fields.next().unwrap(),
                records: BTreeMap::new(),
            }),
            record => {
                let records = &mut cases.last_mut().unwrap().records;
                records.insert(record, fields.collect());
            }
        }
    }
    cases
}

/// The largest errors seen of one quantity.
#[derive(Default)]
struct Largest {
    /// Of the results above the subnormal numbers.
    relative: f64,
    /// The error as a part of what was allowed.
    of_bound: f64,
    comparisons: usize,
}

/// Compares, and keeps the largest errors by quantity.
#[derive(Default)]
pub struct Comparison {
    largest: BTreeMap<(&'static str, &'static str), Largest>,
}

impl Comparison {
    /// Demands `|found − expected| ≤ R |expected| + condition(i)` of each entry `i`.
    pub fn entries<'a, A: Number>(
        &mut self,
        case: &Case,
        quantity: &'static str,
        found: impl IntoIterator<Item = &'a A>,
        expected: &[f64],
        condition: impl Fn(usize) -> f64,
    ) {
        let found: Vec<A> = found.into_iter().copied().collect();
        assert_eq!(found.len(), expected.len(), "{}: {quantity}", case.name);
        let largest = self.largest.entry((A::NAME, quantity)).or_default();
        for (i, (&found, &expected)) in found.iter().zip(expected).enumerate() {
            largest.comparisons += 1;
            // The nearest number may be an infinity or 0, which no relative error leads to.
            if found == A::of(expected) {
                continue;
            }
            let found: f64 = found.into();
            let error = (found - expected).abs();
            let relative = error / expected.abs();
            let allowed = A::R * expected.abs() + condition(i);
            // Not `error > allowed`, which a NaN would pass.
            let within = error <= allowed;
            assert!(
                within,
                "{}: {quantity}[{i}]: expected {expected:e}, found {found:e}, \
                 relative error {relative:e}, allowed {:e}",
                case.name,
                allowed / expected.abs(),
            );
            let least: f64 = A::min_positive_value().into();
            if expected.abs() >= least {
                largest.relative = largest.relative.max(relative);
            }
            largest.of_bound = largest.of_bound.max(error / allowed);
        }
    }

    /// The same of a single number.
    pub fn number<A: Number>(
        &mut self,
        case: &Case,
        quantity: &'static str,
        found: A,
        expected: f64,
        condition: f64,
    ) {
        self.entries(case, quantity, &[found], &[expected], |_| condition);
    }

    /// Prints the largest errors.
    pub fn print(&self) {
        for ((kind, quantity), largest) in &self.largest {
            println!(
                "{kind} {quantity:<28} {:6} comparisons, largest relative error {:8.1e}, \
                 largest part of the bound {:.2}",
                largest.comparisons, largest.relative, largest.of_bound,
            );
        }
    }
}

/// Bounds of the absolute error of each probability of exact logits: those of
/// [`bounds::softmax_errors`] for numbers of any kind. A probability of 0 is exact to the smallest
/// number, whatever its gap.
pub fn errors_of_softmax<A: Number>(theta: &[f64], y_hat: &[f64]) -> Vec<f64> {
    let relative = bounds::softmax_errors(theta);
    let pairs = y_hat.iter().zip(relative);
    let error = |(p, relative): (&f64, f64)| match *p {
        0.0 => 2.0 * A::TINY,
        p => p * relative * (A::U / bounds::U) + 2.0 * A::TINY,
    };
    pairs.map(error).collect()
}

/// The sum of all entries but one.
pub fn sum_without(v: &[f64], i: usize) -> f64 {
    let others = v.iter().enumerate().filter(|(j, _)| *j != i);
    others.map(|(_, entry)| entry).sum()
}
