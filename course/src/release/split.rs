//! An exercise is one file here, and two where it is handed out: what the student writes, and its
//! check.

use std::collections::{BTreeMap, BTreeSet};

/// The two files.
pub struct Parts {
    /// The function to be written.
    pub stub: String,
    /// The function that tries it.
    pub check: String,
}

/// What stands between two anchors of a file.
fn between<'a>(exercise: &str, source: &'a str, anchor: &str) -> Result<&'a str, String> {
    let (open, close) = (
        format!("// ANCHOR: {anchor}\n"),
        format!("// ANCHOR_END: {anchor}"),
    );
    let part = source
        .split_once(&open)
        .and_then(|(_, rest)| rest.split_once(&close));
    let (part, _) = part.ok_or_else(|| format!("{exercise}.rs: expected the anchor {anchor:?}"))?;
    Ok(part)
}

/// The name of the function to be written, the last one of the stub.
pub fn function<'a>(exercise: &str, source: &'a str) -> Result<&'a str, String> {
    let stub = between(exercise, source, "stub")?;
    let last = stub
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn "))
        .next_back();
    let name = last.and_then(|line| line.split('(').next());
    name.ok_or_else(|| format!("{exercise}.rs: expected a public function in the stub, found none"))
}

/// Divides a file.
pub fn split(exercise: &str, source: &str) -> Result<Parts, String> {
    let stub = between(exercise, source, "stub")?;
    let check = between(exercise, source, "check")?;
    // The student's own check is a program of its own.
    let (check, _) = check.split_once("#[test]").unwrap_or((check, ""));
    let head = source.split("// ANCHOR: stub\n").next().unwrap_or_default();

    let mut about = String::new();
    let mut imports = Vec::new();
    let mut aliases = Vec::new();
    for item in items(head) {
        if item.starts_with("//!") {
            about += &item;
        } else if let Some(list) = item.strip_prefix("use ") {
            imports.push(list.to_owned());
        } else {
            aliases.push(item);
        }
    }
    // A part with what it needs of the head.
    let file = |part: &str, own: &str| {
        let aliases = aliases
            .iter()
            .filter(|alias| uses(part, defined("type ", alias)));
        let aliases: Vec<&str> = aliases.map(|alias| alias.trim_end()).collect();
        let text = [&aliases[..], &[part.trim()]].concat().join("\n\n");
        let mut taken = Imports::default();
        for list in &imports {
            taken.add(list, &text);
        }
        taken.add(own, &text);
        let parts = [about.trim_end(), taken.text().trim_end(), &text].map(str::to_owned);
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n\n") + "\n"
    };
    let structs = stub.lines().filter(|line| line.starts_with("pub struct "));
    let structs: Vec<&str> = structs.map(|line| defined("struct ", line)).collect();
    Ok(Parts {
        stub: file(stub, ""),
        check: file(
            check,
            &format!("exercises::{exercise}::{{{}}}", structs.join(", ")),
        ),
    })
}

/// The name that an item defines, after its keyword.
fn defined<'a>(keyword: &str, item: &'a str) -> &'a str {
    let rest = item.split_once(keyword).map_or("", |(_, rest)| rest);
    rest.split(|c: char| !is_in_word(c))
        .next()
        .unwrap_or_default()
}

/// The items of a file's head: comments on the file, imports, and the rest with its comments.
fn items(head: &str) -> impl Iterator<Item = String> {
    let mut items = Vec::new();
    let mut item = String::new();
    for line in head.lines().filter(|line| !line.is_empty()) {
        item += line;
        item += "\n";
        if line.starts_with("//!") || line.ends_with(';') {
            items.push(std::mem::take(&mut item));
        }
    }
    items.into_iter()
}

/// Imports: for each path the names that are taken from it.
#[derive(Default)]
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    /// Takes from an import those names that a text uses.
    fn add(&mut self, list: &str, text: &str) {
        let list = list.trim_end().trim_end_matches(';');
        let (path, names) = match list.split_once("::{") {
            Some((path, names)) => (path, names.trim_end_matches('}')),
            None => list.rsplit_once("::").unwrap_or(("", list)),
        };
        for name in names.split(',').map(str::trim) {
            if !name.is_empty() && uses(text, bound(name)) {
                let names = self.0.entry(path.to_owned()).or_default();
                names.insert(name.to_owned());
            }
        }
    }

    fn text(&self) -> String {
        let lines = self.0.iter().map(|(path, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match &names[..] {
                [name] => format!("use {path}::{name};\n"),
                _ => format!("use {path}::{{{}}};\n", names.join(", ")),
            }
        });
        lines.collect()
    }
}

/// The name that an import binds.
fn bound(name: &str) -> &str {
    name.rsplit_once(" as ").map_or(name, |(_, bound)| bound)
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a text has a word in it.
fn uses(text: &str, word: &str) -> bool {
    text.split(|c: char| !is_in_word(c))
        .any(|found| found == word)
}
