//! What is forecast without a runner, and told of by one.

#![allow(clippy::unwrap_used, reason = "tests")]

use crosswalk_workspace::alert::kind;
use jiff::SignedDuration;

use super::rig::Rig;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_of_a_secret_is_forecast_as_it_is_set_and_told_of_when_it_is_reached() {
    let rig = Rig::with(1).await;
    let start = rig.console.now();
    let reminder = || async {
        let mut alerts = rig.console.alerts(None).await.unwrap().into_iter();
        alerts
            .find(|alert| alert.kind == kind::CLIENT_SECRET_AGE)
            .map(|alert| (alert.state, alert.due_at))
    };
    let set =
        |days: Option<&'static str>| rig.console.set_setting("client_secret_reminder_days", days);
    assert_eq!(reminder().await, None);
    set(Some("30")).await.unwrap();
    let due_at = start + DAY * 30;
    assert_eq!(reminder().await, Some(("upcoming".to_owned(), due_at)));
    rig.clock.advance(DAY * 31);
    assert_eq!(reminder().await, Some(("due".to_owned(), due_at)));
    let mut runner = rig.runner();
    let told = rig.beat(&mut runner, 1).await;
    let of_it = told
        .iter()
        .filter(|notice| notice.kind == kind::CLIENT_SECRET_AGE);
    assert_eq!(of_it.count(), 1, "{told:#?}");
    assert_eq!(reminder().await, Some(("active".to_owned(), due_at)));
    set(None).await.unwrap();
    assert_eq!(reminder().await, None);
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_custody_list_is_forecast_without_a_runner() {
    let rig = Rig::with(1).await;
    let start = rig.console.now();
    rig.console.plan_alerts().await.unwrap();
    assert_eq!(rig.alert(kind::CUSTODY).await.due_at, start + DAY * 90);
}
