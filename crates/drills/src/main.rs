//! Asks for one gradient after the other, and compares each answer at once.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use drills::graph::{GRAPHS, Question};
use drills::matrix::{Matrix, words};
use drills::{Drill, gradient};

fn main() -> ExitCode {
    let name = std::env::args().nth(1);
    let asked = name.as_deref().unwrap_or(GRAPHS[0].name);
    let Some(graph) = GRAPHS.iter().find(|graph| graph.name == asked) else {
        let names: Vec<&str> = GRAPHS.iter().map(|graph| graph.name).collect();
        eprintln!("expected one of {}, found {asked}", names.join(", "));
        return ExitCode::FAILURE;
    };
    let drill = match Drill::new(graph) {
        Ok(drill) => drill,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::FAILURE;
        }
    };
    match ask(&drill, &mut io::stdin().lock(), &mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads no more has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Goes through all questions, until each is answered or the input ends.
fn ask(drill: &Drill, input: &mut impl BufRead, out: &mut impl Write) -> io::Result<()> {
    let graph = drill.graph;
    writeln!(out, "{}\n", graph.title)?;
    for (name, _) in graph.given {
        writeln!(out, "{name:>7} is given, {}", shown(drill.value(name)))?;
    }
    for (name, definition) in graph.nodes {
        writeln!(
            out,
            "{name:>7} = {definition}, {}",
            shown(drill.value(name))
        )?;
    }
    writeln!(
        out,
        "\nWrite the gradient of {} by each, in these names and in the gradients before it.\n\
         An empty line shows the answer.",
        graph.nodes[graph.nodes.len() - 1].0
    )?;
    let mut right = 0;
    for question in graph.questions {
        match answered(drill, question, input, out)? {
            Some(true) => right += 1,
            Some(false) => {}
            None => break,
        }
    }
    writeln!(out, "\n{right} of {} by yourself", graph.questions.len())
}

/// Asks until the answer is right; `false` where it was shown, `None` where the input ends.
fn answered(
    drill: &Drill,
    question: &Question,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> io::Result<Option<bool>> {
    let shape = drill.value(question.by).map(|value| words(value.shape()));
    writeln!(
        out,
        "\n{}, {}",
        gradient(question.by),
        shape.unwrap_or_default()
    )?;
    loop {
        write!(out, "> ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            writeln!(out)?;
            return Ok(None);
        }
        if line.trim().is_empty() {
            writeln!(out, "{}\n{}", question.answer, question.reason)?;
            return Ok(Some(false));
        }
        match drill.check(question, line.trim()) {
            Ok(()) => {
                writeln!(out, "right. {}", question.reason)?;
                return Ok(Some(true));
            }
            Err(message) => writeln!(out, "not yet: {message}")?,
        }
    }
}

/// A shape, and the numbers where they fit into a line.
fn shown(value: Option<&Matrix>) -> String {
    let Some(value) = value else {
        return String::new();
    };
    let numbers: Vec<String> = value
        .entries()
        .iter()
        .map(|entry| format!("{entry:.4}"))
        .collect();
    let shape = words(value.shape());
    match numbers.len() {
        0..=6 => format!("{shape}: {}", numbers.join(" ")),
        _ => shape,
    }
}
