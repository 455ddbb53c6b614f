//! Tables edited: what comes in and is brought back, what is in force, and what an edit does to records.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, MODEL, Stage, worker};

fn rows(filter: &str, offset: u32, limit: u32) -> Value {
    json!({ "offset": offset, "limit": limit, "filter": filter })
}

#[test]
fn a_table_comes_in_is_read_in_parts_and_brought_back() {
    let stage = Stage::new(1);
    let which = json!({ "level": "account", "scope": ACCOUNT, "name": "codes" });
    let import = |csv: &str, replace: bool, dry_run: bool| {
        json!({ "which": which, "csv": csv, "replace": replace, "dryRun": dry_run,
            "note": null })
    };
    let part = |rows: Value| {
        let part = json!({ "which": which, "rows": rows });
        stage.call("table_rows", part).unwrap()
    };
    let look = stage
        .call("import_table", import("key,value\na,1\nb,2\n", false, true))
        .unwrap();
    assert_eq!(
        (&look["version"], &look["added"], &look["dry_run"]),
        (&json!(0), &json!(2), &json!(true))
    );
    let nothing = json!({ "total": 0, "matching": 0, "version": null, "rows": [] });
    assert_eq!(part(rows("", 0, 10)), nothing);
    stage
        .call("import_table", import("a,1\nb,2\n", false, false))
        .unwrap();
    assert_eq!(
        part(rows("", 1, 10)),
        json!({ "total": 2, "matching": 2, "version": 1, "rows": [{ "key": "b", "value": "2" }] })
    );
    assert_eq!(
        part(rows("A", 0, 10)),
        json!({ "total": 2, "matching": 1, "version": 1, "rows": [{ "key": "a", "value": "1" }] })
    );
    let replaced = stage
        .call("import_table", import("a,9\n", true, false))
        .unwrap();
    assert_eq!(
        (
            &replaced["version"],
            &replaced["changed"],
            &replaced["removed"]
        ),
        (&json!(2), &json!(1), &json!(1))
    );
    let back = json!({ "which": which, "version": 1, "note": "as it was" });
    let back = stage.call("restore_table", back).unwrap();
    assert_eq!(
        (
            &back["version"],
            &back["restored_version"],
            &back["entries"]
        ),
        (&json!(3), &json!(1), &json!(2))
    );
    let history = stage
        .call("table_history", json!({ "which": which }))
        .unwrap();
    let versions = history.as_array().unwrap().iter();
    let versions: Vec<&Value> = versions.map(|one| &one["version"]).collect();
    assert_eq!(versions, [3, 2, 1]);
    assert_eq!(history[0]["note"], "as it was");
    let listed = stage.call("tables", json!({ "account": ACCOUNT })).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(
        (
            &listed[0]["name"],
            &listed[0]["entries"],
            &listed[0]["version"]
        ),
        (&json!("codes"), &json!(2), &json!(3))
    );

    assert_eq!(
        stage.code("import_table", import("a,b,c\n", false, true)),
        "table_not_csv"
    );
    assert_eq!(
        stage.code("import_table", import("a,1\n", false, false)),
        "nothing_changed"
    );
    let never = json!({ "which": which, "version": 9, "note": null });
    assert_eq!(stage.code("restore_table", never), "not_found");
    let no_table = json!({ "which": { "level": "account", "scope": ACCOUNT, "name": "none" } });
    assert_eq!(stage.code("table_history", no_table), "not_found");
    assert_eq!(
        stage.code("tables", json!({ "account": "nobody" })),
        "not_found"
    );
}

#[test]
fn the_table_in_force_says_which_level_speaks() {
    let stage = Stage::new(1);
    stage.add_account("acme", "acme-retail", "sandbox", Some("retail"));
    for (level, scope, entries) in [
        ("environment", "retail", [("a", "shared"), ("b", "shared")]),
        ("account", "acme-retail", [("a", "own"), ("c", "own")]),
    ] {
        let which = json!({ "level": level, "scope": scope, "name": "codes" });
        let entries = entries.map(|(key, value)| json!({ "key": key, "value": value }));
        let save = json!({ "which": which, "changes": entries, "note": null });
        stage.call("save_table", save).unwrap();
    }
    let asked =
        |account: &str, rows: Value| json!({ "account": account, "name": "codes", "rows": rows });
    let all = asked("acme-retail", rows("", 0, 10));
    assert_eq!(
        stage.call("effective_table", all).unwrap(),
        json!({ "total": 3, "rows": [
            { "key": "a", "value": "own", "level": "account", "below": "shared" },
            { "key": "b", "value": "shared", "level": "environment", "below": null },
            { "key": "c", "value": "own", "level": "account", "below": null },
        ] })
    );
    let some = asked("acme-retail", rows("OWN", 1, 10));
    let some = stage.call("effective_table", some).unwrap();
    assert_eq!(
        (&some["total"], &some["rows"][0]["key"]),
        (&json!(2), &json!("c"))
    );
    let none = stage.call("effective_table", asked(ACCOUNT, rows("", 0, 10)));
    assert_eq!(none.unwrap(), json!({ "total": 0, "rows": [] }));
    let listed = stage.call("tables", json!({ "account": "acme-retail" }));
    assert_eq!(listed.unwrap().as_array().unwrap().len(), 2);
    let nobody = asked("nobody", rows("", 0, 10));
    assert_eq!(stage.code("effective_table", nobody), "not_found");
}

#[test]
fn keys_that_no_table_has_are_found_and_what_filling_them_changes() {
    if worker().is_none() {
        println!("skipped: the mapping worker is not built");
        return;
    }
    let stage = Stage::new(30);
    let stored = stage.sync("full")["stored"].clone();
    let which = json!({ "level": "account", "scope": ACCOUNT, "model": MODEL, "resource": null, "field": "owner" });
    let reading = json!({ "which": which, "expression": "$table('owners', status)", "fieldType": "string",
        "note": null, "force": false });
    stage.call("save_override", reading).unwrap();
    let unmapped = |table: Option<&str>| {
        let asked = json!({ "account": ACCOUNT, "table": table });
        stage.call("unmapped_keys", asked).unwrap()
    };
    let met = unmapped(None);
    let met = met.as_array().unwrap();
    let records: u64 = met.iter().filter_map(|one| one["records"].as_u64()).sum();
    assert_eq!(stored, records, "{met:?}");
    let most = &met[0];
    assert_eq!(
        (&most["table"], &most["masked"]),
        (&json!("owners"), &json!(false))
    );
    assert_eq!(unmapped(Some("others")), json!([]));

    let entry = json!([{ "key": most["key"], "value": "Una" }]);
    let impact = |account: &str, level: &str, changes: &Value| {
        json!({ "id": "filled", "account": account, "table": "owners", "level": level, "changes": changes,
            "channel": "__CHANNEL__:7" })
    };
    let filled = stage
        .call("start_table_impact", impact(ACCOUNT, "account", &entry))
        .unwrap();
    assert_eq!(
        (
            &filled["records"],
            &filled["newly_filled"],
            &filled["changed"]
        ),
        (&stored, &most["records"], &most["records"]),
        "{filled}"
    );
    let owners = json!({ "level": "account", "scope": ACCOUNT, "name": "owners" });
    let save = json!({ "which": owners, "changes": entry, "note": null });
    stage.call("save_table", save).unwrap();
    let left = unmapped(Some("owners"));
    assert_eq!(left, json!(met[1..]));

    let no_key = json!([{ "key": "", "value": "x" }]);
    for (arguments, code) in [
        (impact("nobody", "account", &entry), "not_found"),
        (impact(ACCOUNT, "environment", &entry), "no_environment"),
        (impact(ACCOUNT, "planet", &entry), "unknown_level"),
        (impact(ACCOUNT, "account", &no_key), "invalid_entry"),
    ] {
        assert_eq!(stage.code("start_table_impact", arguments), code);
    }
    let nobody = json!({ "account": "nobody", "table": null });
    assert_eq!(stage.code("unmapped_keys", nobody), "not_found");
}

#[test]
fn tables_of_others_and_those_that_are_shared_are_out_of_reach_during_a_call() {
    let stage = Stage::new(1);
    stage.add_account("globex", "globex-retail", "sandbox", Some("retail"));
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    let all = rows("", 0, 10);
    for (level, scope, code) in [
        ("account", ACCOUNT, "not_found"),
        ("environment", "retail", "in_customer_call"),
    ] {
        let which = json!({ "level": level, "scope": scope, "name": "codes" });
        for (command, arguments) in [
            ("table_rows", json!({ "which": which, "rows": all })),
            ("table_history", json!({ "which": which })),
            (
                "restore_table",
                json!({ "which": which, "version": 1, "note": null }),
            ),
            (
                "import_table",
                json!({ "which": which, "csv": "a,1\n", "replace": false, "dryRun": true, "note": null }),
            ),
        ] {
            assert_eq!(stage.code(command, arguments), code, "{command} {level}");
        }
    }
    for (command, arguments) in [
        ("tables", json!({ "account": ACCOUNT })),
        (
            "unmapped_keys",
            json!({ "account": ACCOUNT, "table": null }),
        ),
        (
            "effective_table",
            json!({ "account": ACCOUNT, "name": "codes", "rows": all }),
        ),
        (
            "start_table_impact",
            json!({ "id": "hidden", "account": ACCOUNT, "table": "codes", "level": "account", "changes": [],
                "channel": "__CHANNEL__:7" }),
        ),
    ] {
        assert_eq!(stage.code(command, arguments), "not_found", "{command}");
    }
}
