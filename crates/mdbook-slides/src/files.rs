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
        // What cannot be read stays as it is, and mdBook goes on.
        if lecture.content.contains("{{#") || lecture.content.contains('$') {
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

#[cfg(test)]
mod tests {
    use std::{env, process};

    use serde_json::json;

    use super::*;

    /// What mdBook says to a renderer, of a book below a folder.
    fn context(root: &Path, content: &str) -> Value {
        json!({
            "root": root,
            "destination": root.join("built"),
            "config": {
                "book": { "title": "Slides" },
                "output": { "slides": { "copy": ["style"] } },
            },
            "book": { "items": [{ "Chapter": { "name": "First", "source_path": "first.md", "content": content } }] },
        })
    }

    fn written(name: &str, content: &str) -> io::Result<[String; 3]> {
        let root = env::temp_dir().join(format!("mdbook-slides-{}-{name}", process::id()));
        fs::create_dir_all(root.join("style/deep"))?;
        fs::create_dir_all(root.join("built"))?;
        fs::write(root.join("style/deep/a.css"), "a")?;
        let done = write(&context(&root, content));
        let read = |file| fs::read_to_string(root.join("built").join(file)).unwrap_or_default();
        let files = ["index.html", "first.html", "style/deep/a.css"].map(read);
        fs::remove_dir_all(root)?;
        done.map(|()| files)
    }

    #[test]
    fn a_lecture_has_a_page_that_is_listed() {
        let content = "# Part {minutes=2}\n\n## Slide {minutes=2}\n";
        let [index, lecture, style] = written("listed", content).unwrap();
        let item = "<li><a href=\"first.html\">First</a>, 2 minutes</li>";
        assert!(index.contains(item), "{index}");
        assert!(lecture.contains("<title>First</title>"), "{lecture}");
        assert!(lecture.contains("<h2>Slide</h2>"), "{lecture}");
        assert_eq!(style, "a");
    }

    #[test]
    fn what_was_not_read_is_an_error() {
        for left in ["{{#include a}}", "$$a$$", "$a$"] {
            let error = written("left", left).unwrap_err().to_string();
            assert!(error.starts_with("first.md: an include"), "{error}");
        }
    }
}
