//! A file of comma-separated values: what is read from it, or the line where it is wrong.

#![no_main]

use std::io::{self, Read};

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use softmax_backprop::Error;
use softmax_backprop::dataset::{Dataset, Standardisation};
use softmax_backprop_fuzz::{finite, found, message, near};

/// What a file is put together from, beside bytes of any kind.
const PARTS: [&str; 24] = [
    "1",
    "-2.5",
    "3e2",
    "0.1",
    "NA",
    "nan",
    "inf",
    "1e999",
    "a",
    "b",
    "c",
    ",",
    ",",
    ",a\n",
    ",b\n",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "\"\"",
    " ",
    "1,2,a\n",
    "3,4,b\r\n",
    "x",
];

struct Input {
    file: Vec<u8>,
    held_out: usize,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?}, held out: {}",
            String::from_utf8_lossy(&self.file),
            self.held_out
        )
    }
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let held_out = u.int_in_range(0..=8)?;
        let header = u.choose(&["x,y,k\n", "k,x,y\r\n", "\n\nx,k,y,z\n", ""])?;
        let mut file = header.as_bytes().to_vec();
        if u.arbitrary()? {
            file.extend(u.bytes(u.len())?);
            return Ok(Self { file, held_out });
        }
        while !u.is_empty() {
            file.extend(u.choose(&PARTS)?.as_bytes());
        }
        Ok(Self { file, held_out })
    }
}

/// Gives one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let one = buffer.len().min(1);
        self.0.read(&mut buffer[..one])
    }
}

fn read(file: &[u8]) -> softmax_backprop::Result<Dataset> {
    Dataset::read(file, &["x", "y"], "k", &["a", "b", "c"])
}

fuzz_target!(|input: Input| {
    let result = read(&input.file);
    let slowly = Dataset::read(Slow(&input.file), &["x", "y"], "k", &["a", "b", "c"]);
    // A number that is none may be part of an error.
    assert_eq!(format!("{result:?}"), format!("{slowly:?}"));
    other_line_ends(&input.file, &result);
    let lines = lines(&input.file);
    match &result {
        Ok(dataset) => {
            examples(dataset, &input.file, &lines);
            batches(dataset, input.held_out);
        }
        Err(error) => refused(error, &input.file, &lines),
    }
});

/// The lines as an editor shows them.
fn lines(file: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(file).replace("\r\n", "\n");
    text.split(['\n', '\r']).map(str::to_owned).collect()
}

/// Where no field is in quotes each line is one record.
fn is_quoted(file: &[u8]) -> bool {
    file.contains(&b'"')
}

/// The same file with `\r\n` for `\n`, and with an empty line before each, is read alike.
fn other_line_ends(file: &[u8], result: &softmax_backprop::Result<Dataset>) {
    if is_quoted(file) || file.contains(&b'\r') {
        return;
    }
    let with = |end: &[u8]| {
        file.split(|byte| *byte == b'\n')
            .collect::<Vec<_>>()
            .join(end)
    };
    assert_eq!(&read(&with(b"\r\n")), result);
    assert_eq!(&read(&with(b"\r")), result);
    let Ok(dataset) = result else { return };
    let spaced = read(&with(b"\n\n")).expect("what is read without empty lines");
    assert_eq!((&spaced.x, &spaced.labels), (&dataset.x, &dataset.labels));
    let moved: Vec<u64> = dataset.skipped.iter().map(|line| 2 * line - 1).collect();
    assert_eq!(spaced.skipped, moved);
}

/// As many examples as rows that are not left out, each with its numbers and its class.
fn examples(dataset: &Dataset, file: &[u8], lines: &[String]) {
    assert_eq!(dataset.x.dim(), (dataset.labels.len(), 2));
    assert!(finite(&dataset.x));
    assert!(dataset.labels.iter().all(|label| *label < 3));
    assert!(
        dataset
            .labels
            .iter()
            .any(|label| *label != dataset.labels[0])
    );
    assert_eq!(dataset.classes, ["a", "b", "c"]);
    assert!(dataset.skipped.is_sorted_by(|one, next| one < next));
    if is_quoted(file) {
        return;
    }
    // The reader leaves out a mark of the encoding at the beginning.
    let mut records = (1..).zip(lines).filter(|(_, line)| !line.is_empty());
    let header = records
        .next()
        .expect("a header")
        .1
        .trim_start_matches('\u{feff}');
    let place = |name| {
        header
            .split(',')
            .position(|field| field == name)
            .expect("a column")
    };
    let (x, y, k) = (place("x"), place("y"), place("k"));
    let mut skipped = Vec::new();
    let mut examples = dataset.x.outer_iter().zip(&dataset.labels);
    for (line, record) in records {
        let fields: Vec<&str> = record.split(',').collect();
        if [x, y].iter().any(|at| ["", "NA"].contains(&fields[*at])) {
            skipped.push(line);
            continue;
        }
        let (row, label) = examples.next().expect("an example for each line");
        assert_eq!(fields[x].parse(), Ok(row[0]));
        assert_eq!(fields[y].parse(), Ok(row[1]));
        assert_eq!(fields[k], dataset.classes[*label]);
    }
    assert!(examples.next().is_none());
    assert_eq!(dataset.skipped, skipped);
}

/// The line of an error is one of the file, and what it complains of stands there.
fn refused(error: &Error, file: &[u8], lines: &[String]) {
    message(error);
    let (line, field) = match error {
        Error::NotANumber { line, found, .. } | Error::UnknownClass { line, found, .. } => {
            (*line, found.as_str())
        }
        Error::Csv { line, .. } => (*line, ""),
        Error::MissingColumn { column, found } => return assert!(!found.contains(column)),
        Error::Empty { what: "rows" } | Error::OneClass { .. } => return,
        other => panic!("{other}"),
    };
    let at = usize::try_from(line).expect("a line") - 1;
    let text = lines.get(at).expect("a line of the file");
    if !is_quoted(file) {
        assert!(text.contains(field), "line {line} of {lines:?}: {field:?}");
        assert!(!text.is_empty(), "line {line} of {lines:?}");
    }
}

/// The parts hold what the whole holds, and standardised inputs have mean 0 and deviation 1.
fn batches(dataset: &Dataset, held_out: usize) {
    let split = |seed| dataset.split(held_out, &mut ChaCha8Rng::seed_from_u64(seed));
    let examples = dataset.labels.len();
    if let Some((train, test)) = found(split(1)) {
        assert_eq!(
            (train.labels.len(), test.labels.len()),
            (examples - held_out, held_out)
        );
        let rows = |part: &Dataset| {
            let rows = part.x.outer_iter().zip(&part.labels);
            rows.map(|(row, label)| format!("{row} {label}"))
                .collect::<Vec<_>>()
        };
        let mut parts = [rows(&train), rows(&test)].concat();
        let mut whole = rows(dataset);
        parts.sort();
        whole.sort();
        assert_eq!(parts, whole);
        assert_eq!(split(1), Ok((train, test)));
    } else {
        assert!(held_out == 0 || held_out >= examples);
    }
    let Some(standardisation) = found(Standardisation::of(&dataset.x)) else {
        return;
    };
    let batch = found(dataset.batch(&standardisation)).expect("what it was taken of");
    assert_eq!((batch.len(), batch.classes()), (examples, 3));
    for column in batch.x().columns() {
        near("mean", column.sum() / examples as f64, 0.0, 1e-12);
    }
    for (row, label) in batch.y().outer_iter().zip(&dataset.labels) {
        assert_eq!((row[*label], row.sum()), (1.0, 1.0));
    }
}
