//! The committed modules of the book were built from what is committed.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use sha2::{Digest, Sha256};

/// All files of a folder and of those in it, by their paths from the root.
fn files(root: &Path, folder: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => files(root, &name, names)?,
            false => names.push(name),
        }
    }
    Ok(())
}

/// The digests of a module and of all that it is built from, by path: the sources of the crates
/// of this repository that it uses, itself among them, and the files that it includes.
fn digests<'a>(
    root: &Path,
    module: &str,
    packages: impl Iterator<Item = &'a str>,
    included: &[&str],
) -> io::Result<BTreeMap<String, String>> {
    let mut names = vec![format!("book/{module}/{module}.wasm")];
    names.extend(included.iter().map(|name| (*name).to_owned()));
    files(root, "src", &mut names)?;
    for package in packages.filter(|package| root.join("crates").join(package).is_dir()) {
        names.push(format!("crates/{package}/Cargo.toml"));
        files(root, &format!("crates/{package}/src"), &mut names)?;
    }
    let mut digests = BTreeMap::new();
    for name in names {
        let mut bytes = fs::read(root.join(&name))?;
        if !name.ends_with(".wasm") {
            // A checkout may end its lines in another way.
            bytes.retain(|byte| *byte != b'\r');
        }
        let digest = Sha256::digest(bytes);
        let hex = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        digests.insert(name, hex);
    }
    Ok(digests)
}

/// Whether `Cargo.lock` has the package in this version.
fn is_locked(lock: &str, package: &str, version: &str) -> bool {
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    let version = format!("version = \"{version}\"");
    while let Some(line) = lines.next() {
        if line == name && lines.next() == Some(&version) {
            return true;
        }
    }
    false
}

#[test]
fn the_lab_is_built_from_these_sources() -> io::Result<()> {
    built_from_these_sources("lab", &[])
}

#[test]
fn the_worksheets_are_built_from_these_sources() -> io::Result<()> {
    built_from_these_sources("worksheet", &[])
}

#[test]
fn the_drills_are_built_from_these_sources() -> io::Result<()> {
    built_from_these_sources("drills", &[])
}

#[test]
fn the_training_is_built_from_these_sources() -> io::Result<()> {
    built_from_these_sources("training", &["data/penguins.csv"])
}

#[test]
fn the_missteps_are_built_from_these_sources() -> io::Result<()> {
    built_from_these_sources("missteps", &[])
}

#[test]
fn the_pictures_are_built_from_these_sources() -> io::Result<()> {
    built_from_these_sources("picture", &[])
}

fn built_from_these_sources(module: &str, included: &[&str]) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let noted = fs::read_to_string(root.join(format!("book/{module}/built-from.txt")))?;
    let pairs = noted.lines().filter_map(|line| line.split_once("  "));
    let noted: BTreeMap<String, String> = pairs
        .map(|(digest, name)| (name.to_owned(), digest.to_owned()))
        .collect();
    let (packages, sources): (BTreeMap<_, _>, BTreeMap<_, _>) = noted
        .into_iter()
        .partition(|(name, _)| name.starts_with("package "));
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    let others = packages.iter().filter(|(name, version)| {
        let package = name.trim_start_matches("package ");
        !is_locked(&lock, package, version)
    });
    let others: Vec<&String> = others.map(|(name, _)| name).collect();
    assert!(
        packages.contains_key("package ndarray") && others.is_empty(),
        "{module}.wasm was built with other versions of {others:?} than Cargo.lock has; run crates/{module}/build"
    );

    let packages = packages.keys();
    let packages = packages.filter_map(|name| name.strip_prefix("package "));
    let found = digests(&root, module, packages, included)?;
    let changed: Vec<&String> = found
        .keys()
        .chain(sources.keys())
        .filter(|name| found.get(*name) != sources.get(*name))
        .collect();
    assert!(
        changed.is_empty(),
        "changed since {module}.wasm was built: {changed:?}; run crates/{module}/build"
    );
    Ok(())
}
