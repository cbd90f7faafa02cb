//! What the drawings have in common.

use std::fmt::Write;

/// A place in a drawing, or in what is drawn.
pub(crate) type Point = (f64, f64);

/// A drawing as SVG. `id` is unique in the book; a screen reader reads title and description.
pub(crate) fn svg(
    id: &str,
    (width, height): Point,
    title: &str,
    description: &str,
    drawn: &str,
) -> String {
    format!(
        "<svg class=\"drawing\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" fill=\"currentColor\" xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n{drawn}</svg>\n"
    )
}

/// With one decimal, and without where it is 0.
fn pixel(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

/// A line through points, as the `d` of a path; nothing where there are fewer than two.
pub(crate) fn line(through: &[Point]) -> String {
    let mut d = String::new();
    let mut last = None;
    for &(x, y) in through {
        let place = (pixel(x), pixel(y));
        if last == Some(place) {
            continue;
        }
        let letter = if last.is_none() { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(d, "{letter}{} {}", place.0, place.1);
        last = Some(place);
    }
    if d.contains('L') { d } else { String::new() }
}

/// A number with a true minus, and none before zero.
pub(crate) fn fixed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    match text.bytes().all(|byte| b"-.0".contains(&byte)) {
        true => text.replace('-', ""),
        false => text.replace('-', "−"),
    }
}

/// A number as short as three digits say it, for words.
pub(crate) fn short(number: f64) -> String {
    let text = fixed(number, 2);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
