//! Inputs of one scale: each column with mean 0 and standard deviation 1.
//!
//! Used in the book's page *Training on penguins*.

use ndarray::{Array1, Array2, ArrayRef2, Axis};

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use crate::check;
use crate::error::{Error, Result};

/// Shifts and scales each column to mean 0 and standard deviation 1: `(x − μ) / s`.
///
/// It is taken from the training part alone and applied to both: what is held out must not be
/// looked at.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Standardisation {
    /// The mean `μ` of each column.
    pub mean: Array1<f64>,
    /// The standard deviation `s` of each column, `√(Σ (x − μ)² / N)`.
    pub deviation: Array1<f64>,
    /// What the digits of `mean` leave of the mean.
    pub(crate) rest: Array1<f64>,
}

impl Standardisation {
    /// Takes mean and deviation of each column of `X`, shape (examples × inputs).
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::Error;
    /// use softmax_backprop::standardisation::Standardisation;
    ///
    /// let scale = Standardisation::of(&array![[1.0, 10.0], [3.0, 30.0]])?;
    /// assert_eq!((scale.mean, scale.deviation), (array![2.0, 20.0], array![1.0, 10.0]));
    ///
    /// // A column that never changes has no deviation to divide by.
    /// let constant = Standardisation::of(&array![[1.0, 5.0], [3.0, 5.0]]);
    /// assert_eq!(constant, Err(Error::Constant { column: 1, value: 5.0 }));
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// In the book: *Training on penguins*, (11.1).
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without entries, [`Error::NotFinite`] at a NaN or an infinity, or where
    /// a distance from the mean or `1/s` leaves the range of `f64`, [`Error::Constant`] where all
    /// entries of a column are equal.
    pub fn of(x: &ArrayRef2<f64>) -> Result<Self> {
        check::finite("x", x)?;
        for (column, entries) in x.columns().into_iter().enumerate() {
            let value = entries[0];
            if entries.iter().all(|entry| *entry == value) {
                return Err(Error::Constant { column, value });
            }
        }
        let examples = x.nrows() as f64;
        let mean_of = |x: &ArrayRef2<f64>| (x / examples).sum_axis(Axis(0));
        // Distances from a number nearby are exact, so their mean says what the first one lacks.
        let near = mean_of(x);
        let distances = x.to_owned() - &near;
        check::finite("x - mean", &distances)?;
        let mean = near + mean_of(&distances);
        let distances = x.to_owned() - &mean;
        let rest = mean_of(&distances);
        let distances = (distances - &rest) / examples.sqrt();
        let columns = distances.columns().into_iter();
        let deviation: Array1<f64> = columns.map(|column| check::length(column.iter())).collect();
        check::finite("1 / deviation", &deviation.mapv(f64::recip))?;
        Ok(Self {
            mean,
            deviation,
            rest,
        })
    }

    /// Takes what was stored, one entry for each column.
    #[cfg(feature = "serde")]
    pub(crate) fn from_parts(
        mean: Array1<f64>,
        deviation: Array1<f64>,
        rest: Array1<f64>,
    ) -> Result<Self> {
        check::finite("mean", &mean)?;
        check::shape("deviation", mean.shape(), deviation.shape())?;
        check::finite("deviation", &deviation)?;
        for column in &deviation {
            check::positive("deviation", *column)?;
        }
        check::finite("1 / deviation", &deviation.mapv(f64::recip))?;
        check::shape("rest", mean.shape(), rest.shape())?;
        check::finite("rest", &rest)?;
        Ok(Self {
            mean,
            deviation,
            rest,
        })
    }

    /// Applies it to the columns of `X`, shape (examples × inputs).
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::standardisation::Standardisation;
    ///
    /// let training = array![[1.0], [3.0]];
    /// let scale = Standardisation::of(&training)?;
    /// assert_eq!(scale.apply(&training)?, array![[-1.0], [1.0]]);
    /// // What is held out is measured by the same mean and deviation.
    /// assert_eq!(scale.apply(&array![[6.0]])?, array![[4.0]]);
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where `X` has other columns, [`Error::NotFinite`] at a NaN or an infinity.
    pub fn apply(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check::shape("x", &[x.nrows(), self.mean.len()], x.shape())?;
        let standardised = (x.to_owned() - &self.mean - &self.rest) / &self.deviation;
        check::finite("standardised x", &standardised)?;
        Ok(standardised)
    }
}
