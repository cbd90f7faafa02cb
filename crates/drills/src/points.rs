//! Where answers are compared: at the worked example, and at points drawn by chance.

use std::collections::BTreeMap;

use crate::graph::{Given, Graph};
use crate::matrix::Matrix;

/// The values of what a graph is given, by name.
pub type Point = BTreeMap<&'static str, Matrix>;

/// So many points beside the first.
pub const OTHERS: u64 = 10;

/// The worked example of the book. What it does not have is drawn like another point.
const EXAMPLE: [(&str, &[f64]); 4] = [
    ("x", &[0.6, -1.1]),
    ("W", &[0.2, -0.4, 0.1, 0.7, 0.3, -0.5]),
    ("b", &[0.1, -0.2, 0.3]),
    ("y", &[0.0, 1.0, 0.0]),
];

/// The points of a graph, the first with the numbers of the worked example.
pub fn points(graph: &Graph) -> Vec<Point> {
    (0..=OTHERS)
        .map(|seed| {
            let mut random = Random(seed);
            let mut point: Point = graph
                .given
                .iter()
                .map(|(name, given)| (*name, random.draw(*given)))
                .collect();
            if seed == 0 {
                for (name, numbers) in EXAMPLE {
                    if let Some(value) = point.get_mut(name)
                        && value.entries().len() == numbers.len()
                    {
                        value.entries_mut().copy_from_slice(numbers);
                    }
                }
            }
            point
        })
        .collect()
}

/// SplitMix64: the same numbers everywhere.
struct Random(u64);

impl Random {
    /// From −1 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / 2_f64.powi(52) - 1.0
    }

    /// In tenths, as one would write them.
    fn tenths(&mut self, count: usize) -> Vec<f64> {
        (0..count)
            .map(|_| (10.0 * self.next()).round() / 10.0)
            .collect()
    }

    fn distribution(&mut self, classes: usize) -> Vec<f64> {
        let parts: Vec<f64> = (0..classes).map(|_| 1.1 + self.next()).collect();
        let sum: f64 = parts.iter().sum();
        parts.into_iter().map(|part| part / sum).collect()
    }

    fn draw(&mut self, given: Given) -> Matrix {
        match given {
            Given::Numbers(rows, columns) => Matrix::new(rows, self.tenths(rows * columns)),
            Given::Label(classes) => Matrix::column(self.distribution(classes)),
            Given::Labels(rows, classes) => {
                let rows_of = (0..rows).flat_map(|_| self.distribution(classes));
                Matrix::new(rows, rows_of.collect())
            }
            Given::Count(count) => Matrix::number(count as f64),
        }
    }
}
