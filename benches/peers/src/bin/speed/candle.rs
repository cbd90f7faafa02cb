//! candle: tensors on the CPU, and its automatic differentiation.

use candle_core::{DType, Device, Tensor, Var};
use candle_nn::loss::cross_entropy;

use super::Failure;
use super::serve::Work;
use super::task::{Kind, Task};

pub fn take(task: Task) -> Result<Box<dyn Work>, Failure> {
    let float = match task.float.as_str() {
        "f32" => DType::F32,
        _ => DType::F64,
    };
    let matrix = |numbers: Vec<f64>, shape: (usize, usize)| -> Result<Tensor, Failure> {
        Ok(Tensor::from_vec(numbers, shape, &Device::Cpu)?.to_dtype(float)?)
    };
    let (n, m, k) = (task.examples, task.inputs, task.classes);
    let labels = Tensor::from_vec(task.labels, n, &Device::Cpu)?;
    let (x, vars) = match task.kind {
        Kind::Layer => {
            let w = Var::from_tensor(&matrix(task.w, (m, k))?)?;
            let b = Var::from_tensor(&matrix(task.b, (1, k))?)?;
            (Some(matrix(task.x, (n, m))?), vec![w, b])
        }
        Kind::Rows => (None, vec![Var::from_tensor(&matrix(task.theta, (n, k))?)?]),
        Kind::Train => return Err("candle has no such fit".into()),
    };
    Ok(Box::new(Graph {
        x,
        vars,
        labels,
        found: None,
    }))
}

/// Weights and biases, with inputs; or logits, without.
struct Graph {
    x: Option<Tensor>,
    vars: Vec<Var>,
    labels: Tensor,
    /// The loss, and a gradient for each variable.
    found: Option<(Tensor, Vec<Tensor>)>,
}

impl Work for Graph {
    fn run(&mut self) -> Result<(), Failure> {
        let loss = match (&self.x, self.vars.as_slice()) {
            (Some(x), [w, b]) => {
                let theta = x.matmul(w)?.broadcast_add(b)?;
                cross_entropy(&theta, &self.labels)?
            }
            (None, [theta]) => cross_entropy(theta, &self.labels)?,
            _ => return Err("no such graph".into()),
        };
        let mut gradients = loss.backward()?;
        let of_vars = self.vars.iter().map(|var| gradients.remove(var));
        let of_vars: Option<Vec<Tensor>> = of_vars.collect();
        self.found = Some((loss, of_vars.ok_or("no gradient")?));
        Ok(())
    }

    fn found(&self) -> Result<[f64; 2], Failure> {
        let (loss, gradients) = self.found.as_ref().ok_or("no run yet")?;
        let mut squares = 0.0;
        for gradient in gradients {
            let gradient = gradient.to_dtype(DType::F64)?;
            squares += gradient.sqr()?.sum_all()?.to_scalar::<f64>()?;
        }
        let loss = loss.to_dtype(DType::F64)?.to_scalar::<f64>()?;
        Ok([loss, squares.sqrt()])
    }
}
