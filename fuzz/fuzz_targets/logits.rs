//! Logits, a label and a gradient at the probabilities: softmax, cross-entropy and their
//! derivatives.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use ndarray::{Array1, Axis};
use softmax_backprop::cross_entropy::{d_theta, d_y_hat};
use softmax_backprop::softmax::{jacobian, log_sum_exp, vector_jacobian_product};
use softmax_backprop::{
    Float, Logits, Probabilities, Target, cross_entropy, cross_entropy_from_logits, log_softmax,
    softmax,
};
use softmax_backprop_fuzz::{
    Range, distribution, epsilon, finite, found, label, largest, loss, near, nearly, number, size,
    smallest, vector, wide,
};

#[derive(Debug)]
struct Input {
    single: bool,
    theta: Array1<f64>,
    y: Array1<f64>,
    g: Array1<f64>,
    shift: f64,
    class: usize,
    classes: usize,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (single, range) = (u.arbitrary()?, u.arbitrary()?);
        let classes = size(u)?;
        let theta = vector(u, classes, range)?;
        let length = nearly(u, classes)?;
        Ok(Self {
            single,
            theta,
            y: label(u, length, range)?,
            g: vector(u, length, range)?,
            shift: number(u, Range::Any)?,
            class: nearly(u, 0)?,
            classes: *u.choose(&[classes, classes, 0, usize::MAX])?,
        })
    }
}

fuzz_target!(|input: Input| {
    if input.single {
        check::<f32>(&input);
    } else {
        check::<f64>(&input);
    }
});

fn check<A: Float>(input: &Input) {
    let (theta, y, g) = (
        input.theta.mapv(A::of),
        input.y.mapv(A::of),
        input.g.mapv(A::of),
    );
    one_hot::<A>(input.class, input.classes);

    let logits = found(Logits::new(theta.clone()));
    let numbers = theta.iter().map(|theta_k| (*theta_k).into());
    assert_eq!(logits.is_some(), are_logits(numbers));
    let target = found(Target::distribution(y.clone()));
    assert_eq!(target.is_some(), is_distribution(&y));
    assert_eq!(
        found(Probabilities::new(y.clone())).is_some(),
        target.is_some()
    );
    let Some(logits) = logits else { return };
    assert_eq!(logits.as_array(), &theta);

    let y_hat = softmax(&logits);
    probabilities(&logits, &y_hat);
    shifted(&logits, A::of(input.shift));
    derivative(&y_hat, &g);
    if let Some(target) = target {
        losses(&logits, &y_hat, &target);
    }
}

/// A label of one class, where there is such a class and room for it.
fn one_hot<A: Float>(class: usize, classes: usize) {
    let y = found(Target::<A>::one_hot(class, classes));
    assert_eq!(y.is_some(), class < classes && classes < usize::MAX);
    if let Some(y) = y {
        let sum: f64 = wide(y.as_array()).sum();
        assert_eq!((sum, y.as_array().len()), (1.0, classes));
        assert_eq!(y[class], A::of(1.0));
        assert_eq!(y.to_string(), y.as_array().to_string());
    }
}

/// Numbers, or −∞ where a class is masked, and not all are.
fn are_logits(mut numbers: impl Iterator<Item = f64> + Clone) -> bool {
    numbers.clone().any(f64::is_finite) && numbers.all(|number| number < f64::INFINITY)
}

fn is_distribution<A: Float>(y: &Array1<A>) -> bool {
    let tolerance: f64 = A::SUM_TOLERANCE.into();
    let sum: f64 = y.sum().into();
    finite(y) && y.iter().all(|y_k| *y_k >= A::of(0.0)) && (sum - 1.0).abs() <= tolerance
}

/// How far below the largest logit each one is.
fn gaps<A: Float>(theta: &Logits<A>) -> Array1<f64> {
    let theta = wide(theta.as_array());
    let top = theta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    theta.mapv(|theta_k| top - theta_k)
}

/// The probabilities, as `1 / Σⱼ exp(θⱼ − θᵢ)` and by their logarithms.
fn probabilities<A: Float>(theta: &Logits<A>, y_hat: &Probabilities<A>) {
    distribution(y_hat.as_array());
    let sum: f64 = log_sum_exp(theta).into();
    assert!(found(Probabilities::new(y_hat.as_array().clone())).is_some());
    assert_eq!(y_hat.to_string(), y_hat.as_array().to_string());

    let (p, logs) = (wide(y_hat.as_array()), wide(&log_softmax(theta)));
    let (logits, gaps) = (wide(theta.as_array()), gaps(theta));
    let top = (0..p.len()).fold(0, |top, k| if logits[k] > logits[top] { k } else { top });
    let rounding = 4.0 * epsilon::<A>() * (sum.abs() + logits[top].abs() + 64.0);
    near("log of the sum", sum, logits[top] - logs[top], rounding);
    for k in 0..p.len() {
        // A gap rounds once in each way, an exponential, the sum and the quotient a few times.
        let part = epsilon::<A>() * (2.0 * gaps[k] + 64.0);
        if gaps[k] > 0.99 * largest::<A>() {
            assert!(p[k] == 0.0 && logs[k] <= -0.98 * largest::<A>());
        } else if gaps[k] < 700.0 {
            let expected = 1.0 / logits.mapv(|theta_j| (theta_j - logits[k]).exp()).sum();
            near(
                "softmax",
                p[k],
                expected,
                part * expected + 2.0 * smallest::<A>(),
            );
            near("log softmax", logs[k], expected.ln(), part);
        } else {
            near("softmax", p[k], 0.0, 1e-300 + smallest::<A>());
            let expected = -gaps[k] - gaps.mapv(|gap| (-gap).exp()).sum().ln();
            near("log softmax", logs[k], expected, part);
        }
        assert!(logs[k] <= 0.0);
        for j in 0..p.len() {
            let order = logits[k].total_cmp(&logits[j]).is_gt();
            assert!(!order || p[k] >= p[j], "{logits}: {p}");
            assert!(logits[k] != logits[j] || p[k] == p[j], "{logits}: {p}");
        }
    }
}

/// One number more for all logits changes nothing, where the sums are exact.
fn shifted<A: Float>(theta: &Logits<A>, shift: A) {
    let moved = theta.as_array().mapv(|theta_k| theta_k + shift);
    // What the rounding of a sum has left, which is exact itself.
    let exact = theta.as_array().iter().zip(&moved).all(|(theta_k, sum)| {
        if (*theta_k).into() == f64::NEG_INFINITY {
            return true;
        }
        let added = *sum - *theta_k;
        (*theta_k - (*sum - added)) + (shift - added) == A::of(0.0)
    });
    let Ok(there) = Logits::new(moved) else {
        return;
    };
    if exact {
        assert_eq!(softmax(theta), softmax(&there));
        assert_eq!(log_softmax(theta), log_softmax(&there));
    }
}

/// The Jacobian, and the product with it that does without.
fn derivative<A: Float>(y_hat: &Probabilities<A>, g: &Array1<A>) {
    let jacobian = jacobian(y_hat).mapv(Into::<f64>::into);
    let classes = y_hat.as_array().len();
    assert_eq!(jacobian, jacobian.t());
    for (k, sum) in jacobian.sum_axis(Axis(1)).indexed_iter() {
        let p: f64 = y_hat[k].into();
        let rounding = classes as f64 * (2.0 * epsilon::<A>() * p + smallest::<A>());
        near("row of the Jacobian", *sum, 0.0, rounding);
        // 1 − ŷᵢ is a sum of up to seven probabilities, which may round to a little more than 1.
        let most = p.min(0.25) * (1.0 + 16.0 * epsilon::<A>());
        assert!(
            (0.0..=most).contains(&jacobian[[k, k]]),
            "{p}: {}",
            jacobian[[k, k]]
        );
    }

    let product = found(vector_jacobian_product(y_hat, g));
    assert_eq!(product.is_some(), finite(g) && g.len() == classes);
    let Some(product) = product else { return };
    assert!(finite(&product), "{product}");
    let (product, g) = (wide(&product), wide(g));
    let size = g.iter().fold(0.0, |most: f64, g_k| most.max(g_k.abs()));
    // Quotients by the largest entry, which leave no sum out of range.
    let unit = if size > 0.0 { size } else { 1.0 };
    let rounding = classes as f64 * (16.0 * epsilon::<A>() + 4.0 * smallest::<A>() / unit);
    near("sum of the product", (&product / unit).sum(), 0.0, rounding);
    if size < 1e290 && size > 1e-290 {
        let expected = (&g / unit).dot(&jacobian);
        for (product, expected) in (product / unit).iter().zip(expected) {
            near("product", *product, expected, rounding);
        }
    }
}

/// The loss in both ways, and its gradients.
fn losses<A: Float>(theta: &Logits<A>, y_hat: &Probabilities<A>, y: &Target<A>) {
    let fits = y.as_array().len() == theta.as_array().len();
    let mut masked = y.as_array().iter().zip(theta.as_array());
    let from_logits = found(cross_entropy_from_logits(theta, y));
    if fits
        && masked.any(|(y_k, theta_k)| *y_k > A::of(0.0) && (*theta_k).into() == f64::NEG_INFINITY)
    {
        assert!(from_logits.is_none());
        assert_eq!(
            found(cross_entropy(y_hat, y)).map(loss),
            Some(f64::INFINITY)
        );
        return;
    }
    let defined = found(cross_entropy(y_hat, y));
    let delta = found(d_theta(y_hat, y));
    let slopes = found(d_y_hat(y_hat, y));
    let (Some(from_logits), Some(defined), Some(delta), Some(slopes)) =
        (from_logits, defined, delta, slopes)
    else {
        return assert!(!fits);
    };
    assert!(fits);
    let (from_logits, defined) = (loss(from_logits), loss(defined));

    let (p, labels, gaps) = (wide(y_hat.as_array()), wide(y.as_array()), gaps(theta));
    let classes = p.len() as f64;
    let present = || (0..p.len()).filter(|k| labels[*k] > 0.0);
    let tolerance: f64 = A::SUM_TOLERANCE.into();
    // Below it a probability has lost digits.
    let normal = smallest::<A>() / epsilon::<A>();
    if present().all(|k| p[k] > normal) {
        let gap: f64 = present().map(|k| labels[k] * gaps[k]).sum();
        // The definition multiplies ln Σ by Σ y, the other way by 1.
        let rounding = epsilon::<A>() * (4.0 * gap + 64.0) + tolerance * classes.ln();
        near("loss", from_logits, defined, rounding);
    } else {
        // Somewhere ln ŷ is below −87 or −708, or has lost digits there.
        assert!(defined > 0.0 && from_logits > 0.0);
    }
    let mut likely = present().filter(|k| labels[*k] == 1.0);
    if let Some(class) = likely.next()
        && present().count() == 1
    {
        let log: f64 = log_softmax(theta)[class].into();
        let rounding = 4.0 * epsilon::<A>() * from_logits + 4.0 * smallest::<A>();
        near("loss of a class", from_logits, -log, rounding);
    }

    let delta = wide(&delta);
    assert!(delta.iter().all(|delta_k| delta_k.abs() <= 1.0 + tolerance));
    near(
        "sum of the gradient",
        delta.sum(),
        1.0 - labels.sum(),
        4.0 * classes * epsilon::<A>(),
    );
    if let Ok(product) = vector_jacobian_product(y_hat, &slopes) {
        let rounding = tolerance + 64.0 * classes * epsilon::<A>();
        for (one, other) in delta.iter().zip(&wide(&product)) {
            near("gradient at the logits", *one, *other, rounding);
        }
    } else {
        assert!(present().any(|k| p[k] < normal * 4.0));
    }
}
