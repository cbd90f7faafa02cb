//! What every picture of the book is as SVG: its root, its texts and its numbers.

use std::fmt::Write;

/// What a picture says of itself. `id` is unique in the book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
}

impl Picture<'_> {
    /// The picture as SVG: the page decides the size, a screen reader reads title and description.
    pub(crate) fn svg(self, class: &str, (width, height): (f64, f64), drawing: &str) -> String {
        let id = escape(self.id);
        // A plot is as wide as the text; a drawing is as large as it was made.
        let size = match class {
            "plot" => String::new(),
            _ => format!(" width=\"{width}\" height=\"{height}\""),
        };
        let (title, description) = (escape(self.title), escape(self.description));
        format!(
            "<svg class=\"{class}\"{size} viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" fill=\"currentColor\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n\
             <title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-desc\">{description}</desc>\n{drawing}\n</svg>\n"
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
