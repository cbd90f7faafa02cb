//! The pages of a book, as modules whose doctests are the cells.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Writes `pages.rs` into `OUT_DIR`, for a build script to call: a module for each page of
/// `SUMMARY.md`, in its order. `more` is what else the module holds.
///
/// # Errors
///
/// Where `SUMMARY.md` cannot be read, or `pages.rs` not be written.
pub fn write(more: impl Fn(&str) -> String) -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let summary = folder.join("SUMMARY.md");
    println!("cargo::rerun-if-changed={}", summary.display());
    let text = fs::read_to_string(&summary)?;
    let modules: String = listed(&text)
        .into_iter()
        .map(|page| module(&folder, page, &more(page)))
        .collect();
    fs::write(out.join("pages.rs"), modules)
}

fn module(folder: &Path, page: &str, more: &str) -> String {
    let name = page.trim_end_matches(".md").replace(['/', '-', '.'], "_");
    let path = folder.join(page);
    format!("#[doc = include_str!({path:?})]\nmod {name} {{\n{more}}}\n")
}

/// The pages that a summary lists.
fn listed(summary: &str) -> Vec<&str> {
    let links = summary.split("](").skip(1);
    let links = links.filter_map(|rest| Some(rest.split_once(')')?.0));
    links.filter(|link| !link.is_empty()).collect()
}
