//! The plane by class: a grid of cells, merged to rectangles.

use std::fmt::Write;

/// The class at the middle of every cell, row by row from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Regions(Vec<Vec<usize>>);

impl Regions {
    /// The columns and rows of a figure.
    pub const FINE: [usize; 2] = [200, 150];

    /// Asks for the class at the middle of each cell: how far it is across the plane and how far
    /// up, as fractions of the whole.
    pub fn new([columns, rows]: [usize; 2], mut class_at: impl FnMut(f64, f64) -> usize) -> Self {
        let middle = |k: usize, of: usize| (k as f64 + 0.5) / of as f64;
        let mut row = |j: usize| -> Vec<usize> {
            let up = 1.0 - middle(j, rows);
            (0..columns)
                .map(|i| class_at(middle(i, columns), up))
                .collect()
        };
        Self((0..rows).map(&mut row).collect())
    }

    /// One path for each class up to the last that there is, empty for one that has no cell. A cell
    /// is `size` units wide and high. A run of cells that the next rows repeat is drawn once.
    pub fn paths(&self, size: usize) -> Vec<String> {
        let classes = self.0.iter().flatten().max().map_or(0, |most| most + 1);
        let mut paths = vec![String::new(); classes];
        // The runs that reach the row above, and the row they began in, from the left.
        let mut open: Vec<(Run, usize)> = Vec::new();
        let nothing = Vec::new();
        for (row, cells) in self.0.iter().chain(std::iter::once(&nothing)).enumerate() {
            let mut reach: Vec<(Run, usize)> = runs(cells).map(|run| (run, row)).collect();
            for ((start, end, class), began) in open {
                if let Some((_, first)) = reach
                    .iter_mut()
                    .find(|(run, _)| *run == (start, end, class))
                {
                    *first = began;
                    continue;
                }
                let [start, end, began, row] = [start, end, began, row].map(|cell| cell * size);
                let (wide, high) = (end - start, row - began);
                // Writing to a string cannot fail.
                let _ = write!(paths[class], "M{start} {began}h{wide}v{high}H{start}z");
            }
            open = reach;
        }
        paths
    }
}

/// Start, end and class of cells that are equal.
type Run = (usize, usize, usize);

/// The runs of a row.
fn runs(cells: &[usize]) -> impl Iterator<Item = Run> {
    let mut start = 0;
    cells.chunk_by(|a, b| a == b).map(move |run| {
        let begins = start;
        start += run.len();
        (begins, start, run[0])
    })
}

#[cfg(test)]
mod tests {
    use super::Regions;

    #[test]
    fn a_class_without_a_cell_has_an_empty_path() {
        let regions = Regions::new([1, 1], |_, _| 2);
        assert_eq!(regions.paths(1), ["", "", "M0 0h1v1H0z"]);
    }

    #[test]
    fn the_first_row_is_the_uppermost_and_a_cell_is_as_large_as_asked() {
        let regions = Regions::new([1, 2], |_, up| usize::from(up > 0.5));
        assert_eq!(regions.paths(4), ["M0 4h4v4H0z", "M0 0h4v4H0z"]);
    }
}
