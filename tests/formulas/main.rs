//! The equations of the book are wrong when one thing in them is changed, and the run sees it.
//!
//! `cargo test` makes a sample of the changes, `FORMULA_MUTANTS=all` all of them.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use formula::{Book, Mutant};

/// One change in so many is made where not all are asked for.
const SAMPLE: usize = 41;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn book() -> Book {
    match Book::read(&root().join("book")) {
        Ok(book) => book,
        Err(problem) => panic!("{problem}"),
    }
}

/// The changes that leave a formula true: `3.4: `a` to `b`` in a line, below the reason.
fn equivalent() -> BTreeSet<String> {
    let file = root().join("tests/formulas/equivalent.txt");
    let text = fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// All changes of the pages whose number is chosen. The pages are shared out among the threads,
/// each of which reads the book for itself.
fn mutants(chosen: fn(usize) -> bool) -> Vec<Mutant> {
    let pages: Vec<String> = book().pages.iter().map(|page| page.name.clone()).collect();
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        let book = book();
        while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
            match book.mutants(page, chosen) {
                Ok(mutants) => found.lock().unwrap().extend(mutants),
                Err(problem) => panic!("{problem}"),
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    found.into_inner().unwrap()
}

#[test]
fn a_changed_equation_is_caught() {
    let all = env::var("FORMULA_MUTANTS").is_ok_and(|which| which == "all");
    let made = mutants(if all {
        |_| true
    } else {
        |number| number % SAMPLE == 0
    });
    assert!(!made.is_empty(), "the book has no equation to change");
    let alive: Vec<&Mutant> = made.iter().filter(|one| one.caught.is_none()).collect();
    let named = |one: &Mutant| {
        // "(3.4): what", as the problem has it, without the brackets.
        one.what.message.replacen('(', "", 1).replacen("):", ":", 1)
    };
    let equivalent = equivalent();
    let missed: Vec<String> = alive
        .iter()
        .filter(|one| !equivalent.contains(&named(one)))
        .map(|one| format!("{} [{}]", one.what, named(one)))
        .collect();
    println!(
        "{} made, {} alive and equivalent",
        made.len(),
        alive.len() - missed.len()
    );
    assert!(
        missed.is_empty(),
        "the run does not see:\n{}",
        missed.join("\n")
    );
    if all {
        let alive: BTreeSet<String> = alive.into_iter().map(named).collect();
        let caught: Vec<_> = equivalent.difference(&alive).collect();
        assert!(
            caught.is_empty(),
            "listed as equivalent, and caught: {caught:#?}"
        );
    }
}

/// The three formulas that passed every test of the first edition, and a wrong number put in.
#[test]
fn the_mistakes_that_went_unnoticed_are_caught() {
    let wrong = [
        (
            "derivation/cross-entropy.md",
            r"\Big)\T = \vyhat - \vy",
            r"\Big)\T = \vyhat + \vy",
            "(3.20)",
        ),
        (
            "derivation/cross-entropy.md",
            r"&= -\sum_{j=1}^{3} \frac{y_j}{\yhat_j} \, \pd",
            r"&= -\sum_{j=1}^{3} \frac{\yhat_j}{y_j} \, \pd",
            "(3.19)",
        ),
        (
            "structure.md",
            r"\sum_{i=1}^{2} w_{ik} x_i + b_k",
            r"\sum_{i=1}^{3} w_{ki} x_i - b_k",
            "(2.4)",
        ),
        (
            "out/example/forward/sum.numbers.tex",
            "0.57694981",
            "0.57694982",
            "(4.5)",
        ),
    ];
    for (file, right, changed, tag) in wrong {
        let problem = with_change(file, right, changed);
        println!("{problem}");
        assert!(
            problem.contains(tag) && problem.starts_with("book/"),
            "{problem}"
        );
    }
}

/// What the run says of the book when one thing in one file of it is changed.
fn with_change(file: &str, right: &str, changed: &str) -> String {
    let folder = root().join("book");
    let read = |name: &Path| {
        let text = fs::read_to_string(name).map_err(|error| error.to_string())?;
        Ok(match name.ends_with(file) {
            true => {
                assert_eq!(text.matches(right).count(), 1, "{file}: {right}");
                text.replace(right, changed)
            }
            false => text,
        })
    };
    let pages = book().pages.into_iter().map(|page| {
        let path = folder.join(&page.name);
        let text = read(&path).unwrap();
        let include = |one: &str| read(&resolved(&path.with_file_name(one)));
        formula::Page::parse(&page.name, &text, include).unwrap()
    });
    let table = read(&folder.join("symbols.toml")).unwrap();
    let book = Book::new(&table, pages.collect()).unwrap();
    let runs = book
        .pages
        .iter()
        .flat_map(|page| book.run(&page.name).unwrap());
    let mut problems = runs.filter_map(Result::err);
    problems
        .next()
        .map_or_else(String::new, |problem| problem.to_string())
}

/// A path without `..`, so that it ends as it is named.
fn resolved(path: &Path) -> std::path::PathBuf {
    let mut resolved = std::path::PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(resolved.pop()),
            part => resolved.push(part),
        }
    }
    resolved
}
