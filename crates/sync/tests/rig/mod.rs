//! A workspace with one account on a running stand-in instance.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crosswalk_client::{
    AccountClient, Budgets, HttpSettings, MemoryTokens, Profile, Share, SystemClock, Transport,
    Trust,
};
use crosswalk_connector::{Catalogue, Definition, GrantKind};
use crosswalk_mapping::Lineage;
use crosswalk_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use crosswalk_sync::{
    ClientSource, Context, Fields, Mode, RunSummary, SyncError, SyncRequest, Trigger,
};
use crosswalk_vault::{
    AccountKeys, Entry, EntryName, KeyStretching, PassphraseVault, Secret, Vault,
};
use crosswalk_workspace::account::{self, Account, Kind, NewAccount, Purpose};
use crosswalk_workspace::record::{self, Shown};
use crosswalk_workspace::{OpenOptions, Workspace, tenant};
use indexmap::IndexMap;
use tokio_util::sync::CancellationToken;

pub struct Rig {
    pub folder: tempfile::TempDir,
    pub workspace: Workspace,
    pub account: Account,
    pub keys: AccountKeys,
    pub definition: Arc<Definition>,
    pub sandbox: RunningSandbox,
    pub budgets: Budgets,
    pub share: Share,
}

/// Where the provider is and how to sign in; what a child process needs besides the workspace.
#[derive(Clone)]
pub struct Door {
    pub url: String,
    pub client_id: String,
    pub client_secret: String,
    pub scopes: Vec<String>,
}

pub fn definition() -> Arc<Definition> {
    Arc::clone(Catalogue::builtin().catalogue.get("coupa").unwrap())
}

/// The same provider without its rate limit.
pub fn unlimited() -> Arc<Definition> {
    let mut definition = (*definition()).clone();
    definition.connector.rate_limit = crosswalk_connector::RateLimit::default();
    Arc::new(definition)
}

pub fn client(
    definition: &Arc<Definition>,
    door: &Door,
    budgets: &Budgets,
    share: Share,
) -> AccountClient {
    let config: IndexMap<String, String> = [("instance_url".to_owned(), door.url.clone())]
        .into_iter()
        .collect();
    let host = door.url.strip_prefix("http://").unwrap().to_owned();
    let grant = GrantKind::ClientCredentials;
    let trust = Trust::establish(definition, grant, &config, &[host]).unwrap();
    let profile = Profile {
        account: "acme-sandbox".to_owned(),
        definition: Arc::clone(definition),
        grant,
        config,
        credential: [
            ("client_id".to_owned(), Secret::from(door.client_id.clone())),
            (
                "client_secret".to_owned(),
                Secret::from(door.client_secret.clone()),
            ),
        ]
        .into_iter()
        .collect(),
        scopes: door.scopes.clone(),
        trust,
        share,
    };
    let transport = Transport::new(HttpSettings::default()).unwrap();
    AccountClient::new(
        profile,
        &transport,
        budgets,
        Arc::new(MemoryTokens::default()),
        Arc::new(SystemClock),
    )
    .unwrap()
}

/// The definition with no time to settle, since a test has none.
pub fn hurried(definition: &Arc<Definition>) -> Arc<Definition> {
    let mut definition = (**definition).clone();
    if let Some(token) = &mut definition.connector.auth.token {
        token.settle = Some(crosswalk_connector::Period::from_secs(0));
    }
    Arc::new(definition)
}

impl Rig {
    pub async fn new(config: SandboxConfig) -> Self {
        Self::with(config, &unlimited()).await
    }

    pub async fn with(config: SandboxConfig, definition: &Arc<Definition>) -> Self {
        Self::over(Sandbox::start(config).await.unwrap(), definition).await
    }

    pub async fn over(sandbox: RunningSandbox, definition: &Arc<Definition>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path(), &OpenOptions::new("test")).unwrap();
        let account = workspace
            .write(|tx| {
                tenant::add(tx, "acme", "Acme", None)?;
                account::add(
                    tx,
                    &NewAccount {
                        slug: "acme-sandbox".to_owned(),
                        tenant: "acme".to_owned(),
                        connector: "coupa".to_owned(),
                        kind: Kind::Sandbox,
                        purpose: Purpose::Read,
                        environment: None,
                        grant: "client_credentials".to_owned(),
                        client_id: None,
                        config: serde_json::Map::new(),
                        scopes_asked: Vec::new(),
                        trust: account::Trust::default(),
                    },
                )
            })
            .await
            .unwrap();
        Self {
            folder,
            workspace,
            account,
            keys: AccountKeys::generate().unwrap(),
            definition: hurried(definition),
            sandbox,
            budgets: Budgets::new(),
            share: Share::WHOLE,
        }
    }

    pub fn door(&self) -> Door {
        Door {
            url: self.sandbox.url(),
            client_id: self.sandbox.client_id().to_owned(),
            client_secret: self.sandbox.client_secret().to_owned(),
            scopes: self.sandbox.scopes().to_vec(),
        }
    }

    pub fn client(&self) -> AccountClient {
        client(&self.definition, &self.door(), &self.budgets, self.share)
    }

    pub fn context(&self, resource: &str) -> Context<ClientSource> {
        context(
            &self.workspace,
            &self.keys,
            &self.definition,
            self.client(),
            resource,
        )
    }

    pub async fn sync(&self, resource: &str, mode: Mode) -> Result<RunSummary, SyncError> {
        self.run(request(resource, mode)).await
    }

    pub async fn run(&self, request: SyncRequest) -> Result<RunSummary, SyncError> {
        let context = self.context(&request.resource);
        crosswalk_sync::run(request, context, None, CancellationToken::new()).await
    }

    /// A full run that asks for whole objects.
    pub async fn sync_all(&self, resource: &str) -> RunSummary {
        let request = SyncRequest {
            fields: Fields::All,
            ..request(resource, Mode::Full)
        };
        self.run(request).await.unwrap()
    }

    /// What is stored: the bytes of each record by its id.
    pub async fn stored(&self, resource: &str) -> BTreeMap<String, Vec<u8>> {
        stored(&self.workspace, &self.account, &self.keys, resource).await
    }

    /// The ids stored and not deleted, as the stand-in numbers them.
    pub async fn ids(&self, resource: &str) -> Vec<u64> {
        let mut ids: Vec<u64> = self
            .stored(resource)
            .await
            .keys()
            .map(|id| id.parse().unwrap())
            .collect();
        ids.sort_unstable();
        ids
    }
}

pub async fn stored(
    workspace: &Workspace,
    account: &Account,
    keys: &AccountKeys,
    resource: &str,
) -> BTreeMap<String, Vec<u8>> {
    let (account, keys, resource) = (account.uuid, keys.clone(), resource.to_owned());
    workspace
        .read(move |tx| {
            let records = record::page(tx, account, &resource, Shown::Present, None, u32::MAX)?;
            records
                .into_iter()
                .map(|stored| {
                    let body = stored.open(&keys, account, &resource)?.unwrap();
                    Ok((stored.native_id.to_string(), body.to_vec()))
                })
                .collect()
        })
        .await
        .unwrap()
}

pub fn context(
    workspace: &Workspace,
    keys: &AccountKeys,
    definition: &Arc<Definition>,
    client: AccountClient,
    resource: &str,
) -> Context<ClientSource> {
    Context {
        workspace: workspace.clone(),
        source: ClientSource::new(client, resource),
        definition: Arc::clone(definition),
        reads: reads(definition, resource),
        extras: Vec::new(),
        keys: keys.clone(),
        clock: Arc::new(SystemClock),
    }
}

/// What the connector's own mappings of a resource read.
pub fn reads(definition: &Definition, resource: &str) -> Option<Lineage> {
    let expressions = definition
        .mappings
        .iter()
        .filter(|mapping| mapping.resource == resource)
        .flat_map(|mapping| mapping.fields.values());
    expressions
        .map(|expression| Lineage::of(expression).unwrap())
        .reduce(|one, other| one.union(&other))
}

pub fn request(resource: &str, mode: Mode) -> SyncRequest {
    SyncRequest {
        account: "acme-sandbox".to_owned(),
        resource: resource.to_owned(),
        mode,
        pages: None,
        fields: Fields::Mapped,
        budget_percent: None,
        restart: false,
        resume: None,
        mark_exported: None,
        trigger: Trigger::Manual,
    }
}

/// Keys that a child process can read too.
pub fn shared_keys(folder: &Path, workspace: &Workspace, account: &Account) -> AccountKeys {
    let path = folder.join("test.vault");
    let passphrase = Secret::from("test".to_owned());
    let name = EntryName {
        workspace: workspace.id().uuid(),
        account: account.uuid.uuid(),
    };
    if path.exists() {
        return PassphraseVault::open(path, &passphrase)
            .unwrap()
            .load(&name)
            .unwrap()
            .keys;
    }
    let vault = PassphraseVault::create(path, &passphrase, KeyStretching::default()).unwrap();
    let keys = AccountKeys::generate().unwrap();
    vault
        .store(
            &name,
            &Entry {
                keys: keys.clone(),
                client_secret: None,
            },
        )
        .unwrap();
    keys
}

/// Retries without waiting: tests have no real seconds to spend.
pub fn impatient(definition: &mut Arc<Definition>) {
    let mut hasty = (**definition).clone();
    let now = crosswalk_connector::Period::from_secs(0);
    hasty.connector.retry.transient.first = now.clone();
    hasty.connector.retry.transient.max = now;
    *definition = Arc::new(hasty);
}

/// Lets the stand-in run through the faults still queued.
pub async fn drain(rig: &Rig) {
    let client = rig.client();
    let context = crosswalk_client::CallContext::new(crosswalk_client::CallBuffer::new());
    for _ in 0..200 {
        if client.read_probe("currencies", &context).await.is_ok() {
            return;
        }
    }
    panic!("the faults do not end");
}

/// Gives the account credentials for writing. The product never changes an account's purpose: another is added.
pub fn allow_writing(rig: &Rig) {
    let database = rig.workspace.folder().path().join("workspace.db");
    let changed = rusqlite::Connection::open(database)
        .unwrap()
        .execute("UPDATE account SET purpose = 'write'", [])
        .unwrap();
    assert_eq!(changed, 1);
}
