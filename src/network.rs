//! A network with hidden layers: `x → z → a → θ → ŷ → J`, forward, backward and one step down.
//!
//! Derived in the book's page *A hidden layer that is one*.
//!
//! Two classes that no straight line parts, the corners of a square with their opposites. Two hidden
//! units suffice, one that counts the ones and one that sees both:
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::Layer;
//! use softmax_backprop::network::{Activation, Network};
//!
//! let hidden = Layer::new(array![[1.0, 1.0], [1.0, 1.0]], array![0.0, -1.0])?;
//! let last = Layer::new(array![[0.0, 8.0], [0.0, -16.0]], array![0.0, -4.0])?;
//! let network = Network::new(vec![hidden, last], Activation::Relu)?;
//! for (x_1, x_2, differ) in [(0.0, 0.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 1), (1.0, 1.0, 0)] {
//!     assert!(network.predict(&array![x_1, x_2])?[differ] > 0.98);
//! }
//! # Ok::<(), softmax_backprop::Error>(())
//! ```

use alloc::{vec, vec::Vec};
use core::mem;

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};
#[cfg(feature = "rand")]
use rand::Rng;

use crate::batch::{self, Batch};
use crate::check;
use crate::cross_entropy::{Target, cross_entropy_from_logits, d_theta};
use crate::error::{Error, Result};
use crate::float::Float;
use crate::layer::{Gradients, Layer, Logits};
use crate::softmax::{Probabilities, softmax};

/// What a hidden unit does with its weighted sum `z`: `a = φ(z)`.
///
/// Without it two layers would be one: a weighted sum of weighted sums is a weighted sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Activation {
    /// The hyperbolic tangent, `φ(z) = tanh z`: between −1 and 1.
    Tanh,
    /// The rectified linear unit, `φ(z) = max(0, z)`.
    Relu,
}

impl Activation {
    /// `φ(z)`; NaN of NaN.
    ///
    /// In the book: *A hidden layer that is one*, (12.2) and (12.3).
    pub fn value<A: Float>(self, z: A) -> A {
        match self {
            Self::Tanh => z.tanh(),
            // The larger of two numbers, one of them none, would be the other.
            Self::Relu if z.is_nan() => z,
            Self::Relu => z.max(A::zero()),
        }
    }

    /// `φ′(z)`: `1 − tanh² z`, or 1 above 0 and 0 below; NaN of NaN.
    ///
    /// `1 − tanh² z` is computed as `(2 / (eᶻ + e⁻ᶻ))²`: the difference has no digit left where
    /// `tanh z` rounds to ±1.
    ///
    /// ReLU has a corner at exactly 0, and no derivative there. This function returns 0.
    ///
    /// ```
    /// use softmax_backprop::network::Activation::{Relu, Tanh};
    ///
    /// assert_eq!([-2.0, 0.0, 2.0].map(|z| Relu.slope(z)), [0.0, 0.0, 1.0]);
    /// assert_eq!(Tanh.slope(0.0), 1.0);
    /// // tanh 20 rounds to 1, and its slope is 4 e⁻⁴⁰.
    /// assert_eq!(Tanh.value(20.0), 1.0);
    /// assert!((Tanh.slope(20.0) / (4.0 * (-40_f64).exp()) - 1.0).abs() < 1e-15);
    /// ```
    ///
    /// In the book: *A hidden layer that is one*, (12.2) and (12.3).
    pub fn slope<A: Float>(self, z: A) -> A {
        match self {
            Self::Tanh => {
                let e = (-z.abs()).exp();
                (A::of(2.0) * e / (A::one() + e * e)).powi(2)
            }
            Self::Relu if z.is_nan() => z,
            Self::Relu if z > A::zero() => A::one(),
            Self::Relu => A::zero(),
        }
    }
}

/// Layers in a row, with the same activation after each but the last. The last gives the logits.
///
/// With one layer it is a [`Classifier`](crate::Classifier).
#[derive(Debug, Clone, PartialEq)]
pub struct Network<A = f64> {
    layers: Vec<Layer<A>>,
    activation: Activation,
}

/// What one forward pass went through, kept for the way back.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pass<A = f64> {
    /// What entered each layer: `x` first, then the `a = φ(z)` of each hidden layer.
    pub inputs: Vec<Array1<A>>,
    /// The weighted sums `z` of each hidden layer.
    pub z: Vec<Array1<A>>,
    /// The label, shape (classes).
    pub y: Target<A>,
    /// The logits, shape (classes).
    pub theta: Logits<A>,
    /// The probabilities, shape (classes).
    pub y_hat: Probabilities<A>,
    /// The loss, in nats.
    pub loss: A,
}

/// What the inputs alone decide: what entered each layer, the sums of the hidden ones, the logits.
struct Run<A> {
    inputs: Vec<Array1<A>>,
    z: Vec<Array1<A>>,
    theta: Logits<A>,
}

impl<A: Float> Network<A> {
    /// Takes layers, from the inputs to the logits.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without layers, [`Error::Shape`] where a layer has not one row for each
    /// column of the layer before.
    pub fn new(layers: Vec<Layer<A>>, activation: Activation) -> Result<Self> {
        if layers.is_empty() {
            return Err(Error::Empty { what: "layers" });
        }
        for pair in layers.windows(2) {
            let (before, w) = (pair[0].w(), pair[1].w());
            check::shape("w", &[before.ncols(), w.ncols()], w.shape())?;
        }
        Ok(Self { layers, activation })
    }

    /// The layers, from the inputs to the logits.
    pub fn layers(&self) -> &[Layer<A>] {
        &self.layers
    }

    /// What the hidden units do with their sums.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// The probabilities `ŷ` of the inputs `x`, shape (inputs).
    ///
    /// # Errors
    ///
    /// As [`Layer::forward`].
    pub fn predict(&self, x: &ArrayRef1<A>) -> Result<Probabilities<A>> {
        Ok(softmax(&self.run(x)?.theta))
    }

    /// Every value from the inputs `x`, shape (inputs), to the loss `J` against the label `y`:
    /// in each hidden layer `z = Wᵀx + b` and `a = φ(z)`, which is the next layer's `x`.
    ///
    /// In the book: *A hidden layer that is one*, (12.4) to (12.7).
    ///
    /// # Errors
    ///
    /// As [`Layer::forward`], and [`Error::Shape`] where `y` has not one entry for each class.
    pub fn forward(&self, x: &ArrayRef1<A>, y: &Target<A>) -> Result<Pass<A>> {
        let Run { inputs, z, theta } = self.run(x)?;
        let y_hat = softmax(&theta);
        let loss = cross_entropy_from_logits(&theta, y)?;
        Ok(Pass {
            inputs,
            z,
            y: y.clone(),
            theta,
            y_hat,
            loss,
        })
    }

    fn run(&self, x: &ArrayRef1<A>) -> Result<Run<A>> {
        let Some((first, others)) = self.layers.split_first() else {
            return Err(Error::Empty { what: "layers" });
        };
        let mut inputs = vec![x.to_owned()];
        let mut sums = Vec::new();
        let mut theta = first.forward(x)?;
        for layer in others {
            // What the layer before gave was no logits yet, but weighted sums of a hidden layer.
            let z = theta.as_array().clone();
            let a = z.mapv(|z| self.activation.value(z));
            theta = layer.forward(&a)?;
            sums.push(z);
            inputs.push(a);
        }
        Ok(Run {
            inputs,
            z: sums,
            theta,
        })
    }

    /// Every gradient of the loss, one entry for each layer.
    ///
    /// Begins with `δ = ŷ − y` at the last layer. The `∇x` of a layer is the `∇a` of the
    /// layer before, whose `δ` is `φ′(z) ⊙ ∇a`.
    ///
    /// In the book: *A hidden layer that is one*, (12.8) to (12.12).
    ///
    /// # Errors
    ///
    /// As [`Layer::backward`], and [`Error::Shape`]: the pass must be one of a network of the
    /// same shape.
    pub fn backward(&self, pass: &Pass<A>) -> Result<Vec<Gradients<A>>> {
        check::shape("pass", &[self.layers.len()], &[pass.inputs.len()])?;
        let mut delta = d_theta(&pass.y_hat, &pass.y)?;
        let mut hidden = pass.z.iter().rev();
        let mut gradients = Vec::with_capacity(self.layers.len());
        for (layer, x) in self.layers.iter().zip(&pass.inputs).rev() {
            let of_layer = layer.backward(x, &delta)?;
            if let Some(z) = hidden.next() {
                check::shape("z", of_layer.x.shape(), z.shape())?;
                // Zero times a negative number is −0, and the sum makes it 0.
                delta = z.mapv(|z| self.activation.slope(z)) * &of_layer.x + A::zero();
            }
            gradients.push(of_layer);
        }
        gradients.reverse();
        Ok(gradients)
    }

    /// The mean of the gradients over a set of examples: the gradient of the mean loss.
    ///
    /// `xs` has one example in each row, shape (examples × inputs); `classes` are their labels,
    /// counted from 0. A layer multiplies all rows at once, `Z = XW + 1bᵀ`, and the last layer is
    /// a pass over a [`Batch`] whose inputs are those that the hidden layers made.
    ///
    /// In the book: *A hidden layer that is one*, (12.13) to (12.15).
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without examples, [`Error::Shape`] where `xs` has not one column for each
    /// input, or `classes` not one entry for each row, [`Error::ClassOutOfRange`] with the example,
    /// [`Error::NotFinite`] at a NaN or an infinity in `xs`, or in what is computed of them.
    pub fn mean_gradients(
        &self,
        xs: &ArrayRef2<A>,
        classes: &[usize],
    ) -> Result<Vec<Gradients<A>>> {
        check::finite("xs", xs)?;
        check::shape("classes", &[xs.nrows()], &[classes.len()])?;
        let Some((last, hidden)) = self.layers.split_last() else {
            return Err(Error::Empty { what: "layers" });
        };
        let inputs = self.layers[0].w().nrows();
        check::shape("xs", &[xs.nrows(), inputs], xs.shape())?;

        let mut x = xs.to_owned();
        let mut runs = Vec::with_capacity(hidden.len());
        for layer in hidden {
            let z = x.dot(layer.w()) + layer.b();
            check::finite("z", &z)?;
            let a = z.mapv(|z| self.activation.value(z));
            runs.push((layer, mem::replace(&mut x, a), z));
        }
        let batch = Batch::of_classes(x, classes.to_vec(), last.b().len())?;
        let pass = batch::Pass::new(last, &batch)?;

        let mut delta = pass.d_theta().clone();
        let mut gradients = vec![means(last, pass.d_w().clone(), pass.d_b().clone())?];
        let mut above = last;
        for (layer, x, z) in runs.into_iter().rev() {
            delta = z.mapv(|z| self.activation.slope(z)) * delta.dot(&above.w().t());
            gradients.push(means(layer, x.t().dot(&delta), delta.sum_axis(Axis(0)))?);
            above = layer;
        }
        gradients.reverse();
        Ok(gradients)
    }

    /// The network one descent step further: each layer by [`Layer::step`].
    ///
    /// # Errors
    ///
    /// As [`Layer::step`], and [`Error::Shape`] where there is not one entry of `gradients` for
    /// each layer.
    pub fn step(&self, gradients: &[Gradients<A>], learning_rate: A) -> Result<Self> {
        check::shape("gradients", &[self.layers.len()], &[gradients.len()])?;
        let pairs = self.layers.iter().zip(gradients);
        let layers = pairs.map(|(layer, of_layer)| layer.step(of_layer, learning_rate));
        Self::new(layers.collect::<Result<_>>()?, self.activation)
    }
}

/// The mean gradients of one layer. A mean of `∇x = W δ` is `W` times the mean of `δ`, which is `∇b`.
fn means<A: Float>(layer: &Layer<A>, w: Array2<A>, b: Array1<A>) -> Result<Gradients<A>> {
    let x = layer.w().dot(&b);
    check::finite("d_w", &w)?;
    check::finite("d_b", &b)?;
    check::finite("d_x", &x)?;
    Ok(Gradients { w, b, x })
}

#[cfg(feature = "rand")]
impl Network {
    /// Draws the weights of each layer by [`Layer::glorot`]; the biases are 0.
    ///
    /// `sizes` are the numbers of inputs, of units in each hidden layer, and of classes:
    /// `[2, 16, 3]` has one hidden layer of 16 units.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] where one of the sizes is 0, or fewer than two are given,
    /// [`Error::TooLarge`] where the memory does not hold so many weights.
    pub fn random<R: Rng + ?Sized>(
        sizes: &[usize],
        activation: Activation,
        rng: &mut R,
    ) -> Result<Self> {
        let hidden = sizes.iter().skip(1).rev().skip(1);
        if hidden.copied().any(|units| units == 0) {
            return Err(Error::Empty {
                what: "hidden layer",
            });
        }
        let pairs = sizes.windows(2);
        let layers = pairs.map(|pair| Layer::glorot(pair[0], pair[1], rng));
        Self::new(layers.collect::<Result<_>>()?, activation)
    }
}
