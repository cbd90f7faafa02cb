//! Compiles answers and tries them, with what the teacher's folder was built into.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;
use tempfile::TempDir;

use crate::assignment::{self, Assignment, Exercise};

use super::confine::Confined;
use super::process::{End, PAUSE, Running};
use super::{Found, Result};

/// What answers are compiled with, and who judges them.
pub struct Workshop {
    /// The compiler itself, not what chooses one of several.
    rustc: PathBuf,
    /// The folder that it belongs to.
    toolchain: PathBuf,
    /// The program that judges.
    judge: PathBuf,
    /// What answers are compiled with, apart from the solutions.
    libraries: TempDir,
    /// Each library that an answer or its runner names, with its file.
    externs: Vec<(&'static str, PathBuf)>,
    /// What the answers are compiled into.
    runners: PathBuf,
    seed: u32,
    seconds: u32,
    megabytes: u32,
}

/// How long the compiler may take, and how much memory: it maps more than it uses.
const COMPILER: (u32, u32) = (30, 2048);

/// How long one process is waited for when the other has ended.
const GRACE: Duration = Duration::from_secs(5);

/// How much of a compiler's message is reported.
const LONGEST: usize = 4 << 10;

/// Names under which answers and runners know a package, and those of the packages.
const NAMES: [(&str, &str); 3] = [
    ("mistakes", "batch_type"),
    ("ndarray", "ndarray"),
    ("wire", "wire"),
];

/// What the system's programs and libraries are read from.
const SYSTEM: [&str; 5] = ["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"];
/// What a program needs in order to start.
const LOADER: [&str; 4] = ["/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache"];

/// What cargo made of the teacher's folder.
struct Built {
    judge: PathBuf,
    libraries: TempDir,
    externs: Vec<(&'static str, PathBuf)>,
}

impl Built {
    fn build(teacher: &Path) -> Result<Self> {
        let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
        let messages = said(
            Command::new(cargo)
                .args(["build", "--quiet", "--locked"])
                .args(["--message-format=json-render-diagnostics"])
                .args(["-p", "judge", "-p", "batch-type"])
                .current_dir(teacher),
        )?;
        let libraries = tempfile::tempdir()?;
        let mut externs = Vec::new();
        let mut judge = None;
        for message in messages.lines() {
            let message: Value = serde_json::from_str(message)?;
            let name = message["target"]["name"].as_str().unwrap_or_default();
            if name == "judge" && message["executable"].is_string() {
                judge = message["executable"].as_str().map(PathBuf::from);
            }
            // These hold the solutions.
            if ["judge", "exercises"].contains(&name) {
                continue;
            }
            let files = message["filenames"].as_array().into_iter().flatten();
            for file in files.filter_map(Value::as_str).map(Path::new) {
                let Some(file_name) = file.file_name().filter(|_| is_library(file)) else {
                    continue;
                };
                let copy = libraries.path().join(file_name);
                fs::copy(file, &copy)?;
                for (known_as, _) in NAMES.iter().filter(|(_, package)| *package == name) {
                    externs.push((*known_as, copy.clone()));
                }
            }
        }
        if externs.len() != NAMES.len() {
            let found: Vec<&str> = externs.iter().map(|(name, _)| *name).collect();
            return Err(format!("the libraries: expected {NAMES:?}, found {found:?}").into());
        }
        let judge = judge.ok_or("the teacher's folder: expected the program judge, found none")?;
        Ok(Self {
            judge,
            libraries,
            externs,
        })
    }
}

impl Workshop {
    /// Builds the teacher's folder.
    pub fn build(teacher: &Path, assignment: &Assignment) -> Result<Self> {
        let runners = fs::canonicalize(teacher.join("judge/runners"))?;
        for Exercise { name, .. } in &assignment.exercise {
            if !runners.join(format!("{name}.rs")).is_file() {
                let (file, runners) = (assignment::FILE, runners.display());
                let message = format!("{name}: expected an exercise of {runners}, found none");
                return Err(format!("{file}: {message}").into());
            }
        }
        let toolchain = said(
            Command::new("rustc")
                .args(["--print", "sysroot"])
                .current_dir(teacher),
        )?;
        let toolchain = PathBuf::from(toolchain.trim_end());
        let built = Built::build(teacher)?;
        let workshop = Self {
            rustc: toolchain.join("bin/rustc"),
            toolchain,
            judge: built.judge,
            libraries: built.libraries,
            externs: built.externs,
            runners,
            seed: assignment.seed,
            seconds: assignment.seconds,
            megabytes: assignment.megabytes,
        };
        workshop.try_sandbox()?;
        Ok(workshop)
    }

    /// Compiles an answer and tries it.
    pub fn try_answer(&self, exercise: &str, source: &str) -> Result<Found> {
        let bench = tempfile::tempdir()?;
        let bench = fs::canonicalize(bench.path()).map(|path| (path, bench))?;
        let (bench, _kept) = (bench.0.as_path(), bench.1);
        let file = format!("{exercise}.rs");
        fs::write(bench.join(&file), source)?;
        let library = [
            "--crate-name",
            "answer",
            "--crate-type",
            "rlib",
            file.as_str(),
        ];
        if let Some(message) = self.compile(bench, &library, &["mistakes", "ndarray"])? {
            return Ok(Found::wrong(format!(
                "expected an answer that compiles, found:\n{message}"
            )));
        }
        fs::copy(self.runners.join(&file), bench.join("runner.rs"))?;
        let runner = [
            "--crate-name",
            "runner",
            "runner.rs",
            "--extern",
            "answer=libanswer.rlib",
        ];
        if let Some(message) = self.compile(bench, &runner, &["ndarray", "wire"])? {
            return Ok(Found::wrong(format!(
                "expected the function that was asked for, found that it cannot be called:\n{message}"
            )));
        }
        self.run(exercise, bench)
    }

    /// Compiles a file. What the compiler has against it is no error.
    fn compile(&self, bench: &Path, what: &[&str], externs: &[&str]) -> Result<Option<String>> {
        let mut command: Vec<PathBuf> = vec![self.rustc.clone()];
        command.extend(what.iter().map(PathBuf::from));
        let fixed = [
            "--edition=2024",
            "--cap-lints=allow",
            "--color=never",
            "-Coverflow-checks=on",
        ];
        command.extend(fixed.map(PathBuf::from));
        command.push("-L".into());
        command.push(format!("dependency={}", self.libraries.path().display()).into());
        for (name, file) in self
            .externs
            .iter()
            .filter(|(name, _)| externs.contains(name))
        {
            command.push("--extern".into());
            command.push(format!("{name}={}", file.display()).into());
        }
        let mut read: Vec<PathBuf> = SYSTEM.map(PathBuf::from).into();
        read.extend([self.toolchain.clone(), self.libraries.path().to_owned()]);
        let (seconds, megabytes) = COMPILER;
        let confined = Confined {
            read,
            write: vec![bench.to_owned(), "/dev/null".into()],
            seconds,
            megabytes,
            programs: true,
            command,
        };
        let ended = Running::start(&confined, bench, Stdio::null())?.wait()?;
        Ok(match ended.how {
            End::Status(status) if status.success() => None,
            End::Status(status) if ended.printed.trim().is_empty() => {
                Some(format!("the compiler ended: {status}"))
            }
            End::Status(_) => Some(start_of(ended.printed.trim())),
            how => Some(format!("the compiler: {how}")),
        })
    }

    /// Runs the judge and the answer, each at one end of a socket.
    fn run(&self, exercise: &str, bench: &Path) -> Result<Found> {
        let (near, far) = UnixStream::pair()?;
        let runner = bench.join("runner");
        let mut read: Vec<PathBuf> = LOADER.map(PathBuf::from).into();
        read.push(runner.clone());
        let confined = Confined {
            read,
            write: Vec::new(),
            seconds: self.seconds,
            megabytes: self.megabytes,
            programs: false,
            command: vec![runner],
        };
        // An empty folder, so that the answer does not begin beside its source.
        let empty = bench.join("empty");
        fs::create_dir(&empty)?;
        let mut answer = Running::start(&confined, &empty, OwnedFd::from(far).into())?;
        let mut judge = Command::new(&self.judge)
            .args([exercise, &self.seed.to_string()])
            .stdin(OwnedFd::from(near))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let end = loop {
            if judge.try_wait()?.is_some() {
                break None;
            }
            match answer.end()? {
                None => thread::sleep(PAUSE),
                end => break end,
            }
        };
        // Where the line broke first, the answer's end says why.
        let ended = match end {
            Some(how) => answer.close(how)?,
            None => answer.wait_for(GRACE)?,
        };
        let (code, said) = verdict(judge)?;
        let message = match code {
            Some(0) => None,
            Some(1) => Some(said),
            Some(2) => Some(format!("expected an answer, found {}", ended.how)),
            Some(3) => return Err(format!("the judge: {said}").into()),
            // It was given something at which it stumbled: this answer's loss, and no one else's.
            _ => Some(format!(
                "expected an answer that can be judged, found:\n{said}"
            )),
        };
        Ok(Found {
            message,
            printed: start_of(&ended.printed),
        })
    }

    /// Whether the sandbox is there and holds, before it is needed.
    fn try_sandbox(&self) -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("file");
        fs::write(&file, "")?;
        let cat = fs::canonicalize("/bin/cat")?;
        let mut confined = Confined {
            read: LOADER.map(PathBuf::from).into(),
            write: Vec::new(),
            seconds: self.seconds,
            megabytes: self.megabytes,
            programs: false,
            command: vec![cat.clone(), file.clone()],
        };
        confined.read.push(cat);
        let reads = |confined: &Confined| -> Result<(bool, String)> {
            let ended = Running::start(confined, folder.path(), Stdio::null())?.wait()?;
            let status = ended.how;
            Ok((
                matches!(status, End::Status(status) if status.success()),
                ended.printed,
            ))
        };
        let (got_out, _) = reads(&confined)?;
        if got_out {
            return Err("the sandbox: expected it to hold, found a file read outside of it".into());
        }
        confined.read.push(file);
        match reads(&confined)? {
            (true, _) => Ok(()),
            (false, said) => {
                let said = said.trim().trim_start_matches("the sandbox: ");
                Err(format!("the sandbox: expected a program to run in it, found: {said}").into())
            }
        }
    }
}

/// The judge's exit code and what it printed. There is no one left for whom it would wait long.
fn verdict(mut judge: Child) -> Result<(Option<i32>, String)> {
    let start = Instant::now();
    while judge.try_wait()?.is_none() {
        if start.elapsed() > GRACE {
            judge.kill()?;
        }
        thread::sleep(PAUSE);
    }
    let output = judge.wait_with_output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim_end().to_owned();
    Ok((output.status.code(), start_of(&said)))
}

fn is_library(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "rlib" || extension == "so")
}

/// Standard output of a command that must not fail.
fn said(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program}: {said}").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The first lines of what may be long.
fn start_of(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|&end| text.is_char_boundary(end));
    format!(
        "{}\n… and {} bytes more",
        &text[..end.unwrap_or(0)],
        text.len() - end.unwrap_or(0)
    )
}
