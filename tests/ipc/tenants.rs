use serde_json::json;

use crate::window::Window;

#[test]
fn a_tenant_is_added_changed_shown_removed_and_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    let acme = json!({ "id": "acme", "name": "Acme", "region": "EU" });
    assert_eq!(window.ask("add_tenant", acme.clone()), acme);
    assert_eq!(window.ask("list_tenants", json!({})), json!([acme]));
    assert_eq!(window.refusal("add_tenant", acme), "already_exists");
    let bad = json!({ "id": "a b", "name": "x", "region": null });
    assert_eq!(window.refusal("add_tenant", bad), "invalid_id");

    let changes = json!({ "name": null, "region": "", "contacts": "Ann", "notes": "VAT first" });
    window.ask("update_tenant", json!({ "id": "acme", "changes": changes }));
    let detail = window.ask("tenant", json!({ "id": "acme" }));
    assert_eq!(detail["name"], "Acme");
    assert_eq!(detail["region"], json!(null));
    assert_eq!(
        (&detail["contacts"], &detail["notes"]),
        (&json!("Ann"), &json!("VAT first"))
    );
    let unnamed = json!({ "id": "acme", "changes": { "name": " " } });
    assert_eq!(window.refusal("update_tenant", unnamed), "invalid_input");
    assert_eq!(
        window.refusal("tenant", json!({ "id": "globex" })),
        "not_found"
    );

    assert_eq!(
        window.refusal("restore_tenant", json!({ "id": "acme" })),
        "not_found"
    );
    window.ask("remove_tenant", json!({ "id": "acme" }));
    assert_eq!(window.ask("list_tenants", json!({})), json!([]));
    window.ask("restore_tenant", json!({ "id": "acme" }));
    let detail = window.ask("tenant", json!({ "id": "acme" }));
    assert_eq!(
        (&detail["name"], &detail["notes"]),
        (&json!("Acme"), &json!("VAT first"))
    );
    window.add_account("acme", "acme-test");
    assert_eq!(
        window.refusal("remove_tenant", json!({ "id": "acme" })),
        "has_dependents"
    );
}

#[test]
fn the_checklist_ticks_what_is_known_and_what_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let done = |window: &Window| -> Vec<String> {
        let detail = window.ask("tenant", json!({ "id": "acme" }));
        let steps = detail["checklist"].as_array().unwrap();
        let done = steps.iter().filter(|step| step["done"] == true);
        done.map(|step| step["step"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        done(&window),
        ["request_sent", "credentials_received", "least_privilege"]
    );
    let mark = |step: &str, done: bool| json!({ "tenant": "acme", "step": step, "done": done });
    window.ask("mark_step", mark("handed_over", true));
    assert!(done(&window).contains(&"handed_over".to_owned()));
    window.ask("mark_step", mark("handed_over", false));
    assert!(!done(&window).contains(&"handed_over".to_owned()));
    assert_eq!(
        window.refusal("mark_step", mark("connected", true)),
        "not_found"
    );

    let report = window.ask("tenant_report", json!({ "id": "acme" }));
    let report = report.as_str().unwrap();
    assert!(report.contains("acme-test") && !report.contains("secret-of-the-test"));
    assert_eq!(
        window.refusal("tenant_report", json!({ "id": "x" })),
        "not_found"
    );
}
