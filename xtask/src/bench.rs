//! `cargo xtask bench`: every figure of `docs/benchmarks.md`, measured on this machine in one run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::setup;
use crate::step::{command, output};

/// Programs that print one JSON object a line: `{"name","value","unit","target"}`.
const PROGRAMS: &[&[&str]] = &[
    &[
        "--package",
        "crosswalk-mapping",
        "--example",
        "bench_mapping",
    ],
    &["--package", "crosswalk-sync", "--example", "bench_sync"],
    &["--package", "crosswalk-cli", "--example", "bench_records"],
    &[
        "--package",
        "crosswalk",
        "--features",
        "custom-protocol",
        "--example",
        "bench_window",
    ],
];

/// The value of a string or number member of a flat JSON object.
fn member<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.split_once(&format!("\"{key}\":"))?.1.trim_start();
    rest.strip_prefix('"').map_or_else(
        || rest.split([',', '}']).next().map(str::trim),
        |quoted| quoted.split('"').next(),
    )
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find(|line| line.starts_with("model name"))?
                .to_owned();
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| "unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok())
        .map_or(0, |kib| kib / 1024 / 1024);
    let rustc = Command::new("rustc").arg("--version").output().map_or_else(
        |_| "rustc unknown".into(),
        |done| String::from_utf8_lossy(&done.stdout).trim().to_owned(),
    );
    format!("{cpu}, {cores} cores, {memory} GiB, {rustc}, release build")
}

/// Builds with optimisation, runs every benchmark, and writes the table between the marks of
/// `docs/benchmarks.md`.
///
/// # Errors
/// What a benchmark printed when it failed.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<(), String> {
    let quick = words.iter().any(|word| word == "--quick");
    setup::run(root, setup::Need::Build)?;
    eprintln!("Building with optimisation (some minutes the first time)");
    output(&mut command(&root.join("ui"), "npm run --silent build"))?;
    output(&mut command(
        root,
        "cargo build --release --package crosswalk-cli --package crosswalk-mapping --package crosswalk \
         --features crosswalk/custom-protocol",
    ))?;
    let mut table = String::from("| figure | measured | target |\n|---|---:|---:|\n");
    for program in PROGRAMS {
        let mut run = Command::new("cargo");
        run.args(["run", "--quiet", "--release"])
            .args(*program)
            .current_dir(root);
        if quick {
            run.env("CROSSWALK_BENCH_QUICK", "1");
        }
        eprintln!("{}", program.join(" "));
        for line in output(&mut run)?
            .lines()
            .filter(|line| line.starts_with('{'))
        {
            let field = |key| member(line, key).unwrap_or("");
            let _ = writeln!(
                table,
                "| {} | {} {} | {} |",
                field("name"),
                field("value"),
                field("unit"),
                if field("target").is_empty() {
                    field("limit")
                } else {
                    field("target")
                }
            );
        }
    }
    println!("{}\n\n{table}", machine());
    write_table(
        &root.join("docs/benchmarks.md"),
        &format!("{}\n\n{table}", machine()),
    )
}

/// Replaces what stands between the two marks of the page.
fn write_table(page: &Path, text: &str) -> Result<(), String> {
    const BEGIN: &str = "<!-- measured -->\n";
    const END: &str = "<!-- /measured -->";
    let failed = |error| format!("{}: {error}", page.display());
    let old = std::fs::read_to_string(page).map_err(failed)?;
    let (Some(begin), Some(end)) = (old.find(BEGIN), old.find(END)) else {
        return Err(format!(
            "{}: the marks {BEGIN:?} and {END:?} are gone",
            page.display()
        ));
    };
    let head = old.get(..begin + BEGIN.len()).unwrap_or_default();
    let tail = old.get(end..).unwrap_or_default();
    std::fs::write(page, format!("{head}{text}{tail}")).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::member;

    #[test]
    fn reads_members_of_a_flat_object() {
        let line =
            r#"{"name":"full sync, 5,000 invoices","value":3.61,"unit":"s","limit":"<= 3.8 s"}"#;
        assert_eq!(member(line, "name"), Some("full sync, 5,000 invoices"));
        assert_eq!(member(line, "value"), Some("3.61"));
        assert_eq!(member(line, "limit"), Some("<= 3.8 s"));
        assert_eq!(member(line, "other"), None);
    }
}
