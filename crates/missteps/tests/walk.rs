//! A walk is what `mistakes` computes for the page, and the checks at its start are those that the
//! page prints.

use std::fs;
use std::path::Path;

use missteps::walk::{End, Options, Walk};
use mistakes::{ALL, RIGHT, checks, points, tables};

#[test]
fn each_mistake_descends_from_each_point_as_on_the_page() {
    for (point, start) in points::all().into_iter().enumerate() {
        for (mistake, of) in std::iter::once(&RIGHT).chain(&ALL).enumerate() {
            let options = Options {
                mistake,
                point,
                ..Options::PAGE
            };
            let walk = Walk::new(options);
            if walk.end == Some(End::Shape) {
                assert_eq!((mistake, walk.steps()), (4, 0), "{}", start.name);
                continue;
            }
            let losses = tables::descend(of, &start.batch, walk.steps(), options.rate);
            assert_eq!(
                walk.losses,
                losses.to_vec(),
                "{mistake} from {}",
                start.name
            );
            assert!(walk.steps() == 60 || walk.end == Some(End::Range));
        }
    }
}

#[test]
fn the_checks_at_the_start_are_those_of_the_table() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/out");
    let page = fs::read_to_string(book.join("mistakes/checks.table.md")).unwrap();
    for (mistake, row) in (1..).zip(page.lines().skip(2)) {
        let walk = Walk::new(Options {
            mistake,
            steps: 0,
            ..Options::PAGE
        });
        let marks = walk.marks().join(" | ");
        assert!(row.ends_with(&format!("| {marks} |")), "{row}\n{marks}");
    }
}

#[test]
fn no_check_objects_to_the_right_gradient_on_its_way() {
    for steps in 0..=60 {
        let walk = Walk::new(Options {
            mistake: 0,
            steps,
            ..Options::PAGE
        });
        assert_eq!(walk.caught(), [false; checks::ALL.len()], "{}", walk.line());
        assert_eq!(walk.losses, walk.reported);
    }
}

#[test]
fn a_gradient_of_another_shape_takes_no_step() {
    let walk = Walk::new(Options {
        mistake: 4,
        ..Options::PAGE
    });
    assert_eq!((walk.steps(), walk.end), (0, Some(End::Shape)));
    assert!(
        walk.line()
            .ends_with("no step is possible, the shapes do not fit")
    );
    // With two inputs and two classes it has the right one.
    let walk = Walk::new(Options {
        mistake: 4,
        point: 5,
        ..Options::PAGE
    });
    assert_eq!((walk.steps(), walk.end), (60, None));
}

#[test]
fn a_walk_ends_where_the_numbers_do() {
    let walk = Walk::new(Options {
        mistake: 3,
        rate: 1e300,
        ..Options::PAGE
    });
    assert_eq!(walk.end, Some(End::Range));
    assert!(walk.steps() < 60 && walk.losses.iter().all(|loss| loss.is_finite()));
}

#[test]
fn what_a_walk_cannot_be_told_is_refused() {
    let messages = [
        (
            0,
            13.0,
            "mistake: expected a whole number from 0 to 12, found 13",
        ),
        (
            1,
            8.0,
            "test point: expected a whole number from 0 to 7, found 8",
        ),
        (2, -1.0, "rate: expected a finite number above 0, found -1"),
        (
            3,
            0.5,
            "steps: expected a whole number from 0 to 60, found 0.5",
        ),
    ];
    for (index, number, message) in messages {
        let mut numbers = Options::PAGE.numbers();
        numbers[index] = number;
        assert_eq!(Options::of_numbers(numbers).unwrap_err(), message);
    }
    assert_eq!(
        Options::of_numbers(Options::PAGE.numbers()),
        Ok(Options::PAGE)
    );
}
