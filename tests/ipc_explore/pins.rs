//! Pins: results that later mappings are held against.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, MODEL, RESOURCE, Stage, of, worker};

fn pin(id: &Value) -> Value {
    json!({ "account": ACCOUNT, "model": MODEL, "resource": null, "id": id, "note": "golden" })
}

fn all(model: Option<&str>) -> Value {
    json!({ "account": ACCOUNT, "model": model })
}

#[test]
fn a_pinned_record_is_held_against_the_mappings_until_it_is_unpinned() {
    if worker().is_none() {
        println!("skipped: the mapping worker is not built");
        return;
    }
    let stage = Stage::new(5);
    stage.sync("full");
    let around = json!({ "after": null, "before": null });
    let place = stage.call("record_ids", of(json!({ "around": around })));
    let id = place.unwrap()["next"].clone();
    let listed = || stage.call("pins", all(Some(MODEL))).unwrap();
    let held = || stage.call("check_pins", all(None)).unwrap();
    assert_eq!(listed(), json!([]));
    assert_eq!(held(), json!({ "checked": 0, "broken": [] }));

    let pinned = stage.call("pin_record", pin(&id)).unwrap();
    assert_eq!(
        (&pinned["id"], &pinned["resource"], &pinned["note"]),
        (&id, &json!(RESOURCE), &json!("golden"))
    );
    assert_eq!(listed(), json!([pinned]));
    assert_eq!(held(), json!({ "checked": 1, "broken": [] }));

    let which = json!({ "level": "account", "scope": ACCOUNT, "model": MODEL, "resource": null, "field": "number" });
    let worse = json!({ "which": which, "expression": "'x'", "fieldType": null, "note": null, "force": false });
    let saved = stage.call("save_override", worse).unwrap();
    assert!(saved["warnings"].to_string().contains("pin"), "{saved}");
    let check = held();
    let broken = &check["broken"][0];
    assert_eq!(
        (&broken["id"], &broken["field"], &broken["actual"]),
        (&id, &json!("number"), &json!("x")),
        "{check}"
    );
    assert_eq!(broken["message"], "golden");
    let inherit = json!({ "which": which, "note": null, "force": false });
    stage.call("unset_override", inherit).unwrap();
    assert_eq!(held(), json!({ "checked": 1, "broken": [] }));

    assert_eq!(stage.call("unpin_record", pin(&id)).unwrap(), pinned);
    assert_eq!(listed(), json!([]));
    assert_eq!(stage.code("unpin_record", pin(&id)), "not_found");
}

#[test]
fn what_cannot_be_pinned_or_held_against_says_so() {
    let stage = Stage::new(1);
    let nothing = json!("no-record");
    assert_eq!(stage.code("pin_record", pin(&nothing)), "not_found");
    assert_eq!(stage.code("unpin_record", pin(&nothing)), "not_found");
    assert_eq!(stage.code("check_pins", all(Some("no/model"))), "no_model");
    let nobody = json!({ "account": "nobody", "model": null });
    for command in ["pins", "check_pins"] {
        assert_eq!(stage.code(command, nobody.clone()), "not_found");
    }
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    for command in ["pins", "check_pins"] {
        assert_eq!(stage.code(command, all(None)), "not_found");
    }
    for command in ["pin_record", "unpin_record"] {
        assert_eq!(stage.code(command, pin(&nothing)), "not_found");
    }
}
