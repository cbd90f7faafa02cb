//! Paths as links write them: relative to a page, and separated by `/`.

/// Where `link`, written in the file `from`, leads. `None` where it climbs above the root.
pub fn join(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A link's path and its anchor, without `?…`.
pub fn split_anchor(link: &str) -> (&str, Option<&str>) {
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (link, None),
    };
    (path.split('?').next().unwrap_or(path), anchor)
}

/// Whether a link begins with a scheme, as in `https:` or `mailto:`.
pub fn has_scheme(link: &str) -> bool {
    let Some((scheme, _)) = link.split_once(':') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain)
}

/// Whether what is loaded from this address comes from another host.
pub fn is_remote(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    address.starts_with("//") || (has_scheme(&address) && !address.starts_with("data:"))
}

#[test]
fn a_link_is_resolved_from_its_page() {
    let from = |link| join("book/derivation/softmax.md", link);
    assert_eq!(from("loss.md").as_deref(), Some("book/derivation/loss.md"));
    assert_eq!(from("../out/a.txt").as_deref(), Some("book/out/a.txt"));
    assert_eq!(from("../../README.md").as_deref(), Some("README.md"));
    assert_eq!(from("../../../secret"), None);
}

#[test]
fn a_remote_address_is_known_by_its_beginning() {
    assert!(is_remote("https://cdn.example.org/katex.css"));
    assert!(is_remote(" //cdn.example.org/katex.css"));
    assert!(is_remote("HTTP://example.org"));
    assert!(!is_remote("katex/katex.min.css"));
    assert!(!is_remote("#arrow"));
    assert!(!is_remote("data:image/png;base64,AA"));
}
