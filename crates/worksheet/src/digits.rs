//! Numbers as they are printed, and what a pencil makes of them.

/// How near to the middle between two printed numbers a value may lie, in units of the last
/// decimal: whoever rounds there may round the other way.
const MARGIN: f64 = 0.02;

/// A printed number: so many units of its last decimal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digits {
    units: i64,
    decimals: u32,
}

/// What stands around a number that may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Nothing but its minus.
    Plain,
    /// Another factor: brackets.
    Factor,
    /// A term before it: the sign between them.
    Term,
}

impl Digits {
    /// A number of so many units of the last decimal.
    pub const fn new(units: i64, decimals: u32) -> Self {
        Self { units, decimals }
    }

    /// A value rounded to decimals; none where it is too near to the middle of two.
    pub fn near(value: f64, decimals: u32) -> Option<Self> {
        let scaled = value * 10_f64.powi(decimals as i32);
        let units = scaled.round();
        // Without a fraction and within what `f64` holds exactly, so nothing is cut off.
        let sure = (scaled - units).abs() < 0.5 - MARGIN && units.abs() < 1e12;
        sure.then_some(Self::new(units as i64, decimals))
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.units as f64 / 10_f64.powi(self.decimals as i32)
    }

    /// The product, with all its decimals.
    pub const fn times(self, other: Self) -> Self {
        Self::new(self.units * other.units, self.decimals + other.decimals)
    }

    /// The sum, with all its decimals.
    pub fn plus(self, other: Self) -> Self {
        let decimals = self.decimals.max(other.decimals);
        Self::new(
            self.padded(decimals).units + other.padded(decimals).units,
            decimals,
        )
    }

    /// The difference, with all its decimals.
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.negative())
    }

    /// With the other sign.
    pub const fn negative(self) -> Self {
        Self::new(-self.units, self.decimals)
    }

    /// The same number with more decimals; fewer are left as they are.
    pub fn padded(self, decimals: u32) -> Self {
        let more = decimals.saturating_sub(self.decimals);
        Self::new(self.units * 10_i64.pow(more), self.decimals + more)
    }

    /// Rounded to decimals; none where it lies in the middle of two, or too near.
    pub fn rounded(self, decimals: u32) -> Option<Self> {
        if self.decimals <= decimals {
            return Some(self.padded(decimals));
        }
        Self::near(self.value(), decimals)
    }

    /// With a true minus, and none before zero.
    pub fn text(self) -> String {
        let digits = self.units.unsigned_abs().to_string();
        let decimals = self.decimals as usize;
        let missing = (decimals + 1).saturating_sub(digits.len());
        let mut text = "0".repeat(missing) + &digits;
        if decimals > 0 {
            text.insert(text.len() - decimals, '.');
        }
        if self.units < 0 {
            text.insert(0, '−');
        }
        text
    }

    /// In MathML.
    pub fn mathml(self, style: Style) -> String {
        let mn = |number: Self| format!("<mn>{}</mn>", number.text());
        match style {
            Style::Factor if self.units < 0 => {
                format!(
                    "<mrow><mo stretchy=\"false\">(</mo>{}<mo stretchy=\"false\">)</mo></mrow>",
                    mn(self)
                )
            }
            Style::Term if self.units < 0 => format!("<mo>−</mo>{}", mn(self.negative())),
            Style::Term => format!("<mo>+</mo>{}", mn(self)),
            _ => mn(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_with_its_decimals_and_a_true_minus() {
        let text = |units, decimals| Digits::new(units, decimals).text();
        assert_eq!(
            [
                text(-55, 2),
                text(5, 4),
                text(0, 3),
                text(-7, 0),
                text(12, 1)
            ],
            ["−0.55", "0.0005", "0.000", "−7", "1.2"]
        );
    }

    #[test]
    fn what_stands_around_it_decides_on_brackets_and_signs() {
        let minus = Digits::new(-11, 1);
        assert_eq!(minus.mathml(Style::Plain), "<mn>−1.1</mn>");
        assert!(
            minus
                .mathml(Style::Factor)
                .contains(">(</mo><mn>−1.1</mn><mo")
        );
        assert_eq!(minus.mathml(Style::Term), "<mo>−</mo><mn>1.1</mn>");
        assert_eq!(
            minus.negative().mathml(Style::Term),
            "<mo>+</mo><mn>1.1</mn>"
        );
        assert_eq!(minus.negative().mathml(Style::Factor), "<mn>1.1</mn>");
    }

    #[test]
    fn the_middle_of_two_is_refused() {
        assert_eq!(Digits::near(0.12346, 4), Some(Digits::new(1235, 4)));
        assert_eq!(Digits::near(-0.12344, 4), Some(Digits::new(-1234, 4)));
        assert_eq!(Digits::near(0.12345, 4), None);
        assert_eq!(Digits::near(0.123_451, 4), None);
        assert_eq!(Digits::near(f64::NAN, 4), None);
        assert_eq!(Digits::near(f64::INFINITY, 4), None);
        assert_eq!(Digits::new(12_345, 5).rounded(4), None);
        assert_eq!(Digits::new(1, 1).rounded(3), Some(Digits::new(100, 3)));
    }

    #[test]
    fn sums_and_products_keep_their_decimals() {
        let (a, b) = (Digits::new(7, 1), Digits::new(-113, 2));
        assert_eq!(a.plus(b), Digits::new(-43, 2));
        assert_eq!(a.minus(b), Digits::new(183, 2));
        assert_eq!(a.times(b), Digits::new(-791, 3));
    }
}
