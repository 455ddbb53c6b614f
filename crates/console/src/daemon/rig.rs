//! A workspace at a stand-in instance, with a clock that tests move and a runner in their time.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::time::Duration;

use crosswalk_client::{CallBuffer, CallContext};
use crosswalk_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use crosswalk_vault::{Secret, VaultKind};
use crosswalk_workspace::account::{self, Status};
use crosswalk_workspace::{ManualClock, alert};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::Runner;
use crate::alerts::{ClockReading, Notice, Pace};
use crate::{ConnectionInput, Console, NewAccount, Options};

pub(super) struct Rig {
    _home: TempDir,
    pub(super) sandbox: RunningSandbox,
    pub(super) clock: Arc<ManualClock>,
    pub(super) console: Console,
    never: CancellationToken,
}

impl Rig {
    /// A workspace without accounts, at an instance of that kind.
    pub(super) async fn at(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let home = TempDir::new().unwrap();
        let start: Timestamp = "2028-02-28T20:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::new(start));
        let mut options = Options::new(home.path().join("workspace"));
        options.vault = Some(VaultKind::Passphrase);
        options.passphrase = Some(Arc::new(|_| Ok(Secret::from("a passphrase".to_owned()))));
        options.clock = Some(clock.clone());
        let console = Console::open(options).unwrap();
        console.add_tenant("acme", None, None).await.unwrap();
        Self {
            _home: home,
            sandbox,
            clock,
            console,
            never: CancellationToken::new(),
        }
    }

    /// A workspace with so many active accounts, each with a token obtained now.
    pub(super) async fn with(accounts: usize) -> Self {
        let rig = Self::at(SandboxConfig::for_tests()).await;
        for number in 0..accounts {
            rig.add(&format!("a{number:03}"), None).await;
        }
        stream::iter(0..accounts)
            .for_each_concurrent(16, |number| {
                let rig = &rig;
                async move {
                    let id = format!("a{number:03}");
                    rig.console.renew_token(&id, &rig.never).await.unwrap();
                }
            })
            .await;
        rig
    }

    /// Adds an active account that somebody signed in to on another device.
    pub(super) async fn sign_in(&self, id: &str) {
        self.add(id, Some("device_code")).await;
        let account = self.console.find_account(id).await.unwrap();
        let (client, _) = self.console.client(&account, None).await.unwrap();
        let context = CallContext::new(CallBuffer::new());
        let device = client.tokens().device_code(&context).await.unwrap();
        assert!(self.sandbox.approve_device(&device.code.user_code));
        let tokens = client.tokens();
        tokens.await_device(&device, &context).await.unwrap();
    }

    async fn add(&self, id: &str, grant: Option<&str>) {
        let connection = ConnectionInput {
            config: vec![("instance_url".to_owned(), self.sandbox.url())],
            client_id: Some(self.sandbox.client_id().to_owned()),
            client_secret: Some(Secret::from(self.sandbox.client_secret().to_owned())),
            scopes: Some("core.common.read".to_owned()),
            allowed_hosts: Vec::new(),
        };
        // The built-in one, which the stand-in instance stands in for.
        let loaded = self.console.loaded();
        let connector = loaded.catalogue.iter().next().unwrap();
        let connector = connector.connector.name.clone();
        let new = NewAccount {
            id: id.to_owned(),
            tenant: "acme".to_owned(),
            connector,
            kind: "sandbox",
            environment: None,
            grant: grant.map(str::to_owned),
            purpose: "read",
            connection,
        };
        self.console.add_account(new).await.unwrap();
        let id = id.to_owned();
        self.console
            .workspace()
            .write(move |tx| {
                let held = account::get(tx, &id)?;
                account::set_status(tx, held.uuid, Status::Active, Some("tested"))
            })
            .await
            .unwrap();
    }

    pub(super) fn runner(&self) -> Runner {
        let mut runner = Runner::start(self.console.clone()).unwrap().unwrap();
        // In order and apart as ever, in a test's time.
        runner.pace = Pace {
            at_one_instance: Duration::from_millis(2),
            at_all: Duration::from_millis(1),
        };
        runner
    }

    fn reading(&self, ran: u64) -> ClockReading {
        ClockReading {
            wall: self.console.now(),
            running: Duration::from_secs(ran),
        }
    }

    pub(super) async fn beat(&self, runner: &mut Runner, ran: u64) -> Vec<Notice> {
        runner.beat(self.reading(ran), &self.never).await.unwrap()
    }

    /// Where an account stands.
    pub(super) async fn status(&self, id: &str) -> Status {
        self.console.find_account(id).await.unwrap().status
    }

    /// The first open alert of one kind.
    pub(super) async fn alert(&self, kind: &str) -> alert::Alert {
        let mut open = self.open().await.into_iter();
        open.find(|alert| alert.kind == kind).unwrap()
    }

    pub(super) async fn open(&self) -> Vec<alert::Alert> {
        self.console.workspace().read(alert::open).await.unwrap()
    }
}
