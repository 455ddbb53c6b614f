//! The system's keyring behind `xwalk`: a real gnome-keyring on a session bus of its own, unlocked and then locked.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::instance::Instance;
use crate::support::workspace::{ACCOUNT, Workspace, binary};

/// An unlocked keyring, an account in it; then the keyring is locked and every use of its secrets has to say so.
const SCRIPT: &str = r#"
printf '\n' | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null || exit 90
xwalk() { "$XWALK" --json "$@"; }
xwalk tenant add acme >/dev/null </dev/null || exit 91
xwalk account add acme-test --tenant acme --connector standin --kind sandbox --set "instance_url=$URL" \
  --client-id "$CLIENT_ID" --scope "core.common.read core.invoice.read" --client-secret-stdin >/dev/null || exit 92
xwalk account test acme-test >/dev/null </dev/null || exit 93
dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
  org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null || exit 94
xwalk audit verify </dev/null >verify.out || exit 96
# At once, since each may wait a minute for somebody to unlock it.
ask() {
  xwalk "$@" </dev/null >"$1.out" 2>"$1.err"
  code=$?
  [ -s "$1.out" ] || cp "$1.err" "$1.out"
  echo "$code $(tr '\n' ' ' <"$1.out")" >"$1.answer"
}
ask account test acme-test & ask sync acme-test invoices & ask records acme-test invoices &
wait
cat account.answer sync.answer records.answer
tr '\n' ' ' <verify.out
# What needs no secret goes on.
xwalk tenant list >/dev/null </dev/null || exit 95
"#;

fn installed(program: &str) -> bool {
    ["/usr/bin", "/bin"]
        .iter()
        .any(|folder| Path::new(folder).join(program).is_file())
}

#[test]
fn a_locked_keyring_is_said_to_be_locked_and_never_waited_for_without_end() {
    for program in ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"] {
        if !installed(program) {
            eprintln!("skipped: {program} is not installed");
            return;
        }
    }
    let instance = Instance::start();
    let workspace = Workspace::new();
    let home = workspace.home();
    std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c", SCRIPT])
        .current_dir(home)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("XWALK", binary())
        .env("XWALK_WORKSPACE", workspace.folder())
        .env("XWALK_VAULT", "keyring")
        .env("URL", instance.url())
        .env("CLIENT_ID", &instance.manners().client_id);
    for folder in [
        "HOME",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
    ] {
        command.env(folder, home);
    }
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Only the command that asks for the secret reads it.
    let secret = instance.manners().client_secret.clone();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(secret.as_bytes())
        .unwrap();
    let done = child.wait_with_output().unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    assert!(done.status.success(), "{:?}\n{out}\n{err}", done.status);
    assert!(begun.elapsed() < Duration::from_mins(2), "it hung");
    let mut answers: Vec<&str> = out.lines().collect();
    assert_eq!(answers.len(), 4, "{out}\n{err}");
    // The anchor is in the keyring, and is not worth a prompt.
    let verdict: Value = serde_json::from_str(answers.remove(3)).unwrap();
    assert_eq!(verdict["ok"], true, "{verdict}");
    assert_eq!(verdict["anchored_seq"], Value::Null, "{verdict}");
    let note = verdict["notes"][0].as_str().unwrap();
    assert!(note.contains("nobody was asked to unlock it"), "{note}");
    for answer in answers {
        let (code, document) = answer.split_once(' ').unwrap();
        assert_eq!(code, "4", "{answer}");
        let start = document
            .find("{\"error\"")
            .unwrap_or_else(|| panic!("no error in {answer}"));
        let document: Value = serde_json::Deserializer::from_str(&document[start..])
            .into_iter()
            .next()
            .unwrap()
            .unwrap();
        assert_eq!(document["error"]["code"], "vault_locked", "{answer}");
        assert!(
            document["error"]["hint"].to_string().contains("nlock"),
            "{answer}"
        );
    }
    assert_eq!(ACCOUNT, "acme-test");
}
