//! Many examples at once: rows as examples, `Θ = XW + 1bᵀ`, and one mean loss.
//!
//! Derived in the book's page *Many examples at once*.

use alloc::{vec, vec::Vec};

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use crate::check;
use crate::error::{Error, Result};
use crate::float::Float;
use crate::kernel;
use crate::layer::Layer;
use crate::softmax::{argmax, distribution};

/// Examples with their labels: row `n` of `X` is the input of example `n`.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch<A = f64> {
    x: Array2<A>,
    labels: Labels<A>,
    /// The weights as given, divided by their mean over the batch that was weighted.
    weights: Array1<A>,
    /// What each example counts in the mean.
    shares: Array1<A>,
}

#[derive(Debug, Clone, PartialEq)]
enum Labels<A> {
    /// The class of each example, and how many classes there are.
    Classes(Vec<usize>, usize),
    /// One distribution over the classes a row.
    Distributions(Array2<A>),
}

impl<A: Float> Batch<A> {
    /// Takes the inputs `X`, shape (examples × inputs), and the class of each example, counted
    /// from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without examples or inputs, [`Error::NotFinite`] at a NaN or an infinity,
    /// [`Error::Shape`] where there is not one label for each example, [`Error::Example`] with
    /// [`Error::ClassOutOfRange`] where a label is not below `classes`, [`Error::TooLarge`] where
    /// the memory does not hold the labels as distributions.
    pub fn of_classes(x: Array2<A>, labels: Vec<usize>, classes: usize) -> Result<Self> {
        check::finite("x", &x)?;
        check::shape("labels", &[x.nrows()], &[labels.len()])?;
        if let Some((at, &found)) = labels.iter().enumerate().find(|(_, k)| **k >= classes) {
            return Err(Error::ClassOutOfRange { classes, found }.in_example(at));
        }
        check::room::<A>("y", &[labels.len(), classes])?;
        let x = row_by_row(x);
        Ok(Self::with_equal_shares(x, Labels::Classes(labels, classes)))
    }

    /// Takes the inputs `X`, shape (examples × inputs), and the labels `Y`, shape
    /// (examples × classes): one distribution a row.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without examples, inputs or classes, [`Error::NotFinite`] at a NaN or an
    /// infinity, [`Error::Shape`] where `Y` has not one row for each example, [`Error::Example`]
    /// where a row of `Y` is no distribution.
    pub fn of_distributions(x: Array2<A>, y: Array2<A>) -> Result<Self> {
        check::finite("x", &x)?;
        check::finite("y", &y)?;
        check::shape("y", &[x.nrows(), y.ncols()], y.shape())?;
        for (at, row) in y.outer_iter().enumerate() {
            distribution("y", &row).map_err(|error| error.in_example(at))?;
        }
        let (x, y) = (row_by_row(x), row_by_row(y));
        Ok(Self::with_equal_shares(x, Labels::Distributions(y)))
    }

    fn with_equal_shares(x: Array2<A>, labels: Labels<A>) -> Self {
        let examples = x.nrows();
        Self {
            x,
            labels,
            weights: Array1::ones(examples),
            shares: Array1::from_elem(examples, A::one() / A::of(examples as f64)),
        }
    }

    /// The same examples, example `n` counted `ω_n` times: the loss is `Σ ω_n J_n / Σ ω_n`. One with
    /// the weight 0 counts nothing.
    ///
    /// ```
    /// use ndarray::array;
    /// use softmax_backprop::Error;
    /// use softmax_backprop::batch::Batch;
    ///
    /// let batch = Batch::of_classes(array![[1.0], [2.0], [3.0]], vec![0, 1, 1], 2)?;
    /// let batch = batch.weighted(&array![3.0, 1.0, 0.0])?;
    /// assert_eq!(batch.shares(), array![0.75, 0.25, 0.0]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where there is not one weight for each example, [`Error::NotFinite`] and
    /// [`Error::Negative`] at a weight that is not finite and at least 0, or where their sum leaves
    /// the range of the numbers, [`Error::Empty`] where all are 0, [`Error::Example`] with
    /// [`Error::NotPositive`] at one so small beside the others that its share of the sum is 0.
    pub fn weighted(self, weights: &ArrayRef1<A>) -> Result<Self> {
        check::shape("weights", &[self.len()], weights.shape())?;
        check::weights("weights", weights)?;
        let sum = weights.sum();
        check::number("sum of weights", sum)?;
        if sum.is_zero() {
            return Err(Error::Empty {
                what: "examples that count",
            });
        }
        let shares = (weights / sum).as_standard_layout().into_owned();
        for (at, (weight, &share)) in weights.iter().zip(&shares).enumerate() {
            if *weight > A::zero() {
                check::positive("share", share).map_err(|error| error.in_example(at))?;
            }
        }
        Ok(Self {
            weights: &shares * A::of(weights.len() as f64),
            shares,
            ..self
        })
    }

    /// The number of examples.
    pub fn len(&self) -> usize {
        self.x.nrows()
    }

    /// Whether there are no examples: never, every constructor asks for one.
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// The inputs `X`, shape (examples × inputs).
    pub fn x(&self) -> &Array2<A> {
        &self.x
    }

    /// What each example counts in loss and gradient, shape (examples): its weight, divided by the
    /// sum of all weights. After [`select`](Self::select) their sum need not be 1.
    pub fn shares(&self) -> &Array1<A> {
        &self.shares
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        match &self.labels {
            Labels::Classes(_, classes) => *classes,
            Labels::Distributions(y) => y.ncols(),
        }
    }

    /// The labels `Y`, shape (examples × classes), one distribution a row.
    pub fn y(&self) -> Array2<A> {
        match &self.labels {
            Labels::Distributions(y) => y.clone(),
            Labels::Classes(labels, classes) => {
                Array2::from_shape_fn((labels.len(), *classes), |(n, k)| {
                    if labels[n] == k { A::one() } else { A::zero() }
                })
            }
        }
    }

    /// The first class that no label of an example that counts names.
    pub(crate) fn absent_class(&self) -> Option<usize> {
        let mut sums = vec![A::zero(); self.classes()];
        for (n, share) in self.shares.iter().enumerate() {
            match &self.labels {
                Labels::Classes(labels, _) => sums[labels[n]] += *share,
                Labels::Distributions(y) => {
                    let named = sums
                        .iter_mut()
                        .zip(y.row(n))
                        .filter(|(_, y_k)| **y_k > A::zero());
                    named.for_each(|(sum, _)| *sum += *share);
                }
            }
        }
        sums.iter().position(|sum| sum.is_zero())
    }

    /// `Σₖ yₙₖ f(k)`, the mean of `f` over the label of example `n`.
    pub(crate) fn mean_over_label(&self, n: usize, f: impl Fn(usize) -> A) -> A {
        match &self.labels {
            Labels::Classes(labels, _) => f(labels[n]),
            Labels::Distributions(y) => {
                let present = y.row(n);
                let present = present.indexed_iter().filter(|(_, y_k)| **y_k > A::zero());
                present.map(|(k, y_k)| *y_k * f(k)).sum()
            }
        }
    }

    /// Whether a layer gives each example its label: then larger weights are always a little better.
    pub(crate) fn is_separated_by(&self, layer: &Layer<A>) -> bool {
        self.is_parted_along(&(self.x.dot(layer.w()) + layer.b()), A::zero())
    }

    /// Whether along the logits `theta` no label falls behind by more than a part of the largest
    /// gap, and some label gains. Then the loss falls along them without end.
    pub(crate) fn is_parted_along(&self, theta: &ArrayRef2<A>, part: A) -> bool {
        let (mut behind, mut largest) = (A::zero(), A::zero());
        for (n, row) in theta.outer_iter().enumerate() {
            if self.shares[n].is_zero() {
                continue;
            }
            let max = row
                .iter()
                .fold(A::neg_infinity(), |max, theta| max.max(*theta));
            let min = row.iter().fold(A::infinity(), |min, theta| min.min(*theta));
            behind = behind.max(self.mean_over_label(n, |k| max - row[k]));
            largest = largest.max(max - min);
        }
        largest > A::zero() && behind <= part * largest
    }

    /// The examples of the given rows, in that order, with the weights that they have here: with
    /// `ω̄` the mean weight of the whole, the loss of `B` rows is `Σ ω_n J_n / (B ω̄)`.
    ///
    /// So its mean over all selections of `B` rows is the loss of the whole, and likewise its
    /// gradient. Divided by the weights of the selection, rare weights would count too little.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without rows, [`Error::ExampleOutOfRange`] at a row that there is not.
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        if rows.is_empty() {
            return Err(Error::Empty { what: "rows" });
        }
        let examples = self.len();
        if let Some(&found) = rows.iter().find(|row| **row >= examples) {
            return Err(Error::ExampleOutOfRange { examples, found });
        }
        let weights = self.weights.select(Axis(0), rows);
        Ok(Self {
            x: self.x.select(Axis(0), rows),
            labels: match &self.labels {
                Labels::Classes(labels, classes) => {
                    Labels::Classes(rows.iter().map(|&row| labels[row]).collect(), *classes)
                }
                Labels::Distributions(y) => Labels::Distributions(y.select(Axis(0), rows)),
            },
            shares: &weights / A::of(rows.len() as f64),
            weights,
        })
    }

    fn for_kernel(&self) -> kernel::Labels<'_, A> {
        match &self.labels {
            Labels::Classes(labels, _) => kernel::Labels::Classes(labels),
            Labels::Distributions(y) => kernel::Labels::Distributions(entries(y)),
        }
    }
}

/// The same matrix, its entries row by row in memory.
fn row_by_row<A: Float>(matrix: Array2<A>) -> Array2<A> {
    matrix.as_standard_layout().into_owned()
}

/// The entries of a matrix, row by row: all matrices of batches and layers are stored so.
fn entries<A>(matrix: &Array2<A>) -> &[A] {
    matrix.as_slice().unwrap_or_default()
}

/// The same, to be written.
fn entries_mut<A>(matrix: &mut Array2<A>) -> &mut [A] {
    matrix.as_slice_mut().unwrap_or_default()
}

/// Checks that a batch has the inputs and the classes of a layer.
fn check_fit<A: Float>(layer: &Layer<A>, batch: &Batch<A>) -> Result<()> {
    let (inputs, classes) = layer.w().dim();
    check::shape("x", &[batch.len(), inputs], batch.x.shape())?;
    check::shape("classes of the batch", &[classes], &[batch.classes()])
}

/// The probabilities `Ŷ = softmax(XW + 1bᵀ)` of the inputs `X`, shape (examples × inputs):
/// one distribution over the classes a row.
///
/// In the book: *Many examples at once*, (9.1).
///
/// # Errors
///
/// [`Error::Shape`] where `X` has not one column for each row of `W`, [`Error::Empty`] without
/// examples, [`Error::NotFinite`] at a NaN or an infinity in `X` or in a logit,
/// [`Error::TooLarge`] where the memory does not hold the probabilities.
pub fn predict<A: Float>(layer: &Layer<A>, x: &ArrayRef2<A>) -> Result<Array2<A>> {
    check::shape("x", &[x.nrows(), layer.w().nrows()], x.shape())?;
    check::finite("x", x)?;
    let mut y_hat = check::zeros("y_hat", [x.nrows(), layer.w().ncols()])?;
    let x = x.as_standard_layout();
    let predict = kernel::Predict {
        x: x.as_slice().unwrap_or_default(),
        w: entries(layer.w()),
        b: layer.b().as_slice().unwrap_or_default(),
        y_hat: entries_mut(&mut y_hat),
        scratch: &mut kernel::Scratch::default(),
    };
    A::predict(predict).map_err(|at| at.of("theta"))?;
    Ok(y_hat)
}

/// The most probable class of each row of the inputs `X`, shape (examples × inputs); the first
/// of several that are equally probable.
///
/// # Errors
///
/// As [`predict`].
pub fn classify<A: Float>(layer: &Layer<A>, x: &ArrayRef2<A>) -> Result<Vec<usize>> {
    let y_hat = predict(layer, x)?;
    Ok(y_hat.outer_iter().map(|row| argmax(&row)).collect())
}

/// One pass over a batch: the mean loss and its gradients, in one set of buffers.
///
/// The logits, the probabilities and `Δ` stand in the same memory, one after the other. Only the
/// first pass allocates; [`Pass::rerun`] does not.
///
/// With weights of 0 all classes are equally probable, the loss is `log 3`, and `Δ = (Ŷ − Y)/N`
/// is −2/3 at each label, divided by the two examples:
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::batch::{Batch, Pass};
/// use softmax_backprop::{Error, Layer};
///
/// let layer = Layer::new(array![[0.0, 0.0, 0.0]], array![0.0, 0.0, 0.0])?;
/// let batch = Batch::of_classes(array![[1.0], [2.0]], vec![0, 2], 3)?;
/// let pass = Pass::new(&layer, &batch)?;
/// assert!((pass.loss() - 3_f64.ln()).abs() < 1e-15);
/// assert!((pass.d_theta()[[0, 0]] + 1.0 / 3.0).abs() < 1e-15);
/// assert!((pass.d_b()[1] - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Pass<A = f64> {
    loss: A,
    delta: Array2<A>,
    d_w: Array2<A>,
    d_b: Array1<A>,
    scratch: kernel::Scratch<A>,
}

impl<A: Float> Pass<A> {
    /// Runs a layer forward and backward over a batch.
    ///
    /// In the book: *Many examples at once*, (9.2), (9.3), (9.5) and (9.6).
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where the batch has not the layer's inputs and classes,
    /// [`Error::NotFinite`] where a logit or a gradient leaves the range of the numbers,
    /// [`Error::TooLarge`] where the memory does not hold the logits.
    pub fn new(layer: &Layer<A>, batch: &Batch<A>) -> Result<Self> {
        check_fit(layer, batch)?;
        let mut pass = Self {
            loss: A::zero(),
            delta: check::zeros("theta", [batch.len(), layer.w().ncols()])?,
            d_w: Array2::zeros(layer.w().dim()),
            d_b: Array1::zeros(layer.b().len()),
            scratch: kernel::Scratch::default(),
        };
        pass.rerun(layer, batch)?;
        Ok(pass)
    }

    /// The same for another layer or batch of the same shape, in the same buffers.
    ///
    /// # Errors
    ///
    /// As [`Pass::new`], and [`Error::Shape`] where the buffers were made for other shapes. Then
    /// they are what they were. After [`Error::NotFinite`] all their numbers are NaN.
    pub fn rerun(&mut self, layer: &Layer<A>, batch: &Batch<A>) -> Result<()> {
        check_fit(layer, batch)?;
        let (inputs, classes) = layer.w().dim();
        check::shape("buffer", &[batch.len(), classes], self.delta.shape())?;
        check::shape("buffer", &[inputs, classes], self.d_w.shape())?;
        let run = self.run(layer, batch);
        if run.is_err() {
            self.loss = A::nan();
            self.delta.fill(A::nan());
            self.d_w.fill(A::nan());
            self.d_b.fill(A::nan());
        }
        run
    }

    fn run(&mut self, layer: &Layer<A>, batch: &Batch<A>) -> Result<()> {
        let pass = kernel::Pass {
            x: entries(&batch.x),
            labels: batch.for_kernel(),
            shares: batch.shares.as_slice().unwrap_or_default(),
            w: entries(layer.w()),
            b: layer.b().as_slice().unwrap_or_default(),
            delta: entries_mut(&mut self.delta),
            d_w: entries_mut(&mut self.d_w),
            d_b: self.d_b.as_slice_mut().unwrap_or_default(),
            scratch: &mut self.scratch,
        };
        self.loss = A::pass(pass).map_err(|at| at.of("theta"))?;
        check::finite("d_w", &self.d_w)
    }

    /// The mean loss `J = Σ_n J_n / N`, in nats. A loss above the largest number is ∞.
    pub fn loss(&self) -> A {
        self.loss
    }

    /// `Δ = (Ŷ − Y) / N`, shape (examples × classes): the gradient at the logits.
    pub fn d_theta(&self) -> &Array2<A> {
        &self.delta
    }

    /// `∇W = XᵀΔ`, shape (inputs × classes).
    pub fn d_w(&self) -> &Array2<A> {
        &self.d_w
    }

    /// `∇b = Δᵀ1`, shape (classes).
    pub fn d_b(&self) -> &Array1<A> {
        &self.d_b
    }

    /// The length of the whole gradient, `√(‖∇W‖² + ‖∇b‖²)`.
    pub fn gradient_norm(&self) -> A {
        check::length(self.d_w.iter().chain(&self.d_b))
    }

    /// The layer one descent step further: `W − η ∇W` and `b − η ∇b`.
    ///
    /// # Errors
    ///
    /// As [`Layer::step`].
    pub fn step(&self, layer: &Layer<A>, learning_rate: A) -> Result<Layer<A>> {
        layer.descend(&self.d_w, &self.d_b, learning_rate)
    }
}
