//! Reading data, standardising, splitting and descending: what goes right and what is refused.

use ndarray::{Array1, Array2, Axis, array};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::batch::{Batch, Pass, predict};
use softmax_backprop::curvature::newton;
use softmax_backprop::dataset::{Dataset, Standardisation};
use softmax_backprop::training::{Descent, Epoch, Stop, descend, descend_in_minibatches};
use softmax_backprop::{Error, Layer};

const HEADER: &str = "species,length,depth";

fn read(rows: &str) -> Result<Dataset, Error> {
    let file = format!("{HEADER}\n{rows}");
    Dataset::read(
        file.as_bytes(),
        &["length", "depth"],
        "species",
        &["a", "b"],
    )
}

fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn rows_are_read_and_missing_measurements_are_left_out() {
    let data = read("a,1,2\nb,NA,3\nb,3.5,-4e1\na,1,\n").unwrap();
    assert_eq!(data.x, array![[1.0, 2.0], [3.5, -40.0]]);
    assert_eq!(data.labels, [0, 1]);
    assert_eq!(data.skipped, [3, 5]);
}

#[test]
fn columns_are_found_by_name() {
    let file = "depth,length,species\n1,2,b\n3,4,a\n".as_bytes();
    let data = Dataset::read(file, &["length", "depth"], "species", &["a", "b"]).unwrap();
    assert_eq!(data.x, array![[2.0, 1.0], [4.0, 3.0]]);
    assert_eq!(data.labels, [1, 0]);
}

#[test]
fn a_missing_column_is_named() {
    let read = |feature, label| {
        let file = format!("{HEADER}\na,1,2\n");
        message(Dataset::read(file.as_bytes(), &[feature], label, &["a"]))
    };
    assert_eq!(
        read("width", "species"),
        "column width: expected it in the header, found species, length, depth"
    );
    assert_eq!(
        read("length", "kind"),
        "column kind: expected it in the header, found species, length, depth"
    );
}

#[test]
fn a_word_for_a_number_is_named_with_its_place() {
    assert_eq!(
        message(read("a,1,2\nb,long,3\n")),
        "line 3, column length: expected a finite number, found \"long\""
    );
    for word in ["NaN", "inf", "1e999"] {
        assert_eq!(
            message(read(&format!("a,1,{word}\n"))),
            format!("line 2, column depth: expected a finite number, found {word:?}")
        );
    }
}

#[test]
fn an_unknown_class_is_named_with_its_place() {
    assert_eq!(
        message(read("a,1,2\nc,1,2\n")),
        "line 3, column species: expected one of a, b, found \"c\""
    );
}

#[test]
fn a_line_of_another_length_is_named() {
    assert_eq!(
        message(read("a,1,2\nb,1\n")),
        "line 3: expected 3 fields, found 2"
    );
}

/// The reader's own message would name the line as the reader counts it.
#[test]
fn what_is_no_text_is_named_with_its_line_alone() {
    let file = [HEADER.as_bytes(), b"\n\na,1,2\nb,\xff,2\n"].concat();
    let message = message(Dataset::read(
        file.as_slice(),
        &["length"],
        "species",
        &["a", "b"],
    ));
    assert_eq!(
        message,
        "line 4: invalid utf-8: invalid UTF-8 in field 1 near byte index 0"
    );
}

#[test]
fn a_line_is_counted_as_an_editor_counts_it() {
    // Line 5 has no depth; lines 2, 4 and 6 are empty; a quoted name runs over lines 7 and 8.
    let rows = ["", "a,1,2", "", "b,3,", "", "\"a\nb\",1,2", "", "x,1,2"];
    for end in ["\n", "\r\n", "\r"] {
        let file = |rows: &[&str]| [&[HEADER], rows].concat().join(end);
        let read = |text: &str| {
            Dataset::read(
                text.as_bytes(),
                &["length", "depth"],
                "species",
                &["a", "b", "a\nb"],
            )
        };
        let last = read(&file(&rows)).unwrap_err().to_string();
        assert!(
            last.starts_with("line 10, column species: "),
            "{end:?}: {last}"
        );
        let data = read(&file(&rows[..6])).unwrap();
        assert_eq!(
            (data.skipped, data.labels),
            (vec![5], vec![0, 2]),
            "{end:?}"
        );
        let short = read(&file(&["", "a,1,2", "", "b,3"]))
            .unwrap_err()
            .to_string();
        assert_eq!(short, "line 5: expected 3 fields, found 2", "{end:?}");
    }
}

#[test]
fn a_file_without_rows_is_empty() {
    assert_eq!(
        message(read("")),
        "rows: expected at least one entry, found none"
    );
    assert_eq!(
        message(read("a,NA,1\nb,1,NA\n")),
        "rows: expected at least one entry, found none"
    );
    let nothing = Dataset::read("".as_bytes(), &["length"], "species", &["a"]);
    assert_eq!(
        message(nothing),
        "column length: expected it in the header, found nothing"
    );
}

#[test]
fn one_class_alone_is_refused() {
    assert_eq!(
        message(read("b,1,2\nb,2,3\n")),
        "labels: expected at least two classes, found b alone"
    );
}

#[test]
fn a_split_holds_each_row_once_and_is_the_same_for_the_same_seed() {
    let rows: String = (0..20)
        .map(|n| format!("{},{n},0\n", ["a", "b"][n % 2]))
        .collect();
    let data = read(&rows).unwrap();
    let split = |seed| data.split(5, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
    let (train, test) = split(1);
    assert_eq!((train.labels.len(), test.labels.len()), (15, 5));
    let mut lengths: Vec<f64> = train
        .x
        .column(0)
        .iter()
        .chain(test.x.column(0))
        .copied()
        .collect();
    assert_ne!(lengths, (0..20).map(f64::from).collect::<Vec<_>>());
    lengths.sort_by(f64::total_cmp);
    assert_eq!(lengths, (0..20).map(f64::from).collect::<Vec<_>>());
    for (row, label) in test.x.outer_iter().zip(&test.labels) {
        assert_eq!(row[0] as usize % 2, *label);
    }
    assert_eq!(split(1), (train, test));
    assert_ne!(split(1), split(2));

    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    assert_eq!(
        message(data.split(0, rng)),
        "test part: expected at least one entry, found none"
    );
    assert_eq!(
        message(data.split(20, rng)),
        "training part: expected at least one entry, found none"
    );
}

#[test]
fn standardised_columns_have_mean_0_and_deviation_1() {
    let x = array![[1.0, 10.0], [2.0, 30.0], [6.0, 20.0]];
    let x = Standardisation::of(&x).unwrap().apply(&x).unwrap();
    for column in x.columns() {
        assert!(column.sum().abs() < 1e-15);
        assert!((column.dot(&column) / 3.0 - 1.0).abs() < 1e-15);
    }
}

/// The mean of 2⁴⁰, …, 2⁴⁰ + 2m is 2⁴⁰ + m. A sum of quotients rounds to a number nearby, and the mean
/// of the distances from there, which is small and so has more digits than are asked for, leads to
/// it.
#[test]
fn a_mean_that_is_a_number_is_found_to_the_last_digit() {
    let first = f64::from(2_u8).powi(40);
    for m in 1..100_u8 {
        let x = Array2::from_shape_fn((2 * usize::from(m) + 1, 1), |(n, _)| first + n as f64);
        let mean = Standardisation::of(&x).unwrap().mean[0];
        assert_eq!(mean, first + f64::from(m));
    }
}

#[test]
fn what_cannot_be_standardised_is_refused() {
    assert_eq!(
        message(Standardisation::of(&array![[1.0, 5.0], [2.0, 5.0]])),
        "column 1: expected at least two different values, found 5 alone"
    );
    assert_eq!(
        message(Standardisation::of(&Array2::zeros((0, 2)))),
        "x: expected at least one entry, found none"
    );
    assert_eq!(
        message(Standardisation::of(&array![[1.0], [f64::NAN]])),
        "x[1, 0]: expected a finite number, found NaN"
    );
    // A deviation of 1.6·10³⁰⁸, of distances that are larger.
    assert_eq!(
        message(Standardisation::of(&array![
            [1.7e308],
            [-1.7e308],
            [-1.7e308]
        ])),
        "x - mean[0, 0]: expected a finite number, found inf"
    );
    // What is left of the digits there does not suffice.
    assert_eq!(
        message(Standardisation::of(&array![[5e-324], [1e-323]])),
        "1 / deviation[0]: expected a finite number, found inf"
    );
    let standardisation = Standardisation::of(&array![[1.0], [2.0]]).unwrap();
    assert_eq!(
        message(standardisation.apply(&array![[1.0, 2.0]])),
        "x: expected shape 1×1, found 1×2"
    );
}

#[test]
fn a_column_is_standardised_to_its_last_digits() {
    // One bit apart: the mean lies between two numbers.
    let x = array![[0.3], [0.1 + 0.2], [0.3], [0.3]];
    let found = Standardisation::of(&x).unwrap().apply(&x).unwrap();
    let third = -f64::sqrt(1.0 / 3.0);
    for (found, expected) in found.iter().zip([third, -3.0 * third, third, third]) {
        assert!((found - expected).abs() < 1e-15, "{found}");
    }
    for (one, other, mean, deviation) in [
        (1e16, 1e16 + 2.0, 1e16, 1.0),
        (1e-200, 2e-200, 1.5e-200, 5e-201),
        (1e200, -1e200, 0.0, 1e200),
        (1.5e308, 1.7e308, 1.6e308, 1e307),
        (-0.5, 1.5, 0.5, 1.0),
    ] {
        let x = array![[one], [other]];
        let scale = Standardisation::of(&x).unwrap();
        assert!(
            (scale.mean[0] - mean).abs() <= 1e-15 * one.abs(),
            "{scale:?}"
        );
        assert!(
            (scale.deviation[0] / deviation - 1.0).abs() < 1e-14,
            "{scale:?}"
        );
        let found = scale.apply(&x).unwrap();
        let sign = f64::signum(other - one);
        for (found, expected) in found.iter().zip([-sign, sign]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
    }
}

#[test]
fn what_is_asked_for_has_a_name() {
    let read = |header: &str, features: &[&str], classes: &[&str]| {
        let file = format!("{header}\na,1,2\nb,2,1\n");
        message(Dataset::read(file.as_bytes(), features, "k", classes))
    };
    // A space after the comma belongs to the name.
    assert_eq!(
        read("k, x, y", &["x"], &["a", "b"]),
        "column x: expected it in the header, found k, \" x\", \" y\""
    );
    assert_eq!(
        read("k,,\"x,y\"", &["x"], &["a", "b"]),
        "column x: expected it in the header, found k, \"\", \"x,y\""
    );
    assert_eq!(
        read("k,x,y", &["x"], &[]),
        "classes: expected at least one entry, found none"
    );
    assert_eq!(
        read("k,x,y", &[], &["a", "b"]),
        "features: expected at least one entry, found none"
    );
    assert_eq!(
        read("k,x,y", &["x"], &["b", "a "]),
        "line 2, column k: expected one of b, \"a \", found \"a\""
    );
}

/// Points of two classes that overlap, so that the loss has a minimum.
fn overlapping() -> Batch {
    let x = Array2::from_shape_fn((8, 1), |(n, _)| n as f64 - 3.5);
    Batch::of_classes(x, vec![0, 0, 1, 0, 1, 0, 1, 1], 2).unwrap()
}

fn zero_layer(inputs: usize, classes: usize) -> Layer {
    Layer::new(Array2::zeros((inputs, classes)), Array1::zeros(classes)).unwrap()
}

fn descent(learning_rate: f64, epochs: usize) -> Descent {
    Descent {
        learning_rate,
        epochs,
        gradient_norm: 1e-9,
    }
}

#[test]
fn descent_stops_where_the_gradient_is_short() {
    let batch = overlapping();
    let mut epochs: Vec<Epoch> = Vec::new();
    let trained = descend(zero_layer(1, 2), &batch, &descent(0.3, 10_000), |epoch| {
        epochs.push(*epoch);
    })
    .unwrap();
    assert_eq!(trained.stop, Stop::Gradient);
    assert!(trained.end.gradient_norm <= 1e-9);
    assert_eq!(epochs.last(), Some(&trained.end));
    assert!(epochs[epochs.len() - 2].gradient_norm > 1e-9);
    assert!(epochs.iter().map(|epoch| epoch.number).eq(0..epochs.len()));
    // Near the minimum the loss moves by its last bit.
    let falls = |pair: &[Epoch]| pair[1].loss <= pair[0].loss + 1e-15;
    assert!(epochs.windows(2).all(falls));
    // The report is of the layer that is returned.
    assert_eq!(
        Pass::new(&trained.layer, &batch).unwrap().loss(),
        trained.end.loss
    );
}

#[test]
fn descent_stops_when_the_epochs_are_spent() {
    let mut reports = 0;
    let trained = descend(zero_layer(1, 2), &overlapping(), &descent(0.3, 7), |_| {
        reports += 1
    });
    let trained = trained.unwrap();
    assert_eq!(
        (trained.stop, trained.end.number, reports),
        (Stop::Epochs, 7, 8)
    );
}

#[test]
fn a_gradient_norm_of_0_never_stops() {
    // Both classes at the same place: the gradient of weights of 0 is 0.
    let batch = Batch::of_classes(array![[1.0], [1.0]], vec![0, 1], 2).unwrap();
    for (gradient_norm, number) in [(0.0, 5), (-1.0, 5), (1e-300, 0)] {
        let descent = Descent {
            gradient_norm,
            ..descent(0.5, 5)
        };
        let trained = descend(zero_layer(1, 2), &batch, &descent, |_| ()).unwrap();
        assert_eq!(
            (trained.end.number, trained.end.gradient_norm),
            (number, 0.0)
        );
    }
}

/// Batches whose minimum is known from Newton's method: inputs of the size of 1, 2 to 4 classes.
fn batches() -> Vec<(Batch, Layer)> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut batches = Vec::new();
    while batches.len() < 60 {
        let (inputs, classes) = (rng.random_range(1..4), rng.random_range(2..5));
        let x = Array2::from_shape_simple_fn((30, inputs), || rng.random_range(-1.7..1.7));
        let labels = (0..30).map(|_| rng.random_range(0..classes)).collect();
        let batch = Batch::of_classes(x, labels, classes).unwrap();
        if let Ok(minimum) = newton(&zero_layer(inputs, classes), &batch, 1e-12) {
            batches.push((batch, minimum.layer));
        }
    }
    // Labels that no input explains: at the minimum each class is as likely as the other.
    let even = Batch::of_classes(Array2::ones((8, 1)), vec![0, 1, 0, 1, 0, 1, 0, 1], 2);
    batches.push((even.unwrap(), zero_layer(1, 2)));
    batches
}

#[test]
fn descent_goes_on_from_a_minimum() {
    for (batch, minimum) in batches() {
        let loss = Pass::new(&minimum, &batch).unwrap().loss();
        for rate in [0.1, 0.5] {
            let descent = Descent {
                gradient_norm: 0.0,
                ..descent(rate, 50)
            };
            let trained = descend(minimum.clone(), &batch, &descent, |_| ()).unwrap();
            assert!((trained.end.loss - loss).abs() < 1e-14);
            for size in [1, 4] {
                let rng = &mut ChaCha8Rng::seed_from_u64(5);
                let start = minimum.clone();
                let trained = descend_in_minibatches(start, &batch, &descent, size, rng, |_| ());
                assert!(trained.unwrap().end.loss >= loss - 1e-14);
            }
        }
    }
}

#[test]
fn minibatches_that_diverge_say_so() {
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    let rate = descent(100.0, 50);
    let result = descend_in_minibatches(zero_layer(1, 2), &overlapping(), &rate, 2, rng, |_| ());
    let message = message(result);
    // 10 ln 2.
    assert!(
        message.starts_with("epoch 1: expected a loss of at most 6.931"),
        "{message}"
    );
    assert!(
        message.ends_with("the learning rate is too large"),
        "{message}"
    );
}

/// Class 0 with weights of 9, class 1 with weights of 1, and nothing else to go by: 0.9.
#[test]
fn minibatches_keep_the_weights_of_the_whole() {
    let labels = (0..40).map(|n| n % 2).collect();
    let weights = Array1::from_shape_fn(40, |n| [9.0, 1.0][n % 2]);
    let batch = Batch::of_classes(Array2::ones((40, 1)), labels, 2).unwrap();
    let batch = batch.weighted(&weights).unwrap();
    let descent = Descent {
        gradient_norm: 0.0,
        ..descent(0.005, 400)
    };
    for size in [1, 2, 7] {
        let rng = &mut ChaCha8Rng::seed_from_u64(9);
        let start = zero_layer(1, 2);
        let trained = descend_in_minibatches(start, &batch, &descent, size, rng, |_| ()).unwrap();
        let p = predict(&trained.layer, &array![[1.0]]).unwrap()[[0, 0]];
        assert!((p - 0.9).abs() < 0.01, "{p} in minibatches of {size}");
    }
}

#[test]
fn an_epoch_of_descent_is_a_step() {
    let batch = overlapping();
    let trained = descend(zero_layer(1, 2), &batch, &descent(0.3, 1), |_| ()).unwrap();
    let pass = Pass::new(&zero_layer(1, 2), &batch).unwrap();
    assert_eq!(trained.layer, pass.step(&zero_layer(1, 2), 0.3).unwrap());
}

#[test]
fn one_minibatch_of_all_examples_is_full_batch_descent() {
    let (batch, descent) = (overlapping(), descent(0.3, 20));
    let full = descend(zero_layer(1, 2), &batch, &descent, |_| ()).unwrap();
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    let mini = descend_in_minibatches(zero_layer(1, 2), &batch, &descent, 8, rng, |_| ()).unwrap();
    assert!((full.end.loss - mini.end.loss).abs() < 1e-14);
    let small = |seed| {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        descend_in_minibatches(zero_layer(1, 2), &batch, &descent, 3, rng, |_| ()).unwrap()
    };
    assert!((full.end.loss - small(5).end.loss).abs() > 1e-6);
    assert_eq!(small(5), small(5));
    assert_ne!(small(5), small(6));
}

#[test]
fn a_learning_rate_that_diverges_says_so() {
    let result = descend(
        zero_layer(1, 2),
        &overlapping(),
        &descent(100.0, 50),
        |_| (),
    );
    assert!(
        matches!(result, Err(Error::Diverged { epoch: 1, .. })),
        "{result:?}"
    );
    let message = message(descend(
        zero_layer(1, 2),
        &overlapping(),
        &descent(100.0, 50),
        |_| (),
    ));
    assert!(
        message.starts_with("epoch 1: expected a loss of at most 0.69"),
        "{message}"
    );
    assert!(
        message.ends_with("the learning rate is too large"),
        "{message}"
    );
}

/// With one input of 1 and the logits (0, z) a step changes z by −2η (ŷ₂ − y₂): a rate is chosen that
/// lands where the loss is higher than at the start, by less than `10⁻⁸ (1 + J)` and by more.
#[test]
fn a_rise_counts_as_rounding_in_proportion_to_the_loss() {
    let run = |y: [f64; 2], z: f64, rate: f64| {
        let batch = Batch::of_distributions(array![[1.0]], array![y]).unwrap();
        let layer = Layer::new(array![[0.0, z]], Array1::zeros(2)).unwrap();
        descend(layer, &batch, &descent(rate, 1), |_| ()).map(|trained| trained.end.loss)
    };
    // J = |z| / 2: from 1000 to that and 5·10⁻⁶, then 2·10⁻⁵ more.
    let even = [0.5, 0.5];
    assert!(run(even, 2000.0, 2000.0 + 5e-6).unwrap() > 1000.0 + 4e-6);
    assert!(message(run(even, 2000.0, 2000.0 + 2e-5)).ends_with("the learning rate is too large"));
    // J = e⁻ᶻ + 10⁻¹² z, 2.1·10⁻⁹ at 20: a step to 6000, where it is 6·10⁻⁹, then to 30,000.
    let nearly = [1e-12, 1.0 - 1e-12];
    let slope = 2.0 * (-20_f64).exp();
    assert!(run(nearly, 20.0, 6e3 / slope).unwrap() > 5e-9);
    assert!(message(run(nearly, 20.0, 3e4 / slope)).ends_with("the learning rate is too large"));
}

/// The gap of the logits is above the largest number, so the loss is ∞. It is no rise.
#[test]
fn a_loss_beyond_all_numbers_may_be_begun_with() {
    let batch = Batch::of_classes(array![[1.0]], vec![0], 2).unwrap();
    let layer = Layer::new(array![[-1e308, 1e308]], Array1::zeros(2)).unwrap();
    let trained = descend(layer, &batch, &descent(0.1, 0), |_| ()).unwrap();
    assert_eq!(
        (trained.end.loss, trained.stop),
        (f64::INFINITY, Stop::Epochs)
    );
}

#[test]
fn bad_descents_are_refused() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let result = descend(zero_layer(1, 2), &overlapping(), &descent(rate, 5), |_| ());
        assert_eq!(
            message(result),
            format!("learning rate: expected a finite number above 0, found {rate}")
        );
        // Also where no step is taken.
        let result = descend(zero_layer(1, 2), &overlapping(), &descent(rate, 0), |_| ());
        assert!(result.is_err());
    }
    let not_a_number = Descent {
        gradient_norm: f64::NAN,
        ..descent(0.1, 5)
    };
    assert_eq!(
        message(descend(
            zero_layer(1, 2),
            &overlapping(),
            &not_a_number,
            |_| ()
        )),
        "gradient norm: expected a finite number, found NaN"
    );
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    let descent = descent(0.1, 5);
    assert_eq!(
        message(descend_in_minibatches(
            zero_layer(1, 2),
            &overlapping(),
            &descent,
            0,
            rng,
            |_| ()
        )),
        "minibatch: expected at least one entry, found none"
    );
}

#[test]
fn the_penguins_are_those_of_the_file() {
    let file = std::fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/penguins.csv"));
    let features = ["bill_length_mm", "bill_depth_mm"];
    let species = ["Adelie", "Chinstrap", "Gentoo"];
    let data = Dataset::read(file.unwrap(), &features, "species", &species).unwrap();
    let count = |k| data.labels.iter().filter(|label| **label == k).count();
    assert_eq!([count(0), count(1), count(2)], [151, 68, 123]);
    assert_eq!(data.x.dim(), (342, 2));
    assert_eq!(data.skipped, [5, 273]);
    assert_eq!(data.x.index_axis(Axis(0), 0), array![39.1, 18.7]);
}
