//! What can be wrong with an input.
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::{Error, Layer};
//!
//! let error = Layer::new(array![[0.5, f64::NAN]], array![0.0, 0.0]).unwrap_err();
//! assert_eq!(error.to_string(), "w[0, 1]: expected a finite number, found NaN");
//! ```
//!
//! A program that can do something about it asks which one it is:
//!
//! ```
//! use ndarray::{Array1, array};
//! use softmax_backprop::{Error, Probabilities, Result};
//!
//! /// Counts, as probabilities.
//! fn frequencies(counts: Array1<f64>) -> Result<Probabilities> {
//!     match Probabilities::new(counts.clone()) {
//!         Err(Error::Sum { found, .. }) => Probabilities::new(counts / found),
//!         other => other,
//!     }
//! }
//!
//! assert_eq!(frequencies(array![2.0, 1.0, 1.0])?.as_array(), array![0.5, 0.25, 0.25]);
//! let message = "y_hat[1]: expected a number of at least 0, found -1";
//! assert_eq!(frequencies(array![2.0, -1.0, 3.0]).unwrap_err().to_string(), message);
//! # Ok::<(), Error>(())
//! ```

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

/// The result of a function of this crate.
pub type Result<T> = core::result::Result<T, Error>;

/// An input that has no gradient, no probability or no meaning.
///
/// The message names what was wrong, what was expected and what was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Two shapes that must agree do not.
    Shape {
        /// The array whose shape is wrong.
        what: &'static str,
        /// The shape that it must have.
        expected: Vec<usize>,
        /// The shape that it has.
        found: Vec<usize>,
    },

    /// An array holds a NaN or an infinity, or a result left the range of the numbers.
    NotFinite {
        /// The array that holds the number, or the number itself.
        what: &'static str,
        /// The index of the first such entry, counted from 0; empty for a single number.
        at: Vec<usize>,
        /// The entry.
        found: f64,
    },

    /// A probability or a weight is below zero.
    Negative {
        /// The distribution or the weights that hold the entry.
        what: &'static str,
        /// The index of the first such entry, counted from 0.
        at: usize,
        /// The entry.
        found: f64,
    },

    /// The entries of a distribution do not sum to 1.
    Sum {
        /// The distribution.
        what: &'static str,
        /// The sum of its entries.
        found: f64,
    },

    /// A class that the problem does not have.
    ClassOutOfRange {
        /// The number of classes.
        classes: usize,
        /// The index, counted from 0.
        found: usize,
    },

    /// An example that the batch does not have.
    ExampleOutOfRange {
        /// The number of examples.
        examples: usize,
        /// The index, counted from 0.
        found: usize,
    },

    /// One example of a batch is wrong.
    Example {
        /// The index of the first such example, counted from 0.
        at: usize,
        /// What is wrong with it.
        error: Box<Error>,
    },

    /// An array, or one of its axes, has no entries.
    Empty {
        /// The array or axis.
        what: &'static str,
    },

    /// A number that must be finite and above zero is not.
    NotPositive {
        /// The number's name.
        what: &'static str,
        /// Its value.
        found: f64,
    },

    /// A file of comma-separated values that cannot be read.
    Csv {
        /// The line, counted from 1; 0 where the place is not known.
        line: u64,
        /// What the reader says.
        message: String,
    },

    /// A column that the header does not name.
    MissingColumn {
        /// The column.
        column: String,
        /// The columns of the header.
        found: Vec<String>,
    },

    /// A field that should be a finite number and is not.
    NotANumber {
        /// The line in the file, counted from 1.
        line: u64,
        /// The column.
        column: String,
        /// The field.
        found: String,
    },

    /// A field that should name a class and does not.
    UnknownClass {
        /// The line in the file, counted from 1.
        line: u64,
        /// The column.
        column: String,
        /// The classes.
        expected: Vec<String>,
        /// The field.
        found: String,
    },

    /// A number that must be from 0 to 1 is not.
    Fraction {
        /// The number's name.
        what: &'static str,
        /// Its value.
        found: f64,
    },

    /// An axis that an array does not have.
    Axis {
        /// The number of axes.
        axes: usize,
        /// The axis, counted from 0.
        found: usize,
    },

    /// All logits of an example are −∞: there is no class that it may have.
    AllMasked {
        /// The logits.
        what: &'static str,
    },

    /// A label at a class whose logit is −∞: its loss is infinite, and has no gradient.
    MaskedLabel {
        /// The class, counted from 0.
        class: usize,
    },

    /// All examples have the same label: there is nothing to tell apart.
    OneClass {
        /// The class.
        found: String,
    },

    /// All entries of a column are equal, so it has no standard deviation to divide by.
    Constant {
        /// The index of the column, counted from 0.
        column: usize,
        /// The value.
        value: f64,
    },

    /// A class without an example: its bias falls without end, and the loss has no minimum.
    AbsentClass {
        /// The class, counted from 0.
        class: usize,
    },

    /// An input that says nothing new: the loss has many minima, or none.
    DependentInput {
        /// The index of the first such input, counted from 0.
        column: usize,
    },

    /// Planes part the classes: larger weights are always a little better.
    Separable,

    /// A gradient that cannot become so short in numbers of 53 bits.
    Rounding {
        /// The length that the gradient should have come to.
        expected: f64,
        /// The length that it came to.
        found: f64,
    },

    /// A matrix that should be symmetric and is not.
    NotSymmetric {
        /// The matrix.
        what: &'static str,
        /// The row of the first entry that differs from the one opposite, counted from 0.
        row: usize,
        /// Its column.
        column: usize,
    },

    /// An array that the memory does not hold.
    TooLarge {
        /// The array.
        what: &'static str,
        /// The shape that was asked for.
        found: Vec<usize>,
    },

    /// An iteration did not settle.
    NoConvergence {
        /// What was to settle.
        what: &'static str,
        /// The number of steps allowed.
        steps: usize,
        /// Its value after the last step.
        found: f64,
    },

    /// Descent leads upwards: the learning rate is too large.
    Diverged {
        /// The epoch, counted from 0.
        epoch: usize,
        /// The most that the loss may come to.
        most: f64,
        /// The loss at that epoch.
        found: f64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { what, expected, found } => write!(f, "{what}: expected shape {}, found {}", Shape(expected), Shape(found)),
            Self::NotFinite { what, at, found } => write!(f, "{what}{}: expected a finite number, found {found}", Place(at)),
            Self::Negative { what, at, found } => write!(f, "{what}[{at}]: expected a number of at least 0, found {found}"),
            Self::Sum { what, found } => write!(f, "{what}: expected entries that sum to 1, found a sum of {found}"),
            Self::ClassOutOfRange { classes, found } => write!(f, "class: expected an index below {classes}, found {}", Count(*found)),
            Self::ExampleOutOfRange { examples, found } => write!(f, "example: expected an index below {examples}, found {}", Count(*found)),
            Self::Example { at, error } => write!(f, "example {at}: {error}"),
            Self::Empty { what } => write!(f, "{what}: expected at least one entry, found none"),
            Self::NotPositive { what, found } => write!(f, "{what}: expected a finite number above 0, found {found}"),
            Self::Csv { line, message } => write!(f, "line {line}: {message}"),
            Self::MissingColumn { column, found } => write!(f, "column {column}: expected it in the header, found {}", List(found)),
            Self::NotANumber { line, column, found } => write!(f, "line {line}, column {column}: expected a finite number, found {found:?}"),
            Self::UnknownClass { line, column, expected, found } => write!(f, "line {line}, column {column}: expected one of {}, found {found:?}", List(expected)),
            Self::Fraction { what, found } => {
                write!(f, "{what}: expected a number from 0 to 1, found {found}")
            }
            Self::Axis { axes, found } => {
                write!(f, "axis: expected an index below {axes}, found {found}")
            }
            Self::AllMasked { what } => {
                write!(f, "{what}: expected a logit above -inf, found none")
            }
            Self::MaskedLabel { class } => write!(
                f,
                "class {class}: expected a label that is not masked, found a logit of -inf"
            ),
            Self::OneClass { found } => write!(f, "labels: expected at least two classes, found {found} alone"),
            Self::Constant { column, value } => write!(f, "column {column}: expected at least two different values, found {value} alone"),
            Self::AbsentClass { class } => write!(f, "class {class}: expected an example of it, found none; the loss has no minimum"),
            Self::DependentInput { column } => write!(f, "input {column}: expected one that the inputs before it do not determine, found one that they do, or a constant"),
            Self::Separable => f.write_str("classes: expected some that overlap, found separable ones; the loss has no minimum"),
            Self::Rounding { expected, found } => write!(f, "gradient norm: expected {expected:e}, found {found:e}, where rounding hides the rest; standardise the inputs"),
            Self::NotSymmetric { what, row, column } => write!(f, "{what}[{row}, {column}]: expected what stands at [{column}, {row}]"),
            Self::TooLarge { what, found } => write!(f, "{what}: expected a shape that the memory holds, found {}", Shape(found)),
            Self::NoConvergence { what, steps, found } => write!(f, "{what}: expected to settle within {steps} steps, found {found} after the last"),
            Self::Diverged { epoch, most, found } => write!(f, "epoch {epoch}: expected a loss of at most {most}, found {found}; the learning rate is too large"),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Example { error, .. } => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl Error {
    /// The same error, in example `at` of a batch.
    pub(crate) fn in_example(self, at: usize) -> Self {
        Self::Example {
            at,
            error: Box::new(self),
        }
    }
}

/// Writes a count, and beside it the number below 0 that it was, if it was one.
struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        match self.0.cast_signed() {
            negative @ ..0 => write!(f, ", which is {negative} as usize"),
            _ => Ok(()),
        }
    }
}

/// Writes names as `a, b`, and no name as `nothing`; in quotes where the ends cannot be seen.
struct List<'a>(&'a [String]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        for (place, name) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            if name.is_empty() || name.trim() != name || name.contains([',', '"', '\n']) {
                write!(f, "{name:?}")?;
            } else {
                f.write_str(name)?;
            }
        }
        Ok(())
    }
}

/// Writes a shape as `2×3`.
struct Shape<'a>(&'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (axis, length) in self.0.iter().enumerate() {
            if axis > 0 {
                f.write_str("×")?;
            }
            write!(f, "{length}")?;
        }
        Ok(())
    }
}

/// Writes an index as `[1, 2]`, and that of a single number as nothing.
struct Place<'a>(&'a [usize]);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, "{:?}", self.0)
    }
}
