//! What every picture of the book is as SVG: its root, its texts and its numbers.

use std::fmt::Write;

/// What a picture says of itself. `id` is unique in the book; a screen reader reads `description`.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    id: String,
    title: String,
    description: String,
}

impl Picture {
    pub(crate) fn new(id: &str, title: &str, description: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
        }
    }

    /// The name of a part, unique in the book as well.
    pub(crate) fn part(&self, name: &str) -> String {
        format!("{}-{name}", escape(&self.id))
    }

    /// The picture as SVG: the page decides the size, a screen reader reads title and description.
    pub(crate) fn svg(&self, class: &str, (width, height): (f64, f64), drawing: &str) -> String {
        // A plot is as wide as the text; a drawing is as large as it was made.
        let size = match class {
            "plot" => String::new(),
            _ => format!(" width=\"{width}\" height=\"{height}\""),
        };
        let (name, about) = (self.part("title"), self.part("desc"));
        let (title, description) = (escape(&self.title), escape(&self.description));
        format!(
            "<svg class=\"{class}\"{size} viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"{name} {about}\" fill=\"currentColor\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n\
             <title id=\"{name}\">{title}</title>\n\
             <desc id=\"{about}\">{description}</desc>\n{drawing}\n</svg>\n"
        )
    }
}

/// With one decimal, and without where it is 0.
pub(crate) fn number(d: &mut String, value: f64) {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    // Writing to a string cannot fail.
    let _ = match tenth {
        0 => write!(d, "{sign}{whole}"),
        _ => write!(d, "{sign}{whole}.{tenth}"),
    };
}

/// On one line: a blank line would end the figure in Markdown.
pub(crate) fn plain(text: &str) -> String {
    let words: Vec<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

pub(crate) fn escape(text: &str) -> String {
    plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
