//! What is handed out says up to where the audit's chain went: beside the text where its bytes are for a repository.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::instance::Instance;
use crate::support::outcome::Outcome;
use crate::support::workspace::{ACCOUNT, Workspace};

const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];

/// The one line that says the head, which is that of the chain's last row: that this was handed out.
#[track_caller]
fn head_said(workspace: &Workspace, outcome: &Outcome, kind: &str) -> String {
    let said: Vec<&str> = outcome
        .exits(0)
        .stderr
        .lines()
        .filter(|line| line.starts_with("Audit head: row "))
        .collect();
    assert_eq!(said.len(), 1, "{outcome}");
    let rows = workspace.json(&["audit", "list", "--limit", "1"]).done();
    let (seq, hash) = (&rows[0]["seq"], rows[0]["hash"].as_str().unwrap());
    assert_eq!(rows[0]["kind"], kind, "{rows:#}");
    assert_eq!(said[0], format!("Audit head: row {seq} {hash}"));
    if kind != "audit:exported" {
        assert_eq!(rows[0]["account"], ACCOUNT, "{rows:#}");
    }
    said[0].to_owned()
}

#[test]
fn whatever_is_exported_says_the_head_on_stderr_and_keeps_its_bytes() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let set = [
        "map",
        "set",
        "procurement/invoice",
        "number",
        "`invoice-number` & '/x'",
    ];
    workspace.json(&[&set[..], &OWN].concat()).exits(0);
    let entry = ["table", "set", "owners", "owner 1", "Una"];
    workspace.json(&[&entry[..], &OWN].concat()).exits(0);
    let table = [&["table", "export", "owners"][..], &OWN].concat();
    let (said, file) = (
        workspace.home().join("said.txt"),
        workspace.home().join("out"),
    );
    for (kind, args) in [
        ("mapping:exported", &["map", "export", ACCOUNT][..]),
        (
            "mapping:exported",
            &["map", "export", ACCOUNT, "--jsonata"][..],
        ),
        ("table:exported", &table),
    ] {
        let first = workspace.human(args);
        let head = head_said(&workspace, &first, kind);
        assert!(!first.stdout.contains("Audit head"), "{first}");
        let again = workspace.human(args);
        assert_ne!(head_said(&workspace, &again, kind), head);
        assert_eq!(again.stdout, first.stdout, "the same state, the same bytes");
        head_said(&workspace, &workspace.json(args), kind);
        let out = [args, &["--out", file.to_str().unwrap()]].concat();
        fs::write(&file, "for everybody").unwrap();
        let told = workspace.human(&out);
        head_said(&workspace, &told, kind);
        assert!(told.stdout.starts_with("Wrote "), "{told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), first.stdout);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let told = workspace.json(&out);
        head_said(&workspace, &told, kind);
        let told = told.document();
        assert_eq!(told["path"], file.to_str().unwrap(), "{told}");
        assert_eq!(told["bytes"], first.stdout.len(), "{told}");
        assert!(told["head"]["hash"].is_string(), "{told}");
        // What was said is checked later as it stands.
        fs::write(&said, format!("{}{}", first.stderr, first.stdout)).unwrap();
        let against = ["audit", "verify", "--against", said.to_str().unwrap()];
        let verdict = workspace.json(&against).done();
        assert_eq!(
            (&verdict["ok"], &verdict["compared"]),
            (&json!(true), &json!(1)),
            "{verdict:#}"
        );
    }
    for format in ["jsonl", "csv"] {
        let export = workspace.human(&["audit", "export", "--format", format]);
        head_said(&workspace, &export, "audit:exported");
    }
}

#[test]
fn a_document_says_its_head_to_a_program_too() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let exported = workspace.json(&["map", "export", ACCOUNT]).done();
    let rows = workspace.json(&["audit", "list", "--limit", "1"]).done();
    assert_eq!(
        exported["head"],
        json!({ "seq": rows[0]["seq"], "hash": rows[0]["hash"] })
    );
    assert!(exported["text"].as_str().unwrap().contains("connector:"));
}
