//! What calls were answered with: kept sealed, for a while, and not in old backups. And telling that something changed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{add_account, options, page, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{self, Account, Retention};
use crosswalk_workspace::audit::{self, Call, Subject};
use crosswalk_workspace::backup::{self, Reason};
use crosswalk_workspace::call_answer::{self, SealedAnswer};
use crosswalk_workspace::figures::{self, Coverage};
use crosswalk_workspace::mapping_override::{self, Action, Scope, Side, Target};
use crosswalk_workspace::page::commit;
use crosswalk_workspace::run::{self, Mode};
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::{Clock, Folder, Workspace, record, standing, table};
use jiff::{SignedDuration, Timestamp};

#[derive(Debug)]
struct Moved(Mutex<Timestamp>);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

fn moved() -> Arc<Moved> {
    let at = Timestamp::from_second(1_800_000_000).unwrap();
    Arc::new(Moved(Mutex::new(at)))
}

fn open_at(folder: &std::path::Path, clock: &Arc<Moved>) -> Workspace {
    let mut options = options();
    options.clock = Arc::<Moved>::clone(clock);
    Workspace::open(folder, &options).unwrap()
}

fn call(answer: Option<SealedAnswer>) -> Call {
    Call {
        at: Timestamp::UNIX_EPOCH,
        method: "GET".into(),
        endpoint: "https://x.example.com/me".into(),
        status: Some(403),
        records: None,
        duration: Duration::from_millis(3),
        bytes: 10,
        resource: None,
        detail: None,
        answer,
    }
}

fn answered(
    workspace: &Workspace,
    account: &Account,
    keys: &AccountKeys,
    times: usize,
) -> Vec<u64> {
    let sealed: Vec<SealedAnswer> = (0..times)
        .map(|_| SealedAnswer::seal(keys, account.uuid, b"no such scope").unwrap())
        .collect();
    let account = account.clone();
    workspace
        .write_blocking(move |tx| {
            let mut seqs = Vec::new();
            for answer in sealed {
                let seq = audit::append_call(tx, &Subject::from(&account), None, &call(None))?;
                call_answer::put(tx, &account, seq, &answer)?;
                seqs.push(seq);
            }
            Ok(seqs)
        })
        .unwrap()
}

fn kept(workspace: &Workspace, account: &Account, seq: u64) -> Option<SealedAnswer> {
    let id = account.uuid;
    workspace
        .read_blocking(|tx| call_answer::get(tx, id, seq))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_opens_for_its_account_and_goes_with_the_retention() {
    let folder = tempfile::tempdir().unwrap();
    let clock = moved();
    let workspace = open_at(folder.path(), &clock);
    let keys = AccountKeys::generate().unwrap();
    let (one, two) = workspace
        .write(|tx| Ok((add_account(tx, "one")?, add_account(tx, "two")?)))
        .await
        .unwrap();
    let seqs = tokio::task::block_in_place(|| answered(&workspace, &one, &keys, 202));
    // The oldest made room.
    assert_eq!(kept(&workspace, &one, seqs[0]), None);
    assert_eq!(kept(&workspace, &one, seqs[1]), None);
    let answer = kept(&workspace, &one, seqs[2]).unwrap();
    assert_eq!(
        answer.open(&keys, one.uuid).unwrap().as_slice(),
        b"no such scope"
    );
    assert!(answer.open(&keys, two.uuid).is_err());
    assert!(
        answer
            .open(&AccountKeys::generate().unwrap(), one.uuid)
            .is_err()
    );
    assert_eq!(kept(&workspace, &two, seqs[2]), None);
    *clock.0.lock().unwrap() += SignedDuration::from_hours(24 * 30);
    workspace.purge(one.uuid).await.unwrap();
    assert_eq!(kept(&workspace, &one, seqs[201]), None);
}

#[test]
fn nothing_is_kept_where_nothing_may_be_and_nothing_stays_when_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open_at(folder.path(), &moved());
    let keys = AccountKeys::generate().unwrap();
    let account = workspace
        .write_blocking(|tx| add_account(tx, "one"))
        .unwrap();
    let seq = answered(&workspace, &account, &keys, 1)[0];
    assert!(kept(&workspace, &account, seq).is_some());
    let id = account.uuid;
    let in_memory = workspace
        .write_blocking(move |tx| {
            record::forget_bodies(tx, id)?;
            account::set_retention(tx, id, Retention::None)?;
            account::by_id(tx, id)
        })
        .unwrap();
    assert_eq!(kept(&workspace, &account, seq), None);
    let seq = answered(&workspace, &in_memory, &keys, 1)[0];
    assert_eq!(kept(&workspace, &account, seq), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_keeps_what_refused_it_and_a_weekly_backup_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let clock = moved();
    let workspace = open_at(folder.path(), &clock);
    let keys = AccountKeys::generate().unwrap();
    let (account, run) = workspace
        .write(|tx| {
            let account = add_account(tx, "one")?;
            let run = start_run(tx, &account, Mode::Test, &Selection::Whole)?;
            Ok((account, run))
        })
        .await
        .unwrap();
    let answer = SealedAnswer::seal(&keys, account.uuid, b"refused").unwrap();
    let needle = answer.clone();
    let mut brought = page(&run, run.selection, Vec::new());
    brought.calls = vec![call(Some(answer)), call(None)];
    workspace
        .write(move |tx| commit(tx, &brought))
        .await
        .unwrap();
    let head = workspace
        .read(|tx| Ok(audit::head(tx)?.unwrap().seq))
        .await
        .unwrap();
    assert_eq!(kept(&workspace, &account, head - 1), Some(needle));
    assert_eq!(kept(&workspace, &account, head), None);
    workspace.back_up(Reason::Daily).await.unwrap();
    drop(workspace);
    let files = Folder::new(folder.path());
    let later = clock.now() + SignedDuration::from_hours(24 * 8);
    assert_eq!(backup::thin(&files, later).unwrap().stripped, 1);
    let weekly = backup::list(&files).unwrap().remove(0);
    let conn = rusqlite::Connection::open(files.backups().join(weekly.name)).unwrap();
    let left: i64 = conn
        .query_row("SELECT count(*) FROM call_answer", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn what_changes_shows_in_the_account_it_concerns() {
    let folder = tempfile::tempdir().unwrap();
    let clock = moved();
    let workspace = open_at(folder.path(), &clock);
    let (one, two) = workspace
        .write_blocking(|tx| Ok((add_account(tx, "one")?, add_account(tx, "two")?)))
        .unwrap();
    let mut changes = workspace.changes().unwrap();
    assert!(changes.any().unwrap(), "nobody looked before");
    assert!(!changes.any().unwrap());
    let mut before = workspace.read_blocking(standing::accounts).unwrap();
    let mut changed = |what: &str, expected: Option<&Account>| {
        assert!(changes.any().unwrap(), "{what}");
        assert!(!changes.any().unwrap(), "{what}");
        let now = workspace.read_blocking(standing::accounts).unwrap();
        let differ: Vec<_> = now
            .iter()
            .filter(|one| !before.contains(one))
            .map(|one| one.account)
            .collect();
        let expected: Vec<_> = expected.map(|account| account.uuid).into_iter().collect();
        assert_eq!(differ, expected, "{what}");
        before = now;
    };
    let (id, other) = (one.uuid, two.uuid);
    workspace
        .write_blocking(move |tx| account::set_status(tx, id, account::Status::Active, None))
        .unwrap();
    changed("a status", Some(&one));
    let held = two.clone();
    let run = workspace
        .write_blocking(move |tx| start_run(tx, &held, Mode::Test, &Selection::Whole))
        .unwrap();
    changed("a run that began", Some(&two));
    let run = run.uuid;
    workspace
        .write_blocking(move |tx| run::complete(tx, run))
        .unwrap();
    changed("a run that ended", Some(&two));
    let since = workspace.read_blocking(figures::mapped_since).unwrap();
    assert_eq!(since.get(&other), Some(&clock.now()));
    assert_eq!(since.get(&id), None);
    let coverage = Coverage {
        filled: 3,
        of: 4,
        records: 2,
        definition: "d1".into(),
        at: clock.now(),
    };
    let noted = coverage.clone();
    workspace
        .write_blocking(move |tx| figures::set_coverage(tx, id, &noted))
        .unwrap();
    changed("a coverage", Some(&one));
    let all = workspace.read_blocking(figures::coverage).unwrap();
    assert_eq!(all.get(&id), Some(&coverage));
    let tenants = workspace.read_blocking(standing::tenants).unwrap();
    workspace
        .write_blocking(|tx| crosswalk_workspace::tenant::add(tx, "later", "Later", None))
        .unwrap();
    changed("a tenant", None);
    assert_ne!(workspace.read_blocking(standing::tenants).unwrap(), tenants);
}

#[test]
fn a_version_of_an_override_or_of_a_table_shows_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open_at(folder.path(), &moved());
    let mappings = || workspace.read_blocking(standing::mappings).unwrap();
    let none = mappings();
    let id = workspace
        .write_blocking(|tx| add_account(tx, "one"))
        .unwrap()
        .uuid;
    assert_eq!(mappings(), none);
    let overridden = mapping_override::NewVersion {
        scope: Scope::Account(id),
        target: Target {
            side: Side::Response,
            model: "ap/invoice".into(),
            resource: None,
            field: "number".into(),
        },
        action: Action::Remove,
        added_type: None,
        restored_version: None,
        definition_digest: None,
        note: None,
    };
    workspace
        .write_blocking(move |tx| mapping_override::add(tx, &overridden))
        .unwrap();
    let one = mappings();
    assert_ne!(one, none);
    let keys = AccountKeys::generate().unwrap();
    let tabled = table::NewVersion {
        scope: Scope::Account(id),
        name: "terms".into(),
        body: table::Body::of_account(&keys, id, "terms", &table::Changes::new()).unwrap(),
        tally: table::Tally::default(),
        after: None,
        restored_version: None,
        note: None,
    };
    workspace
        .write_blocking(move |tx| table::add(tx, &tabled))
        .unwrap();
    assert_ne!(mappings(), one);
    assert_ne!(mappings(), none);
}
