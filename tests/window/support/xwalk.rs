//! `xwalk` beside the window, on the same workspace.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::{Child, Command};

use super::seed::PASSPHRASE;
use super::stage::program;

/// How long a command may take while others use the machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Runs `xwalk` on a stage's workspace, with nothing of this machine in its environment.
#[derive(Clone)]
pub(crate) struct Xwalk {
    pub(super) home: PathBuf,
    pub(super) workspace: PathBuf,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<std::process::Output> for Ended {
    fn from(output: std::process::Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

impl Ended {
    /// It worked, and was never told that another program keeps it waiting.
    #[track_caller]
    pub(crate) fn well(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        for word in ["busy", "locked", "panicked"] {
            assert!(!self.stderr.contains(word), "{self:?}");
        }
        self
    }
}

impl Xwalk {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program("xwalk"));
        command
            .args(args)
            .arg("--json")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &self.home)
            .env("XWALK_WORKSPACE", &self.workspace)
            .env("XWALK_VAULT", "passphrase")
            .env("XWALK_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn runs(&self, args: &[&str]) -> Ended {
        let mut command = self.command(args);
        let ended = tokio::time::timeout(PATIENCE, command.output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("xwalk {} does not end", args.join(" ")));
        ended.unwrap().into()
    }

    /// What a command that works prints.
    pub(crate) async fn prints(&self, args: &[&str]) -> Value {
        let ended = self.runs(args).await;
        serde_json::from_str(&ended.well().stdout)
            .unwrap_or_else(|error| panic!("xwalk {}: {error}: {ended:?}", args.join(" ")))
    }

    /// Waits until `xwalk doctor` says in these words who does what is planned in the workspace.
    pub(crate) async fn sees_runner(&self, words: &str) {
        let waiting = async {
            while !self.planned_work().await.contains(words) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(seen.is_ok(), "nobody is {words:?}");
    }

    async fn planned_work(&self) -> String {
        let ended = self.runs(&["doctor"]).await;
        let checks: Vec<Value> = serde_json::from_str(&ended.stdout).unwrap();
        let check = checks.iter().find(|check| check["name"] == "planned work");
        check.unwrap()["message"].as_str().unwrap().to_owned()
    }

    /// Starts `xwalk daemon`, and waits until it does what is planned.
    pub(crate) async fn daemon(&self) -> Daemon {
        let mut command = self.command(&["daemon"]);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let pid = child.id().unwrap();
        self.sees_runner(&format!("process {pid} does")).await;
        Daemon { pid, child }
    }
}

/// A daemon that runs. Killed where a story fails.
pub(crate) struct Daemon {
    pub(crate) pid: u32,
    child: Child,
}

impl Daemon {
    /// Asks it to end, as a service manager does, and waits until it has.
    pub(crate) async fn ends(self) -> Ended {
        let mut kill = Command::new("kill");
        kill.args(["-TERM", &self.pid.to_string()]);
        assert!(kill.status().await.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait_with_output()).await;
        ended.expect("the daemon ends").unwrap().into()
    }
}
