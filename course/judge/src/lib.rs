//! Tries the answer to an exercise, which runs in a process of its own.
//!
//! The checks are those of the book, and [`hidden`]; both call the answer through [`remote`]. What
//! is expected is known here alone: the answer's process is sent arguments, and sends results.

use exercises::Check;

pub mod hidden;
pub mod remote;

/// A solution of each exercise.
#[path = "../../exercises/src/solutions/mod.rs"]
#[allow(missing_docs, reason = "the book shows them as they are")]
pub mod solutions;

/// For each exercise its public check, then its hidden one.
macro_rules! judge {
    ($exercise:ident, $seed:ident: $($module:ident)*) => {
        match $exercise {
            $(stringify!($module) => Some(
                exercises::$module::check(remote::$module)
                    .and_then(|()| hidden::$module(remote::$module, $seed)),
            ),)*
            _ => None,
        }
    };
}

/// What the checks find of the answer at the other end; nothing where no exercise has the name.
///
/// What they find is worth nothing if [`remote::broken`] says why the answer did not come.
pub fn judge(exercise: &str, seed: u64) -> Option<Check> {
    judge!(exercise, seed:
        logits jacobian gradients loss differences dual test_point batch
        standardise hidden temperature newton stable product confusion halving)
}
