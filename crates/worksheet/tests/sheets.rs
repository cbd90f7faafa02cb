//! What must hold of a thousand sheets of each kind.

use std::error::Error;

use mistakes::{Batch, Outcome};
use ndarray::{Array2, array};
use worksheet::digits::Digits;
use worksheet::lines::lines;
use worksheet::sheets::wrong_line::{self, Pair};
use worksheet::stream::Stream;
use worksheet::work::Work;
use worksheet::{Kind, Sheet};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SEEDS: std::ops::Range<u32> = 0..1_000;

fn work(seed: u32) -> Result<Work> {
    let mut stream = Stream::new(Kind::Network as u32, seed);
    Ok(Work::draw(&mut stream)?.ok_or("no numbers for a pencil")?)
}

/// A printed number as a student reads it.
fn read(digits: Digits) -> f64 {
    digits.text().replace('−', "-").parse().unwrap_or(f64::NAN)
}

/// Compares printed numbers with values, rounded by Rust's own formatting.
#[track_caller]
fn assert_printed(found: &[Digits], values: &[f64], decimals: usize, seed: u32) {
    let found: Vec<String> = found
        .iter()
        .map(|one| one.text().replace('−', "-"))
        .collect();
    // A zero has no sign.
    let rounded = |value: &f64| match format!("{value:.decimals$}") {
        text if text.bytes().all(|byte| b"-.0".contains(&byte)) => text.replace('-', ""),
        text => text,
    };
    let rounded: Vec<String> = values.iter().map(rounded).collect();
    assert_eq!(found, rounded, "of seed {seed}");
}

#[test]
fn the_values_are_those_of_the_crate() -> Result<()> {
    for seed in SEEDS {
        let work = work(seed)?;
        let (classifier, x, y) = work.given.network()?;
        let forward = classifier.forward(&x, &y)?;
        let gradients = classifier.backward(&forward)?;
        let stepped = classifier.step(&gradients, read(work.given.rate))?;
        let flat = |table: &Array2<f64>| table.iter().copied().collect::<Vec<f64>>();
        let exps = forward.theta.as_array().mapv(f64::exp);
        assert_printed(&work.theta, &forward.theta.as_array().to_vec(), 2, seed);
        assert_printed(&work.exps, &exps.to_vec(), 4, seed);
        assert_printed(&[work.sum], &[exps.sum()], 4, seed);
        assert_printed(&work.y_hat, &forward.y_hat.as_array().to_vec(), 4, seed);
        assert_printed(&[work.loss], &[forward.loss], 3, seed);
        assert_printed(&work.delta, &gradients.b.to_vec(), 4, seed);
        assert_printed(&work.d_w, &flat(&gradients.w), 4, seed);
        assert_printed(&work.d_b, &gradients.b.to_vec(), 4, seed);
        assert_printed(&work.next_w, &flat(stepped.layer().w()), 3, seed);
        assert_printed(&work.next_b, &stepped.layer().b().to_vec(), 3, seed);
    }
    Ok(())
}

#[test]
fn the_numbers_are_kind() -> Result<()> {
    let mut labels = [0; 3];
    for seed in SEEDS {
        let work = work(seed)?;
        assert!(
            work.theta.iter().all(|theta| read(*theta).abs() < 4.0),
            "{seed}"
        );
        assert!(
            work.y_hat.iter().all(|p| (0.05..=0.85).contains(&read(*p))),
            "{seed}"
        );
        let [a, b, c] = work.theta.map(read);
        assert!(
            [a - b, b - c, a - c].iter().all(|apart| apart.abs() > 0.19),
            "{seed}"
        );
        let [x1, x2] = work.given.x.map(|x| read(x).abs());
        assert!(x1 != x2 && x1 != 1.0 && x2 != 1.0, "{seed}");
        let sum = |row: [Digits; 3]| row[0].plus(row[1]).plus(row[2]).text();
        assert_eq!(sum(work.y_hat), "1.0000", "{seed}");
        assert_eq!(sum(work.delta), "0.0000", "{seed}");
        let given = [&work.given.x[..], &work.given.w, &work.given.b].concat();
        assert!(
            given
                .iter()
                .all(|one| one.text().chars().count() <= 4 && read(*one) != 0.0),
            "{seed}"
        );
        labels[work.given.class] += 1;
    }
    assert!(labels.iter().all(|count| *count > 250), "{labels:?}");
    Ok(())
}

/// The numbers of a text, in order.
fn numbers(text: &str) -> Vec<&str> {
    let pieces = text.split("<mn>").skip(1);
    pieces
        .filter_map(|piece| piece.split_once("</mn>").map(|(number, _)| number))
        .collect()
}

#[test]
fn every_place_is_filled_and_no_seed_is_without_a_sheet() -> Result<()> {
    for kind in Kind::ALL {
        let mut last = None;
        for seed in SEEDS {
            let sheet = kind.sheet(seed)?;
            for text in [&sheet.task, &sheet.key] {
                assert!(!text.contains(['{', '}', '⟦']), "{text}");
                assert!(
                    !text.contains("\n\n"),
                    "a blank line ends the HTML of a page: {text}"
                );
                assert_eq!(text.matches("<section").count(), 1);
                assert!(text.contains(&format!("{}-{seed}<", kind.name())));
            }
            let name = format!("{}-{seed}", kind.name());
            let bare = sheet.task.replace(&name, "");
            assert_ne!(Some(&bare), last.as_ref(), "two seeds, one sheet");
            last = Some(bare);
        }
        assert_eq!(kind.sheet(7)?, kind.sheet(7)?);
    }
    Ok(())
}

#[test]
fn the_key_belongs_to_the_sheet() -> Result<()> {
    for seed in SEEDS {
        let Sheet { task, key } = Kind::Network.sheet(seed)?;
        let given = |text: &str| {
            let from = text.find("<div class=\"worksheet-lines given\">").unwrap();
            text[from..from + text[from..].find("</div>").unwrap()].to_owned()
        };
        assert_eq!(given(&task), given(&key), "{seed}");
        // 6 products, 3 biases and 3 logits; 3 exponentials and their sum; 3 probabilities, the
        // loss; 3, 6 and 3 slopes; 6 weights and 3 biases.
        assert_eq!(task.matches("class=\"blank\"").count(), 12 + 4 + 4 + 12 + 9);
        let work = work(seed)?;
        let all = [
            &work.theta[..],
            &work.exps,
            &work.y_hat,
            &work.delta,
            &work.d_w,
            &work.next_w,
            &work.next_b,
            &[work.sum, work.loss],
        ]
        .concat();
        let printed = numbers(&key);
        for number in all {
            let text = number.text();
            // Behind another term a minus stands by itself.
            assert!(
                printed.contains(&&*text) || printed.contains(&text.trim_start_matches('−')),
                "{seed}: {text}"
            );
        }
        // None of them is on the sheet, where it could be copied.
        let on_sheet = numbers(&task);
        for number in work
            .exps
            .iter()
            .chain(&work.y_hat)
            .chain([&work.sum, &work.loss])
        {
            assert!(!on_sheet.contains(&&*number.text()), "{seed}");
        }
    }
    Ok(())
}

/// The outcome of a mistake at the network of a sheet.
fn outcome(pair: &Pair) -> Result<Outcome> {
    let given = &pair.right.given;
    let [w11, w12, w13, w21, w22, w23] = given.w.map(read);
    let batch = Batch {
        x: array![given.x.map(read)],
        y: Array2::from_shape_fn((1, 3), |(_, k)| f64::from(u8::from(k == given.class))),
        w: array![[w11, w12, w13], [w21, w22, w23]],
        b: given.b.map(read).to_vec().into(),
    };
    let mistake = mistakes::ALL
        .iter()
        .find(|one| one.name == pair.mistake.name);
    let mistake = mistake.ok_or_else(|| format!("the page has no `{}`", pair.mistake.name))?;
    Ok((mistake.outcome)(&batch))
}

#[test]
fn the_wrong_line_is_wrong_and_the_mistake_is_that_of_the_page() -> Result<()> {
    let mut made = [0; wrong_line::ALL.len()];
    for seed in SEEDS {
        let pair = wrong_line::draw(seed)?;
        let Pair {
            right,
            wrong,
            mistake,
        } = pair;
        let differing: Vec<&str> = (lines()
            .filter(|line| line.numbers(&right) != line.numbers(&wrong)))
        .map(|line| line.tag)
        .collect();
        assert_eq!(differing.first(), Some(&mistake.line), "{seed}");

        // The lines below go on from it, to what the wrong program computes.
        let expected = outcome(&pair)?;
        let close = |found: &[Digits], expected: Vec<f64>| {
            let apart = |(found, expected): (&Digits, f64)| (read(*found) - expected).abs();
            let largest = found.iter().zip(expected).map(apart).fold(0.0, f64::max);
            assert!(largest < 1e-3, "{seed}: {}: {largest}", mistake.name);
        };
        close(&wrong.d_w, expected.d_w.iter().copied().collect());
        match mistake.name {
            "one number for all biases" => close(&wrong.d_b, vec![expected.d_b[0]; 3]),
            _ => close(&wrong.d_b, expected.d_b.to_vec()),
        }
        // The mistake with the label spoils the loss as well; on the sheet one line alone is wrong.
        if mistake.name != "label off by one" {
            close(&[wrong.loss], vec![expected.loss]);
        }
        let place = wrong_line::ALL
            .iter()
            .position(|one| one.name == mistake.name)
            .unwrap();
        made[place] += 1;

        // The key names the line by its letter.
        let key = Kind::WrongLine.sheet(seed)?.key;
        let tags = [
            "4.2", "4.4", "4.6", "4.8", "4.18", "4.20", "4.22", "4.27", "4.29",
        ];
        let letter =
            "ABCDEFGHI".as_bytes()[tags.iter().position(|tag| *tag == mistake.line).unwrap()];
        assert!(key.contains(&format!(
            "The wrong line is {}: <em>{}</em>, ({})",
            letter as char, mistake.name, mistake.equation
        )));
    }
    assert!(made.iter().all(|count| *count > 20), "{made:?}");
    Ok(())
}

#[test]
fn the_graph_comes_to_delta() -> Result<()> {
    for seed in SEEDS {
        let Sheet { task, key } = Kind::Graph.sheet(seed)?;
        let texts = |html: &str| -> Vec<String> {
            let pieces = html.split("<text").skip(1);
            pieces
                .map(|piece| {
                    piece[piece.find('>').unwrap() + 1..piece.find("</text>").unwrap()].to_owned()
                })
                .collect()
        };
        let drawn = texts(&key);
        // Three logits, one of them twice.
        let given = texts(&task)
            .into_iter()
            .filter(|text| text.contains('.'))
            .count();
        assert_eq!(given, 4, "{seed}");
        let number = |text: &String| text.replace('−', "-").parse::<f64>().ok();
        let all: Vec<f64> = drawn.iter().filter_map(number).collect();
        // Above and below each of ten lines.
        assert_eq!(all.len(), 20, "{seed}: {drawn:?}");
        let (_, sum) = key.split_once("both ways together: ").unwrap();
        let (first, rest) = sum.split_once(" − 1 = −").unwrap();
        let (second, _) = rest.split_once(". ").unwrap();
        assert!(
            (first.parse::<f64>()? + second.parse::<f64>()? - 1.0).abs() < 1e-9,
            "{seed}"
        );
    }
    Ok(())
}
