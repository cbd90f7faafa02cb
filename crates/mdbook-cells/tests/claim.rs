//! A claim passes where its condition holds, and else fails with its words.

use mdbook_cells::claim;

#[test]
fn a_condition_that_holds_passes() {
    claim!("The slope is largest", 0.25 > 0.21);
    claim!("The slope is largest", 0.25 > 0.21,);
    claim!(r"of $\hat{y}$, too", 0.25 > 0.21, "{} and {}", 0.25, 0.21,);
}

#[test]
#[should_panic(expected = r#"the page claims "a $\sigma$ of two", which does not hold"#)]
fn a_condition_that_does_not_hold_fails_with_the_words_as_they_are_quoted() {
    claim!(r"a $\sigma$ of two", 0.25 > 0.5);
}

#[test]
#[should_panic(expected = "which does not hold: 0.25 and 0.5")]
fn the_values_that_decide_are_named() {
    let slope = 0.25;
    claim!("steep", slope > 0.5, "{slope} and {}", 0.5);
}
