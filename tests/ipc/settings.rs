use serde_json::{Value, json};

use crate::window::Window;

#[test]
fn settings_are_listed_set_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    let value = |window: &Window| {
        let settings = window.ask("settings", json!({}));
        let settings = settings.as_array().unwrap().clone();
        settings
            .into_iter()
            .find(|setting| setting["key"] == "proxy")
            .unwrap()["value"]
            .clone()
    };
    assert_eq!(value(&window), Value::Null);
    let settings = window.ask("settings", json!({}));
    for (key, kind) in [
        ("notifications", "on_unless_off"),
        ("notify_names", "off_unless_on"),
        ("client_secret_reminder_days", "number"),
        ("proxy", "text"),
    ] {
        let mut settings = settings.as_array().unwrap().iter();
        let setting = settings.find(|setting| setting["key"] == key);
        assert_eq!(setting.unwrap()["kind"], kind, "{key}");
    }
    let proxy = json!({ "key": "proxy", "value": "http://proxy.example:3128" });
    window.ask("set_setting", proxy);
    assert_eq!(value(&window), "http://proxy.example:3128/");
    window.ask("set_setting", json!({ "key": "proxy", "value": null }));
    assert_eq!(value(&window), Value::Null);
    let login = json!({ "key": "proxy", "value": "http://me:word@proxy.example" });
    assert_eq!(window.refusal("set_setting", login), "invalid_setting");
    let unknown = json!({ "key": "x", "value": null });
    assert_eq!(window.refusal("set_setting", unknown), "not_found");
}

#[test]
fn what_works_is_said_backed_up_and_bundled() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    let checks = window.ask("doctor", json!({}));
    assert_eq!(checks[0]["name"], "workspace");
    assert_eq!(checks[0]["state"], "ok");
    let backup = window.ask("create_backup", json!({}));
    assert_eq!(window.ask("backups", json!({}))[0]["name"], backup["name"]);
    let bundle = window.ask("diagnostics_bundle", json!({}));
    let bundle = std::path::Path::new(bundle["path"].as_str().unwrap());
    assert!(bundle.is_file() && bundle.starts_with(folder.path()));
}

#[test]
fn closing_is_remembered_as_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    assert_eq!(window.ask("close_choice", json!({})), "ask");
    window.ask("set_close_choice", json!({ "choice": "tray" }));
    assert_eq!(window.ask("close_choice", json!({})), "tray");
    drop(window);
    let window = Window::on(folder.path());
    assert_eq!(window.ask("close_choice", json!({})), "tray");
    window.ask("set_close_choice", json!({ "choice": "ask" }));
    assert_eq!(window.ask("close_choice", json!({})), "ask");
    window.ask("hide_window", json!({}));
}

#[test]
fn what_the_desktop_does_not_offer_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    // The plugin that knows is not part of the mock application.
    assert_eq!(window.refusal("autostart", json!({})), "autostart_failed");
    assert_eq!(
        window.refusal("set_autostart", json!({ "on": true })),
        "autostart_failed"
    );
}
