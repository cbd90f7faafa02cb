//! Data: from a file of comma-separated values to a batch.
//!
//! Used in the book's page *Training on penguins*.

use alloc::{borrow::ToOwned, format, string::String, string::ToString, vec::Vec};
use std::io;

use ndarray::Array2;
#[cfg(feature = "rand")]
use ndarray::Axis;
#[cfg(feature = "rand")]
use rand::{Rng, seq::SliceRandom};

use crate::batch::Batch;
use crate::error::{Error, Result};
pub use crate::standardisation::Standardisation;

/// Measurements with their classes, as read from a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dataset {
    /// The measurements, shape (examples × features), in the file's units.
    pub x: Array2<f64>,
    /// The class of each example, counted from 0 in the order in which they were asked for.
    pub labels: Vec<usize>,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The lines of the file, counted from 1, that were left out because a measurement is missing.
    pub skipped: Vec<u64>,
}

impl Dataset {
    /// Reads the columns `features`, and the class of each row from the column `label`.
    ///
    /// The first line names the columns. A row in which a measurement is missing, empty or `NA`,
    /// is left out and listed in [`Dataset::skipped`].
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::dataset::Dataset;
    ///
    /// let file = "\
    /// species,mass,bill
    /// Adelie,3750,39.1
    /// Gentoo,NA,46.1
    /// Gentoo,5700,50.0
    /// ";
    /// let data = Dataset::read(file.as_bytes(), &["bill"], "species", &["Adelie", "Gentoo"])?;
    /// assert_eq!(data.x, array![[39.1], [46.1], [50.0]]);
    /// assert_eq!(data.labels, [0, 1, 1]);
    ///
    /// // With the mass asked for, a row is left out.
    /// let data = Dataset::read(file.as_bytes(), &["mass"], "species", &["Adelie", "Gentoo"])?;
    /// assert_eq!((data.x, data.skipped), (array![[3750.0], [5700.0]], vec![3]));
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::MissingColumn`] at a column that the header does not have, [`Error::NotANumber`]
    /// and [`Error::UnknownClass`] with line and column, [`Error::Csv`] where a line has another
    /// number of fields or the file cannot be read, [`Error::Empty`] where no row is left or no
    /// feature or class is asked for, [`Error::OneClass`] where all of them are of one class.
    pub fn read(
        mut file: impl io::Read,
        features: &[&str],
        label: &str,
        classes: &[&str],
    ) -> Result<Self> {
        for (what, names) in [("features", features), ("classes", classes)] {
            if names.is_empty() {
                return Err(Error::Empty { what });
            }
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| Error::Csv {
            line: 0,
            message: error.to_string(),
        })?;
        let mut lines = Lines::of(&bytes);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().map_err(|error| lines.unreadable(&error))?;
        let header = header.clone();
        let columns = features
            .iter()
            .map(|name| column(&header, name))
            .collect::<Result<Vec<usize>>>()?;
        let label_column = column(&header, label)?;

        let mut entries = Vec::new();
        let mut labels = Vec::new();
        let mut skipped = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| lines.unreadable(&error))?;
            let line = lines.number(record.position());
            let label = class(&record[label_column], line, label, classes)?;
            let mut row = Vec::with_capacity(columns.len());
            for (&at, name) in columns.iter().zip(features) {
                row.extend(measurement(&record[at], line, name)?);
            }
            if row.len() < columns.len() {
                skipped.push(line);
            } else {
                entries.extend(row);
                labels.push(label);
            }
        }

        let Some(&first) = labels.first() else {
            return Err(Error::Empty { what: "rows" });
        };
        if labels.iter().all(|label| *label == first) {
            return Err(Error::OneClass {
                found: classes[first].to_owned(),
            });
        }
        let shape = (labels.len(), features.len());
        let mut entries = entries.into_iter();
        Ok(Self {
            x: Array2::from_shape_simple_fn(shape, || entries.next().unwrap_or_default()),
            labels,
            classes: classes.iter().map(|&class| class.to_owned()).collect(),
            skipped,
        })
    }

    /// The examples as a batch, their measurements standardised.
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::dataset::{Dataset, Standardisation};
    ///
    /// let file = "species,mass\nAdelie,3750\nGentoo,5750\n";
    /// let data = Dataset::read(file.as_bytes(), &["mass"], "species", &["Adelie", "Gentoo"])?;
    /// let batch = data.batch(&Standardisation::of(&data.x)?)?;
    /// assert_eq!(batch.x(), array![[-1.0], [1.0]]);
    /// assert_eq!(batch.y(), array![[1.0, 0.0], [0.0, 1.0]]);
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Standardisation::apply`] and [`Batch::of_classes`].
    pub fn batch(&self, standardisation: &Standardisation) -> Result<Batch> {
        let x = standardisation.apply(&self.x)?;
        Batch::of_classes(x, self.labels.clone(), self.classes.len())
    }
}

#[cfg(feature = "rand")]
impl Dataset {
    /// Splits the examples at random into a part to train on and `held_out` examples to test on.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] where nothing is left for one of the two.
    pub fn split<R: Rng + ?Sized>(&self, held_out: usize, rng: &mut R) -> Result<(Self, Self)> {
        if held_out == 0 {
            return Err(Error::Empty { what: "test part" });
        }
        if held_out >= self.labels.len() {
            return Err(Error::Empty {
                what: "training part",
            });
        }
        let mut rows: Vec<usize> = (0..self.labels.len()).collect();
        rows.shuffle(rng);
        let (test, train) = rows.split_at(held_out);
        Ok((self.select(train), self.select(test)))
    }

    #[cfg(feature = "rand")]
    fn select(&self, rows: &[usize]) -> Self {
        Self {
            x: self.x.select(Axis(0), rows),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            classes: self.classes.clone(),
            skipped: Vec::new(),
        }
    }
}

/// The place of a column in the header.
fn column(header: &csv::StringRecord, name: &str) -> Result<usize> {
    let place = header.iter().position(|field| field == name);
    place.ok_or_else(|| Error::MissingColumn {
        column: name.to_owned(),
        found: header.iter().map(str::to_owned).collect(),
    })
}

fn class(field: &str, line: u64, column: &str, classes: &[&str]) -> Result<usize> {
    let place = classes.iter().position(|class| *class == field);
    place.ok_or_else(|| Error::UnknownClass {
        line,
        column: column.to_owned(),
        expected: classes.iter().map(|&class| class.to_owned()).collect(),
        found: field.to_owned(),
    })
}

/// A measurement, or `None` where it is missing.
fn measurement(field: &str, line: u64, column: &str) -> Result<Option<f64>> {
    if field.is_empty() || field == "NA" {
        return Ok(None);
    }
    match field.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(Error::NotANumber {
            line,
            column: column.to_owned(),
            found: field.to_owned(),
        }),
    }
}

/// The lines of a file, counted as an editor counts them. The reader of the format takes the end
/// of a line, and lines without anything, for the beginning of the next record.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
        }
    }

    /// The line of a record; 0 where the reader does not say where the record begins. Records are
    /// asked for in their order.
    fn number(&mut self, position: Option<&csv::Position>) -> u64 {
        let Some(position) = position else { return 0 };
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let is_end = |byte: u8| byte == b'\n' || byte == b'\r';
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.at >= start && !is_end(byte) {
                break;
            }
            let within = byte == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(is_end(byte) && !within);
            self.at += 1;
        }
        self.line
    }

    fn unreadable(&mut self, error: &csv::Error) -> Error {
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!("expected {expected_len} fields, found {len}"),
            csv::ErrorKind::Utf8 { err, .. } => err.to_string(),
            _ => error.to_string(),
        };
        let line = self.number(error.position());
        Error::Csv { line, message }
    }
}
