//! Answers that are wrong, each by a mistake that students make: the check refuses it, in words
//! that say what is wrong. And right ones that go another way than the solution: it accepts them.
//!
//! `cargo test -p exercises --test answers -- --nocapture` prints all messages.

mod checks;
mod layers;
mod numbers;
mod rest;
mod tables;
mod training;

use exercises::Check;

/// Each wrong answer, as its mistake, the check of it, and words of the message.
fn each_refused<const N: usize>(exercise: &str, answers: [(&str, Check, &str); N]) {
    for (mistake, check, words) in answers {
        let Err(message) = check else {
            panic!("{exercise}: accepted, {mistake}");
        };
        let message = message.to_string();
        println!("{exercise}, {mistake}: {message}");
        assert!(
            message.contains(words),
            "{exercise}, {mistake}: expected {words:?}, found {message:?}"
        );
    }
}

/// Each right answer, as its way and the check of it.
fn each_accepted<const N: usize>(exercise: &str, answers: [(&str, Check); N]) {
    for (way, check) in answers {
        if let Err(message) = check {
            panic!("{exercise}: refused, {way}: {message}");
        }
    }
}
