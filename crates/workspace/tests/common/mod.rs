#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests; each uses a part"
)]

use std::sync::Arc;

use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{self, Account, Kind, NewAccount, Purpose, Trust};
use crosswalk_workspace::page::{self, Page, PageOutcome};
use crosswalk_workspace::record::{NativeId, SealedRecord, Watermark};
use crosswalk_workspace::run::{self, Mode, NewRun, Run, Trigger, Usage};
use crosswalk_workspace::selection::{self, Selection, SelectionId};
use crosswalk_workspace::{OpenOptions, Origin, Result, SystemClock, Workspace, WriteTx, tenant};

pub fn options() -> OpenOptions {
    OpenOptions {
        create: true,
        origin: Origin {
            actor: "ada".into(),
            machine: "desk".into(),
            app_version: "0.0.0".into(),
        },
        clock: Arc::new(SystemClock),
    }
}

pub fn open(folder: &std::path::Path) -> Workspace {
    Workspace::open(folder, &options()).unwrap()
}

pub fn new_account(slug: &str, tenant: &str) -> NewAccount {
    NewAccount {
        slug: slug.into(),
        tenant: tenant.into(),
        connector: "demo".into(),
        kind: Kind::Sandbox,
        purpose: Purpose::Read,
        environment: None,
        grant: "client_credentials".into(),
        client_id: Some("id-1".into()),
        config: serde_json::Map::new(),
        scopes_asked: vec!["core.read".into()],
        trust: Trust {
            definition_digest: "d1".into(),
            ..Trust::default()
        },
    }
}

pub fn add_account(tx: &WriteTx<'_>, slug: &str) -> Result<Account> {
    if tenant::find(tx, "acme")?.is_none() {
        tenant::add(tx, "acme", "Acme", None)?;
    }
    account::add(tx, &new_account(slug, "acme"))
}

pub fn start_run(
    tx: &WriteTx<'_>,
    account: &Account,
    mode: Mode,
    selection: &Selection,
) -> Result<Run> {
    let selection = selection::intern(tx, selection)?;
    run::start(
        tx,
        &NewRun {
            account: account.uuid,
            resource: "invoices".into(),
            mode,
            trigger: Trigger::Manual,
            selection,
            definition_digest: "d1".into(),
        },
    )
}

pub fn sealed(
    keys: &AccountKeys,
    account: &Account,
    id: i64,
    watermark: Option<i64>,
    raw: &str,
) -> SealedRecord {
    let watermark = watermark.map(Watermark);
    SealedRecord::seal(
        keys,
        account.uuid,
        "invoices",
        NativeId::Integer(id),
        watermark,
        raw.as_bytes(),
    )
    .unwrap()
}

pub fn page(run: &Run, selection: SelectionId, records: Vec<SealedRecord>) -> Page {
    Page {
        run: run.uuid,
        selection,
        sample: false,
        records,
        errors: Vec::new(),
        checkpoint: None,
        calls: Vec::new(),
        usage: Usage::default(),
    }
}

pub fn commit(tx: &WriteTx<'_>, run: &Run, records: Vec<SealedRecord>) -> Result<PageOutcome> {
    page::commit(tx, &page(run, run.selection, records))
}
