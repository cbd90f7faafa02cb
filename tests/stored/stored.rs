//! Stored values: what is written comes back to its last bit, in a form that people read, and what
//! no constructor would give is refused with the crate's message.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fmt::Debug;

use ndarray::{Array1, Array2, array};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Serialize, de::DeserializeOwned};
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::standardisation::Standardisation;
use softmax_backprop::training::Descent;
use softmax_backprop::{
    Classifier, Float, Gradients, Layer, Logits, Probabilities, Target, softmax,
};

/// Writes a value in JSON, in TOML and in the bytes of MessagePack, which nobody reads, and reads it
/// again. `Debug` shows all digits and the sign of 0.
#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + Debug + PartialEq>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    same(value, &serde_json::from_str(&json).unwrap());
    let bytes = rmp_serde::to_vec(value).unwrap();
    same(value, &rmp_serde::from_slice(&bytes).unwrap());
    let table = [("value", value)];
    let toml = toml::to_string(&std::collections::BTreeMap::from(table)).unwrap();
    let mut table: std::collections::BTreeMap<String, T> = toml::from_str(&toml).unwrap();
    same(value, &table.remove("value").unwrap());
}

#[track_caller]
fn same<T: Debug + PartialEq>(value: &T, read: &T) {
    assert_eq!(value, read);
    assert_eq!(format!("{value:?}"), format!("{read:?}"));
}

/// Asserts that the value is written so, and that this is read as the value.
#[track_caller]
fn is_written<T: Serialize + DeserializeOwned + Debug + PartialEq>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    same(value, &serde_json::from_str(json).unwrap());
}

/// Asserts that this is refused, with a message that begins so.
#[track_caller]
fn refuses<T: DeserializeOwned + Debug>(json: &str, message: &str) {
    let error = serde_json::from_str::<T>(json).unwrap_err().to_string();
    let (found, _place) = error.rsplit_once(" at line ").unwrap_or((&error, ""));
    assert_eq!(found, message);
}

/// The same in TOML, which has words for NaN and infinities.
#[track_caller]
fn refuses_in_toml<T: DeserializeOwned + Debug>(text: &str, message: &str) {
    let error = toml::from_str::<T>(text).unwrap_err();
    assert_eq!(error.message(), message);
}

/// Numbers of every size: any pattern of bits that is a finite number.
trait Bits: Float + Serialize + DeserializeOwned {
    fn any(rng: &mut ChaCha8Rng) -> Self;

    fn finite(rng: &mut ChaCha8Rng) -> Self {
        loop {
            let number = Self::any(rng);
            if number.is_finite() {
                return number;
            }
        }
    }
}

impl Bits for f64 {
    fn any(rng: &mut ChaCha8Rng) -> Self {
        Self::from_bits(rng.random())
    }
}

impl Bits for f32 {
    fn any(rng: &mut ChaCha8Rng) -> Self {
        Self::from_bits(rng.random())
    }
}

fn vector<A: Bits>(length: usize, rng: &mut ChaCha8Rng) -> Array1<A> {
    Array1::from_shape_simple_fn(length, || A::finite(rng))
}

fn layer<A: Bits>(inputs: usize, classes: usize, rng: &mut ChaCha8Rng) -> Layer<A> {
    let w = Array2::from_shape_simple_fn((inputs, classes), || A::finite(rng));
    Layer::new(w, vector(classes, rng)).unwrap()
}

fn everything_comes_back<A: Bits>() {
    let rng = &mut ChaCha8Rng::seed_from_u64(23);
    for round in 1..100 {
        let (inputs, hidden, classes) = (round % 5 + 1, round % 3 + 1, round % 7 + 1);
        let (first, second) = (layer::<A>(inputs, hidden, rng), layer(hidden, classes, rng));
        comes_back(&first);
        comes_back(&Classifier::new(first.clone()));
        comes_back(&Gradients {
            w: first.w().clone(),
            b: first.b().clone(),
            x: vector(inputs, rng),
        });
        for activation in [Activation::Tanh, Activation::Relu] {
            let layers = vec![first.clone(), second.clone()];
            comes_back(&Network::new(layers, activation).unwrap());
        }

        let mut theta: Array1<A> =
            Array1::from_shape_simple_fn(classes, || A::of(rng.random_range(-30.0..30.0)));
        let y_hat = softmax(&Logits::new(theta.clone()).unwrap());
        comes_back(&y_hat);
        comes_back(&Target::distribution(y_hat.into_inner()).unwrap());
        comes_back(&Target::<A>::one_hot(round % classes, classes).unwrap());
        comes_back(&Logits::new(vector::<A>(classes, rng)).unwrap());
        if classes > 1 {
            theta[round % classes] = A::neg_infinity();
            comes_back(&Logits::new(theta).unwrap());
        }

        let options = CrossEntropy::new().ignore_index(round);
        comes_back(&options);
        let options = options
            .class_weights(vector(classes, rng).mapv(A::abs))
            .unwrap();
        comes_back(&options.label_smoothing(A::of(rng.random())).unwrap());
    }
}

#[test]
fn what_is_written_comes_back_to_the_last_bit() {
    everything_comes_back::<f64>();
    everything_comes_back::<f32>();
    let zero = Layer::new(array![[-0.0, f64::MIN_POSITIVE, 5e-324]], Array1::zeros(3)).unwrap();
    comes_back(&zero);
}

/// What stands in columns in memory is written in rows.
#[test]
fn the_order_in_memory_is_not_seen() {
    let gradients = Gradients {
        w: array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]].reversed_axes(),
        b: array![1.0, 2.0, 3.0],
        x: array![4.0, 5.0],
    };
    let json = r#"{"w":[[1.0,3.0,5.0],[2.0,4.0,6.0]],"b":[1.0,2.0,3.0],"x":[4.0,5.0]}"#;
    assert_eq!(serde_json::to_string(&gradients).unwrap(), json);
    assert_eq!(gradients, serde_json::from_str(json).unwrap());
}

#[test]
fn options_of_the_data_and_of_descent_come_back() {
    let x = array![[0.1, 1e9], [0.7, 1e9 + 1.0 / 3.0], [0.9, 1e9 + 0.1]];
    let scale = Standardisation::of(&x).unwrap();
    comes_back(&scale);
    let read: Standardisation =
        serde_json::from_str(&serde_json::to_string(&scale).unwrap()).unwrap();
    assert_eq!(scale.apply(&x), read.apply(&x));
    comes_back(&Descent {
        learning_rate: 1.0 / 3.0,
        epochs: 7,
        gradient_norm: -1.0,
    });
    comes_back(&Reduction::Mean);
    comes_back(&Reduction::Sum);
}

#[test]
fn the_form_is_one_that_people_read() {
    let first = Layer::new(array![[0.5, -1.0], [0.1, 2.0]], array![0.0, 0.25]).unwrap();
    let layer_json = r#"{"w":[[0.5,-1.0],[0.1,2.0]],"b":[0.0,0.25]}"#;
    is_written(&first, layer_json);
    is_written(&first.cast::<f32>().unwrap(), layer_json);
    is_written(&Classifier::new(first.clone()), layer_json);
    is_written(
        &Network::new(vec![first.clone(), first], Activation::Relu).unwrap(),
        &format!(r#"{{"activation":"relu","layers":[{layer_json},{layer_json}]}}"#),
    );
    is_written(&Activation::Tanh, r#""tanh""#);
    is_written(&Reduction::Mean, r#""mean""#);
    is_written(
        &Probabilities::new(array![0.25, 0.75]).unwrap(),
        "[0.25,0.75]",
    );
    is_written(&Target::<f64>::one_hot(1, 3).unwrap(), "[0.0,1.0,0.0]");
    is_written(
        &Logits::new(array![-2.0, f64::NEG_INFINITY, 0.5]).unwrap(),
        r#"[-2.0,"-inf",0.5]"#,
    );
    is_written(
        &Standardisation::of(&array![[1.0], [3.0]]).unwrap(),
        r#"{"mean":[2.0],"deviation":[1.0],"rest":[0.0]}"#,
    );
    is_written(
        &Descent::default(),
        r#"{"learning_rate":0.1,"epochs":1000,"gradient_norm":1e-6}"#,
    );
    is_written(
        &CrossEntropy::<f64>::new(),
        r#"{"class_weights":null,"ignore_index":null,"label_smoothing":0.0}"#,
    );
    is_written(
        &CrossEntropy::new()
            .class_weights(array![1.0, 0.5])
            .and_then(|options| options.label_smoothing(0.1))
            .unwrap()
            .ignore_index(usize::MAX),
        r#"{"class_weights":[1.0,0.5],"ignore_index":18446744073709551615,"label_smoothing":0.1}"#,
    );
}

/// Whole numbers, a mask in the word of the format, options that are not there.
#[test]
fn what_a_person_writes_is_read() {
    let layer: Layer = toml::from_str("w = [[1, -2]]\nb = [0, 0]").unwrap();
    assert_eq!(
        layer,
        Layer::new(array![[1.0, -2.0]], array![0.0, 0.0]).unwrap()
    );

    let theta = Logits::new(array![1.0, -3.0, f64::NEG_INFINITY]).unwrap();
    same(&theta, &serde_json::from_str(r#"[1, -3, "-inf"]"#).unwrap());
    let read: std::collections::BTreeMap<String, Logits> =
        toml::from_str("theta = [1, -3, -inf]").unwrap();
    same(&theta, &read["theta"]);

    let descent: Descent = toml::from_str("learning_rate = 2").unwrap();
    let expected = Descent {
        learning_rate: 2.0,
        ..Descent::default()
    };
    assert_eq!(descent, expected);
    let options: CrossEntropy = serde_json::from_str(r#"{"label_smoothing": 0.5}"#).unwrap();
    assert_eq!(options, CrossEntropy::new().label_smoothing(0.5).unwrap());
    assert_eq!(
        serde_json::from_str::<CrossEntropy>("{}").unwrap(),
        CrossEntropy::new()
    );
}

#[test]
fn a_layer_that_is_none_is_refused() {
    let finite = "expected a finite number, found";
    for (number, found) in [("nan", "NaN"), ("inf", "inf"), ("-inf", "-inf")] {
        refuses_in_toml::<Layer>(
            &format!("w = [[1.0, 2.0], [3.0, {number}]]\nb = [0.0, 0.0]"),
            &format!("w[1, 1]: {finite} {found}"),
        );
        refuses_in_toml::<Layer<f32>>(
            &format!("w = [[1.0, 2.0]]\nb = [{number}, 0.0]"),
            &format!("b[0]: {finite} {found}"),
        );
    }
    let bytes = rmp_serde::to_vec(&([[1.0, f64::NAN]], [0.0, 0.0])).unwrap();
    let error = rmp_serde::from_slice::<Layer>(&bytes).unwrap_err();
    assert_eq!(error.to_string(), format!("w[0, 1]: {finite} NaN"));
    // Beyond the numbers of 32 bits.
    refuses_in_toml::<Layer<f32>>("w = [[1e39]]\nb = [0]", &format!("w[0, 0]: {finite} inf"));

    refuses::<Layer>(
        r#"{"w":[[1,2],[3,4]],"b":[0,0,0]}"#,
        "b: expected shape 2, found 3",
    );
    let ragged = r#"{"w":[[1,2],[3]],"b":[0,0]}"#;
    refuses::<Layer>(ragged, "a row of w: expected shape 2, found 1");
    let ragged = r#"{"w":[[1],[2],[3,4]],"b":[0]}"#;
    refuses::<Layer>(ragged, "a row of w: expected shape 1, found 2");
    for empty in [r#"{"w":[],"b":[]}"#, r#"{"w":[[],[]],"b":[]}"#] {
        refuses::<Layer>(empty, "w: expected at least one entry, found none");
    }
    refuses::<Layer>(r#"{"w":[[1]]}"#, "missing field `b`");
    refuses::<Layer>(
        r#"{"w":[[1]],"b":[0],"bias":[0]}"#,
        "unknown field `bias`, expected `w` or `b`",
    );
    refuses::<Layer>(
        r#"{"w":[[null]],"b":[0]}"#,
        "invalid type: null, expected f64",
    );
    refuses::<Classifier>(r#"{"w":[[1,2]],"b":[0]}"#, "b: expected shape 2, found 1");
}

#[test]
fn a_network_that_is_none_is_refused() {
    let layer = r#"{"w":[[1,2]],"b":[0,0]}"#;
    let network = |activation: &str, layers: &str| {
        format!(r#"{{"activation":"{activation}","layers":[{layers}]}}"#)
    };
    refuses::<Network>(
        &network("tanh", &format!("{layer},{layer}")),
        "w: expected shape 2×2, found 1×2",
    );
    refuses::<Network>(
        &network("tanh", r#"{"w":[[1,2]],"b":[0]}"#),
        "b: expected shape 2, found 1",
    );
    refuses::<Network>(
        &network("tanh", ""),
        "layers: expected at least one entry, found none",
    );
    refuses::<Network>(
        &network("sigmoid", layer),
        "unknown variant `sigmoid`, expected `tanh` or `relu`",
    );
    refuses::<Network>(
        &format!(r#"{{"activation":"tanh","layers":[{layer}],"loss":0}}"#),
        "unknown field `loss`, expected `activation` or `layers`",
    );
}

#[test]
fn gradients_that_are_none_are_refused() {
    refuses::<Gradients>(
        r#"{"w":[[1,2]],"b":[0],"x":[0]}"#,
        "b: expected shape 2, found 1",
    );
    refuses::<Gradients>(
        r#"{"w":[[1,2]],"b":[0,0],"x":[0,0]}"#,
        "x: expected shape 1, found 2",
    );
    refuses::<Gradients>(
        r#"{"w":[],"b":[],"x":[]}"#,
        "w: expected at least one entry, found none",
    );
    let finite = "expected a finite number, found NaN";
    refuses_in_toml::<Gradients>(
        "w = [[nan]]\nb = [0.0]\nx = [0.0]",
        &format!("w[0, 0]: {finite}"),
    );
    refuses_in_toml::<Gradients>(
        "w = [[0.0]]\nb = [nan]\nx = [0.0]",
        &format!("b[0]: {finite}"),
    );
    refuses_in_toml::<Gradients>(
        "w = [[0.0]]\nb = [0.0]\nx = [nan]",
        &format!("x[0]: {finite}"),
    );
    refuses::<Gradients>(
        r#"{"w":[[1]],"b":[0],"x":[0],"y":[0]}"#,
        "unknown field `y`, expected one of `w`, `b`, `x`",
    );
}

#[test]
fn what_is_no_distribution_is_refused() {
    refuses::<Probabilities>(
        "[0.5,0.25]",
        "y_hat: expected entries that sum to 1, found a sum of 0.75",
    );
    refuses::<Probabilities>(
        "[1.5,-0.5]",
        "y_hat[1]: expected a number of at least 0, found -0.5",
    );
    refuses::<Probabilities>("[]", "y_hat: expected at least one entry, found none");
    refuses::<Target<f32>>(
        "[0.5,0.25]",
        "y: expected entries that sum to 1, found a sum of 0.75",
    );
    let bytes = rmp_serde::to_vec(&[f32::NAN, 1.0]).unwrap();
    let error = rmp_serde::from_slice::<Target<f32>>(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "y[0]: expected a finite number, found NaN"
    );
}

#[test]
fn what_are_no_logits_is_refused() {
    refuses::<Logits>("[]", "theta: expected at least one entry, found none");
    refuses::<Logits>(
        r#"["-inf","-inf"]"#,
        "theta: expected a logit above -inf, found none",
    );
    refuses::<Logits>(
        "[0,null]",
        r#"invalid type: null, expected a number or "-inf""#,
    );
    refuses::<Logits>(
        r#"[0,"inf"]"#,
        r#"invalid value: string "inf", expected a number or "-inf""#,
    );
    refuses::<Logits<f32>>("[0,1e39]", "theta[1]: expected a finite number, found inf");
    let bytes = rmp_serde::to_vec(&[1.0, f64::NAN]).unwrap();
    let error = rmp_serde::from_slice::<Logits>(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "theta[1]: expected a finite number, found NaN"
    );
}

#[test]
fn a_standardisation_that_is_none_is_refused() {
    let read = |mean: &str, deviation: &str, rest: &str| {
        format!("mean = [{mean}]\ndeviation = [{deviation}]\nrest = [{rest}]")
    };
    for (text, message) in [
        (
            read("", "", ""),
            "mean: expected at least one entry, found none",
        ),
        (
            read("nan", "1", "0"),
            "mean[0]: expected a finite number, found NaN",
        ),
        (
            read("0", "1, 1", "0"),
            "deviation: expected shape 1, found 2",
        ),
        (
            read("0", "nan", "0"),
            "deviation[0]: expected a finite number, found NaN",
        ),
        (
            read("0, 0", "1, 0", "0, 0"),
            "deviation: expected a finite number above 0, found 0",
        ),
        (
            read("0", "-1", "0"),
            "deviation: expected a finite number above 0, found -1",
        ),
        (
            read("0", "1e-310", "0"),
            "1 / deviation[0]: expected a finite number, found inf",
        ),
        (read("0", "1", "0, 0"), "rest: expected shape 1, found 2"),
        (
            read("0", "1", "inf"),
            "rest[0]: expected a finite number, found inf",
        ),
    ] {
        refuses_in_toml::<Standardisation>(&text, message);
    }
    refuses::<Standardisation>(
        r#"{"mean":[0],"deviation":[1],"rest":[0],"variance":[1]}"#,
        "unknown field `variance`, expected one of `mean`, `deviation`, `rest`",
    );
}

#[test]
fn options_that_are_none_are_refused() {
    for learning_rate in ["0", "-0.5", "nan", "inf"] {
        let number: f64 = learning_rate.parse().unwrap();
        refuses_in_toml::<Descent>(
            &format!("learning_rate = {learning_rate}"),
            &format!("learning rate: expected a finite number above 0, found {number}"),
        );
    }
    refuses_in_toml::<Descent>(
        "gradient_norm = nan",
        "gradient norm: expected a finite number, found NaN",
    );
    refuses::<Descent>(
        r#"{"rate":0.1}"#,
        "unknown field `rate`, expected one of `learning_rate`, `epochs`, `gradient_norm`",
    );
    refuses::<CrossEntropy>(
        r#"{"label_smoothing":1.5}"#,
        "label smoothing: expected a number from 0 to 1, found 1.5",
    );
    refuses::<CrossEntropy>(
        r#"{"class_weights":[1,-1]}"#,
        "class weights[1]: expected a number of at least 0, found -1",
    );
    refuses::<CrossEntropy>(
        r#"{"class_weights":[]}"#,
        "class weights: expected at least one entry, found none",
    );
    refuses_in_toml::<CrossEntropy<f32>>(
        "class_weights = [nan]",
        "class weights[0]: expected a finite number, found NaN",
    );
    refuses::<CrossEntropy>(
        r#"{"smoothing":0.1}"#,
        "unknown field `smoothing`, expected one of `class_weights`, `ignore_index`, `label_smoothing`",
    );
    refuses::<Reduction>(
        r#""none""#,
        "unknown variant `none`, expected `mean` or `sum`",
    );
}
