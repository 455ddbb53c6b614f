//! The keyring vault against a real gnome-keyring, each scenario in a session bus of its own.
//!
//! A scenario needs its own environment, so this test binary runs itself again inside `dbus-run-session` with the
//! scenario's name in an environment variable. Where the two programs are missing the tests say so and pass.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]
#![allow(clippy::print_stderr, reason = "says what it skips")]

use std::env;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use crosswalk_vault::{
    AccountKeys, Entry, EntryName, KeyringNotes, KeyringVault, MAX_RETIRED_KEYS, SealContext,
    Secret, Vault, VaultError, VaultKind,
};
use uuid::Uuid;

const SCENARIO: &str = "CROSSWALK_TEST_SECRET_SERVICE";
const NAME: EntryName = EntryName {
    workspace: Uuid::from_u128(1),
    account: Uuid::from_u128(2),
};

/// Starts gnome-keyring with a login keyring whose password is a single newline's empty line, then the test.
const UNLOCKED: &str = r#"printf "\n" | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && exec "$0" "$@""#;
/// The bus alone; gnome-keyring is not started, and has no keyring to offer should the bus start it.
const BUS_ONLY: &str = r#"exec "$0" "$@""#;

fn installed(program: &str) -> bool {
    env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file())
}

/// Runs `scenario` of [`inside`] in a fresh home, with a session bus unless `script` is `None`.
fn run(scenario: &str, script: Option<&str>) {
    for program in ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"] {
        if script.is_some() && !installed(program) {
            eprintln!("skipped: {program} is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let test = env::current_exe().unwrap();
    let arguments = ["--exact", "inside", "--nocapture"].map(OsStr::new);
    let mut command = match script {
        None => Command::new(&test),
        Some(script) => {
            let mut command = Command::new("dbus-run-session");
            command.args(["--", "sh", "-c", script]).arg(&test);
            command
        }
    };
    command.args(arguments).env(SCENARIO, scenario);
    for folder in [
        "HOME",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
    ] {
        command.env(folder, home.path());
    }
    for inherited in [
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "GNOME_KEYRING_CONTROL",
    ] {
        command.env_remove(inherited);
    }
    let output = command.output().unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && out.contains("1 passed"),
        "{scenario}:\n{out}\n{err}"
    );
    for line in err.lines().filter(|line| line.starts_with("measured: ")) {
        eprintln!("{line}");
    }
}

#[test]
fn an_entry_goes_in_comes_back_and_goes_away() {
    run("round_trip", Some(UNLOCKED));
}

#[test]
fn a_locked_keyring_is_said_to_be_locked() {
    run("locked", Some(UNLOCKED));
}

#[test]
fn a_bus_without_a_keyring_is_an_error_at_once() {
    run("bus_only", Some(BUS_ONLY));
}

#[test]
fn a_machine_without_a_bus_has_no_keyring() {
    run("no_bus", None);
}

/// Not a test by itself: what the others run in a session of their own.
#[test]
fn inside() {
    match env::var(SCENARIO).as_deref() {
        Ok("round_trip") => round_trip(),
        Ok("locked") => locked(),
        Ok("bus_only") => bus_only(),
        Ok("no_bus") => no_bus(),
        Ok(other) => panic!("no scenario is called {other}"),
        Err(_) => {}
    }
}

fn largest_entry() -> Entry {
    let mut keys = AccountKeys::generate().unwrap();
    for _ in 0..MAX_RETIRED_KEYS {
        keys.rotate().unwrap();
    }
    Entry {
        keys,
        client_secret: Some(Secret::from("s".repeat(1024))),
    }
}

fn round_trip() {
    let vault = KeyringVault::open().unwrap();
    assert_eq!(vault.kind(), VaultKind::Keyring);
    vault.probe().unwrap();
    assert!(matches!(vault.load(&NAME), Err(VaultError::NotFound { name, .. }) if name == NAME));

    let entry = largest_entry();
    let context = SealContext {
        account: NAME.account,
        table: "records",
        row: b"1",
    };
    let sealed = entry.keys.seal(&context, b"value").unwrap();
    let begun = Instant::now();
    vault.store(&NAME, &entry).unwrap();
    let stored = begun.elapsed();
    let begun = Instant::now();
    let loaded = vault.load(&NAME).unwrap();
    eprintln!("measured: store {stored:?}, load {:?}", begun.elapsed());
    assert_eq!(
        loaded.keys.open(&context, &sealed).unwrap().as_slice(),
        b"value"
    );
    assert_eq!(loaded.client_secret, entry.client_secret);

    // Another account's entry is another entry, and storing again replaces.
    let other = EntryName {
        account: Uuid::from_u128(3),
        ..NAME
    };
    vault.store(&other, &largest_entry()).unwrap();
    let plain = Entry {
        keys: entry.keys.clone(),
        client_secret: None,
    };
    vault.store(&NAME, &plain).unwrap();
    assert_eq!(vault.load(&NAME).unwrap().client_secret, None);

    vault.remove(&NAME).unwrap();
    assert!(matches!(
        vault.load(&NAME),
        Err(VaultError::NotFound { .. })
    ));
    assert!(matches!(
        vault.remove(&NAME),
        Err(VaultError::NotFound { .. })
    ));
    vault.load(&other).unwrap();

    let notes = KeyringNotes::shared().unwrap();
    assert_eq!(notes.note(NAME.workspace).unwrap(), None);
    notes.keep_note(NAME.workspace, "first").unwrap();
    notes.keep_note(NAME.workspace, "second").unwrap();
    assert_eq!(
        notes.note(NAME.workspace).unwrap().as_deref(),
        Some("second")
    );
}

fn locked() {
    let vault = KeyringVault::open_with_patience(Duration::from_secs(5)).unwrap();
    vault.store(&NAME, &largest_entry()).unwrap();
    let notes = KeyringNotes::shared().unwrap();
    notes.keep_note(NAME.workspace, "before").unwrap();
    let status = Command::new("dbus-send")
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
        ])
        .args([
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ])
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
    // A prompt that cannot be shown gives another reason.
    for error in [
        notes.note(NAME.workspace).unwrap_err(),
        notes.keep_note(NAME.workspace, "after").unwrap_err(),
        notes.note(Uuid::from_u128(9)).unwrap_err(),
    ] {
        assert!(
            matches!(&error, VaultError::Locked { detail } if detail == "nobody was asked to unlock it"),
            "{error:?}"
        );
    }
    // Nobody can answer the prompt here: either the keyring says so or it keeps silent; both count as locked.
    for error in [
        vault.load(&NAME).unwrap_err(),
        vault.store(&NAME, &largest_entry()).unwrap_err(),
        vault.remove(&NAME).unwrap_err(),
        vault.probe().unwrap_err(),
    ] {
        eprintln!("measured: {error:?}");
        assert_eq!(error.code(), "vault_locked", "{error:?}");
    }
}

fn bus_only() {
    let begun = Instant::now();
    let refused =
        KeyringVault::open_with_patience(Duration::from_secs(20)).and_then(|vault| vault.probe());
    let error = refused.unwrap_err();
    eprintln!("measured: {error:?} after {:?}", begun.elapsed());
    assert!(
        ["vault_unavailable", "vault_locked"].contains(&error.code()),
        "{error:?}"
    );
}

fn no_bus() {
    let error = KeyringVault::open().unwrap_err();
    eprintln!("measured: {error:?}");
    assert_eq!(error.code(), "vault_unavailable", "{error:?}");
    assert!(error.hint().contains("--vault passphrase"));
}
