//! The plane by class: a grid of cells, merged to rectangles.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::scale::Scale;

/// The class at the middle of every cell, row by row from the top.
#[derive(Debug, Clone)]
pub(crate) struct Regions(Vec<Vec<usize>>);

impl Regions {
    pub(crate) const COLUMNS: usize = 200;
    pub(crate) const ROWS: usize = 150;

    pub(crate) fn new(x: Scale, y: Scale, class_at: impl Fn(f64, f64) -> usize) -> Self {
        let middle = |k: usize, of: usize| (k as f64 + 0.5) / of as f64;
        let row = |j: usize| -> Vec<usize> {
            let y = y.at(1.0 - middle(j, Self::ROWS));
            (0..Self::COLUMNS)
                .map(|i| class_at(x.at(middle(i, Self::COLUMNS)), y))
                .collect()
        };
        Self((0..Self::ROWS).map(row).collect())
    }

    /// One path a class, in units of cells. A run of cells that the next rows repeat is drawn once.
    pub(crate) fn paths(&self) -> BTreeMap<usize, String> {
        let mut paths: BTreeMap<usize, String> = BTreeMap::new();
        // The runs that reach the row above, by start, end and class, and the row they began in.
        let mut open: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
        let nothing = Vec::new();
        for (row, cells) in self.0.iter().chain(std::iter::once(&nothing)).enumerate() {
            let runs = runs(cells);
            let mut reach = BTreeMap::new();
            for run in &runs {
                reach.insert(*run, open.remove(run).unwrap_or(row));
            }
            for ((start, end, class), began) in std::mem::replace(&mut open, reach) {
                let (wide, high) = (end - start, row - began);
                // Writing to a string cannot fail.
                let _ = write!(
                    paths.entry(class).or_default(),
                    "M{start} {began}h{wide}v{high}H{start}z"
                );
            }
        }
        paths
    }
}

/// Start, end and class of each run of equal cells.
fn runs(cells: &[usize]) -> Vec<(usize, usize, usize)> {
    let mut start = 0;
    let run = |run: &[usize]| {
        let begins = start;
        start += run.len();
        (begins, start, run[0])
    };
    cells.chunk_by(|a, b| a == b).map(run).collect()
}
