//! `xwalk account`: adding, showing, changing, removing.

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::outcome::has_keys;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, Workspace};

const KEYS: [&str; 10] = [
    "id",
    "tenant",
    "connector",
    "kind",
    "environment",
    "status",
    "scopes",
    "token",
    "refresh_token",
    "health",
];

const BUILT_IN: [&str; 9] = [
    "account",
    "add",
    "acme-prod",
    "--tenant",
    "acme",
    "--connector",
    "coupa",
    "--set",
    "instance_url=https://acme.coupahost.com",
];

fn with_tenant() -> Workspace {
    let workspace = Workspace::new();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    workspace
}

#[test]
fn an_account_without_credentials_awaits_them() {
    let workspace = with_tenant();
    let account = workspace.json(&BUILT_IN).done();
    has_keys(&account, &KEYS);
    let expected = json!({
        "id": "acme-prod", "tenant": "acme", "connector": "coupa", "kind": "production",
        "environment": null, "status": "awaiting_credentials", "token": null, "refresh_token": null,
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&account[key], value, "{key}");
    }
    let scopes: Vec<&str> = account["scopes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| scope.as_str().unwrap())
        .collect();
    let least = "core.common.read core.accounting.read core.invoice.read core.purchase_order.read \
                 core.supplier.read core.requisition.read core.expense.read core.contract.read \
                 core.user.read core.item.read core.budget.read core.inventory.receiving.read \
                 core.pay.payments.read";
    assert_eq!(scopes, least.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn what_was_asked_for_is_shown() {
    let workspace = with_tenant();
    let more = [
        "--kind",
        "sandbox",
        "--environment",
        "emea",
        "--scope",
        "core.common.read",
    ];
    let added = workspace.json(&[&BUILT_IN, &more[..]].concat()).done();
    assert_eq!(added["kind"], "sandbox");
    assert_eq!(added["environment"], "emea");
    assert_eq!(added["scopes"], json!(["core.common.read"]));
    let shown = workspace.json(&["account", "show", "acme-prod"]).done();
    assert_eq!(shown, added);
    let listed = workspace.json(&["account", "list"]).done();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    has_keys(&listed[0], &KEYS);
    assert_eq!(listed[0]["id"], "acme-prod");
}

#[test]
fn the_secret_comes_from_stdin_and_is_never_shown() {
    let instance = Instance::start();
    let workspace = Workspace::new();
    let added = workspace.add_account(&instance, &[]);
    assert_ne!(added.done()["status"], "awaiting_credentials");
    for outcome in [
        added,
        workspace.json(&["account", "show", ACCOUNT]),
        workspace.human(&["account", "show", ACCOUNT]),
        workspace.human(&["account", "list"]),
        workspace.json(&["audit", "list"]),
    ] {
        assert!(
            !outcome
                .everything()
                .contains(&instance.manners().client_secret),
            "{outcome}"
        );
    }
}

#[test]
fn an_empty_secret_is_wrong_input_and_adds_nothing() {
    let workspace = with_tenant();
    let args = [
        &BUILT_IN,
        &["--client-id", "x", "--client-secret-stdin"][..],
    ]
    .concat();
    workspace.json_with(&args, b"\n").fails(2);
    assert_eq!(workspace.json(&["account", "list"]).done(), json!([]));
}

#[test]
fn names_that_do_not_exist_and_names_that_do() {
    let workspace = with_tenant();
    let swap = |position: usize, by: &'static str| {
        let mut args = BUILT_IN.to_vec();
        args[position] = by;
        args
    };
    assert_eq!(
        workspace.json(&swap(4, "nobody")).fails(2)["code"],
        "not_found"
    );
    assert_eq!(
        workspace.json(&swap(6, "nothing")).fails(2)["code"],
        "not_found"
    );
    workspace.json(&swap(2, "Not An Id")).fails(2);
    workspace.json(&swap(8, "no_such_setting=1")).fails(2);
    workspace.json(&swap(8, "instance_url")).fails(2);
    workspace.json(&BUILT_IN[..7]).fails(2);
    assert_eq!(workspace.json(&["account", "list"]).done(), json!([]));
    workspace.json(&BUILT_IN).exits(0);
    assert_eq!(workspace.json(&BUILT_IN).fails(2)["code"], "already_exists");
    for command in ["show", "test", "renew", "request"] {
        let error = workspace.json(&["account", command, "nobody"]).fails(2);
        assert_eq!(error["code"], "not_found", "{command}");
    }
}

#[test]
fn the_request_tells_the_administrator_what_to_do() {
    let workspace = with_tenant();
    workspace
        .json(
            &[
                &BUILT_IN,
                &["--scope", "core.common.read core.invoice.read"][..],
            ]
            .concat(),
        )
        .exits(0);
    let text = workspace.human(&["account", "request", "acme-prod"]);
    for part in ["core.common.read", "core.invoice.read", "OAuth"] {
        assert!(text.exits(0).stdout.contains(part), "{text}");
    }
    assert!(!text.stdout.contains("core.supplier.read"), "{text}");
    assert!(!text.stdout.contains("{{"), "{text}");
    let document = workspace.json(&["account", "request", "acme-prod"]).done();
    let in_json = match &document {
        Value::String(text) => text.clone(),
        other => other["text"].as_str().unwrap().to_owned(),
    };
    assert_eq!(in_json.trim(), text.stdout.trim());
}

#[test]
fn an_account_can_be_changed_and_removed() {
    let instance = Instance::start();
    let workspace = Workspace::new();
    workspace
        .add_account(&instance, &["--scope", "core.common.read"])
        .exits(0);
    let scopes = [
        "account",
        "update",
        ACCOUNT,
        "--scope",
        "core.common.read core.invoice.read",
    ];
    let updated = workspace.json(&scopes).done();
    assert_eq!(
        updated["scopes"],
        json!(["core.common.read", "core.invoice.read"])
    );
    workspace.json(&["account", "remove", ACCOUNT]).fails(2);
    assert_eq!(
        workspace
            .json(&["account", "remove", ACCOUNT, "--yes"])
            .done()["id"],
        ACCOUNT
    );
    assert_eq!(workspace.json(&["account", "list"]).done(), json!([]));
    workspace.json(&["tenant", "remove", "acme"]).exits(0);
}

#[test]
fn a_passphrase_can_come_through_a_descriptor() {
    let workspace = with_tenant();
    let file = workspace.home().join("passphrase");
    std::fs::write(&file, "through a descriptor\n").unwrap();
    let line = r#"exec 3<"$0"; exec "$@" --passphrase-fd 3 --json"#;
    let program = workspace.command(&BUILT_IN);
    let mut shell = workspace.command(&[]);
    let mut command = std::process::Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(line)
        .arg(&file)
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear();
    for (key, value) in shell.env_remove("XWALK_PASSPHRASE").get_envs() {
        if let Some(value) = value {
            command.env(key, value);
        }
    }
    Running::start("account add … --passphrase-fd 3".to_owned(), command, b"")
        .outcome()
        .exits(0);
}
