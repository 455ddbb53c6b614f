//! How soon the window is there and useful over a workspace of 500 accounts, and what it costs while nothing happens.
//!
//! Starts the built program on a display and session bus of its own. Prints one JSON object a line: name, value, unit,
//! target; says skipped where what the window's tests need is missing.

#![cfg_attr(
    target_os = "linux",
    allow(
        dead_code,
        unused_imports,
        reason = "the stage of the window's tests, of which a measurement needs less"
    )
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot be made should say where it broke"
)]

#[cfg(target_os = "linux")]
#[path = "../../tests/window/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod measure {
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command};
    use std::time::{Duration, Instant};

    use super::support::stage::program;
    use super::support::{Stage, Theme};

    type Colours = std::collections::BTreeSet<[u8; 4]>;

    /// Where rows of the accounts are, and nothing while they are read: width, height, left, top.
    const ROWS: [usize; 4] = [400, 120, 230, 500];

    fn tell(name: &str, value: &str, unit: &str, target: &str) {
        println!(r#"{{"name":"{name}","value":{value},"unit":"{unit}","target":"{target}"}}"#);
    }

    /// The colours of [`ROWS`] on a display whose screen lies in a file as an XWD picture: no request to the display
    /// and no program of its own, either of which would take the time that is measured.
    fn colours(picture: &[u8]) -> Option<Colours> {
        let field = |at: usize| {
            let bytes = picture.get(at * 4..at * 4 + 4)?;
            usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
        };
        // The header's length, a line's length in bytes, and how many entries of 12 bytes its palette has.
        let (header, line, palette) = (field(0)?, field(12)?, field(19)?);
        let [width, height, left, top] = ROWS;
        let mut found = Colours::new();
        for row in top..top + height {
            let start = header + palette * 12 + row * line + left * 4;
            let line = picture.get(start..start + width * 4)?;
            found.extend(
                line.chunks_exact(4)
                    .map(|pixel| [pixel[0], pixel[1], pixel[2], 0]),
            );
        }
        Some(found)
    }

    /// The colours where rows go. The display's own file lies beside the workspace.
    fn seen(stage: &Stage) -> Colours {
        let picture = std::fs::read(stage.workspace().with_file_name("Xvfb_screen0"));
        colours(&picture.unwrap_or_default()).unwrap_or_default()
    }

    /// The bare display is black.
    fn mapped(stage: &Stage) -> bool {
        seen(stage).iter().any(|colour| colour[..3] != [0, 0, 0])
    }

    /// More than a handful of colours: text has been drawn there.
    fn useful(stage: &Stage) -> bool {
        seen(stage).len() > 20
    }

    fn after(
        started: Instant,
        child: &mut Child,
        what: &str,
        holds: impl Fn() -> bool,
    ) -> Duration {
        while !holds() {
            assert!(
                started.elapsed() < Duration::from_mins(1),
                "{what} did not happen; the program: {:?}",
                child.try_wait()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        started.elapsed()
    }

    /// The process and all it started.
    fn family(root: u32) -> Vec<u32> {
        let mut family = vec![root];
        let mut at = 0;
        while let Some(process) = family.get(at) {
            let children =
                std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
            family.extend(
                children
                    .unwrap_or_default()
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
            at += 1;
        }
        family
    }

    /// Processor time used so far, in hundredths of a second.
    fn ticks(processes: &[u32]) -> u64 {
        let one = |process: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
            Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
        };
        processes.iter().filter_map(one).sum()
    }

    /// Resident memory of processes together, in bytes.
    fn resident(processes: &[u32]) -> u64 {
        let one = |process: &u32| {
            let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("VmRSS:"))?;
            Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
        };
        processes.iter().filter_map(one).sum()
    }

    /// The middle one of several looks at the same, in MB.
    fn megabytes(mut looks: Vec<u64>) -> String {
        looks.sort_unstable();
        let middle = looks[looks.len() / 2];
        format!("{}.{}", middle / 1_000_000, middle / 100_000 % 10)
    }

    fn start(stage: &Stage, program: &Path) -> (Child, Duration, Duration) {
        let mut command = Command::new(program);
        stage.dress(&mut command, Theme::Light);
        let started = Instant::now();
        let mut child = command
            .spawn()
            .expect("the window is built beside this program");
        let shown = after(started, &mut child, "the window's mapping", || {
            mapped(stage)
        });
        let filled = after(started, &mut child, "the list's being drawn", || {
            useful(stage)
        });
        (child, shown, filled)
    }

    fn stop(mut child: Child) {
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        let _ = child.wait();
        // Until the session bus knows that it is gone, the next one takes itself for a second one and ends.
        std::thread::sleep(Duration::from_secs(1));
    }

    fn median(mut times: Vec<Duration>) -> String {
        times.sort();
        format!("{:.2}", times[times.len() / 2].as_secs_f64())
    }

    pub(crate) async fn run() {
        let Some(stage) = Stage::set("bench") else {
            return;
        };
        stage.seed().crowd().await;
        let program: PathBuf = program("crosswalk");
        let repeats = if std::env::var_os("CROSSWALK_BENCH_QUICK").is_some() {
            1
        } else {
            5
        };
        let (mut shown, mut filled) = (Vec::new(), Vec::new());
        // The first start reads libraries from the disk; a user's second does not.
        let (child, ..) = start(&stage, &program);
        stop(child);
        for _ in 1..repeats {
            let (child, mapped, useful) = start(&stage, &program);
            shown.push(mapped);
            filled.push(useful);
            stop(child);
        }
        let (child, mapped, useful) = start(&stage, &program);
        shown.push(mapped);
        filled.push(useful);
        tell(
            "window mapped, 500 accounts",
            &median(shown),
            "s",
            "< 0.4 s",
        );
        tell(
            "window useful, 500 accounts",
            &median(filled),
            "s",
            "< 1.0 s",
        );
        std::thread::sleep(Duration::from_secs(5));
        let processes = family(child.id());
        let (before, looked) = (ticks(&processes), Instant::now());
        std::thread::sleep(Duration::from_secs(10));
        let busy = ticks(&processes).saturating_sub(before);
        let share =
            f64::from(u32::try_from(busy).unwrap_or(u32::MAX)) / looked.elapsed().as_secs_f64();
        tell(
            "window idle, share of one core over 10 s",
            &format!("{share:.1}"),
            "%",
            "about 0 %",
        );
        // The program alone, and beside it what WebKit started to draw the page.
        let (own, others) = processes.split_at(1);
        let (mut program, mut page) = (Vec::new(), Vec::new());
        for _ in 0..9 {
            program.push(resident(own));
            page.push(resident(others));
            std::thread::sleep(Duration::from_secs(1));
        }
        tell(
            "app process resident, 500 accounts",
            &megabytes(program),
            "MB",
            "< 200 MB",
        );
        tell(
            "WebKit's processes beside it, resident",
            &megabytes(page),
            "MB",
            "",
        );
        stop(child);
    }
}

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    measure::run().await;
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: only a Linux display can be started for this");
}
