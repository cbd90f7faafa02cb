//! A pencil works through the keys: each line is read as it stands on paper, its numbers are put
//! together as its signs say, and what comes out is what is printed behind the last equals sign.

use std::error::Error;

use worksheet::Kind;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A number, or a matrix by rows.
#[derive(Debug, Clone, PartialEq)]
struct Value {
    columns: usize,
    entries: Vec<f64>,
}

impl Value {
    fn number(number: f64) -> Self {
        Self {
            columns: 1,
            entries: vec![number],
        }
    }

    fn map(&self, of: impl Fn(f64) -> f64) -> Self {
        Self {
            columns: self.columns,
            entries: self.entries.iter().map(|one| of(*one)).collect(),
        }
    }

    fn plus(&self, other: &Self) -> Self {
        assert_eq!(
            (self.columns, self.entries.len()),
            (other.columns, other.entries.len())
        );
        let sums = self.entries.iter().zip(&other.entries).map(|(a, b)| a + b);
        Self {
            columns: self.columns,
            entries: sums.collect(),
        }
    }

    /// Of numbers, of a number and a matrix, of a column and a row.
    fn times(&self, other: &Self) -> Self {
        match (&self.entries[..], &other.entries[..]) {
            ([a], _) => other.map(|b| a * b),
            (_, [b]) => self.map(|a| a * b),
            (column, row) => {
                assert_eq!(
                    (self.columns, other.columns),
                    (1, row.len()),
                    "a column times a row"
                );
                let entries = column.iter().flat_map(|a| row.iter().map(move |b| a * b));
                Self {
                    columns: row.len(),
                    entries: entries.collect(),
                }
            }
        }
    }
}

/// The signs of a member, in the order of the page: texts, and the tags of fractions and matrices.
fn signs(mathml: &str) -> Vec<String> {
    let mut text = mathml.replace("</mrow><mrow>", "<over>");
    for layout in ["<mrow>", "</mrow>", "<mspace width=\"0.17em\"></mspace>"] {
        text = text.replace(layout, "");
    }
    let mut signs = Vec::new();
    for piece in text.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split(' ').next().unwrap_or_default();
        match name {
            "mn" | "mo" | "mi" => signs.push(rest.to_owned()),
            "/mn" | "/mo" | "/mi" => {}
            _ => signs.push(format!("<{name}>")),
        }
    }
    signs
}

struct Pencil {
    signs: Vec<String>,
    at: usize,
}

impl Pencil {
    fn next_is(&self, sign: &str) -> bool {
        self.signs.get(self.at).is_some_and(|one| one == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.next_is(sign);
        self.at += usize::from(found);
        found
    }

    #[track_caller]
    fn demand(&mut self, sign: &str) {
        assert!(
            self.take(sign),
            "expected {sign} at {} of {:?}",
            self.at,
            self.signs
        );
    }

    fn sum(&mut self) -> Value {
        let minus = self.take("−");
        let first = self.product();
        let mut sum = if minus { first.map(|one| -one) } else { first };
        loop {
            if self.take("+") {
                sum = sum.plus(&self.product());
            } else if self.take("−") {
                sum = sum.plus(&self.product().map(|one| -one));
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> Value {
        let mut product = self.factor();
        while self.take("·") || self.next_is("<mtable>") {
            product = product.times(&self.factor());
        }
        product
    }

    fn factor(&mut self) -> Value {
        if self.take("exp") {
            return self.factor().map(f64::exp);
        }
        if self.take("log") {
            return self.factor().map(f64::ln);
        }
        if self.take("(") {
            let inner = self.sum();
            self.demand(")");
            return inner;
        }
        if self.take("<mfrac>") {
            let above = self.sum();
            self.demand("<over>");
            let below = self.sum();
            self.demand("</mfrac>");
            return above.times(&below.map(|one| 1.0 / one));
        }
        if self.take("<mtable>") {
            return self.matrix();
        }
        let number = self.signs[self.at].replace('−', "-");
        self.at += 1;
        Value::number(number.parse().unwrap_or(f64::NAN))
    }

    fn matrix(&mut self) -> Value {
        let (mut entries, mut rows) = (Vec::new(), 0);
        while self.take("<mtr>") {
            rows += 1;
            while self.take("<mtd>") {
                entries.extend(self.sum().entries);
                self.demand("</mtd>");
            }
            self.demand("</mtr>");
        }
        self.demand("</mtable>");
        Value {
            columns: entries.len() / rows,
            entries,
        }
    }
}

/// What a member comes to.
fn worked_out(mathml: &str) -> Value {
    let mut pencil = Pencil {
        signs: signs(mathml),
        at: 0,
    };
    let value = pencil.sum();
    assert_eq!(pencil.at, pencil.signs.len(), "{mathml}");
    value
}

/// The members of the lines of a sheet, behind the first equals sign.
fn members(html: &str) -> Vec<Vec<&str>> {
    let lines = html.split("<p class=\"line").skip(1);
    let lines = lines.filter_map(|line| line.split_once("</p>"));
    let member = |piece: &&str| piece.starts_with("<mo form=\"infix\">=</mo>");
    lines
        .map(|(line, _)| {
            let pieces = line.split("<math displaystyle=\"true\">").filter(member);
            let pieces = pieces.map(|piece| piece.trim_start_matches("<mo form=\"infix\">=</mo>"));
            pieces
                .map(|piece| piece.trim_end_matches("</math>"))
                .collect()
        })
        .collect()
}

/// The numbers of a value as they are printed with so many decimals; a zero has no sign.
fn printed(value: &Value, decimals: usize) -> Vec<String> {
    let text = |one: &f64| match format!("{one:.decimals$}") {
        text if text.bytes().all(|byte| b"-.0".contains(&byte)) => text.replace('-', ""),
        text => text,
    };
    value.entries.iter().map(text).collect()
}

/// The decimals of the first number of a member.
fn decimals(mathml: &str) -> usize {
    let signs = signs(mathml);
    let number = signs.iter().find_map(|sign| sign.split_once('.'));
    number.map_or(0, |(_, decimals)| decimals.len())
}

#[test]
fn a_pencil_arrives_at_the_printed_digits_of_a_thousand_keys() -> Result<()> {
    for seed in 0..1_000 {
        let key = Kind::Network.sheet(seed)?.key;
        let lines = members(&key);
        // What is given, and the thirteen lines.
        assert_eq!(lines.len(), 5 + 13);
        for line in &lines {
            let result = line.last().ok_or("a line without a result")?;
            let decimals = decimals(result);
            let expected = printed(&worked_out(result), decimals);
            for member in line {
                assert_eq!(
                    printed(&worked_out(member), decimals),
                    expected,
                    "{seed}: {member}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn of_a_sheet_with_a_wrong_line_a_pencil_finds_that_line_alone() -> Result<()> {
    for seed in 0..1_000 {
        let sheet = Kind::WrongLine.sheet(seed)?;
        let steps: Vec<&str> = sheet.task.split("<li>").skip(1).collect();
        assert_eq!(steps.len(), 9);
        let mut wrong = Vec::new();
        for (step, letter) in steps.iter().zip('A'..) {
            let is_wrong = members(step).iter().any(|line| {
                let Some(result) = line.last() else {
                    return true;
                };
                let decimals = decimals(result);
                let expected = printed(&worked_out(result), decimals);
                line.iter()
                    .any(|member| printed(&worked_out(member), decimals) != expected)
            });
            if is_wrong {
                wrong.push(letter);
            }
        }
        let named = sheet
            .key
            .split_once("The wrong line is ")
            .and_then(|(_, rest)| rest.chars().next());
        let named = named.ok_or("the key names no line")?;
        assert_eq!(wrong, [named], "{seed}");
    }
    Ok(())
}
