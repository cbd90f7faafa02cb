//! The map and the descent on it are those of the crate.

use ndarray::{Array1, Array2, array};
use picture::Surface;
use picture::surface::{Change, number};
use softmax_backprop::Result;
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::hessian;
use softmax_backprop::{Error, Layer};

/// The eight points of *The shape of the loss*, and the weights at which they have the lowest loss,
/// by the crate's own Newton's method.
fn eight() -> Result<(Batch, Layer)> {
    let batch = given::descents::mixed()?;
    let zero = Layer::new(Array2::zeros((2, 3)), Array1::zeros(3))?;
    let bottom = softmax_backprop::curvature::newton(&zero, &batch, 1e-11)?.layer;
    Ok((batch, bottom))
}

/// The four of *How fast to descend*, and the author's weights.
fn four() -> Result<(Batch, Layer)> {
    let start = Layer::new(
        array![[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]],
        array![1.0, 1.0, 1.0],
    )?;
    Ok((given::descents::examples(4)?, start))
}

/// The layer with two of its weights set, each counted class by class with the bias last.
fn with(layer: &Layer, chosen: [usize; 2], to: (f64, f64)) -> Result<Layer> {
    let (mut w, mut b) = (layer.w().clone(), layer.b().clone());
    for (at, to) in chosen.into_iter().zip([to.0, to.1]) {
        match at % 3 {
            2 => b[at / 3] = to,
            i => w[[i, at / 3]] = to,
        }
    }
    Layer::new(w, b)
}

#[test]
fn each_step_and_each_loss_is_that_of_the_crate() -> Result<()> {
    for (examples, (batch, others)) in [(0.0, eight()?), (3.0, four()?)] {
        for chosen in [[0, 1], [0, 3], [2, 4], [8, 7]] {
            for rate in [0.3, 1.0, 1.7, 2.4] {
                let mut surface = Surface::EXAMPLE.changed(Change::Examples(examples))?;
                surface.numbers[number::WEIGHTS] = chosen[0] as f64;
                surface.numbers[number::WEIGHTS + 1] = chosen[1] as f64;
                surface.numbers[number::RATE] = rate;
                let values = surface.values()?;
                assert!((values.rate * values.curvature - rate).abs() < 1e-12);
                let mut at = values.way[0];
                for (way, loss) in values.way.iter().zip(&values.losses) {
                    assert!(
                        (way.0 - at.0).abs() < 1e-7 && (way.1 - at.1).abs() < 1e-7,
                        "{surface:?}"
                    );
                    let pass = Pass::new(&with(&others, chosen, *way)?, &batch)?;
                    assert!((pass.loss() - loss).abs() < 1e-9, "{surface:?}");
                    let slope = |at: usize| match at % 3 {
                        2 => pass.d_b()[at / 3],
                        i => pass.d_w()[[i, at / 3]],
                    };
                    at = (
                        way.0 - values.rate * slope(chosen[0]),
                        way.1 - values.rate * slope(chosen[1]),
                    );
                }
                // Newton's step solves the system of the crate's second derivatives.
                let start = with(&others, chosen, values.way[0])?;
                let (h, pass) = (hessian(&start, &batch)?, Pass::new(&start, &batch)?);
                let slope = |at: usize| match at % 3 {
                    2 => pass.d_b()[at / 3],
                    i => pass.d_w()[[i, at / 3]],
                };
                if let Some((to, loss)) = values.newton {
                    let s = [to.0 - values.way[0].0, to.1 - values.way[0].1];
                    for row in chosen {
                        let rest =
                            h[[row, chosen[0]]] * s[0] + h[[row, chosen[1]]] * s[1] + slope(row);
                        assert!(rest.abs() < 1e-6, "{surface:?}: {rest}");
                    }
                    let there = Pass::new(&with(&others, chosen, to)?, &batch)?;
                    assert!((there.loss() - loss).abs() < 1e-9 * (1.0 + loss));
                }
            }
        }
    }
    Ok(())
}

/// (15.8): with the largest curvature of the map for `L`, a rate below `2/L` descends while it stays there.
#[test]
fn below_its_limit_the_loss_falls_with_each_step() -> Result<()> {
    for examples in [0.0, 1.0, 2.0, 3.0] {
        for rate in [0.2, 1.0, 1.9] {
            let mut surface = Surface::EXAMPLE.changed(Change::Examples(examples))?;
            surface.numbers[number::RATE] = rate;
            let losses = surface.values()?.losses;
            let falls = losses.windows(2).all(|two| two[1] <= two[0] + 1e-12);
            assert!(falls, "{surface:?}: {losses:?}");
        }
    }
    let mut above = Surface::EXAMPLE;
    above.numbers[number::RATE] = 2.4;
    let losses = above.values()?.losses;
    assert!(losses.windows(2).any(|two| two[1] > two[0]), "{losses:?}");
    Ok(())
}

#[test]
fn the_start_is_dragged_to_its_place_and_stays_in_the_map() -> Result<()> {
    let dragged = Surface::EXAMPLE.changed(Change::Start((206.0, 184.0)))?;
    assert_eq!(dragged.numbers[number::START..], [0.5, 0.5]);
    assert!(
        dragged
            .map("m", &dragged.values()?)?
            .contains("data-change=\"10\" cx=\"206.0\" cy=\"184.0\"")
    );
    let beside = dragged.changed(Change::Start((-1e9, 1e9)))?;
    assert_eq!(beside.numbers[number::START..], [0.0, 0.0]);
    Ok(())
}

#[test]
fn other_examples_begin_where_their_pages_begin() -> Result<()> {
    for (examples, start) in [(1.0, 0.0), (2.0, 0.0), (3.0, 0.5)] {
        let way = Surface::EXAMPLE
            .changed(Change::Examples(examples))?
            .values()?
            .way;
        let near = |found: f64| (found - start).abs() < 0.01;
        assert!(near(way[0].0) && near(way[0].1), "{examples}: {:?}", way[0]);
    }
    Ok(())
}

#[test]
fn what_is_no_state_is_refused() {
    let with = |at: usize, found: f64| {
        let mut surface = Surface::EXAMPLE;
        surface.numbers[at] = found;
        surface
            .values()
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default()
    };
    assert_eq!(
        with(number::EXAMPLES, 4.0),
        "class: expected an index below 4, found 4"
    );
    assert!(with(number::WEIGHTS, 0.5).contains("below 9"));
    assert!(with(number::RATE, 0.0).starts_with("learning rate: expected a finite number above 0"));
    assert!(with(number::STEPS, f64::NAN).starts_with("steps: expected a finite number above 0"));
    assert!(with(number::START, f64::INFINITY).starts_with("start[0]: expected a finite number"));
    assert_eq!(Change::of(7, 0.0, 0.0), None);
    assert!(matches!(
        Surface::EXAMPLE.changed(Change::Examples(-1.0)),
        Err(Error::ClassOutOfRange { .. })
    ));
}
