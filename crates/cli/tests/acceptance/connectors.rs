//! `xwalk connector`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::connector_copy::{ConnectorCopy, shipped};
use crate::support::outcome::has_keys;
use crate::support::workspace::Workspace;

#[test]
fn connectors_are_listed_and_shown_without_a_vault() {
    let workspace = Workspace::new();
    let run = |args: &[&str]| {
        let args = [args, &["--json"]].concat();
        let mut command = workspace.command(&args);
        command
            .env_remove("XWALK_PASSPHRASE")
            .env_remove("XWALK_VAULT");
        crate::support::running::Running::start(args.join(" "), command, b"").outcome()
    };
    let listed = run(&["connector", "list"]).done();
    let names: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert!(
        names.contains(&&Value::from("coupa")) && names.contains(&&Value::from("standin")),
        "{names:?}"
    );
    let shown = run(&["connector", "show", "coupa"]).done();
    let text = shown.to_string();
    for part in [
        "purchase_orders",
        "integration_errors",
        "core.invoice.read",
        "procurement/invoice",
        "instance_url",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(
        run(&["connector", "show", "nothing"]).fails(2)["code"],
        "not_found"
    );
    assert!(
        workspace
            .human(&["connector", "list"])
            .exits(0)
            .stdout
            .contains("Coupa")
    );
    assert!(
        workspace
            .human(&["connector", "show", "coupa"])
            .exits(0)
            .stdout
            .contains("invoices")
    );
}

#[test]
fn the_schema_is_the_shipped_one() {
    let workspace = Workspace::bare();
    let printed = workspace.human(&["connector", "schema"]);
    let printed: Value = serde_json::from_str(&printed.exits(0).stdout).unwrap();
    let committed = fs::read_to_string(shipped().join("connector.schema.json")).unwrap();
    assert_eq!(printed, serde_json::from_str::<Value>(&committed).unwrap());
    assert_eq!(workspace.json(&["connector", "schema"]).done(), printed);
}

#[test]
fn a_workspace_connector_takes_a_built_in_ones_place_once_it_is_approved() {
    let workspace = Workspace::bare();
    let folder = workspace.folder().join("connectors");
    ConnectorCopy::named("standin")
        .with("\nname: standin\n", "\nname: coupa\n")
        .with("\nlabel: Coupa\n", "\nlabel: Our own\n")
        .write_below(&folder);
    fs::rename(folder.join("standin"), folder.join("coupa")).unwrap();
    let standing = || {
        let listed = workspace.json(&["connector", "list"]).done();
        let named = listed.as_array().unwrap().iter();
        named
            .filter(|one| one["name"] == "coupa")
            .map(|one| {
                (
                    one["origin"].as_str().unwrap().to_owned(),
                    one["approved"] == true,
                )
            })
            .collect::<Vec<_>>()
    };
    let waiting = [
        ("built-in".to_owned(), true),
        ("workspace".to_owned(), false),
    ];
    assert_eq!(standing(), waiting);
    let human = workspace.human(&["connector", "list"]);
    assert!(
        human.exits(0).stderr.contains("connector approve NAME"),
        "{human}"
    );
    let other = workspace.json(&["connector", "approve", "nothing"]);
    assert_eq!(other.fails(2)["code"], "not_found");
    assert_eq!(standing(), waiting);

    let approved = workspace.json(&["connector", "approve", "coupa"]).done();
    assert_eq!(approved["origin"], "workspace");
    assert_eq!(approved["label"], "Our own");
    assert_eq!(standing(), [("workspace".to_owned(), true)]);
    let again = workspace.json(&["connector", "approve", "coupa"]);
    assert_eq!(again.fails(2)["code"], "not_found");

    // What was approved is the connector as it was.
    let file = folder.join("coupa/connector.yaml");
    let changed = fs::read_to_string(&file).unwrap();
    fs::write(&file, changed.replace("label: Our own", "label: Changed")).unwrap();
    assert_eq!(standing(), waiting);
    let human = workspace.human(&["connector", "approve", "coupa"]);
    assert!(
        human.exits(0).stdout.contains("Changed") && human.stdout.contains("coupahost.com"),
        "{human}"
    );
}

fn path(folder: &Path) -> String {
    folder.display().to_string()
}

#[test]
fn a_good_definition_passes_its_check() {
    let workspace = Workspace::new();
    for folder in [
        shipped().join("coupa"),
        workspace.folder().join("connectors/standin"),
    ] {
        workspace
            .json(&["connector", "check", &path(&folder)])
            .done();
        workspace
            .human(&["connector", "check", &path(&folder)])
            .exits(0);
    }
}

/// Every object in there that names a file, a line and a column.
fn places(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(object) => {
            if ["file", "line", "column"]
                .iter()
                .all(|key| object.contains_key(*key))
            {
                found.push(value.clone());
            }
            object.values().for_each(|value| places(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| places(value, found)),
        _ => {}
    }
}

#[track_caller]
fn refused(copy: &ConnectorCopy) -> (Value, String) {
    let workspace = Workspace::with(copy);
    let folder = path(&workspace.folder().join("connectors/standin"));
    let outcome = workspace.json(&["connector", "check", &folder]);
    let document = outcome.exits(2).document();
    let mut found = Vec::new();
    places(&document, &mut found);
    assert!(!found.is_empty(), "{outcome}");
    let human = workspace.human(&["connector", "check", &folder]);
    let human = human.exits(2).everything();
    // The workspace still opens, and says what is wrong where it is needed.
    workspace.json(&["connector", "list"]).exits(0);
    (found[0].clone(), format!("{document} {human}"))
}

#[test]
fn a_typo_is_found_with_file_line_column_and_the_nearest_key() {
    let (place, text) =
        refused(&ConnectorCopy::named("standin").with("\nrate_limit:\n", "\nrate_limt:\n"));
    let folder = tempfile::tempdir().unwrap();
    ConnectorCopy::named("standin")
        .with("\nrate_limit:\n", "\nrate_limt:\n")
        .write_below(folder.path());
    let written = fs::read_to_string(folder.path().join("standin/connector.yaml")).unwrap();
    let line = 1 + written
        .lines()
        .position(|line| line.starts_with("rate_limt"))
        .unwrap();
    assert_eq!(
        (&place["line"], &place["column"]),
        (&Value::from(line), &Value::from(1)),
        "{place}"
    );
    assert!(
        place["file"].as_str().unwrap().contains("connector.yaml"),
        "{place}"
    );
    assert!(
        text.contains("rate_limit`")
            || text.contains("rate_limit\"")
            || text.contains("rate_limit?"),
        "{text}"
    );
    assert!(
        text.contains(&format!(":{line}:1")),
        "a person sees it too: {text}"
    );
}

#[test]
fn references_to_what_does_not_exist() {
    let scope = "label: Purchase orders\n    scopes: [core.purchase_order.read]";
    let (_, text) = refused(&ConnectorCopy::named("standin").with(
        scope,
        "label: Purchase orders\n    scopes: [core.nonsense.read]",
    ));
    assert!(text.contains("core.nonsense.read"), "{text}");
    let (_, text) = refused(&ConnectorCopy::named("standin").with("settle: 0s", "settle: soon"));
    assert!(text.contains("soon"), "{text}");
    let (_, text) =
        refused(&ConnectorCopy::named("standin").with("\nformat: 1\n", "\nformat: 7\n"));
    assert!(text.contains("format"), "{text}");
    let (_, _) = refused(
        &ConnectorCopy::named("standin")
            .with("\ncategory: procurement\n", "\ncategory: [procurement\n"),
    );
}

#[test]
fn a_mapping_with_a_mistake() {
    let workspace = Workspace::new();
    let folder = workspace.folder().join("connectors/standin");
    let file = folder.join("mappings/procurement/invoice.invoices.yaml");
    let text = fs::read_to_string(&file).unwrap();
    for (from, to, named) in [
        ("resource: invoices", "resource: invoicess", "invoicess"),
        ("\n  number: ", "\n  numberr: ", "numberr"),
        (
            "model: procurement/invoice",
            "model: procurement/invoic",
            "procurement/invoic",
        ),
    ] {
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let outcome = workspace.json(&["connector", "check", &path(&folder)]);
        let document = outcome.exits(2).document();
        let mut found = Vec::new();
        places(&document, &mut found);
        assert!(
            found.iter().any(|place| place["file"]
                .as_str()
                .unwrap()
                .contains("invoice.invoices.yaml")),
            "{outcome}"
        );
        assert!(document.to_string().contains(named), "{outcome}");
    }
}

#[test]
fn a_path_that_is_not_there() {
    let workspace = Workspace::bare();
    let outcome = workspace.json(&["connector", "check", "/no/such/connector"]);
    let error = outcome.fails(2);
    assert_eq!(error["code"], "not_found");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("/no/such/connector"),
        "{error}"
    );
}

#[test]
fn a_broken_workspace_connector_leaves_the_others_usable() {
    let workspace = Workspace::new();
    let file = workspace.folder().join("connectors/standin/connector.yaml");
    fs::write(&file, "format: 1\nname: standin\nlabel: [").unwrap();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    has_keys(
        &workspace.json(&["connector", "show", "coupa"]).done(),
        &["name"],
    );
    let args = [
        "account",
        "add",
        "a",
        "--tenant",
        "acme",
        "--connector",
        "standin",
    ];
    let error = workspace.json(&args).fails(2);
    assert!(
        error.to_string().contains("connector check"),
        "the next step: {error}"
    );
}
