//! Writes what a class is given: a folder for the students, and one for the teacher.
//!
//! Both are made of the files of this repository, so that neither falls behind the book. In either
//! folder each package stands by itself, beside the others.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use toml::{Table, Value};

use crate::assignment::{self, Assignment, Exercise};

pub(crate) mod split;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The two folders that were written.
pub struct Released {
    /// What is handed out.
    pub students: PathBuf,
    /// What is not.
    pub teacher: PathBuf,
}

/// Writes both folders into one that is empty, or not there yet.
pub fn release(folder: &Path, seed: u32) -> Result<Released> {
    refuse_full(folder)?;
    let house = House::new();
    let assignment = Assignment::of_book(&house.at("book"), seed)?;
    let students = folder.join("students");
    let teacher = folder.join("teacher");
    house.write_students(&students, &assignment)?;
    house.write_teacher(&teacher, &assignment)?;
    Ok(Released { students, teacher })
}

/// A folder with something in it may hold what somebody wrote.
pub(crate) fn refuse_full(folder: &Path) -> Result<()> {
    let found = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().transpose()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{}: {error}", folder.display()).into()),
    };
    match found {
        None => Ok(()),
        Some(entry) => {
            let (folder, entry) = (folder.display(), entry.file_name());
            let entry = entry.to_string_lossy();
            Err(format!("{folder}: expected an empty folder, found {entry} in it").into())
        }
    }
}

/// This repository.
struct House(PathBuf);

/// The packages that both folders need, each with where it stands here.
const COMMON: [(&str, &str); 2] = [("mistakes", "crates/mistakes"), ("softmax-backprop", ".")];

impl House {
    fn new() -> Self {
        Self(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    fn read(&self, path: &str) -> Result<String> {
        let path = self.at(path);
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        // A checkout may end its lines otherwise.
        Ok(text.replace("\r\n", "\n"))
    }

    fn write_students(&self, to: &Path, assignment: &Assignment) -> Result<()> {
        for (name, from) in COMMON {
            self.copy_package(from, &["src"], &to.join(name))?;
        }
        self.copy_package("course/report", &["src"], &to.join("report"))?;

        let manifest = self.manifest("course/exercises")?;
        write_batch_type(to, &manifest)?;
        write(&to.join("exercises/Cargo.toml"), &stubs(&manifest)?)?;
        write(&to.join("checks/Cargo.toml"), &checks(&manifest)?)?;

        let mut modules = "//! The exercises. Each file says what is to be written.\n".to_owned();
        for Exercise { name, .. } in &assignment.exercise {
            let source = self.read(&format!("course/exercises/src/{name}.rs"))?;
            let parts = split::split(name, &source)?;
            write(&to.join(format!("exercises/src/{name}.rs")), &parts.stub)?;
            write(&to.join(format!("checks/src/{name}.rs")), &parts.check)?;
            modules += &format!("\npub mod {name};\n");
        }
        write(&to.join("exercises/src/lib.rs"), &modules)?;
        let compare = self.read("course/exercises/src/compare.rs")?;
        write(&to.join("checks/src/compare.rs"), &compare)?;
        write(&to.join("checks/src/list.rs"), &self.list(assignment)?)?;
        let main = include_str!("../student/main.rs").replace("\r\n", "\n");
        let first = "use list::Exercise;\n";
        let mut modules = "mod compare;\nmod list;\n".to_owned();
        for Exercise { name, .. } in &assignment.exercise {
            modules += &format!("mod {name};\n");
        }
        let main = main.replacen(first, &format!("{first}\n{modules}"), 1);
        write(&to.join("checks/src/main.rs"), &main)?;

        let members = [
            "batch-type",
            "checks",
            "exercises",
            "mistakes",
            "report",
            "softmax-backprop",
        ];
        self.write_workspace(to, &members, &["checks", "exercises"])?;
        let mut readme = include_str!("../student/README.md").replace("\r\n", "\n");
        for Exercise {
            name,
            title,
            points,
        } in &assignment.exercise
        {
            readme += &format!("| {title} | `exercises/src/{name}.rs` | {points} |\n");
        }
        write(&to.join("README.md"), &readme)?;
        write(
            &to.join(".gitignore"),
            "/target\n/report.html\n/report.json\n",
        )?;
        let workflow = include_str!("../student/check.yml").replace("\r\n", "\n");
        write(&to.join(".github/workflows/check.yml"), &workflow)
    }

    fn write_teacher(&self, to: &Path, assignment: &Assignment) -> Result<()> {
        for (name, from) in COMMON {
            self.copy_package(from, &["src"], &to.join(name))?;
        }
        let packages: [(&str, &[&str]); 3] = [
            ("exercises", &["src", "tests/answers"]),
            ("judge", &["src", "tests", "runners"]),
            ("wire", &["src"]),
        ];
        for (name, folders) in packages {
            self.copy_package(&format!("course/{name}"), folders, &to.join(name))?;
        }
        write_batch_type(to, &self.manifest("course/exercises")?)?;
        let members = [
            "batch-type",
            "exercises",
            "judge",
            "mistakes",
            "softmax-backprop",
            "wire",
        ];
        self.write_workspace(to, &members, &["judge"])?;
        write(
            &to.join(assignment::FILE),
            &toml::to_string_pretty(assignment)?,
        )?;
        write(
            &to.join("README.md"),
            &include_str!("../teacher/README.md").replace("\r\n", "\n"),
        )?;
        write(&to.join(".gitignore"), "/target\n")
    }

    /// Copies folders and licences of a package, and its manifest as it must be elsewhere.
    fn copy_package(&self, from: &str, folders: &[&str], to: &Path) -> Result<()> {
        for folder in folders {
            copy_sources(&self.at(from).join(folder), &to.join(folder))?;
        }
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            write(&to.join(licence), &self.read(licence)?)?;
        }
        // It is the crate's documentation as well.
        if from == "." {
            write(&to.join("README.md"), &self.read("README.md")?)?;
        }
        let mut manifest = self.manifest(from)?;
        if let Some(Value::Array(tests)) = manifest.get_mut("test") {
            // Those of the book's pages stay here.
            let path = |test: &Value| {
                test.get("path")
                    .and_then(Value::as_str)
                    .map(|path| to.join(path))
            };
            tests.retain(|test| path(test).is_some_and(|path| path.exists()));
        }
        let manifest = toml::to_string_pretty(&manifest)?;
        write(&to.join("Cargo.toml"), &manifest)
    }

    /// The manifest of a package, without what holds in this repository alone, and with the packages
    /// that it needs beside it.
    fn manifest(&self, package: &str) -> Result<Table> {
        let mut manifest: Table = self.read(&format!("{package}/Cargo.toml"))?.parse()?;
        for key in ["dev-dependencies", "lints", "profile", "workspace"] {
            manifest.remove(key);
        }
        let Some(Value::Table(dependencies)) = manifest.get_mut("dependencies") else {
            return Ok(manifest);
        };
        let is_path = |dependency: &Value| dependency.get("path").is_some();
        // A figure of the book's, and the feature that draws it: not for a class.
        let of_book =
            |dependency: &Value| is_path(dependency) && dependency.get("optional").is_some();
        let has_feature = dependencies
            .iter()
            .any(|(_, dependency)| of_book(dependency));
        dependencies.retain(|_, dependency| !of_book(dependency));
        for (name, dependency) in dependencies.iter_mut() {
            if is_path(dependency)
                && let Value::Table(dependency) = dependency
            {
                dependency.insert("path".to_owned(), format!("../{name}").into());
            }
        }
        if has_feature && let Some(Value::Table(features)) = manifest.get_mut("features") {
            features.remove("default");
            for (_, feature) in features.iter_mut() {
                *feature = Value::Array(Vec::new());
            }
        }
        Ok(manifest)
    }

    /// What makes the packages of a folder one workspace, with the versions that this one has.
    fn write_workspace(&self, to: &Path, members: &[&str], default: &[&str]) -> Result<()> {
        let list = |names: &[&str]| names.iter().map(|name| Value::from(*name)).collect();
        let mut workspace = Table::new();
        workspace.insert("resolver".to_owned(), "3".into());
        workspace.insert("members".to_owned(), Value::Array(list(members)));
        workspace.insert("default-members".to_owned(), Value::Array(list(default)));
        let mut manifest = Table::new();
        manifest.insert("workspace".to_owned(), workspace.into());
        write(&to.join("Cargo.toml"), &toml::to_string_pretty(&manifest)?)?;
        write(&to.join("Cargo.lock"), &self.read("Cargo.lock")?)?;
        prune_lock(to)
    }

    /// The list of exercises, as Rust.
    fn list(&self, assignment: &Assignment) -> Result<String> {
        let mut rows = String::new();
        for Exercise {
            name,
            title,
            points,
        } in &assignment.exercise
        {
            let source = self.read(&format!("course/exercises/src/{name}.rs"))?;
            let function = split::function(name, &source)?;
            rows += &format!(
                "        Exercise {{\n            name: {name:?},\n            title: {title:?},\n            \
                 points: {points},\n            \
                 check: || crate::{name}::check(exercises::{name}::{function}),\n        }},\n"
            );
        }
        let count = assignment.exercise.len();
        Ok(format!(
            "//! The exercises, in the order of the book.\n\n\
             /// An exercise and how it is tried.\n\
             pub struct Exercise {{\n    \
                 /// Its file, without the extension.\n    pub name: &'static str,\n    \
                 /// Its heading in the book.\n    pub title: &'static str,\n    \
                 /// What it counts when it is done.\n    pub points: u32,\n    \
                 /// Tries the answer.\n    pub check: fn() -> crate::Check,\n}}\n\n\
             /// All of them.\n\
             pub fn exercises() -> [Exercise; {count}] {{\n    [\n{rows}    ]\n}}\n"
        ))
    }
}

/// The dependencies of a manifest.
fn dependencies(manifest: &mut Table) -> Result<&mut Table> {
    match manifest.get_mut("dependencies") {
        Some(Value::Table(dependencies)) => Ok(dependencies),
        _ => Err("a manifest: expected dependencies, found none".into()),
    }
}

fn beside(package: &str) -> Value {
    let mut dependency = Table::new();
    dependency.insert("path".to_owned(), format!("../{package}").into());
    dependency.into()
}

/// The manifest of the exercises, renamed.
fn renamed(exercises: &Table, name: &str, description: &str) -> Table {
    let mut manifest = exercises.clone();
    for key in ["lib", "test"] {
        manifest.remove(key);
    }
    if let Some(Value::Table(package)) = manifest.get_mut("package") {
        package.insert("name".to_owned(), name.into());
        package.insert("description".to_owned(), description.into());
    }
    manifest
}

/// The package of what an answer may name of the mistakes: the type of a test point.
fn write_batch_type(to: &Path, exercises: &Table) -> Result<()> {
    let mut manifest = renamed(exercises, "batch-type", "The type of a test point");
    dependencies(&mut manifest)?.retain(|name, _| name == "mistakes");
    write(
        &to.join("batch-type/Cargo.toml"),
        &toml::to_string_pretty(&manifest)?,
    )?;
    write(
        &to.join("batch-type/src/lib.rs"),
        "//! The type of a test point, without the mistakes that it is to catch.\n\n\
         pub use mistakes::Batch;\n",
    )
}

/// The manifest of the stubs. The crate that has the answers ready is for tests alone.
fn stubs(exercises: &Table) -> Result<String> {
    let mut manifest = renamed(exercises, "exercises", "What the student writes");
    let dependencies = dependencies(&mut manifest)?;
    let answers = dependencies.remove("softmax-backprop");
    let answers = answers.unwrap_or_else(|| beside("softmax-backprop"));
    let Value::Table(mut batch) = beside("batch-type") else {
        return Err("a dependency: expected a table".into());
    };
    batch.insert("package".to_owned(), "batch-type".into());
    dependencies.insert("mistakes".to_owned(), batch.into());
    let mut tests = Table::new();
    tests.insert("softmax-backprop".to_owned(), answers);
    manifest.insert("dev-dependencies".to_owned(), tests.into());
    Ok(toml::to_string_pretty(&manifest)?)
}

/// The manifest of the public checks.
fn checks(exercises: &Table) -> Result<String> {
    let mut manifest = renamed(exercises, "checks", "Tries the exercises, and reports");
    let dependencies = dependencies(&mut manifest)?;
    for package in ["exercises", "report"] {
        dependencies.insert(package.to_owned(), beside(package));
    }
    Ok(toml::to_string_pretty(&manifest)?)
}

/// Writes a file, and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let wrong = |error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(wrong)?;
    }
    Ok(fs::write(path, text).map_err(wrong)?)
}

/// Copies the Rust files of a folder and of those below it.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_sources(&path, &to)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            write(&to, &fs::read_to_string(path)?.replace("\r\n", "\n"))?;
        }
    }
    Ok(())
}

/// Takes from the lock file what the folder does not need. Nothing is fetched where all is at hand.
fn prune_lock(folder: &Path) -> Result<()> {
    let mut said = String::new();
    for offline in [true, false] {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo
            .args(["update", "--workspace", "--quiet"])
            .current_dir(folder);
        if offline {
            cargo.arg("--offline");
        }
        let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        said = String::from_utf8_lossy(&output.stderr).into_owned();
    }
    Err(format!("the lock file of {}: {said}", folder.display()).into())
}
