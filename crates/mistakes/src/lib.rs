//! Twelve wrong gradients, and the checks that catch them: the code of the book's page
//! *Twelve ways to get it wrong*.
//!
//! Each mistake is a function of a [`Batch`] that differs from [`right`] in one place. The page
//! shows the functions from here, between the anchors.

pub mod checks;
pub mod points;
#[cfg(feature = "tables")]
pub mod tables;

use ndarray::{Array1, Array2, Axis, array};

/// Examples and parameters: all that a loss depends on.
///
/// The shapes must fit together; the functions of this crate panic where they do not.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The inputs, one example a row, shape (examples × inputs).
    pub x: Array2<f64>,
    /// The labels, one example a row, shape (examples × classes). Each row sums to 1.
    pub y: Array2<f64>,
    /// The weights, shape (inputs × classes).
    pub w: Array2<f64>,
    /// The biases, shape (classes).
    pub b: Array1<f64>,
}

/// A loss and what is claimed to be its gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The loss, in nats: the mean over the examples.
    pub loss: f64,
    /// The gradient of the weights; of the shape of `W`, if it is right.
    pub d_w: Array2<f64>,
    /// The gradient of the biases; of the shape of `b`, if it is right.
    pub d_b: Array1<f64>,
}

/// A loss and its gradient under a name.
#[derive(Debug, Clone, Copy)]
pub struct Mistake {
    /// What was done wrong, in a few words.
    pub name: &'static str,
    /// The loss and the gradient with the mistake in them.
    pub outcome: fn(&Batch) -> Outcome,
}

impl Batch {
    /// The number of examples, as the divisor of a mean.
    pub fn examples(&self) -> f64 {
        self.x.nrows() as f64
    }

    /// The logits `Θ = XW + b`, shape (examples × classes).
    pub fn theta(&self) -> Array2<f64> {
        self.x.dot(&self.w) + &self.b
    }

    /// The loss beside the mean gradients that follow from `E = Ŷ − Y`, shape (examples × classes):
    /// `XᵀE / N` for the weights and the mean of the rows of `E` for the biases.
    pub fn outcome(&self, loss: f64, delta: &Array2<f64>) -> Outcome {
        Outcome {
            loss,
            d_w: self.x.t().dot(delta) / self.examples(),
            d_b: delta.sum_axis(Axis(0)) / self.examples(),
        }
    }
}

/// Softmax along an axis: `Axis(1)`, the classes, is right.
pub fn softmax(theta: &Array2<f64>, axis: Axis) -> Array2<f64> {
    let largest = theta.fold(f64::NEG_INFINITY, |largest, &entry| entry.max(largest));
    let exps = (theta - largest).mapv(f64::exp);
    let sums = exps.sum_axis(axis).insert_axis(axis);
    exps / sums
}

/// The mean cross-entropy of the rows, in nats.
pub fn cross_entropy(y: &Array2<f64>, y_hat: &Array2<f64>) -> f64 {
    -(y * &y_hat.mapv(f64::ln)).sum() / y.nrows() as f64
}

// ANCHOR: right
/// The right loss and the right gradients.
pub fn right(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &y_hat - &batch.y;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: right

// ANCHOR: dropped_delta
/// The Jacobian of softmax without Kronecker's delta: `−ŷᵢŷⱼ` for `i = j`, too.
pub fn dropped_delta(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let d_y_hat = -&batch.y / &y_hat;
    let inner = (&d_y_hat * &y_hat).sum_axis(Axis(1)).insert_axis(Axis(1));
    let delta = -inner * &y_hat; // lacks the term d_y_hat * y_hat
    batch.outcome(loss, &delta)
}
// ANCHOR_END: dropped_delta

// ANCHOR: diagonal_only
/// The diagonal of softmax's Jacobian, as if a probability knew its own logit only.
pub fn diagonal_only(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let d_y_hat = -&batch.y / &y_hat;
    let delta = d_y_hat * &y_hat * (1.0 - &y_hat);
    batch.outcome(loss, &delta)
}
// ANCHOR_END: diagonal_only

// ANCHOR: sign_flipped
/// `y − ŷ` in place of `ŷ − y`.
pub fn sign_flipped(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &batch.y - &y_hat;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: sign_flipped

// ANCHOR: transposed
/// The gradient of the weights with rows and columns exchanged.
pub fn transposed(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &y_hat - &batch.y;
    let d_w = delta.t().dot(&batch.x) / batch.examples();
    Outcome {
        d_w,
        ..batch.outcome(loss, &delta)
    }
}
// ANCHOR_END: transposed

// ANCHOR: scalar_bias
/// One number for all biases: the sum has run over the classes, too.
pub fn scalar_bias(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &y_hat - &batch.y;
    let d_b = array![delta.sum() / batch.examples()];
    Outcome {
        d_b,
        ..batch.outcome(loss, &delta)
    }
}
// ANCHOR_END: scalar_bias

// ANCHOR: wrong_axis
/// Softmax along the examples, so that the columns sum to 1 and not the rows.
pub fn wrong_axis(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(0));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &y_hat - &batch.y;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: wrong_axis

// ANCHOR: mean_twice
/// The mean over the examples taken in `Δ`, and once more in the gradient.
pub fn mean_twice(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = (&y_hat - &batch.y) / batch.examples();
    batch.outcome(loss, &delta)
}
// ANCHOR_END: mean_twice

// ANCHOR: mean_never
/// The loss is a mean, its gradient a sum.
pub fn mean_never(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &y_hat - &batch.y;
    let d_w = batch.x.t().dot(&delta);
    let d_b = delta.sum_axis(Axis(0));
    Outcome { loss, d_w, d_b }
}
// ANCHOR_END: mean_never

// ANCHOR: softmax_twice
/// Softmax of the probabilities, by a loss that expects logits.
pub fn softmax_twice(batch: &Batch) -> Outcome {
    let once = softmax(&batch.theta(), Axis(1));
    let y_hat = softmax(&once, Axis(1));
    let loss = cross_entropy(&batch.y, &y_hat);
    let delta = &y_hat - &batch.y;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: softmax_twice

// ANCHOR: binary_loss
/// Binary cross-entropy, class by class, with the other cross-entropy's gradient.
pub fn binary_loss(batch: &Batch) -> Outcome {
    let y_hat = softmax(&batch.theta(), Axis(1));
    let others = cross_entropy(&(1.0 - &batch.y), &(1.0 - &y_hat));
    let loss = cross_entropy(&batch.y, &y_hat) + others;
    let delta = &y_hat - &batch.y;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: binary_loss

// ANCHOR: forgotten_maximum
/// The maximum is subtracted before the exponentials, and never added again.
pub fn forgotten_maximum(batch: &Batch) -> Outcome {
    let theta = batch.theta();
    let largest = theta.fold_axis(Axis(1), f64::MIN, |m, entry| m.max(*entry));
    let exps = (&theta - &largest.insert_axis(Axis(1))).mapv(f64::exp);
    let sums = exps.sum_axis(Axis(1));
    let losses = sums.mapv(f64::ln) - (&batch.y * &theta).sum_axis(Axis(1));
    let loss = losses.sum() / batch.examples(); // lacks the mean of `largest`
    let delta = exps / sums.insert_axis(Axis(1)) - &batch.y;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: forgotten_maximum

// ANCHOR: label_off_by_one
/// Classes counted from 1 where labels count from 0: each label moves on by one.
pub fn label_off_by_one(batch: &Batch) -> Outcome {
    let classes = batch.y.ncols();
    let y = Array2::from_shape_fn(batch.y.dim(), |(n, k)| {
        batch.y[[n, (k + classes - 1) % classes]]
    });
    let y_hat = softmax(&batch.theta(), Axis(1));
    let loss = cross_entropy(&y, &y_hat);
    let delta = &y_hat - &y;
    batch.outcome(loss, &delta)
}
// ANCHOR_END: label_off_by_one

/// The right loss and gradient, for which no check may raise an alarm.
pub const RIGHT: Mistake = Mistake {
    name: "none",
    outcome: right,
};

/// The twelve mistakes, in the order of the page.
pub const ALL: [Mistake; 12] = [
    Mistake {
        name: "Kronecker's delta dropped",
        outcome: dropped_delta,
    },
    Mistake {
        name: "diagonal only",
        outcome: diagonal_only,
    },
    Mistake {
        name: "sign flipped",
        outcome: sign_flipped,
    },
    Mistake {
        name: "weights transposed",
        outcome: transposed,
    },
    Mistake {
        name: "one number for all biases",
        outcome: scalar_bias,
    },
    Mistake {
        name: "softmax along the examples",
        outcome: wrong_axis,
    },
    Mistake {
        name: "mean taken twice",
        outcome: mean_twice,
    },
    Mistake {
        name: "mean never taken",
        outcome: mean_never,
    },
    Mistake {
        name: "softmax twice",
        outcome: softmax_twice,
    },
    Mistake {
        name: "binary loss",
        outcome: binary_loss,
    },
    Mistake {
        name: "maximum forgotten",
        outcome: forgotten_maximum,
    },
    Mistake {
        name: "label off by one",
        outcome: label_off_by_one,
    },
];
