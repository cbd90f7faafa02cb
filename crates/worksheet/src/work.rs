//! The network with all its printed numbers: as the crate computes them, and as a pencil does.

use ndarray::{Array1, Array2, array};
use softmax_backprop::{Classifier, Layer, Result, Target};

use crate::digits::Digits;
use crate::stream::Stream;

/// How many decimals are kept on the way.
pub const DECIMALS: u32 = 4;

/// How many the loss and the new parameters are printed with.
pub const FEWER: u32 = 3;

/// What is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// The inputs `x`.
    pub x: [Digits; 2],
    /// The weights `W`, by rows.
    pub w: [Digits; 6],
    /// The biases `b`.
    pub b: [Digits; 3],
    /// The true class, counted from 0.
    pub class: usize,
    /// The learning rate `η`.
    pub rate: Digits,
}

/// All numbers of a sheet, as they are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// What is given.
    pub given: Given,
    /// The products `w_ik x_i`, by rows.
    pub terms: [Digits; 6],
    /// The logits `θ`.
    pub theta: [Digits; 3],
    /// Their exponentials.
    pub exps: [Digits; 3],
    /// The sum `Σ` of these.
    pub sum: Digits,
    /// The probabilities `ŷ`.
    pub y_hat: [Digits; 3],
    /// The loss `J`, in nats.
    pub loss: Digits,
    /// `δ = ŷ − y`.
    pub delta: [Digits; 3],
    /// `∇W`, by rows.
    pub d_w: [Digits; 6],
    /// `∇b`.
    pub d_b: [Digits; 3],
    /// The weights after a step, by rows.
    pub next_w: [Digits; 6],
    /// The biases after a step.
    pub next_b: [Digits; 3],
}

impl Given {
    /// Draws a network in tenths.
    pub fn draw(stream: &mut Stream) -> Self {
        Self {
            x: std::array::from_fn(|_| stream.tenths(15)),
            w: std::array::from_fn(|_| stream.tenths(9)),
            b: std::array::from_fn(|_| stream.tenths(5)),
            class: stream.below(3),
            rate: Digits::new([5, 10][stream.below(2)], 1),
        }
    }

    /// An entry of the label `y`.
    pub fn y(&self, class: usize) -> Digits {
        Digits::new(i64::from(class == self.class), 0)
    }

    /// As the crate takes them: the network, its input and its label.
    ///
    /// # Errors
    ///
    /// As [`Layer::new`] and [`Target::one_hot`].
    pub fn network(&self) -> Result<(Classifier, Array1<f64>, Target)> {
        let [w11, w12, w13, w21, w22, w23] = self.w.map(Digits::value);
        let w = array![[w11, w12, w13], [w21, w22, w23]];
        let b = Array1::from_iter(self.b.map(Digits::value));
        let x = Array1::from_iter(self.x.map(Digits::value));
        let classifier = Classifier::new(Layer::new(w, b)?);
        Ok((classifier, x, Target::one_hot(self.class, 3)?))
    }
}

/// All of `numbers`, if none is missing.
pub fn all<const N: usize>(number: impl FnMut(usize) -> Option<Digits>) -> Option<[Digits; N]> {
    let mut found = [Digits::default(); N];
    for (place, number) in (0..N).map(number).enumerate() {
        found[place] = number?;
    }
    Some(found)
}

impl Work {
    /// What the crate computes, rounded; none where a number lies too near to the middle of two.
    ///
    /// # Errors
    ///
    /// As [`Given::network`], [`Classifier::forward`], [`Classifier::backward`] and
    /// [`Classifier::step`].
    pub fn of_crate(given: Given) -> Result<Option<Self>> {
        let (classifier, x, y) = given.network()?;
        let forward = classifier.forward(&x, &y)?;
        let gradients = classifier.backward(&forward)?;
        let stepped = classifier.step(&gradients, given.rate.value())?;
        let exps = forward.theta.as_array().mapv(f64::exp);
        let terms = classifier.layer().w() * &x.insert_axis(ndarray::Axis(1));

        let row = |values: &Array1<f64>, decimals| all(|k| Digits::near(values[k], decimals));
        let table = |values: &Array2<f64>, decimals| {
            all(|k| Digits::near(values[[k / 3, k % 3]], decimals))
        };
        let printed = || {
            Some(Self {
                given,
                terms: table(&terms, 2)?,
                theta: row(forward.theta.as_array(), 2)?,
                exps: row(&exps, DECIMALS)?,
                sum: Digits::near(exps.sum(), DECIMALS)?,
                y_hat: row(forward.y_hat.as_array(), DECIMALS)?,
                loss: Digits::near(forward.loss, FEWER)?,
                delta: row(&gradients.b, DECIMALS)?,
                d_w: table(&gradients.w, DECIMALS)?,
                d_b: row(&gradients.b, DECIMALS)?,
                next_w: table(stepped.layer().w(), FEWER)?,
                next_b: row(stepped.layer().b(), FEWER)?,
            })
        };
        Ok(printed())
    }

    /// What a pencil and a calculator make of it, each number from the digits printed before.
    pub fn by_pencil(given: Given) -> Option<Self> {
        let mut work = Self {
            given,
            ..Self::default()
        };
        work.logits();
        work.probabilities()?;
        work.from_probabilities()?;
        Some(work)
    }

    fn logits(&mut self) {
        let Given { x, w, b, .. } = self.given;
        self.terms = std::array::from_fn(|place| w[place].times(x[place / 3]));
        self.theta = std::array::from_fn(|k| self.terms[k].plus(self.terms[k + 3]).plus(b[k]));
    }

    fn probabilities(&mut self) -> Option<()> {
        self.exps = all(|k| Digits::near(self.theta[k].value().exp(), DECIMALS))?;
        self.sum = self.exps[0].plus(self.exps[1]).plus(self.exps[2]);
        let sum = self.sum.value();
        self.y_hat = all(|k| Digits::near(self.exps[k].value() / sum, DECIMALS))?;
        Some(())
    }

    /// All that follows from the probabilities.
    pub fn from_probabilities(&mut self) -> Option<()> {
        self.loss = Digits::near(-self.y_hat[self.given.class].value().ln(), FEWER)?;
        self.delta = std::array::from_fn(|k| self.y_hat[k].minus(self.given.y(k)));
        self.from_delta()
    }

    /// All that follows from `δ`.
    pub fn from_delta(&mut self) -> Option<()> {
        self.d_w = all(|k| {
            self.given.x[k / 3]
                .times(self.delta[k % 3])
                .rounded(DECIMALS)
        })?;
        self.d_b = self.delta;
        self.from_gradients()
    }

    /// All that follows from the gradients.
    pub fn from_gradients(&mut self) -> Option<()> {
        let Given { w, b, rate, .. } = self.given;
        self.next_w = all(|k| w[k].minus(rate.times(self.d_w[k])).rounded(FEWER))?;
        self.next_b = all(|k| b[k].minus(rate.times(self.d_b[k])).rounded(FEWER))?;
        Some(())
    }

    /// Whether the numbers are kind: no class is nearly certain or nearly impossible, no two logits
    /// are nearly alike, no input hides a product or looks like the other, and the printed
    /// probabilities sum to 1 to the last digit.
    pub fn is_kind(&self) -> bool {
        let [p, q, r] = self.y_hat;
        let [a, b, c] = self.theta.map(Digits::value);
        let [x1, x2] = self.given.x.map(|x| x.value().abs());
        let in_between = |p: Digits| (0.05..=0.85).contains(&p.value());
        let are_apart = |a: f64, b: f64| (a - b).abs() >= 0.2;
        p.plus(q).plus(r) == Digits::new(10_000, DECIMALS)
            && self.y_hat.into_iter().all(in_between)
            && are_apart(a, b)
            && are_apart(b, c)
            && are_apart(a, c)
            && x1 != x2
            && x1 != 1.0
            && x2 != 1.0
    }

    /// Draws networks until the numbers are kind and a pencil arrives at those of the crate; none
    /// where this takes too long.
    ///
    /// # Errors
    ///
    /// As [`Work::of_crate`].
    pub fn draw(stream: &mut Stream) -> Result<Option<Self>> {
        for _ in 0..ATTEMPTS {
            let Some(work) = Self::by_pencil(Given::draw(stream)).filter(Self::is_kind) else {
                continue;
            };
            if Self::of_crate(work.given)? == Some(work) {
                return Ok(Some(work));
            }
        }
        Ok(None)
    }
}

/// So many networks are drawn for one sheet at most. One in about sixty will do.
pub const ATTEMPTS: usize = 10_000;
