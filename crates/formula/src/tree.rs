//! A formula as a tree.

use crate::name::Name;

/// A part of a formula, and where it stands in the TeX.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The offset at which it begins.
    pub at: usize,
}

/// What a part of a formula is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `12`, `0.5`, as written.
    Number(String),
    /// `\vx`, `x_i`, `J`.
    Symbol {
        /// The name, with its accents, primes and marks.
        name: Name,
        /// What is written below it.
        indices: Vec<Index>,
    },
    /// `\sigma(z)`, `\softmax_1(z, 0)`, `f''(t)`, `\sigma'`.
    Apply {
        /// The name of the function.
        name: Name,
        /// How many times it is differentiated.
        primes: usize,
        /// Which entry of the result.
        entry: Option<Index>,
        /// What it is applied to; none: where its variable stands.
        arguments: Vec<Node>,
    },
    /// `\exp(\theta_i)`, `\lVert \vx \rVert`.
    Call {
        /// The function.
        function: Function,
        /// Its argument.
        argument: Box<Node>,
    },
    /// `\max(z, 0)`.
    Max(Vec<Node>),
    /// `\max_k \theta_k`.
    MaxOver {
        /// The index that runs.
        index: Name,
        /// Of what.
        body: Box<Node>,
    },
    /// `\sum_{j \ne i} …`.
    Sum {
        /// The index that runs.
        index: Name,
        /// Where it runs.
        range: Range,
        /// What is added up.
        body: Box<Node>,
    },
    /// `-a`.
    Negative(Box<Node>),
    /// `a + b - c`: each with whether it is subtracted.
    Add(Vec<(bool, Node)>),
    /// `a b`, `a \odot b`.
    Product(Vec<(Times, Node)>),
    /// `\frac{a}{b}` or `a / b`.
    Quotient(Box<Node>, Box<Node>),
    /// `a^b`.
    Power(Box<Node>, Box<Node>),
    /// `a\T`.
    Transpose(Box<Node>),
    /// `\langle a, b \rangle`.
    Inner(Box<Node>, Box<Node>),
    /// The rows of a `bmatrix`.
    Matrix(Vec<Vec<Node>>),
    /// `\begin{cases}`: each value, and where it holds.
    Cases(Vec<(Node, Condition)>),
    /// `(u, \dot{u})`: a dual number.
    Pair(Box<Node>, Box<Node>),
    /// `\pd{a}{b}`: a Jacobian in numerator layout.
    Derivative {
        /// What is differentiated.
        of: Box<Node>,
        /// By what.
        by: Box<Node>,
    },
    /// `\nabla_{\mW} J`: in the shape of the variable.
    Gradient {
        /// What is differentiated.
        of: Box<Node>,
        /// By what.
        by: Box<Node>,
    },
    /// `O(h^2)`.
    Order {
        /// What goes to 0.
        variable: Name,
        /// How fast.
        power: u32,
    },
    /// `\underbrace{…}_{… H(\vy)}`: a part, and what it is said to be.
    Named {
        /// The part.
        body: Box<Node>,
        /// What it is said to be.
        name: Box<Node>,
    },
    /// `( … )`.
    Group(Box<Node>),
}

/// Something below a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Index {
    /// `i`, `n'`.
    Letter(Name),
    /// `2`, counted from 1.
    Digit(usize),
}

/// Where an index runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Range {
    /// Over all that it can.
    All,
    /// Over all but this one.
    Except(Index),
    /// From 1 to a number.
    To(Box<Node>),
}

/// The functions that every reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Exp,
    Log,
    Log2,
    Log1p,
    Tanh,
    Sqrt,
    CubeRoot,
    Abs,
    Norm,
    Diag,
}

/// The kinds of product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Side by side: of numbers, matrices and vectors.
    Juxtaposed,
    /// `\cdot`.
    Dot,
    /// `\odot`, entry by entry.
    Entrywise,
    /// `\otimes`, Kronecker's.
    Kronecker,
    /// `\div`.
    Divided,
}

/// `=`, `\le` and their like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Approximately,
}

/// `i \ne j`, `c \le u \le 1 - c`, `u < c \text{ or } u > 1 - c`, `k \in \{ 1, 2, 3 \}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// A chain of comparisons.
    Compare(Chain),
    /// An index and the numbers it runs through.
    In(Name, Vec<usize>, usize),
    /// One of them.
    Or(Vec<Condition>),
}

/// Members, and the relations between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The members.
    pub members: Vec<Node>,
    /// The relation behind each member but the last.
    pub relations: Vec<Relation>,
}

/// A chain, and under which conditions it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What is stated.
    pub chain: Chain,
    /// Where.
    pub conditions: Vec<Condition>,
}

impl Node {
    /// A part of a formula.
    pub fn new(at: usize, kind: Kind) -> Self {
        Self { kind, at }
    }

    /// The parts that it is made of, in the order in which they are written.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Number(_) | Kind::Symbol { .. } | Kind::Order { .. } => Vec::new(),
            Kind::Apply { arguments, .. } | Kind::Max(arguments) => arguments.iter().collect(),
            Kind::Call { argument: one, .. }
            | Kind::Negative(one)
            | Kind::Transpose(one)
            | Kind::Group(one)
            | Kind::MaxOver { body: one, .. } => vec![one],
            Kind::Sum { range, body, .. } => match range {
                Range::To(end) => vec![end, body],
                _ => vec![body],
            },
            Kind::Add(terms) => terms.iter().map(|(_, term)| term).collect(),
            Kind::Product(factors) => factors.iter().map(|(_, factor)| factor).collect(),
            Kind::Quotient(a, b) | Kind::Power(a, b) | Kind::Inner(a, b) | Kind::Pair(a, b) => {
                vec![a, b]
            }
            Kind::Derivative { of, by } | Kind::Gradient { of, by } => vec![of, by],
            Kind::Named { body, name } => vec![body, name],
            Kind::Matrix(rows) => rows.iter().flatten().collect(),
            Kind::Cases(rows) => {
                let parts = rows.iter();
                let parts = parts.flat_map(|(value, condition)| {
                    std::iter::once(value).chain(condition.members())
                });
                parts.collect()
            }
        }
    }

    /// The same parts, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.kind {
            Kind::Number(_) | Kind::Symbol { .. } | Kind::Order { .. } => Vec::new(),
            Kind::Apply { arguments, .. } | Kind::Max(arguments) => arguments.iter_mut().collect(),
            Kind::Call { argument: one, .. }
            | Kind::Negative(one)
            | Kind::Transpose(one)
            | Kind::Group(one)
            | Kind::MaxOver { body: one, .. } => vec![one],
            Kind::Sum { range, body, .. } => match range {
                Range::To(end) => vec![end, body],
                _ => vec![body],
            },
            Kind::Add(terms) => terms.iter_mut().map(|(_, term)| term).collect(),
            Kind::Product(factors) => factors.iter_mut().map(|(_, factor)| factor).collect(),
            Kind::Quotient(a, b) | Kind::Power(a, b) | Kind::Inner(a, b) | Kind::Pair(a, b) => {
                vec![a, b]
            }
            Kind::Derivative { of, by } | Kind::Gradient { of, by } => vec![of, by],
            Kind::Named { body, name } => vec![body, name],
            Kind::Matrix(rows) => rows.iter_mut().flatten().collect(),
            Kind::Cases(rows) => {
                let parts = rows.iter_mut();
                let parts = parts.flat_map(|(value, condition)| {
                    std::iter::once(value).chain(condition.members_mut())
                });
                parts.collect()
            }
        }
    }

    /// Changes every part, the outer before the inner.
    pub fn change(&mut self, change: &mut dyn FnMut(&mut Node)) {
        change(self);
        for child in self.children_mut() {
            child.change(change);
        }
    }

    /// Every part, this one first.
    pub fn all(&self) -> Vec<&Node> {
        let mut all = vec![self];
        let mut next = 0;
        while next < all.len() {
            all.extend(all[next].children());
            next += 1;
        }
        all
    }

    /// Whether it is of a kind, or a part of it.
    pub fn has(&self, is: &dyn Fn(&Kind) -> bool) -> bool {
        is(&self.kind) || self.children().iter().any(|child| child.has(is))
    }

    /// The part without the brackets around it.
    pub fn bare(&self) -> &Node {
        match &self.kind {
            Kind::Group(inner) => inner.bare(),
            _ => self,
        }
    }
}

impl Condition {
    /// What is compared.
    pub fn members(&self) -> Vec<&Node> {
        match self {
            Self::Compare(chain) => chain.members.iter().collect(),
            Self::In(..) => Vec::new(),
            Self::Or(conditions) => conditions.iter().flat_map(Self::members).collect(),
        }
    }

    /// What is compared, to be changed.
    pub fn members_mut(&mut self) -> Vec<&mut Node> {
        match self {
            Self::Compare(chain) => chain.members.iter_mut().collect(),
            Self::In(..) => Vec::new(),
            Self::Or(conditions) => conditions.iter_mut().flat_map(Self::members_mut).collect(),
        }
    }
}
