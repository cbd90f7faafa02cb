//! The hidden checks: what an answer finds at arguments drawn from a seed, compared with the
//! solution, or with what is known of the result.
//!
//! Numbers may differ as in the public checks: by a billionth of the largest expected one, where
//! nothing else is said.

use exercises::Check;
use exercises::compare::{all_close, close, within};
use exercises::dual::Dual;
use exercises::gradients::Gradients;
use mistakes::Batch;
use ndarray::{Array1, Array2, Axis};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::solutions;

/// How many times each answer is tried.
const CASES: usize = 24;

/// Arguments, drawn one after the other.
struct Draw(ChaCha8Rng);

impl Draw {
    /// Between two numbers.
    fn number(&mut self, low: f64, high: f64) -> f64 {
        self.0.random_range(low..high)
    }

    /// A count, both ends included.
    fn count(&mut self, least: usize, most: usize) -> usize {
        self.0.random_range(least..=most)
    }

    /// One of a list.
    fn one_of(&mut self, list: &[f64]) -> f64 {
        list[self.0.random_range(0..list.len())]
    }

    /// Numbers between −2 and 2.
    fn vector(&mut self, length: usize) -> Array1<f64> {
        Array1::from_shape_simple_fn(length, || self.number(-2.0, 2.0))
    }

    /// Numbers between −2 and 2.
    fn matrix(&mut self, rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, columns), || self.number(-2.0, 2.0))
    }

    /// Rows of probabilities.
    fn shares(&mut self, rows: usize, columns: usize) -> Array2<f64> {
        let exps = self.matrix(rows, columns).exp();
        &exps / &exps.sum_axis(Axis(1)).insert_axis(Axis(1))
    }

    /// Logits, some of them large, around a height.
    fn logits(&mut self, classes: usize) -> Array1<f64> {
        let reach = self.one_of(&[1.0, 30.0, 300.0, 1e5]);
        let height = self.one_of(&[0.0, 1e3, -1e3]);
        reach * self.vector(classes) + height
    }
}

/// Tries an answer at as many arguments as [`CASES`] says; their order is that of the seed.
fn each(seed: u64, mut case: impl FnMut(usize, &mut Draw) -> Check) -> Check {
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed));
    for number in 0..CASES {
        let hidden =
            |error| format!("hidden case {} of {CASES}: {error}", number + 1);
        case(number, &mut draw).map_err(hidden)?;
    }
    Ok(())
}

/// An answer to `logits`.
pub type Logits = fn(&Array1<f64>, &Array2<f64>, &Array1<f64>) -> Array1<f64>;

/// Up to six inputs and five classes.
pub fn logits(found: Logits, seed: u64) -> Check {
    each(seed, |_, draw| {
        let (inputs, classes) = (draw.count(1, 6), draw.count(1, 5));
        let x = draw.vector(inputs);
        let w = draw.matrix(inputs, classes);
        let b = draw.vector(classes);
        let expected = solutions::logits::solution(&x, &w, &b);
        let what = format!("θ of {inputs} inputs and {classes} classes");
        Ok(all_close(&what, &expected, &found(&x, &w, &b))?)
    })
}

/// An answer to `jacobian`.
pub type Jacobian = fn(&Array1<f64>) -> Array2<f64>;

/// Up to six classes.
pub fn jacobian(found: Jacobian, seed: u64) -> Check {
    each(seed, |_, draw| {
        let classes = draw.count(1, 6);
        let y_hat = draw.shares(1, classes).row(0).to_owned();
        let expected = solutions::jacobian::solution(&y_hat);
        Ok(all_close("∂ŷ/∂θ", &expected, &found(&y_hat))?)
    })
}

/// An answer to `gradients`.
pub type OfLayer = fn(&Array1<f64>, &Array2<f64>, &Array1<f64>) -> Gradients;

/// Up to five inputs and classes.
pub fn gradients(found: OfLayer, seed: u64) -> Check {
    each(seed, |_, draw| {
        let (inputs, classes) = (draw.count(1, 5), draw.count(1, 5));
        let x = draw.vector(inputs);
        let w = draw.matrix(inputs, classes);
        let delta = draw.vector(classes);
        let expected = solutions::gradients::solution(&x, &w, &delta);
        let found = found(&x, &w, &delta);
        all_close("∂J/∂W", &expected.d_w, &found.d_w)?;
        all_close("∂J/∂b", &expected.d_b, &found.d_b)?;
        Ok(all_close("∂J/∂x", &expected.d_x, &found.d_x)?)
    })
}

/// An answer to `loss`.
pub type Loss = fn(&Array1<f64>, usize) -> f64;

/// Up to five classes, some logits large. Every other case is a lead of 20 to 200, where the loss is
/// small and has all its digits.
pub fn loss(found: Loss, seed: u64) -> Check {
    each(seed, |number, draw| {
        let classes = draw.count(2, 5);
        let mut theta = draw.logits(classes);
        let t = draw.count(0, classes - 1);
        if number % 2 == 1 {
            theta = draw.vector(classes);
            theta[t] += draw.number(20.0, 200.0);
        }
        let expected = solutions::loss::solution(&theta, t);
        let what = format!("J at θ = {theta}, t = {t}");
        Ok(close(&what, expected, found(&theta, t))?)
    })
}

/// An answer to `differences`.
pub type Differences =
    fn(&dyn Fn(&Array1<f64>) -> f64, &Array1<f64>) -> Array1<f64>;

/// Sines near 1, where every entry changes the slopes of the others, some entries 0; and parabolas
/// far out. Their slopes are known.
pub fn differences(found: Differences, seed: u64) -> Check {
    each(seed, |number, draw| {
        let length = draw.count(1, 4);
        let factors =
            Array1::from_shape_simple_fn(length, || draw.number(0.5, 1.5));
        if number % 3 == 2 {
            let far = 1e6
                * Array1::from_shape_simple_fn(length, || draw.number(0.5, 1.5));
            let parabolas = |a: &Array1<f64>| factors.dot(&(a * a));
            let slopes = 2.0 * &factors * &far;
            return Ok(all_close(
                "slopes far out",
                &slopes,
                &found(&parabolas, &far),
            )?);
        }
        let mut at = draw.vector(length);
        if number % 3 == 1 {
            at[0] = 0.0;
        }
        let angle = draw.number(-0.5, 0.5);
        let turn = angle - factors.dot(&at);
        let sine = |a: &Array1<f64>| (factors.dot(a) + turn).sin();
        let slopes = &factors * angle.cos();
        Ok(all_close("slopes near 1", &slopes, &found(&sine, &at))?)
    })
}

/// An answer to `dual`.
pub type Duals = fn(&[Dual]) -> Vec<Dual>;

/// Up to five logits, each with a slope of its own.
pub fn dual(found: Duals, seed: u64) -> Check {
    each(seed, |_, draw| {
        let classes = draw.count(1, 5);
        let (values, slopes) = (draw.vector(classes), draw.vector(classes));
        let duals = values.iter().zip(&slopes);
        let duals = duals.map(|(&value, &slope)| Dual { value, slope });
        let theta: Vec<Dual> = duals.collect();
        let parts = |duals: Vec<Dual>| -> [Array1<f64>; 2] {
            [
                duals.iter().map(|dual| dual.value).collect(),
                duals.iter().map(|dual| dual.slope).collect(),
            ]
        };
        let expected = parts(solutions::dual::solution(&theta));
        let found = parts(found(&theta));
        all_close("ŷ", &expected[0], &found[0])?;
        // One class has no slope, and the measure of the comparison would be 0.
        if classes == 1 {
            return Ok(close("1 + slope of ŷ", 1.0, 1.0 + found[1].sum())?);
        }
        Ok(all_close("slopes of ŷ", &expected[1], &found[1])?)
    })
}

/// An answer to `test_point`.
pub type TestPoint = fn() -> Batch;

/// Nothing is drawn, since there are no arguments: a second call must give the same point.
pub fn test_point(found: TestPoint, _: u64) -> Check {
    let (first, second) = (found(), found());
    if first == second {
        return Ok(());
    }
    Err(format!("a second call: expected {first:?}, found {second:?}").into())
}

/// An answer to `batch`.
pub type OfBatch =
    fn(&Array2<f64>, &Array2<f64>, &Array2<f64>) -> (Array2<f64>, Array1<f64>);

/// Up to six examples, four inputs and five classes; labels that are shares.
pub fn batch(found: OfBatch, seed: u64) -> Check {
    each(seed, |_, draw| {
        let (examples, inputs, classes) =
            (draw.count(1, 6), draw.count(1, 4), draw.count(2, 5));
        let x = draw.matrix(examples, inputs);
        let y_hat = draw.shares(examples, classes);
        let y = draw.shares(examples, classes);
        let (d_w, d_b) = solutions::batch::solution(&x, &y_hat, &y);
        let found = found(&x, &y_hat, &y);
        all_close("∂J/∂W", &d_w, &found.0)?;
        Ok(all_close("∂J/∂b", &d_b, &found.1)?)
    })
}

/// An answer to `standardise`.
pub type Standardise = fn(&Array2<f64>, &Array2<f64>) -> Option<Array2<f64>>;

/// Up to six rows; in every third case one column does not vary.
pub fn standardise(found: Standardise, seed: u64) -> Check {
    each(seed, |number, draw| {
        let (rows, columns) = (draw.count(2, 6), draw.count(1, 4));
        let mut train = draw.matrix(rows, columns);
        let held_out = draw.count(1, 4);
        let held_out = draw.matrix(held_out, columns);
        if number % 3 == 2 {
            let constant = draw.count(0, columns - 1);
            let value = draw.number(0.0, 1.0);
            train.column_mut(constant).fill(value);
        }
        let expected = solutions::standardise::solution(&train, &held_out);
        match (expected, found(&train, &held_out)) {
            (Some(expected), Some(found)) => {
                Ok(all_close("held-out rows", &expected, &found)?)
            }
            (None, None) => Ok(()),
            (None, Some(_)) => {
                Err("a constant column: expected None, found rows".into())
            }
            (Some(_), None) => {
                Err("columns that vary: expected rows, found None".into())
            }
        }
    })
}

/// An answer to `hidden`.
pub type OfHidden = fn(
    &Array1<f64>,
    &Array1<f64>,
    &Array2<f64>,
    &Array1<f64>,
) -> (Array2<f64>, Array1<f64>);

/// Up to four inputs, five hidden units and four classes.
pub fn hidden(found: OfHidden, seed: u64) -> Check {
    each(seed, |_, draw| {
        let (inputs, units, classes) =
            (draw.count(1, 4), draw.count(1, 5), draw.count(2, 4));
        let x = draw.vector(inputs);
        let a = draw.vector(units).tanh();
        let w2 = draw.matrix(units, classes);
        let delta2 = draw.vector(classes);
        let (d_w1, d_b1) = solutions::hidden::solution(&x, &a, &w2, &delta2);
        let found = found(&x, &a, &w2, &delta2);
        all_close("∂J/∂W₁", &d_w1, &found.0)?;
        Ok(all_close("∂J/∂b₁", &d_b1, &found.1)?)
    })
}

/// An answer to `temperature`.
pub type Temperature = fn(&Array2<f64>, &[usize]) -> f64;

/// Up to four classes, with one example in five wrong, so that the best temperature is no bound.
/// It may differ by a millionth, as in the public check.
pub fn temperature(found: Temperature, seed: u64) -> Check {
    each(seed, |_, draw| {
        let classes = draw.count(2, 4);
        let reach = draw.number(0.5, 8.0);
        let mut theta = 0.2 * draw.matrix(10, classes);
        let mut labels = Vec::new();
        for (n, mut theta) in theta.rows_mut().into_iter().enumerate() {
            let said = draw.count(0, classes - 1);
            theta[said] += 1.0;
            labels.push(if n < 8 { said } else { (said + 1) % classes });
        }
        theta *= reach;
        let expected = solutions::temperature::solution(&theta, &labels);
        let what = format!("T of ten examples with {classes} classes");
        Ok(within(1e-6, &what, expected, found(&theta, &labels))?)
    })
}

/// An answer to `newton`.
pub type Newton = fn(f64, &mut dyn FnMut(f64) -> f64) -> f64;

/// Labels between 1/50 and 49/50: the slopes must be asked for where the solution asks.
pub fn newton(found: Newton, seed: u64) -> Check {
    each(seed, |_, draw| {
        let y = draw.number(0.02, 0.98);
        let asked_by = |newton: Newton| {
            let mut asked = Vec::new();
            let z = newton(y, &mut |z| {
                asked.push(z);
                1.0 / (1.0 + (-z).exp()) - y
            });
            (z, asked)
        };
        let (z, asked) = asked_by(solutions::newton::solution);
        let found = asked_by(found);
        close(&format!("z at y = {y}"), z, found.0)?;
        let (expected, count) = (asked.len(), found.1.len());
        if expected != count {
            let what = format!("slopes asked for at y = {y}");
            return Err(
                format!("{what}: expected {expected}, found {count}").into()
            );
        }
        let what = format!("where slopes are asked for at y = {y}");
        Ok(all_close(
            &what,
            &Array1::from(asked),
            &Array1::from(found.1),
        )?)
    })
}

/// An answer to `stable`.
pub type Stable = fn(&Array1<f64>) -> Array1<f64>;

/// Up to five classes, some logits large. In every other case one probability is small, and
/// compared by itself.
pub fn stable(found: Stable, seed: u64) -> Check {
    each(seed, |number, draw| {
        let classes = draw.count(1, 5);
        let theta = draw.logits(classes);
        all_close(
            &format!("ŷ at θ = {theta}"),
            &solutions::stable::solution(&theta),
            &found(&theta),
        )?;
        let lead = match number % 4 {
            1 => draw.number(30.0, 600.0),
            // No number with all its digits is smaller than exp(−708).
            3 => draw.number(693.0, 706.0),
            _ => return Ok(()),
        };
        let far = Array1::from(vec![0.0, -lead]);
        let expected = solutions::stable::solution(&far)[1];
        let small = found(&far).get(1).copied().unwrap_or(f64::NAN);
        Ok(close(&format!("ŷ₂ at θ = {far}"), expected, small)?)
    })
}

/// An answer to `product`.
pub type Product = fn(&Array1<f64>, &Array1<f64>) -> Array1<f64>;

/// Two to six classes.
pub fn product(found: Product, seed: u64) -> Check {
    each(seed, |_, draw| {
        let classes = draw.count(2, 6);
        let y_hat = draw.shares(1, classes).row(0).to_owned();
        let g = draw.vector(classes);
        let expected = solutions::product::solution(&y_hat, &g);
        Ok(all_close("∂J/∂θ", &expected, &found(&y_hat, &g))?)
    })
}

/// An answer to `confusion`.
pub type Confusion = fn(&Array2<f64>, &[usize]) -> Array2<usize>;

/// Up to eight examples and four classes; probabilities in quarters, so that there are ties.
pub fn confusion(found: Confusion, seed: u64) -> Check {
    each(seed, |_, draw| {
        let (examples, classes) = (draw.count(4, 8), draw.count(2, 4));
        let mut y_hat = Array2::zeros((examples, classes));
        for mut row in y_hat.rows_mut() {
            for _ in 0..4 {
                row[draw.count(0, classes - 1)] += 0.25;
            }
        }
        let labels = (0..examples).map(|_| draw.count(0, classes - 1));
        let labels: Vec<usize> = labels.collect();
        let expected = solutions::confusion::solution(&y_hat, &labels);
        let found = found(&y_hat, &labels);
        if expected == found {
            return Ok(());
        }
        Err(format!("the table: expected\n{expected}\nfound\n{found}").into())
    })
}

/// An answer to `halving`.
pub type Halving = fn(
    &dyn Fn(&Array1<f64>) -> f64,
    &Array1<f64>,
    &Array1<f64>,
    f64,
) -> Array1<f64>;

/// Parabolas of up to four numbers. By turns a rate that may need halvings; a loss that is NaN
/// beyond a wall; a direction that leads up, whatever the rate; a rate at which the loss stays.
pub fn halving(found: Halving, seed: u64) -> Check {
    each(seed, |number, draw| {
        let length = draw.count(1, 4);
        let mut factors =
            Array1::from_shape_simple_fn(length, || draw.number(0.5, 1.5));
        let p = Array1::from_shape_simple_fn(length, || draw.number(1.0, 2.0));
        let (mut eta, mut way, mut wall) =
            (draw.number(0.05, 12.0), 1.0, f64::NEG_INFINITY);
        match number % 4 {
            1 => wall = -0.5,
            // So large that the last halving would be seen.
            2 => (eta, way) = (1e12, -1.0),
            3 => {
                (eta, factors) =
                    (draw.one_of(&[1.0, 2.0, 4.0]), Array1::ones(length))
            }
            _ => {}
        }
        let loss = |at: &Array1<f64>| match at[0] {
            first if first < wall => f64::NAN,
            _ => factors.dot(&(at * at)),
        };
        let g = way * 2.0 * &factors * &p;
        let expected = solutions::halving::solution(&loss, &p, &g, eta);
        let what = format!("the point after a step at the rate {eta}");
        Ok(all_close(&what, &expected, &found(&loss, &p, &g, eta))?)
    })
}
