//! The network forward, backward, and one step.

use super::{Bodies, Error, Kind};
use crate::lines::{Line, given, lines};
use crate::stream::Stream;
use crate::work::Work;

pub(super) fn bodies(seed: u32) -> Bodies {
    let kind = Kind::Network;
    let work =
        Work::draw(&mut Stream::new(kind as u32, seed))?.ok_or(Error::Unkind { kind, seed })?;
    let given = given(&work);
    let task = format!(
        "<p>Round each number to 4 decimals and go on from what you have written; round <i>J</i> and the \
         new weights and biases to 3. <i>θ</i> needs no rounding. The logarithm is the natural one.</p>\n{given}{}\
         <p class=\"check\">Check: the three probabilities sum to 1, and the three entries of <b><i>δ</i></b> to 0, to the last digit.</p>\n",
        stations(Line::blank)
    );
    let key = given + &stations(|line| line.numbers(&work));
    Ok((task, key))
}

/// All lines, below the headings of their stations.
fn stations(written: impl Fn(&Line) -> String) -> String {
    let mut text = String::new();
    for (heading, tags) in [
        ("Forward", &["4.2", "4.4", "4.6", "4.8"][..]),
        ("Backward", &["4.18", "4.20", "4.22"]),
        ("Update", &["4.27", "4.29"]),
    ] {
        text += &format!("<h3>{heading}</h3>\n<div class=\"worksheet-lines\">\n");
        for line in lines().filter(|line| tags.contains(&line.tag)) {
            // The probabilities stand side by side, and so do the gradients.
            let is_whole = heading == "Forward" && line.tag != "4.6";
            let class = if is_whole { "line whole" } else { "line" };
            text += &format!("<p class=\"{class}\">{}</p>\n", written(&line));
        }
        text += "</div>\n";
    }
    text
}
