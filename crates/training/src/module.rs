//! Training in a page: functions of numbers that a browser can call.
//!
//! A page chooses what is learned with [`choose`], reads the options of the book's run with
//! [`option`], sets others with [`set`], starts with [`begin`], and trains with [`train`]. A text is
//! made with [`write()`] and read byte by byte. Only numbers pass, so there is no memory to share and
//! nothing to free. Elsewhere than in a page the functions have no such names, which other modules
//! of the book have, too.

use std::cell::RefCell;

use crate::drawing;
use crate::run::{Options, Result, Run, Task};

struct Page {
    task: Task,
    numbers: [f64; Options::NUMBERS],
    run: Option<Run>,
    text: String,
}

thread_local! {
    static PAGE: RefCell<Page> = const {
        RefCell::new(Page {
            task: Task::Penguins,
            numbers: [0.0; Options::NUMBERS],
            run: None,
            text: String::new(),
        })
    };
}

/// Chooses what is learned, 0 the penguins, 1 the spirals, with the options of the book's run.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn choose(task: u32) {
    let options = match task {
        0 => Options::PENGUINS,
        _ => Options::SPIRALS,
    };
    PAGE.with_borrow_mut(|page| {
        (page.task, page.numbers) = (options.task, options.numbers());
        page.run = None;
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

/// Sets an option for the next run. An index beyond the last changes nothing.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn set(index: u32, number: f64) {
    PAGE.with_borrow_mut(|page| {
        if let Some(found) = page.numbers.get_mut(index as usize) {
            *found = number;
        }
    });
}

/// Begins a run with the options. Returns 0, or 1 where they are refused: then the text says why,
/// and the run that was there stays.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn begin() -> u32 {
    PAGE.with_borrow_mut(|page| {
        let run = Options::of_numbers(page.task, page.numbers).and_then(Run::new);
        answer(run, &mut page.text, |run| page.run = Some(run))
    })
}

/// Trains for as many epochs, not beyond the last of the run. Returns 0, or 1 where the run cannot
/// go on, and the text says why.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn train(epochs: u32) -> u32 {
    PAGE.with_borrow_mut(|page| {
        let Some(run) = &mut page.run else { return 0 };
        let left = run.options().epochs.saturating_sub(run.epoch());
        let trained = (0..left.min(epochs as usize)).try_for_each(|_| run.train());
        answer(trained, &mut page.text, |()| ())
    })
}

fn answer<T>(result: Result<T>, text: &mut String, take: impl FnOnce(T)) -> u32 {
    match result {
        Ok(found) => {
            take(found);
            0
        }
        Err(fault) => {
            *text = fault.to_string();
            1
        }
    }
}

/// How many epochs of the run have passed.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn epoch() -> u32 {
    PAGE.with_borrow(|page| page.run.as_ref().map_or(0, |run| run.epoch() as u32))
}

/// Writes a text about the run, 0 the line of numbers, 1 the chart, 2 the counts by class, 3 and
/// above the paths of the regions, in cells of 1, 2, … Returns its length in bytes of UTF-8.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn write(what: u32) -> u32 {
    PAGE.with_borrow_mut(|page| {
        page.text = page.run.as_ref().map_or(String::new(), |run| match what {
            0 => drawing::line(run),
            1 => drawing::chart(run),
            2 => drawing::counts(run),
            _ => drawing::regions(run, (what - 2) as usize),
        });
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
