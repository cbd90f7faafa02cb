//! The plans of the lectures: their minutes are those of the slides, and add up.

use mdbook_cells::Problem;

use crate::support::page::Page;

/// How long a lecture is.
const MINUTES: u32 = 90;

/// Minutes, and the name of what takes them.
type Parts = Vec<(u32, String)>;

/// The parts of a lecture, by the headings of its slides: `# Name {minutes=10}`.
fn of_slides(lecture: &Page) -> Parts {
    let headings = lecture.source.text.lines();
    let headings = headings.filter_map(|line| line.strip_prefix("# ")?.split_once(" {minutes="));
    headings
        .filter_map(|(name, rest)| Some((rest.split_once('}')?.0.parse().ok()?, name.to_owned())))
        .collect()
}

/// The parts of each table of a page whose rows begin with minutes and a name: `| 10 | Name | …`,
/// and the line at which the table ends.
fn of_plans(page: &Page) -> Vec<(usize, Parts)> {
    let mut plans = Vec::new();
    let mut open: Parts = Vec::new();
    for (index, line) in page.source.text.lines().enumerate() {
        match part(line) {
            Some(part) => open.push(part),
            None if open.is_empty() => {}
            None => plans.push((index, std::mem::take(&mut open))),
        }
    }
    plans
}

fn part(line: &str) -> Option<(u32, String)> {
    let mut cells = line.strip_prefix("| ")?.split(" | ");
    let minutes = cells.next()?.parse().ok()?;
    let name = cells.next()?;
    let linked = name.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    Some((minutes, linked.map_or(name, |(name, _)| name).to_owned()))
}

/// Checks that each plan is that of a lecture, in their order, and that its minutes add up.
pub fn plans(page: &Page, lectures: &[Page]) -> Vec<Problem> {
    let plans = of_plans(page);
    let mut problems = Vec::new();
    if plans.len() != lectures.len() {
        let message = format!("expected {} plans, found {}", lectures.len(), plans.len());
        problems.push(page.problem(1, message));
    }
    for ((line, plan), lecture) in plans.iter().zip(lectures) {
        let slides = of_slides(lecture);
        if *plan != slides {
            let name = &lecture.name;
            let message = format!("expected the parts of {name}, {slides:?}, found {plan:?}");
            problems.push(page.problem(*line, message));
        }
        let sum: u32 = plan.iter().map(|(minutes, _)| minutes).sum();
        if sum != MINUTES {
            let message = format!("expected {MINUTES} minutes, found {sum}");
            problems.push(page.problem(*line, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

    use super::*;
    use crate::support::{assert_none, lines, summary};
    use crate::{example, root};

    const LECTURE: &str = "# Title\n# A {minutes=60}\n## B {minutes=60}\n# C {minutes=30}\n";

    fn found(plan: &str) -> Vec<String> {
        let page = example("book/plans.md", plan);
        lines(&plans(&page, &[example("slides/one.md", LECTURE)]))
    }

    #[test]
    fn a_plan_is_that_of_its_slides() {
        let plan =
            "| minutes | part | ask |\n|---|---|---|\n| 60 | [A](a.md) | b |\n| 30 | C | |\n\n";
        assert_eq!(found(plan), [""; 0]);
        let expected = "expected the parts of slides/one.md, [(60, \"A\"), (30, \"C\")], found";
        assert_eq!(
            found(&plan.replace("| 30 | C", "| 30 | D")),
            [format!(
                "book/plans.md:4: {expected} [(60, \"A\"), (30, \"D\")]"
            )]
        );
        assert_eq!(
            found(&plan.replace("| 30 | C", "| 40 | C")),
            [
                format!("book/plans.md:4: {expected} [(60, \"A\"), (40, \"C\")]"),
                "book/plans.md:4: expected 90 minutes, found 100".to_owned()
            ]
        );
        assert_eq!(found(""), ["book/plans.md:1: expected 1 plans, found 0"]);
    }

    #[test]
    fn the_plans_of_the_book_are_those_of_its_slides() -> io::Result<()> {
        let folder = "course/slides/lectures";
        let list = fs::read_to_string(root().join(folder).join("SUMMARY.md"))?;
        let lectures: Vec<Page> = summary::parse(&list)
            .iter()
            .map(|entry| entry.page.trim_start_matches("book/").to_owned())
            .map(|file| Page::read(root(), &format!("{folder}/{file}")))
            .collect::<Result<_, _>>()?;
        assert!(!lectures.is_empty(), "there is no lecture");
        assert_none(&plans(
            &Page::read(root(), "book/teaching/plans.md")?,
            &lectures,
        ));
        Ok(())
    }
}
