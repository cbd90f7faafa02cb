//! A lecture as a page of slides.

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

use crate::lecture::{Kind, MARKDOWN, headings};

/// The sections of a lecture, and its minutes. Reveal shows how far a speaker is behind or ahead
/// from the seconds of each.
pub fn sections(text: &str) -> (String, u32) {
    let headings = headings(text);
    let mut written = String::new();
    let (mut part, mut number, mut total) = (String::new(), 0, 0);
    for (index, heading) in headings.iter().enumerate() {
        let end = headings.get(index + 1).map_or(text.len(), |next| next.at);
        let slide = &text[heading.at..end];
        match heading.kind {
            Kind::Part(_) => part = title(slide),
            Kind::Title => written += &section("title", 0, "", &html(slide)),
            Kind::Slide(minutes) => {
                number += 1;
                let minutes = minutes.unwrap_or_default();
                total += minutes;
                let label = format!("<p class=\"part\">{part}</p>\n");
                written += &section(&format!("slide-{number}"), minutes, &label, &html(slide));
            }
        }
    }
    (written, total)
}

fn section(id: &str, minutes: u32, label: &str, body: &str) -> String {
    let class = match body.split_once("<h2 class=\"") {
        Some((_, rest)) => rest.split('"').next().unwrap_or_default(),
        None => "",
    };
    let seconds = minutes * 60;
    format!(
        "<section id=\"{id}\" class=\"{class}\" data-timing=\"{seconds}\">\n{label}{body}</section>\n"
    )
}

/// The words of the first heading.
fn title(text: &str) -> String {
    let events = Parser::new_ext(text, MARKDOWN);
    let mut words = String::new();
    for event in events {
        match event {
            Event::Text(text) => words += &text,
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    words
}

/// A slide as HTML, its steps numbered for reveal.
fn html(text: &str) -> String {
    let mut body = String::new();
    let events = Parser::new_ext(text, MARKDOWN).map(|event| match event {
        Event::Start(Tag::Heading { level, classes, .. }) => Event::Start(Tag::Heading {
            level,
            classes,
            id: None,
            attrs: Vec::new(),
        }),
        event => event,
    });
    html::push_html(&mut body, events);
    // A table scrolls in a box of its own where it is wider than a phone.
    let body = body.replace("<table>", "<div class=\"table\"><table>");
    numbered(&body.replace("</table>", "</table></div>"))
}

fn numbered(body: &str) -> String {
    let mut pieces = body.split("fragment step-");
    let mut numbered = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (step, rest) = piece.split_once('"').unwrap_or((piece, ""));
        numbered += &format!("fragment\" data-fragment-index=\"{step}\"{rest}");
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    const LECTURE: &str = "# Title\n\nwhere\n\n# Part {minutes=5}\n\n## *One* {minutes=2 .small}\n\n| a |\n|---|\n| <b class=\"fragment step-1\">b</b> |\n\n<aside class=\"notes\">\n\n- say\n\n</aside>\n\n## Two {minutes=3}\n";

    #[test]
    fn a_lecture_is_its_slides() {
        let (slides, minutes) = sections(LECTURE);
        assert_eq!(minutes, 5);
        assert_eq!(
            slides,
            "<section id=\"title\" class=\"\" data-timing=\"0\">\n<h1>Title</h1>\n<p>where</p>\n</section>\n\
             <section id=\"slide-1\" class=\"small\" data-timing=\"120\">\n<p class=\"part\">Part</p>\n\
             <h2 class=\"small\"><em>One</em></h2>\n\
             <div class=\"table\"><table><thead><tr><th>a</th></tr></thead><tbody>\n\
             <tr><td><b class=\"fragment\" data-fragment-index=\"1\">b</b></td></tr>\n\
             </tbody></table></div>\n\
             <aside class=\"notes\">\n<ul>\n<li>say</li>\n</ul>\n</aside>\n</section>\n\
             <section id=\"slide-2\" class=\"\" data-timing=\"180\">\n<p class=\"part\">Part</p>\n\
             <h2>Two</h2>\n</section>\n"
        );
    }
}
