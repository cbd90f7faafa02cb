//! The language of the answers, and of the definitions: names, numbers, `+ - * / @ .T`, functions.

use crate::matrix::{Matrix, Scalar, words};

/// Why an expression has no value: where in the text, counted in characters, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The place.
    pub at: usize,
    /// The reason.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "character {}: {}", self.at + 1, self.message)
    }
}

impl std::error::Error for Fault {}

type Result<T> = std::result::Result<T, Fault>;

/// Computes an expression; `value` knows the names.
///
/// # Errors
///
/// Where the text is no expression, a name is unknown, or shapes do not fit.
pub fn compute<T: Scalar>(
    text: &str,
    value: &dyn Fn(&str) -> Option<Matrix<T>>,
) -> Result<Matrix<T>> {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        tokens: &tokens,
        end: text.chars().count(),
        value,
        depth: 0,
    };
    let result = reader.sum()?;
    match reader.tokens.first() {
        None => Ok(result),
        Some((at, token)) => Err(fault(*at, format!("`{token}` does not belong here"))),
    }
}

fn fault(at: usize, message: impl Into<String>) -> Fault {
    Fault {
        at,
        message: message.into(),
    }
}

/// Names, numbers and signs, with their places.
fn tokens(text: &str) -> Result<Vec<(usize, String)>> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let first = characters[at];
        let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
        let length = match first {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            c if c.is_ascii_digit() => {
                let is_number = |c: &&char| c.is_ascii_digit() || **c == '.';
                characters[at..].iter().take_while(is_number).count()
            }
            c if is_word(&c) => characters[at..].iter().take_while(|c| is_word(c)).count(),
            '+' | '-' | '−' | '*' | '·' | '/' | '@' | '(' | ')' | '.' => 1,
            c => return Err(fault(at, format!("`{c}` is no part of an expression"))),
        };
        tokens.push((at, characters[at..at + length].iter().collect()));
        at += length;
    }
    Ok(tokens)
}

/// Parentheses and signs in one another, at most so many.
const INNERMOST: usize = 50;

struct Reader<'a, T: Scalar> {
    tokens: &'a [(usize, String)],
    end: usize,
    value: &'a dyn Fn(&str) -> Option<Matrix<T>>,
    depth: usize,
}

impl<T: Scalar> Reader<'_, T> {
    fn peek(&self) -> Option<&str> {
        self.tokens.first().map(|(_, token)| token.as_str())
    }

    fn at(&self) -> usize {
        self.tokens.first().map_or(self.end, |(at, _)| *at)
    }

    /// The next token, if it is one of these.
    fn take(&mut self, signs: &[&str]) -> Option<(usize, &'static str)> {
        let (at, token) = self.tokens.first()?;
        let sign = match token.as_str() {
            "+" => "+",
            "-" | "−" => "-",
            "*" | "·" => "*",
            "/" => "/",
            "@" => "@",
            "(" => "(",
            ")" => ")",
            "." => ".",
            _ => return None,
        };
        signs.contains(&sign).then(|| {
            self.tokens = &self.tokens[1..];
            (*at, sign)
        })
    }

    fn expect(&mut self, sign: &'static str) -> Result<()> {
        let at = self.at();
        match self.take(&[sign]) {
            Some(_) => Ok(()),
            None => Err(fault(at, format!("expected `{sign}`"))),
        }
    }

    /// `a + b − c`
    fn sum(&mut self) -> Result<Matrix<T>> {
        let mut sum = self.product()?;
        while let Some((at, sign)) = self.take(&["+", "-"]) {
            let term = self.product()?;
            let added = match sign {
                "+" => sum.zip(&term, |a, b| a + b),
                _ => sum.zip(&term, |a, b| a - b),
            };
            sum = added.ok_or_else(|| shapes(at, sign, &sum, &term))?;
        }
        Ok(sum)
    }

    /// `a * b / c @ d`
    fn product(&mut self) -> Result<Matrix<T>> {
        let mut product = self.signed()?;
        while let Some((at, sign)) = self.take(&["*", "/", "@"]) {
            let factor = self.signed()?;
            let multiplied = match sign {
                "*" => product.zip(&factor, |a, b| a * b),
                "/" => product.zip(&factor, |a, b| a / b),
                _ => product.times(&factor),
            };
            product = multiplied.ok_or_else(|| shapes(at, sign, &product, &factor))?;
        }
        Ok(product)
    }

    /// `−a`
    fn signed(&mut self) -> Result<Matrix<T>> {
        let at = self.at();
        if self.depth == INNERMOST {
            return Err(fault(at, "too many parts in one another"));
        }
        self.depth += 1;
        let value = match self.take(&["-"]) {
            Some(_) => Ok(self.signed()?.map(|entry| -entry)),
            None => self.transposable(),
        };
        self.depth -= 1;
        value
    }

    /// `a.T`
    fn transposable(&mut self) -> Result<Matrix<T>> {
        let mut value = self.atom()?;
        while let Some((at, _)) = self.take(&["."]) {
            if self.peek() != Some("T") {
                return Err(fault(at, "after a point stands `T`, the transpose"));
            }
            self.tokens = &self.tokens[1..];
            value = value.transposed();
        }
        Ok(value)
    }

    fn atom(&mut self) -> Result<Matrix<T>> {
        if self.take(&["("]).is_some() {
            let inner = self.sum()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let Some(((at, token), rest)) = self.tokens.split_first() else {
            return Err(fault(self.end, "something is missing at the end"));
        };
        self.tokens = rest;
        if token.starts_with(|c: char| c.is_ascii_digit()) {
            let number = token
                .parse()
                .map_err(|_| fault(*at, format!("`{token}` is no number")));
            return number.map(|number| Matrix::number(T::real(number)));
        }
        if self.peek() == Some("(") {
            return self.call(*at, token);
        }
        match (self.value)(token) {
            Some(value) => Ok(value),
            None => Err(fault(*at, format!("`{token}` has no value here"))),
        }
    }

    fn call(&mut self, at: usize, function: &str) -> Result<Matrix<T>> {
        self.expect("(")?;
        let argument = self.sum()?;
        self.expect(")")?;
        match function {
            "exp" => Ok(argument.map(T::exp)),
            "log" => Ok(argument.map(T::ln)),
            "tanh" => Ok(argument.map(tanh)),
            "sum" => Ok(argument.sum()),
            "rows" => Ok(argument.rows()),
            "ones" => Ok(argument.map(|_| T::real(1.0))),
            "diag" => argument.diagonal().ok_or_else(|| {
                let found = words(argument.shape());
                fault(at, format!("`diag` takes a column, found {found}"))
            }),
            _ => Err(fault(
                at,
                format!("`{function}` is none of exp, log, tanh, sum, rows, diag and ones"),
            )),
        }
    }
}

fn tanh<T: Scalar>(z: T) -> T {
    let (up, down) = (z.exp(), (-z).exp());
    (up - down) / (up + down)
}

fn shapes<T: Scalar>(at: usize, sign: &str, a: &Matrix<T>, b: &Matrix<T>) -> Fault {
    let (a, b) = (words(a.shape()), words(b.shape()));
    fault(at, format!("{a} `{sign}` {b}: the shapes do not fit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<Matrix> {
        match name {
            "x" => Some(Matrix::column(vec![2.0, 3.0])),
            "W" => Some(Matrix::new(2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
            _ => None,
        }
    }

    fn of(text: &str) -> Vec<f64> {
        compute(text, &value).unwrap().entries().to_vec()
    }

    fn refused(text: &str) -> (usize, String) {
        let fault = compute(text, &value).unwrap_err();
        (fault.at, fault.message)
    }

    #[test]
    fn signs_bind_as_usual() {
        assert_eq!(of("1 + 2 * 3 - 8 / 4"), [5.0]);
        assert_eq!(of("-2 * -3"), [6.0]);
        assert_eq!(of("2 - 1 - 1"), [0.0]);
        assert_eq!(of("8 / 4 / 2"), [1.0]);
        assert_eq!(of("(1 + 2) * 3"), [9.0]);
        assert_eq!(of("1 − 0.5 · 2"), [0.0]);
    }

    #[test]
    fn matrices_are_multiplied_and_transposed() {
        assert_eq!(of("W.T @ x"), [14.0, 19.0, 24.0]);
        assert_eq!(of("x.T @ x"), [13.0]);
        assert_eq!(of("x @ x.T"), [4.0, 6.0, 6.0, 9.0]);
        assert_eq!(of("(x - x.T.T).T"), [0.0, 0.0]);
    }

    #[test]
    fn functions_are_called() {
        assert_eq!(of("sum(x * x)"), [13.0]);
        assert_eq!(of("diag(x)"), [2.0, 0.0, 0.0, 3.0]);
        assert_eq!(of("ones(x) / x"), [0.5, 1.0 / 3.0]);
        assert_eq!(of("rows(W)"), [6.0, 15.0]);
        assert_eq!(of("log(exp(0))"), [0.0]);
        assert!((of("tanh(0.5)")[0] - 0.5_f64.tanh()).abs() < 1e-15);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let cases = [
            ("x +", 3, "missing"),
            ("x ? y", 2, "`?`"),
            ("z + x", 0, "`z` has no value"),
            ("x x", 2, "does not belong"),
            ("(x", 2, "expected `)`"),
            ("sin(x)", 0, "`sin` is none of"),
            ("1.2.3", 0, "no number"),
            ("x.S", 1, "the transpose"),
            ("W @ x", 2, "2 × 3 `@` a column of 2"),
            ("W + x", 2, "shapes do not fit"),
            ("diag(W)", 0, "takes a column"),
            ("", 0, "missing"),
        ];
        for (text, at, words) in cases {
            let (place, message) = refused(text);
            assert_eq!(place, at, "{text}: {message}");
            assert!(message.contains(words), "{text}: {message}");
        }
        assert!(refused(&"(".repeat(10_000)).1.contains("in one another"));
        assert!(refused(&"-".repeat(10_000)).1.contains("in one another"));
    }
}
