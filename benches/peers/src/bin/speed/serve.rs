//! The side of a peer in Rust: it reads tasks, runs them, and says how long that took.

use std::io::{self, Write};
use std::time::Instant;

use super::task::Task;
use super::{Failure, candle, linfa, own};

/// A task that a peer has taken.
pub trait Work {
    /// Does it, once more.
    fn run(&mut self) -> Result<(), Failure>;

    /// What the last run found: the loss, and the length of its gradient.
    fn found(&self) -> Result<[f64; 2], Failure>;
}

/// A measurement lasts at least so long, in seconds: the first runs find the caches as the peer before has
/// left them.
const LONG: f64 = 0.2;

/// Answers until the input ends: a task with `ok`, loss and length of the gradient, or with `no`
/// and a reason; `time` with the seconds of a run.
pub fn serve(name: &str) -> Result<(), Failure> {
    let take: fn(Task) -> Result<Box<dyn Work>, Failure> = match name {
        "crate" | "newton" => own::take,
        "lbfgs" => own::take_lbfgs,
        "candle" => candle::take,
        "linfa" => linfa::take,
        _ => return Err(format!("{name} is no peer in Rust").into()),
    };
    let mut out = io::stdout();
    let mut current: Option<Begun> = None;
    for line in io::stdin().lines() {
        let answer = match (line?.as_str(), &mut current) {
            ("version", _) => version(name),
            ("time", Some(begun)) => format!("{:e}", begun.time()?),
            (line, _) => {
                let begun = Task::read(line).and_then(take).and_then(Begun::new);
                match begun.and_then(|begun| Ok((begun.work.found()?, begun))) {
                    Ok(([loss, length], begun)) => {
                        current = Some(begun);
                        format!("ok {loss:e} {length:e}")
                    }
                    Err(error) => format!("no {error}"),
                }
            }
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// A task that has been run, and how often a measurement is to run it.
struct Begun {
    work: Box<dyn Work>,
    times: u32,
}

impl Begun {
    fn new(mut work: Box<dyn Work>) -> Result<Self, Failure> {
        let mut once = f64::INFINITY;
        for _ in 0..2 {
            let begin = Instant::now();
            work.run()?;
            once = once.min(begin.elapsed().as_secs_f64());
            // The first run is often slow. Whether it is matters where it is short.
            if once > LONG {
                break;
            }
        }
        let times = (LONG / once).ceil().clamp(1.0, 1e6) as u32;
        Ok(Self { work, times })
    }

    /// The seconds of a run.
    fn time(&mut self) -> Result<f64, Failure> {
        let begin = Instant::now();
        for _ in 0..self.times {
            self.work.run()?;
        }
        Ok(begin.elapsed().as_secs_f64() / f64::from(self.times))
    }
}

/// The version of a peer, as `Cargo.lock` has it.
fn version(name: &str) -> String {
    let package = match name {
        "candle" => "candle-core",
        "linfa" => "linfa-logistic",
        _ => "softmax-backprop",
    };
    let lock = include_str!("../../../Cargo.lock");
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \""));
    let version = after.and_then(|(_, after)| after.split('"').next());
    format!("{package} {}", version.unwrap_or("?"))
}
