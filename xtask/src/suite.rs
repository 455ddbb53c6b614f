//! `cargo xtask test`: set-up and every check and test, quiet while it goes well.

use std::path::Path;
use std::process::Command;

use crate::step::{Outcome, command, have, output, report};
use crate::{checks, setup};

type Step = (&'static str, fn(&Path) -> Outcome);

/// What every step that compiles is asked for: with one set of packages and features nothing is
/// compiled twice.
/// The test clock is in no release: a compile error sees to it.
const WHOLE: &[&str] = &[
    "--workspace",
    "--features",
    "crosswalk/custom-protocol,crosswalk/test-clock",
];

/// `cargo WORK --quiet`, over the whole workspace.
fn cargo(root: &Path, work: &str, more: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .args([work, "--quiet"])
        .args(WHOLE)
        .args(more)
        .current_dir(root);
    cargo
}

/// Every step, cheapest first.
const STEPS: &[Step] = &[
    ("provider names", checks::no_provider_in_engine),
    ("file lengths", checks::file_lengths),
    ("pictures", checks::gallery),
    ("format", |root| plain(root, ".", "cargo fmt --all --check")),
    ("window: types", |root| {
        plain(root, "ui", "npm run --silent typecheck")
    }),
    ("window: lint", |root| {
        plain(root, "ui", "npm run --silent lint")
    }),
    ("window: unit tests", |root| {
        plain(root, "ui", "npm run --silent test")
    }),
    ("window: build", |root| {
        plain(root, "ui", "npm run --silent build")
    }),
    ("clippy", |root| {
        passed(&mut cargo(
            root,
            "clippy",
            &["--all-targets", "--", "-D", "warnings"],
        ))
    }),
    ("licences and sources", licences),
    ("advisories", advisories),
    ("build", |root| {
        passed(&mut cargo(root, "build", &["--all-targets"]))
    }),
    ("tests", rust_tests),
    ("demo", |root| {
        passed(Command::new(root.join("target/debug/xwalk")).arg("demo"))
    }),
    ("window", window),
];

fn plain(root: &Path, folder: &str, line: &str) -> Outcome {
    passed(&mut command(&root.join(folder), line))
}

fn passed(command: &mut Command) -> Outcome {
    match output(command) {
        Ok(_) => Outcome::Passed(String::new()),
        Err(printed) => Outcome::Failed(printed),
    }
}

/// The version of cargo-deny that `deny.toml` was written for.
const DENY_VERSION: &str = "0.20.2";

/// Runs cargo-deny, which is built once into `target/tools` (50 s without optimisation).
fn deny(root: &Path, what: &str) -> Outcome {
    let tools = root.join("target/tools");
    let program = tools.join("bin/cargo-deny");
    if !program.is_file() {
        let install = output(
            Command::new("cargo")
                .args([
                    "install",
                    "cargo-deny",
                    "--locked",
                    "--debug",
                    "--version",
                    DENY_VERSION,
                ])
                .arg("--root")
                .arg(&tools)
                .env("CARGO_TARGET_DIR", tools.join("build"))
                .current_dir(root),
        );
        if install.is_err() {
            return Outcome::Skipped(format!("cargo-deny {DENY_VERSION} could not be installed"));
        }
    }
    match output(
        Command::new(&program)
            .args(["check"])
            .args(what.split(' '))
            .current_dir(root),
    ) {
        Ok(_) => Outcome::Passed(String::new()),
        Err(printed) => Outcome::Failed(printed),
    }
}

fn licences(root: &Path) -> Outcome {
    deny(root, "licenses bans sources")
}

fn advisories(root: &Path) -> Outcome {
    let database = std::env::var_os("CARGO_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
        .map(|home| home.join("advisory-dbs"));
    if database.is_some_and(|folder| folder.is_dir()) {
        deny(root, "advisories")
    } else {
        Outcome::Skipped("no advisory database on this machine (cargo deny fetch)".into())
    }
}

/// The sums of `test result:` lines: passed, failed, ignored.
fn tally(printed: &str) -> (u64, u64, u64) {
    let count = |line: &str, word: &str| {
        let mut before = "";
        for part in line.split([' ', ';', '.']) {
            if part == word {
                return before.parse().unwrap_or(0);
            }
            if !part.is_empty() {
                before = part;
            }
        }
        0
    };
    printed
        .lines()
        .filter(|line| line.starts_with("test result:"))
        .fold((0, 0, 0), |sum, line| {
            (
                sum.0 + count(line, "passed"),
                sum.1 + count(line, "failed"),
                sum.2 + count(line, "ignored"),
            )
        })
}

fn rust_tests(root: &Path) -> Outcome {
    // Many tests wait for programs and answers: one more than there are processors keeps them busy.
    let threads = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    // `--no-fail-fast`: one run tells everything that is broken.
    let run = output(
        cargo(root, "test", &["--no-fail-fast", "--", "--show-output"])
            .env("RUST_TEST_THREADS", threads.to_string()),
    );
    match run {
        Ok(printed) => {
            let (passed, _, ignored) = tally(&printed);
            for line in printed
                .lines()
                .filter(|line| line.trim_start().starts_with("skipped:"))
            {
                println!("    {}", line.trim());
            }
            Outcome::Passed(format!("{passed} tests, {ignored} ignored"))
        }
        Err(printed) => Outcome::Failed(printed),
    }
}

/// The real window on a display of its own.
fn window(root: &Path) -> Outcome {
    for program in ["Xvfb", "dbus-daemon", "WebKitWebDriver"] {
        if !have(program) {
            return Outcome::Skipped(format!("{program} is not installed"));
        }
    }
    // The window's own build does not make the worker beside it. With the targets of the step before, or everything
    // would be built once more with other features.
    match output(&mut cargo(root, "build", &["--all-targets"])) {
        Ok(_) => passed(&mut cargo(
            root,
            "test",
            &[
                "--test",
                "window",
                "--test",
                "notifications",
                "--",
                "--ignored",
                "--test-threads",
                "3",
            ],
        )),
        Err(printed) => Outcome::Failed(printed),
    }
}

/// Runs the steps; `--only NAME` runs one, `--list` prints their names.
///
/// # Errors
/// The names of the steps that failed; what they printed is shown as they fail.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<(), String> {
    if words.iter().any(|word| word == "--list") {
        for (name, _) in STEPS {
            println!("{name}");
        }
        return Ok(());
    }
    let only = words
        .iter()
        .position(|word| word == "--only")
        .and_then(|at| words.get(at + 1));
    setup::run(root, setup::Need::Test)?;
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    for (name, work) in STEPS
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == name))
    {
        match report(name, || work(root)) {
            Outcome::Passed(_) => passed += 1,
            Outcome::Skipped(_) => skipped += 1,
            Outcome::Failed(printed) => {
                eprintln!("{printed}");
                failed.push(*name);
            }
        }
    }
    println!(
        "{passed} passed, {} failed, {skipped} skipped",
        failed.len()
    );
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("Failed: {}", failed.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::tally;

    #[test]
    fn sums_the_result_lines_of_all_test_programs() {
        let printed = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 40 passed; 3 failed; 0 ignored; 0 measured\n";
        assert_eq!(tally(printed), (42, 3, 1));
    }
}
