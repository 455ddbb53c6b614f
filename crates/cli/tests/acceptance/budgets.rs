//! Programs that call one instance at the same time keep to its limit between them.

use crate::support::connector_copy::ConnectorCopy;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::manners::Manners;
use crate::support::workspace::{ACCOUNT, Workspace};

#[test]
fn two_programs_on_one_instance_share_its_limit() {
    let instance = Instance::with(Manners {
        limit: Some((25.0, 20.0)),
        ..Manners::default()
    });
    instance.put("invoices", invoices(2_000));
    let workspace = Workspace::connected(&instance);
    // Another account of the same instance.
    let twin = format!("instance_url={}", instance.url());
    let manners = instance.manners();
    let add = [
        "account",
        "add",
        "acme-twin",
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--kind",
        "sandbox",
        "--set",
        &twin,
        "--client-id",
        &manners.client_id,
        "--client-secret-stdin",
        "--scope",
        "core.common.read core.invoice.read",
    ];
    workspace
        .json_with(&add, manners.client_secret.as_bytes())
        .exits(0);
    workspace.json(&["account", "test", "acme-twin"]).exits(0);
    let before = instance.requests_of("/api/invoices").len();
    let both = [ACCOUNT, "acme-twin"].map(|account| {
        let sync = ["sync", account, "invoices", "--mode", "full"];
        workspace.start(&[&sync[..], &["--fields", "all", "--budget", "100"]].concat())
    });
    for run in both {
        let run = run.outcome().done();
        assert_eq!(run["rate_limited"], 0, "{run:#}");
        assert_eq!(run["stored"], 2_000, "{run:#}");
    }
    let asked = instance.requests_of("/api/invoices").len() - before;
    assert!(asked >= 80, "{asked}");
    // The state is beside the workspace; lost or damaged, it is made anew.
    let leases = workspace.folder().join("leases");
    let held: Vec<_> = std::fs::read_dir(&leases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    assert_eq!(held.len(), 1, "{held:?}");
    for content in [Some("{damaged"), Some(""), None] {
        match content {
            Some(text) => std::fs::write(&held[0], text).unwrap(),
            None => std::fs::remove_file(&held[0]).unwrap(),
        }
        workspace.json(&["account", "test", ACCOUNT]).exits(0);
        let text = std::fs::read_to_string(&held[0]).unwrap();
        assert!(text.contains("\"bucket\""), "{text}");
    }
}

#[test]
fn a_limit_met_by_one_program_slows_the_other_down() {
    let instance = Instance::start();
    let workspace = Workspace::with(&ConnectorCopy::named("standin"));
    workspace.connect(&instance);
    instance.fault(|request| {
        let limited = request.is_read() && request.nth <= 8;
        limited.then(|| crate::support::answer::text(429, "text/plain", "Too many requests"))
    });
    instance.put("invoices", invoices(5));
    // It tries until it succeeds, and leaves word of it.
    workspace.sync("invoices", &["--mode", "full"]);
    let leases = workspace.folder().join("leases");
    let text = std::fs::read_dir(leases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|kind| kind == "json"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .unwrap();
    let ledger: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(ledger["slowed"][0].as_f64().unwrap() < 1.0, "{text}");
}
