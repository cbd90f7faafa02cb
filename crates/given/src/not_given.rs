//! Why there is nothing given.

/// Why the values of an example could not be had.
#[derive(Debug, thiserror::Error)]
pub enum NotGiven {
    /// A file that cannot be read.
    #[error("{path}: {error}")]
    Read {
        /// Where the file should be.
        path: &'static str,
        /// What the system says.
        error: std::io::Error,
    },

    /// A table of symbols that does not hold the numbers.
    #[error("book/symbols.toml: {0}")]
    Symbols(String),

    /// A line of a question or of an answer in `benches/peers` that fits no other.
    #[error("benches/peers: right.txt and answers.txt differ at: {0}")]
    Peers(String),

    /// What `benches/peers/measured.txt` does not have, or has where it does not fit.
    #[error("benches/peers/measured.txt: {0}")]
    Measured(String),

    /// Numbers that the crate refuses.
    #[error(transparent)]
    Refused(#[from] softmax_backprop::Error),
}
