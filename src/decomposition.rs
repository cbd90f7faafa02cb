//! Two decompositions that the second derivative needs: Cholesky's and that of Gram and Schmidt.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

/// Cholesky's `A = LLᵀ` of the lower triangle of `A`, or `None` where `A` is not positive
/// definite.
pub(crate) fn cholesky(a: &ArrayRef2<f64>) -> Option<Array2<f64>> {
    let mut l = a.to_owned();
    for j in 0..l.nrows() {
        for i in j..l.nrows() {
            let inner: f64 = (0..j).map(|k| l[[i, k]] * l[[j, k]]).sum();
            let rest = l[[i, j]] - inner;
            if i > j {
                l[[i, j]] = rest / l[[j, j]];
            } else if rest > 0.0 {
                l[[j, j]] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(l)
}

/// The solution of `LLᵀ s = g`.
pub(crate) fn solve(l: &ArrayRef2<f64>, g: &ArrayRef1<f64>) -> Array1<f64> {
    let size = g.len();
    let mut s = g.to_owned();
    for i in 0..size {
        let inner: f64 = (0..i).map(|k| l[[i, k]] * s[k]).sum();
        s[i] = (s[i] - inner) / l[[i, i]];
    }
    for i in (0..size).rev() {
        let inner: f64 = (i + 1..size).map(|k| l[[k, i]] * s[k]).sum();
        s[i] = (s[i] - inner) / l[[i, i]];
    }
    s
}

/// `(1, X) = QR`: the columns of `Q` are orthonormal, `Σₙ ωₙ qₙᵢ qₙⱼ = δᵢⱼ`, and `R` is zero below
/// its diagonal.
pub(crate) struct Orthonormal {
    pub(crate) q: Array2<f64>,
    pub(crate) r: Array2<f64>,
}

impl Orthonormal {
    /// By Gram and Schmidt: from each column the part along those before it is taken out.
    ///
    /// The error is the column of `X` that is nothing but such a part.
    pub(crate) fn of(x: &ArrayRef2<f64>, shares: &ArrayRef1<f64>) -> Result<Self, usize> {
        let (examples, size) = (x.nrows(), x.ncols() + 1);
        let inner = |a: &ArrayRef1<f64>, b: &ArrayRef1<f64>| -> f64 {
            let terms = shares.iter().zip(a).zip(b);
            terms.map(|((share, a_n), b_n)| share * a_n * b_n).sum()
        };
        let mut q = Array2::ones((examples, size));
        let mut r = Array2::zeros((size, size));
        for i in 0..size {
            let mut rest = match i.checked_sub(1) {
                None => Array1::ones(examples),
                Some(column) => x.column(column).to_owned(),
            };
            // The squares of what is at most 1 do not leave the range of f64.
            let unit = rest
                .iter()
                .fold(0.0, |most: f64, entry| most.max(entry.abs()));
            rest.mapv_inplace(|entry| if unit > 0.0 { entry / unit } else { entry });
            let whole = inner(&rest, &rest).sqrt();
            // Once more, for what the rounding of the first time has left.
            for _ in 0..2 {
                for j in 0..i {
                    let part = inner(&q.column(j), &rest);
                    rest.scaled_add(-part, &q.column(j));
                    r[[j, i]] += part * unit;
                }
            }
            let length = inner(&rest, &rest).sqrt();
            // Each subtraction leaves at most ε of the whole.
            if length <= (size + 1) as f64 * f64::EPSILON * whole {
                return Err(i.saturating_sub(1));
            }
            r[[i, i]] = length * unit;
            q.column_mut(i).assign(&(rest / length));
        }
        Ok(Self { q, r })
    }

    /// The solution `P` of `RP = S`.
    pub(crate) fn undo(&self, s: &ArrayRef2<f64>) -> Array2<f64> {
        let mut p = s.to_owned();
        for i in (0..p.nrows()).rev() {
            for k in 0..p.ncols() {
                let known = i + 1..p.nrows();
                let inner: f64 = known.map(|j| self.r[[i, j]] * p[[j, k]]).sum();
                p[[i, k]] = (p[[i, k]] - inner) / self.r[[i, i]];
            }
        }
        p
    }
}
