//! Stored values: what is read is what the constructor makes of the same parts, whatever the parts
//! are, and what was read comes back when it is written.

#![no_main]

use std::fmt::Debug;

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Array2};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::standardisation::Standardisation;
use softmax_backprop::training::Descent;
use softmax_backprop::{Classifier, Float, Gradients, Layer, Logits, Probabilities, Target};
use softmax_backprop_fuzz::{Range, finite, found, label, nearly, number, size, vector};

#[derive(Debug)]
enum Input {
    Parts { single: bool, parts: Box<Parts> },
    Bytes(Vec<u8>),
}

/// What values are made of. A row of `w` may lack an entry.
#[derive(Debug)]
struct Parts {
    w: Vec<Vec<f64>>,
    b: Array1<f64>,
    x: Array1<f64>,
    y: Array1<f64>,
    more: Vec<(Vec<Vec<f64>>, Array1<f64>)>,
    relu: bool,
    deviation: Array1<f64>,
    class: Option<usize>,
    weighted: bool,
    one: f64,
    other: f64,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.arbitrary()? {
            return Ok(Self::Bytes(u.bytes(u.len())?.to_vec()));
        }
        let (single, range) = (u.arbitrary()?, u.arbitrary()?);
        let (inputs, classes, more) = (size(u)?, size(u)?, size(u)? / 3);
        let parts = Parts {
            w: rows(u, inputs, classes, range)?,
            b: entries(u, classes, range)?,
            x: entries(u, inputs, range)?,
            y: label(u, classes, range)?,
            more: (0..more)
                .map(|_| {
                    Ok((
                        rows(u, classes, classes, range)?,
                        entries(u, classes, range)?,
                    ))
                })
                .collect::<Result<_>>()?,
            relu: u.arbitrary()?,
            deviation: entries(u, inputs, range)?.abs(),
            class: u.arbitrary()?,
            weighted: u.arbitrary()?,
            one: number(u, range)?,
            other: number(u, range)?,
        };
        Ok(Self::Parts {
            single,
            parts: Box::new(parts),
        })
    }
}

fn entries(u: &mut Unstructured, fitting: usize, range: Range) -> Result<Array1<f64>> {
    let length = nearly(u, fitting)?;
    vector(u, length, range)
}

fn rows(u: &mut Unstructured, rows: usize, columns: usize, range: Range) -> Result<Vec<Vec<f64>>> {
    let rows = nearly(u, rows)?;
    (0..rows)
        .map(|_| Ok(entries(u, columns, range)?.to_vec()))
        .collect()
}

fuzz_target!(|input: Input| {
    match input {
        Input::Bytes(bytes) => {
            any::<f64>(&bytes);
            any::<f32>(&bytes);
        }
        Input::Parts { single, parts } if single => of_parts::<f32>(&parts),
        Input::Parts { parts, .. } => of_parts::<f64>(&parts),
    }
});

trait Stored: Serialize + DeserializeOwned + PartialEq + Debug {}

impl<T: Serialize + DeserializeOwned + PartialEq + Debug> Stored for T {}

fn of_parts<A: Float + Stored>(parts: &Parts) {
    let list = |v: &Array1<f64>| v.iter().map(|entry| A::of(*entry)).collect::<Vec<_>>();
    let lists = |w: &[Vec<f64>]| {
        w.iter()
            .map(|row| list(&row.clone().into()))
            .collect::<Vec<_>>()
    };
    let (w, b, x, y) = (
        lists(&parts.w),
        list(&parts.b),
        list(&parts.x),
        list(&parts.y),
    );

    let layer = matrix(&w).and_then(|w| found(Layer::new(w, b.clone().into())));
    let json = json!({ "w": w, "b": b });
    assert_eq!(read((&w, &b), &json), layer);
    assert_eq!(read((&w, &b), &json), layer.clone().map(Classifier::new));

    let shaped = matrix(&w).filter(|w| w.dim() == (x.len(), b.len()));
    let gradients = shaped.filter(|w| finite(w) && finite(&b) && finite(&x));
    let gradients = gradients.map(|w| Gradients {
        w,
        b: b.clone().into(),
        x: x.clone().into(),
    });
    assert_eq!(
        read((&w, &b, &x), &json!({ "w": w, "b": b, "x": x })),
        gradients
    );

    let mut forms = vec![(w, b.clone())];
    let more = parts.more.iter().map(|(w, b)| (lists(w), list(b)));
    forms.extend(more);
    let activation = if parts.relu {
        Activation::Relu
    } else {
        Activation::Tanh
    };
    let layers = forms
        .iter()
        .map(|(w, b)| matrix(w).and_then(|w| found(Layer::new(w, b.clone().into()))));
    let layers: Option<Vec<Layer<A>>> = layers.collect();
    let network = layers.and_then(|layers| found(Network::new(layers, activation)));
    let objects: Vec<Value> = forms
        .iter()
        .map(|(w, b)| json!({ "w": w, "b": b }))
        .collect();
    let json = json!({ "activation": activation, "layers": objects });
    assert_eq!(read((activation, &forms), &json), network);

    let y_hat = found(Probabilities::new(y.clone().into()));
    assert_eq!(read(&y, &json!(y)), y_hat);
    assert_eq!(
        read(&y, &json!(y)),
        found(Target::distribution(y.clone().into()))
    );
    let logits = |theta_i: &A| match *theta_i == A::neg_infinity() {
        true => json!("-inf"),
        false => json!(theta_i),
    };
    let json = Value::from_iter(b.iter().map(logits));
    assert_eq!(read(&b, &json), found(Logits::new(b.clone().into())));

    options(parts, &b);
    if size_of::<A>() == size_of::<f64>() {
        descent(parts);
        standardisation(parts);
    }
}

/// The matrix of these rows, where they have the same length.
fn matrix<A: Float>(rows: &[Vec<A>]) -> Option<Array2<A>> {
    let columns = rows.first().map_or(0, Vec::len);
    let even = rows.iter().all(|row| row.len() == columns);
    let shape = (rows.len(), columns);
    even.then(|| Array2::from_shape_fn(shape, |(i, k)| rows[i][k]))
}

fn options<A: Float + Stored>(parts: &Parts, weights: &[A]) {
    let smoothing = A::of(parts.one);
    let made = CrossEntropy::new().label_smoothing(smoothing);
    let mut json = json!({ "label_smoothing": smoothing });
    let weights = parts.weighted.then_some(weights);
    let made = match weights {
        None => made,
        Some(weights) => {
            json["class_weights"] = json!(weights);
            made.and_then(|made| made.class_weights(weights.to_vec().into()))
        }
    };
    let made = match parts.class {
        None => made,
        Some(class) => {
            json["ignore_index"] = json!(class);
            made.map(|made| made.ignore_index(class))
        }
    };
    assert_eq!(read((weights, parts.class, smoothing), &json), found(made));
}

fn descent(parts: &Parts) {
    let (learning_rate, gradient_norm) = (parts.one, parts.other);
    let epochs = parts.class.unwrap_or_default();
    let some = learning_rate.is_finite() && learning_rate > 0.0 && gradient_norm.is_finite();
    let made = some.then_some(Descent {
        learning_rate,
        epochs,
        gradient_norm,
    });
    let json = json!({
        "learning_rate": learning_rate, "epochs": epochs, "gradient_norm": gradient_norm
    });
    assert_eq!(read((learning_rate, epochs, gradient_norm), &json), made);
}

/// One with such parts cannot be made by hand.
fn standardisation(parts: &Parts) {
    let (mean, deviation, rest) = (&parts.x, &parts.deviation, &parts.b);
    let form = (mean.to_vec(), deviation.to_vec(), rest.to_vec());
    let json = json!({ "mean": form.0, "deviation": form.1, "rest": form.2 });
    let scale: Option<Standardisation> = read(form, &json);
    let even = mean.len() == deviation.len() && mean.len() == rest.len();
    let some = even && finite(mean) && finite(rest) && finite(deviation);
    let some = some && deviation.iter().all(|s| *s > 0.0 && s.recip().is_finite());
    assert_eq!(scale.is_some(), some);
    if let Some(scale) = scale {
        assert_eq!((&scale.mean, &scale.deviation), (mean, deviation));
    }
}

/// Reads the parts as MessagePack, which holds any number, and as JSON, which has words for none.
fn read<T: Stored>(form: impl Serialize, json: &Value) -> Option<T> {
    let bytes = rmp_serde::to_vec(&form).expect("numbers and lists");
    let value: Option<T> = rmp_serde::from_slice(&bytes).ok();
    let text = json.to_string();
    let from_text: Option<T> = serde_json::from_str(&text).ok();
    assert_eq!(value, from_text, "{text}");
    if let Some(value) = &value {
        comes_back(value);
    }
    value
}

/// `Debug` shows all digits and the sign of 0.
fn comes_back<T: Stored>(value: &T) {
    let json = serde_json::to_vec(value).expect("JSON of what was read");
    let again: T = serde_json::from_slice(&json).expect("what was written");
    assert_eq!(format!("{value:?}"), format!("{again:?}"));
    let bytes = rmp_serde::to_vec(value).expect("MessagePack of what was read");
    let again: T = rmp_serde::from_slice(&bytes).expect("what was written");
    assert_eq!(format!("{value:?}"), format!("{again:?}"));
}

/// Any bytes, as each of the types. What is made of them its constructor makes, too.
fn any<A: Float + Stored>(bytes: &[u8]) {
    let layer_again = |layer: &Layer<A>| Layer::new(layer.w().clone(), layer.b().clone()).ok();
    each(bytes, layer_again);
    each(bytes, |classifier: &Classifier<A>| {
        layer_again(classifier.layer()).map(Classifier::new)
    });
    each(bytes, |network: &Network<A>| {
        let layers = network
            .layers()
            .iter()
            .map(layer_again)
            .collect::<Option<Vec<_>>>();
        Network::new(layers?, network.activation()).ok()
    });
    each(bytes, |gradients: &Gradients<A>| {
        let Gradients { w, b, x } = gradients;
        let some = w.dim() == (x.len(), b.len()) && finite(w) && finite(b) && finite(x);
        some.then(|| gradients.clone())
    });
    each(bytes, |y_hat: &Probabilities<A>| {
        Probabilities::new(y_hat.as_array().clone()).ok()
    });
    each(bytes, |y: &Target<A>| {
        Target::distribution(y.as_array().clone()).ok()
    });
    each(bytes, |theta: &Logits<A>| {
        Logits::new(theta.as_array().clone()).ok()
    });
    each(bytes, |descent: &Descent| {
        let rate = descent.learning_rate;
        let some = rate > 0.0 && rate.is_finite() && descent.gradient_norm.is_finite();
        some.then(|| descent.clone())
    });
    // Not all of their parts are seen from here.
    each(bytes, |scale: &Standardisation| Some(scale.clone()));
    each(bytes, |options: &CrossEntropy<A>| Some(options.clone()));
    each(bytes, |activation: &Activation| Some(*activation));
    each(bytes, |reduction: &Reduction| Some(*reduction));
}

fn each<T: Stored>(bytes: &[u8], again: impl Fn(&T) -> Option<T>) {
    let text = serde_json::from_slice(bytes).ok();
    let values: [Option<T>; 2] = [text, rmp_serde::from_slice(bytes).ok()];
    for value in values.into_iter().flatten() {
        assert_eq!(again(&value).as_ref(), Some(&value));
        comes_back(&value);
    }
}
