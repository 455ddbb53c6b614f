//! What works on this machine, and what does not.

use crosswalk_vault::{KeyringVault, LockedMemory, ProcessGuard, VaultKind};
use crosswalk_workspace::{RunnerHolder, RunnerLease, integrity};

use crate::console::blocking;
use crate::views::DoctorCheck;
use crate::{Console, Fault, Options, counted};

fn check(name: &str, outcome: Result<String, Fault>) -> DoctorCheck {
    match outcome {
        Ok(message) => DoctorCheck {
            name: name.to_owned(),
            state: "ok".into(),
            message,
            hint: None,
        },
        Err(fault) => DoctorCheck {
            name: name.to_owned(),
            state: "failed".into(),
            message: fault.message,
            hint: fault.hint,
        },
    }
}

/// Like [`check`], for what a user can do without.
fn optional(name: &str, outcome: Result<String, Fault>) -> DoctorCheck {
    let mut checked = check(name, outcome);
    if checked.state == "failed" {
        checked.state = "warning".into();
    }
    checked
}

/// Looks at the workspace, the vault, the mapping worker, the network settings and the connectors. What cannot be
/// opened is reported, never an error of its own.
pub async fn doctor(options: Options) -> Vec<DoctorCheck> {
    let folder = options.folder.clone();
    if !folder.join("workspace.db").is_file() {
        let mut checks = vec![DoctorCheck {
            name: "workspace".into(),
            state: "skipped".into(),
            message: format!("there is none in {} yet", folder.display()),
            hint: Some("The first command that needs one creates it.".into()),
        }];
        checks.push(optional("keyring", keyring().await));
        checks.push(optional("notifications", notifications().await));
        return checks;
    }
    let console = match blocking(move || Console::open(options))
        .await
        .and_then(|opened| opened)
    {
        Ok(console) => console,
        Err(fault) => {
            return vec![
                check("workspace", Err(fault)),
                optional("keyring", keyring().await),
            ];
        }
    };
    console.examine().await
}

async fn keyring() -> Result<String, Fault> {
    blocking(|| KeyringVault::open().and_then(|vault| vault.probe())).await??;
    Ok("the operating system's keyring answers".to_owned())
}

/// What to do where nobody shows native notifications.
pub const NOTIFICATIONS_STEP: &str = if cfg!(all(unix, not(target_os = "macos"))) {
    "Alerts are in the console all the same; on a desktop start a notification service."
} else {
    "Alerts are in the console all the same; allow Crosswalk to notify in the system's settings."
};

/// Whether somebody shows native notifications here. On Windows and macOS the system does.
async fn notifications() -> Result<String, Fault> {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let server = blocking(notify_rust::get_server_information).await?;
        let server = server.map_err(|error| {
            Fault::failed(
                "no_notifications",
                format!("Nobody shows notifications here: {error}."),
                NOTIFICATIONS_STEP,
            )
        })?;
        Ok(format!("{} {} shows them", server.name, server.version))
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    Ok("the system shows them".to_owned())
}

/// What keeps the memory that secrets are in from others. Pure.
fn memory(guard: ProcessGuard, locked: LockedMemory) -> Result<String, Fault> {
    let mut lacks = Vec::new();
    if !guard.no_core_dumps {
        lacks.push("a crash may write secrets to disk");
    }
    if !guard.closed && cfg!(target_os = "linux") {
        lacks.push("your other programs can read this one's memory");
    }
    if locked.refused > 0 || cfg!(not(unix)) {
        lacks.push("keys may be swapped to disk");
    }
    if lacks.is_empty() {
        return Ok(format!(
            "no core dumps, and {} kept out of swap",
            counted(locked.pages, "page of secrets is", "pages of secrets are")
        ));
    }
    Err(Fault::failed(
        "memory_not_guarded",
        format!(
            "Secrets in memory are less guarded here: {}.",
            lacks.join(", ")
        ),
        "Encrypt the swap space; on Linux raise the limit of locked memory (ulimit -l).",
    ))
}

/// Who renews tokens, syncs and keeps house without being asked, as process `own` sees it. Nobody is no failure: the rest
/// works without. Pure.
fn planned_work(holder: RunnerHolder, own: u32) -> DoctorCheck {
    let (state, message, hint) = match holder {
        RunnerHolder::Process(process) if process == own => (
            "ok",
            "this program does what is planned in the workspace".to_owned(),
            None,
        ),
        RunnerHolder::Process(process) => (
            "ok",
            format!("process {process} does what is planned in the workspace"),
            None,
        ),
        RunnerHolder::Somebody => (
            "ok",
            "another process does what is planned in the workspace".to_owned(),
            None,
        ),
        RunnerHolder::Nobody => (
            "skipped",
            "nobody renews tokens or syncs by schedule now".to_owned(),
            Some("The window does while it or its tray icon runs, or `xwalk daemon`.".to_owned()),
        ),
    };
    DoctorCheck {
        name: "planned work".to_owned(),
        state: state.to_owned(),
        message,
        hint,
    }
}

impl Console {
    /// Looks at everything this console stands on, as [`doctor`] does for a workspace that is not open yet.
    pub async fn examine(&self) -> Vec<DoctorCheck> {
        let recorded = self.workspace().vault_kind().await.ok().flatten();
        let mut checks = vec![check("workspace", self.integrity().await)];
        checks.push(if recorded == Some(VaultKind::Passphrase) {
            optional("keyring", keyring().await)
        } else {
            check("keyring", keyring().await)
        });
        checks.push(check("vault", self.vault_works(recorded).await));
        checks.push(optional(
            "memory",
            memory(ProcessGuard::now(), LockedMemory::now()),
        ));
        checks.push(check("mapping worker", self.worker_works().await));
        checks.push(check("connectors", self.connectors_work()));
        checks.push(match self.runner_holder().await {
            Ok(holder) => planned_work(holder, std::process::id()),
            Err(fault) => optional("planned work", Err(fault)),
        });
        checks.push(optional("notifications", notifications().await));
        checks.push(check(
            "network settings",
            self.http_settings()
                .await
                .map(|settings| match settings.proxy {
                    Some(proxy) => format!("calls go through the proxy {}", proxy.url),
                    None => "calls go out directly".to_owned(),
                }),
        ));
        checks
    }

    async fn runner_holder(&self) -> Result<RunnerHolder, Fault> {
        let workspace = self.workspace().clone();
        Ok(blocking(move || RunnerLease::holder(&workspace)).await??)
    }

    async fn integrity(&self) -> Result<String, Fault> {
        let found = self.workspace().read(integrity::check).await?;
        if found.ok() {
            return Ok(format!(
                "sound, format {}, SQLite {}, audit chain of {} unbroken",
                found.format,
                found.sqlite,
                counted(found.audit.rows, "row", "rows")
            ));
        }
        let first = found
            .faults
            .first()
            .cloned()
            .unwrap_or_else(|| "the audit chain is broken".to_owned());
        Err(Fault::failed(
            "workspace_corrupt",
            format!("Damaged: {first}."),
            "Restore a backup: xwalk backup list, xwalk backup restore NAME.",
        ))
    }

    async fn vault_works(&self, recorded: Option<VaultKind>) -> Result<String, Fault> {
        match recorded {
            None => Ok("none chosen yet; the first account decides".to_owned()),
            Some(kind) => {
                let accounts = self
                    .workspace()
                    .read(crosswalk_workspace::account::list)
                    .await?;
                for account in &accounts {
                    self.entry(account).await?;
                }
                // Not how many: a customer may be looking on.
                Ok(format!("the {kind} vault holds the keys of every account"))
            }
        }
    }

    async fn worker_works(&self) -> Result<String, Fault> {
        let value = self.pool()?.evaluate_expr("$sum([1,2])", b"{}").await?;
        match value {
            Ok(Some(text)) if text == "3" => Ok("evaluates expressions".to_owned()),
            other => Err(Fault::failed(
                "worker_answer",
                format!("The mapping worker answered {other:?}."),
                "Install Crosswalk again.",
            )),
        }
    }

    fn connectors_work(&self) -> Result<String, Fault> {
        let loaded = self.loaded();
        match loaded.problems.first() {
            None => Ok(format!("{} at hand", loaded.catalogue.iter().count())),
            Some(problem) => Err(Fault::failed(
                "connector_broken",
                format!("{problem}"),
                "Check it: xwalk connector check PATH.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn who_does_what_is_planned_is_told() {
        for (holder, state, words) in [
            (RunnerHolder::Process(7), "ok", "this program does"),
            (RunnerHolder::Process(8), "ok", "process 8 does"),
            (RunnerHolder::Somebody, "ok", "another process does"),
            (RunnerHolder::Nobody, "skipped", "nobody renews"),
        ] {
            let told = planned_work(holder, 7);
            assert_eq!(told.state, state, "{holder:?}");
            assert!(told.message.contains(words), "{}", told.message);
            assert_eq!(told.hint.is_some(), holder == RunnerHolder::Nobody);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_memory_lacks_is_told() {
        let guard = |no_core_dumps, closed| ProcessGuard {
            no_core_dumps,
            closed,
        };
        let locked = |refused| LockedMemory { pages: 3, refused };
        for (guard, locked, words) in [
            (guard(true, true), locked(0), "3 pages"),
            (guard(false, true), locked(0), "a crash may write"),
            (guard(true, false), locked(0), "your other programs"),
            (guard(true, true), locked(1), "swapped"),
        ] {
            let told = match memory(guard, locked) {
                Ok(text) => text,
                Err(fault) => fault.message,
            };
            assert!(told.contains(words), "{told}");
        }
    }
}
