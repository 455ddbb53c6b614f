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
fn wrong_usage_is_told_in_sentences_and_beside_lines_on_stderr() {
    let workspace = Workspace::bare();
    let missing = workspace.json(&["tenant"]).fails(2);
    assert_eq!(missing["code"], "usage");
    assert_eq!(
        missing["message"],
        "`xwalk tenant` needs a command behind it."
    );
    for args in [
        &["records", "a"][..],
        &["query", "a", "m/x", "--limit", "0"],
        &["audit", "export", "--format", "pdf"],
        &["jsonata", "a", "--batch"],
    ] {
        let outcome = workspace.json(args);
        assert_eq!(outcome.fails_on_stderr(2)["code"], "usage", "{outcome}");
        assert!(outcome.stdout.is_empty(), "{outcome}");
    }
}

#[cfg(unix)]
#[test]
fn a_path_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let workspace = Workspace::bare();
    let checked = workspace
        .command(&["connector", "check", "--json"])
        .arg(std::ffi::OsStr::from_bytes(b"f\xff"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(!told.contains("panicked"), "{told}");
    let answer: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert!(answer["error"]["message"].is_string(), "{answer}");
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
    let manual = workspace.human(&["man"]);
    for words in [
        ".TH",
        ".SH \"xwalk account add\"",
        "client\\-secret\\-stdin",
    ] {
        assert!(manual.exits(0).stdout.contains(words), "{words}: {manual}");
    }
    let pages = workspace.home().join("pages");
    let out = ["man", "--out", pages.to_str().unwrap()];
    assert!(workspace.json(&out).done()["pages"].as_u64().unwrap() > 40);
    for page in ["xwalk.1", "xwalk-account-add.1"] {
        assert!(pages.join(page).is_file(), "{page}");
    }
    assert!(!workspace.folder().exists());
}
