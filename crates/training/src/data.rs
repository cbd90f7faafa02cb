//! What is learned: the penguins by their bills, and three spirals.

use std::f64::consts::TAU;

use ndarray::{Array2, Axis};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use softmax_backprop::Result;
use softmax_backprop::standardisation::Standardisation;

/// The three species, as the file names them.
pub const SPECIES: [&str; 3] = ["Adelie", "Chinstrap", "Gentoo"];

/// How many birds are held out, and from which seed they are drawn.
pub const HELD_OUT: (usize, u64) = (86, 2020);

/// Length and depth in millimetres, from and to, of the figure of the penguins.
pub const BILLS: [(f64, f64); 2] = [(31.0, 61.0), (12.5, 22.0)];

/// The inputs, from and to, of the figures of the spirals.
pub const PLANE: [(f64, f64); 2] = [(-1.6, 1.6), (-1.2, 1.2)];

/// The birds whose bill was measured. The file's own reader, in the crate, weighs more than all the
/// rest of the module; a test compares the two.
pub fn penguins() -> Examples {
    let file = include_str!("../../../data/penguins.csv");
    let (mut x, mut classes) = (Vec::new(), Vec::new());
    for line in file.lines().skip(1) {
        let mut fields = line.split(',');
        let species = fields.next();
        let class = SPECIES.iter().position(|name| Some(*name) == species);
        let mut bill = fields.skip(1).map(tenths);
        if let (Some(class), Some(Some(length)), Some(Some(depth))) =
            (class, bill.next(), bill.next())
        {
            x.extend([length, depth]);
            classes.push(class);
        }
    }
    let mut x = x.into_iter();
    let shape = (classes.len(), 2);
    Examples {
        x: Array2::from_shape_simple_fn(shape, || x.next().unwrap_or_default()),
        classes,
    }
}

/// A measurement with one decimal, or none; `None` where it is missing. A tenth of a whole number
/// is the number that is nearest to the digits.
fn tenths(field: &str) -> Option<f64> {
    let (whole, tenth) = field.split_once('.').unwrap_or((field, "0"));
    let whole: u32 = whole.parse().ok()?;
    let tenth: u32 = tenth.parse().ok().filter(|_| tenth.len() == 1)?;
    Some(f64::from(10 * whole + tenth) / 10.0)
}

/// Points of three classes, each along a spiral from the centre outward: one a row, and the class
/// of each.
pub fn spirals() -> (Array2<f64>, Vec<usize>) {
    const PER_CLASS: usize = 60;
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut xs = Array2::zeros((3 * PER_CLASS, 2));
    let classes: Vec<usize> = (0..3 * PER_CLASS).map(|n| n / PER_CLASS).collect();
    for (n, &class) in classes.iter().enumerate() {
        let along = (n % PER_CLASS + 1) as f64 / PER_CLASS as f64;
        let noise = rng.random_range(-0.25..0.25);
        let angle = 4.5 * along + TAU * class as f64 / 3.0 + noise;
        xs[[n, 0]] = along * angle.cos();
        xs[[n, 1]] = along * angle.sin();
    }
    (xs, classes)
}

/// Inputs and classes, one example a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples {
    /// The inputs of the network, shape (examples × 2).
    pub x: Array2<f64>,
    /// The class of each, counted from 0.
    pub classes: Vec<usize>,
}

impl Examples {
    /// Some of them, by their rows. A row that there is not is a panic.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        Self {
            x: self.x.select(Axis(0), rows),
            classes: rows.iter().map(|&row| self.classes[row]).collect(),
        }
    }
}

/// What is learned, and the plane in which it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// The examples to train on.
    pub train: Examples,
    /// Those that are held out, where there are any.
    pub held_out: Option<Examples>,
    /// From and to of the figure, across and up.
    pub plane: [(f64, f64); 2],
    /// What the figure shows is standardised before it enters the network.
    pub scale: Option<Standardisation>,
}

impl Data {
    /// The penguins, read, split and standardised as on *Training on penguins*.
    ///
    /// # Errors
    ///
    /// None with the file as it is.
    pub fn penguins() -> Result<Self> {
        let birds = penguins();
        let (held_out, seed) = HELD_OUT;
        let mut rows: Vec<usize> = (0..birds.classes.len()).collect();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let (test, train) = rows.split_at(held_out);
        let (train, test) = (birds.select(train), birds.select(test));
        let scale = Standardisation::of(&train.x)?;
        let standardised = |birds: Examples| -> Result<Examples> {
            Ok(Examples {
                x: scale.apply(&birds.x)?,
                ..birds
            })
        };
        Ok(Self {
            train: standardised(train)?,
            held_out: Some(standardised(test)?),
            plane: BILLS,
            scale: Some(scale),
        })
    }

    /// The spirals, all of them to train on.
    pub fn spirals() -> Self {
        let (x, classes) = spirals();
        Self {
            train: Examples { x, classes },
            held_out: None,
            plane: PLANE,
            scale: None,
        }
    }
}
