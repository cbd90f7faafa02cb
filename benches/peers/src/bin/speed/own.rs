//! The crate itself.

use ndarray::{Array1, Array2};
use softmax_backprop::Layer;
use softmax_backprop::batch::{Batch, Pass};
use softmax_backprop::curvature::{Minimum, newton};

use super::Failure;
use super::serve::Work;
use super::task::{Kind, Task};

pub fn take(task: Task) -> Result<Box<dyn Work>, Failure> {
    match (task.kind, task.float.as_str()) {
        (Kind::Layer, "f64") => Ok(Box::new(Whole::new(task)?)),
        // `Layer<f32>` and `Batch<f32>` go here.
        (Kind::Layer, _) => Err("the crate has no f32 yet".into()),
        // The rows of a matrix of logits go here.
        (Kind::Rows, _) => Err("the crate takes no matrix of logits yet".into()),
        // L-BFGS, once the crate has it, goes beside this, under a name of its own.
        (Kind::Train, _) => Ok(Box::new(Newton::new(&task)?)),
    }
}

fn batch(task: &Task) -> Result<Batch, Failure> {
    let x = Array2::from_shape_vec((task.examples, task.inputs), task.x.clone())?;
    let labels = task.labels.iter().map(|label| *label as usize).collect();
    Ok(Batch::of_classes(x, labels, task.classes)?)
}

/// A layer forward and backward.
struct Whole {
    layer: Layer,
    batch: Batch,
    pass: Pass,
}

impl Whole {
    fn new(task: Task) -> Result<Self, Failure> {
        let batch = batch(&task)?;
        let w = Array2::from_shape_vec((task.inputs, task.classes), task.w)?;
        let layer = Layer::new(w, Array1::from(task.b))?;
        let pass = Pass::new(&layer, &batch)?;
        Ok(Self { layer, batch, pass })
    }
}

impl Work for Whole {
    fn run(&mut self) -> Result<(), Failure> {
        Ok(self.pass.rerun(&self.layer, &self.batch)?)
    }

    fn found(&self) -> Result<[f64; 2], Failure> {
        Ok([self.pass.loss(), self.pass.gradient_norm()])
    }
}

/// Newton's method, from weights of 0.
struct Newton {
    start: Layer,
    batch: Batch,
    tolerance: f64,
    minimum: Option<Minimum>,
}

impl Newton {
    fn new(task: &Task) -> Result<Self, Failure> {
        let w = Array2::zeros((task.inputs, task.classes));
        Ok(Self {
            start: Layer::new(w, Array1::zeros(task.classes))?,
            batch: batch(task)?,
            tolerance: task.tolerance,
            minimum: None,
        })
    }
}

impl Work for Newton {
    fn run(&mut self) -> Result<(), Failure> {
        self.minimum = Some(newton(&self.start, &self.batch, self.tolerance)?);
        Ok(())
    }

    fn found(&self) -> Result<[f64; 2], Failure> {
        let minimum = self.minimum.as_ref().ok_or("no run yet")?;
        let pass = Pass::new(&minimum.layer, &self.batch)?;
        Ok([pass.loss(), pass.gradient_norm()])
    }
}
