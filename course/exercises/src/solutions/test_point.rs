//! A test point that hides no mistake.

use mistakes::Batch;
use ndarray::array;

// ANCHOR: solution
/// Two examples, soft labels, and no two numbers in a row or column alike.
pub fn solution() -> Batch {
    Batch {
        x: array![[1.0, -2.0], [3.0, 0.5]],
        y: array![[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]],
        w: array![[0.4, -0.1, 0.2], [-0.3, 0.5, -0.6]],
        b: array![0.1, 0.2, -0.1],
    }
}
// ANCHOR_END: solution
