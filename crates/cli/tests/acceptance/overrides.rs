//! `xwalk map set`, `unset`, `history`, `restore`, `preview`, `pin` and `check`.

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::outcome::{Outcome, has_keys};
use crate::support::workspace::{ACCOUNT, Workspace};

const MODEL: &str = "procurement/invoice";
const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];

/// 24 invoices of an account in the environment `retail`.
pub fn stored() -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(24));
    let workspace = Workspace::new();
    let scopes = "core.common.read core.invoice.read";
    workspace
        .add_account(&instance, &["--scope", scopes, "--environment", "retail"])
        .exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .exits(0);
    (instance, workspace)
}

fn map(workspace: &Workspace, verb: &str, words: &[&str], more: &[&str]) -> Outcome {
    workspace.json(&[&["map", verb, MODEL], words, &OWN, more].concat())
}

fn number(workspace: &Workspace) -> Value {
    workspace.records("invoices", "unified")[0]["number"].clone()
}

#[test]
fn an_override_is_a_version_and_none_is_lost() {
    let (_instance, workspace) = stored();
    let set = map(
        &workspace,
        "set",
        &["number", "`invoice-number` & '/a'"],
        &["--note", "as agreed"],
    )
    .done();
    has_keys(
        &set,
        &[
            "version", "level", "scope", "model", "field", "before", "after", "note", "actor", "at",
        ],
    );
    assert_eq!((&set["version"], &set["before"]), (&json!(1), &Value::Null));
    assert_eq!(number(&workspace), "INV-000001/a");
    let environment = ["--level", "environment", "--scope", "retail"];
    let stdin = workspace.json_with(
        &[&["map", "set", MODEL, "number", "-"][..], &environment].concat(),
        b"'from the environment'\n",
    );
    assert_eq!(stdin.done()["level"], "environment");
    assert_eq!(number(&workspace), "INV-000001/a", "the account wins");
    assert_eq!(
        map(&workspace, "unset", &["number"], &[]).done()["version"],
        2
    );
    assert_eq!(number(&workspace), "from the environment");
    let shown = workspace.json(&["map", "show", ACCOUNT, MODEL]).done();
    assert_eq!(shown["fields"]["number"]["level"], "environment");
    assert_eq!(
        map(&workspace, "set", &["number", "null"], &["--force"]).done()["action"],
        "remove"
    );
    assert_eq!(number(&workspace), Value::Null, "null takes the field away");
    let restored = map(&workspace, "restore", &["number", "1"], &[]).done();
    assert_eq!(
        (&restored["version"], &restored["restored_version"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(number(&workspace), "INV-000001/a");
    let undone = map(&workspace, "restore", &["number"], &["--force"]).done();
    assert_eq!(undone["action"], "remove", "undo is a version too");
    let history = map(&workspace, "history", &["number"], &[]).done();
    let versions: Vec<&Value> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["version"])
        .collect();
    assert_eq!(versions, [5, 4, 3, 2, 1]);
    assert_eq!(history[4]["note"], "as agreed");
    assert_eq!(history[1]["after"], "`invoice-number` & '/a'");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let (_instance, workspace) = stored();
    for (words, code) in [
        (["number", "a +"], "expression_syntax"),
        (["number", "$match(a, /x(?=y)/)"], "expression_unsupported"),
        (["nmber", "a"], "field_unknown"),
        (["id", "nothing_there"], "required_field_fails"),
        (["id", "null"], "required_field_fails"),
    ] {
        let error = map(&workspace, "set", &words, &[]).fails(2);
        assert_eq!(error["code"], code, "{words:?}: {error}");
    }
    let error = map(&workspace, "restore", &["number", "7"], &[]).fails(2);
    assert_eq!(error["code"], "not_found");
    let nowhere = [
        "map",
        "set",
        MODEL,
        "number",
        "a",
        "--level",
        "environment",
        "--scope",
        "none",
    ];
    assert_eq!(workspace.json(&nowhere).fails(2)["code"], "not_found");
    assert_eq!(
        map(&workspace, "history", &["number"], &[]).done(),
        json!([])
    );
    map(&workspace, "set", &["id", "nothing_there"], &["--force"]).exits(0);
    let check = workspace
        .json(&["map", "check", ACCOUNT, MODEL])
        .result_with_error(1);
    assert!(check.to_string().contains("missing"), "{check:#}");
}

#[test]
fn fields_of_the_users_own() {
    let (_instance, workspace) = stored();
    map(
        &workspace,
        "set",
        &["custom_fields.owner", "`custom-fields`.`cost-owner`"],
        &[],
    )
    .exits(0);
    map(
        &workspace,
        "set",
        &["segment", "seg3default"],
        &["--type", "string"],
    )
    .exits(0);
    map(
        &workspace,
        "set",
        &["amounts", "`invoice-lines`.total"],
        &["--type", r#"{"list":"decimal"}"#],
    )
    .exits(0);
    let unified = &workspace.records("invoices", "unified")[0];
    let owner = json!({"key": "owner", "value": "owner 1", "namespace": "mapped"});
    assert!(
        unified["custom_fields"]
            .as_array()
            .unwrap()
            .contains(&owner),
        "{unified:#}"
    );
    assert_eq!(
        (&unified["segment"], &unified["amounts"]),
        (&json!("710"), &json!(["5.00", "5.000"]))
    );
    let error = map(
        &workspace,
        "set",
        &["other", "x"],
        &["--type", "nonsense text"],
    )
    .fails(2);
    assert_eq!(error["code"], "invalid_type");
}

#[test]
fn a_preview_counts_and_saves_nothing() {
    let (_instance, workspace) = stored();
    let preview = |field: &str, expression: &str| {
        workspace
            .json(&["map", "preview", ACCOUNT, MODEL, field, expression])
            .done()
    };
    let changed = preview("number", "id % 2 = 0 ? `invoice-number` : 'odd'");
    has_keys(
        &changed,
        &["records", "changed", "errors", "not_fetched", "examples"],
    );
    let counts = |impact: &Value, keys: [&str; 5]| keys.map(|key| impact[key].as_u64().unwrap());
    let keys = [
        "records",
        "changed",
        "errors",
        "newly_failing",
        "newly_filled",
    ];
    assert_eq!(counts(&changed, keys), [24, 12, 0, 0, 0]);
    assert_eq!(changed["examples"][0]["id"], "1");
    assert_eq!(changed["examples"][0]["before"], "INV-000001");
    assert_eq!(changed["examples"][0]["after"], "odd");
    assert_eq!(number(&workspace), "INV-000001");
    let scale = preview("total", "$decimal_add(`gross-total`, '0.0000')");
    assert_eq!(counts(&scale, keys), [24, 0, 0, 0, 0], "12.5 is 12.50");
    let filled = preview("due_date", "id <= 5 ? `invoice-date`");
    assert_eq!(counts(&filled, keys), [24, 5, 0, 0, 5]);
    let failing = preview("total", "id = 3 ? $error('no') : `gross-total`");
    assert_eq!(counts(&failing, keys), [24, 1, 1, 1, 0]);
    assert_eq!(failing["examples"][0]["kind"], "failing");
    let custom = preview("custom_fields.owner", "`custom-fields`.`cost-owner`");
    assert_eq!(counts(&custom, keys), [24, 24, 0, 0, 24]);
    let broken = workspace
        .json(&["map", "preview", ACCOUNT, MODEL, "number", "a +"])
        .fails(2);
    assert_eq!(broken["code"], "expression_syntax");
    assert!(
        workspace
            .human(&["map", "preview", ACCOUNT, MODEL, "number", "'x'"])
            .exits(0)
            .stdout
            .contains("INV-000001")
    );
}

#[test]
fn what_was_not_fetched_is_counted_apart() {
    let (_instance, workspace) = stored();
    workspace
        .sync("invoices", &["--mode", "full", "--restart"])
        .exits(0);
    // A narrower answer never replaces a wider one of the same age: every record is whole still.
    let whole = workspace
        .json(&[
            "map",
            "preview",
            ACCOUNT,
            MODEL,
            "number",
            "`internal-note`",
        ])
        .done();
    assert_eq!(
        (&whole["not_fetched"], &whole["changed"]),
        (&json!(0), &json!(24))
    );
}

#[test]
fn a_pinned_result_is_held_against_every_change() {
    let (_instance, workspace) = stored();
    let pin = workspace
        .json(&["map", "pin", "add", ACCOUNT, MODEL, "7", "--note", "golden"])
        .done();
    assert_eq!((&pin["id"], &pin["note"]), (&json!("7"), &json!("golden")));
    let listed = workspace.json(&["map", "pin", "list", ACCOUNT]).done();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    workspace.json(&["map", "check", ACCOUNT, MODEL]).exits(0);
    let preview = workspace
        .json(&["map", "preview", ACCOUNT, MODEL, "number", "'x'"])
        .done();
    assert_eq!(preview["pins"]["checked"], 1);
    assert_eq!(preview["pins"]["broken"][0]["field"], "number");
    assert_eq!(preview["pins"]["broken"][0]["expected"], "INV-000007");
    let set = map(&workspace, "set", &["number", "'x'"], &[]).done();
    assert!(set["warnings"].to_string().contains("pin"), "{set}");
    let check = workspace
        .json(&["map", "check", ACCOUNT, MODEL])
        .result_with_error(1);
    assert!(check.to_string().contains("pin_broken"), "{check:#}");
    // A custom field more does not break a pin.
    map(&workspace, "restore", &["number"], &[]).exits(0);
    map(
        &workspace,
        "set",
        &["custom_fields.seg", "seg3default"],
        &[],
    )
    .exits(0);
    workspace.json(&["map", "check", ACCOUNT, MODEL]).exits(0);
    workspace
        .json(&["map", "pin", "remove", ACCOUNT, MODEL, "7"])
        .exits(0);
    workspace
        .json(&["map", "pin", "remove", ACCOUNT, MODEL, "7"])
        .fails(2);
    workspace
        .json(&["map", "pin", "add", ACCOUNT, MODEL, "999"])
        .fails(2);
    let values = ["INV-000007", "owner 3"].map(str::as_bytes);
    for (path, bytes) in workspace.files() {
        for value in values {
            assert!(
                !bytes.windows(value.len()).any(|part| part == value),
                "{}",
                path.display()
            );
        }
    }
}
