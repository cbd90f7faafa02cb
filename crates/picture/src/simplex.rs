//! The triangle of three probabilities, and beside it the plane of inputs.

mod numbers;
mod plane;
mod triangle;

use ndarray::{Array1, Array2, array};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::{
    Error, Layer, Logits, Probabilities, Result, Target, cross_entropy_from_logits, softmax,
};

use crate::draw::Point;

/// How many numbers a reader can set.
pub const NUMBERS: usize = 16;

/// Where each quantity begins in the row of [`Simplex::numbers`].
pub mod number {
    /// The inputs `x`, 2.
    pub const X: usize = 0;
    /// The weights `W` by rows, 6.
    pub const W: usize = 2;
    /// The biases `b`, 3.
    pub const B: usize = 8;
    /// The label `y`, 3.
    pub const Y: usize = 11;
    /// The temperature `T`.
    pub const T: usize = 14;
    /// The learning rate `η`.
    pub const RATE: usize = 15;
}

/// The largest logit that a change leaves, up or down.
const MOST: f64 = 8.0;

/// A probability that is dragged stays this far from 0, where no logits are.
const LEAST: f64 = 0.002;

/// A share of a label that is dragged below this is 0.
const SNAP: f64 = 0.025;

/// How many steps of descent are drawn.
const STEPS: usize = 40;

/// A network with two inputs, a label of three classes, a temperature and a learning rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Simplex {
    /// All numbers, in the order of [`number`].
    pub numbers: [f64; NUMBERS],
}

/// What follows from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The logits `θ`.
    pub theta: [f64; 3],
    /// The probabilities `ŷ`, of `θ / T`.
    pub y_hat: [f64; 3],
    /// The label `y`.
    pub y: [f64; 3],
    /// `ŷ − y`.
    pub delta: [f64; 3],
    /// Its length.
    pub length: f64,
    /// The loss `J`.
    pub loss: f64,
}

/// What a reader can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Sets a logit, by its bias.
    Logit(usize, f64),
    /// Sets a share of the label; the others keep their proportion.
    Share(usize, f64),
    /// Sets an input.
    Input(usize, f64),
    /// Sets the temperature.
    Temperature(f64),
    /// Sets the learning rate.
    Rate(f64),
    /// Drags the output to a place of the triangle.
    Output(Point),
    /// Drags the label to a place of the triangle.
    Label(Point),
    /// Drags the input to a place of the plane.
    Place(Point),
    /// Takes a step of descent.
    Step,
}

impl Change {
    /// The change that a page asks for by a number, with two more to say how. None where there is none.
    pub fn of(what: u32, a: f64, b: f64) -> Option<Self> {
        Some(match what {
            0..=2 => Self::Logit(what as usize, a),
            3..=5 => Self::Share(what as usize - 3, a),
            6..=7 => Self::Input(what as usize - 6, a),
            8 => Self::Temperature(a),
            9 => Self::Rate(a),
            10 => Self::Output((a, b)),
            11 => Self::Label((a, b)),
            12 => Self::Place((a, b)),
            13 => Self::Step,
            _ => return None,
        })
    }
}

/// The network, its label and what scales its logits.
struct State {
    x: Array1<f64>,
    layer: Layer,
    y: Target,
    t: f64,
    rate: f64,
}

impl State {
    /// The logits over the temperature: softmax and the loss are of these.
    fn scaled(&self) -> Result<Logits> {
        Logits::new(self.layer.forward(&self.x)?.as_array() / self.t)
    }

    fn y_hat(&self) -> Result<Probabilities> {
        Ok(softmax(&self.scaled()?))
    }

    /// One step of descent, (4.27) and (4.29), with the gradient of (14.4).
    fn stepped(self) -> Result<Self> {
        let gradient = d_theta(&self.y_hat()?, &self.y)? / self.t;
        let gradients = self.layer.backward(&self.x, &gradient)?;
        let layer = self.layer.step(&gradients, self.rate)?;
        Ok(Self { layer, ..self })
    }
}

impl Simplex {
    /// The worked example of the book.
    pub const EXAMPLE: Self = Self {
        numbers: [
            0.6, -1.1, 0.2, -0.4, 0.1, 0.7, 0.3, -0.5, 0.1, -0.2, 0.3, 0.0, 1.0, 0.0, 1.0, 0.5,
        ],
    };

    fn three(&self, start: usize) -> [f64; 3] {
        [0, 1, 2].map(|k| self.numbers[start + k])
    }

    fn state(&self) -> Result<State> {
        let numbers = &self.numbers;
        let w = Array2::from_shape_fn((2, 3), |(i, k)| numbers[number::W + 3 * i + k]);
        let [t, rate] = [number::T, number::RATE].map(|at| numbers[at]);
        for (what, found) in [("temperature", t), ("learning rate", rate)] {
            if !(found.is_finite() && found > 0.0) {
                return Err(Error::NotPositive { what, found });
            }
        }
        Ok(State {
            x: array![numbers[number::X], numbers[number::X + 1]],
            layer: Layer::new(w, Array1::from_iter(self.three(number::B)))?,
            y: Target::distribution(Array1::from_iter(self.three(number::Y)))?,
            t,
            rate,
        })
    }

    /// All values.
    ///
    /// # Errors
    ///
    /// Where a number is not finite, the label no distribution, temperature or rate not above 0.
    pub fn values(&self) -> Result<Values> {
        let state = self.state()?;
        let y_hat = state.y_hat()?;
        let delta = d_theta(&y_hat, &state.y)?;
        let three = |row: &Array1<f64>| [row[0], row[1], row[2]];
        Ok(Values {
            theta: three(state.layer.forward(&state.x)?.as_array()),
            y_hat: three(y_hat.as_array()),
            y: self.three(number::Y),
            delta: three(&delta),
            length: delta.dot(&delta).sqrt(),
            loss: cross_entropy_from_logits(&state.scaled()?, &state.y)?,
        })
    }

    /// The way of the output in [`STEPS`] steps of descent.
    fn way(&self) -> Result<Vec<[f64; 3]>> {
        let mut state = self.state()?;
        let mut way = Vec::new();
        for _ in 0..=STEPS {
            let y_hat = state.y_hat()?;
            way.push([y_hat[0], y_hat[1], y_hat[2]]);
            state = state.stepped()?;
        }
        Ok(way)
    }

    /// The state after a change.
    ///
    /// # Errors
    ///
    /// As [`Simplex::values`].
    pub fn changed(&self, change: Change) -> Result<Self> {
        let mut next = self.clone();
        match change {
            Change::Logit(k, to) => next.numbers[number::B + k] += to - self.values()?.theta[k],
            Change::Share(k, to) => next.set_label(shared(self.three(number::Y), k, to)),
            Change::Input(i, to) => next.numbers[number::X + i] = to,
            Change::Temperature(to) => next.numbers[number::T] = to,
            Change::Rate(to) => next.numbers[number::RATE] = to,
            Change::Output(place) => next.set_output(triangle::at(place))?,
            Change::Label(place) => next.set_label(snapped(triangle::at(place))),
            Change::Place(place) => {
                let (x1, x2) = plane::at(place);
                next.numbers[number::X..number::X + 2].copy_from_slice(&[rounded(x1), rounded(x2)]);
            }
            Change::Step => {
                let layer = self.state()?.stepped()?.layer;
                for (number, found) in next.numbers[number::W..]
                    .iter_mut()
                    .zip(layer.w().iter().chain(layer.b()))
                {
                    *number = *found;
                }
            }
        }
        Ok(next)
    }

    fn set_label(&mut self, y: [f64; 3]) {
        self.numbers[number::Y..number::Y + 3].copy_from_slice(&y);
    }

    /// Moves the biases so that the output is `p`, as near as its logits may be. Their mean stays.
    fn set_output(&mut self, p: [f64; 3]) -> Result<()> {
        let theta = self.values()?.theta;
        let logs = p.map(|p| self.numbers[number::T] * p.max(LEAST).ln());
        let mean = |row: [f64; 3]| row.iter().sum::<f64>() / 3.0;
        let shift = mean(theta) - mean(logs);
        for k in 0..3 {
            let to = (logs[k] + shift).clamp(-MOST, MOST);
            let bias = &mut self.numbers[number::B + k];
            *bias = rounded(*bias + to - theta[k]);
        }
        Ok(())
    }

    /// The triangle as SVG. `id` is unique in the book.
    ///
    /// # Errors
    ///
    /// As [`Simplex::values`].
    pub fn triangle(&self, id: &str) -> Result<String> {
        Ok(triangle::draw(id, &self.values()?, &self.way()?))
    }

    /// The plane of inputs as SVG. `id` is unique in the book.
    ///
    /// # Errors
    ///
    /// As [`Simplex::values`].
    pub fn plane(&self, id: &str) -> Result<String> {
        let state = self.state()?;
        Ok(plane::draw(id, &state.layer, (state.x[0], state.x[1])))
    }

    /// The numbers of both, as HTML.
    ///
    /// # Errors
    ///
    /// As [`Simplex::values`].
    pub fn table(&self) -> Result<String> {
        Ok(numbers::table(&self.values()?, self.numbers[number::T]))
    }

    /// What is said aloud after a change.
    ///
    /// # Errors
    ///
    /// As [`Simplex::values`].
    pub fn said(&self) -> Result<String> {
        Ok(numbers::said(&self.values()?))
    }
}

/// To less than a pixel, so that a link stays short.
fn rounded(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

/// A label with one share set, to three decimals; the others take what is left in the proportion that they have, or
/// alike where they are 0.
fn shared(y: [f64; 3], k: usize, to: f64) -> [f64; 3] {
    let (i, j) = ((k + 1) % 3, (k + 2) % 3);
    let part = match y[i] + y[j] {
        rest if rest > 0.0 => y[i] / rest,
        _ => 0.5,
    };
    let to = rounded(to);
    let mut label = [to; 3];
    label[i] = rounded((1.0 - to) * part);
    label[j] = rounded(1.0 - to - label[i]);
    label
}

/// A distribution with two decimals; what is nearly 0 is 0.
fn snapped(p: [f64; 3]) -> [f64; 3] {
    let p = p.map(|p| match p < SNAP {
        true => 0.0,
        false => (p * 100.0).round() / 100.0,
    });
    // The largest takes what is left: it is above a third.
    let largest = (1..3).fold(0, |most, k| if p[k] > p[most] { k } else { most });
    let others: f64 = (0..3).filter(|k| *k != largest).map(|k| p[k]).sum();
    let mut label = p;
    label[largest] = ((1.0 - others) * 100.0).round() / 100.0;
    label
}
