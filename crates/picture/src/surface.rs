//! The loss over two weights, and descent on it.

mod chart;
mod land;
mod map;

use std::cell::RefCell;

use softmax_backprop::{Error, Result};

use crate::draw::{Point, fixed};
use land::Land;

/// How many numbers a reader can set.
pub const NUMBERS: usize = 7;

/// Where each quantity stands in the row of [`Surface::numbers`].
pub mod number {
    /// Which examples: 0 eight points, 1 penguins, 2 penguins in mm, 3 four points that lines separate.
    pub const EXAMPLES: usize = 0;
    /// The two weights, each `3 k + i` for class `k` and input `i`, of which the third is the 1.
    pub const WEIGHTS: usize = 1;
    /// The learning rate in parts of `1/L`.
    pub const RATE: usize = 3;
    /// How many steps.
    pub const STEPS: usize = 4;
    /// Where descent starts, in parts of the map's width and height.
    pub const START: usize = 5;
}

/// The most steps that are drawn.
const MOST: f64 = 80.0;

/// Examples, two weights, a rate and a start.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// All numbers, in the order of [`number`].
    pub numbers: [f64; NUMBERS],
}

/// What follows from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The largest curvature in the map, `L`.
    pub curvature: f64,
    /// The learning rate `η`.
    pub rate: f64,
    /// The two weights, step by step.
    pub way: Vec<Point>,
    /// The loss, step by step.
    pub losses: Vec<f64>,
    /// Where Newton's step from the start leads, (15.6), and the loss there. None where the curvature is 0.
    pub newton: Option<(Point, f64)>,
    /// The lowest loss in the map.
    pub lowest: f64,
}

impl Values {
    /// In how many steps the loss rises.
    pub fn rises(&self) -> usize {
        let steps = self.losses.windows(2);
        steps.filter(|two| two[1] > two[0]).count()
    }

    /// The loss after the last step.
    fn end(&self) -> f64 {
        self.losses.last().copied().unwrap_or(f64::NAN)
    }
}

/// What a reader can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Takes other examples, and their usual start.
    Examples(f64),
    /// Sets one of the other numbers.
    Number(usize, f64),
    /// Drags the start to a place of the map.
    Start(Point),
    /// Takes one more step.
    Step,
}

impl Change {
    /// The change that a page asks for by a number, with two more to say how. None where there is none.
    pub fn of(what: u32, a: f64, b: f64) -> Option<Self> {
        Some(match what {
            0 => Self::Examples(a),
            1..=6 => Self::Number(what as usize, a),
            10 => Self::Start((a, b)),
            13 => Self::Step,
            _ => return None,
        })
    }
}

thread_local! {
    /// The last examples and weights: their map takes longer than all else.
    static LAST: RefCell<Option<([f64; 3], Land)>> = const { RefCell::new(None) };
}

impl Surface {
    /// Eight points that no lines separate.
    pub const EXAMPLE: Self = Self {
        numbers: [0.0, 0.0, 1.0, 1.0, 20.0, 0.3, 0.2],
    };

    /// Does something with the loss over the two weights.
    fn on_land<T>(&self, of: impl FnOnce(&Land) -> T) -> Result<T> {
        let index = |at: usize, most: usize| match self.numbers[at] {
            found if found.fract() == 0.0 && (0.0..=most as f64).contains(&found) => {
                Ok(found as usize)
            }
            found => Err(Error::ClassOutOfRange {
                classes: most + 1,
                found: if found >= 0.0 { found as usize } else { 0 },
            }),
        };
        let key = [0, 1, 2].map(|at| self.numbers[at]);
        let (examples, a, b) = (index(0, 3)?, index(1, 8)?, index(2, 8)?);
        LAST.with_borrow_mut(|last| {
            if last.as_ref().is_none_or(|(found, _)| *found != key) {
                *last = Some((key, Land::new(examples, a, b)));
            }
            match last {
                Some((_, land)) => Ok(of(land)),
                None => Err(Error::Empty { what: "examples" }),
            }
        })
    }

    fn check(&self) -> Result<()> {
        for (what, at) in [("learning rate", number::RATE), ("steps", number::STEPS)] {
            let found = self.numbers[at];
            if !(found.is_finite() && found > 0.0) {
                return Err(Error::NotPositive { what, found });
            }
        }
        for at in [number::START, number::START + 1] {
            let found = self.numbers[at];
            if !found.is_finite() {
                let (what, at) = ("start", vec![at - number::START]);
                return Err(Error::NotFinite { what, at, found });
            }
        }
        Ok(())
    }

    /// All values.
    ///
    /// # Errors
    ///
    /// Where there are no such examples or weights, or a number is not finite or not above 0.
    pub fn values(&self) -> Result<Values> {
        self.check()?;
        let start = (self.numbers[number::START], self.numbers[number::START + 1]);
        let steps = self.numbers[number::STEPS].min(MOST) as usize;
        self.on_land(|land| {
            let mut here = land.weights(start);
            let first = land.slope(here);
            let rate = self.numbers[number::RATE] / land.curvature;
            let newton = land::newton(&first).map(|(u, v)| (here.0 + u, here.1 + v));
            let (mut way, mut losses) = (vec![here], vec![first.loss]);
            let mut slope = first;
            for _ in 0..steps {
                let (u, v) = slope.gradient;
                here = (here.0 - rate * u, here.1 - rate * v);
                slope = land.slope(here);
                way.push(here);
                losses.push(slope.loss);
            }
            Values {
                curvature: land.curvature,
                rate,
                way,
                losses,
                newton: newton.map(|to| (to, land.slope(to).loss)),
                lowest: land.lowest,
            }
        })
    }

    /// The state after a change.
    ///
    /// # Errors
    ///
    /// As [`Surface::values`].
    pub fn changed(&self, change: Change) -> Result<Self> {
        let mut next = self.clone();
        match change {
            Change::Examples(to) => {
                next.numbers[number::EXAMPLES] = to;
                let start = next.on_land(|land| land.part(land.usual))?;
                next.set_start(if to == 0.0 { (0.3, 0.2) } else { start });
            }
            Change::Number(at, to) => next.numbers[at] = to,
            Change::Start(place) => next.set_start(map::at(place)),
            Change::Step => {
                next.numbers[number::STEPS] = (next.numbers[number::STEPS] + 1.0).min(MOST)
            }
        }
        Ok(next)
    }

    fn set_start(&mut self, (u, v): Point) {
        let rounded = |part: f64| (part * 1e4).round() / 1e4;
        self.numbers[number::START..].copy_from_slice(&[rounded(u), rounded(v)]);
    }

    /// The map as SVG, of the values of this state. `id` is unique in the book.
    ///
    /// # Errors
    ///
    /// Where there are no such examples or weights.
    pub fn map(&self, id: &str, values: &Values) -> Result<String> {
        self.on_land(|land| map::draw(id, land, values))
    }

    /// The loss, step by step, as SVG. `id` is unique in the book.
    pub fn chart(&self, id: &str, values: &Values) -> String {
        chart::draw(id, values)
    }

    /// The numbers of both, as HTML.
    pub fn table(&self, values: &Values) -> String {
        let row = |name: &str, number: f64| {
            let number = written(number);
            format!("<tr><th scope=\"row\">{name}</th><td>{number}</td></tr>\n")
        };
        let newton = values.newton.map_or(String::new(), |(_, loss)| {
            row("loss after Newton’s step", loss)
        });
        format!(
            "<table>\n<tbody>\n{}{}{}{}{}{newton}{}</tbody>\n</table>\n<p>{}</p>\n",
            row("1/L", 1.0 / values.curvature),
            row("2/L", 2.0 / values.curvature),
            row("learning rate η", values.rate),
            row("loss at the start", values.losses[0]),
            row("loss after the last step", values.end()),
            row("lowest loss in the map", values.lowest),
            self.said(values),
        )
    }

    /// What is said aloud after a change.
    pub fn said(&self, values: &Values) -> String {
        let where_it_is = match self.numbers[number::RATE] {
            rate if rate < 1.0 => "below 1/L",
            rate if rate <= 1.0 => "1/L",
            rate if rate < 2.0 => "between 1/L and 2/L",
            rate if rate <= 2.0 => "2/L",
            _ => "above 2/L",
        };
        format!(
            "The rate is {where_it_is}. The loss rises in {} of {} steps, and is {} in the end.",
            values.rises(),
            values.losses.len() - 1,
            written(values.end()),
        )
    }
}

/// With four digits or so, whatever the size.
fn written(number: f64) -> String {
    match number.abs() {
        size if size >= 1e6 => "more than a million".to_owned(),
        size if size >= 100.0 => fixed(number, 0),
        size if size >= 0.1 => fixed(number, 3),
        _ => fixed(number, 5),
    }
}
