//! An expression, by `f64`, by dual numbers and on a tape.

#![no_main]

use std::ops::{Add, Div, Mul, Neg, Sub};

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use softmax_backprop::autodiff::{Dual, Number, Real, Tape};
use softmax_backprop_fuzz::{Range, near, number};

const VARIABLES: usize = 3;

/// One operation on a stack of values, as a pocket calculator in Polish notation has them.
#[derive(Debug, Clone, Copy)]
enum Operation {
    Variable(usize),
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    AddConstant(f64),
    MultiplyConstant(f64),
    Exp,
    Ln,
}

#[derive(Debug)]
struct Input {
    at: [f64; VARIABLES],
    operations: Vec<Operation>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let range = u.arbitrary()?;
        let at = [number(u, range)?, number(u, range)?, number(u, range)?];
        let count = u.int_in_range(1..=24)?;
        let operations = (0..count)
            .map(|_| operation(u, range))
            .collect::<Result<_>>()?;
        Ok(Self { at, operations })
    }
}

fn operation(u: &mut Unstructured, range: Range) -> Result<Operation> {
    Ok(match u.int_in_range(0..=11)? {
        0..=2 => Operation::Variable(u.int_in_range(0..=VARIABLES - 1)?),
        3 => Operation::Negate,
        4 => Operation::Add,
        5 => Operation::Subtract,
        6 => Operation::Multiply,
        7 => Operation::Divide,
        8 => Operation::AddConstant(number(u, range)?),
        9 => Operation::MultiplyConstant(number(u, range)?),
        10 => Operation::Exp,
        _ => Operation::Ln,
    })
}

/// The value of the expression. Where an operation lacks an operand the first variable stands in.
fn evaluate<T: Number>(operations: &[Operation], at: [T; VARIABLES]) -> T {
    let mut stack = vec![at[0]];
    for operation in operations {
        let mut operand = || stack.pop().unwrap_or(at[0]);
        let result = match *operation {
            Operation::Variable(variable) => at[variable],
            Operation::Negate => -operand(),
            Operation::Add => operand() + operand(),
            Operation::Subtract => operand() - operand(),
            Operation::Multiply => operand() * operand(),
            Operation::Divide => operand() / operand(),
            Operation::AddConstant(c) => operand() + c,
            Operation::MultiplyConstant(c) => operand() * c,
            Operation::Exp => operand().exp(),
            Operation::Ln => operand().ln(),
        };
        stack.push(result);
    }
    stack.pop().unwrap_or(at[0])
}

fuzz_target!(|input: Input| {
    let value = evaluate(&input.operations, input.at);
    let tape = Tape::new();
    let variables = input.at.map(|value| tape.var(value));
    let result = evaluate(&input.operations, variables);
    same(result.value(), value);
    let computed = input
        .operations
        .iter()
        .filter(|o| !matches!(o, Operation::Variable(_)))
        .count();
    assert_eq!(tape.records(), VARIABLES + computed);

    let adjoints = result.backward();
    for (chosen, recorded) in variables.into_iter().enumerate() {
        let forward = evaluate(&input.operations, variable(input.at, chosen));
        same(forward.value, value);
        let traced = evaluate(&input.operations, traced(input.at, chosen));
        if traced.tame {
            let allowed = 1e-13 * traced.size;
            near(
                "derivative",
                forward.derivative,
                adjoints.of(recorded),
                allowed,
            );
        }
    }
    second_derivatives(&input);

    let later = tape.var(1.0);
    assert_eq!(adjoints.of(later), 0.0);
    let other = Tape::new().var(1.0).value();
    same(other, 1.0);
    let elsewhere = Tape::new();
    let stranger = elsewhere.var(2.0);
    assert!(adjoints.of(stranger).is_nan());
    let mixed = later + stranger;
    assert!(mixed.value().is_nan() && mixed.backward().of(later).is_nan());
});

/// The same bits, or both no number.
fn same(one: f64, other: f64) {
    assert!(
        one == other || one.is_nan() && other.is_nan(),
        "{one:e} and {other:e}"
    );
}

/// The variables, the derivative taken by one of them.
fn variable<T: Real>(at: [T; VARIABLES], chosen: usize) -> [Dual<T>; VARIABLES] {
    let mut duals = at.map(Dual::constant);
    duals[chosen] = Dual::variable(at[chosen]);
    duals
}

/// `∂²/∂u∂v` and `∂²/∂v∂u` are the same; the first derivatives in it are those without it.
fn second_derivatives(input: &Input) {
    let nested = |outer: usize, inner: usize| {
        let mut duals = variable(input.at, inner).map(Dual::constant);
        duals[outer].derivative = Dual::constant(1.0);
        evaluate(&input.operations, duals)
    };
    let (one, other) = (nested(0, 1), nested(1, 0));
    let first = evaluate(&input.operations, variable(input.at, 1));
    same(one.value.value, first.value);
    same(one.value.derivative, first.derivative);

    let mut sizes = traced(input.at, 1).map(|value| Dual {
        value,
        derivative: Traced::of(0.0, 0.0, true),
    });
    sizes[0].derivative.value = 1.0;
    let size = evaluate(&input.operations, sizes).derivative;
    if size.tame {
        let (one, other) = (one.derivative.derivative, other.derivative.derivative);
        near("second derivative", one, other, 1e-13 * size.size);
    }
}

/// A number, its derivative with all signs taken for the same, and whether all on the way was
/// 0 or so near 1 that 24 such factors stay in the range, in whichever order.
///
/// A derivative is a sum over all ways from the variable to the result. Two orders of that sum
/// differ by rounding in proportion to the sum of the sizes, not to the derivative.
#[derive(Debug, Clone, Copy)]
struct Traced {
    value: f64,
    size: f64,
    tame: bool,
}

fn traced(at: [f64; VARIABLES], chosen: usize) -> [Traced; VARIABLES] {
    let size = |variable: usize| if variable == chosen { 1.0 } else { 0.0 };
    std::array::from_fn(|variable| Traced::of(at[variable], size(variable), true))
}

fn moderate(number: f64) -> bool {
    number == 0.0 || (1e-10..1e10).contains(&number.abs())
}

impl Traced {
    fn of(value: f64, size: f64, tame: bool) -> Self {
        let tame = tame && moderate(value);
        Self { value, size, tame }
    }

    fn unary(self, value: f64, slope: f64) -> Self {
        let tame = self.tame && moderate(slope);
        Self::of(value, self.size * slope.abs(), tame)
    }

    fn binary(self, v: Self, value: f64, by_self: f64, by_v: f64) -> Self {
        let (one, other) = (self.unary(value, by_self), v.unary(value, by_v));
        Self::of(value, one.size + other.size, one.tame && other.tame)
    }
}

impl Neg for Traced {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(-self.value, 1.0)
    }
}

impl Add for Traced {
    type Output = Self;
    fn add(self, v: Self) -> Self {
        self.binary(v, self.value + v.value, 1.0, 1.0)
    }
}

impl Sub for Traced {
    type Output = Self;
    fn sub(self, v: Self) -> Self {
        self.binary(v, self.value - v.value, 1.0, 1.0)
    }
}

impl Mul for Traced {
    type Output = Self;
    fn mul(self, v: Self) -> Self {
        self.binary(v, self.value * v.value, v.value, self.value)
    }
}

impl Div for Traced {
    type Output = Self;
    fn div(self, v: Self) -> Self {
        let ratio = self.value / v.value;
        self.binary(v, ratio, 1.0 / v.value, ratio / v.value)
    }
}

impl Add<f64> for Traced {
    type Output = Self;
    fn add(self, c: f64) -> Self {
        self.unary(self.value + c, 1.0)
    }
}

impl Mul<f64> for Traced {
    type Output = Self;
    fn mul(self, c: f64) -> Self {
        self.unary(self.value * c, c)
    }
}

impl Number for Traced {
    fn exp(self) -> Self {
        let exp = self.value.exp();
        // 0 is no exponential: it lost all digits.
        let tame = self.tame && exp > 0.0;
        Self { tame, ..self }.unary(exp, exp)
    }

    fn ln(self) -> Self {
        self.unary(self.value.ln(), 1.0 / self.value)
    }
}
