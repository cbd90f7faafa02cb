//! Witness: the gradients again, by moving one number at a time and looking at the loss.
//!
//! It knows no formula of the derivation, so it cannot share its mistakes.

use alloc::vec::Vec;

use ndarray::{Array, ArrayRef, ArrayRef1, Dimension, IntoDimension};

use crate::check;
use crate::classifier::Classifier;
use crate::cross_entropy::Target;
use crate::error::{Error, Result};
use crate::layer::{Gradients, Layer};

/// The step `h` that balances the two errors of a central difference: `∛ε`, about 6·10⁻⁶.
///
/// The truncation error grows with `h²`, the rounding error with `ε/h`; their sum is smallest
/// near the cube root of the machine epsilon `ε`.
pub const STEP: f64 = 6.055_454_452_393_343e-6;

/// Central differences of a function of an array: `(f(a + h eᵢ) − f(a − h eᵢ)) / 2h` for each
/// entry `i`, in the shape of `a`.
///
/// The step at an entry is [`STEP`] times the entry's magnitude, and at least [`STEP`].
/// For a smooth `f` of the size of 1 about ten digits are right.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::central_differences;
///
/// // The gradient of Σ aᵢ³ is 3 aᵢ².
/// let slopes = central_differences(|a| Ok(a.mapv(|a_i| a_i.powi(3)).sum()), &array![1.0, -2.0])?;
/// assert!((slopes - array![3.0, 12.0]).iter().all(|error| error.abs() < 1e-8));
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// In the book: *Backward*, (4.26), does it by hand.
///
/// # Errors
///
/// [`Error::Empty`] without entries,
/// [`Error::NotFinite`] at a NaN or an infinity in `at` or in a
/// difference, and whatever `f` returns.
pub fn central_differences<D: Dimension>(
    f: impl Fn(&Array<f64, D>) -> Result<f64>,
    at: &ArrayRef<f64, D>,
) -> Result<Array<f64, D>> {
    check::finite("at", at)?;
    let mut slopes = at.to_owned();
    let mut moved = at.to_owned();
    for (index, slope) in slopes.indexed_iter_mut() {
        let index = index.into_dimension();
        let here = at[index.clone()];
        let h = STEP * here.abs().max(1.0);
        let (above, below) = (here + h, here - h);

        moved[index.clone()] = above;
        let f_above = f(&moved)?;
        moved[index.clone()] = below;
        let f_below = f(&moved)?;
        moved[index] = here;

        // above − below is the step that was really taken, after rounding.
        *slope = (f_above - f_below) / (above - below);
    }
    check::finite("central difference", &slopes)?;
    Ok(slopes)
}

/// What a gradient check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The gradients by the formulas of the derivation.
    pub analytic: Gradients,
    /// The same gradients by central differences of the loss.
    pub numeric: Gradients,
    /// The entry at which the two differ most.
    pub worst: Disagreement,
}

/// One entry of a gradient, by formula and by central difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The gradient: `d_w`, `d_b` or `d_x`.
    pub what: &'static str,
    /// The index of the entry, counted from 0.
    pub at: Vec<usize>,
    /// Its value by formula.
    pub analytic: f64,
    /// Its value by central difference.
    pub numeric: f64,
    /// `|analytic − numeric| / max(1, |analytic|, |numeric|)`.
    pub error: f64,
}

/// Compares every gradient of a classifier at `x`, shape (inputs), and `y` with central
/// differences of its loss.
///
/// A correct gradient at inputs, weights and losses of the size of 1 leaves an error of about
/// 10⁻¹⁰; a wrong formula leaves one of the size of the gradient itself.
///
/// ```
/// use ndarray::array;
/// use softmax_backprop::{Classifier, Layer, Target, gradient_check};
///
/// let w = array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]];
/// let classifier = Classifier::new(Layer::new(w, array![0.1, -0.2, 0.3])?);
/// let report = gradient_check(&classifier, &array![0.6, -1.1], &Target::one_hot(1, 3)?)?;
/// assert!(report.worst.error < 1e-9);
/// # Ok::<(), softmax_backprop::Error>(())
/// ```
///
/// # Errors
///
/// As [`Classifier::forward`], [`Classifier::backward`] and [`central_differences`].
pub fn gradient_check(classifier: &Classifier, x: &ArrayRef1<f64>, y: &Target) -> Result<Report> {
    let analytic = classifier.backward(&classifier.forward(x, y)?)?;
    let numeric = numeric_gradients(classifier.layer(), x, y)?;
    let worst = disagreements("d_w", &analytic.w, &numeric.w)
        .chain(disagreements("d_b", &analytic.b, &numeric.b))
        .chain(disagreements("d_x", &analytic.x, &numeric.x))
        .max_by(|one, other| one.error.total_cmp(&other.error))
        .ok_or(Error::Empty { what: "gradients" })?;
    Ok(Report {
        analytic,
        numeric,
        worst,
    })
}

fn numeric_gradients(layer: &Layer, x: &ArrayRef1<f64>, y: &Target) -> Result<Gradients> {
    let loss = |layer: Layer, x: &ArrayRef1<f64>| -> Result<f64> {
        Ok(Classifier::new(layer).forward(x, y)?.loss)
    };
    let (w, b) = (layer.w(), layer.b());
    Ok(Gradients {
        w: central_differences(|w| loss(Layer::new(w.clone(), b.clone())?, x), w)?,
        b: central_differences(|b| loss(Layer::new(w.clone(), b.clone())?, x), b)?,
        x: central_differences(|x| loss(layer.clone(), x), x)?,
    })
}

fn disagreements<D: Dimension>(
    what: &'static str,
    analytic: &ArrayRef<f64, D>,
    numeric: &ArrayRef<f64, D>,
) -> impl Iterator<Item = Disagreement> {
    let pairs = analytic.indexed_iter().zip(numeric);
    pairs.map(move |((index, &analytic), &numeric)| Disagreement {
        what,
        at: index.into_dimension().as_array_view().to_vec(),
        analytic,
        numeric,
        error: (analytic - numeric).abs() / analytic.abs().max(numeric.abs()).max(1.0),
    })
}
