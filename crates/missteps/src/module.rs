//! A walk in a page: functions of numbers that a browser can call.
//!
//! A page reads the options of the book with [`option`], sets others with [`set`], walks with
//! [`walk`], and makes a text with [`write()`], which it reads byte by byte. Only numbers pass, so
//! there is no memory to share and nothing to free. Elsewhere than in a page the functions have no
//! such names, which other modules of the book have, too.

use std::cell::RefCell;

use mistakes::{ALL, points};

use crate::walk::{Options, Walk};

struct Page {
    numbers: [f64; Options::NUMBERS],
    walk: Option<Walk>,
    text: String,
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::new(Page {
        numbers: Options::PAGE.numbers(),
        walk: None,
        text: String::new(),
    });
}

/// An option, in the order of [`Options::numbers`]; NaN beyond the last.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn option(index: u32) -> f64 {
    PAGE.with_borrow(|page| {
        let number = page.numbers.get(index as usize);
        number.copied().unwrap_or(f64::NAN)
    })
}

/// Sets an option for the next walk. An index beyond the last changes nothing.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn set(index: u32, number: f64) {
    PAGE.with_borrow_mut(|page| {
        if let Some(found) = page.numbers.get_mut(index as usize) {
            *found = number;
        }
    });
}

/// Walks with the options. Returns 0, or 1 where they are refused: then the text says why, and the
/// walk that was there stays.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn walk() -> u32 {
    PAGE.with_borrow_mut(|page| match Options::of_numbers(page.numbers) {
        Ok(options) => {
            page.walk = Some(Walk::new(options));
            0
        }
        Err(message) => {
            page.text = message;
            1
        }
    })
}

/// Writes a text, 0 the line about the walk, 1 the chart, and, a line each, 2 what the checks say, 3
/// the names of the mistakes, 4 those of the points. Returns its length in bytes of UTF-8.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn write(what: u32) -> u32 {
    PAGE.with_borrow_mut(|page| {
        page.text = match (what, &page.walk) {
            (0, Some(walk)) => walk.line(),
            (1, Some(walk)) => walk.chart(),
            (2, Some(walk)) => walk.marks().join("\n"),
            (3, _) => ALL.map(|mistake| mistake.name).join("\n"),
            (4, _) => points::all().map(|point| point.name).join("\n"),
            _ => String::new(),
        };
        page.text.len() as u32
    })
}

/// How many bytes of UTF-8 the text has.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn length() -> u32 {
    PAGE.with_borrow(|page| page.text.len() as u32)
}

/// One of them; 0 beyond the last.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn byte(index: u32) -> u32 {
    PAGE.with_borrow(|page| {
        let bytes = page.text.as_bytes();
        bytes.get(index as usize).copied().map_or(0, u32::from)
    })
}
