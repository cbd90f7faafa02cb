//! The built book as this crate finishes it.

mod built;
mod epub;
mod release;
mod site;
