//! What the triangle and the plane show, for a thousand states.

use ndarray::{Array1, Array2, array};
use picture::Simplex;
use picture::simplex::{Change, NUMBERS, number};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};
use softmax_backprop::softmax::jacobian;
use softmax_backprop::{Classifier, Layer, Logits, Result, Target, cross_entropy, softmax};

/// Networks, labels, temperatures and rates of all kinds; each eighth label is one class.
fn states() -> impl Iterator<Item = Simplex> {
    let mut rng = Pcg32::seed_from_u64(19);
    let mut unit = move || f64::from(rng.next_u32()) / f64::from(u32::MAX);
    (0..1000).map(move |index| {
        let mut numbers: [f64; NUMBERS] = std::array::from_fn(|_| 4.0 * unit() - 2.0);
        let shares = [unit(), unit(), unit()];
        let sum: f64 = shares.iter().sum();
        for k in 0..3 {
            let class = f64::from(index % 3 == k as i32);
            numbers[number::Y + k] = if index % 8 == 0 {
                class
            } else {
                shares[k] / sum
            };
        }
        numbers[number::T] = 0.2 + 3.0 * unit();
        numbers[number::RATE] = 0.05 + unit();
        Simplex { numbers }
    })
}

fn rows(simplex: &Simplex) -> Result<(Layer, Array1<f64>, Target)> {
    let numbers = &simplex.numbers;
    let w = Array2::from_shape_fn((2, 3), |(i, k)| numbers[number::W + 3 * i + k]);
    let three = |at: usize| array![numbers[at], numbers[at + 1], numbers[at + 2]];
    let layer = Layer::new(w, three(number::B))?;
    let y = Target::distribution(three(number::Y))?;
    Ok((layer, array![numbers[0], numbers[1]], y))
}

fn length(row: [f64; 3]) -> f64 {
    row.iter().map(|one| one * one).sum::<f64>().sqrt()
}

#[track_caller]
fn assert_close(found: f64, expected: f64, simplex: &Simplex) {
    let apart = (found - expected).abs();
    assert!(
        apart <= 1e-9 * (1.0 + expected.abs()),
        "expected {expected}, found {found}, of {simplex:?}"
    );
}

#[test]
fn the_arrow_is_the_output_less_the_label_and_never_longer_than_root_two() -> Result<()> {
    for simplex in states() {
        let values = simplex.values()?;
        let (layer, x, y) = rows(&simplex)?;
        let theta = layer.forward(&x)?;
        let y_hat = softmax(&Logits::new(theta.as_array() / simplex.numbers[number::T])?);
        for k in 0..3 {
            assert_close(values.theta[k], theta[k], &simplex);
            assert_close(values.y_hat[k], y_hat[k], &simplex);
            assert_close(values.delta[k], y_hat[k] - y[k], &simplex);
        }
        assert_close(values.length, length(values.delta), &simplex);
        assert!(values.length <= 2_f64.sqrt());
        assert_close(values.loss, cross_entropy(&y_hat, &y)?, &simplex);
    }
    Ok(())
}

#[test]
fn a_step_is_one_of_the_crate_and_the_temperature_divides_its_gradient() -> Result<()> {
    for mut simplex in states() {
        simplex.numbers[number::T] = 1.0;
        let (layer, x, y) = rows(&simplex)?;
        let classifier = Classifier::new(layer);
        let gradients = classifier.backward(&classifier.forward(&x, &y)?)?;
        let stepped = classifier.step(&gradients, simplex.numbers[number::RATE])?;
        let found = simplex.changed(Change::Step)?;
        let expected = stepped.layer().w().iter().chain(stepped.layer().b());
        for (found, expected) in found.numbers[number::W..].iter().zip(expected) {
            assert_close(*found, *expected, &simplex);
        }

        // Of the loss itself: the slope of a bias, by a small change of it.
        let hot = simplex.changed(Change::Temperature(2.5))?;
        let small = 1e-5;
        for k in 0..3 {
            let at = |by: f64| {
                let mut near = hot.clone();
                near.numbers[number::B + k] += by;
                near.values().map(|values| values.loss)
            };
            let slope = (at(small)? - at(-small)?) / (2.0 * small);
            let moved = hot.changed(Change::Step)?.numbers[number::B + k];
            let expected = hot.numbers[number::B + k] - hot.numbers[number::RATE] * slope;
            assert!((moved - expected).abs() < 1e-8, "{hot:?}");
        }
    }
    Ok(())
}

/// The first step of the way goes where softmax sends the arrow: `−∂ŷ/∂θ δ`.
#[test]
fn a_short_step_of_descent_moves_the_output_along_the_jacobian() -> Result<()> {
    for mut simplex in states().take(100) {
        simplex.numbers[number::T] = 1.0;
        simplex.numbers[number::RATE] = 1e-6;
        let (layer, x, y) = rows(&simplex)?;
        let y_hat = softmax(&layer.forward(&x)?);
        let delta = y_hat.as_array() - y.as_array();
        let rate = 1e-6 * (x.dot(&x) + 1.0);
        let expected = jacobian(&y_hat).dot(&delta) * -rate;
        let (before, after) = (simplex.values()?, simplex.changed(Change::Step)?.values()?);
        for k in 0..3 {
            let moved = after.y_hat[k] - before.y_hat[k];
            assert!((moved - expected[k]).abs() < 1e-10, "{simplex:?}");
        }
    }
    Ok(())
}

/// A number of a drawing; NaN, which no comparison passes, for what is none.
fn read(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// The place of a mark in a drawing.
fn place(svg: &str, change: u32) -> (f64, f64) {
    let mark = format!("data-change=\"{change}\" cx=\"");
    let (_, rest) = svg.split_once(&mark).unwrap_or_default();
    let mut parts = rest.split('"').map(read);
    let x = parts.next().unwrap_or(f64::NAN);
    (x, parts.nth(1).unwrap_or(f64::NAN))
}

#[test]
fn what_is_dragged_to_a_place_is_drawn_there() -> Result<()> {
    for (simplex, other) in states().zip(states().skip(500)).take(200) {
        for (what, svg) in [
            (10, other.triangle("t")?),
            (11, other.triangle("t")?),
            (12, other.plane("p")?),
        ] {
            let to = place(&svg, what);
            let change = Change::of(what, to.0, to.1).expect("a change");
            let dragged = simplex.changed(change)?;
            let drawn = match what {
                12 => dragged.plane("p")?,
                _ => dragged.triangle("t")?,
            };
            let found = place(&drawn, what);
            // The output keeps off the sides, and a label has two decimals; logits end at ±8.
            let near = match what {
                10 if simplex.numbers[number::T] > 1.0 => continue,
                10 => 3.0,
                11 => 9.0,
                _ => 0.2,
            };
            let apart = (found.0 - to.0).hypot(found.1 - to.1);
            assert!(apart <= near, "{what}: {apart} from {to:?} to {found:?}");
        }
    }
    Ok(())
}

#[test]
fn a_pointer_beside_the_triangle_leaves_a_distribution() -> Result<()> {
    for place in [
        (-500.0, 0.0),
        (200.0, -90.0),
        (1e9, 1e9),
        (52.0, 303.0),
        (200.0, 300.0),
    ] {
        for change in [
            Change::Output(place),
            Change::Label(place),
            Change::Place(place),
        ] {
            let values = Simplex::EXAMPLE.changed(change)?.values()?;
            let sum: f64 = values.y.iter().sum();
            assert!((sum - 1.0).abs() < 1e-12 && values.y_hat.iter().all(|p| *p > 0.0));
        }
    }
    // A corner that is nearly met is met.
    let corner = Simplex::EXAMPLE.changed(Change::Label((54.0, 300.0)))?;
    assert_eq!(corner.values()?.y, [1.0, 0.0, 0.0]);
    Ok(())
}

#[test]
fn dragging_the_output_leaves_the_mean_of_the_logits() -> Result<()> {
    let mean = |simplex: &Simplex| -> Result<f64> {
        Ok(simplex.values()?.theta.iter().sum::<f64>() / 3.0)
    };
    let dragged = Simplex::EXAMPLE.changed(Change::Output((180.0, 200.0)))?;
    let apart: f64 = mean(&dragged)? - mean(&Simplex::EXAMPLE)?;
    assert!(apart.abs() < 2e-3, "{apart}");
    Ok(())
}

#[test]
fn a_share_of_the_label_leaves_a_distribution() -> Result<()> {
    for simplex in states() {
        for (k, to) in [(0, 0.0), (1, 0.35), (2, 1.0)] {
            let y = simplex.changed(Change::Share(k, to))?.values()?.y;
            assert_eq!(y[k], to);
            assert!((y.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{y:?}");
        }
    }
    // With more decimals than a label has, too.
    let third = Simplex::EXAMPLE.changed(Change::Share(1, 1.0 / 3.0))?;
    assert_eq!(third.values()?.y[1], 0.333);
    let half = Simplex::EXAMPLE.changed(Change::Share(1, 0.5))?.values()?.y;
    assert_eq!(half, [0.25, 0.5, 0.25]);
    Ok(())
}

/// The points of the path with this stroke.
fn points(svg: &str, stroke: &str) -> Vec<(f64, f64)> {
    let line = svg.lines().find(|line| line.contains(stroke));
    let (_, d) = line
        .and_then(|line| line.split_once("d=\""))
        .unwrap_or_default();
    let d = d.split('"').next().unwrap_or_default();
    let pairs = d.split(['M', 'L']).filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once(' ').unwrap_or_default());
    pairs.map(|(x, y)| (read(x), read(y))).collect()
}

/// The heavy line: each of its points is dragged to, and has the loss of the output.
#[test]
fn on_the_line_through_the_output_the_loss_is_that_of_the_output() -> Result<()> {
    let mut seen = 0;
    for mut simplex in states().take(200) {
        simplex.numbers[number::T] = 1.0;
        let loss = simplex.values()?.loss;
        for (x, y) in points(&simplex.triangle("t")?, "var(--series-4)") {
            let there = simplex.changed(Change::Output((x, y)))?.values()?;
            if there.y_hat.iter().any(|p| *p < 0.05) {
                continue;
            }
            assert!(
                (there.loss - loss).abs() < 0.01,
                "{} at {x} {y}, {loss}: {simplex:?}",
                there.loss
            );
            seen += 1;
        }
    }
    assert!(seen > 2_000, "{seen}");
    Ok(())
}

/// Each region holds the inputs for which its class has the largest logit.
#[test]
fn the_region_of_the_input_is_that_of_its_largest_logit() -> Result<()> {
    for simplex in states() {
        let theta = simplex.values()?.theta;
        let class = (1..3).fold(0, |best, k| if theta[k] > theta[best] { k } else { best });
        let plane = simplex.plane("p")?;
        let x = place(&plane, 12);
        let stroke = format!("fill=\"var(--series-{})\"", class + 1);
        let mut corners = points(&plane.replace("z\" fill", "\" fill"), &stroke);
        corners.push(corners[0]);
        // Inside a polygon all edges turn the same way around the point.
        let turns = corners.windows(2).map(|edge| {
            let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
            (bx - ax) * (x.1 - ay) - (by - ay) * (x.0 - ax)
        });
        let (low, high) = turns.fold((f64::MAX, f64::MIN), |(low, high), turn| {
            (low.min(turn), high.max(turn))
        });
        assert!(low > -30.0 || high < 30.0, "{low} {high}: {simplex:?}");
    }
    Ok(())
}

#[test]
fn what_is_no_state_is_refused() {
    let with = |at: usize, found: f64| {
        let mut simplex = Simplex::EXAMPLE;
        simplex.numbers[at] = found;
        simplex.values().expect_err("refused").to_string()
    };
    assert_eq!(
        with(number::X, f64::NAN),
        "x[0]: expected a finite number, found NaN"
    );
    assert!(
        with(number::T, 0.0).starts_with("temperature: expected a finite number above 0, found 0")
    );
    assert!(
        with(number::RATE, -1.0).starts_with("learning rate: expected a finite number above 0")
    );
    assert!(with(number::Y, 0.5).contains('y'));
    assert_eq!(Change::of(14, 0.0, 0.0), None);
}
