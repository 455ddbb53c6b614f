//! A list that is read by tokens, one page leading to the next.

use super::*;

/// What a provider's token may carry.
const CANARY: &str = "CANARY-of-a-token-";

/// A list that can only be read page after page, by a token.
struct Tokens {
    provider: Provider,
    stops_after: Option<usize>,
    /// What its tokens begin with; it knows no others.
    prefix: &'static str,
}

impl Source for Tokens {
    async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.prepare(calls).await
    }

    async fn page(&self, wanted: Wanted, _: Arc<CallBuffer>) -> Result<Page, ClientError> {
        let mut asked = self.provider.asked.lock().unwrap();
        asked.push(wanted.part.clone());
        if self.stops_after.is_some_and(|most| asked.len() > most) {
            self.provider.cancel.cancel();
        }
        let from: usize = match &wanted.part {
            Part::List(Some(Cursor {
                position: Position::Token(Some(token)),
                ..
            })) => match token.strip_prefix(self.prefix) {
                Some(from) => from.parse().unwrap(),
                None => {
                    return Err(ClientError::InvalidRequest {
                        status: 400,
                        detail: "that token has expired".to_owned().into(),
                    });
                }
            },
            Part::List(None) => 0,
            other => panic!("a list by token is not asked for {other:?}"),
        };
        let limit = usize::try_from(wanted.limit.unwrap()).unwrap();
        let ids = &self.provider.ids[from..(from + limit).min(self.provider.ids.len())];
        let end = from + ids.len();
        let record = |id: &i64| RawRecord {
            id: format!("T-{id}"),
            raw: Bytes::from(format!(r#"{{"id":"T-{id}"}}"#)),
        };
        Ok(Page {
            bytes: 100,
            next: (end < self.provider.ids.len())
                .then(|| Cursor::at(Position::Token(Some(format!("{}{end}", self.prefix))))),
            records: ids.iter().map(record).collect(),
            errors: Vec::new(),
            listed: ids.len(),
            server_date: None,
            requests: 1,
            rate_limited: 0,
        })
    }

    async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.mark_exported(id, calls).await
    }

    fn workers(&self) -> usize {
        1
    }
}

/// A bench whose invoices are listed by token.
async fn listed_by_token() -> Bench {
    let mut bench = Bench::new().await;
    let mut definition = (*bench.rig.definition).clone();
    let invoices = definition.connector.resources.get_mut("invoices").unwrap();
    (invoices.keyset, invoices.newest_first, invoices.sample_by) = (None, None, None);
    invoices.pagination = serde_json::from_value(serde_json::json!({
        "kind": "cursor", "param": "after", "token": "/next", "page": {"size": 50, "max_size": 50}
    }))
    .unwrap();
    bench.rig.definition = Arc::new(definition);
    bench
}

/// Syncs 330 records in a mode, and stops after so many pages.
async fn sync(
    bench: &Bench,
    mode: Mode,
    asked: &Arc<Mutex<Vec<Part>>>,
    stops_after: Option<usize>,
    prefix: &'static str,
) -> RunSummary {
    let provider = Provider {
        asked: Arc::clone(asked),
        ..Provider::new(330, Manners::default())
    };
    let cancel = provider.cancel.clone();
    let context = Context {
        workspace: bench.rig.workspace.clone(),
        source: Tokens {
            provider,
            stops_after,
            prefix,
        },
        definition: Arc::clone(&bench.rig.definition),
        reads: None,
        extras: Vec::new(),
        keys: bench.rig.keys.clone(),
        clock: Arc::new(crosswalk_client::SystemClock),
    };
    crosswalk_sync::run(request("invoices", mode), context, None, cancel)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_list_by_token_is_read_page_after_page_and_taken_up_at_its_token() {
    let bench = listed_by_token().await;
    let asked: Arc<Mutex<Vec<Part>>> = Arc::default();
    let stopped = sync(&bench, Mode::Full, &asked, Some(3), CANARY).await;
    assert_eq!(stopped.status, Status::Cancelled, "{stopped:?}");
    assert!(stopped.stored >= 100 && stopped.stored < 330, "{stopped:?}");
    let told = stopped.checkpoint.unwrap().to_string();
    assert!(
        told.contains("sealed") && !told.contains(CANARY),
        "the provider's token stands in clear: {told}"
    );
    let resumed = sync(&bench, Mode::Full, &asked, None, CANARY).await;
    assert_eq!(
        (resumed.run, resumed.status),
        (stopped.run, Status::Completed)
    );
    assert_eq!(
        (resumed.stored, resumed.duplicates),
        (330, 0),
        "{resumed:?}"
    );
    assert_eq!(bench.stored().await.len(), 330);
    // Seven pages, and again the one that was given up.
    assert!(asked.lock().unwrap().len() <= 9);
}

#[tokio::test]
async fn a_token_that_expired_meanwhile_has_the_list_read_from_its_beginning() {
    let bench = listed_by_token().await;
    let asked: Arc<Mutex<Vec<Part>>> = Arc::default();
    let stopped = sync(&bench, Mode::Full, &asked, Some(3), "monday-").await;
    assert_eq!(stopped.status, Status::Cancelled, "{stopped:?}");
    asked.lock().unwrap().clear();
    let resumed = sync(&bench, Mode::Full, &asked, None, "tuesday-").await;
    assert_eq!(
        (resumed.run, resumed.status, resumed.stored),
        (stopped.run, Status::Completed, 330),
        "{resumed:?}"
    );
    assert_eq!(resumed.duplicates, stopped.stored, "{resumed:?}");
    assert_eq!(bench.stored().await.len(), 330);
    let log = bench.log(&resumed).await;
    assert!(log.contains("read from its beginning"), "{log}");
    // The dead token once, and seven pages.
    assert_eq!(asked.lock().unwrap().len(), 8);
}

#[tokio::test]
async fn a_test_whose_token_expired_meanwhile_ends_with_the_pages_it_has() {
    let bench = listed_by_token().await;
    let asked: Arc<Mutex<Vec<Part>>> = Arc::default();
    let stopped = sync(&bench, Mode::Test, &asked, Some(2), "monday-").await;
    assert_eq!(stopped.status, Status::Cancelled, "{stopped:?}");
    let resumed = sync(&bench, Mode::Test, &asked, None, "tuesday-").await;
    assert_eq!(
        (resumed.run, resumed.status, resumed.stored),
        (stopped.run, Status::Completed, stopped.stored),
        "{resumed:?}"
    );
    let log = bench.log(&resumed).await;
    assert!(log.contains("ends with the pages it has"), "{log}");
}
