//! What is printed.

use super::child::Child;
use super::task::{Kind, Task};

/// The processor, where the system says it.
pub fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models = cpus
        .lines()
        .filter_map(|line| line.strip_prefix("model name"));
    let model = models
        .map(|rest| rest.trim_start_matches([' ', '\t', ':']))
        .next();
    let model = model.unwrap_or("a processor that does not say its name");
    format!("Measured on {model}, {}, one thread.", std::env::consts::OS)
}

/// Who was asked.
pub fn versions(peers: &[Child]) -> String {
    let versions: Vec<&str> = peers.iter().map(|peer| peer.version.as_str()).collect();
    format!("Versions: {}.", versions.join(", "))
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |", cells.join(" | "))
}

fn head(cells: Vec<String>) -> String {
    let line = vec!["---"; cells.len()].join("|");
    format!("{}\n|{line}|", row(cells))
}

/// The title and the head of a table of gradients.
pub fn gradients_head(peers: &[Child], kind: Kind, float: &str, inputs: usize) -> String {
    let title = match kind {
        Kind::Layer => format!("The whole layer, {inputs} inputs"),
        _ => "The rows alone, from logits".to_owned(),
    };
    let names = peers.iter().map(|peer| peer.name.to_owned());
    let mut cells = vec!["N × K".to_owned()];
    cells.extend(names);
    cells.push("fastest peer ÷ crate".to_owned());
    format!("{title}, {float}, milliseconds:\n\n{}", head(cells))
}

/// The title and the head of the table of growth.
pub fn growth_head(peers: &[Child], inputs: usize) -> String {
    let mut cells = vec!["N × K".to_owned()];
    for unit in ["ms", "MB"] {
        let columns = peers.iter().map(|peer| format!("{}, {unit}", peer.name));
        cells.extend(columns);
    }
    format!(
        "The whole layer, {inputs} inputs, f64: time, and memory beside what is given:\n\n{}",
        head(cells)
    )
}

/// A row of it: seconds, and bytes where the system counts them.
pub fn growth_row(
    examples: usize,
    classes: usize,
    times: &[Option<f64>],
    memory: &[Option<f64>],
) -> String {
    let mut cells = vec![size(examples, classes)];
    cells.extend(times.iter().map(|time| milliseconds(*time)));
    cells.extend(memory.iter().map(|bytes| match bytes {
        Some(bytes) => format!("{:.1}", bytes / 1e6),
        None => "–".to_owned(),
    }));
    row(cells)
}

fn size(examples: usize, classes: usize) -> String {
    format!("{} × {}", grouped(examples), grouped(classes))
}

/// A row of it. The crate comes first.
pub fn gradients_row(examples: usize, classes: usize, times: &[Option<f64>]) -> String {
    let mut cells = vec![size(examples, classes)];
    cells.extend(times.iter().map(|time| milliseconds(*time)));
    cells.push(ratio(times, 1));
    row(cells)
}

/// How many times as long as the fastest of the first `own` the fastest of the others takes.
fn ratio(times: &[Option<f64>], own: usize) -> String {
    let (own, others) = times.split_at(own.min(times.len()));
    let fastest = |times: &[Option<f64>]| times.iter().flatten().copied().reduce(f64::min);
    match (fastest(own), fastest(others)) {
        (Some(own), Some(other)) => format!("{:.2}", other / own),
        _ => "–".to_owned(),
    }
}

/// The head of the table of training.
pub fn training_head(peers: &[Child]) -> String {
    let mut cells = vec!["examples".to_owned()];
    cells.extend(peers.iter().map(|peer| peer.name.to_owned()));
    cells.push("fastest peer ÷ crate".to_owned());
    cells.push("smallest loss, and how far above it each stopped".to_owned());
    format!(
        "Training to within 1e-8 of the smallest loss, milliseconds:\n\n{}",
        head(cells)
    )
}

/// A row of it.
pub fn training_row(
    task: &Task,
    best: f64,
    times: &[Option<f64>],
    above: &[Option<f64>],
) -> String {
    let mut cells = vec![task.title.clone()];
    cells.extend(times.iter().map(|time| milliseconds(*time)));
    cells.push(ratio(times, 2));
    let above = above.iter().map(|above| match above {
        Some(above) => format!("{above:.0e}"),
        None => "–".to_owned(),
    });
    let above: Vec<String> = above.collect();
    cells.push(format!("{best:.10}: {}", above.join(", ")));
    row(cells)
}

fn milliseconds(time: Option<f64>) -> String {
    match time.map(|time| 1e3 * time) {
        None => "–".to_owned(),
        Some(time) if time < 0.1 => format!("{time:.5}"),
        Some(time) if time < 10.0 => format!("{time:.3}"),
        Some(time) => format!("{time:.1}"),
    }
}

/// 10000 as 10,000.
fn grouped(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_fastest_peer_by_the_crate() {
        let times = [Some(2e-3), Some(5e-3), None, Some(3e-3)];
        let row = gradients_row(32_000, 10, &times);
        assert_eq!(row, "| 32,000 × 10 | 2.000 | 5.000 | – | 3.000 | 1.50 |");
        assert_eq!(ratio(&[None, Some(1.0)], 1), "–");
        assert_eq!(ratio(&[Some(3.0), Some(2.0), Some(1.0)], 2), "0.50");
        assert_eq!(
            [1, 999, 1000, 1_234_567].map(grouped),
            ["1", "999", "1,000", "1,234,567"]
        );
    }
}
