//! What is wrong with a formula, and where in its TeX.

use std::fmt;

/// Something in a formula that cannot be read, has no meaning, or does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, as an offset in bytes into the TeX.
    pub at: usize,
    /// What was expected and found.
    pub message: String,
}

impl Fault {
    /// A fault at an offset.
    pub fn new(at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { at, message }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// What reading or executing a formula returns.
pub type Result<T> = std::result::Result<T, Fault>;
