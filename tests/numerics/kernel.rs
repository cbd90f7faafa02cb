//! The kernel against the stations: what is there for speed gives what stands beside the formulas.
//!
//! Each test runs in both kinds of numbers. The vectors are those of this processor;
//! `cargo test -p narrow` runs the same tests with those that every processor has.

use ndarray::{Array, Array1, Array2, ArrayRef2, Axis, Dimension, Slice, array};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::{Classifier, Error, Layer, Target, lanes};

use crate::random::same_cases_each_time;
use crate::reference::bounds::{self, dot, logit_errors};
use crate::reference::cases::{Number, errors_of_softmax};

/// A layer, its inputs and labels: what is said by these numbers, and drawn from a seed.
#[derive(Debug, Clone, Copy)]
struct Problem {
    inputs: usize,
    classes: usize,
    examples: usize,
    /// Each logit is about so large.
    size: f64,
    /// A class whose logits are larger than all others by some multiples of `size`.
    peak: Option<usize>,
    /// Whether labels are distributions.
    soft: bool,
    seed: u64,
}

/// The same, drawn.
struct Drawn<A> {
    layer: Layer<A>,
    x: Array2<A>,
    batch: Batch<A>,
    targets: Vec<Target<A>>,
}

impl Problem {
    fn draw<A: Number>(&self) -> Drawn<A> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut number = |size: f64| A::of(rng.random_range(-size..size));
        let (inputs, classes) = (self.inputs, self.classes);
        let of_w = self.size / (inputs as f64).sqrt();
        let w = Array2::from_shape_simple_fn((inputs, classes), || number(of_w));
        let mut b = Array1::from_shape_simple_fn(classes, || number(self.size));
        if let Some(peak) = self.peak {
            b[peak] += A::of(6.0 * self.size);
        }
        let x = Array2::from_shape_simple_fn((self.examples, inputs), || number(1.5));
        let layer = Layer::new(w, b).unwrap();
        // The ends of blocks and of vectors, and any.
        let ends = [0, 31, 511, 512, 1023, 1024, 2048];
        let label = |n: usize| match ends.get(n % 9) {
            Some(&end) if end < classes => end,
            _ => (n * 7919 + 13) % classes,
        };
        let labels: Vec<usize> = (0..self.examples).map(label).collect();
        let (batch, targets) = if self.soft {
            let mut y = Array2::from_shape_simple_fn((self.examples, classes), || {
                number(1.0).abs() + A::of(1e-3)
            });
            for (mut y, &label) in y.outer_iter_mut().zip(&labels) {
                // Some have more than half of it in one class.
                if label % 2 == 0 {
                    y[label] += A::of(classes as f64);
                }
                let sum = y.sum();
                y.mapv_inplace(|y_k| y_k / sum);
            }
            let targets = y
                .outer_iter()
                .map(|y| Target::distribution(y.to_owned()).unwrap());
            let targets = targets.collect();
            (Batch::of_distributions(x.clone(), y), targets)
        } else {
            let targets = labels.iter().map(|k| Target::one_hot(*k, classes).unwrap());
            let targets = targets.collect();
            (Batch::of_classes(x.clone(), labels, classes), targets)
        };
        // Examples that count differently, each at least a little.
        let weights =
            Array1::from_shape_simple_fn(self.examples, || number(1.0).abs() + A::of(0.1));
        Drawn {
            layer,
            x,
            batch: batch.unwrap().weighted(&weights).unwrap(),
            targets,
        }
    }
}

fn to_f64<'a, A: Number>(numbers: impl IntoIterator<Item = &'a A>) -> Vec<f64> {
    numbers.into_iter().map(|number| (*number).into()).collect()
}

/// Demands that each entry is within its bound of the other, and says which part of the bound it
/// came to.
fn within<A: Number>(
    what: &str,
    found: &ArrayRef2<A>,
    right: &Array2<f64>,
    bound: &Array2<f64>,
) -> f64 {
    assert_eq!(found.dim(), right.dim());
    let mut most = 0.0_f64;
    for ((at, right), found) in right.indexed_iter().zip(found) {
        let found: f64 = (*found).into();
        let error = (found - right).abs();
        let within = error <= bound[at];
        let bound = bound[at];
        assert!(
            within,
            "{} {what}{at:?}: {found:e} and {right:e}, bound {bound:e}",
            A::NAME
        );
        if error > 0.0 {
            most = most.max(error / bound);
        }
    }
    most
}

/// The pass and the prediction against one example at a time.
///
/// Both sides round, in another order, so each bound counts twice. The error of a logit is that of
/// [`logit_errors`], in any order of summation and also where a product is not rounded before its
/// sum. It adds `|Δθᵢ| + Σⱼ ŷⱼ |Δθⱼ|` to the relative error of a probability. `δᵢ = ŷᵢ − yᵢ` is
/// known to the error of `ŷᵢ`, or to that of all others; a side that takes the larger of the two
/// differs by no more than twice the relative error of `ŷᵢ` times `δᵢ`, as
/// `reference_values.rs` derives. The loss moves by `Σ |δₖ| |Δθₖ|`, and the sum of `N`
/// examples adds `N u` of the sum of their sizes.
fn agree<A: Number>(problem: &Problem) -> f64 {
    let Drawn {
        layer,
        x,
        batch,
        targets,
    } = problem.draw::<A>();
    let (inputs, classes, examples) = (problem.inputs, problem.classes, problem.examples);
    let classifier = Classifier::new(layer.clone());
    let (w, b) = (to_f64(layer.w()), to_f64(layer.b()));
    let shares = to_f64(batch.shares());
    let (n, k, m) = (examples as f64, classes as f64, inputs as f64);

    let matrix = |rows| Array2::<f64>::zeros((rows, classes));
    let (mut y_hat, mut y_hat_bound) = (matrix(examples), matrix(examples));
    let (mut delta, mut delta_bound) = (matrix(examples), matrix(examples));
    let (mut d_w, mut d_w_bound) = (matrix(inputs), matrix(inputs));
    let (mut d_b, mut d_b_bound) = (matrix(1), matrix(1));
    let (mut loss, mut loss_bound) = (0.0, 0.0);
    for (row, y) in targets.iter().enumerate() {
        let forward = classifier.forward(&x.row(row), y).unwrap();
        let gradients = classifier.backward(&forward).unwrap();
        let x = to_f64(x.row(row));
        let share = shares[row];
        let logits = to_f64(forward.theta.as_array());
        let p = to_f64(forward.y_hat.as_array());

        let of_logits: Vec<f64> = logit_errors(&w, &b, &x)
            .iter()
            .map(|error| error * (A::U / bounds::U) + m * A::TINY)
            .collect();
        let mean = dot(&p, &of_logits);
        let of_softmax = errors_of_softmax::<A>(&logits, &p);
        let errors: Vec<f64> = (0..classes)
            .map(|i| of_softmax[i] + p[i] * (of_logits[i] + mean))
            .collect();
        // Of all but the class with the largest, where it is smaller than that.
        let largest =
            (0..classes).fold(0, |best, i| if errors[i] > errors[best] { i } else { best });
        let others: f64 = errors
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != largest)
            .map(|(_, e)| e)
            .sum();
        let mut moved = 0.0;
        for i in 0..classes {
            y_hat[[row, i]] = p[i];
            y_hat_bound[[row, i]] = 2.0 * errors[i];
            let d: f64 = gradients.b[i].into();
            let known = if i == largest {
                errors[i].min(others)
            } else {
                errors[i]
            };
            let relative = 2.0 * errors[i] / p[i].max(A::TINY);
            let error = 2.0 * (known + (relative.min(1.0) + 4.0 * A::U) * d.abs());
            delta[[row, i]] = share * d;
            delta_bound[[row, i]] = share * error + 2.0 * A::TINY;
            moved += d.abs() * of_logits[i];
            d_b[[0, i]] += share * d;
            let of_sum = (n + 4.0) * A::U * (share * d).abs();
            d_b_bound[[0, i]] += share * error + of_sum + 2.0 * A::TINY;
            for j in 0..inputs {
                d_w[[j, i]] += share * d * x[j];
                d_w_bound[[j, i]] +=
                    x[j].abs() * (share * error + of_sum + 2.0 * A::TINY) + A::TINY;
            }
        }
        let one: f64 = forward.loss.into();
        loss += share * one;
        loss_bound += 2.0 * share * (moved + (2.0 * k + n + 8.0) * A::U * one) + 4.0 * k * A::TINY;
    }

    let pass = Pass::new(&layer, &batch).unwrap();
    let found_loss: f64 = pass.loss().into();
    let error = (found_loss - loss).abs();
    assert!(
        error <= loss_bound,
        "{problem:?}: loss {found_loss:e} and {loss:e}, bound {loss_bound:e}"
    );
    let found_b = pass.d_b().clone().insert_axis(Axis(0));
    let parts = [
        within("y_hat", &predict(&layer, &x).unwrap(), &y_hat, &y_hat_bound),
        within("d_theta", pass.d_theta(), &delta, &delta_bound),
        within("d_w", pass.d_w(), &d_w, &d_w_bound),
        within("d_b", &found_b, &d_b, &d_b_bound),
    ];
    parts.into_iter().fold(0.0, f64::max)
}

#[test]
fn a_pass_of_any_small_shape_is_that_of_its_examples() {
    let problems = (
        1..10_usize,
        1..41_usize,
        1..71_usize,
        0..4_usize,
        any::<bool>(),
        any::<u64>(),
    );
    let problems = problems.prop_map(|(inputs, classes, examples, size, soft, seed)| Problem {
        inputs,
        classes,
        examples,
        // Nearly even probabilities, ordinary ones, and some that round to 0 and 1.
        size: [0.1, 2.0, 20.0, 400.0][size],
        peak: (seed % 3 == 0).then_some(seed as usize % classes),
        soft,
        seed,
    });
    let mut runner = TestRunner::new(same_cases_each_time(60, 5));
    let agreed = runner.run(&problems, |problem| {
        agree::<f64>(&problem);
        agree::<f32>(&problem);
        Ok(())
    });
    agreed.unwrap();
}

/// A block has 512 classes, 256 inputs or examples at a time, and 131,072 numbers. Rows of fewer than
/// 32 classes are worked on 64 at a time. A tile has 16 or 32 columns, and of `f32` twice as many.
#[test]
fn a_pass_in_several_blocks_is_that_of_its_examples() {
    // Inputs, classes, examples: the ends of blocks of classes; of vectors; more inputs than are
    // summed at once; more examples than are; more than one block of rows, of 255 and 62. Then the
    // ends of short rows and of their groups, and of tiles.
    let shapes = [
        (2, 511, 9),
        (1, 512, 9),
        (2, 513, 9),
        (2, 1000, 4),
        (2, 1023, 9),
        (1, 1024, 9),
        (2, 1025, 9),
        (3, 2049, 9),
        (9, 32, 5),
        (9, 64, 5),
        (256, 8, 5),
        (257, 9, 5),
        (257, 1025, 1),
        (2, 5, 600),
        (1, 520, 260),
        (2, 2049, 33),
        (2100, 2, 66),
        (2, 3, 63),
        (2, 3, 64),
        (2, 3, 65),
        (2, 31, 129),
        (2, 32, 129),
        (3, 16, 5),
        (3, 17, 5),
        (3, 33, 5),
        (3, 48, 5),
        (3, 49, 5),
        (3, 65, 5),
        (3, 96, 5),
        (3, 97, 5),
    ];
    let mut most = [0.0_f64; 2];
    for (seed, (inputs, classes, examples)) in shapes.into_iter().enumerate() {
        // The largest logit in the first block, in the last, or anywhere.
        let peaks = [Some(1), None, Some(classes - 1)];
        for (peak, soft) in [(peaks[seed % 3], false), (peaks[(seed + 1) % 3], true)] {
            let problem = Problem {
                inputs,
                classes,
                examples,
                size: [2.0, 30.0][seed % 2],
                peak,
                soft,
                seed: seed as u64,
            };
            // The large ones in one kind of numbers each.
            let large = inputs * classes * examples > 200_000;
            if !large || !soft {
                most[0] = most[0].max(agree::<f64>(&problem));
            }
            if !large || soft {
                most[1] = most[1].max(agree::<f32>(&problem));
            }
        }
    }
    println!(
        "largest part of the bound: f64 {:.2}, f32 {:.2}",
        most[0], most[1]
    );
}

/// Logits beyond the largest number at two places; the one that is named is the first row by row,
/// also where the other stands in an earlier block of classes.
#[test]
fn the_first_logit_that_overflows_is_named_row_by_row() {
    fn check<A: Number>(sign: f64) {
        let classes = 1025;
        let steep = A::max_value() / A::of(2.0) * A::of(sign);
        // 255 rows make a block. The first input is steep at one class, the second at another.
        for (early, late) in [(3, 512), (511, 1024), (5, 40), (1023, 1024)] {
            let mut w = Array2::zeros((2, classes));
            w[[0, early]] = steep;
            w[[1, late]] = steep;
            let layer = Layer::new(w, Array1::zeros(classes)).unwrap();
            // Rows in which each of them overflows.
            for (of_early, of_late) in [(0, 0), (2, 1), (1, 2), (270, 260), (254, 255), (265, 3)] {
                let mut x = Array2::ones((271, 2));
                x[[of_early, 0]] = A::of(4.0);
                x[[of_late, 1]] = A::of(4.0);
                let at = vec![
                    of_early.min(of_late),
                    if of_early <= of_late { early } else { late },
                ];
                let expected = Error::NotFinite {
                    what: "theta",
                    at,
                    found: sign * f64::INFINITY,
                };
                assert_eq!(predict(&layer, &x), Err(expected.clone()));
                let labels = (0..271).map(|n| n * 31 % classes).collect();
                let hot = Batch::of_classes(x.clone(), labels, classes).unwrap();
                assert_eq!(Pass::new(&layer, &hot).map(|_| ()), Err(expected.clone()));
                if of_early + of_late < 4 {
                    let soft = Batch::of_distributions(x, hot.y()).unwrap();
                    assert_eq!(Pass::new(&layer, &soft).map(|_| ()), Err(expected));
                }
            }
        }
    }
    // A logit of −∞ that a layer gives is no mask.
    check::<f64>(1.0);
    check::<f32>(-1.0);
}

/// The rows of several blocks are counted from the first.
#[test]
fn a_logit_that_overflows_is_named_by_its_row_of_the_whole() {
    let (examples, inputs) = (2_000, 100);
    let mut x = Array2::<f64>::zeros((examples, inputs));
    x.row_mut(1_500).fill(1e308);
    let layer = Layer::new(Array2::ones((inputs, 2)), Array1::zeros(2)).unwrap();
    let expected = "theta[1500, 0]: expected a finite number, found inf";
    let message = predict(&layer, &x).unwrap_err().to_string();
    assert_eq!(message, expected);
    let batch = Batch::of_classes(x, vec![0; examples], 2).unwrap();
    let message = Pass::new(&layer, &batch).unwrap_err().to_string();
    assert_eq!(message, expected);
}

/// The same where rows are short, in a group that is not the first.
#[test]
fn the_first_logit_of_short_rows_that_overflows_is_named() {
    fn check<A: Number>() {
        for (first, another) in [(0, 5), (3, 63), (63, 64), (64, 64), (130, 131)] {
            let mut x = Array2::ones((140, 1));
            x[[first, 0]] = A::of(4.0);
            x[[another, 0]] = A::of(4.0);
            let w = array![[A::zero(), A::max_value() / A::of(2.0), A::one()]];
            let layer = Layer::new(w, Array1::zeros(3)).unwrap();
            let expected = Error::NotFinite {
                what: "theta",
                at: vec![first, 1],
                found: f64::INFINITY,
            };
            let labels = (0..140).map(|n| n % 3).collect();
            let batch = Batch::of_classes(x.clone(), labels, 3).unwrap();
            assert_eq!(predict(&layer, &x), Err(expected.clone()));
            assert_eq!(Pass::new(&layer, &batch).map(|_| ()), Err(expected));
        }
    }
    check::<f64>();
    check::<f32>();
}

/// Gives the same array, in another order in memory.
type Reorder<A> = fn(&A) -> A;

/// The same array, its last entry first in memory.
fn backwards<A: Number, D: Dimension>(array: &Array<A, D>) -> Array<A, D> {
    let mut other = array.clone();
    for axis in 0..array.ndim() {
        other.invert_axis(Axis(axis));
    }
    let mut other = other.as_standard_layout().into_owned();
    for axis in 0..array.ndim() {
        other.invert_axis(Axis(axis));
    }
    other
}

/// The same array, with something else between its entries in memory.
fn with_gaps<A: Number, D: Dimension>(array: &Array<A, D>) -> Array<A, D> {
    let mut shape = array.raw_dim();
    shape.slice_mut().iter_mut().for_each(|length| *length *= 2);
    let mut other = Array::from_elem(shape, A::nan());
    for axis in 0..array.ndim() {
        other.slice_axis_inplace(Axis(axis), Slice::new(0, None, 2));
    }
    other.assign(array);
    other
}

/// The same numbers in another order in memory are the same, to the last bit.
#[test]
fn the_order_in_memory_changes_nothing() {
    fn check<A: Number>() {
        let problem = Problem {
            inputs: 5,
            classes: 37,
            examples: 11,
            size: 2.0,
            peak: None,
            soft: true,
            seed: 7,
        };
        let drawn = problem.draw::<A>();
        let (layer, x) = (&drawn.layer, &drawn.x);
        let y = drawn.batch.y();
        let weights = Array1::from_shape_fn(11, |n| A::of(n as f64 + 1.0));
        let labels: Vec<usize> = (0..11).map(|n| n * 5 % 37).collect();
        let right = predict(layer, x).unwrap();
        let batches = |x: Array2<A>, y: Array2<A>, weights: Array1<A>| {
            let hot = Batch::of_classes(x.clone(), labels.clone(), 37).unwrap();
            let soft = Batch::of_distributions(x, y).unwrap();
            [hot, soft].map(|batch| batch.weighted(&weights).unwrap())
        };
        let passes = batches(x.clone(), y.clone(), weights.clone())
            .map(|batch| Pass::new(layer, &batch).unwrap());
        let entropy = CrossEntropy::<A>::new()
            .label_smoothing(A::of(0.1))
            .unwrap();
        let omega = Array1::from_shape_fn(37, |k| A::of(k as f64 + 1.0));
        let weighted = |omega| entropy.clone().class_weights(omega).unwrap();
        let theta = right.mapv(|p| p.ln());
        let of_rows = weighted(omega.clone())
            .gradient(&theta, &labels, Reduction::Mean)
            .unwrap();
        let of_lanes = lanes::log_softmax(&theta, Axis(1)).unwrap();

        // Columns before rows; backwards; with gaps between the entries.
        let matrices: [Reorder<Array2<A>>; 3] = [
            |m| m.t().as_standard_layout().into_owned().reversed_axes(),
            backwards,
            with_gaps,
        ];
        let vectors: [Reorder<Array1<A>>; 3] = [Array1::clone, backwards, with_gaps];
        for (matrix, vector) in matrices.into_iter().zip(vectors) {
            let other = Layer::new(matrix(layer.w()), vector(layer.b())).unwrap();
            assert_eq!(predict(&other, &matrix(x)).unwrap(), right);
            let batches = batches(matrix(x), matrix(&y), vector(&weights));
            for (batch, pass) in batches.iter().zip(&passes) {
                assert_eq!(&Pass::new(&other, batch).unwrap(), pass);
            }
            let entropy = weighted(vector(&omega));
            let found = entropy.gradient(&matrix(&theta), &labels, Reduction::Mean);
            assert_eq!(found.unwrap(), of_rows);
            assert_eq!(
                lanes::log_softmax(&matrix(&theta), Axis(1)).unwrap(),
                of_lanes
            );
            let columns = matrix(&theta.t().to_owned());
            assert_eq!(lanes::log_softmax(&columns, Axis(0)).unwrap(), of_lanes.t());
        }
    }
    check::<f64>();
    check::<f32>();
}

/// The distance from one number to the next at a size.
fn unit_in_the_last_place<A: Number>(size: f64) -> f64 {
    (2.0 * A::U * 2.0_f64.powf(size.log2().floor())).max(A::TINY)
}

/// The exponents from 0 down to where the result is 0: evenly, and about the multiples of ½ ln 2
/// where one power of 2 gives way to the next.
fn exponents<A: Number>(least: f64) -> Vec<A> {
    let even = (0..150_000).map(|k| least * f64::from(k) / 150_000.0);
    let half = core::f64::consts::LN_2 / 2.0;
    let seams = (1..)
        .map(|k| -f64::from(k) * half)
        .take_while(|seam| *seam > least);
    let seams = seams.flat_map(|seam| [-3.0, -1.0, 0.0, 1.0, 3.0].map(|k| seam * (1.0 + k * A::U)));
    even.chain(seams).map(A::of).collect()
}

/// `ŷ = eᵗ / (1 + eᵗ)` of two classes, one by one as `predict` has it, and `eᵗ` itself where it is
/// so small that a whole row of them leaves the sum at 1.
///
/// The exponential here is right to 0.6 units and the one of the crate to 1.2. So `eᵗ` differs by
/// at most 2, and `ŷ`, with a sum and a division on both sides, by 4. Below the normal numbers
/// the unit is the smallest number, to which the last product rounds.
fn worst_exponential<A: Number>(least: f64, certain: f64) -> [f64; 2] {
    let exponents = exponents::<A>(least);
    let units = |found: A, right: f64| {
        let found: f64 = found.into();
        (found - right).abs() / unit_in_the_last_place::<A>(right)
    };
    let layer = Layer::new(array![[A::zero(), A::one()]], Array1::zeros(2)).unwrap();
    let x = Array1::from(exponents.clone()).insert_axis(Axis(1));
    let y_hat = predict(&layer, &x).unwrap();
    let mut of_two = 0.0_f64;
    for (t, found) in exponents.iter().zip(y_hat.column(1)) {
        let exp: f64 = (*t).into().exp();
        of_two = of_two.max(units(*found, exp / (1.0 + exp)));
    }

    let far: Vec<A> = exponents
        .into_iter()
        .filter(|t| (*t).into() < certain)
        .collect();
    let row = [vec![A::zero()], far.clone()].concat();
    let y_hat = lanes::softmax(&Array1::from(row), Axis(0)).unwrap();
    assert_eq!(y_hat[0], A::one());
    let mut alone = 0.0_f64;
    for (t, found) in far.iter().zip(y_hat.iter().skip(1)) {
        alone = alone.max(units(*found, (*t).into().exp()));
    }
    [of_two, alone]
}

#[test]
fn the_exponential_is_right_to_the_last_digits() {
    // 10⁵ terms below e⁻⁵⁰ and e⁻³⁰ are below half a unit of 1.
    for (kind, [of_two, alone]) in [
        ("f64", worst_exponential::<f64>(-746.0, -50.0)),
        ("f32", worst_exponential::<f32>(-104.0, -30.0)),
    ] {
        println!("{kind}: {of_two:.3} units of two classes, {alone:.3} alone");
        assert!(of_two <= 4.0 && alone <= 2.0, "{kind}: {of_two}, {alone}");
    }
}

/// `log(1 + O)`, the loss of the likeliest class where `others` classes lie `−t` below it and
/// `O = others · eᵗ`.
///
/// The exponential is right to 1.2 units, the sum of 4 to one more, and the library's functions to 0.6
/// each. Below the normal numbers each of 4 exponentials may be a unit off.
fn worst_logarithm<A: Number>(least: f64) -> f64 {
    let exponents = exponents::<A>(least);
    let labels = vec![0; exponents.len()];
    let mut worst = 0.0_f64;
    for others in [1, 4] {
        let theta = Array2::from_shape_fn((exponents.len(), 1 + others), |(n, class)| {
            if class == 0 { A::zero() } else { exponents[n] }
        });
        let losses = CrossEntropy::new().losses(&theta, &labels).unwrap();
        for (t, found) in exponents.iter().zip(losses) {
            let right = (others as f64 * (*t).into().exp()).ln_1p();
            let error = (found.into() - right).abs() / unit_in_the_last_place::<A>(right);
            worst = worst.max(error);
        }
    }
    worst
}

#[test]
fn the_logarithm_is_right_to_the_last_digits() {
    // Where the sum is large, all digits of the series count.
    for (kind, worst, bound) in [
        ("f64", worst_logarithm::<f64>(-746.0), 4.0),
        ("f64, large sums", worst_logarithm::<f64>(-1.0), 2.5),
        ("f32", worst_logarithm::<f32>(-104.0), 4.0),
        ("f32, large sums", worst_logarithm::<f32>(-1.0), 2.5),
    ] {
        println!("{kind}: {worst:.3} units");
        assert!(worst <= bound, "{kind}: {worst}");
    }
}

#[test]
fn the_logarithm_of_any_number_of_equal_classes_is_right() {
    fn check<A: Number>() {
        for classes in (1..40).chain([255, 256, 257, 1_000, 4_095, 4_096]) {
            let theta = Array2::<A>::zeros((3, classes));
            let losses = CrossEntropy::new().losses(&theta, &[0, 0, classes - 1]);
            let right = (classes as f64).ln();
            for found in losses.unwrap() {
                let error = (found.into() - right).abs() / unit_in_the_last_place::<A>(right);
                assert!(error <= 1.0, "{} of {classes}: {found:e}", A::NAME);
            }
        }
    }
    check::<f64>();
    check::<f32>();
}
