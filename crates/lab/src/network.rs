//! The book's network as a row of numbers, and all its values as another.

use ndarray::array;
use rand_pcg::Pcg32;
use rand_pcg::rand_core::SeedableRng;
use softmax_backprop::cross_entropy::d_y_hat;
use softmax_backprop::{Classifier, Error, Forward, Layer, Result, Target, softmax};

/// How many numbers a reader can set.
pub const NUMBERS: usize = 13;

/// How many values follow from them.
pub const VALUES: usize = 66;

/// Where each quantity begins in the row of [`Network::numbers`].
pub mod number {
    /// The inputs `x`, 2.
    pub const X: usize = 0;
    /// The weights `W` by rows, 6.
    pub const W: usize = 2;
    /// The biases `b`, 3.
    pub const B: usize = 8;
    /// The true class, counted from 0.
    pub const CLASS: usize = 11;
    /// The learning rate `η`.
    pub const RATE: usize = 12;
}

/// Where each quantity begins in the row of [`Values`].
pub mod value {
    /// The products `w_ik x_i` by rows, 6.
    pub const TERMS: usize = 0;
    /// The logits `θ`, 3.
    pub const THETA: usize = 6;
    /// `exp(θ)` as it stands, 3: ∞ where it leaves the range of `f64`. Softmax does not use it.
    pub const EXPS: usize = 9;
    /// Their sum `Σ`.
    pub const SUM: usize = 12;
    /// `log Σ`.
    pub const LOG_SUM: usize = 13;
    /// The probabilities `ŷ`, 3.
    pub const Y_HAT: usize = 14;
    /// The loss `J`.
    pub const LOSS: usize = 17;
    /// `∂J/∂ŷ`, 3: −∞ where the probability of the true class underflows; `δ` needs none of them.
    pub const D_Y_HAT: usize = 18;
    /// `∂ŷ/∂θ` by rows, 9.
    pub const JACOBIAN: usize = 21;
    /// `δ = ∂J/∂θ = ∂J/∂b`, 3.
    pub const DELTA: usize = 30;
    /// `∂J/∂W` by rows, 6.
    pub const D_W: usize = 33;
    /// `∂J/∂x`, 2.
    pub const D_X: usize = 39;
    /// The weights after one step, by rows, 6.
    pub const NEXT_W: usize = 41;
    /// The biases after one step, 3.
    pub const NEXT_B: usize = 47;
    /// The logits after one step, 3.
    pub const NEXT_THETA: usize = 50;
    /// The probabilities after one step, 3.
    pub const NEXT_Y_HAT: usize = 53;
    /// The loss after one step.
    pub const NEXT_LOSS: usize = 56;
    /// The label `y`, 3.
    pub const Y: usize = 57;
    /// The products `w_ik δ_k` by rows, 6: what comes back to `x_i` along each of its weights.
    pub const BACK: usize = 60;
}

/// All values, in the order of [`value`].
pub type Values = [f64; VALUES];

/// Two inputs, three classes, the true class and the learning rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// All numbers, in the order of [`number`].
    pub numbers: [f64; NUMBERS],
}

impl Network {
    /// The worked example of the book.
    pub const EXAMPLE: Self = Self {
        numbers: [
            0.6, -1.1, 0.2, -0.4, 0.1, 0.7, 0.3, -0.5, 0.1, -0.2, 0.3, 1.0, 0.5,
        ],
    };

    /// Forward, backward, one step, and forward again.
    ///
    /// # Errors
    ///
    /// As [`Layer::new`], [`Target::one_hot`], [`Classifier::forward`],
    /// [`Classifier::backward`] and [`Classifier::step`].
    pub fn values(&self) -> Result<Values> {
        let classifier = self.classifier()?;
        let forward = self.forward(&classifier)?;
        let gradients = classifier.backward(&forward)?;
        let d_y_hat = d_y_hat(&forward.y_hat, &forward.y)?;
        let jacobian = softmax::jacobian(&forward.y_hat);
        let stepped = classifier.step(&gradients, self.numbers[number::RATE])?;
        let again = self.forward(&stepped)?;

        let columns = forward.x.view().insert_axis(ndarray::Axis(1));
        let terms = classifier.layer().w() * &columns;
        let back = classifier.layer().w() * &gradients.b;
        let exps = forward.theta.as_array().mapv(f64::exp);
        let sum = exps.sum();
        let log_sum = sum.ln();

        let all = (terms.iter())
            .chain(forward.theta.as_array())
            .chain(&exps)
            .chain([&sum, &log_sum])
            .chain(forward.y_hat.as_array())
            .chain([&forward.loss])
            .chain(&d_y_hat)
            .chain(&jacobian)
            .chain(&gradients.b)
            .chain(&gradients.w)
            .chain(&gradients.x)
            .chain(stepped.layer().w())
            .chain(stepped.layer().b())
            .chain(again.theta.as_array())
            .chain(again.y_hat.as_array())
            .chain([&again.loss])
            .chain(forward.y.as_array())
            .chain(&back);
        let mut values = [0.0; VALUES];
        for (value, found) in values.iter_mut().zip(all) {
            *value = *found;
        }
        Ok(values)
    }

    /// The network after descent steps on its one example.
    ///
    /// # Errors
    ///
    /// As [`values`](Self::values).
    pub fn stepped(&self, steps: u32) -> Result<Self> {
        let mut classifier = self.classifier()?;
        for _ in 0..steps {
            let gradients = classifier.backward(&self.forward(&classifier)?)?;
            classifier = classifier.step(&gradients, self.numbers[number::RATE])?;
        }
        Ok(self.with(classifier.layer()))
    }

    /// The network with weights and biases drawn by [`Layer::uniform`].
    ///
    /// # Errors
    ///
    /// As [`Layer::uniform`].
    pub fn random(&self, seed: u32) -> Result<Self> {
        let mut rng = Pcg32::seed_from_u64(u64::from(seed));
        Ok(self.with(&Layer::uniform(2, 3, &mut rng)?))
    }

    fn classifier(&self) -> Result<Classifier> {
        let [_, _, w11, w12, w13, w21, w22, w23, b1, b2, b3, ..] = self.numbers;
        let w = array![[w11, w12, w13], [w21, w22, w23]];
        Ok(Classifier::new(Layer::new(w, array![b1, b2, b3])?))
    }

    fn forward(&self, classifier: &Classifier) -> Result<Forward> {
        let [x1, x2, .., class, _] = self.numbers;
        classifier.forward(&array![x1, x2], &Target::one_hot(index(class)?, 3)?)
    }

    fn with(&self, layer: &Layer) -> Self {
        let mut next = self.clone();
        let parameters = layer.w().iter().chain(layer.b());
        for (number, found) in next.numbers[number::W..].iter_mut().zip(parameters) {
            *number = *found;
        }
        next
    }
}

/// A class as an index. What is none, such as −1 or a half, is refused as no number.
fn index(class: f64) -> Result<usize> {
    let index = class as u32;
    if f64::from(index) == class {
        return Ok(index as usize);
    }
    Err(Error::NotFinite {
        what: "class",
        at: Vec::new(),
        found: f64::NAN,
    })
}
