//! From TeX to tokens. What only changes the look of a formula is left out here.

use crate::fault::{Fault, Result};

/// A formula longer than this is refused: no display of a book is.
const LONGEST: usize = 20_000;

/// A piece of TeX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// `\frac`, without its backslash; `\\` is the command `\`.
    Command(String),
    /// `x`.
    Letter(char),
    /// `12` or `0.5`.
    Number(String),
    /// Any other character that is seen: `+`, `(`, `_`, `{`, `&`.
    Sign(char),
}

/// A token and the offset at which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub token: Token,
    /// Where it begins.
    pub at: usize,
}

/// Commands that change the look alone.
const LOOKS: [&str; 19] = [
    ",",
    ";",
    ":",
    "!",
    " ",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "left",
    "right",
    "small",
    "displaystyle",
    "limits",
    "nolimits",
];

/// Commands that are two names of one thing.
const SAME: [(&str, &str); 9] = [
    ("dfrac", "frac"),
    ("tfrac", "frac"),
    ("neq", "ne"),
    ("leq", "le"),
    ("geq", "ge"),
    ("lt", "<"),
    ("gt", ">"),
    ("qquad", "quad"),
    ("boldsymbol", "mathbf"),
];

/// Splits a formula into tokens.
///
/// # Errors
///
/// Where the formula is too long, or has a character that is not of TeX's mathematics.
pub fn tokens(tex: &str) -> Result<Vec<Lexeme>> {
    if tex.len() > LONGEST {
        let message = format!(
            "the formula has {} bytes, expected at most {LONGEST}",
            tex.len()
        );
        return Err(Fault::new(0, message));
    }
    let mut lexemes = Vec::new();
    let mut rest = tex;
    while let Some(first) = rest.chars().next() {
        let at = tex.len() - rest.len();
        let (token, length) = token(rest, first, at)?;
        rest = &rest[length..];
        if let Some(token) = token {
            lexemes.push(Lexeme { token, at });
        }
    }
    Ok(lexemes)
}

/// The token at the beginning of `rest`, if it is seen, and its length.
fn token(rest: &str, first: char, at: usize) -> Result<(Option<Token>, usize)> {
    match first {
        '\\' => Ok(command(rest)),
        '%' => Ok((None, rest.find('\n').unwrap_or(rest.len()))),
        '0'..='9' => Ok(number(rest)),
        'a'..='z' | 'A'..='Z' => Ok((Some(Token::Letter(first)), 1)),
        '~' => Ok((None, 1)),
        '+' | '-' | '=' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '_' | '&'
        | '\'' | ',' | '.' | '/' | ';' | ':' | '|' | '*' => Ok((Some(Token::Sign(first)), 1)),
        '#' => Err(Fault::new(at, "what is included here cannot be read")),
        space if space.is_whitespace() => Ok((None, space.len_utf8())),
        other => Err(Fault::new(
            at,
            format!("`{other}` is not read in a formula"),
        )),
    }
}

fn command(rest: &str) -> (Option<Token>, usize) {
    let letters = rest[1..]
        .bytes()
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let length = match (letters, rest[1..].chars().next()) {
        (0, Some(one)) => 1 + one.len_utf8(),
        (letters, _) => 1 + letters,
    };
    let name = &rest[1..length];
    if name == "\\" {
        return (
            Some(Token::Command(name.to_owned())),
            length + skip(&rest[length..]),
        );
    }
    // A backslash before the end of a line is a space.
    if LOOKS.contains(&name) || name.starts_with(char::is_whitespace) {
        return (None, length);
    }
    let same = SAME.iter().find(|(other, _)| *other == name);
    let token = match same {
        Some((_, "<")) => Token::Sign('<'),
        Some((_, ">")) => Token::Sign('>'),
        Some((_, one)) => Token::Command((*one).to_owned()),
        None => Token::Command(name.to_owned()),
    };
    (Some(token), length)
}

/// The length of the `[1ex]` that may follow `\\`.
fn skip(rest: &str) -> usize {
    let space = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match space {
        Some((space, _)) if space.ends_with("ex") || space.ends_with("em") => space.len() + 2,
        _ => 0,
    }
}

fn number(rest: &str) -> (Option<Token>, usize) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    let length = match rest[whole..].strip_prefix('.').map(digits) {
        Some(decimals) if decimals > 0 => whole + 1 + decimals,
        _ => whole,
    };
    (Some(Token::Number(rest[..length].to_owned())), length)
}
