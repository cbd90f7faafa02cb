//! The hidden checks by themselves refuse what the public ones refuse, and accept right answers.
//!
//! The answers are those of the exercises' own test, whose files name the crate `exercises`. Here
//! that name stands for this file, in which each `check` is the hidden one.

extern crate exercises as public;
extern crate self as exercises;

use judge::{hidden as seeded, solutions};

pub use public::Check;

/// A module for each exercise: what its file has, but for the check.
macro_rules! exercises {
    ($($module:ident: $answer:ident, $stub:ident;)*) => {
        $(#[doc = stringify!($module)]
        pub mod $module {
            pub use public::$module::*;

            /// The hidden check.
            pub fn check(found: super::seeded::$answer) -> super::Check {
                // What panics is no right answer either.
                let check = || super::seeded::$module(found, super::SEED);
                let caught = std::panic::catch_unwind(check);
                caught.unwrap_or_else(|_| Err("it panicked".into()))
            }
        })*

        #[test]
        fn solutions_pass_and_stubs_fail_with_any_seed() {
            for seed in 0..50 {
                $(
                    let name = stringify!($module);
                    let solution = seeded::$module(solutions::$module::solution, seed);
                    assert!(solution.is_ok(), "{name}, seed {seed}: {solution:?}");
                    // The same point is given twice, whether it is good or not.
                    let stub = seeded::$module(public::$module::$stub, seed);
                    assert_eq!(stub.is_ok(), name == "test_point", "{name}, seed {seed}");
                )*
            }
        }
    };
}

exercises! {
    logits: Logits, logits;
    jacobian: Jacobian, jacobian;
    gradients: OfLayer, gradients;
    loss: Loss, loss;
    differences: Differences, differences;
    dual: Duals, softmax;
    test_point: TestPoint, test_point;
    batch: OfBatch, gradients;
    standardise: Standardise, standardise;
    hidden: OfHidden, gradients;
    temperature: Temperature, temperature;
    newton: Newton, newton;
    stable: Stable, softmax;
    product: Product, backward;
    confusion: Confusion, confusion;
    halving: Halving, step;
}

/// Any would do.
const SEED: u64 = 3;

#[path = "../../exercises/tests/answers/checks.rs"]
mod checks;
#[path = "../../exercises/tests/answers/layers.rs"]
mod layers;
#[path = "../../exercises/tests/answers/numbers.rs"]
mod numbers;
#[path = "../../exercises/tests/answers/rest.rs"]
mod rest;
#[path = "../../exercises/tests/answers/tables.rs"]
mod tables;
#[path = "../../exercises/tests/answers/training.rs"]
mod training;

/// Each wrong answer, as its mistake, the check of it, and words of the public check's message.
fn each_refused<const N: usize>(exercise: &str, answers: [(&str, Check, &str); N]) {
    // It has no arguments that could be drawn: the public check tells all.
    if exercise == "test_point" {
        return;
    }
    for (mistake, check, _) in answers {
        assert!(check.is_err(), "{exercise}: accepted, {mistake}");
    }
}

/// Each right answer, as its way and the check of it.
fn each_accepted<const N: usize>(exercise: &str, answers: [(&str, Check); N]) {
    for (way, check) in answers {
        assert!(check.is_ok(), "{exercise}: refused, {way}: {check:?}");
    }
}
