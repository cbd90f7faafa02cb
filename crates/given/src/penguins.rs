//! The penguins: read, split and standardised as the page *Training on penguins* does it.

use std::fs::File;
use std::sync::LazyLock;

use ndarray::{Array1, Array2};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use softmax_backprop::Layer;
use softmax_backprop::dataset::{Dataset, Standardisation};

use crate::not_given::NotGiven;

/// The two measurements of a bill, as the file names them.
pub const BILL: [&str; 2] = ["bill_length_mm", "bill_depth_mm"];

/// The three species.
pub const SPECIES: [&str; 3] = ["Adelie", "Chinstrap", "Gentoo"];

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/penguins.csv");

/// The birds, by the length and the depth of their bills.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Penguins {
    /// All birds that were measured.
    pub data: Dataset,
    /// The birds to train on.
    pub train: Dataset,
    /// The birds that are held out.
    pub test: Dataset,
    /// Mean and deviation of the birds to train on.
    pub scale: Standardisation,
    /// Where descent starts: weights and biases of 0.
    pub start: Layer,
}

impl Penguins {
    fn new() -> Result<Self, NotGiven> {
        let data = read(&BILL)?;
        let (train, test) = data.split(86, &mut ChaCha8Rng::seed_from_u64(2020))?;
        let scale = Standardisation::of(&train.x)?;
        let start = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
        Ok(Self {
            data,
            train,
            test,
            scale,
            start,
        })
    }
}

/// Reads the measurements `features` of all birds.
///
/// # Errors
///
/// Where the file is not there, and as [`Dataset::read`].
pub fn read(features: &[&str]) -> Result<Dataset, NotGiven> {
    let path = FILE;
    let file = File::open(path).map_err(|error| NotGiven::Read { path, error })?;
    Ok(Dataset::read(file, features, "species", &SPECIES)?)
}

static PENGUINS: LazyLock<Result<Penguins, NotGiven>> = LazyLock::new(Penguins::new);

/// The penguins.
///
/// # Errors
///
/// Where the file of the penguins cannot be read.
pub fn penguins() -> Result<&'static Penguins, &'static NotGiven> {
    PENGUINS.as_ref()
}

#[cfg(test)]
mod tests {
    use crate::given;

    #[test]
    fn a_quarter_of_the_birds_is_held_out() {
        given!(penguins: data, train, test, scale, start);
        assert_eq!(data.labels.len(), 342);
        assert_eq!((train.labels.len(), test.labels.len()), (256, 86));
        let x = scale.apply(&train.x).unwrap();
        assert!(x.sum().abs() < 1e-9);
        assert!(start.w().iter().chain(start.b()).all(|entry| *entry == 0.0));
    }
}
