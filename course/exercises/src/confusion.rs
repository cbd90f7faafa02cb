//! Which class is taken for which.

use ndarray::{Array2, array};

use crate::Check;

// ANCHOR: stub
/// How many examples of class `i` are taken for class `j`, in row `i` and column
/// `j`. One example a row of `y_hat`. Of equal probabilities the first one counts.
pub fn confusion(y_hat: &Array2<f64>, classes: &[usize]) -> Array2<usize> {
    let _ = classes; // Replace these two lines.
    Array2::zeros((y_hat.ncols(), y_hat.ncols()))
}
// ANCHOR_END: stub

// ANCHOR: check
/// Six examples with three classes; one is a tie; one class never occurs.
pub fn check(confusion: fn(&Array2<f64>, &[usize]) -> Array2<usize>) -> Check {
    let y_hat = array![
        [0.5, 0.4, 0.1],
        [0.3, 0.4, 0.3],
        [0.2, 0.7, 0.1],
        [0.1, 0.2, 0.7],
        [0.1, 0.3, 0.6],
        [0.4, 0.4, 0.2]
    ];
    expect(
        "six examples",
        &array![[2, 1, 0], [0, 1, 2], [0, 0, 0]],
        &confusion(&y_hat, &[0, 0, 1, 1, 1, 0]),
    )
}

/// Compares two tables of counts.
fn expect(what: &str, expected: &Array2<usize>, found: &Array2<usize>) -> Check {
    if expected == found {
        return Ok(());
    }
    let remark = if *expected == found.t() {
        ": rows are for the true classes, columns for the answers"
    } else if found.sum() != expected.sum() {
        ": each example counts once"
    } else {
        ""
    };
    Err(format!("{what}: expected\n{expected}\nfound\n{found}{remark}").into())
}

#[test]
fn done() -> Check {
    check(confusion)
}
// ANCHOR_END: check
