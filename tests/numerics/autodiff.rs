//! Forward and reverse mode: each operation against its known derivative and central differences.

// `u - u` and `v / v` are meant.
#![allow(clippy::eq_op)]

use ndarray::{Array1, Array2, array};
use proptest::collection::vec;
use proptest::prelude::*;
use softmax_backprop::autodiff::{Dual, Number, Tape, Var};
use softmax_backprop::{Classifier, Layer, Target, central_differences};

use crate::random::same_cases_each_time;

/// A function of two numbers, for each of the kinds of number.
struct Function {
    name: &'static str,
    plain: fn(f64, f64) -> f64,
    dual: fn(Dual, Dual) -> Dual,
    var: for<'t> fn(Var<'t>, Var<'t>) -> Var<'t>,
    /// The known derivatives.
    by_u: fn(f64, f64) -> f64,
    by_v: fn(f64, f64) -> f64,
}

/// The same expression for all three kinds.
macro_rules! function {
    ($name:literal, |$u:ident, $v:ident| $f:expr, $by_u:expr, $by_v:expr) => {{
        fn f<T: Number>($u: T, $v: T) -> T {
            $f
        }
        Function {
            name: $name,
            plain: f::<f64>,
            dual: f::<Dual>,
            var: |u, v| f(u, v),
            by_u: |$u, $v| $by_u,
            by_v: |$u, $v| $by_v,
        }
    }};
}

#[allow(unused_variables)]
fn functions() -> Vec<Function> {
    vec![
        function!("u", |u, v| u, 1.0, 0.0),
        function!("-u", |u, v| -u, -1.0, 0.0),
        function!("u + v", |u, v| u + v, 1.0, 1.0),
        function!("u - v", |u, v| u - v, 1.0, -1.0),
        function!("u v", |u, v| u * v, v, u),
        function!("u / v", |u, v| u / v, 1.0 / v, -u / (v * v)),
        function!("u + 3", |u, v| u + 3.0, 1.0, 0.0),
        function!("3 u", |u, v| u * 3.0, 3.0, 0.0),
        function!("exp u", |u, v| u.exp(), f64::exp(u), 0.0),
        function!("ln v", |u, v| v.ln(), 0.0, 1.0 / v),
        // One variable twice, and as both operands of one operation.
        function!("u + u", |u, v| u + u, 2.0, 0.0),
        function!("u - u", |u, v| u - u, 0.0, 0.0),
        function!("u u", |u, v| u * u, 2.0 * u, 0.0),
        function!("v / v", |u, v| v / v, 0.0, 0.0),
        function!("u v + exp u", |u, v| u * v + u.exp(), v + f64::exp(u), u),
        function!(
            "u u u / (u + v)",
            |u, v| u * u * u / (u + v),
            (2.0 * u * u * u + 3.0 * u * u * v) / ((u + v) * (u + v)),
            -u * u * u / ((u + v) * (u + v))
        ),
        // A chain.
        function!(
            "exp(ln(v) u)",
            |u, v| (v.ln() * u).exp(),
            v.powf(u) * f64::ln(v),
            u * v.powf(u - 1.0)
        ),
    ]
}

/// Equal but for a few last bits.
fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-14 * one.abs().max(other.abs()).max(1.0)
}

#[test]
fn each_operation_has_its_known_derivative_in_both_modes() {
    for (u, v) in [(0.7, 1.3), (-2.1, 0.4), (0.0, 3.0)] {
        for f in functions() {
            let at = format!("{} at u = {u}, v = {v}", f.name);
            let (by_u, by_v) = ((f.by_u)(u, v), (f.by_v)(u, v));

            let forward_u = (f.dual)(Dual::variable(u), Dual::constant(v));
            let forward_v = (f.dual)(Dual::constant(u), Dual::variable(v));
            assert!(close(forward_u.derivative, by_u), "∂u, forward: {at}");
            assert!(close(forward_v.derivative, by_v), "∂v, forward: {at}");
            assert_eq!(forward_u.value, (f.plain)(u, v), "{at}");

            let tape = Tape::new();
            let (a, b) = (tape.var(u), tape.var(v));
            let result = (f.var)(a, b);
            let adjoints = result.backward();
            assert!(close(adjoints.of(a), by_u), "∂u, in reverse: {at}");
            assert!(close(adjoints.of(b), by_v), "∂v, in reverse: {at}");
            assert_eq!(adjoints.of(result), 1.0, "{at}");
            assert_eq!(result.value(), (f.plain)(u, v), "{at}");
        }
    }
}

#[test]
fn the_known_derivatives_are_those_of_central_differences() {
    for f in functions() {
        let (u, v) = (0.7, 1.3);
        let slopes = central_differences(|p| Ok((f.plain)(p[0], p[1])), &array![u, v]).unwrap();
        assert!((slopes[0] - (f.by_u)(u, v)).abs() < 1e-9, "∂u: {}", f.name);
        assert!((slopes[1] - (f.by_v)(u, v)).abs() < 1e-9, "∂v: {}", f.name);
    }
}

#[test]
fn every_intermediate_variable_has_an_adjoint() {
    let tape = Tape::new();
    let u = tape.var(2.0);
    let square = u * u;
    let sum = square + u;
    let result = sum * square;
    // z = (s + u) s with s = u²
    let adjoints = result.backward();
    assert_eq!(adjoints.of(sum), 4.0);
    assert_eq!(adjoints.of(square), 10.0);
    assert_eq!(adjoints.of(u), 44.0);
    assert_eq!(tape.records(), 4);
    // The tape is still there: the same from a point further up.
    assert_eq!(square.backward().of(u), 4.0);
}

#[test]
fn what_does_not_lead_to_the_result_has_derivative_0() {
    let tape = Tape::new();
    assert_eq!(tape.records(), 0);
    let (u, unused) = (tape.var(0.0), tape.var(5.0));
    // Its derivative is ∞, and the result does not depend on it.
    let beside = u.ln();
    let result = u * 2.0;
    let adjoints = result.backward();
    let later = tape.var(1.0);
    assert_eq!(adjoints.of(u), 2.0);
    for v in [unused, beside, later, later * u] {
        assert_eq!(adjoints.of(v), 0.0);
    }
}

#[test]
fn two_tapes_do_not_mix() {
    let (one, other) = (Tape::new(), Tape::new());
    let filler = other.var(1.0);
    let (a, b) = (one.var(2.0), other.var(3.0) + filler);
    for mixed in [a + b, a - b, a * b, a / b, (a * b).exp() + a] {
        assert!(mixed.value().is_nan());
        assert!(mixed.backward().of(a).is_nan());
        assert!(mixed.backward().of(b).is_nan());
    }
    // Asked for a variable of another tape, even at the same place.
    assert!((a * a).backward().of(filler).is_nan());
    assert_eq!((a * a).backward().of(a), 4.0);
}

#[test]
fn edge_values_follow_ieee_754_and_do_not_panic() {
    type Edge = (
        &'static str,
        f64,
        fn(Dual) -> Dual,
        fn(Var<'_>) -> Var<'_>,
        [f64; 2],
    );
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    let edges: [Edge; 8] = [
        ("ln 0", 0.0, |u| u.ln(), |u| u.ln(), [-INF, INF]),
        ("ln ∞", INF, |u| u.ln(), |u| u.ln(), [INF, 0.0]),
        ("exp 710", 710.0, |u| u.exp(), |u| u.exp(), [INF, INF]),
        ("exp −∞", -INF, |u| u.exp(), |u| u.exp(), [0.0, 0.0]),
        ("0 / 0", 0.0, |u| u / u, |u| u / u, [NAN, NAN]),
        (
            "0 ln 0",
            0.0,
            |u| u.ln() * 0.0,
            |u| u.ln() * 0.0,
            [NAN, NAN],
        ),
        ("NaN", NAN, |u| u * u + 1.0, |u| u * u + 1.0, [NAN, NAN]),
        // v² would be 0, v is not.
        (
            "1e-300 / 1e-170",
            1e-170,
            |u| Dual::constant(1e-300) / u,
            |u| u / u * 1e-300 / u,
            [1e-130, -1e40],
        ),
    ];
    let same = |one: f64, other: f64| {
        one == other || (one.is_nan() && other.is_nan()) || (one / other - 1.0).abs() < 1e-14
    };
    for (name, at, forward, reverse, [value, derivative]) in edges {
        let found = forward(Dual::variable(at));
        assert!(same(found.value, value), "{name}: {found:?}");
        assert!(same(found.derivative, derivative), "{name}: {found:?}");
        let tape = Tape::new();
        let u = tape.var(at);
        let result = reverse(u);
        let by_u = result.backward().of(u);
        assert!(same(result.value(), value), "{name}: {}", result.value());
        assert!(same(by_u, derivative), "{name}: {by_u}");
    }
}

/// The loss of a network of two inputs and three classes: `W` row by row, then `b`.
fn loss<T: Number>(p: &[T], x: &[f64], y: &[f64]) -> T {
    let theta = [0, 1, 2].map(|k| p[k] * x[0] + p[3 + k] * x[1] + p[6 + k]);
    let sum = theta[0].exp() + theta[1].exp() + theta[2].exp();
    sum.ln() - (theta[0] * y[0] + theta[1] * y[1] + theta[2] * y[2])
}

proptest! {
    #![proptest_config(same_cases_each_time(100, 8))]

    #[test]
    fn both_modes_give_the_gradient_of_the_derivation(
        p in vec(-2.0..2.0, 9),
        x in vec(-2.0..2.0, 2),
        share in vec(0.1..1.0, 3),
    ) {
        let y: Vec<f64> = share.iter().map(|s| s / share.iter().sum::<f64>()).collect();
        let w = Array2::from_shape_vec((2, 3), p[..6].to_vec()).unwrap();
        let classifier = Classifier::new(Layer::new(w, Array1::from(p[6..].to_vec())).unwrap());
        let target = Target::distribution(Array1::from(y.clone())).unwrap();
        let forward = classifier.forward(&Array1::from(x.clone()), &target).unwrap();
        let gradients = classifier.backward(&forward).unwrap();
        let expected: Vec<f64> = gradients.w.iter().chain(&gradients.b).copied().collect();

        let tape = Tape::new();
        let vars: Vec<Var> = p.iter().map(|&value| tape.var(value)).collect();
        let result = loss(&vars, &x, &y);
        let adjoints = result.backward();
        prop_assert!((result.value() - forward.loss).abs() < 1e-13);
        for (at, expected) in expected.iter().enumerate() {
            let mut duals: Vec<Dual> = p.iter().map(|&value| Dual::constant(value)).collect();
            duals[at].derivative = 1.0;
            prop_assert!((loss(&duals, &x, &y).derivative - expected).abs() < 1e-13);
            prop_assert!((adjoints.of(vars[at]) - expected).abs() < 1e-13);
        }
    }
}
