//! `xwalk map export`, `import`, `copy`, `promote` and `compare`.

use std::fs;

use serde_json::json;

use crate::overrides::stored;
use crate::support::instance::Instance;
use crate::support::workspace::{ACCOUNT, Workspace};

const MODEL: &str = "procurement/invoice";
const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];
const PROD: &str = "acme-prod";

/// The twin of the account: production, of the same tenant, without records.
fn with_twin() -> (Instance, Workspace) {
    let (instance, workspace) = stored();
    let url = format!("instance_url={}", instance.url());
    let client = instance.manners().client_id.clone();
    let words = [
        "account",
        "add",
        PROD,
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--kind",
        "production",
        "--set",
        &url,
        "--client-id",
        &client,
        "--scope",
        "core.common.read",
        "--client-secret-stdin",
    ];
    workspace
        .json_with(&words, instance.manners().client_secret.as_bytes())
        .exits(0);
    for (field, expression) in [
        ("number", "`invoice-number` & '/x'"),
        ("custom_fields.owner", "`custom-fields`.`cost-owner`"),
    ] {
        let set = ["map", "set", MODEL, field, expression];
        workspace
            .json(&[&set[..], &OWN, &["--note", "why: agreed"]].concat())
            .exits(0);
    }
    let entry = ["table", "set", "owners", "owner 1", "Una"];
    workspace.json(&[&entry[..], &OWN].concat()).exits(0);
    (instance, workspace)
}

#[test]
fn a_bundle_goes_out_and_comes_back() {
    let (_instance, workspace) = with_twin();
    let exported = workspace.human(&["map", "export", ACCOUNT]);
    let text = exported.exits(0).stdout.clone();
    for part in [
        "connector: standin",
        "connector_version:",
        "custom_fields.owner",
        "why: agreed",
        "owners",
        "Una",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(
        text,
        workspace.human(&["map", "export", ACCOUNT]).stdout,
        "the same state, the same text"
    );
    let file = workspace.home().join("bundle.yaml");
    fs::write(&file, &text).unwrap();
    let import = ["map", "import", file.to_str().unwrap()];
    let nothing = workspace
        .json(&[&import[..], &OWN, &["--dry-run"]].concat())
        .done();
    assert_eq!(
        (&nothing["changes"], &nothing["versions"]),
        (&json!([]), &json!(0))
    );
    let shared = ["--level", "environment", "--scope", "retail"];
    let dry = workspace
        .json(&[&import[..], &shared, &["--dry-run"]].concat())
        .done();
    assert_eq!(dry["changes"].as_array().unwrap().len(), 2);
    assert_eq!(dry["tables"][0]["added"], 1);
    assert_eq!(dry["accounts"][0]["account"], ACCOUNT);
    assert_eq!(
        dry["accounts"][0]["changed"], 0,
        "the account's own win already"
    );
    let history = ["map", "history", MODEL, "number"];
    assert_eq!(
        workspace.json(&[&history[..], &shared].concat()).done(),
        json!([])
    );
    let done = workspace.json(&[&import[..], &shared].concat()).done();
    assert_eq!(done["versions"], 3);
    let after = workspace.json(&[&history[..], &shared].concat()).done();
    assert_eq!(after[0]["note"], "why: agreed");

    fs::write(&file, text.replace("custom_fields.owner", "no_such_field")).unwrap();
    let dry = workspace
        .json(&[&import[..], &shared, &["--dry-run"]].concat())
        .done();
    assert_eq!(dry["unfit"][0]["field"], "no_such_field", "{dry:#}");
    let refused = workspace.json(&[&import[..], &shared].concat()).fails(2);
    assert_eq!(refused["code"], "bundle_does_not_fit");
    workspace
        .json(&[&import[..], &shared, &["--partial"]].concat())
        .exits(0);
    fs::write(&file, "format: 1\nconector: x\n").unwrap();
    let refused = workspace.json(&[&import[..], &shared].concat()).fails(2);
    assert_eq!(refused["code"], "not_a_bundle");
}

#[test]
fn a_mapping_is_one_document_for_another_platform() {
    let (instance, workspace) = with_twin();
    let document = workspace
        .human(&["map", "export", ACCOUNT, "--jsonata", "--model", MODEL])
        .exits(0)
        .stdout
        .clone();
    let raw = instance.truth("invoices")[0].to_string();
    let value = workspace
        .json_with(&["jsonata", &document], raw.as_bytes())
        .done();
    assert_eq!(value["number"], "INV-000001/x");
    assert_eq!(value["currency"], "USD");
    assert!(
        value["custom_fields"].to_string().contains("owner 1"),
        "{value:#}"
    );
}

#[test]
fn overrides_are_promoted_with_a_look_first() {
    let (_instance, workspace) = with_twin();
    let refused = workspace
        .json(&["map", "promote", ACCOUNT, "--twin"])
        .fails(2);
    assert_eq!(
        refused["code"], "not_confirmed",
        "a production account is asked about"
    );
    let dry = workspace
        .json(&["map", "promote", ACCOUNT, "--twin", "--dry-run", "--tables"])
        .done();
    assert_eq!(dry["accounts"][0]["account"], PROD);
    assert_eq!(
        (&dry["versions"], &dry["dry_run"]),
        (&json!(3), &json!(true))
    );
    let before = workspace.json(&["compare", ACCOUNT, PROD]).done();
    let differs = |found: &serde_json::Value| {
        found["mapping"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["same"] == false)
            .count()
    };
    assert_eq!(differs(&before), 2);
    assert_eq!(before["tables"][0]["different"], 1);
    assert_eq!(
        (&before["a_kind"], &before["b_kind"]),
        (&json!("sandbox"), &json!("production"))
    );
    assert!(before["scopes"].to_string().contains("core.invoice.read"));
    assert!(before["custom_fields"].to_string().contains("seg3default"));
    let done = workspace
        .json(&["map", "promote", ACCOUNT, "--twin", "--tables", "--yes"])
        .done();
    assert_eq!(done["versions"], 3);
    let after = workspace.json(&["compare", ACCOUNT, PROD]).done();
    assert_eq!(
        (differs(&after), &after["tables"][0]["different"]),
        (0, &json!(0))
    );
    let up = workspace
        .json(&["map", "promote", ACCOUNT, "--field", "number"])
        .done();
    assert_eq!(up["changes"][0]["scope"], "retail");
    let nothing = workspace
        .json(&["map", "copy", PROD, "--to", PROD, "--yes"])
        .fails(2);
    assert_eq!(nothing["code"], "same_account");
    workspace.json(&["compare", ACCOUNT, "nobody"]).fails(2);
    assert!(
        workspace
            .human(&["compare", ACCOUNT, PROD])
            .exits(0)
            .stdout
            .contains("seg3default")
    );
}

#[test]
fn the_pins_of_each_account_are_held_against_what_comes_in() {
    let (_instance, workspace) = with_twin();
    workspace
        .json(&["map", "pin", "add", ACCOUNT, MODEL, "7"])
        .exits(0);
    let file = workspace.home().join("bundle.yaml");
    let text = workspace.human(&["map", "export", ACCOUNT]).stdout.clone();
    fs::write(&file, text.replace("/x", "/y")).unwrap();
    let import = ["map", "import", file.to_str().unwrap()];
    let import = [&import[..], &OWN].concat();
    let dry = workspace
        .json(&[&import[..], &["--dry-run"]].concat())
        .done();
    assert_eq!(dry["accounts"][0]["pins"], 1, "{dry:#}");
    assert_eq!(
        dry["accounts"][0]["broken_pins"],
        json!(["invoices 7: number"])
    );
    let refused = workspace.json(&import).fails(2);
    assert_eq!(refused["code"], "not_confirmed", "{refused}");
    let number = || workspace.records("invoices", "unified")[6]["number"].clone();
    assert_eq!(number(), "INV-000007/x", "nothing was written");
    // The environment says less than the account, whose own override hides it: the pin holds.
    let shared = ["--level", "environment", "--scope", "retail"];
    let hidden = [&import[..3], &shared, &["--dry-run"]].concat();
    let hidden = workspace.json(&hidden).done();
    assert_eq!(hidden["accounts"][0]["broken_pins"], json!([]));
    workspace.json(&[&import[..], &["--yes"]].concat()).exits(0);
    assert_eq!(number(), "INV-000007/y");

    // A table alone can break a pin too.
    workspace
        .json(&["map", "pin", "remove", ACCOUNT, MODEL, "7"])
        .exits(0);
    let own = |words: &[&str]| workspace.json(&[words, &OWN].concat());
    own(&[
        "map",
        "set",
        MODEL,
        "memo",
        "$table('owners', `custom-fields`.`cost-owner`)",
    ])
    .exits(0);
    workspace
        .json(&["map", "pin", "add", ACCOUNT, MODEL, "1"])
        .exits(0);
    let text = workspace.human(&["map", "export", ACCOUNT]).stdout.clone();
    fs::write(&file, text.replace("Una", "Ursula")).unwrap();
    let dry = workspace
        .json(&[&import[..], &["--dry-run"]].concat())
        .done();
    assert_eq!(
        dry["accounts"][0]["broken_pins"],
        json!(["invoices 1: memo"]),
        "{dry:#}"
    );
}
