//! Words that mean nothing, words that mean something later, help.

use serde_json::Value;

use crate::support::workspace::Workspace;

#[test]
fn what_comes_later_says_so_and_does_nothing() {
    let workspace = Workspace::bare();
    let later = [
        "map set procurement/invoice memo x --level account --scope a",
        "map unset procurement/invoice memo --level account --scope a",
        "map history procurement/invoice memo --level account --scope a",
        "map restore procurement/invoice memo 1",
        "map preview a procurement/invoice memo x",
        "map export",
        "map import overrides.yaml",
        "table list",
        "table import costs.csv",
        "table export costs",
        "table unmapped",
        "compare a b",
        "alerts",
        "alerts --until 2027-01-01T00:00:00Z",
        "alerts ack 1",
        "audit verify",
        "audit verify --against head.json",
        "audit export",
        "account rotate a --client-secret-stdin",
        "account revoke a --yes",
    ];
    for line in later {
        let args: Vec<&str> = line.split(' ').collect();
        let outcome = workspace.json(&args);
        let error: Value = if line == "audit export" {
            outcome.exits(2);
            let text = if outcome.stdout.is_empty() {
                &outcome.stderr
            } else {
                &outcome.stdout
            };
            serde_json::from_str::<Value>(text).unwrap()["error"].clone()
        } else {
            outcome.fails(2)
        };
        assert_eq!(error["code"], "not_yet", "{line}");
        let human = workspace.human(&args);
        assert!(
            human.exits(2).stdout.is_empty() && !human.stderr.is_empty(),
            "{human}"
        );
    }
    assert!(!workspace.folder().exists());
}

#[test]
fn wrong_usage_is_exit_2_with_one_error() {
    let workspace = Workspace::bare();
    let wrong = [
        &["nonsense"][..],
        &["tenant"],
        &["tenant", "add"],
        &["sync", "a"],
        &["sync", "a", "invoices", "--mode", "everything"],
        &["sync", "a", "invoices", "--budget", "0"],
        &["sync", "a", "invoices", "--budget", "101"],
        &["sync", "a", "invoices", "--pages", "many"],
        &[
            "account",
            "add",
            "x",
            "--client-secret",
            "never-an-argument",
        ],
        &["--vault", "shoebox", "tenant", "list"],
    ];
    for args in wrong {
        let outcome = workspace.json(args);
        outcome.fails(2);
        assert!(!outcome.stdout.contains("never-an-argument"), "{outcome}");
        workspace.human(args).exits(2);
    }
}

#[test]
fn help_version_completions_and_the_manual_are_no_failures() {
    let workspace = Workspace::bare();
    let help = workspace.human(&["--help"]);
    for word in [
        "tenant", "account", "sync", "records", "jsonata", "demo", "doctor",
    ] {
        assert!(help.exits(0).stdout.contains(word), "{help}");
    }
    assert!(
        workspace
            .human(&["--version"])
            .exits(0)
            .stdout
            .contains("xwalk")
    );
    for command in [
        "account",
        "sync",
        "records",
        "map",
        "connector",
        "backup",
        "sandbox",
    ] {
        assert!(
            !workspace
                .human(&[command, "--help"])
                .exits(0)
                .stdout
                .is_empty()
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = workspace.human(&["completions", shell]);
        assert!(script.exits(0).stdout.contains("xwalk"), "{script}");
    }
    assert!(workspace.human(&["man"]).exits(0).stdout.contains(".TH"));
    assert!(!workspace.folder().exists());
}
