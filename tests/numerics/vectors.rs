//! The checked vectors, made of what a program has and taken apart again; and other numbers for a
//! layer.

use ndarray::{Array1, array};
use softmax_backprop::training::{Descent, Stop, descend};
use softmax_backprop::{Error, Layer, Logits, Probabilities, Target, batch::Batch};

#[test]
fn a_vector_is_checked_whatever_it_is_made_of() {
    let theta = Logits::try_from(vec![1.0, f64::NEG_INFINITY]).unwrap();
    assert_eq!(theta, Logits::try_from(theta.as_array().clone()).unwrap());
    assert!(Logits::try_from(vec![f64::NAN]).is_err());

    assert!(Probabilities::try_from(vec![0.5, 0.5]).is_ok());
    assert!(Probabilities::try_from(array![0.5, 0.6]).is_err());
    assert!(Target::try_from(vec![0.25_f32, 0.75]).is_ok());
    assert!(matches!(
        Target::try_from(Array1::<f64>::zeros(0)),
        Err(Error::Empty { .. })
    ));
}

#[test]
fn a_vector_gives_back_what_it_was_made_of() {
    let entries = array![0.25, 0.75];
    let y_hat = Probabilities::new(entries.clone()).unwrap();
    assert_eq!(y_hat.as_ref(), &entries);
    assert_eq!(y_hat.into_inner(), entries);
}

#[test]
fn a_layer_takes_the_nearest_numbers_of_the_other_kind() {
    let layer = Layer::new(array![[0.1, 1e-300]], array![1.0, -2.0]).unwrap();
    let single = layer.cast::<f32>().unwrap();
    assert_eq!(single.w(), &array![[0.1_f32, 0.0]]);
    assert_eq!(single.cast::<f64>().unwrap().b(), layer.b());

    let large = Layer::new(array![[1.0], [1e300]], array![0.0]).unwrap();
    assert_eq!(
        large.cast::<f32>().unwrap_err().to_string(),
        "w[1, 0]: expected a finite number, found inf"
    );
}

/// The loss of four examples with one in the wrong place falls, and its gradient becomes short.
#[test]
fn descent_has_a_beginning_for_standardised_inputs() {
    let x = array![[-1.5], [-0.5], [0.5], [1.5]];
    let batch = Batch::of_classes(x, vec![0, 1, 0, 1], 2).unwrap();
    let start = Layer::new(array![[0.0, 0.0]], array![0.0, 0.0]).unwrap();
    let trained = descend(start, &batch, &Descent::default(), |_| ()).unwrap();
    assert_eq!(trained.stop, Stop::Gradient);
    assert!(trained.end.loss < 2_f64.ln() && trained.end.gradient_norm <= 1e-6);
}
