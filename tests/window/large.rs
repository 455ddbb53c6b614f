//! Much of everything: 50,000 stored records, a run of 20,000 requests and a record of 10 MB are scrolled to their
//! ends, and what the page holds does not grow with them.

use std::path::Path;
use std::time::Duration;

use crosswalk_console::Console;
use serde_json::json;

use crate::support::{MOST_NODES, PASSPHRASE, Stage, Window, play};

#[path = "../../crates/console/examples/stage/mod.rs"]
#[expect(
    dead_code,
    reason = "what the benchmarks of the console stand on, of which a story needs less"
)]
mod stored;

use stored::{ACCOUNT, RESOURCE};

const MANY: u64 = 50_000;
const REQUESTS: u32 = 20_000;
/// The record of 10 MB; the last one by its id.
const LARGE: u64 = 900_000_001;

const RECORDS: &str = "[role=grid][aria-label=Invoices]";
const CALLS: &str = "[role=grid][aria-label=Requests]";
const RAW: &str = "[role=tree][aria-label='Raw record']";

/// So long may the middle one of a scroll's frames take, in milliseconds. For a debug build beside other stories: a
/// page that draws every row takes seconds.
const MIDDLE_FRAME: f64 = 200.0;

/// How long a debug build may take to read every record once.
const INDEXING: Duration = Duration::from_mins(2);

/// Stores the records, of the connector's own sample's shape.
async fn fill(folder: &Path) {
    assert_eq!(stored::PASSPHRASE, PASSPHRASE, "the window opens it too");
    let console = Console::open(stored::options(folder)).unwrap();
    stored::account(&console).await;
    let mut records: Vec<(u64, usize)> = (1..=MANY).map(|id| (id, 2_000)).collect();
    records.push((LARGE, 10_000_000));
    let folder = folder.to_path_buf();
    tokio::task::spawn_blocking(move || stored::store(&folder, &records))
        .await
        .unwrap();
}

/// Scrolls a list by half a page a frame, for thirty pages, and holds how long the frames took and how many elements
/// there were at any time against what a page may.
async fn scrolls(window: &Window, list: &str) {
    let script = "
        const tell = arguments[0], list = document.querySelector(LIST);
        const frames = [];
        let most = 0, last = performance.now();
        const step = () => {
            const now = performance.now();
            frames.push(now - last);
            last = now;
            most = Math.max(most, document.getElementsByTagName('*').length);
            if (frames.length > 60) {
                tell({ frames: frames.slice(1), pages: list.scrollTop / list.clientHeight, most });
                return;
            }
            list.scrollTop += list.clientHeight / 2;
            requestAnimationFrame(step);
        };
        list.scrollTop = 0;
        requestAnimationFrame(step);
    ";
    let told = window
        .answer(&script.replace("LIST", &json!(list).to_string()))
        .await;
    let pages = told["pages"].as_f64().unwrap();
    assert!(pages > 25.0, "{list} was scrolled by {pages} pages");
    let most = told["most"].as_u64().unwrap();
    assert!(most < MOST_NODES, "{list}: {most} elements");
    let mut frames: Vec<f64> = serde_json::from_value(told["frames"].clone()).unwrap();
    frames.sort_by(f64::total_cmp);
    let middle = frames[frames.len() / 2];
    assert!(
        middle < MIDDLE_FRAME,
        "{list}: a frame takes {middle} ms: {frames:?}"
    );
}

/// All records in a table, once every one of them is read.
async fn explores(window: &Window) {
    window
        .go(&format!("/accounts/{ACCOUNT}/explore?resource={RESOURCE}"))
        .await;
    let reading = async {
        while !window.text().await.contains("50,001 records") {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let read = tokio::time::timeout(INDEXING, reading).await;
    assert!(
        read.is_ok(),
        "not indexed; the window shows:\n{}",
        window.text().await
    );
    scrolls(window, RECORDS).await;
    // What came into sight is fetched.
    window
        .wait(
            "rows where the table was scrolled to",
            "return [...document.querySelectorAll(arguments[0] + ' [role=rowgroup] [role=row]')]\
             .every(row => row.innerText.trim() !== '')",
            vec![json!(RECORDS)],
        )
        .await;
    let end = window
        .ends_at(RECORDS, "[role=row][aria-rowindex='50002']")
        .await;
    assert!(end.contains(&LARGE.to_string()), "{end}");
}

/// Every request of a run, newest first.
async fn looks_back(window: &Window, run: &str) {
    window
        .go(&format!(
            "/accounts/{ACCOUNT}/sync?resource={RESOURCE}&run={run}"
        ))
        .await;
    window.press("Requests (20,000)").await;
    window.lists("page=20000").await;
    scrolls(window, CALLS).await;
    let end = window
        .ends_at(CALLS, "[role=row][aria-rowindex='20001']")
        .await;
    assert!(end.contains("page=00001"), "{end}");
}

/// A record of 10 MB as received, its thousands of lines opened.
async fn compares(window: &Window) {
    window
        .go(&format!(
            "/accounts/{ACCOUNT}/compare?resource={RESOURCE}&record={LARGE}"
        ))
        .await;
    window.sees("10 MB").await;
    window.finds(&format!("{RAW} [role=treeitem]")).await;
    let lines = "//*[@role='treeitem'][starts-with(normalize-space(.), 'invoice-lines:')]";
    window.scrolls_to(lines, RAW).await;
    window.click(lines).await;
    let row = vec![json!(format!("{RAW} [role=treeitem]"))];
    let size = "Number(document.querySelector(arguments[0])?.getAttribute('aria-setsize'))";
    window
        .wait(
            "thousands of lines opening",
            &format!("return {size} > 3000"),
            row.clone(),
        )
        .await;
    scrolls(window, RAW).await;
    let rows = window.script(&format!("return {size}"), row).await;
    let end = window
        .ends_at(RAW, &format!("[role=treeitem][aria-posinset='{rows}']"))
        .await;
    assert!(end.contains(':'), "{end}");
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn much_of_everything_is_scrolled_to_its_end_and_little_is_drawn() {
    let Some(stage) = Stage::set("large") else {
        return;
    };
    fill(&stage.workspace()).await;
    let run = stage.seed().busy_run(ACCOUNT, REQUESTS).await;
    play(&stage, move |window| async move {
        window.sees(ACCOUNT).await;
        explores(&window).await;
        looks_back(&window, &run).await;
        compares(&window).await;
    })
    .await;
}
