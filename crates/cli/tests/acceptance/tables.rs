//! `xwalk table`, and `$table` in mappings.

use std::fs;
use std::time::Instant;

use serde_json::{Value, json};

use crate::overrides::stored;
use crate::support::instance::Instance;
use crate::support::invoice::invoice;
use crate::support::workspace::{ACCOUNT, Workspace};

const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];
const SHARED: [&str; 4] = ["--level", "environment", "--scope", "retail"];

fn import(workspace: &Workspace, csv: &str, more: &[&str]) -> Value {
    let file = workspace.home().join("table.csv");
    fs::write(&file, csv).unwrap();
    let words = ["table", "import", "owners", file.to_str().unwrap()];
    workspace.json(&[&words[..], more].concat()).done()
}

fn owners(workspace: &Workspace) -> Vec<Value> {
    let unified = workspace.records("invoices", "unified");
    unified
        .iter()
        .take(4)
        .map(|one| one["owner"].clone())
        .collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table's life from first to last")]
fn a_mapping_reads_its_tables_level_by_level() {
    let (_instance, workspace) = stored();
    let set = [
        "map",
        "set",
        "procurement/invoice",
        "owner",
        "$table('owners', `custom-fields`.`cost-owner`)",
    ];
    workspace
        .json(&[&set[..], &OWN, &["--type", "string"]].concat())
        .exits(0);
    let unmapped = workspace.json(&["table", "unmapped", ACCOUNT]).done();
    assert_eq!(unmapped.as_array().unwrap().len(), 4);
    assert_eq!(
        unmapped[0],
        json!({"table": "owners", "key": "owner 0", "records": 6, "masked": false})
    );

    let first = import(&workspace, "key,value\nowner 0,Zoe\nowner 1,Una\n", &SHARED);
    assert_eq!(
        (&first["version"], &first["added"], &first["entries"]),
        (&json!(1), &json!(2), &json!(2))
    );
    let own = import(
        &workspace,
        "owner 1,\"Una, our own\"\nowner 2,=SUM(A1)\n",
        &OWN,
    );
    assert_eq!(own["added"], 2);
    assert_eq!(
        owners(&workspace),
        [
            json!("Una, our own"),
            json!("=SUM(A1)"),
            Value::Null,
            json!("Zoe")
        ]
    );
    let left = workspace
        .json(&["table", "unmapped", ACCOUNT, "owners"])
        .done();
    assert_eq!(
        left,
        json!([{"table": "owners", "key": "owner 3", "records": 6, "masked": false}])
    );

    let file = workspace.home().join("preview.csv");
    fs::write(&file, "owner 3,Tom\nowner 1,Ulf\n").unwrap();
    let preview = workspace
        .json(&[
            "table",
            "preview",
            ACCOUNT,
            "owners",
            file.to_str().unwrap(),
        ])
        .done();
    assert_eq!(
        (&preview["changed"], &preview["newly_filled"]),
        (&json!(12), &json!(6))
    );

    let export = workspace.human(&[&["table", "export", "owners"][..], &OWN].concat());
    assert!(
        export.exits(0).stdout.contains("owner 2,'=SUM(A1)"),
        "{export}"
    );
    let back = import(
        &workspace,
        &export.stdout,
        &[&OWN[..], &["--dry-run", "--replace"]].concat(),
    );
    assert_eq!(
        (&back["changed"], &back["removed"]),
        (&json!(0), &json!(0)),
        "what goes out comes back"
    );

    let edited = workspace
        .json(&[&["table", "set", "owners", "owner 3", "Tom"][..], &OWN].concat())
        .done();
    assert_eq!(edited["version"], 2);
    workspace
        .json(&[&["table", "unset", "owners", "owner 1"][..], &OWN].concat())
        .exits(0);
    assert_eq!(owners(&workspace)[0], "Una", "the level below holds");
    let restored = workspace
        .json(&[&["table", "restore", "owners", "1"][..], &OWN].concat())
        .done();
    assert_eq!(
        (&restored["version"], &restored["restored_version"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(owners(&workspace)[0], "Una, our own");
    let history = workspace
        .json(&[&["table", "history", "owners"][..], &OWN].concat())
        .done();
    assert_eq!(history.as_array().unwrap().len(), 4);
    let listed = workspace.json(&["table", "list"]).done();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    for (path, bytes) in workspace.files() {
        let value = b"Una, our own";
        let ours = path.extension().is_some_and(|end| end == "csv");
        assert!(
            ours || !bytes.windows(value.len()).any(|part| part == value),
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_table_is_seeded_from_stored_records() {
    let (_instance, workspace) = stored();
    let seed = [
        "table",
        "seed",
        ACCOUNT,
        "vendors",
        "invoices",
        "--key",
        "supplier.id",
        "--value",
        "supplier.name",
    ];
    let dry = workspace.json(&[&seed[..], &["--dry-run"]].concat()).done();
    assert_eq!(
        (&dry["version"], &dry["added"], &dry["left_out"]),
        (&json!(0), &json!(3), &json!(0))
    );
    let seeded = workspace.json(&seed).done();
    assert_eq!(
        (&seeded["version"], &seeded["entries"]),
        (&json!(1), &json!(3))
    );
    let table = workspace
        .json(&[&["table", "export", "vendors"][..], &OWN].concat())
        .done();
    assert_eq!(
        table,
        json!({"40": "Supplier 0", "41": "Supplier 1", "42": "Supplier 2"})
    );
    assert_eq!(workspace.json(&seed).fails(2)["code"], "nothing_changed");
    let nothing = [
        "table",
        "seed",
        ACCOUNT,
        "vendors",
        "invoices",
        "--key",
        "nothing.there",
    ];
    assert_eq!(workspace.json(&nothing).fails(2)["code"], "nothing_found");
    // One line has no account: what the other one names does not move there.
    let lines = [
        "table",
        "seed",
        ACCOUNT,
        "accounts",
        "invoices",
        "--key",
        "invoice-lines[].description",
        "--value",
        "invoice-lines[].account.name",
    ];
    let seeded = workspace.json(&lines).done();
    assert_eq!(
        (&seeded["added"], &seeded["left_out"]),
        (&json!(1), &json!(1)),
        "{seeded}"
    );
    let table = workspace
        .json(&[&["table", "export", "accounts"][..], &OWN].concat())
        .done();
    assert_eq!(table, json!({"Boxes \u{1F4E6} für Köln": "Facilities"}));
}

#[test]
fn masked_values_stay_out_of_tables() {
    const TAX_ID: &str = "DE-canary-4711";
    let instance = Instance::start();
    let taxed = (1..=4).map(|id| {
        let mut one = invoice(id);
        one["supplier"]["tax-id"] = json!(format!("{TAX_ID}{}", id % 2));
        one
    });
    instance.put("invoices", taxed.collect());
    let workspace = Workspace::connected(&instance);
    workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .exits(0);
    let seed = ["table", "seed", ACCOUNT, "taxes", "invoices", "--key"];
    for paths in [
        &["supplier.tax-id"][..],
        &["supplier.id", "--value", "supplier.tax-id"],
    ] {
        let fault = workspace.json(&[&seed[..], paths].concat()).fails(2);
        assert_eq!(fault["code"], "masked_path", "{paths:?}");
    }
    let set = [
        "map",
        "set",
        "procurement/invoice",
        "custom_fields.tax",
        "$table('taxes', supplier.`tax-id`)",
    ];
    workspace.json(&[&set[..], &OWN].concat()).exits(0);
    let hidden = json!({"table": "taxes", "key": "•••", "records": 2, "masked": true});
    let unmapped = workspace.json(&["table", "unmapped", ACCOUNT]).done();
    assert_eq!(unmapped, json!([hidden, hidden]));
    let listed = workspace.human(&["table", "unmapped", ACCOUNT]);
    assert!(!listed.exits(0).stdout.contains(TAX_ID), "{listed}");
}

#[test]
fn fifty_thousand_rows_are_no_matter() {
    let (_instance, workspace) = stored();
    let mut csv = String::from("key,value\n");
    for row in 0..50_000 {
        csv.push_str(&format!("code {row},Cost centre number {row}\n"));
    }
    import(&workspace, &csv, &OWN);
    let begun = Instant::now();
    let one = workspace
        .json(
            &[
                &["table", "set", "owners", "code 49999", "another"][..],
                &OWN,
            ]
            .concat(),
        )
        .done();
    assert_eq!(
        (&one["entries"], &one["changed"]),
        (&json!(50_000), &json!(1))
    );
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    let broken = workspace.home().join("broken.csv");
    fs::write(&broken, "a,b,c\n").unwrap();
    let words = ["table", "import", "owners", broken.to_str().unwrap()];
    let error = workspace.json(&[&words[..], &OWN].concat()).fails(2);
    assert_eq!(error["code"], "table_not_csv");
}
