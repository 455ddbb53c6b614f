//! The window's fences, as the configuration and the capability files draw them.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::shell::WINDOW;

fn read(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_page_loads_and_runs_nothing_but_its_own() {
    let app = &read("tauri.conf.json")["app"];
    let policy = app["security"]["csp"].as_str().unwrap();
    let directives: BTreeMap<&str, Vec<&str>> = policy
        .split(';')
        .map(|directive| {
            let mut words = directive.split_whitespace();
            (words.next().unwrap(), words.collect())
        })
        .collect();
    let allowed: [(&str, &[&str]); 8] = [
        ("base-uri", &["'none'"]),
        // The address is the program's own, where a platform has no scheme for it.
        ("connect-src", &["ipc:", "http://ipc.localhost"]),
        ("default-src", &["'none'"]),
        ("font-src", &["'self'"]),
        ("form-action", &["'none'"]),
        ("img-src", &["'self'"]),
        ("script-src", &["'self'"]),
        // The editor and the components write style elements while they run.
        ("style-src", &["'self'", "'unsafe-inline'"]),
    ];
    // Whatever is not listed is refused by `default-src`: frames, workers, media, objects.
    let expected = allowed.map(|(name, sources)| (name, sources.to_vec()));
    assert_eq!(directives, BTreeMap::from(expected));
    assert!(!policy.contains("unsafe-eval") && !policy.contains('*'));
    assert_eq!(app["withGlobalTauri"], false);
    for key in [
        "devCsp",
        "dangerousDisableAssetCspModification",
        "assetProtocol",
    ] {
        assert_eq!(app["security"][key], Value::Null, "{key}");
    }
}

#[test]
fn the_one_window_may_hear_events_and_call_no_plugin() {
    let app = &read("tauri.conf.json")["app"];
    let labels: Vec<&Value> = app["windows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|window| &window["label"])
        .collect();
    assert_eq!(labels, [WINDOW]);
    assert_eq!(app["windows"][0]["url"], Value::Null, "its own page");
    assert_eq!(app["security"]["capabilities"], json!(["main"]));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(files, ["main.json"]);
    let capability = read("src-tauri/capabilities/main.json");
    assert_eq!(capability["identifier"], "main");
    assert_eq!(capability["windows"], json!([WINDOW]));
    assert_eq!(
        capability["permissions"],
        json!(["core:event:allow-listen", "core:event:allow-unlisten"])
    );
    // Nothing that comes from elsewhere may call anything.
    for key in ["remote", "webviews"] {
        assert_eq!(capability[key], Value::Null, "{key}");
    }
}
