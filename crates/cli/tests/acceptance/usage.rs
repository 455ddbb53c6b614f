//! Words that mean nothing, help.

use crate::support::workspace::Workspace;

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
