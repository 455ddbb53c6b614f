//! What is in the workspace before the window opens, put there by the same use cases as the window's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crosswalk_console::{
    AccountView, ConnectionInput, Console, NewAccount, Options, OverrideChange, OverrideInput,
    OverrideTarget, RecordFormat, RecordQuery, RunView, Runner, Secret, SyncInput, TableChange,
    TableEdit, TableInput, VaultKind, WorkerCommand,
};
use crosswalk_sandbox::{Resource, RunningSandbox, Sandbox, SandboxConfig};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio_util::sync::CancellationToken;

use super::crowd;
use super::stage::program;

/// Opens the passphrase vault of every stage.
pub(crate) const PASSPHRASE: &str = "the show must go on";

/// What the showcase's first customer calls its cost centres.
const COST_CENTERS: &[(&str, &str)] = &[
    ("4100", "Head office"),
    ("4110", "Finance"),
    ("4120", "People"),
    ("4200", "Plant Bremen"),
    ("4210", "Plant Bremen, maintenance"),
    ("4300", "Plant Gdynia"),
    ("4310", "Plant Gdynia, packing"),
    ("4400", "Cold stores"),
    ("4500", "Fleet"),
    ("4510", "Fleet, leased"),
    ("4600", "Laboratory"),
    ("4700", "Retail"),
];

/// The workspace, opened from the side, and its folder.
#[derive(Clone)]
pub(crate) struct Seed(Console, PathBuf);

/// A customer with an instance of its own.
pub(crate) struct Customer {
    pub(crate) tenant: &'static str,
    pub(crate) name: &'static str,
    pub(crate) account: &'static str,
    /// `sandbox` or `production`.
    pub(crate) kind: &'static str,
    pub(crate) instance: SandboxConfig,
}

/// Where the page at an address sends its reader.
async fn redirect(url: &str) -> String {
    let client = Client::builder(TokioExecutor::new()).build_http::<String>();
    let answer = client.get(url.parse().unwrap()).await.unwrap();
    let leads_to = answer.headers().get("location").unwrap();
    leads_to.to_str().unwrap().to_owned()
}

impl Seed {
    pub(crate) fn open(folder: &Path) -> Self {
        let mut options = Options::new(folder.to_path_buf());
        options.vault = Some(VaultKind::Passphrase);
        options.passphrase = Some(Arc::new(|_| Ok(Secret::from(PASSPHRASE.to_owned()))));
        options.worker = Some(WorkerCommand::new(program("crosswalk-worker"), []));
        Self(Console::open(options).unwrap(), folder.to_path_buf())
    }

    /// Adds a tenant.
    pub(crate) async fn tenant(&self, id: &str, name: &str) {
        self.0.add_tenant(id, Some(name), Some("EU")).await.unwrap();
    }

    /// 500 accounts of 100 tenants, most of them at work for a while: a large team's workspace.
    pub(crate) async fn crowd(&self) {
        for number in 0..100 {
            let tenant = format!("tenant-{number:03}");
            self.tenant(&tenant, &format!("Tenant {number:03}")).await;
            for (name, kind) in [
                ("prod", "production"),
                ("prod-us", "production"),
                ("archive", "production"),
                ("test", "sandbox"),
                ("train", "sandbox"),
            ] {
                self.waiting_account(&tenant, &format!("{tenant}-{name}"), kind)
                    .await;
            }
        }
        crowd::live(&self.1).await;
    }

    /// A completed run of an account that sent so many requests, for `page=00001` and on; its id.
    pub(crate) async fn busy_run(&self, account: &str, requests: u32) -> String {
        crowd::busy_run(&self.1, account, requests).await
    }

    /// Customers as a team has them: in order, busy, broken in a way worth looking at, and one not connected yet.
    /// The same every time, but for what the clock says.
    pub(crate) async fn showcase(&self) -> Vec<RunningSandbox> {
        let instance = |seed, records| {
            SandboxConfig {
                seed,
                ..SandboxConfig::for_tests()
            }
            .with(Resource::Invoices, records)
        };
        let broken = SandboxConfig {
            narrow_scopes: true,
            extra_custom_fields: vec![
                ("charge-to-project".to_owned(), "PX-4471".to_owned()),
                ("plant".to_owned(), "Köln 2".to_owned()),
            ],
            ..instance(3, 120)
        }
        .without_scope("core.contract.read");
        let customers = [
            (
                "alder",
                "Alder Foods",
                "alder-prod",
                "production",
                instance(1, 240),
            ),
            (
                "basalt",
                "Basalt Works",
                "basalt-test",
                "sandbox",
                instance(2, 90),
            ),
            (
                "cobalt",
                "Cobalt Health",
                "cobalt-prod",
                "production",
                broken,
            ),
        ];
        // Settling after a token takes seconds each; they do it together.
        let mut connecting = Vec::new();
        for (tenant, name, account, kind, instance) in customers {
            let (seed, customer) = (
                self.clone(),
                Customer {
                    tenant,
                    name,
                    account,
                    kind,
                    instance,
                },
            );
            connecting.push(tokio::spawn(async move { seed.customer(customer).await }));
        }
        let mut instances = Vec::new();
        for one in connecting {
            instances.push(one.await.unwrap());
        }
        self.tenant("dune", "Dune Logistics").await;
        self.waiting_account("dune", "dune-test", "sandbox").await;
        for (account, resource, mode) in [
            ("alder-prod", "invoices", "test"),
            ("alder-prod", "invoices", "full"),
            ("alder-prod", "suppliers", "test"),
            ("basalt-test", "invoices", "test"),
            ("cobalt-prod", "invoices", "test"),
        ] {
            self.sync(account, resource, mode).await;
        }
        self.table("alder-prod", "cost_centers", COST_CENTERS).await;
        // The last customer's administrator gave the client another secret and told nobody.
        let cobalt = instances.last().unwrap();
        cobalt.rotate_secret().unwrap();
        cobalt.revoke_tokens();
        let refused = self.sync("cobalt-prod", "invoices", "test").await;
        assert_ne!(refused.status, "completed");
        // Coverage, which the window's own runner would count some time after it opened.
        let runner = Runner::start(self.0.clone()).unwrap();
        runner.unwrap().drain().await.unwrap();
        instances
    }

    /// Adds an account that waits for its credentials.
    pub(crate) async fn waiting_account(&self, tenant: &str, id: &str, kind: &'static str) {
        let connection = ConnectionInput {
            config: vec![(
                "instance_url".to_owned(),
                format!("https://{tenant}.coupahost.com"),
            )],
            ..ConnectionInput::default()
        };
        self.account(tenant, id, kind, connection).await;
    }

    async fn account(
        &self,
        tenant: &str,
        id: &str,
        kind: &'static str,
        connection: ConnectionInput,
    ) {
        let account = NewAccount {
            id: id.to_owned(),
            tenant: tenant.to_owned(),
            connector: "coupa".to_owned(),
            kind,
            environment: None,
            grant: None,
            purpose: "read",
            connection,
        };
        self.0.add_account(account).await.unwrap();
    }

    /// Starts the customer's instance, adds the tenant and its account, and connects it. The instance serves until
    /// what is returned is dropped.
    pub(crate) async fn customer(&self, customer: Customer) -> RunningSandbox {
        self.tenant(customer.tenant, customer.name).await;
        self.connects(customer).await
    }

    /// As [`Seed::customer`], for a further account of a tenant there is.
    pub(crate) async fn connects(&self, customer: Customer) -> RunningSandbox {
        let instance = Sandbox::start(customer.instance).await.unwrap();
        let connection = ConnectionInput {
            config: vec![("instance_url".to_owned(), instance.url())],
            client_id: Some(instance.client_id().to_owned()),
            client_secret: Some(Secret::from(instance.client_secret().to_owned())),
            ..ConnectionInput::default()
        };
        self.account(customer.tenant, customer.account, customer.kind, connection)
            .await;
        self.0
            .test_account(customer.account, &CancellationToken::new())
            .await
            .unwrap();
        instance
    }

    /// As [`Seed::customer`], for an account somebody signed in to with a browser. The instance says yes by itself.
    pub(crate) async fn signs_in(&self, customer: Customer) -> RunningSandbox {
        self.tenant(customer.tenant, customer.name).await;
        let instance = Sandbox::start(customer.instance).await.unwrap();
        let account = NewAccount {
            id: customer.account.to_owned(),
            tenant: customer.tenant.to_owned(),
            connector: "coupa".to_owned(),
            kind: customer.kind,
            environment: None,
            grant: Some("authorization_code".to_owned()),
            purpose: "read",
            connection: ConnectionInput {
                config: vec![("instance_url".to_owned(), instance.url())],
                client_id: Some(instance.client_id().to_owned()),
                client_secret: Some(Secret::from(instance.client_secret().to_owned())),
                ..ConnectionInput::default()
            },
        };
        self.0.add_account(account).await.unwrap();
        let begun = self.0.begin_sign_in(customer.account).await.unwrap();
        let leads_to = redirect(&begun.url).await;
        self.0.paste_redirect(customer.account, &leads_to).unwrap();
        let never = CancellationToken::new();
        let signed_in = self.0.await_sign_in(customer.account, &never).await;
        assert!(signed_in.unwrap().failure.is_none());
        instance
    }

    /// Changes a setting of the workspace.
    pub(crate) async fn setting(&self, key: &str, value: &str) {
        self.0.set_setting(key, Some(value)).await.unwrap();
    }

    /// An account as it stands.
    pub(crate) async fn account_view(&self, id: &str) -> AccountView {
        self.0.account(id).await.unwrap()
    }

    /// Syncs a resource of an account to its end, or to its failure.
    pub(crate) async fn sync(&self, account: &str, resource: &str, mode: &'static str) -> RunView {
        let input = SyncInput {
            account: account.to_owned(),
            resource: resource.to_owned(),
            mode,
            pages: None,
            budget_percent: Some(100),
            whole_objects: Some(true),
            restart: false,
            mark_exported: false,
            confirmation: None,
        };
        self.0
            .sync(input, |_| (), &CancellationToken::new())
            .await
            .unwrap()
            .run
    }

    /// Overrides a field of invoices for an account.
    pub(crate) async fn maps(&self, account: &str, field: &str, expression: &str, note: &str) {
        let input = OverrideInput {
            target: OverrideTarget {
                request: false,
                level: "account".to_owned(),
                scope: account.to_owned(),
                model: "procurement/invoice".to_owned(),
                resource: Some("invoices".to_owned()),
                field: field.to_owned(),
            },
            change: OverrideChange::Set {
                expression: expression.to_owned(),
                field_type: None,
            },
            note: Some(note.to_owned()),
            force: true,
        };
        self.0.override_field(input).await.unwrap();
    }

    /// Pins the first invoice of an account as it comes out now.
    pub(crate) async fn pins_first(&self, account: &str) {
        let invoice = self.unified(account, "invoices").await;
        let (id, model) = (invoice["id"].as_str().unwrap(), "procurement/invoice");
        let pinned = self.0.pin(account, model, Some("invoices"), id, None);
        pinned.await.unwrap();
    }

    /// Writes entries of a table of an account.
    pub(crate) async fn table(&self, account: &str, name: &str, entries: &[(&str, &str)]) {
        let changes = entries.iter().map(|(key, value)| TableChange {
            key: (*key).to_owned(),
            value: Some((*value).to_owned()),
        });
        let input = TableInput {
            level: "account".to_owned(),
            scope: account.to_owned(),
            name: name.to_owned(),
            edit: TableEdit::Change(changes.collect()),
            note: Some("from the customer's list".to_owned()),
            dry_run: false,
        };
        self.0.change_table(input).await.unwrap();
    }

    /// The first stored record of a resource as its model sees it.
    pub(crate) async fn unified(&self, account: &str, resource: &str) -> serde_json::Value {
        let query = RecordQuery {
            account: account.to_owned(),
            resource: resource.to_owned(),
            format: RecordFormat::Unified,
            native_id: None,
            limit: Some(1),
        };
        let mut records = self.0.records(query).await.unwrap();
        let line = records.next().await.unwrap().unwrap().remove(0);
        serde_json::from_slice(&line).unwrap()
    }

    /// The runs of a resource, newest first.
    pub(crate) async fn runs(&self, account: &str, resource: &str) -> Vec<RunView> {
        self.0.runs(account, Some(resource), 20).await.unwrap()
    }

    /// How many records of a resource are stored.
    pub(crate) async fn stored(&self, account: &str, resource: &str) -> u64 {
        let resources = self.0.resources(account).await.unwrap();
        let row = resources.iter().find(|row| row.key == resource).unwrap();
        row.stored
    }
}
