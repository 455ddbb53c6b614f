use serde_json::json;

use crate::window::Window;

#[test]
fn the_catalogue_and_its_forms_are_complete() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let cards = window.ask("list_connectors", json!({}));
    for card in cards.as_array().unwrap() {
        for key in ["label", "category", "paging", "limit"] {
            assert!(!card[key].as_str().unwrap().is_empty(), "{key} of {card}");
        }
        let used = u64::from(card["name"] == "coupa");
        assert_eq!(card["accounts"], used);
        let form = window.ask("connector", json!({ "name": card["name"] }));
        assert_eq!(form["name"], card["name"]);
        assert!(!form["grants"].as_array().unwrap().is_empty());
    }
    assert_eq!(
        window.refusal("connector", json!({ "name": "x" })),
        "not_found"
    );
    assert_eq!(
        window.refusal("approve_connector", json!({ "name": "coupa" })),
        "not_found"
    );
}

#[test]
fn scopes_are_advised_on() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    let ask = |pasted: Option<&str>| {
        let arguments = json!({
            "connector": "coupa", "resources": ["invoices"], "pasted": pasted, "purpose": "read",
        });
        window.ask("scope_advice", arguments)
    };
    assert_eq!(ask(None)["scopes"], json!(["core.invoice.read"]));
    let advice = ask(Some("core.invoice.read, core.invoice.write"));
    assert_eq!(advice["excess"], json!(["core.invoice.write"]));
    assert_eq!(
        ask(Some("core.supplier.read"))["missing"],
        json!(["core.invoice.read"])
    );
    let signing_in = json!({
        "connector": "coupa", "resources": ["invoices"], "pasted": null, "purpose": "read",
        "grant": "authorization_code",
    });
    assert_eq!(
        window.ask("scope_advice", signing_in)["scopes"],
        json!(["core.invoice.read", "offline_access"])
    );
    let unknown = json!({ "connector": "x", "resources": [], "pasted": null, "purpose": "read" });
    assert_eq!(window.refusal("scope_advice", unknown), "not_found");
}

#[test]
fn the_administrator_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    let message = window.ask("admin_message", json!({ "account": "acme-test" }));
    assert!(message.as_str().unwrap().contains("core.invoice.read"));
    // The customer knows its name, and not the id we gave it.
    assert!(
        message.as_str().unwrap().contains("for The acme"),
        "{message}"
    );
    let draft = json!({
        "connector": "coupa", "grant": null, "scopes": ["core.invoice.read"],
        "config": { "instance_url": "https://acme.coupahost.com" },
        "tenant": "acme",
        "account": "",
    });
    let draft = window.ask("admin_message_draft", draft);
    assert!(draft.as_str().unwrap().contains("core.invoice.read"));
    assert!(draft.as_str().unwrap().contains("for The acme"));
    assert!(!draft.as_str().unwrap().contains("<tenant>"), "{draft}");
    assert_eq!(
        window.refusal("admin_message", json!({ "account": "x" })),
        "not_found"
    );
    for (grant, named) in [
        ("client_credentials", false),
        ("authorization_code", true),
        ("device_code", true),
    ] {
        let draft = json!({
            "connector": "coupa", "grant": grant, "scopes": ["core.invoice.read"],
            "config": {}, "tenant": null, "account": null,
        });
        let draft = window.ask("admin_message_draft", draft);
        let draft = draft.as_str().unwrap();
        assert_eq!(draft.contains("- offline_access"), named, "{draft}");
    }
    let nobody = json!({ "connector": "coupa", "grant": null, "scopes": [], "config": {}, "tenant": "x", "account": null });
    assert_eq!(window.refusal("admin_message_draft", nobody), "not_found");
    let draft = json!({ "connector": "coupa", "grant": "magic", "scopes": [], "config": {}, "tenant": null, "account": null });
    assert_eq!(
        window.refusal("admin_message_draft", draft),
        "unknown_grant"
    );
}
