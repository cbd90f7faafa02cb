//! The committed modules are the crates: run in an interpreter, they answer as the crates do here.
//! `LAB_WASM`, `WORKSHEET_WASM` and so on name others, such as those that were built anew.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use drills::Drill;
use drills::graph::GRAPHS;
use lab::network::{NUMBERS, Network, VALUES, number};
use missteps::walk::{self, Walk};
use mistakes::checks;
use picture::simplex::{self, Change};
use picture::{Simplex, Surface, surface};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};
use training::data::SPECIES;
use training::drawing;
use training::run::{Options, Run, Task};
use wasmi::{Engine, Instance, Linker, Module, Store, WasmParams, WasmResults};
use worksheet::Kind;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How far two numbers may differ, in parts of the larger.
const TOLERANCE: f64 = 1e-12;

/// The module, with the functions that a page calls.
struct Page {
    store: Store<()>,
    instance: Instance,
}

impl Page {
    fn open() -> Result<Self> {
        Self::of("LAB_WASM", "lab/lab.wasm")
    }

    /// Opens a module of the book, or another that a variable names.
    fn of(variable: &str, module: &str) -> Result<Self> {
        let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book");
        let path = env::var_os(variable).map_or(book.join(module), PathBuf::from);
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let engine = Engine::default();
        let module = Module::new(&engine, bytes)?;
        let mut store = Store::new(&engine, ());
        // It asks for nothing: an import would be missing here.
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
        Ok(Self { store, instance })
    }

    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, parameters: P) -> Result<R> {
        let function = self.instance.get_typed_func::<P, R>(&self.store, name)?;
        Ok(function.call(&mut self.store, parameters)?)
    }

    fn set(&mut self, network: &Network) -> Result<()> {
        for (index, number) in (0_u32..).zip(network.numbers) {
            self.call::<_, ()>("set", (index, number))?;
        }
        Ok(())
    }

    /// Sets a network, then makes a request; returns the text of the error, which is empty where
    /// the request was granted.
    fn ask<P: WasmParams>(&mut self, network: &Network, request: &str, of: P) -> Result<String> {
        self.set(network)?;
        let refused: u32 = self.call(request, of)?;
        let length: u32 = self.call("error_length", ())?;
        assert_eq!(
            refused == 1,
            length > 0,
            "a request is refused with an error"
        );
        let mut bytes = Vec::new();
        for index in 0..length {
            bytes.push(self.call::<u32, u32>("error_byte", index)? as u8);
        }
        Ok(String::from_utf8(bytes)?)
    }

    fn row(&mut self, name: &str, length: usize) -> Result<Vec<f64>> {
        (0..length as u32)
            .map(|index| self.call(name, index))
            .collect()
    }

    fn numbers(&mut self) -> Result<Vec<f64>> {
        self.row("number", NUMBERS)
    }

    fn values(&mut self) -> Result<Vec<f64>> {
        self.row("value", VALUES)
    }
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], network: &Network) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let apart = (found - expected).abs();
        let close = found == expected || apart <= TOLERANCE * found.abs().max(expected.abs());
        assert!(
            close,
            "{index}: expected {expected:e}, found {found:e}, of {network:?}"
        );
    }
}

/// Networks of all sizes: numbers from ±0.001 to ±100, each class, rates from 0.001 to 10.
fn networks() -> impl Iterator<Item = Network> {
    let mut rng = Pcg32::seed_from_u64(20);
    let mut unit = move || f64::from(rng.next_u32()) / f64::from(u32::MAX);
    (0..1000).map(move |index| {
        let scale = 10_f64.powf(5.0 * unit() - 3.0);
        let mut numbers = std::array::from_fn(|_| scale * (2.0 * unit() - 1.0));
        numbers[number::CLASS] = f64::from(index % 3);
        numbers[number::RATE] = 10_f64.powf(4.0 * unit() - 3.0);
        Network { numbers }
    })
}

#[test]
fn a_thousand_networks_have_the_values_of_the_crate() -> Result<()> {
    let mut page = Page::open()?;
    for network in networks() {
        assert_eq!(page.ask(&network, "update", ())?, "");
        assert_eq!(page.numbers()?, network.numbers);
        assert_close(&page.values()?, &network.values()?, &network);
    }
    Ok(())
}

#[test]
fn a_thousand_networks_step_as_in_the_crate() -> Result<()> {
    let mut page = Page::open()?;
    for network in networks() {
        assert_eq!(page.ask(&network, "step", 3_u32)?, "");
        let stepped = network.stepped(3)?;
        assert_close(&page.numbers()?, &stepped.numbers, &network);
    }
    Ok(())
}

#[test]
fn a_seed_draws_what_it_draws_in_the_crate() -> Result<()> {
    let mut page = Page::open()?;
    for seed in [0, 1, 2, u32::MAX] {
        assert_eq!(page.ask(&Network::EXAMPLE, "random", seed)?, "");
        let drawn = Network::EXAMPLE.random(seed)?;
        assert_eq!(page.numbers()?, drawn.numbers);
        assert_ne!(drawn, Network::EXAMPLE);
    }
    Ok(())
}

#[test]
fn what_the_crate_refuses_the_module_refuses_in_its_words() -> Result<()> {
    let mut page = Page::open()?;
    let bad = [
        (
            number::X,
            f64::NAN,
            "x[0]: expected a finite number, found NaN",
        ),
        (
            number::X + 1,
            f64::INFINITY,
            "x[1]: expected a finite number, found inf",
        ),
        (
            number::W + 5,
            f64::NEG_INFINITY,
            "w[1, 2]: expected a finite number, found -inf",
        ),
        (
            number::B + 2,
            f64::NAN,
            "b[2]: expected a finite number, found NaN",
        ),
        (
            number::W,
            f64::MAX,
            "theta[0]: expected a finite number, found inf",
        ),
        (
            number::CLASS,
            3.0,
            "class: expected an index below 3, found 3",
        ),
        (
            number::CLASS,
            -1.0,
            "class: expected a finite number, found NaN",
        ),
        (
            number::CLASS,
            0.5,
            "class: expected a finite number, found NaN",
        ),
        (
            number::CLASS,
            f64::NAN,
            "class: expected a finite number, found NaN",
        ),
        (
            number::RATE,
            0.0,
            "learning rate: expected a finite number above 0, found 0",
        ),
        (
            number::RATE,
            f64::NAN,
            "learning rate: expected a finite number above 0, found NaN",
        ),
    ];
    let mut example = Network::EXAMPLE;
    example.numbers[number::X] = 2.0;
    for (index, found, message) in bad {
        assert_eq!(page.ask(&example, "update", ())?, "");
        let good = page.values()?;
        let mut network = example.clone();
        network.numbers[index] = found;
        for request in ["update", "step"] {
            let said = match request {
                "update" => page.ask(&network, request, ())?,
                _ => page.ask(&network, request, 1_u32)?,
            };
            assert_eq!(said, message);
            assert_eq!(page.values()?, good, "the last good values are kept");
        }
        let here = network.values().err().map(|error| error.to_string());
        assert_eq!(here.as_deref(), Some(message));
    }
    Ok(())
}

/// A part of what the module of the worksheets has drawn.
fn part(page: &mut Page, part: u32) -> Result<String> {
    let length: u32 = page.call("length", part)?;
    let bytes = (0..length).map(|index| Ok(page.call::<_, u32>("byte", (part, index))? as u8));
    Ok(String::from_utf8(bytes.collect::<Result<_>>()?)?)
}

#[test]
fn the_sheets_of_the_page_are_those_of_the_command() -> Result<()> {
    let mut page = Page::of("WORKSHEET_WASM", "worksheet/worksheet.wasm")?;
    for (number, kind) in (0_u32..).zip(Kind::ALL) {
        for seed in [0, 1, 2, 3, 7, 8, 9, 1_000, 123_456, u32::MAX] {
            let refused: u32 = page.call("draw", (number, seed))?;
            assert_eq!(refused, 0, "{}-{seed}", kind.name());
            let sheet = kind.sheet(seed)?;
            let is_same = part(&mut page, 0)? == sheet.task && part(&mut page, 1)? == sheet.key;
            assert!(
                is_same,
                "{}-{seed}: the module writes another sheet",
                kind.name()
            );
        }
    }
    let refused: u32 = page.call("draw", (5_u32, 1_u32))?;
    assert_eq!(refused, 1);
    assert_eq!(
        part(&mut page, 0)?,
        "expected a kind of sheet from 0 to 4, found 5"
    );
    assert_eq!(page.call::<_, u32>("byte", (0_u32, u32::MAX))?, 0);
    Ok(())
}

/// What the module of the drills says of an answer; nothing where it is right.
fn said(page: &mut Page, graph: u32, question: u32, answer: &str) -> Result<String> {
    page.call::<_, ()>("begin", ())?;
    for byte in answer.bytes() {
        page.call::<_, ()>("push", u32::from(byte))?;
    }
    let refused: u32 = page.call("check", (graph, question))?;
    let length: u32 = page.call("length", ())?;
    assert_eq!(
        refused == 1,
        length > 0,
        "{answer} is refused with a reason"
    );
    let mut bytes = Vec::new();
    for index in 0..length {
        bytes.push(page.call::<u32, u32>("byte", index)? as u8);
    }
    Ok(String::from_utf8(bytes)?)
}

#[test]
fn the_drills_of_the_page_are_those_of_the_command() -> Result<()> {
    let mut page = Page::of("DRILLS_WASM", "drills/drills.wasm")?;
    for (graph, number) in GRAPHS.iter().zip(0..) {
        let drill = Drill::new(graph)?;
        for (question, place) in graph.questions.iter().zip(0..) {
            let mistakes = question.mistakes.iter().map(|(mistake, _)| *mistake);
            let others = [question.answer, "−1 · θ", "(", "1 / 0"];
            for answer in mistakes.chain(others) {
                let expected = drill.check(question, answer).err().unwrap_or_default();
                assert_eq!(
                    said(&mut page, number, place, answer)?,
                    expected,
                    "{answer}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_no_answer_to_a_drill_is_refused() -> Result<()> {
    let mut page = Page::of("DRILLS_WASM", "drills/drills.wasm")?;
    assert!(said(&mut page, 9, 0, "y")?.contains("no such graph"));
    assert!(said(&mut page, 0, 99, "y")?.contains("no such question"));
    assert!(said(&mut page, 0, 0, &"y".repeat(1_001))?.contains("1000 characters"));
    page.call::<_, ()>("begin", ())?;
    page.call::<_, ()>("push", 0xff_u32)?;
    assert_eq!(page.call::<_, u32>("check", (0_u32, 0_u32))?, 1);
    assert_eq!(page.call::<u32, u32>("byte", 10_000)?, 0);
    Ok(())
}

/// A text that a module writes.
fn written(page: &mut Page, what: u32) -> Result<String> {
    page.call::<_, u32>("write", what)?;
    refusal(page)
}

/// The text that a module has at hand: after what it has refused, why.
fn refusal(page: &mut Page) -> Result<String> {
    let length: u32 = page.call("length", ())?;
    let bytes = (0..length).map(|index| Ok(page.call::<u32, u32>("byte", index)? as u8));
    Ok(String::from_utf8(bytes.collect::<Result<_>>()?)?)
}

/// Begins a run, and trains for a number of epochs.
fn trained(options: &Options, epochs: u32) -> Result<Page> {
    let mut page = Page::of("TRAINING_WASM", "training/training.wasm")?;
    page.call::<_, ()>("choose", u32::from(options.task == Task::Spirals))?;
    for (index, number) in (0_u32..).zip(options.numbers()) {
        page.call::<_, ()>("set", (index, number))?;
    }
    assert_eq!(page.call::<(), u32>("begin", ())?, 0);
    assert_eq!(page.call::<u32, u32>("train", epochs)?, 0);
    Ok(page)
}

/// What a cell of the book has written.
fn printed(name: &str) -> Result<String> {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/out");
    Ok(fs::read_to_string(book.join(name))?.replace('\r', ""))
}

/// The loss in a line such as `epoch 1: J = 0.6543; training: …`.
fn loss(line: &str) -> &str {
    let loss = line
        .split_once("J = ")
        .and_then(|(_, rest)| rest.split_once(';'));
    loss.map_or("", |(loss, _)| loss)
}

#[test]
fn the_penguins_of_the_module_come_to_the_digits_of_the_page() -> Result<()> {
    let descent = printed("penguins/descent.txt")?;
    for epoch in [0, 1, 10, 100, 1000] {
        let mut page = trained(&Options::PENGUINS, epoch)?;
        let line = written(&mut page, 0)?;
        let printed = format!("epoch {epoch:4}: J = {}\n", loss(&line));
        assert!(descent.contains(&printed), "{line}\n{descent}");
        if epoch < 1000 {
            continue;
        }
        let rights: Vec<&str> = line.split("; ").skip(1).collect();
        assert!(descent.ends_with(&(rights.join("\n") + "\n")), "{line}");
        let svg = self::printed("penguins/descent.regions.svg")?;
        for path in written(&mut page, 3)?.lines() {
            assert!(!path.is_empty() && svg.contains(&format!("\"{path}\"")));
        }
        let counts = written(&mut page, 2)?;
        let table = self::printed("penguins/descent.confusion.md")?;
        let rows: Vec<&str> = table.lines().skip(2).collect();
        for (row, counts) in rows
            .iter()
            .zip(counts.split(' ').collect::<Vec<_>>().chunks(3))
        {
            assert!(
                row.ends_with(&format!("| {} |", counts.join(" | "))),
                "{row}"
            );
        }
        assert_eq!(rows.len(), SPECIES.len());
        assert_eq!(
            written(&mut page, 1)?,
            self::printed("penguins/descent.loss.svg")?
        );
    }
    Ok(())
}

#[test]
fn portions_of_the_module_come_to_the_digits_of_the_page() -> Result<()> {
    let mut page = trained(&Options::PORTIONS, 50)?;
    let line = written(&mut page, 0)?;
    let loss: f64 = loss(&line).parse()?;
    let first = format!("after 50 epochs: J = {loss:.3}\n");
    assert!(
        printed("penguins/minibatches.txt")?.starts_with(&first),
        "{line}"
    );
    Ok(())
}

/// The spirals' thousand epochs, too long for an interpreter, a browser compares with the cell's
/// pictures, in `tests/pages/training.mjs`.
#[test]
fn runs_of_the_module_are_runs_of_the_crate() -> Result<()> {
    let numbers = [
        (Task::Penguins, [0.0, 1.0, 0.05, 3.0, 2.0]),
        (Task::Penguins, [5.0, 100.0, 0.7, 4_294_967_295.0, 10.0]),
        (Task::Spirals, [0.0, 64.0, 3.0, 0.0, 10.0]),
        (Task::Spirals, [32.0, 7.0, 0.1, 12.0, 2.0]),
    ];
    for (task, numbers) in numbers {
        let options = Options::of_numbers(task, numbers)?;
        let run = Run::at_the_end(options)?;
        // Not beyond the last epoch.
        let mut page = trained(&options, 1000)?;
        assert_eq!(page.call::<(), u32>("epoch", ())?, options.epochs as u32);
        assert_eq!(written(&mut page, 0)?, drawing::line(&run));
        assert_eq!(written(&mut page, 1)?, drawing::chart(&run));
        // An interpreter takes its time for the finest, which the tests above look at.
        for size in [2, 5] {
            let regions = drawing::regions(&run, size as usize);
            assert_eq!(written(&mut page, 2 + size)?, regions);
        }
    }
    Ok(())
}

#[test]
fn the_module_says_what_a_run_cannot_be_told() -> Result<()> {
    let mut page = trained(&Options::PENGUINS, 3)?;
    page.call::<_, ()>("set", (1_u32, 257.0))?;
    assert_eq!(page.call::<(), u32>("begin", ())?, 1);
    assert_eq!(
        refusal(&mut page)?,
        "examples in a step: expected a whole number from 1 to 256, found 257"
    );
    assert_eq!(page.call::<(), u32>("epoch", ())?, 3);
    Ok(())
}

/// A chart without its description, which counts the checks that object.
fn curves(chart: &str) -> Vec<&str> {
    let lines = chart.lines();
    lines.filter(|line| !line.starts_with("<desc")).collect()
}

#[test]
fn walks_of_the_module_are_walks_of_the_crate() -> Result<()> {
    let mut page = Page::of("MISSTEPS_WASM", "missteps/missteps.wasm")?;
    let choices = (0..=12_u32).flat_map(|mistake| (0..8_u32).map(move |point| (mistake, point)));
    for ((mistake, point), steps) in choices.flat_map(|choice| [(choice, 0.0), (choice, 25.0)]) {
        let numbers = [f64::from(mistake), f64::from(point), 0.3, steps];
        for (index, number) in (0_u32..).zip(numbers) {
            page.call::<_, ()>("set", (index, number))?;
        }
        assert_eq!(page.call::<(), u32>("walk", ())?, 0);
        let walk = Walk::new(walk::Options::of_numbers(numbers)?);
        // An interpreter takes its time for the charts: those of three points.
        if steps > 0.0 && point % 3 == 1 {
            assert_eq!(curves(&written(&mut page, 1)?), curves(&walk.chart()));
        }
        let (found, expected) = (written(&mut page, 2)?, walk.marks());
        let found: Vec<&str> = found.lines().collect();
        for (check, (found, expected)) in checks::ALL.iter().zip(found.iter().zip(expected)) {
            // Where descent has arrived, the last bit of a logarithm decides whether a loss falls.
            let is_bit = check.name == "one step" && steps > 0.0;
            assert!(is_bit || *found == expected, "{} of {walk:?}", check.name);
        }
        let line = written(&mut page, 0)?;
        assert_eq!(line.split(';').next(), walk.line().split(';').next());
    }
    assert_eq!(written(&mut page, 3)?.lines().count(), 12);
    assert_eq!(written(&mut page, 4)?.lines().count(), 8);
    page.call::<_, ()>("set", (0_u32, 13.0))?;
    assert_eq!(page.call::<(), u32>("walk", ())?, 1);
    assert_eq!(
        refusal(&mut page)?,
        "mistake: expected a whole number from 0 to 12, found 13"
    );
    Ok(())
}

#[test]
fn the_mistake_of_the_module_is_that_of_the_page() -> Result<()> {
    let mut page = Page::of("MISSTEPS_WASM", "missteps/missteps.wasm")?;
    assert_eq!(page.call::<(), u32>("walk", ())?, 0);
    assert_eq!(written(&mut page, 1)?, printed("mistakes/checks.walk.svg")?);
    Ok(())
}

/// What the module of the pictures draws, and what is said of it.
fn drawn(page: &mut Page) -> Result<Vec<String>> {
    (0..4).map(|number| written(page, number)).collect()
}

/// The same, of the crate.
fn expected(simplex: &Simplex) -> Result<Vec<String>> {
    Ok(vec![
        simplex.triangle("simplex-triangle")?,
        simplex.plane("simplex-plane")?,
        simplex.table()?,
        simplex.said()?,
    ])
}

/// Sets a row of numbers, and draws a picture of them.
fn give(page: &mut Page, picture: u32, numbers: &[f64]) -> Result<u32> {
    for (index, number) in (0_u32..).zip(numbers) {
        page.call::<_, ()>("set", (index, *number))?;
    }
    page.call("draw", picture)
}

#[test]
fn the_pictures_of_the_page_are_those_of_the_crate() -> Result<()> {
    let mut page = Page::of("PICTURE_WASM", "picture/picture.wasm")?;
    let mut rng = Pcg32::seed_from_u64(3);
    let mut unit = move || f64::from(rng.next_u32()) / f64::from(u32::MAX);
    for round in 0..3 {
        let mut numbers: [f64; simplex::NUMBERS] = std::array::from_fn(|_| 4.0 * unit() - 2.0);
        numbers[simplex::number::Y..].copy_from_slice(&[0.0, 1.0, 0.0, 0.5 + unit(), unit()]);
        let mut state = Simplex { numbers };
        assert_eq!(give(&mut page, 0, &numbers)?, 0);
        assert_eq!(drawn(&mut page)?, expected(&state)?, "{state:?}");
        // Each change, one after the other, of values between 0 and 1 or places in the drawings.
        for what in 0..14 {
            let (a, b) = match what {
                10..=12 => (100.0 + 200.0 * unit(), 100.0 + 200.0 * unit()),
                // As a slider has them.
                _ => ((10.0 + 80.0 * unit()).round() / 100.0, 0.0),
            };
            assert_eq!(page.call::<_, u32>("change", (what, a, b))?, 0);
            let change = Change::of(what, a, b).ok_or("no such change")?;
            state = state.changed(change)?;
            for (index, expected) in (0_u32..).zip(state.numbers) {
                let found: f64 = page.call("number", index)?;
                assert!((found - expected).abs() < 1e-12, "{round}: {change:?}");
            }
            assert_eq!(drawn(&mut page)?, expected(&state)?, "{change:?}");
            // The slider of a change shows what was set.
            if what < 10 {
                let shown: f64 = page.call("slider", what)?;
                assert!((shown - a).abs() < 1e-9, "{change:?}: {shown}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_picture_that_is_refused_leaves_the_last() -> Result<()> {
    let mut page = Page::of("PICTURE_WASM", "picture/picture.wasm")?;
    let example = Simplex::EXAMPLE.numbers;
    assert_eq!(give(&mut page, 0, &example)?, 0);
    let good = drawn(&mut page)?;
    let mut bad = example;
    bad[simplex::number::T] = 0.0;
    assert_eq!(give(&mut page, 0, &bad)?, 1);
    assert_eq!(
        refusal(&mut page)?,
        "temperature: expected a finite number above 0, found 0"
    );
    assert_eq!(give(&mut page, 0, &example[..4])?, 1);
    assert_eq!(refusal(&mut page)?, "expected 16 numbers, found 4");
    assert_eq!(page.call::<_, u32>("change", (14_u32, 0.0, 0.0))?, 1);
    assert_eq!(
        refusal(&mut page)?,
        "expected the number of a change, found 14"
    );
    assert_eq!(page.call::<_, u32>("change", (8_u32, f64::NAN, 0.0))?, 1);
    assert_eq!(drawn(&mut page)?, good);
    assert!(page.call::<u32, f64>("number", 16)?.is_nan());
    assert_eq!(page.call::<_, u32>("byte", u32::MAX)?, 0);
    assert_eq!(written(&mut page, 4)?, "");
    // What was refused is not what the next change begins with.
    assert_eq!(page.call::<_, u32>("change", (8_u32, 2.0, 0.0))?, 0);
    assert_eq!(page.call::<u32, f64>("number", 3)?, example[3]);
    Ok(())
}

#[test]
fn the_surfaces_of_the_page_are_those_of_the_crate() -> Result<()> {
    let mut page = Page::of("PICTURE_WASM", "picture/picture.wasm")?;
    let mut rng = Pcg32::seed_from_u64(5);
    let mut unit = move || f64::from(rng.next_u32()) / f64::from(u32::MAX);
    let expected = |surface: &Surface| -> Result<Vec<String>> {
        let values = surface.values()?;
        Ok(vec![
            surface.map("surface-map", &values)?,
            surface.chart("surface-chart", &values),
            surface.table(&values),
            surface.said(&values),
        ])
    };
    let mut state = Surface::EXAMPLE;
    assert_eq!(give(&mut page, 1, &state.numbers)?, 0);
    assert_eq!(drawn(&mut page)?, expected(&state)?);
    // Both small sets of examples, and in the end the penguins: an interpreter takes long for them.
    let changes = (0..21).map(|round| match round % 5 {
        0 if round == 20 => (0, 1.0, 0.0),
        0 => (0, f64::from(round % 2 * 3), 0.0),
        1 => (1 + round % 2, (8.99 * unit()).floor(), 0.0),
        2 => (3, 0.1 + 2.0 * unit(), 0.0),
        3 => (10, 60.0 + 250.0 * unit(), 60.0 + 250.0 * unit()),
        _ => (13, 0.0, 0.0),
    });
    for (what, a, b) in changes {
        assert_eq!(page.call::<_, u32>("change", (what, a, b))?, 0);
        state = state.changed(surface::Change::of(what, a, b).ok_or("no such change")?)?;
        for (index, expected) in (0_u32..).zip(state.numbers) {
            assert_eq!(page.call::<u32, f64>("number", index)?, expected, "{what}");
            assert_eq!(page.call::<u32, f64>("slider", index)?, expected, "{what}");
        }
        assert_eq!(drawn(&mut page)?, expected(&state)?, "{state:?}");
    }
    assert_eq!(page.call::<_, u32>("change", (0_u32, 4.0, 0.0))?, 1);
    assert_eq!(drawn(&mut page)?, expected(&state)?);
    assert_eq!(give(&mut page, 2, &state.numbers)?, 1);
    assert_eq!(
        refusal(&mut page)?,
        "expected a picture from 0 to 1, found 2"
    );
    Ok(())
}
