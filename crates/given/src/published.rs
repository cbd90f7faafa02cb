//! The two runs that the source's author published, as they were printed.

use ndarray::Array1;
use softmax_backprop::{Layer, Result};

/// A run: what it printed, on one line a quantity.
#[derive(Debug)]
pub struct Published {
    /// Which of the two.
    pub name: &'static str,
    /// The weights before the step.
    pub w: &'static str,
    /// The biases before the step; all are equal.
    pub b: f64,
    /// The losses before and after the step.
    pub losses: [&'static str; 2],
    /// The weights after the step.
    pub w_after: &'static str,
    /// The biases after the step.
    pub b_after: &'static str,
    /// The probabilities after the step.
    pub y_hat_after: &'static str,
}

/// Equal weights, and random ones.
pub const RUNS: [Published; 2] = [
    Published {
        name: "first",
        w: "[[0.5 0.5 0.5] [0.5 0.5 0.5]]",
        b: 1.0,
        losses: ["1.9095425", "2.99760217e-15"],
        w_after: "[[-2.16666667 -2.16666667 5.83333333] [-1.83333333 -1.83333333 5.16666667]]",
        b_after: "[0.66666667 0.66666667 1.66666667]",
        y_hat_after: "[3.09335001e-50 3.09335001e-50 1.00000000e+00]",
    },
    Published {
        name: "second",
        w: "[[-0.03010464 -0.48454925 -0.19359648] [-0.48489008 -0.29742846 -0.09327472]]",
        b: 0.0,
        losses: ["0.46077411", "3.02091685e-13"],
        w_after: "[[-1.54217344 -0.63265234 1.46657541] [-1.80795027 -0.42701866 1.35937568]]",
        b_after: "[-0.1890086 -0.01851289 0.20752149]",
        y_hat_after: "[5.56493009e-21 1.50529585e-13 1.00000000e+00]",
    },
];

impl Published {
    /// The layer before the step.
    ///
    /// # Errors
    ///
    /// As [`Layer::new`].
    pub fn layer(&self) -> Result<Layer> {
        let w = numbers(self.w).to_shape((2, 3)).map(|w| w.to_owned());
        Layer::new(w.unwrap_or_default(), Array1::from_elem(3, self.b))
    }

    /// How far numbers are from the printed ones at most, relative to these.
    pub fn gap(&self, found: &Layer, y_hat: &Array1<f64>) -> f64 {
        let found = found.w().iter().chain(found.b()).chain(y_hat);
        let printed = [self.w_after, self.b_after, self.y_hat_after].map(numbers);
        let printed = printed.iter().flatten();
        let gaps = found.zip(printed).map(|(a, b)| (a / b - 1.0).abs());
        gaps.fold(0.0, f64::max)
    }
}

/// The numbers of a printed text, in their order.
pub fn numbers(text: &str) -> Array1<f64> {
    let words = text.split(['[', ']', ' ']);
    words.filter_map(|word| word.parse().ok()).collect()
}

/// Both runs, a row for each quantity.
pub fn table() -> String {
    let row = |quantity: &str, of: fn(&Published) -> &'static str| {
        let [first, second] = RUNS.each_ref().map(of);
        format!("| {quantity} | `{first}` | `{second}` |\n")
    };
    [
        "| quantity | first run | second run |\n|---|---|---|\n".to_owned(),
        row(r"$\mW$ before", |run| run.w),
        row("loss before", |run| run.losses[0]),
        row(r"$\mW$ after", |run| run.w_after),
        row(r"$\vb$ after", |run| run.b_after),
        row("loss after", |run| run.losses[1]),
        row(r"$\vyhat$ after", |run| run.y_hat_after),
    ]
    .concat()
}

#[test]
fn all_that_was_printed_is_read() {
    for run in &RUNS {
        let printed = [run.w, run.w_after, run.b_after, run.y_hat_after].map(numbers);
        assert_eq!(printed.map(|numbers| numbers.len()), [6, 6, 3, 3]);
        assert_eq!(run.losses.map(|loss| numbers(loss).len()), [1, 1]);
        assert!(run.layer().is_ok());
    }
}
