//! Records that are marked as exported, by connectors whose call may be repeated and by others.

use crosswalk_connector::Method;
use crosswalk_sync::Marking;

use super::*;

fn unexported(typed: &str) -> SyncRequest {
    SyncRequest {
        mark_exported: Some(Marking {
            typed: typed.to_owned(),
        }),
        ..request("invoices", Mode::Unexported)
    }
}

#[tokio::test]
async fn records_are_marked_only_when_all_guards_agree_and_once_each() {
    let bench = Bench::new().await;
    // The account's credentials are for reading.
    let refused = bench
        .run(Provider::new(120, Manners::default()), unexported("acme"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "marking_refused");
    rig::allow_writing(&bench.rig);
    let provider = Provider::new(120, Manners::default());
    let asked = Arc::clone(&provider.asked);
    for refused in [
        unexported("ACME"),
        SyncRequest {
            mode: Mode::Full,
            ..unexported("acme")
        },
    ] {
        let refused = bench
            .run(
                Provider {
                    asked: Arc::clone(&asked),
                    ..Provider::new(120, Manners::default())
                },
                refused,
            )
            .await;
        assert_eq!(refused.unwrap_err().code(), "marking_refused");
    }
    assert!(asked.lock().unwrap().is_empty());

    let marked: Arc<Mutex<Vec<String>>> = Arc::default();
    let interrupted = Provider {
        marked: Arc::clone(&marked),
        dies_at_mark: Some(37),
        ..Provider::new(120, Manners::default())
    };
    let summary = bench.run(interrupted, unexported("acme")).await.unwrap();
    assert_eq!(summary.status, Status::Cancelled, "{summary:?}");
    let rest = Provider {
        marked: Arc::clone(&marked),
        ..Provider::new(120, Manners::default())
    };
    let summary = bench.run(rest, unexported("acme")).await.unwrap();
    assert_eq!(
        (summary.status, summary.stored),
        (Status::Completed, 120),
        "{summary:?}"
    );
    let expected: Vec<String> = (1..=120).map(|n| (n * 3).to_string()).collect();
    assert_eq!(*marked.lock().unwrap(), expected);
}

/// Takes a mark and breaks the connection before it says so.
struct Breaking {
    provider: Provider,
    at: usize,
}

impl Source for Breaking {
    async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.prepare(calls).await
    }

    async fn page(&self, wanted: Wanted, calls: Arc<CallBuffer>) -> Result<Page, ClientError> {
        self.provider.page(wanted, calls).await
    }

    async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.mark_exported(id, calls).await?;
        if self.provider.marked.lock().unwrap().len() == self.at {
            return Err(ClientError::ConnectionReset {
                host: "a.example".to_owned(),
                detail: "by peer".to_owned(),
            });
        }
        Ok(())
    }

    fn workers(&self) -> usize {
        self.provider.workers()
    }
}

/// A bench whose connector marks by this method, for an account that may.
async fn marking_by(method: Method) -> Bench {
    let mut bench = Bench::new().await;
    let mut definition = (*bench.rig.definition).clone();
    let invoices = definition.connector.resources.get_mut("invoices").unwrap();
    let exported = invoices.exported.as_mut().unwrap();
    exported.mark.as_mut().unwrap().method = method;
    bench.rig.definition = Arc::new(definition);
    rig::allow_writing(&bench.rig);
    bench
}

/// Marks ten records; the connection breaks behind the `at`th mark.
async fn mark_until(bench: &Bench, marked: &Arc<Mutex<Vec<String>>>, at: usize) -> RunSummary {
    let provider = Provider {
        marked: Arc::clone(marked),
        ..Provider::new(10, Manners::default())
    };
    let source = Breaking { provider, at };
    let definition = Arc::clone(&bench.rig.definition);
    let context = Context {
        workspace: bench.rig.workspace.clone(),
        source,
        reads: rig::reads(&definition, "invoices"),
        definition,
        extras: Vec::new(),
        keys: bench.rig.keys.clone(),
        clock: Arc::new(crosswalk_client::SystemClock),
    };
    crosswalk_sync::run(unexported("acme"), context, None, CancellationToken::new())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_mark_whose_answer_is_lost_is_repeated_where_it_sets_a_flag_that_is_set() {
    let bench = marking_by(Method::Put).await;
    let marked: Arc<Mutex<Vec<String>>> = Arc::default();
    let summary = mark_until(&bench, &marked, 4).await;
    assert_eq!(summary.status, Status::Completed, "{summary:?}");
    let marked = marked.lock().unwrap();
    assert_eq!(marked.len(), 11, "{marked:?}");
    assert_eq!(marked[3], marked[4]);
}

#[tokio::test]
async fn a_mark_that_may_do_more_than_set_a_flag_is_sent_once() {
    for method in [Method::Post, Method::Patch] {
        let bench = marking_by(method).await;
        let marked: Arc<Mutex<Vec<String>>> = Arc::default();
        // Taken up again, the run knows no more than before.
        for _ in 0..2 {
            let summary = mark_until(&bench, &marked, 4).await;
            assert_eq!(summary.status, Status::Failed, "{summary:?}");
            let error = summary.error.unwrap();
            assert_eq!(error.code, "mark_in_doubt");
            assert!(error.message.contains("record 12 "), "{}", error.message);
            assert!(error.hint.unwrap().contains("--restart"));
            let told = summary.checkpoint.unwrap().to_string();
            assert!(told.contains(r#""in_doubt":"12""#), "{told}");
            assert_eq!(*marked.lock().unwrap(), ["3", "6", "9", "12"]);
        }
        // Begun anew, it lists what is not marked yet.
        let again = SyncRequest {
            restart: true,
            ..unexported("acme")
        };
        let rest = Provider {
            ids: (5..=10).map(|n| n * 3).collect(),
            marked: Arc::clone(&marked),
            ..Provider::new(0, Manners::default())
        };
        let summary = bench.run(rest, again).await.unwrap();
        assert_eq!(summary.status, Status::Completed, "{summary:?}");
        let expected: Vec<String> = (1..=10).map(|n| (n * 3).to_string()).collect();
        assert_eq!(*marked.lock().unwrap(), expected);
    }
}
