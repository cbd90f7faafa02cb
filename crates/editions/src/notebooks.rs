//! The notebooks for students, on the pages that they are about.

use std::path::Path;

use quick_xml::escape::escape;

use crate::book::{Book, Page};

/// The notebooks, each by its name, and that of the page whose chapter it is.
const NOTEBOOKS: [&str; 3] = ["example", "derivation", "exercises"];

/// The branch of the repository that the workflow writes them to: what is made from the book is not
/// among its sources, and those who run notebooks open them from a repository.
const BRANCH: &str = "notebooks";

/// The line of a page that offers its notebook, where that stands in the built book. What would open
/// it on another machine is named where the repository is one that it knows.
pub fn line(book: &Book, page: &Page, built: &Path) -> Option<String> {
    let stem = page.path.trim_end_matches(".html");
    let chapter = stem.split('/').next().unwrap_or(stem);
    let name = NOTEBOOKS.into_iter().find(|name| *name == chapter)?;
    let file = format!("notebooks/{name}.ipynb");
    if !built.join(&file).exists() {
        return None;
    }
    let to_root = page.to_root();
    let mut offers =
        format!("As a notebook: <a href=\"{to_root}{file}\" download>{name}.ipynb</a>");
    let repository = book.repository.as_deref().unwrap_or_default();
    if let Some(repository) = repository.strip_prefix("https://github.com/") {
        let repository = escape(repository.trim_end_matches('/'));
        offers += &format!(
            " · <a href=\"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/{name}.ipynb\">open in Colab</a>\
             \u{20}· <a href=\"https://mybinder.org/v2/gh/{repository}/{BRANCH}?labpath={name}.ipynb\">open in Binder</a>"
        );
    }
    Some(format!("<p>{offers}</p>\n"))
}
