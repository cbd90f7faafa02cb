//! The figure and the lines of the page, with places for numbers.
//!
//! A place reads `{theta0}` or `{theta0:fixed}`: a quantity, an index and a style. It becomes an
//! element that shows the number of the worked example and names what it shows, so that the page
//! can write another number there. `book/lab/written.js` writes in the same styles.

use crate::network::{Network, Values, number, value};

/// The network, its values on nodes and edges.
const FIGURE: &str = include_str!("figure.svg");

/// The worked example: the symbol, the same with the numbers put in, and what comes out.
const LINES: &str = include_str!("lines.html");

/// The figure with the numbers of the worked example.
///
/// # Errors
///
/// As [`Network::values`].
pub fn figure() -> softmax_backprop::Result<String> {
    Ok(filled(FIGURE, "tspan", &Network::EXAMPLE.values()?))
}

/// The lines with the numbers of the worked example, as HTML.
///
/// # Errors
///
/// As [`Network::values`].
pub fn lines() -> softmax_backprop::Result<String> {
    Ok(filled(LINES, "span", &Network::EXAMPLE.values()?))
}

fn filled(template: &str, element: &str, values: &Values) -> String {
    let mut text = String::new();
    for (index, piece) in template.split(['{', '}']).enumerate() {
        if index % 2 == 0 {
            text += piece;
        } else {
            text += &place(piece, element, values);
        }
    }
    text
}

/// What stands in a place. One that names nothing is left as it is, for the tests to find.
fn place(name: &str, element: &str, values: &Values) -> String {
    let (quantity, style) = name.split_once(':').unwrap_or((name, "plain"));
    let Some((row, index)) = find(quantity) else {
        return format!("{{{name}}}");
    };
    let class = Network::EXAMPLE.numbers[number::CLASS] as usize;
    let (of, by_class) = match quantity.strip_suffix("_t") {
        Some(_) => (index + class, " data-of-class"),
        None => (index, ""),
    };
    let found = match row {
        "number" => Network::EXAMPLE.numbers[of],
        _ => values[of],
    };
    let text = written(found, style);
    format!("<{element} data-{row}=\"{index}\" data-style=\"{style}\"{by_class}>{text}</{element}>")
}

/// The attributes and the text of a place for a number that somebody sets, or for a value.
pub(crate) fn shown(row: Row, index: usize, style: &str, values: &Values) -> (String, String) {
    let (name, found) = match row {
        Row::Number => ("number", Network::EXAMPLE.numbers[index]),
        Row::Value => ("value", values[index]),
    };
    let attributes = format!("data-{name}=\"{index}\" data-style=\"{style}\"");
    (attributes, written(found, style))
}

/// Where a quantity stands: among the numbers of a network, or among its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// [`Network::numbers`]
    Number,
    /// [`Values`]
    Value,
}

/// In which row a quantity stands, and where.
fn find(quantity: &str) -> Option<(&'static str, usize)> {
    let name = quantity.trim_end_matches(|c: char| c.is_ascii_digit());
    let offset = quantity[name.len()..].parse().unwrap_or(0);
    let (row, start) = match name {
        "x" => ("number", number::X),
        "w" => ("number", number::W),
        "b" => ("number", number::B),
        "class" => ("number", number::CLASS),
        "rate" => ("number", number::RATE),
        "terms" => ("value", value::TERMS),
        "theta" | "theta_t" => ("value", value::THETA),
        "exps" => ("value", value::EXPS),
        "sum" => ("value", value::SUM),
        "log_sum" => ("value", value::LOG_SUM),
        "y_hat" | "y_hat_t" => ("value", value::Y_HAT),
        "loss" => ("value", value::LOSS),
        "d_y_hat" => ("value", value::D_Y_HAT),
        "jacobian" => ("value", value::JACOBIAN),
        "delta" => ("value", value::DELTA),
        "dw" => ("value", value::D_W),
        "dx" => ("value", value::D_X),
        "next_w" => ("value", value::NEXT_W),
        "next_b" => ("value", value::NEXT_B),
        "next_theta" => ("value", value::NEXT_THETA),
        "next_y_hat" => ("value", value::NEXT_Y_HAT),
        "next_loss" => ("value", value::NEXT_LOSS),
        "y" => ("value", value::Y),
        _ => return None,
    };
    Some((row, start + offset))
}

/// Writes a number of the worked example, all of which are of the order of 1:
///
/// - `plain`: with as many decimals as it needs, 5 at most;
/// - `factor`: the same, in parentheses where it is negative;
/// - `term`: the same, behind `+` or `−`;
/// - `fixed`, `coarse`: with 5 and 3 decimals;
/// - `fixed_factor`, `coarse_factor`: the same, in parentheses where it is negative;
/// - `short`: with 3 digits at most, for the figure;
/// - `brief`: with 3 decimals at most, for the graph;
/// - `sign`: `+` or `−`, and `size`, `fixed_size`: what stands behind it;
/// - `class`: a class, counted from 1.
fn written(number: f64, style: &str) -> String {
    let parenthesised = |text: String| match text.strip_prefix('−') {
        Some(_) => format!("({text})"),
        None => text,
    };
    match style {
        "factor" => parenthesised(shortened(number, 5)),
        "term" if number < 0.0 => format!("− {}", shortened(-number, 5)),
        "term" => format!("+ {}", shortened(number, 5)),
        "fixed" => fixed(number, 5),
        "coarse" => fixed(number, 3),
        "fixed_factor" => parenthesised(fixed(number, 5)),
        "coarse_factor" => parenthesised(fixed(number, 3)),
        "short" => shortened(number, 2),
        "brief" => shortened(number, 3),
        "sign" if number < 0.0 => "−".to_owned(),
        "sign" => "+".to_owned(),
        "size" => shortened(number.abs(), 5),
        "fixed_size" => fixed(number.abs(), 5),
        "class" => format!("{}", number + 1.0),
        _ => shortened(number, 5),
    }
}

/// With a true minus, and none before zero.
fn fixed(number: f64, decimals: usize) -> String {
    format!("{:.decimals$}", number + 0.0).replace('-', "−")
}

fn shortened(number: f64, decimals: usize) -> String {
    let text = fixed(number, decimals);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_filled() -> softmax_backprop::Result<()> {
        for text in [figure()?, lines()?] {
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(text.contains("data-value"), "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_place_shows_and_names_its_number() -> softmax_backprop::Result<()> {
        let values = Network::EXAMPLE.values()?;
        let text = filled("a {w1:factor} {theta_t:term} {no}", "b", &values);
        let w = "<b data-number=\"3\" data-style=\"factor\">(−0.4)</b>";
        let theta = "<b data-value=\"6\" data-style=\"term\" data-of-class>− 0.77</b>";
        assert_eq!(text, format!("a {w} {theta} {{no}}"));
        Ok(())
    }
}
