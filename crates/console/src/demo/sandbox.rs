//! The sandbox inside the window: stand-in instances for three tenants of the user's own workspace, one of them broken in
//! a way worth looking at. They run as long as the program does, and come back at the same addresses when it is opened
//! again.

use crosswalk_sandbox::{Credentials, RunningSandbox, Sandbox, SandboxConfig, demo_configs};
use crosswalk_vault::Secret;
use crosswalk_workspace::account::{Account, Kind};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::accounts::{ConnectionInput, NewAccount};
use crate::connect::connection::texts;
use crate::views::{DemoSandbox, DemoTenants, TestReport};
use crate::{Console, Fault};

/// The same customers with the same records every time.
const SEED: u64 = 1;

/// The setting of the connection form that holds an instance's address.
const ADDRESS: &str = "instance_url";

/// The stand-in instances that run in this program.
pub(crate) type Running = Vec<(&'static str, RunningSandbox)>;

fn account_of(key: &str) -> String {
    format!("{key}-sandbox")
}

/// The port of a stand-in's address; none for any other address.
fn port(address: &str) -> Option<u16> {
    let url = Url::parse(address).ok()?;
    (url.scheme() == "http" && url.host_str() == Some("127.0.0.1"))
        .then(|| url.port())
        .flatten()
}

/// The port of the stand-in an account is connected to.
fn port_of(account: &Account) -> Option<u16> {
    let config = texts(&account.config);
    config
        .get(ADDRESS)
        .and_then(|address| port(address))
        .filter(|_| account.kind == Kind::Sandbox)
}

/// What becomes of a stand-in that is to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Keep,
    /// Its account is connected to something else.
    Refuse,
    Start,
}

/// By whether it runs, and whether its account is there. Pure.
fn turn(runs: bool, connected: bool) -> Turn {
    match (runs, connected) {
        (true, true) => Turn::Keep,
        (false, true) => Turn::Refuse,
        // Where one still runs its account was removed, and with it what let anybody in: another takes its place.
        (_, false) => Turn::Start,
    }
}

/// Whether a test found something to mend: an account that lacks one scope of many is active all the same.
fn is_broken(report: &TestReport) -> bool {
    report.error.is_some() || !report.missing_scopes.is_empty()
}

async fn serve(config: SandboxConfig) -> Result<RunningSandbox, Fault> {
    Sandbox::start(config).await.map_err(|error| {
        Fault::failed(
            "sandbox_failed",
            format!("The sandbox cannot be started: {error}."),
            "Look whether another program refuses local connections, then try again.",
        )
    })
}

impl Console {
    /// Starts the stand-in instances, adds their tenants and accounts where they are not there yet, and connects them.
    /// `connector` is the one they stand in for.
    ///
    /// # Errors
    /// `sandbox_failed`, `already_exists` when an account of the same name is connected elsewhere, and what keeps the
    /// vault from opening.
    pub async fn start_demo_sandbox(&self, connector: &str) -> Result<DemoTenants, Fault> {
        self.resume_demo_sandbox().await?;
        let mut started = DemoTenants {
            tenants: Vec::new(),
            accounts: Vec::new(),
            broken: None,
        };
        let mut running = self.shared.demo.lock().await;
        for (key, label, note, config) in demo_configs(SEED) {
            let id = account_of(key);
            started.tenants.push(key.to_owned());
            started.accounts.push(id.clone());
            let runs = running.iter().any(|(held, _)| *held == key);
            match turn(runs, self.account(&id).await.is_ok()) {
                Turn::Keep => continue,
                Turn::Refuse => {
                    return Err(Fault::invalid(
                        "already_exists",
                        format!("The account {id} exists and is connected elsewhere."),
                        "Remove it or give it another id, then try again.",
                    ));
                }
                Turn::Start => running.retain(|(held, _)| *held != key),
            }
            let instance = serve(config).await?;
            if !self.tenants().await?.iter().any(|tenant| tenant.id == key) {
                self.add_tenant(key, Some(label), None).await?;
                let changes = crate::views::TenantChanges {
                    notes: Some(note.to_owned()),
                    ..crate::views::TenantChanges::default()
                };
                self.update_tenant(key, changes).await?;
            }
            self.add_account(NewAccount {
                id,
                tenant: key.to_owned(),
                connector: connector.to_owned(),
                kind: "sandbox",
                environment: None,
                grant: None,
                purpose: "read",
                connection: ConnectionInput {
                    config: vec![(ADDRESS.to_owned(), instance.url())],
                    client_id: Some(instance.client_id().to_owned()),
                    client_secret: Some(Secret::from(instance.client_secret().to_owned())),
                    ..ConnectionInput::default()
                },
            })
            .await?;
            running.push((key, instance));
        }
        drop(running);
        let stop = CancellationToken::new();
        let tested = started
            .accounts
            .iter()
            .map(|account| self.test_account(account, &stop));
        let outcomes = join_all(tested).await;
        for (account, outcome) in started.accounts.iter().zip(outcomes) {
            let report = outcome?.report;
            if started.broken.is_none() && is_broken(&report) {
                started.broken = Some(account.clone());
            }
        }
        Ok(started)
    }

    /// Starts the stand-in instances whose accounts are in the workspace, at the addresses they had; an address that was
    /// taken meanwhile is replaced. Without such accounts nothing is opened.
    ///
    /// # Errors
    /// `sandbox_failed`, and what keeps the vault from opening.
    pub async fn resume_demo_sandbox(&self) -> Result<(), Fault> {
        let mut running = self.shared.demo.lock().await;
        for (key, _, _, mut config) in demo_configs(SEED) {
            if running.iter().any(|(held, _)| *held == key) {
                continue;
            }
            let Ok(account) = self.find_account(&account_of(key)).await else {
                continue;
            };
            let Some(port) = port_of(&account) else {
                continue;
            };
            let entry = self.entry(&account).await?;
            let credential = self.credential(&account, &entry).await?;
            config.port = port;
            config.credentials = credential
                .get("client_secret")
                .zip(account.client_id.clone())
                .map(|(secret, client_id)| Credentials {
                    client_id,
                    client_secret: secret.expose().to_owned(),
                });
            let instance = match serve(config.clone()).await {
                Ok(instance) => instance,
                Err(fault) => {
                    tracing::info!(
                        code = fault.code,
                        "a stand-in instance moves to another port"
                    );
                    config.port = 0;
                    let moved = serve(config).await?;
                    let input = ConnectionInput {
                        config: vec![(ADDRESS.to_owned(), moved.url())],
                        ..ConnectionInput::default()
                    };
                    self.update_account(&account.slug, input, false).await?;
                    moved
                }
            };
            running.push((key, instance));
        }
        Ok(())
    }

    /// Whether stand-in instances run here; none where no account is connected to one.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn demo_sandbox(&self) -> Result<Option<DemoSandbox>, Fault> {
        let running = self.shared.demo.lock().await;
        if let Some((_, first)) = running.first() {
            return Ok(Some(DemoSandbox {
                running: true,
                url: Some(first.url()),
            }));
        }
        let known: Vec<String> = demo_configs(SEED)
            .iter()
            .map(|(key, ..)| account_of(key))
            .collect();
        let accounts = self.account_summaries().await?;
        let any = accounts.iter().any(|account| known.contains(&account.id));
        Ok(any.then_some(DemoSandbox {
            running: false,
            url: None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_whose_account_was_removed_starts_anew() {
        for (runs, connected, expected) in [
            (false, false, Turn::Start),
            (true, true, Turn::Keep),
            (false, true, Turn::Refuse),
            (true, false, Turn::Start),
        ] {
            assert_eq!(turn(runs, connected), expected, "{runs} {connected}");
        }
    }

    #[test]
    fn an_account_that_lacks_one_scope_is_broken() {
        let report = |missing: &[&str]| TestReport {
            status: "active".to_owned(),
            steps: Vec::new(),
            missing_scopes: missing.iter().map(ToString::to_string).collect(),
            error: None,
        };
        assert!(!is_broken(&report(&[])));
        assert!(is_broken(&report(&["core.contract.read"])));
    }

    #[test]
    fn only_addresses_on_this_machine_are_a_stand_in() {
        for (address, expected) in [
            ("http://127.0.0.1:4711", Some(4711)),
            ("http://127.0.0.1", None),
            ("https://127.0.0.1:4711", None),
            ("http://127.0.0.2:4711", None),
            ("https://acme.example.com", None),
            ("nonsense", None),
        ] {
            assert_eq!(port(address), expected, "{address}");
        }
    }
}
