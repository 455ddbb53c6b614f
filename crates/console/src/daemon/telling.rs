//! What falls due while nobody may be told of it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crosswalk_workspace::{account, alert};
use jiff::SignedDuration;

use super::rig::Rig;

const ACCOUNTS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fell_due_while_nobody_was_to_be_told_is_told_of_as_one_if_it_still_is_due() {
    let rig = Rig::with(ACCOUNTS).await;
    let free = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&free);
    let mut runner = rig
        .runner()
        .telling_while(move || asked.load(Ordering::Relaxed));
    rig.beat(&mut runner, 1).await;
    rig.sandbox.rotate_secret().unwrap();
    rig.clock.advance(SignedDuration::from_hours(21));
    let mut told = Vec::new();
    for turn in 1..6 {
        told.extend(rig.beat(&mut runner, 1 + 60 * turn).await);
        rig.clock.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(told, []);
    let refused = |alerts: Vec<alert::Alert>| -> Vec<String> {
        let mut ids: Vec<String> = alerts
            .into_iter()
            .filter(|alert| alert.kind == alert::kind::NEEDS_REAUTH)
            .map(|alert| alert.uuid.to_string())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(refused(rig.open().await).len(), ACCOUNTS);
    // Somebody sees to one of them meanwhile.
    rig.console
        .workspace()
        .write(|tx| {
            let held = account::get(tx, "a000")?;
            alert::resolve(tx, held.uuid, alert::kind::NEEDS_REAUTH)
        })
        .await
        .unwrap();
    let left = refused(rig.open().await);
    assert_eq!(left.len(), ACCOUNTS - 1);
    free.store(true, Ordering::Relaxed);
    let told = rig.beat(&mut runner, 361).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    let mut of = told[0].alerts.clone();
    of.sort();
    assert_eq!(of, left);
    assert_eq!(rig.beat(&mut runner, 362).await, []);
    runner.drain().await.unwrap();
}
