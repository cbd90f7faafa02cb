//! Symbols and their shapes.

use super::{Bodies, Kind};
use crate::stream::Stream;

/// A symbol a row, and the counts that are its sizes.
const SHAPES: &str = include_str!("../shapes.tsv");

/// How many inputs, classes and examples there are.
struct Counts {
    inputs: usize,
    classes: usize,
    examples: usize,
}

pub(super) fn bodies(seed: u32) -> Bodies {
    let mut stream = Stream::new(Kind::Shapes as u32, seed);
    // No two alike, and none is 1: a shape says which is which.
    let sizes = stream.order(6);
    let counts = Counts {
        inputs: sizes[0] + 2,
        classes: sizes[1] + 2,
        examples: sizes[2] + 2,
    };
    let rows: Vec<(&str, String)> = SHAPES.lines().map(|row| read(row, &counts)).collect();
    let mut shapes: Vec<&String> = Vec::new();
    let order = stream.order(rows.len());
    for place in &order {
        if !shapes.contains(&&rows[*place].1) {
            shapes.push(&rows[*place].1);
        }
    }
    let letter = |shape: &String| {
        let place = shapes.iter().position(|one| *one == shape);
        place.map_or('?', |place| char::from(b'A' + place as u8))
    };
    let list: String = shapes
        .iter()
        .map(|shape| format!("<li>{shape}</li>\n"))
        .collect();
    let asked: Vec<&(&str, String)> = stream
        .order(rows.len())
        .iter()
        .map(|place| &rows[*place])
        .collect();
    let table = |answer: &dyn Fn(&String) -> String| -> String {
        let row = |(symbol, shape): &&(&str, String)| {
            format!(
                "<tr><th scope=\"row\"><math displaystyle=\"true\">{symbol}</math></th><td>{}</td></tr>\n",
                answer(shape)
            )
        };
        let rows: String = asked.iter().map(row).collect();
        format!(
            "<table>\n<thead><tr><th scope=\"col\">symbol</th><th scope=\"col\">shape</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
        )
    };
    let Counts {
        inputs,
        classes,
        examples,
    } = counts;
    let about = format!(
        "<p>A network has {inputs} inputs and {classes} classes, and there are {examples} examples.</p>\n"
    );
    let task = format!(
        "{about}<p>Which shape has each symbol? Write its letter; some are those of two symbols or more. A vector is a column, \
         a gradient ∇ has the shape of its variable, and a derivative ∂ is a Jacobian: a row for each entry of what is \
         differentiated, a column for each of what it is differentiated by.</p>\n<ol class=\"worksheet-steps shapes\">\n{list}</ol>\n{}",
        table(&|_| "<span class=\"blank\"></span>".to_owned())
    );
    let key = about + &table(&|shape| format!("{}: {shape}", letter(shape)));
    Ok((task, key))
}

/// A symbol and its shape in numbers.
fn read<'a>(row: &'a str, counts: &Counts) -> (&'a str, String) {
    let (symbol, sizes) = row.split_once('\t').unwrap_or((row, ""));
    let sizes: Vec<String> = sizes
        .split_whitespace()
        .map(|size| match size {
            "M" => counts.inputs.to_string(),
            "K" => counts.classes.to_string(),
            "N" => counts.examples.to_string(),
            other => other.to_owned(),
        })
        .collect();
    let shape = match &sizes[..] {
        [] => "a number".to_owned(),
        [entries] => format!("{entries} × 1"),
        _ => sizes.join(" × "),
    };
    (symbol, shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_that_of_the_shape_in_the_list() {
        for seed in 0..1_000 {
            let (task, key) = bodies(seed).unwrap();
            let list: Vec<&str> = (task.split("<li>").skip(1))
                .filter_map(|item| Some(item.split_once("</li>")?.0))
                .collect();
            let answers: Vec<&str> = (key.split("<td>").skip(1))
                .filter_map(|cell| Some(cell.split_once("</td>")?.0))
                .collect();
            assert_eq!(answers.len(), SHAPES.lines().count());
            for answer in answers {
                let (letter, shape) = answer.split_once(": ").unwrap();
                let place = usize::from(letter.as_bytes()[0] - b'A');
                assert_eq!(list[place], shape, "{seed}");
            }
            // Which is which can be told: no shape is another's by chance.
            assert_eq!(list.len(), 9, "{seed}: {list:?}");
        }
    }

    #[test]
    fn a_shape_is_read_in_numbers() {
        let counts = Counts {
            inputs: 2,
            classes: 3,
            examples: 5,
        };
        assert_eq!(read("a\tM K", &counts), ("a", "2 × 3".to_owned()));
        assert_eq!(read("a\tN", &counts), ("a", "5 × 1".to_owned()));
        assert_eq!(read("a\t1 K", &counts), ("a", "1 × 3".to_owned()));
        assert_eq!(read("a\t", &counts), ("a", "a number".to_owned()));
    }
}
