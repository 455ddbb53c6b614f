use serde_json::{Value, json};

use crate::window::{Window, account_input};

/// What the lock covers.
fn covered() -> [(&'static str, Value); 19] {
    let filter =
        json!({ "tenant": null, "account": null, "kind": null, "since": null, "until": null });
    let sync = json!({
        "mode": "test", "pages": null, "budget": null, "fields": null, "restart": false,
        "mark_exported": true, "confirm": "acme",
    });
    [
        (
            "raw_value",
            json!({ "account": "acme-test", "resource": "invoices", "id": "1", "path": "id", "reveal": true }),
        ),
        (
            "export_audit",
            json!({ "filter": filter, "format": "jsonl" }),
        ),
        ("export_custody", json!({})),
        ("security_report", json!({ "id": "acme" })),
        ("export_security_report", json!({ "id": "acme" })),
        ("tenant_report", json!({ "id": "acme" })),
        ("diagnostics_bundle", json!({})),
        (
            "export_bundle",
            json!({ "level": "account", "scope": "acme-test" }),
        ),
        (
            "export_table",
            json!({ "which": { "level": "account", "scope": "acme-test", "name": "x" } }),
        ),
        (
            "revoke_account",
            json!({ "account": "acme-test", "confirmed": null }),
        ),
        (
            "rotate_secret",
            json!({ "account": "acme-test", "input": { "client_id": null, "secret": "x" } }),
        ),
        (
            "begin_sign_in",
            json!({ "account": "acme-test", "openBrowser": false }),
        ),
        (
            "paste_redirect",
            json!({ "account": "acme-test", "text": "?code=x&state=y" }),
        ),
        (
            "sign_in_on_device",
            json!({ "account": "acme-test", "channel": "__CHANNEL__:7" }),
        ),
        (
            "add_account",
            json!({ "input": account_input("acme", "acme-prod") }),
        ),
        (
            "update_account",
            json!({ "id": "acme-test", "input": {
                "config": {}, "client_id": null, "secret": "x", "scopes": null, "allow_hosts": [],
                "approve": false,
            } }),
        ),
        ("remove_account", json!({ "id": "acme-test" })),
        (
            "start_sync",
            json!({ "account": "acme-test", "resource": "invoices", "options": sync }),
        ),
        (
            "set_setting",
            json!({ "key": "idle_lock_minutes", "value": "off" }),
        ),
    ]
}

#[test]
fn a_locked_window_shows_and_writes_nothing_until_the_passphrase_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let state = window.ask("lock_state", json!({}));
    assert_eq!(
        state,
        json!({ "locked": false, "minutes": 15, "by": "passphrase" })
    );
    window.ask("touch", json!({}));
    let told = window.hear("lock-changed");
    assert_eq!(window.ask("lock_window", json!({}))["locked"], true);
    // At once: what was revealed is hidden by it.
    assert_eq!(*told.lock().unwrap(), [json!({ "locked": true })]);
    window.ask("touch", json!({}));
    assert_eq!(window.ask("lock_state", json!({}))["locked"], true);
    for (command, arguments) in covered() {
        assert_eq!(
            window.refusal(command, arguments),
            "window_locked",
            "{command}"
        );
    }
    // Looking around is not covered.
    window.ask("overview", json!({}));
    assert_eq!(
        window.refusal("unlock_window", json!({ "answer": "not the passphrase" })),
        "vault_wrong_passphrase"
    );
    let open = window.ask("unlock_window", json!({ "answer": "for tests" }));
    assert_eq!(open["locked"], false);
    assert_eq!(told.lock().unwrap()[1..], [json!({ "locked": false })]);
    window.ask("export_custody", json!({}));
    window.ask(
        "set_setting",
        json!({ "key": "idle_lock_minutes", "value": "off" }),
    );
    assert_eq!(window.ask("lock_state", json!({}))["minutes"], Value::Null);
    let wrong = json!({ "key": "idle_lock_minutes", "value": "soon" });
    assert_eq!(window.refusal("set_setting", wrong), "invalid_setting");
}
