//! The numbers of the picture, as a table and in words.

use crate::draw::{fixed, short};

use super::Values;

pub(super) fn table(values: &Values, t: f64) -> String {
    let row = |name: &str, of: [f64; 3]| {
        let cells = of.map(|one| format!("<td>{}</td>", fixed(one, 3)));
        format!("<tr><th scope=\"row\">{name}</th>{}</tr>\n", cells.concat())
    };
    let heads = [1, 2, 3].map(|k| format!("<th scope=\"col\">class {k}</th>"));
    let over = match t {
        1.0 => String::new(),
        _ => format!(
            " The gradient at the logits is the arrow over the temperature {}.",
            short(t)
        ),
    };
    format!(
        "<table>\n<thead><tr><td></td>{}</tr></thead>\n<tbody>\n{}{}{}{}</tbody>\n</table>\n\
         <p>The arrow is <b>{}</b> long, of at most √2 = {}. The loss is <b>{}</b> nats.{over}</p>\n",
        heads.concat(),
        row("logit θ", values.theta),
        row("output ŷ", values.y_hat),
        row("label y", values.y),
        row("arrow ŷ − y", values.delta),
        fixed(values.length, 3),
        fixed(2_f64.sqrt(), 3),
        fixed(values.loss, 3),
    )
}

pub(super) fn said(values: &Values) -> String {
    let [a, b, c] = values.y_hat.map(short);
    format!(
        "The output is {a}, {b} and {c}. The arrow is {} long, the loss is {} nats.",
        short(values.length),
        short(values.loss)
    )
}
