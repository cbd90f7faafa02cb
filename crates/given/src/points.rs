//! The points of the table of symbols: the numbers that the book puts into its formulas.

use std::fs;

use ndarray::{Array1, Array2};
use serde::Deserialize;
use softmax_backprop::{Layer, Target};

use crate::not_given::NotGiven;

/// The folder of the book. Cargo says where the package is, not from where it is called.
pub const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book");

/// The table of symbols.
const SYMBOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/symbols.toml");

/// One point: what a network of one layer is given. The keys are the symbols in TeX.
#[derive(Debug, Clone, Deserialize)]
pub struct Point {
    #[serde(rename = r"\mW")]
    w: Vec<Vec<f64>>,
    #[serde(rename = r"\vb")]
    b: Vec<f64>,
    #[serde(rename = r"\vx")]
    x: Vec<f64>,
    #[serde(rename = r"\vy")]
    y: Vec<f64>,
}

/// Both points. What else the table holds belongs to others.
#[derive(Deserialize)]
struct Symbols {
    points: Points,
}

/// The numbers of the worked example, and of the run that the source's author published.
#[derive(Deserialize)]
pub struct Points {
    pub example: Point,
    pub author: Point,
}

impl Points {
    /// Reads the table of symbols.
    pub fn read() -> Result<Self, NotGiven> {
        let read = fs::read_to_string(SYMBOLS);
        let path = SYMBOLS;
        Self::parse(&read.map_err(|error| NotGiven::Read { path, error })?)
    }

    fn parse(text: &str) -> Result<Self, NotGiven> {
        let symbols: Result<Symbols, _> = toml::from_str(text);
        let symbols = symbols.map_err(|error| NotGiven::Symbols(error.to_string()))?;
        Ok(symbols.points)
    }
}

impl Point {
    /// Weights and biases.
    pub fn layer(&self) -> Result<Layer, NotGiven> {
        let columns = self.w.first().map_or(0, Vec::len);
        let ragged = || NotGiven::Symbols(format!(r"\mW: rows of unequal length: {:?}", self.w));
        // As many entries as the shape has, in rows of other lengths, would pass for a matrix.
        if self.w.iter().any(|row| row.len() != columns) {
            return Err(ragged());
        }
        let w = Array2::from_shape_vec((self.w.len(), columns), self.w.concat());
        let w = w.map_err(|_| ragged())?;
        Ok(Layer::new(w, self.b.clone().into())?)
    }

    /// The inputs.
    pub fn x(&self) -> Array1<f64> {
        self.x.clone().into()
    }

    /// The label.
    pub fn y(&self) -> Result<Target, NotGiven> {
        Ok(Target::distribution(self.y.clone().into())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r"
        symbols = 'of another crate'
        [points.example]
        '\mW' = [[1, 2.5], [3, 4]]
        '\vb' = [0, 1]
        '\vx' = [5, 6]
        '\vy' = [0, 1]
        '\eta' = 0.5
        [points.author]
        '\mW' = [[1, 2], [3, 4, 5], [6]]
        '\vb' = [0, 1]
        '\vx' = [5, 6]
        '\vy' = [0, 2]
    ";

    #[test]
    fn a_point_is_read_and_other_keys_are_left() {
        let point = Points::parse(GOOD).unwrap().example;
        assert_eq!(point.layer().unwrap().w()[[0, 1]], 2.5);
        assert_eq!(point.x(), ndarray::array![5.0, 6.0]);
        assert_eq!(point.y().unwrap(), Target::one_hot(1, 2).unwrap());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let missing = GOOD.replace(r"'\vx'", r"'\vxx'");
        let text = GOOD.replace("[5, 6]", "['five', 6]");
        for (source, message) in [(missing.as_str(), r"\vx"), (&text, "five"), ("=", "line 1")] {
            let error = Points::parse(source).map(|_| ()).unwrap_err().to_string();
            assert!(
                error.contains("symbols.toml") && error.contains(message),
                "{error}"
            );
        }
        let author = Points::parse(GOOD).unwrap().author;
        let error = author.layer().unwrap_err().to_string();
        assert!(error.contains("unequal"), "{error}");
        let error = author.y().unwrap_err().to_string();
        assert!(error.contains("sum"), "{error}");
    }
}
