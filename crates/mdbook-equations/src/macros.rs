//! The macros of a book: who copies a formula, or has it read out, does not have them.

use std::collections::BTreeMap;

/// The macros that a book lends mdbook-katex.
#[derive(Default)]
pub struct Macros(BTreeMap<String, String>);

impl Macros {
    /// Reads a definition a line, `\name:definition`; one may use those above it.
    pub fn parse(text: &str) -> Self {
        let mut macros = Self::default();
        for line in text.lines() {
            if let Some((name, definition)) = line.split_once(':') {
                let definition = macros.written_out(definition.trim());
                macros.0.insert(name.trim().to_owned(), definition);
            }
        }
        macros
    }

    /// TeX with the definition of each macro in its place.
    pub fn written_out(&self, tex: &str) -> String {
        let mut out = String::new();
        let mut rest = tex;
        while !rest.is_empty() {
            let (token, after) = token(rest);
            rest = after;
            let Some(definition) = self.0.get(token) else {
                push(&mut out, token);
                continue;
            };
            let mut written = definition.clone();
            for number in 1.. {
                let place = format!("#{number}");
                if !definition.contains(&place) {
                    break;
                }
                let (argument, after) = argument(rest);
                rest = after;
                written = written.replace(&place, &self.written_out(argument));
            }
            push(&mut out, &written);
        }
        out
    }
}

/// Writes TeX behind TeX: a letter behind `\alpha` would be a part of it.
fn push(out: &mut String, tex: &str) {
    let name = out
        .rsplit('\\')
        .next()
        .filter(|name| name.len() < out.len());
    let is_open = name.is_some_and(|name| !name.is_empty() && is_name(name));
    if is_open && tex.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.push(' ');
    }
    out.push_str(tex);
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphabetic())
}

/// The command at the beginning, or the character, and what comes behind.
fn token(tex: &str) -> (&str, &str) {
    let end = match tex.strip_prefix('\\') {
        Some(name) => match name.find(|c: char| !c.is_ascii_alphabetic()) {
            // `\,` and `\\`.
            Some(0) => name.char_indices().nth(1).map(|(at, _)| 1 + at),
            length => length.map(|length| 1 + length),
        },
        None => tex.char_indices().nth(1).map(|(at, _)| at),
    };
    tex.split_at(end.unwrap_or(tex.len()))
}

/// What a command is applied to, in braces or one token, and what comes behind.
fn argument(tex: &str) -> (&str, &str) {
    let tex = tex.trim_start();
    if !tex.starts_with('{') {
        return token(tex);
    }
    let mut depth = 0;
    let mut rest = tex;
    loop {
        let (one, after) = token(rest);
        match one {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&tex[1..tex.len() - rest.len()], after);
        }
        if after.is_empty() {
            return (&tex[1..], after);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "\\vx:\\mathbf{x}\n\\yhat:\\hat{y}\n\\T:^{\\mathsf{T}}\n\
                        \\pd:\\frac{\\partial #1}{\\partial #2}\n\\by:#1 \\mid #1\n\
                        \\slope:\\pd{J}{#1}\n";

    #[track_caller]
    fn assert_written(tex: &str, expected: &str) {
        assert_eq!(Macros::parse(BOOK).written_out(tex), expected);
    }

    #[test]
    fn a_macro_is_written_out() {
        assert_written(r"\vx\T \vx_1", r"\mathbf{x}^{\mathsf{T}} \mathbf{x}_1");
        assert_written(r"\vxs \, \\ \vec x é", r"\vxs \, \\ \vec x é");
        assert_written("", "");
    }

    #[test]
    fn arguments_are_put_in() {
        assert_written(
            r"\pd{\yhat_i}{w_{ik}} x",
            r"\frac{\partial \hat{y}_i}{\partial w_{ik}} x",
        );
        assert_written(r"\pd J \vx", r"\frac{\partial J}{\partial \mathbf{x}}");
        assert_written(r"\by{\}}", r"\} \mid \}");
        assert_written(r"\slope{\yhat}", r"\frac{\partial J}{\partial \hat{y}}");
    }

    #[test]
    fn a_letter_stays_apart_from_the_command_before_it() {
        assert_written(r"\by{\alpha}c", r"\alpha \mid \alpha c");
        assert_written(r"\alpha c\vx", r"\alpha c\mathbf{x}");
    }

    #[test]
    fn what_is_not_closed_ends_with_the_formula() {
        assert_written(r"\by{a", r"a \mid a");
        assert_written(r"\pd{J}", r"\frac{\partial J}{\partial }");
        assert_written("\\", "\\");
    }
}
