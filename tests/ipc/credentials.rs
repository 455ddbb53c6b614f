use serde_json::{Value, json};

use crate::window::{Window, account_input};

#[test]
fn credentials_and_what_happened_to_them_are_shown_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let shown = window.ask("credentials", json!({ "account": "acme-test" }));
    assert_eq!(shown["client_id"], "client");
    assert_eq!(shown["sign_in"], json!([]));
    assert_eq!(shown["forgotten_message"], Value::Null);
    // What is seconds old has not been unused for long, and its connector is as it was approved.
    assert_eq!(shown["excess"], json!([]));
    assert!(shown["scopes_observed_since"].is_string());
    assert_eq!(shown["connector_change"], Value::Null);
    assert!(shown["secret_set_at"].is_string());
    let history = window.ask(
        "credential_history",
        json!({ "account": "acme-test", "limit": 20 }),
    );
    assert!(!history.as_array().unwrap().is_empty());
    assert!(!format!("{shown}{history}").contains("secret-of-the-test"));
    window.ask("rotate_keys", json!({ "account": "acme-test" }));
    // Nobody answers on port 9: the old secret stays in force.
    let input = json!({ "client_id": null, "secret": "another-secret" });
    let refused = window.refusal(
        "rotate_secret",
        json!({ "account": "acme-test", "input": input }),
    );
    assert_ne!(refused, "window_locked");
    for command in ["credentials", "rotate_keys"] {
        assert_eq!(
            window.refusal(command, json!({ "account": "x" })),
            "not_found"
        );
    }
    let nobody = json!({ "account": "x", "limit": 1 });
    assert_eq!(window.refusal("credential_history", nobody), "not_found");
    let nobody = json!({ "account": "x", "input": input });
    assert_eq!(window.refusal("rotate_secret", nobody), "not_found");
}

#[test]
fn a_revocation_tells_the_truth_and_production_is_typed_first() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let mut live = account_input("acme", "acme-prod");
    live["kind"] = json!("production");
    window.ask("add_account", json!({ "input": live }));
    for confirmed in [json!(null), json!("acme-test")] {
        let unsure = json!({ "account": "acme-prod", "confirmed": confirmed });
        assert_eq!(window.refusal("revoke_account", unsure), "not_confirmed");
    }
    let sure = json!({ "account": "acme-prod", "confirmed": "acme-prod" });
    let gone = window.ask("revoke_account", sure);
    assert_eq!(gone["status"], "awaiting_credentials");
    assert!(gone["message"].as_str().unwrap().contains("client client"));
    window.ask(
        "revoke_account",
        json!({ "account": "acme-test", "confirmed": null }),
    );
    let after = window.ask("credentials", json!({ "account": "acme-test" }));
    assert!(after["forgotten_at"].is_string());
    assert!(
        after["forgotten_message"]
            .as_str()
            .unwrap()
            .starts_with("Forgotten here")
    );
    assert!(
        after["forgotten_letter"]
            .as_str()
            .unwrap()
            .contains("deactivate the client client")
    );
    let nobody = json!({ "account": "x", "confirmed": null });
    assert_eq!(window.refusal("revoke_account", nobody), "not_found");
}

#[test]
fn nobody_signs_in_to_an_account_of_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let begin = json!({ "account": "acme-test", "openBrowser": false });
    assert_eq!(window.refusal("begin_sign_in", begin), "unknown_grant");
    let wait = json!({ "account": "acme-test" });
    assert_eq!(window.refusal("await_sign_in", wait.clone()), "no_sign_in");
    let paste = json!({ "account": "acme-test", "text": "http://127.0.0.1/?code=1" });
    assert_eq!(window.refusal("paste_redirect", paste), "no_sign_in");
    let device = json!({ "account": "acme-test", "channel": "__CHANNEL__:7" });
    assert_eq!(window.refusal("sign_in_on_device", device), "unknown_grant");
    window.ask("cancel_sign_in", wait);
}

#[test]
fn a_retention_is_shown_tried_and_set() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let look = |wanted: Value| {
        window.ask(
            "retention",
            json!({ "account": "acme-test", "wanted": wanted }),
        )
    };
    assert_eq!(look(json!(null))["days"], 30);
    assert_eq!(look(json!("none"))["days"], 0);
    assert_eq!(look(json!(null))["retention"], "default");
    let set = json!({ "account": "acme-test", "wanted": "14" });
    assert_eq!(window.ask("set_retention", set)["retention"], "14");
    for wanted in ["-1", "for ever"] {
        let wrong = json!({ "account": "acme-test", "wanted": wanted });
        assert_eq!(
            window.refusal("set_retention", wrong.clone()),
            "invalid_retention"
        );
        assert_eq!(window.refusal("retention", wrong), "invalid_retention");
    }
}
