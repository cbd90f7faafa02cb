//! The kinds of sheets.

mod graph;
mod jacobian;
mod network;
mod shapes;
pub mod wrong_line;

use std::fmt;

/// The kinds of sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The network forward, backward, and one step.
    Network,
    /// The Jacobian of softmax with holes.
    Jacobian,
    /// The network worked out, with one wrong line.
    WrongLine,
    /// Symbols and their shapes.
    Shapes,
    /// The loss as a graph, forward and backward.
    Graph,
}

/// A sheet and its key, as HTML: a `section` each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What is handed out.
    pub task: String,
    /// What it comes to.
    pub key: String,
}

/// Why there is no sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The crate refuses a network.
    Network(softmax_backprop::Error),
    /// No numbers were found that are kind enough.
    Unkind {
        /// The kind of the sheet.
        kind: Kind,
        /// Its seed.
        seed: u32,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(error) => error.fmt(f),
            Self::Unkind { kind, seed } => write!(
                f,
                "{}-{seed}: found no numbers that suit a pencil; take another seed",
                kind.name()
            ),
        }
    }
}

impl std::error::Error for Error {}

impl From<softmax_backprop::Error> for Error {
    fn from(error: softmax_backprop::Error) -> Self {
        Self::Network(error)
    }
}

/// What a kind makes of a seed: the text of the task, and that of the key.
type Bodies = Result<(String, String), Error>;

impl Kind {
    /// All kinds, in the order in which the page counts them.
    pub const ALL: [Self; 5] = [
        Self::Network,
        Self::Jacobian,
        Self::WrongLine,
        Self::Shapes,
        Self::Graph,
    ];

    /// What it is called on the command line, and before the seed on the sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Jacobian => "jacobian",
            Self::WrongLine => "wrong-line",
            Self::Shapes => "shapes",
            Self::Graph => "graph",
        }
    }

    /// The heading of its sheets.
    const fn title(self) -> &'static str {
        match self {
            Self::Network => "Forward, backward, and one step",
            Self::Jacobian => "The Jacobian of softmax",
            Self::WrongLine => "Find the wrong line",
            Self::Shapes => "Match the shapes",
            Self::Graph => "The loss as a graph",
        }
    }

    /// The sheet of a seed, the same in every run and on every machine.
    ///
    /// # Errors
    ///
    /// [`Error::Unkind`] where the seed leads to no numbers that suit a pencil; none is known.
    pub fn sheet(self, seed: u32) -> Result<Sheet, Error> {
        let (task, key) = match self {
            Self::Network => network::bodies(seed),
            Self::Jacobian => jacobian::bodies(seed),
            Self::WrongLine => wrong_line::bodies(seed),
            Self::Shapes => shapes::bodies(seed),
            Self::Graph => graph::bodies(seed),
        }?;
        let (title, name) = (self.title(), self.name());
        Ok(Sheet {
            task: format!(
                "<section class=\"worksheet\">\n<h2>{title}</h2>\n\
                 <p class=\"of\"><span>Name: <span class=\"student\"></span></span> <span>Sheet {name}-{seed}</span></p>\n{task}</section>\n"
            ),
            key: format!(
                "<section class=\"worksheet key\">\n<h2>Key: {title}</h2>\n\
                 <p class=\"of\"><span class=\"student\"></span> <span>Sheet {name}-{seed}</span></p>\n{key}</section>\n"
            ),
        })
    }
}
