//! A peer's process, and what is said to it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use super::Failure;
use super::task::{Kind, Task};

/// One thread, whoever counts them.
const ONE_THREAD: [(&str, &str); 8] = [
    ("OMP_NUM_THREADS", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("MKL_NUM_THREADS", "1"),
    ("VECLIB_MAXIMUM_THREADS", "1"),
    ("RAYON_NUM_THREADS", "1"),
    ("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false"),
    ("NPROC", "1"),
    ("JAX_PLATFORMS", "cpu"),
];

/// What is given back goes to the system at once, where its memory is counted.
pub const COUNTED: [(&str, &str); 2] = [
    ("MALLOC_MMAP_THRESHOLD_", "65536"),
    ("MALLOC_TRIM_THRESHOLD_", "65536"),
];

/// A peer that answers. It ends when its input does, with this value.
pub struct Child {
    /// What the table calls it.
    pub name: &'static str,
    /// Its package and version, as it says itself.
    pub version: String,
    process: u32,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The bytes that the process holds before it has a task of any size.
    idle: Option<f64>,
}

impl Child {
    /// Starts a peer: this program, or `speed.py` for those that are in Python.
    pub fn start(
        name: &'static str,
        root: &Path,
        python: &Result<PathBuf, Failure>,
        surroundings: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let mut command = match name {
            "numpy" | "torch" | "jax" | "sklearn" => {
                let python = python.as_ref().map_err(|error| error.to_string())?;
                let mut command = Command::new(python);
                command.arg(root.join("speed.py"));
                command
            }
            _ => {
                let mut command = Command::new(std::env::current_exe()?);
                command.arg("serve");
                command
            }
        };
        let mut child = command
            .arg(name)
            .envs(ONE_THREAD)
            .envs(surroundings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipe".into());
        };
        let mut started = Self {
            name,
            process: child.id(),
            idle: None,
            version: String::new(),
            input,
            output: BufReader::new(output),
        };
        started.version = started.ask("version")?;
        Ok(started)
    }

    fn ask(&mut self, line: &str) -> Result<String, Failure> {
        writeln!(self.input, "{line}")?;
        self.input.flush()?;
        let mut answer = String::new();
        match self.output.read_line(&mut answer)? {
            0 => Err(format!("{} has ended at: {line}", self.name).into()),
            _ => Ok(answer.trim_end().to_owned()),
        }
    }

    /// Gives a task: loss and length of the gradient, `None` where the peer does not do that.
    pub fn prepare(&mut self, line: &str) -> Result<Option<[f64; 2]>, Failure> {
        let answer = self.ask(line)?;
        match answer.split_whitespace().collect::<Vec<_>>()[..] {
            ["ok", loss, length] => Ok(Some([loss.parse()?, length.parse()?])),
            ["no", ..] => Ok(None),
            _ => Err(format!("{} answers: {answer}", self.name).into()),
        }
    }

    /// Notes what the process holds once it has run a task of no size.
    pub fn idle(&mut self) -> Result<(), Failure> {
        let task = Task::of_gradient(Kind::Layer, "f64", 1, 1, 2);
        task.write()?;
        self.prepare(&task.line("0"))?;
        self.time()?;
        self.idle = self.status("VmRSS:");
        Ok(())
    }

    /// The most bytes that the process holds while it runs the task that was given last, beside
    /// what it was given: `None` where the system does not count them.
    pub fn memory(&mut self, task: &Task) -> Result<Option<f64>, Failure> {
        // Linux: from here on the greatest is counted anew.
        if std::fs::write(format!("/proc/{}/clear_refs", self.process), "5").is_err() {
            return Ok(None);
        }
        self.time()?;
        let most = self.status("VmHWM:");
        Ok(most
            .zip(self.idle)
            .map(|(most, idle)| most - idle - task.bytes()))
    }

    /// A line of the process's status, in bytes.
    fn status(&self, key: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(1024.0 * kilobytes)
    }

    /// Measures the task that was given last, in seconds.
    pub fn time(&mut self) -> Result<f64, Failure> {
        let answer = self.ask("time")?;
        let time = answer.parse();
        time.map_err(|_| format!("{} answers: {answer}", self.name).into())
    }
}

/// The interpreter of the Python peers, made where it is not there.
pub fn python(root: &Path) -> Result<PathBuf, Failure> {
    if let Some(python) = std::env::var_os("PEERS_PYTHON") {
        return Ok(python.into());
    }
    let folder = root.join("target/python");
    let binary = ["bin/python", "Scripts/python.exe"].map(|name| folder.join(name));
    // Written last, so that what was interrupted is made again.
    let made = folder.join("requirements.txt");
    let requirements = root.join("requirements.txt");
    if std::fs::read(&made).ok() != Some(std::fs::read(&requirements)?) {
        eprintln!("installing requirements.txt into {}", folder.display());
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let python = binary
            .iter()
            .find(|path| path.exists())
            .ok_or("no python")?;
        let pip = ["-m", "pip", "install", "--quiet", "--requirement"];
        run(Command::new(python).args(pip).arg(&requirements))?;
        std::fs::copy(&requirements, &made)?;
    }
    let python = binary.into_iter().find(|path| path.exists());
    Ok(python.ok_or("no python in target/python")?)
}

fn run(command: &mut Command) -> Result<(), Failure> {
    // What it prints is no table.
    let status = command.stdout(Stdio::null()).status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}: {status}").into()),
    }
}
