//! Finds the cells that Rust code opens.

/// The code as rustdoc compiles it: the `#` that hides a line becomes a space, so that every place
/// stays where it was.
pub fn unhidden(code: &str) -> String {
    let lines = code.split_inclusive('\n').map(|line| {
        let code = line.trim_start();
        let hidden = code
            .strip_prefix('#')
            .is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with([' ', '#']));
        match hidden {
            true => line.replacen('#', " ", 1),
            false => line.to_owned(),
        }
    });
    lines.collect()
}

/// The names in `cell!("…")`, each with its place in the code. Comments and texts are passed over.
pub fn cells(code: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let at = code.len() - rest.len();
        if is_word(first) {
            let (word, after) = rest.split_at(length(rest, is_word));
            if let Some((_, after)) = text(rest) {
                rest = after;
                continue;
            }
            if word == "cell"
                && let Some((name, after)) = call(after)
            {
                found.push((name, at));
                rest = after;
                continue;
            }
            rest = after;
        } else if rest.starts_with("//") {
            rest = &rest[length(rest, |c| c != '\n')..];
        } else if rest.starts_with("/*") {
            rest = after_comment(rest);
        } else if first == '\'' {
            rest = after_quote(rest);
        } else if let Some((_, after)) = text(rest) {
            rest = after;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

/// `!("name")`, with spaces and a comma wherever Rust allows them.
fn call(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.trim_start().strip_prefix('!')?.trim_start();
    let open = rest.chars().next()?;
    let close = match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let (name, rest) = text(rest[1..].trim_start())?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    Some((name, rest.strip_prefix(close)?))
}

/// A text at the beginning, `"…"`, `r"…"`, `r#"…"#` or one of these with `b` or `c` before it: what
/// is between the quotes, and what comes after.
fn text(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = length(raw, |c| c == '#');
        let (hashes, inner) = raw.split_at(hashes);
        let inner = inner.strip_prefix('"')?;
        let close = format!("\"{hashes}");
        return inner.split_once(close.as_str());
    }
    let inner = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((&inner[..at], &inner[at + 1..])),
            _ => {}
        }
    }
    None
}

/// Past a comment `/* … */`, which may hold others.
fn after_comment(rest: &str) -> &str {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    &rest[at..]
}

/// Past a character, `'"'` or `'\''`, or the quote of a lifetime.
fn after_quote(rest: &str) -> &str {
    let inner = &rest[1..];
    let mut chars = inner.chars();
    match chars.next() {
        Some('\\') => {
            let escaped = chars.next().map_or(0, char::len_utf8);
            let body = &inner[1 + escaped..];
            body.split_once('\'').map_or("", |(_, after)| after)
        }
        Some(_) if chars.as_str().starts_with('\'') => &chars.as_str()[1..],
        _ => inner,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the beginning whose characters are as wanted.
fn length(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::{cells, unhidden};

    fn names(code: &str) -> Vec<&str> {
        cells(code).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_cell_may_be_written_in_any_way_that_rust_reads() {
        assert_eq!(names(r#"let cell = cell!("a");"#), ["a"]);
        assert_eq!(names(r#"cell!( "a" ); cell!("b",);"#), ["a", "b"]);
        assert_eq!(names("mdbook_cells::cell! [\n r#\"a/b\"# ,\n]"), ["a/b"]);
        assert_eq!(names(r#"cell ! {"a"}"#), ["a"]);
    }

    #[test]
    fn a_hidden_line_is_code() {
        let code = "# let a = cell![\n#   \"a\"\n  #\n# ];\n## b\n#[c]\n#!d\n";
        let seen = "  let a = cell![\n    \"a\"\n   \n  ];\n # b\n#[c]\n#!d\n";
        assert_eq!(unhidden(code), seen);
        assert_eq!(names(seen), ["a"]);
    }

    #[test]
    fn what_only_looks_like_a_cell_is_none() {
        assert_eq!(names(r#"// cell!("a")"#), [""; 0]);
        assert_eq!(names(r#"/* /* */ cell!("a") */ cell!("b")"#), ["b"]);
        assert_eq!(names(r##"let text = r#"cell!("a")"#;"##), [""; 0]);
        assert_eq!(names(r#"let text = "\" cell!(\"a\")";"#), [""; 0]);
        assert_eq!(names(r#"my_cell!("a"); cell("b"); cell!(name);"#), [""; 0]);
    }

    #[test]
    fn a_quote_that_opens_no_text_is_passed_over() {
        assert_eq!(names(r#"let q = '"'; cell!("a"); '"'"#), ["a"]);
        assert_eq!(names(r#"let q = '\''; let r = '\"'; cell!("a");"#), ["a"]);
        assert_eq!(names(r#"fn f<'a>(x: &'a str) {} cell!("a")"#), ["a"]);
        assert_eq!(names(r#"let r = b"\"", rest = c"x"; cell!("a")"#), ["a"]);
    }

    #[test]
    fn code_that_ends_too_early_ends_the_search() {
        for code in [
            "cell!(\"a",
            "cell!(",
            "/* open",
            "'",
            "'\\",
            "r#\"open",
            "cell!",
            "'\\u",
        ] {
            assert_eq!(names(code), [""; 0], "{code}");
        }
    }
}
