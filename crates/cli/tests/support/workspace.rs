//! A workspace in a temporary folder, and `xwalk` in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use super::connector_copy::ConnectorCopy;
use super::instance::Instance;
use super::outcome::Outcome;
use super::running::Running;

/// The passphrase of every test's vault.
pub const PASSPHRASE: &str = "correct horse battery staple, canary of the tests";

/// The account that `connect` makes.
pub const ACCOUNT: &str = "acme-test";

/// The binary under test: `XWALK_BIN`, else the one built along, in a folder of its own. Beside it a mapping worker of
/// an earlier build may stand, which `xwalk` would rightly refuse to work with.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(binary) = std::env::var_os("XWALK_BIN") {
            return PathBuf::from(binary);
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
        let (binary, fresh) = (
            folder.join("xwalk"),
            folder.join(std::process::id().to_string()),
        );
        fs::create_dir_all(&folder).unwrap();
        // Renamed into place, since another run of the tests may be using the one before.
        fs::copy(env!("CARGO_BIN_EXE_xwalk"), &fresh).unwrap();
        fs::rename(&fresh, &binary).unwrap();
        binary
    })
}

/// A workspace in a temporary folder. Its connector `standin` is the shipped one without real seconds in it.
pub struct Workspace {
    home: TempDir,
}

impl Workspace {
    /// A folder without a workspace in it, and nothing else either.
    pub fn bare() -> Self {
        Self {
            home: TempDir::new().unwrap(),
        }
    }

    /// With the connector `standin`.
    pub fn new() -> Self {
        Self::with(&ConnectorCopy::named("standin"))
    }

    pub fn with(connector: &ConnectorCopy) -> Self {
        let workspace = Self::bare();
        connector.write_below(&workspace.folder().join("connectors"));
        workspace
    }

    /// With the tenant `acme` and the account `acme-test`, tested and active.
    pub fn connected(instance: &Instance) -> Self {
        let workspace = Self::new();
        workspace.connect(instance);
        workspace
    }

    /// As `connected`, without a rate limit.
    pub fn connected_unlimited(instance: &Instance) -> Self {
        let workspace = Self::with(&ConnectorCopy::named("standin").unlimited());
        workspace.connect(instance);
        workspace
    }

    /// The workspace's folder.
    pub fn folder(&self) -> PathBuf {
        self.home.path().join("workspace")
    }

    /// The folder around it, for files of a test.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// `xwalk` with nothing of this machine in its environment but what a test wants.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.home.path())
            .env("XWALK_WORKSPACE", self.folder())
            .env("XWALK_VAULT", "passphrase")
            .env("XWALK_PASSPHRASE", PASSPHRASE);
        command
    }

    /// Starts `xwalk … --json`.
    pub fn start(&self, args: &[&str]) -> Running {
        self.start_with(args, b"")
    }

    /// Starts `xwalk … --json` with this on stdin.
    pub fn start_with(&self, args: &[&str], stdin: &[u8]) -> Running {
        let args = [args, &["--json"]].concat();
        Running::start(args.join(" "), self.command(&args), stdin)
    }

    /// Runs `xwalk … --json`.
    pub fn json(&self, args: &[&str]) -> Outcome {
        self.start(args).outcome()
    }

    /// Runs `xwalk … --json` with this on stdin.
    pub fn json_with(&self, args: &[&str], stdin: &[u8]) -> Outcome {
        self.start_with(args, stdin).outcome()
    }

    /// Runs `xwalk …` for a person.
    pub fn human(&self, args: &[&str]) -> Outcome {
        Running::start(args.join(" "), self.command(args), b"").outcome()
    }

    /// Adds the tenant `acme` and the account `acme-test`; further arguments come last.
    pub fn add_account(&self, instance: &Instance, more: &[&str]) -> Outcome {
        self.json(&["tenant", "add", "acme", "--name", "Acme"])
            .exits(0);
        self.add_account_to(&instance.url(), instance, more)
    }

    /// Adds the account `acme-test` at an address.
    pub fn add_account_to(&self, url: &str, instance: &Instance, more: &[&str]) -> Outcome {
        let (setting, manners) = (format!("instance_url={url}"), instance.manners());
        let args = [
            &[
                "account",
                "add",
                ACCOUNT,
                "--tenant",
                "acme",
                "--connector",
                "standin",
            ][..],
            &[
                "--kind",
                "sandbox",
                "--set",
                &setting,
                "--client-id",
                &manners.client_id,
            ],
            &["--client-secret-stdin"],
            more,
        ];
        self.json_with(&args.concat(), manners.client_secret.as_bytes())
    }

    /// Adds the account with the scopes of invoices and tests it.
    pub fn connect(&self, instance: &Instance) {
        self.add_account(instance, &["--scope", "core.common.read core.invoice.read"])
            .exits(0);
        self.json(&["account", "test", ACCOUNT]).exits(0);
    }

    /// Syncs a resource with the whole rate limit.
    pub fn sync(&self, resource: &str, more: &[&str]) -> Outcome {
        self.start_sync(resource, more).outcome()
    }

    /// Starts a sync with the whole rate limit.
    pub fn start_sync(&self, resource: &str, more: &[&str]) -> Running {
        self.start(&[&["sync", ACCOUNT, resource, "--budget", "100"], more].concat())
    }

    /// The records of a resource in a format.
    pub fn records(&self, resource: &str, format: &str) -> Vec<Value> {
        let outcome = self.json(&["records", ACCOUNT, resource, "--format", format]);
        outcome.exits(0).lines()
    }

    /// A pass over every file of the workspace.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.home.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(bytes) = fs::read(&path) {
                    found.push((path, bytes));
                }
            }
        }
        found
    }
}

/// The native ids of raw records.
pub fn ids(records: &[Value]) -> Vec<i64> {
    let id = |record: &Value| match &record["id"] {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_i64().unwrap(),
    };
    records.iter().map(id).collect()
}
