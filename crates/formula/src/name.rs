//! Names, each kept once: two are compared as numbers, however long they are.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The name of a symbol, a function or an index. Names are ordered by when they were first read,
/// not by their letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(usize);

/// All names that were read: as many as the book has, and kept to the end.
struct Names {
    texts: Vec<&'static str>,
    numbers: BTreeMap<&'static str, usize>,
}

static NAMES: Mutex<Names> = Mutex::new(Names {
    texts: Vec::new(),
    numbers: BTreeMap::new(),
});

fn names() -> MutexGuard<'static, Names> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        let mut names = names();
        if let Some(&number) = names.numbers.get(text) {
            return Self(number);
        }
        let (number, text) = (names.texts.len(), &*text.to_owned().leak());
        names.texts.push(text);
        names.numbers.insert(text, number);
        Self(number)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        names().texts[self.0]
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &**self)
    }
}
