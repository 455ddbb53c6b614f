//! Workspaces and vaults that cannot be opened: exit 4, a next step, and nothing touched.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::outcome::Outcome;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, Workspace};

/// Runs with changes to the environment; none removes a variable.
fn with_environment(
    workspace: &Workspace,
    args: &[&str],
    changes: &[(&str, Option<&str>)],
) -> Outcome {
    let args = [args, &["--json"]].concat();
    let mut command = workspace.command(&args);
    for (key, value) in changes {
        match value {
            Some(value) => command.env(key, value),
            None => command.env_remove(key),
        };
    }
    Running::start(args.join(" "), command, b"").outcome()
}

fn connected() -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(20));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    (instance, workspace)
}

#[test]
fn a_workspace_from_the_future_is_refused_and_untouched() {
    let workspace = Workspace::bare();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let database = workspace.folder().join("workspace.db");
    Connection::open(&database)
        .unwrap()
        .pragma_update(None, "user_version", 9_999)
        .unwrap();
    let before = fs::read(&database).unwrap();
    for args in [
        &["tenant", "list"][..],
        &["account", "list"],
        &["audit", "list"],
    ] {
        let error = workspace.json(args).fails(4);
        assert_eq!(error["code"], "workspace_newer");
    }
    assert_eq!(fs::read(&database).unwrap(), before);
    let human = workspace.human(&["tenant", "list"]);
    assert!(
        human.exits(4).stdout.is_empty() && !human.stderr.is_empty(),
        "{human}"
    );
}

#[test]
fn a_corrupt_database_is_named() {
    let garbage = |database: &Path| fs::write(database, vec![0x5A; 40_960]).unwrap();
    let cut = |database: &Path| {
        let bytes = fs::read(database).unwrap();
        fs::write(database, &bytes[..bytes.len() / 3]).unwrap();
    };
    let holes = |database: &Path| {
        let mut bytes = fs::read(database).unwrap();
        for page in bytes.chunks_mut(4096).skip(1) {
            page.fill(0xA5);
        }
        fs::write(database, bytes).unwrap();
    };
    for (how, damage) in [
        ("garbage", &garbage as &dyn Fn(&Path)),
        ("cut", &cut),
        ("holes", &holes),
    ] {
        let workspace = Workspace::bare();
        workspace.json(&["tenant", "add", "acme"]).exits(0);
        for side in ["workspace.db-wal", "workspace.db-shm"] {
            let _ = fs::remove_file(workspace.folder().join(side));
        }
        damage(&workspace.folder().join("workspace.db"));
        let error = workspace.json(&["tenant", "list"]).fails(4);
        assert!(
            error["hint"].as_str().unwrap().contains("backup"),
            "{how}: {error}"
        );
    }
}

#[test]
fn a_folder_that_cannot_be_a_workspace() {
    let workspace = Workspace::bare();
    let file = workspace.home().join("a-file");
    fs::write(&file, "x").unwrap();
    for folder in [
        file.display().to_string(),
        format!("{}/below", file.display()),
    ] {
        workspace
            .json(&["--workspace", &folder, "tenant", "list"])
            .fails(4);
    }
}

#[test]
fn the_wrong_kind_of_vault() {
    let (_instance, workspace) = connected();
    for args in [
        &["account", "test", ACCOUNT][..],
        &["sync", ACCOUNT, "invoices"],
        &["account", "renew", ACCOUNT],
        &["get", ACCOUNT, "/invoices"],
    ] {
        let outcome = workspace.json(&[&["--vault", "keyring"], args].concat());
        assert_eq!(outcome.fails(4)["code"], "vault_mismatch", "{args:?}");
    }
    let records = workspace.json(&["--vault", "keyring", "records", ACCOUNT, "invoices"]);
    assert_eq!(records.fails_on_stderr(4)["code"], "vault_mismatch");
    // What needs no vault goes on.
    workspace
        .json(&["--vault", "keyring", "tenant", "list"])
        .exits(0);
    workspace
        .json(&["--vault", "keyring", "audit", "list"])
        .exits(0);
    workspace.json(&["records", ACCOUNT, "invoices"]).exits(0);
}

#[test]
fn no_passphrase_and_a_wrong_one() {
    let (_instance, workspace) = connected();
    let renew = ["account", "renew", ACCOUNT];
    let none = with_environment(&workspace, &renew, &[("XWALK_PASSPHRASE", None)]);
    assert_eq!(none.fails(4)["code"], "vault_locked");
    let wrong = with_environment(&workspace, &renew, &[("XWALK_PASSPHRASE", Some("another"))]);
    wrong.fails(4);
    assert!(!wrong.everything().contains("another\""), "{wrong}");
    let empty = with_environment(&workspace, &renew, &[("XWALK_PASSPHRASE", Some(""))]);
    empty.fails(4);
    workspace.json(&renew).exits(0);
    // The workspace remembers which vault it uses.
    with_environment(&workspace, &renew, &[("XWALK_VAULT", None)]).exits(0);
}

#[test]
fn a_vault_file_that_is_gone_is_not_made_anew() {
    let (_instance, workspace) = connected();
    let vault = fs::read_dir(workspace.folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let vault = vault
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "xwv"))
        .unwrap();
    let hidden = workspace.home().join("hidden");
    fs::rename(&vault, &hidden).unwrap();
    workspace.json(&["account", "renew", ACCOUNT]).fails(4);
    assert!(!vault.exists());
    fs::write(&vault, "not a vault").unwrap();
    workspace.json(&["account", "renew", ACCOUNT]).fails(4);
    fs::rename(&hidden, &vault).unwrap();
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    assert_eq!(workspace.records("invoices", "raw").len(), 20);
}

#[test]
fn an_absent_keyring() {
    let instance = Instance::start();
    let workspace = Workspace::new();
    let no_bus: [(&str, Option<&str>); 2] = [
        ("XWALK_VAULT", None),
        (
            "DBUS_SESSION_BUS_ADDRESS",
            Some("unix:path=/nonexistent/bus"),
        ),
    ];
    with_environment(&workspace, &["tenant", "add", "acme"], &no_bus).exits(0);
    let setting = format!("instance_url={}", instance.url());
    let args = [
        "account",
        "add",
        ACCOUNT,
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--set",
        &setting,
    ];
    let error = with_environment(&workspace, &args, &no_bus).fails(4);
    let text = error.to_string().to_lowercase();
    assert!(
        text.contains("keyring") && text.contains("passphrase"),
        "{error}"
    );
    assert_eq!(
        workspace.json(&["account", "list"]).done(),
        json!([]),
        "nothing is left behind"
    );
    // Never silently another vault: chosen explicitly it works.
    workspace.json(&args).exits(0);
}

#[test]
fn a_disk_that_is_full() {
    let probe = std::process::Command::new("unshare")
        .args(["-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"])
        .output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: this machine does not let us mount a small disk");
        return;
    }
    let instance = Instance::start();
    instance.put("invoices", invoices(50));
    let workspace = Workspace::new();
    let script = r#"
        set -e
        mkdir -p "$1/small"; mount -t tmpfs -o size=4m tmpfs "$1/small"
        cp -r "$XWALK_WORKSPACE"/. "$1/small"; export XWALK_WORKSPACE="$1/small"
        bin="$0"
        "$bin" tenant add acme --json > "$1/1" 2>> "$1/err"
        printf %s "$3" | "$bin" account add acme-test --tenant acme --connector standin --kind sandbox \
            --set "instance_url=$2" --client-id crosswalk-acceptance --client-secret-stdin \
            --scope "core.common.read core.invoice.read" --json > "$1/2" 2>> "$1/err"
        "$bin" sync acme-test invoices --mode full --fields all --budget 100 --json > "$1/3" 2>> "$1/err"
        touch "$1/ready"; while [ ! -e "$1/go" ]; do sleep 0.02; done
        set +e
        "$bin" sync acme-test invoices --mode full --fields all --budget 100 --json > "$1/4" 2>> "$1/err"
        echo $? > "$1/code"
        "$bin" records acme-test invoices --json > "$1/kept" 2>> "$1/err"
        mount -o remount,size=64m "$1/small"
        "$bin" sync acme-test invoices --mode full --fields all --budget 100 --json > "$1/5" 2>> "$1/err"
        "$bin" records acme-test invoices --json > "$1/6" 2>> "$1/err"
    "#;
    let program = workspace.command(&[]);
    let mut command = std::process::Command::new("unshare");
    command
        .args(["-m", "sh", "-c", script])
        .arg(program.get_program());
    command
        .arg(workspace.home())
        .arg(instance.url())
        .arg(&instance.manners().client_secret)
        .env_clear();
    for (key, value) in program.get_envs() {
        command.env(key, value.unwrap());
    }
    let mut running = Running::start("… on a small disk".to_owned(), command, b"");
    let ready = workspace.home().join("ready");
    while running.is_running() && !ready.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // Notes that do not compress.
    let mut large = invoices(400);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for record in &mut large {
        let noise = (0..2_000).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            format!("{state:016x}")
        });
        record["internal-note"] = json!(noise.collect::<String>());
    }
    instance.put("invoices", large.clone());
    fs::write(workspace.home().join("go"), "").unwrap();
    let outcome = running.outcome();
    let read = |name: &str| fs::read_to_string(workspace.home().join(name)).unwrap_or_default();
    assert!(!read("code").is_empty(), "{outcome} {}", read("err"));
    assert!(!read("err").contains("panicked"), "{}", read("err"));
    assert_eq!(read("code").trim(), "1", "{} {}", read("4"), read("err"));
    let failed: Value = serde_json::from_str(&read("4")).unwrap();
    let text = failed["error"].to_string().to_lowercase();
    assert!(
        text.contains("full") || text.contains("space"),
        "{failed:#}"
    );
    assert!(failed["error"]["hint"].is_string(), "{failed:#}");
    assert!(read("kept").lines().count() >= 50, "what was stored stays");
    let completed: Value = serde_json::from_str(&read("5")).unwrap();
    assert_eq!(
        (&completed["status"], &completed["stored"]),
        (&json!("completed"), &json!(400)),
        "{completed:#}"
    );
    let stored: Vec<Value> = read("6")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(stored, large);
}
