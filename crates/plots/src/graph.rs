//! A graph of operations: what goes forward stands above an edge, what comes back below it.

use std::fmt::Write;

use crate::error::Error;
use crate::svg::{Picture, escape, number, plain};

/// From one column to the next, and from one row to the next.
const COLUMN: f64 = 128.0;
const ROW: f64 = 104.0;
const RADIUS: f64 = 22.0;
const TEXT: f64 = 17.0;
const NUMBERS: f64 = 14.0;
const LINE: f64 = 16.0;

/// Where the first letters of a value would touch the frame.
const MARGIN: f64 = 42.0;

#[derive(Debug, Clone)]
struct Node {
    name: String,
    label: String,
    /// A value has no frame: it is given, or it is the result.
    is_operation: bool,
    x: f64,
    y: f64,
}

impl Node {
    /// Half the width that the label needs.
    fn half(&self) -> f64 {
        let letters = plain(&self.label).chars().count() as f64;
        let text = 0.28 * TEXT * letters + 6.0;
        if self.is_operation {
            text.max(RADIUS - 4.0) + 4.0
        } else {
            text
        }
    }
}

#[derive(Debug, Clone)]
struct Edge {
    from: String,
    to: String,
    forward: Vec<String>,
    backward: Vec<String>,
}

/// A graph of operations, drawn from left to right in columns and rows.
///
/// An edge carries a value forward, written above it, and a gradient back, written below it.
#[derive(Debug, Clone)]
pub struct Graph {
    picture: Picture,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Graph {
    /// An empty graph. `id` is unique in the book; a screen reader reads `description`.
    pub fn new(id: &str, title: &str, description: &str) -> Self {
        Self {
            picture: Picture::new(id, title, description),
            nodes: Vec::new(),
            edges: Vec::new(),
        }
    }

    /// Adds a value that is given, or the result, in a column and a row counted from 0.
    pub fn value(self, name: &str, at: (f64, f64)) -> Self {
        self.with(name, name, false, at)
    }

    /// Adds an operation, by a name for the edges and the sign that is drawn.
    pub fn operation(self, name: &str, sign: &str, at: (f64, f64)) -> Self {
        self.with(name, sign, true, at)
    }

    /// Joins two nodes, with the lines of what goes forward and of what comes back.
    pub fn edge(mut self, from: &str, to: &str, forward: &[String], backward: &[String]) -> Self {
        self.edges.push(Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            forward: forward.to_vec(),
            backward: backward.to_vec(),
        });
        self
    }

    /// The graph as SVG, to be included in a page: no blank line, the same bytes in every run.
    ///
    /// # Errors
    ///
    /// [`Error::Node`] where an edge begins or ends at nothing.
    pub fn svg(&self) -> Result<String, Error> {
        let mut lines = String::new();
        let mut texts = String::new();
        for edge in &self.edges {
            let (from, to) = (self.node(&edge.from)?, self.node(&edge.to)?);
            draw(edge, from, to, &mut lines, &mut texts);
        }
        let nodes: String = self.nodes.iter().map(frame).collect();
        let arrow = self.picture.part("arrow");
        let drawing = format!(
            "<defs><marker id=\"{arrow}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" \
             markerHeight=\"7\" orient=\"auto\"><path d=\"M0 1 L9 5 L0 9 z\" fill=\"currentColor\"/></marker></defs>\n\
             <g stroke=\"currentColor\" stroke-width=\"1.5\" fill=\"none\" marker-end=\"url(#{arrow})\">\n{lines}</g>\n\
             <g font-family=\"KaTeX_Main, serif\" font-size=\"{TEXT}\" text-anchor=\"middle\">\n{nodes}</g>\n\
             <g font-size=\"{NUMBERS}\" text-anchor=\"middle\" stroke=\"var(--bg)\" stroke-width=\"5\" \
             stroke-linejoin=\"round\" paint-order=\"stroke\">\n{texts}</g>"
        );
        Ok(self.picture.svg("drawing", self.size(), &drawing))
    }

    fn with(mut self, name: &str, label: &str, is_operation: bool, (x, y): (f64, f64)) -> Self {
        self.nodes.push(Node {
            name: name.to_owned(),
            label: label.to_owned(),
            is_operation,
            x: MARGIN + COLUMN * x,
            y: MARGIN + ROW * y,
        });
        self
    }

    fn node(&self, name: &str) -> Result<&Node, Error> {
        let found = self.nodes.iter().find(|node| node.name == name);
        found.ok_or_else(|| Error::Node(name.to_owned()))
    }

    fn size(&self) -> (f64, f64) {
        let end = |of: fn(&Node) -> f64| self.nodes.iter().map(of).fold(0.0, f64::max) + MARGIN;
        (end(|node| node.x), end(|node| node.y))
    }
}

/// The line of an edge, and what stands above and below its middle.
fn draw(edge: &Edge, from: &Node, to: &Node, lines: &mut String, texts: &mut String) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy);
    let (along, across) = (dx / length, dy / length);
    // A steep line leaves a frame earlier than a level one leaves wide letters.
    let reach = |node: &Node| match node.is_operation || along.abs() < 0.7 {
        true => node.half().min(RADIUS / across.abs().max(1e-9)),
        false => node.half(),
    };
    let (begin, end) = (reach(from), reach(to) + 2.0);
    let point = |d: &mut String, letter: char, (x, y): (f64, f64)| {
        d.push(letter);
        number(d, x);
        d.push(' ');
        number(d, y);
    };
    lines.push_str("<path d=\"");
    point(
        lines,
        'M',
        (from.x + begin * along, from.y + begin * across),
    );
    point(lines, 'L', (to.x - end * along, to.y - end * across));
    lines.push_str("\"/>\n");
    let (start, finish) = (from.x + begin * along, to.x - end * along);
    let x = (start + finish) / 2.0 - 3.0;
    let middle = (from.y + begin * across + to.y - end * across) / 2.0;
    // Beside a slanted line wide letters need more room than beside a level one.
    let room = |lines: &[String]| {
        let letters = lines.iter().map(|line| plain(line).chars().count()).max();
        let half = 0.27 * NUMBERS * letters.unwrap_or(0) as f64;
        7.0 + half * (across / along.abs().max(1e-9)).abs().min(1.0)
    };
    let (above, below) = (room(&edge.forward), room(&edge.backward));
    for (k, line) in edge.forward.iter().rev().enumerate() {
        text(texts, (x, middle - above - LINE * k as f64), "", line);
    }
    for (k, line) in edge.backward.iter().enumerate() {
        let y = middle + below + 0.72 * NUMBERS + LINE * k as f64;
        text(texts, (x, y), " font-style=\"italic\"", line);
    }
}

fn text(texts: &mut String, (x, y): (f64, f64), attributes: &str, line: &str) {
    texts.push_str("<text x=\"");
    number(texts, x);
    texts.push_str("\" y=\"");
    number(texts, y);
    // Writing to a string cannot fail.
    let _ = writeln!(texts, "\"{attributes}>{}</text>", escape(line));
}

/// A node: its frame, where it has one, and its letters.
fn frame(node: &Node) -> String {
    let mut drawn = String::new();
    if node.is_operation {
        let half = node.half();
        let _ = writeln!(
            drawn,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{RADIUS}\" \
             fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>",
            node.x - half,
            node.y - RADIUS,
            2.0 * half,
            2.0 * RADIUS,
        );
    }
    text(&mut drawn, (node.x, node.y + 0.33 * TEXT), "", &node.label);
    drawn
}
