//! `cargo xtask bench`: every figure of `docs/benchmarks.md`, measured on this machine in one run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup;
use crate::step::{command, output};

/// Programs that print one JSON object a line: `{"name","value","unit","target","detail"}`, the last two if there is
/// something to say.
const PROGRAMS: &[&str] = &[
    "bench_sync",
    "bench_mapping",
    "bench_records",
    "bench_explore",
    "bench_studio",
    "bench_window",
    "bench_drawn",
];

/// One figure as a program printed it.
#[derive(Debug, PartialEq)]
struct Figure<'a> {
    name: &'a str,
    value: &'a str,
    unit: &'a str,
    /// What it has to reach; empty if it is there for comparison only.
    target: &'a str,
    detail: &'a str,
}

impl<'a> Figure<'a> {
    /// A line of output; `None` if it is no figure.
    fn read(line: &'a str) -> Option<Self> {
        let line = line.trim().strip_prefix('{')?;
        let text = |key| member(line, key).unwrap_or_default();
        Some(Self {
            name: member(line, "name")?,
            value: member(line, "value")?,
            unit: text("unit"),
            target: text("target"),
            detail: text("detail"),
        })
    }

    /// The figure as a row of the table.
    fn row(&self) -> String {
        let (value, unit) = (grouped(self.value), self.unit);
        let measured = if unit.is_empty() {
            value
        } else {
            format!("{value} {unit}")
        };
        let measured = match self.detail {
            "" => measured,
            detail => format!("{measured} ({detail})"),
        };
        let target = if self.target.is_empty() {
            "–"
        } else {
            self.target
        };
        format!("| {} | {measured} | {target} |\n", self.name)
    }
}

/// The value of a string or number member of a flat JSON object without escapes.
fn member<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.split_once(&format!("\"{key}\":"))?.1.trim_start();
    rest.strip_prefix('"').map_or_else(
        || rest.split([',', '}']).next().map(str::trim),
        |quoted| quoted.split('"').next(),
    )
}

/// A number as people read it: `21488.0` is `21,488`; with less than three digits before the point it keeps two after.
fn grouped(value: &str) -> String {
    let Ok(number) = value.parse::<f64>() else {
        return value.to_owned();
    };
    if number.abs() < 100.0 {
        let text = format!("{number:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn first_line_of(program: &str, argument: &str) -> Option<String> {
    let done = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8_lossy(&done.stdout);
    Some(text.lines().next()?.trim().to_owned())
}

/// The machine and the tools that the figures hold for.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| "unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok())
        .map_or(0, |kib| kib.div_ceil(1024 * 1024));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").map_or_else(
        |_| std::env::consts::OS.to_owned(),
        |release| format!("Linux {}", release.trim()),
    );
    let rustc = first_line_of("rustc", "--version").unwrap_or_else(|| "rustc unknown".into());
    let day = first_line_of("date", "+%F").map_or_else(String::new, |day| format!(", {day}"));
    format!("{cpu}, {cores} cores, {memory} GiB, {kernel}, {rustc}, release build{day}.")
}

/// Kills a syncing process so often, has each run resumed and compared with an undisturbed one; the row that says so.
fn kills(root: &Path, times: u32) -> Result<String, String> {
    let printed = output(
        command(
            root,
            "cargo test --release --workspace --exclude xtask --features crosswalk/custom-protocol --test crash \
             -- --nocapture",
        )
        .env("CROSSWALK_KILLS", times.to_string()),
    )?;
    let told = printed
        .lines()
        .find(|line| line.contains(" kills, "))
        .ok_or_else(|| format!("the kills were not counted:\n{printed}"))?;
    Ok(format!(
        "| kill -9 at random moments of a sync, then resumed | {told}, none lost or doubled | {times} kills |\n"
    ))
}

/// The folder cargo builds into: this program lies in its `debug` folder.
fn target() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("this program's place: {error}"))?;
    own.ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .ok_or_else(|| format!("{} lies in no target folder", own.display()))
}

/// Builds with optimisation, runs every benchmark, and writes the table between the marks of
/// `docs/benchmarks.md`. `--quick` measures with fewer repeats and records, prints, and leaves the page alone: its
/// figures are for looking, not for comparing.
///
/// # Errors
/// What a benchmark printed when it failed, or that a program printed no figure.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<(), String> {
    let quick = words.iter().any(|word| word == "--quick");
    setup::run(root, setup::Need::Build)?;
    eprintln!("Building with optimisation (some minutes the first time)");
    output(&mut command(&root.join("ui"), "npm run --silent build"))?;
    // One build for all of them: each would otherwise compile the libraries with features of its own.
    output(&mut command(
        root,
        "cargo build --release --workspace --exclude xtask --features crosswalk/custom-protocol --bins --examples",
    ))?;
    let examples = target()?.join("release/examples");
    let mut table = String::from("| figure | measured | target |\n|---|---:|---:|\n");
    for program in PROGRAMS {
        let mut run =
            Command::new(examples.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)));
        run.current_dir(root);
        if quick {
            run.env("CROSSWALK_BENCH_QUICK", "1");
        }
        eprintln!("{program}");
        let printed = output(&mut run)?;
        let rows: String = printed
            .lines()
            .filter_map(|line| Some(Figure::read(line)?.row()))
            .collect();
        if rows.is_empty() && !printed.starts_with("skipped: ") {
            return Err(format!("{program} printed no figure:\n{printed}"));
        }
        // Told as they come: what a later program breaks does not take them along.
        eprint!("{}", if rows.is_empty() { &printed } else { &rows });
        table.push_str(&rows);
    }
    eprintln!("kill -9 in the middle of syncs");
    table.push_str(&kills(root, if quick { 15 } else { 100 })?);
    let mut text = machine();
    let _ = write!(text, "\n\n{table}\n");
    println!("{text}");
    if quick {
        return Ok(());
    }
    let page = root.join("docs/benchmarks.md");
    let failed = |error| format!("{}: {error}", page.display());
    let old = std::fs::read_to_string(&page).map_err(failed)?;
    let new = with_table(&old, &text)
        .ok_or_else(|| format!("{}: the marks {BEGIN} and {END} are gone", page.display()))?;
    std::fs::write(&page, new).map_err(failed)
}

const BEGIN: &str = "<!-- measured -->";
const END: &str = "<!-- /measured -->";

/// The page with `text` between its two marks; `None` if they are not there.
fn with_table(page: &str, text: &str) -> Option<String> {
    let (head, rest) = page.split_once(BEGIN)?;
    let (_, tail) = rest.split_once(END)?;
    Some(format!("{head}{BEGIN}\n{text}{END}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_becomes_a_row() {
        let rows = [
            (
                r#"{"name":"full sync, 5,000 invoices","value":3.61,"unit":"s","target":"≤ 3.8 s","detail":"119 requests"}"#,
                "| full sync, 5,000 invoices | 3.61 s (119 requests) | ≤ 3.8 s |\n",
            ),
            (
                r#"{"detail":"","name":"records stored","target":"≥ 15,000","unit":"records/s","value":21488.0}"#,
                "| records stored | 21,488 records/s | ≥ 15,000 |\n",
            ),
            (
                r#"{"name":"by hand","value":5822,"unit":"","target":""}"#,
                "| by hand | 5,822 | – |\n",
            ),
        ];
        for (line, row) in rows {
            assert_eq!(
                Figure::read(line).map(|figure| figure.row()).as_deref(),
                Some(row)
            );
        }
        assert_eq!(Figure::read("warning: something"), None);
        assert_eq!(Figure::read("{}"), None);
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        for (value, text) in [
            ("0", "0"),
            ("0.615", "0.61"),
            ("3.7", "3.7"),
            ("57.52", "57.52"),
            ("145", "145"),
            ("1234567.8", "1,234,568"),
            ("NaN", "NaN"),
            ("none", "none"),
        ] {
            assert_eq!(grouped(value), text);
        }
    }

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = "# Title\n\n<!-- measured -->\nold\n<!-- /measured -->\n\nHow.\n";
        assert_eq!(
            with_table(page, "new\n").as_deref(),
            Some("# Title\n\n<!-- measured -->\nnew\n<!-- /measured -->\n\nHow.\n")
        );
        assert_eq!(with_table("no marks", "new"), None);
    }
}
