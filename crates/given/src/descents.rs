//! What the pages *The shape of the loss* and *How fast to descend* compute.

use std::f64::consts::TAU;

use ndarray::{Array1, Array2, Axis as Dimension, array};
use plots::{Axis, Figure};
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::{hessian, largest_eigenvalue, newton};
use softmax_backprop::dataset::Standardisation;
use softmax_backprop::{Layer, Result};

use crate::flat::{layer_at, loss_and_gradient};
use crate::penguins;

/// Weights and biases of the author's run, before its step.
fn start() -> Array1<f64> {
    array![0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0]
}

/// Examples with inputs of the size of the author's run: four that lines separate, or five, of
/// which the last contradicts the first.
///
/// # Errors
///
/// As [`Batch::of_classes`].
pub fn examples(count: usize) -> Result<Batch> {
    let x = array![[8.0, 7.0], [7.0, 8.0], [6.0, 7.0], [8.0, 6.0], [8.0, 7.0]];
    let rows: Vec<usize> = (0..count).collect();
    let classes = [2, 0, 2, 1, 0][..count].to_vec();
    Batch::of_classes(x.select(Dimension(0), &rows), classes, 3)
}

/// The bound (15.7) on the curvature.
pub fn bound(x: &Array2<f64>) -> f64 {
    0.5 * (x.mapv(|x| x * x).sum() / x.nrows() as f64 + 1.0)
}

/// The losses of a descent on the first `count` examples, from the weights of the author's run.
///
/// # Errors
///
/// As [`Pass::new`].
pub fn losses(count: usize, eta: f64, steps: usize) -> Result<Vec<f64>> {
    let batch = examples(count)?;
    let mut p = start();
    let mut losses = Vec::new();
    for _ in 0..=steps {
        let (loss, g) = loss_and_gradient(&p, &batch)?;
        losses.push(loss);
        p = p - eta * g;
    }
    Ok(losses)
}

fn numbered(losses: &[f64]) -> Vec<(f64, f64)> {
    losses
        .iter()
        .enumerate()
        .map(|(n, loss)| (n as f64, *loss))
        .collect()
}

/// Descent in a valley, `u` over the steps, at three learning rates: (15.1).
pub fn valley() -> Figure {
    let steps = |factor: f64| {
        let distances = (0..=8).map(|n| factor.powi(n));
        numbered(&distances.collect::<Vec<_>>())
    };
    Figure::new(
        "curvature-valley",
        "Descent in a valley at three learning rates",
        "The distance from the bottom over eight steps, from 1. At a half of 1/λ it falls towards 0 \
         on one side. At one and a half it changes sides with each step and becomes smaller. At \
         2.1 it changes sides and grows to more than 2.",
        Axis::linear("step"),
        Axis::linear("distance u").from_to(-2.5, 2.5),
    )
    .line("η = 0.5/λ", &steps(0.5))
    .line("η = 1.5/λ", &steps(-0.5))
    .line("η = 2.1/λ", &steps(-1.1))
}

/// The first steps of the descents, before the last bits of `exp` can be seen.
///
/// # Errors
///
/// As [`losses`].
pub fn leaps() -> Result<Figure> {
    let safe = 1.0 / bound(examples(4)?.x());
    let figure = Figure::new(
        "curvature-leaps",
        "The loss over the first steps of three descents",
        "The loss over sixty steps. Two curves, of learning rate 1, leap up and down between 5 and \
         55, for the four separable examples as for the five others. The third, of a safe rate, \
         falls slowly from 1.1 and stays near the bottom.",
        Axis::linear("step"),
        Axis::linear("loss J in nats").from_to(0.0, 60.0),
    );
    Ok(figure
        .line("four, η = 1", &numbered(&losses(4, 1.0, 60)?))
        .line("five, η = 1", &numbered(&losses(5, 1.0, 60)?))
        .line("four, η = 1/L", &numbered(&losses(4, safe, 60)?)))
}

/// The loss of the four examples along their first descent direction; the point 48 is at `2/L`.
///
/// # Errors
///
/// As [`losses`] and [`largest_eigenvalue`].
pub fn along() -> Result<(Vec<(f64, f64)>, Figure)> {
    let (batch, start) = (examples(4)?, start());
    let limit = 2.0 / largest_eigenvalue(&hessian(&layer_at(&start)?, &batch)?)?;
    let (_, g) = loss_and_gradient(&start, &batch)?;
    let mut points = Vec::new();
    for i in 0..=60 {
        let eta = limit * f64::from(i) / 48.0;
        points.push((eta, loss_and_gradient(&(&start - eta * &g), &batch)?.0));
    }
    let low = points.iter().fold(f64::INFINITY, |low, p| low.min(p.1));
    let high = points.iter().fold(0.0, |high: f64, p| high.max(p.1));
    let figure = Figure::new(
        "loss-along-descent",
        "The loss along the descent direction",
        "The loss over the learning rate, with a dashed vertical line at 2/L. It falls, and rises \
         again; at the dashed line it is a little above its start.",
        Axis::linear("learning rate η"),
        Axis::linear("loss J in nats"),
    )
    .line("loss", &points)
    .dashed("2/L", &[(limit, low), (limit, high)]);
    Ok((points, figure))
}

/// A descent on all penguins at the rate `1/L`, with the bound (15.7) for `L`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Birds {
    /// The condition number of the mean of the inputs' table, with the 1.
    pub condition: f64,
    /// The bound (15.7).
    pub bound: f64,
    /// The largest curvature at the start.
    pub curvature: f64,
    /// The losses of 1,000 steps.
    pub losses: Vec<f64>,
}

/// The loss of the birds over two weights, those from both measurements to the first species; the
/// others stay at the minimum.
pub struct TwoWeights {
    batch: Batch,
    bottom: Layer,
}

/// The classifier of smallest loss of all birds, for standardised inputs or for the raw ones.
///
/// # Errors
///
/// Where the birds cannot be read, or have no minimum.
pub fn two_weights(
    standardised: bool,
) -> std::result::Result<TwoWeights, Box<dyn std::error::Error>> {
    let data = &penguins()?.data;
    let scale = Standardisation::of(&data.x)?;
    let batch = Batch::of_classes(scale.apply(&data.x)?, data.labels.clone(), 3)?;
    let zero = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
    let bottom = newton(&zero, &batch, 1e-9)?.layer;
    if standardised {
        return Ok(TwoWeights { batch, bottom });
    }
    // For raw inputs a weight is divided by the deviation, and the bias makes up for the mean.
    let w = bottom.w() / &scale.deviation.view().insert_axis(Dimension(1));
    let b = bottom.b() - &w.t().dot(&scale.mean);
    Ok(TwoWeights {
        batch: Batch::of_classes(data.x.clone(), data.labels.clone(), 3)?,
        bottom: Layer::new(w, b)?,
    })
}

impl TwoWeights {
    fn end(&self) -> (f64, f64) {
        (self.bottom.w()[[0, 0]], self.bottom.w()[[1, 0]])
    }

    fn pass(&self, (length, depth): (f64, f64)) -> Result<Pass> {
        let mut w = self.bottom.w().clone();
        (w[[0, 0]], w[[1, 0]]) = (length, depth);
        Pass::new(&Layer::new(w, self.bottom.b().clone())?, &self.batch)
    }

    /// The second derivatives by the two weights, at the bottom.
    fn curvature(&self) -> Result<Array2<f64>> {
        let all = hessian(&self.bottom, &self.batch)?;
        Ok(all
            .select(Dimension(0), &[0, 1])
            .select(Dimension(1), &[0, 1]))
    }

    /// The points where the loss is so much above the bottom.
    fn level(&self, above: f64) -> Result<Vec<(f64, f64)>> {
        let (end, curvature) = (self.end(), self.curvature()?);
        let [length, depth] = [0, 1].map(|i| 1.0 / curvature[[i, i]].sqrt());
        let loss = self.pass(end)?.loss() + above;
        let mut line = Vec::new();
        for angle in 0..=180 {
            let (sin, cos) = (f64::from(angle) * TAU / 180.0).sin_cos();
            let ray = (length * cos, depth * sin);
            // The loss rises from the bottom along every ray, so that a level is met once.
            let at = |r: f64| (end.0 + r * ray.0, end.1 + r * ray.1);
            let mut r = 1.0;
            while self.pass(at(r))?.loss() < loss {
                r *= 2.0;
            }
            // It is convex: from above, Newton's steps come down to the level and never below.
            for _ in 0..20 {
                let pass = self.pass(at(r))?;
                let slope = ray.0 * pass.d_w()[[0, 0]] + ray.1 * pass.d_w()[[1, 0]];
                let step = (pass.loss() - loss) / slope;
                r -= step;
                if step < 1e-9 * r {
                    break;
                }
            }
            line.push(at(r));
        }
        Ok(line)
    }

    /// The way of descent from 0 in these two weights, at the safe rate, `1/L` with (15.7) for
    /// `L`, and how far the loss is above the bottom.
    ///
    /// # Errors
    ///
    /// As [`Pass::new`].
    pub fn descent(&self, steps: usize) -> Result<Vec<((f64, f64), f64)>> {
        let lowest = self.pass(self.end())?.loss();
        let rate = 1.0 / bound(self.batch.x());
        let (mut here, mut way) = ((0.0, 0.0), Vec::new());
        for _ in 0..=steps {
            let pass = self.pass(here)?;
            way.push((here, pass.loss() - lowest));
            here.0 -= rate * pass.d_w()[[0, 0]];
            here.1 -= rate * pass.d_w()[[1, 0]];
        }
        Ok(way)
    }

    /// Lines of equal loss, and the way of descent.
    ///
    /// # Errors
    ///
    /// As [`TwoWeights::descent`].
    pub fn figure(&self, id: &str, title: &str, description: &str, steps: usize) -> Result<Figure> {
        let x = Axis::linear("weight of the length");
        let y = Axis::linear("weight of the depth");
        let mut figure = Figure::new(id, title, description, x, y);
        for (label, above) in [("equal loss", 0.005), ("", 0.02), ("", 0.05)] {
            figure = figure.dashed(label, &self.level(above)?);
        }
        let way: Vec<(f64, f64)> = self.descent(steps)?.into_iter().map(|(at, _)| at).collect();
        Ok(figure
            .line("descent", &way)
            .points("minimum", &[self.end()]))
    }
}

/// The penguins as they are, or standardised.
///
/// # Errors
///
/// Where they cannot be read.
pub fn birds(standardised: bool) -> std::result::Result<Birds, Box<dyn std::error::Error>> {
    let data = &penguins()?.data;
    let x = match standardised {
        true => Standardisation::of(&data.x)?.apply(&data.x)?,
        false => data.x.clone(),
    };
    let with_1 = ndarray::concatenate![Dimension(1), x, Array2::ones((x.nrows(), 1))];
    let mean = with_1.t().dot(&with_1) / x.nrows() as f64;
    let largest = largest_eigenvalue(&mean)?;
    let smallest = largest - largest_eigenvalue(&(Array2::eye(3) * largest - &mean))?;

    let batch = Batch::of_classes(x, data.labels.clone(), 3)?;
    let mut layer = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
    let curvature = largest_eigenvalue(&hessian(&layer, &batch)?)?;
    let bound = bound(batch.x());
    let mut losses = Vec::new();
    for _ in 0..=1000 {
        let pass = Pass::new(&layer, &batch)?;
        losses.push(pass.loss());
        let (w, b) = (pass.d_w() / bound, pass.d_b() / bound);
        layer = Layer::new(layer.w() - &w, layer.b() - &b)?;
    }
    Ok(Birds {
        condition: largest / smallest,
        bound,
        curvature,
        losses,
    })
}

/// Both descents on the penguins.
pub fn slow(raw: &Birds, standardised: &Birds) -> Figure {
    let from_one = |losses: &[f64]| numbered(losses).split_off(1);
    Figure::new(
        "curvature-penguins",
        "Descent on the penguins, raw and standardised",
        "Both axes logarithmic, 1,000 steps at the rate 1/L. The loss of the standardised inputs \
         is below 0.3 after ten steps and below 0.1 in the end; that of the raw ones is still \
         above 0.4.",
        Axis::logarithmic("step"),
        Axis::logarithmic("loss J in nats").from_to(0.05, 2.0),
    )
    .line("raw, in mm", &from_one(&raw.losses))
    .line("standardised", &from_one(&standardised.losses))
}

/// Eight points with three classes that no lines separate.
///
/// # Errors
///
/// As [`Batch::of_classes`].
pub fn mixed() -> Result<Batch> {
    let x = array![
        [0.0, 0.0],
        [1.0, 0.0],
        [0.0, 1.0],
        [1.0, 1.0],
        [-1.0, 0.0],
        [0.0, -1.0],
        [0.5, 0.2],
        [-0.3, 0.4]
    ];
    Batch::of_classes(x, vec![0, 1, 2, 0, 1, 2, 2, 0], 3)
}

/// How many steps at `1/L` it takes on [`mixed`], from 0, until the gradient is as short as `end`.
///
/// # Errors
///
/// As [`Pass::new`].
pub fn steps_to_the_bottom(end: f64) -> Result<usize> {
    let batch = mixed()?;
    let rate = 1.0 / bound(batch.x());
    let (mut p, mut steps) = (Array1::zeros(9), 0);
    loop {
        let (_, g) = loss_and_gradient(&p, &batch)?;
        if g.dot(&g).sqrt() <= end {
            return Ok(steps);
        }
        (p, steps) = (p - rate * g, steps + 1);
    }
}

/// The rank of a symmetric matrix without an eigenvalue below 0: takes out row and column of the
/// largest diagonal entry, until nothing is left.
pub fn rank(mut h: Array2<f64>) -> usize {
    let all = h.nrows();
    for rank in 0..all {
        let p = (0..all).fold(0, |p, q| if h[[q, q]] > h[[p, p]] { q } else { p });
        let (pivot, column) = (h[[p, p]], h.column(p).to_owned());
        if pivot < 1e-9 {
            return rank;
        }
        h -= &(&column.view().insert_axis(Dimension(1)) * &column / pivot);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_birds_are_worse_conditioned_in_millimetres() {
        let (raw, scaled) = (birds(false).unwrap(), birds(true).unwrap());
        assert!(raw.condition > 1e5 && scaled.condition < 2.0, "{raw:?}");
        assert!(raw.losses[1000] > 5.0 * scaled.losses[1000]);
        assert!(scaled.curvature < scaled.bound);
    }

    #[test]
    fn the_rank_is_counted() {
        assert_eq!(rank(Array2::eye(3)), 3);
        assert_eq!(rank(Array2::ones((3, 3))), 1);
        assert_eq!(rank(Array2::zeros((3, 3))), 0);
    }

    #[test]
    fn descent_reaches_the_bottom() {
        assert!(steps_to_the_bottom(1e-3).unwrap() < steps_to_the_bottom(1e-6).unwrap());
        assert_eq!(losses(4, 1.0, 3).unwrap().len(), 4);
    }
}
