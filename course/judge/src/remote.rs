//! The answers, as functions: each sends its arguments to the process at the other end.
//!
//! A file of the same name in `runners` is the other end.

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use exercises::dual::Dual;
use exercises::gradients::Gradients;
use mistakes::Batch;
use ndarray::{Array1, Array2};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The way to the answer, until it breaks.
enum Line {
    Open(File),
    Broken(String),
}

thread_local! {
    // A check takes a plain function, which holds nothing.
    static LINE: RefCell<Line> = const { RefCell::new(Line::Broken(String::new())) };
}

/// Takes the standard input, a socket, as the way to the answer.
///
/// # Errors
///
/// When the standard input is closed.
pub fn open() -> io::Result<()> {
    let stream = io::stdin().as_fd().try_clone_to_owned()?;
    LINE.set(Line::Open(File::from(stream)));
    Ok(())
}

/// Why an answer did not come.
pub fn broken() -> Option<String> {
    LINE.with_borrow(|line| match line {
        Line::Open(_) => None,
        Line::Broken(reason) => Some(reason.clone()),
    })
}

/// Calls the answer. Once the line is broken, and from then on, the result says nothing.
fn call<Arguments, Question, Found>(
    arguments: Arguments,
    answer: impl FnMut(Question) -> f64,
) -> Found
where
    Arguments: Serialize,
    Question: DeserializeOwned,
    Found: DeserializeOwned + Default,
{
    LINE.with_borrow_mut(|line| {
        let Line::Open(stream) = line else {
            return Found::default();
        };
        wire::call(stream, &arguments, answer).unwrap_or_else(|error| {
            *line = Line::Broken(error.to_string());
            Found::default()
        })
    })
}

/// Calls an answer that asks nothing.
fn ask<Arguments: Serialize, Found: DeserializeOwned + Default>(
    arguments: Arguments,
) -> Found {
    call(arguments, |()| f64::NAN)
}

/// Exercise `logits`.
pub fn logits(x: &Array1<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    ask((x, w, b))
}

/// Exercise `jacobian`.
pub fn jacobian(y_hat: &Array1<f64>) -> Array2<f64> {
    ask(y_hat)
}

/// Exercise `gradients`.
pub fn gradients(
    x: &Array1<f64>,
    w: &Array2<f64>,
    delta: &Array1<f64>,
) -> Gradients {
    let (d_w, d_b, d_x) = ask((x, w, delta));
    Gradients { d_w, d_b, d_x }
}

/// Exercise `loss`.
pub fn loss(theta: &Array1<f64>, t: usize) -> f64 {
    ask((theta, t))
}

/// Exercise `differences`.
pub fn differences(
    f: &dyn Fn(&Array1<f64>) -> f64,
    at: &Array1<f64>,
) -> Array1<f64> {
    call(at, |point| f(&point))
}

/// Exercise `dual`.
pub fn dual(theta: &[Dual]) -> Vec<Dual> {
    let pairs: Vec<_> = theta.iter().map(|dual| (dual.value, dual.slope)).collect();
    let found: Vec<(f64, f64)> = ask(pairs);
    let duals = found.into_iter();
    duals.map(|(value, slope)| Dual { value, slope }).collect()
}

/// Exercise `test_point`.
pub fn test_point() -> Batch {
    let (x, y, w, b) = ask(());
    Batch { x, y, w, b }
}

/// Exercise `batch`.
pub fn batch(
    x: &Array2<f64>,
    y_hat: &Array2<f64>,
    y: &Array2<f64>,
) -> (Array2<f64>, Array1<f64>) {
    ask((x, y_hat, y))
}

/// Exercise `standardise`.
pub fn standardise(
    train: &Array2<f64>,
    held_out: &Array2<f64>,
) -> Option<Array2<f64>> {
    ask((train, held_out))
}

/// Exercise `hidden`.
pub fn hidden(
    x: &Array1<f64>,
    a: &Array1<f64>,
    w2: &Array2<f64>,
    delta2: &Array1<f64>,
) -> (Array2<f64>, Array1<f64>) {
    ask((x, a, w2, delta2))
}

/// Exercise `temperature`.
pub fn temperature(theta: &Array2<f64>, classes: &[usize]) -> f64 {
    ask((theta, classes))
}

/// Exercise `newton`.
pub fn newton(y: f64, slope: &mut dyn FnMut(f64) -> f64) -> f64 {
    call(y, slope)
}

/// Exercise `stable`.
pub fn stable(theta: &Array1<f64>) -> Array1<f64> {
    ask(theta)
}

/// Exercise `product`.
pub fn product(y_hat: &Array1<f64>, g: &Array1<f64>) -> Array1<f64> {
    ask((y_hat, g))
}

/// Exercise `confusion`.
pub fn confusion(y_hat: &Array2<f64>, classes: &[usize]) -> Array2<usize> {
    ask((y_hat, classes))
}

/// Exercise `halving`.
pub fn halving(
    loss: &dyn Fn(&Array1<f64>) -> f64,
    p: &Array1<f64>,
    g: &Array1<f64>,
    eta: f64,
) -> Array1<f64> {
    call((p, g, eta), |point| loss(&point))
}
