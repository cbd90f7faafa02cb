//! A network with hidden layers: its gradients, its special cases and its errors.

use ndarray::{Array1, Array2, array};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::network::{Activation, Network};
use softmax_backprop::{Classifier, Error, Layer, Result, Target, central_differences};

const BOTH: [Activation; 2] = [Activation::Tanh, Activation::Relu];

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(12)
}

/// A network whose biases are not 0, so that no formula can leave them out.
fn network(sizes: &[usize], activation: Activation, rng: &mut ChaCha8Rng) -> Network {
    let layers = sizes.windows(2).map(|pair| {
        let w = Array2::from_shape_simple_fn((pair[0], pair[1]), || rng.random_range(-1.0..1.0));
        Layer::new(w, vector(pair[1], rng)).unwrap()
    });
    Network::new(layers.collect(), activation).unwrap()
}

fn vector(length: usize, rng: &mut ChaCha8Rng) -> Array1<f64> {
    Array1::from_shape_simple_fn(length, || rng.random_range(-1.0..1.0))
}

/// The network with another layer in one place.
fn with(network: &Network, activation: Activation, at: usize, layer: Layer) -> Result<Network> {
    let mut layers = network.layers().to_vec();
    layers[at] = layer;
    Network::new(layers, activation)
}

#[track_caller]
fn near<D: ndarray::Dimension>(
    analytic: &ndarray::Array<f64, D>,
    numeric: &ndarray::Array<f64, D>,
) {
    assert_eq!(analytic.shape(), numeric.shape());
    for (analytic, numeric) in analytic.iter().zip(numeric) {
        assert!((analytic - numeric).abs() < 1e-8, "{analytic} {numeric}");
    }
}

#[test]
fn every_gradient_is_the_measured_one() {
    let rng = &mut rng();
    for activation in BOTH {
        for sizes in [&[2, 3][..], &[2, 4, 3], &[3, 5, 4, 2]] {
            for _ in 0..20 {
                let network = network(sizes, activation, rng);
                let x = vector(sizes[0], rng);
                let y = Target::one_hot(1, sizes[sizes.len() - 1]).unwrap();
                let pass = network.forward(&x, &y).unwrap();
                // The corner of ReLU has no derivative to compare with.
                assert!(pass.z.iter().flatten().all(|z| z.abs() > 1e-4));
                let gradients = network.backward(&pass).unwrap();

                let loss = |network: Network| Ok(network.forward(&x, &y)?.loss);
                for (at, layer) in network.layers().iter().enumerate() {
                    let moved = |w: &Array2<f64>, b: &Array1<f64>| {
                        loss(with(
                            &network,
                            activation,
                            at,
                            Layer::new(w.clone(), b.clone())?,
                        )?)
                    };
                    let d_w = central_differences(|w| moved(w, layer.b()), layer.w()).unwrap();
                    let d_b = central_differences(|b| moved(layer.w(), b), layer.b()).unwrap();
                    near(&gradients[at].w, &d_w);
                    near(&gradients[at].b, &d_b);
                }
                let d_x = central_differences(|x| Ok(network.forward(x, &y)?.loss), &x).unwrap();
                near(&gradients[0].x, &d_x);
            }
        }
    }
}

#[test]
fn the_mean_gradients_are_those_of_the_mean_loss() {
    let rng = &mut rng();
    let network = network(&[2, 4, 3], Activation::Tanh, rng);
    let xs = Array2::from_shape_simple_fn((5, 2), || rng.random_range(-1.0..1.0));
    let classes = [0, 1, 2, 2, 1];
    let mean_loss = |w: &Array2<f64>| {
        let layer = Layer::new(w.clone(), network.layers()[0].b().clone())?;
        let network = with(&network, Activation::Tanh, 0, layer)?;
        let mut sum = 0.0;
        for (x, class) in xs.rows().into_iter().zip(classes) {
            sum += network.forward(&x, &Target::one_hot(class, 3)?)?.loss;
        }
        Ok(sum / 5.0)
    };
    let slopes = central_differences(mean_loss, network.layers()[0].w()).unwrap();
    let means = network.mean_gradients(&xs, &classes).unwrap();
    near(&means[0].w, &slopes);

    let one = network.mean_gradients(&xs.select(ndarray::Axis(0), &[3]), &[2]);
    let pass = network.forward(&xs.row(3), &Target::one_hot(2, 3).unwrap());
    let alone = network.backward(&pass.unwrap()).unwrap();
    for (mean, of_layer) in one.unwrap().iter().zip(&alone) {
        let pairs = mean.w.iter().chain(&mean.b).chain(&mean.x);
        let pairs = pairs.zip(of_layer.w.iter().chain(&of_layer.b).chain(&of_layer.x));
        for (mean, alone) in pairs {
            assert!(
                (mean - alone).abs() <= 1e-13 * alone.abs(),
                "{mean} {alone}"
            );
        }
    }
}

/// A hidden unit that is off has the gradient 0, and not −0, in a mean as in one example.
#[test]
fn a_unit_that_is_off_has_no_minus_zero() {
    let first = Layer::new(array![[1.0, -1.0], [0.5, -2.0]], array![0.0, 0.0]).unwrap();
    let last = Layer::new(array![[1.0, -1.0], [-1.0, 2.0]], array![0.0, 0.0]).unwrap();
    let network: Network = Network::new(vec![first, last], Activation::Relu).unwrap();
    for classes in [[0, 1], [1, 0], [0, 0], [1, 1]] {
        let xs = array![[1.0, 2.0], [0.3, 0.1]];
        let means = network.mean_gradients(&xs, &classes).unwrap();
        assert_eq!(means[0].b[1], 0.0);
        for of_layer in &means {
            let mut all = of_layer.w.iter().chain(&of_layer.b).chain(&of_layer.x);
            assert!(
                all.all(|entry| *entry != 0.0 || entry.is_sign_positive()),
                "{of_layer:?}"
            );
        }
    }
}

#[test]
fn one_layer_is_a_classifier() {
    let rng = &mut rng();
    let network = network(&[2, 3], Activation::Relu, rng);
    let classifier = Classifier::new(network.layers()[0].clone());
    let (x, y) = (vector(2, rng), Target::one_hot(2, 3).unwrap());

    let pass = network.forward(&x, &y).unwrap();
    let forward = classifier.forward(&x, &y).unwrap();
    assert_eq!((&pass.theta, &pass.y_hat), (&forward.theta, &forward.y_hat));
    assert_eq!(pass.loss, forward.loss);
    assert_eq!(network.predict(&x), classifier.predict(&x));

    let gradients = network.backward(&pass).unwrap();
    assert_eq!(gradients, [classifier.backward(&forward).unwrap()]);
    let stepped = classifier.step(&gradients[0], 0.3).unwrap();
    let network = network.step(&gradients, 0.3).unwrap();
    assert_eq!(network.layers(), [stepped.layer().clone()]);
}

#[test]
fn predict_and_forward_agree() {
    let rng = &mut rng();
    for activation in BOTH {
        let network = network(&[2, 4, 4, 3], activation, rng);
        let (x, y) = (vector(2, rng), Target::one_hot(0, 3).unwrap());
        let pass = network.forward(&x, &y).unwrap();
        assert_eq!(network.predict(&x).unwrap(), pass.y_hat);
        assert_eq!((pass.inputs.len(), pass.z.len()), (3, 2));
    }
}

#[test]
fn relu_has_slope_zero_at_its_corner() {
    let relu = Activation::Relu;
    assert_eq!((relu.value(0.0), relu.slope(0.0)), (0.0, 0.0));
    assert_eq!((relu.value(-0.0), relu.slope(-0.0)), (0.0, 0.0));
    assert_eq!(relu.slope(f64::MIN_POSITIVE), 1.0);
    assert_eq!(relu.slope(-f64::MIN_POSITIVE), 0.0);
}

#[test]
fn tanh_saturates_and_does_not_overflow() {
    let tanh = Activation::Tanh;
    assert_eq!((tanh.value(0.0), tanh.slope(0.0)), (0.0, 1.0));
    assert_eq!((tanh.value(-1e300), tanh.slope(-1e300)), (-1.0, 0.0));
}

/// `1 / cosh² z`, from 60 digits. Of `1 − tanh² z` nothing is left beyond 19.
#[test]
fn the_slope_of_tanh_keeps_its_digits() {
    for (z, slope) in [
        (0.5, 0.786_447_732_965_927_4),
        (3.0, 0.009_866_037_165_440_19),
        (8.25, 2.730_240_977_823_094_5e-7),
        (19.0, 1.255_653_116_819_211_8e-16),
        (40.0, 7.219_405_551_381_661e-35),
        (300.0, 1.060_158_621_201_724_3e-260),
    ] {
        for z in [z, -z] {
            let found: f64 = Activation::Tanh.slope(z);
            assert!((found / slope - 1.0).abs() < 1e-15, "{z}: {found:e}");
        }
    }
}

#[test]
fn what_is_no_number_stays_none() {
    for activation in BOTH {
        assert!(activation.value(f64::NAN).is_nan());
        assert!(activation.slope(f64::NAN).is_nan());
    }
}

#[test]
fn a_random_network_is_the_same_for_the_same_seed() {
    let draw = || Network::random(&[2, 5, 3], Activation::Tanh, &mut rng()).unwrap();
    assert_eq!(draw(), draw());
    let shapes = draw();
    let shapes = shapes.layers().iter().map(|layer| layer.w().dim());
    assert!(shapes.eq([(2, 5), (5, 3)]));
}

#[test]
fn sizes_of_nothing_are_named() {
    for (sizes, what) in [
        (&[2, 0, 3][..], "hidden layer"),
        (&[2, 4, 0, 3], "hidden layer"),
        (&[0, 4, 3], "inputs"),
        (&[2, 4, 0], "classes"),
        (&[2], "layers"),
        (&[], "layers"),
    ] {
        let network = Network::random(sizes, Activation::Tanh, &mut rng());
        assert_eq!(network.unwrap_err(), Error::Empty { what });
    }
    let network = Network::<f64>::new(vec![], Activation::Tanh);
    assert_eq!(network.unwrap_err(), Error::Empty { what: "layers" });
}

/// The error of a shape that does not fit.
fn shape(what: &'static str, expected: &[usize], found: &[usize]) -> Error {
    Error::Shape {
        what,
        expected: expected.to_vec(),
        found: found.to_vec(),
    }
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let rng = &mut rng();
    let deep = network(&[2, 4, 3], Activation::Tanh, rng);
    let flat = network(&[2, 3], Activation::Tanh, rng);
    let wide = network(&[2, 5, 3], Activation::Tanh, rng);
    let (x, y) = (vector(2, rng), Target::one_hot(0, 3).unwrap());
    let pass = deep.forward(&x, &y).unwrap();

    let layers = vec![deep.layers()[0].clone(), flat.layers()[0].clone()];
    let unchained = Network::new(layers, Activation::Tanh);
    assert_eq!(unchained.unwrap_err(), shape("w", &[4, 3], &[2, 3]));

    let x_of_three = deep.predict(&array![1.0, 2.0, 3.0]);
    assert_eq!(x_of_three.unwrap_err(), shape("x", &[2], &[3]));
    assert_eq!(flat.backward(&pass).unwrap_err(), shape("pass", &[1], &[2]));
    assert_eq!(wide.backward(&pass).unwrap_err(), shape("x", &[5], &[4]));
    let mut torn = pass.clone();
    torn.z[0] = array![1.0];
    assert_eq!(deep.backward(&torn).unwrap_err(), shape("z", &[4], &[1]));

    let gradients = deep.backward(&pass).unwrap();
    let step = deep.step(&gradients[..1], 0.1);
    assert_eq!(step.unwrap_err(), shape("gradients", &[2], &[1]));
    let step = wide.step(&gradients, 0.1);
    assert_eq!(step.unwrap_err(), shape("d_w", &[2, 5], &[2, 4]));

    let xs = Array2::zeros((4, 2));
    let labels = deep.mean_gradients(&xs, &[0, 1]);
    assert_eq!(labels.unwrap_err(), shape("classes", &[4], &[2]));
    let none = deep.mean_gradients(&Array2::zeros((0, 2)), &[]);
    assert_eq!(none.unwrap_err(), Error::Empty { what: "xs" });
    let x_of_three = deep.mean_gradients(&Array2::zeros((2, 3)), &[0, 1]);
    assert_eq!(x_of_three.unwrap_err(), shape("xs", &[2, 2], &[2, 3]));
    let fourth = deep.mean_gradients(&xs, &[0, 1, 2, 3]);
    let (classes, found) = (3, 3);
    let error = Box::new(Error::ClassOutOfRange { classes, found });
    assert_eq!(fourth.unwrap_err(), Error::Example { at: 3, error });
}

#[test]
fn numbers_that_are_none_are_named() {
    let rng = &mut rng();
    let network = network(&[2, 4, 3], Activation::Relu, rng);
    let y = Target::one_hot(0, 3).unwrap();
    for found in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let text = network.predict(&array![1.0, found]).unwrap_err();
        let expected = format!("x[1]: expected a finite number, found {found}");
        assert_eq!(text.to_string(), expected);
        let xs = array![[1.0, 2.0], [found, 1.0]];
        let text = network.mean_gradients(&xs, &[0, 1]).unwrap_err();
        let expected = format!("xs[1, 0]: expected a finite number, found {found}");
        assert_eq!(text.to_string(), expected);
    }
    // A finite input whose weighted sum is not.
    let huge = Layer::new(array![[1e200, 1.0]], array![0.0, 0.0]).unwrap();
    let last = Layer::new(array![[1.0], [1.0]], array![0.0]).unwrap();
    let huge = Network::new(vec![huge, last], Activation::Relu).unwrap();
    assert!(matches!(
        huge.predict(&array![1e200]),
        Err(Error::NotFinite { .. })
    ));
    let text = huge.mean_gradients(&array![[0.0], [1e200]], &[0, 0]);
    let expected = "z[1, 0]: expected a finite number, found inf";
    assert_eq!(text.unwrap_err().to_string(), expected);

    let pass = network.forward(&array![0.3, 0.4], &y).unwrap();
    let gradients = network.backward(&pass).unwrap();
    for rate in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        let error = network.step(&gradients, rate).unwrap_err();
        assert!(matches!(error, Error::NotPositive { .. }), "{rate}");
    }
}
