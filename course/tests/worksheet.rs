//! The command `course worksheet`, as a teacher calls it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{fs, io};

use worksheet::Kind;

/// A folder of a test's own.
fn folder(name: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn course(folder: &Path, arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_course"));
    command.arg("worksheet").args(arguments);
    command.current_dir(folder).output()
}

#[test]
fn a_list_of_names_gives_a_sheet_and_a_key_for_each() -> io::Result<()> {
    let folder = folder("names")?;
    fs::write(folder.join("names.txt"), "Ada\r\nЯна <script>\n\n4711\n")?;
    for kind in Kind::ALL {
        let arguments = [
            "--kind",
            kind.name(),
            "--seed",
            "12",
            "--names",
            "names.txt",
            "out",
        ];
        let done = course(&folder, &arguments)?;
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let sheets = fs::read_to_string(folder.join("out/sheets.html"))?;
        let keys = fs::read_to_string(folder.join("out/keys.html"))?;
        for text in [&sheets, &keys] {
            assert_eq!(text.matches("<section").count(), 3);
            for (name, seed) in [("Ada", 12), ("Яна &lt;script&gt;", 13), ("4711", 14)] {
                assert!(text.contains(&format!(">{name}</span>")), "{name}");
                assert!(text.contains(&format!("Sheet {}-{seed}<", kind.name())));
            }
            // A name of a namespace is no address that is asked for.
            let bare = text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            for outside in ["//", "src=", "href=", "<script", "@import", "url("] {
                let found = bare.replace("url(#", "");
                assert!(!found.contains(outside), "{outside}");
            }
        }
        let id = |text: &str| -> Vec<String> {
            let ids = text.split(" id=\"").skip(1);
            ids.filter_map(|id| Some(id.split_once('"')?.0.to_owned()))
                .collect()
        };
        let mut ids = id(&sheets);
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id is unique in a file");
    }
    Ok(())
}

#[test]
fn a_seed_alone_gives_the_sheet_of_the_crate() -> io::Result<()> {
    let folder = folder("seed")?;
    assert!(course(&folder, &["--seed", "7", "."])?.status.success());
    let sheet = Kind::Network.sheet(7).map_err(io::Error::other)?;
    assert!(fs::read_to_string(folder.join("sheets.html"))?.contains(&sheet.task));
    assert!(fs::read_to_string(folder.join("keys.html"))?.contains(&sheet.key));
    Ok(())
}

#[test]
fn what_is_wrong_is_said() -> io::Result<()> {
    let folder = folder("wrong")?;
    fs::write(folder.join("empty.txt"), " \n")?;
    fs::write(folder.join("file"), "")?;
    for (arguments, words) in [
        (&["--names", "none.txt", "out"][..], "none.txt: "),
        (
            &["--names", "empty.txt", "out"],
            "empty.txt: expected a name in a line, found none",
        ),
        (&["--seed", "-1", "out"], "unexpected argument '-1'"),
        (&["--seed", "4294967296", "out"], "4294967296"),
        (
            &["--kind", "puzzle", "out"],
            "possible values: network, jacobian, wrong-line, shapes, graph",
        ),
        (&["file"], "file: "),
        (&[], "<FOLDER>"),
    ] {
        let done = course(&folder, arguments)?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success(), "{arguments:?}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    assert!(!folder.join("out").exists());
    Ok(())
}
