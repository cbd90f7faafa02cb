//! What is drawn: a fixed stream of whole numbers for each kind and seed, the same on every machine.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::digits::Digits;

/// The stream of a kind and a seed.
#[derive(Debug)]
pub struct Stream(Pcg32);

impl Stream {
    /// The stream from its beginning. Two kinds have no stream in common.
    pub fn new(kind: u32, seed: u32) -> Self {
        Self(Pcg32::seed_from_u64(
            u64::from(kind) << 32 | u64::from(seed),
        ))
    }

    /// A whole number from 0 to `end`, without `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // A number of 32 bits, stretched: for the few that are asked for all are as likely, up to
        // a billionth.
        ((u64::from(self.0.next_u32()) * end as u64) >> 32) as usize
    }

    /// Tenths from −`most` to `most`, without 0.
    pub fn tenths(&mut self, most: usize) -> Digits {
        let place = self.below(2 * most) as i64;
        let most = most as i64;
        let units = if place < most {
            place - most
        } else {
            place - most + 1
        };
        Digits::new(units, 1)
    }

    /// The numbers below `end` in some order.
    pub fn order(&mut self, end: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..end).collect();
        for place in (1..end).rev() {
            order.swap(place, self.below(place + 1));
        }
        order
    }
}
