//! The crate itself.

use ndarray::{Array1, Array2};
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::{Minimum, newton};
use softmax_backprop::lbfgs::lbfgs;
use softmax_backprop::rows::{CrossEntropy, Reduction};
use softmax_backprop::{Float, Layer};

use super::Failure;
use super::serve::Work;
use super::task::{Kind, Task};

pub fn take(task: Task) -> Result<Box<dyn Work>, Failure> {
    match (task.kind, task.float.as_str()) {
        (Kind::Layer, "f32") => Ok(Box::new(Whole::<f32>::new(task)?)),
        (Kind::Layer, _) => Ok(Box::new(Whole::<f64>::new(task)?)),
        (Kind::Rows, "f32") => Ok(Box::new(Rows::<f32>::new(task)?)),
        (Kind::Rows, _) => Ok(Box::new(Rows::<f64>::new(task)?)),
        (Kind::Train, _) => Ok(Box::new(Trained::new(&task, newton)?)),
    }
}

pub fn take_lbfgs(task: Task) -> Result<Box<dyn Work>, Failure> {
    match task.kind {
        Kind::Train => Ok(Box::new(Trained::new(&task, lbfgs)?)),
        _ => Err("L-BFGS only trains".into()),
    }
}

fn numbers<A: Float>(numbers: &[f64]) -> Vec<A> {
    numbers.iter().map(|number| A::of(*number)).collect()
}

fn labels(task: &Task) -> Vec<usize> {
    task.labels.iter().map(|label| *label as usize).collect()
}

fn batch<A: Float>(task: &Task) -> Result<Batch<A>, Failure> {
    let x = Array2::from_shape_vec((task.examples, task.inputs), numbers(&task.x))?;
    Ok(Batch::of_classes(x, labels(task), task.classes)?)
}

/// A layer forward and backward.
struct Whole<A> {
    layer: Layer<A>,
    batch: Batch<A>,
    pass: Pass<A>,
}

impl<A: Float> Whole<A> {
    fn new(task: Task) -> Result<Self, Failure> {
        let batch = batch(&task)?;
        let w = Array2::from_shape_vec((task.inputs, task.classes), numbers(&task.w))?;
        let layer = Layer::new(w, Array1::from(numbers(&task.b)))?;
        let pass = Pass::new(&layer, &batch)?;
        Ok(Self { layer, batch, pass })
    }
}

impl<A: Float> Work for Whole<A> {
    fn run(&mut self) -> Result<(), Failure> {
        Ok(self.pass.rerun(&self.layer, &self.batch)?)
    }

    fn found(&self) -> Result<[f64; 2], Failure> {
        Ok([self.pass.loss().into(), self.pass.gradient_norm().into()])
    }
}

/// The loss of rows of logits, and its gradient there.
struct Rows<A> {
    theta: Array2<A>,
    labels: Vec<usize>,
    loss: Option<A>,
    d_theta: Array2<A>,
}

impl<A: Float> Rows<A> {
    fn new(task: Task) -> Result<Self, Failure> {
        let shape = (task.examples, task.classes);
        Ok(Self {
            theta: Array2::from_shape_vec(shape, numbers(&task.theta))?,
            labels: labels(&task),
            loss: None,
            d_theta: Array2::zeros(shape),
        })
    }
}

impl<A: Float> Work for Rows<A> {
    fn run(&mut self) -> Result<(), Failure> {
        let loss = CrossEntropy::new();
        let into = &mut self.d_theta;
        let loss = loss.gradient_into(&self.theta, &self.labels, Reduction::Mean, into)?;
        self.loss = Some(loss);
        Ok(())
    }

    fn found(&self) -> Result<[f64; 2], Failure> {
        let squares = self.d_theta.iter().map(|entry| {
            let entry: f64 = (*entry).into();
            entry * entry
        });
        let loss = self.loss.ok_or("no run yet")?;
        Ok([loss.into(), squares.sum::<f64>().sqrt()])
    }
}

/// A way to the smallest loss, to a gradient of a given length.
type Method = fn(&Layer, &Batch, f64) -> softmax_backprop::Result<Minimum>;

/// The smallest loss, from weights of 0.
struct Trained {
    method: Method,
    start: Layer,
    batch: Batch,
    tolerance: f64,
    minimum: Option<Minimum>,
}

impl Trained {
    fn new(task: &Task, method: Method) -> Result<Self, Failure> {
        let w = Array2::zeros((task.inputs, task.classes));
        Ok(Self {
            method,
            start: Layer::new(w, Array1::zeros(task.classes))?,
            batch: batch(task)?,
            tolerance: task.tolerance,
            minimum: None,
        })
    }
}

impl Work for Trained {
    fn run(&mut self) -> Result<(), Failure> {
        self.minimum = Some((self.method)(&self.start, &self.batch, self.tolerance)?);
        Ok(())
    }

    fn found(&self) -> Result<[f64; 2], Failure> {
        let minimum = self.minimum.as_ref().ok_or("no run yet")?;
        let pass = Pass::new(&minimum.layer, &self.batch)?;
        Ok([pass.loss(), pass.gradient_norm()])
    }
}
