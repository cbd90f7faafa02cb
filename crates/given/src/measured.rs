//! How fast the crate and its peers were on one machine, as `benches/peers/measured.txt` holds what
//! `speed` printed there, for the page *How fast?*.

use std::fs;

use plots::{Axis, Figure};

use crate::not_given::NotGiven;

const MEASURED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../benches/peers/measured.txt"
);

/// What was measured: tables below their titles, and what was said before them.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The machine: the first line.
    pub machine: String,
    tables: Vec<Table>,
}

/// One table. A cell is what was printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    title: String,
    /// What stands above the columns; the first is that of the names of the rows.
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Reads the file.
///
/// # Errors
///
/// Where it cannot be read, or is not what `speed` prints.
pub fn measured() -> Result<Measured, NotGiven> {
    let read = fs::read_to_string(MEASURED);
    parse(&read.map_err(|error| NotGiven::Read {
        path: MEASURED,
        error,
    })?)
}

fn parse(text: &str) -> Result<Measured, NotGiven> {
    let wrong = |line: &str| NotGiven::Measured(line.to_owned());
    let mut lines = text.lines();
    let machine = lines.next().filter(|line| line.starts_with("Measured on "));
    let machine = machine.ok_or_else(|| wrong("the first line"))?.to_owned();
    let mut tables: Vec<Table> = Vec::new();
    let mut title = "";
    for line in lines {
        let Some(cells) = line
            .strip_prefix("| ")
            .and_then(|line| line.strip_suffix(" |"))
        else {
            if line.ends_with(':') {
                title = line;
            }
            continue;
        };
        let cells: Vec<String> = cells.split(" | ").map(str::to_owned).collect();
        match tables.last_mut() {
            Some(table) if title.is_empty() && table.head.len() == cells.len() => {
                table.rows.push(cells);
            }
            _ if !title.is_empty() => tables.push(Table {
                title: std::mem::take(&mut title).to_owned(),
                head: cells,
                rows: Vec::new(),
            }),
            _ => return Err(wrong(line)),
        }
    }
    Ok(Measured { machine, tables })
}

impl Measured {
    /// The table whose title begins so.
    ///
    /// # Errors
    ///
    /// Where there is none, or more than one.
    pub fn table(&self, title: &str) -> Result<&Table, NotGiven> {
        let mut found = self
            .tables
            .iter()
            .filter(|table| table.title.starts_with(title));
        match (found.next(), found.next()) {
            (Some(table), None) => Ok(table),
            _ => Err(NotGiven::Measured(title.to_owned())),
        }
    }
}

impl Table {
    /// Some of its columns in Markdown, the first of them with the names of the rows.
    ///
    /// # Errors
    ///
    /// Where there is no such column.
    pub fn markdown(&self, columns: &[&str]) -> Result<String, NotGiven> {
        let places = columns.iter().map(|name| self.place(name));
        let places: Vec<usize> = places.collect::<Result<_, _>>()?;
        let row = |cells: &[String]| {
            let cells: Vec<&str> = places.iter().map(|at| cells[*at].as_str()).collect();
            format!("| {} |\n", cells.join(" | "))
                .replace('-', "−")
                .replace(" × ", "\u{a0}×\u{a0}")
        };
        let line = format!("|---|{}\n", "---:|".repeat(places.len() - 1));
        Ok(row(&self.head) + &line + &self.rows.iter().map(|cells| row(cells)).collect::<String>())
    }

    /// The numbers of a column.
    ///
    /// # Errors
    ///
    /// Where there is no such column, or a cell is not a number.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, NotGiven> {
        let at = self.place(column)?;
        let numbers = self.rows.iter().map(|cells| {
            let number = cells[at].parse();
            number.map_err(|_| NotGiven::Measured(cells[at].clone()))
        });
        numbers.collect()
    }

    fn place(&self, column: &str) -> Result<usize, NotGiven> {
        let place = self.head.iter().position(|name| name == column);
        place.ok_or_else(|| NotGiven::Measured(column.to_owned()))
    }
}

impl Measured {
    /// What a column of the table of growth has for 100 classes, by the number of examples.
    ///
    /// # Errors
    ///
    /// Where there is no such column.
    pub fn by_examples(&self, column: &str) -> Result<Vec<(f64, f64)>, NotGiven> {
        self.growth(column, 0, [1e2, 1e3, 1e4, 1e5])
    }

    /// What it has for 256 examples, by the number of classes.
    ///
    /// # Errors
    ///
    /// Where there is no such column.
    pub fn by_classes(&self, column: &str) -> Result<Vec<(f64, f64)>, NotGiven> {
        self.growth(column, 4, [1e1, 1e2, 1e3, 1e4])
    }

    fn growth(
        &self,
        column: &str,
        from: usize,
        sizes: [f64; 4],
    ) -> Result<Vec<(f64, f64)>, NotGiven> {
        let numbers = self
            .table("The whole layer, 64 inputs, f64: time")?
            .numbers(column)?;
        Ok(sizes
            .into_iter()
            .zip(numbers.into_iter().skip(from))
            .collect())
    }

    /// The time by the number of examples, of the crate and of two others.
    ///
    /// # Errors
    ///
    /// Where it was not measured.
    pub fn figure(&self) -> Result<Figure, NotGiven> {
        let (x, y) = (
            Axis::logarithmic("examples"),
            Axis::logarithmic("milliseconds"),
        );
        let figure = Figure::new(
            "time-by-examples",
            "Time by examples",
            "Two logarithmic axes, examples from 100 to 100,000 and milliseconds: three lines rise side by side with a slope near 1, this crate lowest, then NumPy, then PyTorch.",
            x,
            y,
        );
        Ok(figure
            .line("this crate", &self.by_examples("crate, ms")?)
            .line("NumPy", &self.by_examples("numpy, ms")?)
            .line("PyTorch", &self.by_examples("torch, ms")?))
    }

    /// What part of the time of the layer its rows take alone, in `f64`, at one size.
    ///
    /// # Errors
    ///
    /// Where it was not measured.
    pub fn part_of_rows(&self, size: &str) -> Result<f64, NotGiven> {
        let of = |title: &str| -> Result<f64, NotGiven> {
            let table = self.table(title)?;
            let row = table.rows.iter().position(|cells| cells[0] == size);
            let row = row.ok_or_else(|| NotGiven::Measured(size.to_owned()))?;
            Ok(table.numbers("crate")?[row])
        };
        Ok(of("The rows alone, from logits, f64")? / of("The whole layer, 64 inputs, f64, m")?)
    }
}

/// The slope of the straight line that lies nearest to points on two logarithmic axes, by least
/// squares: 1 where one quantity is proportional to the other.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let x_mean = logs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let y_mean = logs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let together: f64 = logs.iter().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let alone: f64 = logs.iter().map(|(x, _)| (x - x_mean).powi(2)).sum();
    together / alone
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Measured on a, b.\n\nVersions: c 1.\n\nOne, ms:\n\n| N | crate | c |\n|---|---|---|\n| 1 × 3 | 0.5 | – |\n| 2 × 3 | 1.0 | 2e-3 |\n\nTwo:\n\n| N | d |\n|---|---|\n| x | 1 |\n";

    #[test]
    fn tables_stand_below_their_titles() {
        let measured = parse(TEXT).unwrap();
        assert_eq!(measured.machine, "Measured on a, b.");
        let one = measured.table("One").unwrap();
        assert_eq!(one.numbers("crate").unwrap(), [0.5, 1.0]);
        assert_eq!(
            one.markdown(&["N", "c"]).unwrap(),
            "| N | c |\n|---|---:|\n| 1\u{a0}×\u{a0}3 | – |\n| 2\u{a0}×\u{a0}3 | 2e−3 |\n"
        );
        assert_eq!(measured.table("Two").unwrap().rows.len(), 1);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let measured = parse(TEXT).unwrap();
        assert!(measured.table("Three").is_err() && measured.table("").is_err());
        let one = measured.table("One").unwrap();
        assert!(one.numbers("c").is_err() && one.numbers("d").is_err());
        assert!(one.markdown(&["N", "d"]).is_err());
        assert!(parse(&TEXT.replace("Measured", "Guessed")).is_err());
        assert!(parse(&TEXT.replace("| x | 1 |", "| x | 1 | 2 |")).is_err());
    }

    #[test]
    fn a_power_has_its_exponent_as_slope() {
        let points = [1.0, 3.0, 10.0, 40.0].map(|x: f64| (x, 7.0 * x.powf(1.5)));
        assert!((slope(&points) - 1.5).abs() < 1e-12);
    }
}
