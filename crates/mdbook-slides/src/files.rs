//! What is written: a page for each lecture, the page that lists them, and what they load.

use std::path::Path;
use std::{fs, io};

use serde_json::Value;

use crate::{chapters, deck};

/// Writes the slides to the folder that mdBook names.
pub fn write(context: &Value) -> io::Result<()> {
    let root = Path::new(context["root"].as_str().unwrap_or_default());
    let to = Path::new(context["destination"].as_str().unwrap_or_default());
    let config = &context["config"];
    let language = config["book"]["language"].as_str().unwrap_or("en");
    let title = config["book"]["title"].as_str().unwrap_or_default();
    let mut book = context["book"].clone();
    let mut lectures = Vec::new();
    chapters(&mut book, &mut lectures);

    let mut list = String::new();
    for lecture in lectures {
        if lecture.content.contains("{{#") || lecture.content.contains("$$") {
            let message = "an include or a formula was not read; mdBook said so above";
            return Err(io::Error::other(format!("{}: {message}", lecture.path)));
        }
        let (slides, minutes) = deck::sections(lecture.content);
        let page = Path::new(&lecture.path).with_extension("html");
        let name = page.display();
        list += &format!(
            "<li><a href=\"{name}\">{}</a>, {minutes} minutes</li>\n",
            lecture.title
        );
        let filled = filled(include_str!("deck.html"), language, &lecture.title, &slides);
        fs::write(to.join(&page), filled)?;
    }
    let index = filled(include_str!("index.html"), language, title, &list);
    fs::write(to.join("index.html"), index)?;

    let folders = config["output"]["slides"]["copy"].as_array();
    for folder in folders.into_iter().flatten().filter_map(Value::as_str) {
        let from = root.join(folder);
        copy(&from, &to.join(from.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn filled(template: &str, language: &str, title: &str, slides: &str) -> String {
    let page = template
        .replace("{{language}}", language)
        .replace("{{title}}", title);
    page.replace("{{slides}}", slides)
}

/// Copies a folder with all that it holds.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let in_folder =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", from.display()));
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).map_err(in_folder)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            // Read and written, so that a copy of what may not be written can be replaced.
            false => fs::write(target, fs::read(entry.path())?)?,
        }
    }
    Ok(())
}
