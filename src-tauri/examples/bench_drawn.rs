//! How long the real window takes from a click or a key until what it asks for is drawn: a record compared, a letter typed
//! in a filter over many records. Drives the built program through WebDriver; the time is taken in the page, from the event
//! to the second frame after the rows are there. Prints one JSON object a line: name, value, unit, target; says skipped
//! where what the window's tests need is missing.

#![cfg_attr(
    target_os = "linux",
    allow(
        dead_code,
        unused_imports,
        reason = "the stages of the window's tests and of the other measurements, of which this one needs less"
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
#[path = "../../crates/console/examples/stage/mod.rs"]
mod stored;
#[cfg(target_os = "linux")]
#[path = "../../tests/window/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod measure {
    use std::path::Path;
    use std::time::Duration;

    use crosswalk_console::Console;

    use super::stored::{self, ACCOUNT, RESOURCE};
    use super::support::{PASSPHRASE, Stage, Window, play};

    /// What no cell of the sample holds, typed letter by letter: each changes the rows.
    static TYPED: [&str; 4] = ["7", "73", "731", "7316"];

    /// How the ids of the records that are compared begin, and no other's.
    const COMPARED: &str = "90000000";
    const WARM: &str = "900000001";
    const SMALL: [&str; 3] = ["900000002", "900000003", "900000004"];
    const LARGE: [&str; 3] = ["900000005", "900000006", "900000007"];

    /// What the page's scripts speak of. Tells null where nothing is drawn for a long time.
    const TOOLS: &str = r"
        const tell = arguments[0];
        const field = () => document.querySelector('input[placeholder=Filter]');
        const told = () => [...document.querySelectorAll('[role=status]')]
            .map(one => one.textContent).find(text => /^indexed |records?$| match(es)?$/.test(text)) ?? '';
        const rows = () => [...document.querySelectorAll('[role=grid] [role=rowgroup] [role=row]')];
        const filled = () => rows().length > 0 && rows().every(row => row.textContent !== '');
        const type = text => {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field(), text);
            field().dispatchEvent(new Event('input', { bubbles: true }));
        };
        const row = id => rows().find(row => row.firstElementChild.textContent === id);
        const holds = selector => document.querySelector(selector) !== null;
        const compared = () => holds('[role=tree] [role=treeitem]')
            && holds('[role=listbox][aria-label=Mapping] [role=option]')
            && holds('[role=listbox][aria-label=\'Unified record\'] [role=option]');
        const before = told();
        let over = false;
        const end = took => { if (!over) { over = true; watch.disconnect(); tell(took); } };
        const look = () => {
            if (done()) {
                watch.disconnect();
                requestAnimationFrame(() => requestAnimationFrame(() => end(performance.now() - started)));
            }
        };
        const watch = new MutationObserver(look);
        setTimeout(() => end(null), 20000);
        watch.observe(document.documentElement,
            { attributes: true, characterData: true, childList: true, subtree: true });
    ";

    /// Milliseconds from `deed` until `done` holds of the page and is drawn.
    async fn drawn(window: &Window, deed: &str, done: &str) -> f64 {
        let script = [
            TOOLS,
            "const done = () => ",
            done,
            "; const started = performance.now(); ",
            deed,
            "; look();",
        ]
        .concat();
        let Some(took) = window.answer(&script).await.as_f64() else {
            panic!(
                "{deed:?} was not drawn; the window shows:\n{}",
                window.text().await
            );
        };
        took
    }

    /// Shows the table of all records, every one of them indexed.
    async fn explore(window: &Window) {
        let place = format!("/accounts/{ACCOUNT}/explore?resource={RESOURCE}");
        window.go(&place).await;
        drawn(
            window,
            "if (field() !== null && field().value !== '') type('')",
            "holds('[aria-label=Resources]') && / records$/.test(told()) && filled()",
        )
        .await;
    }

    /// A breath, as people take one between two deeds.
    async fn rest() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    /// Opens a record from the table.
    async fn compare(window: &Window, id: &str) -> f64 {
        explore(window).await;
        let only = format!("type('{COMPARED}')");
        drawn(
            window,
            &only,
            &format!("told() !== before && row('{id}') !== undefined"),
        )
        .await;
        rest().await;
        drawn(window, &format!("row('{id}').click()"), "compared()").await
    }

    async fn slowest(window: &Window, ids: &[&str]) -> f64 {
        let mut slowest: f64 = 0.0;
        for id in ids {
            slowest = slowest.max(compare(window, id).await);
            rest().await;
        }
        slowest
    }

    /// Types letter by letter, and says how long the slowest took.
    async fn typing(window: &Window, typed: &[&str]) -> f64 {
        explore(window).await;
        let mut slowest: f64 = 0.0;
        for text in typed {
            rest().await;
            let deed = format!("type('{text}')");
            slowest = slowest.max(drawn(window, &deed, "told() !== before && filled()").await);
        }
        slowest
    }

    /// An account with so many records, and those that are compared.
    async fn fill(folder: &Path, many: u64) {
        assert_eq!(stored::PASSPHRASE, PASSPHRASE, "the window opens it too");
        let console = Console::open(stored::options(folder)).unwrap();
        stored::account(&console).await;
        // What a full sync keeps of an invoice is 2 KB of what the mapping reads.
        let mut records: Vec<(u64, usize)> = (1..=many).map(|id| (id, 2_000)).collect();
        for (ids, bytes) in [
            (&[WARM][..], 20_000),
            (&SMALL, 20_000),
            (&LARGE, 10_000_000),
        ] {
            records.extend(ids.iter().map(|id| (id.parse::<u64>().unwrap(), bytes)));
        }
        let folder = folder.to_path_buf();
        tokio::task::spawn_blocking(move || stored::store(&folder, &records))
            .await
            .unwrap();
    }

    pub(crate) async fn run() {
        let Some(stage) = Stage::set("bench-drawn") else {
            return;
        };
        let quick = std::env::var_os("CROSSWALK_BENCH_QUICK").is_some();
        // Of the fewer records none has the longest text.
        let (many, typed) = if quick {
            (5_000, &TYPED[..3])
        } else {
            (50_000, &TYPED[..])
        };
        fill(&stage.workspace(), many).await;
        play(&stage, move |window| async move {
            window.sees(ACCOUNT).await;
            let typing = typing(&window, typed).await;
            // The first one starts the worker, and has all records evaluated beside it.
            compare(&window, WARM).await;
            tokio::time::sleep(Duration::from_secs(3)).await;
            window.misses("Evaluating all records").await;
            let small = slowest(&window, &SMALL).await;
            let large = slowest(&window, &LARGE).await;
            let print = |name: &str, value, limit, detail: &str| {
                stored::print(name, value, "ms", limit, detail);
            };
            let of_three = "slowest of three";
            print(
                "compare clicked until drawn, record of 20 KB",
                small,
                100.0,
                of_three,
            );
            print(
                "compare clicked until drawn, record of 10 MB",
                large,
                500.0,
                of_three,
            );
            let name = format!("a letter typed in a filter until drawn, {many} stored records");
            let detail = format!("slowest of {}", typed.len());
            print(&name, typing, 100.0, &detail);
        })
        .await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    measure::run().await;
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: only a Linux display can be started for this");
}
