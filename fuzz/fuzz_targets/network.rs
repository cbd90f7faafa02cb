//! A network of up to three layers: each station by itself, central differences, means and steps.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::network::{Activation, Network, Pass};
use softmax_backprop::{
    Float, Gradients, Layer, Target, central_differences, cross_entropy_from_logits, softmax,
};
use softmax_backprop_fuzz::{
    Range, distribution, epsilon, finite, found, label, largest, loss, matrix, near, nearly,
    number, size, smallest, vector, wide,
};

#[derive(Debug)]
struct Input {
    single: bool,
    tanh: bool,
    range: Range,
    layers: Vec<(Array2<f64>, Array1<f64>)>,
    xs: Array2<f64>,
    labels: Vec<usize>,
    y: Array1<f64>,
    rate: f64,
    sizes: Vec<usize>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (single, tanh, range) = (u.arbitrary()?, u.arbitrary()?, u.arbitrary()?);
        let count = u.int_in_range(0..=3)?;
        let sizes = (0..=count)
            .map(|_| u.int_in_range(1..=5))
            .collect::<Result<Vec<_>>>()?;
        let mut layers = Vec::new();
        for pair in sizes.windows(2) {
            let inputs = nearly(u, pair[0])?;
            layers.push((
                matrix(u, [inputs, pair[1]], range)?,
                vector(u, pair[1], range)?,
            ));
        }
        let (inputs, classes) = (nearly(u, sizes[0])?, nearly(u, sizes[count])?);
        let examples = u.int_in_range(0..=3)?;
        let labels = nearly(u, examples)?;
        let huge = |u: &mut Unstructured| {
            if u.ratio(1, 16)? {
                Ok(usize::MAX)
            } else {
                size(u)
            }
        };
        Ok(Self {
            single,
            tanh,
            range,
            layers,
            xs: matrix(u, [examples, inputs], range)?,
            labels: (0..labels)
                .map(|_| u.int_in_range(0..=classes.saturating_sub(1)))
                .collect::<Result<_>>()?,
            y: label(u, classes, range)?,
            rate: number(u, range)?,
            sizes: (0..size(u)?.min(4))
                .map(|_| huge(u))
                .collect::<Result<_>>()?,
        })
    }
}

fuzz_target!(|input: Input| {
    let activation = if input.tanh {
        Activation::Tanh
    } else {
        Activation::Relu
    };
    drawn(&input.sizes, activation);
    if input.single {
        check::<f32>(&input, activation);
    } else {
        check::<f64>(&input, activation);
    }
});

fn check<A: Float>(input: &Input, activation: Activation) {
    slopes(activation, A::of(input.rate));
    let layers = input
        .layers
        .iter()
        .map(|(w, b)| Layer::new(w.mapv(A::of), b.mapv(A::of)));
    let Some(layers) = found(layers.collect::<softmax_backprop::Result<Vec<_>>>()) else {
        return;
    };
    let network = found(Network::new(layers.clone(), activation));
    let fits = layers
        .windows(2)
        .all(|pair| pair[0].w().ncols() == pair[1].w().nrows());
    assert_eq!(network.is_some(), fits && !layers.is_empty());
    let Some(network) = network else { return };
    assert_eq!(network.layers(), layers);
    assert_eq!(network.activation(), activation);

    means(&network, activation, &input.xs.mapv(A::of), &input.labels);
    let Some(y) = found(Target::distribution(input.y.mapv(A::of))) else {
        return;
    };
    for x in input.xs.outer_iter() {
        let x = x.mapv(A::of);
        let Some(pass) = found(network.forward(&x, &y)) else {
            let right = x.len() == layers[0].w().nrows() && finite(&x);
            let classes = layers[layers.len() - 1].w().ncols() == y.as_array().len();
            assert!(!right || !classes || input.range != Range::Moderate);
            continue;
        };
        stations(&network, activation, &pass);
        let Some(gradients) = found(network.backward(&pass)) else {
            assert!(input.range == Range::Any || input.single);
            continue;
        };
        chain(&network, activation, &pass, &gradients);
        step(&network, &gradients, A::of(input.rate));
        if input.range == Range::Moderate && input.tanh && !input.single {
            differences(input, &x.mapv(Into::into), &gradients);
        }
    }
}

/// Values and slopes of an activation at any number.
fn slopes<A: Float>(activation: Activation, z: A) {
    let (value, slope): (f64, f64) = (activation.value(z).into(), activation.slope(z).into());
    let z: f64 = z.into();
    if z.is_nan() {
        return assert!(value.is_nan() && slope.is_nan());
    }
    let rounding = 4.0 * epsilon::<A>();
    let expected = match activation {
        Activation::Tanh => (z.tanh(), 1.0 - z.tanh().powi(2)),
        Activation::Relu => (
            if z > 0.0 { z } else { 0.0 },
            if z > 0.0 { 1.0 } else { 0.0 },
        ),
    };
    near(
        "activation",
        value,
        expected.0,
        rounding * expected.0.abs() + softmax_backprop_fuzz::smallest::<A>(),
    );
    near("slope", slope, expected.1, rounding);
    assert!((0.0..=1.0).contains(&slope));
    // Where tanh is 1 the slope has digits still, as long as it is no 0 itself.
    assert!(activation == Activation::Relu || slope > 0.0 || z.abs() > 40.0);
}

/// Each layer's logits are the next one's inputs, after the activation.
fn stations<A: Float>(network: &Network<A>, activation: Activation, pass: &Pass<A>) {
    let layers = network.layers();
    assert_eq!(
        (pass.inputs.len(), pass.z.len()),
        (layers.len(), layers.len() - 1)
    );
    for (at, layer) in layers.iter().enumerate() {
        let theta = layer.forward(&pass.inputs[at]).expect("what went through");
        if let Some(z) = pass.z.get(at) {
            assert_eq!(theta.as_array(), z);
            assert_eq!(pass.inputs[at + 1], z.mapv(|z| activation.value(z)));
        } else {
            assert_eq!(theta, pass.theta);
        }
    }
    assert_eq!(softmax(&pass.theta), pass.y_hat);
    assert_eq!(
        found(network.predict(&pass.inputs[0])).as_ref(),
        Some(&pass.y_hat)
    );
    assert_eq!(
        cross_entropy_from_logits(&pass.theta, &pass.y),
        Ok(pass.loss)
    );
    distribution(pass.y_hat.as_array());
    loss(pass.loss);
}

/// `δ₁ = φ′(z) ⊙ ∇a`, layer by layer, and each layer's gradients are those of its `δ`.
fn chain<A: Float>(
    network: &Network<A>,
    activation: Activation,
    pass: &Pass<A>,
    gradients: &[Gradients<A>],
) {
    assert_eq!(gradients.len(), network.layers().len());
    for (at, layer) in network.layers().iter().enumerate() {
        let of_layer = layer.backward(&pass.inputs[at], &gradients[at].b);
        assert_eq!(of_layer.as_ref(), Ok(&gradients[at]));
        if let Some(z) = pass.z.get(at) {
            let delta = z.mapv(|z| activation.slope(z)) * &gradients[at + 1].x;
            assert_eq!(delta, gradients[at].b);
        }
    }
    let tolerance: f64 = A::SUM_TOLERANCE.into();
    let last = wide(&gradients[gradients.len() - 1].b);
    near(
        "sum of the gradient",
        last.sum(),
        0.0,
        tolerance + 64.0 * epsilon::<A>(),
    );
}

/// The mean gradients are the means of those of each example.
fn means<A: Float>(network: &Network<A>, activation: Activation, xs: &Array2<A>, labels: &[usize]) {
    let means = found(network.mean_gradients(xs, labels));
    let classes = network.layers()[network.layers().len() - 1].w().ncols();
    let each = xs.outer_iter().zip(labels).map(|(x, class)| {
        let pass = network.forward(&x, &Target::one_hot(*class, classes)?)?;
        let gradients = network.backward(&pass)?;
        let rounding = rounding(network, activation, &pass, &gradients);
        Ok((gradients, rounding))
    });
    let each = found(each.collect::<softmax_backprop::Result<Vec<_>>>());
    let Some(means) = means else {
        return assert!(each.is_none() || !finite(xs) || xs.nrows() != labels.len());
    };
    // The gradient of an example may leave the range of the numbers where its share does not.
    let Some(each) = each else { return };
    let count = each.len() as f64;
    for (at, mean) in means.iter().enumerate() {
        for (place, mean) in entries(mean).into_iter().enumerate() {
            let parts = each.iter().map(|(one, _)| entries(&one[at])[place] / count);
            let parts: Array1<f64> = parts.collect();
            let size = parts.mapv(f64::abs).sum();
            if size < 0.5 * largest::<A>() {
                let of_each: f64 = each.iter().map(|(_, rounding)| rounding[at][place]).sum();
                let of_sum = 16.0 * (epsilon::<A>() * size + smallest::<A>());
                near("mean gradient", mean, parts.sum(), of_each / count + of_sum);
            }
        }
    }
}

/// All entries of a layer's gradients: `∇W`, `∇b`, `∇x`.
fn entries<A: Float>(gradients: &Gradients<A>) -> Vec<f64> {
    let entries = gradients.w.iter().chain(&gradients.b).chain(&gradients.x);
    entries.map(|entry| (*entry).into()).collect()
}

/// By how much two ways to compute the gradients of an example may differ, entry by entry as
/// [`entries`] has them: what each sum rounds, carried forward to the logits and back.
fn rounding<A: Float>(
    network: &Network<A>,
    activation: Activation,
    pass: &Pass<A>,
    gradients: &[Gradients<A>],
) -> Vec<Vec<f64>> {
    let (epsilon, tiny) = (epsilon::<A>(), smallest::<A>());
    let absolute = |w: &Array2<A>| w.mapv(|w_ik| w_ik.into().abs());
    let rounds = |terms: &Array1<f64>, count: usize| {
        terms.mapv(|terms| 2.0 * (count as f64 + 2.0) * (epsilon * terms + tiny))
    };
    // Of what enters each layer, and of its sums: no activation is steeper than 1.
    let (mut of_inputs, mut of_sums) = (vec![Array1::zeros(pass.inputs[0].len())], Vec::new());
    for (at, layer) in network.layers().iter().enumerate() {
        let (w, x) = (absolute(layer.w()), wide(&pass.inputs[at]).abs());
        let terms = w.t().dot(&x) + wide(layer.b()).abs();
        let of_sum = w.t().dot(&of_inputs[at]) + rounds(&terms, x.len());
        of_inputs.push(&of_sum + 4.0 * epsilon);
        of_sums.push(of_sum);
    }
    // A probability moves by no more than the logits, and by no more than 1.
    let last = of_sums.len() - 1;
    let of_logits = of_sums[last].iter().copied().fold(0.0, f64::max);
    let mut of_delta = Array1::from_elem(of_sums[last].len(), of_logits.min(1.0) + 64.0 * epsilon);
    let mut all = Vec::new();
    for (at, layer) in network.layers().iter().enumerate().rev() {
        let (w, x) = (absolute(layer.w()), wide(&pass.inputs[at]).abs());
        let delta = wide(&gradients[at].b).abs();
        let (x_moved, delta_moved) = (&x + &of_inputs[at], &delta + &of_delta);
        let of_w = x.iter().zip(&x_moved).flat_map(|(x, x_moved)| {
            let pairs = delta.iter().zip(&delta_moved);
            pairs
                .map(move |(d, d_moved)| x_moved * d_moved - x * d + 4.0 * (epsilon * x * d + tiny))
        });
        let of_x = w.dot(&of_delta) + rounds(&w.dot(&delta), delta.len());
        all.push(
            of_w.chain(of_delta.iter().copied())
                .chain(of_x.iter().copied())
                .collect(),
        );
        if at > 0 {
            let d_a = wide(&gradients[at].x).abs();
            of_delta = Array1::from_shape_fn(d_a.len(), |i| {
                let (z, of_z): (f64, f64) = (pass.z[at - 1][i].into(), of_sums[at - 1][i]);
                let slope: f64 = activation.slope(pass.z[at - 1][i]).into();
                let of_slope = match activation {
                    Activation::Relu if z.abs() <= of_z => 1.0,
                    Activation::Relu => 0.0,
                    // `|tanh''| ≤ 0.77`.
                    Activation::Tanh => 0.77 * of_z + 8.0 * epsilon,
                };
                (slope + of_slope) * (d_a[i] + of_x[i]) - slope * d_a[i]
                    + 4.0 * (epsilon * slope * d_a[i] + tiny)
            });
        }
    }
    all.reverse();
    all
}

/// Each layer takes its own step.
fn step<A: Float>(network: &Network<A>, gradients: &[Gradients<A>], rate: A) {
    let stepped = found(network.step(gradients, rate));
    let pairs = network.layers().iter().zip(gradients);
    let layers = pairs.map(|(layer, of_layer)| layer.step(of_layer, rate));
    let layers = found(layers.collect::<softmax_backprop::Result<Vec<_>>>());
    assert_eq!(stepped.as_ref().map(Network::layers), layers.as_deref());
    assert!(found(network.step(&gradients[1..], rate)).is_none());
}

/// Central differences of the loss by the inputs and by the first weights.
fn differences<A: Float>(input: &Input, x: &Array1<f64>, gradients: &[Gradients<A>]) {
    let layers = |w: &Array2<f64>| -> softmax_backprop::Result<Network> {
        let mut layers: Vec<(Array2<f64>, Array1<f64>)> = input.layers.clone();
        layers[0].0.assign(w);
        let layers = layers.into_iter().map(|(w, b)| Layer::new(w, b));
        Network::new(
            layers.collect::<softmax_backprop::Result<_>>()?,
            Activation::Tanh,
        )
    };
    let y = Target::distribution(input.y.clone()).expect("a label");
    let by_x = |x: &Array1<f64>| Ok(layers(&input.layers[0].0)?.forward(x, &y)?.loss);
    let by_w = |w: &Array2<f64>| Ok(layers(w)?.forward(x, &y)?.loss);
    let by_x = central_differences(by_x, x).expect("differences by x");
    let by_w = central_differences(by_w, &input.layers[0].0).expect("differences by W");
    // The third derivative may come to some 10⁷ in three layers with weights of 4; times the
    // square of a step of 2·10⁻⁵ that is 10⁻².
    let numbers = gradients[0].x.iter().chain(&gradients[0].w);
    for (one, other) in numbers.zip(by_x.iter().chain(&by_w)) {
        let size: f64 = (*one).into().abs();
        near("central difference", *one, *other, 1e-2 * size.max(1.0));
    }
}

/// Random weights are within the bound of Glorot and Bengio, the same from the same seed.
fn drawn(sizes: &[usize], activation: Activation) {
    let draw = || Network::random(sizes, activation, &mut ChaCha8Rng::seed_from_u64(1));
    let network = found(draw());
    let right = sizes.len() > 1 && sizes.iter().all(|size| (1..usize::MAX).contains(size));
    assert_eq!(network.is_some(), right, "{sizes:?}");
    let Some(network) = network else { return };
    assert_eq!(draw().as_ref(), Ok(&network));
    for (layer, pair) in network.layers().iter().zip(sizes.windows(2)) {
        assert_eq!(layer.w().dim(), (pair[0], pair[1]));
        let bound = (6.0 / (pair[0] + pair[1]) as f64).sqrt();
        assert!(layer.w().iter().all(|w| w.abs() <= bound));
        assert!(layer.b().iter().all(|b| *b == 0.0));
    }
}
