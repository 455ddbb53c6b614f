//! `xwalk custody`, `tenant security-report`, `account retention`, and sensitive values in records that are printed.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::{invoice, invoices};
use crate::support::outcome::has_keys;
use crate::support::workspace::{ACCOUNT, PASSPHRASE, Workspace};

const TAX_ID: &str = "DE-canary-811907980";

/// Invoices whose supplier has a tax id, which the connector says is sensitive.
fn with_tax_ids(count: i64) -> Vec<Value> {
    (1..=count)
        .map(|id| {
            let mut one = invoice(id);
            one["supplier"]["tax-id"] = json!(TAX_ID);
            one
        })
        .collect()
}

fn kinds(workspace: &Workspace, kind: &str) -> Vec<Value> {
    let rows = workspace.json(&["audit", "list", "--limit", "1000"]).done();
    let rows = rows.as_array().unwrap().iter();
    rows.filter(|row| row["kind"] == kind).cloned().collect()
}

fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path)
        .unwrap()
        .permissions()
        .mode()
        .trailing_zeros()
        >= 6
}

#[test]
fn the_custody_list_says_whom_to_call_and_holds_no_secret() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let list = workspace.json(&["custody", "export"]).done();
    let account = &list["tenants"][0]["accounts"][0];
    has_keys(
        account,
        &[
            "id",
            "connector",
            "kind",
            "instances",
            "client_id",
            "scopes",
            "scopes_granted",
            "token_expires_at",
        ],
    );
    assert_eq!(
        (&list["tenants"][0]["id"], &account["id"]),
        (&json!("acme"), &json!(ACCOUNT))
    );
    assert_eq!(account["instances"], json!([instance.url()]));
    assert!(account["token_expires_at"].is_string());

    let alerts = workspace.json(&["alerts"]).done();
    let due = alerts
        .as_array()
        .unwrap()
        .iter()
        .find(|alert| alert["kind"] == "custody")
        .unwrap();
    assert_eq!(
        (&due["account"], &due["state"]),
        (&Value::Null, &json!("upcoming"))
    );
    assert_eq!(kinds(&workspace, "custody:exported").len(), 1);

    let file = workspace.home().join("custody.txt");
    let path = file.to_str().unwrap();
    workspace
        .human(&["custody", "export", "--output", path])
        .exits(0);
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.contains(ACCOUNT) && text.contains("Audit head: row "),
        "{text}"
    );
    assert!(is_private(&file));
    let secret = instance.manners().client_secret.clone();
    for canary in [secret.as_str(), PASSPHRASE] {
        assert!(!text.contains(canary) && !list.to_string().contains(canary));
    }
    let as_json = workspace
        .json(&["custody", "export", "--output", path])
        .done();
    assert_eq!(as_json["accounts"], 1);
    let against = workspace
        .json(&["audit", "verify", "--against", path])
        .done();
    assert_eq!(against["compared"], 1);
}

#[test]
fn the_security_report_answers_with_evidence_that_can_be_checked_later() {
    let instance = Instance::start();
    instance.put("invoices", with_tax_ids(3));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    workspace
        .json(&["tenant", "add", "globex", "--name", "Globex"])
        .exits(0);
    let file = workspace.home().join("report.html");
    let path = file.to_str().unwrap();
    let report = ["tenant", "security-report", "acme", "--output", path];
    workspace.human(&report).exits(0);
    let page = fs::read_to_string(&file).unwrap();
    for words in [
        ACCOUNT,
        &instance.url(),
        "core.invoice.read",
        "Audit head: row ",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let secret = instance.manners().client_secret.clone();
    for word in [secret.as_str(), TAX_ID, "Globex", "globex", "<script"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(is_private(&file));
    let verdict = workspace
        .json(&["audit", "verify", "--against", path])
        .done();
    assert_eq!(
        (&verdict["ok"], &verdict["compared"]),
        (&json!(true), &json!(1))
    );
    let forged = page.replacen("audit-head content=\"", "audit-head content=\"1", 1);
    fs::write(&file, forged).unwrap();
    let outcome = workspace.json(&["audit", "verify", "--against", path]);
    assert_eq!(outcome.code, Some(1));
    let stdout = workspace
        .human(&["tenant", "security-report", "acme"])
        .exits(0)
        .stdout
        .clone();
    assert!(stdout.starts_with("<!doctype html>"));
    let nobody = workspace
        .json(&["tenant", "security-report", "nobody"])
        .fails(2);
    assert_eq!(nobody["code"], "not_found");
}

#[test]
fn sensitive_values_are_printed_as_received_and_noted_or_masked_when_asked() {
    let instance = Instance::start();
    instance.put("invoices", with_tax_ids(2));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let print = |more: &[&str]| {
        let args = [&["records", ACCOUNT, "invoices"][..], more].concat();
        workspace.json(&args).exits(0).stdout.clone()
    };
    assert!(print(&[]).contains(TAX_ID), "raw is the record as received");
    let noted = kinds(&workspace, "value:revealed");
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert!(!noted[0].to_string().contains(TAX_ID));
    for format in ["raw", "unified", "both"] {
        let masked = print(&["--format", format, "--masked"]);
        assert!(!masked.contains(TAX_ID), "{format}: {masked}");
        assert_eq!(masked.lines().count(), 2);
    }
    let masked: Value = serde_json::from_str(print(&["--masked"]).lines().next().unwrap()).unwrap();
    assert_eq!(masked["supplier"]["tax-id"], "••••••");
    assert_eq!(masked["supplier"]["name"], "Supplier 1");
    assert_eq!(masked["gross-total"], invoice(1)["gross-total"]);
    assert_eq!(kinds(&workspace, "value:revealed").len(), 1);

    workspace
        .json(&["setting", "set", "mask_exports", "on"])
        .exits(0);
    assert!(!print(&[]).contains(TAX_ID));
    assert!(print(&["--reveal"]).contains(TAX_ID));
    assert_eq!(kinds(&workspace, "value:revealed").len(), 2);
    let both = ["records", ACCOUNT, "invoices", "--masked", "--reveal"];
    workspace.json(&both).fails_on_stderr(2);
}

#[test]
fn a_query_is_masked_and_noted_as_records_are() {
    let instance = Instance::start();
    instance.put("invoices", with_tax_ids(2));
    let workspace = Workspace::connected(&instance);
    let model = "procurement/invoice";
    let set = [
        "map",
        "set",
        model,
        "custom_fields.tax",
        "supplier.`tax-id`",
    ];
    let own = ["--level", "account", "--scope", ACCOUNT];
    workspace.json(&[&set[..], &own].concat()).exits(0);
    let print = |more: &[&str]| {
        let args = [&["query", ACCOUNT, model][..], more].concat();
        workspace.json(&args).exits(0).stdout.clone()
    };
    assert!(print(&[]).contains(TAX_ID));
    let noted = kinds(&workspace, "value:revealed");
    assert_eq!(noted.len(), 1, "{noted:?}");
    let masked = print(&["--masked"]);
    assert!(
        !masked.contains(TAX_ID) && masked.contains("••••••"),
        "{masked}"
    );
    assert_eq!(masked.lines().count(), 2);
    workspace
        .json(&["setting", "set", "mask_exports", "on"])
        .exits(0);
    assert!(!print(&[]).contains(TAX_ID));
    assert_eq!(kinds(&workspace, "value:revealed").len(), 1);
    assert!(print(&["--reveal"]).contains(TAX_ID));
    assert_eq!(kinds(&workspace, "value:revealed").len(), 2);
    let both = ["query", ACCOUNT, model, "--masked", "--reveal"];
    workspace.json(&both).fails_on_stderr(2);
}

/// The sealed bodies as they lie in the database.
fn bodies(workspace: &Workspace) -> Vec<Vec<u8>> {
    let db = Connection::open(workspace.folder().join("workspace.db")).unwrap();
    let mut rows = db
        .prepare("SELECT body FROM record WHERE body IS NOT NULL")
        .unwrap();
    let bodies = rows.query_map([], |row| row.get(0)).unwrap();
    bodies.map(Result::unwrap).collect()
}

fn files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(fs::read(&path).unwrap());
        }
    }
}

fn is_somewhere(body: &[u8], in_files: &[Vec<u8>]) -> bool {
    // Its nonce and the front of what was sealed: enough to tell it, short enough not to lie across two pages.
    let needle = &body[..48];
    in_files
        .iter()
        .any(|file| file.windows(needle.len()).any(|window| window == needle))
}

#[test]
fn what_retention_ends_is_gone_from_every_file_and_leaves_its_id() {
    let instance = Instance::start();
    instance.put("invoices", invoices(20));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let held = workspace.json(&["account", "retention", ACCOUNT]).done();
    assert_eq!(
        (&held["retention"], &held["days"]),
        (&json!("default"), &json!(30))
    );
    assert!(held["oldest_ends_at"].is_string());
    let before = bodies(&workspace);
    assert_eq!(before.len(), 20);
    let mut there = Vec::new();
    files(&workspace.folder(), &mut there);
    assert!(before.iter().all(|body| is_somewhere(body, &there)));

    let wrong = workspace
        .json(&["account", "retention", ACCOUNT, "soon"])
        .fails(2);
    assert_eq!(wrong["code"], "invalid_retention");
    let asked = workspace
        .json(&["account", "retention", ACCOUNT, "none"])
        .fails(2);
    assert_eq!(asked["code"], "not_confirmed");
    assert_eq!(bodies(&workspace).len(), 20, "nothing was changed");
    let set = workspace
        .json(&["account", "retention", ACCOUNT, "none", "--yes"])
        .done();
    assert_eq!((&set["days"], &set["due"]), (&json!(0), &json!(0)));
    let mut left = Vec::new();
    files(&workspace.folder(), &mut left);
    for body in &before {
        assert!(
            !is_somewhere(body, &left),
            "a purged body is still in a file"
        );
    }
    let db = Connection::open(workspace.folder().join("workspace.db")).unwrap();
    let tombs: i64 = db
        .query_row(
            "SELECT count(*) FROM record WHERE body IS NULL AND purged_at IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(tombs, 20);
    assert_eq!(kinds(&workspace, "records:purged").len(), 1);
    // From now on nothing reaches a file.
    workspace
        .sync("invoices", &["--mode", "full", "--restart"])
        .exits(0);
    assert!(bodies(&workspace).is_empty());
}
