//! Matrices, in whose terms the graph is written: a column has one column, a number is 1 × 1.

use softmax_backprop::autodiff::{Dual, Real};

/// What the graph is computed with: numbers, and numbers with a derivative.
pub trait Scalar: Real {
    /// The value without a derivative.
    fn value(self) -> f64;
}

impl Scalar for f64 {
    fn value(self) -> f64 {
        self
    }
}

impl Scalar for Dual {
    fn value(self) -> f64 {
        self.value
    }
}

/// A matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix<T = f64> {
    rows: usize,
    entries: Vec<T>,
}

impl<T: Scalar> Matrix<T> {
    /// A matrix of so many rows. The entries fill them.
    pub fn new(rows: usize, entries: Vec<T>) -> Self {
        debug_assert!(rows > 0 && entries.len().is_multiple_of(rows));
        Self { rows, entries }
    }

    /// A column.
    pub fn column(entries: Vec<T>) -> Self {
        Self::new(entries.len(), entries)
    }

    /// A number.
    pub fn number(entry: T) -> Self {
        Self::new(1, vec![entry])
    }

    /// Rows and columns.
    pub fn shape(&self) -> [usize; 2] {
        [self.rows, self.entries.len() / self.rows]
    }

    /// Row by row.
    pub fn entries(&self) -> &[T] {
        &self.entries
    }

    /// Row by row.
    pub fn entries_mut(&mut self) -> &mut [T] {
        &mut self.entries
    }

    /// Each entry through a function.
    pub fn map<U: Scalar>(&self, f: impl Fn(T) -> U) -> Matrix<U> {
        Matrix::new(
            self.rows,
            self.entries.iter().map(|entry| f(*entry)).collect(),
        )
    }

    /// Two matrices entry by entry; a number goes with each entry. `None` where the shapes differ.
    pub fn zip(&self, other: &Self, f: impl Fn(T, T) -> T) -> Option<Self> {
        match (&self.entries[..], &other.entries[..]) {
            (_, [number]) => Some(self.map(|entry| f(entry, *number))),
            ([number], _) => Some(other.map(|entry| f(*number, entry))),
            _ if self.shape() == other.shape() => {
                let pairs = self.entries.iter().zip(&other.entries);
                Some(Self::new(
                    self.rows,
                    pairs.map(|(a, b)| f(*a, *b)).collect(),
                ))
            }
            _ => None,
        }
    }

    /// The product of matrices. `None` where the inner sizes differ.
    pub fn times(&self, other: &Self) -> Option<Self> {
        let ([rows, inner], [other_rows, columns]) = (self.shape(), other.shape());
        if inner != other_rows {
            return None;
        }
        let mut entries = Vec::with_capacity(rows * columns);
        for row in self.entries.chunks(inner) {
            for column in 0..columns {
                let terms = row
                    .iter()
                    .zip(other.entries.iter().skip(column).step_by(columns));
                entries.push(terms.fold(T::real(0.0), |sum, (a, b)| sum + *a * *b));
            }
        }
        Some(Self::new(rows, entries))
    }

    /// The transpose.
    pub fn transposed(&self) -> Self {
        let [_, columns] = self.shape();
        let column = |column| self.entries.iter().skip(column).step_by(columns).copied();
        Self::new(columns, (0..columns).flat_map(column).collect())
    }

    /// The sum of all entries.
    pub fn sum(&self) -> Self {
        let zero = T::real(0.0);
        Self::number(self.entries.iter().fold(zero, |sum, entry| sum + *entry))
    }

    /// The sum of each row, as a column.
    pub fn rows(&self) -> Self {
        let [_, columns] = self.shape();
        let zero = T::real(0.0);
        let rows = self.entries.chunks(columns);
        let sum = |row: &[T]| row.iter().fold(zero, |sum, entry| sum + *entry);
        Self::column(rows.map(sum).collect())
    }

    /// The matrix with a column on its diagonal, and 0 elsewhere. `None` for what is no column.
    pub fn diagonal(&self) -> Option<Self> {
        let [n, 1] = self.shape() else { return None };
        let mut entries = vec![T::real(0.0); n * n];
        for (i, entry) in self.entries.iter().enumerate() {
            entries[i * n + i] = *entry;
        }
        Some(Self::new(n, entries))
    }
}

/// A shape in words.
pub fn words([rows, columns]: [usize; 2]) -> String {
    match [rows, columns] {
        [1, 1] => "a number".to_owned(),
        [_, 1] => format!("a column of {rows}"),
        [1, _] => format!("a row of {columns}"),
        _ => format!("{rows} × {columns}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_by_three() -> Matrix {
        Matrix::new(2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    }

    #[test]
    fn products_and_transposes() {
        let a = two_by_three();
        assert_eq!(a.transposed().entries(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        let product = a.times(&a.transposed()).unwrap();
        assert_eq!(product, Matrix::new(2, vec![14.0, 32.0, 32.0, 77.0]));
        assert_eq!(a.times(&a), None);
    }

    #[test]
    fn a_number_goes_with_each_entry() {
        let a = two_by_three();
        let minus = |a: &Matrix, b: &Matrix| a.zip(b, |a, b| a - b);
        let two = Matrix::number(2.0);
        assert_eq!(minus(&a, &two).unwrap().entries()[0], -1.0);
        assert_eq!(minus(&two, &a).unwrap().entries()[0], 1.0);
        assert_eq!(minus(&a, &a.transposed()), None);
        assert_eq!(minus(&a, &a).unwrap().entries(), [0.0; 6]);
    }

    #[test]
    fn diagonals_are_of_columns() {
        let d = Matrix::column(vec![2.0, 3.0]).diagonal().unwrap();
        assert_eq!(d, Matrix::new(2, vec![2.0, 0.0, 0.0, 3.0]));
        assert_eq!(two_by_three().diagonal(), None);
        assert_eq!(two_by_three().sum().entries(), [21.0]);
    }

    #[test]
    fn shapes_have_words() {
        let of = |rows, columns| words([rows, columns]);
        assert_eq!([of(1, 1), of(3, 1)], ["a number", "a column of 3"]);
        assert_eq!([of(1, 3), of(2, 3)], ["a row of 3", "2 × 3"]);
    }
}
