//! A walk along a gradient, and what the checks say on it.

use mistakes::{ALL, Batch, Mistake, RIGHT, checks, points, right};
use sketch::Chart;

/// No walk is longer.
pub const STEPS: usize = 60;

/// Above this a loss is drawn at the upper end of the chart.
const MOST: f64 = 3.0;

/// Which way, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The number of the mistake on the page; 0 is none.
    pub mistake: usize,
    /// The place of the test point among [`points::all`].
    pub point: usize,
    /// The learning rate.
    pub rate: f64,
    /// How many steps.
    pub steps: usize,
}

impl Options {
    /// How many options there are.
    pub const NUMBERS: usize = 4;

    /// Softmax twice, from the good point, as in the figure of the page.
    pub const PAGE: Self = Self {
        mistake: 9,
        point: 7,
        rate: 0.5,
        steps: 60,
    };

    /// The options as a page sets them: mistake, point, rate, steps.
    pub fn numbers(&self) -> [f64; Self::NUMBERS] {
        let [mistake, point, steps] = [self.mistake, self.point, self.steps].map(|n| n as f64);
        [mistake, point, self.rate, steps]
    }

    /// The options that such numbers stand for.
    ///
    /// # Errors
    ///
    /// What was expected and found, at the first that is not in its range.
    pub fn of_numbers(numbers: [f64; Self::NUMBERS]) -> Result<Self, String> {
        let [mistake, point, rate, steps] = numbers;
        if !(rate.is_finite() && rate > 0.0) {
            return Err(format!(
                "rate: expected a finite number above 0, found {rate}"
            ));
        }
        Ok(Self {
            mistake: whole("mistake", ALL.len(), mistake)?,
            point: whole("test point", points::all().len() - 1, point)?,
            rate,
            steps: whole("steps", STEPS, steps)?,
        })
    }

    fn of(&self) -> &'static Mistake {
        match self.mistake {
            0 => &RIGHT,
            number => &ALL[number - 1],
        }
    }
}

fn whole(what: &str, most: usize, found: f64) -> Result<usize, String> {
    if found.fract() == 0.0 && (0.0..=most as f64).contains(&found) {
        return Ok(found as usize);
    }
    Err(format!(
        "{what}: expected a whole number from 0 to {most}, found {found}"
    ))
}

/// Why a walk ends before its last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The gradient has another shape than the parameters, and cannot be subtracted.
    Shape,
    /// A loss has left the range of the numbers.
    Range,
}

/// A walk down a gradient, right or wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// What it was told.
    pub options: Options,
    /// The right loss at the start and after each step.
    pub losses: Vec<f64>,
    /// The loss that the program with the mistake reports there.
    pub reported: Vec<f64>,
    /// Where it came to.
    pub batch: Batch,
    /// Why it ended early, if it did.
    pub end: Option<End>,
}

impl Walk {
    /// Walks from the test point.
    pub fn new(options: Options) -> Self {
        let [.., good] = points::all();
        let start = points::all().into_iter().nth(options.point);
        let mut walk = Self {
            options,
            losses: Vec::new(),
            reported: Vec::new(),
            batch: start.unwrap_or(good).batch,
            end: None,
        };
        while walk.end.is_none() && walk.losses.len() <= options.steps {
            let next = match walk.losses.len() {
                0 => Ok(walk.batch.clone()),
                _ => walk.next(),
            };
            walk.end = next.and_then(|batch| walk.arrive(batch)).err();
        }
        walk
    }

    /// One step further.
    fn next(&self) -> Result<Batch, End> {
        let (batch, rate) = (&self.batch, self.options.rate);
        let found = (self.options.of().outcome)(batch);
        // One number for all biases is spread over them, as NumPy and ndarray do.
        let d_w = found.d_w.broadcast(batch.w.dim()).ok_or(End::Shape)?;
        let d_b = found.d_b.broadcast(batch.b.dim()).ok_or(End::Shape)?;
        Ok(Batch {
            w: &batch.w - &(&d_w * rate),
            b: &batch.b - &(&d_b * rate),
            ..batch.clone()
        })
    }

    fn arrive(&mut self, batch: Batch) -> Result<(), End> {
        let (loss, reported) = (right(&batch).loss, (self.options.of().outcome)(&batch).loss);
        if !(loss.is_finite() && reported.is_finite()) {
            return Err(End::Range);
        }
        self.losses.push(loss);
        self.reported.push(reported);
        self.batch = batch;
        Ok(())
    }

    /// How many steps were taken.
    pub fn steps(&self) -> usize {
        self.losses.len().saturating_sub(1)
    }

    /// For each check whether it catches the mistake where the walk has come to.
    pub fn caught(&self) -> [bool; checks::ALL.len()] {
        let mistake = self.options.of();
        // One that cannot be made, because a number left the range, has found something.
        checks::ALL.map(|check| (check.caught)(mistake, &self.batch).unwrap_or(true))
    }

    /// Where the walk has come to, in words.
    pub fn line(&self) -> String {
        let steps = self.steps();
        let (Some(loss), Some(reported)) = (self.losses.last(), self.reported.last()) else {
            return "the loss of the test point leaves the range of the numbers".to_owned();
        };
        let mut line =
            format!("step {steps}: the right loss is {loss:.3}, the loss reported {reported:.3}");
        let number = self.caught().iter().filter(|caught| **caught).count();
        line += &format!("; {number} of {} checks object", checks::ALL.len());
        line += match self.end {
            Some(End::Shape) => "; no step is possible, the shapes do not fit",
            Some(End::Range) => "; the next step leaves the range of the numbers",
            None => "",
        };
        line
    }

    /// The three curves as an SVG: the right one whole, the others as far as the walk has come.
    pub fn chart(&self) -> String {
        let options = Options {
            mistake: 0,
            steps: STEPS,
            ..self.options
        };
        let right = Walk::new(options).losses;
        let none = self.options.mistake == 0;
        let wrong: &[f64] = if none { &[] } else { &self.losses };
        let reported: &[f64] = if none { &[] } else { &self.reported };
        let curves = [
            ("along the right gradient", right.as_slice()),
            ("along the wrong one", wrong),
            ("the loss it reports", reported),
        ];
        let losses = curves.iter().flat_map(|(_, losses)| losses.iter());
        Chart {
            id: "missteps",
            title: "The right loss in nats, step by step",
            about: &format!("Where the wrong gradient leads, {}.", self.line()),
            axis: "step",
            last: STEPS,
            most: losses.fold(1.5, |most, loss| loss.max(most)).min(MOST),
            curves: &curves,
        }
        .svg()
    }

    /// The checks and what they say, as a table in Markdown.
    pub fn table(&self) -> String {
        let names = checks::ALL.map(|check| check.name).join(" | ");
        let marks = self.marks().join(" | ");
        format!(
            "| {names} |\n|{}\n| {marks} |\n",
            "---|".repeat(checks::ALL.len())
        )
    }

    /// What stands in that table.
    pub fn marks(&self) -> [&'static str; checks::ALL.len()] {
        self.caught()
            .map(|caught| if caught { "caught" } else { "–" })
    }
}
