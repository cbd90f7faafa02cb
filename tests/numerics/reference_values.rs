//! Every value and gradient, compared with `tests/reference/values.txt`: 279 cases that were
//! computed with 400 digits, by the definitions, from the same `f64` inputs.
//!
//! Each is right to a relative error of 10⁻¹³, up to the condition of the problem: what no
//! algorithm could do better, because an input or an intermediate value moved by its last bit
//! moves the result by more. Where that is so, the comparison states it and derives the bound.
//! The largest errors are printed with `cargo test --test numerics reference_values -- --nocapture`.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, array};
use softmax_backprop::cross_entropy::{d_theta, d_y_hat};
use softmax_backprop::softmax::{jacobian, vector_jacobian_product};
use softmax_backprop::{
    Classifier, Layer, Logits, Probabilities, Target, cross_entropy, cross_entropy_from_logits,
    log_softmax, softmax,
};

use crate::reference::bounds::{TINY, U, dot, logit_errors, max, softmax_errors};
use crate::reference::cases::{Case, Comparison};

/// The relative error that every result is held to.
const R: f64 = 1e-13;

/// The categories of the cases, and how many there are of each.
const CATEGORIES: [(&str, usize); 24] = [
    ("all_equal", 9),
    ("every_size", 15),
    ("huge", 17),
    ("ladder", 7),
    ("large_g", 10),
    ("many_classes", 7),
    ("near_target", 20),
    ("network", 28),
    ("network_cancelling", 10),
    ("network_every_size", 6),
    ("network_large", 6),
    ("network_near_target", 6),
    ("network_of_one", 4),
    ("network_of_the_example", 2),
    ("network_saturated", 12),
    ("network_wide", 4),
    ("one_class", 6),
    ("ordinary", 30),
    ("saturated", 21),
    ("shifted", 5),
    ("subnormal", 19),
    ("tied_at_the_maximum", 12),
    ("tiny", 11),
    ("underflow", 12),
];

fn cases() -> Vec<Case> {
    crate::reference::cases::cases(include_str!("../reference/values.txt"))
}

fn cases_with(record: &str) -> impl Iterator<Item = Case> {
    cases().into_iter().filter(move |case| case.has(record))
}

/// How exactly a probability can be known, and what follows from it.
struct Condition {
    /// The expected probabilities.
    y_hat: Vec<f64>,
    /// A bound of the absolute error of each probability.
    errors: Vec<f64>,
}

impl Condition {
    /// Of the softmax of logits with the absolute errors `theta_errors`.
    ///
    /// `∂ log ŷᵢ = ∂θᵢ − Σⱼ ŷⱼ ∂θⱼ`, so an error of the logits adds
    /// `|Δθᵢ| + Σⱼ ŷⱼ |Δθⱼ|` to the relative error `ρᵢ` of softmax itself.
    fn new(theta: &[f64], theta_errors: &[f64], y_hat: &[f64]) -> Self {
        let mean = dot(y_hat, theta_errors);
        let relative = softmax_errors(theta);
        let error = |i: usize| (relative[i] + theta_errors[i] + mean) * y_hat[i] + 2.0 * TINY;
        Self {
            y_hat: y_hat.to_vec(),
            errors: (0..y_hat.len()).map(error).collect(),
        }
    }

    /// Of the softmax of exact logits.
    fn of_exact(theta: &[f64], y_hat: &[f64]) -> Self {
        Self::new(theta, &vec![0.0; theta.len()], y_hat)
    }

    /// A bound of the absolute error of `δᵢ = ŷᵢ − yᵢ`, where the difference cancels.
    ///
    /// `ŷᵢ` is known to its own error `Eᵢ`, and through `1 − ŷᵢ = Σ_{j≠i} ŷⱼ` to `Σ_{j≠i} Eⱼ`;
    /// `yᵢ` is exact. So `δᵢ` is known to the smaller of the two.
    ///
    /// The crate goes by `1 − ŷᵢ` where `yᵢ ≥ ½`, so the larger of the two can be its error
    /// only where `ŷᵢ` and `yᵢ` are on different sides of ½. There nothing cancels, and
    /// `R |δᵢ|` makes up for it: take `yᵢ < ½ < ŷᵢ`. The larger error is `ρ ŷᵢ`, with
    /// `ρ ≤ R / 2` because class `i` is the top one, and the smaller one is at least
    /// `ρ (1 − ŷᵢ)`; then `ρ ŷᵢ ≤ R (ŷᵢ − ½) + ρ (1 − ŷᵢ)`, because that holds at `ŷᵢ = ½`
    /// and at `ŷᵢ = 1`, and both sides are linear in between. The other case is its mirror.
    fn of_d_theta(&self, i: usize) -> f64 {
        let others = self.errors.iter().enumerate().filter(|(j, _)| *j != i);
        let through_the_others: f64 = others.map(|(_, error)| error).sum();
        // With one class there are no others, and `1 − ŷ` is exactly 0.
        self.errors[i].min(through_the_others)
    }
}

#[test]
fn the_file_holds_every_category() {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases() {
        *found
            .entry(case.name.split('/').next().unwrap())
            .or_default() += 1;
    }
    assert_eq!(found, BTreeMap::from(CATEGORIES));
    assert!(found.values().sum::<usize>() >= 200);
}

#[test]
fn from_the_logits_every_value_and_gradient_is_right() {
    let mut compare = Comparison::default();
    for case in cases_with("theta") {
        let theta = Logits::new(case.array::<f64>("theta")).unwrap();
        let y = Target::distribution(case.array::<f64>("y")).unwrap();
        let n = y.as_array().len() as f64;
        // A sum over the classes is off by at most so much because its terms are subnormal.
        let sum_tiny = 2.0 * n * TINY;

        let y_hat = softmax(&theta);
        compare.entries(
            &case,
            "softmax",
            y_hat.as_array(),
            &case.get::<f64>("softmax"),
            |_| 2.0 * TINY,
        );
        compare.entries(
            &case,
            "log_softmax",
            &log_softmax(&theta),
            &case.get::<f64>("log_softmax"),
            |_| sum_tiny,
        );
        compare.number(
            &case,
            "loss",
            cross_entropy_from_logits(&theta, &y).unwrap(),
            case.get::<f64>("loss")[0],
            sum_tiny,
        );

        let condition = Condition::of_exact(&case.get::<f64>("theta"), &case.get::<f64>("softmax"));
        compare.entries(
            &case,
            "d_theta",
            &d_theta(&y_hat, &y).unwrap(),
            &case.get::<f64>("d_theta"),
            |i| condition.of_d_theta(i),
        );
        if case.has("jacobian") {
            // A product of two subnormal errors and its own rounding.
            compare.entries(
                &case,
                "jacobian",
                &jacobian(&y_hat),
                &case.get::<f64>("jacobian"),
                |_| sum_tiny + 3.0 * TINY,
            );
        }

        // The definition, of probabilities that were rounded. A relative error e of ŷᵢ is an
        // absolute error log(1 + e) of log ŷᵢ, whose condition number is therefore
        // 1 / |log ŷᵢ|. With |Δŷᵢ| ≤ Eᵢ it moves by at most Eᵢ / (ŷᵢ − Eᵢ). Where Eᵢ reaches ŷᵢ,
        // a subnormal probability may have become 0 and its loss ∞: there is no bound.
        let found = cross_entropy(&y_hat, &y).unwrap();
        let terms = (0..y.as_array().len()).filter(|&i| y[i] > 0.0);
        let moved = terms.map(|i| match (condition.y_hat[i], condition.errors[i]) {
            (p, error) if error < p => y[i] * error / (p - error),
            _ => f64::INFINITY,
        });
        compare.number(
            &case,
            "definition of softmax",
            found,
            case.get::<f64>("loss")[0],
            moved.sum(),
        );
    }
    compare.print();
}

#[test]
fn the_product_with_the_jacobian_is_right() {
    let mut compare = Comparison::default();
    for case in cases_with("g") {
        let theta = &case.get::<f64>("theta");
        let y_hat = softmax(&Logits::new(case.array::<f64>("theta")).unwrap());
        let product = vector_jacobian_product(&y_hat, &case.array::<f64>("g")).unwrap();

        // vᵢ = ŷᵢ (gᵢ − Σⱼ gⱼ ŷⱼ) is the same for g and for h = g − gₜ, with t the top class,
        // and h is known to a relative error u: a subtraction rounds once. So
        //     ∂vᵢ/∂hᵢ moves it by ŷᵢ u |hᵢ|,
        //     Δŷⱼ in the sum moves it by ŷᵢ Σⱼ Eⱼ |hⱼ|, with Eⱼ the error of ŷⱼ,
        //     a subnormal ŷᵢ in front moves it by 2 TINY |hᵢ − Σ|.
        // The relative error of ŷᵢ in front is in R. Rounding v adds TINY.
        let condition = Condition::of_exact(theta, &case.get::<f64>("softmax"));
        let top = theta.iter().position(|theta_i| *theta_i == max(theta));
        let g = &case.get::<f64>("g");
        let h: Vec<f64> = g.iter().map(|g_i| (g_i - g[top.unwrap()]).abs()).collect();
        let (sum, sum_error) = (dot(&condition.y_hat, &h), dot(&condition.errors, &h));
        compare.entries(
            &case,
            "product",
            &product,
            &case.get::<f64>("product"),
            |i| condition.y_hat[i] * (U * h[i] + sum_error) + 2.0 * TINY * (h[i] + sum) + TINY,
        );
    }
    compare.print();
}

/// Here `p` is exact, so there is no condition: each result is right to R.
#[test]
fn from_exact_probabilities_the_definition_and_its_gradient_are_right() {
    let mut compare = Comparison::default();
    for case in cases_with("definition") {
        // Parsed, the probabilities are the nearest f64 values, which the results start from.
        let p = Probabilities::new(case.array::<f64>("softmax")).unwrap();
        let y = Target::distribution(case.array::<f64>("y")).unwrap();
        let tiny = y.as_array().len() as f64 * TINY;
        compare.number(
            &case,
            "definition",
            cross_entropy(&p, &y).unwrap(),
            case.get::<f64>("definition")[0],
            tiny,
        );
        compare.entries(
            &case,
            "d_y_hat",
            &d_y_hat(&p, &y).unwrap(),
            &case.get::<f64>("d_y_hat"),
            |_| TINY,
        );
    }
    compare.print();
}

#[test]
fn of_a_whole_network_every_value_and_gradient_is_right() {
    let mut compare = Comparison::default();
    for case in cases_with("w") {
        let (w, b, x) = (
            &case.get::<f64>("w"),
            &case.get::<f64>("b"),
            &case.get::<f64>("x"),
        );
        let classes = b.len();
        let shape = (x.len(), classes);
        let layer = Layer::new(
            Array2::from_shape_vec(shape, w.to_vec()).unwrap(),
            case.array::<f64>("b"),
        );
        let y = Target::distribution(case.array::<f64>("y")).unwrap();
        let classifier = Classifier::new(layer.unwrap());
        let forward = classifier.forward(&case.array::<f64>("x"), &y).unwrap();
        let gradients = classifier.backward(&forward).unwrap();

        // The terms of a logit may cancel.
        let theta_errors = logit_errors(w, b, x);
        compare.entries(
            &case,
            "network logits",
            forward.theta.as_array(),
            &case.get::<f64>("logits"),
            |k| theta_errors[k],
        );

        // From here on the errors of the logits go along.
        let condition = Condition::new(
            &case.get::<f64>("logits"),
            &theta_errors,
            &case.get::<f64>("softmax"),
        );
        compare.entries(
            &case,
            "network softmax",
            forward.y_hat.as_array(),
            &case.get::<f64>("softmax"),
            |k| condition.errors[k],
        );

        // ∂J = Σₖ δₖ ∂θₖ.
        let d_theta = &case.get::<f64>("d_theta");
        let d_theta_sizes: Vec<f64> = d_theta.iter().map(|d| d.abs()).collect();
        compare.number(
            &case,
            "network loss",
            forward.loss,
            case.get::<f64>("loss")[0],
            dot(&d_theta_sizes, &theta_errors) + 2.0 * classes as f64 * TINY,
        );

        let d_errors: Vec<f64> = (0..classes).map(|k| condition.of_d_theta(k)).collect();
        compare.entries(&case, "network d_b", &gradients.b, d_theta, |k| d_errors[k]);

        // (x δᵀ)ᵢₖ = xᵢ δₖ: the error of δₖ, times xᵢ.
        compare.entries(
            &case,
            "network d_w",
            &gradients.w,
            &case.get::<f64>("d_w"),
            |entry| x[entry / classes].abs() * d_errors[entry % classes] + TINY,
        );

        // (W δ)ᵢ = Σₖ wᵢₖ δₖ: the errors of δ, and the sum itself, whose terms may cancel.
        // Each passes at most as many roundings as there are classes.
        compare.entries(
            &case,
            "network d_x",
            &gradients.x,
            &case.get::<f64>("d_x"),
            |i| {
                let row = w[i * classes..][..classes].iter().map(|w_ik| w_ik.abs());
                let row: Vec<f64> = row.collect();
                let n = classes as f64;
                dot(&row, &d_errors) + n * U * dot(&row, &d_theta_sizes) + n * TINY
            },
        );
    }
    compare.print();
}

/// The page *Numbers that stay finite* compares with these digits; none of them is typed.
#[test]
fn the_page_on_numbers_has_the_digits_of_the_ladder() {
    let values = include_str!("../reference/values.txt");
    let cases = values
        .split("case ")
        .filter(|case| case.starts_with("ladder/"));
    let row = |case: &str| {
        let record = |name: &str| {
            let found = case.lines().find_map(|line| line.strip_prefix(name));
            found.unwrap().trim_start()
        };
        let theta = record("theta ").replace(' ', ", ");
        let class = record("y ").split(' ').position(|y_i| y_i == "1.0");
        format!(
            "    ([{theta}], {}, \"{}\"),\n",
            class.unwrap(),
            record("loss ")
        )
    };
    let rows: String = cases.map(row).collect();
    assert!(!rows.is_empty(), "values.txt has no ladder");
    let source = include_str!("../../crates/given/src/rungs.rs").replace("\r\n", "\n");
    assert!(
        source.contains(&format!(" = [\n{rows}];\n")),
        "crates/given/src/rungs.rs has not these rows, from values.txt:\n{rows}"
    );
}

/// The run of the derivation's author: two inputs, three classes, one step of size 1.
///
/// All logits are 8.5 at first, so `δ = (⅓, ⅓, −⅔)`. After the step the logits are
/// `8.5 − 114/3 = −29.5` twice, and `8.5 + 2 · 114/3 = 84.5`: the gap is 114, and the loss
/// `log1p(2 exp(−114))`. Its relative error is the absolute error of the gap, because
/// `dJ/J = −d gap` where `J` is far below 1. With unit roundoff `u`:
///
/// - a weight after the step, `w′ = w − d_w`, is off by `u |w′| + 2u |d_w|`: its own rounding, that
///   of ⅓ and that of `xᵢ δₖ`;
/// - the logit then by `Σ |xᵢ| (u |w′| + 2u |d_w|) + 3u Σ |xᵢ w′|`, with the bias as an input of 1;
/// - at class 2 `Σ |x w′| = 84.5` and `Σ |x d_w| = 76`, which makes 490 u; at class 0
///   they are 30.8 and 38, which makes 200 u;
/// - the gap rounds once more and so does `exp`, for 116 u at most.
///
/// Together 806 u, which is 8.9·10⁻¹⁴: the loss is right to 10⁻¹³ in any order of summation.
#[test]
fn the_loss_after_the_step_of_the_example_is_6_1867e_50() {
    let w = Array2::from_elem((2, 3), 0.5);
    let x = array![8.0, 7.0];
    let y = Target::one_hot(2, 3).unwrap();
    let classifier = Classifier::new(Layer::<f64>::new(w, Array1::ones(3)).unwrap());
    let before = classifier.forward(&x, &y).unwrap();
    assert_eq!(before.theta.as_array(), array![8.5, 8.5, 8.5]);

    let gradients = classifier.backward(&before).unwrap();
    let after = classifier.step(&gradients, 1.0).unwrap();
    let found = after.forward(&x, &y).unwrap().loss;
    // log1p(2 exp(−114)), from tests/reference/values.txt, case saturated/1.
    let expected = 6.186_700_022_617_121e-50;
    let relative = (found - expected).abs() / expected;
    println!("relative error {relative:e}");
    assert!(
        relative <= R,
        "expected {expected:e}, found {found:e}, relative error {relative:e}"
    );
}
