//! What grading writes: a table, and for each student a page, a file for machines and Gradescope's.

use std::fs;
use std::path::{Path, PathBuf};

use report::{Line, Report};
use serde_json::{Value, json};

use super::Result;

/// Writes all of it below a folder; the table is the answer.
pub fn write(out: &Path, reports: &[Report]) -> Result<PathBuf> {
    for report in reports {
        let folder = out.join(&report.title);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("report.html"), report.page())?;
        fs::write(folder.join("report.json"), report.json()?)?;
        let results = serde_json::to_string_pretty(&gradescope(report))? + "\n";
        fs::write(folder.join("results.json"), results)?;
    }
    let path = out.join("grades.csv");
    let mut table = csv::Writer::from_path(&path)?;
    if let Some(report) = reports.first() {
        table.write_record(head(report))?;
    }
    for report in reports {
        table.write_record(row(report))?;
    }
    table.flush()?;
    Ok(path)
}

fn head(report: &Report) -> Vec<String> {
    let fixed = ["student", "points", "of"].map(str::to_owned);
    let graded = report.lines.iter().map(|line| line.title.clone());
    let by_hand = report.by_hand.iter().map(|exercise| exercise.title.clone());
    fixed.into_iter().chain(graded).chain(by_hand).collect()
}

/// The places of what is marked by hand are empty.
fn row(report: &Report) -> Vec<String> {
    let fixed = [
        report.title.clone(),
        report.points().to_string(),
        report.of().to_string(),
    ];
    let graded = report.lines.iter().map(|line| line.points().to_string());
    let by_hand = report.by_hand.iter().map(|_| String::new());
    fixed.into_iter().chain(graded).chain(by_hand).collect()
}

/// The report as Gradescope's `results.json`, of the page *Autograder Specifications*.
fn gradescope(report: &Report) -> Value {
    let by_hand = report
        .by_hand
        .iter()
        .map(|exercise| exercise.title.as_str());
    let by_hand: Vec<&str> = by_hand.collect();
    let output = match by_hand.is_empty() {
        true => String::new(),
        false => format!("Marked by hand: {}", by_hand.join("; ")),
    };
    json!({
        "score": report.points(),
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "tests": report.lines.iter().map(test).collect::<Vec<_>>(),
    })
}

fn test(line: &Line) -> Value {
    let printed = match line.printed.trim_end() {
        "" => String::new(),
        text => format!("\n\nWhat it printed:\n{text}"),
    };
    json!({
        "name": line.title,
        "score": line.points(),
        "max_score": line.of,
        "status": if line.message.is_none() { "passed" } else { "failed" },
        "output": line.message.as_deref().unwrap_or("done").to_owned() + &printed,
        "visibility": "visible",
    })
}
