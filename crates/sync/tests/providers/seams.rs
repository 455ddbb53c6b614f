//! What lies between two pages: records that are deleted while a list is read, and pages shorter than asked for.

use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};

use super::*;

/// A list read by places or by the numbers of its pages, from which a record of an early page goes as soon as a page was read.
struct Shrinking {
    provider: Provider,
    ids: Mutex<Vec<i64>>,
    /// Which record goes, counted from the front.
    deletes: Option<usize>,
}

impl Source for Shrinking {
    async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.prepare(calls).await
    }

    async fn page(&self, wanted: Wanted, calls: Arc<CallBuffer>) -> Result<Page, ClientError> {
        let limit = usize::try_from(wanted.limit.unwrap()).unwrap();
        let (skip, number) = match &wanted.part {
            Part::List(None) => (0, 1),
            Part::List(Some(cursor)) => match cursor.position {
                Position::Start(first) => (usize::try_from(first).unwrap() - 1, 0),
                Position::Number(number) => {
                    (limit * (usize::try_from(number).unwrap() - 1), number)
                }
                ref other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let ids = {
            let mut ids = self.ids.lock().unwrap();
            let page: Vec<i64> = ids.iter().skip(skip).take(limit).copied().collect();
            if let Some(at) = self.deletes.filter(|at| *at < ids.len()) {
                ids.remove(at);
            }
            page
        };
        let next = (ids.len() == limit).then(|| {
            Cursor::at(if number == 0 {
                Position::Start((skip + limit) as u64 + 1)
            } else {
                Position::Number(number + 1)
            })
        });
        // What the provider makes of an id is the same everywhere.
        let whole = Provider {
            ids,
            asked: Arc::clone(&self.provider.asked),
            ..Provider::new(0, Manners::default())
        };
        let list = Wanted {
            part: Part::List(None),
            ..wanted
        };
        Ok(Page {
            next,
            ..whole.page(list, calls).await?
        })
    }

    async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.mark_exported(id, calls).await
    }

    fn workers(&self) -> usize {
        1
    }
}

async fn paged(pagination: Value) -> Bench {
    let mut bench = Bench::new().await;
    let mut definition = (*bench.rig.definition).clone();
    let invoices = definition.connector.resources.get_mut("invoices").unwrap();
    (invoices.keyset, invoices.newest_first) = (None, None);
    invoices.pagination = serde_json::from_value(pagination).unwrap();
    bench.rig.definition = Arc::new(definition);
    bench
}

async fn full(bench: &Bench, count: i64, deletes: Option<usize>) -> RunSummary {
    let provider = Provider::new(count, Manners::default());
    let context = Context {
        workspace: bench.rig.workspace.clone(),
        source: Shrinking {
            ids: Mutex::new(provider.ids.clone()),
            provider,
            deletes,
        },
        definition: Arc::clone(&bench.rig.definition),
        reads: None,
        extras: Vec::new(),
        keys: bench.rig.keys.clone(),
        clock: Arc::new(crosswalk_client::SystemClock),
    };
    let cancel = CancellationToken::new();
    crosswalk_sync::run(request("invoices", Mode::Full), context, None, cancel)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_list_asked_for_by_records_loses_none_while_others_go() {
    let page = json!({"size": 50, "max_size": 50});
    let bench = paged(json!({"kind": "query_language", "page": page})).await;
    let first = full(&bench, 330, None).await;
    assert_eq!(
        (first.status, first.stored),
        (Status::Completed, 330),
        "{first:?}"
    );
    // The third record goes with each page, each time one that was met: nothing is pulled past the run.
    let again = full(&bench, 330, Some(2)).await;
    assert_eq!(
        (again.status, again.stored, again.vanished),
        (Status::Completed, 330, 0),
        "{again:?}"
    );
    assert_eq!(bench.stored().await.len(), 330);
}

#[tokio::test]
async fn a_list_asked_for_by_the_numbers_of_pages_marks_nothing_as_deleted() {
    let page = json!({"size": 50, "max_size": 50});
    let bench = paged(json!({"kind": "page", "page_param": "page", "page": page})).await;
    let first = full(&bench, 330, None).await;
    assert_eq!(
        (first.status, first.stored),
        (Status::Completed, 330),
        "{first:?}"
    );
    let again = full(&bench, 330, Some(2)).await;
    assert_eq!(
        (again.status, again.vanished),
        (Status::Completed, 0),
        "{again:?}"
    );
    // One was pulled past the run with each page, and is as it was.
    assert!(again.stored < 330, "{again:?}");
    assert_eq!(bench.stored().await.len(), 330);
    let log = bench.log(&again).await;
    assert!(log.contains("numbers of its pages"), "{log}");
}

/// Fails the first request for a range, as a provider that is overloaded does.
struct Stumbling(Provider, AtomicBool);

impl Source for Stumbling {
    async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.0.prepare(calls).await
    }

    async fn page(&self, wanted: Wanted, calls: Arc<CallBuffer>) -> Result<Page, ClientError> {
        if matches!(wanted.part, Part::Range { .. }) && !self.1.swap(true, Ordering::Relaxed) {
            return Err(ClientError::Truncated {
                host: "a.example".to_owned(),
                detail: "half".to_owned(),
            });
        }
        self.0.page(wanted, calls).await
    }

    async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.0.mark_exported(id, calls).await
    }

    fn workers(&self) -> usize {
        self.0.workers()
    }
}

#[tokio::test]
async fn short_pages_are_not_the_end_where_nothing_shows_that_longer_ones_are_given() {
    let capped = Manners {
        cap: Some(25),
        ..Manners::default()
    };
    for (name, manners) in [
        ("the first page of the walk fails", capped),
        (
            "there is no page of newest records",
            Manners {
                refuses: Some(|part| matches!(part, Part::Newest(_))),
                ..capped
            },
        ),
    ] {
        for count in [10, 25, 26, 330] {
            let bench = Bench::new().await;
            let definition = Arc::clone(&bench.rig.definition);
            let context = Context {
                workspace: bench.rig.workspace.clone(),
                source: Stumbling(Provider::new(count, manners), AtomicBool::new(false)),
                reads: rig::reads(&definition, "invoices"),
                definition,
                extras: Vec::new(),
                keys: bench.rig.keys.clone(),
                clock: Arc::new(crosswalk_client::SystemClock),
            };
            let cancel = CancellationToken::new();
            let summary =
                crosswalk_sync::run(request("invoices", Mode::Full), context, None, cancel)
                    .await
                    .unwrap();
            assert_eq!(
                (summary.status, summary.stored),
                (Status::Completed, u64::try_from(count).unwrap()),
                "{name} {count} {summary:?}"
            );
        }
    }
}
