//! The crate's own functions, as one more member of the equations that define what they compute.

use ndarray::{Array1, Array2};
use softmax_backprop::{Layer, Logits, Probabilities, Target, cross_entropy, softmax};
use softmax_backprop::{cross_entropy_from_logits, error};

use crate::fault::{Fault, Result};
use crate::frame::{Frame, Indices};
use crate::scalar::Num;
use crate::tensor::Tensor;
use crate::tree::{Index, Kind, Node};

/// What the crate gives for a member, if it has a function for it.
pub fn of(
    member: &Node,
    frame: &Frame<'_, Num<f64>>,
    indices: &Indices,
) -> Option<Result<Tensor<f64>>> {
    let (name, entry) = name(member, frame)?;
    let witness = Witness {
        at: member.at,
        frame,
        indices,
    };
    let whole = witness.called(&name)?;
    Some(whole.and_then(|whole| match entry {
        None => Ok(whole),
        Some(below) => {
            let place = crate::frame::numbers(member.at, below, indices)?;
            let missing = || Fault::new(member.at, "the crate has no such entry");
            whole.entry(&place).map(Tensor::number).ok_or_else(missing)
        }
    }))
}

/// The function of the crate for a member, and the entry of its result.
fn name<'a>(
    member: &'a Node,
    frame: &Frame<'_, Num<f64>>,
) -> Option<(String, Option<&'a [Index]>)> {
    let scope = frame.setting.scope;
    let witness = |node: &Node| match &node.kind {
        Kind::Symbol { name, indices } => scope.part(*name, indices.len())?.0.witness.clone(),
        _ => None,
    };
    match &member.kind {
        Kind::Symbol { indices, .. } if !indices.is_empty() => {
            Some((witness(member)?, Some(indices)))
        }
        Kind::Symbol { .. } => Some((witness(member)?, None)),
        Kind::Gradient { of, by } => match (witness(of)?.as_str(), &by.kind) {
            ("loss", Kind::Symbol { name, .. }) => Some((format!("gradient {name}"), None)),
            _ => None,
        },
        Kind::Derivative { of, by } => match (&of.kind, &by.kind) {
            (
                Kind::Symbol { indices, .. },
                Kind::Symbol {
                    name,
                    indices: below,
                },
            ) if indices.is_empty() && below.is_empty() => {
                let of = witness(of)?;
                Some((format!("derivative {of} {name}"), None))
            }
            _ => None,
        },
        _ => None,
    }
}

struct Witness<'a> {
    at: usize,
    frame: &'a Frame<'a, Num<f64>>,
    indices: &'a Indices,
}

impl Witness<'_> {
    fn called(&self, name: &str) -> Option<Result<Tensor<f64>>> {
        let column = |array: &Array1<f64>| Tensor::column(array.to_vec());
        Some(match name {
            "layer" => self.given(|given| Ok(column(given.layer()?.forward(&given.x)?.as_array()))),
            "softmax" => self.given(|given| Ok(column(given.y_hat()?.as_array()))),
            "loss" => self.given(|given| {
                let theta = given.layer()?.forward(&given.x)?;
                Ok(Tensor::number(cross_entropy_from_logits(
                    &theta,
                    &given.y()?,
                )?))
            }),
            "delta" => self.given(|given| Ok(column(&given.delta()?))),
            "gradient \\mW" => self.given(|given| {
                let w = given.layer()?.backward(&given.x, &given.delta()?)?.w;
                Ok(matrix(&w))
            }),
            "gradient \\vb" => self.given(|given| {
                Ok(column(
                    &given.layer()?.backward(&given.x, &given.delta()?)?.b,
                ))
            }),
            "gradient \\vx" => self.given(|given| {
                Ok(column(
                    &given.layer()?.backward(&given.x, &given.delta()?)?.x,
                ))
            }),
            "derivative softmax \\vtheta" => {
                self.given(|given| Ok(matrix(&softmax::jacobian(&given.y_hat()?))))
            }
            "derivative loss \\vyhat" => self.given(|given| {
                let row = cross_entropy::d_y_hat(&given.y_hat()?, &given.y()?)?;
                Ok(Tensor::new(vec![1, row.len()], row.to_vec()))
            }),
            _ => return None,
        })
    }

    fn given(
        &self,
        call: impl FnOnce(&Given) -> error::Result<Tensor<f64>>,
    ) -> Result<Tensor<f64>> {
        let given = Given {
            w: self.matrix("\\mW")?,
            b: self.column("\\vb")?,
            x: self.column("\\vx")?,
            y: self.column("\\vy")?,
        };
        call(&given).map_err(|error| Fault::new(self.at, format!("the crate: {error}")))
    }

    fn values(&self, name: &str) -> Result<Tensor<f64>> {
        let whole = self.frame.whole(self.at, name.into(), self.indices)?;
        Ok(whole.map(|entry| entry.ball().value))
    }

    fn column(&self, name: &str) -> Result<Array1<f64>> {
        Ok(Array1::from_vec(self.values(name)?.entries))
    }

    fn matrix(&self, name: &str) -> Result<Array2<f64>> {
        let values = self.values(name)?;
        let [rows, columns] = values.shape[..] else {
            return Err(Fault::new(self.at, format!("`{name}` is no matrix")));
        };
        let array = Array2::from_shape_vec((rows, columns), values.entries);
        array.map_err(|error| Fault::new(self.at, error.to_string()))
    }
}

/// What the crate is called with.
struct Given {
    w: Array2<f64>,
    b: Array1<f64>,
    x: Array1<f64>,
    y: Array1<f64>,
}

impl Given {
    fn layer(&self) -> error::Result<Layer> {
        Layer::new(self.w.clone(), self.b.clone())
    }

    fn y(&self) -> error::Result<Target> {
        Target::distribution(self.y.clone())
    }

    fn y_hat(&self) -> error::Result<Probabilities> {
        let theta: Logits = self.layer()?.forward(&self.x)?;
        Ok(softmax::softmax(&theta))
    }

    fn delta(&self) -> error::Result<Array1<f64>> {
        cross_entropy::d_theta(&self.y_hat()?, &self.y()?)
    }
}

fn matrix(array: &Array2<f64>) -> Tensor<f64> {
    Tensor::new(
        vec![array.nrows(), array.ncols()],
        array.iter().copied().collect(),
    )
}
