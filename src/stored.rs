//! How values are stored, with the feature `serde`: as plain lists under the symbols of the book.
//!
//! What is read passes the checks of the constructors. A value that none of them would give is an
//! error, with the crate's message.
//!
//! ndarray would write a matrix as `{"v": 1, "dim": [2, 1], "data": [0.5, -1.0]}`: its own version
//! and memory, which nobody reads and no other program writes. A list of rows, `[[0.5], [-1.0]]`, is
//! what the array's `Debug` shows and what NumPy's `tolist` gives.

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use ndarray::{Array1, Array2, ArrayView1};
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check;
use crate::classifier::Classifier;
use crate::cross_entropy::Target;
use crate::error;
use crate::float::Float;
use crate::layer::{Gradients, Layer, Logits};
use crate::network::{Activation, Network};
use crate::rows::CrossEntropy;
use crate::softmax::Probabilities;
use crate::standardisation::Standardisation;
use crate::training::Descent;

/// Writes a value in a form, and makes it again of the form that was read.
macro_rules! stored {
    (
        $(#[$doc:meta])*
        [$($a:ident)?] $type:ty,
        |$value:ident| $form:expr,
        |$read:ident: $read_as:ty| $made:expr
    ) => {
        $(#[$doc])*
        impl<$($a: Float + Serialize)?> Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $form.serialize(serializer)
            }
        }

        /// Reads the same form, and refuses what the constructor refuses.
        impl<'de, $($a: Float + Deserialize<'de>)?> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let $read = <$read_as>::deserialize(deserializer)?;
                let made: error::Result<Self> = $made;
                made.map_err(D::Error::custom)
            }
        }
    };
}

stored! {
    /// Writes `{"w": [[…], …], "b": […]}`, with one list in `w` for each input.
    [A] Layer<A>,
    |layer| LayerForm { w: Rows(layer.w()), b: Entries(layer.b().view()) },
    |read: LayerForm<Vec<Vec<A>>, Vec<A>>| {
        matrix(read.w).and_then(|w| Self::new(w, read.b.into()))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Layer", deny_unknown_fields)]
struct LayerForm<W, B> {
    w: W,
    b: B,
}

stored! {
    /// Writes its layer.
    [A] Classifier<A>,
    |classifier| classifier.layer(),
    |read: Layer<A>| Ok(Self::new(read))
}

stored! {
    /// Writes `{"activation": "tanh", "layers": [{"w": …, "b": …}, …]}`.
    [A] Network<A>,
    |network| NetworkForm { activation: network.activation(), layers: network.layers() },
    |read: NetworkForm<Vec<Layer<A>>>| Self::new(read.layers, read.activation)
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Network", deny_unknown_fields)]
struct NetworkForm<L> {
    activation: Activation,
    layers: L,
}

stored! {
    /// Writes `{"w": [[…], …], "b": […], "x": […]}`.
    [A] Gradients<A>,
    |gradients| GradientsForm {
        w: Rows(&gradients.w),
        b: Entries(gradients.b.view()),
        x: Entries(gradients.x.view()),
    },
    |read: GradientsForm<Vec<Vec<A>>, Vec<A>>| read.checked()
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Gradients", deny_unknown_fields)]
struct GradientsForm<W, B> {
    w: W,
    b: B,
    x: B,
}

impl<A: Float> GradientsForm<Vec<Vec<A>>, Vec<A>> {
    /// Gradients have no constructor. These are the checks of what gives them.
    fn checked(self) -> error::Result<Gradients<A>> {
        let (w, b, x) = (matrix(self.w)?, Array1::from(self.b), Array1::from(self.x));
        check::finite("w", &w)?;
        check::shape("b", &[w.ncols()], b.shape())?;
        check::finite("b", &b)?;
        check::shape("x", &[w.nrows()], x.shape())?;
        check::finite("x", &x)?;
        Ok(Gradients { w, b, x })
    }
}

stored! {
    /// Writes a list with one entry for each class.
    [A] Probabilities<A>,
    |y_hat| Entries(y_hat.as_array().view()),
    |read: Vec<A>| Self::new(read.into())
}

stored! {
    /// Writes a list with one entry for each class.
    [A] Target<A>,
    |y| Entries(y.as_array().view()),
    |read: Vec<A>| Self::distribution(read.into())
}

/// Writes a list with one entry for each class. A mask, −∞, is the word `"-inf"` in formats that
/// people read.
impl<A: Float + Serialize> Serialize for Logits<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.as_array().iter().map(|theta_i| Logit(*theta_i)))
    }
}

/// Reads the same form, and refuses what the constructor refuses.
impl<'de, A: Float + Deserialize<'de>> Deserialize<'de> for Logits<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Vec::<Logit<A>>::deserialize(deserializer)?;
        let theta = read.into_iter().map(|Logit(theta_i)| theta_i).collect();
        Self::new(theta).map_err(D::Error::custom)
    }
}

stored! {
    /// Writes `{"mean": […], "deviation": […], "rest": […]}`, each with one entry for each column;
    /// `rest` is what the digits of `mean` leave of the mean.
    [] Standardisation,
    |scale| StandardisationForm {
        mean: Entries(scale.mean.view()),
        deviation: Entries(scale.deviation.view()),
        rest: Entries(scale.rest.view()),
    },
    |read: StandardisationForm<Vec<f64>>| {
        Self::from_parts(read.mean.into(), read.deviation.into(), read.rest.into())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Standardisation", deny_unknown_fields)]
struct StandardisationForm<V> {
    mean: V,
    deviation: V,
    rest: V,
}

stored! {
    /// Writes `{"learning_rate": 0.1, "epochs": 1000, "gradient_norm": 1e-6}`. What is not there
    /// when it is read is that of the default.
    [] Descent,
    |descent| DescentForm {
        learning_rate: descent.learning_rate,
        epochs: descent.epochs,
        gradient_norm: descent.gradient_norm,
    },
    |read: DescentForm| {
        let DescentForm { learning_rate, epochs, gradient_norm } = read;
        let descent = Self { learning_rate, epochs, gradient_norm };
        descent.check().map(|()| descent)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Descent", default, deny_unknown_fields)]
struct DescentForm {
    learning_rate: f64,
    epochs: usize,
    gradient_norm: f64,
}

impl Default for DescentForm {
    fn default() -> Self {
        let Descent {
            learning_rate,
            epochs,
            gradient_norm,
        } = Descent::default();
        Self {
            learning_rate,
            epochs,
            gradient_norm,
        }
    }
}

stored! {
    /// Writes `{"class_weights": […], "ignore_index": 0, "label_smoothing": 0.1}`. What is not there
    /// when it is read is that of [`CrossEntropy::new`].
    [A] CrossEntropy<A>,
    |options| CrossEntropyForm {
        class_weights: options.class_weights.as_ref().map(|weights| Entries(weights.view())),
        ignore_index: options.ignore_index,
        label_smoothing: options.label_smoothing,
    },
    |read: CrossEntropyForm<Vec<A>, A>| {
        let options = Self { ignore_index: read.ignore_index, ..Self::new() };
        let options = options.label_smoothing(read.label_smoothing);
        match read.class_weights {
            Some(weights) => options.and_then(|options| options.class_weights(weights.into())),
            None => options,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "CrossEntropy", deny_unknown_fields)]
struct CrossEntropyForm<V, A> {
    #[serde(default = "none")]
    class_weights: Option<V>,
    #[serde(default)]
    ignore_index: Option<usize>,
    #[serde(default)]
    label_smoothing: A,
}

/// `Option::default` would ask for a default of `V`.
fn none<V>() -> Option<V> {
    None
}

/// A vector, written as a list.
struct Entries<'a, A>(ArrayView1<'a, A>);

impl<A: Serialize> Serialize for Entries<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

/// A matrix, written as a list of its rows.
struct Rows<'a, A>(&'a Array2<A>);

impl<A: Serialize> Serialize for Rows<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows().into_iter().map(Entries))
    }
}

/// The matrix with these rows, as many columns as the first has.
fn matrix<A: Float>(rows: Vec<Vec<A>>) -> error::Result<Array2<A>> {
    let shape = [rows.len(), rows.first().map_or(0, Vec::len)];
    for row in &rows {
        check::shape("a row of w", &shape[1..], &[row.len()])?;
    }
    let mut entries = rows.into_iter().flatten();
    Ok(Array2::from_shape_simple_fn(shape, || {
        entries.next().unwrap_or_default()
    }))
}

/// A logit. JSON has no −∞: it would be written as `null`, as a NaN would, and a mask must not be
/// read where a NaN was written.
struct Logit<A>(A);

const MASK: &str = "-inf";

impl<A: Float + Serialize> Serialize for Logit<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() && self.0 == A::neg_infinity() {
            serializer.serialize_str(MASK)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de, A: Float + Deserialize<'de>> Deserialize<'de> for Logit<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(NumberOrMask(PhantomData))
        } else {
            A::deserialize(deserializer).map(Self)
        }
    }
}

struct NumberOrMask<A>(PhantomData<A>);

impl<A: Float> Visitor<'_> for NumberOrMask<A> {
    type Value = Logit<A>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number or {MASK:?}")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Logit<A>, E> {
        Ok(Logit(A::of(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Logit<A>, E> {
        Ok(Logit(A::of(number as f64)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Logit<A>, E> {
        Ok(Logit(A::of(number as f64)))
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Logit<A>, E> {
        match word {
            MASK => Ok(Logit(A::neg_infinity())),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)),
        }
    }
}
