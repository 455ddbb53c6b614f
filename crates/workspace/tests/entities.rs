//! Accounts, their secrets, and what hangs on them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, commit, new_account, open, sealed, start_run};
use crosswalk_vault::{AccountKeys, Secret, SecretBytes};
use crosswalk_workspace::account::{self, Kind, Retention, Status};
use crosswalk_workspace::mapping_override::{self, Action, NewVersion, Scope, Side, Target};
use crosswalk_workspace::record::Watermark;
use crosswalk_workspace::run::{self, Mode, RunFault};
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::setting::Level;
use crosswalk_workspace::token::Clocks;
use crosswalk_workspace::{
    Result, WriteTx, alert, audit, credential, environment, resource, setting, tenant, token,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

fn write<T: Send + 'static>(work: impl FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static) -> T {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).write_blocking(work).unwrap()
}

fn kinds(tx: &WriteTx<'_>) -> Vec<String> {
    audit::list(tx, &audit::Filter::default(), 1_000)
        .unwrap()
        .into_iter()
        .rev()
        .map(|row| row.kind)
        .collect()
}

#[test]
fn an_account_comes_back_as_it_was_added() {
    write(|tx| {
        tenant::add(tx, "acme", "Acme", None)?;
        let mut new = new_account("acme-prod", "acme");
        new.kind = Kind::Production;
        new.environment = Some("retail".into());
        new.config
            .insert("instance_url".into(), json!("https://acme.example.com"));
        new.trust.trust_digest = Some("t1".into());
        new.trust.hosts = vec!["acme.example.com".into()];
        let added = account::add(tx, &new)?;
        assert_eq!(account::get(tx, "ACME-prod")?, added);
        assert_eq!(account::by_id(tx, added.uuid)?, added);
        assert_eq!(
            (added.kind, added.status),
            (Kind::Production, Status::AwaitingCredentials)
        );
        assert_eq!((added.config, added.trust), (new.config, new.trust));
        assert_eq!(
            (added.environment.as_deref(), added.retention),
            (Some("retail"), Retention::Default)
        );
        assert_eq!(environment::list(tx)?.len(), 1);
        add_account(tx, "acme-sandbox")?;
        let twins = account::twins(tx, &account::get(tx, "acme-prod")?)?;
        assert_eq!(
            twins
                .iter()
                .map(|twin| twin.slug.as_str())
                .collect::<Vec<_>>(),
            ["acme-sandbox"]
        );
        assert_eq!(account::find(tx, "other")?, None);
        Ok(())
    });
}

#[test]
fn every_change_of_an_account_is_in_the_audit() {
    write(|tx| {
        let account = add_account(tx, "a")?;
        let id = account.uuid;
        account::set_status(tx, id, Status::Connecting, None)?;
        account::set_status(tx, id, Status::Connecting, None)?;
        account::set_status(tx, id, Status::Active, None)?;
        account::record_success(tx, id)?;
        account::set_status(
            tx,
            id,
            Status::NeedsReauth,
            Some("the provider refused the token"),
        )?;
        account::set_status(tx, id, Status::Active, None)?;
        account::set_scopes_asked(tx, id, &["b".into()])?;
        account::set_client_id(tx, id, "id-2")?;
        account::set_budget(tx, id, Some(50))?;
        account::set_retention(tx, id, Retention::Days(7))?;
        account::set_config(tx, id, &serde_json::Map::new())?;
        account::set_trust(tx, id, &account.trust)?;
        setting::set(tx, &Level::Account(id), "note", Some(&json!("x")))?;
        setting::set(tx, &Level::Account(id), "note", Some(&json!("x")))?;
        assert_eq!(
            setting::get(tx, &Level::Account(id), "note")?,
            Some(json!("x"))
        );
        assert_eq!(setting::get(tx, &Level::Workspace, "note")?, None);
        setting::set(tx, &Level::Account(id), "note", None)?;
        assert_eq!(
            kinds(tx),
            [
                "workspace:created",
                "tenant:added",
                "account:added",
                "account:connecting",
                "account:active",
                "account:authentication_error",
                "account:reactivated",
                "account:scopes_asked",
                "account:client_id",
                "account:budget",
                "account:retention",
                "account:config",
                "account:trust",
                "setting:changed",
                "setting:changed",
            ]
        );
        let changed = account::by_id(tx, id)?;
        assert_eq!(
            (changed.budget_percent, changed.retention),
            (Some(50), Retention::Days(7))
        );
        Ok(())
    });
}

#[test]
fn three_failed_runs_make_an_account_unhealthy_and_a_good_one_makes_it_well() {
    write(|tx| {
        let id = add_account(tx, "a")?.uuid;
        for count in 1..=3 {
            assert!(!account::by_id(tx, id)?.health.is_unhealthy());
            assert_eq!(
                account::record_failed_run(tx, id, "transient", "It failed.", Some("Wait."))?,
                count
            );
        }
        account::record_forbidden(tx, id, Some("core.read"), Some("invoices"))?;
        let health = account::by_id(tx, id)?.health;
        assert!(health.is_unhealthy());
        let error = health.last_error.unwrap();
        assert_eq!(
            (error.code.as_str(), error.hint.as_deref()),
            ("transient", Some("Wait."))
        );
        assert_eq!(
            health.last_forbidden.unwrap().scope.as_deref(),
            Some("core.read")
        );
        account::record_success(tx, id)?;
        let health = account::by_id(tx, id)?.health;
        assert!(
            !health.is_unhealthy()
                && health.last_error.is_some()
                && health.last_success_at.is_some()
        );
        Ok(())
    });
}

#[test]
fn what_a_test_found_is_no_run_and_a_refusal_ends_with_what_was_refused() {
    write(|tx| {
        let id = add_account(tx, "a")?.uuid;
        account::record_error(tx, id, "tls_failed", "No connection.", None)?;
        account::record_forbidden(tx, id, Some("core.read"), Some("invoices"))?;
        let health = || account::by_id(tx, id).map(|account| account.health);
        assert_eq!(health()?.failed_runs, 0);
        assert_eq!(health()?.last_error.unwrap().code, "tls_failed");
        account::forget_forbidden(tx, id, Some("orders"))?;
        assert!(health()?.last_forbidden.is_some());
        account::forget_forbidden(tx, id, Some("invoices"))?;
        assert_eq!(health()?.last_forbidden, None);
        account::record_forbidden(tx, id, None, None)?;
        account::forget_forbidden(tx, id, None)?;
        assert_eq!(health()?.last_forbidden, None);
        Ok(())
    });
}

#[test]
fn secrets_are_kept_sealed_and_open_only_for_their_account() {
    write(|tx| {
        let (a, b) = (add_account(tx, "a")?.uuid, add_account(tx, "b")?.uuid);
        let keys = AccountKeys::generate()?;
        let secret = Secret::from("canary-secret".repeat(100));
        credential::replace(tx, a, "client_secret", None)?;
        let closed = credential::seal(&keys, a, "private_key", &secret)?;
        credential::replace(tx, a, "private_key", Some(&closed))?;
        let parts = credential::list(tx, a)?;
        assert_eq!(
            parts
                .iter()
                .map(|part| part.part.as_str())
                .collect::<Vec<_>>(),
            ["client_secret", "private_key"]
        );
        assert_eq!(parts[0].open(&keys, a)?, None);
        assert_eq!(parts[1].open(&keys, a)?, Some(secret));
        assert!(parts[1].open(&keys, b).is_err());
        // Replaced, not added.
        credential::replace(tx, a, "private_key", None)?;
        assert_eq!(credential::list(tx, a)?[1].sealed, None);

        assert_eq!(token::clocks(tx, a)?, None);
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let clocks = Clocks {
            obtained_at: at,
            usable_at: at,
            expires_at: Some(at),
            renew_at: None,
            scopes: Some(vec!["core.read".into()]),
            refresh_obtained_at: None,
            refresh_expires_at: None,
            refresh_renew_at: None,
        };
        let bytes = SecretBytes::from(b"{\"access\":\"canary\"}".to_vec());
        token::save(tx, a, &token::seal(&keys, a, &bytes)?, &clocks)?;
        assert_eq!(token::clocks(tx, a)?, Some(clocks.clone()));
        assert_eq!(account::by_id(tx, a)?.scopes_granted, clocks.scopes);
        token::mark_refresh(tx, a, at)?;
        let stored = token::get(tx, a)?.unwrap();
        assert_eq!(stored.refresh_started, Some(at));
        assert_eq!(stored.open(&keys, a)?.as_slice(), bytes.expose());
        assert!(stored.open(&keys, b).is_err());
        // A token received ends the mark.
        token::save(tx, a, &stored.sealed, &clocks)?;
        assert_eq!(token::get(tx, a)?.unwrap().refresh_started, None);
        token::forget(tx, a)?;
        assert_eq!(token::get(tx, a)?, None);
        let rows = audit::list(tx, &audit::Filter::default(), 100)?;
        assert!(!format!("{rows:?}").contains("canary"));
        Ok(())
    });
}

#[test]
fn an_alert_is_raised_once_and_resolved() {
    write(|tx| {
        let id = add_account(tx, "a")?.uuid;
        alert::raise(tx, id, "needs_reauth", "first", None)?;
        alert::raise(tx, id, "needs_reauth", "second", Some("Renew it."))?;
        alert::raise(tx, id, "failed_runs", "third", None)?;
        let open = alert::open(tx)?;
        assert_eq!(
            open.iter()
                .map(|alert| alert.message.as_str())
                .collect::<Vec<_>>(),
            ["second", "third"]
        );
        assert_eq!(
            (open[0].account.as_deref(), open[0].state),
            (Some("a"), alert::State::Active)
        );
        assert!(alert::resolve(tx, id, "needs_reauth")?);
        assert!(!alert::resolve(tx, id, "needs_reauth")?);
        let resolved = alert::resolved_since(tx, tx.now() - SignedDuration::from_hours(1))?;
        assert_eq!(
            resolved
                .iter()
                .map(|alert| (alert.message.as_str(), alert.resolved_at.is_some()))
                .collect::<Vec<_>>(),
            [("second", true)]
        );
        let later = tx.now() + SignedDuration::from_hours(1);
        assert!(alert::resolved_since(tx, later)?.is_empty());
        alert::raise(tx, id, "needs_reauth", "again", None)?;
        assert_eq!(alert::open(tx)?.len(), 2);
        Ok(())
    });
}

#[test]
fn an_override_keeps_every_version_and_the_latest_holds() {
    write(|tx| {
        tenant::add(tx, "acme", "Acme", None)?;
        let mut new = new_account("a", "acme");
        new.environment = Some("retail".into());
        let held = account::add(tx, &new)?;
        let environment = Scope::Environment(held.environment_uuid.unwrap());
        let target = |field: &str| Target {
            side: Side::Response,
            model: "procurement/invoice".into(),
            resource: None,
            field: field.into(),
        };
        let set = |expression: &str| Action::Set(expression.into());
        let own = Scope::Account(held.uuid);
        let add = |scope, field: &str, action: &Action| {
            let new = NewVersion {
                scope,
                target: target(field),
                action: action.clone(),
                added_type: None,
                restored_version: None,
                definition_digest: Some("d1".into()),
                note: Some("why".into()),
            };
            mapping_override::add(tx, &new)
        };
        assert_eq!(add(environment, "total", &set("a"))?, 1);
        assert_eq!(add(own, "total", &set("b"))?, 1);
        assert_eq!(add(own, "total", &Action::Remove)?, 2);
        assert_eq!(add(own, "total", &Action::Inherit)?, 3);
        assert_eq!(add(own, "date", &set("c"))?, 1);
        // Another account's is no concern of this one.
        let other = add_account(tx, "b")?;
        assert_eq!(add(Scope::Account(other.uuid), "total", &set("z"))?, 1);
        let latest = mapping_override::latest(tx, &held, "procurement/invoice")?;
        let seen: Vec<_> = latest
            .iter()
            .map(|held| {
                (
                    held.scope,
                    held.target.field.as_str(),
                    held.version,
                    &held.action,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (environment, "total", 1, &set("a")),
                (own, "date", 1, &set("c")),
                (own, "total", 3, &Action::Inherit)
            ]
        );
        assert_eq!(
            (latest[0].actor.as_str(), latest[0].note.as_deref()),
            ("ada", Some("why"))
        );
        assert!(mapping_override::latest(tx, &held, "procurement/vendor")?.is_empty());
        let history = mapping_override::history(tx, own, &target("total"))?;
        let versions: Vec<u64> = history.iter().map(|version| version.version).collect();
        assert_eq!(versions, [3, 2, 1]);
        assert_eq!(history[2].action, set("b"));
        let of_scope = mapping_override::of_scope(tx, own)?;
        let fields: Vec<_> = of_scope
            .iter()
            .map(|held| (held.target.field.as_str(), held.version))
            .collect();
        assert_eq!(fields, [("date", 1), ("total", 3)]);
        Ok(())
    });
}

#[test]
fn a_run_goes_from_start_over_pause_to_completion() {
    write(|tx| {
        let held = add_account(tx, "a")?;
        assert_eq!(run::unfinished(tx, held.uuid, "invoices")?, None);
        let started = start_run(tx, &held, Mode::Incremental, &Selection::Whole)?;
        run::set_watermark_start(tx, started.uuid, Watermark(5))?;
        run::set_watermark_start(tx, started.uuid, Watermark(9))?;
        run::set_checkpoint(tx, started.uuid, Some(&json!({ "offset": 50 })))?;
        let fault = RunFault {
            code: "rate_limited".into(),
            message: "Too fast.".into(),
            hint: None,
        };
        let paused = run::stop(tx, started.uuid, run::Status::Paused, Some(&fault))?;
        assert_eq!(
            (paused.status, paused.fault),
            (run::Status::Paused, Some(fault.clone()))
        );
        assert_eq!(
            run::unfinished(tx, held.uuid, "invoices")?.unwrap().uuid,
            started.uuid
        );
        assert_eq!(resource::watermark(tx, held.uuid, "invoices")?, None);
        let resumed = run::resume(tx, started.uuid)?;
        assert_eq!(
            (resumed.status, resumed.resumed, resumed.fault),
            (run::Status::Running, 1, None)
        );
        run::record_error(tx, started.uuid, &fault, Some("7"), None)?;
        run::record_error(tx, started.uuid, &fault, Some("8"), None)?;
        run::log(tx, started.uuid, run::Severity::Warning, "Pages overlap.")?;
        let completed = run::complete(tx, started.uuid)?;
        assert_eq!(
            (completed.status, completed.checkpoint),
            (run::Status::Completed, None)
        );
        assert_eq!(
            resource::watermark(tx, held.uuid, "invoices")?,
            Some(Watermark(5))
        );
        assert_eq!(run::unfinished(tx, held.uuid, "invoices")?, None);
        assert_eq!(
            run::resume(tx, started.uuid).unwrap_err().code(),
            "not_found"
        );
        let errors = run::errors(tx, started.uuid)?;
        assert_eq!(
            (
                errors.len(),
                errors[0].count,
                errors[0].native_ids.join(" ")
            ),
            (1, 2, "7 8".to_owned())
        );
        assert_eq!(
            run::log_lines(tx, started.uuid)?[0].message,
            "Pages overlap."
        );
        // A failed run without a checkpoint has nothing to resume.
        let failed = start_run(tx, &held, Mode::Test, &Selection::Whole)?;
        run::stop(tx, failed.uuid, run::Status::Failed, Some(&fault))?;
        assert_eq!(run::unfinished(tx, held.uuid, "invoices")?, None);
        assert_eq!(run::list(tx, held.uuid, Some("invoices"), 10)?.len(), 2);
        assert_eq!(run::list(tx, held.uuid, None, 1)?[0].uuid, failed.uuid);
        assert_eq!(resource::list(tx, held.uuid)?.len(), 1);
        resource::add_root_keys(tx, held.uuid, "invoices", ["id", "custom-x", "id"])?;
        assert_eq!(
            resource::root_keys(tx, held.uuid, "invoices")?,
            ["custom-x", "id"]
        );
        Ok(())
    });
}

#[test]
fn a_single_read_stands_in_no_syncs_way_also_where_it_was_killed() {
    write(|tx| {
        let held = add_account(tx, "a")?;
        let paused = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
        run::set_checkpoint(tx, paused.uuid, Some(&json!({ "offset": 50 })))?;
        run::stop(tx, paused.uuid, run::Status::Paused, None)?;
        let unfinished = || run::unfinished(tx, held.uuid, "invoices");
        // It says that it is running, and nobody runs it.
        let killed = start_run(tx, &held, Mode::Test, &Selection::Whole)?;
        assert_eq!(unfinished()?.unwrap().uuid, paused.uuid);
        // A sync's own test has a place from its beginning.
        let test = start_run(tx, &held, Mode::Test, &Selection::Whole)?;
        run::set_checkpoint(tx, test.uuid, Some(&json!({ "done": 0 })))?;
        assert_eq!(unfinished()?.unwrap().uuid, test.uuid);
        // Whoever has the lease ends it, and no other run.
        run::end_killed_reads(tx, held.uuid, "suppliers")?;
        let status = |id| run::get(tx, id).map(|run| (run.status, run.ended_at.is_some()));
        assert_eq!(status(killed.uuid)?, (run::Status::Running, false));
        run::end_killed_reads(tx, held.uuid, "invoices")?;
        assert_eq!(status(killed.uuid)?, (run::Status::Cancelled, true));
        assert_eq!(status(paused.uuid)?, (run::Status::Paused, true));
        assert_eq!(status(test.uuid)?, (run::Status::Running, false));
        Ok(())
    });
}

#[test]
fn a_removed_account_leaves_nothing_but_its_audit() {
    write(|tx| {
        let held = add_account(tx, "a")?;
        let keys = AccountKeys::generate()?;
        let started = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
        commit(tx, &started, vec![sealed(&keys, &held, 1, None, "{}")])?;
        credential::replace(tx, held.uuid, "client_secret", None)?;
        alert::raise(tx, held.uuid, "needs_reauth", "x", None)?;
        account::remove(tx, held.uuid)?;
        assert_eq!(account::find(tx, "a")?, None);
        assert!(alert::open(tx)?.is_empty());
        assert!(run::list(tx, held.uuid, None, 10)?.is_empty());
        assert_eq!(kinds(tx).last().unwrap(), "account:removed");
        tenant::remove(tx, "acme")?;
        // The name is free again.
        add_account(tx, "a").map(|_| ())
    });
}
