use std::time::Duration;

use crosswalk_sandbox::{Fault, Profile, SandboxConfig};
use serde_json::Value;

use crate::caller::Caller;

#[tokio::test]
async fn each_fault_does_what_it_says_and_then_all_is_well() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let fail = |fault: Fault| caller.sandbox.fail_next(1, &fault);
    let path = "invoices?limit=5&fields=[\"id\",\"status\"]";

    fail(Fault::Status {
        status: 503,
        retry_after: None,
    });
    assert_eq!(caller.get(path).await.status(), 503);
    fail(Fault::rate_limited(Some(Duration::from_secs(3))));
    let limited = caller.get(path).await;
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"3".parse().unwrap())
    );
    fail(Fault::Html { status: 200 });
    let html = caller.get(path).await;
    assert_eq!(html.status(), 200);
    assert!(html.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    fail(Fault::Xml);
    assert!(
        caller
            .get(path)
            .await
            .text()
            .await
            .unwrap()
            .starts_with("<?xml")
    );
    fail(Fault::Reset);
    assert!(caller.ask(path).send().await.is_err());
    fail(Fault::Truncated);
    let truncated = caller.get(path).await;
    let promised = truncated.content_length().unwrap();
    assert!(promised > 50);
    assert!(truncated.bytes().await.is_err());
    fail(Fault::Body {
        status: 200,
        content_type: "application/json".into(),
        body: b"{\"errors\":[]}".to_vec(),
    });
    assert_eq!(
        caller.get(path).await.text().await.unwrap(),
        "{\"errors\":[]}"
    );
    fail(Fault::Stall(Duration::from_millis(50)));
    assert_eq!(caller.get(path).await.status(), 200);

    fail(Fault::NotAnObject);
    assert!(caller.list(path).await[0].is_string());
    fail(Fault::MissingId);
    assert!(caller.list(path).await[0].get("id").is_none());
    fail(Fault::DuplicateId);
    let twice = caller.ids(path).await;
    assert_eq!((twice.len(), twice[0]), (6, twice[1]));
    fail(Fault::InvalidUtf8);
    let bytes = caller.get(path).await.bytes().await.unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());
    fail(Fault::HugeField(2_000_000));
    assert!(caller.get(path).await.bytes().await.unwrap().len() > 2_000_000);

    assert_eq!(caller.list(path).await.len(), 5);
    fail(Fault::RevokeTokens);
    assert_eq!(caller.get(path).await.status(), 401);
    assert_eq!(caller.sandbox.stats().faults.values().sum::<u64>(), 14);
}

/// Tries up to three times, as a client does; `None` if all three failed.
async fn tried(caller: &mut Caller, path: &str) -> Option<Vec<Value>> {
    for _ in 0..3 {
        let Ok(response) = caller.ask(path).send().await else {
            continue;
        };
        let status = response.status();
        if status == 401 {
            let body: Value = crate::caller::token_request(&caller.http, &caller.sandbox, None)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            body["access_token"]
                .as_str()
                .unwrap()
                .clone_into(&mut caller.token);
        }
        let Ok(bytes) = response.bytes().await else {
            continue;
        };
        if status != 200 {
            continue;
        }
        if let Ok(records) = serde_json::from_slice(&bytes) {
            return Some(records);
        }
    }
    None
}

#[tokio::test]
async fn a_hostile_instance_is_read_whole_by_one_that_tries_three_times() {
    let config = SandboxConfig {
        profile: Profile::Hostile,
        seed: 11,
        ..SandboxConfig::for_tests()
    }
    .with(crosswalk_sandbox::Resource::Invoices, 3_000);
    let mut caller = Caller::start(config).await;
    let (mut found, mut above) = (Vec::new(), 0);
    loop {
        let path = format!("invoices?fields=[\"id\"]&limit=10&id[gt]={above}");
        let page = tried(&mut caller, &path)
            .await
            .expect("three tries suffice");
        let Some(last) = page.last() else { break };
        above = last["id"].as_u64().unwrap();
        found.extend(page.iter().map(|record| record["id"].as_u64().unwrap()));
    }
    let truth = caller.sandbox.truth(crosswalk_sandbox::Resource::Invoices);
    assert!(found.is_sorted_by(|one, next| one < next), "nothing twice");
    assert!(
        truth
            .throughout
            .iter()
            .all(|id| found.binary_search(id).is_ok()),
        "nothing lost"
    );
    assert!(
        truth.inserted.len() > 5 && truth.deleted.len() > 5,
        "{truth:?}"
    );
    let faults = caller.sandbox.stats().faults;
    for kind in ["status", "reset", "truncated", "html", "revoke_tokens"] {
        assert!(
            faults.get(kind).is_some_and(|times| *times > 0),
            "{kind}: {faults:?}"
        );
    }
}

#[tokio::test]
async fn a_busy_instance_takes_its_time_and_refuses_now_and_then() {
    let caller = Caller::start(SandboxConfig {
        profile: Profile::Busy,
        ..SandboxConfig::for_tests()
    })
    .await;
    let began = std::time::Instant::now();
    let answers = futures_util::future::join_all((0..200).map(|offset| {
        let path = format!("currencies?limit=1&offset={offset}");
        let caller = &caller;
        async move { caller.get(&path).await }
    }))
    .await;
    assert!(began.elapsed() >= Duration::from_millis(150));
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status() == 429)
        .collect();
    let hinted = refused
        .iter()
        .filter(|answer| answer.headers().contains_key("retry-after"))
        .count();
    assert!((1..20).contains(&refused.len()), "{}", refused.len());
    assert!(
        hinted < refused.len() && hinted > 0,
        "{hinted} of {}",
        refused.len()
    );
    caller.sandbox.set_profile(Profile::Smooth);
    assert_eq!(caller.get("currencies").await.status(), 200);
}
