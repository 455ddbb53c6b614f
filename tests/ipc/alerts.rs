use std::path::Path;

use crosswalk_workspace::{OpenOptions, Workspace, account, alert};
use serde_json::{Value, json};

use crate::window::Window;

/// Raises an alert of an account, as a refusal of its credentials does, or resolves it again.
fn set_raised(folder: &Path, slug: &'static str, raised: bool) {
    let workspace = Workspace::open(folder, &OpenOptions::new("test")).unwrap();
    let kind = alert::kind::NEEDS_REAUTH;
    let written = workspace.write_blocking(move |tx| {
        let held = account::get(tx, slug)?;
        if raised {
            alert::raise(
                tx,
                held.uuid,
                kind,
                "The provider refused the client.",
                Some("Ask for another secret."),
            )
        } else {
            alert::resolve(tx, held.uuid, kind)?;
            Ok(())
        }
    });
    written.unwrap();
}

/// The refusals among the alerts.
fn refusals(window: &Window, until: Option<&str>, resolved_days: Option<u32>) -> Vec<Value> {
    let filter = json!({ "until": until, "resolved_days": resolved_days });
    let alerts = window.ask("alerts", json!({ "filter": filter }));
    let alerts = alerts.as_array().unwrap().iter();
    let refusals = alerts.filter(|alert| alert["kind"] == "needs_reauth");
    refusals.cloned().collect()
}

fn with_an_alert() -> (tempfile::TempDir, Window, Value) {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    window.add_account("acme", "acme-test");
    window.add_account("globex", "globex-test");
    set_raised(folder.path(), "acme-test", true);
    let alert = refusals(&window, None, None).remove(0);
    (folder, window, alert)
}

#[test]
fn nothing_speaks_against_notifications_before_one_was_tried() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    assert_eq!(
        window.ask("notifications_unavailable", json!({})),
        Value::Null
    );
}

#[test]
fn an_alert_is_listed_put_off_and_seen() {
    let (folder, window, alert) = with_an_alert();
    assert_eq!(
        (&alert["account"], &alert["tenant_name"], &alert["state"]),
        (&json!("acme-test"), &json!("The acme"), &json!("active"))
    );
    assert_eq!(alert["detail"], "The provider refused the client.");
    let earlier = "2000-01-01T00:00:00Z";
    assert!(refusals(&window, Some(earlier), None).is_empty());

    let later = "2999-01-01T00:00:00Z";
    let snooze = json!({ "id": alert["id"], "until": later });
    let snoozed = window.ask("snooze_alert", snooze.clone());
    assert_eq!(
        (&snoozed["state"], &snoozed["snoozed_until"]),
        (&json!("snoozed"), &json!(later))
    );
    let seen = window.ask("ack_alert", json!({ "id": alert["id"] }));
    assert_eq!(seen["state"], "acknowledged");
    assert!(!seen["actions"].as_array().unwrap().contains(&json!("ack")));
    // Whoever puts it off wants to be told again.
    assert_eq!(window.ask("snooze_alert", snooze)["state"], "snoozed");

    let past = json!({ "id": alert["id"], "until": earlier });
    assert_eq!(window.refusal("snooze_alert", past), "invalid_time");
    for id in ["no-alert", "0197a000-0000-7000-8000-000000000000"] {
        let nothing = json!({ "id": id, "until": later });
        for command in ["ack_alert", "snooze_alert"] {
            assert_eq!(window.refusal(command, nothing.clone()), "not_found");
        }
    }

    set_raised(folder.path(), "acme-test", false);
    assert!(refusals(&window, None, None).is_empty());
    let resolved = refusals(&window, None, Some(1));
    assert_eq!(resolved[0]["state"], "resolved");
}

#[test]
fn during_a_call_the_alerts_of_others_stay_as_they_are() {
    let (_folder, window, alert) = with_an_alert();
    window.ask("enter_call", json!({ "tenant": "globex" }));
    assert!(refusals(&window, None, Some(1)).is_empty());
    let later = json!({ "id": alert["id"], "until": "2999-01-01T00:00:00Z" });
    for command in ["ack_alert", "snooze_alert"] {
        assert_eq!(window.refusal(command, later.clone()), "not_found");
    }
    window.ask("leave_call", json!({}));
    assert_eq!(refusals(&window, None, None), [alert]);
}

#[test]
fn a_trial_says_whether_somebody_shows_notifications() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::on(folder.path());
    let trial = window.ask("test_notification", json!({}));
    let message = trial["message"].as_str().unwrap();
    let begins = if trial["delivered"] == true {
        "A notification was shown."
    } else {
        "Nobody shows notifications here: "
    };
    assert!(message.starts_with(begins), "{trial}");
}
