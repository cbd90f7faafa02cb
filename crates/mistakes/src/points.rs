//! The points at which the checks look: one good one, and seven that hide something.

use ndarray::{Array1, Array2, array};

use crate::Batch;

/// A test point under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What is special about it, in a few words.
    pub name: &'static str,
    /// The examples and parameters.
    pub batch: Batch,
}

// ANCHOR: good
/// The good test point: nothing in it is equal, zero, one or certain.
pub fn good() -> Batch {
    Batch {
        x: array![[0.6, -1.1], [1.7, 0.4]],
        y: array![[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]],
        w: array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]],
        b: array![0.1, -0.2, 0.3],
    }
}
// ANCHOR_END: good

/// All test points, the good one last.
pub fn all() -> [Point; 8] {
    let good = good();
    let example = Batch {
        x: array![[0.6, -1.1]],
        y: array![[0.0, 1.0, 0.0]],
        ..good.clone()
    };
    [
        Point {
            name: "equal weights",
            batch: Batch {
                x: array![[8.0, 7.0]],
                y: array![[0.0, 0.0, 1.0]],
                w: Array2::from_elem((2, 3), 0.5),
                b: Array1::ones(3),
            },
        },
        Point {
            name: "zero weights",
            batch: Batch {
                w: Array2::zeros((2, 3)),
                b: Array1::zeros(3),
                ..good.clone()
            },
        },
        Point {
            name: "one-hot input",
            batch: Batch {
                x: array![[1.0, 0.0]],
                ..example.clone()
            },
        },
        Point {
            name: "certain",
            batch: Batch {
                x: array![[0.6, -1.1], [1.7, 0.4]],
                y: array![[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]],
                b: array![0.1, 12.0, 0.3],
                ..good.clone()
            },
        },
        Point {
            name: "worked example",
            batch: example,
        },
        Point {
            name: "two classes",
            batch: Batch {
                x: array![[0.6, -1.1], [1.7, 0.4]],
                y: array![[0.3, 0.7], [0.8, 0.2]],
                w: array![[0.2, -0.4], [0.7, 0.3]],
                b: array![0.1, -0.2],
            },
        },
        Point {
            name: "three examples",
            batch: Batch {
                x: array![[0.6, -1.1], [1.7, 0.4], [-0.3, 0.9]],
                y: array![[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.3, 0.1, 0.6]],
                ..good.clone()
            },
        },
        Point {
            name: "good",
            batch: good,
        },
    ]
}
