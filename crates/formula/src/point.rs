//! Where a formula is evaluated: the worked example, and random points.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::name::Name;
use crate::scope::{Sample, Symbol};
use crate::tensor::Tensor;

/// The sizes behind the counts: how many classes, inputs, examples.
pub type Sizes = BTreeMap<String, usize>;

/// Given values, by the names of the symbols.
pub type Given = BTreeMap<Name, Tensor<f64>>;

/// A point: sizes, given values, and a seed for all others.
#[derive(Debug, Clone)]
pub struct Point {
    /// What a message calls it.
    pub name: String,
    /// How many of each there are.
    pub sizes: Sizes,
    /// The values that are given.
    pub given: Given,
    /// What the other values are drawn with.
    pub seed: u64,
    /// What a symbol's value is multiplied with, where it goes to 0 or beyond all bounds.
    pub scaled: Option<(Name, f64)>,
}

impl Point {
    /// The value of a symbol that no definition gives; none where a size is missing.
    pub fn value(&self, symbol: &Symbol) -> Option<Tensor<f64>> {
        let given = self.given.get(&symbol.name);
        let value = match given.filter(|_| !symbol.is_drawn) {
            Some(given) => given.clone(),
            None => self.drawn(symbol)?,
        };
        Some(match &self.scaled {
            Some((name, factor)) if *name == symbol.name => value.map(|entry| entry * factor),
            _ => value,
        })
    }

    /// A text that two points have in common only where all symbols have the same values.
    pub fn key(&self) -> String {
        let Self {
            name: _,
            sizes,
            given,
            seed,
            scaled,
        } = self;
        format!("{seed} {sizes:?} {scaled:?} {given:?}")
    }

    /// Whether a number is one of those that are given, and so exact as it is printed.
    pub fn gives(&self, number: f64) -> bool {
        let mut entries = self.given.values().flat_map(|value| &value.entries);
        entries.any(|entry| entry.abs() == number)
    }

    fn drawn(&self, symbol: &Symbol) -> Option<Tensor<f64>> {
        let axes = symbol.axes.as_ref()?;
        let sizes = axes.iter().map(|axis| self.sizes.get(&**axis).copied());
        let shape = sizes.collect::<Option<Vec<usize>>>()?;
        // Each symbol has a stream of its own: one more symbol leaves the others as they were.
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(digest(&symbol.name));
        let count = shape.iter().product();
        let last = shape.last().copied().unwrap_or(1);
        let entries = draw(symbol.sample, count, last, self.seed, &mut rng);
        let shape = match shape[..] {
            [n] => vec![n, 1],
            _ => shape,
        };
        Some(Tensor::new(shape, entries))
    }
}

fn draw(sample: Sample, count: usize, last: usize, seed: u64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let range = match sample {
        Sample::Any => -2.0..2.0,
        Sample::Positive => 0.1..2.0,
        _ => 0.02..0.98,
    };
    let one_hot = sample == Sample::OneHot || (sample == Sample::Label && seed % 2 == 1);
    if one_hot {
        let rows = (0..count / last).flat_map(|_| {
            let class = rng.random_range(0..last);
            (0..last).map(move |k| f64::from(k == class))
        });
        return rows.collect();
    }
    let mut entries: Vec<f64> = (0..count)
        .map(|_| rng.random_range(range.clone()))
        .collect();
    if matches!(sample, Sample::Label | Sample::Distribution) {
        for row in entries.chunks_mut(last) {
            distribute(row);
        }
    }
    entries
}

/// Makes the sum of a row 1, exactly: each share is a multiple of 2⁻⁴⁰.
fn distribute(row: &mut [f64]) {
    let sum: f64 = row.iter().sum();
    let grid = f64::from(1_u32 << 20).powi(2);
    for share in row.iter_mut() {
        *share = (*share / sum * grid).round() / grid;
    }
    if let Some((first, others)) = row.split_first_mut() {
        *first = 1.0 - others.iter().sum::<f64>();
    }
}

/// A number that depends on a name alone (FNV-1a).
fn digest(name: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325;
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(start, step)
}
