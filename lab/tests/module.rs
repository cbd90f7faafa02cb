//! The committed module is the crate: run in an interpreter, it answers as the crate does here.
//! `LAB_WASM` names another module, such as one that was built anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use lab::network::{NUMBERS, Network, Values, number};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};
use wasmi::{Engine, Instance, Linker, Module, Store, WasmParams, WasmResults};

/// How far two numbers may differ, in parts of the larger.
const TOLERANCE: f64 = 1e-12;

/// The module, with the functions that a page calls.
struct Page {
    store: Store<()>,
    instance: Instance,
}

impl Page {
    fn open() -> Self {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/lab/lab.wasm");
        let path = env::var_os("LAB_WASM").map_or(committed, PathBuf::from);
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let engine = Engine::default();
        let module = Module::new(&engine, bytes).unwrap();
        assert_eq!(module.imports().count(), 0, "the module asks for something");
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine)
            .instantiate_and_start(&mut store, &module)
            .unwrap();
        Self { store, instance }
    }

    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, parameters: P) -> R {
        let function = self.instance.get_typed_func::<P, R>(&self.store, name);
        function.unwrap().call(&mut self.store, parameters).unwrap()
    }

    fn set(&mut self, network: &Network) {
        for (index, number) in (0_u32..).zip(network.numbers) {
            self.call::<_, ()>("set", (index, number));
        }
    }

    fn numbers(&mut self) -> [f64; NUMBERS] {
        std::array::from_fn(|index| self.call("number", index as u32))
    }

    fn values(&mut self) -> Values {
        std::array::from_fn(|index| self.call("value", index as u32))
    }

    fn error(&mut self) -> String {
        let length: u32 = self.call("error_length", ());
        let byte = |index| self.call::<u32, u32>("error_byte", index) as u8;
        String::from_utf8((0..length).map(byte).collect()).unwrap()
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
fn a_thousand_networks_have_the_values_of_the_crate() {
    let mut page = Page::open();
    for network in networks() {
        page.set(&network);
        assert_eq!(page.call::<_, u32>("update", ()), 0, "{}", page.error());
        assert_eq!(page.numbers(), network.numbers);
        assert_close(&page.values(), &network.values().unwrap(), &network);
    }
}

#[test]
fn a_thousand_networks_step_as_in_the_crate() {
    let mut page = Page::open();
    for network in networks() {
        page.set(&network);
        assert_eq!(page.call::<_, u32>("step", 3_u32), 0, "{}", page.error());
        let stepped = network.stepped(3).unwrap();
        assert_close(&page.numbers(), &stepped.numbers, &network);
    }
}

#[test]
fn a_seed_draws_what_it_draws_in_the_crate() {
    let mut page = Page::open();
    page.set(&Network::EXAMPLE);
    for seed in [0, 1, 2, u32::MAX] {
        assert_eq!(page.call::<_, u32>("random", seed), 0, "{}", page.error());
        let drawn = Network::EXAMPLE.random(seed).unwrap();
        assert_eq!(page.numbers(), drawn.numbers);
        assert_ne!(drawn, Network::EXAMPLE);
    }
}

#[test]
fn what_the_crate_refuses_the_module_refuses_in_its_words() {
    let mut page = Page::open();
    let bad = [
        (number::X, f64::NAN),
        (number::X + 1, f64::INFINITY),
        (number::W + 5, f64::NEG_INFINITY),
        (number::B + 2, f64::NAN),
        (number::CLASS, 3.0),
        (number::CLASS, -1.0),
        (number::CLASS, 0.5),
        (number::CLASS, f64::NAN),
        (number::RATE, 0.0),
        (number::RATE, f64::NAN),
        (number::W, f64::MAX),
    ];
    for (index, found) in bad {
        page.set(&Network::EXAMPLE);
        assert_eq!(page.call::<_, u32>("update", ()), 0);
        let good = page.values();
        let mut network = Network::EXAMPLE;
        network.numbers[index] = found;
        if found == f64::MAX {
            network.numbers[number::X] = f64::MAX;
        }
        page.set(&network);
        assert_eq!(page.call::<_, u32>("update", ()), 1, "{index} is {found}");
        let said = network.values().unwrap_err().to_string();
        assert_eq!(page.error(), said);
        assert!(said.contains("expected"), "{said}");
        assert_eq!(page.values(), good, "the last good values are kept");
    }
}
