//! Why a cell ended before its end.

use std::cell::Cell as Count;
use std::fmt;

thread_local! {
    /// The number of the cell that was opened last, and how many errors made since are alive.
    static SINCE: Count<(u64, usize)> = const { Count::new((0, 0)) };
}

/// A cell opens: an error from before says nothing about it.
pub fn begin() {
    let (cell, _) = SINCE.get();
    SINCE.set((cell + 1, 0));
}

/// Whether an error made since the cell opened is on its way out of a function.
pub fn is_on_its_way() -> bool {
    SINCE.get().1 > 0
}

/// What `?` makes of every error in a cell.
///
/// A function that returns early drops its variables before its caller sees the error. A
/// [`Cell`](crate::Cell) that is dropped while an `Error` made since it opened is alive therefore
/// knows that it was left early: it compares nothing, writes nothing, and lets the error be shown.
///
/// It is made from every error that a `Box<dyn std::error::Error>` is made from, and from a text.
/// Like that box it is not an `Error` of the standard library itself.
pub struct Error {
    error: Box<dyn std::error::Error>,
    /// The number of the cell in which it was made.
    cell: u64,
}

impl<E: Into<Box<dyn std::error::Error>>> From<E> for Error {
    fn from(error: E) -> Self {
        let (cell, alive) = SINCE.get();
        SINCE.set((cell, alive + 1));
        Self {
            error: error.into(),
            cell,
        }
    }
}

impl Drop for Error {
    fn drop(&mut self) {
        // An error that outlives the thread's variables has nobody to tell.
        let _ = SINCE.try_with(|since| {
            let (cell, alive) = since.get();
            if cell == self.cell {
                since.set((cell, alive.saturating_sub(1)));
            }
        });
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// What a failing doctest prints: the message and those of the sources, one a line.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        let mut source = self.error.source();
        while let Some(error) = source {
            write!(f, "\n  because: {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// How a cell may end: with nothing, or with `Ok(())` where it uses `?`.
///
/// [`cell!`](crate::cell!) asks for it, so that a cell whose errors would be of another type does
/// not compile: it could not be told from one that came to its end.
#[diagnostic::on_unimplemented(
    message = "a cell returns `()` or `Result<(), mdbook_cells::Error>`, not `{Self}`",
    label = "opened in a function that returns `{Self}`",
    note = "end the cell with `# Ok(())`: `?` then turns every error into `mdbook_cells::Error`"
)]
pub trait Ending {}

impl Ending for () {}
impl Ending for Result<(), Error> {}

/// Stands for what a cell returns, in [`cell!`](crate::cell!); never called.
#[doc(hidden)]
pub fn ending<T: Ending>() -> T {
    unreachable!("it stands behind `if false`")
}
