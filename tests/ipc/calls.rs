//! The customer call: nothing of another tenant crosses to the window.

use serde_json::{Value, json};

use crate::window::{Window, account_input};

fn with_two_tenants() -> (tempfile::TempDir, Window) {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    window.add_account("globex", "globex-test");
    (folder, window)
}

#[test]
fn a_call_shows_one_tenant_in_every_list() {
    let (_folder, window) = with_two_tenants();
    assert_eq!(window.ask("call_mode", json!({})), Value::Null);
    assert_eq!(
        window.refusal("enter_call", json!({ "tenant": "x" })),
        "not_found"
    );
    window.ask(
        "save_ui_state",
        json!({ "json": r#"{"route":"/tenants/globex"}"# }),
    );
    window.ask("enter_call", json!({ "tenant": "acme" }));
    assert_eq!(window.ask("call_mode", json!({})), "acme");
    for (command, arguments) in [
        ("list_tenants", json!({})),
        ("list_accounts", json!({})),
        ("overview", json!({})),
        ("overview_totals", json!({})),
        ("ui_state", json!({})),
        ("search", json!({ "text": "globex" })),
        ("search", json!({ "text": "test" })),
    ] {
        let answer = window.ask(command, arguments).to_string();
        assert!(!answer.contains("globex"), "{command}: {answer}");
    }
    let totals = window.ask("overview_totals", json!({}));
    assert_eq!(totals["need_someone"], 0, "connecting needs nobody");
    window.ask("leave_call", json!({}));
    assert_eq!(
        window
            .ask("list_tenants", json!({}))
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        window
            .ask("ui_state", json!({}))
            .to_string()
            .contains("globex")
    );
}

#[test]
fn what_is_typed_about_the_calls_tenant_is_remembered_and_nothing_of_another_is_lost() {
    let (_folder, window) = with_two_tenants();
    let remember = |state: Value| window.ask("save_ui_state", json!({ "json": state.to_string() }));
    let remembered = || -> Value {
        let state = window.ask("ui_state", json!({}));
        serde_json::from_str(state.as_str().unwrap()).unwrap()
    };
    remember(json!({ "place": "/tenants/globex", "draft:globex-test:tables": "theirs" }));
    window.ask("enter_call", json!({ "tenant": "acme" }));
    assert_eq!(remembered(), json!({}));
    // A window that was drawn anew in the call knows nothing of before.
    remember(json!({ "place": "/accounts/acme-test", "draft:acme-test:tables": "ours" }));
    assert_eq!(remembered(), json!({ "draft:acme-test:tables": "ours" }));
    window.ask("leave_call", json!({}));
    assert_eq!(
        remembered(),
        json!({
            "place": "/tenants/globex",
            "draft:globex-test:tables": "theirs",
            "draft:acme-test:tables": "ours",
        })
    );
}

#[test]
fn during_a_call_another_tenant_does_not_exist() {
    let (_folder, window) = with_two_tenants();
    window.ask("enter_call", json!({ "tenant": "acme" }));
    let input = json!({ "config": {}, "client_id": null, "secret": null, "scopes": null, "allow_hosts": [], "approve": false });
    for (command, arguments) in [
        ("tenant", json!({ "id": "globex" })),
        ("tenant_report", json!({ "id": "globex" })),
        (
            "update_tenant",
            json!({ "id": "globex", "changes": { "name": "x" } }),
        ),
        (
            "mark_step",
            json!({ "tenant": "globex", "step": "handed_over", "done": true }),
        ),
        ("account", json!({ "id": "globex-test" })),
        (
            "update_account",
            json!({ "id": "globex-test", "input": input }),
        ),
        ("remove_account", json!({ "id": "globex-test" })),
        ("admin_message", json!({ "account": "globex-test" })),
        ("renew_token", json!({ "account": "globex-test" })),
        (
            "connect",
            json!({ "account": "globex-test", "channel": "__CHANNEL__:7" }),
        ),
        (
            "add_account",
            json!({ "input": account_input("globex", "more") }),
        ),
    ] {
        assert_eq!(window.refusal(command, arguments), "not_found", "{command}");
    }
    assert_eq!(
        window.ask("account", json!({ "id": "acme-test" }))["id"],
        "acme-test"
    );
    for (command, arguments) in [
        (
            "add_tenant",
            json!({ "id": "new", "name": "New", "region": null }),
        ),
        ("remove_tenant", json!({ "id": "globex" })),
        ("restore_tenant", json!({ "id": "globex" })),
        ("diagnostics_bundle", json!({})),
        ("start_demo_sandbox", json!({})),
    ] {
        assert_eq!(
            window.refusal(command, arguments),
            "in_customer_call",
            "{command}"
        );
    }
}
