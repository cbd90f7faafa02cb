//! Softmax, cross-entropy and their gradients.
//!
//! The crate is the mathematics of a softmax classifier, one module a station,
//! in the order in which the data passes them:
//!
//! | station | module | forward | backward |
//! |---|---|---|---|
//! | parameters | [`layer`] | `θ = Wᵀx + b` | `∇W = x δᵀ`, `∇b = δ`, `∇x = W δ` |
//! | probabilities | [`mod@softmax`] | `ŷ = softmax(θ)` | `diag(ŷ) − ŷŷᵀ` |
//! | loss | [`mod@cross_entropy`] | `J = −Σ yᵢ log ŷᵢ` | `δ = ∇θ = ŷ − y` |
//! | the whole | [`classifier`] | every value | every gradient, and the descent step |
//! | many examples | [`batch`] | `Θ = XW + 1bᵀ`, the mean loss | `Δ = (Ŷ − Y)/N`, `∇W = XᵀΔ` |
//! | rows, lanes | [`rows`], [`lanes`] | the same for logits from anywhere | `ŷ − y`, with weights and masks |
//! | several layers | [`network`] | `z`, `a = φ(z)` | `δ₁ = φ′(z) ⊙ Wδ₂` |
//! | data | [`dataset`] | from a file to a batch | |
//! | descent | [`training`] | | step after step |
//! | descent | [`mod@lbfgs`] | | steps that learn the curvature |
//! | second derivatives | [`curvature`] | | the Hessian, Newton's method |
//! | witness | [`mod@gradient_check`] | | the same gradients by central differences |
//! | witness | [`autodiff`] | values with derivatives | the tape, read backwards |
//!
//! `∇W` is the gradient of the loss by `W`, in the shape of `W`.
//! `W` has one row for each input and one column for each class. Logarithms are natural:
//! a loss is in nats. Any number of inputs and of classes will do, from one upwards.
//!
//! # The whole way
//!
//! ```
//! use ndarray::array;
//! use softmax_backprop::{Classifier, Layer, Target};
//!
//! let w = array![[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]];
//! let b = array![0.1, -0.2, 0.3];
//! let classifier = Classifier::new(Layer::new(w, b)?);
//!
//! let x = array![0.6, -1.1];
//! let y = Target::one_hot(1, 3)?;
//!
//! let forward = classifier.forward(&x, &y)?; // x → θ → ŷ → J
//! let gradients = classifier.backward(&forward)?; // J → ∇W, ∇b, ∇x
//! let stepped = classifier.step(&gradients, 0.5)?; // W − η ∇W, b − η ∇b
//!
//! assert!(stepped.forward(&x, &y)?.loss < forward.loss);
//! # Ok::<(), softmax_backprop::Error>(())
//! ```
//!
//! # Features
//!
//! | feature | what for |
//! |---|---|
//! | `std` | logarithms and roots of the system; without it the crate needs no operating system |
//! | `libm` | logarithms and roots without a system, from the crate of this name |
//! | `csv` | [`dataset`]: data from files |
//! | `rand` | random weights, minibatches, splits |
//! | `simd` | the widest vectors of the processor at hand |
//! | `threads` | large batches by all threads of `rayon`'s pool: the same bits, whatever their number |
//! | `serde` | layers, networks and options to be stored and read |
//!
//! All but `libm`, `threads` and `serde` are on where nothing is said. One of `std` and `libm` must be.
//!
//! # Stored values
//!
//! With the feature `serde` a network is written under the symbols of the book, each matrix as a list
//! of its rows. In JSON:
//!
//! ```json
//! {"activation": "tanh", "layers": [{"w": [[0.5, -1.0]], "b": [0.0, 0.25]}]}
//! ```
//!
//! What is read passes the checks of the constructors: a NaN, a shape that does not fit or
//! probabilities that do not sum to 1 are errors with the message of [`Error`]. Each number comes
//! back to its last bit where the format keeps it; `serde_json` does with its feature
//! `float_roundtrip`.
//!
//! # Errors
//!
//! Every constructor checks its own value, and a function that meets two values checks that
//! they fit. What is wrong comes back as an [`Error`] that names it. Nothing panics but an index
//! past the end, as in the standard library.
//!
//! # Derivation
//!
//! Each formula is derived, and each step of its derivation executed, in the book
//! *Softmax, back-propagated*, which lives in the same repository.
//!
// Without the module its links lead to the feature that it needs.
#![cfg_attr(feature = "csv", doc = "[`dataset`]: crate::dataset")]
#![cfg_attr(not(feature = "csv"), doc = "[`dataset`]: #features")]
// On docs.rs an item names the feature that it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("softmax-backprop: expected the feature std or libm, found neither");

pub mod autodiff;
pub mod batch;
mod check;
pub mod classifier;
pub mod cross_entropy;
pub mod curvature;
#[cfg(feature = "csv")]
pub mod dataset;
mod decomposition;
pub mod error;
pub mod float;
pub mod gradient_check;
mod kernel;
pub mod lanes;
pub mod layer;
pub mod lbfgs;
pub mod network;
pub mod rows;
pub mod softmax;
pub mod standardisation;
#[cfg(feature = "serde")]
mod stored;
pub mod training;
mod vector;

/// The arrays that the crate takes and gives.
pub use ndarray;
#[cfg(feature = "rand")]
/// The source of random numbers that it asks for.
pub use rand;

pub use classifier::{Classifier, Forward};
pub use cross_entropy::{Target, cross_entropy, cross_entropy_from_logits};
pub use error::{Error, Result};
pub use float::Float;
pub use gradient_check::{central_differences, gradient_check};
pub use layer::{Gradients, Layer, Logits};
pub use softmax::{Probabilities, log_softmax, softmax};

/// The README's examples are doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
