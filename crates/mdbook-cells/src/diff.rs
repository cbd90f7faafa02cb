//! What has changed between two texts, line by line.

/// How many lines around a change are shown.
const AROUND: usize = 2;

/// The most pairs of lines that are compared; a longer stretch is shown as removed and added.
const PAIRS: usize = 4_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Kept(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// The lines of `old` that are not in `new`, after `-`; those of `new` that are not in `old`, after
/// `+`; and two lines around each change.
pub fn diff(old: &str, new: &str) -> String {
    let lines = compare(
        &old.lines().collect::<Vec<_>>(),
        &new.lines().collect::<Vec<_>>(),
    );
    let changed = |line: &Line<'_>| !matches!(line, Line::Kept(_));
    let mut text = String::new();
    let mut skipping = false;
    for (index, line) in lines.iter().enumerate() {
        let from = index.saturating_sub(AROUND);
        let to = (index + AROUND + 1).min(lines.len());
        if !lines[from..to].iter().any(changed) {
            if !skipping {
                text.push_str(" …\n");
            }
            skipping = true;
            continue;
        }
        skipping = false;
        let (mark, line) = match line {
            Line::Kept(line) => (' ', line),
            Line::Removed(line) => ('-', line),
            Line::Added(line) => ('+', line),
        };
        text.push(mark);
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn compare<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let start = old.iter().zip(new).take_while(same).count();
    let (head, old) = old.split_at(start);
    let new = &new[start..];
    let end = old.iter().rev().zip(new.iter().rev());
    let end = end.take_while(same).count();
    let (old, tail) = old.split_at(old.len() - end);
    let new = &new[..new.len() - end];

    let mut lines: Vec<Line<'_>> = head.iter().map(|line| Line::Kept(line)).collect();
    lines.extend(longest_common(old, new));
    lines.extend(tail.iter().map(|line| Line::Kept(line)));
    lines
}

/// Keeps as many lines as can be kept in their order.
fn longest_common<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    if old.len() * new.len() <= PAIRS {
        // kept[i][j]: how many lines are kept of old[i..] and new[j..].
        let mut kept = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                kept[i][j] = if old[i] == new[j] {
                    kept[i + 1][j + 1] + 1
                } else {
                    kept[i + 1][j].max(kept[i][j + 1])
                };
            }
        }
        while i < old.len() && j < new.len() {
            if old[i] == new[j] {
                lines.push(Line::Kept(old[i]));
                i += 1;
                j += 1;
            } else if kept[i + 1][j] >= kept[i][j + 1] {
                lines.push(Line::Removed(old[i]));
                i += 1;
            } else {
                lines.push(Line::Added(new[j]));
                j += 1;
            }
        }
    }
    lines.extend(old[i..].iter().map(|line| Line::Removed(line)));
    lines.extend(new[j..].iter().map(|line| Line::Added(line)));
    lines
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn changed_lines_stand_between_their_neighbours() {
        assert_eq!(
            diff("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nfour\n5\n6\n7\n8\n"),
            " …\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n+8\n"
        );
    }

    #[test]
    fn what_can_be_kept_is_kept() {
        assert_eq!(diff("a\nb\nc\nd\n", "b\nx\nd\n"), "-a\n b\n-c\n+x\n d\n");
        assert_eq!(diff("", "a\nb\n"), "+a\n+b\n");
        assert_eq!(diff("a\n", ""), "-a\n");
    }

    #[test]
    fn long_texts_are_compared_in_time() {
        let old: String = (0..5000).map(|i| format!("{i}\n")).collect();
        let new: String = (0..5000).map(|i| format!("{}\n", i + 10_000)).collect();
        assert_eq!(diff(&old, &new).lines().count(), 10_000);
    }
}
