//! Alerts that are planned: what becomes of one when its time moves, and what ends one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, open};
use crosswalk_workspace::alert::{self, State, kind};
use crosswalk_workspace::{Result, WriteTx, account};
use jiff::{SignedDuration, Timestamp};

fn write<T: Send + 'static>(work: impl FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static) -> T {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).write_blocking(work).unwrap()
}

/// How an alert stands before its time moves.
#[derive(Clone, Copy, Debug)]
enum Stands {
    Planned,
    Told,
    Seen,
    PutOff,
}

#[test]
fn an_alert_whose_time_moves_and_is_past_all_the_same_stays_as_it_is() {
    write(|tx| {
        // As it is stored.
        let now = Timestamp::from_second(tx.now().as_second()).unwrap();
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        for (number, (stands, was, becomes, state, kept)) in [
            // Planned, and planned anew.
            (Stands::Planned, 3, 4, State::Upcoming, true),
            (Stands::Planned, 3, -1, State::Upcoming, true),
            // Its cause goes on.
            (Stands::Told, -2, -1, State::Active, true),
            (Stands::Seen, -2, -1, State::Acknowledged, true),
            (Stands::PutOff, -2, -1, State::Active, true),
            // Its cause was seen to.
            (Stands::Told, -2, 1, State::Upcoming, false),
            (Stands::Seen, -2, 1, State::Upcoming, false),
            (Stands::PutOff, -2, 1, State::Upcoming, false),
        ]
        .into_iter()
        .enumerate()
        {
            let id = add_account(tx, &format!("a{number}"))?.uuid;
            let plan = |at: i64| {
                let (due_at, words) = (now + days(at), "Records are about to go.");
                alert::plan(tx, Some(id), kind::RETENTION, due_at, words, None)
            };
            let mine = || -> Result<alert::Alert> {
                let slug = format!("a{number}");
                let mut open = alert::open(tx)?.into_iter();
                Ok(open
                    .find(|alert| alert.account.as_deref() == Some(&*slug))
                    .unwrap())
            };
            plan(was)?;
            let before = mine()?;
            let key = before.uuid.to_string();
            if !matches!(stands, Stands::Planned) {
                alert::activate(tx, before.uuid, None)?;
                alert::notified(tx, &[before.uuid])?;
            }
            match stands {
                Stands::Planned | Stands::Told => {}
                Stands::Seen => drop(alert::acknowledge(tx, &key)?),
                Stands::PutOff => drop(alert::snooze(tx, &key, now + days(2))?),
            }
            let before = mine()?;
            plan(becomes)?;
            let after = mine()?;
            let case = format!("{stands:?} {was} {becomes}");
            assert_eq!(
                (after.due_at, after.state),
                (now + days(becomes), state),
                "{case}"
            );
            assert_eq!(after.uuid == before.uuid, kept, "{case}");
            if kept {
                assert_eq!(after.notified_at, before.notified_at, "{case}");
                assert_eq!(after.snoozed_until, before.snoozed_until, "{case}");
            } else {
                assert_eq!(
                    (after.notified_at, after.snoozed_until),
                    (None, None),
                    "{case}"
                );
            }
        }
        Ok(())
    });
}

#[test]
fn what_went_well_ends_the_alert_of_failed_runs_and_no_other() {
    write(|tx| {
        let id = add_account(tx, "a")?.uuid;
        alert::raise(tx, id, kind::FAILED_RUNS, "Three runs failed.", None)?;
        alert::raise(tx, id, kind::NO_EXPIRY, "Nobody says how long.", None)?;
        account::record_success(tx, id)?;
        let open = alert::open(tx)?;
        let kinds: Vec<&str> = open.iter().map(|alert| alert.kind.as_str()).collect();
        assert_eq!(kinds, [kind::NO_EXPIRY]);
        Ok(())
    });
}

#[test]
fn an_account_that_worked_and_fails_its_test_is_told_of_until_it_works() {
    use account::Status::{Active, NeedsReauth, PostInstallError};
    write(|tx| {
        let id = add_account(tx, "a")?.uuid;
        let kinds = || -> Result<Vec<String>> {
            Ok(alert::open(tx)?.into_iter().map(|open| open.kind).collect())
        };
        account::set_status(tx, id, PostInstallError, None)?;
        assert!(kinds()?.is_empty(), "whoever adds it sees it");
        account::set_status(tx, id, Active, None)?;
        account::record_success(tx, id)?;
        account::set_status(tx, id, NeedsReauth, None)?;
        assert_eq!(kinds()?, [kind::NEEDS_REAUTH]);
        account::set_status(tx, id, PostInstallError, None)?;
        assert_eq!(kinds()?, [kind::FAILED_RUNS]);
        account::set_status(tx, id, Active, None)?;
        account::record_success(tx, id)?;
        assert!(kinds()?.is_empty());
        Ok(())
    });
}
