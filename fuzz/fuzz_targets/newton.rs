//! Few examples: the second derivative of the loss, and the minimum that Newton's method and L-BFGS
//! find.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2};
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::{Minimum, hessian, largest_eigenvalue, newton};
use softmax_backprop::gradient_check::STEP;
use softmax_backprop::lbfgs::lbfgs;
use softmax_backprop::{Error, Layer};
use softmax_backprop_fuzz::{Range, found, loss, matrix, message, near, number, vector};

#[derive(Debug)]
struct Input {
    range: Range,
    w: Array2<f64>,
    b: Array1<f64>,
    x: Array2<f64>,
    labels: Vec<usize>,
    weights: Option<Array1<f64>>,
    gradient_norm: f64,
    away: Array2<f64>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        // Most of the inputs are such that there is a minimum.
        let range = if u.ratio(7, 8)? {
            Range::Moderate
        } else {
            u.arbitrary()?
        };
        let (inputs, classes) = (u.int_in_range(1..=3)?, u.int_in_range(1..=3)?);
        let examples = u.int_in_range(1..=16)?;
        let weighted = u.ratio(1, 4)?;
        Ok(Self {
            range,
            w: matrix(u, [inputs, classes], range)?,
            b: vector(u, classes, range)?,
            labels: (0..examples)
                .map(|_| u.int_in_range(0..=classes - 1))
                .collect::<Result<_>>()?,
            x: matrix(u, [examples, inputs], range)?,
            weights: if weighted {
                Some(vector(u, examples, Range::Moderate)?.abs() + 0.125)
            } else {
                None
            },
            gradient_norm: if range == Range::Moderate {
                1e-8
            } else {
                number(u, Range::Any)?
            },
            away: matrix(u, [inputs + 1, classes], Range::Moderate)?,
        })
    }
}

fuzz_target!(|input: Input| {
    let Some(layer) = found(Layer::new(input.w.clone(), input.b.clone())) else {
        return;
    };
    let batch = Batch::of_classes(input.x.clone(), input.labels.clone(), layer.w().ncols());
    let Some(batch) = found(batch) else { return };
    let batch = match &input.weights {
        None => batch,
        Some(weights) => found(batch.weighted(weights)).expect("weights above 0"),
    };
    second_derivative(&input, &layer, &batch);
    let by_newton = newton(&layer, &batch, input.gradient_norm);
    match &by_newton {
        Ok(minimum) => at_minimum(&input, &layer, &batch, minimum),
        Err(error) => refused(&input, &layer, &batch, error),
    }
    by_gradients(&input, &layer, &batch, &by_newton);
});

/// L-BFGS comes to the loss of Newton's method, or says why it does not.
fn by_gradients(
    input: &Input,
    layer: &Layer,
    batch: &Batch,
    by_newton: &softmax_backprop::Result<Minimum>,
) {
    let last = |minimum: &Minimum| minimum.steps[minimum.steps.len() - 1];
    match (lbfgs(layer, batch, input.gradient_norm), by_newton) {
        (Ok(found), by_newton) => {
            let pass = Pass::new(&found.layer, batch).expect("a layer like the first");
            let end = last(&found);
            assert_eq!(
                (end.loss, end.gradient_norm),
                (pass.loss(), pass.gradient_norm())
            );
            assert!(end.gradient_norm <= input.gradient_norm);
            if let Ok(minimum) = by_newton
                && input.range == Range::Moderate
            {
                near("loss", end.loss, last(minimum).loss, 1e-5);
            }
        }
        (Err(Error::AbsentClass { class }), by_newton) => assert!(
            matches!(by_newton, Err(Error::AbsentClass { class: other }) if *other == class)
        ),
        (Err(Error::Separable), by_newton) => {
            assert!(
                input.range == Range::Any || by_newton.is_err(),
                "a minimum of what is parted"
            );
        }
        (Err(error), _) => message(&error),
    }
}

/// The Hessian is symmetric, has no eigenvalue below 0 and no direction that adds one number to
/// the same parameter of all classes, and says how the gradient changes.
fn second_derivative(input: &Input, layer: &Layer, batch: &Batch) {
    let Some(hessian) = found(hessian(layer, batch)) else {
        return assert!(input.range == Range::Any);
    };
    let (inputs, classes) = layer.w().dim();
    let size = inputs + 1;
    assert_eq!(hessian.dim(), (classes * size, classes * size));
    assert_eq!(hessian, hessian.t());
    let largest = hessian
        .iter()
        .fold(0.0, |most: f64, entry| most.max(entry.abs()));
    let rounding = 64.0 * f64::EPSILON * largest + 1e-320;
    for (row, entries) in hessian.outer_iter().enumerate() {
        assert!(entries[row] >= 0.0);
        for parameter in 0..size {
            let sum: f64 = (0..classes).map(|k| entries[k * size + parameter]).sum();
            near("sum over the classes", sum, 0.0, rounding);
        }
    }
    if largest < 1e300 {
        let least = found(largest_eigenvalue(&-&hessian)).expect("a symmetric matrix");
        assert!(least <= 16.0 * rounding, "an eigenvalue of {}", -least);
    }
    if input.range == Range::Moderate {
        let along = |h: f64| {
            let pass = Pass::new(&moved(layer, &input.away, h), batch).expect("moderate numbers");
            let (w, b) = (pass.d_w(), pass.d_b());
            let entry = |at: usize| {
                if at % size == inputs {
                    b[at / size]
                } else {
                    w[[at % size, at / size]]
                }
            };
            Array1::from_shape_fn(classes * size, entry)
        };
        let difference = (along(STEP) - along(-STEP)) / (2.0 * STEP);
        let away = Array1::from_shape_fn(classes * size, |at| input.away[[at % size, at / size]]);
        // The third derivative along a direction of 4 by inputs of 4 is below 10⁵, the square of
        // the step 4·10⁻¹¹; the rounding of a gradient of 4 comes to 10⁻¹⁰.
        for (one, other) in hessian.dot(&away).iter().zip(&difference) {
            near("Hessian times a direction", *one, *other, 1e-5);
        }
    }
}

/// The layer `h` further in a direction, shape (inputs + 1 × classes).
fn moved(layer: &Layer, direction: &Array2<f64>, h: f64) -> Layer {
    let (inputs, classes) = layer.w().dim();
    let w = Array2::from_shape_fn((inputs, classes), |at| layer.w()[at] + h * direction[at]);
    let b = Array1::from_shape_fn(classes, |k| layer.b()[k] + h * direction[[inputs, k]]);
    Layer::new(w, b).expect("what is moderate")
}

/// The gradient is as short as was asked for, and no layer is better.
fn at_minimum(input: &Input, layer: &Layer, batch: &Batch, minimum: &Minimum) {
    let pass = Pass::new(&minimum.layer, batch).expect("a layer like the first");
    let (first, last) = (minimum.steps[0], minimum.steps[minimum.steps.len() - 1]);
    let start = Pass::new(layer, batch).expect("what Newton began with");
    assert_eq!(
        (first.loss, first.gradient_norm),
        (start.loss(), start.gradient_norm())
    );
    assert_eq!(
        (last.loss, last.gradient_norm),
        (pass.loss(), pass.gradient_norm())
    );
    assert!(last.gradient_norm <= input.gradient_norm);
    let lowest = loss(last.loss);
    let rounding = 1e-12 * (1.0 + lowest);
    for step in &minimum.steps {
        assert!(step.loss >= lowest - rounding, "{:?}", minimum.steps);
    }
    let chance = (batch.classes() as f64).ln();
    // Where it does not lie at 0 itself: there the loss is ln K.
    assert!(
        input.gradient_norm > 1e-6 || lowest <= chance + 1e-5,
        "{lowest} above {chance}"
    );
    if input.range == Range::Moderate {
        for h in [1.0, -1.0, 1e-2, -1e-2] {
            let there = Pass::new(&moved(&minimum.layer, &input.away, h), batch);
            let there = there.expect("moderate numbers");
            // Convex: it is higher there by no less than the gradient times the way, at most 14.
            assert!(there.loss() >= lowest - rounding - 14.0 * input.gradient_norm);
        }
        assert!(!parted(input, batch), "a minimum of what is parted");
    }
}

/// Each error has its cause.
fn refused(input: &Input, layer: &Layer, batch: &Batch, error: &Error) {
    message(error);
    let absent = (0..layer.w().ncols()).find(|class| !input.labels.contains(class));
    match error {
        Error::AbsentClass { class } => return assert_eq!(absent, Some(*class)),
        Error::NotPositive { .. } => {
            return assert!(!(input.gradient_norm > 0.0 && input.gradient_norm.is_finite()));
        }
        _ if input.range != Range::Moderate => return,
        _ => assert_eq!(absent, None, "{error}"),
    }
    match error {
        Error::DependentInput { column } => assert!(batch.x().ncols() > *column),
        Error::Separable => {
            // With one input and two classes a threshold tells.
            let simple = batch.x().ncols() == 1 && batch.classes() == 2;
            assert!(
                !simple || parted(input, batch),
                "nothing parts {:?}",
                input.x
            );
        }
        // Where examples are so certain that the Hessian has no digits left it cannot tell that
        // the classes are parted, but it must not call the place a minimum.
        Error::NoConvergence { found, .. } => assert!(*found < 1e-6, "{error}"),
        other => panic!("{other}"),
    }
}

/// Whether a threshold on one of the inputs parts one class from all the others, and more than
/// one example says so.
fn parted(input: &Input, batch: &Batch) -> bool {
    let of = |column: usize, class: usize, inside: bool| {
        let rows = batch
            .x()
            .column(column)
            .to_vec()
            .into_iter()
            .zip(&input.labels);
        rows.filter(move |(_, label)| (**label == class) == inside)
            .map(|(x, _)| x)
            .collect::<Vec<_>>()
    };
    let parted = |column, class| {
        let (inside, outside) = (of(column, class, true), of(column, class, false));
        let least = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |v: &[f64]| v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let both = !inside.is_empty() && !outside.is_empty();
        let apart = most(&inside) <= least(&outside) || most(&outside) <= least(&inside);
        let constant = least(&inside).min(least(&outside)) == most(&inside).max(most(&outside));
        both && apart && !constant
    };
    (0..batch.x().ncols()).any(|column| (0..batch.classes()).any(|class| parted(column, class)))
}
