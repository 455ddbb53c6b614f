use std::path::Path;

use serde_json::{Value, json};

use crate::window::Window;

fn text(file: &Value) -> String {
    std::fs::read_to_string(Path::new(file["path"].as_str().unwrap())).unwrap()
}

#[test]
fn the_audit_is_verified_and_exported_with_its_head() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    window.add_account("globex", "globex-test");
    let filter = |tenant: Value| json!({ "tenant": tenant, "account": null, "kind": null, "since": null, "until": null });
    let lines = window.ask(
        "export_audit",
        json!({ "filter": filter(json!("acme")), "format": "jsonl" }),
    );
    assert_eq!(lines["region"], "EU");
    let rows = text(&lines);
    assert!(rows.contains("acme-test") && !rows.contains("globex"));
    let name = lines["path"].as_str().unwrap();
    let head = &lines["head"];
    assert!(name.contains(&format!("head-{}-", head["seq"])), "{name}");
    let sheet = window.ask(
        "export_audit",
        json!({ "filter": filter(json!(null)), "format": "csv" }),
    );
    assert!(text(&sheet).starts_with("seq,at,kind"));
    let verdict = window.ask("verify_audit", json!({ "against": rows }));
    assert_eq!(verdict["ok"], true);
    assert!(verdict["compared"].as_u64().unwrap() > 0);
    let forged = rows.replace("tenant:added", "tenant:moved");
    assert_eq!(
        window.ask("verify_audit", json!({ "against": forged }))["ok"],
        true,
        "only places and hashes are compared"
    );
    assert_eq!(
        window.refusal("verify_audit", json!({ "against": "nothing" })),
        "no_audit_rows"
    );
    let mut nobody = filter(json!(null));
    nobody["account"] = json!("x");
    assert_eq!(
        window.refusal("export_audit", json!({ "filter": nobody, "format": "csv" })),
        "not_found"
    );
}

#[test]
fn the_custody_list_and_the_security_report_hold_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    window.add_account("globex", "globex-test");
    assert_eq!(window.ask("custody_written_at", json!({})), Value::Null);
    let list = text(&window.ask("export_custody", json!({})));
    assert!(list.contains("client id: client") && list.contains("globex-test"));
    assert!(list.contains("Audit head: row "));
    assert!(window.ask("custody_written_at", json!({})).is_string());

    let page = window.ask("security_report", json!({ "id": "acme" }));
    let page = page.as_str().unwrap();
    assert!(page.contains("acme-test") && !page.contains("globex"));
    assert!(page.contains("http://127.0.0.1:9"));
    let file = window.ask("export_security_report", json!({ "id": "acme" }));
    assert_eq!(file["region"], "EU");
    let saved = text(&file);
    let verdict = window.ask("verify_audit", json!({ "against": saved }));
    assert_eq!(
        (&verdict["ok"], &verdict["compared"]),
        (&json!(true), &json!(1))
    );
    assert!(!format!("{list}{page}{saved}").contains("secret-of-the-test"));
    for command in ["security_report", "export_security_report"] {
        assert_eq!(
            window.refusal(command, json!({ "id": "nobody" })),
            "not_found"
        );
    }
    window.ask("enter_call", json!({ "tenant": "acme" }));
    for (command, arguments) in [
        ("export_custody", json!({})),
        ("verify_audit", json!({ "against": null })),
        ("incidents", json!({})),
    ] {
        assert_eq!(window.refusal(command, arguments), "in_customer_call");
    }
    assert_eq!(
        window.refusal("security_report", json!({ "id": "globex" })),
        "not_found"
    );
}

#[test]
fn an_incident_ticks_what_is_seen_and_what_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let incident = |id: &str| {
        let all = window.ask("incidents", json!({}));
        let found = all
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["id"] == id)
            .unwrap();
        found.clone()
    };
    let done = |incident: &Value, step: &str| {
        let steps = incident["steps"].as_array().unwrap();
        steps.iter().find(|one| one["id"] == step).unwrap()["done"] == true
    };
    assert_eq!(incident("deletion_asked")["started_at"], Value::Null);
    let of_nobody = json!({ "id": "deletion_asked", "tenant": null });
    assert_eq!(window.refusal("begin_incident", of_nobody), "invalid_input");
    let of_stranger = json!({ "id": "deletion_asked", "tenant": "nobody" });
    assert_eq!(window.refusal("begin_incident", of_stranger), "not_found");
    window.ask(
        "begin_incident",
        json!({ "id": "deletion_asked", "tenant": "acme" }),
    );
    let begun = incident("deletion_asked");
    assert!(!done(&begun, "forget") && !done(&begun, "report") && !done(&begun, "remove"));
    window.ask("security_report", json!({ "id": "acme" }));
    window.ask(
        "revoke_account",
        json!({ "account": "acme-test", "confirmed": null }),
    );
    let tick = |step: &str| json!({ "id": "deletion_asked", "step": step, "done": true });
    window.ask("tick_incident", tick("confirm"));
    assert_eq!(window.refusal("tick_incident", tick("forget")), "not_found");
    let later = incident("deletion_asked");
    assert!(done(&later, "forget") && done(&later, "report") && done(&later, "confirm"));
    window.ask("remove_account", json!({ "id": "acme-test" }));
    window.ask("remove_tenant", json!({ "id": "acme" }));
    assert!(done(&incident("deletion_asked"), "remove"));
    window.ask("end_incident", json!({ "id": "deletion_asked" }));
    assert_eq!(
        window.refusal("end_incident", json!({ "id": "deletion_asked" })),
        "not_found"
    );
}
