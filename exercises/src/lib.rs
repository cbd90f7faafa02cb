//! The exercises of the book: stub, tests and solution, one file each.
