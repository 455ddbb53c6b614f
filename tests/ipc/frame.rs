use serde_json::{Value, json};

use crate::window::Window;

#[test]
fn an_empty_workspace_answers_with_empty_lists() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    for command in ["list_tenants", "list_accounts", "overview", "backups"] {
        assert_eq!(window.ask(command, json!({})), json!([]), "{command}");
    }
    let info = window.ask("workspace_info", json!({}));
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(info["folder"], folder.path().to_str().unwrap());
    assert_eq!(info["empty"], true);
    assert_eq!(info["vault"], Value::Null);
    assert_eq!(
        window.ask("overview_totals", json!({})),
        json!({ "need_someone": 0, "tokens_past_threshold": 0, "refresh_due_soon": 0, "records_today": 0 })
    );
    assert_eq!(window.ask("demo_sandbox", json!({})), Value::Null);
}

#[test]
fn the_window_finds_again_what_it_saved() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    assert_eq!(window.ask("ui_state", json!({})), Value::Null);
    let state = r#"{"route":"/alerts"}"#;
    window.ask("save_ui_state", json!({ "json": state }));
    assert_eq!(window.ask("ui_state", json!({})), state);
    drop(window);
    assert_eq!(Window::on(folder.path()).ask("ui_state", json!({})), state);

    let window = Window::on(folder.path());
    let wrong = json!({ "json": "{" });
    assert_eq!(window.refusal("save_ui_state", wrong), "invalid_input");
    let large = json!({ "json": format!("\"{}\"", "x".repeat(1_100_000)) });
    assert_eq!(window.refusal("save_ui_state", large), "too_large");
}

#[test]
fn a_window_that_nobody_led_anywhere_opens_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    assert_eq!(window.ask("first_place", json!({})), Value::Null);
}

#[test]
fn search_finds_what_is_there_and_leads_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let hits = window.ask("search", json!({ "text": "acme" }));
    assert_eq!(hits[0]["kind"], "tenant");
    assert_eq!(hits[1]["account"], "acme-test");
    let hits = window.ask("search", json!({ "text": "acme-test invoices" }));
    assert_eq!(hits[0]["resource"], "invoices");
    assert_eq!(window.ask("search", json!({ "text": "zebra" })), json!([]));
}

#[test]
fn only_a_connectors_own_documentation_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    for url in ["https://example.com/", "file:///etc/passwd", ""] {
        let refused = window.refusal("open_external", json!({ "url": url }));
        assert_eq!(refused, "not_found", "{url}");
    }
}
