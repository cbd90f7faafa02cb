//! One layer and one example, by every way there is: the classifier, a batch of one, a network of
//! one layer, and central differences.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2, Axis};
use softmax_backprop::batch::{self, Batch};
use softmax_backprop::cross_entropy::d_theta;
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::{
    Classifier, Float, Forward, Gradients, Layer, Target, central_differences,
    cross_entropy_from_logits, gradient_check, softmax,
};
use softmax_backprop_fuzz::{
    Range, Rounding, distribution, epsilon, finite, found, label, largest, loss, matrix, near,
    nearly, number, size, vector, wide,
};

#[derive(Debug)]
struct Input {
    single: bool,
    range: Range,
    w: Array2<f64>,
    b: Array1<f64>,
    x: Array1<f64>,
    y: Array1<f64>,
    rate: f64,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (single, range) = (u.arbitrary()?, u.arbitrary()?);
        let (inputs, classes) = (size(u)?, size(u)?);
        let lengths = [nearly(u, classes)?, nearly(u, inputs)?, nearly(u, classes)?];
        Ok(Self {
            single,
            range,
            w: matrix(u, [inputs, classes], range)?,
            b: vector(u, lengths[0], range)?,
            x: vector(u, lengths[1], range)?,
            y: label(u, lengths[2], range)?,
            rate: number(u, Range::Any)?,
        })
    }
}

fuzz_target!(|input: Input| {
    if input.single {
        check::<f32>(&input);
    } else {
        check::<f64>(&input);
        differences(&input);
    }
});

fn check<A: Float>(input: &Input) {
    let (w, b) = (input.w.mapv(A::of), input.b.mapv(A::of));
    let (x, y) = (input.x.mapv(A::of), input.y.mapv(A::of));
    let layer = found(Layer::new(w.clone(), b.clone()));
    assert_eq!(
        layer.is_some(),
        finite(&w) && finite(&b) && b.len() == w.ncols()
    );
    let Some(layer) = layer else { return };
    assert_eq!((layer.w(), layer.b()), (&w, &b));
    let single = (
        input.w.mapv(|w_ik| w_ik as f32),
        input.b.mapv(|b_k| b_k as f32),
    );
    let cast = found(layer.cast::<f32>());
    assert_eq!(cast, Layer::new(single.0, single.1).ok());
    let Some(y) = found(Target::distribution(y)) else {
        return;
    };

    let classifier = Classifier::new(layer);
    let fits = (x.len(), y.as_array().len()) == w.dim() && finite(&x);
    let Some(forward) = found(classifier.forward(&x, &y)) else {
        assert!(!fits || Rounding::of(&w, &b, &x).may_overflow::<A>());
        return;
    };
    assert!(fits);
    let rounding = Rounding::of(&w, &b, &x);
    forwards(&classifier, &forward, &rounding);

    let gradients = found(classifier.backward(&forward));
    if let Some(gradients) = &gradients {
        backwards(classifier.layer(), &forward, gradients);
        step(&classifier, gradients, A::of(input.rate));
    } else {
        let terms = w.mapv(|w_ik| w_ik.into().abs()).sum_axis(Axis(1));
        assert!(terms.iter().any(|sum| *sum >= 0.9 * largest::<A>()));
    }
    batch_of_one(&classifier, &forward, &rounding);
    one_layer(&classifier, &forward, gradients.as_ref());
}

/// Each station by itself comes to what the whole comes to.
fn forwards<A: Float>(classifier: &Classifier<A>, forward: &Forward<A>, rounding: &Rounding) {
    let layer = classifier.layer();
    let theta = wide(forward.theta.as_array());
    let terms = layer.w().mapv(Into::<f64>::into).t().dot(&wide(&forward.x)) + wide(layer.b());
    for (theta, expected) in theta.iter().zip(&terms) {
        near("theta", *theta, *expected, rounding.theta);
    }
    assert_eq!(
        found(layer.forward(&forward.x)).as_ref(),
        Some(&forward.theta)
    );
    assert_eq!(softmax(&forward.theta), forward.y_hat);
    assert_eq!(
        found(classifier.predict(&forward.x)).as_ref(),
        Some(&forward.y_hat)
    );
    assert_eq!(
        cross_entropy_from_logits(&forward.theta, &forward.y),
        Ok(forward.loss)
    );
    distribution(forward.y_hat.as_array());
    loss(forward.loss);
}

/// `∇b = ŷ − y`, `∇W = x δᵀ`, `∇x = W δ`; the first two sum to 0 over the classes.
fn backwards<A: Float>(layer: &Layer<A>, forward: &Forward<A>, gradients: &Gradients<A>) {
    assert_eq!(
        d_theta(&forward.y_hat, &forward.y).as_ref(),
        Ok(&gradients.b)
    );
    assert_eq!(gradients.w.dim(), layer.w().dim());
    let tolerance: f64 = A::SUM_TOLERANCE.into();
    let delta = wide(&gradients.b);
    let classes = delta.len() as f64;
    let rounding = tolerance + 8.0 * classes * epsilon::<A>();
    near("sum of d_b", delta.sum(), 0.0, rounding);
    for (i, row) in gradients.w.outer_iter().enumerate() {
        let x: f64 = forward.x[i].into();
        let tiny = softmax_backprop_fuzz::smallest::<A>();
        for (entry, delta_k) in row.iter().zip(&delta) {
            near(
                "d_w",
                *entry,
                x * delta_k,
                epsilon::<A>() * (x * delta_k).abs() + tiny,
            );
        }
        let terms = layer.w().row(i).mapv(|w_ik| w_ik.into().abs());
        let products = wide(&layer.w().row(i)) * &delta;
        let allowed = (classes + 2.0) * (epsilon::<A>() * terms.dot(&delta.abs()) + tiny);
        near("d_x", gradients.x[i], products.sum(), allowed);
    }
}

/// A step subtracts the gradient times the rate.
fn step<A: Float>(classifier: &Classifier<A>, gradients: &Gradients<A>, rate: A) {
    let stepped = found(classifier.step(gradients, rate));
    let number: f64 = rate.into();
    let allowed = number.is_finite() && number > 0.0;
    let w = classifier.layer().w() - &gradients.w * rate;
    let b = classifier.layer().b() - &gradients.b * rate;
    assert_eq!(stepped.is_some(), allowed && finite(&w) && finite(&b));
    if let Some(stepped) = stepped {
        assert_eq!((stepped.layer().w(), stepped.layer().b()), (&w, &b));
    }
}

/// A batch of one example comes to the same within rounding.
fn batch_of_one<A: Float>(classifier: &Classifier<A>, forward: &Forward<A>, rounding: &Rounding) {
    let layer = classifier.layer();
    let row = |v: &Array1<A>| v.clone().insert_axis(Axis(0));
    let (x, y) = (row(&forward.x), row(forward.y.as_array()));
    let p = wide(forward.y_hat.as_array());
    let Some(predicted) = found(batch::predict(layer, &x)) else {
        return assert!(rounding.may_overflow::<A>());
    };
    distribution(&predicted.row(0));
    for (one, other) in predicted.iter().zip(&p) {
        near(
            "predict",
            *one,
            *other,
            rounding.part * other + 4.0 * rounding.tiny,
        );
    }

    let batch = found(Batch::of_distributions(x, y)).expect("what fits the classifier");
    let Some(pass) = found(batch::Pass::new(layer, &batch)) else {
        return assert!(rounding.may_overflow::<A>());
    };
    let expected = loss(forward.loss);
    let whole = forward
        .y
        .as_array()
        .iter()
        .all(|y_k| *y_k == A::of(0.0) || *y_k == A::of(1.0));
    // Where the class is by far the most probable, no part of the loss is a difference of logits.
    let difference = if whole && expected < 0.3 {
        0.0
    } else {
        4.0 * rounding.theta
    };
    let allowed = rounding.part * expected + difference + 4.0 * rounding.tiny;
    if expected < largest::<A>() / 2.0 {
        near("loss of a batch", loss(pass.loss()), expected, allowed);
    }
    let y = wide(forward.y.as_array());
    let delta = d_theta(&forward.y_hat, &forward.y).expect("what fits the classifier");
    for (k, delta_k) in wide(&delta).into_iter().enumerate() {
        let size = if whole { delta_k.abs() } else { y[k] + p[k] };
        let allowed = rounding.part * size + 4.0 * rounding.tiny;
        near("delta of a batch", pass.d_theta()[[0, k]], delta_k, allowed);
        near("d_b of a batch", pass.d_b()[k], delta_k, allowed);
        for (i, x_i) in wide(&forward.x).into_iter().enumerate() {
            let allowed = allowed * x_i.abs() + 2.0 * epsilon::<A>() * (x_i * delta_k).abs();
            near(
                "d_w of a batch",
                pass.d_w()[[i, k]],
                x_i * delta_k,
                allowed + 4.0 * rounding.tiny,
            );
        }
    }
}

/// A network of one layer is the classifier, to the last bit.
fn one_layer<A: Float>(
    classifier: &Classifier<A>,
    forward: &Forward<A>,
    gradients: Option<&Gradients<A>>,
) {
    let layers = vec![classifier.layer().clone()];
    let network = Network::new(layers, Activation::Tanh).expect("one layer");
    let pass = found(network.forward(&forward.x, &forward.y)).expect("what the classifier takes");
    assert_eq!((&pass.y_hat, pass.loss), (&forward.y_hat, forward.loss));
    let of_network = found(network.backward(&pass)).map(|mut gradients| gradients.remove(0));
    assert_eq!(of_network.as_ref(), gradients);
}

/// Central differences of the loss come near the gradients, where numbers are of the size of 1.
fn differences(input: &Input) {
    let linear = |x: &Array1<f64>| Ok(x.dot(&input.x));
    if let Some(slopes) = found(central_differences(linear, &input.x))
        && input.range == Range::Moderate
    {
        for (slope, x_i) in slopes.iter().zip(&input.x) {
            near("slope of a linear function", *slope, *x_i, 1e-6);
        }
    }
    let Some(layer) = found(Layer::new(input.w.clone(), input.b.clone())) else {
        return;
    };
    let Some(y) = found(Target::distribution(input.y.clone())) else {
        return;
    };
    let Some(report) = found(gradient_check(&Classifier::new(layer), &input.x, &y)) else {
        return assert!(
            input.range != Range::Moderate || (input.x.len(), input.y.len()) != input.w.dim()
        );
    };
    if input.range == Range::Moderate {
        // The loss is at most 8 · 16 · 2: its rounding, by a step of 6·10⁻⁶, is below 10⁻⁷.
        assert!(report.worst.error < 1e-6, "{:?}", report.worst);
    }
}
