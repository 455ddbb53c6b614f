//! A customer's quiet windows: the window says so before somebody starts a sync, and the run's log says it after.

use crosswalk_console::Console;
use serde_json::{Value, json};

use crate::stage::{ACCOUNT, Stage, options};

#[test]
fn a_quiet_window_is_told_before_a_sync_is_started_and_noted_in_its_log() {
    let stage = Stage::new(5);
    let quiet = |account: &str| {
        stage
            .call("quiet_now", json!({ "account": account }))
            .unwrap()
    };
    assert_eq!(quiet(ACCOUNT), Value::Null);
    let console = Console::open(options(stage.folder.path())).unwrap();
    let set = |windows: Option<&str>| {
        let setting = console.set_quiet_windows("acme", windows);
        stage.runtime.block_on(setting).unwrap();
    };
    set(Some("mon-sun, month-end 1"));
    assert_eq!(
        quiet(ACCOUNT),
        json!({ "windows": "mon-sun, month-end 1", "until": null })
    );
    assert_eq!(quiet("globex-sandbox"), Value::Null, "another tenant's");
    assert_eq!(
        stage.code("quiet_now", json!({ "account": "nobody" })),
        "not_found"
    );
    // What somebody asks for goes on.
    let last = stage.sync("test");
    assert_eq!(last["status"], "completed", "{last}");
    let run = stage.call("run", json!({ "id": last["run"] })).unwrap();
    assert!(run["log"].to_string().contains("quiet window"), "{run}");
    set(None);
    assert_eq!(quiet(ACCOUNT), Value::Null);
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    assert_eq!(
        stage.code("quiet_now", json!({ "account": ACCOUNT })),
        "not_found"
    );
}
