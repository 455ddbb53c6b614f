//! `xwalk records`, `get` and `map`.

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::{invoices, supplier};
use crate::support::manners::Manners;
use crate::support::outcome::has_keys;
use crate::support::workspace::{ACCOUNT, Workspace, ids};

fn synced() -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(24));
    let workspace = Workspace::connected(&instance);
    workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .exits(0);
    (instance, workspace)
}

#[test]
fn records_in_three_formats() {
    let (instance, workspace) = synced();
    let truth = instance.truth("invoices");
    assert_eq!(
        workspace
            .json(&["records", ACCOUNT, "invoices"])
            .exits(0)
            .lines(),
        truth,
        "raw by default"
    );

    let unified = workspace.records("invoices", "unified");
    assert_eq!(unified.len(), 24);
    for (unified, raw) in unified.iter().zip(&truth) {
        assert_eq!(unified["id"], raw["id"].to_string());
        assert_eq!(unified["number"], raw["invoice-number"]);
        assert_eq!(unified["total"], raw["gross-total"]);
        assert_eq!(unified["currency"], "USD");
        assert_eq!(unified["remote_status"], raw["status"]);
        assert_eq!(
            unified["invoice_date"], "2026-01-05",
            "the provider's own calendar date"
        );
        assert_eq!(unified["vendor"]["id"], raw["supplier"]["id"].to_string());
        let kind = if raw["document-type"] == "Credit Note" {
            "credit_note"
        } else {
            "bill"
        };
        assert_eq!(unified["type"], kind);
        let created: jiff::Timestamp = unified["created_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(
            created,
            raw["created-at"].as_str().unwrap().parse().unwrap()
        );
        assert!(
            unified["created_at"].as_str().unwrap().ends_with('Z'),
            "an instant in UTC"
        );
        assert_eq!(unified["line_items"].as_array().unwrap().len(), 2);
        assert_eq!(unified["line_items"][1]["allocations"][1]["amount"], "2.50");
        let sum: &str = unified["sub_total"].as_str().unwrap();
        assert_eq!(sum.parse::<f64>().unwrap().to_string(), "10");
    }
    assert!(
        unified
            .iter()
            .zip(&truth)
            .all(|(one, raw)| one["status"] == raw["status"])
    );

    let both = workspace.records("invoices", "both");
    for (both, raw) in both.iter().zip(&truth) {
        has_keys(both, &["raw", "unified", "fields"]);
        assert_eq!(&both["raw"], raw);
        let number = &both["fields"]["number"];
        has_keys(
            number,
            &["status", "level", "expression", "reads", "message"],
        );
        assert_eq!(number["status"], "ok");
        assert_eq!(number["level"], "connector");
        assert!(
            number["reads"].to_string().contains("invoice-number"),
            "{number}"
        );
        let absent = both["fields"]["due_date"]["status"].as_str().unwrap();
        assert!(["empty", "missing"].contains(&absent), "{absent}");
    }
    assert_eq!(both[0]["unified"], unified[0]);
}

#[test]
fn one_record_and_the_first_few() {
    let (_instance, workspace) = synced();
    let one = workspace
        .json(&["records", ACCOUNT, "invoices", "--id", "7"])
        .exits(0)
        .lines();
    assert_eq!(ids(&one), [7]);
    let few = workspace
        .json(&["records", ACCOUNT, "invoices", "--limit", "3"])
        .exits(0)
        .lines();
    assert_eq!(ids(&few), [1, 2, 3]);
    let human = workspace.human(&["records", ACCOUNT, "invoices", "--limit", "2"]);
    assert_eq!(human.exits(0).lines().len(), 2, "lines for a person too");
}

#[test]
fn failures_go_to_stderr_in_lines_mode() {
    let (_instance, workspace) = synced();
    let fails = |args: &[&str]| {
        workspace
            .json(&[&["records"], args].concat())
            .fails_on_stderr(2)
    };
    assert_eq!(
        fails(&[ACCOUNT, "purchase_order_lines", "--format", "unified"])["code"],
        "no_model"
    );
    assert_eq!(
        fails(&[ACCOUNT, "currencies", "--format", "both"])["code"],
        "no_model"
    );
    assert_eq!(fails(&[ACCOUNT, "nonsense"])["code"], "not_found");
    assert_eq!(fails(&["nobody", "invoices"])["code"], "not_found");
    assert_eq!(
        fails(&[ACCOUNT, "invoices", "--id", "999"])["code"],
        "not_found"
    );
    let raw = workspace.json(&["records", ACCOUNT, "purchase_order_lines"]);
    assert_eq!(raw.exits(0).stdout, "");
}

#[test]
fn what_was_not_fetched_is_not_called_empty() {
    let instance = Instance::start();
    instance.put("suppliers", (1..=60).map(supplier).collect());
    let workspace = Workspace::new();
    workspace
        .add_account(
            &instance,
            &["--scope", "core.common.read core.supplier.read"],
        )
        .exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    workspace.sync("suppliers", &["--mode", "full"]).exits(0);
    let both = workspace.records("suppliers", "both");
    assert_eq!(both.len(), 60);
    for record in &both {
        for (name, field) in record["fields"].as_object().unwrap() {
            assert_ne!(
                field["status"], "not_fetched",
                "{name}: what the mapping reads was asked for"
            );
        }
        let hold = record["raw"]["on-hold"] == true;
        assert_eq!(
            record["unified"]["status"],
            if hold { "on_hold" } else { "active" }
        );
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let (_instance, workspace) = synced();
    let program = workspace.command(&["records", ACCOUNT, "invoices", "--json"]);
    let mut command = std::process::Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(r#""$0" "$@" | head -n 1 | cut -c 1-8"#);
    command
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear();
    for (key, value) in program.get_envs() {
        command.env(key, value.unwrap());
    }
    let outcome =
        crate::support::running::Running::start("records | head".into(), command, b"").outcome();
    assert!(
        !outcome.stderr.to_lowercase().contains("panic"),
        "{outcome}"
    );
    assert_eq!(outcome.stdout.trim_end(), "{\"id\":1,");
}

#[test]
fn a_pass_through_read() {
    let (instance, workspace) = synced();
    let query = [
        "--query",
        "status=approved",
        "--query",
        "limit=2",
        "--query",
        "created-at[gt]=2020-01-01T00:00:00+02:00",
    ];
    let answer = workspace
        .json(&[&["get", ACCOUNT, "/invoices"], &query[..]].concat())
        .done();
    has_keys(&answer, &["status", "headers", "body"]);
    assert_eq!(answer["status"], 200);
    assert_eq!(ids(answer["body"].as_array().unwrap()), [5, 10]);
    let request = instance.requests_of("/api/invoices").pop().unwrap();
    assert_eq!(
        request.param("created-at[gt]"),
        Some("2020-01-01T00:00:00+02:00")
    );
    assert!(!answer.to_string().contains(&instance.newest_token()));
    let with_base = workspace.json(&["get", ACCOUNT, "/api/invoices/3"]).done();
    assert_eq!(with_base["body"]["id"], 3);
    let human = workspace.human(&["get", ACCOUNT, "/invoices/3"]);
    assert!(human.exits(0).stdout.contains("INV-000003"), "{human}");
    let missing = workspace.json(&["get", ACCOUNT, "/invoices/999"]);
    assert!(
        missing.stdout.contains("404") || missing.code != Some(0),
        "{missing}"
    );
    let forbidden = workspace.json(&["get", ACCOUNT, "/suppliers"]);
    assert!(matches!(forbidden.code, Some(0 | 3)), "{forbidden}");
}

#[test]
fn a_pass_through_read_of_xml_or_html() {
    let instance = Instance::with(Manners {
        always_xml: true,
        ..Manners::default()
    });
    let workspace = Workspace::new();
    workspace
        .add_account(&instance, &["--scope", "core.common.read"])
        .exits(0);
    let outcome = workspace.json(&["get", ACCOUNT, "/currencies"]);
    let document = outcome.document();
    match outcome.code {
        Some(0) => assert!(document["body"].as_str().unwrap().contains("<id>")),
        _ => assert!(document["error"].to_string().contains("XML"), "{outcome}"),
    }
}

#[test]
fn the_mapping_in_force() {
    let (_instance, workspace) = synced();
    let shown = workspace
        .json(&["map", "show", ACCOUNT, "procurement/invoice"])
        .done();
    has_keys(&shown, &["model", "resource", "fields"]);
    assert_eq!(
        (&shown["model"], &shown["resource"]),
        (&json!("procurement/invoice"), &json!("invoices"))
    );
    has_keys(
        &shown["fields"]["number"],
        &["expression", "level", "version"],
    );
    assert_eq!(shown["fields"]["number"]["level"], "connector");
    let two = [
        "map",
        "show",
        ACCOUNT,
        "procurement/tracking_category",
        "--resource",
        "projects",
    ];
    assert_eq!(workspace.json(&two).done()["resource"], "projects");
    workspace
        .json(&["map", "show", ACCOUNT, "procurement/nonsense"])
        .fails(2);
    workspace
        .json(&["map", "show", "nobody", "procurement/invoice"])
        .fails(2);
    assert!(
        workspace
            .human(&["map", "show", ACCOUNT, "procurement/invoice"])
            .exits(0)
            .stdout
            .contains("number")
    );
}

#[test]
fn a_mapping_is_checked_over_the_stored_records() {
    let (_instance, workspace) = synced();
    let checked = workspace
        .json(&["map", "check", ACCOUNT, "procurement/invoice"])
        .done();
    let text = checked.to_string();
    for part in ["coverage", "seg3default"] {
        assert!(text.contains(part), "{part}: {checked:#}");
    }
    workspace.json(&["map", "check", ACCOUNT]).exits(0);
    assert!(
        !workspace
            .human(&["map", "check", ACCOUNT])
            .exits(0)
            .stdout
            .is_empty()
    );
    let unread: Value = workspace
        .json(&["map", "check", ACCOUNT, "procurement/nonsense"])
        .fails(2);
    assert_eq!(unread["code"], "no_model");
}
