//! Every command of the window, by its name in the bindings: it has a test of its own, and says why where there is no
//! workspace.

use std::path::Path;

use serde_json::{Value, json};

use crate::arguments::Held;
use crate::commands::commands;
use crate::window::Window;

/// What no test here can call, and why.
const NOT_CALLED: [(&str, &str); 1] = [("quit", "nothing ends on the mock runtime")];

/// What answers without a workspace: the call, the window and what runs in this program alone.
const WITHOUT_WORKSPACE: [&str; 6] = [
    "call_mode",
    "leave_call",
    "first_place",
    "notifications_unavailable",
    "hide_window",
    "cancel_impact",
];

/// What the tests of commands say.
fn sources() -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut all = String::new();
    for folder in ["ipc", "ipc_explore"] {
        for entry in std::fs::read_dir(tests.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if !path.ends_with("every.rs") {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

/// Whether a name stands first in a call or a row, or in a list of names; not as a key or a value of JSON.
fn is_called(source: &str, command: &str) -> bool {
    let named = format!("\"{command}\"");
    source.match_indices(&named).any(|(at, name)| {
        let mut before = source[..at].trim_end();
        let after = source[at + name.len()..].trim_start();
        if before.ends_with('(') {
            return after.starts_with(',');
        }
        let mut others = after.starts_with(',');
        while let Some(rest) = before.strip_suffix("\",") {
            let rest = rest.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '_');
            before = rest.strip_suffix('"').unwrap_or_default().trim_end();
            others = true;
        }
        others && after.starts_with([',', ']']) && before.ends_with('[')
    })
}

#[test]
fn every_command_has_a_test() {
    for (source, called) in [
        ("window.ask(\"pins\", json!({}))", true),
        ("(\n    \"pins\",\n    json!({}),\n)", true),
        ("for command in [\"tables\", \"pins\"] {", true),
        ("for command in [\"pins\", \"tables\"] {", true),
        ("json!({ \"account\": 1, \"pins\": 1 })", false),
        ("json!({ \"kind\": \"pins\", \"to\": 1 })", false),
        (
            "assert_eq!(answer[\"pins\"], \"pins\", \"{answer}\")",
            false,
        ),
    ] {
        assert_eq!(is_called(source, "pins"), called, "{source}");
    }
    let sources = sources();
    let known = commands();
    for (command, why) in NOT_CALLED {
        assert!(
            known.iter().any(|(name, _)| name == command),
            "{command}: {why}"
        );
        assert!(
            !is_called(&sources, command),
            "{command} has a test: {why}?"
        );
    }
    let untested: Vec<&str> = known
        .iter()
        .map(|(command, _)| command.as_str())
        .filter(|command| NOT_CALLED.iter().all(|(other, _)| other != command))
        .filter(|command| !is_called(&sources, command))
        .collect();
    assert_eq!(untested, Vec::<&str>::new());
}

#[test]
fn a_workspace_that_cannot_be_opened_says_why_and_what_next() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("workspace.db"), vec![b'x'; 8192]).unwrap();
    let window = Window::on(folder.path());
    let why = window.call("workspace_info", json!({})).unwrap_err();
    for key in ["code", "message", "hint"] {
        let told = why[key].as_str().is_some_and(|text| !text.is_empty());
        assert!(told, "{why}");
    }
    let held = Held {
        tenant: "acme".to_owned(),
        account: "acme-test".to_owned(),
        run: json!("a run"),
        projection: json!("a projection"),
        seq: json!(1),
        alert: json!("an alert"),
        record: "1".to_owned(),
    };
    for (command, names) in commands() {
        let command = command.as_str();
        // A trial is the desktop's alone, and shows there.
        if command == "test_notification" || NOT_CALLED.iter().any(|(other, _)| *other == command) {
            continue;
        }
        for arguments in held.ways(command, &names) {
            let answer = window.call(command, arguments.clone());
            if WITHOUT_WORKSPACE.contains(&command) {
                assert_eq!(answer, Ok(Value::Null), "{command}");
                continue;
            }
            let expected = match command {
                "autostart" | "set_autostart" => "autostart_failed",
                _ => why["code"].as_str().unwrap(),
            };
            let fault = answer.unwrap_err();
            assert_eq!(fault["code"], expected, "{command} {arguments}: {fault}");
        }
    }
}
