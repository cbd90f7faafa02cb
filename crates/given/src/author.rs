//! The run that the source's author published: equal weights, one example, one step.

use std::sync::LazyLock;

use crate::example::Values;
use crate::not_given::NotGiven;
use crate::points::Points;

static AUTHOR: LazyLock<Result<Values, NotGiven>> =
    LazyLock::new(|| Values::at(&Points::read()?.author));

/// The author's run, before its step.
///
/// # Errors
///
/// Where `book/symbols.toml` does not hold its numbers.
pub fn author() -> Result<&'static Values, &'static NotGiven> {
    AUTHOR.as_ref()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, array};
    use softmax_backprop::{Layer, Target};

    use crate::given;

    #[test]
    fn the_numbers_are_those_that_were_published() {
        given!(author: layer, x, y, loss);
        let half = Array2::from_elem((2, 3), 0.5);
        assert_eq!(layer, Layer::new(half, Array1::ones(3)).unwrap());
        assert_eq!(x, array![8.0, 7.0]);
        assert_eq!(y, Target::one_hot(2, 3).unwrap());
        assert!((loss - 3_f64.ln()).abs() < 1e-15);
    }
}
