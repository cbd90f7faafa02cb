//! The second derivative of the mean loss, and Newton's method.
//!
//! Derived in the book's page *The shape of the loss*.
//!
//! The parameters of a layer stand in one vector, class by class: with `I` inputs, entry
//! `k (I + 1) + i` is `W[i, k]`, and the last of each class, `i = I`, is the bias `b[k]`.

use alloc::vec::Vec;

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, Slice, concatenate};

use crate::batch::{Batch, Pass, predict};
use crate::check;
use crate::decomposition::{Orthonormal, cholesky, solve};
use crate::error::{Error, Result};
use crate::kernel::{Kernel, TransposedProduct};
use crate::layer::Layer;
use crate::softmax::sum_except;
#[cfg(not(feature = "std"))]
use num_traits::Float as _;

/// After so many steps Newton's method has found a minimum or will not.
const STEPS: usize = 100;

/// Where a step moves no logit by more than this, the next is shorter by its square. Where data
/// are separable the gradient vanishes as well, but each step goes on moving the logits by about 1.
const MOVE: f64 = 1e-3;

/// A step must lower the loss by this part of what the gradient promises.
const PART: f64 = 1e-4;

/// A direction along which no label falls behind by more than this part of the largest move parts
/// the classes.
const BEHIND: f64 = 1e-10;

/// The Hessian of the mean loss of a batch: the mean of `(diag(ŷ) − ŷŷᵀ) ⊗ x́x́ᵀ` over its
/// examples, with `x́ = (x, 1)`.
///
/// A square matrix with one row for each parameter, in the order of this module, symmetric to the
/// last bit. The labels have no part in it.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::Layer;
/// use softmax_backprop::batch::Batch;
/// use softmax_backprop::curvature::{hessian, largest_eigenvalue};
///
/// // ŷ = (½, ½) and x́ = (2, 1): blocks of ±¼ x́x́ᵀ.
/// let layer = Layer::new(array![[0.0, 0.0]], array![0.0, 0.0])?;
/// let batch = Batch::of_classes(array![[2.0]], vec![0], 2)?;
/// let hessian = hessian(&layer, &batch)?;
/// let expected = array![
///     [1.0, 0.5, -1.0, -0.5],
///     [0.5, 0.25, -0.5, -0.25],
///     [-1.0, -0.5, 1.0, 0.5],
///     [-0.5, -0.25, 0.5, 0.25],
/// ];
/// assert_eq!(hessian, expected);
/// // Half of |x́|² = 5.
/// assert!((largest_eigenvalue(&hessian)? - 2.5).abs() < 1e-14);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *The shape of the loss*, (15.3).
///
/// # Errors
///
/// As [`predict`], [`Error::NotFinite`] where an entry leaves the range of `f64`, and
/// [`Error::TooLarge`] where the memory does not hold the matrix.
pub fn hessian(layer: &Layer, batch: &Batch) -> Result<Array2<f64>> {
    let y_hat = predict(layer, batch.x())?;
    let ones = Array2::ones((batch.len(), 1));
    let extended = match concatenate(Axis(1), &[batch.x().view(), ones.view()]) {
        Ok(extended) => extended,
        Err(_) => return Err(check::too_large("x", &[batch.len(), batch.x().ncols() + 1])),
    };
    mean_of_products(&y_hat, &extended, batch.shares(), y_hat.ncols())
}

/// So many examples are multiplied at a time.
const ROWS: usize = 256;

/// The mean of `(diag(ŷ) − ŷŷᵀ) ⊗ x́x́ᵀ`, for the first of the classes.
///
/// For two classes `k` and `l` it is `X́ᵀZ`, where a row of `Z` is that of `X́`, times the entry of the
/// Jacobian and the share. The `Z` of all pairs stand side by side, so all is one product.
fn mean_of_products(
    y_hat: &ArrayRef2<f64>,
    extended: &Array2<f64>,
    shares: &ArrayRef1<f64>,
    classes: usize,
) -> Result<Array2<f64>> {
    let size = extended.ncols();
    let parameters = classes.saturating_mul(size);
    let mut mean = check::zeros("hessian", [parameters, parameters])?;
    if parameters == 0 {
        return Ok(mean);
    }
    let pairs: Vec<_> = (0..classes)
        .flat_map(|k| (0..=k).map(move |l| (k, l)))
        .collect();
    let columns = pairs.len() * size;
    let mut sum = check::zeros("hessian", [size, columns])?;
    let mut z = check::zeros("products", [ROWS.min(extended.nrows()), columns])?;

    let rows = y_hat.outer_iter().zip(extended.outer_iter()).zip(shares);
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(ROWS) {
        let mut x = Vec::with_capacity(rows.len() * size);
        for (((p, x_n), share), mut z) in rows.iter().zip(z.outer_iter_mut()) {
            x.extend(x_n);
            let others: Vec<f64> = (0..classes).map(|k| sum_except(p, k)).collect();
            for (&(k, l), mut z) in pairs.iter().zip(z.exact_chunks_mut(size)) {
                let jacobian = if k == l {
                    p[k] * others[k]
                } else {
                    -p[k] * p[l]
                };
                z.zip_mut_with(x_n, |z, x_i| *z = *share * (jacobian * *x_i));
            }
        }
        let z = z.slice_axis(Axis(0), Slice::from(..rows.len()));
        f64::add_transposed_product(TransposedProduct {
            x: &x,
            z: z.to_slice().unwrap_or_default(),
            columns,
            sum: sum.as_slice_mut().unwrap_or_default(),
        });
    }

    for (&(k, l), sum) in pairs.iter().zip(sum.axis_chunks_iter(Axis(1), size)) {
        for ((i, j), entry) in sum.indexed_iter() {
            let (row, column) = (k * size + i, l * size + j);
            if column <= row {
                mean[[row, column]] = *entry;
                mean[[column, row]] = *entry;
            }
        }
    }
    check::finite("hessian", &mean)?;
    Ok(mean)
}

/// The largest eigenvalue `L` of a symmetric matrix `A`: the least `μ` for which no eigenvalue of
/// `μI − A` is below 0.
///
/// `L` lies between the largest entry of the diagonal and the largest sum of a row, with the sizes
/// of what is beside the diagonal. That interval is halved until it is as short as the rounding:
/// `L` is below `μ` where `μI − A = LLᵀ`, by Cholesky, exists. So it cannot be missed, and what is
/// returned is right within `n² ε` times the largest sum of sizes in a row of the `n` rows.
///
/// In the book: *How fast to descend*, (15.8), says what the number is for.
///
/// # Errors
///
/// [`Error::Empty`] without entries, [`Error::NotFinite`] at a NaN or an infinity, or where the
/// eigenvalue leaves the range of `f64`, [`Error::Shape`] where the matrix is not square,
/// [`Error::NotSymmetric`] where two entries differ by more than `n ε` of the largest.
pub fn largest_eigenvalue(matrix: &ArrayRef2<f64>) -> Result<f64> {
    check::finite("matrix", matrix)?;
    let size = matrix.nrows();
    check::shape("matrix", &[size, size], matrix.shape())?;
    let largest = largest_size(matrix);
    if largest == 0.0 {
        return Ok(0.0);
    }
    // A power of 2, which costs no digit. What is at most 2 has sums in the range of f64.
    let unit = largest.log2().floor().min(1023.0).exp2();
    let a = matrix.mapv(|entry| entry / unit);
    symmetric(&a)?;

    let (mut below, mut above) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (i, row) in a.outer_iter().enumerate() {
        let beside = row.iter().map(|entry| entry.abs()).sum::<f64>() - row[i].abs();
        below = below.max(row[i]);
        above = above.max(row[i] + beside);
    }
    for _ in 0..f64::MANTISSA_DIGITS {
        let middle = 0.5 * (below + above);
        let rest = Array2::from_diag_elem(size, middle) - &a;
        if cholesky(&rest).is_some() {
            above = middle;
        } else {
            below = middle;
        }
    }
    let eigenvalue = above * unit;
    check::number("largest eigenvalue", eigenvalue)?;
    Ok(eigenvalue)
}

/// Checks that a matrix whose entries are at most 2 is symmetric, up to rounding.
fn symmetric(a: &ArrayRef2<f64>) -> Result<()> {
    let rounding = a.nrows() as f64 * f64::EPSILON;
    let uneven = |&((i, j), entry): &((usize, usize), &f64)| (entry - a[[j, i]]).abs() > rounding;
    match a.indexed_iter().find(uneven) {
        None => Ok(()),
        Some(((row, column), _)) => Err(Error::NotSymmetric {
            what: "matrix",
            row,
            column,
        }),
    }
}

fn largest_size(matrix: &ArrayRef2<f64>) -> f64 {
    let sizes = matrix.iter().map(|entry| entry.abs());
    sizes.fold(0.0, f64::max)
}

/// Where a method that looks for the smallest loss came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Minimum {
    /// The layer with the smallest mean loss.
    pub layer: Layer,
    /// What each step found, from the start to the minimum.
    pub steps: Vec<Step>,
}

/// What one step of a method found, before it moved.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The mean loss, in nats.
    pub loss: f64,
    /// The length of its gradient.
    pub gradient_norm: f64,
}

/// The minimum of the mean loss of a batch, by Newton's method from the given layer: steps
/// `s` with `H s = ∇J`, until the gradient is not longer than `gradient_norm` and one more step
/// would move no logit by more than 10⁻³.
///
/// The Hessian is 0 in the directions that add one number to the same parameter of all classes.
/// The gradient has no part in them, so the step has none: its mean over the classes is 0. It is
/// solved for with the differences from the last class, in inputs of mean 0 and deviation 1 without
/// correlation, which changes no step and loses the fewest digits.
///
/// Where such a step does not lower the loss, weights of 0 are next, if they do: from weights so
/// large that each example is certain Newton's steps lead nowhere. So are they, once, where a step
/// has led to where the Hessian has no digits left. Else `H + μI` stands for `H`, with the least `μ`
/// of `10⁻¹² L, …, L/10, L` whose step lowers the loss; `L` bounds the eigenvalues of `H`, so that of
/// the last one does.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::batch::{Batch, predict};
/// use softmax_backprop::curvature::newton;
/// use softmax_backprop::{Error, Layer};
///
/// // At −1 three of four examples are of class 0, at 1 one of four. The best answer is how often.
/// let x = array![[-1.0], [-1.0], [1.0], [1.0]];
/// let batch = Batch::of_classes(x.clone(), vec![0, 1, 0, 1], 2)?;
/// let batch = batch.weighted(&array![3.0, 1.0, 1.0, 3.0])?;
/// let start = Layer::new(array![[0.0, 0.0]], array![0.0, 0.0])?;
/// let minimum = newton(&start, &batch, 1e-12)?;
/// assert!((predict(&minimum.layer, &x)?[[0, 0]] - 0.75).abs() < 1e-11);
///
/// // Where each example can have its label, larger weights are always a little better.
/// let batch = Batch::of_classes(x, vec![0, 0, 1, 1], 2)?;
/// assert_eq!(newton(&start, &batch, 1e-12), Err(Error::Separable));
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *The shape of the loss*, (15.6).
///
/// # Errors
///
/// Each reason why there is no single minimum has a name: [`Error::AbsentClass`] where a class has
/// no example, [`Error::DependentInput`] where an input is a linear function of the others,
/// [`Error::Separable`] where larger weights are always a little better. A direction of which only
/// the first ten digits part the classes counts as one that does.
///
/// [`Error::Rounding`] where the minimum was found, but the digits of the inputs do not suffice for
/// so short a gradient, [`Error::NoConvergence`] where it was not found in 100 steps.
///
/// [`Error::NotPositive`] where `gradient_norm` is not finite and above 0, and as [`Pass::new`].
pub fn newton(layer: &Layer, batch: &Batch, gradient_norm: f64) -> Result<Minimum> {
    check::positive("gradient norm", gradient_norm)?;
    let mut layer = layer.clone();
    let mut pass = Pass::new(&layer, batch)?;
    if let Some(class) = batch.absent_class() {
        return Err(Error::AbsentClass { class });
    }
    let inputs = Orthonormal::of(batch.x(), batch.shares())
        .map_err(|column| Error::DependentInput { column })?;

    let mut steps = Vec::new();
    let mut before = f64::INFINITY;
    let mut anew = false;
    while steps.len() <= STEPS {
        let here = Step {
            loss: pass.loss(),
            gradient_norm: pass.gradient_norm(),
        };
        steps.push(here);
        let y_hat = predict(&layer, batch.x())?;
        let system = System::at(&pass, &y_hat, &inputs, batch)?;
        let step = system.step(0.0);
        let moves = step.as_ref().map(|step| inputs.q.dot(step));
        let settled = moves
            .as_ref()
            .is_some_and(|moves| largest_size(moves) <= MOVE);
        if batch.is_separated_by(&layer)
            || moves.is_some_and(|moves| batch.is_parted_along(&-moves, BEHIND))
        {
            return Err(Error::Separable);
        }
        if here.gradient_norm <= gradient_norm && settled {
            return Ok(Minimum { layer, steps });
        }

        let next = match step {
            None if !anew => {
                anew = true;
                at_zero(&layer, batch)
            }
            Some(step) if settled => {
                // So near, each step but one of rounding alone lowers what the next one promises.
                let promise = system.promise(&step);
                if promise >= 0.25 * before {
                    return Err(Error::Rounding {
                        expected: gradient_norm,
                        found: here.gradient_norm,
                    });
                }
                before = promise;
                moved(&layer, batch, &inputs, &step).ok()
            }
            _ => system.descend(&layer, batch, &inputs, here.loss),
        };
        let Some(next) = next else { break };
        (layer, pass) = next;
    }
    Err(Error::NoConvergence {
        what: "length of the gradient",
        steps: steps.len(),
        found: pass.gradient_norm(),
    })
}

/// Newton's equation at a layer, in orthonormal inputs and in the differences from the last class.
///
/// Class `k` has the entries from `k` times the number of inputs on, the first of them the bias.
struct System {
    hessian: Array2<f64>,
    gradient: Array1<f64>,
    inputs: usize,
}

impl System {
    fn at(pass: &Pass, y_hat: &Array2<f64>, inputs: &Orthonormal, batch: &Batch) -> Result<Self> {
        let others = y_hat.ncols() - 1;
        let gradient = pass
            .d_theta()
            .slice_axis(Axis(1), Slice::from(..others))
            .t()
            .dot(&inputs.q);
        Ok(Self {
            hessian: mean_of_products(y_hat, &inputs.q, batch.shares(), others)?,
            gradient: gradient.iter().copied().collect(),
            inputs: inputs.q.ncols(),
        })
    }

    /// The step `S` with `(H + μI) s = ∇J`, shape (inputs × classes), or `None` where the matrix
    /// is not positive definite to the last digits.
    ///
    /// The length of `S`, whose mean over the classes is 0, is that of the differences `d` from the
    /// last class under `I − 11ᵀ/K`: this stands for `I`.
    fn step(&self, mu: f64) -> Option<Array2<f64>> {
        let others = self.gradient.len() / self.inputs;
        let classes = others + 1;
        let mut damped = self.hessian.clone();
        for ((row, column), entry) in damped.indexed_iter_mut() {
            if row % self.inputs == column % self.inputs {
                let kronecker = f64::from(u8::from(row == column));
                *entry += mu * (kronecker - 1.0 / classes as f64);
            }
        }
        let l = cholesky(&damped)?;
        // What is left of an entry of the diagonal when all its digits are taken away is no number
        // to divide by: examples that are certain have none in the Hessian.
        let rounding = damped.nrows() as f64 * f64::EPSILON;
        let is_lost = |(l_j, entry): (&f64, &f64)| l_j * l_j <= rounding * entry;
        if l.diag().iter().zip(damped.diag()).any(is_lost) {
            return None;
        }
        let d = solve(&l, &self.gradient);
        let mut step = Array2::zeros((self.inputs, classes));
        for (at, d) in d.indexed_iter() {
            step[[at % self.inputs, at / self.inputs]] = *d;
        }
        let mean = step.sum_axis(Axis(1)) / classes as f64;
        step -= &mean.insert_axis(Axis(1));
        step.iter().all(|entry| entry.is_finite()).then_some(step)
    }

    /// By how much the loss would fall along a step, were the gradient everywhere what it is here.
    fn promise(&self, step: &ArrayRef2<f64>) -> f64 {
        let last = self.gradient.len() / self.inputs;
        let d = |at: usize| {
            let (i, k) = (at % self.inputs, at / self.inputs);
            step[[i, k]] - step[[i, last]]
        };
        self.gradient.indexed_iter().map(|(at, g)| g * d(at)).sum()
    }

    /// The layer after the first step that lowers the loss: that of `μ = 0`; where the loss is
    /// above `ln K`, the one to weights of 0; those of larger and larger `μ`.
    fn descend(
        &self,
        layer: &Layer,
        batch: &Batch,
        inputs: &Orthonormal,
        loss: f64,
    ) -> Option<(Layer, Pass)> {
        let along = |mu: f64| {
            let step = self.step(mu)?;
            let (next, pass) = moved(layer, batch, inputs, &step).ok()?;
            let most = loss * (1.0 + 4.0 * f64::EPSILON) - PART * self.promise(&step);
            (pass.loss() <= most).then_some((next, pass))
        };
        let to_zero = || at_zero(layer, batch).filter(|(_, pass)| pass.loss() < loss);
        // Row k of a Jacobian has the absolute sum 2 ŷₖ (1 − ŷₖ), at most one half, and the mean of
        // ‖q‖² is the number of inputs.
        let l = 0.5 * self.inputs as f64;
        let mut damped = (-12..=0).map(|power| l * 10_f64.powi(power));
        along(0.0)
            .or_else(to_zero)
            .or_else(|| damped.find_map(along))
    }
}

/// The layer of weights of 0.
fn at_zero(layer: &Layer, batch: &Batch) -> Option<(Layer, Pass)> {
    let zero = Layer::zeros(layer.w().dim());
    let pass = Pass::new(&zero, batch).ok()?;
    Some((zero, pass))
}

/// The layer one step further, from what the step is in orthonormal inputs.
fn moved(
    layer: &Layer,
    batch: &Batch,
    inputs: &Orthonormal,
    step: &ArrayRef2<f64>,
) -> Result<(Layer, Pass)> {
    let step = inputs.undo(step);
    let next = layer.descend(
        &step.slice_axis(Axis(0), Slice::from(1..)),
        &step.row(0),
        1.0,
    )?;
    let pass = Pass::new(&next, batch)?;
    Ok((next, pass))
}
