//! The passphrase vault on a real file system, with real processes.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use crosswalk_vault::{
    AccountKeys, Entry, EntryName, KeyStretching, PassphraseVault, SealContext, Secret,
    VAULT_FILE_NAME, Vault, VaultError, VaultKind,
};
use tempfile::{TempDir, tempdir};
use uuid::Uuid;

#[path = "../../../tests/support/mutation.rs"]
mod mutation;

const WRITER: &str = "CROSSWALK_TEST_VAULT_WRITER";
const WORKSPACE: Uuid = Uuid::from_u128(1);

fn passphrase() -> Secret {
    Secret::from("correct horse battery".to_owned())
}

fn name(account: u128) -> EntryName {
    EntryName {
        workspace: WORKSPACE,
        account: Uuid::from_u128(account),
    }
}

fn entry() -> Entry {
    Entry {
        keys: AccountKeys::generate().unwrap(),
        client_secret: Some(Secret::from("client secret".to_owned())),
    }
}

fn new_vault() -> (TempDir, PassphraseVault) {
    let folder = tempdir().unwrap();
    let path = folder.path().join(VAULT_FILE_NAME);
    let vault = PassphraseVault::create(path, &passphrase(), KeyStretching::default()).unwrap();
    (folder, vault)
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|found| found.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn entries_outlive_the_process_that_stored_them() {
    let (_folder, vault) = new_vault();
    assert_eq!(vault.kind(), VaultKind::Passphrase);
    let context = SealContext {
        account: name(1).account,
        table: "records",
        row: b"1",
    };
    let stored = entry();
    let sealed = stored.keys.seal(&context, b"value").unwrap();
    vault.store(&name(1), &stored).unwrap();
    vault.store(&name(2), &entry()).unwrap();

    let again = PassphraseVault::open(vault.path(), &passphrase()).unwrap();
    let loaded = again.load(&name(1)).unwrap();
    assert_eq!(
        loaded.keys.open(&context, &sealed).unwrap().as_slice(),
        b"value"
    );
    assert_eq!(loaded.client_secret, stored.client_secret);
    assert_eq!(again.names().unwrap(), [name(1), name(2)]);

    again.remove(&name(1)).unwrap();
    assert!(matches!(
        vault.load(&name(1)),
        Err(VaultError::NotFound {
            kind: VaultKind::Passphrase,
            ..
        })
    ));
    assert!(matches!(
        vault.remove(&name(1)),
        Err(VaultError::NotFound { .. })
    ));
    vault.load(&name(2)).unwrap();
}

#[test]
fn nothing_is_made_or_overwritten_unasked() {
    let (folder, vault) = new_vault();
    vault.store(&name(1), &entry()).unwrap();
    let again = PassphraseVault::create(vault.path(), &passphrase(), KeyStretching::default());
    assert_eq!(again.unwrap_err().code(), "vault_exists");
    vault.load(&name(1)).unwrap();

    let elsewhere = folder.path().join("elsewhere.xwv");
    assert_eq!(
        PassphraseVault::open(&elsewhere, &passphrase())
            .unwrap_err()
            .code(),
        "vault_missing"
    );
    assert!(!elsewhere.exists());
    let empty = PassphraseVault::create(&elsewhere, &Secret::default(), KeyStretching::default());
    assert_eq!(empty.unwrap_err().code(), "vault_empty_passphrase");
    assert!(!elsewhere.exists());
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_told_apart() {
    let (_folder, vault) = new_vault();
    vault.store(&name(1), &entry()).unwrap();
    let code = |error: VaultError| (error.code(), error.hint().is_empty());
    let wrong = PassphraseVault::open(vault.path(), &Secret::from("correct horse".to_owned()));
    assert_eq!(code(wrong.unwrap_err()), ("vault_wrong_passphrase", false));

    let whole = fs::read(vault.path()).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for (contents, expected) in [
        (damaged, "vault_corrupt"),
        (whole[..40].to_vec(), "vault_corrupt"),
        (whole[..whole.len() - 1].to_vec(), "vault_corrupt"),
        (Vec::new(), "vault_corrupt"),
        (b"not a vault at all".to_vec(), "vault_corrupt"),
    ] {
        fs::write(vault.path(), &contents).unwrap();
        let opened = PassphraseVault::open(vault.path(), &passphrase());
        assert_eq!(code(opened.unwrap_err()), (expected, false));
        // An open vault notices too, and does not write over what it cannot read.
        assert_eq!(vault.load(&name(1)).unwrap_err().code(), expected);
        assert_eq!(
            vault.store(&name(2), &entry()).unwrap_err().code(),
            expected
        );
        assert_eq!(fs::read(vault.path()).unwrap(), contents);
    }
    fs::write(vault.path(), whole).unwrap();
    vault.load(&name(1)).unwrap();
}

#[test]
fn another_vault_s_file_in_its_place_is_not_written_to() {
    let (_folder, vault) = new_vault();
    let (_other_folder, other) = new_vault();
    fs::copy(other.path(), vault.path()).unwrap();
    assert_eq!(vault.load(&name(1)).unwrap_err().code(), "vault_replaced");
    assert_eq!(
        vault.store(&name(1), &entry()).unwrap_err().code(),
        "vault_replaced"
    );
}

#[test]
fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
    let (folder, vault) = new_vault();
    vault.store(&name(1), &entry()).unwrap();
    let before = fs::read(vault.path()).unwrap();
    // A folder where the temporary file would go stands for every way in which writing it can fail.
    let obstacle = folder.path().join("vault.xwv.new");
    fs::create_dir(&obstacle).unwrap();
    assert_eq!(
        vault.store(&name(2), &entry()).unwrap_err().code(),
        "vault_io"
    );
    assert_eq!(vault.remove(&name(1)).unwrap_err().code(), "vault_io");
    assert_eq!(fs::read(vault.path()).unwrap(), before);

    fs::remove_dir(&obstacle).unwrap();
    // What a killed process leaves behind is in nobody's way.
    fs::write(&obstacle, b"half a file").unwrap();
    vault.store(&name(2), &entry()).unwrap();
    assert_eq!(names_in(folder.path()), ["vault.xwv", "vault.xwv.lock"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it_and_no_link_is_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, vault) = new_vault();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(vault.path()), 0o600);
    let precious = folder.path().join("precious");
    fs::write(&precious, b"precious").unwrap();
    symlink(&precious, folder.path().join("vault.xwv.new")).unwrap();
    vault.store(&name(1), &entry()).unwrap();
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    assert_eq!(mode(vault.path()), 0o600);
}

#[test]
fn no_secret_is_in_the_file_in_clear() {
    let (_folder, vault) = new_vault();
    vault.store(&name(1), &entry()).unwrap();
    let file = fs::read(vault.path()).unwrap();
    for hidden in [
        &b"client secret"[..],
        b"correct horse",
        WORKSPACE.as_bytes(),
    ] {
        assert!(!file.windows(hidden.len()).any(|window| window == hidden));
    }
    assert!(!format!("{vault:?}").contains("horse"));
}

/// What version 1 wrote stays readable: the vault file's format, the entry's and the sealed value's.
#[test]
fn what_version_1_wrote_still_opens() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let vault = PassphraseVault::open(fixtures.join("format-1.xwv"), &passphrase()).unwrap();
    let entry = vault.load(&name(1)).unwrap();
    assert_eq!(entry.client_secret.unwrap().expose(), "client secret");
    assert_eq!(entry.keys.retired().count(), 1);
    let context = SealContext {
        account: name(1).account,
        table: "records",
        row: b"1",
    };
    for file in ["format-1.stored", "format-1.zstd"] {
        let sealed = fs::read(fixtures.join(file)).unwrap();
        let value = if file.ends_with("zstd") {
            "crosswalk ".repeat(40)
        } else {
            "crosswalk".to_owned()
        };
        assert_eq!(
            entry.keys.open(&context, &sealed).unwrap().as_slice(),
            value.as_bytes()
        );
    }
}

/// Starts [`writer`] in a process of its own.
fn start_writer(first: u128, entries: u128, vault: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture"])
        .env(WRITER, format!("{first}:{entries}:{}", vault.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn processes_that_write_at_once_lose_nothing() {
    let (_folder, vault) = new_vault();
    let writers: Vec<Child> = (1..=4)
        .map(|writer| start_writer(writer * 100, 6, vault.path()))
        .collect();
    for writer in writers {
        assert!(writer.wait_with_output().unwrap().status.success());
    }
    let expected: Vec<EntryName> = (1..=4)
        .flat_map(|writer| (0..6).map(move |at| name(writer * 100 + at)))
        .collect();
    assert_eq!(vault.names().unwrap(), expected);
}

#[test]
fn a_process_killed_while_it_writes_loses_nothing_it_had_stored() {
    let (_folder, vault) = new_vault();
    for (round, wanted) in [(1, 1), (2, 4), (3, 2), (4, 7), (5, 3)] {
        let mut writer = start_writer(round * 1000, 900, vault.path());
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let stored: Vec<u128> = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("stored ")?.parse().ok())
            .take(wanted)
            .collect();
        // It is about to write the next one, or amid it.
        writer.kill().unwrap();
        writer.wait().unwrap();
        assert_eq!(stored.len(), wanted);
        let vault = PassphraseVault::open(vault.path(), &passphrase()).unwrap();
        for account in stored {
            vault.load(&name(account)).unwrap();
        }
        vault.store(&name(round), &entry()).unwrap();
    }
}

/// Not a test by itself: a process that stores entries and tells when each is stored.
#[test]
fn writer() {
    let Ok(task) = env::var(WRITER) else { return };
    let mut parts = task.splitn(3, ':');
    let mut number = || parts.next().unwrap().parse::<u128>().unwrap();
    let (first, entries) = (number(), number());
    let path = PathBuf::from(parts.next().unwrap());
    let vault = PassphraseVault::open(path, &passphrase()).unwrap();
    println!();
    for account in first..first + entries {
        vault.store(&name(account), &entry()).unwrap();
        println!("stored {account}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 100, failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]

    /// A vault file from elsewhere neither takes the memory nor the time of whoever tries to open it.
    #[test]
    fn any_vault_file(bytes in mutation::mutated(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"))) {
        let folder = tempdir().unwrap();
        let path = folder.path().join(VAULT_FILE_NAME);
        fs::write(&path, &bytes).unwrap();
        let opened = mutation::bounded(|| PassphraseVault::open(&path, &passphrase()));
        if let Err(error) = opened {
            assert!(!error.hint().is_empty() && !error.code().is_empty());
        }
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}
