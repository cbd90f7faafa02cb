//! A run with the options of a page comes to the digits that the page's cells printed, and to the
//! regions that they drew.

use std::path::Path;
use std::{fs, io};

use softmax_backprop::dataset::Dataset;
use training::data::{SPECIES, penguins};
use training::drawing::{chart, line, regions, table};
use training::run::{Options, Run};

/// What a cell of the book has written.
fn printed(name: &str) -> io::Result<String> {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/out");
    fs::read_to_string(book.join(name)).map(|text| text.replace('\r', ""))
}

#[test]
fn the_birds_are_those_that_the_crate_reads() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/penguins.csv");
    let bill = ["bill_length_mm", "bill_depth_mm"];
    let file = fs::File::open(data).unwrap();
    let read = Dataset::read(file, &bill, "species", &SPECIES).unwrap();
    let birds = penguins();
    assert_eq!((birds.x, birds.classes), (read.x, read.labels));
}

#[test]
fn the_penguins_come_to_the_digits_of_the_page() {
    let page = printed("penguins/descent.txt").unwrap();
    let run = Run::at_the_end(Options::PENGUINS).unwrap();
    for epoch in [0, 1, 10, 100, 1000] {
        let line = format!("epoch {epoch:4}: J = {:.4}\n", run.losses()[epoch]);
        assert!(page.contains(&line), "{line}{page}");
    }
    let line = line(&run);
    let rights: Vec<&str> = line.split("; ").skip(1).collect();
    assert!(
        page.ends_with(&(rights.join("\n") + "\n")),
        "{line}\n{page}"
    );
    let confusion = printed("penguins/descent.confusion.md").unwrap();
    assert_eq!(table(&run, SPECIES), confusion);
}

#[test]
fn portions_come_to_the_digits_of_the_page() {
    let page = printed("penguins/minibatches.txt").unwrap();
    let run = Run::at_the_end(Options::PORTIONS).unwrap();
    let line = format!("after 50 epochs: J = {:.3}\n", run.losses()[50]);
    assert!(page.starts_with(&line), "{line}{page}");
}

#[test]
fn the_spirals_come_to_the_digits_of_the_page() {
    let page = printed("spirals/trained.txt").unwrap();
    let runs = [
        ("one layer:     ", Options::ONE_LAYER),
        ("a hidden layer:", Options::SPIRALS),
    ];
    for (name, options) in runs {
        let percent = 100.0 * Run::at_the_end(options).unwrap().right() as f64 / 180.0;
        let line = format!("{name} {percent:.0} % right\n");
        assert!(page.contains(&line), "{line}{page}");
    }
}

#[test]
fn the_regions_are_those_of_the_figures() {
    let figures = [
        ("penguins/descent.regions.svg", Options::PENGUINS),
        ("spirals/trained.one.svg", Options::ONE_LAYER),
        ("spirals/trained.hidden.svg", Options::SPIRALS),
    ];
    for (figure, options) in figures {
        let svg = printed(figure).unwrap();
        for path in regions(&Run::at_the_end(options).unwrap(), 1).lines() {
            assert!(
                !path.is_empty() && svg.contains(&format!("\"{path}\"")),
                "{figure}"
            );
        }
    }
}

#[test]
fn the_regions_of_larger_cells_fill_the_same_plane() {
    let run = Run::new(Options::SPIRALS).unwrap();
    for size in [1, 2, 5] {
        let area: usize = regions(&run, size).lines().map(area).sum();
        assert_eq!(area, 200 * 150, "{size}");
    }
}

/// The area of rectangles, each `M0 0h1v1H0z`.
fn area(path: &str) -> usize {
    let rectangles = path.split('M').skip(1);
    rectangles
        .map(|rectangle| {
            let sides = rectangle.split(['h', 'v', 'H']).skip(1).take(2);
            sides
                .map(|side| side.parse::<usize>().unwrap_or_default())
                .product::<usize>()
        })
        .sum()
}

#[test]
fn what_a_run_cannot_be_told_is_refused() {
    let numbers = Options::PENGUINS.numbers();
    let messages = [
        (
            0,
            33.0,
            "hidden units: expected a whole number from 0 to 32, found 33",
        ),
        (
            1,
            0.0,
            "examples in a step: expected a whole number from 1 to 256, found 0",
        ),
        (2, 0.0, "rate: expected a finite number above 0, found 0"),
        (
            2,
            f64::NAN,
            "rate: expected a finite number above 0, found NaN",
        ),
        (
            3,
            0.5,
            "seed: expected a whole number from 0 to 4294967295, found 0.5",
        ),
        (
            4,
            -1.0,
            "epochs: expected a whole number from 1 to 20000, found -1",
        ),
    ];
    for (index, number, message) in messages {
        let mut numbers = numbers;
        numbers[index] = number;
        let refused = Options::of_numbers(Options::PENGUINS.task, numbers);
        assert_eq!(refused.unwrap_err().to_string(), message);
    }
    let taken = Options::of_numbers(Options::PENGUINS.task, numbers);
    assert_eq!(taken, Ok(Options::PENGUINS));
}

#[test]
fn a_run_that_cannot_go_on_stays_where_it_was() {
    let options = Options {
        rate: f64::MAX,
        ..Options::PENGUINS
    };
    let mut run = Run::new(options).unwrap();
    while run.epoch() < 100 && run.train().is_ok() {}
    assert!(
        run.epoch() < 100,
        "the weights leave the range of the numbers"
    );
    let (epoch, losses) = (run.epoch(), run.losses().to_vec());
    assert!(run.train().is_err());
    assert_eq!((run.epoch(), run.losses()), (epoch, losses.as_slice()));
    assert!(losses.iter().all(|loss| loss.is_finite()));
    assert!(chart(&run).starts_with("<svg"));
}

/// *Training on penguins* says what to try, and what comes of it.
#[test]
fn the_penguins_do_what_the_page_says() {
    let run = |options| Run::at_the_end(options).unwrap();
    let to_and_fro = run(Options {
        portion: 16,
        rate: 2.0,
        epochs: 50,
        ..Options::PENGUINS
    });
    let rises = to_and_fro.losses()[30..].windows(2);
    let rises = rises.filter(|pair| pair[1] > pair[0]).count();
    assert!((5..=15).contains(&rises), "{rises} of 20");

    let leaps = run(Options {
        rate: 100.0,
        epochs: 30,
        ..Options::PENGUINS
    });
    let losses = leaps.losses();
    assert!(losses[1] > losses[0] && losses[30] < losses[0]);

    let by_heart = run(Options {
        hidden: 16,
        rate: 4.0,
        epochs: 5000,
        ..Options::PENGUINS
    });
    let held_out = by_heart.held_out_losses();
    let least = held_out
        .iter()
        .fold(f64::INFINITY, |least, loss| loss.min(least));
    assert!(held_out[5000] > 2.0 * least, "{} {least}", held_out[5000]);
    assert!(by_heart.losses()[5000] < 0.5 * by_heart.losses()[1000]);
}

/// So does *What a hidden layer buys*.
#[test]
fn more_hidden_units_name_more_points() {
    let right = [1, 2, 4, 8].map(|hidden| {
        let options = Options {
            hidden,
            ..Options::SPIRALS
        };
        Run::at_the_end(options).unwrap().right()
    });
    assert!(right.is_sorted_by(|fewer, more| fewer < more), "{right:?}");
}
