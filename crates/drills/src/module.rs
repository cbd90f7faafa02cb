//! The drills in a page: functions of numbers that a browser can call.
//!
//! A page hands over an answer byte by byte with [`begin`] and [`push`], has it compared with
//! [`check`], and reads byte by byte what is to be said of it. Only numbers pass, so there is no
//! memory to share and nothing to free. Elsewhere than in a page the functions have no such names,
//! which other modules of the book have, too.

use std::cell::RefCell;

use crate::Drill;
use crate::graph::GRAPHS;

/// An answer is no longer than this.
const LONGEST: usize = 1_000;

#[derive(Default)]
struct Page {
    /// Computed when it is first asked for, for all graphs.
    drills: Vec<Drill>,
    answer: Vec<u8>,
    said: String,
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::default();
}

/// Begins an answer.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn begin() {
    PAGE.with_borrow_mut(|page| page.answer.clear());
}

/// Adds a byte of UTF-8 to the answer.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn push(byte: u32) {
    PAGE.with_borrow_mut(|page| {
        // One more than there may be, so that it is seen.
        if page.answer.len() <= LONGEST {
            page.answer.push(byte as u8);
        }
    });
}

/// Compares the answer with a gradient of a graph, both counted from 0. Returns 0 where it is
/// right, else 1; then it is said why.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn check(graph: u32, question: u32) -> u32 {
    PAGE.with_borrow_mut(|page| {
        let checked = checked(page, graph as usize, question as usize);
        let refused = u32::from(checked.is_err());
        page.said = checked.err().unwrap_or_default();
        refused
    })
}

fn checked(page: &mut Page, graph: usize, question: usize) -> Result<(), String> {
    if page.drills.is_empty() {
        let drills = GRAPHS.iter().map(Drill::new);
        page.drills = drills
            .collect::<Result<_, _>>()
            .map_err(|fault| fault.to_string())?;
    }
    let drill = page.drills.get(graph).ok_or("there is no such graph")?;
    let questions = drill.graph.questions;
    let question = questions.get(question).ok_or("there is no such question")?;
    if page.answer.len() > LONGEST {
        return Err(format!("an answer has at most {LONGEST} characters"));
    }
    let answer = std::str::from_utf8(&page.answer).map_err(|error| error.to_string())?;
    drill.check(question, answer.trim())
}

/// How many bytes of UTF-8 are said of the answer.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn length() -> u32 {
    PAGE.with_borrow(|page| u32::try_from(page.said.len()).unwrap_or(u32::MAX))
}

/// One of them; 0 beyond the last.
#[allow(unsafe_code)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn byte(index: u32) -> u32 {
    PAGE.with_borrow(|page| {
        let bytes = page.said.as_bytes();
        bytes.get(index as usize).copied().map_or(0, u32::from)
    })
}
