//! A process is killed while it migrates, backs up or restores: what is found afterwards is whole, the old or the new.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::*;
use crate::{integrity, tenant};

/// How often each is killed, at moments spread over the time it takes undisturbed.
const KILLS: u32 = 5;

const TENANTS: usize = 2_000;
const WORK: &str = "CROSSWALK_CRASH_WORK";
const FOLDER: &str = "CROSSWALK_CRASH_FOLDER";

/// A format to come, whose script takes some time.
fn later() -> Formats {
    migration::KNOWN.and_then(
        "CREATE TABLE later (number INTEGER NOT NULL) STRICT; \
         INSERT INTO later WITH RECURSIVE one (number) AS \
         (SELECT 1 UNION ALL SELECT number + 1 FROM one WHERE number < 100000) SELECT number FROM one;",
    )
}

fn options() -> OpenOptions {
    OpenOptions::new("0")
}

/// What the killed process does; as a test of its own it does nothing.
#[test]
fn child() {
    let (Ok(work), Ok(folder)) = (std::env::var(WORK), std::env::var(FOLDER)) else {
        return;
    };
    match work.as_str() {
        "migration" => drop(Workspace::open_as(&folder, &options(), later()).unwrap()),
        "backup" => {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let workspace = Workspace::open(&folder, &options()).unwrap();
            runtime.block_on(workspace.back_up(Reason::Manual)).unwrap();
        }
        _ => {
            let files = Folder::new(&folder);
            let name = backup::list(&files).unwrap().remove(0).name;
            backup::restore(&files, &name, &options()).unwrap();
        }
    }
}

fn spawn(work: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["workspace::crashes::child", "--exact", "--quiet"])
        .env(WORK, work)
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A workspace with a backup of its first tenant alone, and with the others still in its log.
fn base() -> tempfile::TempDir {
    let (made, base) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let workspace = Workspace::open(made.path(), &options()).unwrap();
    let add = |range: std::ops::Range<usize>| {
        workspace
            .write_blocking(move |tx| {
                for number in range {
                    tenant::add(tx, &format!("tenant-{number}"), "Some name", None)?;
                }
                Ok(())
            })
            .unwrap();
    };
    add(0..1);
    runtime.block_on(workspace.back_up(Reason::Manual)).unwrap();
    runtime.block_on(workspace.empty_log()).unwrap();
    add(1..TENANTS);
    // Copied while it is open: closing it would write the log back.
    copy(made.path(), base.path());
    let log = base.path().join("workspace.db-wal");
    assert!(fs::metadata(log).unwrap().len() > 0);
    base
}

/// The workspace is sound; gives how many tenants it has.
#[track_caller]
fn is_sound(workspace: &Workspace) -> usize {
    let sound = workspace.read_blocking(integrity::check).unwrap();
    assert!(sound.ok(), "{sound:?}");
    workspace.read_blocking(tenant::list).unwrap().len()
}

/// Every backup that is listed opens as a workspace.
#[track_caller]
fn backups_are_whole(folder: &Path) -> Vec<usize> {
    let files = Folder::new(folder);
    let sizes = backup::list(&files).unwrap().into_iter().map(|backup| {
        let opened = tempfile::tempdir().unwrap();
        let target = opened.path().join("workspace.db");
        fs::copy(files.backups().join(&backup.name), target).unwrap();
        is_sound(&Workspace::open(opened.path(), &options()).unwrap())
    });
    sizes.collect()
}

/// Kills the work at moments spread over its time and judges what is left each time, and at last what the undisturbed
/// work leaves.
fn killed(work: &str, judge: impl Fn(&Path, bool)) {
    let base = base();
    let undisturbed = tempfile::tempdir().unwrap();
    copy(base.path(), undisturbed.path());
    let began = Instant::now();
    assert!(spawn(work, undisturbed.path()).wait().unwrap().success());
    let takes = began.elapsed();
    judge(undisturbed.path(), true);
    for kill in 1..=KILLS {
        let folder = tempfile::tempdir().unwrap();
        copy(base.path(), folder.path());
        let mut process = spawn(work, folder.path());
        std::thread::sleep(takes * kill / (KILLS + 1));
        // SIGKILL: nothing in the process gets a word in.
        process.kill().unwrap();
        let done = process.wait().unwrap().success();
        judge(folder.path(), done);
        // What a killed process leaves lying about is no hindrance.
        let again = spawn(work, folder.path()).wait().unwrap();
        assert!(again.success());
        judge(folder.path(), true);
    }
}

#[test]
fn killed_while_it_migrates() {
    killed("migration", |folder, done| {
        let known = Workspace::open(folder, &options());
        match known {
            Ok(workspace) => {
                assert!(!done);
                assert_eq!(is_sound(&workspace), TENANTS);
            }
            Err(Error::Newer { .. }) => {
                let workspace = Workspace::open_as(folder, &options(), later()).unwrap();
                assert_eq!(is_sound(&workspace), TENANTS);
                let rows = workspace
                    .read_blocking(|tx| {
                        tx.row("SELECT count(*) FROM later", [], |row| row.get::<_, i64>(0))
                    })
                    .unwrap();
                assert_eq!(rows, Some(100_000));
                // The verified backup of what was migrated came first.
                assert!(backups_are_whole(folder).contains(&TENANTS));
            }
            Err(error) => panic!("{error}"),
        }
        backups_are_whole(folder);
    });
}

#[test]
fn killed_while_it_backs_up() {
    killed("backup", |folder, done| {
        let whole = backups_are_whole(folder);
        assert!(!done || whole.contains(&TENANTS), "{whole:?}");
        let workspace = Workspace::open(folder, &options()).unwrap();
        assert_eq!(is_sound(&workspace), TENANTS);
    });
}

#[test]
fn killed_while_it_restores() {
    killed("restore", |folder, _| {
        let workspace = Workspace::open(folder, &options()).unwrap();
        let tenants = is_sound(&workspace);
        assert!([1, TENANTS].contains(&tenants), "{tenants} tenants");
        drop(workspace);
        // What was there before is never lost.
        let mut whole = backups_are_whole(folder);
        whole.push(tenants);
        assert!(whole.contains(&TENANTS), "{whole:?}");
    });
}

#[test]
fn a_change_left_half_written_beside_its_journal_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    drop(Workspace::open(folder.path(), &options()).unwrap());
    let conn = Connection::open(folder.path().join("workspace.db")).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 5; BEGIN; CREATE TABLE half (x);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO half SELECT hex(randomblob(500)) FROM n;",
    )
    .unwrap();
    // What a process leaves that dies now.
    let left = tempfile::tempdir().unwrap();
    for file in ["workspace.db", "workspace.db-journal"] {
        fs::copy(folder.path().join(file), left.path().join(file)).unwrap();
    }
    drop(conn);
    let workspace = Workspace::open(left.path(), &options()).unwrap();
    let half = workspace
        .read_blocking(|tx| {
            tx.row(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'half'",
                [],
                |row| row.get::<_, i64>(0),
            )
        })
        .unwrap();
    assert_eq!(half, Some(0));
}
