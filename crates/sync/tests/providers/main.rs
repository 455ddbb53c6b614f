//! Runs against providers that do not keep to what is asked, as seen from the engine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod marking;
#[path = "../rig/mod.rs"]
mod rig;
mod seams;
mod skipped;
mod tokens;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use crosswalk_client::{CallBuffer, ClientError, Cursor, Page, Position, RawRecord};
use crosswalk_connector::Definition;
use crosswalk_sandbox::SandboxConfig;
use crosswalk_sync::{
    Context, Mode, Part, RunSummary, Source, Status, SyncError, SyncRequest, Wanted,
};
use crosswalk_workspace::run::{LogLine, log_lines};
use rig::{Rig, request};
use tokio_util::sync::CancellationToken;

/// How a provider misunderstands.
#[derive(Debug, Clone, Copy, Default)]
struct Manners {
    /// Sends the list in this order whatever is asked.
    order: Option<fn(u32) -> u32>,
    /// Takes no notice of ranges.
    ignores_range: bool,
    /// Takes no notice of records to skip.
    ignores_skip: bool,
    /// Gives at most so many records.
    cap: Option<usize>,
    /// Takes no notice of "newest first".
    ignores_newest: bool,
    /// Lists this id, and has no record of it any more when it is read.
    goes: Option<i64>,
    /// Calls these questions wrong.
    refuses: Option<fn(&Part) -> bool>,
    /// Fails each request this many times first.
    fails: u32,
}

struct Provider {
    ids: Vec<i64>,
    manners: Manners,
    failures: AtomicU32,
    asked: Arc<Mutex<Vec<Part>>>,
    marked: Arc<Mutex<Vec<String>>>,
    dies_at_mark: Option<usize>,
    cancel: CancellationToken,
}

impl Provider {
    fn new(count: i64, manners: Manners) -> Self {
        Self {
            ids: (1..=count).map(|n| n * 3).collect(),
            manners,
            failures: AtomicU32::new(0),
            asked: Arc::default(),
            marked: Arc::default(),
            dies_at_mark: None,
            cancel: CancellationToken::new(),
        }
    }

    fn list(&self) -> Vec<i64> {
        let mut ids = self.ids.clone();
        if let Some(order) = self.manners.order {
            ids.sort_by_key(|id| order(u32::try_from(*id).unwrap()));
        }
        ids
    }
}

impl Source for Provider {
    async fn prepare(&self, _: Arc<CallBuffer>) -> Result<(), ClientError> {
        Ok(())
    }

    async fn page(&self, wanted: Wanted, _: Arc<CallBuffer>) -> Result<Page, ClientError> {
        self.asked.lock().unwrap().push(wanted.part.clone());
        if self.failures.fetch_add(1, Ordering::Relaxed) < self.manners.fails {
            return Err(ClientError::Truncated {
                host: "a.example".to_owned(),
                detail: "half".to_owned(),
            });
        }
        if self
            .manners
            .refuses
            .is_some_and(|refuses| refuses(&wanted.part))
        {
            return Err(ClientError::InvalidRequest {
                status: 400,
                detail: "what?".to_owned().into(),
            });
        }
        let mut ids = self.list();
        let mut offset = 0;
        match &wanted.part {
            Part::Range { span, skip } => {
                if !self.manners.ignores_range {
                    ids.retain(|id| span.contains(*id));
                }
                if !self.manners.ignores_skip {
                    ids.drain(..(*skip).min(ids.len()));
                }
            }
            Part::Newest(_) if !self.manners.ignores_newest && self.manners.order.is_none() => {
                ids.reverse();
            }
            Part::List(Some(Cursor {
                position: Position::Offset(at),
                ..
            })) => {
                offset = *at;
                ids.drain(..usize::try_from(*at).unwrap().min(ids.len()));
            }
            _ => {}
        }
        let limit = usize::try_from(wanted.limit.unwrap()).unwrap();
        ids.truncate(limit.min(self.manners.cap.unwrap_or(limit)));
        let next =
            (ids.len() >= limit).then(|| Cursor::at(Position::Offset(offset + ids.len() as u64)));
        let listed = ids.len();
        ids.retain(|id| self.manners.goes != Some(*id));
        let record = |id: i64| RawRecord {
            id: id.to_string(),
            raw: Bytes::from(format!(r#"{{"id":{id},"total":"1.50","exported":false}}"#)),
        };
        Ok(Page {
            bytes: 100,
            next,
            records: ids.into_iter().map(record).collect(),
            errors: Vec::new(),
            listed,
            server_date: None,
            requests: 1,
            rate_limited: 0,
        })
    }

    async fn mark_exported(&self, id: &str, _: Arc<CallBuffer>) -> Result<(), ClientError> {
        let mut marked = self.marked.lock().unwrap();
        marked.push(id.to_owned());
        if self.dies_at_mark == Some(marked.len()) {
            self.cancel.cancel();
        }
        Ok(())
    }

    fn workers(&self) -> usize {
        4
    }
}

struct Bench {
    rig: Rig,
}

impl Bench {
    async fn new() -> Self {
        Self {
            rig: Rig::new(SandboxConfig::for_tests()).await,
        }
    }

    async fn run(&self, provider: Provider, request: SyncRequest) -> Result<RunSummary, SyncError> {
        let cancel = provider.cancel.clone();
        let definition: &Arc<Definition> = &self.rig.definition;
        let context = Context {
            workspace: self.rig.workspace.clone(),
            source: provider,
            definition: Arc::clone(definition),
            reads: rig::reads(definition, &request.resource),
            extras: Vec::new(),
            keys: self.rig.keys.clone(),
            clock: Arc::new(crosswalk_client::SystemClock),
        };
        crosswalk_sync::run(request, context, None, cancel).await
    }

    async fn log(&self, summary: &RunSummary) -> String {
        let run = summary.run;
        let lines: Vec<LogLine> = self
            .rig
            .workspace
            .read(move |tx| log_lines(tx, run))
            .await
            .unwrap();
        lines
            .into_iter()
            .map(|line| line.message)
            .collect::<Vec<_>>()
            .join("\n")
    }

    async fn stored(&self) -> BTreeMap<String, Vec<u8>> {
        self.rig.stored("invoices").await
    }
}

fn refusing(refuses: fn(&Part) -> bool) -> Manners {
    Manners {
        refuses: Some(refuses),
        ..Manners::default()
    }
}

fn shuffled(id: u32) -> u32 {
    id.wrapping_mul(2_654_435_761)
}

#[tokio::test]
async fn whatever_a_provider_ignores_every_record_is_stored() {
    let ignorant = Manners {
        ignores_range: true,
        ..Manners::default()
    };
    for (name, manners, says) in [
        ("as asked", Manners::default(), ""),
        (
            "order",
            Manners {
                order: Some(shuffled),
                ..Manners::default()
            },
            "ignored the order",
        ),
        ("range", ignorant, "overlapping pages"),
        (
            "skip",
            Manners {
                ignores_skip: true,
                ..Manners::default()
            },
            "",
        ),
        (
            "newest first",
            Manners {
                ignores_newest: true,
                ..Manners::default()
            },
            "only a sample",
        ),
        (
            "everything",
            Manners {
                ignores_newest: true,
                ignores_skip: true,
                order: Some(shuffled),
                ..ignorant
            },
            "overlapping",
        ),
        (
            "no newest",
            refusing(|part| matches!(part, Part::Newest(_))),
            "Goes on without",
        ),
        (
            "no ranges",
            refusing(|part| matches!(part, Part::Range { .. })),
            "overlapping pages",
        ),
        (
            "no skipping",
            refusing(|part| matches!(part, Part::Range { skip: 1.., .. })),
            "",
        ),
        (
            "truncated at first",
            Manners {
                fails: 2,
                ..Manners::default()
            },
            "",
        ),
    ] {
        for count in [0, 1, 49, 50, 51, 700] {
            let bench = Bench::new().await;
            let summary = bench
                .run(
                    Provider::new(count, manners),
                    request("invoices", Mode::Full),
                )
                .await
                .unwrap();
            assert_eq!(
                summary.status,
                Status::Completed,
                "{name} {count} {summary:?}"
            );
            let expected = u64::try_from(count).unwrap();
            assert_eq!(
                (summary.stored, summary.errors),
                (expected, 0),
                "{name} {count} {summary:?}"
            );
            assert_eq!(
                bench.stored().await.len() as u64,
                expected,
                "{name} {count}"
            );
            if count > 100 {
                let log = bench.log(&summary).await;
                assert!(log.contains(says), "{name}: {log}");
                if says.is_empty() {
                    assert_eq!(summary.duplicates, 0, "{name} {summary:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_smaller_than_asked_for_are_not_taken_for_the_end() {
    let bench = Bench::new().await;
    let provider = Provider::new(
        700,
        Manners {
            cap: Some(25),
            ..Manners::default()
        },
    );
    let summary = bench
        .run(provider, request("invoices", Mode::Full))
        .await
        .unwrap();
    assert_eq!(
        (summary.status, summary.stored),
        (Status::Completed, 700),
        "{summary:?}"
    );
}

#[tokio::test]
async fn a_record_that_went_after_it_was_listed_does_not_end_the_walk() {
    for goes in [3, 30, 150, 1_050, 2_100] {
        let bench = Bench::new().await;
        let provider = Provider::new(
            700,
            Manners {
                goes: Some(goes),
                ..Manners::default()
            },
        );
        let summary = bench
            .run(provider, request("invoices", Mode::Full))
            .await
            .unwrap();
        assert_eq!(
            (summary.status, summary.stored, summary.errors),
            (Status::Completed, 699, 0),
            "{goes} {summary:?}"
        );
    }
}

#[tokio::test]
async fn a_provider_out_of_reach_pauses_the_run_and_keeps_what_it_stored() {
    struct Lost(Provider);
    impl Source for Lost {
        async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
            self.0.prepare(calls).await
        }
        async fn page(&self, wanted: Wanted, calls: Arc<CallBuffer>) -> Result<Page, ClientError> {
            if self.0.failures.load(Ordering::Relaxed) >= 6 {
                return Err(ClientError::DnsFailed {
                    host: "a.example".to_owned(),
                    detail: "no such name".to_owned(),
                });
            }
            self.0.page(wanted, calls).await
        }
        async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
            self.0.mark_exported(id, calls).await
        }
        fn workers(&self) -> usize {
            2
        }
    }
    let bench = Bench::new().await;
    let definition = Arc::clone(&bench.rig.definition);
    let context = Context {
        workspace: bench.rig.workspace.clone(),
        source: Lost(Provider::new(700, Manners::default())),
        reads: rig::reads(&definition, "invoices"),
        definition,
        extras: Vec::new(),
        keys: bench.rig.keys.clone(),
        clock: Arc::new(crosswalk_client::SystemClock),
    };
    let cancel = CancellationToken::new();
    let paused = crosswalk_sync::run(request("invoices", Mode::Full), context, None, cancel)
        .await
        .unwrap();
    assert_eq!(paused.status, Status::Paused, "{paused:?}");
    assert_eq!(paused.error.as_ref().unwrap().code, "dns_failed");
    assert!(paused.stored > 100 && paused.stored < 700, "{paused:?}");
    let resumed = bench
        .run(
            Provider::new(700, Manners::default()),
            request("invoices", Mode::Full),
        )
        .await
        .unwrap();
    assert_eq!(
        (resumed.run, resumed.status),
        (paused.run, Status::Completed)
    );
    assert_eq!(
        (resumed.stored, resumed.duplicates),
        (700, 0),
        "{resumed:?}"
    );
}

#[tokio::test]
async fn without_retention_records_are_held_in_memory_only() {
    let bench = Bench::new().await;
    let account = bench.rig.account.uuid;
    bench
        .rig
        .workspace
        .write(move |tx| {
            crosswalk_workspace::account::set_retention(
                tx,
                account,
                crosswalk_workspace::account::Retention::None,
            )
        })
        .await
        .unwrap();
    let summary = bench
        .run(
            Provider::new(120, Manners::default()),
            request("invoices", Mode::Full),
        )
        .await
        .unwrap();
    assert_eq!((summary.status, summary.stored), (Status::Completed, 120));
    assert_eq!(bench.stored().await.len(), 120);
    // Whoever opens the workspace anew finds no more than that the records were seen.
    let again = crosswalk_workspace::Workspace::open(
        bench.rig.folder.path(),
        &crosswalk_workspace::OpenOptions::new("0"),
    )
    .unwrap();
    let counts = again
        .read(move |tx| crosswalk_workspace::record::count(tx, account, "invoices"))
        .await
        .unwrap();
    assert_eq!((counts.present, counts.purged), (0, 120));
}
