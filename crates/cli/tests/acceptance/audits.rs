//! `xwalk audit verify` and `audit export`: what was done cannot be made undone unseen.

use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::outcome::has_keys;
use crate::support::workspace::{ACCOUNT, Workspace};

fn tamper(workspace: &Workspace, sql: &str) {
    let db = Connection::open(workspace.folder().join("workspace.db")).unwrap();
    db.execute_batch(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER audit_is_never_updated; DROP TRIGGER audit_is_never_deleted;",
    )
    .unwrap();
    db.execute_batch(sql).unwrap();
}

fn verdict(workspace: &Workspace, more: &[&str]) -> (Option<i32>, Value) {
    let outcome = workspace.json(&[&["audit", "verify"], more].concat());
    let found: Value = serde_json::from_str(&outcome.stdout).unwrap();
    (outcome.code, found)
}

#[test]
fn a_sound_chain_is_anchored_up_to_its_head() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let (code, found) = verdict(&workspace, &[]);
    has_keys(&found, &["ok", "rows", "anchored_seq", "broken_at"]);
    assert_eq!(
        (code, &found["ok"], &found["broken_at"]),
        (Some(0), &json!(true), &Value::Null)
    );
    assert_eq!(found["anchored_seq"], found["rows"], "{found}");
    assert_eq!(found["rows"], found["head"]["seq"]);
}

#[test]
fn edits_removals_exchanges_and_truncation_are_found() {
    let instance = Instance::start();
    for (sql, at, fault) in [
        (
            "UPDATE audit SET actor = 'somebody else' WHERE seq = 3",
            3,
            "edited",
        ),
        ("DELETE FROM audit WHERE seq = 3", 3, "missing"),
        (
            "UPDATE audit SET seq = -1 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = -1",
            3,
            "unlinked",
        ),
        ("DELETE FROM audit WHERE seq > 4", 5, "below_anchor"),
    ] {
        let workspace = Workspace::connected(&instance);
        tamper(&workspace, sql);
        let (code, found) = verdict(&workspace, &[]);
        assert_eq!(
            (code, &found["ok"]),
            (Some(1), &json!(false)),
            "{sql}: {found}"
        );
        assert_eq!(found["broken_at"], at, "{sql}: {found}");
        assert_eq!(found["fault"], fault, "{sql}: {found}");
        // Going on does not heal it: the anchor stays as the evidence.
        workspace.json(&["account", "renew", ACCOUNT]);
        let (code, _) = verdict(&workspace, &[]);
        assert_eq!(code, Some(1), "{sql}");
    }
}

#[test]
fn an_export_has_every_row_and_is_checked_against_later() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let exported = workspace.json(&["audit", "export"]).exits(0).stdout.clone();
    let lines: Vec<Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (line, seq) in lines.iter().zip(1..) {
        has_keys(
            line,
            &[
                "seq",
                "at",
                "kind",
                "actor",
                "tenant",
                "account",
                "method",
                "endpoint",
                "status",
                "records",
                "duration_ms",
                "bytes",
                "previous",
                "hash",
            ],
        );
        assert_eq!(line["seq"], seq);
    }
    assert_eq!(lines.last().unwrap()["kind"], "audit:exported");
    let csv = workspace
        .human(&["audit", "export", "--format", "csv"])
        .exits(0)
        .stdout
        .clone();
    assert_eq!(csv.lines().count(), lines.len() + 2);
    let only = workspace
        .json(&["audit", "export", "--kind", "call", "--account", ACCOUNT])
        .exits(0)
        .lines();
    assert!(!only.is_empty() && only.iter().all(|row| row["kind"] == "call"));
    // A length of time is ago: what is gone by is exported, not what is to come.
    let rows = |edge: &str| {
        let export = workspace.json(&["audit", "export", edge, "30d"]);
        export.exits(0).lines().len()
    };
    assert!(rows("--since") > lines.len());
    assert_eq!(rows("--until"), 0);

    let (jsonl, sheet) = (
        workspace.home().join("before.jsonl"),
        workspace.home().join("before.csv"),
    );
    fs::write(&jsonl, &exported).unwrap();
    fs::write(&sheet, &csv).unwrap();
    for file in [&jsonl, &sheet] {
        let (code, found) = verdict(&workspace, &["--against", file.to_str().unwrap()]);
        assert_eq!(code, Some(0), "{found}");
        assert!(found["compared"].as_u64().unwrap() >= lines.len() as u64);
    }
    let forged = exported.replacen(lines[2]["hash"].as_str().unwrap(), &"0".repeat(64), 1);
    fs::write(&jsonl, forged).unwrap();
    let (code, found) = verdict(&workspace, &["--against", jsonl.to_str().unwrap()]);
    assert_eq!((code, &found["broken_at"]), (Some(1), &json!(3)), "{found}");
    fs::write(&jsonl, "nothing of the kind").unwrap();
    workspace
        .json(&["audit", "verify", "--against", jsonl.to_str().unwrap()])
        .fails(2);
}

#[test]
fn a_restore_says_so_and_anchors_anew() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let backup = workspace.json(&["backup", "create"]).done();
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    workspace
        .json(&[
            "backup",
            "restore",
            backup["name"].as_str().unwrap(),
            "--yes",
        ])
        .exits(0);
    let (code, found) = verdict(&workspace, &[]);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["anchored_seq"], found["rows"]);
    let rows = workspace.json(&["audit", "list", "--limit", "1"]).done();
    assert_eq!(rows[0]["kind"], "workspace:restored");
}

#[test]
fn a_restore_says_when_the_anchor_could_not_be_written() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let backup = workspace.json(&["backup", "create"]).done();
    let anchor = workspace.folder().join("audit-anchor.json");
    let before = fs::read(&anchor).unwrap();
    fs::remove_file(&anchor).unwrap();
    fs::create_dir(&anchor).unwrap();
    let restored = workspace
        .json(&[
            "backup",
            "restore",
            backup["name"].as_str().unwrap(),
            "--yes",
        ])
        .done();
    assert_eq!(restored["name"], backup["name"], "{restored}");
    let note = restored["notes"][0].as_str().unwrap();
    assert!(note.contains("not anchored anew yet"), "{note}");
    fs::remove_dir(&anchor).unwrap();
    fs::write(&anchor, before).unwrap();

    // The anchor of the chain before breaks nothing, and the next command takes its place.
    let (code, found) = verdict(&workspace, &[]);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["anchored_seq"], Value::Null, "{found}");
    let note = found["notes"][0].as_str().unwrap();
    assert!(note.starts_with("A backup was restored"), "{note}");
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    let (code, found) = verdict(&workspace, &[]);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["anchored_seq"], found["rows"], "{found}");
    assert_eq!(found["notes"], json!([]));

    // It counted once.
    tamper(&workspace, "DELETE FROM audit WHERE seq > 4");
    let (code, found) = verdict(&workspace, &[]);
    assert_eq!(code, Some(1), "{found}");
    assert_eq!(found["fault"], "below_anchor", "{found}");
}

#[test]
fn an_anchor_that_is_gone_is_told_of_and_leaves_a_row() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    fs::remove_file(workspace.folder().join("audit-anchor.json")).unwrap();
    let (code, found) = verdict(&workspace, &[]);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["anchored_seq"], Value::Null, "{found}");
    let note = found["notes"][0].as_str().unwrap();
    assert!(note.starts_with("The anchor is gone"), "{note}");
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    let (code, found) = verdict(&workspace, &[]);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["anchored_seq"], found["rows"], "{found}");
    assert_eq!(found["notes"], json!([]));
    let rows = workspace.json(&["audit", "list", "--limit", "1"]).done();
    assert_eq!(rows[0]["kind"], "audit:anchor_gone");
}

#[test]
fn checking_the_audit_asks_for_no_passphrase() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    for args in [
        &["audit", "verify"][..],
        &["audit", "list"],
        &["audit", "export"],
    ] {
        let mut command = workspace.command(args);
        command.env_remove("XWALK_PASSPHRASE");
        let outcome =
            crate::support::running::Running::start(args.join(" "), command, b"").outcome();
        outcome.exits(0);
    }
}
