//! What is synced by itself, and when a customer wants quiet.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, RESOURCE, Stage, of};

fn daily(mode: &str) -> Value {
    of(json!({ "schedule": { "mode": mode, "every": "1d" } }))
}

#[test]
fn a_resource_is_scheduled_and_says_why_it_waits() {
    let stage = Stage::new(5);
    let listed = |account: &str| {
        stage
            .call("schedules", json!({ "account": account }))
            .unwrap()
    };
    assert_eq!(listed(ACCOUNT), json!([]));
    let set = stage.call("set_schedule", daily("incremental")).unwrap();
    assert_eq!(set, listed(ACCOUNT));
    assert_eq!(
        (&set[0]["resource"], &set[0]["mode"], &set[0]["every"]),
        (&json!(RESOURCE), &json!("incremental"), &json!("1d"))
    );
    assert_eq!(set[0]["next_at"], Value::Null, "it never ran");
    // Nobody has tried the account's connection yet.
    let waits = set[0]["waits"].as_str().unwrap();
    assert!(waits.contains("not active"), "{waits}");
    assert_eq!(listed("globex-sandbox"), json!([]));

    // What could never run is refused while somebody is there to read why.
    let currencies = json!({ "account": ACCOUNT, "resource": "currencies",
        "schedule": { "mode": "incremental", "every": "1d" } });
    assert_eq!(stage.code("set_schedule", currencies), "mode_unavailable");
    let often = of(json!({ "schedule": { "mode": "full", "every": "1m" } }));
    assert_eq!(stage.code("set_schedule", often), "invalid_setting");

    stage
        .call("set_schedule", of(json!({ "schedule": null })))
        .unwrap();
    assert_eq!(listed(ACCOUNT), json!([]));
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    assert_eq!(stage.code("set_schedule", daily("full")), "not_found");
    assert_eq!(
        stage.code("schedules", json!({ "account": ACCOUNT })),
        "not_found"
    );
}

#[test]
fn quiet_windows_are_set_one_by_one_in_the_customers_zone() {
    let stage = Stage::new(5);
    let days = json!({ "from_day": "mon", "to_day": "fri", "from": "08:00", "to": "18:00", "month_end": null,
        "zone": "America/New_York" });
    let month_end = json!({ "from_day": null, "to_day": null, "from": null, "to": null, "month_end": 3, "zone": null });
    let windows = json!([days, month_end]);
    let set = |windows: &Value| {
        stage
            .call("set_quiet", json!({ "tenant": "acme", "windows": windows }))
            .unwrap()
    };
    let shown = set(&windows);
    assert_eq!(shown["windows"], windows);
    let told = stage.call("quiet", json!({ "tenant": "acme" })).unwrap();
    assert_eq!(told["windows"], windows);

    // Without an end in sight.
    let always = json!([{ "from_day": "mon", "to_day": "sun", "from": null, "to": null, "month_end": null, "zone": null }]);
    let shown = set(&always);
    assert_eq!(shown["now"], json!({ "windows": "mon-sun", "until": null }));
    let nowhere = json!([{ "from_day": "mon", "to_day": "mon", "from": null, "to": null, "month_end": null,
        "zone": "Mars/Olympus" }]);
    assert_eq!(
        stage.code("set_quiet", json!({ "tenant": "acme", "windows": nowhere })),
        "invalid_setting"
    );
    assert_eq!(set(&json!([]))["windows"], json!([]));
    assert_eq!(
        stage.code("quiet", json!({ "tenant": "nobody" })),
        "not_found"
    );

    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    let theirs = json!({ "tenant": "acme", "windows": [] });
    assert_eq!(stage.code("set_quiet", theirs), "not_found");
    assert_eq!(
        stage.code("quiet", json!({ "tenant": "acme" })),
        "not_found"
    );
}
