//! Several processes on one workspace, and processes that are killed. The other processes are this test program
//! itself, told by an environment variable what to be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod common;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{add_account, open, page, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::audit::{self, Call};
use crosswalk_workspace::page;
use crosswalk_workspace::record::{self, Shown};
use crosswalk_workspace::run::{self, Mode, Usage};
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::{Error, Lease, RunnerHolder, RunnerLease, Workspace, account, integrity};
use serde_json::json;

const FOLDER: &str = "CROSSWALK_TEST_FOLDER";
const PAGE: i64 = 20;

/// A child that is killed when dropped, also by a test that fails.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn child(role: &str, folder: &Path) -> Guarded {
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            role,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    Guarded(child.unwrap())
}

/// The folder this process is told to work in, if it is a child.
fn told() -> Option<Workspace> {
    std::env::var_os(FOLDER).map(|folder| open(Path::new(&folder)))
}

fn wait_for_line(child: &mut Guarded, line: &str) {
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    assert!(
        lines.any(|read| read.unwrap().ends_with(line)),
        "the child ended before it said {line}"
    );
    child.0.stdout = None;
}

fn call() -> Call {
    Call {
        at: jiff::Timestamp::now(),
        method: "GET".into(),
        endpoint: "http://127.0.0.1/invoices?offset=0".into(),
        status: Some(200),
        records: Some(PAGE.unsigned_abs()),
        duration: Duration::from_millis(200),
        bytes: 1_000,
        resource: Some("invoices".into()),
        detail: None,
        answer: None,
    }
}

/// Commits pages of one run until it is killed, or `pages` of them.
fn sync(workspace: &Workspace, pages: u64) {
    let keys = AccountKeys::generate().unwrap();
    let (account, run) = workspace
        .write_blocking(|tx| {
            let account = account::get(tx, "a")?;
            let run = match run::unfinished(tx, account.uuid, "invoices")? {
                Some(run) => run::resume(tx, run.uuid)?,
                None => start_run(tx, &account, Mode::Full, &Selection::Whole)?,
            };
            Ok((account, run))
        })
        .unwrap();
    println!("syncing");
    let from = run
        .checkpoint
        .as_ref()
        .map_or(0, |checkpoint| checkpoint["next"].as_i64().unwrap());
    for number in 0..pages {
        let first = from + i64::try_from(number).unwrap() * PAGE;
        let records = (first..first + PAGE)
            .map(|id| sealed(&keys, &account, id, Some(1), &"x".repeat(600)))
            .collect();
        let mut page = page(&run, run.selection, records);
        page.checkpoint = Some(json!({ "next": first + PAGE }));
        page.calls = vec![call()];
        page.usage = Usage {
            requests: 1,
            ..Usage::default()
        };
        let outcome = workspace
            .write_blocking(move |tx| page::commit(tx, &page))
            .unwrap();
        assert_eq!(outcome.created, PAGE.unsigned_abs());
    }
}

#[test]
#[ignore = "a role for a child process"]
fn role_sync() {
    if let Some(workspace) = told() {
        sync(&workspace, u64::MAX);
    }
}

#[test]
fn a_killed_sync_loses_nothing_it_stored_and_splits_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let account = open(folder.path())
        .write_blocking(|tx| add_account(tx, "a"))
        .unwrap();
    let mut last = 0;
    for kill in 0_u64..6 {
        let mut child = child("role_sync", folder.path());
        wait_for_line(&mut child, "syncing");
        std::thread::sleep(Duration::from_millis(kill * 7 % 30));
        child.0.kill().unwrap();
        child.0.wait().unwrap();

        let workspace = open(folder.path());
        let (run, counts, calls, sound) = workspace
            .read_blocking(|tx| {
                Ok((
                    run::unfinished(tx, account.uuid, "invoices")?.unwrap(),
                    record::count(tx, account.uuid, "invoices")?,
                    audit::list(
                        tx,
                        &audit::Filter {
                            kind: Some("call".into()),
                            ..audit::Filter::default()
                        },
                        100_000,
                    )?,
                    integrity::check(tx)?,
                ))
            })
            .unwrap();
        let next = run
            .checkpoint
            .as_ref()
            .map_or(0, |checkpoint| checkpoint["next"].as_u64().unwrap());
        assert_eq!(
            (counts.present, run.counters.stored, run.counters.duplicates),
            (next, next, 0)
        );
        assert_eq!(calls.len() as u64 * PAGE.unsigned_abs(), next);
        assert_eq!(run.counters.requests * PAGE.unsigned_abs(), next);
        assert!(sound.ok(), "{sound:?}");
        last = next;
    }
    assert!(
        last > PAGE.unsigned_abs(),
        "the children were killed before they stored anything"
    );
}

#[test]
#[ignore = "a role for a child process"]
fn role_write() {
    let Some(workspace) = told() else { return };
    println!("writing");
    for number in 0..60 {
        workspace
            .write_blocking(move |tx| {
                let account = account::get(tx, "a")?;
                account::set_client_id(
                    tx,
                    account.uuid,
                    &format!("id-{}-{number}", std::process::id()),
                )
            })
            .unwrap();
    }
}

#[test]
fn two_processes_write_at_once_and_neither_sees_the_other_as_busy() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    workspace.write_blocking(|tx| add_account(tx, "a")).unwrap();
    let before = workspace.read_blocking(audit::head).unwrap().unwrap().seq;
    let mut children = [
        child("role_write", folder.path()),
        child("role_write", folder.path()),
    ];
    // A third writer that never rests: the others get their turn all the same.
    let mut own = 0;
    while children
        .iter_mut()
        .any(|child| child.0.try_wait().unwrap().is_none())
    {
        workspace
            .write_blocking(|tx| {
                let account = account::get(tx, "a")?;
                account::set_client_id(tx, account.uuid, "own")
            })
            .unwrap();
        own += 1;
    }
    for child in &mut children {
        assert!(child.0.wait().unwrap().success());
    }
    let sound = workspace.read_blocking(integrity::check).unwrap();
    assert!(sound.ok(), "{sound:?}");
    assert_eq!(sound.audit.head.unwrap().seq, before + 2 * 60 + own);
}

#[test]
#[ignore = "a role for a child process"]
fn role_hold() {
    let Some(workspace) = told() else { return };
    let account = workspace.read_blocking(|tx| account::get(tx, "a")).unwrap();
    let _lease = Lease::acquire(&workspace, &account, "invoices").unwrap();
    println!("holding");
    // Until killed.
    std::thread::park();
}

#[test]
fn a_lease_names_its_holder_and_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace.write_blocking(|tx| add_account(tx, "a")).unwrap();
    let mut child = child("role_hold", folder.path());
    wait_for_line(&mut child, "holding");
    let refused = Lease::acquire(&workspace, &account, "invoices").unwrap_err();
    assert_eq!(refused.code(), "run_in_progress");
    assert!(
        refused
            .to_string()
            .contains(&format!("process {}", child.0.id())),
        "{refused}"
    );
    // Another resource is free.
    Lease::acquire(&workspace, &account, "suppliers").unwrap();
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    let lease = Lease::acquire(&workspace, &account, "invoices").unwrap();
    assert!(matches!(
        Lease::acquire(&workspace, &account, "invoices"),
        Err(Error::RunInProgress { .. })
    ));
    drop(lease);
    Lease::acquire(&workspace, &account, "invoices").unwrap();
}

#[test]
#[ignore = "a role for a child process"]
fn role_run() {
    let Some(workspace) = told() else { return };
    let _lease = RunnerLease::acquire(&workspace).unwrap().unwrap();
    println!("running");
    // Until killed.
    std::thread::park();
}

#[test]
fn one_process_is_the_runner_and_whoever_asks_learns_which() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let holder = || RunnerLease::holder(&workspace).unwrap();
    assert_eq!(holder(), RunnerHolder::Nobody);
    let mut child = child("role_run", folder.path());
    wait_for_line(&mut child, "running");
    assert_eq!(holder(), RunnerHolder::Process(child.0.id()));
    assert!(RunnerLease::acquire(&workspace).unwrap().is_none());
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    // What it left behind names nobody.
    assert_eq!(holder(), RunnerHolder::Nobody);
    let lease = RunnerLease::acquire(&workspace).unwrap().unwrap();
    assert_eq!(holder(), RunnerHolder::Process(std::process::id()));
    drop(lease);
    assert_eq!(holder(), RunnerHolder::Nobody);
}

#[test]
#[ignore = "a role for a child process"]
fn role_open() {
    if let Some(workspace) = told() {
        workspace.read_blocking(audit::head).unwrap();
    }
}

#[test]
fn processes_that_create_one_workspace_at_once_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut children: Vec<Guarded> = (0..4).map(|_| child("role_open", folder.path())).collect();
    for child in &mut children {
        assert!(child.0.wait().unwrap().success());
    }
    let rows = open(folder.path())
        .read_blocking(|tx| audit::list(tx, &audit::Filter::default(), 10))
        .unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn readers_see_whole_pages_while_a_process_syncs() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace.write_blocking(|tx| add_account(tx, "a")).unwrap();
    let mut child = child("role_sync", folder.path());
    wait_for_line(&mut child, "syncing");
    for _ in 0..30 {
        let (seen, listed) = workspace
            .read_blocking(|tx| {
                let listed =
                    record::page(tx, account.uuid, "invoices", Shown::Present, None, 10_000)?.len();
                Ok((record::count(tx, account.uuid, "invoices")?.present, listed))
            })
            .unwrap();
        assert_eq!(seen % PAGE.unsigned_abs(), 0);
        assert_eq!(seen, listed as u64);
    }
    child.0.kill().unwrap();
    child.0.wait().unwrap();
}
