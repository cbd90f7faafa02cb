//! Changes of a text, found one by one and made all at once.

use std::ops::Range;

/// What stands at `range` becomes `text`.
#[derive(Debug, PartialEq)]
pub struct Edit {
    pub range: Range<usize>,
    pub text: String,
}

impl Edit {
    pub fn delete(range: Range<usize>) -> Self {
        let text = String::new();
        Self { range, text }
    }

    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            range: at..at,
            text,
        }
    }
}

/// Makes the changes. One that begins inside of another is left out: what it would change is gone.
pub fn apply(content: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.range.start);
    let mut changed = String::new();
    let mut done = 0;
    for edit in edits {
        if edit.range.start < done {
            continue;
        }
        changed.push_str(&content[done..edit.range.start]);
        changed.push_str(&edit.text);
        done = edit.range.end;
    }
    changed + &content[done..]
}

#[test]
fn changes_are_made_in_their_order() {
    let edits = vec![
        Edit::insert(5, "!"),
        Edit::delete(1..3),
        Edit::insert(2, "lost"),
        Edit::insert(5, "?"),
        Edit::insert(0, "ŷ"),
    ];
    assert_eq!(apply("abcde", edits), "ŷade!?");
    assert_eq!(apply("abc", Vec::new()), "abc");
}
