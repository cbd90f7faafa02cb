//! The templates are what the book's equations, its table of symbols and the crate `plots` write.
//! `UPDATE_EXPECT=1` writes them anew.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use formula::{Book, Line};
use plots::Graph;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The equations of a sheet, in the order in which one computes.
const EQUATIONS: [&str; 9] = [
    "4.2", "4.4", "4.6", "4.8", "4.18", "4.20", "4.22", "4.27", "4.29",
];

/// What `formula` calls a quantity, and what a template does.
const NAMES: [(&str, &str); 13] = [
    (r"\vx#", "x"),
    (r"\vy#", "y"),
    (r"\mW#", "w"),
    (r"\vb#", "b"),
    (r"\eta#0", "rate"),
    (r"\vtheta#", "theta"),
    (r"\Sigma#0", "sum"),
    (r"\vyhat#", "y_hat"),
    ("J#0", "loss"),
    (r"\vdelta#", "delta"),
    (r"\nabla_{\mW} J#", "d_w"),
    (r"\nabla_{\vb} J#", "d_b"),
    (r"\mW'#", "next_w"),
];

/// The name of a place in a template.
fn name(place: &str) -> Result<String> {
    let (quantity, style) = match place.rsplit_once(':') {
        Some((quantity, style)) => (quantity, format!(":{style}")),
        None => (place, String::new()),
    };
    let counted = |text: &str| -> Result<usize> { Ok(text.parse::<usize>()? - 1) };
    let found = NAMES.iter().chain(&[(r"\vb'#", "next_b")]);
    let mut found = found.filter_map(|(formula, name)| {
        let index = quantity.strip_prefix(formula)?;
        Some(format!("{name}{index}"))
    });
    let name = if let Some(name) = found.next() {
        name
    } else if let Some(rest) = quantity.strip_prefix(r"\exp(\theta_") {
        format!("exps{}", counted(rest.trim_end_matches(")#0"))?)
    } else if let Some((w, _)) = quantity.split_once(r"} \, x_") {
        let (input, class) = w.trim_start_matches("w_{").split_at(1);
        format!("terms{}", 3 * counted(input)? + counted(class)?)
    } else {
        return Err(format!("a template has no name for `{quantity}`").into());
    };
    Ok(format!("{{{name}{style}}}"))
}

/// A text of `formula` with its places renamed.
fn renamed(text: &str) -> Result<String> {
    let mut written = String::new();
    for (index, piece) in text.split(['⟦', '⟧']).enumerate() {
        match index % 2 {
            0 => written += piece,
            _ => written += &name(piece)?,
        }
    }
    Ok(written)
}

fn book() -> Result<Book> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book");
    Book::read(&folder).map_err(|problem| problem.to_string().into())
}

/// Compares a template with what it should be, or writes it.
fn expect(file: &str, expected: &str) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    if env::var_os("UPDATE_EXPECT").is_some() {
        return Ok(fs::write(&path, expected)?);
    }
    let found = fs::read_to_string(&path)?.replace('\r', "");
    let differs = found.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert!(
        found == expected,
        "{file} is not what is written now; UPDATE_EXPECT=1 writes it. {differs:?}"
    );
    Ok(())
}

fn row(line: &Line) -> Result<String> {
    let terms = line.terms.as_deref().unwrap_or_default();
    let parts = [&line.left, &line.symbols, &line.put, terms, &line.result];
    let parts = parts.map(renamed).into_iter().collect::<Result<Vec<_>>>()?;
    Ok(format!("{}\t{}\n", line.tag, parts.join("\t")))
}

#[test]
fn the_lines_are_those_of_the_equations() -> Result<()> {
    let book = book()?;
    let lines = book
        .lines(&EQUATIONS)
        .map_err(|problem| problem.to_string())?;
    let text = lines.iter().map(row).collect::<Result<String>>()?;
    expect("lines.tsv", &text)
}

#[test]
fn the_letters_and_the_jacobian_are_those_of_the_book() -> Result<()> {
    let book = book()?;
    let mut text = String::new();
    for tex in [r"\vx", r"\mW", r"\vb", r"\vy", r"\eta", r"\vyhat"] {
        text += &book.mathml(tex).map_err(|problem| problem.to_string())?;
        text.push('\n');
    }
    let jacobian = book
        .lines(&["4.14"])
        .map_err(|problem| problem.to_string())?;
    for line in &jacobian {
        text += &format!("{}\n{}\n", line.left, line.symbols);
    }
    expect("letters.txt", &text)
}

/// The symbols whose shapes are asked for.
const SHAPED: [&str; 12] = [
    r"\vx",
    r"\mW",
    r"\vb",
    r"\vyhat",
    "J",
    r"\vdelta",
    r"\mathbf{X}",
    r"\mathbf{\Theta}",
    r"\nabla_{\mW} J",
    r"\partial J / \partial \vyhat",
    r"\partial \vyhat / \partial \vtheta",
    r"\partial \vtheta / \partial \vx",
];

#[test]
fn the_shapes_are_those_of_the_table() -> Result<()> {
    let book = book()?;
    let mut text = String::new();
    for tex in SHAPED {
        let rows = book.table.symbol.iter().chain(&book.table.derivative);
        let row = rows.into_iter().find(|row| row.tex == tex);
        let row = row.ok_or_else(|| format!("the table has no `{tex}`"))?;
        let read = match tex.split_once(" / ") {
            Some((of, by)) => {
                let bare = |part: &str| part.replace(r"\partial ", "");
                format!(r"\pd{{{}}}{{{}}}", bare(of), bare(by))
            }
            None => tex.to_owned(),
        };
        let symbol = book.mathml(&read).map_err(|problem| problem.to_string())?;
        text += &format!("{symbol}\t{}\n", row.shape.join(" "));
    }
    expect("shapes.tsv", &text)
}

#[test]
fn the_graph_is_drawn_by_plots() -> Result<()> {
    let one = |place: &str| [format!("{{{place}}}")];
    let description = "Each logit enters an exponential, the three exponentials a sum, the sum a logarithm. The logit of the true class also leads to a difference, which takes it from the logarithm and gives the loss J. Values stand above the lines, gradients below them.";
    let mut graph = Graph::new(
        "worksheet-graph",
        "The loss from the logits, as a graph",
        description,
    )
    .value("{m0}", (0.0, 0.0))
    .value("{m1}", (0.0, 1.6))
    .value("{m2}", (0.0, 3.9))
    .operation("exp 0", "exp", (1.1, 0.0))
    .operation("exp 1", "exp", (1.1, 1.6))
    .operation("exp 2", "exp", (1.1, 3.2))
    .operation("plus", "+", (2.7, 1.6))
    .operation("log", "log", (3.8, 1.8))
    .operation("minus", "−", (5.2, 3.9))
    .value("J", (6.2, 3.9));
    for k in 0..3 {
        let exp = format!("exp {k}");
        graph = graph
            .edge(
                &format!("{{m{k}}}"),
                &exp,
                &one(&format!("theta{k}")),
                &one(&format!("back{k}")),
            )
            .edge(
                &exp,
                "plus",
                &one(&format!("exps{k}")),
                &one(&format!("over{k}")),
            );
    }
    let graph = graph
        .edge("plus", "log", &one("sum"), &one("over_s"))
        .edge("log", "minus", &one("logsum"), &one("back_l"))
        .edge("{m2}", "minus", &one("theta_t"), &one("back_t"))
        .edge("minus", "J", &one("loss"), &one("back_j"));
    expect("graph.svg", &graph.svg()?)
}
