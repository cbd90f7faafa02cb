//! A run: what it is told, and how it trains, epoch by epoch.

use ndarray::{Array1, Array2};
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use softmax_backprop::Layer;
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::network::{Activation, Network};
use thiserror::Error;

use crate::data::{Data, Examples};

/// What a run cannot be told, or where it cannot go on.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A number that is none of those that an option can be.
    #[error("{what}: expected a whole number from {least} to {most}, found {found}")]
    Whole {
        /// The option.
        what: &'static str,
        /// The least that it can be.
        least: u32,
        /// The most that it can be.
        most: u32,
        /// What it was to be.
        found: f64,
    },
    /// A rate that leads nowhere.
    #[error("rate: expected a finite number above 0, found {found}")]
    Rate {
        /// What it was to be.
        found: f64,
    },
    /// What the crate refuses. With options in their ranges that is one thing alone, and the texts
    /// of all others would be a tenth of the module.
    #[error("the weights leave the range of the numbers: the rate is too high")]
    Crate(#[from] softmax_backprop::Error),
}

/// The result of what this crate does.
pub type Result<T> = std::result::Result<T, Fault>;

/// What is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// The species of a penguin, by its bill.
    Penguins,
    /// The arm of three spirals on which a point lies.
    Spirals,
}

/// What a run is told. A run is decided by it: the same options, the same digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// What is learned.
    pub task: Task,
    /// The number of hidden units, with tanh; without any, the network is one layer.
    pub hidden: usize,
    /// How many examples a step takes: all at once, or a random portion.
    pub portion: usize,
    /// The learning rate.
    pub rate: f64,
    /// From it come the weights at the start and the portions.
    pub seed: u64,
    /// How many epochs the run has.
    pub epochs: usize,
}

impl Options {
    /// How many options are numbers: all but the task.
    pub const NUMBERS: usize = 5;

    /// *Training on penguins*, section *Descent*.
    pub const PENGUINS: Self = Self {
        task: Task::Penguins,
        hidden: 0,
        portion: 256,
        rate: 1.0,
        seed: 16,
        epochs: 1000,
    };

    /// *Training on penguins*, section *In small portions*.
    pub const PORTIONS: Self = Self {
        portion: 16,
        rate: 0.2,
        epochs: 50,
        ..Self::PENGUINS
    };

    /// *What a hidden layer buys*, the network with a hidden layer.
    pub const SPIRALS: Self = Self {
        task: Task::Spirals,
        hidden: 16,
        portion: 180,
        rate: 2.0,
        seed: 1,
        epochs: 1000,
    };

    /// *What a hidden layer buys*, the one layer.
    pub const ONE_LAYER: Self = Self {
        hidden: 0,
        rate: 1.0,
        epochs: 500,
        ..Self::SPIRALS
    };

    /// The numbers as a page sets them: hidden units, portion, rate, seed, epochs.
    pub fn numbers(&self) -> [f64; Self::NUMBERS] {
        let [hidden, portion, epochs] = [self.hidden, self.portion, self.epochs].map(|n| n as f64);
        [hidden, portion, self.rate, self.seed as f64, epochs]
    }

    /// The options that such numbers stand for.
    ///
    /// # Errors
    ///
    /// [`Fault::Whole`] and [`Fault::Rate`] at the first that is not in its range.
    pub fn of_numbers(task: Task, numbers: [f64; Self::NUMBERS]) -> Result<Self> {
        let [hidden, portion, rate, seed, epochs] = numbers;
        let examples = match task {
            Task::Penguins => Self::PENGUINS.portion,
            Task::Spirals => Self::SPIRALS.portion,
        };
        if !(rate.is_finite() && rate > 0.0) {
            return Err(Fault::Rate { found: rate });
        }
        Ok(Self {
            task,
            hidden: whole("hidden units", 0..=32, hidden)? as usize,
            portion: whole("examples in a step", 1..=examples as u32, portion)? as usize,
            rate,
            seed: u64::from(whole("seed", 0..=u32::MAX, seed)?),
            epochs: whole("epochs", 1..=20_000, epochs)? as usize,
        })
    }
}

fn whole(what: &'static str, range: std::ops::RangeInclusive<u32>, found: f64) -> Result<u32> {
    let (least, most) = (*range.start(), *range.end());
    if found.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&found) {
        return Ok(found as u32);
    }
    Err(Fault::Whole {
        what,
        least,
        most,
        found,
    })
}

/// A network that is being trained.
#[derive(Debug, Clone)]
pub struct Run {
    options: Options,
    data: Data,
    network: Network,
    rng: ChaCha8Rng,
    order: Vec<usize>,
    losses: Vec<f64>,
    held_out: Vec<f64>,
}

impl Run {
    /// A run before its first epoch.
    ///
    /// One layer for the penguins begins at 0, any other network at random weights.
    ///
    /// # Errors
    ///
    /// None with options that [`Options::of_numbers`] gives.
    pub fn new(options: Options) -> Result<Self> {
        let data = match options.task {
            Task::Penguins => Data::penguins(),
            Task::Spirals => Data::spirals(),
        };
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let network = match (options.task, options.hidden) {
            (Task::Penguins, 0) => {
                let zero = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
                Network::new(vec![zero], Activation::Tanh)?
            }
            (Task::Spirals, 0) => Network::random(&[2, 3], Activation::Tanh, &mut rng)?,
            (_, hidden) => Network::random(&[2, hidden, 3], Activation::Tanh, &mut rng)?,
        };
        let mut run = Self {
            options,
            order: (0..data.train.classes.len()).collect(),
            data,
            network,
            rng,
            losses: Vec::new(),
            held_out: Vec::new(),
        };
        run.look()?;
        Ok(run)
    }

    /// A run after its last epoch.
    ///
    /// # Errors
    ///
    /// As [`Run::train`].
    pub fn at_the_end(options: Options) -> Result<Self> {
        let mut run = Self::new(options)?;
        for _ in 0..options.epochs {
            run.train()?;
        }
        Ok(run)
    }

    /// What the run was told.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What is learned.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The network as it is.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// How many epochs have passed.
    pub fn epoch(&self) -> usize {
        self.losses.len() - 1
    }

    /// The mean loss of the examples to train on, before the first epoch and after each.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// That of the examples that are held out; empty where none are.
    pub fn held_out_losses(&self) -> &[f64] {
        &self.held_out
    }

    /// Goes through the examples once: in one step, or in a step for each portion, in a new random
    /// order.
    ///
    /// # Errors
    ///
    /// [`Fault::Crate`] where a number leaves the range of the numbers. Then the run is where it was.
    pub fn train(&mut self) -> Result<()> {
        let Examples { x, classes } = &self.data.train;
        let mut network = self.network.clone();
        let rate = self.options.rate;
        if self.options.portion == classes.len() {
            network = network.step(&network.mean_gradients(x, classes)?, rate)?;
        } else {
            self.order.shuffle(&mut self.rng);
            for rows in self.order.chunks(self.options.portion) {
                let Examples { x, classes } = self.data.train.select(rows);
                network = network.step(&network.mean_gradients(&x, &classes)?, rate)?;
            }
        }
        let before = std::mem::replace(&mut self.network, network);
        self.look().inspect_err(|_| self.network = before)
    }

    /// Notes the losses.
    fn look(&mut self) -> Result<()> {
        let loss = mean_loss(&self.network, &self.data.train)?;
        if let Some(examples) = &self.data.held_out {
            self.held_out.push(mean_loss(&self.network, examples)?);
        }
        self.losses.push(loss);
        Ok(())
    }

    /// How many examples of each class, a row each, the network gives to each class, a column
    /// each: of those that are held out, or, where none are, of all.
    pub fn confusion(&self) -> [[usize; 3]; 3] {
        let examples = self.data.held_out.as_ref().unwrap_or(&self.data.train);
        self.counts(examples)
    }

    /// How many of the examples to train on the network gives to their class.
    pub fn right(&self) -> usize {
        let counts = self.counts(&self.data.train);
        (0..3).map(|class| counts[class][class]).sum()
    }

    fn counts(&self, examples: &Examples) -> [[usize; 3]; 3] {
        let mut counts = [[0; 3]; 3];
        let mut way = Way::through(&self.network);
        for (n, class) in examples.classes.iter().enumerate() {
            let x = [examples.x[[n, 0]], examples.x[[n, 1]]];
            counts[*class][way.class(x)] += 1;
        }
        counts
    }
}

/// The mean loss of examples.
fn mean_loss(network: &Network, examples: &Examples) -> Result<f64> {
    let mut way = Way::through(network);
    let last = way.last;
    let (rows, inputs) = (examples.classes.len(), last.w().nrows());
    let mut x = Array2::zeros((rows, inputs));
    for n in 0..rows {
        way.go([examples.x[[n, 0]], examples.x[[n, 1]]]);
        for (i, a) in way.a.iter().enumerate() {
            x[[n, i]] = *a;
        }
    }
    let batch = Batch::of_classes(x, examples.classes.clone(), last.b().len())?;
    Ok(Pass::new(last, &batch)?.loss())
}

/// The way of one example through a network, in one set of buffers: the plane is asked at tens of
/// thousands of points.
pub(crate) struct Way<'a> {
    hidden: &'a [Layer],
    last: &'a Layer,
    activation: Activation,
    /// What enters the last layer.
    a: Vec<f64>,
    theta: Vec<f64>,
}

impl<'a> Way<'a> {
    pub(crate) fn through(network: &'a Network) -> Self {
        let layers = network.layers();
        let hidden = &layers[..layers.len() - 1];
        Self {
            hidden,
            last: &layers[hidden.len()],
            activation: network.activation(),
            a: Vec::new(),
            theta: Vec::new(),
        }
    }

    fn go(&mut self, x: [f64; 2]) {
        self.a.clear();
        self.a.extend(x);
        for layer in self.hidden {
            forward(layer, &self.a, &mut self.theta);
            let z = self.theta.iter();
            self.a.clear();
            self.a.extend(z.map(|z| self.activation.value(*z)));
        }
    }

    /// The class of the largest logit: it has the largest probability, too.
    pub(crate) fn class(&mut self, x: [f64; 2]) -> usize {
        self.go(x);
        forward(self.last, &self.a, &mut self.theta);
        let theta = &self.theta;
        (1..theta.len()).fold(0, |best, k| if theta[k] > theta[best] { k } else { best })
    }
}

/// `θ = Wᵀx + b`.
fn forward(layer: &Layer, x: &[f64], theta: &mut Vec<f64>) {
    let w = layer.w();
    theta.clear();
    theta.extend((0..w.ncols()).map(|k| {
        let sum: f64 = x.iter().enumerate().map(|(i, x)| w[[i, k]] * x).sum();
        sum + layer.b()[k]
    }));
}
