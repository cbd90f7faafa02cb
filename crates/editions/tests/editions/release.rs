//! What a release writes into the changelog. The rest of `.ci/release` is what other tests call.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::site::ROOT;

/// A changelog with the heading of version 0.2.0, or what is wrong with it.
fn headed(changelog: &str) -> io::Result<Result<String, String>> {
    let mut script = Command::new("bash")
        .args([".ci/changelog", "0.2.0", "2026-03-04"])
        .current_dir(ROOT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = script.stdin.take() {
        input.write_all(changelog.as_bytes())?;
    }
    let done = script.wait_with_output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if done.status.success() {
        Ok(text(&done.stdout))
    } else {
        Err(text(&done.stderr))
    })
}

#[test]
fn what_is_unreleased_gets_a_heading_once() -> io::Result<()> {
    let before = "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0, 2026-01-02\n\n- Old.\n";
    let after = before.replace("## Unreleased", "## 0.2.0, 2026-03-04");
    assert_eq!(headed(before)?.as_ref(), Ok(&after));
    // On a later day, too.
    let dated = after.replace("2026-03-04", "2026-03-03");
    assert_eq!(headed(&dated)?, Ok(dated));
    Ok(())
}

#[test]
fn a_changelog_that_says_nothing_of_the_version_is_refused() -> io::Result<()> {
    for (changelog, words) in [
        (
            "## 0.1.0, 2026-01-02\n\n- Old.\n",
            "expected ## Unreleased or ## 0.2.0, found ## 0.1.0, 2026-01-02",
        ),
        ("## Unreleased\n\n## 0.1.0\n\n- Old.\n", "found nothing"),
        ("# Changelog\n", "found no heading"),
    ] {
        let wrong = headed(changelog)?.err().unwrap_or_default();
        assert!(wrong.contains(words), "{changelog:?}: {wrong:?}");
    }
    Ok(())
}
