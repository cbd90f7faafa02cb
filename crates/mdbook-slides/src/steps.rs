//! An equation as its members, one below the other, to be shown one after another.

/// A member, or the side of an equation that stands before its first: a row of an `aligned` is
/// cells.
type Row = Vec<String>;

/// So many members fit a slide as they are displayed.
const LONG: usize = 6;

/// The equation with each member in a class of its own, `fragment step-3`, counted from `first`;
/// and the number of the first step that is left. What is asked for, before the first sign of
/// equality, is shown from the beginning.
///
/// A chain that the page writes in one line stands here in as many as it has members.
pub fn stepped(tex: &str, first: usize) -> Option<(String, usize)> {
    let rows = match aligned(tex) {
        Some(rows) => rows,
        None => statements(tex)?,
    };
    // A long chain is set as a formula in a line is: its sums and fractions take half of the height.
    let (style, space) = match rows.len() > LONG {
        true => ("\\textstyle ", "0.2ex"),
        false => ("", "1ex"),
    };
    let mut step = first;
    let mut lines = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let cells =
            row.iter()
                .enumerate()
                .map(|(column, cell)| match (cell.is_empty(), index + column) {
                    (true, _) => String::new(),
                    (false, 0) => format!("{style}{cell}"),
                    _ => format!("\\htmlClass{{fragment step-{step}}}{{{style}{cell}}}"),
                });
        lines.push(cells.collect::<Vec<_>>().join(" & "));
        step += 1;
    }
    let lines = lines.join(&format!(" \\\\[{space}]\n"));
    Some((
        format!("\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"),
        step,
    ))
}

/// The rows of an equation that is written in rows.
fn aligned(tex: &str) -> Option<Vec<Row>> {
    let inner = tex.trim().strip_prefix("\\begin{aligned}")?;
    let inner = inner.strip_suffix("\\end{aligned}")?;
    let rows = split(inner, &["\\\\"]).into_iter().map(|(_, row)| {
        let row = row.trim();
        // The space that a row asks for above it is the slide's to give.
        let row = match row.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, row)) => row,
            None => row,
        };
        let cells = split(row, &["&"]);
        cells
            .into_iter()
            .map(|(_, cell)| cell.trim().to_owned())
            .collect()
    });
    Some(rows.collect())
}

/// The rows of an equation that is written in a line: its members, and those of the statements
/// that follow it after a comma. A condition, which has no sign of equality, stays where it is.
fn statements(tex: &str) -> Option<Vec<Row>> {
    let mut statements: Vec<String> = Vec::new();
    for (_, part) in split(tex, &[", \\qquad", ",\\qquad"]) {
        match statements.last_mut() {
            Some(last) if members(part).len() < 2 => *last += &format!(", \\qquad {part}"),
            _ => statements.push(part.to_owned()),
        }
    }
    let rows = statements.iter().flat_map(|one| {
        let members = members(one);
        let mut left = members
            .first()
            .map_or("", |(_, side)| *side)
            .trim()
            .to_owned();
        members.into_iter().skip(1).map(move |(relation, member)| {
            let member = format!("{relation} {}", member.trim());
            vec![std::mem::take(&mut left), member]
        })
    });
    let rows: Vec<Row> = rows.collect();
    (!rows.is_empty()).then_some(rows)
}

fn members(tex: &str) -> Vec<(&str, &str)> {
    split(tex, &["=", "\\approx", "\\lesssim"])
}

/// What stands between the separators, each with the separator before it. One in braces, or
/// between `\begin` and `\end` or `\left` and `\right`, separates nothing.
fn split<'a>(tex: &'a str, separators: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut at, mut before) = (0_usize, 0, 0, "");
    while at < tex.len() {
        let rest = &tex[at..];
        let found = separators.iter().find(|one| rest.starts_with(**one));
        let mut length = rest.chars().next().map_or(1, char::len_utf8);
        if let Some(separator) = found.filter(|_| depth == 0) {
            parts.push((before, &tex[start..at]));
            (before, length) = (separator, separator.len());
            start = at + length;
        } else if rest.starts_with('{') || starts(rest, &["\\begin", "\\left"]) {
            depth += 1;
        } else if rest.starts_with('}') || starts(rest, &["\\end", "\\right"]) {
            depth = depth.saturating_sub(1);
        }
        // A command is passed as a whole, so that the brace of `\{` opens nothing.
        if rest.starts_with('\\') && found.is_none() {
            let word = rest[1..].find(|c: char| !c.is_ascii_alphabetic());
            length = 1 + word.unwrap_or(rest.len() - 1).max(1);
        }
        at += length;
    }
    parts.push((before, &tex[start..]));
    parts
}

fn starts(tex: &str, commands: &[&str]) -> bool {
    commands.iter().any(|command| {
        let rest = tex.strip_prefix(command);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(tex: &str) -> String {
        let (tex, _) = stepped(tex, 1).unwrap();
        let tex = tex.replace("\\htmlClass{fragment step-", "<");
        tex.replace("\\begin{aligned}\n", "")
            .replace("\n\\end{aligned}", "")
            .replace(" \\\\[1ex]", "")
    }

    #[test]
    fn the_members_of_a_chain_stand_below_each_other() {
        assert_eq!(
            rows("a = \\sum_{i=1}^{3} b_i = \\begin{bmatrix} c = d \\end{bmatrix} \\approx e"),
            "a & <1}{= \\sum_{i=1}^{3} b_i}\n & <2}{= \\begin{bmatrix} c = d \\end{bmatrix}}\n & <3}{\\approx e}"
        );
    }

    #[test]
    fn rows_are_kept() {
        assert_eq!(
            rows(
                "\\begin{aligned}\na &= \\frac{1}{2} \\\\[1ex]\n&= b \\\\ c &= \\lbrace 1 \\rbrace\n\\end{aligned}"
            ),
            "a & <1}{= \\frac{1}{2}}\n & <2}{= b}\n<3}{c} & <3}{= \\lbrace 1 \\rbrace}"
        );
    }

    #[test]
    fn a_statement_is_a_row_and_a_condition_is_none() {
        assert_eq!(
            rows("a = b , \\qquad c = d , \\qquad k \\in \\{ 1, 2 \\}"),
            "a & <1}{= b}\n<2}{c} & <2}{= d , \\qquad  k \\in \\{ 1, 2 \\}}"
        );
    }

    #[test]
    fn a_long_chain_is_set_as_in_a_line() {
        let chain = |members: usize| stepped(&format!("a{}", " = b".repeat(members)), 1).unwrap();
        assert!(!chain(6).0.contains("\\textstyle"));
        assert_eq!(chain(7).0.matches("\\textstyle").count(), 8);
    }

    #[test]
    fn steps_go_on_from_those_before() {
        let (tex, next) = stepped("a = b = c", 4).unwrap();
        assert!(tex.contains("step-4") && tex.contains("step-5"), "{tex}");
        assert_eq!(next, 6);
    }

    #[test]
    fn what_has_no_member_has_no_step() {
        assert_eq!(stepped("a \\, b", 1), None);
    }
}
