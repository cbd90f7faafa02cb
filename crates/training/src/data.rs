//! What is learned: the penguins by their bills, and three spirals.

use std::f64::consts::TAU;

use ndarray::Array2;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The three species, as the file names them.
pub const SPECIES: [&str; 3] = ["Adelie", "Chinstrap", "Gentoo"];

/// How many birds are held out, and from which seed they are drawn.
pub const HELD_OUT: (usize, u64) = (86, 2020);

/// Length and depth in millimetres, from and to, of the figure of the penguins.
pub const BILLS: [(f64, f64); 2] = [(31.0, 61.0), (12.5, 22.0)];

/// The inputs, from and to, of the figures of the spirals.
pub const PLANE: [(f64, f64); 2] = [(-1.6, 1.6), (-1.2, 1.2)];

/// The birds whose bill was measured, in the order of the file. They are read when this is
/// compiled: the file, or the crate's reader of such files, would be the larger part of the module.
pub fn penguins() -> Examples {
    let (birds, count) = &BIRDS;
    let birds = &birds[..*count];
    Examples {
        // A tenth of a whole number is the number that is nearest to the digits.
        x: Array2::from_shape_fn((*count, 2), |(n, i)| f64::from(birds[n].bill[i]) / 10.0),
        classes: birds.iter().map(|bird| bird.class.into()).collect(),
    }
}

/// A bird: length and depth of its bill in tenths of a millimetre, and its species.
#[derive(Clone, Copy)]
struct Bird {
    bill: [u16; 2],
    class: u8,
}

/// The birds, and how many there are.
static BIRDS: ([Bird; 344], usize) = read(include_bytes!("../../../data/penguins.csv"));

/// Reads species, length and depth, the first, third and fourth column, of the birds that have all.
const fn read(file: &[u8]) -> ([Bird; 344], usize) {
    let none = Bird {
        bill: [0, 0],
        class: 0,
    };
    let (mut birds, mut count) = ([none; 344], 0);
    let mut at = next(file, 0, b'\n');
    while at < file.len() {
        let mut bird = none;
        while SPECIES[bird.class as usize].as_bytes()[0] != file[at] {
            bird.class += 1;
        }
        at = next(file, next(file, at, b','), b',');
        let mut measured = true;
        let mut i = 0;
        while i < 2 {
            measured &= file[at] != b'N';
            while file[at] != b',' {
                if file[at].is_ascii_digit() {
                    bird.bill[i] = 10 * bird.bill[i] + (file[at] - b'0') as u16;
                }
                at += 1;
            }
            at += 1;
            // A whole number of millimetres has no decimal in the file.
            if file[at - 3] != b'.' {
                bird.bill[i] *= 10;
            }
            i += 1;
        }
        if measured {
            birds[count] = bird;
            count += 1;
        }
        at = next(file, at, b'\n');
    }
    (birds, count)
}

/// The place after the next such byte, or the end.
const fn next(file: &[u8], mut at: usize, byte: u8) -> usize {
    while at < file.len() && file[at] != byte {
        at += 1;
    }
    at + 1
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
            x: Array2::from_shape_fn((rows.len(), 2), |(n, i)| self.x[[rows[n], i]]),
            classes: rows.iter().map(|&row| self.classes[row]).collect(),
        }
    }
}

/// Mean and standard deviation of a column, (11.1) of the book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub deviation: f64,
}

impl Scale {
    fn of(x: &Array2<f64>, i: usize) -> Self {
        let mean_of = |f: &dyn Fn(f64) -> f64| {
            let rows = 0..x.nrows();
            rows.map(|n| f(x[[n, i]])).sum::<f64>() / x.nrows() as f64
        };
        let mean = mean_of(&|x| x);
        let deviation = mean_of(&|x| (x - mean) * (x - mean)).sqrt();
        Self { mean, deviation }
    }

    /// A number as the network takes it.
    pub fn apply(self, x: f64) -> f64 {
        (x - self.mean) / self.deviation
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
    /// How what the figure shows is scaled before it enters the network.
    pub scale: [Scale; 2],
}

impl Data {
    /// The penguins, split and standardised as on *Training on penguins*.
    pub fn penguins() -> Self {
        let birds = penguins();
        let (held_out, seed) = HELD_OUT;
        let mut rows: Vec<usize> = (0..birds.classes.len()).collect();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let (test, train) = rows.split_at(held_out);
        let (mut train, mut test) = (birds.select(train), birds.select(test));
        let scale = [0, 1].map(|i| Scale::of(&train.x, i));
        for examples in [&mut train, &mut test] {
            for ((_, i), x) in examples.x.indexed_iter_mut() {
                *x = scale[i].apply(*x);
            }
        }
        Self {
            train,
            held_out: Some(test),
            plane: BILLS,
            scale,
        }
    }

    /// The spirals, all of them to train on.
    pub fn spirals() -> Self {
        let (x, classes) = spirals();
        Self {
            train: Examples { x, classes },
            held_out: None,
            plane: PLANE,
            scale: [Scale {
                mean: 0.0,
                deviation: 1.0,
            }; 2],
        }
    }
}
