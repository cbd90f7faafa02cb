//! A piece of Rust as a rule reads it: without what hides its lines, and without its literals.
//!
//! No parser: literals and comments are blanked, and then brackets are enough.

/// The code of a block as rustc sees it: without the `# ` before a hidden line, and with
/// everything in comments, strings and character literals blanked. Lines stay lines.
pub fn bare(code: &str) -> String {
    let shown: Vec<&str> = code.lines().map(unhidden).collect();
    blank_literals(&shown.join("\n"))
}

/// A line without the `# ` that hides it.
pub fn unhidden(line: &str) -> &str {
    match line.trim_start().strip_prefix('#') {
        Some("") => "",
        Some(rest) if rest.starts_with(' ') => &rest[1..],
        _ => line,
    }
}

fn blank_literals(code: &str) -> String {
    let mut bare = String::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let in_word = bare.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let literal = match first {
            '/' => comment(rest),
            '"' => string(rest),
            'r' if !in_word => raw_string(rest),
            '\'' => character(rest),
            _ => None,
        };
        match literal {
            Some(length) => {
                bare.push_str(&blanked(&rest[..length]));
                rest = &rest[length..];
            }
            None => {
                bare.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    bare
}

/// Nothing for a comment, `""` for a string, `0` for a character. Lines stay lines.
fn blanked(literal: &str) -> String {
    let lines: String = literal.chars().filter(|&c| c == '\n').collect();
    match literal.chars().next() {
        Some('/') => lines,
        Some('\'') => "0".to_owned(),
        _ => format!("\"{lines}\""),
    }
}

/// The length of the comment at the beginning of `code`, if there is one.
fn comment(code: &str) -> Option<usize> {
    if code.starts_with("//") {
        Some(code.find('\n').unwrap_or(code.len()))
    } else if code.starts_with("/*") {
        Some(code.find("*/").map_or(code.len(), |end| end + 2))
    } else {
        None
    }
}

fn string(code: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in code.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    Some(code.len())
}

fn raw_string(code: &str) -> Option<usize> {
    let hashes = code[1..].chars().take_while(|&c| c == '#').count();
    let begin = 1 + hashes;
    if !code[begin..].starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let end = code[begin + 1..].find(&close);
    Some(end.map_or(code.len(), |end| begin + 1 + end + close.len()))
}

/// A character literal, which a lifetime is not.
fn character(code: &str) -> Option<usize> {
    let mut chars = code.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let (escaped, _) = chars.next()?;
        let end = code[escaped + 1..].find('\'')?;
        return Some(escaped + 1 + end + 1);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_line_is_read_as_the_others() {
        assert_eq!(
            bare("# let a = 1;\nlet b = 2;\n#\n#[cfg(x)]"),
            "let a = 1;\nlet b = 2;\n\n#[cfg(x)]"
        );
    }

    #[test]
    fn literals_and_comments_are_blanked() {
        assert_eq!(
            bare(r##"f("a, \", b", 'c', r#"d "e""#) // g"##),
            r#"f("", 0, "") "#
        );
        assert_eq!(bare("a /* b\nc */ d"), "a \n d");
        assert_eq!(bare("f::<'a>(b, '\\'')"), "f::<'a>(b, 0)");
    }
}
