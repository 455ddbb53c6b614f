//! What goes wrong at a provider, and what becomes of it.

use std::time::Duration;

use crosswalk_client::{ClientError, ListRequest, Outcome, RecordProblem};
use crosswalk_sandbox::{Fault, Resource, RunningSandbox, Sandbox, SandboxConfig};

use crate::rig::Rig;

async fn sandbox() -> RunningSandbox {
    Sandbox::start(SandboxConfig::for_tests().with(Resource::Invoices, 120))
        .await
        .unwrap()
}

async fn page(rig: &Rig) -> Result<crosswalk_client::Page, ClientError> {
    rig.client()
        .list_page("invoices", &ListRequest::default(), &rig.context())
        .await
}

#[tokio::test]
async fn what_passes_by_itself_is_tried_again() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    let faults = [
        Fault::Status {
            status: 503,
            retry_after: None,
        },
        Fault::Reset,
        Fault::Truncated,
        Fault::Html { status: 502 },
        Fault::Html { status: 200 },
        Fault::Xml,
        Fault::rate_limited(None),
        Fault::rate_limited(Some(Duration::ZERO)),
        Fault::RevokeTokens,
    ];
    for fault in faults {
        sandbox.fail_next(1, &fault);
        let page = page(&rig)
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!((page.records.len(), page.requests), (50, 2), "{fault:?}");
        let calls = rig.calls.take();
        let outcomes: Vec<Outcome> = calls
            .iter()
            .filter(|call| call.method == "GET")
            .map(|call| call.outcome)
            .collect();
        assert_eq!((outcomes.len(), outcomes[1]), (2, Outcome::Ok), "{fault:?}");
        assert_ne!(outcomes[0], Outcome::Ok, "{fault:?}");
    }
    assert_eq!(sandbox.stats().rate_limited, 2);
}

#[tokio::test]
async fn what_stays_is_given_up_and_named() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    let table = [
        (
            Fault::Status {
                status: 503,
                retry_after: None,
            },
            "server_error",
            3,
        ),
        (Fault::Reset, "connection_reset", 3),
        (Fault::Truncated, "truncated", 3),
        (Fault::Html { status: 502 }, "html_answer", 3),
        (Fault::Xml, "xml_answer", 3),
        (
            Fault::Status {
                status: 400,
                retry_after: None,
            },
            "invalid_request",
            1,
        ),
        (
            Fault::Status {
                status: 404,
                retry_after: None,
            },
            "remote_not_found",
            1,
        ),
        (
            Fault::Body {
                status: 200,
                content_type: "application/json".into(),
                body: b"[{\"id\":1},}]".to_vec(),
            },
            "not_json",
            1,
        ),
        (
            Fault::Body {
                status: 200,
                content_type: "application/json".into(),
                body: b"{\"data\":1}".to_vec(),
            },
            "no_records",
            1,
        ),
        (Fault::HugeField(70 * 1024 * 1024), "body_too_large", 1),
    ];
    for (fault, code, requests) in table {
        let before = sandbox.stats().requests;
        sandbox.fail_next(requests, &fault);
        let error = page(&rig).await.unwrap_err();
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        assert_eq!(
            sandbox.stats().requests - before,
            requests as u64,
            "{fault:?}"
        );
        assert!(!error.hint().is_empty());
    }
    assert_eq!(page(&rig).await.unwrap().records.len(), 50);
}

#[tokio::test]
async fn endless_refusals_open_the_circuit_for_the_whole_instance() {
    let sandbox = sandbox().await;
    let mut rig = Rig::on(&sandbox);
    rig.definition.connector.retry.rate_limited.max =
        crosswalk_connector::Period::parse("300ms").unwrap();
    let client = rig.client();
    sandbox.fail_next(4, &Fault::rate_limited(None));
    let error = client
        .list_page("invoices", &ListRequest::default(), &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "circuit_open");
    let before = sandbox.stats().requests;
    let error = rig
        .client()
        .read_probe("invoices", &rig.context())
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), sandbox.stats().requests),
        ("circuit_open", before),
        "nothing is sent while it is open"
    );
    tokio::time::sleep(Duration::from_millis(310)).await;
    client.read_probe("invoices", &rig.context()).await.unwrap();
}

#[tokio::test]
async fn a_wait_of_an_hour_is_not_waited_and_none_is_longer() {
    for hours in [1, 24 * 365] {
        let sandbox = sandbox().await;
        let rig = Rig::on(&sandbox);
        let wait = Duration::from_hours(hours);
        sandbox.fail_next(1, &Fault::rate_limited(Some(wait)));
        let error = page(&rig).await.unwrap_err();
        let ClientError::CircuitOpen { until } = error else {
            panic!("{error}")
        };
        let left = until.duration_since(rig.clock.now()).as_secs();
        assert!((3_500..=3_600).contains(&left), "{hours} h: {left} s");
    }
}

#[tokio::test]
async fn broken_records_cost_only_themselves() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    for (fault, problem) in [
        (Fault::NotAnObject, RecordProblem::NotAnObject),
        (Fault::MissingId, RecordProblem::MissingId),
        (Fault::InvalidUtf8, RecordProblem::InvalidUtf8),
    ] {
        sandbox.fail_next(1, &fault);
        let page = page(&rig).await.unwrap();
        assert_eq!(
            page.errors
                .iter()
                .map(|error| error.problem)
                .collect::<Vec<_>>(),
            [problem],
            "{fault:?}"
        );
        assert!(page.records.len() >= 49 && page.next.is_some(), "{fault:?}");
    }
}

#[tokio::test]
async fn the_end_of_results_said_in_xml_is_an_empty_page() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    let body = b"<errors><error>No results match your search criteria.</error></errors>".to_vec();
    sandbox.fail_next(
        1,
        &Fault::Body {
            status: 404,
            content_type: "application/xml".into(),
            body,
        },
    );
    let page = page(&rig).await.unwrap();
    assert!(page.records.is_empty() && page.next.is_none());
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    let error = rig
        .client()
        .read_probe("suppliers", &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "forbidden");
    assert!(
        error.hint().contains("core.supplier.read"),
        "{}",
        error.hint()
    );
    // The token holds it, so something else keeps us out.
    let body = b"{\"errors\":\"go away\"}".to_vec();
    sandbox.fail_next(
        1,
        &Fault::Body {
            status: 403,
            content_type: "application/json".into(),
            body,
        },
    );
    let error = page(&rig).await.unwrap_err();
    assert!(
        error.hint().contains("allow-list") && error.to_string().contains("go away"),
        "{error} {}",
        error.hint()
    );
}

#[tokio::test]
async fn refused_credentials_are_told_apart() {
    let sandbox = sandbox().await;
    let mut rig = Rig::on(&sandbox);
    rig.scopes.push("core.treasure.read".to_owned());
    assert_eq!(page(&rig).await.unwrap_err().code(), "scope_refused");
    rig.secret("client_secret", "wrong-secret-canary");
    let error = page(&rig).await.unwrap_err();
    assert_eq!(error.code(), "auth_refused", "{error}");
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert_eq!(sandbox.stats().requests, 0);
    rig.credential.shift_remove("client_secret");
    assert_eq!(page(&rig).await.unwrap_err().code(), "missing_credential");
}

#[tokio::test]
async fn a_token_refused_twice_needs_a_person() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    page(&rig).await.unwrap();
    sandbox.fail_next(2, &Fault::RevokeTokens);
    let error = page(&rig).await.unwrap_err();
    assert!(error.is_reauth(), "{error}");
    assert_eq!(
        sandbox.stats().token_requests,
        2,
        "one new token, not one for each refusal"
    );
}

#[tokio::test]
async fn the_providers_clock_and_request_number_are_kept() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    let page = page(&rig).await.unwrap();
    assert!(page.server_date.is_some() && page.bytes > 1_000);
    let call = rig.calls.take().pop().unwrap();
    assert_eq!(
        (call.method.as_str(), call.status, call.attempt),
        ("GET", Some(200), 1)
    );
    assert!(
        call.endpoint.starts_with(&sandbox.url()) && call.endpoint.contains("/api/invoices?"),
        "{}",
        call.endpoint
    );
}

#[tokio::test]
async fn one_record_and_any_path_can_be_read() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    let client = rig.client();
    let first = client
        .read_probe("invoices", &rig.context())
        .await
        .unwrap()
        .records
        .remove(0);
    let one = client
        .get_one("invoices", &first.id, &rig.context())
        .await
        .unwrap();
    assert_eq!(one.id, first.id);
    assert_eq!(
        client
            .get_one("invoices", "99999999", &rig.context())
            .await
            .unwrap_err()
            .code(),
        "remote_not_found"
    );
    let query = [("limit".to_owned(), "2".to_owned())];
    let answer = client
        .pass_through("/invoices", &query, &rig.context())
        .await
        .unwrap();
    assert_eq!(
        (
            answer.status,
            serde_json::from_slice::<Vec<serde_json::Value>>(&answer.body)
                .unwrap()
                .len()
        ),
        (200, 2)
    );
    assert_eq!(
        client
            .pass_through("nothing_here", &[], &rig.context())
            .await
            .unwrap()
            .status,
        404
    );
}

#[tokio::test]
async fn a_record_is_marked_as_handed_over_by_one_call_of_its_own() {
    let sandbox = Sandbox::start(
        SandboxConfig::for_tests()
            .with(Resource::Invoices, 20)
            .granting("core.invoice.write"),
    )
    .await
    .unwrap();
    let mut rig = Rig::on(&sandbox);
    rig.scopes.push("core.invoice.write".to_owned());
    let client = rig.client();
    let request = ListRequest {
        unexported: true,
        ..ListRequest::default()
    };
    let waiting = client
        .list_page("invoices", &request, &rig.context())
        .await
        .unwrap()
        .records;
    client
        .mark_exported("invoices", &waiting[0].id, &rig.context())
        .await
        .unwrap();
    let left = client
        .list_page("invoices", &request, &rig.context())
        .await
        .unwrap()
        .records;
    assert_eq!(left.len() + 1, waiting.len());
    let writes = sandbox.stats().writes;
    assert_eq!((writes.len(), writes[0].method.as_str()), (1, "PUT"));
}

#[tokio::test]
async fn a_call_given_up_is_recorded_all_the_same() {
    let sandbox = sandbox().await;
    let rig = Rig::on(&sandbox);
    page(&rig).await.unwrap();
    rig.calls.take();
    sandbox.fail_next(1, &Fault::Stall(Duration::from_mins(1)));
    let given_up = tokio::time::timeout(Duration::from_millis(50), page(&rig)).await;
    assert!(given_up.is_err());
    let calls = rig.calls.take();
    assert_eq!(
        (calls.len(), calls[0].outcome, calls[0].status),
        (1, Outcome::Cancelled, None)
    );
}

#[tokio::test]
async fn a_hostile_instance_is_read_to_its_end() {
    let faults = crosswalk_sandbox::FaultRates {
        server_error: 40,
        reset: 40,
        truncated: 40,
        html_error: 40,
        html_ok: 40,
        xml: 40,
        rate_limited: 40,
        revoke_every: 13,
        churn_every: 5,
        ..crosswalk_sandbox::FaultRates::default()
    };
    let config = SandboxConfig {
        faults: Some(faults),
        ..SandboxConfig::for_tests().with(Resource::Invoices, 600)
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let mut rig = Rig::on(&sandbox);
    // A fault strikes a quarter of the calls here, far more than in life.
    rig.definition.connector.retry.transient.attempts = 9;
    let client = rig.client();
    let mut request = ListRequest {
        range: Some(crosswalk_client::KeyRange::default()),
        ..ListRequest::default()
    };
    let mut ids = std::collections::BTreeSet::new();
    loop {
        let page = client
            .list_page("invoices", &request, &rig.context())
            .await
            .unwrap();
        for record in &page.records {
            assert!(ids.insert(record.id.clone()), "{} came twice", record.id);
        }
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => break,
        }
    }
    let calls = rig.calls.take();
    assert!(
        calls.iter().any(|call| call.outcome != Outcome::Ok),
        "nothing went wrong in {} calls",
        calls.len()
    );
    assert!(ids.len() > 590, "{}", ids.len());
}
