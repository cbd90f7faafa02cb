//! Matrices drawn to size, one square an entry, so that shapes can be seen to fit.

use std::fmt::Write;

use crate::svg::{Picture, escape, plain};

const HEIGHT: f64 = 32.0;
const NARROW: f64 = 32.0;
const GAP: f64 = 14.0;
const TEXT: f64 = 16.0;
const MARGIN: f64 = 10.0;

/// How much the colour of an entry covers.
const DENSITY: f64 = 0.16;

#[derive(Debug, Clone)]
enum Part {
    Matrix {
        name: String,
        rows: Vec<Vec<String>>,
        framed: Option<Framed>,
    },
    Sign(String),
}

/// The row or the column of a matrix that has a frame, counted from 0.
#[derive(Debug, Clone, Copy)]
pub enum Framed {
    /// A row.
    Row(usize),
    /// A column.
    Column(usize),
}

impl Part {
    /// The width of a square: its letters fit in it.
    fn square(rows: &[Vec<String>]) -> f64 {
        let letters = rows
            .iter()
            .flatten()
            .map(|cell| plain(cell).chars().count());
        (0.56 * TEXT * letters.max().unwrap_or(0) as f64 + 10.0).max(NARROW)
    }

    fn size(&self) -> (f64, f64) {
        match self {
            Self::Matrix { rows, .. } => {
                let columns = rows.first().map_or(0, Vec::len) as f64;
                (columns * Self::square(rows), rows.len() as f64 * HEIGHT)
            }
            Self::Sign(sign) => (0.62 * TEXT * plain(sign).chars().count() as f64, TEXT),
        }
    }
}

/// Matrices and the signs between them, side by side; below each its name.
///
/// An entry that is empty or 0 stays white, every other is coloured.
#[derive(Debug, Clone)]
pub struct Matrices {
    picture: Picture,
    parts: Vec<Part>,
}

impl Matrices {
    /// An empty row of matrices. `id` is unique in the book; a screen reader reads `description`.
    pub fn new(id: &str, title: &str, description: &str) -> Self {
        Self {
            picture: Picture::new(id, title, description),
            parts: Vec::new(),
        }
    }

    /// Adds a matrix, row by row.
    pub fn matrix<const K: usize>(self, name: &str, rows: &[[&str; K]]) -> Self {
        let rows = rows.iter().map(|row| row.map(str::to_owned).to_vec());
        self.with(name, rows.collect())
    }

    /// Adds a matrix of numbers, row by row, each with so many decimals; an exact 0 as such.
    pub fn numbers<'a, R>(self, name: &str, rows: R, decimals: usize) -> Self
    where
        R: IntoIterator<Item: IntoIterator<Item = &'a f64>>,
    {
        let cell = |&value: &f64| match value {
            0.0 => "0".to_owned(),
            _ => format!("{value:.decimals$}").replace('-', "−"),
        };
        let rows = rows
            .into_iter()
            .map(|row| row.into_iter().map(cell).collect());
        self.with(name, rows.collect())
    }

    /// Frames a row or a column of the matrix that was added last.
    pub fn framed(mut self, line: Framed) -> Self {
        if let Some(Part::Matrix { framed, .. }) = self.parts.last_mut() {
            *framed = Some(line);
        }
        self
    }

    /// Adds a sign, such as `=`.
    pub fn sign(mut self, sign: &str) -> Self {
        self.parts.push(Part::Sign(sign.to_owned()));
        self
    }

    fn with(mut self, name: &str, rows: Vec<Vec<String>>) -> Self {
        self.parts.push(Part::Matrix {
            name: name.to_owned(),
            rows,
            framed: None,
        });
        self
    }

    /// The matrices as SVG, to be included in a page: no blank line, the same bytes in every run.
    pub fn svg(&self) -> String {
        let sizes: Vec<(f64, f64)> = self.parts.iter().map(Part::size).collect();
        let tallest = sizes.iter().map(|size| size.1).fold(0.0, f64::max);
        let middle = MARGIN + tallest / 2.0;
        let (mut x, mut squares, mut letters) = (MARGIN, String::new(), String::new());
        let mut frames = String::new();
        for (part, &(width, height)) in self.parts.iter().zip(&sizes) {
            match part {
                Part::Matrix { name, rows, framed } => {
                    let corner = (x, middle - height / 2.0);
                    matrix(rows, corner, &mut squares, &mut letters);
                    if let Some(line) = framed {
                        frame(*line, corner, part.size(), Part::square(rows), &mut frames);
                    }
                    let below = (x + width / 2.0, middle + height / 2.0 + 1.5 * TEXT);
                    text(&mut letters, below, name);
                }
                Part::Sign(sign) => {
                    text(&mut letters, (x + width / 2.0, middle + 0.34 * TEXT), sign);
                }
            }
            x += width + GAP;
        }
        let drawing = format!(
            "<g stroke=\"currentColor\" stroke-width=\"1.2\">\n{squares}</g>\n{frames}\
             <g font-family=\"KaTeX_Main, serif\" font-size=\"{TEXT}\" text-anchor=\"middle\">\n{letters}</g>"
        );
        let size = (
            (x - GAP + MARGIN).ceil(),
            (tallest + 2.0 * MARGIN + 1.8 * TEXT).ceil(),
        );
        self.picture.svg("drawing", size, &drawing)
    }
}

fn matrix(rows: &[Vec<String>], (x, y): (f64, f64), squares: &mut String, letters: &mut String) {
    let width = Part::square(rows);
    for (i, row) in rows.iter().enumerate() {
        for (k, cell) in row.iter().enumerate() {
            let (left, top) = (x + k as f64 * width, y + i as f64 * HEIGHT);
            let fill = match cell.as_str() {
                "" | "0" => "fill=\"none\"".to_owned(),
                _ => format!("fill=\"var(--series-1)\" fill-opacity=\"{DENSITY}\""),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                squares,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" {fill}/>"
            );
            let centre = (left + width / 2.0, top + HEIGHT / 2.0 + 0.34 * TEXT);
            text(letters, centre, cell);
        }
    }
}

/// The frame of a row or a column of a matrix whose corner, size and width of a square are known.
fn frame(
    line: Framed,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    square: f64,
    frames: &mut String,
) {
    let (x, y, width, height) = match line {
        Framed::Row(row) => (x, y + row as f64 * HEIGHT, width, HEIGHT),
        Framed::Column(column) => (x + column as f64 * square, y, square, height),
    };
    let _ = writeln!(
        frames,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"none\" \
         stroke=\"var(--links)\" stroke-width=\"3\"/>"
    );
}

fn text(letters: &mut String, (x, y): (f64, f64), content: &str) {
    if !content.is_empty() {
        let content = escape(content);
        let _ = writeln!(letters, "<text x=\"{x:.1}\" y=\"{y:.1}\">{content}</text>");
    }
}
