//! Each check fails on its stub and passes on its solution, and the page shows every exercise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use exercises::*;

/// What solves each exercise, apart from the files that the reader opens.
#[path = "../src/solutions/mod.rs"]
mod solutions;

/// Name, check of the stub, check of the solution: for each module and its stub.
macro_rules! exercises {
    ($($module:ident::$stub:ident),*) => {
        [$((
            stringify!($module),
            $module::check($module::$stub),
            $module::check(solutions::$module::solution),
        )),*]
    };
}

fn all() -> [(&'static str, Check, Check); 16] {
    exercises![
        logits::logits,
        jacobian::jacobian,
        gradients::gradients,
        loss::loss,
        differences::differences,
        dual::softmax,
        test_point::test_point,
        batch::gradients,
        standardise::standardise,
        hidden::gradients,
        temperature::temperature,
        newton::newton,
        stable::softmax,
        product::backward,
        confusion::confusion,
        halving::step
    ]
}

#[test]
fn stubs_fail_and_solutions_pass() {
    for (name, stub, solution) in all() {
        assert!(stub.is_err(), "{name}: the check passes on the stub");
        assert!(solution.is_ok(), "{name}: {solution:?}");
    }
}

#[test]
fn every_file_is_tried() -> std::io::Result<()> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(sources)? {
        let name = entry?.file_name().to_string_lossy().replace(".rs", "");
        files.insert(name);
    }
    let beside = ["lib", "compare", "solutions"].map(String::from);
    let tried = all().map(|(name, ..)| name.to_owned());
    assert_eq!(files, tried.into_iter().chain(beside).collect());
    Ok(())
}

/// A file of the book.
fn page(name: &str) -> std::io::Result<String> {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../book")
            .join(name),
    )
}

/// The parts of files that a page shows.
fn shown<'a>(page: &'a str, folder: &str) -> Vec<&'a str> {
    let prefix = format!("course/exercises/{folder}/");
    let includes = page
        .lines()
        .filter_map(|line| line.strip_prefix("{{#include "));
    let parts = includes.filter_map(|rest| rest.strip_suffix("}}"));
    parts
        .filter_map(|part| part.split_once(&prefix))
        .map(|(_, part)| part)
        .collect()
}

/// In the order of this file: stub and check on one page, the solution on another.
#[test]
fn the_pages_show_every_exercise() -> std::io::Result<()> {
    let expected = all().map(|(name, ..)| {
        ["stub", "check"].map(|part| format!("{name}.rs:{part}"))
    });
    let asking = page("exercises.md")? + &page("exercises/further.md")?;
    assert_eq!(shown(&asking, "src"), expected.concat());
    let expected = all().map(|(name, ..)| format!("{name}.rs:solution"));
    assert_eq!(
        shown(&page("exercises/solutions.md")?, "src/solutions"),
        expected
    );
    Ok(())
}

/// A line of the table: `[1. Title](#1-title) | [Page](page.md) | with | level | minutes | points`.
struct Row {
    title: String,
    link: String,
    page: String,
    with: String,
    minutes: u32,
    points: u32,
}

impl Row {
    fn read(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.strip_prefix("| [")?.split(" | ").collect();
        let [exercise, page, with, _level, minutes, points] = cells[..] else {
            return None;
        };
        let (title, link) = exercise.split_once("](")?;
        let (_, page) = page.split_once("](")?;
        Some(Self {
            title: title.to_owned(),
            link: link.trim_end_matches(')').to_owned(),
            page: page.trim_end_matches(')').to_owned(),
            with: with.to_owned(),
            minutes: minutes.parse().ok()?,
            points: points.trim_end_matches(" |").parse().ok()?,
        })
    }
}

/// The exercises of a page, each with its heading and what stands below it.
fn sections<'a>(page: &'a str, level: &str) -> Vec<(&'a str, &'a str)> {
    let mark = format!("\n{level} ");
    let parts = page.split(mark.as_str()).skip(1);
    let parts = parts.filter_map(|part| part.split_once('\n'));
    parts
        .filter(|(title, _)| title.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

/// The pages that ask, with the level of their headings; those that only a person can mark come last.
const ASKING: [(&str, &str); 3] = [
    ("exercises.md", "###"),
    ("exercises/further.md", "##"),
    ("exercises/experiments.md", "##"),
];

/// The table lists what the pages hold, in their order, with minutes, points and the page that an
/// exercise belongs to. Each has a hint where it stands, and its solution elsewhere.
#[test]
fn the_table_lists_every_exercise() -> std::io::Result<()> {
    let pages = [page(ASKING[0].0)?, page(ASKING[1].0)?, page(ASKING[2].0)?];
    let asked = ASKING.iter().zip(&pages);
    let asked = asked.flat_map(|((file, level), page)| {
        let sections = sections(page, level).into_iter();
        sections.map(move |(title, text)| (*file, title, text))
    });
    let asked: Vec<(&str, &str, &str)> = asked.collect();
    let titles: Vec<&str> = asked.iter().map(|(_, title, _)| *title).collect();
    let solutions = page("exercises/solutions.md")?;
    let solved = sections(&solutions, "##").into_iter();
    let solved: Vec<&str> = solved.map(|(title, _)| title).collect();
    let rows: Vec<Row> = pages[0].lines().filter_map(Row::read).collect();
    let listed: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(listed, titles);
    assert_eq!(solved, titles);
    assert!(titles.len() >= 30);

    let summary = page("SUMMARY.md")?;
    for (row, (number, (file, title, text))) in rows.iter().zip((1..).zip(asked)) {
        assert!(
            title.starts_with(&format!("{number}. ")),
            "{title}: its number"
        );
        let anchor = title
            .to_lowercase()
            .replace(['.', ','], "")
            .replace(' ', "-");
        let file_in_link = if file == ASKING[0].0 { "" } else { file };
        assert_eq!(
            row.link,
            format!("{file_in_link}#{anchor}"),
            "{title}: its link"
        );
        let belongs = summary.contains(&format!("({})", row.page));
        assert!(belongs, "{title}: no page {}", row.page);
        let (minutes, points) = (row.minutes, row.points);
        assert!((5..=120).contains(&minutes), "{title}: {minutes} minutes");
        assert!((1..=10).contains(&points), "{title}: {points} points");
        assert!(text.contains("<summary>Hint</summary>"), "{title}: no hint");
        let solution = text.contains("<summary>Solution");
        assert!(!solution, "{title}: a solution beside the exercise");
        let rubric = text.contains("\nThe measurement has 3 points with: ");
        let with = match (text.contains("<summary>Test</summary>"), rubric) {
            (true, _) => "code",
            (false, true) => "experiment",
            (false, false) => "pencil",
        };
        assert_eq!(row.with, with, "{title}");
        assert_eq!(rubric, file == ASKING[2].0, "{title}: its rubric");
    }
    let experiments = rows.iter().filter(|row| row.with == "experiment");
    assert!(experiments.count() >= 4);
    Ok(())
}
