//! Descent from random or given weights, in steps along the whole gradient and in minibatches.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::training::{Descent, Epoch, Stop, Trained, descend, descend_in_minibatches};
use softmax_backprop::{Error, Layer};
use softmax_backprop_fuzz::{Range, found, matrix, message, near, nearly, number, size, vector};

#[derive(Debug)]
struct Input {
    range: Range,
    start: Option<(Array2<f64>, Array1<f64>)>,
    x: Array2<f64>,
    labels: Vec<usize>,
    classes: usize,
    weights: Option<Array1<f64>>,
    learning_rate: f64,
    epochs: usize,
    gradient_norm: f64,
    portion: usize,
    seed: u64,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let range = u.arbitrary()?;
        let (examples, inputs, classes) = (size(u)?, size(u)?, size(u)?);
        let given = u.ratio(1, 2)?;
        let of_layer = nearly(u, inputs)?;
        let start = (
            matrix(u, [of_layer, classes], range)?,
            vector(u, classes, range)?,
        );
        let last = classes.saturating_sub(1);
        Ok(Self {
            range,
            start: given.then_some(start),
            x: matrix(u, [examples, inputs], range)?,
            labels: (0..examples)
                .map(|_| u.int_in_range(0..=last))
                .collect::<Result<_>>()?,
            classes,
            weights: if u.arbitrary()? {
                Some(vector(u, examples, Range::Moderate)?.abs() + 0.125)
            } else {
                None
            },
            learning_rate: number(u, range)?,
            epochs: u.int_in_range(0..=12)?,
            gradient_norm: number(u, range)?,
            portion: size(u)?,
            seed: u.arbitrary()?,
        })
    }
}

impl Input {
    fn rng(&self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed)
    }
}

fuzz_target!(|input: Input| {
    drawn(&input);
    let layer = match &input.start {
        Some((w, b)) => Layer::new(w.clone(), b.clone()),
        None => Layer::glorot(input.x.ncols(), input.classes, &mut input.rng()),
    };
    let Some(layer) = found(layer) else { return };
    let batch = Batch::of_classes(input.x.clone(), input.labels.clone(), input.classes);
    let Some(batch) = found(batch) else { return };
    let batch = match &input.weights {
        None => batch,
        Some(weights) => found(batch.weighted(weights)).expect("weights above 0"),
    };
    let descent = Descent {
        learning_rate: input.learning_rate,
        epochs: input.epochs,
        gradient_norm: input.gradient_norm,
    };
    whole(&input, &layer, &batch, &descent);
    minibatches(&input, &layer, &batch, &descent);
});

/// Random weights are within their bounds, the same from the same seed.
fn drawn(input: &Input) {
    let (inputs, classes) = (input.x.ncols(), input.classes);
    let uniform = || Layer::uniform(inputs, classes, &mut input.rng());
    let glorot = || Layer::glorot(inputs, classes, &mut input.rng());
    let bounds = [
        1.0 / (inputs as f64).sqrt(),
        (6.0 / (inputs + classes) as f64).sqrt(),
    ];
    for (layers, bound) in [[uniform(), uniform()], [glorot(), glorot()]]
        .into_iter()
        .zip(bounds)
    {
        let [Some(layer), again] = layers.map(found) else {
            assert!(inputs == 0 || classes == 0);
            continue;
        };
        assert_eq!(Some(&layer), again.as_ref());
        assert_eq!(layer.w().dim(), (inputs, classes));
        assert!(layer.w().iter().all(|w| w.abs() <= bound));
        assert!(layer.b().iter().all(|b| *b == 0.0));
    }
    for (inputs, classes) in [(usize::MAX, inputs), (classes, usize::MAX)] {
        assert!(found(Layer::uniform(inputs, classes, &mut input.rng())).is_none());
    }
}

/// Descent along the whole gradient is one step of a pass after the other.
fn whole(input: &Input, layer: &Layer, batch: &Batch, descent: &Descent) {
    let mut epochs = Vec::new();
    let result = descend(layer.clone(), batch, descent, |epoch| epochs.push(*epoch));
    reports(&epochs, descent);
    let start = epochs.first().map_or(f64::NAN, |epoch| epoch.loss);
    let most = start + 1e-8 * (1.0 + start);
    assert!(epochs.iter().all(|epoch| epoch.loss <= most), "{epochs:?}");
    match result {
        Ok(trained) => {
            ended(&trained, &epochs, batch, descent);
            let mut layer = layer.clone();
            for epoch in &epochs {
                let pass = Pass::new(&layer, batch).expect("a pass that was reported");
                assert_eq!(
                    (epoch.loss, epoch.gradient_norm),
                    (pass.loss(), pass.gradient_norm())
                );
                if epoch.number < trained.end.number {
                    layer = pass
                        .step(&layer, descent.learning_rate)
                        .expect("a step that was taken");
                }
            }
            assert_eq!(layer, trained.layer);
        }
        Err(error) => refused(input, layer, batch, descent, &epochs, &error),
    }
}

/// Portions of a batch: the same from the same seed; one portion of all is the whole.
fn minibatches(input: &Input, layer: &Layer, batch: &Batch, descent: &Descent) {
    let run = |portion: usize| {
        let mut epochs = Vec::new();
        let (layer, report) = (layer.clone(), |epoch: &Epoch| epochs.push(*epoch));
        let result =
            descend_in_minibatches(layer, batch, descent, portion, &mut input.rng(), report);
        (result, epochs)
    };
    let (result, epochs) = run(input.portion);
    reports(&epochs, descent);
    match &result {
        Ok(trained) => ended(trained, &epochs, batch, descent),
        Err(Error::Empty { .. }) => assert_eq!(input.portion, 0),
        Err(error) => refused(input, layer, batch, descent, &epochs, error),
    }
    let (again, same_epochs) = run(input.portion);
    assert_eq!(
        format!("{again:?} {same_epochs:?}"),
        format!("{result:?} {epochs:?}")
    );

    let (all, of_all) = run(batch.len());
    if input.range != Range::Moderate || all.is_err() || descent.learning_rate > 1.0 {
        return;
    }
    let Some(trained) = found(descend(layer.clone(), batch, descent, |_| ())) else {
        return;
    };
    // The order of the examples adds rounding, which twelve steps at a rate of at most 1, with
    // inputs of at most 4, multiply by less than (1 + 68/2)ⁿ: one step shows it.
    if let [_, second, ..] = of_all.as_slice() {
        let one = Descent {
            epochs: 1,
            ..descent.clone()
        };
        let (by_portions, _) = run(batch.len());
        let step =
            found(descend(layer.clone(), batch, &one, |_| ())).expect("the first of the steps");
        near(
            "loss after a step",
            second.loss,
            step.end.loss,
            1e-12 * (1.0 + second.loss),
        );
        assert_eq!(by_portions.is_ok(), trained.end.number > 0);
    }
}

/// Epochs are counted from 0 without a gap, and none follows one whose gradient was short enough.
fn reports(epochs: &[Epoch], descent: &Descent) {
    let short =
        |epoch: &Epoch| descent.gradient_norm > 0.0 && epoch.gradient_norm <= descent.gradient_norm;
    assert!(
        epochs
            .iter()
            .enumerate()
            .all(|(at, epoch)| epoch.number == at)
    );
    assert!(epochs.len() <= descent.epochs + 1);
    assert!(epochs.iter().rev().skip(1).all(|epoch| !short(epoch)));
}

/// The end is the last report, the layer is the one that was reported, and the reason is true.
fn ended(trained: &Trained, epochs: &[Epoch], batch: &Batch, descent: &Descent) {
    assert_eq!(epochs.last(), Some(&trained.end));
    let pass = Pass::new(&trained.layer, batch).expect("a layer that was reported");
    let end = (trained.end.loss, trained.end.gradient_norm);
    assert_eq!(end, (pass.loss(), pass.gradient_norm()));
    match trained.stop {
        Stop::Gradient => {
            assert!(descent.gradient_norm > 0.0);
            assert!(trained.end.gradient_norm <= descent.gradient_norm);
        }
        Stop::Epochs => assert_eq!(trained.end.number, descent.epochs),
    }
}

/// An error names what was given, or what happened after the last report.
fn refused(
    input: &Input,
    layer: &Layer,
    batch: &Batch,
    descent: &Descent,
    epochs: &[Epoch],
    error: &Error,
) {
    message(error);
    match error {
        Error::Diverged { epoch, most, found } => {
            assert_eq!(*epoch, epochs.len());
            assert!(found > most && *most >= epochs[0].loss);
        }
        Error::NotPositive { found, .. } => {
            assert!(!(*found > 0.0 && found.is_finite()));
            assert!(epochs.is_empty());
        }
        Error::Shape { .. } => assert_ne!(layer.w().dim(), (batch.x().ncols(), batch.classes())),
        Error::NotFinite { .. } => {
            assert!(input.range == Range::Any || !descent.gradient_norm.is_finite());
        }
        other => panic!("{other}"),
    }
}
