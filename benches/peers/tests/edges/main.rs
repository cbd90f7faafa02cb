//! What other crates answer where softmax is hard is what the book's page *Which softmax?* shows.
//!
//! ```console
//! cargo test --manifest-path benches/peers/Cargo.toml
//! ```
//!
//! compares each answer with `answers.txt`, which the cells of the page read, and with
//! `UPDATE_EXPECT=1` writes that file. What is right stands in `right.txt`, printed by `right.py`.

#![allow(clippy::unwrap_used)]

mod asked;

use std::fs;
use std::path::Path;

use asked::{Answer, Question};

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap().replace('\r', "")
}

fn questions() -> Vec<Question> {
    asked::questions(&read("right.txt")).unwrap()
}

#[test]
fn the_peers_answer_as_the_book_says() {
    let found = asked::report(&questions());
    if std::env::var("UPDATE_EXPECT").is_ok_and(|update| update == "1") {
        fs::write(file("answers.txt"), &found).unwrap();
    }
    let expected = read("answers.txt");
    let differ = expected.lines().zip(found.lines()).filter(|(a, b)| a != b);
    let differ: Vec<String> = differ.map(|(a, b)| format!("- {a}\n+ {b}")).collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert_eq!(expected.lines().count(), found.lines().count());
}

/// The versions that the answers name are those that were built.
#[test]
fn the_versions_are_those_of_the_lock() {
    let lock = read("Cargo.lock");
    for (peer, _) in asked::PEERS {
        let (name, version) = peer.split_once(' ').unwrap();
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry), "{peer}");
    }
}

fn verdict(kind: &str, right: Option<f64>, answer: Answer) -> String {
    let question = Question {
        kind: kind.to_owned(),
        right,
        ..questions().swap_remove(0)
    };
    answer.verdict(&question)
}

#[test]
fn a_wrong_answer_is_not_called_right() {
    let f64 = |right, found| verdict("f64", Some(right), Answer::Number(found));
    assert_eq!(f64(0.5, 0.5), "right");
    assert_eq!(f64(0.5, 0.5 * (1.0 + 9e-15)), "right");
    assert_eq!(f64(0.5, 0.5 * (1.0 + 2e-14)), "1e-14");
    assert_eq!(f64(0.5, -0.5), "1e0");
    assert_eq!(f64(746.0, f64::INFINITY), "∞");
    assert_eq!(f64(1e-50, 0.0), "0");
    assert_eq!(f64(0.0, 0.0), "right");
    assert_eq!(f64(0.5, f64::NAN), "NaN");
    let f32 = |right, found: f32| verdict("f32", Some(right), Answer::Number(found.into()));
    assert_eq!(f32(1.0 / 3.0, 1.0 / 3.0), "right");
    assert_eq!(f32(1.0 / 3.0, 0.333333), "1e-6");
    assert_eq!(verdict("f64", None, Answer::Number(0.25)), "0.250");
    assert_eq!(verdict("f64", None, Answer::Refused("a".into())), "error");
    assert_eq!(verdict("f64", Some(1.0), Answer::NotAsked), "—");
}

#[test]
fn a_line_that_is_no_question_is_refused() {
    let right = "a | f64 | loss | 1 | 0 1; 2 3 | 0.5";
    assert_eq!(asked::questions(right).unwrap()[0].logits.len(), 2);
    for wrong in [
        right.replace("loss", "lose"),
        right.replace("| 1 |", "| 0 |"),
        right.replace("0 1;", "0 one;"),
        right.replace(" | 0.5", ""),
    ] {
        assert!(asked::questions(&wrong).is_err(), "{wrong}");
    }
}
