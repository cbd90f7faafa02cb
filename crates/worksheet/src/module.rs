//! The sheets in a page: functions of numbers that a browser can call.
//!
//! A page asks with [`draw`], and reads byte by byte what came of it: the task, the key, or the text
//! of an error. Only numbers pass, so there is no memory to share and nothing to free.

use std::cell::RefCell;

use crate::sheets::{Kind, Sheet};

thread_local! {
    /// The last sheet, or why there is none.
    static LAST: RefCell<Result<Sheet, String>> = const { RefCell::new(Err(String::new())) };
}

/// Draws the sheet of a kind, counted as in [`Kind::ALL`], and a seed. Returns 0, or 1 where there
/// is none.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn draw(kind: u32, seed: u32) -> u32 {
    let found = match Kind::ALL.get(kind as usize) {
        Some(kind) => kind.sheet(seed).map_err(|error| error.to_string()),
        None => Err(format!(
            "expected a kind of sheet from 0 to 4, found {kind}"
        )),
    };
    let refused = u32::from(found.is_err());
    LAST.set(found);
    refused
}

/// How many bytes a part has: 0 is the task, 1 the key; of an error both are its text.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn length(part: u32) -> u32 {
    read(part, |text| u32::try_from(text.len()).unwrap_or(u32::MAX))
}

/// The byte at `index` of a part, in UTF-8; 0 beyond the last.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn byte(part: u32, index: u32) -> u32 {
    read(part, |text| {
        text.as_bytes()
            .get(index as usize)
            .copied()
            .map_or(0, u32::from)
    })
}

fn read(part: u32, of: impl FnOnce(&str) -> u32) -> u32 {
    LAST.with_borrow(|last| match last {
        Ok(sheet) if part == 0 => of(&sheet.task),
        Ok(sheet) => of(&sheet.key),
        Err(error) => of(error),
    })
}
