//! What the accounts of a large team's workspace have gone through, written down without any of them being connected.

use std::path::Path;
use std::time::Duration;

use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::alert::{self, kind};
use crosswalk_workspace::audit::Call;
use crosswalk_workspace::figures::{self, Coverage};
use crosswalk_workspace::page::{self, Page, PageError};
use crosswalk_workspace::record::{NativeId, SealedRecord};
use crosswalk_workspace::run::{self, Mode, NewRun, Run, RunFault, Severity, Trigger, Usage};
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::token::{self, Clocks};
use crosswalk_workspace::{OpenOptions, Result, Workspace, WriteTx};
use jiff::SignedDuration;

const fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// Gives most accounts clocks, runs, records, coverage and calls, and some of them alerts, all in one transaction. The
/// same every time, but for what the clock says. No token falls due for hours: nothing is asked of any provider.
pub(super) async fn live(folder: &Path) {
    let workspace = Workspace::open(folder, &OpenOptions::new("crowd")).unwrap();
    let lived = workspace.write(|tx| {
        for (number, account) in (0..).zip(account::list(tx)?) {
            // One in twenty-five still waits for its credentials.
            if number % 25 != 13 {
                one(tx, number, &account)?;
            }
        }
        Ok(())
    });
    lived.await.unwrap();
}

fn one(tx: &WriteTx<'_>, number: u32, account: &Account) -> Result<()> {
    let uuid = account.uuid;
    account::set_status(tx, uuid, Status::Active, Some("tested"))?;
    token::save(tx, uuid, b"nobody opens it", &clocks(tx, number))?;
    let invoices = u64::from(10 + number % 20);
    let unreadable = u32::from(number % 6 == 2);
    let mut records = synced(tx, number, account, "invoices", invoices, unreadable)?;
    if number.is_multiple_of(2) {
        records += synced(tx, number, account, "suppliers", 5, 0)?;
    }
    account::record_success(tx, uuid)?;
    match number % 25 {
        0 => {
            let (message, hint) = (
                "the provider no longer takes this account's credentials",
                "Ask the customer's administrator for a new secret.",
            );
            account::set_status(tx, uuid, Status::NeedsReauth, Some(message))?;
            alert::raise(tx, uuid, kind::NEEDS_REAUTH, message, Some(hint))?;
        }
        7 => {
            for _ in 0..account::Health::UNHEALTHY_AFTER {
                failed(tx, account)?;
            }
            let message = "3 runs in a row failed, the last of purchase_orders";
            alert::raise(
                tx,
                uuid,
                kind::FAILED_RUNS,
                message,
                Some("Look at the run."),
            )?;
        }
        last if last % 5 == 1 => failed(tx, account)?,
        _ => {}
    }
    let of = records * 40;
    let coverage = Coverage {
        filled: of * u64::from(60 + number % 40) / 100,
        of,
        records,
        // As of now: the window has nothing to count again.
        definition: account.trust.definition_digest.clone(),
        at: tx.now(),
    };
    figures::set_coverage(tx, uuid, &coverage)
}

/// Access tokens of a day, for a part refresh tokens of ninety.
fn clocks(tx: &WriteTx<'_>, number: u32) -> Clocks {
    let obtained_at = tx.now() - hours(1 + i64::from(number % 15));
    let refresh_obtained_at = number
        .is_multiple_of(3)
        .then(|| tx.now() - hours(24 * i64::from(number % 75)));
    Clocks {
        obtained_at,
        usable_at: obtained_at,
        expires_at: Some(obtained_at + hours(24)),
        renew_at: Some(obtained_at + hours(20)),
        scopes: None,
        refresh_obtained_at,
        refresh_expires_at: refresh_obtained_at.map(|at| at + hours(24 * 90)),
        refresh_renew_at: refresh_obtained_at.map(|at| at + hours(24 * 80)),
    }
}

fn started(tx: &WriteTx<'_>, account: &Account, resource: &str, mode: Mode) -> Result<Run> {
    let new = NewRun {
        account: account.uuid,
        resource: resource.to_owned(),
        mode,
        trigger: Trigger::Schedule,
        selection: selection::intern(tx, &Selection::Whole)?,
        definition_digest: account.trust.definition_digest.clone(),
    };
    run::start(tx, &new)
}

/// A run that completed, with so many records, of which only that they were seen is kept, and so many it skipped; how
/// many it stored.
fn synced(
    tx: &WriteTx<'_>,
    number: u32,
    account: &Account,
    resource: &str,
    records: u64,
    skipped: u32,
) -> Result<u64> {
    let run = started(tx, account, resource, Mode::Full)?;
    let seen = |id: u64| {
        let id = NativeId::from(id.to_string().as_str());
        SealedRecord::seen(id, None, 20_000)
    };
    let unreadable = |id: u32| PageError {
        fault: RunFault {
            code: "record_unreadable".to_owned(),
            message: "the record is not valid JSON".to_owned(),
            hint: Some("Read the record in the provider's own screens.".to_owned()),
        },
        native_id: Some(format!("INV-{id}")),
        sealed_example: None,
    };
    let calls = calls(tx, number, resource);
    let page = Page {
        run: run.uuid,
        selection: run.selection,
        sample: false,
        records: (1..=records).map(seen).collect(),
        errors: (0..skipped).map(unreadable).collect(),
        checkpoint: None,
        usage: Usage {
            requests: calls.len() as u64,
            active: Duration::from_secs(4),
            ..Usage::default()
        },
        calls,
    };
    let stored = page::commit(tx, &page)?.stored();
    run::log(tx, run.uuid, Severity::Info, "Reads everything.")?;
    run::complete(tx, run.uuid)?;
    Ok(stored)
}

/// What one account in eight sent in the last minutes, for its headroom.
fn calls(tx: &WriteTx<'_>, number: u32, resource: &str) -> Vec<Call> {
    if !number.is_multiple_of(8) {
        return Vec::new();
    }
    let call = |nth: u32| {
        let ago = SignedDuration::from_secs(i64::from(480 - nth * 6));
        request(tx, resource, "", ago)
    };
    (0..80).map(call).collect()
}

/// A request for a page of a resource, answered so long ago.
fn request(tx: &WriteTx<'_>, resource: &str, query: &str, ago: SignedDuration) -> Call {
    Call {
        at: tx.now() - ago,
        method: "GET".to_owned(),
        endpoint: format!("https://instance.example/api/{resource}{query}"),
        status: Some(200),
        records: Some(50),
        duration: Duration::from_millis(180),
        bytes: 900_000,
        resource: Some(resource.to_owned()),
        detail: None,
        answer: None,
    }
}

/// A completed run of an account that sent so many requests, for `page=00001` and on; its id.
pub(super) async fn busy_run(folder: &Path, account: &str, requests: u32) -> String {
    let workspace = Workspace::open(folder, &OpenOptions::new("crowd")).unwrap();
    let (account, resource) = (account.to_owned(), "invoices");
    let run = workspace.write(move |tx| {
        // A full one would take what it did not see for deleted.
        let run = started(tx, &account::get(tx, &account)?, resource, Mode::Test)?;
        let call = |nth: u32| {
            let ago = SignedDuration::from_millis(i64::from(requests - nth) * 50);
            request(tx, resource, &format!("?page={nth:05}"), ago)
        };
        let page = Page {
            run: run.uuid,
            selection: run.selection,
            sample: false,
            records: Vec::new(),
            errors: Vec::new(),
            checkpoint: None,
            calls: (1..=requests).map(call).collect(),
            usage: Usage {
                requests: requests.into(),
                ..Usage::default()
            },
        };
        page::commit(tx, &page)?;
        run::complete(tx, run.uuid)?;
        Ok(run.uuid.to_string())
    });
    run.await.unwrap()
}

fn failed(tx: &WriteTx<'_>, account: &Account) -> Result<()> {
    let run = started(tx, account, "purchase_orders", Mode::Incremental)?;
    let fault = RunFault {
        code: "server_error".to_owned(),
        message: "the provider failed with status 503, again and again".to_owned(),
        hint: Some("Try again later.".to_owned()),
    };
    let hint = fault.hint.as_deref();
    account::record_failed_run(tx, account.uuid, &fault.code, &fault.message, hint)?;
    run::stop(tx, run.uuid, run::Status::Failed, Some(&fault))?;
    Ok(())
}
