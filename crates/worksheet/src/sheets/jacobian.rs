//! The Jacobian of softmax: worked out for three classes, and with holes for four.

use ndarray::Array1;
use softmax_backprop::Probabilities;
use softmax_backprop::softmax::jacobian;

use super::{Bodies, Error, Kind};
use crate::digits::{Digits, Style};
use crate::lines::{Letter, blank, equation, letter, table};
use crate::stream::Stream;

pub(super) fn bodies(seed: u32) -> Bodies {
    let kind = Kind::Jacobian;
    let unkind = || Error::Unkind { kind, seed };
    let mut stream = Stream::new(kind as u32, seed);
    let small = shares(&mut stream, 3);
    let large = shares(&mut stream, 4);
    let first = entries(&small)?.ok_or_else(unkind)?;
    let second = entries(&large)?.ok_or_else(unkind)?;
    let holes = holes(&mut stream, 4);

    let number = |one: &Digits| one.mathml(Style::Plain);
    let all = |numbers: &[Digits]| numbers.iter().map(number).collect::<Vec<_>>();
    let sign = letter(Letter::Jacobian);
    let given = equation(letter(Letter::YHat), &table(1, &all(&small)));
    let with = |cells: &[String], columns| {
        format!(
            "<p class=\"line\">{}</p>\n",
            equation(sign, &table(columns, cells))
        )
    };
    let first_blank = vec![blank(Style::Plain); first.len()];
    let punched: Vec<String> = (second.iter().zip(&holes))
        .map(|(one, hole)| {
            if *hole {
                blank(Style::Plain)
            } else {
                number(one)
            }
        })
        .collect();
    let mended: Vec<String> = (second.iter().zip(&holes))
        .map(|(one, hole)| match hole {
            true => format!("<mrow class=\"filled\">{}</mrow>", number(one)),
            false => number(one),
        })
        .collect();
    let symbols = format!(
        "<p class=\"line\">{}</p>\n",
        equation(sign, letter(Letter::Entries))
    );
    let task = format!(
        "<h3>Three classes</h3>\n{symbols}<p>Fill in the numbers. Nothing needs rounding.</p>\n\
         <p class=\"line\">{given}</p>\n{}\
         <p class=\"check\">Check: each row sums to 0, and so does each column.</p>\n\
         <h3>Four classes, with holes</h3>\n\
         <p>The probabilities are not given. The table is symmetric, and its rows sum to 0: that suffices.</p>\n{}",
        with(&first_blank, 3),
        with(&punched, 4)
    );
    let key = format!(
        "<h3>Three classes</h3>\n<p class=\"line\">{given}</p>\n{}<h3>Four classes, with holes</h3>\n\
         <p>What was a hole is bold.</p>\n{}<p>The probabilities were:</p>\n<p class=\"line\">{}</p>\n",
        with(&all(&first), 3),
        with(&mended, 4),
        equation(letter(Letter::YHat), &table(1, &all(&large)))
    );
    Ok((task, key))
}

/// Tenths that sum to 1, none of them 0.
fn shares(stream: &mut Stream, classes: usize) -> Vec<Digits> {
    let mut tenths = vec![1; classes];
    for _ in classes..10 {
        tenths[stream.below(classes)] += 1;
    }
    tenths
        .into_iter()
        .map(|units| Digits::new(units, 1))
        .collect()
}

/// The entries of the Jacobian by rows, as the crate computes them: hundredths, without rounding.
fn entries(y_hat: &[Digits]) -> softmax_backprop::Result<Option<Vec<Digits>>> {
    let y_hat = Probabilities::new(Array1::from_iter(y_hat.iter().map(|one| one.value())))?;
    let table = jacobian(&y_hat);
    Ok(table.iter().map(|entry| Digits::near(*entry, 2)).collect())
}

/// Which entries are left out, by rows: as many as symmetry and the sums of the rows give back.
fn holes(stream: &mut Stream, classes: usize) -> Vec<bool> {
    let mut holes = vec![false; classes * classes];
    for place in stream.order(classes * classes) {
        holes[place] = true;
        if !can_be_filled(&holes, classes) {
            holes[place] = false;
        }
    }
    holes
}

/// Whether one hole after the other can be filled: by the entry across the diagonal, or as the last
/// of its row or column.
fn can_be_filled(holes: &[bool], classes: usize) -> bool {
    let mut left = holes.to_vec();
    loop {
        let is_last =
            |line: &mut dyn Iterator<Item = usize>| line.filter(|place| left[*place]).count() == 1;
        let fillable = (0..left.len()).find(|place| {
            let (row, column) = (place / classes, place % classes);
            left[*place]
                && (!left[column * classes + row]
                    || is_last(&mut (0..classes).map(|k| row * classes + k))
                    || is_last(&mut (0..classes).map(|k| k * classes + column)))
        });
        match fillable {
            Some(place) => left[place] = false,
            None => return !left.contains(&true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills holes with numbers, as a student does; how many are left.
    fn fill(numbers: &mut [Option<Digits>], classes: usize) -> usize {
        for _ in 0..numbers.len() {
            for place in 0..numbers.len() {
                if numbers[place].is_some() {
                    continue;
                }
                let (row, column) = (place / classes, place % classes);
                let others = |line: Vec<usize>| {
                    let others = line.into_iter().filter(|other| *other != place);
                    let mut sum = Some(Digits::new(0, 2));
                    for other in others {
                        sum = sum.zip(numbers[other]).map(|(sum, one)| sum.plus(one));
                    }
                    sum.map(Digits::negative)
                };
                let across = numbers[column * classes + row];
                let in_row = others((0..classes).map(|k| row * classes + k).collect());
                let in_column = others((0..classes).map(|k| k * classes + column).collect());
                numbers[place] = across.or(in_row).or(in_column);
            }
        }
        numbers.iter().filter(|one| one.is_none()).count()
    }

    #[test]
    fn the_holes_can_be_filled_and_no_more_could_be_made() {
        for seed in 0..1_000 {
            let mut stream = Stream::new(Kind::Jacobian as u32, seed);
            let y_hat = shares(&mut stream, 4);
            let right = entries(&y_hat).unwrap().unwrap();
            let holes = holes(&mut stream, 4);
            let with = |holes: &[bool]| -> Vec<Option<Digits>> {
                let numbers = right.iter().zip(holes);
                numbers.map(|(one, hole)| (!hole).then_some(*one)).collect()
            };
            let mut filled = with(&holes);
            assert_eq!(fill(&mut filled, 4), 0, "{seed}");
            assert_eq!(
                filled.into_iter().flatten().collect::<Vec<_>>(),
                right,
                "{seed}"
            );
            for place in (0..16).filter(|place| !holes[*place]) {
                let mut more = holes.clone();
                more[place] = true;
                assert_ne!(fill(&mut with(&more), 4), 0, "{seed}");
            }
        }
    }

    #[test]
    fn the_entries_are_exact_and_sum_to_zero() {
        for seed in 0..1_000 {
            let mut stream = Stream::new(Kind::Jacobian as u32, seed);
            let y_hat = shares(&mut stream, 3);
            let table = entries(&y_hat).unwrap().unwrap();
            for (place, entry) in table.iter().enumerate() {
                let (p, q) = (y_hat[place / 3], y_hat[place % 3]);
                let product = p.times(q);
                let exact = if place % 4 == 0 {
                    p.minus(product)
                } else {
                    product.negative()
                };
                assert_eq!(*entry, exact, "{seed}");
            }
            for row in table.chunks(3) {
                assert_eq!(
                    row[0].plus(row[1]).plus(row[2]),
                    Digits::new(0, 2),
                    "{seed}"
                );
            }
        }
    }
}
