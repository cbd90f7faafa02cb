//! Whatever is written, the answer is a report or a message with its line: no panic, no overflow
//! of a small stack, and an end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use formula::{Book, Page, Problem};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{TestCaseError, TestRunner};

use crate::common;

/// The stack of a thread of a test, whatever the environment says.
const STACK: usize = 2 << 20;

/// No display may take longer, in a slow build on a busy machine. Most take some milliseconds.
const LONGEST: Duration = Duration::from_secs(60);

/// Pieces of TeX: all that is known, and some that is not.
const PIECES: [&str; 112] = [
    r"\frac",
    r"\dfrac",
    r"\tfrac12",
    r"\pd",
    r"\nabla_",
    r"\partial",
    r"\sum_i",
    r"\sum_{j \ne i}",
    r"\sum_{i=1}^",
    r"\sum_{i=1}^{999999999}",
    r"\max",
    r"\max_k",
    r"\sqrt",
    r"\sqrt[3]",
    r"\exp",
    r"\log",
    r"\log_2",
    r"\tanh",
    r"\operatorname{log1p}",
    r"\diag",
    r"\lvert",
    r"\rvert",
    r"\lVert",
    r"\rVert",
    r"\langle",
    r"\rangle",
    r"\begin{bmatrix}",
    r"\end{bmatrix}",
    r"\begin{cases}",
    r"\end{cases}",
    r"\begin{aligned}",
    r"\end{aligned}",
    r"\begin{gathered}",
    r"\end{gathered}",
    r"\begin",
    r"\end",
    r"\underbrace{",
    r"}_{",
    r"\text{if}",
    r"\text{or}",
    r"\quad",
    r"\qquad",
    r"\\",
    r"\\[1ex]",
    r"\cdot",
    r"\odot",
    r"\otimes",
    r"\div",
    r"\ne",
    r"\le",
    r"\ge",
    r"\approx",
    r"\in",
    r"\{",
    r"\}",
    r"\T",
    r"^{\mathsf{T}}",
    r"\hat{",
    r"\bar{",
    r"\check{",
    r"\dot{",
    r"\mathbf{",
    r"\tag{1.2}",
    r"\left",
    r"\right",
    r"\big",
    r"\,",
    r"\lt",
    r"\foo",
    r"\vx",
    r"\vy",
    r"\mW",
    r"\vb",
    r"\vtheta",
    r"\vyhat",
    r"\yhat_i",
    r"\theta_k",
    "x_i",
    "y_k",
    "w_{ij}",
    "b_1",
    "J",
    r"\sigma",
    r"\softmax",
    r"\mathbf{X}",
    "O(h^2)",
    "u",
    "v",
    "p",
    "h",
    "K",
    "0",
    "1",
    "2",
    "0.5",
    "1000000",
    "99999999999999999999",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "_",
    "^",
    "^{1000000}",
    "&",
    "'",
    ",",
    "+",
    "-",
    "=",
];

/// Symbols that a display may have beside it.
const NOTES: [&str; 6] = [
    "",
    "<!-- eq 1.1: small = 'h'\norder = 1 -->",
    "<!-- eq 1.1: where = ['u > 0', 'i \\ne j'] -->",
    "<!-- eq 1.1: set = ['u = v + x_i', '\\theta_k = u b_k'] -->",
    "<!-- eq 1.1: sizes = { K = 40, M = 2 } -->",
    "<!-- eq 1.1: at = 'example'\nup_to_constants = [1] -->",
];

/// Runs a page of a book and demands an answer.
fn answered(table: &str, text: &str, name: &str) -> Result<(), TestCaseError> {
    let (table, text, name) = (table.to_owned(), text.to_owned(), name.to_owned());
    let shown = text.clone();
    let thread = thread::Builder::new().stack_size(STACK).spawn(move || {
        let begin = Instant::now();
        let problems = run(&table, &text, &name);
        (problems, begin.elapsed())
    });
    let run = thread.map(thread::JoinHandle::join);
    let Ok(Ok((problems, time))) = run else {
        return Err(TestCaseError::fail(format!("a panic:\n{shown}")));
    };
    for problem in problems {
        prop_assert!(
            problem.line >= 1 && problem.column >= 1,
            "{problem}\n{shown}"
        );
        prop_assert!(
            problem.line <= shown.lines().count().max(1),
            "{problem}\n{shown}"
        );
        prop_assert!(!problem.message.is_empty());
    }
    prop_assert!(time < LONGEST, "{time:?}:\n{shown}");
    Ok(())
}

/// What is wrong with a page, and with each of its displays.
fn run(table: &str, text: &str, name: &str) -> Vec<Problem> {
    let include = |_: &str| Ok("0.5".to_owned());
    let book = Page::parse(name, text, include).and_then(|page| Book::new(table, vec![page]));
    match book.and_then(|book| book.run(name)) {
        Ok(runs) => runs.into_iter().filter_map(Result::err).collect(),
        Err(problem) => vec![problem],
    }
}

/// A page of one display.
fn page(notes: &str, tex: &str) -> String {
    format!("{notes}\n\n$$\n{tex}\n\\tag{{1.1}}\n$$\n")
}

/// Runs so many cases of a property: a few for every change, more where `PROPTEST_CASES` asks.
fn cases<S: Strategy>(
    most: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        cases: asked.unwrap_or(most),
        failure_persistence: None,
        max_shrink_iters: 500,
        ..ProptestConfig::default()
    };
    let failed = TestRunner::new(config).run(strategy, test).err();
    assert!(
        failed.is_none(),
        "{}",
        failed.map(|error| error.to_string()).unwrap_or_default()
    );
}

#[test]
fn any_pieces_in_any_order() {
    let tex = prop::collection::vec(select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.join(" "));
    cases(500, &(select(&NOTES[..]), tex), |(notes, tex)| {
        answered(common::TABLE, &page(notes, &tex), common::PAGE)
    });
}

/// Formulas that can mostly be read, and seldom have a meaning.
fn formula() -> impl Strategy<Value = String> {
    let leaf = select(
        &[
            "u",
            "v",
            "p",
            "h",
            "0",
            "2",
            "x_i",
            "x_j",
            "b_k",
            "w_{ik}",
            r"\vx",
            r"\vb",
            r"\mW",
            r"\vyhat",
            r"\yhat_k",
            r"\theta_1",
            "J",
            "K",
            r"\mathbf{X}",
            "0.25",
            "1000000",
            r"\sigma'(z)",
        ][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(12, 60, 3, |inner| {
        let one = (
            select(
                &[
                    "({})",
                    "-({})",
                    r"\exp({})",
                    r"\log({})",
                    r"\sqrt{{}}",
                    r"\sum_i {}",
                    r"\sum_{k} {}",
                    r"\sum_{j \ne i} {}",
                    r"\sum_{i=1}^{M} {}",
                    r"\sum_{n=1}^{30} {}",
                    r"\max_k {}",
                    r"({})\T",
                    r"({})^2",
                    r"({})^{1000}",
                    r"({})^{1000000}",
                    r"({})^{-3}",
                    r"\lvert {} \rvert",
                    r"\lVert {} \rVert",
                    r"\diag({})",
                    r"\sigma({})",
                    r"\sigma''({})",
                    r"\softmax({})",
                    r"\pd{({})}{u}",
                    r"\pd{({})}{x_i}",
                    r"\pd{({})}{\vb}",
                    r"\pd{({})}{\mW}",
                    r"\nabla_{\vb} ({})",
                    r"\frac{\partial^2}{\partial u \, \partial v} ({})",
                    r"\tanh({})",
                    r"\begin{bmatrix} {} & 1 \\ 0 & u \end{bmatrix}",
                    r"\begin{cases} {} & u > 0 \\ 0 & u \le 0 \end{cases}",
                    r"\underbrace{{}}_{u}",
                    "O(h^2) + {}",
                ][..],
            ),
            inner.clone(),
        )
            .prop_map(|(shape, one)| shape.replacen("{}", &one, 1));
        let two = (
            select(
                &[
                    "{} + {}",
                    "{} - {}",
                    "{} {}",
                    r"{} \cdot {}",
                    r"{} \odot {}",
                    r"{} \otimes {}",
                    r"{} \div {}",
                    r"\frac{{}}{{}}",
                    "({})^{{}}",
                    r"\max({}, {})",
                    r"\langle {}, {} \rangle",
                    "({}, {})",
                    r"\softmax({}, {})",
                    r"\pd{({})}{{}}",
                ][..],
            ),
            inner.clone(),
            inner,
        )
            .prop_map(|(shape, a, b)| shape.replacen("{}", &a, 1).replacen("{}", &b, 1));
        prop_oneof![one, two]
    })
}

#[test]
fn formulas_without_a_meaning() {
    let chain = (
        formula(),
        select(&["=", "=", "=", r"\le", r"\approx"][..]),
        formula(),
    );
    cases(
        300,
        &(select(&NOTES[..]), chain),
        |(notes, (a, relation, b))| {
            answered(
                common::TABLE,
                &page(notes, &format!("{a} {relation} {b}")),
                common::PAGE,
            )?;
            // A formula is what it is: no difference may be found, only no value.
            answered(
                common::TABLE,
                &page(notes, &format!("{a} = {a}")),
                common::PAGE,
            )
        },
    );
}

/// What is equal to itself may have no value, but does not differ.
#[test]
fn nothing_differs_from_itself() {
    // But for a part that is said to be another.
    let formula = formula().prop_filter("an underbrace", |tex| !tex.contains("brace"));
    cases(200, &formula, |tex| {
        let text = page("", &format!("{tex} = {tex}"));
        for problem in run(common::TABLE, &text, common::PAGE) {
            prop_assert!(
                !problem.message.contains("members differ"),
                "{problem}\n{tex}"
            );
        }
        Ok(())
    });
}

/// The book, from the sources of this repository.
static BOOK: LazyLock<PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book"));

/// The table of the book, and each display of it with the notes of its page and its own.
static DISPLAYS: LazyLock<(String, Vec<String>)> = LazyLock::new(|| {
    let read = |name: &str| fs::read_to_string(BOOK.join(name)).unwrap_or_default();
    let summary = read("SUMMARY.md");
    let names = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let displays = names.flat_map(|(name, _)| displays(&read(name))).collect();
    (read("symbols.toml"), displays)
});

/// The displays of a page, each as a page of its own.
fn displays(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let notes: Vec<&str> = text
        .split("<!-- ")
        .skip(1)
        .filter_map(|rest| rest.split_once("-->"))
        .map(|(note, _)| note)
        .collect();
    let symbols: String = notes
        .iter()
        .filter(|note| note.starts_with("symbols"))
        .map(|note| format!("<!-- {note}-->\n"))
        .collect();
    let inner = text.split("\n$$\n").skip(1).step_by(2);
    inner
        .map(|tex| {
            let tag = tex
                .split_once(r"\tag{")
                .and_then(|(_, rest)| rest.split_once('}'))
                .map_or("", |(tag, _)| tag);
            let own = notes.iter().find(|note| {
                note.starts_with(&format!("eq {tag}:"))
                    && !note.contains("numbers =")
                    && !note.contains("proof =")
            });
            let own = own.map_or(String::new(), |note| format!("<!-- {note}-->\n"));
            format!("{symbols}{own}\n$$\n{tex}\n$$\n")
        })
        .collect()
}

#[test]
fn the_displays_of_the_book_are_found() {
    assert!(DISPLAYS.1.len() > 150, "{} displays", DISPLAYS.1.len());
}

/// A change of a display: what is done, where, and with what.
type Change = (
    usize,
    prop::sample::Index,
    prop::sample::Index,
    &'static str,
);

/// A display after a change of its characters or of its pieces.
fn changed(page: &str, &(kind, place, other, piece): &Change) -> String {
    let Some((notes, rest)) = page.split_once("\n$$\n") else {
        return page.to_owned();
    };
    let tex = rest.trim_end().trim_end_matches('$').trim_end();
    let tex = match kind {
        0..=2 => {
            let mut all: Vec<char> = tex.chars().collect();
            edit(kind, &mut all, place, other);
            all.into_iter().collect()
        }
        3..=5 => {
            let mut all: Vec<&str> = tex
                .split_inclusive([' ', '{', '}', '(', ')', '_', '^', '&'])
                .collect();
            edit(kind - 3, &mut all, place, other);
            all.concat()
        }
        _ => {
            let mut all: Vec<&str> = tex
                .split_inclusive([' ', '{', '}', '_', '^', '&'])
                .collect();
            all.insert(place.index(all.len() + 1), piece);
            all.concat()
        }
    };
    format!("{notes}\n$$\n{tex}\n$$\n")
}

/// Deletes, doubles or swaps.
fn edit<T: Clone>(
    kind: usize,
    all: &mut Vec<T>,
    place: prop::sample::Index,
    other: prop::sample::Index,
) {
    if all.is_empty() {
        return;
    }
    let (place, other) = (place.index(all.len()), other.index(all.len()));
    match kind {
        0 => {
            all.remove(place);
        }
        1 => all.insert(other, all[place].clone()),
        _ => all.swap(place, other),
    }
}

#[test]
fn displays_of_the_book_with_something_wrong() {
    let (table, displays) = &*DISPLAYS;
    let change = (
        0..8_usize,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        select(&PIECES[..]),
    );
    let changes = prop::collection::vec(change, 1..4);
    cases(
        200,
        &(select(displays.as_slice()), changes),
        |(display, changes)| {
            let text = changes
                .iter()
                .fold(display, |text, change| changed(&text, change));
            answered(table, &text, "page.md")
        },
    );
}

#[test]
fn pages_of_any_bytes() {
    let line = prop_oneof![
        select(
            &[
                "$$",
                "$$ u = v",
                r"\tag{1.1} $$",
                "```",
                "````rust",
                "~~~",
                "<!-- eq 1.1: at = 'example'",
                "<!-- symbols",
                "set = ['u = v']",
                "-->",
                "{{#include a}}",
                "{{#include a",
                r"\tag{1.1}",
                "u = u",
                "`$$`",
                "> $$",
                "é — \u{0} \u{feff}"
            ][..]
        )
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let page = (
        prop::collection::vec(line, 0..20),
        select(&["\n", "\r\n", "\n\n", " "][..]),
    );
    cases(1_000, &page, |(lines, end)| {
        answered(common::TABLE, &lines.join(end), common::PAGE)
    });
}

#[test]
fn tables_of_any_symbols() {
    let text = prop_oneof![
        select(
            &[
                "s",
                "s_i = x_i",
                "s(z) = z",
                "s = s",
                r"\vx",
                "x",
                r"s = \pd{J}{\vb}",
                "s = t",
                "t = s",
                "x_i = x_i",
                "",
                "s = ",
                "= s",
                "s = K",
                r"\hat{s}"
            ][..]
        )
        .prop_map(str::to_owned),
        prop::collection::vec(select(&PIECES[..]), 0..8).prop_map(|pieces| pieces.join(" ")),
    ];
    let rows = prop::collection::vec((text.clone(), text.clone(), text.clone(), text), 1..4);
    cases(300, &rows, |rows| {
        let rows = rows.iter().map(|(tex, entry, is, of)| {
            format!("[[symbol]]\ntex = '''{tex}'''\nentry = '''{entry}'''\nshape = ['K']\nis = '''{is}'''\nof = ['''{of}''']\n")
        });
        let notes = format!("<!-- symbols\n{}-->", rows.collect::<String>());
        answered(
            common::TABLE,
            &page(&notes, r"s + u s_i = \pd{s}{u} s(u)"),
            common::PAGE,
        )
    });
}
