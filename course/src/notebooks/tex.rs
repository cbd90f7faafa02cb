//! The book's TeX without its macros, which a notebook does not know.

use std::collections::BTreeMap;

/// The macros of the book: the name, and what stands for it.
pub struct Macros(BTreeMap<String, String>);

impl Macros {
    /// Reads lines `\name:body`, as `book/theme/macros.txt` has them.
    pub fn parse(text: &str) -> Self {
        let macros = text.lines().filter_map(|line| line.split_once(':'));
        Self(
            macros
                .map(|(name, body)| (name.to_owned(), body.to_owned()))
                .collect(),
        )
    }

    /// The text with each macro replaced by its body. Bodies hold no macros, arguments may.
    pub fn expand(&self, text: &str) -> Result<String, String> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            let letters = rest[at + 1..].find(|c: char| !c.is_ascii_alphabetic());
            // A command of one sign, `\,` or `\\`, is none of the book's.
            let end = letters.map_or(rest.len(), |letters| at + 1 + letters);
            let sign = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
            let end = end.max(at + 1 + sign);
            expanded += &rest[..at];
            let (command, after) = (&rest[at..end], &rest[end..]);
            rest = match self.0.get(command) {
                None => {
                    expanded += command;
                    after
                }
                Some(body) => {
                    let (body, after) = self.filled(command, body, after)?;
                    expanded += &body;
                    after
                }
            };
        }
        Ok(expanded + rest)
    }

    /// A body with its arguments, and what follows them.
    fn filled<'a>(
        &self,
        command: &str,
        body: &str,
        mut after: &'a str,
    ) -> Result<(String, &'a str), String> {
        let mut body = body.to_owned();
        for place in ["#1", "#2"] {
            if body.contains(place) {
                let argument;
                (argument, after) = group(after).ok_or_else(|| {
                    format!("{command}: expected an argument in braces, found {after:?}")
                })?;
                body = body.replace(place, &self.expand(argument)?);
            }
        }
        Ok((body, after))
    }
}

/// What stands between braces, and what follows them.
fn group(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 1;
    for (at, sign) in inner.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[..at], &inner[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Result<String, String> {
        Macros::parse("\\vy:\\mathbf{y}\n\\vyhat:\\hat{\\mathbf{y}}\n\\T:^{\\mathsf{T}}\n\\pd:\\frac{\\partial #1}{\\partial #2}\n")
            .expand(text)
    }

    #[test]
    fn a_macro_is_replaced_by_its_body() {
        for (text, expected) in [
            ("a \\\\ \\, b", "a \\\\ \\, b"),
            (
                "\\vyhat\\T - \\vy",
                "\\hat{\\mathbf{y}}^{\\mathsf{T}} - \\mathbf{y}",
            ),
            (
                "\\pd{\\vy}{x_{1}} z",
                "\\frac{\\partial \\mathbf{y}}{\\partial x_{1}} z",
            ),
            ("\\vyhats", "\\vyhats"),
            ("ŷ\\", "ŷ\\"),
        ] {
            assert_eq!(expanded(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn an_argument_stands_in_braces() {
        assert!(expanded("\\pd{a} b").is_err());
        assert!(expanded("\\pd{a}{b").is_err());
    }
}
