//! What a page shows of a run: its regions, its loss, and a line of numbers.

use sketch::{Chart, Regions};

use crate::run::{Run, Task, Way};

/// The paths of the three regions, a line each, as the figure of the page has them, in cells of
/// `size` × `size` of its own: 1 for the figure itself, more for one that is drawn many times a
/// second.
pub fn regions(run: &Run, size: usize) -> String {
    let data = run.data();
    let [across, up] = data.plane;
    let along = |(from, to): (f64, f64), fraction: f64| from + fraction * (to - from);
    let mut way = Way::through(run.network());
    let regions = Regions::new(Regions::FINE.map(|cells| cells / size), |x_1, x_2| {
        way.class([
            data.scale[0].apply(along(across, x_1)),
            data.scale[1].apply(along(up, x_2)),
        ])
    });
    let mut paths = regions.paths(size);
    paths.resize(3, String::new());
    paths.join("\n")
}

/// Where a run is, as the page prints it.
pub fn line(run: &Run) -> String {
    let loss = run.losses()[run.epoch()];
    let train = &run.data().train.classes;
    let mut line = format!(
        "epoch {}: J = {}; training: {} of {} right",
        run.epoch(),
        digits(loss),
        run.right(),
        train.len()
    );
    if let Some(held_out) = &run.data().held_out {
        let counts = run.confusion();
        let right: usize = (0..3).map(|class| counts[class][class]).sum();
        line += &format!("; held out: {right} of {} right", held_out.classes.len());
    }
    line
}

fn digits(loss: f64) -> String {
    match loss < 1e6 {
        true => format!("{loss:.4}"),
        false => "more than a million".to_owned(),
    }
}

/// The loss, epoch by epoch, as an SVG. Its axes reach to the last epoch of the run and to the
/// largest loss, but not beyond 20 nats.
pub fn chart(run: &Run) -> String {
    let curves = [
        ("to train on", run.losses()),
        ("held out", run.held_out_losses()),
    ];
    let losses = curves.iter().flat_map(|(_, losses)| losses.iter());
    Chart {
        // One of the book has it, on the page of the task.
        id: match run.options().task {
            Task::Penguins => "penguins-epochs",
            Task::Spirals => "spirals-epochs",
        },
        title: "The mean loss in nats, epoch by epoch",
        about: &about(run),
        axis: "epoch",
        last: run.options().epochs,
        // The loss of one who knows nothing, log 3, and a little above it.
        most: losses.fold(1.2, |most, loss| loss.max(most)).min(20.0),
        curves: &curves,
    }
    .svg()
}

/// What a screen reader reads of the chart.
fn about(run: &Run) -> String {
    let (epoch, losses) = (run.epoch(), run.losses());
    let mut about = format!(
        "To train on: {} nats before the first epoch, {} after epoch {epoch}.",
        digits(losses[0]),
        digits(losses[epoch]),
    );
    if let Some(loss) = run.held_out_losses().last() {
        about += &format!(" Held out: {} after epoch {epoch}.", digits(*loss));
    }
    about
}

/// The counts of the [`table`], row by row, between spaces.
pub fn counts(run: &Run) -> String {
    let counts = run.confusion();
    let counts: Vec<String> = counts.iter().flatten().map(usize::to_string).collect();
    counts.join(" ")
}

/// A table of how many of each class the network gives to which, in Markdown.
pub fn table(run: &Run, names: [&str; 3]) -> String {
    let mut table = format!(
        "| is \\ named | {} |\n|---|--:|--:|--:|\n",
        names.join(" | ")
    );
    for (name, [a, b, c]) in names.iter().zip(run.confusion()) {
        table += &format!("| {name} | {a} | {b} | {c} |\n");
    }
    table
}
