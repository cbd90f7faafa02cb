//! The whole: a layer, softmax and cross-entropy, forward, backward and one step down.
//!
//! Worked through with numbers in the book's chapter *Example*.

use ndarray::{Array1, ArrayRef1};

use crate::cross_entropy::{Target, cross_entropy_from_logits, d_theta};
use crate::error::Result;
use crate::float::Float;
use crate::layer::{Gradients, Layer, Logits};
use crate::softmax::{Probabilities, softmax};

/// A softmax classifier: `J = CE(y, softmax(Wᵀx + b))`.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier<A = f64> {
    layer: Layer<A>,
}

/// What one forward pass went through, in order: `x → θ → ŷ → J`, with the target `y`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Forward<A = f64> {
    /// The inputs, shape (inputs).
    pub x: Array1<A>,
    /// The label, shape (classes).
    pub y: Target<A>,
    /// The logits, shape (classes).
    pub theta: Logits<A>,
    /// The probabilities, shape (classes).
    pub y_hat: Probabilities<A>,
    /// The loss, in nats.
    pub loss: A,
}

impl<A: Float> Classifier<A> {
    /// Takes a layer; its columns are the classes.
    pub fn new(layer: Layer<A>) -> Self {
        Self { layer }
    }

    /// The layer, with the weights and biases.
    pub fn layer(&self) -> &Layer<A> {
        &self.layer
    }

    /// The probabilities `ŷ = softmax(Wᵀx + b)` of the inputs `x`, shape (inputs).
    ///
    /// # Errors
    ///
    /// As [`Layer::forward`].
    pub fn predict(&self, x: &ArrayRef1<A>) -> Result<Probabilities<A>> {
        Ok(softmax(&self.layer.forward(x)?))
    }

    /// Every value from the inputs `x`, shape (inputs), to the loss `J` against the label `y`.
    ///
    /// # Errors
    ///
    /// As [`Layer::forward`], and [`Error::Shape`](crate::Error::Shape) where `y` has not one
    /// entry for each class.
    pub fn forward(&self, x: &ArrayRef1<A>, y: &Target<A>) -> Result<Forward<A>> {
        let theta = self.layer.forward(x)?;
        let y_hat = softmax(&theta);
        let loss = cross_entropy_from_logits(&theta, y)?;
        Ok(Forward {
            x: x.to_owned(),
            y: y.clone(),
            theta,
            y_hat,
            loss,
        })
    }

    /// Every gradient of the loss: `δ = ŷ − y`, then `∇W = x δᵀ`, `∇b = δ`, `∇x = W δ`.
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::{Classifier, Layer, Target};
    ///
    /// let classifier = Classifier::new(Layer::new(array![[0.0, 0.0]], array![0.0, 0.0])?);
    /// let forward = classifier.forward(&array![2.0], &Target::one_hot(0, 2)?)?;
    /// assert_eq!(forward.y_hat.as_array(), array![0.5, 0.5]);
    /// assert_eq!(forward.loss, 2_f64.ln());
    ///
    /// let gradients = classifier.backward(&forward)?;
    /// assert_eq!(gradients.b, array![-0.5, 0.5]); // ŷ − y
    /// assert_eq!(gradients.w, array![[-1.0, 1.0]]); // twice that, since x = 2
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// In the book: *The gradients of weights and biases*, (3.35).
    ///
    /// # Errors
    ///
    /// As [`Layer::backward`]: the pass must be one of a classifier of the same shape.
    pub fn backward(&self, forward: &Forward<A>) -> Result<Gradients<A>> {
        let d_theta = d_theta(&forward.y_hat, &forward.y)?;
        self.layer.backward(&forward.x, &d_theta)
    }

    /// The classifier one descent step further: `W − η ∇W` and `b − η ∇b`.
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::{Classifier, Gradients, Layer};
    ///
    /// let classifier = Classifier::new(Layer::new(array![[0.0, 0.0]], array![0.0, 0.0])?);
    /// let (w, b, x) = (array![[-1.0, 1.0]], array![-0.5, 0.5], array![0.0]);
    /// let stepped = classifier.step(&Gradients { w, b, x }, 0.5)?;
    /// assert_eq!(stepped.layer().w(), array![[0.5, -0.5]]);
    /// assert_eq!(stepped.layer().b(), array![0.25, -0.25]);
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Layer::step`].
    pub fn step(&self, gradients: &Gradients<A>, learning_rate: A) -> Result<Self> {
        Ok(Self::new(self.layer.step(gradients, learning_rate)?))
    }
}
