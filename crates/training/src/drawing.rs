//! What a page shows of a run: its regions, its loss, and a line of numbers.

use std::fmt::Write;

use regions::Regions;

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
    format!("{loss:.4}")
}

/// The plot of the chart, in its units: left, right, top, bottom.
const PLOT: [u32; 4] = [67, 730, 36, 190];

/// No more points than this are drawn of a curve.
const POINTS: usize = 300;

/// The loss, epoch by epoch, as an SVG. Its axes reach to the last epoch of the run and to the
/// largest loss.
pub fn chart(run: &Run) -> String {
    let [left, right, top, bottom] = PLOT;
    let curves = [run.losses(), run.held_out_losses()];
    let most = curves.iter().flat_map(|losses| losses.iter());
    // The loss of one who knows nothing, log 3, and a little above it.
    let most = most.fold(1.2_f64, |most, loss| most.max(*loss));
    let epochs = run.options().epochs;
    let x = |epoch: usize| f64::from(left) + f64::from(right - left) * epoch as f64 / epochs as f64;
    let y = |loss: f64| f64::from(bottom) - f64::from(bottom - top) * loss / most;

    let mut drawing = String::new();
    // Writing to a string cannot fail.
    let step = round_step(most);
    let decimals = usize::from(step < 1.0);
    for k in 0..=(most / step) as u32 {
        let tick = f64::from(k) * step;
        let y = y(tick);
        let _ = write!(
            drawing,
            "<path d=\"M{left} {y:.1}H{right}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{tick:.decimals$}</text>\n",
            left - 8,
            y + 5.0
        );
    }
    let middle = (left + right) / 2;
    let _ = write!(
        drawing,
        "<path d=\"M{left} {top}V{bottom}H{right}\" fill=\"none\" stroke=\"currentColor\"/>\n\
         <text x=\"{left}\" y=\"{below}\" text-anchor=\"middle\">0</text>\
         <text x=\"{right}\" y=\"{below}\" text-anchor=\"end\">{epochs}</text>\
         <text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">epoch</text>\n",
        below = bottom + 20,
    );
    let styles = [
        ("to train on", "stroke=\"var(--series-1)\""),
        (
            "held out",
            "stroke=\"var(--series-2)\" stroke-dasharray=\"11 4\"",
        ),
    ];
    let mut legend = left;
    for (losses, (label, stroke)) in curves.into_iter().zip(styles) {
        let Some(last) = losses.len().checked_sub(1) else {
            continue;
        };
        let apart = last.div_ceil(POINTS).max(1);
        let epochs = (0..last).step_by(apart).chain([last]);
        drawing += "<path d=\"";
        for epoch in epochs {
            let to = if epoch == 0 { 'M' } else { 'L' };
            let _ = write!(drawing, "{to}{:.1} {:.1}", x(epoch), y(losses[epoch]));
        }
        let _ = write!(
            drawing,
            "\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" {stroke}/>\n\
             <path d=\"M{legend} 16h28\" stroke-width=\"2\" {stroke}/>\
             <text x=\"{}\" y=\"21\">{label}</text>\n",
            legend + 34
        );
        legend += 150;
    }
    let about = about(run);
    // One of the book has it, on the page of the task.
    let id = match run.options().task {
        Task::Penguins => "penguins-epochs",
        Task::Spirals => "spirals-epochs",
    };
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 750 220\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" fill=\"currentColor\" font-size=\"14\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title id=\"{id}-title\">The mean loss in nats, epoch by epoch</title>\n\
         <desc id=\"{id}-desc\">{about}</desc>\n{drawing}</svg>\n"
    )
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

/// One, two or five times a power of ten: at most five steps up to `most`.
fn round_step(most: f64) -> f64 {
    let mut step = 0.1;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if most / step <= 5.0 {
            break;
        }
        step *= factor;
    }
    step
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
