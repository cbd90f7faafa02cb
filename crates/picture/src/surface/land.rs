//! The loss as a function of two weights; the others stay where they are.

use crate::draw::{Point, line};

/// The penguins: length and depth of the bill in tenths of a millimetre, and the species. A module
/// that read decimals would be larger by a fifth; a test compares the rows with `data/penguins.csv`.
const PENGUINS: &str = include_str!("penguins.txt");

/// Eight points of three classes that no lines separate, of *The shape of the loss*.
const EIGHT: [(f64, f64, usize); 8] = [
    (0.0, 0.0, 0),
    (1.0, 0.0, 1),
    (0.0, 1.0, 2),
    (1.0, 1.0, 0),
    (-1.0, 0.0, 1),
    (0.0, -1.0, 2),
    (0.5, 0.2, 2),
    (-0.3, 0.4, 0),
];

/// Four that lines separate, of *How fast to descend*.
const FOUR: [(f64, f64, usize); 4] = [(8.0, 7.0, 2), (7.0, 8.0, 0), (6.0, 7.0, 2), (8.0, 6.0, 1)];

/// All weights, class by class, the bias last, where the loss of the eight points is lowest. A test
/// holds these numbers to Newton's method.
const BOTTOM_OF_EIGHT: [f64; 9] = [
    0.05273666841509858,
    0.9347194240114441,
    -0.10968557046190824,
    -0.23261244556273447,
    -0.5241319658883847,
    -0.12887884748964104,
    0.1798757771476359,
    -0.4105874581230598,
    0.23856441795154945,
];

/// The same for the standardised penguins.
const BOTTOM_OF_PENGUINS: [f64; 9] = [
    -8.902940270635334,
    8.111733445639322,
    -1.6326525453787912,
    3.1270744003842443,
    0.27102942004033903,
    2.698231730318638,
    5.775865870251087,
    -8.382762865679661,
    -1.0655791849398484,
];

/// The weights of the author's run, before its step.
const AUTHOR: [f64; 9] = [0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0];

/// How many rays lead to each side of the map, and how many points of each are asked for the loss.
const RAYS: usize = 20;
const SAMPLES: usize = 14;
const LEVELS: usize = 9;

/// The loss at a point, with its derivatives by the two weights.
pub(super) struct Slope {
    pub loss: f64,
    pub gradient: Point,
    /// The second derivatives: by the first weight twice, by both, by the second twice.
    pub hessian: (f64, f64, f64),
}

/// The largest eigenvalue of a symmetric matrix of two rows.
pub(super) fn largest((a, b, c): (f64, f64, f64)) -> f64 {
    0.5 * (a + c) + (0.5 * (a - c)).hypot(b)
}

/// Newton's step: `−H⁻¹ g`. None where the curvature is as good as 0.
pub(super) fn newton(slope: &Slope) -> Option<Point> {
    let ((a, b, c), (u, v)) = (slope.hessian, slope.gradient);
    let determinant = a * c - b * b;
    (determinant > 1e-12 * a * c)
        .then(|| ((b * v - c * u) / determinant, (b * u - a * v) / determinant))
}

/// Examples, two weights, and the map of the loss over them.
pub(super) struct Land {
    /// The inputs with the 1, and the class.
    examples: Vec<([f64; 3], usize)>,
    /// All weights; those of `chosen` are not used.
    others: [f64; 9],
    pub chosen: (usize, usize),
    /// The weights from which descent usually starts.
    pub usual: Point,
    /// The middle of the map, and half its width and height.
    middle: Point,
    reach: Point,
    /// The lowest loss in the map.
    pub lowest: f64,
    /// The largest curvature in the map.
    pub curvature: f64,
    /// Lines of equal loss, in parts of width and height.
    pub contours: Vec<Vec<Point>>,
}

fn penguins() -> Vec<([f64; 3], usize)> {
    let rows = PENGUINS.lines().filter_map(|row| {
        let mut fields = row.split(' ').map(str::parse::<u32>);
        let mut next = || fields.next()?.ok();
        let millimetres = |tenths: u32| f64::from(tenths) / 10.0;
        let x = [millimetres(next()?), millimetres(next()?), 1.0];
        Some((x, next()? as usize % 3))
    });
    rows.collect()
}

/// Mean and deviation of an input.
fn scale(examples: &[([f64; 3], usize)], i: usize) -> (f64, f64) {
    let count = examples.len() as f64;
    let mean = examples.iter().map(|(x, _)| x[i]).sum::<f64>() / count;
    let squares = examples
        .iter()
        .map(|(x, _)| (x[i] - mean).powi(2))
        .sum::<f64>();
    (mean, (squares / count).sqrt())
}

impl Land {
    /// The land of some examples, counted as in [`super::number::EXAMPLES`], over the weights `a` and `b`.
    pub fn new(which: usize, a: usize, b: usize) -> Self {
        let points = |points: &[(f64, f64, usize)]| {
            points
                .iter()
                .map(|(u, v, class)| ([*u, *v, 1.0], *class))
                .collect()
        };
        let (examples, others): (Vec<([f64; 3], usize)>, [f64; 9]) = match which {
            0 => (points(&EIGHT), BOTTOM_OF_EIGHT),
            3 => (points(&FOUR), AUTHOR),
            _ => {
                let mut birds = penguins();
                let mut bottom = BOTTOM_OF_PENGUINS;
                let scales = [0, 1].map(|i| scale(&birds, i));
                for (i, (mean, deviation)) in scales.into_iter().enumerate() {
                    if which == 1 {
                        birds
                            .iter_mut()
                            .for_each(|(x, _)| x[i] = (x[i] - mean) / deviation);
                        continue;
                    }
                    // A weight is divided by the deviation, and the bias makes up for the mean.
                    for k in 0..3 {
                        bottom[3 * k + i] /= deviation;
                        bottom[3 * k + 2] -= mean * bottom[3 * k + i];
                    }
                }
                (birds, bottom)
            }
        };
        let chosen = (a, b);
        let at_others = (others[a], others[b]);
        let mut land = Self {
            examples,
            others,
            chosen,
            usual: if which == 3 { at_others } else { (0.0, 0.0) },
            middle: at_others,
            reach: (1.5, 1.5),
            lowest: 0.0,
            curvature: 0.0,
            contours: Vec::new(),
        };
        if which != 3 {
            let (h, _, k) = land.slope(at_others).hessian;
            let reach =
                |bottom: f64, curvature: f64| 1.6 * bottom.abs().max(0.6 / curvature.sqrt());
            land.reach = (reach(at_others.0, h), reach(at_others.1, k));
        }
        land.draw(if which == 3 {
            land.lowest_in_map()
        } else {
            (0.5, 0.5)
        });
        land
    }

    /// The weights at a place of the map, in parts of its width and height.
    pub fn weights(&self, (u, v): Point) -> Point {
        (
            self.middle.0 + (2.0 * u - 1.0) * self.reach.0,
            self.middle.1 + (2.0 * v - 1.0) * self.reach.1,
        )
    }

    /// The other way round.
    pub fn part(&self, (a, b): Point) -> Point {
        let part = |at: f64, middle: f64, reach: f64| 0.5 * ((at - middle) / reach + 1.0);
        (
            part(a, self.middle.0, self.reach.0),
            part(b, self.middle.1, self.reach.1),
        )
    }

    /// The mean loss, (9.3), with what (15.2) and `δ` say of the two weights.
    pub fn slope(&self, at: Point) -> Slope {
        let (a, b) = self.chosen;
        let mut p = self.others;
        (p[a], p[b]) = at;
        let mut sum = Slope {
            loss: 0.0,
            gradient: (0.0, 0.0),
            hessian: (0.0, 0.0, 0.0),
        };
        let (k, i, l, j) = (a / 3, a % 3, b / 3, b % 3);
        for (x, class) in &self.examples {
            let theta = [0, 1, 2].map(|k| (0..3).map(|i| p[3 * k + i] * x[i]).sum::<f64>());
            let largest = theta.iter().fold(f64::MIN, |most, one| most.max(*one));
            let exps = theta.map(|theta| (theta - largest).exp());
            let total: f64 = exps.iter().sum();
            let y_hat = exps.map(|exp| exp / total);
            let delta = |k: usize| y_hat[k] - f64::from(u8::from(k == *class));
            let second = |k: usize, l: usize| y_hat[k] * (f64::from(u8::from(k == l)) - y_hat[l]);
            sum.loss += total.ln() + largest - theta[*class];
            sum.gradient.0 += delta(k) * x[i];
            sum.gradient.1 += delta(l) * x[j];
            sum.hessian.0 += second(k, k) * x[i] * x[i];
            sum.hessian.1 += second(k, l) * x[i] * x[j];
            sum.hessian.2 += second(l, l) * x[j] * x[j];
        }
        let n = self.examples.len() as f64;
        Slope {
            loss: sum.loss / n,
            gradient: (sum.gradient.0 / n, sum.gradient.1 / n),
            hessian: (sum.hessian.0 / n, sum.hessian.1 / n, sum.hessian.2 / n),
        }
    }

    fn height(&self, part: Point) -> f64 {
        self.slope(self.weights(part)).loss
    }

    /// Where the loss is lowest in the map. It is convex, so that thirds of a line may be left out.
    fn lowest_in_map(&self) -> Point {
        let third = |of: &dyn Fn(f64) -> f64| {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..40 {
                let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                if of(a) < of(b) {
                    high = b;
                } else {
                    low = a;
                }
            }
            0.5 * (low + high)
        };
        let best = |u: f64| third(&|v| self.height((u, v)));
        let u = third(&|u| self.height((u, best(u))));
        (u, best(u))
    }

    /// Lines of equal loss. Along a ray from the lowest point to the rim the loss rises.
    fn draw(&mut self, lowest: Point) {
        self.lowest = self.height(lowest);
        let rim = (0..4 * RAYS).map(|ray| {
            let part = (ray % RAYS) as f64 / RAYS as f64;
            [
                (part, 0.0),
                (1.0, part),
                (1.0 - part, 1.0),
                (0.0, 1.0 - part),
            ][ray / RAYS]
        });
        let along = |end: Point, part: f64| {
            (
                lowest.0 + part * (end.0 - lowest.0),
                lowest.1 + part * (end.1 - lowest.1),
            )
        };
        // The root of the rise: along a parabola it is a straight line.
        let root = |end: Point, part: f64| {
            (self.height(along(end, part)) - self.lowest)
                .max(0.0)
                .sqrt()
        };
        let rays: Vec<(Point, Vec<f64>)> = rim
            .map(|end| {
                let at = |sample: usize| root(end, sample as f64 / SAMPLES as f64);
                (end, (0..=SAMPLES).map(at).collect())
            })
            .collect();
        let highest = rays
            .iter()
            .fold(0.0, |most: f64, (_, roots)| most.max(roots[SAMPLES]));
        let parts = (0..=SAMPLES).map(|sample| sample as f64 / SAMPLES as f64);
        let curvatures = rays.iter().flat_map(|(end, _)| {
            let curvature =
                |part: f64| largest(self.slope(self.weights(along(*end, part))).hessian);
            parts.clone().map(curvature)
        });
        let curvature = curvatures.fold(0.0, f64::max);
        let mut contours = Vec::new();
        for level in 1..=LEVELS {
            let level = highest * level as f64 / (LEVELS + 1) as f64;
            let meeting = |(end, roots): &(Point, Vec<f64>)| {
                Some(along(*end, meets(roots, level, |part| root(*end, part))?))
            };
            let meetings: Vec<Option<Point>> = rays.iter().map(meeting).collect();
            let mut found = Vec::new();
            for (index, meeting) in meetings.iter().enumerate() {
                let next = (index + 1) % rays.len();
                found.push(*meeting);
                // Where the next ray misses the level, or this one alone, the line ends at the rim.
                if meeting.is_some() != meetings[next].is_some() {
                    let [(from, low), (to, high)] =
                        [index, next].map(|at| (rays[at].0, rays[at].1[SAMPLES]));
                    let part = ((level - low) / (high - low)).clamp(0.0, 1.0);
                    found.push(Some((
                        from.0 + part * (to.0 - from.0),
                        from.1 + part * (to.1 - from.1),
                    )));
                }
            }
            match found.iter().position(Option::is_none) {
                None => found.push(found.first().copied().flatten()),
                Some(gap) => found.rotate_left(gap),
            }
            let pieces = found.split(Option::is_none);
            contours.extend(
                pieces
                    .map(|piece| piece.iter().copied().flatten().collect::<Vec<_>>())
                    .filter(|piece| piece.len() > 1),
            );
        }
        (self.contours, self.curvature) = (contours, curvature);
    }
}

/// Where a ray from the lowest point meets a level, in parts of the ray; `height` is asked once more
/// between the two samples beside it.
fn meets(roots: &[f64], level: f64, height: impl Fn(f64) -> f64) -> Option<f64> {
    let after = roots.iter().position(|root| *root >= level)?;
    let before = after.checked_sub(1)?;
    let [mut low, mut high] = [before, after].map(|at| (at as f64 / SAMPLES as f64, roots[at]));
    let between = |low: (f64, f64), high: (f64, f64)| {
        low.0 + (high.0 - low.0) * (level - low.1) / (high.1 - low.1)
    };
    let part = between(low, high);
    let middle = (part, height(part));
    if middle.1 < level {
        low = middle;
    } else {
        high = middle;
    }
    Some(between(low, high))
}

/// What a weight is called.
pub(super) fn name(weight: usize) -> String {
    let class = weight / 3 + 1;
    match weight % 3 {
        2 => format!("bias of class {class}"),
        i => format!("weight of x{} to class {class}", ["₁", "₂"][i]),
    }
}

/// All contours as one path.
pub(super) fn path(contours: &[Vec<Point>], place: impl Fn(Point) -> Point) -> String {
    let lines = contours
        .iter()
        .map(|contour| line(&contour.iter().map(|part| place(*part)).collect::<Vec<_>>()));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottoms_are_where_every_slope_is_zero() {
        for which in 0..3 {
            for (a, b) in [(0, 1), (2, 3), (4, 5), (6, 7), (8, 0)] {
                let land = Land::new(which, a, b);
                let (u, v) = land.slope((land.others[a], land.others[b])).gradient;
                assert!(u.abs() < 1e-10 && v.abs() < 1e-10, "{which}: {u} {v}");
            }
        }
    }

    #[test]
    fn the_penguins_are_those_of_the_book() {
        let table = include_str!("../../../../data/penguins.csv");
        let rows = table.lines().skip(1).filter_map(|row| {
            let fields: Vec<&str> = row.split(',').collect();
            let species = ["Adelie", "Chinstrap", "Gentoo"];
            let class = species.iter().position(|name| *name == fields[0])?;
            let x = [fields[2].parse().ok()?, fields[3].parse().ok()?, 1.0];
            Some((x, class))
        });
        assert_eq!(penguins(), rows.collect::<Vec<_>>());
        assert_eq!(penguins().len(), 342);
    }

    #[test]
    fn nothing_in_the_map_is_lower_than_the_lowest() {
        for which in 0..4 {
            let land = Land::new(which, 0, 1);
            for place in 0..121 {
                let part = (f64::from(place % 11) / 10.0, f64::from(place / 11) / 10.0);
                assert!(land.height(part) >= land.lowest - 1e-9, "{which}: {part:?}");
                let (u, v) = land.part(land.weights(part));
                assert!((u - part.0).abs() < 1e-12 && (v - part.1).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_loss_is_one_along_a_contour() {
        for which in 0..4 {
            let land = Land::new(which, 0, 1);
            assert!(land.contours.len() >= LEVELS);
            for contour in &land.contours {
                let roots = contour
                    .iter()
                    .map(|part| (land.height(*part) - land.lowest).sqrt());
                let (low, high) = roots.fold((f64::MAX, 0.0), |(low, high): (f64, f64), root| {
                    (low.min(root), high.max(root))
                });
                assert!(high - low < 0.06 * high, "{which}: {low} to {high}");
            }
        }
    }
}
