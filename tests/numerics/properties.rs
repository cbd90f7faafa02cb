//! What holds for any logits, labels, inputs and parameters, tried on random ones.
//!
//! Each bound says how much rounding it allows. `u` is the unit roundoff, `ε = 2u`, and `n` the
//! number of classes; sums of `n` terms that are not negative are right to `(n − 1) u`.

use approx::assert_relative_eq;
use ndarray::{Array1, Array2, array};
use proptest::collection::vec;
use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::cross_entropy::{d_theta, d_y_hat};
use softmax_backprop::gradient_check::STEP;
use softmax_backprop::softmax::{jacobian, vector_jacobian_product};
use softmax_backprop::{
    Classifier, Layer, Logits, Probabilities, Target, central_differences, cross_entropy,
    cross_entropy_from_logits, gradient_check, log_softmax, softmax,
};

use crate::random::same_cases_each_time;
use crate::reference::bounds::{TINY, U, dot, logit_errors, max, softmax_errors};

const EPSILON: f64 = f64::EPSILON;

/// A finite number: near 0, in the range where probabilities underflow, anywhere at all, or one
/// that others are likely to equal.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -5.0..5.0,
        2 => -800.0..800.0,
        1 => POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO,
        1 => Just(4.0),
    ]
}

fn logits() -> impl Strategy<Value = Logits> {
    vec(number(), 1..40).prop_map(|theta| Logits::new(theta.into()).unwrap())
}

/// Logits all of which are within 60 of each other, so that no probability underflows.
fn close_logits(classes: usize) -> impl Strategy<Value = Logits> {
    vec(-30.0..30.0, classes).prop_map(|theta| Logits::new(theta.into()).unwrap())
}

/// A one-hot label or a soft one.
fn target(classes: usize) -> impl Strategy<Value = Target> {
    let one_hot = (0..classes).prop_map(move |class| Target::one_hot(class, classes).unwrap());
    // The last weight is above 0, so that the sum is.
    let soft = (vec(0.0..1.0, classes - 1), 0.1..1.0).prop_map(|(mut weights, last)| {
        weights.push(last);
        let weights = Array1::from(weights);
        Target::distribution(&weights / weights.sum()).unwrap()
    });
    prop_oneof![one_hot, soft]
}

fn logits_and_target() -> impl Strategy<Value = (Logits, Target)> {
    logits().prop_flat_map(|theta| {
        let classes = theta.as_array().len();
        (Just(theta), target(classes))
    })
}

fn close_logits_and_target() -> impl Strategy<Value = (Logits, Target)> {
    (1..20usize).prop_flat_map(|classes| (close_logits(classes), target(classes)))
}

/// A classifier with its inputs and a label, all numbers up to 2.
fn problem() -> impl Strategy<Value = (Classifier, Array1<f64>, Target)> {
    (1..7usize, 1..7usize).prop_flat_map(|(inputs, classes)| {
        let numbers = |count| vec(-2.0..2.0, count).prop_map(Array1::from);
        let w = numbers(inputs * classes)
            .prop_map(move |w| w.into_shape_with_order((inputs, classes)).unwrap());
        let classifier =
            (w, numbers(classes)).prop_map(|(w, b)| Classifier::new(Layer::new(w, b).unwrap()));
        (classifier, numbers(inputs), target(classes))
    })
}

/// Bounds of the error of each logit of a problem.
fn errors_of_logits(classifier: &Classifier, x: &Array1<f64>) -> Vec<f64> {
    let layer = classifier.layer();
    let w: Vec<f64> = layer.w().iter().copied().collect();
    logit_errors(&w, &layer.b().to_vec(), &x.to_vec())
}

fn sizes(v: &Array1<f64>) -> Vec<f64> {
    v.iter().map(|entry| entry.abs()).collect()
}

proptest! {
    #![proptest_config(same_cases_each_time(500, 3))]

    /// The sum of the exponentials is right to (n − 1) u, each division to u, and the sum that is
    /// taken here to (n − 1) u: fewer than 2n u = n ε.
    #[test]
    fn softmax_is_a_distribution(theta in logits()) {
        let y_hat = softmax(&theta);
        let n = y_hat.as_array().len() as f64;
        prop_assert!(y_hat.as_array().iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!((y_hat.as_array().sum() - 1.0).abs() <= n * EPSILON);
        prop_assert!(Probabilities::new(y_hat.as_array().clone()).is_ok());
    }

    /// Multiples of 2⁻¹⁰ below 2⁴² add exactly, so nothing at all may change.
    #[test]
    fn adding_a_number_to_all_logits_changes_nothing(
        steps in vec(prop_oneof![-5000..5000i64, -1i64 << 40..1i64 << 40], 1..40),
        shift in -1i64 << 40..1i64 << 40,
        class in any::<prop::sample::Index>(),
    ) {
        let logits = |shift: i64| {
            let theta = steps.iter().map(|step| (step + shift) as f64 / 1024.0);
            Logits::new(theta.collect()).unwrap()
        };
        let (here, there) = (logits(0), logits(shift));
        let y = Target::one_hot(class.index(steps.len()), steps.len()).unwrap();
        prop_assert_eq!(softmax(&here), softmax(&there));
        prop_assert_eq!(log_softmax(&here), log_softmax(&there));
        prop_assert_eq!(
            cross_entropy_from_logits(&here, &y),
            cross_entropy_from_logits(&there, &y)
        );
    }

    /// Only the order of summation differs: the two sums are within 2(n − 1) u of each other, and
    /// each result rounds a few times more.
    #[test]
    fn permuted_logits_give_permuted_probabilities(
        (theta, order) in logits().prop_flat_map(|theta| {
            let order: Vec<usize> = (0..theta.as_array().len()).collect();
            (Just(theta), Just(order).prop_shuffle())
        }),
    ) {
        let n = order.len();
        let permuted = order.iter().map(|&i| theta[i]).collect();
        let permuted = Logits::new(permuted).unwrap();
        let (y_hat, log_y_hat) = (softmax(&theta), log_softmax(&theta));
        let (p, log_p) = (softmax(&permuted), log_softmax(&permuted));
        for (k, &i) in order.iter().enumerate() {
            let relative = (n as f64 + 2.0) * EPSILON;
            prop_assert!((p[k] - y_hat[i]).abs() <= relative * y_hat[i] + TINY);
            // Equal first, since both may be −∞.
            let (found, expected) = (log_p[k], log_y_hat[i]);
            let within = (found - expected).abs() <= relative * expected.abs() + n as f64 * TINY;
            prop_assert!(found == expected || within);
        }
    }

    /// Equal logits give equal probabilities. A larger logit gives a larger probability as soon as
    /// the difference shows: `exp` is right to 2u, and a gap g to u g.
    #[test]
    fn the_probabilities_keep_the_order_of_the_logits(theta in logits()) {
        let y_hat = softmax(&theta);
        let log_y_hat = log_softmax(&theta);
        let top = max(&theta.as_array().to_vec());
        let n = theta.as_array().len();
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            if theta[i] == theta[j] {
                prop_assert_eq!(y_hat[i], y_hat[j]);
            }
            if theta[i] > theta[j] {
                prop_assert!(y_hat[i] >= y_hat[j] * (1.0 - 4.0 * EPSILON));
                // A subtraction keeps the order, even where it rounds.
                prop_assert!(log_y_hat[i] >= log_y_hat[j]);
                let shows = theta[i] - theta[j] > 4.0 * EPSILON * (1.0 + (top - theta[j]));
                if shows && y_hat[i] >= f64::MIN_POSITIVE {
                    prop_assert!(y_hat[i] > y_hat[j]);
                }
            }
        }
    }

    /// Where ŷ is not subnormal. A relative error ρ of ŷ is an absolute one of its logarithm.
    #[test]
    fn log_softmax_is_the_logarithm_of_softmax(theta in logits()) {
        let (y_hat, log_y_hat) = (softmax(&theta), log_softmax(&theta));
        let errors = softmax_errors(&theta.as_array().to_vec());
        for (i, &p) in y_hat.as_array().iter().enumerate() {
            if p >= f64::MIN_POSITIVE {
                let bound = errors[i] + 8.0 * U * p.ln().abs();
                prop_assert!((log_y_hat[i] - p.ln()).abs() <= bound);
            }
        }
    }

    /// `ŷᵢ cᵢ − Σ_{j≠i} ŷᵢ ŷⱼ`, with `cᵢ = Σ_{j≠i} ŷⱼ`: the two sums are of the same n − 1 terms,
    /// each right to n u with the product.
    #[test]
    fn the_jacobian_is_symmetric_and_its_rows_and_columns_sum_to_zero(theta in logits()) {
        let table = jacobian(&softmax(&theta));
        prop_assert_eq!(&table, &table.t());
        let n = table.nrows() as f64;
        for (i, row) in table.rows().into_iter().enumerate() {
            let bound = n * EPSILON * table[[i, i]] + n * TINY;
            prop_assert!(row.sum().abs() <= bound);
            prop_assert!(table.column(i).sum().abs() <= bound);
        }
    }

    /// With `h = g − gₜ`, t the top class, both are `ŷᵢ Σⱼ ŷⱼ (hᵢ − hⱼ)`, where the probabilities
    /// sum to 1 within n u. The product takes it from h, the matrix from g: each of the n terms is
    /// right to n u, and a subnormal probability moves it by TINY times its factor.
    #[test]
    fn the_vector_jacobian_product_is_the_product_with_the_matrix(
        (theta, g) in logits().prop_flat_map(|theta| {
            let classes = theta.as_array().len();
            (Just(theta), vec(-1e3..1e3, classes))
        }),
    ) {
        let y_hat = softmax(&theta);
        let g = Array1::from(g);
        let product = vector_jacobian_product(&y_hat, &g).unwrap();
        let table = jacobian(&y_hat);
        let expected = g.dot(&table);

        let p = y_hat.as_array().to_vec();
        let top = p.iter().position(|p_i| *p_i == max(&p)).unwrap();
        let h = &g - g[top];
        let n = p.len() as f64;
        for i in 0..p.len() {
            let from_h = p[i] * (h[i].abs() + dot(&p, &sizes(&h)));
            let from_g = dot(&sizes(&table.row(i).to_owned()), &sizes(&g));
            let bound = n * EPSILON * (from_h + from_g) + n * 4e3 * TINY;
            prop_assert!(
                (product[i] - expected[i]).abs() <= bound,
                "[{}]: {:e} and {:e}, bound {:e}", i, product[i], expected[i], bound
            );
        }
    }

    /// The chain rule, `Σᵢ ∂J/∂ŷᵢ ∂ŷᵢ/∂θⱼ = ŷⱼ − yⱼ`. The bounds are those of a product of g with
    /// the Jacobian, as above, and u for each entry of g and of the difference.
    #[test]
    fn the_gradient_of_the_loss_through_softmax_is_y_hat_minus_y(
        (theta, y) in close_logits_and_target(),
    ) {
        let y_hat = softmax(&theta);
        let g = d_y_hat(&y_hat, &y).unwrap();
        let product = vector_jacobian_product(&y_hat, &g).unwrap();
        let direct = d_theta(&y_hat, &y).unwrap();

        let p = y_hat.as_array().to_vec();
        let top = p.iter().position(|p_i| *p_i == max(&p)).unwrap();
        let g = sizes(&g);
        let n = p.len() as f64;
        for i in 0..p.len() {
            let h = |j: usize| g[j] + g[top];
            let mean: f64 = (0..p.len()).map(|j| p[j] * h(j)).sum();
            let bound = (n + 2.0) * EPSILON * (p[i] * (h(i) + mean) + p[i] + y[i]);
            prop_assert!((product[i] - direct[i]).abs() <= bound);
        }
    }

    /// A one-hot label: `δ` at its class is minus the sum of the others, taken in some order.
    /// A soft label sums to 1 within n u itself, as does ŷ.
    #[test]
    fn the_gradient_at_the_logits_sums_to_zero((theta, y) in logits_and_target()) {
        let delta = d_theta(&softmax(&theta), &y).unwrap();
        let n = delta.len() as f64;
        let one_hot = y.as_array().iter().any(|y_i| *y_i == 1.0);
        let size = if one_hot { delta.mapv(f64::abs).sum() } else { 2.0 };
        prop_assert!(delta.sum().abs() <= n * EPSILON * size + n * TINY);
    }

    /// Where no probability is subnormal: a relative error ρᵢ of ŷᵢ is an absolute error of its
    /// logarithm, and there are n terms.
    #[test]
    fn the_loss_from_logits_is_the_loss_from_probabilities(
        (theta, y) in close_logits_and_target(),
    ) {
        let definition = cross_entropy(&softmax(&theta), &y).unwrap();
        let from_logits = cross_entropy_from_logits(&theta, &y).unwrap();
        let errors = softmax_errors(&theta.as_array().to_vec());
        let n = errors.len() as f64;
        let bound = dot(&y.as_array().to_vec(), &errors) + (2.0 * n + 8.0) * U * definition;
        prop_assert!((from_logits - definition).abs() <= bound);
    }

    /// The loss is never below 0, and ∞ only where it is above the largest f64.
    #[test]
    fn the_loss_from_logits_is_not_negative((theta, y) in logits_and_target()) {
        let loss = cross_entropy_from_logits(&theta, &y).unwrap();
        prop_assert!(loss >= 0.0);
        let far = theta.as_array().iter().any(|theta_i| theta_i.abs() > f64::MAX / 4.0);
        prop_assert!(loss.is_finite() || far);
    }

    /// A central difference is off by `h² |J‴| / 6`, and by the error of the loss over h.
    ///
    /// J moves along one number z, with `∂θ/∂z = a`, as the logarithm of a sum of exponentials, so
    /// `J‴` is the third central moment of a under ŷ: at most `(max a − min a)³ ≤ 4³`, as w and x
    /// are at most 2. An error of the logits moves J by at most twice the largest. The step is at most
    /// `2 STEP` and at least `STEP`; the values that are moved stay below 2.1.
    #[test]
    fn each_gradient_agrees_with_central_differences((classifier, x, y) in problem()) {
        let report = gradient_check(&classifier, &x, &y).unwrap();
        let loss = classifier.forward(&x, &y).unwrap().loss;
        let n = y.as_array().len() as f64;
        let of_logits = 2.0 * max(&errors_of_logits(&classifier, &x));
        let of_loss = of_logits + (2.0 * n + 8.0) * U * (loss + 1.0);
        let bound = (2.0 * STEP).powi(2) * 64.0 / 6.0 + 1.1 * of_loss / STEP;
        prop_assert!(report.worst.error <= bound, "{:?}, bound {:e}", report.worst, bound);
    }

    /// The report names the entry of all three gradients at which they differ most.
    #[test]
    fn the_report_of_a_gradient_check_names_the_worst_entry((classifier, x, y) in problem()) {
        let report = gradient_check(&classifier, &x, &y).unwrap();
        let (found, expected) = (&report.numeric, &report.analytic);
        prop_assert_eq!(
            expected,
            &classifier.backward(&classifier.forward(&x, &y).unwrap()).unwrap()
        );
        let errors = |found: Vec<f64>, expected: Vec<f64>| {
            let pairs = found.into_iter().zip(expected);
            let errors = pairs.map(|(f, e)| (f - e).abs() / f.abs().max(e.abs()).max(1.0));
            max(&errors.collect::<Vec<f64>>())
        };
        let flat = |w: &Array2<f64>| w.iter().copied().collect();
        let largest = [
            errors(flat(&found.w), flat(&expected.w)),
            errors(found.b.to_vec(), expected.b.to_vec()),
            errors(found.x.to_vec(), expected.x.to_vec()),
        ];
        let worst = report.worst;
        prop_assert_eq!(worst.error, max(&largest));
        let entries = match (worst.what, worst.at.as_slice()) {
            ("d_w", &[i, k]) => (found.w[[i, k]], expected.w[[i, k]]),
            ("d_b", &[k]) => (found.b[k], expected.b[k]),
            ("d_x", &[i]) => (found.x[i], expected.x[i]),
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(entries, (worst.numeric, worst.analytic));
    }

    /// The difference is divided by the step that was taken, so a linear function has its slope to
    /// the last bit, also where the step itself rounds.
    #[test]
    fn the_central_difference_of_a_number_by_itself_is_1(numbers in vec(-1e6..1e6, 1..6)) {
        let numbers = Array1::from(numbers);
        for i in 0..numbers.len() {
            let mut expected = Array1::zeros(numbers.len());
            expected[i] = 1.0;
            let found = central_differences(|at: &Array1<f64>| Ok(at[i]), &numbers);
            prop_assert_eq!(found, Ok(expected));
        }
    }

    /// Off by `h² eᶻ / 6`, and by at most `2u eᶻ` in each of the two values, over `h`; with the
    /// step `h = ∛ε` that is 10 digits.
    #[test]
    fn a_central_difference_is_right_to_ten_digits(z in -1.0..1.0) {
        let found = central_differences(|at: &Array1<f64>| Ok(at[0].exp()), &array![z]).unwrap();
        let h = EPSILON.cbrt();
        assert_relative_eq!(STEP, h, max_relative = 2.0 * EPSILON);
        let bound = h * h / 6.0 + 1.1 * EPSILON / h;
        prop_assert!(bound < 1e-10);
        assert_relative_eq!(found[0], z.exp(), max_relative = bound);
    }

    /// The loss as a function of W and b has the Hessian `(diag ŷ − ŷŷᵀ) ⊗ (x, 1)(x, 1)ᵀ`. The
    /// largest eigenvalue of the first factor is at most ½, that of the second `‖x‖² + 1`. So
    /// the gradient has the Lipschitz constant `L ≤ (‖x‖² + 1) / 2`, and a step `η ≤ 1/L`
    /// lowers the loss by at least `η ‖∇J‖² / 2`, with `‖∇J‖² = ‖δ‖² (‖x‖² + 1)`.
    #[test]
    fn a_step_of_at_most_1_over_l_lowers_the_loss(
        (classifier, x, y) in problem(),
        part in 0.01..1.0,
    ) {
        let squares = x.dot(&x) + 1.0;
        let learning_rate = part / (squares / 2.0);
        let before = classifier.forward(&x, &y).unwrap();
        let gradients = classifier.backward(&before).unwrap();
        let stepped = classifier.step(&gradients, learning_rate).unwrap();
        let after = stepped.forward(&x, &y).unwrap();

        let least = learning_rate / 2.0 * gradients.b.dot(&gradients.b) * squares;
        // Rounding moves J by Σ |δₖ| |Δθₖ|. Let e be the largest bound of Δθ, before or after. The
        // two losses have e each. So has the step for w and for η d_w, which round to 3u at
        // most, where e holds 3u or more. And δ, off by 2e, counts in `least` with a factor
        // η (‖x‖² + 1) ≤ 2: all together 8e.
        let deltas = [
            sizes(&gradients.b),
            sizes(&d_theta(&after.y_hat, &y).unwrap()),
        ];
        let size: f64 = deltas.iter().flatten().sum();
        let e = max(&errors_of_logits(&classifier, &x)).max(max(&errors_of_logits(&stepped, &x)));
        let n = y.as_array().len() as f64;
        let rounding = 8.0 * e * size + (2.0 * n + 8.0) * U * before.loss;
        prop_assert!(after.loss <= before.loss - least + rounding);
        if least > rounding {
            prop_assert!(after.loss < before.loss);
        }
    }

    /// `softmax([z, 0])[0] = σ(z) = 1 / (1 + exp(−z))`, with the slope
    /// `σ (1 − σ) = exp(−|z|) / (1 + exp(−|z|))²`. The gap |z| is exact, and no operation
    /// cancels: 4 ε is 8 roundings. Beyond ±700 it is σ as written that overflows.
    #[test]
    fn softmax_of_two_classes_is_the_logistic_function(z in -700.0..700.0) {
        let y_hat = softmax(&Logits::new(array![z, 0.0]).unwrap());
        let sigma = 1.0 / (1.0 + f64::exp(-z));
        assert_relative_eq!(y_hat[0], sigma, max_relative = 4.0 * EPSILON, epsilon = 2.0 * TINY);

        let e = f64::exp(-z.abs());
        let slope = e / (1.0 + e).powi(2);
        let found = jacobian(&y_hat)[[0, 0]];
        assert_relative_eq!(found, slope, max_relative = 4.0 * EPSILON, epsilon = 4.0 * TINY);
    }

    #[test]
    fn random_weights_stay_in_their_bound_and_return_with_their_seed(
        inputs in 1..40usize,
        classes in 1..40usize,
        seed in any::<u64>(),
    ) {
        let rng = || ChaCha8Rng::seed_from_u64(seed);
        let uniform = Layer::uniform(inputs, classes, &mut rng()).unwrap();
        let glorot = Layer::glorot(inputs, classes, &mut rng()).unwrap();
        let fan_in = (inputs as f64).sqrt().recip();
        let both = (6.0 / (inputs + classes) as f64).sqrt();
        for (layer, bound) in [(&uniform, fan_in), (&glorot, both)] {
            prop_assert_eq!(layer.w().dim(), (inputs, classes));
            prop_assert_eq!(layer.b(), Array1::<f64>::zeros(classes));
            prop_assert!(layer.w().iter().all(|w| w.abs() <= bound));
        }
        prop_assert_eq!(&uniform, &Layer::uniform(inputs, classes, &mut rng()).unwrap());
        prop_assert_eq!(&glorot, &Layer::glorot(inputs, classes, &mut rng()).unwrap());
    }
}

/// Of 10 000 draws the mean is within 5 standard errors, `bound / √(3 · 10 000)`, of 0, and
/// both ends of the range are reached to a hundredth: each misses that with 0.995¹⁰⁰⁰⁰ < 10⁻²¹.
#[test]
fn random_weights_fill_their_range_evenly() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let uniform = Layer::uniform(100, 100, &mut rng).unwrap();
    let glorot = Layer::glorot(100, 100, &mut rng).unwrap();
    for (layer, bound) in [(uniform, 0.1), (glorot, f64::sqrt(0.03))] {
        let w = layer.w();
        let mean = w.sum() / w.len() as f64;
        assert!(mean.abs() < 5.0 * bound / f64::sqrt(30_000.0));
        assert!(w.iter().any(|w| *w > 0.99 * bound));
        assert!(w.iter().any(|w| *w < -0.99 * bound));
    }
}

/// The stream of ChaCha8 and the way from it to a weight, in this order: row by row. The numbers
/// are what the crate drew when this test was written; a book of examples rests on them.
#[test]
fn the_random_weights_of_a_seed_are_known() {
    let mut rng = ChaCha8Rng::seed_from_u64(2024);
    let uniform = Layer::uniform(2, 3, &mut rng).unwrap();
    let glorot = Layer::glorot(2, 3, &mut rng).unwrap();
    let expected_uniform = array![
        [-0.47090602726587427, 0.682321382226583, 0.2626429760799217],
        [
            0.576803598950544,
            0.27098512671435415,
            -0.0043759336916049385
        ],
    ];
    let expected_glorot = array![
        [
            -1.0167983719416678,
            -0.4083006842832826,
            -0.03184275191855668
        ],
        [0.7716977908984077, 0.9774439844322047, 0.3055625038475891],
    ];
    assert_eq!(uniform.w(), expected_uniform);
    assert_eq!(glorot.w(), expected_glorot);
}
