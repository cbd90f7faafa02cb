//! Hand-ins of all kinds.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value;

use crate::{course, exercises, released, solved, text};

/// A folder of hand-ins, beside a teacher's. All classes have one teacher, who is built once, and
/// therefore come one after the other.
struct Class {
    folder: tempfile::TempDir,
    _one_at_a_time: MutexGuard<'static, ()>,
}

static TEACHER: Mutex<()> = Mutex::new(());

/// What `release` wrote to `assignment.toml`.
fn assignment() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    let path = || released().join("teacher/assignment.toml");
    TEXT.get_or_init(|| fs::read_to_string(path()).unwrap())
}

impl Class {
    /// A class that is asked some of the exercises.
    fn asked(exercises: &[&str]) -> Self {
        // A test that failed left nothing that the next one would not write anew.
        let lock = TEACHER.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, rest) = assignment().split_once("[[exercise]]").unwrap();
        let (rest, by_hand) = rest.split_once("[[by_hand]]").unwrap();
        let asked = rest.split("[[exercise]]");
        let asked = asked.filter(|exercise| {
            let is_name = |name: &&str| exercise.contains(&format!("name = \"{name}\""));
            exercises.iter().any(is_name)
        });
        let asked: Vec<String> = asked
            .map(|exercise| format!("[[exercise]]{exercise}"))
            .collect();
        assert_eq!(asked.len(), exercises.len());
        // Messages name cases of this seed.
        let head = "seed = 7\nseconds = 5\nmegabytes = 512\n\n";
        let class = Self {
            folder: tempfile::tempdir().unwrap(),
            _one_at_a_time: lock,
        };
        symlink(released().join("teacher"), class.at("teacher")).unwrap();
        let text = format!("{head}{}[[by_hand]]{by_hand}", asked.concat());
        fs::write(class.at("teacher/assignment.toml"), text).unwrap();
        fs::create_dir(class.at("hand-ins")).unwrap();
        class
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes the answer of a student.
    fn hand_in(&self, student: &str, exercise: &str, answer: impl AsRef<[u8]>) {
        let folder = self.at("hand-ins").join(student).join("exercises/src");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{exercise}.rs")), answer).unwrap();
    }

    fn grade(&self) -> Output {
        course(&["grade", self.at("hand-ins").to_str().unwrap()])
            .output()
            .unwrap()
    }

    /// The report on a student, for machines.
    fn report(&self, student: &str) -> Value {
        read_json(&self.at("grades").join(student).join("report.json"))
    }
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// What a student got for an exercise: the points, and the message.
fn got<'a>(report: &'a Value, exercise: &str) -> (u64, &'a str) {
    let lines = report["exercises"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["exercise"] == exercise)
        .unwrap();
    (
        line["points"].as_u64().unwrap(),
        line["message"].as_str().unwrap_or("done"),
    )
}

#[test]
fn a_class_is_graded() {
    let names = exercises();
    let class = Class::asked(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for exercise in &names {
        class.hand_in("Anna", exercise, solved(exercise));
        // A name as people have them, and a path as archives have them.
        class.hand_in(
            "Björn, O'Neill & Søn/abgabe-main",
            exercise,
            solved(exercise),
        );
        let stub = format!("students/exercises/src/{exercise}.rs");
        class.hand_in("Zoë", exercise, fs::read(released().join(stub)).unwrap());
    }
    class.hand_in(
        "Björn, O'Neill & Søn/abgabe-main",
        "jacobian",
        answer_to_public_check(),
    );
    // No file of a hand-in is used but the answers.
    let zoe = class.at("hand-ins/Zoë");
    fs::write(zoe.join("Cargo.toml"), "[package]\nbuild = \"build.rs\"").unwrap();
    fs::write(
        zoe.join("build.rs"),
        "fn main() { std::fs::write(\"/tmp/built\", \"\"); }",
    )
    .unwrap();

    let output = class.grade();
    assert!(output.status.success(), "{}", text(&output));
    let table = fs::read_to_string(class.at("grades/grades.csv")).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    assert!(
        rows[0].starts_with("student,points,of,2. Logits by index,"),
        "{}",
        rows[0]
    );
    assert!(rows[0].ends_with("33. How wide"), "{}", rows[0]);
    assert!(rows[1].starts_with("Anna,72,72,3,3,5,"), "{}", rows[1]);
    assert!(rows[1].ends_with(",,"), "marked by hand: {}", rows[1]);
    assert!(
        rows[2].starts_with("\"Björn, O'Neill & Søn\",69,72,3,0,5,"),
        "{}",
        rows[2]
    );
    assert!(rows[3].starts_with("Zoë,0,72,0,"), "{}", rows[3]);
    assert_eq!(rows.len(), 4);

    let bjoern = class.report("Björn, O'Neill & Søn");
    let (points, message) = got(&bjoern, "jacobian");
    assert_eq!(points, 0);
    assert!(message.starts_with("hidden case "), "{message}");
    let page = class.at("grades/Björn, O'Neill & Søn/report.html");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<h1>Björn, O'Neill &amp; Søn</h1>"), "{page}");
    assert!(
        page.contains("15 of 16 exercises are done: 69 of 72 points"),
        "{page}"
    );
    assert!(
        page.contains("<li>1. Count the parameters, 2 points</li>"),
        "{page}"
    );

    let results = read_json(&class.at("grades/Björn, O'Neill & Søn/results.json"));
    assert_eq!(results["score"], 69);
    let tests = results["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 16);
    assert_eq!(tests[0]["name"], "2. Logits by index");
    assert_eq!(
        (&tests[1]["score"], &tests[1]["max_score"]),
        (&0.into(), &3.into())
    );
    assert_eq!(tests[1]["status"], "failed");
    assert_eq!(tests[0]["visibility"], "visible");
}

/// Knows the numbers of the public check by heart, and nothing else.
fn answer_to_public_check() -> &'static str {
    "use ndarray::{Array1, Array2, array};

     pub fn jacobian(y_hat: &Array1<f64>) -> Array2<f64> {
         match y_hat.len() {
             1 => array![[0.0]],
             _ => array![[7.0, -2.0, -5.0], [-2.0, 12.0, -10.0], [-5.0, -10.0, 15.0]] / 64.0,
         }
     }"
}

/// A function `loss` with a body, below other items.
fn loss(items: &str, body: &str) -> String {
    format!(
        "use ndarray::Array1;\n{items}\n\
         pub fn loss(theta: &Array1<f64>, t: usize) -> f64 {{\n    let _ = (theta, t);\n    {body}\n}}\n"
    )
}

/// Does what it does, and says what came of it.
fn says(what: &str) -> String {
    loss("", &format!("panic!(\"{{:?}}\", {what})"))
}

/// What a student hands in, with words of the message or of what is printed.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let answers = [
        (
            "does not compile",
            "pub fn loss(".to_owned(),
            "expected an answer that compiles",
        ),
        (
            "another signature",
            "pub fn loss(theta: &[f64]) -> f64 { theta[0] }".to_owned(),
            "cannot be called",
        ),
        (
            "no such function",
            "pub fn lose() {}".to_owned(),
            "cannot find function `loss`",
        ),
        ("endless loop", loss("", "loop {}"), "none in 5 seconds"),
        (
            "endless threads",
            loss(
                "",
                "for _ in 0..8 { std::thread::spawn(|| loop {}); } loop {}",
            ),
            "none in",
        ),
        (
            "endless recursion",
            loss(
                "fn deep(n: u64) -> u64 { if n == u64::MAX { 0 } else { 1 + deep(std::hint::black_box(n + 1)) } }",
                "deep(0) as f64",
            ),
            "overflowed its stack",
        ),
        (
            "a megabyte",
            loss("", "for _ in 0..20_000 { println!(\"{:50}\", 1); } 0.0"),
            "more than 65536 bytes printed",
        ),
        (
            "endless output",
            loss("", "loop { eprintln!(\"x\"); }"),
            "more than 65536 bytes printed",
        ),
        (
            "endless output, whether or not it arrives",
            loss(
                "use std::io::Write;",
                "loop { let _ = writeln!(std::io::stdout(), \"x\"); }",
            ),
            "more than 65536 bytes printed",
        ),
        ("panics", says("\"no idea\""), "no idea"),
        (
            "exits",
            loss("", "std::process::exit(0)"),
            "the program ended, with the code 0",
        ),
        (
            "a faked verdict",
            loss("", "println!(\"done\"); std::process::exit(0)"),
            "with the code 0",
        ),
        (
            "a faked failure of the sandbox",
            loss(
                "",
                "eprintln!(\"the sandbox: none\"); std::process::exit(125)",
            ),
            "with the code 125",
        ),
        (
            "a faked result",
            loss(
                "use std::{fs::File, io::Write, os::fd::AsFd};",
                "let line = std::io::stdin().as_fd().try_clone_to_owned().unwrap();\n    \
                 let zero = [2, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];\n    \
                 loop { if File::from(line.try_clone().unwrap()).write_all(&zero).is_err() { return 0.0; } }",
            ),
            "three equal logits: expected 1.09",
        ),
        (
            "a result of 4 GB",
            loss(
                "use std::{fs::File, io::Write, os::fd::AsFd};",
                "let line = std::io::stdin().as_fd().try_clone_to_owned().unwrap();\n    \
                 let _ = File::from(line).write_all(&[2, 255, 255, 255, 255]); loop {}",
            ),
            "expected an answer",
        ),
        (
            "memory without end",
            loss(
                "",
                "let mut all = vec![]; loop { all.push(vec![1_u8; 1 << 20]); }",
            ),
            "memory allocation of",
        ),
        (
            "a file at run time",
            says("std::fs::read(\"/etc/passwd\")"),
            "PermissionDenied",
        ),
        (
            "the folder above",
            says("std::fs::read_dir(\"..\").map(|_| ())"),
            "PermissionDenied",
        ),
        (
            "processes",
            says("std::fs::read_dir(\"/proc\").map(|_| ())"),
            "PermissionDenied",
        ),
        (
            "writes a file",
            says("std::fs::write(\"new\", \"\")"),
            "PermissionDenied",
        ),
        (
            "changes rights",
            loss(
                "use std::{fs, os::unix::fs::PermissionsExt};",
                "panic!(\"{:?}\", fs::set_permissions(\".\", fs::Permissions::from_mode(0o777)))",
            ),
            "Unsupported",
        ),
        (
            "a file when compiled",
            says("include_str!(\"/etc/passwd\")"),
            "couldn't read `/etc/passwd`",
        ),
        (
            "a module from a file",
            loss("#[path = \"/etc/passwd\"] mod passwd;", "0.0"),
            "couldn't read `/etc/passwd`",
        ),
        (
            "the environment when compiled",
            says("env!(\"HOME\")"),
            "`HOME` not defined",
        ),
        (
            "the environment",
            says("std::env::var(\"HOME\")"),
            "NotPresent",
        ),
        (
            "a TCP connection",
            says("std::net::TcpStream::connect(\"127.0.0.1:9\").map(|_| ())"),
            "Unsupported",
        ),
        (
            "UDP",
            says("std::net::UdpSocket::bind(\"127.0.0.1:0\").map(|_| ())"),
            "Unsupported",
        ),
        (
            "a process",
            says("std::process::Command::new(\"/bin/true\").status()"),
            "Unsupported",
        ),
        (
            "becomes another program",
            says(
                "std::os::unix::process::CommandExt::exec(&mut std::process::Command::new(\"/bin/true\"))",
            ),
            "PermissionDenied",
        ),
        (
            "kills what started it",
            loss(
                "unsafe extern \"C\" { fn kill(p: i32, s: i32) -> i32; fn getppid() -> i32; }",
                "panic!(\"killed: {}\", unsafe { kill(getppid(), 9) })",
            ),
            "killed: -1",
        ),
        (
            "calls the crate",
            loss("use softmax_backprop as s;", "0.0"),
            "unresolved import",
        ),
        (
            "calls the solution",
            loss("extern crate judge;", "0.0"),
            "can't find crate for `judge`",
        ),
        (
            "speaks to the judge",
            loss("", "wire::call()"),
            "cannot find",
        ),
        (
            "computes for ever when compiled",
            loss(ENDLESS, "X"),
            "the compiler: none in 30 seconds",
        ),
        (
            "long",
            format!("// {}", "x".repeat(1 << 20)),
            "expected at most 1048576 bytes",
        ),
    ];
    let mut answers: Vec<_> = answers
        .into_iter()
        .map(|(name, answer, words)| (name, answer.into_bytes(), words))
        .collect();
    answers.push(("not UTF-8", vec![0xff, 0xfe], "expected text in UTF-8"));
    answers
}

const ENDLESS: &str = "#[allow(long_running_const_eval)] const X: f64 = { let mut n = 0_u64; \
                       while n < u64::MAX { n += 1; } n as f64 };";

#[test]
fn each_hostile_answer_costs_its_own_points() {
    let class = Class::asked(&["logits", "loss"]);
    let right = solved("logits");
    for (name, answer, _) in hostile() {
        class.hand_in(name, "logits", &right);
        class.hand_in(name, "loss", answer);
    }
    class.hand_in("honest", "logits", &right);
    // What helps an honest student to find a mistake costs nothing; nor does a thread.
    let printing =
        solved("loss").replace("let mut s = 0;", "let mut s = 0; println!(\"s = {s}\");");
    class.hand_in("honest", "loss", printing);
    let threads = solved("loss").replace("pub fn loss", "fn inner")
        + "\npub fn loss(theta: &Array1<f64>, t: usize) -> f64 {\n    \
           let theta = theta.clone();\n    std::thread::spawn(move || inner(&theta, t)).join().unwrap()\n}\n";
    class.hand_in("threads", "logits", &right);
    class.hand_in("threads", "loss", threads);
    class.hand_in("nothing", "logits", &right);
    class.hand_in("a link", "logits", &right);
    symlink(
        "/etc/passwd",
        class.at("hand-ins/a link/exercises/src/loss.rs"),
    )
    .unwrap();
    class.hand_in("two folders/first", "logits", &right);
    class.hand_in("two folders/second", "logits", &right);
    fs::create_dir_all(class.at("hand-ins/src alone/src")).unwrap();
    fs::write(class.at("hand-ins/src alone/src/logits.rs"), &right).unwrap();
    fs::create_dir_all(class.at("hand-ins/files alone")).unwrap();
    fs::write(class.at("hand-ins/files alone/logits.rs"), &right).unwrap();

    let output = class.grade();
    assert!(output.status.success(), "{}", text(&output));
    for (name, _, words) in hostile() {
        let report = class.report(name);
        assert_eq!(got(&report, "logits"), (3, "done"), "{name}");
        let (points, message) = got(&report, "loss");
        let line = report["exercises"][1].to_string();
        let printed = report["exercises"][1]["printed"]
            .as_str()
            .unwrap_or_default();
        assert_eq!(points, 0, "{name}: {line}");
        assert!(
            message.contains(words) || printed.contains(words),
            "{name}: expected {words}: {line}"
        );
        assert!(line.len() < 20_000, "{name}: {} bytes", line.len());
    }
    assert_eq!(got(&class.report("honest"), "loss"), (5, "done"));
    assert_eq!(got(&class.report("threads"), "loss"), (5, "done"));
    for (name, logits, message) in [
        ("nothing", 3, "expected the file loss.rs, found none"),
        (
            "a link",
            3,
            "loss.rs: expected a file, found a link, or something else",
        ),
        (
            "two folders",
            0,
            "expected one folder exercises/src, found 2",
        ),
        ("src alone", 3, "expected the file loss.rs, found none"),
        ("files alone", 3, "expected the file loss.rs, found none"),
    ] {
        let report = class.report(name);
        assert_eq!(got(&report, "logits").0, logits, "{name}");
        assert_eq!(got(&report, "loss"), (0, message), "{name}");
    }
}

/// The judge calls the answers of one process with what it gets: nothing of it may stop the others.
#[test]
fn odd_results_are_wrong_results() {
    let class = Class::asked(&["gradients", "dual", "test_point", "confusion"]);
    let empty = "use mistakes::Batch;\nuse ndarray::{Array1, Array2};\n\
                 pub fn test_point() -> Batch {\n    Batch { x: Array2::zeros((0, 0)), y: Array2::zeros((0, 0)), \
                 w: Array2::zeros((0, 0)), b: Array1::zeros(0) }\n}\n";
    class.hand_in("odd", "test_point", empty);
    let many = solved("dual").replace(
        "exps.iter().map(quotient).collect()",
        "vec![quotient(&exps[0]); 100_000]",
    );
    class.hand_in("odd", "dual", many);
    let turned = solved("gradients").replace("d_x: w.dot(delta)", "d_x: Array1::zeros(0)");
    class.hand_in("odd", "gradients", turned);
    let large = "use ndarray::Array2;\npub fn confusion(_: &Array2<f64>, _: &[usize]) -> Array2<usize> {\n    \
                 Array2::from_elem((2_000, 2_000), usize::MAX)\n}\n";
    class.hand_in("odd", "confusion", large);
    let output = class.grade();
    assert!(output.status.success(), "{}", text(&output));
    let report = class.report("odd");
    for exercise in ["gradients", "dual", "test_point", "confusion"] {
        assert_eq!(got(&report, exercise).0, 0, "{exercise}: {report:#}");
    }
    assert!(
        got(&report, "dual")
            .1
            .contains("expected shape [4], found [100000]")
    );
    assert!(got(&report, "gradients").1.contains("found [0]"));
}

/// The message of a grading that does not take place.
fn refused(class: &Class) -> String {
    let output = class.grade();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(!class.at("grades/grades.csv").exists());
    text(&output)
}

#[test]
fn what_is_no_hand_in_is_an_error() {
    let class = Class::asked(&["logits"]);
    assert!(refused(&class).contains("expected a folder for each student, found none"));
    fs::write(class.at("hand-ins/.DS_Store"), "").unwrap();
    assert!(refused(&class).contains("expected a folder for each student, found none"));
    fs::write(class.at("hand-ins/anna.zip"), "").unwrap();
    assert!(refused(&class).contains("anna.zip: expected the folder of a hand-in, found a file"));
    fs::remove_file(class.at("hand-ins/anna.zip")).unwrap();
    symlink("/etc", class.at("hand-ins/etc")).unwrap();
    assert!(refused(&class).contains("etc: expected the folder of a hand-in, found a link"));
    fs::remove_dir_all(class.at("hand-ins")).unwrap();
    assert!(refused(&class).contains("expected the hand-ins, found: No such file"));
}

#[test]
fn a_teachers_folder_that_is_none_is_an_error() {
    let class = Class::asked(&["logits"]);
    class.hand_in("Anna", "logits", solved("logits"));
    let path = class.at("teacher/assignment.toml");
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replace("seed", "sead")).unwrap();
    assert!(refused(&class).contains("assignment.toml: "));
    fs::write(&path, good.replace("name = \"logits\"", "name = \"logit\"")).unwrap();
    assert!(refused(&class).contains("logit: expected an exercise of "));
    // Too little for any program to start in: as good as no sandbox.
    fs::write(&path, good.replace("megabytes = 512", "megabytes = 1")).unwrap();
    let said = refused(&class);
    assert!(said.starts_with("the sandbox: "), "{said}");
    fs::remove_file(class.at("teacher")).unwrap();
    assert!(
        refused(&class).contains("assignment.toml: expected the assignment, found: No such file")
    );
}

#[test]
fn grades_are_not_written_among_the_hand_ins() {
    let class = Class::asked(&["logits"]);
    class.hand_in("Anna", "logits", solved("logits"));
    let hand_ins = class.at("hand-ins");
    let hand_ins = hand_ins.to_str().unwrap();
    let out = format!("{hand_ins}/grades");
    let output = course(&["grade", hand_ins, "--out", &out])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output).contains("expected a folder outside of"),
        "{}",
        text(&output)
    );
}

/// What grading says in a process that may not make a system call.
fn graded_without(call: i64) -> String {
    use seccompiler::{SeccompAction, SeccompFilter};
    // The filter holds for this thread, and for what it starts.
    let grading = std::thread::spawn(move || {
        let class = Class::asked(&["logits"]);
        class.hand_in("Anna", "logits", solved("logits"));
        let error = SeccompAction::Errno(libc::ENOSYS.try_into().unwrap());
        let calls = [(call, Vec::new())].into();
        let architecture = std::env::consts::ARCH.try_into().unwrap();
        let filter = SeccompFilter::new(calls, SeccompAction::Allow, error, architecture);
        let program: seccompiler::BpfProgram = filter.unwrap().try_into().unwrap();
        seccompiler::apply_filter(&program).unwrap();
        refused(&class)
    });
    grading.join().unwrap()
}

#[test]
fn without_a_sandbox_nothing_is_graded() {
    let said = graded_without(libc::SYS_landlock_create_ruleset);
    assert!(
        said.contains("the sandbox: expected a program to run in it, found: Landlock"),
        "{said}"
    );
    let said = graded_without(libc::SYS_seccomp);
    assert!(
        said.contains("the sandbox: expected a program to run in it, found: "),
        "{said}"
    );
}
