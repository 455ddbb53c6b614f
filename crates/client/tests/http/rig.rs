//! An account on a server of the test's own.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use crosswalk_client::{
    AccountClient, Budgets, CallBuffer, CallContext, ClientError, Clock, Credential, HttpSettings,
    MemoryTokens, Profile, Share, SystemClock, TokenStore, Transport, Trust,
};
use crosswalk_connector::{Catalogue, Connector, Definition, Digest, GrantKind, Models};
use crosswalk_sandbox::RunningSandbox;
use crosswalk_vault::Secret;
use indexmap::IndexMap;
use serde_json::{Value, json};

/// Serves `router` on a loopback port until the test's runtime ends.
pub async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}

/// A connector with the given members over the usual ones. Tries follow each other in a millisecond.
pub fn definition(members: Value) -> Definition {
    let mut whole = json!({
        "format": 1, "name": "stub", "version": "1.0.0", "label": "Stub", "category": "test",
        "hosts": ["*.stub.example"],
        "config": [{"key": "instance_url", "label": "URL", "kind": "url"}],
        "auth": {"grants": [{"grant": "none"}]},
        "base_url": "{{config.instance_url}}",
        "retry": quick_retry(),
        "resources": {},
    });
    for (key, value) in members.as_object().unwrap() {
        whole[key] = value.clone();
    }
    let connector: Connector = serde_json::from_value(whole).unwrap();
    let digest = Digest::parse(&"0".repeat(64)).unwrap();
    Definition {
        connector,
        mappings: Vec::new(),
        samples: Vec::new(),
        models: Arc::new(Models::default()),
        built_in: false,
        digest: digest.clone(),
        trust_digest: digest,
    }
}

fn quick_retry() -> Value {
    json!({
        "rate_limited": {"attempts": 3, "first": "1ms", "max": "2ms"},
        "transient": {"attempts": 3, "first": "1ms", "max": "2ms"},
    })
}

/// The built-in connector of the stand-in instance, without its settle time and with quick tries.
pub fn built_in() -> Definition {
    let mut definition = Definition::clone(Catalogue::builtin().catalogue.get("coupa").unwrap());
    definition.connector.retry = serde_json::from_value(quick_retry()).unwrap();
    if let Some(token) = &mut definition.connector.auth.token {
        token.settle = None;
    }
    definition
}

/// What an account is made of; each test changes what it is about.
pub struct Rig {
    pub definition: Definition,
    pub grant: GrantKind,
    pub url: String,
    pub config: IndexMap<String, String>,
    pub credential: Credential,
    pub scopes: Vec<String>,
    pub confirmed_hosts: Vec<String>,
    pub share: Share,
    pub store: Arc<MemoryTokens>,
    pub clock: Arc<dyn Clock>,
    /// Fixed with the first client.
    pub settings: HttpSettings,
    transport: OnceLock<Transport>,
    pub budgets: Budgets,
    pub calls: Arc<CallBuffer>,
}

impl Rig {
    pub fn new(definition: Definition, grant: GrantKind, url: &str) -> Self {
        Self {
            definition,
            grant,
            url: url.to_owned(),
            config: IndexMap::new(),
            credential: Credential::new(),
            scopes: Vec::new(),
            confirmed_hosts: Vec::new(),
            share: Share::WHOLE,
            store: Arc::default(),
            clock: Arc::new(SystemClock),
            settings: HttpSettings::default(),
            transport: OnceLock::new(),
            budgets: Budgets::new(),
            calls: CallBuffer::new(),
        }
    }

    /// An account on the stand-in instance.
    pub fn on(sandbox: &RunningSandbox) -> Self {
        let mut rig = Self::new(built_in(), GrantKind::ClientCredentials, &sandbox.url());
        rig.secret("client_id", sandbox.client_id());
        rig.secret("client_secret", sandbox.client_secret());
        rig.scopes = vec![
            "core.invoice.read".to_owned(),
            "core.common.read".to_owned(),
        ];
        rig
    }

    pub fn secret(&mut self, name: &str, value: &str) {
        self.credential
            .insert(name.to_owned(), Secret::from(value.to_owned()));
    }

    fn config(&self) -> IndexMap<String, String> {
        let mut config = self.config.clone();
        config.insert("instance_url".to_owned(), self.url.clone());
        config
    }

    pub fn trust(&self) -> Result<Trust, ClientError> {
        Trust::establish(
            &self.definition,
            self.grant,
            &self.config(),
            &self.confirmed_hosts,
        )
    }

    pub fn profile(&self) -> Profile {
        Profile {
            account: "account-1".to_owned(),
            definition: Arc::new(self.definition.clone()),
            grant: self.grant,
            config: self.config(),
            credential: self.credential.clone(),
            scopes: self.scopes.clone(),
            trust: self.trust().unwrap(),
            share: self.share,
        }
    }

    /// Reading the machine's certificates takes its time in a debug build.
    pub fn transport(&self) -> &Transport {
        self.transport
            .get_or_init(|| Transport::new(self.settings.clone()).unwrap())
    }

    pub fn client_of(&self, profile: Profile) -> Result<AccountClient, ClientError> {
        let transport = self.transport();
        let store: Arc<dyn TokenStore> = self.store.clone();
        AccountClient::new(profile, transport, &self.budgets, store, self.clock.clone())
    }

    pub fn client(&self) -> AccountClient {
        self.client_of(self.profile()).unwrap()
    }

    pub fn context(&self) -> CallContext {
        CallContext::new(self.calls.clone())
    }
}
