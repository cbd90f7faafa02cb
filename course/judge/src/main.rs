//! `judge <exercise> <seed>`: tries the answer at the other end of the standard input, a socket.
//!
//! Prints what is wrong with it. The exit code is 0 for a right answer, 1 for a wrong one, 2 where
//! none came.

use std::process::ExitCode;

use judge::{judge, remote};

/// How many characters of a message are printed.
const LONGEST: usize = 2_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [exercise, seed] = &arguments[..] else {
        eprintln!(
            "arguments: expected an exercise and a seed, found {arguments:?}"
        );
        return ExitCode::from(3);
    };
    let Ok(seed) = seed.parse() else {
        eprintln!("the seed: expected a whole number, found {seed:?}");
        return ExitCode::from(3);
    };
    if let Err(error) = remote::open() {
        eprintln!("the standard input: expected a socket, found: {error}");
        return ExitCode::from(3);
    }
    let Some(found) = judge(exercise, seed) else {
        eprintln!("the exercise: expected one of the book, found {exercise:?}");
        return ExitCode::from(3);
    };
    match (remote::broken(), found) {
        (Some(reason), _) => {
            println!("{reason}");
            ExitCode::from(2)
        }
        (None, Err(message)) => {
            // What was found may be long.
            let start: String = message.to_string().chars().take(LONGEST).collect();
            println!("{start}");
            ExitCode::from(1)
        }
        (None, Ok(())) => ExitCode::SUCCESS,
    }
}
