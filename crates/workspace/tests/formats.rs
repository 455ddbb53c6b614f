//! Workspaces of every format there was. A fixture is the dump of a workspace as that format's program left it; a
//! format that was released keeps its fixture for good.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::open;
use crosswalk_workspace::record::{self, Shown, Watermark};
use crosswalk_workspace::run::Status;
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::{
    account, alert, credential, integrity, mapping_override, run, setting, tenant, token,
};
use rusqlite::Connection;

const FORMATS: &[&str] = &[include_str!("fixtures/format-1.sql")];

fn schema(folder: &std::path::Path) -> Vec<(String, Option<String>)> {
    let conn = Connection::open(folder.join("workspace.db")).unwrap();
    let mut statement = conn
        .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
        .unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn a_workspace_of_any_format_opens_with_all_it_held() {
    for dump in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let conn = Connection::open(folder.path().join("workspace.db")).unwrap();
        conn.execute_batch(dump).unwrap();
        drop(conn);
        let workspace = open(folder.path());
        assert!(!workspace.was_created());
        assert_eq!(
            workspace.id().to_string(),
            "01a00000-0000-7000-8000-000000000001"
        );
        // A script that was edited after its fixture was taken shows here.
        let fresh = tempfile::tempdir().unwrap();
        drop(open(fresh.path()));
        assert_eq!(schema(folder.path()), schema(fresh.path()));
        let sound = workspace.read_blocking(integrity::check).unwrap();
        assert!(sound.ok(), "{sound:?}");
        workspace
            .read_blocking(|tx| {
                assert_eq!(tenant::get(tx, "acme")?.region.as_deref(), Some("eu"));
                let held = account::get(tx, "acme-prod")?;
                assert_eq!(held.environment.as_deref(), Some("retail"));
                assert_eq!(held.config["instance_url"], "https://acme.example.com");
                assert_eq!(credential::list(tx, held.uuid)?.len(), 1);
                assert!(token::clocks(tx, held.uuid)?.is_some());
                assert_eq!(alert::open(tx)?.len(), 1);
                assert_eq!(
                    mapping_override::latest(tx, &held, "procurement/invoice")?.len(),
                    1
                );
                assert!(setting::get(tx, &setting::Level::Account(held.uuid), "note")?.is_some());
                let runs = run::list(tx, held.uuid, None, 10)?;
                assert_eq!(
                    runs.iter().map(|run| run.status).collect::<Vec<_>>(),
                    [Status::Paused, Status::Completed]
                );
                assert!(runs[0].checkpoint.is_some());
                let errors = run::errors(tx, runs[0].uuid)?;
                assert_eq!(errors.len(), 1);
                assert_eq!(errors[0].native_ids, ["7"]);
                assert_eq!(selection::get(tx, runs[1].selection)?, Selection::Whole);
                let records = record::page(tx, held.uuid, "invoices", Shown::All, None, 10)?;
                let ids: Vec<String> = records
                    .iter()
                    .map(|record| record.native_id.to_string())
                    .collect();
                assert_eq!(ids, ["1", "2", "INV-3"]);
                assert_eq!(records[0].watermark, Some(Watermark(1)));
                assert!(records[2].body.is_none() && records[2].purged_at.is_some());
                Ok(())
            })
            .unwrap();
    }
}
