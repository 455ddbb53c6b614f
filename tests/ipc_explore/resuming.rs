//! A run that was stopped is taken up again as it was asked for, by its id.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, Stage, of};

/// So slow that a run is stopped long before its end.
const SLOWLY: u8 = 1;

/// Begins a run, and pauses it.
fn paused(stage: &Stage, mode: &str, pages: Option<u32>, fields: Option<&str>) -> Value {
    let options = json!({ "mode": mode, "pages": pages, "budget": SLOWLY, "fields": fields, "restart": false,
        "mark_exported": false, "confirm": null });
    let run = stage
        .call("start_sync", of(json!({ "options": options })))
        .unwrap();
    stage.hears(&run, "running");
    stage.call("pause_sync", json!({ "run": run })).unwrap();
    stage.hears(&run, "paused");
    run
}

fn resuming(run: &Value) -> Value {
    let options = json!({ "pages": null, "mark_exported": null, "confirm": null });
    json!({ "run": run, "options": options })
}

#[test]
fn a_paused_run_goes_on_as_it_was_asked_for() {
    let stage = Stage::new(600);
    let shown = |run: &Value| stage.call("run", json!({ "id": run })).unwrap();
    let runs = || {
        let filter = json!({ "account": ACCOUNT, "resource": null, "limit": 10 });
        let runs = stage.call("runs", json!({ "filter": filter })).unwrap();
        runs.as_array().unwrap().len()
    };
    let whole = paused(&stage, "full", None, Some("all"));
    assert_eq!(
        shown(&whole)["resume"],
        json!({ "fields": "all", "pages": null, "marks": false, "budget": SLOWLY })
    );
    let again = stage.call("resume_sync", resuming(&whole)).unwrap();
    assert_eq!(again, whole);
    stage.hears(&whole, "running");
    // While it runs there is nothing to take up.
    assert_eq!(shown(&whole)["resume"], Value::Null);
    assert_eq!(
        stage.code("resume_sync", resuming(&whole)),
        "run_in_progress"
    );
    stage.call("cancel_sync", json!({ "run": whole })).unwrap();
    stage.hears(&whole, "cancelled");
    assert_eq!(runs(), 1, "taken up, not begun anew");

    let test = paused(&stage, "test", Some(20), None);
    assert_eq!(shown(&test)["resume"]["pages"], 20);
    // The test took the other's place.
    assert_eq!(shown(&whole)["resume"], Value::Null);
    assert_eq!(
        stage.code("resume_sync", resuming(&whole)),
        "run_not_resumable"
    );
    assert_eq!(runs(), 2);

    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    assert_eq!(stage.code("resume_sync", resuming(&test)), "not_found");
    assert_eq!(
        stage.code("resume_sync", resuming(&json!("no-run"))),
        "not_found"
    );
}
