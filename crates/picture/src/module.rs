//! The pictures in a page: functions of numbers that a browser can call.
//!
//! A page sets numbers with [`set`], asks for [`draw`] or [`change`], and reads what came of it: the
//! numbers, and the drawings, each made with [`write()`] and read byte by byte. What is refused
//! leaves its reason to be read in the same way. Only numbers pass, so there
//! is no memory to share and nothing to free. Elsewhere than in WebAssembly the names are not
//! exported: a program that links other modules, too, would have some of them twice.

use std::cell::RefCell;

use crate::{Simplex, Surface};

/// What the page has set, and what came of it.
struct Page {
    picture: u32,
    given: Vec<f64>,
    numbers: Vec<f64>,
    shown: Shown,
    /// The text that is read byte by byte.
    text: String,
}

/// What a page shows of a state.
#[derive(Default)]
struct Shown {
    /// The drawings, the table, and last what is said aloud.
    parts: Vec<String>,
    /// What the sliders show, each by the number of its change.
    sliders: Vec<f64>,
}

thread_local! {
    static PAGE: RefCell<Page> = const {
        RefCell::new(Page {
            picture: 0,
            given: Vec::new(),
            numbers: Vec::new(),
            shown: Shown { parts: Vec::new(), sliders: Vec::new() },
            text: String::new(),
        })
    };
}

/// A change by its number, and two numbers that say how.
type Asked = Option<(u32, f64, f64)>;

/// The numbers and what is shown of them, after a change. A picture is 0, the simplex, or 1, the surface.
fn next(picture: u32, numbers: &[f64], asked: Asked) -> Result<(Vec<f64>, Shown), String> {
    match picture {
        0 => simplex(numbers, asked),
        1 => surface(numbers, asked),
        _ => Err(format!("expected a picture from 0 to 1, found {picture}")),
    }
}

/// As many numbers as a picture has.
fn row<const N: usize>(numbers: &[f64]) -> Result<[f64; N], String> {
    let found = numbers.len();
    numbers
        .try_into()
        .map_err(|_| format!("expected {N} numbers, found {found}"))
}

fn unknown(what: u32) -> String {
    format!("expected the number of a change, found {what}")
}

fn simplex(numbers: &[f64], asked: Asked) -> Result<(Vec<f64>, Shown), String> {
    use crate::simplex::Change;
    let mut simplex = Simplex {
        numbers: row(numbers)?,
    };
    if let Some((what, a, b)) = asked {
        let change = Change::of(what, a, b).ok_or_else(|| unknown(what))?;
        simplex = simplex.changed(change).map_err(|error| error.to_string())?;
    }
    let shown = simplex_shown(&simplex).map_err(|error| error.to_string())?;
    Ok((simplex.numbers.to_vec(), shown))
}

fn surface(numbers: &[f64], asked: Asked) -> Result<(Vec<f64>, Shown), String> {
    use crate::surface::Change;
    let mut surface = Surface {
        numbers: row(numbers)?,
    };
    if let Some((what, a, b)) = asked {
        let change = Change::of(what, a, b).ok_or_else(|| unknown(what))?;
        surface = surface.changed(change).map_err(|error| error.to_string())?;
    }
    let shown = surface_shown(&surface).map_err(|error| error.to_string())?;
    Ok((surface.numbers.to_vec(), shown))
}

fn surface_shown(surface: &Surface) -> softmax_backprop::Result<Shown> {
    let values = surface.values()?;
    Ok(Shown {
        parts: vec![
            surface.map("surface-map", &values)?,
            surface.chart("surface-chart", &values),
            surface.table(&values),
            surface.said(&values),
        ],
        sliders: surface.numbers.to_vec(),
    })
}

fn simplex_shown(simplex: &Simplex) -> softmax_backprop::Result<Shown> {
    use crate::simplex::number::{RATE, T, X};
    let values = simplex.values()?;
    let numbers = &simplex.numbers;
    let sliders = [
        &values.theta[..],
        &values.y,
        &numbers[X..X + 2],
        &[numbers[T], numbers[RATE]],
    ];
    Ok(Shown {
        parts: vec![
            simplex.triangle("simplex-triangle")?,
            simplex.plane("simplex-plane")?,
            simplex.table()?,
            simplex.said()?,
        ],
        sliders: sliders.concat(),
    })
}

fn request(of: impl FnOnce(&Page) -> Result<(Vec<f64>, Shown), String>) -> u32 {
    PAGE.with_borrow_mut(|page| match of(page) {
        Ok((numbers, shown)) => {
            (page.numbers, page.shown) = (numbers, shown);
            0
        }
        Err(error) => {
            page.text = error;
            1
        }
    })
}

/// Sets the number at `index`, the last of those that are set; drawings stay until [`draw`].
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn set(index: u32, number: f64) {
    PAGE.with_borrow_mut(|page| {
        page.given.truncate(index as usize);
        page.given.push(number);
    });
}

/// Draws a picture of the numbers that were set. Returns 0, or 1 where they are refused: then the
/// drawings stay.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn draw(picture: u32) -> u32 {
    PAGE.with_borrow_mut(|page| page.picture = picture);
    request(|page| next(page.picture, &page.given, None))
}

/// Makes a change, by its number and two more that say how, and draws. Returns 0, or 1 where it is
/// refused: then all stays.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn change(what: u32, a: f64, b: f64) -> u32 {
    request(|page| next(page.picture, &page.numbers, Some((what, a, b))))
}

/// The number at `index`, NaN beyond the last.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn number(index: u32) -> f64 {
    PAGE.with_borrow(|page| at(&page.numbers, index))
}

/// What the slider of a change shows, NaN where it has none.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn slider(what: u32) -> f64 {
    PAGE.with_borrow(|page| at(&page.shown.sliders, what))
}

fn at(numbers: &[f64], index: u32) -> f64 {
    numbers.get(index as usize).copied().unwrap_or(f64::NAN)
}

/// Writes a part of what is shown, 0 and 1 the drawings, 2 the table, 3 what is said aloud. Returns
/// its length in bytes of UTF-8, 0 beyond the last.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn write(part: u32) -> u32 {
    PAGE.with_borrow_mut(|page| {
        let parts = &page.shown.parts;
        page.text = parts.get(part as usize).cloned().unwrap_or_default();
    });
    length()
}

/// How many bytes of UTF-8 the text has.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn length() -> u32 {
    PAGE.with_borrow(|page| u32::try_from(page.text.len()).unwrap_or(u32::MAX))
}

/// One of them; 0 beyond the last.
#[cfg_attr(target_arch = "wasm32", allow(unsafe_code), unsafe(no_mangle))]
pub extern "C" fn byte(index: u32) -> u32 {
    PAGE.with_borrow(|page| {
        let bytes = page.text.as_bytes();
        bytes.get(index as usize).copied().map_or(0, u32::from)
    })
}
