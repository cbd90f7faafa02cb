//! Random cases that are no surprise.

use proptest::test_runner::{Config, RngSeed};

/// The same cases in every run, and no files left behind by a failure.
pub fn same_cases_each_time(cases: u32, seed: u64) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    }
}
