//! What the peers compute, and the numbers that they compute it with.

use std::fs;
use std::path::{Path, PathBuf};

use softmax_backprop::dataset::{Dataset, Standardisation};

use super::Failure;

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// From inputs, weights and biases the mean loss, and its gradients at weights and biases.
    Layer,
    /// From logits the mean loss, and its gradient at the logits.
    Rows,
    /// From inputs the layer of the smallest mean loss, from weights of 0.
    Train,
}

impl Kind {
    /// The word for it, among the arguments and between the processes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Rows => "rows",
            Self::Train => "train",
        }
    }

    fn of(name: &str) -> Option<Self> {
        let mut kinds = [Self::Layer, Self::Rows, Self::Train].into_iter();
        kinds.find(|kind| kind.name() == name)
    }
}

/// A task, with its numbers in the type of most digits; who computes in `f32` rounds them.
#[derive(Debug, Clone)]
pub struct Task {
    pub kind: Kind,
    pub float: String,
    pub examples: usize,
    pub inputs: usize,
    pub classes: usize,
    /// How near to the minimum, in the peer's own measure.
    pub tolerance: f64,
    /// What stands in the table.
    pub title: String,
    pub x: Vec<f64>,
    pub w: Vec<f64>,
    pub b: Vec<f64>,
    pub theta: Vec<f64>,
    pub labels: Vec<u32>,
}

impl Task {
    fn new(kind: Kind, float: &str, [examples, inputs, classes]: [usize; 3]) -> Self {
        Self {
            kind,
            float: float.to_owned(),
            examples,
            inputs,
            classes,
            tolerance: 0.0,
            title: String::new(),
            x: Vec::new(),
            w: Vec::new(),
            b: Vec::new(),
            theta: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// A layer, or logits, with labels by chance.
    pub fn of_gradient(kind: Kind, float: &str, n: usize, m: usize, k: usize) -> Self {
        let mut random = Random(17);
        let mut task = Self::new(kind, float, [n, m, k]);
        if kind == Kind::Layer {
            task.x = random.numbers(n * m, 1.0);
            task.w = random.numbers(m * k, 0.5);
            task.b = random.numbers(k, 0.5);
        } else {
            task.theta = random.numbers(n * k, 3.0);
        }
        task.labels = (0..n).map(|_| random.below(k)).collect();
        task
    }

    /// The bytes of what a layer is given, as numbers in `f64` and labels of as many bytes.
    pub fn bytes(&self) -> f64 {
        let numbers = self.x.len() + self.w.len() + self.b.len() + self.labels.len();
        8.0 * numbers as f64
    }

    /// The line that asks for it.
    pub fn line(&self, tolerance: &str) -> String {
        let (kind, float) = (self.kind.name(), &self.float);
        let (n, m, k) = (self.examples, self.inputs, self.classes);
        format!("{kind} {float} {n} {m} {k} {tolerance}")
    }

    /// Writes the numbers where [`Task::read`] and `speed.py` find them.
    pub fn write(&self) -> Result<(), Failure> {
        fs::create_dir_all(folder())?;
        let arrays = [
            ("x", &self.x),
            ("w", &self.w),
            ("b", &self.b),
            ("theta", &self.theta),
        ];
        for (name, numbers) in arrays {
            let bytes: Vec<u8> = numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect();
            fs::write(folder().join(name), bytes)?;
        }
        let bytes: Vec<u8> = self
            .labels
            .iter()
            .flat_map(|label| label.to_le_bytes())
            .collect();
        fs::write(folder().join("labels"), bytes)?;
        Ok(())
    }

    /// Reads the task of a line.
    pub fn read(line: &str) -> Result<Self, Failure> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [kind, float, n, m, k, tolerance] = words[..] else {
            return Err(format!("{line}: expected six words").into());
        };
        let kind = Kind::of(kind).ok_or_else(|| format!("{kind} is no task"))?;
        let numbers = |name: &str| -> Result<Vec<f64>, Failure> {
            let bytes = fs::read(folder().join(name))?;
            let (eights, _) = bytes.as_chunks();
            Ok(eights
                .iter()
                .map(|eight| f64::from_le_bytes(*eight))
                .collect())
        };
        let labels = fs::read(folder().join("labels"))?;
        Ok(Self {
            tolerance: tolerance.parse()?,
            x: numbers("x")?,
            w: numbers("w")?,
            b: numbers("b")?,
            theta: numbers("theta")?,
            labels: labels
                .as_chunks()
                .0
                .iter()
                .map(|four| u32::from_le_bytes(*four))
                .collect(),
            ..Self::new(kind, float, [n.parse()?, m.parse()?, k.parse()?])
        })
    }
}

/// Where the numbers are handed over.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/speed")
}

/// Examples by chance, and classes drawn from the probabilities of a layer: they overlap.
pub fn overlapping() -> Task {
    let [n, m, k] = [20_000, 20, 10];
    let mut random = Random(2026);
    let x: Vec<f64> = (0..n * m).map(|_| random.normal()).collect();
    let w: Vec<f64> = (0..m * k).map(|_| 0.5 * random.normal()).collect();
    let draw = |row: &[f64]| {
        let weights: Vec<f64> = (0..k)
            .map(|class| (0..m).map(|i| row[i] * w[i * k + class]).sum::<f64>().exp())
            .collect();
        let mut left = random.uniform() * weights.iter().sum::<f64>();
        let over = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        over.unwrap_or(k - 1) as u32
    };
    let labels = x.chunks(m).map(draw).collect();
    Task {
        title: "20,000 × 20 inputs × 10 classes, overlapping".to_owned(),
        x,
        labels,
        ..Task::new(Kind::Train, "f64", [n, m, k])
    }
}

/// The penguins by their bills, standardised.
pub fn penguins() -> Result<Task, Failure> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/penguins.csv");
    let file = fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let features = ["bill_length_mm", "bill_depth_mm"];
    let species = ["Adelie", "Chinstrap", "Gentoo"];
    let birds = Dataset::read(file, &features, "species", &species)?;
    let x = Standardisation::of(&birds.x)?.apply(&birds.x)?;
    let labels = birds.labels.iter().map(|label| *label as u32).collect();
    Ok(Task {
        title: format!("the penguins: {} × 2 inputs × 3 classes", x.nrows()),
        x: x.iter().copied().collect(),
        labels,
        ..Task::new(Kind::Train, "f64", [x.nrows(), 2, 3])
    })
}

/// SplitMix64: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// At least 0 and below 1.
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / 2_f64.powi(53)
    }

    fn numbers(&mut self, count: usize, size: f64) -> Vec<f64> {
        (0..count)
            .map(|_| size * (2.0 * self.uniform() - 1.0))
            .collect()
    }

    fn below(&mut self, end: usize) -> u32 {
        (self.next() % end as u64) as u32
    }

    /// Nearly normal: the sum of twelve has mean 6 and deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
