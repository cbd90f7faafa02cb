//! What the page counts and shows of all mistakes: two tables, and where descent leads.

use ndarray::Array1;
use plots::{Axis, Figure};
use softmax_backprop::Result;

use crate::points::{self, Point};
use crate::{ALL, Batch, Mistake, RIGHT, checks, right};

/// A row for each mistake, a column for each check: what is caught at the good point.
///
/// # Errors
///
/// As the checks.
pub fn caught() -> Result<String> {
    let good = points::good();
    let mut table = head(checks::ALL.iter().map(|check| check.name));
    for (number, mistake) in (1..).zip(&ALL) {
        table += &format!("| {number}. {} |", mistake.name);
        for check in checks::ALL {
            let caught = (check.caught)(mistake, &good)?;
            table += if caught { " caught |" } else { " – |" };
        }
        table += "\n";
    }
    Ok(table)
}

/// Whether two checks miss a mistake at a point: the gradient beside the reference, and central
/// differences.
fn miss(mistake: &Mistake, point: &Point) -> Result<[bool; 2]> {
    Ok([
        !checks::reference_gradient(mistake, &point.batch)?,
        !checks::differences(mistake, &point.batch)?,
    ])
}

/// How many mistakes the reference gradient misses at a point, how many central differences, and
/// how many at least one of the two.
///
/// # Errors
///
/// As the checks.
pub fn misses(point: &Point) -> Result<[usize; 3]> {
    let mut counts = [0; 3];
    for mistake in &ALL {
        let [a, b] = miss(mistake, point)?;
        for (count, missed) in counts.iter_mut().zip([a, b, a || b]) {
            *count += usize::from(missed);
        }
    }
    Ok(counts)
}

/// A row for each mistake, a column for each point but that of three examples: which of the two
/// checks misses it there.
///
/// # Errors
///
/// As the checks.
pub fn missed() -> Result<String> {
    let mut table = head(shown().iter().map(|point| point.name));
    for (number, mistake) in (1..).zip(&ALL) {
        let marks = marks(number)?.join(" | ");
        table += &format!("| {number}. {} | {marks} |\n", mistake.name);
    }
    Ok(table)
}

/// The marks of a mistake, by its number on the page, in the table of what is missed.
///
/// # Errors
///
/// As the checks.
pub fn marks(number: usize) -> Result<Vec<&'static str>> {
    let mistake = &ALL[number - 1];
    let mark = |point| {
        Ok(match miss(mistake, point)? {
            [true, true] => "A B",
            [true, false] => "A",
            [false, true] => "B",
            [false, false] => "–",
        })
    };
    shown().iter().map(mark).collect()
}

/// The points that the table shows.
fn shown() -> Vec<Point> {
    let mut points = points::all().to_vec();
    points.retain(|point| point.name != "three examples");
    points
}

fn head<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let columns: Vec<&str> = columns.collect();
    let rule = "---|".repeat(columns.len() + 1);
    format!("| mistake | {} |\n|{rule}\n", columns.join(" | "))
}

/// The right loss after each of so many steps along the gradient that a mistake makes.
///
/// # Panics
///
/// Where that gradient has another shape than the parameters, and cannot be spread over them.
pub fn descend(mistake: &Mistake, start: &Batch, steps: usize, learning_rate: f64) -> Array1<f64> {
    let mut batch = start.clone();
    let losses = (0..=steps).map(|_| {
        let loss = right(&batch).loss;
        let found = (mistake.outcome)(&batch);
        batch.w = &batch.w - learning_rate * found.d_w;
        batch.b = &batch.b - learning_rate * found.d_b;
        loss
    });
    losses.collect()
}

/// How many mistakes keep the shapes, and how many of these lower the right loss in five steps
/// from the good point.
pub fn early() -> [usize; 2] {
    let good = points::good();
    let (mut tried, mut lower) = (0, 0);
    for mistake in &ALL {
        if (mistake.outcome)(&good).d_w.dim() == good.w.dim() {
            let losses = descend(mistake, &good, 5, 0.5);
            tried += 1;
            lower += usize::from(losses[5] < losses[0]);
        }
    }
    [tried, lower]
}

/// The right loss under the right gradient and three wrong ones.
///
/// # Errors
///
/// As [`Figure::svg`].
pub fn figure() -> std::result::Result<String, plots::Error> {
    let x = Axis::linear("step");
    let y = Axis::linear("right loss in nats").from_to(0.8, 1.5);
    let title = "Descent along wrong gradients";
    let description = "Four curves of the loss over 60 steps, from 1.4 nats, all falling for a few steps. The right gradient goes down to 0.9 and stays. Without Kronecker's delta the loss stays at 1.1. With the diagonal only it falls to 0.95 and creeps up to 1.0. With softmax twice it falls to 0.94 and climbs to 1.5 and beyond.";
    let curves = [
        ("right", &RIGHT),
        ("delta dropped", &ALL[0]),
        ("diagonal only", &ALL[1]),
        ("softmax twice", &ALL[8]),
    ];
    let mut figure = Figure::new("mistakes-learn", title, description, x, y);
    for (name, mistake) in curves {
        let losses = descend(mistake, &points::good(), 60, 0.5);
        let curve: Vec<(f64, f64)> = (0..).map(f64::from).zip(losses).collect();
        figure = figure.line(name, &curve);
    }
    figure.svg()
}

#[test]
fn the_tables_have_a_row_for_each_mistake() -> Result<()> {
    for table in [caught()?, missed()?] {
        assert_eq!(table.lines().count(), 2 + ALL.len(), "{table}");
    }
    let losses = descend(&RIGHT, &points::good(), 10, 0.5);
    assert!(losses.windows(2).into_iter().all(|pair| pair[1] < pair[0]));
    Ok(())
}
