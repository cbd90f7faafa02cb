//! Runs a program in the sandbox, for as long as it may and prints no more than it may.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{env, fmt};

use rustix::process::{Pid, Signal, kill_process_group};

use super::Result;
use super::confine::Confined;

/// How much a program may print.
const LONGEST: usize = 64 << 10;

/// A program in the sandbox.
pub struct Running {
    child: Child,
    start: Instant,
    limit: Duration,
    is_flooded: Arc<AtomicBool>,
    printed: [JoinHandle<io::Result<Vec<u8>>>; 2],
}

/// How a program ended.
pub struct Ended {
    /// By itself, or not.
    pub how: End,
    /// What it printed, standard output first.
    pub printed: String,
}

/// How a program ended.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// By itself, or by a signal.
    Status(ExitStatus),
    /// It took too long.
    Late(Duration),
    /// It printed too much.
    Flooded,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Status(status) => match (status.code(), status.signal()) {
                (Some(101), _) => write!(f, "that it panicked"),
                (Some(code), _) => write!(f, "that the program ended, with the code {code}"),
                (None, Some(6 | 11)) => write!(f, "that it ran out of stack or memory"),
                (None, Some(24)) => write!(f, "none in the time that it has"),
                (None, _) => write!(f, "that the program ended: {status}"),
            },
            Self::Late(limit) => write!(f, "none in {} seconds", limit.as_secs()),
            Self::Flooded => write!(f, "more than {LONGEST} bytes printed"),
        }
    }
}

impl Running {
    /// Starts a program in a folder, with nothing of this program's environment.
    pub fn start(confined: &Confined, folder: &Path, stdin: Stdio) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command
            .args(arguments(confined))
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("TMPDIR", folder)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.process_group(0);
        let mut child = command.spawn()?;
        let is_flooded = Arc::new(AtomicBool::new(false));
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err("a process: expected its output".into());
        };
        let printed = [keep(stdout, &is_flooded), keep(stderr, &is_flooded)];
        Ok(Self {
            child,
            start: Instant::now(),
            limit: Duration::from_secs(confined.seconds.into()),
            is_flooded,
            printed,
        })
    }

    /// How the program ended, if it has, or must now be ended.
    pub fn end(&mut self) -> io::Result<Option<End>> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(Some(End::Status(status)));
        }
        Ok(if self.is_flooded.load(Ordering::Relaxed) {
            Some(End::Flooded)
        } else if self.start.elapsed() > self.limit {
            Some(End::Late(self.limit))
        } else {
            None
        })
    }

    /// Waits for the end, and not longer than that.
    pub fn wait_for(mut self, longest: Duration) -> Result<Ended> {
        self.limit = self.limit.min(self.start.elapsed() + longest);
        self.wait()
    }

    /// Waits for the end.
    pub fn wait(mut self) -> Result<Ended> {
        let how = loop {
            match self.end()? {
                Some(how) => break how,
                None => thread::sleep(PAUSE),
            }
        };
        self.close(how)
    }

    /// Ends the program and all that it started.
    pub fn close(mut self, how: End) -> Result<Ended> {
        if let Some(group) = Pid::from_raw(self.child.id().try_into()?) {
            // An error says that none of them is left.
            let _ = kill_process_group(group, Signal::KILL);
        }
        self.child.wait()?;
        let mut printed = Vec::new();
        for kept in self.printed {
            printed.extend(
                kept.join()
                    .map_err(|_| "the output: its reader panicked")??,
            );
        }
        let printed = String::from_utf8_lossy(&printed).into_owned();
        // It may have been flooded in its last moment.
        let how = match how {
            End::Status(_) if self.is_flooded.load(Ordering::Relaxed) => End::Flooded,
            how => how,
        };
        Ok(Ended { how, printed })
    }
}

/// Between two looks at a process.
pub const PAUSE: Duration = Duration::from_millis(5);

fn arguments(confined: &Confined) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["confine".into()];
    for (flag, paths) in [("--read", &confined.read), ("--write", &confined.write)] {
        for path in paths {
            arguments.extend([flag.into(), path.into()]);
        }
    }
    arguments.extend(["--seconds".into(), confined.seconds.to_string().into()]);
    arguments.extend(["--megabytes".into(), confined.megabytes.to_string().into()]);
    if confined.programs {
        arguments.push("--programs".into());
    }
    arguments.push("--".into());
    arguments.extend(confined.command.iter().map(Into::into));
    arguments
}

/// Reads until the end, or until there is too much.
fn keep(
    pipe: impl Read + Send + 'static,
    is_flooded: &Arc<AtomicBool>,
) -> JoinHandle<io::Result<Vec<u8>>> {
    let is_flooded = Arc::clone(is_flooded);
    thread::spawn(move || {
        let mut kept = Vec::new();
        pipe.take(LONGEST as u64 + 1).read_to_end(&mut kept)?;
        if kept.len() > LONGEST {
            is_flooded.store(true, Ordering::Relaxed);
        }
        Ok(kept)
    })
}
