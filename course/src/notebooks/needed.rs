//! A cell of the book as a notebook runs it: the lines that a page shows, and of its hidden
//! statements those that bind a name which the shown lines use.

use std::collections::BTreeSet;

use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Block, Item, Stmt, UseTree};

/// What a notebook imports in its first cell, or does without.
const IMPORTED: [&str; 2] = ["given", "mdbook_cells"];

/// The lines of a notebook's cell, from the code of a page's.
pub fn lines(cell: &str) -> Result<Vec<String>, String> {
    let (hidden, lines): (Vec<bool>, Vec<&str>) = cell.lines().map(uncovered).unzip();
    let code = lines.join("\n");
    let statements = Block::parse_within.parse_str(&code);
    let statements = statements.map_err(|error| format!("{error}, in the cell\n{cell}"))?;

    // From the end: a name is needed by what stands behind it.
    let mut needed = BTreeSet::new();
    let mut kept: Vec<(usize, String)> = Vec::new();
    for statement in statements.iter().rev() {
        let first = statement.span().start().line - 1;
        let bound = bound(statement, &code);
        let wanted: Vec<&str> = bound.intersection(&needed).copied().collect();
        if hidden[first] && wanted.is_empty() {
            continue;
        }
        needed.retain(|name| !bound.contains(name));
        match statement {
            Stmt::Local(local) => {
                let values = local.init.iter().map(|init| text(&init.expr, &code));
                needed.extend(values.flat_map(words));
            }
            // `given!` names what it binds.
            Stmt::Macro(_) if hidden[first] => {}
            _ if hidden[first] => needed.extend(words(text(statement, &code))),
            _ => {
                // A hidden line within, as one of a loop, is not for the notebook.
                let all = first..statement.span().end().line;
                let shown = all.filter(|line| !hidden[*line]);
                needed.extend(shown.flat_map(|line| words(lines[line])));
            }
        }
        if hidden[first] {
            let statement = match statement {
                Stmt::Macro(_) => given(text(statement, &code), &wanted),
                _ => text(statement, &code).to_owned(),
            };
            kept.push((first, statement));
        }
    }

    let mut cell = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let statements = kept.iter().rev().filter(|(first, _)| *first == number);
        cell.extend(
            statements
                .flat_map(|(_, code)| code.lines())
                .map(str::to_owned),
        );
        if !hidden[number] {
            cell.push((*line).to_owned());
        }
    }
    Ok(cell)
}

/// Whether a line is hidden, and its code.
fn uncovered(line: &str) -> (bool, &str) {
    match (line.strip_prefix("# "), line) {
        (Some(code), _) => (true, code),
        (None, "#") => (true, ""),
        (None, _) => (false, line),
    }
}

/// The code of a part.
fn text<'a>(part: &impl Spanned, code: &'a str) -> &'a str {
    &code[part.span().byte_range()]
}

/// The names that stand in some code, and all other words of it.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|sign: char| !sign.is_alphanumeric() && sign != '_')
        .filter(|word| word.starts_with(|sign: char| !sign.is_ascii_digit()))
}

/// The names that a statement binds.
fn bound<'a>(statement: &Stmt, code: &'a str) -> BTreeSet<&'a str> {
    let names = match statement {
        Stmt::Local(local) => text(&local.pat, code),
        Stmt::Item(Item::Fn(function)) => text(&function.sig.ident, code),
        Stmt::Item(Item::Use(item)) => match &item.tree {
            UseTree::Path(path) if IMPORTED.iter().any(|name| path.ident == name) => "",
            tree => text(tree, code),
        },
        Stmt::Macro(call) if call.mac.path.is_ident("given") => {
            let names = text(&call.mac.tokens, code);
            names.split_once(':').map_or(names, |(_, names)| names)
        }
        _ => "",
    };
    words(names).collect()
}

/// A call of `given!` for the names that are wanted.
fn given(call: &str, wanted: &[&str]) -> String {
    let names = wanted.join(", ");
    match call.split_once(':') {
        Some((example, _)) => format!("{example}: {names});"),
        None => format!("given!({names});"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_statement_is_kept_where_it_is_needed() {
        let cell = "\
# use given::{*, println}; use plots::Matrices; let cell = cell!(\"a\"); given!(x, y, w);
# let (x, y) = (x.as_array(), y.as_array());
# let loss = |h: f64| {
#     h + x[0]
# };
// A comment.
let h = 0.1;
# let mut table = String::new();
for k in 0..2 {
    println!(\"{y}: {:.1}\", loss(h));
#     table += \"|\";
}
# cell.md(\"table\", table);
# claim!(\"h\", h > 0.0);
#
# Ok(())";
        let expected = "\
given!(x, y);
let (x, y) = (x.as_array(), y.as_array());
let loss = |h: f64| {
    h + x[0]
};
// A comment.
let h = 0.1;
for k in 0..2 {
    println!(\"{y}: {:.1}\", loss(h));
}";
        assert_eq!(lines(cell).unwrap().join("\n"), expected);
    }

    #[test]
    fn a_name_that_is_bound_again_is_not_needed_before() {
        let cell = "# given!(author: x, delta);\n# let delta = 0.0;\nlet delta = x[0];\nprintln!(\"{delta}\");";
        let expected = "given!(author: x);\nlet delta = x[0];\nprintln!(\"{delta}\");";
        assert_eq!(lines(cell).unwrap().join("\n"), expected);
    }

    #[test]
    fn what_is_no_rust_is_refused() {
        assert!(lines("let = 1;").is_err());
    }
}
