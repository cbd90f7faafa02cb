#![doc = include_str!("../README.md")]

pub mod alike;
pub mod answers;
mod author;
pub mod corners;
pub mod descents;
pub mod differences;
mod example;
pub mod flat;
mod formulas;
mod four;
pub mod generic;
pub mod graphs;
pub mod halfway;
mod hidden;
pub mod measured;
mod not_given;
mod notation;
pub mod peers;
pub mod penguins;
mod points;
pub mod published;
pub mod routes;
pub mod rungs;
pub mod softer;
pub mod spirals;
mod tables;

pub use author::author;
pub use example::{Values, example};
pub use formulas::{equations, numbers};
pub use four::{Four, four};
pub use hidden::{Hidden, hidden};
pub use not_given::NotGiven;
pub use notation::{kronecker, sigma};
pub use penguins::{Penguins, penguins};
pub use spirals::{Spirals, spirals};
pub use tables::{notation_table, structure_table};

// What the pages name: a cell says `use given::*;`, or `use given::{*, println};` where it prints,
// since a glob alone leaves open which `println!` is meant.
pub use mdbook_cells::{cell, chain, check, claim, println, tex};
pub use ndarray::{Array1, Array2, Array3, ArrayRef1, Axis, array, concatenate, s};
pub use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
pub use softmax_backprop::batch::{Batch, Pass, classify, predict};
pub use softmax_backprop::cross_entropy::{d_theta, d_y_hat};
pub use softmax_backprop::curvature::{hessian, largest_eigenvalue, newton};
pub use softmax_backprop::dataset::{Dataset, Standardisation};
pub use softmax_backprop::network::{Activation, Network};
pub use softmax_backprop::softmax::{jacobian, vector_jacobian_product};
pub use softmax_backprop::training::{Descent, descend};
pub use softmax_backprop::{
    Classifier, Error, Forward, Gradients, Layer, Logits, Probabilities, Target,
    central_differences, cross_entropy, cross_entropy_from_logits, gradient_check, log_softmax,
    softmax,
};

/// The result of a function of `softmax-backprop`, or of any other where the error is named.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Binds what a cell needs, by the book's names: `given!(layer, x, y_hat);`.
///
/// Any names, in any order. Before them may stand which example they are of:
/// `given!(author: layer, x);`. Without, it is the worked example.
///
/// ```
/// use given::given;
///
/// given!(y, y_hat, delta);
/// given!(author: x);
/// assert!((delta[1] - (y_hat[1] - y[1])).abs() < 1e-15);
/// assert_eq!(x[0], 8.0);
/// ```
///
/// A name that is not given does not compile:
///
/// ```compile_fail,E0609
/// given::given!(x, eta); // no field `eta` on type `&Values`
/// ```
///
/// # Panics
///
/// Where the numbers cannot be read: a cell with others would print what is not so.
#[macro_export]
macro_rules! given {
    ($example:ident: $($name:ident),+ $(,)?) => {
        let ($($name,)+) = match $crate::$example() {
            ::core::result::Result::Ok(values) => {
                ($(::core::clone::Clone::clone(&values.$name),)+)
            }
            ::core::result::Result::Err(error) => ::core::panic!("given!: {}", error),
        };
    };
    ($($name:ident),+ $(,)?) => {
        $crate::given!(example: $($name),+);
    };
}
