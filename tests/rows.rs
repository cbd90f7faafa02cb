//! Both kinds of numbers, and rows of logits, compared with what is right: the cases of
//! `tests/reference/rows.txt`, and those of `tests/reference/values.txt` by the other way, through
//! batches and lanes. And the answers of PyTorch, in `tests/reference/pytorch.txt`.
//!
//! Each result is right to a relative error of 10⁻¹³ in `f64`, and to as many units in the last place
//! in `f32`, which is 5.4·10⁻⁵, up to the condition of the problem. The largest errors are printed
//! with `cargo test --test rows -- --nocapture`.

#![allow(clippy::panic, clippy::unwrap_used)]

use ndarray::{Array1, Array2, ArrayRef1, Axis};
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::softmax::log_sum_exp;
use softmax_backprop::{
    Classifier, Error, Layer, Logits, Target, cross_entropy_from_logits, lanes, log_softmax,
    softmax,
};

mod reference {
    pub mod bounds;
    pub mod cases;
}
use reference::bounds::{self, dot, logit_errors, max};
use reference::cases::{Case, Comparison, Number, cases, errors_of_softmax, sum_without};

const ROWS: &str = include_str!("reference/rows.txt");
const VALUES: &str = include_str!("reference/values.txt");
const PYTORCH: &str = include_str!("reference/pytorch.txt");

/// Runs a comparison with every case that has some record, in its kind of numbers.
macro_rules! compare_each {
    ($compare:ident, $files:expr, $record:expr) => {
        let mut comparison = Comparison::default();
        let cases = $files.into_iter().flat_map(cases);
        let cases: Vec<Case> = cases.filter(|case| case.has($record)).collect();
        for case in &cases {
            if case.is_of::<f32>() {
                $compare::<f32>(case, &mut comparison);
            } else {
                $compare::<f64>(case, &mut comparison);
            }
        }
        assert!(cases.iter().any(|case| case.is_of::<f32>()));
        assert!(cases.iter().any(|case| case.is_of::<f64>()));
        comparison.print();
    };
}

/// The class of a label that is one-hot.
fn class_of<A: Number>(y: &ArrayRef1<A>) -> Option<usize> {
    y.iter().position(|y_i| *y_i == A::one())
}

/// A row of numbers.
fn row<A: Number>(v: &Array1<A>) -> Array2<A> {
    v.clone().insert_axis(Axis(0))
}

/// `δᵢ = ŷᵢ − yᵢ` is known to the error of `ŷᵢ`, or to that of all others: see
/// `tests/reference_values.rs`, which derives it.
fn error_of_difference(errors: &[f64], i: usize) -> f64 {
    errors[i].min(sum_without(errors, i))
}

#[test]
fn from_the_logits_both_kinds_of_numbers_are_right_by_every_way() {
    compare_each!(from_logits, [ROWS, VALUES], "log_softmax");
}

fn from_logits<A: Number>(case: &Case, compare: &mut Comparison) {
    let theta = case.array::<A>("theta");
    let y = Target::distribution(case.array::<A>("y")).unwrap();
    let class = class_of(y.as_array());
    let logits = Logits::new(theta.clone()).unwrap();
    let get = |record: &str| case.get::<f64>(record);
    let exact = get("theta");
    let (n, top) = (exact.len() as f64, max(&exact));
    // A sum over the classes is off by at most so much because its terms are subnormal.
    let tiny = 2.0 * n * A::TINY;
    let (right, right_log) = (get("softmax"), get("log_softmax"));
    let (loss, right_d) = (get("loss")[0], get("d_theta"));
    let errors = errors_of_softmax::<A>(&exact, &right);
    let d_error = |i: usize| error_of_difference(&errors, i);

    let y_hat = softmax(&logits);
    let found = y_hat.as_array();
    compare.entries(case, "softmax", found, &right, |_| tiny);
    let found = log_softmax(&logits);
    compare.entries(case, "log_softmax", &found, &right_log, |_| tiny);
    let found = cross_entropy_from_logits(&logits, &y).unwrap();
    compare.number(case, "loss", found, loss, tiny);
    let found = d_theta(&y_hat, &y).unwrap();
    compare.entries(case, "d_theta", &found, &right_d, d_error);

    let rows = row(&theta);
    let found = lanes::softmax(&rows, Axis(1)).unwrap();
    compare.entries(case, "softmax of lanes", &found, &right, |_| tiny);
    let found = lanes::log_softmax(&rows, Axis(1)).unwrap();
    compare.entries(case, "log_softmax of lanes", &found, &right_log, |_| tiny);
    if case.has("log_sum_exp") {
        // m + log1p(…), which may cancel: each is right to a few u.
        let above = max(&right_log).abs();
        let condition = (n + 4.0) * A::U * (top.abs() + above) + tiny;
        let right = get("log_sum_exp");
        let found = lanes::log_sum_exp(&rows, Axis(1)).unwrap();
        compare.entries(case, "log_sum_exp of lanes", &found, &right, |_| condition);
        compare.number(
            case,
            "log_sum_exp",
            log_sum_exp(&logits),
            right[0],
            condition,
        );
    }
    if let Some(class) = class {
        let entropy = CrossEntropy::new();
        let found = entropy.gradient(&rows, &[class], Reduction::Sum).unwrap();
        compare.number(case, "loss of rows", found.0, loss, tiny);
        compare.entries(case, "d_theta of rows", &found.1, &right_d, d_error);
    }

    // A layer with the logits as weights gives exactly them at an input of 1.
    if exact.contains(&f64::NEG_INFINITY) {
        return;
    }
    let layer = Layer::new(rows.clone(), Array1::zeros(theta.len())).unwrap();
    let x = || Array2::ones((1, 1));
    let found = predict(&layer, &x()).unwrap();
    compare.entries(case, "softmax of a batch", &found, &right, |_| tiny);
    let soft = Batch::of_distributions(x(), row(y.as_array())).unwrap();
    let hot = class.map(|class| Batch::of_classes(x(), vec![class], theta.len()).unwrap());
    for batch in [soft].into_iter().chain(hot) {
        let pass = Pass::new(&layer, &batch).unwrap();
        compare.number(case, "loss of a batch", pass.loss(), loss, tiny);
        for found in [pass.d_theta(), pass.d_w(), &row(pass.d_b())] {
            compare.entries(case, "gradients of a batch", found, &right_d, d_error);
        }
    }
}

#[test]
fn of_a_whole_network_both_kinds_of_numbers_are_right_by_every_way() {
    compare_each!(network, [ROWS, VALUES], "w");
}

/// The bounds are those of `tests/reference_values.rs`, for numbers of any kind.
fn network<A: Number>(case: &Case, compare: &mut Comparison) {
    let get = |record: &str| case.get::<f64>(record);
    let (w, b, x) = (get("w"), get("b"), get("x"));
    let (inputs, classes) = (x.len(), b.len());
    let layer = Layer::new(case.matrix::<A>("w", inputs), case.array("b")).unwrap();
    let y = Target::distribution(case.array::<A>("y")).unwrap();
    let classifier = Classifier::new(layer.clone());
    let forward = classifier.forward(&case.array("x"), &y).unwrap();
    let gradients = classifier.backward(&forward).unwrap();

    let of_logits = logit_errors(&w, &b, &x);
    let of_logits: Vec<f64> = of_logits
        .iter()
        .map(|error| error * (A::U / bounds::U) + inputs as f64 * A::TINY)
        .collect();
    let logits = forward.theta.as_array();
    let right = get("logits");
    compare.entries(case, "network logits", logits, &right, |k| of_logits[k]);

    // An error of the logits adds |Δθᵢ| + Σⱼ ŷⱼ |Δθⱼ| to the relative error of a probability.
    let y_hat = get("softmax");
    let mean = dot(&y_hat, &of_logits);
    let of_softmax = errors_of_softmax::<A>(&right, &y_hat).into_iter();
    let moved = (0..classes).map(|k| y_hat[k] * (of_logits[k] + mean));
    let errors: Vec<f64> = of_softmax
        .zip(moved)
        .map(|(one, other)| one + other)
        .collect();
    let right_d = get("d_theta");
    let sizes: Vec<f64> = right_d.iter().map(|d| d.abs()).collect();
    // ∂J = Σₖ δₖ ∂θₖ.
    let of_loss = dot(&sizes, &of_logits) + 2.0 * classes as f64 * A::TINY;
    let d_errors: Vec<f64> = (0..classes)
        .map(|k| error_of_difference(&errors, k))
        .collect();
    let of_d_w = |at: usize| x[at / classes].abs() * d_errors[at % classes] + A::TINY;
    let (loss, right_w) = (get("loss")[0], get("d_w"));

    let found = forward.y_hat.as_array();
    compare.entries(case, "network softmax", found, &y_hat, |k| errors[k]);
    compare.number(case, "network loss", forward.loss, loss, of_loss);
    compare.entries(case, "network d_b", &gradients.b, &right_d, |k| d_errors[k]);
    compare.entries(case, "network d_w", &gradients.w, &right_w, of_d_w);
    compare.entries(case, "network d_x", &gradients.x, &get("d_x"), |i| {
        let row: Vec<f64> = w[i * classes..][..classes]
            .iter()
            .map(|w| w.abs())
            .collect();
        let n = classes as f64;
        dot(&row, &d_errors) + n * A::U * dot(&row, &sizes) + n * A::TINY
    });

    let rows = row(&case.array::<A>("x"));
    let found = predict(&layer, &rows).unwrap();
    compare.entries(case, "batch softmax", &found, &y_hat, |k| errors[k]);
    let classes = class_of(y.as_array())
        .map(|class| Batch::of_classes(rows.clone(), vec![class], classes).unwrap());
    let soft = Batch::of_distributions(rows.clone(), row(y.as_array())).unwrap();
    for batch in [soft].into_iter().chain(classes) {
        let pass = Pass::new(&layer, &batch).unwrap();
        compare.number(case, "batch loss", pass.loss(), loss, of_loss);
        compare.entries(case, "batch d_theta", pass.d_theta(), &right_d, |k| {
            d_errors[k]
        });
        compare.entries(case, "batch d_b", pass.d_b(), &right_d, |k| d_errors[k]);
        compare.entries(case, "batch d_w", pass.d_w(), &right_w, of_d_w);
    }
}

/// Rows of logits of a case, their labels, and what it asks of the cross-entropy.
struct Rows<A> {
    theta: Array2<A>,
    labels: Vec<usize>,
    entropy: CrossEntropy<A>,
    ignored: Option<usize>,
    smooth: bool,
    /// What `−log ŷ` is multiplied by, row by row.
    tau: Array2<f64>,
}

impl<A: Number> Rows<A> {
    fn of(case: &Case) -> Self {
        let labels: Vec<usize> = case.get("labels");
        let theta = case.matrix::<A>("theta", labels.len());
        let classes = theta.ncols();
        let mut entropy = CrossEntropy::new();
        let mut weights = vec![1.0; classes];
        if case.has("weights") {
            weights = case.get("weights");
            entropy = entropy.class_weights(case.array("weights")).unwrap();
        }
        let ignored = case.has("ignore").then(|| case.get("ignore")[0]);
        if let Some(label) = ignored {
            entropy = entropy.ignore_index(label);
        }
        let mut epsilon = 0.0;
        if case.has("smoothing") {
            epsilon = case.get("smoothing")[0];
            let smoothing = case.get::<A>("smoothing")[0];
            entropy = entropy.label_smoothing(smoothing).unwrap();
        }
        let tau = Array2::from_shape_fn(theta.dim(), |(n, k)| match labels[n] {
            label if ignored == Some(label) => 0.0,
            label if label == k => (1.0 - epsilon + epsilon / classes as f64) * weights[k],
            _ => epsilon / classes as f64 * weights[k],
        });
        Self {
            theta,
            labels,
            entropy,
            ignored,
            smooth: epsilon > 0.0,
            tau,
        }
    }

    fn gradient(&self, reduction: Reduction) -> Result<(A, Array2<A>), Error> {
        let (theta, labels) = (&self.theta, &self.labels);
        self.entropy.gradient(theta, labels, reduction)
    }

    fn losses(&self) -> Result<Array1<A>, Error> {
        self.entropy.losses(&self.theta, &self.labels)
    }
}

#[test]
fn the_file_has_every_combination_for_both_kinds_of_numbers() {
    let cases: Vec<Case> = cases(ROWS);
    for combination in 0..16 {
        let has = |bit: usize| combination & bit != 0;
        for kind in ["f64", "f32"] {
            let found = cases.iter().filter(|case| {
                let masking = || {
                    let theta: Vec<f64> = case.get("theta");
                    theta.contains(&f64::NEG_INFINITY)
                };
                case.has("labels")
                    && case.get::<String>("float") == [kind]
                    && case.has("weights") == has(1)
                    && case.has("ignore") == has(2)
                    && case.has("smoothing") == has(4)
                    && masking() == has(8)
            });
            assert!(found.count() >= 3, "{combination} {kind}");
        }
    }
}

#[test]
fn every_combination_of_weights_ignored_labels_smoothing_and_masks_is_right() {
    compare_each!(rows, [ROWS], "labels");
}

/// No term of a loss is below 0, so it is right to R. The gradient `δᵢ = T ŷᵢ − τᵢ`, with `T = Σ τ`,
/// may cancel. It is known to the error of `T ŷᵢ` and to a few roundings of both terms; and as
/// `(T − τᵢ) − T (1 − ŷᵢ)`, to the errors of all others and to a few roundings of these two. The
/// smaller one counts. A factor and its sums pass at most `K + 4` roundings.
fn rows<A: Number>(case: &Case, compare: &mut Comparison) {
    let rows = Rows::<A>::of(case);
    if case.has("masked") {
        let masked = case.get::<usize>("masked");
        let (at, class) = (masked[0], masked[1]);
        let error = Box::new(Error::MaskedLabel { class });
        let expected = Error::Example { at, error };
        assert_eq!(rows.losses().unwrap_err(), expected, "{}", case.name);
        for reduction in [Reduction::Mean, Reduction::Sum] {
            assert_eq!(rows.gradient(reduction).unwrap_err(), expected);
        }
        return;
    }

    let (examples, classes) = rows.theta.dim();
    let (losses, d_rows) = (case.get::<f64>("losses"), case.get::<f64>("d_rows"));
    let counts = case.get::<f64>("counts")[0];
    let n = classes as f64;
    let mut conditions = Vec::new();
    for (theta, tau) in rows.theta.outer_iter().zip(rows.tau.outer_iter()) {
        let theta: Vec<f64> = theta.iter().map(|theta_i| (*theta_i).into()).collect();
        let tau = tau.to_vec();
        let total: f64 = tau.iter().sum();
        if total == 0.0 {
            conditions.extend(vec![0.0; classes]);
            continue;
        }
        let exps: Vec<f64> = theta
            .iter()
            .map(|theta_i| (theta_i - max(&theta)).exp())
            .collect();
        let sum: f64 = exps.iter().sum();
        let y_hat: Vec<f64> = exps.iter().map(|exp| exp / sum).collect();
        let errors = errors_of_softmax::<A>(&theta, &y_hat);
        let roundings = (n + 4.0) * A::U;
        conditions.extend((0..classes).map(|i| {
            let direct = roundings * (total * y_hat[i] + tau[i]) + total * errors[i];
            let others = total * sum_without(&y_hat, i) + sum_without(&tau, i);
            let by_the_others = roundings * others + total * sum_without(&errors, i);
            direct.min(by_the_others)
        }));
    }

    let tiny = 4.0 * n * A::TINY;
    let found = rows.losses().unwrap();
    compare.entries(case, "losses", &found, &losses, |_| tiny);
    let sum: f64 = losses.iter().sum();
    let tiny = tiny * examples as f64;
    let (loss, d) = rows.gradient(Reduction::Sum).unwrap();
    compare.number(case, "sum", loss, sum, tiny);
    compare.entries(case, "gradient of the sum", &d, &d_rows, |at| {
        conditions[at]
    });
    let loss = rows.entropy.loss(&rows.theta, &rows.labels, Reduction::Sum);
    compare.number(case, "sum", loss.unwrap(), sum, tiny);

    if counts == 0.0 {
        let what = "examples that count";
        for reduction in [Reduction::Mean] {
            assert_eq!(rows.gradient(reduction).unwrap_err(), Error::Empty { what });
        }
        return;
    }
    let (loss, d) = rows.gradient(Reduction::Mean).unwrap();
    compare.number(case, "mean", loss, sum / counts, tiny / counts + tiny);
    let d_mean: Vec<f64> = d_rows.iter().map(|d| d / counts).collect();
    compare.entries(case, "gradient of the mean", &d, &d_mean, |at| {
        conditions[at] / counts + A::TINY
    });
}

/// Where PyTorch has a number, it is the same within its own rounding. It has `log ŷ` as
/// `(θ − m) − log Σ exp(θ − m)`, right to `(K + 4) u` of 1 and of itself, and `ŷ` as the
/// exponential of that. So a loss is off by `(K + 4) u (T + J)` and an entry of the gradient by
/// `(K + 4) u T`, since `ŷ log ŷ` is below 1; both twice, for the roundings here and of the sums.
///
/// It has NaN in three places, where the crate has a number or an error, and `rows.txt` says which:
/// in the gradient of a row that does not count and is all masked; in the loss where smoothing
/// meets a class that is masked and counts nothing, 0 · ∞; and in the mean of rows that count
/// nothing. Where a label is masked, it has an infinite loss.
#[test]
fn pytorch_gives_the_same_for_every_combination() {
    assert!(PYTORCH.starts_with("# PyTorch 2.15.0, torch.nn.functional.cross_entropy"));
    let of_rows: Vec<Case> = cases(ROWS);
    let of_rows: Vec<&Case> = of_rows.iter().filter(|case| case.has("labels")).collect();
    let of_pytorch: Vec<Case> = cases(PYTORCH);
    assert_eq!(of_rows.len(), of_pytorch.len());
    let mut tally = Tally::default();
    for (case, answer) in of_rows.into_iter().zip(&of_pytorch) {
        assert_eq!(case.name, answer.name);
        if case.is_of::<f32>() {
            pytorch::<f32>(case, answer, &mut tally);
        } else {
            pytorch::<f64>(case, answer, &mut tally);
        }
    }
    println!(
        "{} numbers are the same, {} are NaN there",
        tally.same, tally.nan
    );
    assert!(tally.same > 2000 && tally.nan < tally.same / 4);
}

#[derive(Default)]
struct Tally {
    same: usize,
    nan: usize,
}

impl Tally {
    fn compare<A: Number>(&mut self, name: &str, found: A, theirs: A, error: f64, nan: bool) {
        if nan {
            assert!(
                theirs.is_nan() && !found.is_nan(),
                "{name}: {found} and {theirs}"
            );
            self.nan += 1;
            return;
        }
        let (found, theirs): (f64, f64) = (found.into(), theirs.into());
        let same = found == theirs || (found - theirs).abs() <= error;
        assert!(same, "{name}: {found} and {theirs}, allowed {error:e}");
        self.same += 1;
    }
}

fn pytorch<A: Number>(case: &Case, answer: &Case, tally: &mut Tally) {
    let rows = Rows::<A>::of(case);
    let theirs = answer.array::<A>("losses");
    if case.has("masked") {
        let row: usize = case.get("masked")[0];
        assert!(!theirs[row].is_finite());
        return;
    }
    let masked = A::neg_infinity();
    let counts = case.get::<f64>("counts")[0];
    let classes = rows.theta.ncols();
    let unit = 2.0 * (classes as f64 + 4.0) * A::U;
    let total: Vec<f64> = rows.tau.outer_iter().map(|tau| tau.sum()).collect();
    let is_ignored = |n: usize| rows.ignored == Some(rows.labels[n]);
    let has_mask = |n: usize| rows.theta.row(n).iter().any(|theta| *theta == masked);
    let all_masked = |n: usize| rows.theta.row(n).iter().all(|theta| *theta == masked);

    let losses = rows.losses().unwrap();
    let mut error_of_sum = 0.0;
    let mut nan_in_sum = false;
    for n in 0..rows.labels.len() {
        let nan = rows.smooth && has_mask(n) && !is_ignored(n);
        let error = unit * (total[n] + losses[n].into());
        tally.compare(case.name, losses[n], theirs[n], error, nan);
        nan_in_sum |= nan;
        error_of_sum += 2.0 * error;
    }
    for (reduction, name, d_name) in [
        (Reduction::Sum, "sum", "d_sum"),
        (Reduction::Mean, "mean", "d_mean"),
    ] {
        let (theirs, their_d) = (answer.get::<A>(name)[0], answer.array::<A>(d_name));
        let mut divisor = 1.0;
        if reduction == Reduction::Mean {
            divisor = counts;
            if counts == 0.0 {
                assert!(theirs.is_nan());
                continue;
            }
        }
        let (loss, d) = rows.gradient(reduction).unwrap();
        tally.compare(case.name, loss, theirs, error_of_sum / divisor, nan_in_sum);
        for ((n, k), found) in d.indexed_iter() {
            let error = unit * total[n] / divisor;
            let nan = is_ignored(n) && all_masked(n);
            tally.compare(case.name, *found, their_d[n * classes + k], error, nan);
        }
    }
}
