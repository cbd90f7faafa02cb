//! What the checks catch, and that they raise no false alarm.

use mistakes::checks::Check;
use mistakes::{ALL, RIGHT, checks, points};
use softmax_backprop::Result;

/// The names of the checks that catch a mistake at a point.
fn caught_by(mistake: &mistakes::Mistake, batch: &mistakes::Batch) -> Result<Vec<&'static str>> {
    let mut names = Vec::new();
    for Check { name, caught } in checks::ALL {
        if caught(mistake, batch)? {
            names.push(name);
        }
    }
    Ok(names)
}

#[test]
fn the_right_gradient_raises_no_alarm() -> Result<()> {
    for point in points::all() {
        assert_eq!(caught_by(&RIGHT, &point.batch)?, [""; 0], "{}", point.name);
        let gradient = checks::reference_gradient(&RIGHT, &point.batch)?;
        assert!(!gradient, "{}", point.name);
    }
    Ok(())
}

#[test]
fn every_mistake_is_caught_at_the_good_point() -> Result<()> {
    for mistake in &ALL {
        let names = caught_by(mistake, &points::good())?;
        assert!(names.contains(&"reference"), "{}", mistake.name);
        // Without a reference, a label that is consistently wrong looks right.
        let alone = mistake.name == "label off by one";
        assert_eq!(names.len() == 1, alone, "{}: {names:?}", mistake.name);
    }
    Ok(())
}

#[test]
fn every_check_catches_something_at_the_good_point() -> Result<()> {
    for check in checks::ALL {
        let mut caught = 0;
        for mistake in &ALL {
            caught += usize::from((check.caught)(mistake, &points::good())?);
        }
        assert!(caught > 0, "{}", check.name);
    }
    Ok(())
}

#[test]
fn names_are_different() {
    let mut names: Vec<&str> = ALL.iter().map(|mistake| mistake.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}
