//! The triangle of all distributions over three classes.
//!
//! A corner is a class that is certain. Distances in the triangle are those of the vectors, but for
//! one factor, so that an arrow from one distribution to another is their difference.

use std::fmt::Write;

use crate::error::Error;
use crate::svg::{Picture, escape, number};

/// The length of a side.
const SIDE: f64 = 340.0;
const TEXT: f64 = 16.0;
const LEFT: f64 = 100.0;
const TOP: f64 = 40.0;
const MARK: f64 = 5.0;

/// How far the coordinates of a distribution may be from a sum of 1.
const TOLERANCE: f64 = 1e-9;

/// A triangle whose points are the distributions over three classes.
#[derive(Debug, Clone)]
pub struct Simplex {
    picture: Picture,
    points: Vec<(String, [f64; 3])>,
    arrows: Vec<([f64; 3], [f64; 3])>,
    paths: Vec<Vec<[f64; 3]>>,
}

impl Simplex {
    /// An empty triangle. `id` is unique in the book; a screen reader reads `description`.
    pub fn new(id: &str, title: &str, description: &str) -> Self {
        Self {
            picture: Picture::new(id, title, description),
            points: Vec::new(),
            arrows: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// Adds a distribution, with letters to its right.
    pub fn point(mut self, label: &str, at: [f64; 3]) -> Self {
        self.points.push((label.to_owned(), at));
        self
    }

    /// Adds an arrow from one distribution to another: their difference.
    pub fn arrow(mut self, from: [f64; 3], to: [f64; 3]) -> Self {
        self.arrows.push((from, to));
        self
    }

    /// Adds a dashed line through distributions.
    pub fn path(mut self, through: &[[f64; 3]]) -> Self {
        self.paths.push(through.to_vec());
        self
    }

    /// The triangle as SVG, to be included in a page: no blank line, the same bytes in every run.
    ///
    /// # Errors
    ///
    /// [`Error::Distribution`] where three numbers are no distribution.
    pub fn svg(&self) -> Result<String, Error> {
        let mut drawing = String::new();
        let arrow = self.picture.part("arrow");
        let _ = writeln!(
            drawing,
            "<defs><marker id=\"{arrow}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" \
             markerHeight=\"8\" orient=\"auto\"><path d=\"M0 1 L9 5 L0 9 z\" fill=\"currentColor\"/></marker></defs>"
        );
        let corners = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let outline = line(&corners)?;
        let _ = writeln!(
            drawing,
            "<path d=\"{outline}z\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>"
        );
        for path in &self.paths {
            let _ = writeln!(
                drawing,
                "<path d=\"{}\" fill=\"none\" stroke=\"var(--series-1)\" stroke-width=\"2\" stroke-dasharray=\"7 4\"/>",
                line(path)?
            );
        }
        for &(from, to) in &self.arrows {
            let _ = writeln!(
                drawing,
                "<path d=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\" marker-end=\"url(#{arrow})\"/>",
                line(&[from, to])?
            );
        }
        for (_, at) in &self.points {
            let (x, y) = place(*at)?;
            let _ = writeln!(
                drawing,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{MARK}\" fill=\"var(--series-2)\" stroke=\"var(--series-2)\"/>"
            );
        }
        drawing.push_str(&self.letters()?);
        let size = (SIDE + 2.0 * LEFT, (TOP + height() + 2.2 * TEXT).ceil());
        Ok(self.picture.svg("drawing", size, &drawing))
    }

    fn letters(&self) -> Result<String, Error> {
        let mut letters = format!(
            "<g font-size=\"{TEXT}\" stroke=\"var(--bg)\" stroke-width=\"5\" stroke-linejoin=\"round\" \
             paint-order=\"stroke\">\n"
        );
        let mut text = |(x, y): (f64, f64), anchor: &str, label: &str| {
            let label = escape(label);
            let _ = writeln!(
                letters,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{label}</text>"
            );
        };
        let base = TOP + height() + 1.6 * TEXT;
        text((LEFT, base), "middle", "class 1");
        text((LEFT + SIDE / 2.0, TOP - 14.0), "middle", "class 2");
        text((LEFT + SIDE, base), "middle", "class 3");
        for (label, at) in &self.points {
            let (x, y) = place(*at)?;
            text((x + 12.0, y + 0.34 * TEXT), "start", label);
        }
        letters.push_str("</g>");
        Ok(letters)
    }
}

fn height() -> f64 {
    SIDE * 0.75_f64.sqrt()
}

/// Where a distribution lies: the mean of the corners, weighted by it.
fn place(at: [f64; 3]) -> Result<(f64, f64), Error> {
    let sum: f64 = at.iter().sum();
    if at.iter().any(|p| !(0.0..=1.0).contains(p)) || (sum - 1.0).abs() > TOLERANCE {
        return Err(Error::Distribution(at));
    }
    Ok((
        LEFT + SIDE * (0.5 * at[1] + at[2]),
        TOP + height() * (1.0 - at[1]),
    ))
}

fn line(through: &[[f64; 3]]) -> Result<String, Error> {
    let mut d = String::new();
    for (k, &at) in through.iter().enumerate() {
        let (x, y) = place(at)?;
        d.push(if k == 0 { 'M' } else { 'L' });
        number(&mut d, x);
        d.push(' ');
        number(&mut d, y);
    }
    Ok(d)
}
