//! What a piece of Rust evaluates: the links of its `chain!`s and `check!`s.
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

/// The macros that evaluate a chain of equalities.
const CHAINS: [&str; 2] = ["chain!", "check!"];

/// How many links the chains in a piece of bare code evaluate: for each one less than its members.
pub fn links(bare: &str) -> usize {
    let calls = CHAINS.iter().flat_map(|name| bare.match_indices(name));
    let is_whole = |at: usize| !bare[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    calls
        .filter(|&(at, _)| is_whole(at))
        .map(|(at, name)| members(&bare[at + name.len()..]).saturating_sub(1))
        .sum()
}

/// Whether a piece of bare code looks at a value at all.
pub fn looks(bare: &str) -> bool {
    let others = ["assert", "println!"];
    let mut calls = CHAINS.iter().chain(&others);
    calls.any(|call| bare.contains(call))
}

/// The number of members between the bracket at the beginning of `call` and its like. A label
/// and a trailing comma are none.
fn members(call: &str) -> usize {
    let members = arguments(call.trim_start());
    let first = members.first().map_or("", |first| without_label(first));
    let others = members.into_iter().skip(1);
    std::iter::once(first)
        .chain(others)
        .filter(|member| !member.trim().is_empty())
        .count()
}

/// What stands between the commas of a call, from its opening bracket to the closing one.
fn arguments(call: &str) -> Vec<&str> {
    let mut arguments = Vec::new();
    let mut brackets: Vec<char> = Vec::new();
    let mut begin = 1;
    for (at, c) in call.char_indices() {
        match c {
            '(' | '[' | '{' => brackets.push(c),
            // A turbofish is a bracket, too: the comma in `f::<A, B>()` separates no members.
            '<' if call[..at].ends_with("::") || brackets.last() == Some(&'<') => brackets.push(c),
            '>' if brackets.last() == Some(&'<') && !call[..at].ends_with(['-', '=']) => {
                brackets.pop();
            }
            ')' | ']' | '}' => {
                brackets.pop();
                if brackets.is_empty() {
                    arguments.push(&call[begin..at]);
                }
            }
            ',' if brackets.len() == 1 => {
                arguments.push(&call[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
        // The call has ended, or the first character was no bracket.
        if brackets.is_empty() {
            break;
        }
    }
    arguments
}

/// A member without the label, `"…":`, before it.
fn without_label(member: &str) -> &str {
    let after_string = member.trim_start().strip_prefix('"');
    let after_string = after_string.and_then(|rest| rest.split_once('"'));
    let after_label = after_string.and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
    after_label.unwrap_or(member)
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

    fn count(code: &str) -> usize {
        links(&bare(code))
    }

    #[test]
    fn a_chain_has_one_link_less_than_members() {
        assert_eq!(count("chain!(a, b, c);"), 2);
        assert_eq!(count("chain!(\n    a,\n    b,\n);"), 1);
        assert_eq!(count("# chain!(\n#     a,\n#     b,\n# );"), 1);
        assert_eq!(count("chain!(a, b); notebook::chain!(c, d)"), 2);
        assert_eq!(count("chain![a, b]; chain! { c, d }"), 2);
        assert_eq!(count("check!(\"θ[{k}]\": a, b, c); chain!(a, b);"), 3);
    }

    #[test]
    fn a_single_member_has_no_link() {
        assert_eq!(count("chain!(a)"), 0);
        assert_eq!(count("chain!(a,)"), 0);
        assert_eq!(count("chain!()"), 0);
        assert_eq!(count("chain!"), 0);
    }

    #[test]
    fn a_label_is_no_member() {
        assert_eq!(count(r#"chain!("i = {i}, j": a, b)"#), 1);
        assert_eq!(count(r##"chain!(r#"say "i", j"#: a, b)"##), 1);
        assert_eq!(count("chain!(\n  \"label\":\n  a, b\n)"), 1);
        assert_eq!(count("chain!(f64::exp(a), b)"), 1);
    }

    #[test]
    fn commas_inside_of_a_member_do_not_count() {
        assert_eq!(
            count("chain!(f(a, b), [c, d][0], { let (e, g) = h; e })"),
            2
        );
        assert_eq!(
            count("chain!(sum(|i, j| w[[i, j]]), y.iter().fold(0.0, |s, v| s + v))"),
            1
        );
        assert_eq!(count("chain!(sum::<Vec<f64>, _>(a, b), c)"), 1);
        assert_eq!(count("chain!(a < b, c)"), 1);
        assert_eq!(
            count(r#"chain!(of("a, \", b"), of('"'), of(','), of('\''))"#),
            3
        );
        assert_eq!(count("chain!(a /* b, c */, // d, e\n f)"), 1);
        assert_eq!(count("chain!(of::<'a>(b), c)"), 1);
    }

    #[test]
    fn what_does_not_run_does_not_count() {
        assert_eq!(count("// chain!(a, b)"), 0);
        assert_eq!(count("/* chain!(a, b) */"), 0);
        assert_eq!(count(r#"let s = "chain!(a, b)";"#), 0);
        assert_eq!(count("unchain!(a, b)"), 0);
        assert_eq!(count("(a, b)"), 0);
    }

    #[test]
    fn a_print_or_an_assertion_looks() {
        assert!(looks(&bare("println!(\"{a}\");")));
        assert!(looks(&bare("assert_eq!(a, b);")));
        assert!(!looks(&bare("let a = 1; // assert!(a)")));
    }
}
