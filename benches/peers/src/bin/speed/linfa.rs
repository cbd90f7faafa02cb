//! linfa-logistic, without a penalty.

use linfa::prelude::*;
use linfa_logistic::{MultiFittedLogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, Array2};
use ndarray_0_16 as nd;
use softmax_backprop::Layer;
use softmax_backprop::batch::{Batch, Pass};

use super::Failure;
use super::serve::Work;
use super::task::{Kind, Task};

pub fn take(task: Task) -> Result<Box<dyn Work>, Failure> {
    if task.kind != Kind::Train {
        return Err("linfa gives no gradient".into());
    }
    let shape = (task.examples, task.inputs);
    let labels: Vec<usize> = task.labels.iter().map(|label| *label as usize).collect();
    let x = nd::Array2::from_shape_vec(shape, task.x.clone())?;
    let ours = Array2::from_shape_vec(shape, task.x)?;
    Ok(Box::new(Model {
        examples: Dataset::new(x, nd::Array1::from(labels.clone())),
        batch: Batch::of_classes(ours, labels, task.classes)?,
        // That of the sum over the examples, which is what linfa makes small.
        tolerance: task.tolerance * task.examples as f64,
        fitted: None,
    }))
}

struct Model {
    examples: Dataset<f64, usize, nd::Ix1>,
    batch: Batch,
    tolerance: f64,
    fitted: Option<MultiFittedLogisticRegression<f64, usize>>,
}

impl Work for Model {
    fn run(&mut self) -> Result<(), Failure> {
        let model = MultiLogisticRegression::<f64>::default()
            .alpha(0.0)
            .max_iterations(10_000)
            .gradient_tolerance(self.tolerance)
            .fit(&self.examples)?;
        self.fitted = Some(model);
        Ok(())
    }

    /// The loss by this crate, so that all trainers are held to one measure.
    fn found(&self) -> Result<[f64; 2], Failure> {
        let model = self.fitted.as_ref().ok_or("no run yet")?;
        let w = model.params().iter().copied().collect();
        let w = Array2::from_shape_vec(model.params().dim(), w)?;
        let b = Array1::from_iter(model.intercept().iter().copied());
        let pass = Pass::new(&Layer::new(w, b)?, &self.batch)?;
        Ok([pass.loss(), pass.gradient_norm()])
    }
}
