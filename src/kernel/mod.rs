//! What is there for speed alone: the pass over a batch, and softmax of rows, in loops that the
//! compiler turns into vector instructions and in blocks that stay in the cache.
//!
//! The mathematics is that of the stations, [`mod@crate::softmax`], [`mod@crate::cross_entropy`] and
//! [`crate::layer`], which stand beside their formulas; property tests hold the two together.
//!
//! All matrices are row by row in one slice.

mod exponentials;
mod pass;
mod product;
mod rows;
#[cfg(feature = "threads")]
mod threads;

pub use pass::{Labels, NotFinite, Pass, Predict, Scratch};
pub use product::TransposedProduct;
pub use rows::{CrossEntropy, Fault, Softmax};

use crate::float::Float;

/// What the kernel does with one kind of numbers.
///
/// These are functions of each kind, not generic ones, so that they are compiled with this crate and
/// its optimisation, whatever that of the program is.
pub trait Kernel: Sized {
    /// Runs a pass forward and backward; returns the mean loss.
    fn pass(pass: Pass<'_, Self>) -> Result<Self, NotFinite<Self>>;

    /// Runs forward, to the probabilities.
    fn predict(predict: Predict<'_, Self>) -> Result<(), NotFinite<Self>>;

    /// Softmax, or its logarithm, of each row.
    fn softmax(softmax: Softmax<'_, Self>) -> Result<(), Fault>;

    /// The losses of rows of logits, and their gradients.
    fn cross_entropy(cross_entropy: CrossEntropy<'_, Self>) -> Result<(), Fault>;

    /// Adds `XᵀZ` to a matrix.
    fn add_transposed_product(product: TransposedProduct<'_, Self>);

    /// Whether all of some numbers are finite.
    fn all_finite(numbers: &[Self]) -> bool;
}

macro_rules! kernel {
    ($float:ident) => {
        impl Kernel for $float {
            fn pass(pass: Pass<'_, Self>) -> Result<Self, NotFinite<Self>> {
                threads::pass::<Self>(pass)
            }

            fn predict(predict: Predict<'_, Self>) -> Result<(), NotFinite<Self>> {
                threads::predict::<Self>(predict)
            }

            fn softmax(softmax: Softmax<'_, Self>) -> Result<(), Fault> {
                threads::softmax::<Self>(softmax)
            }

            fn cross_entropy(cross_entropy: CrossEntropy<'_, Self>) -> Result<(), Fault> {
                threads::cross_entropy::<Self>(cross_entropy)
            }

            fn add_transposed_product(product: TransposedProduct<'_, Self>) {
                dispatch::<Self, _>(product);
            }

            fn all_finite(numbers: &[Self]) -> bool {
                exponentials::maximum(numbers).1
            }
        }
    };
}

/// Without them all is done by one.
#[cfg(not(feature = "threads"))]
mod threads {
    use super::{CrossEntropy, Float, Pass, Predict, Softmax, Work, dispatch};

    macro_rules! by_one {
        ($name:ident, $work:ident) => {
            pub(super) fn $name<A: Float>(work: $work<'_, A>) -> <$work<'_, A> as Work>::Output {
                dispatch::<A, _>(work)
            }
        };
    }

    by_one!(pass, Pass);
    by_one!(predict, Predict);
    by_one!(softmax, Softmax);
    by_one!(cross_entropy, CrossEntropy);
}

kernel!(f64);
kernel!(f32);

/// Work whose loops are compiled for each kind of vector instructions.
trait Work {
    /// What it gives back.
    type Output;

    /// Does it. `FUSED` says that the processor multiplies and adds in one instruction, `TILE`
    /// how many columns of a product are summed at once, and `WIDE` how many where there are more.
    fn run<const FUSED: bool, const TILE: usize, const WIDE: usize>(self) -> Self::Output;
}

/// Does the work with the widest vectors that this processor has.
#[cfg(feature = "simd")]
fn dispatch<A: Float, W: Work>(work: W) -> W::Output {
    struct Of<A, W>(W, core::marker::PhantomData<A>);

    impl<A: Float, W: Work> pulp::WithSimd for Of<A, W> {
        type Output = W::Output;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> W::Output {
            match (S::F64_LANES, size_of::<A>()) {
                (8, 8) => self.0.run::<true, 16, 32>(),
                (8, _) => self.0.run::<true, 32, 64>(),
                (4, 8) => self.0.run::<true, 8, 8>(),
                (4, _) => self.0.run::<true, 16, 16>(),
                _ => without_dispatch::<A, W>(self.0),
            }
        }
    }

    pulp::Arch::new().dispatch(Of(work, core::marker::PhantomData::<A>))
}

/// Does the work with the vectors that all processors of this kind have.
#[cfg(not(feature = "simd"))]
fn dispatch<A: Float, W: Work>(work: W) -> W::Output {
    without_dispatch::<A, W>(work)
}

#[inline(always)]
fn without_dispatch<A: Float, W: Work>(work: W) -> W::Output {
    const FUSED: bool = cfg!(any(target_feature = "fma", target_arch = "aarch64"));
    match size_of::<A>() {
        8 => work.run::<FUSED, 4, 4>(),
        _ => work.run::<FUSED, 8, 8>(),
    }
}
