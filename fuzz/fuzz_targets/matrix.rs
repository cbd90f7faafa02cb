//! A matrix: its largest eigenvalue, and its columns standardised.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array2, Axis};
use softmax_backprop::Error;
use softmax_backprop::curvature::largest_eigenvalue;
use softmax_backprop::standardisation::Standardisation;
use softmax_backprop_fuzz::{finite, found, matrix, near, number, size};

#[derive(Debug)]
struct Input {
    matrix: Array2<f64>,
    symmetric: bool,
    offset: f64,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let range = u.arbitrary()?;
        let (rows, columns) = (size(u)?, size(u)?);
        let symmetric = u.int_in_range(0..=3)? > 0;
        let offset = number(u, range)?;
        let columns = if symmetric { rows } else { columns };
        let matrix = matrix(u, [rows, columns], range)?;
        Ok(Self {
            matrix,
            symmetric,
            offset,
        })
    }
}

fuzz_target!(|input: Input| {
    standardised(&input.matrix);
    standardised(&(&input.matrix + input.offset));
    eigenvalue(&input.matrix);
    if input.symmetric {
        let lower = |(i, j): (usize, usize)| input.matrix[[i.max(j), i.min(j)]];
        eigenvalue(&Array2::from_shape_fn(input.matrix.dim(), lower));
    }
});

fn largest_size(matrix: &Array2<f64>) -> f64 {
    matrix.iter().fold(0.0, |most, entry| most.max(entry.abs()))
}

/// The largest eigenvalue is what Jacobi's rotations leave as the largest of the diagonal.
fn eigenvalue(matrix: &Array2<f64>) {
    let result = largest_eigenvalue(matrix);
    let size = matrix.nrows();
    if !finite(matrix) || !matrix.is_square() {
        return assert!(found(result).is_none());
    }
    let largest = largest_size(matrix);
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let a = matrix / unit;
    let rounding = size as f64 * f64::EPSILON;
    let uneven = largest_size(&(&a - &a.t()));
    match result {
        Ok(eigenvalue) => {
            // The matrix is divided by a power of 2, not by its largest entry.
            assert!(uneven <= 2.0 * rounding, "{matrix}");
            let lower = |(i, j): (usize, usize)| a[[i.max(j), i.min(j)]];
            let expected = jacobi(Array2::from_shape_fn(a.dim(), lower));
            let sums = a.mapv(f64::abs).sum_axis(Axis(1));
            let sum = sums.iter().copied().fold(0.0, f64::max);
            // Either may be off by n² ε of the sum, and by n ε where the matrix is not even.
            let allowed = 4.0 * size as f64 * rounding * sum + 1e-323 / unit;
            near("largest eigenvalue", eigenvalue / unit, expected, allowed);
        }
        Err(error @ Error::NotSymmetric { row, column, .. }) => {
            assert!(uneven > 0.5 * rounding, "{matrix}");
            assert!(a[[row, column]] != a[[column, row]]);
            softmax_backprop_fuzz::message(&error);
        }
        // It is at most n times the largest entry.
        Err(error) => {
            assert!(largest * size as f64 >= 0.9 * f64::MAX, "{error}");
            softmax_backprop_fuzz::message(&error);
        }
    }
}

/// The largest eigenvalue of a symmetric matrix whose entries are at most 1, by rotations that
/// make one entry beside the diagonal 0 after the other.
fn jacobi(mut a: Array2<f64>) -> f64 {
    let size = a.nrows();
    for _ in 0..30 {
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut a, p, q);
            }
        }
    }
    a.diag().iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn rotate(a: &mut Array2<f64>, p: usize, q: usize) {
    if a[[p, q]].abs() < 1e-30 {
        a[[p, q]] = 0.0;
        a[[q, p]] = 0.0;
        return;
    }
    let half_cotangent = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let tangent =
        1.0_f64.copysign(half_cotangent) / (half_cotangent.abs() + half_cotangent.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for k in 0..a.nrows() {
        let (one, other) = (a[[k, p]], a[[k, q]]);
        a[[k, p]] = cosine * one - sine * other;
        a[[k, q]] = sine * one + cosine * other;
    }
    for k in 0..a.nrows() {
        let (one, other) = (a[[p, k]], a[[q, k]]);
        a[[p, k]] = cosine * one - sine * other;
        a[[q, k]] = sine * one + cosine * other;
    }
}

/// Standardised columns have mean 0 and deviation 1.
fn standardised(x: &Array2<f64>) {
    let result = Standardisation::of(x);
    let constant = |column: usize| {
        x.column(column)
            .iter()
            .all(|entry| *entry == x[[0, column]])
    };
    if !finite(x) {
        return assert!(found(result).is_none());
    }
    let first = (0..x.ncols()).find(|column| constant(*column));
    if let Err(Error::Constant { column, value }) = result {
        assert_eq!((Some(column), value), (first, x[[0, column]]));
        return;
    }
    assert_eq!(first, None);
    let Some(standardisation) = found(result) else {
        // Twice the largest number or the inverse of a deviation is not in the range.
        let spread = |column: usize| {
            let column = x.column(column);
            let (least, most) = column
                .iter()
                .fold((f64::MAX, f64::MIN), |(least, most), entry| {
                    (least.min(*entry), most.max(*entry))
                });
            0.5 * most - 0.5 * least
        };
        return assert!(
            (0..x.ncols()).any(|column| !(1e-307..0.4 * f64::MAX).contains(&spread(column))),
            "{x}"
        );
    };
    let z = found(standardisation.apply(x)).expect("what it was taken of");
    let examples = x.nrows() as f64;
    for column in z.columns() {
        near("mean", column.sum() / examples, 0.0, 1e-12);
        near(
            "deviation",
            column.mapv(|z| z * z).sum() / examples,
            1.0,
            1e-12,
        );
    }
    for ((x, z), mean) in x
        .columns()
        .into_iter()
        .zip(z.columns())
        .zip(&standardisation.mean)
    {
        for ((x, z), (other_x, other_z)) in x.iter().zip(z).zip(x.iter().zip(z).skip(1)) {
            assert!(
                (x < other_x) <= (z <= other_z),
                "{x} {other_x} around {mean}: {z} {other_z}"
            );
        }
    }
    let one_more = Array2::zeros((1, x.ncols() + 1));
    assert!(found(standardisation.apply(&one_more)).is_none());
}
