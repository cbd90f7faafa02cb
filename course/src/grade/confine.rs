//! The sandbox: a process without network, that reads and writes where it is told, for as long and
//! with as much memory as it is given.
//!
//! The command runs itself with `confine`, gives up its rights, and becomes the program. Landlock
//! keeps the files, seccomp the system calls, and both can be asked for by any user, also in a
//! container. What the kernel cannot do is an error.

use std::error::Error;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use clap::Args;
use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

/// What a program may do.
#[derive(Debug, Clone, Args)]
pub struct Confined {
    /// Folders and files that it may read, and run.
    #[arg(long)]
    pub read: Vec<PathBuf>,
    /// Folders in which it may write.
    #[arg(long)]
    pub write: Vec<PathBuf>,
    /// How many seconds it may compute.
    #[arg(long)]
    pub seconds: u32,
    /// How much memory it may take.
    #[arg(long)]
    pub megabytes: u32,
    /// Whether it may run other programs.
    #[arg(long)]
    pub programs: bool,
    /// The program and its arguments.
    #[arg(last = true, required = true)]
    pub command: Vec<PathBuf>,
}

impl Confined {
    /// Gives up all other rights, and becomes the program. Comes back where that failed.
    pub fn run(&self) -> Box<dyn Error> {
        match self.confine() {
            Err(error) => error,
            Ok(mut command) => command.exec().into(),
        }
    }

    fn confine(&self) -> Result<Command, Box<dyn Error>> {
        let (program, arguments) = self.command.split_first().ok_or("no program")?;
        let mut command = Command::new(program);
        command.args(arguments);
        self.limit()?;
        self.keep_files()?;
        self.keep_calls()?;
        Ok(command)
    }

    /// Limits of time, memory and files.
    fn limit(&self) -> io::Result<()> {
        let memory = u64::from(self.megabytes) << 20;
        let file = if self.write.is_empty() { 0 } else { memory };
        let seconds = u64::from(self.seconds);
        // The signal at the lower limit names the reason; that at the upper one cannot be caught.
        let time = Rlimit {
            current: Some(seconds),
            maximum: Some(seconds + 1),
        };
        setrlimit(Resource::Cpu, time)?;
        let limits = [
            (Resource::As, memory),
            (Resource::Fsize, file),
            (Resource::Core, 0),
            (Resource::Nofile, 256),
        ];
        for (resource, most) in limits {
            let limit = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
            setrlimit(resource, limit)?;
        }
        Ok(())
    }

    /// Landlock: no file but those named.
    fn keep_files(&self) -> Result<(), Box<dyn Error>> {
        let newest = AccessFs::from_all(ABI::V5);
        let read: BitFlags<AccessFs> = AccessFs::from_read(ABI::V5);
        let ruleset = Ruleset::default()
            // What the first version has must be there; later ones add a little.
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V1))
            .map_err(|error| format!("Landlock, of Linux 5.13 or later: {error}"))?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(newest)?
            .create()?
            .add_rules(path_beneath_rules(&self.read, read))?
            .add_rules(path_beneath_rules(&self.write, newest))?;
        match ruleset.restrict_self()?.ruleset {
            RulesetStatus::NotEnforced => Err(
                "Landlock, of Linux 5.13 or later: expected it in this kernel, found none".into(),
            ),
            RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
        }
    }

    /// Seccomp: no system call but those that a computation makes; where other programs may be run,
    /// which are then a compiler and a linker, any call but those that lead to the network.
    fn keep_calls(&self) -> Result<(), Box<dyn Error>> {
        let architecture: TargetArch = std::env::consts::ARCH.try_into()?;
        // As from a kernel that does not know the call, so that libraries take another way.
        let refused = SeccompAction::Errno(u32::try_from(libc::ENOSYS)?);
        let filter = if self.programs {
            let calls = NETWORK.map(|call| (call, Vec::new()));
            SeccompFilter::new(calls.into(), SeccompAction::Allow, refused, architecture)?
        } else {
            let free = COMPUTING
                .iter()
                .chain(OLDER)
                .map(|&call| (call, Vec::new()));
            let bound = bound()?;
            let calls = free.chain(bound).collect();
            SeccompFilter::new(calls, refused, SeccompAction::Allow, architecture)?
        };
        let program: seccompiler::BpfProgram = filter.try_into()?;
        Ok(seccompiler::apply_filter(&program)?)
    }
}

/// A call, and when it is allowed.
type Rules = (i64, Vec<SeccompRule>);

/// Calls with a condition on an argument: threads but no processes, signals to oneself.
fn bound() -> Result<[Rules; 3], Box<dyn Error>> {
    let thread = u64::try_from(libc::CLONE_THREAD)?;
    let itself = u64::from(std::process::id());
    let only = |operator, value| {
        let condition = SeccompCondition::new(0, SeccompCmpArgLen::Qword, operator, value)?;
        SeccompRule::new(vec![condition]).map(|rule| vec![rule])
    };
    Ok([
        (
            libc::SYS_clone,
            only(SeccompCmpOp::MaskedEq(thread), thread)?,
        ),
        (libc::SYS_tgkill, only(SeccompCmpOp::Eq, itself)?),
        (libc::SYS_prlimit64, only(SeccompCmpOp::Eq, 0)?),
    ])
}

/// What leads to the network, or around these rules.
const NETWORK: [i64; 8] = [
    libc::SYS_socket,
    libc::SYS_io_uring_setup,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_bpf,
    libc::SYS_keyctl,
];

/// What a computation needs: memory, threads, time, the files that are open, and to open others,
/// which Landlock sees to.
const COMPUTING: &[i64] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_execve,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_futex,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_lseek,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_sigaltstack,
    libc::SYS_statx,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Those that only older processors still have beside newer ones.
#[cfg(target_arch = "x86_64")]
const OLDER: &[i64] = &[
    libc::SYS_access,
    libc::SYS_arch_prctl,
    libc::SYS_lstat,
    libc::SYS_open,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_stat,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[i64] = &[];
