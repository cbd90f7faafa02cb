//! The crate in the page: functions of numbers that a browser can call.
//!
//! A page sets numbers with [`set`], asks for [`update`], [`step`] or [`random`], and reads what
//! came of it with [`number`] and [`value`]. Only numbers pass, so there is no memory to share
//! and nothing to free. Each request returns 0, or 1 where it was refused: then the text of the
//! error is read byte by byte, and the values are as they were before.

pub mod network;
pub mod steps;
pub mod template;

use std::cell::RefCell;

use network::{Network, VALUES, Values};
use softmax_backprop::Result;

/// What the page has set, and what came of it.
struct Lab {
    network: Network,
    values: Values,
    error: String,
}

thread_local! {
    static LAB: RefCell<Lab> = const {
        RefCell::new(Lab {
            network: Network::EXAMPLE,
            values: [0.0; VALUES],
            error: String::new(),
        })
    };
}

/// Replaces the network by another and computes its values, or keeps everything.
fn request(next: impl FnOnce(&Network) -> Result<Network>) -> u32 {
    LAB.with_borrow_mut(|lab| {
        let found = next(&lab.network).and_then(|network| Ok((network.values()?, network)));
        match found {
            Ok((values, network)) => {
                (lab.values, lab.network) = (values, network);
                lab.error.clear();
                0
            }
            Err(error) => {
                lab.error = error.to_string();
                1
            }
        }
    })
}

/// Sets the number at `index`, in the order of [`Network::numbers`]; values stay until the next
/// request. An index beyond the last changes nothing.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn set(index: u32, number: f64) {
    LAB.with_borrow_mut(|lab| {
        if let Some(found) = lab.network.numbers.get_mut(index as usize) {
            *found = number;
        }
    });
}

/// Computes all values of the numbers that were set.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn update() -> u32 {
    request(|network| Ok(network.clone()))
}

/// Takes descent steps, as many as are asked for.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn step(steps: u32) -> u32 {
    request(|network| network.stepped(steps))
}

/// Draws weights and biases from a seed.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn random(seed: u32) -> u32 {
    request(|network| network.random(seed))
}

/// The number at `index`, NaN beyond the last.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn number(index: u32) -> f64 {
    LAB.with_borrow(|lab| at(&lab.network.numbers, index))
}

/// The value at `index`, in the order of [`Values`], NaN beyond the last.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn value(index: u32) -> f64 {
    LAB.with_borrow(|lab| at(&lab.values, index))
}

/// The number of bytes of the last error; 0 where the last request was granted.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn error_length() -> u32 {
    LAB.with_borrow(|lab| u32::try_from(lab.error.len()).unwrap_or(u32::MAX))
}

/// The byte at `index` of the last error, in UTF-8; 0 beyond the last.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn error_byte(index: u32) -> u32 {
    LAB.with_borrow(|lab| {
        lab.error
            .as_bytes()
            .get(index as usize)
            .copied()
            .map_or(0, u32::from)
    })
}

fn at(numbers: &[f64], index: u32) -> f64 {
    numbers.get(index as usize).copied().unwrap_or(f64::NAN)
}
