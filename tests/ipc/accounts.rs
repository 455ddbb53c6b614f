use serde_json::{Value, json};

use crate::window::{Window, account_input};

#[test]
fn an_account_is_added_changed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let account = window.ask("account", json!({ "id": "acme-test" }));
    assert_eq!(account["status"], "connecting");
    assert_eq!(
        account["config"],
        json!({ "instance_url": "http://127.0.0.1:9" })
    );
    assert!(!account.to_string().contains("secret-of-the-test"));
    let rows = window.ask("overview", json!({}));
    assert_eq!(rows[0]["tenant_name"], "The acme");
    assert_eq!(rows[0]["auth"], "oauth");
    assert_eq!(rows[0]["headroom"].as_array().unwrap().len(), 20);

    let again = json!({ "input": account_input("acme", "acme-test") });
    assert_eq!(window.refusal("add_account", again), "already_exists");
    let mut wrong = account_input("acme", "other");
    wrong["kind"] = json!("staging");
    assert_eq!(
        window.refusal("add_account", json!({ "input": wrong })),
        "invalid_input"
    );
    let nowhere = json!({ "input": account_input("globex", "other") });
    assert_eq!(window.refusal("add_account", nowhere), "not_found");

    let input = json!({
        "config": {}, "client_id": null, "secret": null, "scopes": "core.invoice.read", "allow_hosts": [],
        "approve": false,
    });
    let changed = window.ask(
        "update_account",
        json!({ "id": "acme-test", "input": input }),
    );
    assert_eq!(changed["scopes"], json!(["core.invoice.read"]));
    let nobody = json!({ "id": "x", "input": input });
    assert_eq!(window.refusal("update_account", nobody), "not_found");

    let gone = json!({ "id": "acme-test", "confirmed": null });
    window.ask("remove_account", gone.clone());
    assert_eq!(window.ask("list_accounts", json!({})), json!([]));
    for command in ["account", "remove_account"] {
        assert_eq!(window.refusal(command, gone.clone()), "not_found");
    }
}

#[test]
fn a_connection_is_mended_a_setting_left_empty_goes_and_another_host_is_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let update = |config: Value, hosts: Value| {
        let input = json!({
            "config": config, "client_id": null, "secret": null, "scopes": null, "allow_hosts": hosts,
            "approve": true,
        });
        json!({ "id": "acme-test", "input": input })
    };
    let with = json!({ "custom_object_id": "12" });
    let changed = window.ask("update_account", update(with, json!([])));
    assert_eq!(changed["config"]["custom_object_id"], "12");
    let without = json!({ "custom_object_id": "" });
    let changed = window.ask("update_account", update(without, json!([])));
    assert_eq!(
        changed["config"],
        json!({ "instance_url": "http://127.0.0.1:9" })
    );
    let nowhere = json!({ "instance_url": "" });
    assert_eq!(
        window.refusal("update_account", update(nowhere, json!([]))),
        "missing_setting"
    );
    let elsewhere = json!({ "instance_url": "https://acme.example" });
    assert_eq!(
        window.refusal("update_account", update(elsewhere.clone(), json!([]))),
        "host_not_declared"
    );
    let moved = window.ask("update_account", update(elsewhere, json!(["acme.example"])));
    assert_eq!(moved["config"]["instance_url"], "https://acme.example");
    assert_eq!(moved["approved_hosts"], json!(["acme.example"]));
}

#[test]
fn a_production_account_is_removed_once_its_id_is_typed_and_then_its_tenant() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let mut live = account_input("acme", "acme-prod");
    live["kind"] = json!("production");
    window.ask("add_account", json!({ "input": live }));
    for typed in [json!(null), json!(""), json!("acme"), json!("acme-test")] {
        let unsure = json!({ "id": "acme-prod", "confirmed": typed });
        assert_eq!(window.refusal("remove_account", unsure), "not_confirmed");
    }
    let tenant = json!({ "id": "acme" });
    for id in ["acme-prod", "acme-test"] {
        assert_eq!(
            window.refusal("remove_tenant", tenant.clone()),
            "has_dependents"
        );
        window.ask("remove_account", json!({ "id": id, "confirmed": id }));
    }
    window.ask("remove_tenant", tenant);
    assert_eq!(window.ask("list_tenants", json!({})), json!([]));
}

#[test]
fn a_connection_that_cannot_be_made_is_reported_and_no_failure_of_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    // Port 9 (discard) is closed on a machine that is not from the last century.
    let channel = "__CHANNEL__:7";
    let report = window.ask(
        "connect",
        json!({ "account": "acme-test", "channel": channel }),
    );
    assert_eq!(report["status"], "validation_error");
    assert!(
        report["error"]["hint"]
            .as_str()
            .is_some_and(|hint| !hint.is_empty()),
        "{report}"
    );
    let renewed = window.refusal("renew_token", json!({ "account": "acme-test" }));
    assert!(!renewed.is_empty());
    let nobody = json!({ "account": "x", "channel": channel });
    assert_eq!(window.refusal("connect", nobody), "not_found");
    assert_eq!(
        window.refusal("renew_token", json!({ "account": "x" })),
        "not_found"
    );
}
