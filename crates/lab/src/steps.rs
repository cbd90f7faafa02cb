//! The worked example as a graph that is stepped through, forward and back.
//!
//! `steps.tsv` is written by the crate `formula` from the equations of the book; a test compares
//! them. Its places bear TeX: `⟦\vtheta#0⟧` is the first logit. The graph is read from these lines:
//! an edge leads to a station from each quantity that its equations put in. `book/graph/graph.js`
//! writes a reader's numbers into the places, and shows one step at a time.

use std::fmt::Write;

use crate::network::{Network, Values, number, value};
use crate::template::{Row, shown};

/// The equations of the steps, in the order in which one computes.
pub const EQUATIONS: [&str; 12] = [
    "4.2", "4.4", "4.6", "4.8", "4.12", "4.14", "4.16", "4.18", "4.20", "4.22", "3.33", "4.24",
];

/// A line a row: its equation, what is computed, how in symbols, with places for the numbers, its
/// terms, what comes out.
const LINES: &str = include_str!("steps.tsv");

/// An operation of the graph: the word in its frame, the equations it computes, its middle.
struct Station {
    name: &'static str,
    equations: &'static [&'static str],
    x: f64,
}

const STATIONS: [Station; 3] = [
    Station {
        name: "layer",
        equations: &["4.2"],
        x: 292.0,
    },
    Station {
        name: "softmax",
        equations: &["4.4", "4.6"],
        x: 444.0,
    },
    Station {
        name: "CE",
        equations: &["4.8"],
        x: 580.0,
    },
];

/// A quantity of the graph: its TeX, the gradient by it, and where its edge begins.
struct Quantity {
    tex: &'static str,
    gradient: Option<&'static str>,
    /// What is given and what comes out at last have a letter.
    letter: &'static str,
    from: (f64, f64),
}

/// Where the stations stand.
const LEVEL: f64 = 196.0;

const QUANTITIES: [Quantity; 7] = [
    Quantity {
        tex: r"\mW",
        gradient: Some(r"\nabla_{\mW} J"),
        letter: "W",
        from: (40.0, 74.0),
    },
    Quantity {
        tex: r"\vx",
        gradient: Some(r"\nabla_{\vx} J"),
        letter: "x",
        from: (40.0, LEVEL),
    },
    Quantity {
        tex: r"\vb",
        gradient: Some(r"\nabla_{\vb} J"),
        letter: "b",
        from: (40.0, 306.0),
    },
    Quantity {
        tex: r"\vy",
        gradient: None,
        letter: "y",
        from: (446.0, 306.0),
    },
    Quantity {
        tex: r"\vtheta",
        gradient: Some(r"\vdelta"),
        letter: "",
        from: (324.0, LEVEL),
    },
    Quantity {
        tex: r"\vyhat",
        gradient: Some(r"\pd{J}{\vyhat}"),
        letter: "",
        from: (486.0, LEVEL),
    },
    Quantity {
        tex: "J",
        gradient: Some("1"),
        letter: "J",
        from: (606.0, LEVEL),
    },
];

/// What a part of a step shows of the lines of an equation.
enum Part {
    /// What is computed, and what comes out.
    Result(&'static str),
    /// All members.
    Line(&'static str),
    /// Words.
    Words(&'static str),
}
use Part::{Line, Result, Words};

/// A step: which stations light up, what arrives, what the station does, what it passes on.
struct Step {
    name: &'static str,
    at: &'static [&'static str],
    parts: &'static [(&'static str, Part)],
    /// The quantities, or the gradients, that it passes on, in TeX.
    passes: &'static [&'static str],
}

const STEPS: [Step; 10] = [
    Step {
        name: "Forward: the layer, (4.2)",
        at: &["layer"],
        parts: &[("passes on", Line("4.2"))],
        passes: &[r"\vtheta"],
    },
    Step {
        name: "Forward: softmax, (4.4) and (4.6)",
        at: &["softmax"],
        parts: &[
            ("arrives", Result("4.2")),
            ("their sum", Line("4.4")),
            ("passes on", Line("4.6")),
        ],
        passes: &[r"\vyhat"],
    },
    Step {
        name: "Forward: the cross-entropy, (4.8)",
        at: &["CE"],
        parts: &[("arrives", Result("4.6")), ("passes on", Line("4.8"))],
        passes: &["J"],
    },
    Step {
        name: "Backward: the loss",
        at: &["J"],
        parts: &[(
            "passes on",
            Words("1, for the loss moves with itself one to one"),
        )],
        passes: &["1"],
    },
    Step {
        name: "Backward: the cross-entropy, (4.12)",
        at: &["CE"],
        parts: &[
            ("arrives", Words("1")),
            ("times", Line("4.12")),
            ("passes on", Result("4.12")),
        ],
        passes: &[r"\pd{J}{\vyhat}"],
    },
    Step {
        name: "Backward: softmax, the long way, (4.14) and (4.16)",
        at: &["softmax"],
        parts: &[
            ("arrives", Result("4.12")),
            ("times", Line("4.14")),
            ("passes on", Line("4.16")),
        ],
        passes: &[r"\vdelta"],
    },
    Step {
        name: "Backward: cross-entropy and softmax, the short way, (4.18)",
        at: &["CE", "softmax"],
        parts: &[("arrives", Words("1")), ("passes on", Line("4.18"))],
        passes: &[r"\vdelta"],
    },
    Step {
        name: "Backward: the layer, to the weights, (4.20)",
        at: &["layer"],
        parts: &[
            ("arrives", Result("4.18")),
            ("times", Words("the inputs")),
            ("passes on", Line("4.20")),
        ],
        passes: &[r"\nabla_{\mW} J"],
    },
    Step {
        name: "Backward: the layer, to the biases, (4.22)",
        at: &["layer"],
        parts: &[
            ("arrives", Result("4.18")),
            ("times", Words("1")),
            ("passes on", Line("4.22")),
        ],
        passes: &[r"\nabla_{\vb} J"],
    },
    Step {
        name: "Backward: the layer, to the inputs, (3.33) and (4.24)",
        at: &["layer"],
        parts: &[
            ("arrives", Result("4.18")),
            (
                "times",
                Words("the weights; an input goes three ways, and what comes back adds up"),
            ),
            ("adds up", Line("3.33")),
            ("passes on", Line("4.24")),
        ],
        passes: &[r"\nabla_{\vx} J"],
    },
];

/// The graph with the numbers of the worked example, as SVG. `id` is unique in the book.
///
/// # Errors
///
/// As [`Network::values`].
pub fn graph(id: &str) -> softmax_backprop::Result<String> {
    let values = Network::EXAMPLE.values()?;
    let mut drawn = String::new();
    for quantity in &QUANTITIES {
        drawn += &edge(id, quantity);
    }
    drawn +=
        "</g>\n<g font-family=\"KaTeX_Main, serif\" font-size=\"17\" text-anchor=\"middle\">\n";
    for station in &STATIONS {
        let half = half(station);
        // Writing to a string cannot fail.
        let _ = writeln!(
            drawn,
            "<g data-at=\"{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"44\" rx=\"22\" fill=\"var(--bg)\" \
             stroke=\"currentColor\" stroke-width=\"2\"/><text x=\"{}\" y=\"{}\">{}</text></g>",
            steps_at(station.name),
            station.x - half,
            LEVEL - 22.0,
            2.0 * half,
            station.x,
            LEVEL + 6.0,
            station.name,
        );
    }
    for quantity in QUANTITIES.iter().filter(|one| !one.letter.is_empty()) {
        let (x, y) = match quantity.tex {
            "J" => (690.0, LEVEL),
            _ => (quantity.from.0 - 14.0, quantity.from.1),
        };
        let _ = writeln!(
            drawn,
            "<g data-at=\"{}\"><text x=\"{x}\" y=\"{}\" font-style=\"italic\">{}</text></g>",
            steps_at(quantity.letter),
            y + 6.0,
            quantity.letter,
        );
    }
    drawn += "</g>\n<g font-size=\"14\" text-anchor=\"middle\">\n";
    for quantity in &QUANTITIES {
        drawn += &numbers(quantity, &values);
    }
    Ok(format!(
        "<svg class=\"drawing\" width=\"706\" height=\"350\" viewBox=\"0 0 706 350\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" fill=\"currentColor\" xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title id=\"{id}-title\">The network as a graph, with its numbers</title>\n\
         <desc id=\"{id}-desc\">{DESCRIPTION}</desc>\n\
         <defs><marker id=\"{id}-arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0 1 L9 5 L0 9 z\" fill=\"currentColor\"/></marker></defs>\n\
         <g stroke=\"currentColor\" stroke-width=\"1.5\" fill=\"none\">\n{drawn}</g>\n</svg>\n"
    ))
}

const DESCRIPTION: &str = "Weights W, inputs x and biases b enter the layer, which sends three logits to softmax; softmax sends three probabilities to the cross-entropy, CE, which the label y enters, too, and which gives the loss J. Above each line stands what goes forward, below it, slanted, what comes back: 1 at the loss, a row with at most one entry that is not 0 at the probabilities, y-hat minus y at the logits, and the gradients of W, x and b.";

/// The steps, one after the other, with the numbers of the worked example: Markdown, so that the
/// numbers of equations become links.
///
/// # Errors
///
/// As [`Network::values`].
pub fn lines() -> softmax_backprop::Result<String> {
    let values = Network::EXAMPLE.values()?;
    let mut text = "<ol class=\"graph-lines\">\n".to_owned();
    for step in &STEPS {
        text += &format!("<li>\n\n{}\n\n<dl>\n", step.name);
        for (role, part) in step.parts {
            text += &format!("<dt>{role}</dt>\n");
            match part {
                Words(words) => text += &format!("<dd>{words}</dd>\n"),
                Line(tag) => {
                    for line in equation(tag) {
                        text += &format!("<dd>{}</dd>\n", chain(&line[1..], &values));
                    }
                }
                Result(tag) => {
                    for line in equation(tag) {
                        text += &format!("<dd>{}</dd>\n", chain(&[line[1], line[5]], &values));
                    }
                }
            }
        }
        text += "</dl>\n</li>\n";
    }
    Ok(text + "</ol>\n")
}

/// The lines of an equation, each with its members.
fn equation(tag: &str) -> impl Iterator<Item = Vec<&'static str>> {
    LINES
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(move |line| line.len() == 6 && line[0] == tag)
}

/// Members with equals signs between them; one that says what the next says is left out.
fn chain(members: &[&str], values: &Values) -> String {
    let mut text = String::new();
    for member in members.iter().filter(|member| !member.is_empty()) {
        let equals = match text.is_empty() {
            true => "",
            false => "<mo form=\"infix\">=</mo>",
        };
        let member = filled(member, values);
        text += &format!("<math displaystyle=\"true\">{equals}{member}</math>");
    }
    text
}

/// A template with its places filled. A place that names nothing stays, for the tests to find.
fn filled(template: &str, values: &Values) -> String {
    let mut text = String::new();
    for (index, piece) in template.split(['⟦', '⟧']).enumerate() {
        if index % 2 == 0 {
            text += piece;
            continue;
        }
        let (name, style) = match piece.rsplit_once(':') {
            Some((name, "factor")) => (name, "factor"),
            Some((name, _)) => (name, "term"),
            None => (piece, "plain"),
        };
        text += &match place(name) {
            Some((row, index)) => written(row, index, style, values),
            None => format!("⟦{piece}⟧"),
        };
    }
    text
}

/// A number in MathML. What is given stands as it is, what is computed with five decimals.
fn written(row: Row, index: usize, style: &str, values: &Values) -> String {
    let is_given = row == Row::Number || (value::Y..value::Y + 3).contains(&index);
    let token = |element: &str, style: &str| {
        let (attributes, text) = shown(row, index, style, values);
        format!("<{element} {attributes}>{text}</{element}>")
    };
    match (style, is_given) {
        ("term", true) => token("mo", "sign") + &token("mn", "size"),
        ("term", false) => token("mo", "sign") + &token("mn", "fixed_size"),
        ("factor", true) => token("mn", "factor"),
        ("factor", false) => token("mn", "fixed_factor"),
        (_, true) => token("mn", "plain"),
        (_, false) => token("mn", "fixed"),
    }
}

/// Where the number of a place stands.
fn place(name: &str) -> Option<(Row, usize)> {
    let (tex, index) = name.rsplit_once('#')?;
    let index: usize = index.parse().ok()?;
    // An intermediate result has a place of its own, named by its indices: `\exp(\theta_2)`.
    let counted = |text: &str| text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    if let Some(class) = tex.strip_prefix(r"\exp(\theta_") {
        return Some((
            Row::Value,
            value::EXPS + counted(class.trim_end_matches(')'))?,
        ));
    }
    if let Some(input) = tex.strip_prefix(r"\pd{J}{x_") {
        return Some((
            Row::Value,
            value::D_X + counted(input.trim_end_matches('}'))?,
        ));
    }
    if let Some((indices, factor)) = tex
        .strip_prefix("w_{")
        .and_then(|rest| rest.split_once('}'))
    {
        let (input, class) = indices.split_at_checked(1)?;
        let start = match factor.contains(r"\delta") {
            true => value::BACK,
            false => value::TERMS,
        };
        return Some((Row::Value, start + 3 * counted(input)? + counted(class)?));
    }
    let (row, start, _) = quantity(tex)?;
    Some((row, start + index))
}

/// Where a quantity begins, and how many numbers it has.
fn quantity(tex: &str) -> Option<(Row, usize, usize)> {
    Some(match tex {
        r"\vx" => (Row::Number, number::X, 2),
        r"\mW" => (Row::Number, number::W, 6),
        r"\vb" => (Row::Number, number::B, 3),
        r"\vy" => (Row::Value, value::Y, 3),
        r"\vtheta" => (Row::Value, value::THETA, 3),
        r"\Sigma" => (Row::Value, value::SUM, 1),
        r"\vyhat" => (Row::Value, value::Y_HAT, 3),
        "J" => (Row::Value, value::LOSS, 1),
        r"\pd{J}{\vyhat}" => (Row::Value, value::D_Y_HAT, 3),
        r"\pd{\vyhat}{\vtheta}" => (Row::Value, value::JACOBIAN, 9),
        r"\vdelta" | r"\nabla_{\vb} J" => (Row::Value, value::DELTA, 3),
        r"\nabla_{\mW} J" => (Row::Value, value::D_W, 6),
        r"\nabla_{\vx} J" => (Row::Value, value::D_X, 2),
        _ => return None,
    })
}

/// The quantities that the lines of a station put in and do not compute themselves.
fn arrives(station: &Station) -> Vec<&'static str> {
    let lines = || station.equations.iter().flat_map(|tag| equation(tag));
    let computed: Vec<_> = lines().flat_map(|line| places(line[5])).collect();
    let mut found = Vec::new();
    for tex in lines().flat_map(|line| places(line[3])) {
        // A term of a sum, such as an exponential, is a place without a quantity.
        if quantity(tex).is_some() && !computed.contains(&tex) && !found.contains(&tex) {
            found.push(tex);
        }
    }
    found
}

/// The quantities of a template's places.
fn places(template: &'static str) -> Vec<&'static str> {
    let pieces = template.split(['⟦', '⟧']).skip(1).step_by(2);
    pieces
        .filter_map(|piece| Some(piece.rsplit_once('#')?.0))
        .collect()
}

/// The steps, counted from 1, at which a station lights up, with spaces between them.
fn steps_at(name: &str) -> String {
    counted(|step| step.at.contains(&name))
}

/// The steps that pass a quantity on.
fn steps_passing(tex: &str) -> String {
    counted(|step| step.passes.contains(&tex))
}

fn counted(is: impl Fn(&Step) -> bool) -> String {
    let steps = STEPS.iter().zip(1..).filter(|(step, _)| is(step));
    let steps: Vec<_> = steps
        .map(|(_, number): (_, usize)| number.to_string())
        .collect();
    steps.join(" ")
}

/// Half the width of a station's frame.
fn half(station: &Station) -> f64 {
    match station.name.len() {
        0..=2 => 24.0,
        3..=5 => 32.0,
        _ => 42.0,
    }
}

/// The edge of a quantity to the station whose equations put it in: along its level, and then up
/// or down to the station.
fn edge(id: &str, quantity: &Quantity) -> String {
    let (x, y) = quantity.from;
    let to = STATIONS
        .iter()
        .find(|station| arrives(station).contains(&quantity.tex));
    let path = match to {
        None => "L676 196".to_owned(),
        Some(station) if y == LEVEL => format!("L{} {y}", station.x - half(station) - 2.0),
        Some(station) => {
            let end = if y < LEVEL {
                LEVEL - 24.0
            } else {
                LEVEL + 24.0
            };
            format!("L{0} {y} L{0} {end}", station.x)
        }
    };
    format!("<path d=\"M{x} {y} {path}\" marker-end=\"url(#{id}-arrow)\"/>\n")
}

/// What goes forward above an edge, and what comes back below it.
fn numbers(quantity: &Quantity, values: &Values) -> String {
    let Some((row, start, count)) = self::quantity(quantity.tex) else {
        return String::new();
    };
    // Given numbers stand in rows, as on the page; those between stations in columns.
    let in_rows = !quantity.letter.is_empty();
    let columns = if in_rows { count.min(3) } else { 1 };
    let rows = count / columns;
    let (left, level) = (quantity.from.0 + 36.0, quantity.from.1);
    // A label has short numbers, and less room.
    let apart = if quantity.gradient.is_none() {
        40.0
    } else {
        62.0
    };
    let at = |index: usize, first: f64| {
        (
            left + if in_rows {
                apart * (index % columns) as f64
            } else {
                0.0
            },
            first + 18.0 * (index / columns) as f64,
        )
    };
    let mut text = format!("<g data-since=\"{}\">", steps_passing(quantity.tex));
    for index in 0..count {
        let (x, y) = at(index, level - 8.0 - 18.0 * (rows - 1) as f64);
        let (attributes, number) = shown(row, start + index, "brief", values);
        text += &format!("<text x=\"{x}\" y=\"{y}\" {attributes}>{number}</text>");
    }
    text += "</g>\n";
    let Some(gradient) = quantity.gradient else {
        return text;
    };
    text += &format!(
        "<g font-style=\"italic\" data-since=\"{}\">",
        steps_passing(gradient)
    );
    match self::quantity(gradient) {
        None => {
            text += &format!(
                "<text x=\"{left}\" y=\"{}\">{gradient}</text>",
                level + 20.0
            )
        }
        Some((row, start, count)) => {
            for index in 0..count {
                let (x, y) = at(index, level + 20.0);
                let (attributes, number) = shown(row, start + index, "brief", values);
                text += &format!("<text x=\"{x}\" y=\"{y}\" {attributes}>{number}</text>");
            }
        }
    }
    text + "</g>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_filled() -> softmax_backprop::Result<()> {
        let lines = lines()?;
        assert!(!lines.contains(['⟦', '⟧', '\\']), "{lines}");
        for tag in EQUATIONS {
            assert!(equation(tag).next().is_some(), "{tag} has no line");
        }
        Ok(())
    }

    #[test]
    fn the_edges_are_what_the_equations_put_in() {
        let [layer, softmax, loss] = STATIONS.each_ref().map(arrives);
        assert_eq!(layer, [r"\mW", r"\vx", r"\vb"]);
        assert_eq!(softmax, [r"\vtheta"]);
        assert_eq!(loss, [r"\vy", r"\vyhat"]);
    }

    #[test]
    fn each_number_that_is_computed_is_passed_on_by_a_step() {
        for quantity in &QUANTITIES {
            let is_given = matches!(quantity.tex, r"\mW" | r"\vx" | r"\vb" | r"\vy");
            assert_eq!(
                steps_passing(quantity.tex).is_empty(),
                is_given,
                "{}",
                quantity.tex
            );
            let gradient = quantity.gradient.map(steps_passing);
            assert_ne!(gradient.as_deref(), Some(""), "{}", quantity.tex);
        }
        assert_eq!(steps_passing(r"\vdelta"), "6 7");
        assert_eq!(steps_at("softmax"), "2 6 7");
    }
}
