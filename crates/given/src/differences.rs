//! What the page *Differences and their error* measures.

use ndarray::{Array1, Array2, ArrayRef1, array};
use plots::{Axis, Figure};
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use softmax_backprop::gradient_check::Report;
use softmax_backprop::{
    Classifier, Layer, Result, Target, central_differences, gradient_check, softmax,
};

/// The worked example's layer and input, with another weight `w₂₂`.
fn moved(w_22: f64) -> Result<(Classifier, Array1<f64>, Target)> {
    let w = array![[0.2, -0.4, 0.1], [0.7, w_22, -0.5]];
    let layer = Layer::new(w, array![0.1, -0.2, 0.3])?;
    let y = Target::one_hot(1, 3)?;
    Ok((Classifier::new(layer), array![0.6, -1.1], y))
}

/// The loss of the worked example as a function of `w₂₂`.
///
/// # Errors
///
/// As [`Classifier::forward`].
pub fn loss(w_22: f64) -> Result<f64> {
    let (classifier, x, y) = moved(w_22)?;
    Ok(classifier.forward(&x, &y)?.loss)
}

/// Its first three derivatives: that of softmax, (3.9), with one factor `x₂` for each.
///
/// # Errors
///
/// As [`Classifier::forward`].
pub fn derivatives(w_22: f64) -> Result<[f64; 3]> {
    let (classifier, x, y) = moved(w_22)?;
    let y_hat = classifier.forward(&x, &y)?.y_hat[1];
    let variance = y_hat * (1.0 - y_hat);
    Ok([
        x[1] * (y_hat - y[1]),
        x[1].powi(2) * variance,
        x[1].powi(3) * variance * (1.0 - 2.0 * y_hat),
    ])
}

/// The errors of a difference from one side and of a central one.
pub type Both = [f64; 2];

/// The largest errors of the two differences with the step `h`, over 2,000 weights around that of
/// the worked example, and the largest of their bounds, (8.4).
///
/// # Errors
///
/// As [`Classifier::forward`].
pub fn largest_errors(h: f64) -> Result<(Both, Both)> {
    let (mut errors, mut bounds) = ([0.0_f64; 2], [0.0_f64; 2]);
    for i in 0..2000 {
        let w_22 = 0.3 + 0.00001 * f64::from(i - 1000);
        let [d_1, d_2, d_3] = derivatives(w_22)?;
        let rounding = f64::EPSILON * loss(w_22)?;
        let (above, below) = (w_22 + h, w_22 - h);
        let one_sided = (loss(above)? - loss(w_22)?) / (above - w_22);
        let central = (loss(above)? - loss(below)?) / (above - below);
        errors[0] = errors[0].max((one_sided - d_1).abs());
        errors[1] = errors[1].max((central - d_1).abs());
        bounds[0] = bounds[0].max(h / 2.0 * d_2.abs() + 2.0 * rounding / h);
        bounds[1] = bounds[1].max(h * h / 6.0 * d_3.abs() + rounding / h);
    }
    Ok((errors, bounds))
}

/// The powers of ten that the largest errors stay below, for the steps `10⁻¹`, `10⁻³` to `10⁻¹³`,
/// and a table of them in Markdown.
///
/// # Errors
///
/// As [`largest_errors`].
///
/// # Panics
///
/// Where an error is above its bound (8.4), or the bound above the same power of ten.
pub fn steps() -> Result<(Vec<Both>, String)> {
    let mut table = String::from("| step | from one side | from both |\n|---|---|---|\n");
    let mut powers = Vec::new();
    for step in [-1, -3, -5, -7, -9, -11, -13] {
        let (errors, bounds) = largest_errors(10_f64.powi(step))?;
        assert!(
            errors[0] <= bounds[0] && errors[1] <= bounds[1],
            "step 1e{step}"
        );
        let power = |error: f64| error.log10().ceil();
        assert_eq!(errors.map(power), bounds.map(power), "step 1e{step}");
        let [one_sided, central] = errors.map(power);
        table += &format!(
            "| $10^{{{step}}}$ | below $10^{{{one_sided}}}$ | below $10^{{{central}}}$ |\n"
        );
        powers.push([one_sided, central]);
    }
    Ok((powers, table))
}

/// A relative of the loss whose `f64` is the same on every computer, at `t = 0.7`: its value, and
/// what of its first three derivatives (8.4) asks for.
pub struct Relative {
    /// `|f|`.
    pub value: f64,
    /// `f′`.
    pub d_1: f64,
    /// `|f″|`.
    pub d_2: f64,
    /// `|f‴|`.
    pub d_3: f64,
}

impl Relative {
    /// Where it is differentiated.
    pub const T: f64 = 0.7;

    /// Falls to 0 on the left and rises like `t` on the right.
    pub fn f(t: f64) -> f64 {
        0.5 * (t + (1.0 + t * t).sqrt())
    }

    /// The function at `T`.
    pub fn at_t() -> Self {
        let t = Self::T;
        let root = (1.0 + t * t).sqrt();
        Self {
            value: Self::f(t),
            d_1: 0.5 * (1.0 + t / root),
            d_2: 0.5 / (root * root * root),
            d_3: 1.5 * t / (root * root * root * root * root),
        }
    }

    /// The steps from an eighth down to below `1e-15`, each half the one before, with the errors
    /// of the two differences.
    pub fn errors() -> Vec<(f64, Both)> {
        let (t, f, Self { d_1, .. }) = (Self::T, Self::f, Self::at_t());
        let steps = (0..48).map(|k| 0.125 / 2.0_f64.powi(k));
        let errors = steps.map(|h| {
            let (above, below) = (t + h, t - h);
            let one_sided = (f(above) - f(t)) / (above - t);
            let central = (f(above) - f(below)) / (above - below);
            (h, [(one_sided - d_1).abs(), (central - d_1).abs()])
        });
        errors.collect()
    }
}

/// The errors of [`Relative`] over their steps, and the three terms of (8.4) as dashed lines.
pub fn figure() -> Figure {
    let errors = Relative::errors();
    let of =
        |at: usize| -> Vec<(f64, f64)> { errors.iter().map(|(h, both)| (*h, both[at])).collect() };
    let Relative {
        value, d_2, d_3, ..
    } = Relative::at_t();
    let rounding = f64::EPSILON * value;
    let theory =
        |term: &dyn Fn(f64) -> f64, from: f64, to: f64| [(from, term(from)), (to, term(to))];
    Figure::new(
        "differences-steps",
        "The error of a difference quotient over its step",
        "Both axes logarithmic. For large steps the errors follow straight lines, of slope 1 from \
         one side and of slope 2 from both. For small steps both scatter below \
         one rising line of slope minus 1. The lowest errors are near a step of 1e-8 from one \
         side and near 1e-5 from both.",
        Axis::logarithmic("step h").from_to(1e-16, 1.0),
        Axis::logarithmic("error of the derivative").from_to(1e-14, 1.0),
    )
    .points("from one side", &of(0))
    .points("from both", &of(1))
    .dashed("theory", &theory(&|h| h / 2.0 * d_2, 1e-13, 1.0))
    .dashed("", &theory(&|h| h * h / 6.0 * d_3, 1e-6, 1.0))
    .dashed("", &theory(&|h| rounding / h, 1e-16, 1e-2))
}

/// Three points, and what a gradient check finds there: the worked example, one next to a minimum
/// (the label is what the network says, but for 1e-9), and one that is certain and right.
///
/// # Errors
///
/// As [`gradient_check()`].
pub fn three_points() -> Result<[(&'static str, Report); 3]> {
    let (worked, x, y) = moved(0.3)?;
    let y_hat = softmax(&worked.layer().forward(&x)?);
    let nearly = Target::distribution(y_hat.as_array() + array![1e-9, 1e-9, -2e-9])?;
    let w = array![[0.2, 12.0, 0.1], [0.7, -16.0, -0.5]];
    let certain = Classifier::new(Layer::new(w, worked.layer().b().clone())?);
    Ok([
        ("worked example", gradient_check(&worked, &x, &y)?),
        ("next to a minimum", gradient_check(&worked, &x, &nearly)?),
        ("certain and right", gradient_check(&certain, &x, &y)?),
    ])
}

/// Whether the right formula, then one with the wrong sign, passes at each of the three points: with
/// the error relative to the larger, and with that of [`gradient_check()`]. And a table of it in Markdown.
///
/// # Errors
///
/// As [`three_points`].
pub fn verdicts() -> Result<(Vec<[bool; 2]>, String)> {
    let mut table = String::from(
        "| point | formula | relative to the larger | with the 1 |\n|---|---|---|---|\n",
    );
    let mut verdicts = Vec::new();
    for (point, report) in three_points()? {
        for (formula, sign) in [("right", 1.0), ("wrong sign", -1.0)] {
            let (mut relative, mut with_1) = (0.0_f64, 0.0_f64);
            for (g, d) in report.analytic.w.iter().zip(&report.numeric.w) {
                let (apart, larger) = ((sign * g - d).abs(), g.abs().max(d.abs()));
                relative = relative.max(apart / larger);
                with_1 = with_1.max(apart / larger.max(1.0));
            }
            let passes = [relative, with_1].map(|error| error < 1e-7);
            let [relative, with_1] = passes.map(|passes| if passes { "passes" } else { "fails" });
            table += &format!("| {point} | {formula} | {relative} | {with_1} |\n");
            verdicts.push(passes);
        }
    }
    Ok((verdicts, table))
}

/// The largest errors, as of [`gradient_check()`], of the gradient by the weights, in five draws: of the loss of one random
/// example, of a thousand such losses added up, and of their mean.
///
/// # Errors
///
/// As [`Classifier::forward`].
pub fn errors_of_many() -> Result<[f64; 3]> {
    let mut largest = [0.0_f64; 3];
    for seed in 0..5 {
        let errors = [
            error_of_a_sum(1, 1.0, seed)?,
            error_of_a_sum(1000, 1.0, seed)?,
            error_of_a_sum(1000, 1000.0, seed)?,
        ];
        for (largest, error) in largest.iter_mut().zip(errors) {
            *largest = largest.max(error);
        }
    }
    Ok(largest)
}

/// The error, as of [`gradient_check()`], of the gradient of the losses of `count` random examples, added up and divided.
fn error_of_a_sum(count: usize, divided_by: f64, seed: u64) -> Result<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (worked, ..) = moved(0.3)?;
    let mut examples = Vec::new();
    for _ in 0..count {
        let x = array![rng.random_range(-1.0..1.0), rng.random_range(-1.0..1.0)];
        examples.push((x, Target::one_hot(rng.random_range(0..3), 3)?));
    }
    let mut formula = Array2::<f64>::zeros((2, 3));
    for (x, y) in &examples {
        formula += &worked.backward(&worked.forward(x, y)?)?.w;
    }
    let loss = |w: &Array2<f64>| -> Result<f64> {
        let layer = Layer::new(w.clone(), worked.layer().b().clone())?;
        let classifier = Classifier::new(layer);
        let losses = examples.iter();
        let sum: Result<f64> = losses
            .map(|(x, y)| Ok(classifier.forward(x, y)?.loss))
            .sum();
        Ok(sum? / divided_by)
    };
    let differences = central_differences(loss, worked.layer().w())?;
    let pairs = formula.iter().map(|g| g / divided_by).zip(differences);
    let error = |(g, d): (f64, f64)| (g - d).abs() / 1.0_f64.max(g.abs()).max(d.abs());
    Ok(pairs.map(error).fold(0.0, f64::max))
}

/// A network of 784 inputs and 10 classes, an input and a label.
///
/// # Errors
///
/// As [`Layer::glorot`].
pub fn large() -> Result<(Classifier, Array1<f64>, Target)> {
    let mut rng = ChaCha8Rng::seed_from_u64(784);
    let layer = Layer::glorot(784, 10, &mut rng)?;
    let x = Array1::from_shape_fn(784, |_| rng.random_range(0.0..1.0));
    Ok((Classifier::new(layer), x, Target::one_hot(3, 10)?))
}

/// A number for each parameter of a layer, +1 or −1 by chance: the weights, the biases.
pub fn signs(layer: &Layer, rng: &mut ChaCha8Rng) -> (Array2<f64>, Array1<f64>) {
    let mut sign = || if rng.random_bool(0.5) { 1.0 } else { -1.0 };
    let w = Array2::from_shape_simple_fn(layer.w().dim(), &mut sign);
    (w, Array1::from_shape_simple_fn(layer.b().len(), &mut sign))
}

/// The loss with the parameters moved along a direction, `t` times.
///
/// # Errors
///
/// As [`Classifier::forward`].
pub fn loss_along(
    classifier: &Classifier,
    (x, y): (&ArrayRef1<f64>, &Target),
    (w, b): (&Array2<f64>, &Array1<f64>),
    t: f64,
) -> Result<f64> {
    let layer = classifier.layer();
    let moved = Layer::new(layer.w() + &(t * w), layer.b() + &(t * b))?;
    Ok(Classifier::new(moved).forward(x, y)?.loss)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    #[test]
    fn the_loss_is_that_of_the_worked_example() {
        given!(loss, gradients);
        assert_eq!(super::loss(0.3).unwrap(), loss);
        let [slope, ..] = derivatives(0.3).unwrap();
        assert!((slope - gradients.w[[1, 1]]).abs() < 1e-15);
    }

    #[test]
    fn the_errors_stay_below_their_bounds() {
        for h in [1e-2, 1e-8] {
            let (errors, bounds) = largest_errors(h).unwrap();
            assert!(errors[0] <= bounds[0] && errors[1] <= bounds[1]);
        }
    }

    #[test]
    fn a_sum_loses_digits_and_a_mean_does_not() {
        let [one, sum, mean] = errors_of_many().unwrap();
        assert!(
            one < 1e-9 && mean < 1e-9 && sum > 10.0 * mean,
            "{one} {sum} {mean}"
        );
    }

    #[test]
    fn a_direction_has_an_entry_for_each_parameter() {
        let (classifier, x, y) = large().unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (w, b) = signs(classifier.layer(), &mut rng);
        assert_eq!(w.len() + b.len(), 7850);
        let here = loss_along(&classifier, (&x, &y), (&w, &b), 0.0).unwrap();
        assert_eq!(here, classifier.forward(&x, &y).unwrap().loss);
    }
}
