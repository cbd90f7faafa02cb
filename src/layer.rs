//! Parameters: from the inputs to the logits, `θ = Wᵀx + b`.
//!
//! Derived in the book's pages *FCNN structure* and *The gradients of weights and biases*.

use core::{fmt, ops::Index};

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};
#[cfg(feature = "rand")]
use rand::{Rng, RngExt};

#[cfg(all(feature = "rand", not(feature = "std")))]
use num_traits::Float as _;

use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::vector::checked_vector;

/// The logits `θ`: one number for each class, before softmax.
///
/// Any finite vector will do. Logits are not probabilities: they may be negative, and adding
/// the same number to all of them changes nothing that follows. A logit of −∞ is a mask: its class
/// has the probability 0, whatever the others are, and no gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits<A = f64>(Array1<A>);

impl<A: Float> Logits<A> {
    /// Takes a vector of logits.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without entries, [`Error::NotFinite`] at a NaN or ∞, [`Error::AllMasked`]
    /// where all entries are −∞.
    pub fn new(theta: Array1<A>) -> Result<Self> {
        check::logits("theta", &theta)?;
        if theta.iter().all(|theta_i| *theta_i == A::neg_infinity()) {
            return Err(Error::AllMasked { what: "theta" });
        }
        Ok(Self(theta))
    }

    /// Takes weighted sums, none of which may have left the range of the numbers.
    pub(crate) fn finite(theta: Array1<A>) -> Result<Self> {
        check::finite("theta", &theta)?;
        Ok(Self(theta))
    }
}

checked_vector!(Logits, new);

/// The weights `W`, shape (inputs × classes), and biases `b`, shape (classes).
///
/// `W[i, k]` is the weight from input `i` to class `k`.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer<A = f64> {
    w: Array2<A>,
    b: Array1<A>,
}

/// The gradients of a loss `J`, each of the same shape as what it is the gradient of.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients<A = f64> {
    /// `∇W`, shape (inputs × classes).
    pub w: Array2<A>,
    /// `∇b`, shape (classes).
    pub b: Array1<A>,
    /// `∇x`, shape (inputs).
    pub x: Array1<A>,
}

impl<A: Float> Layer<A> {
    /// Takes weights and biases.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without inputs or classes, [`Error::Shape`] where `b` has not one entry
    /// for each column of `W`, [`Error::NotFinite`] at a NaN or an infinity.
    pub fn new(w: Array2<A>, b: Array1<A>) -> Result<Self> {
        check::finite("w", &w)?;
        check::shape("b", &[w.ncols()], b.shape())?;
        check::finite("b", &b)?;
        // Row by row in memory, as all that reads it expects.
        let w = w.as_standard_layout().into_owned();
        let b = b.as_standard_layout().into_owned();
        Ok(Self { w, b })
    }

    /// Weights and biases of 0, of a shape that some layer has.
    pub(crate) fn zeros((inputs, classes): (usize, usize)) -> Self {
        Self {
            w: Array2::zeros((inputs, classes)),
            b: Array1::zeros(classes),
        }
    }

    /// The same layer in another kind of numbers, each parameter the nearest.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] where a parameter leaves their range.
    pub fn cast<B: Float>(&self) -> Result<Layer<B>> {
        let nearest = |parameter: &A| B::of((*parameter).into());
        Layer::new(self.w.map(nearest), self.b.map(nearest))
    }

    /// The weights `W`, shape (inputs × classes).
    pub fn w(&self) -> &Array2<A> {
        &self.w
    }

    /// The biases `b`, shape (classes).
    pub fn b(&self) -> &Array1<A> {
        &self.b
    }

    /// The logits `θ = Wᵀx + b` of the inputs `x`, shape (inputs).
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::Layer;
    ///
    /// let layer = Layer::new(array![[1.0, 2.0], [3.0, 4.0]], array![0.5, -0.5])?;
    /// let theta = layer.forward(&array![1.0, -1.0])?;
    /// assert_eq!(theta.as_array(), array![-1.5, -2.5]); // 1 − 3 + 0.5, 2 − 4 − 0.5
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// In the book: *FCNN structure*, (2.3).
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where `x` has not one entry for each row of `W`, [`Error::NotFinite`]
    /// at a NaN or an infinity in `x`, or in a logit one of whose terms leaves the range of the numbers.
    pub fn forward(&self, x: &ArrayRef1<A>) -> Result<Logits<A>> {
        check::shape("x", &[self.w.nrows()], x.shape())?;
        check::finite("x", x)?;
        Logits::finite(self.w.t().dot(x) + &self.b)
    }

    /// The gradients `∇W = x δᵀ`, `∇b = δ` and `∇x = W δ`, from the inputs `x`,
    /// shape (inputs), and the gradient of the logits `δ = ∇θ`, shape (classes).
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::Layer;
    ///
    /// let layer = Layer::new(array![[1.0, 2.0], [3.0, 4.0]], array![0.5, -0.5])?;
    /// let gradients = layer.backward(&array![10.0, 100.0], &array![1.0, -1.0])?;
    /// assert_eq!(gradients.w, array![[10.0, -10.0], [100.0, -100.0]]); // x δᵀ
    /// assert_eq!(gradients.b, array![1.0, -1.0]); // δ
    /// assert_eq!(gradients.x, array![-1.0, -1.0]); // W δ
    /// # Ok::<(), softmax_backprop::Error>(())
    /// ```
    ///
    /// In the book: *The gradients of weights and biases*, (3.28), (3.31) and (3.34).
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where `x` or `δ` does not fit `W`, [`Error::NotFinite`] at a NaN or an
    /// infinity in one of them, or in a gradient that leaves the range of the numbers.
    pub fn backward(&self, x: &ArrayRef1<A>, d_theta: &ArrayRef1<A>) -> Result<Gradients<A>> {
        check::shape("x", &[self.w.nrows()], x.shape())?;
        check::finite("x", x)?;
        check::shape("d_theta", &[self.w.ncols()], d_theta.shape())?;
        check::finite("d_theta", d_theta)?;

        let column = x.view().insert_axis(Axis(1));
        let row = d_theta.view().insert_axis(Axis(0));
        // Zero times a negative number is −0, and the sum makes it 0.
        let d_w = &column * &row + A::zero();
        check::finite("d_w", &d_w)?;

        let d_x = self.w.dot(d_theta);
        check::finite("d_x", &d_x)?;

        Ok(Gradients {
            w: d_w,
            b: d_theta.to_owned(),
            x: d_x,
        })
    }

    /// The layer one descent step further: `W − η ∇W` and `b − η ∇b`.
    ///
    /// In the book: *Update*, (4.27) and (4.29).
    ///
    /// # Errors
    ///
    /// [`Error::NotPositive`] where the learning rate `η` is not finite and above 0,
    /// [`Error::Shape`] where the gradients are those of a layer of another shape,
    /// [`Error::NotFinite`] where a parameter leaves the range of the numbers.
    pub fn step(&self, gradients: &Gradients<A>, learning_rate: A) -> Result<Self> {
        self.descend(&gradients.w, &gradients.b, learning_rate)
    }

    pub(crate) fn descend(
        &self,
        d_w: &ArrayRef2<A>,
        d_b: &ArrayRef1<A>,
        learning_rate: A,
    ) -> Result<Self> {
        check::positive("learning rate", learning_rate)?;
        check::shape("d_w", self.w.shape(), d_w.shape())?;
        check::shape("d_b", self.b.shape(), d_b.shape())?;
        Self::new(&self.w - d_w * learning_rate, &self.b - d_b * learning_rate)
    }
}

/// Drawn as `f64`; [`Layer::cast`] rounds what was drawn.
#[cfg(feature = "rand")]
impl Layer {
    /// Draws each weight uniformly from `±1/√inputs`; the biases are 0.
    ///
    /// The variance of a logit is then a third of the mean square of the inputs, however many
    /// inputs there are.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without inputs or classes, [`Error::TooLarge`] where the memory does not
    /// hold so many.
    pub fn uniform<R: Rng + ?Sized>(inputs: usize, classes: usize, rng: &mut R) -> Result<Self> {
        Self::random(inputs, classes, 1.0 / (inputs as f64).sqrt(), rng)
    }

    /// Draws each weight uniformly from `±√(6 / (inputs + classes))`; the biases are 0.
    ///
    /// From Glorot and Bengio, *Understanding the difficulty of training deep feedforward
    /// neural networks* (2010): the bound that keeps the variance of values forward and of
    /// gradients backward near each other.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without inputs or classes, [`Error::TooLarge`] where the memory does not
    /// hold so many.
    pub fn glorot<R: Rng + ?Sized>(inputs: usize, classes: usize, rng: &mut R) -> Result<Self> {
        let ends = inputs as f64 + classes as f64;
        Self::random(inputs, classes, (6.0 / ends).sqrt(), rng)
    }

    fn random<R: Rng + ?Sized>(
        inputs: usize,
        classes: usize,
        bound: f64,
        rng: &mut R,
    ) -> Result<Self> {
        for (what, length) in [("inputs", inputs), ("classes", classes)] {
            if length == 0 {
                return Err(Error::Empty { what });
            }
        }
        check::room::<f64>("w", &[inputs, classes])?;
        let w =
            Array2::from_shape_simple_fn((inputs, classes), || rng.random_range(-bound..=bound));
        Ok(Self {
            w,
            b: Array1::zeros(classes),
        })
    }
}
