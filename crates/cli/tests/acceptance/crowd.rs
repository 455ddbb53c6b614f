//! Many programs on one workspace at once, the daemon among them: nobody loses what another wrote, and nobody is told
//! that it is busy.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

const ROUNDS: usize = 5;

#[test]
fn programs_that_change_one_workspace_at_once_lose_nothing_and_never_fail_as_busy() {
    let instance = Instance::start();
    instance.put("invoices", invoices(150));
    let workspace = Workspace::connected_unlimited(&instance);
    let daemon = workspace.start(&["daemon"]);
    let failed = AtomicBool::new(false);
    let (space, failed_at) = (&workspace, &failed);
    let run = |args: &[&str], allowed: &[&str]| {
        let outcome = space.json(args);
        if outcome.code != Some(0) {
            let code = outcome.document()["error"]["code"].clone();
            if !allowed.iter().any(|one| code == *one) {
                failed_at.store(true, Ordering::Relaxed);
                eprintln!("{outcome}");
            }
        }
    };
    std::thread::scope(|scope| {
        // Each its own resource, all in one account's schedule.
        for resource in ["invoices", "currencies", "suppliers", "purchase_orders"] {
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let every = format!("{}h", 6 + round);
                    let set = [
                        "schedule", "set", ACCOUNT, resource, "--every", &every, "--mode", "full",
                    ];
                    run(&set, &[]);
                }
            });
        }
        for resource in ["invoices", "currencies"] {
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    // The daemon syncs the same ones by now.
                    run(
                        &["sync", ACCOUNT, resource, "--mode", "full"],
                        &["run_in_progress"],
                    );
                }
            });
        }
        scope.spawn(move || {
            for round in 0..ROUNDS {
                let days = (300 + round).to_string();
                let set = ["setting", "set", "client_secret_reminder_days", &days];
                run(&set, &[]);
                run(&["alerts"], &[]);
                run(&["account", "renew", ACCOUNT], &[]);
            }
        });
        scope.spawn(move || {
            for round in 0..ROUNDS {
                let id = format!("tenant-{round}");
                run(&["tenant", "add", &id], &[]);
                run(&["audit", "verify"], &[]);
                run(&["records", ACCOUNT, "invoices"], &[]);
                run(&["backup", "create"], &[]);
            }
        });
    });
    daemon.signal(libc::SIGINT);
    let ended = daemon.outcome();
    ended.exits(0);
    assert!(!failed.load(Ordering::Relaxed), "see above");
    for word in ["busy", "locked"] {
        assert!(!ended.everything().contains(word), "{ended}");
    }
    let schedules = workspace.json(&["schedule", "list", ACCOUNT]).done();
    let every: Vec<_> = schedules
        .as_array()
        .unwrap()
        .iter()
        .map(|schedule| schedule["every"].clone())
        .collect();
    assert_eq!(every, vec![json!("10h"); 4], "{schedules}");
    let tenants = workspace.json(&["tenant", "list"]).done();
    assert_eq!(tenants.as_array().unwrap().len(), 1 + ROUNDS);
    let truth = instance.truth("invoices");
    assert_eq!(workspace.records("invoices", "raw").len(), truth.len());
    assert_eq!(workspace.json(&["audit", "verify"]).done()["ok"], true);
}
