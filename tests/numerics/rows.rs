//! Both kinds of numbers, and rows of logits, compared with what is right: the cases of
//! `tests/reference/rows.txt`, and those of `tests/reference/values.txt` by the other way, through
//! batches and lanes. And the answers of PyTorch, in `tests/reference/pytorch.txt`.
//!
//! Each result is right to a relative error of 10⁻¹³ in `f64`, and to as many units in the last place
//! in `f32`, which is 5.4·10⁻⁵, up to the condition of the problem. The largest errors are printed
//! with `cargo test --test numerics rows -- --nocapture`.

use ndarray::{Array1, Array2, ArrayRef1, Axis, array};
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::softmax::{jacobian, log_sum_exp, vector_jacobian_product};
use softmax_backprop::{
    Classifier, Error, Layer, Logits, Target, cross_entropy, cross_entropy_from_logits, lanes,
    log_softmax, softmax,
};

use crate::reference::bounds::{self, dot, logit_errors, max};
use crate::reference::cases::{Case, Comparison, Number, cases, errors_of_softmax, sum_without};

const ROWS: &str = include_str!("../reference/rows.txt");
const VALUES: &str = include_str!("../reference/values.txt");
const PYTORCH: &str = include_str!("../reference/pytorch.txt");

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
/// `reference_values.rs`, which derives it.
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

/// The bounds are those of `reference_values.rs`, for numbers of any kind.
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
        let mean = rows.gradient(Reduction::Mean);
        assert_eq!(mean.unwrap_err(), Error::Empty { what });
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

#[test]
fn a_loss_of_a_row_counts_by_its_share_before_it_overflows() {
    fn check<A: Number>() {
        // The loss of the first row is 2·last, above the largest number; its third is not.
        let last = A::max_value() * A::of(0.75);
        let theta = Array2::from_shape_fn((3, 2), |(n, k)| match (n, k) {
            (0, 0) => last,
            (0, _) => -last,
            _ => A::zero(),
        });
        let entropy = CrossEntropy::<A>::new();
        let losses = entropy.losses(&theta, &[1, 0, 1]).unwrap();
        assert_eq!(losses[0], A::infinity());
        let mean = entropy.loss(&theta, &[1, 0, 1], Reduction::Mean).unwrap();
        let right = last * A::of(2.0 / 3.0);
        assert!((mean / right - A::one()).abs() <= A::epsilon() * A::of(2.0));
        let sum = entropy.loss(&theta, &[1, 0, 1], Reduction::Sum).unwrap();
        assert_eq!(sum, A::infinity());
    }
    check::<f64>();
    check::<f32>();
}

/// Probabilities and gradients at masks are 0 with the sign of 0, not a small number.
fn is_zero<A: Number>(number: A) -> bool {
    number.is_zero() && number.is_sign_positive()
}

/// Logits with masks, and the same without the masked classes: which classes are left.
fn masked_logits<A: Number>() -> Vec<(Array1<A>, Vec<usize>)> {
    let rows: [&[f64]; 6] = [
        &[0.5, f64::NEG_INFINITY, -1.25],
        &[f64::NEG_INFINITY, 2.0],
        &[f64::NEG_INFINITY, -3.0, f64::NEG_INFINITY, 80.0, -20.0],
        // Far below 0, where a mask taken for a large number would show.
        &[-1e30, f64::NEG_INFINITY, -1e30, f64::NEG_INFINITY],
        &[-3.0e38, f64::NEG_INFINITY, 3.0e38],
        &[0.0, f64::NEG_INFINITY, 0.0, 0.0, -105.0, -800.0],
    ];
    // And as many classes as two whole chunks of vectors hold, with a rest.
    let long = (0..77).map(|i| match i % 3 {
        1 => f64::NEG_INFINITY,
        _ => f64::from(i * 37 % 11) - 5.0,
    });
    let rows = rows.iter().map(|row| row.to_vec()).chain([long.collect()]);
    rows.map(|row| {
        let left = (0..row.len()).filter(|i| row[*i] > f64::NEG_INFINITY);
        (
            row.iter().map(|theta| A::of(*theta)).collect(),
            left.collect(),
        )
    })
    .collect()
}

/// A sum whose terms stand in other lanes of a vector is within `2 (n − 1) u` of the other, and the
/// results round a few times more.
fn close<A: Number>(found: A, expected: A, classes: usize) -> bool {
    let (found, expected): (f64, f64) = (found.into(), expected.into());
    let n = classes as f64;
    let bound = 2.0 * (n + 4.0) * A::U * expected.abs() + 2.0 * A::TINY;
    found == expected || (found - expected).abs() <= bound
}

#[test]
fn a_masked_class_has_the_probability_0_and_the_others_what_they_have_without_it() {
    fn check<A: Number>() {
        for (theta, left) in masked_logits::<A>() {
            let n = theta.len();
            let removed = theta.select(Axis(0), &left);
            let short = Logits::new(removed.clone()).unwrap();
            let logits = Logits::new(theta.clone()).unwrap();
            let columns = |theta: &Array1<A>| {
                // Beside a column of zeros, so that the lane is not contiguous.
                let mut pair = Array2::zeros((theta.len(), 2));
                pair.column_mut(0).assign(theta);
                pair
            };
            let lane = |of: fn(&Array2<A>, Axis) -> Result<Array2<A>, Error>| {
                let along_rows = of(&row(&theta), Axis(1)).unwrap().row(0).to_owned();
                let along_columns = of(&columns(&theta), Axis(0)).unwrap().column(0).to_owned();
                assert_eq!(along_rows, along_columns);
                along_rows
            };
            let softmaxes = [
                softmax(&logits).as_array().clone(),
                lane(|theta, axis| lanes::softmax(theta, axis)),
            ];
            let logarithms = [
                log_softmax(&logits),
                lane(|theta, axis| lanes::log_softmax(theta, axis)),
            ];
            let (right, right_log) = (softmax(&short), log_softmax(&short));
            for (y_hat, log_y_hat) in softmaxes.iter().zip(&logarithms) {
                for i in (0..n).filter(|i| !left.contains(i)) {
                    assert!(is_zero(y_hat[i]));
                    assert_eq!(log_y_hat[i], A::neg_infinity());
                }
                for (k, &i) in left.iter().enumerate() {
                    assert!(close(y_hat[i], right[k], n), "{theta}: {i}");
                    assert!(close(log_y_hat[i], right_log[k], n), "{theta}: {i}");
                }
            }
            // m + log1p(…) rounds as a sum of both, and may cancel.
            let sums = lanes::log_sum_exp(&row(&theta), Axis(1)).unwrap();
            let right: f64 = log_sum_exp(&short).into();
            let top = left
                .iter()
                .map(|i| theta[*i].into())
                .fold(f64::NEG_INFINITY, f64::max);
            for found in [log_sum_exp(&logits), sums[0]] {
                let bound = 4.0 * (n as f64) * A::U * (top.abs() + (n as f64).ln());
                assert!((found.into() - right).abs() <= bound);
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn a_masked_class_has_no_gradient_and_the_others_what_they_have_without_it() {
    fn check<A: Number>() {
        for (theta, left) in masked_logits::<A>() {
            let n = theta.len();
            let is_left = |i: usize| left.contains(&i);
            let removed = theta.select(Axis(0), &left);
            let (logits, short) = (
                Logits::new(theta.clone()).unwrap(),
                Logits::new(removed.clone()).unwrap(),
            );
            let (y_hat, short_y_hat) = (softmax(&logits), softmax(&short));

            let table = jacobian(&y_hat);
            for (at, entry) in table.indexed_iter() {
                assert!(is_left(at.0) && is_left(at.1) || is_zero(*entry));
            }
            // The loss hangs on a masked probability as well, and still not on its logit.
            let g = Array1::from_shape_fn(n, |i| A::of((i * 7 % 5) as f64 - 2.0));
            let product = vector_jacobian_product(&y_hat, &g).unwrap();
            assert!((0..n).all(|i| is_left(i) || is_zero(product[i])));
            let short_g = g.select(Axis(0), &left);
            let short_product = vector_jacobian_product(&short_y_hat, &short_g).unwrap();
            for (k, &i) in left.iter().enumerate() {
                // ŷᵢ (gᵢ − mean), with |g| ≤ 2 relative to one of them: a few roundings of 8 ŷᵢ.
                let bound = 8.0 * (n as f64 + 4.0) * A::U * y_hat[i].into() + 2.0 * A::TINY;
                assert!((product[i] - short_product[k]).abs().into() <= bound);
            }

            for (k, &class) in left.iter().enumerate() {
                let y = Target::one_hot(class, n).unwrap();
                let short_y = Target::one_hot(k, left.len()).unwrap();
                let loss = cross_entropy_from_logits(&logits, &y).unwrap();
                let right_loss = cross_entropy_from_logits(&short, &short_y).unwrap();
                assert!(close(loss, right_loss, n));
                let gradient = d_theta(&y_hat, &y).unwrap();
                let right = d_theta(&short_y_hat, &short_y).unwrap();
                let entropy = CrossEntropy::<A>::new();
                let of_rows = entropy.gradient(&row(&theta), &[class], Reduction::Mean);
                let (loss, of_rows) = of_rows.unwrap();
                assert!(close(loss, right_loss, n));
                for delta in [&gradient, &of_rows.row(0).to_owned()] {
                    assert!((0..n).all(|i| is_left(i) || is_zero(delta[i])));
                    let mut pairs = left.iter().enumerate();
                    assert!(pairs.all(|(k, &i)| close(delta[i], right[k], n)));
                }
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

/// With smoothing a class can be masked only where it counts nothing, and then it has no gradient,
/// not even as the label.
#[test]
fn a_masked_class_that_counts_nothing_has_no_gradient_with_smoothing() {
    fn check<A: Number>() {
        let number = |number: f64| A::of(number);
        let theta = array![
            [0.5, f64::NEG_INFINITY, -1.0],
            [2.0, f64::NEG_INFINITY, 0.0]
        ];
        let entropy = CrossEntropy::new().class_weights(array![1.0, 0.0, 3.0].mapv(number));
        let entropy = entropy.unwrap().label_smoothing(A::of(0.25)).unwrap();
        for label in 0..3 {
            let labels = [label, 2];
            let found = entropy.gradient(&theta.mapv(number), &labels, Reduction::Mean);
            let (loss, d_theta) = found.unwrap();
            assert!(loss.is_finite() && loss > A::zero());
            assert!(d_theta.column(1).iter().all(|d| is_zero(*d)));
            assert!(d_theta.iter().all(|d| d.is_finite()));
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn a_row_without_a_class_is_an_error_everywhere() {
    fn check<A: Number>() {
        let masked = A::neg_infinity();
        let expected = Error::AllMasked { what: "theta" };
        for n in [1, 2, 32, 33] {
            let row_of_masks = Array1::from_elem(n, masked);
            assert_eq!(Logits::new(row_of_masks.clone()), Err(expected.clone()));
            let mut theta = Array2::zeros((3, n));
            theta.row_mut(1).assign(&row_of_masks);
            for (theta, axis) in [(theta.view(), Axis(1)), (theta.t(), Axis(0))] {
                assert_eq!(lanes::softmax(&theta, axis), Err(expected.clone()));
                assert_eq!(lanes::log_softmax(&theta, axis), Err(expected.clone()));
                assert_eq!(lanes::log_sum_exp(&theta, axis), Err(expected.clone()));
            }
            let error = Box::new(expected.clone());
            let in_row = Error::Example { at: 1, error };
            let entropy = CrossEntropy::<A>::new();
            assert_eq!(entropy.losses(&theta, &[0; 3]), Err(in_row.clone()));
            assert!(entropy.ignore_index(0).losses(&theta, &[0; 3]).is_ok());
        }
        assert_eq!(
            expected.to_string(),
            "theta: expected a logit above -inf, found none"
        );
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn a_label_at_a_mask_is_an_error_that_names_it() {
    fn check<A: Number>() {
        let theta =
            array![[0.0, 1.0, 2.0], [0.5, 1.0, f64::NEG_INFINITY]].mapv(|theta| A::of(theta));
        let logits = Logits::new(theta.row(1).to_owned()).unwrap();
        let error = Error::MaskedLabel { class: 2 };
        let half = A::of(0.5);
        for y in [
            Target::one_hot(2, 3).unwrap(),
            Target::distribution(array![half, A::zero(), half]).unwrap(),
        ] {
            assert_eq!(cross_entropy_from_logits(&logits, &y), Err(error.clone()));
        }
        // The definition has the infinite loss.
        let y_hat = softmax(&logits);
        let y = Target::one_hot(2, 3).unwrap();
        assert_eq!(cross_entropy(&y_hat, &y), Ok(A::infinity()));

        let entropy = CrossEntropy::<A>::new();
        let message = |entropy: &CrossEntropy<A>, labels: &[usize]| {
            let losses = entropy.losses(&theta, labels);
            losses.unwrap_err().to_string()
        };
        let masked =
            "example 1: class 2: expected a label that is not masked, found a logit of -inf";
        assert_eq!(message(&entropy, &[2, 2]), masked);
        assert!(entropy.losses(&theta, &[2, 1]).is_ok());
        // Smoothing lays some of the label on every class.
        let smooth = entropy.clone().label_smoothing(A::of(0.1)).unwrap();
        assert_eq!(message(&smooth, &[2, 1]), masked);
        // A row that does not count is not looked at.
        assert!(smooth.ignore_index(1).losses(&theta, &[2, 1]).is_ok());
        // Nor is a class that counts nothing.
        let weights = array![A::one(), A::one(), A::zero()];
        let entropy = entropy.class_weights(weights).unwrap();
        assert_eq!(
            entropy.losses(&theta, &[2, 2]).unwrap(),
            array![A::zero(), A::zero()]
        );
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn an_infinity_above_and_a_nan_are_errors_that_name_their_place() {
    /// A row in the second of the groups that are worked on together, and not its last.
    const ROW: usize = 65;

    fn check<A: Number>() {
        for n in [3, 31, 32, 64, 70] {
            for (at, wrong) in [
                (0, A::infinity()),
                (n / 2, A::nan()),
                (n - 1, A::infinity()),
            ] {
                let mut theta = Array2::from_shape_fn((ROW + 2, n), |(_, k)| A::of(k as f64));
                // A mask before it is none the worse.
                theta[[ROW, (at + 1) % n]] = A::neg_infinity();
                theta[[ROW, at]] = wrong;
                let names = |error: Error, place: &[usize]| match error {
                    Error::NotFinite { what, at, found } => {
                        let wrong: f64 = wrong.into();
                        let same = found == wrong || found.is_nan() && wrong.is_nan();
                        what == "theta" && at == place && same
                    }
                    _ => false,
                };
                let row = theta.row(ROW).to_owned();
                assert!(names(Logits::new(row).unwrap_err(), &[at]));
                let (long, tall) = (theta.view(), theta.t());
                for of in [lanes::softmax, lanes::log_softmax] {
                    assert!(names(of(&long, Axis(1)).unwrap_err(), &[ROW, at]));
                    assert!(names(of(&tall, Axis(0)).unwrap_err(), &[at, ROW]));
                }
                assert!(names(
                    lanes::log_sum_exp(&long, Axis(1)).unwrap_err(),
                    &[ROW, at]
                ));
                match CrossEntropy::new()
                    .losses(&theta, &[2; ROW + 2])
                    .unwrap_err()
                {
                    Error::Example { at: ROW, error } => assert!(names(*error, &[at])),
                    other => panic!("{other}"),
                }
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn the_gradient_is_written_into_an_array_of_any_order() {
    let theta = array![[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]];
    let labels = [2, 0];
    let loss = CrossEntropy::<f64>::default();
    let (expected, gradient) = loss.gradient(&theta, &labels, Reduction::Mean).unwrap();
    // Row by row, and column by column.
    for mut d_theta in [
        Array2::from_elem((2, 3), 7.0),
        Array2::from_elem((3, 2), 7.0).reversed_axes(),
    ] {
        let found = loss.gradient_into(&theta, &labels, Reduction::Mean, &mut d_theta);
        assert_eq!(found, Ok(expected));
        assert_eq!(d_theta, gradient);
    }
}

/// With nine tenths of each label spread over five classes no class has half of it.
#[test]
fn the_gradient_of_a_mean_is_its_part_of_the_gradient_of_the_sum() {
    let theta = array![[1.0, -2.0, 0.5, 0.0, 3.0], [0.25, 3.0, -1.0, 2.0, 0.0]];
    let loss = CrossEntropy::<f64>::default().label_smoothing(0.9).unwrap();
    let gradient = |reduction| loss.gradient(&theta, &[2, 0], reduction).unwrap();
    let (mean, sum) = (gradient(Reduction::Mean), gradient(Reduction::Sum));
    assert!((mean.0 - sum.0 / 2.0).abs() < 1e-15);
    for (mean, sum) in mean.1.iter().zip(&sum.1) {
        assert!((mean - sum / 2.0).abs() < 1e-16, "{mean} for half of {sum}");
    }
}
