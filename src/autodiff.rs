//! Automatic differentiation: the derivative of what a piece of code computes, without a formula
//! for the whole of it. Forward with [`Dual`], in reverse on a [`Tape`].
//!
//! Both know the derivative of `+ − × ÷ exp ln` and the chain rule, and nothing else. A function
//! that is generic over [`Number`] is written once and runs with `f64`, with `Dual` and with
//! [`Var`].
//!
//! ```
//! use softmax_backprop::autodiff::{Dual, Number, Tape};
//!
//! fn f<T: Number>(u: T, v: T) -> T {
//!     u * v + u.exp()
//! }
//!
//! // Forward: one pass for each input, here u.
//! let by_u = f(Dual::variable(0.0), Dual::constant(3.0));
//! assert_eq!((by_u.value, by_u.derivative), (1.0, 4.0));
//!
//! // In reverse: one pass for all inputs.
//! let tape = Tape::new();
//! let (u, v) = (tape.var(0.0), tape.var(3.0));
//! let adjoints = f(u, v).backward();
//! assert_eq!((adjoints.of(u), adjoints.of(v)), (4.0, 0.0));
//! ```
//!
//! Values follow IEEE 754: `ln` of 0 is −∞ with the derivative ∞, and nothing panics.

use alloc::{vec, vec::Vec};
use core::cell::RefCell;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// What a formula computes with: `f64`, [`Dual`] or [`Var`]. An `f64` on the right is a constant.
pub trait Number:
    Copy
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Mul<f64, Output = Self>
{
    /// `eᵘ`.
    fn exp(self) -> Self;

    /// The natural logarithm.
    fn ln(self) -> Self;
}

/// A [`Number`] that stands by itself: a constant needs nothing but its value. A [`Var`] is none,
/// since it belongs to a tape.
pub trait Real: Number {
    /// The constant `c`.
    fn real(c: f64) -> Self;
}

impl Real for f64 {
    fn real(c: f64) -> Self {
        c
    }
}

impl<T: Real> Real for Dual<T> {
    fn real(c: f64) -> Self {
        Self::constant(T::real(c))
    }
}

impl Number for f64 {
    fn exp(self) -> Self {
        num_traits::Float::exp(self)
    }

    fn ln(self) -> Self {
        num_traits::Float::ln(self)
    }
}

/// A value `u` and its derivative `u̇` by one chosen input, which go through the code together.
///
/// `T` is what both are: `f64`, or a dual number again. `Dual<Dual>` carries a second derivative:
///
/// ```
/// use softmax_backprop::autodiff::{Dual, Number};
///
/// let u = Dual::variable(Dual::variable(2.0));
/// let cube = u * u * u;
/// assert_eq!(cube.derivative.derivative, 12.0); // 6u
/// ```
///
/// In the book: *Is the gradient right? Six routes to it*, (8.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual<T = f64> {
    /// `u`.
    pub value: T,
    /// `u̇`.
    pub derivative: T,
}

impl<T: Real> Dual<T> {
    /// The chosen input: its derivative by itself is 1.
    pub fn variable(value: T) -> Self {
        dual(value, T::real(1.0))
    }

    /// What does not depend on the chosen input: its derivative is 0.
    pub fn constant(value: T) -> Self {
        dual(value, T::real(0.0))
    }
}

fn dual<T>(value: T, derivative: T) -> Dual<T> {
    Dual { value, derivative }
}

impl<T: Number> Neg for Dual<T> {
    type Output = Self;
    fn neg(self) -> Self {
        dual(-self.value, -self.derivative)
    }
}

impl<T: Number> Add for Dual<T> {
    type Output = Self;
    fn add(self, v: Self) -> Self {
        dual(self.value + v.value, self.derivative + v.derivative)
    }
}

impl<T: Number> Sub for Dual<T> {
    type Output = Self;
    fn sub(self, v: Self) -> Self {
        dual(self.value - v.value, self.derivative - v.derivative)
    }
}

impl<T: Number> Mul for Dual<T> {
    type Output = Self;
    fn mul(self, v: Self) -> Self {
        let derivative = self.derivative * v.value + self.value * v.derivative;
        dual(self.value * v.value, derivative)
    }
}

impl<T: Number> Div for Dual<T> {
    type Output = Self;
    fn div(self, v: Self) -> Self {
        // (u̇v − uv̇) / v² in a form whose v² cannot leave the range of f64.
        let ratio = self.value / v.value;
        dual(ratio, (self.derivative - ratio * v.derivative) / v.value)
    }
}

impl<T: Number> Add<f64> for Dual<T> {
    type Output = Self;
    fn add(self, c: f64) -> Self {
        dual(self.value + c, self.derivative)
    }
}

impl<T: Number> Mul<f64> for Dual<T> {
    type Output = Self;
    fn mul(self, c: f64) -> Self {
        dual(self.value * c, self.derivative * c)
    }
}

impl<T: Number> Number for Dual<T> {
    fn exp(self) -> Self {
        let exp = self.value.exp();
        dual(exp, exp * self.derivative)
    }

    fn ln(self) -> Self {
        dual(self.value.ln(), self.derivative / self.value)
    }
}

/// The record of a computation: each operation's value, and beside it the derivatives by its one
/// or two operands.
#[derive(Debug, Default)]
pub struct Tape(RefCell<Vec<Node>>);

#[derive(Debug)]
struct Node {
    value: f64,
    /// The place of each operand on the tape, and the derivative by it.
    operands: [Option<(usize, f64)>; 2],
}

impl Tape {
    /// An empty tape.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new variable, or a constant whose derivative nobody asks for.
    pub fn var(&self, value: f64) -> Var<'_> {
        self.record(value, [None, None])
    }

    /// How many records it holds: variables and operations.
    pub fn records(&self) -> usize {
        self.0.borrow().len()
    }

    fn record(&self, value: f64, operands: [Option<(usize, f64)>; 2]) -> Var<'_> {
        let mut nodes = self.0.borrow_mut();
        nodes.push(Node { value, operands });
        let index = nodes.len() - 1;
        Var { tape: self, index }
    }
}

/// A place on a [`Tape`].
///
/// Two variables of different tapes have no common record. What is computed from both is NaN,
/// and so is every derivative of it.
#[derive(Debug, Clone, Copy)]
pub struct Var<'t> {
    tape: &'t Tape,
    index: usize,
}

impl<'t> Var<'t> {
    /// The value that was recorded.
    pub fn value(self) -> f64 {
        self.tape.0.borrow()[self.index].value
    }

    /// Reads the tape backwards from here: `v̄ = Σ ū ∂u/∂v` over all `u` computed from `v`, for
    /// every `v` at once, from the 1 of this variable by itself.
    ///
    /// In the book: *Is the gradient right? Six routes to it*, (8.2).
    pub fn backward(self) -> Adjoints<'t> {
        let nodes = self.tape.0.borrow();
        // None: this variable does not depend on it. 0 would turn an unused ∞ into NaN.
        let mut adjoints: Vec<Option<f64>> = vec![None; self.index + 1];
        adjoints[self.index] = Some(1.0);
        for (place, node) in nodes[..=self.index].iter().enumerate().rev() {
            let Some(adjoint) = adjoints[place] else {
                continue;
            };
            for (operand, derivative) in node.operands.into_iter().flatten() {
                let sum = adjoints[operand].unwrap_or(0.0);
                adjoints[operand] = Some(sum + adjoint * derivative);
            }
        }
        let (tape, adjoints) = (self.tape, adjoints);
        Adjoints { tape, adjoints }
    }

    fn unary(self, value: f64, derivative: f64) -> Self {
        self.tape
            .record(value, [Some((self.index, derivative)), None])
    }

    fn binary(self, v: Self, value: f64, by_self: f64, by_v: f64) -> Self {
        if !core::ptr::eq(self.tape, v.tape) {
            return self.unary(f64::NAN, f64::NAN);
        }
        let operands = [Some((self.index, by_self)), Some((v.index, by_v))];
        self.tape.record(value, operands)
    }
}

/// The derivatives of one variable by all that it was computed from.
#[derive(Debug, Clone)]
pub struct Adjoints<'t> {
    tape: &'t Tape,
    adjoints: Vec<Option<f64>>,
}

impl Adjoints<'_> {
    /// The derivative by `v`: 0 where nothing led from `v` to the variable, NaN where `v` is of
    /// another tape.
    pub fn of(&self, v: Var<'_>) -> f64 {
        if !core::ptr::eq(self.tape, v.tape) {
            return f64::NAN;
        }
        self.adjoints.get(v.index).copied().flatten().unwrap_or(0.0)
    }
}

impl Neg for Var<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(-self.value(), -1.0)
    }
}

impl Add for Var<'_> {
    type Output = Self;
    fn add(self, v: Self) -> Self {
        self.binary(v, self.value() + v.value(), 1.0, 1.0)
    }
}

impl Sub for Var<'_> {
    type Output = Self;
    fn sub(self, v: Self) -> Self {
        self.binary(v, self.value() - v.value(), 1.0, -1.0)
    }
}

impl Mul for Var<'_> {
    type Output = Self;
    fn mul(self, v: Self) -> Self {
        self.binary(v, self.value() * v.value(), v.value(), self.value())
    }
}

impl Div for Var<'_> {
    type Output = Self;
    fn div(self, v: Self) -> Self {
        let ratio = self.value() / v.value();
        self.binary(v, ratio, 1.0 / v.value(), -ratio / v.value())
    }
}

impl Add<f64> for Var<'_> {
    type Output = Self;
    fn add(self, c: f64) -> Self {
        self.unary(self.value() + c, 1.0)
    }
}

impl Mul<f64> for Var<'_> {
    type Output = Self;
    fn mul(self, c: f64) -> Self {
        self.unary(self.value() * c, c)
    }
}

impl Number for Var<'_> {
    fn exp(self) -> Self {
        let exp = self.value().exp();
        self.unary(exp, exp)
    }

    fn ln(self) -> Self {
        self.unary(self.value().ln(), 1.0 / self.value())
    }
}
