//! What the log of a run says of records it could not store.

use crosswalk_workspace::run;

use super::*;

/// Breaks off every record up to an id.
struct Broken {
    provider: Provider,
    up_to: i64,
}

/// A value of each broken record, which no log may hold.
const CANARY: &str = "71953.25";

impl Source for Broken {
    async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.prepare(calls).await
    }

    async fn page(&self, wanted: Wanted, calls: Arc<CallBuffer>) -> Result<Page, ClientError> {
        let mut page = self.provider.page(wanted, calls).await?;
        for record in &mut page.records {
            if record.id.parse::<i64>().unwrap() <= self.up_to {
                let id = &record.id;
                record.raw = Bytes::from(format!(r#"{{"id":{id},"total":"{CANARY}","#));
            }
        }
        Ok(page)
    }

    async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.provider.mark_exported(id, calls).await
    }

    fn workers(&self) -> usize {
        1
    }
}

/// Syncs 120 invoices, of which the first so many are broken; what the log says of them.
async fn skipping(bench: &mut Bench, broken: i64) -> (RunSummary, Vec<String>) {
    let mut definition = (*bench.rig.definition).clone();
    let invoices = definition.connector.resources.get_mut("invoices").unwrap();
    invoices.never_store = vec![crosswalk_connector::RawPath::parse("secret").unwrap()];
    bench.rig.definition = Arc::new(definition);
    let context = Context {
        workspace: bench.rig.workspace.clone(),
        source: Broken {
            provider: Provider::new(120, Manners::default()),
            up_to: broken * 3,
        },
        definition: Arc::clone(&bench.rig.definition),
        reads: None,
        extras: Vec::new(),
        keys: bench.rig.keys.clone(),
        clock: Arc::new(crosswalk_client::SystemClock),
    };
    let cancel = CancellationToken::new();
    let summary = crosswalk_sync::run(request("invoices", Mode::Full), context, None, cancel)
        .await
        .unwrap();
    assert_eq!(summary.status, Status::Completed, "{summary:?}");
    assert_eq!(summary.stored + summary.errors, 120, "{summary:?}");
    let log = bench.log(&summary).await;
    assert!(!log.contains(CANARY), "{log}");
    let skipped = log.lines().filter(|line| line.contains(" skipped: "));
    (summary, skipped.map(str::to_owned).collect())
}

#[tokio::test]
async fn records_that_could_not_be_stored_are_named_once_each_with_the_cause() {
    let mut bench = Bench::new().await;
    let (summary, mut skipped) = skipping(&mut bench, 2).await;
    assert_eq!(summary.errors, 2, "{summary:?}");
    skipped.sort();
    let why = "skipped: the record is not valid JSON, so what must never be stored could not be taken out of it \
               (record_unreadable).";
    assert_eq!(skipped, [format!("3 {why}"), format!("6 {why}")]);
}

#[tokio::test]
async fn of_many_the_first_are_named_and_the_others_counted() {
    let mut bench = Bench::new().await;
    let (summary, skipped) = skipping(&mut bench, 70).await;
    assert_eq!((skipped.len(), summary.errors), (51, 70), "{skipped:#?}");
    let more = skipped.last().unwrap();
    assert!(more.starts_with("And up to 20 more skipped: "), "{more}");
    // A run that ends again, taken up in between, does not say it again.
    let (run, before) = (summary.run, bench.log(&summary).await);
    bench
        .rig
        .workspace
        .write(move |tx| run::log_unnamed(tx, run))
        .await
        .unwrap();
    assert_eq!(bench.log(&summary).await, before);
}
