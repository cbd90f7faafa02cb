//! Many examples at once: rows as examples, `Θ = XW + 1bᵀ`, and one mean loss.
//!
//! Derived in the book's page *Many examples at once*.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use crate::check;
use crate::error::{Error, Result};
use crate::layer::Layer;
use crate::softmax::{argmax, distribution};

/// Examples with their labels: row `n` of `X` is the input of example `n`.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    x: Array2<f64>,
    labels: Labels,
    /// The weights as given, divided by their mean over the batch that was weighted.
    weights: Array1<f64>,
    /// What each example counts in the mean.
    shares: Array1<f64>,
}

#[derive(Debug, Clone, PartialEq)]
enum Labels {
    /// The class of each example, and how many classes there are.
    Classes(Vec<usize>, usize),
    /// One distribution over the classes a row.
    Distributions(Array2<f64>),
}

impl Batch {
    /// Takes the inputs `X`, shape (examples × inputs), and the class of each example, counted
    /// from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without examples or inputs, [`Error::NotFinite`] at a NaN or an infinity,
    /// [`Error::Shape`] where there is not one label for each example, [`Error::Example`] with
    /// [`Error::ClassOutOfRange`] where a label is not below `classes`, [`Error::TooLarge`] where
    /// the memory does not hold the labels as distributions.
    pub fn of_classes(x: Array2<f64>, labels: Vec<usize>, classes: usize) -> Result<Self> {
        check::finite("x", &x)?;
        check::shape("labels", &[x.nrows()], &[labels.len()])?;
        if let Some((at, &found)) = labels.iter().enumerate().find(|(_, k)| **k >= classes) {
            return Err(Error::ClassOutOfRange { classes, found }.in_example(at));
        }
        check::room("y", &[labels.len(), classes])?;
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
    pub fn of_distributions(x: Array2<f64>, y: Array2<f64>) -> Result<Self> {
        check::finite("x", &x)?;
        check::finite("y", &y)?;
        check::shape("y", &[x.nrows(), y.ncols()], y.shape())?;
        for (at, row) in y.outer_iter().enumerate() {
            distribution("y", &row).map_err(|error| error.in_example(at))?;
        }
        Ok(Self::with_equal_shares(x, Labels::Distributions(y)))
    }

    fn with_equal_shares(x: Array2<f64>, labels: Labels) -> Self {
        let examples = x.nrows();
        Self {
            x,
            labels,
            weights: Array1::ones(examples),
            shares: Array1::from_elem(examples, 1.0 / examples as f64),
        }
    }

    /// The same examples, example `n` counted `ω_n` times: the loss is `Σ ω_n J_n / Σ ω_n`.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where there is not one weight for each example, [`Error::Example`] with
    /// [`Error::NotPositive`] at a weight that is not finite and above 0, or so small beside the
    /// others that its share of the sum is 0, [`Error::NotFinite`] where the sum leaves the range
    /// of `f64`.
    pub fn weighted(self, weights: &ArrayRef1<f64>) -> Result<Self> {
        check::shape("weights", &[self.len()], weights.shape())?;
        let positive = |what, numbers: &ArrayRef1<f64>| {
            let mut numbers = numbers.iter().enumerate();
            numbers.try_for_each(|(at, number)| {
                check::positive(what, *number).map_err(|error| error.in_example(at))
            })
        };
        positive("weight", weights)?;
        let sum = weights.sum();
        check::number("sum of weights", sum)?;
        let shares = weights / sum;
        positive("share", &shares)?;
        Ok(Self {
            weights: weights / (sum / weights.len() as f64),
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
    pub fn x(&self) -> &Array2<f64> {
        &self.x
    }

    /// What each example counts in loss and gradient, shape (examples): its weight, divided by the
    /// sum of all weights. After [`select`](Self::select) their sum need not be 1.
    pub fn shares(&self) -> &Array1<f64> {
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
    pub fn y(&self) -> Array2<f64> {
        match &self.labels {
            Labels::Distributions(y) => y.clone(),
            Labels::Classes(labels, classes) => {
                Array2::from_shape_fn((labels.len(), *classes), |(n, k)| {
                    f64::from(u8::from(labels[n] == k))
                })
            }
        }
    }

    /// The first class that no label names.
    pub(crate) fn absent_class(&self) -> Option<usize> {
        (0..self.classes()).find(|class| match &self.labels {
            Labels::Classes(labels, _) => !labels.contains(class),
            Labels::Distributions(y) => y.column(*class).iter().all(|y_k| *y_k == 0.0),
        })
    }

    /// `Σₖ yₙₖ f(k)`, the mean of `f` over the label of example `n`.
    pub(crate) fn mean_over_label(&self, n: usize, f: impl Fn(usize) -> f64) -> f64 {
        match &self.labels {
            Labels::Classes(labels, _) => f(labels[n]),
            Labels::Distributions(y) => {
                let present = y.row(n);
                let present = present.indexed_iter().filter(|(_, y_k)| **y_k > 0.0);
                present.map(|(k, y_k)| y_k * f(k)).sum()
            }
        }
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
            shares: &weights / rows.len() as f64,
            weights,
        })
    }

    /// Turns the logits of example `n` into `ŷ − y` and returns half of its loss, since the whole
    /// may leave the range of `f64` where its share of the mean does not.
    fn row(&self, n: usize, theta: &mut ArrayRef1<f64>) -> f64 {
        match &self.labels {
            Labels::Classes(labels, _) => {
                let label = labels[n];
                let half_gap = 0.5 * theta[argmax(theta)] - 0.5 * theta[label];
                let log_sum = softmax_in_place(theta);
                // 1 − ŷ as the sum of the others, which keeps its digits where ŷ rounds to 1.
                theta[label] = 0.0;
                // The negative of 0 would be −0.
                theta[label] = 0.0 - theta.sum();
                half_gap + 0.5 * log_sum
            }
            Labels::Distributions(y) => {
                let y = y.row(n);
                let max = theta[argmax(theta)];
                let halves = y.iter().zip(theta.iter());
                let halves = halves.map(|(y_i, theta_i)| y_i * (0.5 * max - 0.5 * theta_i));
                let half_gap: f64 = halves.sum();
                let log_sum = softmax_in_place(theta);
                let top = argmax(theta);
                let y_hat_top = std::mem::replace(&mut theta[top], 0.0);
                let others = theta.sum();
                theta[top] = y_hat_top;
                theta.scaled_add(-1.0, &y);
                if y[top] >= 0.5 {
                    theta[top] = (1.0 - y[top]) - others;
                }
                half_gap + 0.5 * log_sum
            }
        }
    }
}

/// Turns logits into probabilities and returns `log Σⱼ exp(θⱼ) − max θ`.
fn softmax_in_place(theta: &mut ArrayRef1<f64>) -> f64 {
    let top = argmax(theta);
    let max = theta[top];
    theta.mapv_inplace(|theta_j| (theta_j - max).exp());
    theta[top] = 0.0;
    let others = theta.sum();
    theta[top] = 1.0;
    theta.mapv_inplace(|exp| exp / (1.0 + others));
    others.ln_1p()
}

/// Checks that a batch has the inputs and the classes of a layer.
fn check_fit(layer: &Layer, batch: &Batch) -> Result<()> {
    let (inputs, classes) = layer.w().dim();
    check::shape("x", &[batch.len(), inputs], batch.x.shape())?;
    check::shape("classes of the batch", &[classes], &[batch.classes()])
}

/// `Θ = XW + 1bᵀ`, written into `theta`.
fn logits(layer: &Layer, x: &ArrayRef2<f64>, theta: &mut Array2<f64>) -> Result<()> {
    general_mat_mul(1.0, x, layer.w(), 0.0, theta);
    *theta += layer.b();
    check::finite("theta", theta)
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
pub fn predict(layer: &Layer, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    check::shape("x", &[x.nrows(), layer.w().nrows()], x.shape())?;
    check::finite("x", x)?;
    let mut y_hat = check::zeros("y_hat", [x.nrows(), layer.w().ncols()])?;
    logits(layer, x, &mut y_hat)?;
    for mut row in y_hat.outer_iter_mut() {
        softmax_in_place(&mut row);
    }
    Ok(y_hat)
}

/// The most probable class of each row of the inputs `X`, shape (examples × inputs); the first
/// of several that are equally probable.
///
/// # Errors
///
/// As [`predict`].
pub fn classify(layer: &Layer, x: &ArrayRef2<f64>) -> Result<Vec<usize>> {
    let y_hat = predict(layer, x)?;
    Ok(y_hat.outer_iter().map(|row| argmax(&row)).collect())
}

/// One pass over a batch: the mean loss and its gradients, in one set of buffers.
///
/// The logits, the probabilities and `Δ` stand in the same memory, one after the other. Only the
/// first pass allocates; [`Pass::rerun`] does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    loss: f64,
    delta: Array2<f64>,
    d_w: Array2<f64>,
    d_b: Array1<f64>,
}

impl Pass {
    /// Runs a layer forward and backward over a batch.
    ///
    /// In the book: *Many examples at once*, (9.2), (9.3), (9.5) and (9.6).
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] where the batch has not the layer's inputs and classes,
    /// [`Error::NotFinite`] where a logit or a gradient leaves the range of `f64`,
    /// [`Error::TooLarge`] where the memory does not hold the logits.
    pub fn new(layer: &Layer, batch: &Batch) -> Result<Self> {
        check_fit(layer, batch)?;
        let mut pass = Self {
            loss: 0.0,
            delta: check::zeros("theta", [batch.len(), layer.w().ncols()])?,
            d_w: Array2::zeros(layer.w().dim()),
            d_b: Array1::zeros(layer.b().len()),
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
    pub fn rerun(&mut self, layer: &Layer, batch: &Batch) -> Result<()> {
        check_fit(layer, batch)?;
        let (inputs, classes) = layer.w().dim();
        check::shape("buffer", &[batch.len(), classes], self.delta.shape())?;
        check::shape("buffer", &[inputs, classes], self.d_w.shape())?;
        let run = self.run(layer, batch);
        if run.is_err() {
            self.loss = f64::NAN;
            self.delta.fill(f64::NAN);
            self.d_w.fill(f64::NAN);
            self.d_b.fill(f64::NAN);
        }
        run
    }

    fn run(&mut self, layer: &Layer, batch: &Batch) -> Result<()> {
        logits(layer, &batch.x, &mut self.delta)?;
        self.loss = 0.0;
        for (n, mut row) in self.delta.outer_iter_mut().enumerate() {
            let share = batch.shares[n];
            self.loss += 2.0 * (share * batch.row(n, &mut row));
            row *= share;
        }
        general_mat_mul(1.0, &batch.x.t(), &self.delta, 0.0, &mut self.d_w);
        check::finite("d_w", &self.d_w)?;
        self.d_b.fill(0.0);
        for row in self.delta.outer_iter() {
            self.d_b += &row;
        }
        Ok(())
    }

    /// The mean loss `J = Σ_n J_n / N`, in nats. A loss above the largest `f64` is ∞.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// `Δ = (Ŷ − Y) / N`, shape (examples × classes): the gradient at the logits.
    pub fn d_theta(&self) -> &Array2<f64> {
        &self.delta
    }

    /// `∇W = XᵀΔ`, shape (inputs × classes).
    pub fn d_w(&self) -> &Array2<f64> {
        &self.d_w
    }

    /// `∇b = Δᵀ1`, shape (classes).
    pub fn d_b(&self) -> &Array1<f64> {
        &self.d_b
    }

    /// The length of the whole gradient, `√(‖∇W‖² + ‖∇b‖²)`.
    pub fn gradient_norm(&self) -> f64 {
        check::length(self.d_w.iter().chain(&self.d_b))
    }

    /// The layer one descent step further: `W − η ∇W` and `b − η ∇b`.
    ///
    /// # Errors
    ///
    /// As [`Layer::step`].
    pub fn step(&self, layer: &Layer, learning_rate: f64) -> Result<Layer> {
        layer.descend(&self.d_w, &self.d_b, learning_rate)
    }
}
