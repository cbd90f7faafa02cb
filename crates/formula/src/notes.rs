//! What a page declares beside its formulas, in comments: its symbols, and the conditions of a
//! display.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::scope::{Row, Sample};

/// `<!-- symbols … -->`, for all displays of a page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageNotes {
    /// Symbols of this page alone.
    #[serde(default)]
    pub symbol: Vec<Row>,
    /// Definitions that hold on this page in place of those of the table.
    #[serde(default)]
    pub set: Vec<String>,
    /// Sizes that hold on this page.
    #[serde(default)]
    pub sizes: BTreeMap<String, usize>,
    /// The given point at which alone the displays of this page hold.
    pub at: Option<String>,
    /// The given point in the place of the worked example.
    pub from: Option<String>,
}

impl PageNotes {
    /// Adds a later note of the same page.
    pub fn extend(&mut self, later: Self) {
        self.symbol.extend(later.symbol);
        self.set.extend(later.set);
        self.sizes.extend(later.sizes);
        self.at = later.at.or(self.at.take());
        self.from = later.from.or(self.from.take());
    }
}

/// `<!-- eq 3.10: … -->`, for one display.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// Conditions that the sentence before the display states.
    #[serde(default, rename = "where")]
    pub conditions: Vec<String>,
    /// Definitions that hold for this display.
    #[serde(default)]
    pub set: Vec<String>,
    /// What symbols are drawn from, in place of what the table says.
    #[serde(default)]
    pub draw: BTreeMap<String, Sample>,
    /// Sizes that hold for this display.
    #[serde(default)]
    pub sizes: BTreeMap<String, usize>,
    /// The given point at which alone it holds; `any` where those of its page do not hold.
    pub at: Option<String>,
    /// The given point in the place of the worked example.
    pub from: Option<String>,
    /// The links, counted from 1, at which what two derivatives are taken of may differ by what
    /// does not depend on the variable.
    #[serde(default)]
    pub up_to_constants: Vec<usize>,
    /// The last link that `set` and `draw` hold for; those behind it hold without.
    pub until: Option<usize>,
    /// The last link that holds without `set` and `draw`; those behind it hold with them.
    pub after: Option<usize>,
    /// What goes to 0, for `\approx`.
    pub small: Option<String>,
    /// What grows without bounds, for `\approx`.
    pub large: Option<String>,
    /// How fast the error of `\approx` shrinks.
    pub order: Option<u32>,
    /// The equation that these are the numbers of.
    pub numbers: Option<String>,
    /// How many decimals they are printed with at most.
    pub decimals: Option<usize>,
    /// Why it is held by a proof in Rust.
    pub proof: Option<String>,
}
