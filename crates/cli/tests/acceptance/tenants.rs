//! `xwalk tenant`.

use serde_json::json;

use crate::support::instance::Instance;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, Workspace};

#[test]
fn a_workspace_is_made_on_first_use_and_says_so() {
    let workspace = Workspace::bare();
    let first = workspace.json(&["tenant", "list"]);
    assert_eq!(first.done(), json!([]));
    let folder = workspace.folder().display().to_string();
    assert!(first.stderr.contains(&folder), "{first}");
    let second = workspace.json(&["tenant", "list"]);
    assert_eq!(second.done(), json!([]));
    assert!(!second.stderr.contains(&folder), "{second}");
    assert!(workspace.folder().join("workspace.db").is_file());
}

#[test]
fn tenants_are_added_listed_and_removed() {
    let workspace = Workspace::bare();
    let added = workspace.json(&[
        "tenant", "add", "acme", "--name", "Acme Ltd", "--region", "eu",
    ]);
    assert_eq!(
        added.done(),
        json!({ "id": "acme", "name": "Acme Ltd", "region": "eu" })
    );
    let plain = workspace.json(&["tenant", "add", "brindle"]).done();
    assert_eq!(
        (&plain["id"], &plain["region"]),
        (&json!("brindle"), &json!(null))
    );

    let listed = workspace.json(&["tenant", "list"]).done();
    let ids: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|tenant| &tenant["id"])
        .collect();
    assert_eq!(ids, ["acme", "brindle"]);

    let removed = workspace.json(&["tenant", "remove", "acme"]).done();
    assert_eq!(removed["id"], "acme");
    assert_eq!(
        workspace
            .json(&["tenant", "list"])
            .done()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_is_there_already_or_not_at_all_is_wrong_input() {
    let workspace = Workspace::bare();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let twice = workspace.json(&["tenant", "add", "acme"]).fails(2);
    assert_eq!(twice["code"], "already_exists");
    let unknown = workspace.json(&["tenant", "remove", "nobody"]).fails(2);
    assert_eq!(unknown["code"], "not_found");
    for id in ["", "Acme Ltd", "../acme", "a/b", "ä"] {
        workspace.json(&["tenant", "add", id]).fails(2);
    }
    assert_eq!(
        workspace
            .json(&["tenant", "list"])
            .done()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn tenants_never_need_the_vault() {
    let workspace = Workspace::bare();
    for args in [
        &["tenant", "add", "acme"][..],
        &["tenant", "list"],
        &["tenant", "remove", "acme"],
    ] {
        let mut command = workspace.command(&[args, &["--json"]].concat());
        command
            .env_remove("XWALK_PASSPHRASE")
            .env_remove("XWALK_VAULT");
        Running::start(args.join(" "), command, b"")
            .outcome()
            .exits(0);
    }
}

#[test]
fn a_tenant_with_accounts_is_not_removed_and_the_vault_stays_shut() {
    let instance = Instance::start();
    let workspace = Workspace::new();
    workspace.add_account(&instance, &[]).exits(0);
    let remove = || {
        let mut command = workspace.command(&["tenant", "remove", "acme", "--json"]);
        // A vault that cannot be opened: what never opens it cannot tell.
        command.env("XWALK_PASSPHRASE", "not the passphrase");
        Running::start("tenant remove acme".into(), command, b"").outcome()
    };
    let refused = remove().fails(2);
    assert_eq!(refused["code"], "has_dependents");
    assert!(
        refused["message"].to_string().contains(ACCOUNT),
        "{refused}"
    );
    let hint = refused["hint"].to_string();
    assert!(hint.contains("account remove acme-test"), "{refused}");
    assert_eq!(
        workspace.json(&["account", "list"]).done()[0]["id"],
        ACCOUNT
    );
    workspace
        .json(&["account", "remove", ACCOUNT, "--yes"])
        .exits(0);
    assert_eq!(remove().done()["id"], "acme");
}

#[test]
fn a_person_reads_text() {
    let workspace = Workspace::bare();
    let added = workspace.human(&["tenant", "add", "acme", "--name", "Acme Ltd"]);
    assert!(added.exits(0).stdout.contains("acme"), "{added}");
    let listed = workspace.human(&["tenant", "list"]);
    assert!(listed.exits(0).stdout.contains("Acme Ltd"), "{listed}");
    assert!(
        !listed.stdout.contains('\u{1b}'),
        "no colours off a terminal: {listed}"
    );
    let twice = workspace.human(&["tenant", "add", "acme"]);
    assert_eq!(twice.exits(2).stdout, "");
    assert!(twice.stderr.contains("acme"), "{twice}");
}

#[test]
fn the_workspace_can_be_an_argument() {
    let workspace = Workspace::bare();
    let other = workspace.home().join("other");
    let folder = other.display().to_string();
    workspace
        .json(&["--workspace", &folder, "tenant", "add", "acme"])
        .exits(0);
    assert!(other.join("workspace.db").is_file());
    assert!(!workspace.folder().exists());
}
