//! The notebooks that `course notebooks` writes. Those in Rust are compiled as one program, and
//! print what they say; `course/notebooks/run.py` executes those in Python.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A code cell of a notebook.
struct Cell {
    source: String,
    printed: String,
    compares: bool,
}

/// Where Cargo puts what it makes for this package's tests.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Writes the notebooks into a folder of this name.
fn notebooks(name: &str) -> Result<PathBuf> {
    let folder = folder(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let output = course(&folder)?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(folder)
}

fn course(folder: &Path) -> Result<std::process::Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_course"));
    Ok(command.arg("notebooks").arg(folder).output()?)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// The text that a notebook stores as a list of lines.
fn joined(lines: &Value) -> String {
    let lines = lines.as_array().into_iter().flatten();
    lines.filter_map(Value::as_str).collect()
}

fn code_cells(notebook: &Value) -> Vec<Cell> {
    let cells = notebook["cells"].as_array().into_iter().flatten();
    let code = cells.filter(|cell| cell["cell_type"] == "code");
    let cell = |cell: &Value| Cell {
        source: joined(&cell["source"]),
        printed: joined(&cell["outputs"][0]["text"]),
        compares: cell["metadata"]["tags"][0] == "compare",
    };
    code.map(cell).collect()
}

/// All of them, below `folder`, with their paths.
fn all(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(all(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn jupyter_can_read_them() -> Result<()> {
    let paths = all(&notebooks("read")?)?;
    assert_eq!(paths.len(), 10);
    for path in paths {
        let notebook = read(&path)?;
        assert_eq!(
            (&notebook["nbformat"], &notebook["nbformat_minor"]),
            (&4.into(), &5.into())
        );
        let cells = notebook["cells"].as_array().cloned().unwrap_or_default();
        let mut ids: Vec<&str> = cells
            .iter()
            .filter_map(|cell| cell["id"].as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(
            ids.len(),
            cells.len(),
            "{}: an id for each cell",
            path.display()
        );
        for cell in &cells {
            let text = joined(&cell["source"]);
            let left = [
                "{{", "\\vx", "\\vy", "\\yhat", "\\pd", "<figure", "<!--", ".md)",
            ]
            .into_iter()
            .find(|left| cell["cell_type"] == "markdown" && text.contains(left));
            assert_eq!(left, None, "{}: left in\n{text}", path.display());
        }
    }
    Ok(())
}

#[test]
fn what_students_get_holds_no_solution() -> Result<()> {
    let folder = notebooks("blanks")?;
    for name in ["derivation", "example", "exercises"] {
        let teacher = code_cells(&read(&folder.join(format!("teacher/{name}.ipynb")))?);
        let students = code_cells(&read(&folder.join(format!("students/{name}.ipynb")))?);
        assert_eq!(teacher.len(), students.len());
        let mut blanks = 0;
        for (teacher, student) in teacher.iter().zip(&students) {
            assert!(!student.source.contains("SOLUTION"), "{}", student.source);
            let solved = teacher.source.contains("BEGIN SOLUTION");
            assert_eq!(student.source.contains("...  # Write this."), solved);
            blanks += usize::from(solved);
        }
        let compared = students.iter().filter(|cell| cell.compares).count();
        assert_eq!(blanks, compared, "{name}: each blank is compared");
    }
    Ok(())
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() -> Result<()> {
    let folder = folder("full");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("mine.txt"), "mine")?;
    let output = course(&folder)?;
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("expected an empty folder, found mine.txt"),
        "{said}"
    );
    assert_eq!(all(&folder)?.len(), 1);
    Ok(())
}

/// What stands between what two cells print.
const BETWEEN: &str = "\u{c}\n";

/// A function for each cell behind the first, which says what the others need. A cell that compares
/// stands in the scope of the one before it.
fn module(name: &str, cells: &[Cell]) -> String {
    let (mut functions, mut calls, mut before) = (String::new(), String::new(), String::new());
    let [head, cells @ ..] = cells else {
        return String::new();
    };
    let head = head.source.lines().filter(|line| !line.starts_with(":dep"));
    let head: Vec<&str> = head.collect();
    for (number, cell) in cells.iter().enumerate() {
        let source = &cell.source;
        if cells.get(number + 1).is_some_and(|next| next.compares) {
            before.clone_from(source);
            continue;
        }
        functions += &format!(
            "fn cell_{number}() -> std::result::Result<(), Box<dyn std::error::Error>> {{\n\
             {before}\n{{\n{source}\n}}\nOk(())\n}}\n"
        );
        calls += &format!(
            "if let Err(error) = cell_{number}() {{ std::println!(\"error: {{error}}\"); }}\n\
             std::print!({BETWEEN:?});\n"
        );
        before.clear();
    }
    let head = head.join("\n");
    format!("mod {name} {{\n{head}\n{functions}\npub fn run() {{\n{calls}}}\n}}\n")
}

/// A package beside the others, with the versions and the profiles that they have.
fn write_package(main: &str) -> Result<PathBuf> {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let package = folder("program");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/main.rs"), main)?;
    fs::copy(house.join("Cargo.lock"), package.join("Cargo.lock"))?;
    let path = |name: &str| house.join(name).display().to_string();
    let manifest = format!(
        "[package]\nname = \"cells\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\ngiven = {{ path = {:?} }}\nexercises = {{ path = {:?} }}\n\
         ndarray = \"0.17\"\nsoftmax-backprop = {{ path = {:?} }}\n\n\
         [profile.dev]\ndebug = false\n",
        path("crates/given"),
        path("course/exercises"),
        path(""),
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    Ok(package)
}

#[test]
fn the_cells_in_rust_print_what_they_say() -> Result<()> {
    let folder = notebooks("rust")?.join("rust");
    let names = [
        "example",
        "derivation",
        "teacher/exercises",
        "students/exercises",
    ];
    let (mut modules, mut calls, mut expected) = (String::new(), String::new(), Vec::new());
    for name in names {
        let cells = code_cells(&read(&folder.join(format!("{name}.ipynb")))?);
        let module_name = name.replace('/', "_");
        modules += &module(&module_name, &cells);
        calls += &format!("{module_name}::run();\n");
        let printing = cells.into_iter().skip(1);
        let printing = printing.filter(|cell| cell.compares || !cell.printed.is_empty());
        expected.extend(printing.map(|cell| (name, cell)));
    }
    let package = write_package(&format!("{modules}\nfn main() {{\n{calls}}}\n"))?;
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let mut run = Command::new(cargo);
    run.args(["run", "--quiet", "--offline"])
        .current_dir(&package);
    // In the folder of this test's own program, where the other packages are built already.
    run.env(
        "CARGO_TARGET_DIR",
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."),
    );
    let output = run.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    let printed = String::from_utf8(output.stdout)?;
    let printed: Vec<&str> = printed.split_terminator(BETWEEN).collect();
    assert_eq!(printed.len(), expected.len(), "cells that print something");
    for ((name, cell), printed) in expected.iter().zip(printed) {
        match cell.printed.is_empty() {
            // A stub: the check says what is wrong with it.
            true => assert!(printed.contains(": expected"), "{name}: {printed}"),
            false => assert_eq!(
                printed, cell.printed,
                "{name}, what the cell prints:\n{}",
                cell.source
            ),
        }
    }
    Ok(())
}
