//! Prints how fast the crate is beside its peers, as tables in Markdown.
//!
//! ```console
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin speed
//! ```
//!
//! Four parts, `layer`, `rows`, `growth` and `train`; named as arguments, only these run. Each peer is a
//! process of its own with one thread, given the same numbers. They take turns, one measurement
//! each, and a table shows the median of their turns. What they computed is compared, too.
//!
//! The Python peers run in `target/python`, which is made with the versions of `requirements.txt`,
//! or in the interpreter that `PEERS_PYTHON` names. Where there is none, they are left out.

mod candle;
mod child;
mod linfa;
mod own;
mod serve;
mod table;
mod task;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use child::{COUNTED, Child};
use task::{Kind, Task};

/// What went wrong.
pub type Failure = Box<dyn std::error::Error>;

/// Examples and classes, as in the crate's own table.
const SIZES: [(usize, usize); 6] = [
    (1, 3),
    (150, 3),
    (10_000, 10),
    (1_024, 1_000),
    (4_096, 1_000),
    (256, 32_000),
];

/// Examples and classes by which time and memory are seen to grow, one at a time.
const GROWTH: [(usize, usize); 8] = [
    (100, 100),
    (1_000, 100),
    (10_000, 100),
    (100_000, 100),
    (256, 10),
    (256, 100),
    (256, 1_000),
    (256, 10_000),
];

/// Inputs of the whole layer.
const INPUTS: usize = 64;

/// A median is taken of so many turns,
const TURNS: usize = 9;

/// unless they take longer than this; then of fewer, at least one.
const PATIENCE: Duration = Duration::from_secs(30);

/// Peers that compute a loss and its gradient.
const GRADIENTS: [&str; 5] = ["crate", "candle", "numpy", "torch", "jax"];

/// Who is asked how time and memory grow.
const GROWERS: [&str; 3] = ["crate", "numpy", "torch"];

/// Who finds the layer of the smallest loss: two methods of the crate, then the peers.
const TRAINERS: [&str; 4] = ["newton", "lbfgs", "linfa", "sklearn"];

/// How far above the smallest loss a trainer may stop.
const NEAR: f64 = 1e-8;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [serve, name] if serve == "serve" => serve::serve(name),
        parts => measure(parts),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(parts: &[String]) -> Result<(), Failure> {
    if let Some(part) = parts
        .iter()
        .find(|part| !["layer", "rows", "growth", "train"].contains(&part.as_str()))
    {
        return Err(format!("{part}: expected layer, rows, growth or train").into());
    }
    let asked = |part: &str| parts.is_empty() || parts.iter().any(|one| one == part);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = child::python(root);
    let start_in = |surroundings: &[(&str, &str)], names: &[&'static str]| -> Vec<Child> {
        let started = names
            .iter()
            .map(|name| Child::start(name, root, &python, surroundings));
        let mut children = Vec::new();
        for (name, child) in names.iter().zip(started) {
            match child {
                Ok(child) => children.push(child),
                Err(error) => eprintln!("{name} is left out: {error}"),
            }
        }
        children
    };
    let start = |names: &[&'static str]| start_in(&[], names);

    println!("{}\n", table::machine());
    if asked("layer") || asked("rows") {
        let mut peers = start(&GRADIENTS);
        println!("{}\n", table::versions(&peers));
        for kind in [Kind::Layer, Kind::Rows] {
            for float in ["f64", "f32"] {
                if asked(kind.name()) {
                    gradients(&mut peers, kind, float)?;
                }
            }
        }
    }
    if asked("growth") {
        growth(&mut start(&GROWERS), &mut start_in(&COUNTED, &GROWERS))?;
    }
    if asked("train") {
        let mut peers = start(&TRAINERS);
        println!("{}\n", table::versions(&peers));
        println!("{}", table::training_head(&peers));
        for task in [task::overlapping(), task::penguins()?] {
            train(&mut peers, &task)?;
        }
    }
    Ok(())
}

/// One table: a row for each size, a column for each peer.
fn gradients(peers: &mut [Child], kind: Kind, float: &'static str) -> Result<(), Failure> {
    println!("{}", table::gradients_head(peers, kind, float, INPUTS));
    for (examples, classes) in SIZES {
        let task = Task::of_gradient(kind, float, examples, INPUTS, classes);
        task.write()?;
        let (mut ready, mut found) = (Vec::new(), Vec::new());
        for peer in peers.iter_mut() {
            let answer = peer.prepare(&task.line("0"))?;
            ready.push(answer.is_some());
            found.extend(answer.map(|answer| (peer.name, answer)));
        }
        agree(&found, float)?;
        let times = take_turns(peers, &ready)?;
        println!("{}", table::gradients_row(examples, classes, &times));
    }
    println!();
    Ok(())
}

/// One table: for each size the times, and the memory beside inputs, weights and labels. Who counts
/// memory is not measured, because giving it back takes time.
fn growth(peers: &mut [Child], counted: &mut [Child]) -> Result<(), Failure> {
    println!(
        "{}\n\n{}",
        table::versions(peers),
        table::growth_head(peers, INPUTS)
    );
    for peer in counted.iter_mut() {
        peer.idle()?;
    }
    for (examples, classes) in GROWTH {
        let task = Task::of_gradient(Kind::Layer, "f64", examples, INPUTS, classes);
        task.write()?;
        for peer in peers.iter_mut().chain(counted.iter_mut()) {
            peer.prepare(&task.line("0"))?;
        }
        let times = take_turns(peers, &vec![true; peers.len()])?;
        let memory = counted.iter_mut().map(|peer| peer.memory(&task));
        let memory = memory.collect::<Result<Vec<_>, _>>()?;
        println!("{}", table::growth_row(examples, classes, &times, &memory));
    }
    println!();
    Ok(())
}

/// Whether all found the same loss, and a gradient of the same length.
fn agree(found: &[(&str, [f64; 2])], float: &str) -> Result<(), Failure> {
    let near = if float == "f64" { 1e-9 } else { 1e-3 };
    let Some((first, expected)) = found.first() else {
        return Ok(());
    };
    for (name, answer) in found {
        let mut pairs = expected.iter().zip(answer);
        if !pairs.all(|(a, b)| (a - b).abs() <= near * a.abs()) {
            return Err(format!("{first} found {expected:?}, {name} {answer:?}").into());
        }
    }
    Ok(())
}

/// One row: the time to come as near to the smallest loss as [`NEAR`], each peer with the loosest
/// tolerance with which it does.
fn train(peers: &mut [Child], task: &Task) -> Result<(), Failure> {
    task.write()?;
    let best = peers[..1]
        .iter_mut()
        .map(|peer| peer.prepare(&task.line("1e-10")));
    let best = best
        .flat_map(Result::transpose)
        .next()
        .ok_or("no minimum")??[0];
    let mut ready = Vec::new();
    let mut losses = Vec::new();
    for peer in peers.iter_mut() {
        let mut loss = None;
        for power in 2..=12 {
            loss = peer.prepare(&task.line(&format!("1e-{power}")))?;
            if loss.is_some_and(|[loss, _]| loss <= best + NEAR) {
                break;
            }
        }
        ready.push(loss.is_some_and(|[loss, _]| loss <= best + NEAR));
        losses.push(loss.map(|[loss, _]| loss - best));
    }
    let times = take_turns(peers, &ready)?;
    println!("{}", table::training_row(task, best, &times, &losses));
    Ok(())
}

/// The median time of each peer that is ready, in seconds.
fn take_turns(peers: &mut [Child], ready: &[bool]) -> Result<Vec<Option<f64>>, Failure> {
    let mut times = vec![Vec::new(); peers.len()];
    let begin = Instant::now();
    for turn in 0..TURNS {
        if turn > 0 && begin.elapsed() > PATIENCE {
            break;
        }
        let turns = peers.iter_mut().zip(ready).zip(&mut times);
        for ((peer, _), times) in turns.filter(|((_, ready), _)| **ready) {
            times.push(peer.time()?);
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied()
    };
    Ok(times.into_iter().map(median).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_something_else_is_named() {
        let right = ("a", [0.5, 2.0]);
        let with = |loss, length| agree(&[right, ("b", [loss, length])], "f64");
        assert!(with(0.5, 2.0 + 1e-10).is_ok());
        for (loss, length) in [
            (0.5 + 1e-8, 2.0),
            (0.5, 2.1),
            (f64::NAN, 2.0),
            (0.5, f64::NAN),
        ] {
            let error = with(loss, length).unwrap_err().to_string();
            assert!(error.contains("b ["), "{error}");
        }
        assert!(agree(&[right, ("b", [0.5001, 2.0])], "f32").is_ok());
        assert!(agree(&[right, ("b", [0.51, 2.0])], "f32").is_err());
    }

    #[test]
    fn the_peers_in_rust_compute_the_same() {
        let found = |take: fn(Task) -> Result<Box<dyn serve::Work>, Failure>, task: &Task| {
            let mut work = take(task.clone()).unwrap();
            assert!(work.found().is_err() || task.kind == Kind::Layer);
            work.run().unwrap();
            work.found().unwrap()
        };
        let layer = Task::of_gradient(Kind::Layer, "f64", 20, 4, 5);
        let found_by = [
            ("own", found(own::take, &layer)),
            ("candle", found(candle::take, &layer)),
        ];
        agree(&found_by, "f64").unwrap();

        let mut birds = task::penguins().unwrap();
        birds.tolerance = 1e-8;
        let newton = found(own::take, &birds)[0];
        assert!((found(linfa::take, &birds)[0] - newton).abs() < NEAR);
    }

    #[test]
    fn what_a_peer_does_not_do_is_said() {
        let [layer, rows] =
            [Kind::Layer, Kind::Rows].map(|kind| Task::of_gradient(kind, "f32", 2, 3, 4));
        assert!(linfa::take(layer.clone()).is_err() && linfa::take(rows).is_err());
        assert!(candle::take(task::penguins().unwrap()).is_err());
        assert!(measure(&["lawyer".to_owned()]).is_err());
    }
}
