//! The book as an app: installed, and read without a network after one visit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use quick_xml::escape::escape;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::book::Book;

/// Registers the worker.
const SCRIPT: &str = include_str!("offline.js");

/// Keeps the copy, of the files whose list is written into it.
const WORKER: &str = include_str!("worker.js");

/// The files that are written here.
const MANIFEST: &str = "book.webmanifest";
const WORKER_FILE: &str = "worker.js";
const SCRIPT_FILE: &str = "offline.js";

/// The icon for the screen of a telephone that reads no manifest, where it is there.
const TOUCH: &str = "icon-180.png";

/// The icons of the app as pictures, each where it is there.
const PICTURES: [(&str, &str); 2] = [("icon-192.png", "192x192"), ("icon-512.png", "512x512")];

/// What a reader who has no network is not given: the whole book once more, and the page that a host
/// shows where there is none.
const LEFT_OUT: [&str; 3] = ["print.html", "404.html", WORKER_FILE];

/// The kinds of files that pages consist of. An edition to download is none.
const KINDS: [&str; 8] = [
    "css",
    "html",
    "js",
    "png",
    "svg",
    "wasm",
    "webmanifest",
    "woff2",
];

/// What a page of a published book has in its head.
pub fn tags(address: &str, to_root: &str, built: &Path) -> String {
    let mut tags = format!(
        "<script defer src=\"{to_root}{SCRIPT_FILE}\" data-home=\"{}\"></script>\n",
        escape(address)
    );
    if built.join(TOUCH).exists() {
        tags += &format!("<link rel=\"apple-touch-icon\" href=\"{to_root}{TOUCH}\">\n");
    }
    tags
}

/// Writes what makes an app of a book that has an address.
pub fn write(book: &Book, built: &Path) -> io::Result<()> {
    if book.address.is_none() {
        return Ok(());
    }
    fs::write(built.join(SCRIPT_FILE), SCRIPT)?;
    fs::write(built.join(MANIFEST), manifest(book, built)?)?;
    let files = serde_json::to_string_pretty(&digests(built)?)?;
    let worker = WORKER.replacen("FILES", &files, 1);
    fs::write(built.join(WORKER_FILE), worker)
}

/// What the app is called and looks like. It keeps the buttons of a browser: a book is gone back in.
fn manifest(book: &Book, built: &Path) -> io::Result<String> {
    let mut icons = vec![json!({ "src": icon(built)?, "sizes": "any", "type": "image/svg+xml" })];
    for (file, size) in PICTURES {
        if built.join(file).exists() {
            icons.push(json!({
                "src": file, "sizes": size, "type": "image/png", "purpose": "any maskable",
            }));
        }
    }
    let manifest = json!({
        "id": "./",
        "name": book.title,
        "short_name": "Softmax",
        "description": book.description,
        "lang": book.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": icons,
    });
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

/// The icon of the book, into whose name mdBook has put its digest.
fn icon(built: &Path) -> io::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(built)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    let mut icons = names
        .into_iter()
        .filter(|name| name.starts_with("favicon") && name.ends_with(".svg"));
    let icon = icons.next();
    icon.ok_or_else(|| io::Error::other("expected an icon, favicon.svg, found none"))
}

/// The digest of each file that a reader without a network is given, by its path.
fn digests(built: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(built.join(&folder))? {
            let entry = entry?;
            let inside = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(inside);
            } else if is_read(&inside) {
                let steps: Vec<_> = inside.iter().map(|step| step.to_string_lossy()).collect();
                digests.insert(steps.join("/"), digest(&fs::read(entry.path())?));
            }
        }
    }
    Ok(digests)
}

/// Whether a file is one that pages consist of. What the cells have printed stands in the pages.
fn is_read(path: &Path) -> bool {
    let kind = path.extension().unwrap_or_default().to_string_lossy();
    KINDS.contains(&&*kind)
        && !path.starts_with("out")
        && path != Path::new(crate::site::CARD)
        && !LEFT_OUT.iter().any(|one| path == Path::new(one))
}

/// The beginning of the digest, which tells the files of two builds apart.
fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let bytes = digest.iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_beginning_of_sha_256() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea");
    }

    #[test]
    fn what_is_downloaded_or_printed_is_not_kept() {
        for (path, kept) in [
            ("derivation/softmax.html", true),
            ("lab/lab.wasm", true),
            ("favicon-1234.svg", true),
            ("print.html", false),
            ("card.png", false),
            ("worker.js", false),
            ("softmax-back-propagated.epub", false),
            ("derivation/softmax.pdf", false),
            ("derivation/softmax.md", false),
            ("out/curvature/slices.slices.svg", false),
        ] {
            assert_eq!(is_read(Path::new(path)), kept, "{path}");
        }
    }
}
