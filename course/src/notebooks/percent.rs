//! The source of a notebook: a script whose cells begin with `# %%`, as Jupytext has it.

use std::mem;

/// A cell of a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Text or code.
    pub kind: Kind,
    /// Its lines, without a line end at the end.
    pub source: String,
    /// What it prints, where the book knows that.
    pub printed: Option<String>,
}

impl Cell {
    /// A cell whose output is not known.
    pub fn new(kind: Kind, source: impl Into<String>) -> Self {
        Self {
            kind,
            source: source.into(),
            printed: None,
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text in Markdown.
    Text,
    /// Code to be read, or to be written.
    Code,
    /// Code that is folded.
    Folded,
    /// Code that compares what was written.
    Comparison,
}

/// The first words of the lines that begin a cell.
const HEADS: [(&str, Kind); 4] = [
    ("# %% [markdown]", Kind::Text),
    ("# %%", Kind::Code),
    ("# %% jupyter={\"source_hidden\": true}", Kind::Folded),
    ("# %% tags=[\"compare\"]", Kind::Comparison),
];

/// The cells of a script.
pub fn cells(script: &str) -> Result<Vec<Cell>, String> {
    let mut cells: Vec<Cell> = Vec::new();
    for (number, line) in (1..).zip(script.lines()) {
        let wrong = |expected: &str| format!("line {number}: expected {expected}, found {line:?}");
        if line.starts_with("# %%") {
            let kind = HEADS.iter().find(|(head, _)| *head == line);
            let (_, kind) = kind.ok_or_else(|| {
                let heads = HEADS.map(|(head, _)| head).join("`, `");
                wrong(&format!("one of `{heads}`"))
            })?;
            cells.push(Cell::new(*kind, ""));
            continue;
        }
        let cell = cells
            .last_mut()
            .ok_or_else(|| wrong("the head of a cell"))?;
        let line = match (cell.kind, line) {
            (Kind::Text, "#") => "",
            (Kind::Text, line) if !line.is_empty() => {
                let text = line.strip_prefix("# ");
                text.ok_or_else(|| wrong("a line of text behind `# `"))?
            }
            (_, line) => line,
        };
        cell.source += line;
        cell.source.push('\n');
    }
    for cell in &mut cells {
        let source = mem::take(&mut cell.source);
        cell.source = source.trim_matches('\n').to_owned();
    }
    Ok(cells)
}

const BEGIN: &str = "### BEGIN SOLUTION";
const END: &str = "### END SOLUTION";

/// The code with a blank in the place of each solution. A solution that returns leaves one blank;
/// else each name that it binds is bound to `...`, and so is known to what follows.
pub fn blank(code: &str) -> Result<String, String> {
    let mut lines = Vec::new();
    let mut solution: Option<Vec<&str>> = None;
    for line in code.lines() {
        match (&mut solution, line.trim_start()) {
            (None, BEGIN) => solution = Some(Vec::new()),
            (Some(written), END) => {
                let indent = &line[..line.len() - END.len()];
                lines.extend(blanks(indent, written));
                solution = None;
            }
            (None, END) | (Some(_), BEGIN) => {
                return Err(format!(
                    "expected {BEGIN} and {END} in turn, found {line:?}"
                ));
            }
            (Some(written), _) => written.push(line),
            (None, _) => lines.push(line.to_owned()),
        }
    }
    match solution {
        None => Ok(lines.join("\n")),
        Some(_) => Err(format!("expected {END}, found the end of the cell")),
    }
}

/// What stands in the place of a solution.
fn blanks(indent: &str, solution: &[&str]) -> Vec<String> {
    let mut lines: Vec<&str> = Vec::new();
    for line in solution.iter().filter_map(|line| line.strip_prefix(indent)) {
        if line.starts_with("return ") {
            lines.clear();
            break;
        }
        lines.extend(bound(line));
    }
    match lines.as_slice() {
        [] => vec![format!("{indent}...  # Write this.")],
        names => names
            .iter()
            .map(|name| format!("{indent}{name} = ...  # Write this."))
            .collect(),
    }
}

/// The name that a line binds.
fn bound(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(" = ")?;
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_cells() {
        let script =
            "# %% [markdown]\n# # A\n#\n# b\n\n# %%\nx = 1\n\n# %% tags=[\"compare\"]\nsame(x)\n";
        let expected = [
            Cell::new(Kind::Text, "# A\n\nb"),
            Cell::new(Kind::Code, "x = 1"),
            Cell::new(Kind::Comparison, "same(x)"),
        ];
        assert_eq!(cells(script).unwrap(), expected);
    }

    #[test]
    fn what_is_no_script_is_refused() {
        for (script, said) in [
            ("x = 1\n", "line 1: expected the head of a cell"),
            ("# %% markdown\n", "line 1: expected one of"),
            ("# %% [markdown]\ntext\n", "line 2: expected a line of text"),
        ] {
            let found = cells(script).unwrap_err();
            assert!(found.contains(said), "{script:?}: {found}");
        }
    }

    #[test]
    fn a_solution_leaves_a_blank() {
        let code = "eta = 0.5\n### BEGIN SOLUTION\na = eta\na[0] = 1\nb = a\n### END SOLUTION\n\n\
                    def f(a):\n    ### BEGIN SOLUTION\n    c = a\n    return c\n    ### END SOLUTION\n\
                    def g(a):\n    ### BEGIN SOLUTION\n    c = a\n    ### END SOLUTION\n    return c";
        let expected = "eta = 0.5\na = ...  # Write this.\nb = ...  # Write this.\n\n\
                        def f(a):\n    ...  # Write this.\n\
                        def g(a):\n    c = ...  # Write this.\n    return c";
        assert_eq!(blank(code).unwrap(), expected);
    }

    #[test]
    fn a_solution_has_two_ends() {
        for code in [BEGIN, END, "### BEGIN SOLUTION\n### BEGIN SOLUTION"] {
            assert!(blank(code).is_err(), "{code}");
        }
    }
}
