//! Numbers, vectors, matrices and the tables that derivatives make of them.
//!
//! A vector is a column, `n × 1`; a row is `1 × n`. So a product that has no meaning on paper has
//! none here.

use softmax_backprop::autodiff::Number;

/// An array of numbers with a shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor<T> {
    /// The shape: none for a number, two sizes for a vector or a matrix, more for a derivative.
    pub shape: Vec<usize>,
    /// The entries, the last index running fastest.
    pub entries: Vec<T>,
}

impl<T: Copy> Tensor<T> {
    /// An array; a single entry is a number.
    pub fn new(shape: Vec<usize>, entries: Vec<T>) -> Self {
        match entries.len() {
            1 => Self::number(entries[0]),
            _ => Self { shape, entries },
        }
    }

    /// A number.
    pub fn number(value: T) -> Self {
        Self {
            shape: Vec::new(),
            entries: vec![value],
        }
    }

    /// A column.
    pub fn column(entries: Vec<T>) -> Self {
        Self::new(vec![entries.len(), 1], entries)
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<T> {
        match self.shape.is_empty() {
            true => self.entries.first().copied(),
            false => None,
        }
    }

    /// Whether it is a column.
    pub fn is_column(&self) -> bool {
        matches!(self.shape[..], [_, 1])
    }

    /// The sizes that an index can run through: a vector has one.
    pub fn axes(&self) -> &[usize] {
        match &self.shape[..] {
            [n, 1] | [1, n] => std::slice::from_ref(n),
            axes => axes,
        }
    }

    /// The entry at a place, counted from 0 along the axes.
    pub fn entry(&self, place: &[usize]) -> Option<T> {
        let axes = self.axes();
        if axes.len() != place.len() {
            return None;
        }
        let mut at = 0;
        for (&size, &index) in axes.iter().zip(place) {
            if index >= size {
                return None;
            }
            at = at * size + index;
        }
        self.entries.get(at).copied()
    }

    /// The same with each entry changed.
    pub fn map<U: Copy>(&self, change: impl FnMut(T) -> U) -> Tensor<U> {
        Tensor {
            shape: self.shape.clone(),
            entries: self.entries.iter().copied().map(change).collect(),
        }
    }

    /// The same, row for column.
    pub fn transposed(&self) -> Option<Self> {
        match self.shape[..] {
            [] => Some(self.clone()),
            [rows, columns] => {
                let places = (0..columns).flat_map(|c| (0..rows).map(move |r| r * columns + c));
                let entries = places.map(|at| self.entries[at]).collect();
                Some(Self::new(vec![columns, rows], entries))
            }
            _ => None,
        }
    }
}

impl<T: Number> Tensor<T> {
    /// Entry by entry, where the shapes are equal.
    pub fn zip(&self, other: &Self, of: impl Fn(T, T) -> T) -> Option<Self> {
        let mut result = self.clone();
        result.change(other, of).then_some(result)
    }

    /// Changes each entry by one of another. Where the shapes differ it changes nothing.
    pub fn change(&mut self, other: &Self, of: impl Fn(T, T) -> T) -> bool {
        // Not `==`: two numbers have no sizes to compare, and glibc takes a hundred cycles to compare
        // nothing at addresses where there is nothing.
        let fits = self.shape.iter().eq(&other.shape);
        if fits {
            for (entry, &by) in self.entries.iter_mut().zip(&other.entries) {
                *entry = of(*entry, by);
            }
        }
        fits
    }

    /// The product side by side: of a number and anything; else the last index of the first runs
    /// along the first of the second.
    pub fn times(&self, other: &Self) -> Option<Self> {
        if let Some(number) = self.as_number() {
            return Some(other.map(|entry| number * entry));
        }
        if let Some(number) = other.as_number() {
            return Some(self.map(|entry| entry * number));
        }
        let (&inner, before) = self.shape.split_last()?;
        let (&first, after) = other.shape.split_first()?;
        if inner != first || inner == 0 {
            return None;
        }
        let width: usize = after.iter().product();
        let mut entries = Vec::new();
        for row in self.entries.chunks(inner) {
            for column in 0..width {
                let terms = row
                    .iter()
                    .zip(other.entries[column..].iter().step_by(width));
                entries.push(sum(terms.map(|(&a, &b)| a * b))?);
            }
        }
        let shape = before.iter().chain(after).copied().collect();
        Some(Self::new(shape, entries))
    }

    /// Kronecker's product of two matrices: each entry of the first times the whole second.
    pub fn kronecker(&self, other: &Self) -> Option<Self> {
        let ([a, b], [c, d]) = (&self.shape[..], &other.shape[..]) else {
            return self.times(other);
        };
        let mut entries = Vec::with_capacity(a * b * c * d);
        for (i, k) in (0..*a).flat_map(|i| (0..*c).map(move |k| (i, k))) {
            for (j, l) in (0..*b).flat_map(|j| (0..*d).map(move |l| (j, l))) {
                entries.push(self.entries[i * b + j] * other.entries[k * d + l]);
            }
        }
        Some(Self::new(vec![a * c, b * d], entries))
    }
}

/// The sum of numbers, of which there must be one.
pub fn sum<T: Number>(mut terms: impl Iterator<Item = T>) -> Option<T> {
    let first = terms.next()?;
    Some(terms.fold(first, |sum, term| sum + term))
}
