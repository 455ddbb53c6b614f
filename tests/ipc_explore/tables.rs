//! Tables of the window: where a key stands, and what may not come into one.

use crosswalk_console::Console;
use serde_json::{Value, json};

use crate::stage::{ACCOUNT, RESOURCE, Stage, options};

#[test]
fn a_key_is_found_where_it_stands() {
    let stage = Stage::new(1);
    let which = json!({ "level": "account", "scope": ACCOUNT, "name": "codes" });
    let place = |key: &str| {
        let asked = json!({ "which": which, "key": key });
        stage.call("table_place", asked).unwrap()
    };
    assert_eq!(place("b"), Value::Null, "there is no table yet");
    let entries = ["c", "bb", "b", "a"].map(|key| json!({ "key": key, "value": "b" }));
    let save = json!({ "which": which, "changes": entries, "note": null });
    stage.call("save_table", save).unwrap();
    for (key, at) in [
        ("a", json!(0)),
        ("b", json!(1)),
        ("bb", json!(2)),
        ("c", json!(3)),
        ("B", Value::Null),
        ("", Value::Null),
    ] {
        assert_eq!(place(key), at, "{key}");
    }
    let nobody = json!({ "level": "account", "scope": "nobody", "name": "codes" });
    let asked = json!({ "which": nobody, "key": "a" });
    assert_eq!(stage.code("table_place", asked), "not_found");
}

#[test]
fn masked_values_do_not_come_into_a_table() {
    let stage = Stage::new(1);
    for (key, value) in [
        ("supplier.id", "supplier.tax-id"),
        ("supplier.tax-id", "supplier.name"),
    ] {
        let seed = json!({ "account": ACCOUNT, "name": "taxes", "resource": RESOURCE, "keyPath": key,
            "valuePath": value, "dryRun": true });
        assert_eq!(stage.code("seed_table", seed), "masked_path", "{key}");
    }
}

#[test]
fn a_table_that_is_saved_is_news_to_another_program() {
    let stage = Stage::new(1);
    let other = Console::open(options(stage.folder.path())).unwrap();
    let mut pulse = stage.runtime.block_on(other.pulse()).unwrap();
    let mut told = || stage.runtime.block_on(pulse.feel()).unwrap().mappings;
    assert!(!told());
    let which = json!({ "level": "account", "scope": ACCOUNT, "name": "codes" });
    let entry = json!([{ "key": "a", "value": "b" }]);
    let save = json!({ "which": which, "changes": entry, "note": null });
    stage.call("save_table", save).unwrap();
    assert!(told());
    assert!(!told());
}
