//! What keeps a figure from being drawn.

/// What keeps a figure from being drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A coordinate is no finite number, or not above 0 on a logarithmic axis.
    #[error("{series}: expected coordinates that can be drawn, found ({x}, {y})")]
    Coordinate {
        /// The label of the series.
        series: String,
        /// The horizontal coordinate.
        x: f64,
        /// The vertical coordinate.
        y: f64,
    },
    /// An axis does not ascend, spans less than its numbers resolve, or nothing says what it spans.
    #[error("{axis}: expected a range, or points that span one, found {from} to {to}")]
    Range {
        /// The label of the axis.
        axis: String,
        /// Where it starts.
        from: f64,
        /// Where it ends.
        to: f64,
    },
    /// An edge of a graph begins or ends at a name that no node has.
    #[error("expected the name of a node, found \"{0}\"")]
    Node(String),
    /// Three numbers that are not the probabilities of three classes.
    #[error("expected three probabilities with sum 1, found {0:?}")]
    Distribution([f64; 3]),
}
