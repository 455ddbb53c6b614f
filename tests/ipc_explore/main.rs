//! The commands that explore, compare, sync and show calls, over Tauri's mock runtime and a stand-in instance.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "tests"
)]

mod carrying;
mod exports;
mod filters;
#[path = "../support/mock.rs"]
mod mock;
mod pins;
mod progress;
mod quiet;
mod resuming;
mod schedules;
mod stage;
mod studio;
mod table_edits;
mod tables;
#[path = "../support/worker.rs"]
mod worker;

use std::time::{Duration, Instant};

use crosswalk_console::{Console, Runner};
use serde_json::{Value, json};
use stage::{ACCOUNT, MODEL, RESOURCE, Stage, of, options, worker};
use tokio_util::sync::CancellationToken;

#[test]
fn a_synced_resource_is_explored_compared_and_its_calls_are_shown() {
    let stage = Stage::new(60);
    let last = stage.sync("test");
    assert_eq!(last["status"], "completed", "{last}");
    let stored = last["stored"].as_u64().unwrap();
    assert!(stored > 0);

    let resources = stage
        .call("resources", json!({ "account": ACCOUNT }))
        .unwrap();
    let invoices = resources
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["key"] == RESOURCE)
        .unwrap();
    assert_eq!(invoices["stored"], stored);
    assert_eq!(invoices["model"], MODEL);
    assert_eq!(invoices["last_run"]["status"], "completed");
    assert!(!invoices["filters"].as_array().unwrap().is_empty());

    let columns = stage.call("columns", of(json!({}))).unwrap();
    let suggested: Vec<&str> = columns
        .as_array()
        .unwrap()
        .iter()
        .filter(|column| column["suggested"] == true)
        .map(|column| column["path"].as_str().unwrap())
        .collect();
    assert_eq!(suggested[0], "id");
    let opened = stage
        .call("open_projection", of(json!({ "columns": suggested })))
        .unwrap();
    let query = |filter: &str| {
        json!({ "projection": opened["projection"], "query": { "offset": 0, "limit": 500,
            "sort": { "column": "id", "descending": true }, "filter": filter } })
    };
    let until = Instant::now() + Duration::from_secs(30);
    let page = loop {
        let page = stage.call("projection_page", query("")).unwrap();
        if page["complete"] == true {
            break page;
        }
        assert!(Instant::now() < until, "{page}");
    };
    assert_eq!(page["indexed"], stored);
    let ids: Vec<i64> = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(ids.is_sorted_by(|left, right| left > right), "{ids:?}");
    let id = ids[0].to_string();
    let none = stage
        .call("projection_page", query("no such text"))
        .unwrap();
    assert_eq!(none["matching"], 0);
    stage
        .call(
            "close_projection",
            json!({ "projection": opened["projection"] }),
        )
        .unwrap();
    assert_eq!(stage.code("projection_page", query("")), "projection_gone");

    let around = json!({ "after": id, "before": null });
    let place = stage
        .call("record_ids", of(json!({ "around": around })))
        .unwrap();
    assert_eq!(
        (&place["next"], &place["position"]),
        (&Value::Null, &json!(stored))
    );
    assert_eq!(place["previous"], ids[1].to_string());

    let raw = json!({ "id": id, "query": { "offset": 0, "limit": 500, "expanded": null, "locate": "supplier.name" } });
    let raw = stage.call("raw_page", of(raw)).unwrap();
    assert_eq!(raw["located"]["path"], "supplier.name");
    let at = usize::try_from(raw["located"]["index"].as_u64().unwrap()).unwrap();
    assert_eq!(raw["rows"][at]["path"], "supplier.name", "{raw}");
    assert!(
        raw["expanded"]
            .as_array()
            .unwrap()
            .contains(&json!("supplier"))
    );
    let value = json!({ "id": id, "path": "id", "reveal": false });
    assert_eq!(stage.call("raw_value", of(value)).unwrap(), id.as_str());
    let whole = stage.call("raw_body", of(json!({ "id": id }))).unwrap();
    let whole: Vec<u8> = serde_json::from_value(whole).unwrap();
    let whole: Value = serde_json::from_slice(&whole).unwrap();
    assert_eq!(whole["id"].to_string(), id);

    let calls = stage
        .call(
            "calls",
            json!({ "account": ACCOUNT, "query": { "text": RESOURCE, "offset": 0, "limit": 5 } }),
        )
        .unwrap();
    assert!(calls["total"].as_u64().unwrap() > 0);
    let of_run = stage
        .call(
            "run_calls",
            json!({ "run": last["run"], "offset": 0, "limit": 5 }),
        )
        .unwrap();
    assert!(of_run["total"].as_u64().unwrap() > 0);
    let seq = calls["rows"][0]["seq"].clone();
    let call = stage.call("call", json!({ "seq": seq })).unwrap();
    assert!(
        call["curl"].as_str().unwrap().contains("Bearer <TOKEN>"),
        "{call}"
    );
    let again = stage.call("replay_call", json!({ "seq": seq })).unwrap();
    assert_eq!(again["row"]["status"], 200, "{again} {call}");
    assert!(again["response"].as_str().unwrap().starts_with(['[', '{']));
    // A page of a run is kept as records; a single read is kept as it came, under its own call.
    assert_eq!(call["response"], Value::Null);
    let kept = json!({ "seq": again["row"]["seq"] });
    assert_eq!(
        stage.call("call", kept).unwrap()["response"],
        again["response"]
    );

    let runs = stage
        .call(
            "runs",
            json!({ "filter": { "account": null, "resource": null, "limit": 10 } }),
        )
        .unwrap();
    assert_eq!(runs[0]["run"], last["run"]);
    let run = stage.call("run", json!({ "id": last["run"] })).unwrap();
    assert_eq!(run["stored"], stored);

    // What the run showed; the work goes on after the run has ended.
    let begun = Instant::now();
    let drift = loop {
        let drift = stage.call("drift", of(json!({}))).unwrap();
        if drift[0]["records"] != Value::Null || begun.elapsed() > Duration::from_secs(20) {
            break drift;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(drift[0]["resource"], RESOURCE, "{drift}");
    assert!(drift[0]["paths"].as_array().unwrap().len() > 20);

    // The provider's own operators, and one record whole.
    let filters = json!([{ "field": "id", "operator": "gt", "value": "0" }]);
    let answer = stage
        .call("query_provider", of(json!({ "filters": filters })))
        .unwrap();
    assert!(answer["records"].as_u64().unwrap() > 0);

    // What nothing reads, the customer's own first; nothing of it is evaluated.
    let model = json!({ "account": ACCOUNT, "model": MODEL, "resource": RESOURCE });
    let unread = stage.call("unread_fields", model).unwrap();
    // The provider's own answer above was stored too.
    assert!(unread["records"].as_u64().unwrap() >= stored, "{unread}");
    assert_eq!(unread["fields"][0]["custom"], true, "{unread}");

    if worker().is_none() {
        println!("skipped: the mapping worker is not built");
        return;
    }
    // The same in unified terms: the request carries the provider's own condition.
    let filters = stage
        .call("model_filters", of(json!({ "model": MODEL })))
        .unwrap();
    let status = filters
        .as_array()
        .unwrap()
        .iter()
        .find(|filter| filter["name"] == "status")
        .unwrap();
    assert_eq!(status["level"], "connector", "{status}");
    let given = json!([{ "name": "status", "value": "draft" }]);
    let native = json!([{ "field": "id", "operator": "gt", "value": "0" }]);
    let answer = stage
        .call(
            "query_unified",
            of(json!({ "model": MODEL, "filters": given, "native": native })),
        )
        .unwrap();
    assert_eq!(answer["asked"], json!(["status[in]=new,draft", "id[gt]=0"]));
    assert_eq!(answer["left_out"], 0, "{answer}");
    let calls = json!({ "account": ACCOUNT, "query": { "text": "", "offset": 0, "limit": 5 } });
    let calls = stage.call("calls", calls).unwrap().to_string();
    assert!(calls.contains("status"), "{calls}");
    let compared = stage
        .call("compare_record", of(json!({ "id": id, "model": MODEL })))
        .unwrap();
    assert!(compared["fields"].as_array().unwrap().len() > 10);
    let value = of(json!({ "id": id, "model": MODEL, "field": "id" }));
    assert_eq!(stage.call("unified_value", value).unwrap(), id.as_str());
    let nothing = of(json!({ "id": id, "model": MODEL, "field": "nothing" }));
    assert_eq!(stage.code("unified_value", nothing), "no_value");
    let totals = json!({ "id": "totals", "channel": "__CHANNEL__:7", "model": MODEL });
    let totals = stage.call("field_totals", of(totals)).unwrap();
    assert!(
        totals
            .as_array()
            .unwrap()
            .iter()
            .any(|field| field["filled"] != 0)
    );
    for field in totals.as_array().unwrap() {
        let search = json!({ "account": ACCOUNT, "resource": RESOURCE, "model": MODEL, "field": field["field"], "after": null });
        let search = json!({ "id": "search", "channel": "__CHANNEL__:8", "search": search });
        let found = stage.call("next_failing", search).unwrap();
        assert_eq!(found.is_null(), field["failing"] == 0, "{field} {found}");
    }
    let whole = stage
        .call("fetch_missing", of(json!({ "id": id })))
        .unwrap();
    assert_eq!(whole["id"], id.as_str());
}

#[test]
fn what_is_not_there_says_so_and_a_customer_call_hides_other_tenants() {
    let stage = Stage::new(5);
    for (command, arguments, code) in [
        ("resources", json!({ "account": "nobody" }), "not_found"),
        (
            "columns",
            json!({ "account": ACCOUNT, "resource": "nothing" }),
            "not_found",
        ),
        (
            "open_projection",
            of(json!({ "columns": ["a..b"] })),
            "bad_column",
        ),
        (
            "raw_page",
            of(json!({ "id": "1", "query": { "offset": 0, "limit": 5, "expanded": null } })),
            "not_found",
        ),
        (
            "raw_value",
            of(json!({ "id": "1", "path": "id", "reveal": false })),
            "not_found",
        ),
        (
            "compare_record",
            of(json!({ "id": "1", "model": "no/model" })),
            "no_model",
        ),
        ("raw_body", of(json!({ "id": "1" })), "not_found"),
        (
            "unified_value",
            of(json!({ "id": "1", "model": "no/model", "field": "id" })),
            "no_model",
        ),
        (
            "field_totals",
            of(json!({ "id": "totals", "channel": "__CHANNEL__:7", "model": "no/model" })),
            "no_model",
        ),
        (
            "next_failing",
            json!({ "id": "search", "channel": "__CHANNEL__:8",
                "search": { "account": ACCOUNT, "resource": RESOURCE, "model": MODEL, "field": "nothing", "after": null } }),
            "no_field",
        ),
        (
            "unread_fields",
            of(json!({ "model": "no/model" })),
            "no_model",
        ),
        (
            "fetch_missing",
            json!({ "account": ACCOUNT, "resource": "nothing", "id": "1" }),
            "not_found",
        ),
        (
            "query_provider",
            of(json!({ "filters": [{ "field": "id", "operator": "sounds_like", "value": "1" }] })),
            "unknown_operator",
        ),
        (
            "drift",
            json!({ "account": ACCOUNT, "resource": "nothing" }),
            "not_found",
        ),
        (
            "model_filters",
            of(json!({ "model": "no/model" })),
            "no_model",
        ),
        (
            "query_unified",
            of(
                json!({ "model": MODEL, "native": [], "filters": [{ "name": "statsu", "value": "1" }] }),
            ),
            "filter_unknown",
        ),
        (
            "start_sync",
            of(
                json!({ "options": { "mode": "some", "pages": null, "budget": null, "fields": null, "restart": false,
                "mark_exported": false, "confirm": null } }),
            ),
            "unknown_mode",
        ),
        ("pause_sync", json!({ "run": "no-run" }), "not_found"),
        ("cancel_sync", json!({ "run": "no-run" }), "not_found"),
        ("run", json!({ "id": "no-run" }), "not_found"),
        (
            "run_calls",
            json!({ "run": "no-run", "offset": 0, "limit": 5 }),
            "not_found",
        ),
        ("call", json!({ "seq": 1_000_000 }), "not_found"),
        ("replay_call", json!({ "seq": 1_000_000 }), "not_found"),
    ] {
        assert_eq!(stage.code(command, arguments), code, "{command}");
    }
    let last = stage.sync("test");
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    assert_eq!(
        stage.code("resources", json!({ "account": ACCOUNT })),
        "not_found"
    );
    assert_eq!(stage.code("run", json!({ "id": last["run"] })), "not_found");
    let runs = json!({ "filter": { "account": null, "resource": null, "limit": 10 } });
    assert_eq!(stage.call("runs", runs).unwrap(), json!([]));
    let calls = json!({ "account": null, "query": { "text": "", "offset": 0, "limit": 5 } });
    assert_eq!(stage.call("calls", calls).unwrap()["total"], 0);
    let reveal = json!({ "id": "1", "path": "id", "reveal": true });
    assert_eq!(stage.code("raw_value", of(reveal)), "in_customer_call");
}

#[test]
fn coverage_is_counted_in_the_background_and_is_news() {
    if worker().is_none() {
        println!("skipped: the mapping worker is not built");
        return;
    }
    let stage = Stage::new(20);
    let last = stage.sync("test");
    let covered = |account: &str| {
        let rows = stage.call("overview", json!({})).unwrap();
        let row = rows
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["id"] == account)
            .unwrap();
        row["coverage"].clone()
    };
    assert_eq!(covered(ACCOUNT), Value::Null);
    let console = Console::open(options(stage.folder.path())).unwrap();
    let turn = async |console: &Console| {
        let mut runner = Runner::start(console.clone()).unwrap().unwrap();
        let reading = runner.reading();
        let stop = CancellationToken::new();
        runner.beat(reading, &stop).await.unwrap();
        runner.drain().await.unwrap();
    };
    let news = stage.runtime.block_on(async {
        let mut pulse = console.pulse().await.unwrap();
        turn(&console).await;
        pulse.feel().await.unwrap()
    });
    let told: Vec<&str> = news
        .accounts
        .iter()
        .map(|news| news.account.as_str())
        .collect();
    assert_eq!(told, [ACCOUNT]);
    let coverage = covered(ACCOUNT);
    assert_eq!(coverage["records"], last["stored"], "{coverage}");
    let filled = coverage["filled"].as_u64().unwrap();
    let of = coverage["of"].as_u64().unwrap();
    assert!(filled > 0 && filled <= of, "{coverage}");
    assert_eq!(covered("globex-sandbox"), Value::Null);
    // Nothing changed, so that nothing is counted again.
    stage.runtime.block_on(turn(&console));
    assert_eq!(covered(ACCOUNT), coverage);
    let report = stage
        .call("tenant_report", json!({ "id": "acme" }))
        .unwrap();
    let said = format!("of {of} values in {} records", coverage["records"]);
    assert!(report.as_str().unwrap().contains(&said), "{report}");
}
