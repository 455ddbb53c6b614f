//! Where secrets may go, and that nothing is sent anywhere else.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::support::answer;
use crate::support::connector_copy::ConnectorCopy;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

#[test]
fn addresses_nothing_may_be_sent_to() {
    let (instance, workspace) = (Instance::start(), Workspace::new());
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let refused = [
        "http://acme.coupahost.com",
        "http://10.0.0.5",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "https://evil.example",
        "https://coupahost.com.evil.example",
        "https://evilcoupahost.com",
        "https://acme.coupahost.com@evil.example",
        "https://user:pass@acme.coupahost.com",
        "https://192.168.1.4",
        "https://[fd00::1]",
        "https://acme.coupahost.com?x=1",
        "ftp://acme.coupahost.com",
        "file:///etc/passwd",
        "evil.example",
        "",
    ];
    for url in refused {
        let error = workspace.add_account_to(url, &instance, &[]).fails(2);
        if url.contains("evil.example") && url.starts_with("https") && !url.contains('@') {
            assert_eq!(error["code"], "host_not_declared", "{url}");
        }
    }
    assert_eq!(workspace.json(&["account", "list"]).done(), json!([]));
    assert!(instance.requests().is_empty());
}

#[test]
fn addresses_that_are_good() {
    let (instance, workspace) = (Instance::start(), Workspace::new());
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    for url in [
        "https://acme.coupahost.com",
        "https://acme-demo.coupacloud.com/",
        "http://localhost:9",
        "http://127.0.0.1:9",
        "http://[::1]:9",
    ] {
        workspace.add_account_to(url, &instance, &[]).exits(0);
        workspace
            .json(&["account", "remove", ACCOUNT, "--yes"])
            .exits(0);
    }
    let allowed = ["--allow-host", "procure.acme.example"];
    workspace
        .add_account_to("https://procure.acme.example", &instance, &allowed)
        .exits(0);
}

#[test]
fn allowing_one_host_allows_no_other() {
    let (instance, workspace) = (Instance::start(), Workspace::new());
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let allowed = ["--allow-host", "procure.acme.example"];
    for url in [
        "https://other.acme.example",
        "https://x.procure.acme.example",
    ] {
        let error = workspace.add_account_to(url, &instance, &allowed).fails(2);
        assert_eq!(error["code"], "host_not_declared", "{url}");
    }
    workspace
        .add_account_to("http://procure.acme.example", &instance, &allowed)
        .fails(2);
}

#[test]
fn a_token_endpoint_that_redirects_gets_the_secret_once() {
    let (instance, elsewhere) = (Instance::start(), Instance::start());
    let target = format!("{}/oauth2/token", elsewhere.url());
    instance.fault(move |request| {
        (request.path == "/oauth2/token")
            .then(|| answer::with_header(answer::html(307, "Moved"), "location", &target))
    });
    let workspace = Workspace::new();
    workspace
        .add_account(&instance, &["--scope", "core.common.read"])
        .exits(0);
    let outcome = workspace.json(&["account", "test", ACCOUNT]);
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome}");
    outcome.result_with_error(outcome.code.unwrap());
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn an_instance_url_in_a_token_answer_is_not_believed() {
    let elsewhere = Instance::start();
    let manners = crate::support::manners::Manners {
        token_extra: json!({ "instance_url": elsewhere.url(), "api_domain": elsewhere.url() }),
        ..Default::default()
    };
    let instance = Instance::with(manners);
    instance.put("invoices", invoices(3));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &[]).exits(0);
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn an_instance_address_that_comes_with_the_token_stays_where_it_was_at_first() {
    let (issuer, home, elsewhere) = (Instance::start(), Instance::start(), Instance::start());
    let target = Arc::new(Mutex::new(home.url()));
    let told = Arc::clone(&target);
    issuer.fault(move |request| {
        let url = told.lock().unwrap().clone();
        let token = json!({ "access_token": "t-1", "expires_in": 3_600, "instance_url": url });
        (request.path == "/oauth2/token").then(|| answer::json(200, &token))
    });
    for instance in [&home, &elsewhere] {
        instance.fault(|_| Some(answer::json(200, &json!([]))));
    }
    let connector = ConnectorCopy::named("standin")
        .with(
            "base_url: \"{{config.instance_url}}/api\"",
            "base_url: \"{{token.instance_url}}/api\"",
        )
        .with(
            "    renew_at: 20h\n",
            "    renew_at: 20h\n    keep: { instance_url: { from: token_response, pointer: /instance_url } }\n",
        );
    let workspace = Workspace::with(&connector);
    workspace.connect(&issuer);
    let seen = home.requests().len();
    assert!(seen > 0);
    workspace.sync("invoices", &[]).exits(0);
    assert!(home.requests().len() > seen);

    *target.lock().unwrap() = elsewhere.url();
    let moved = workspace.json(&["account", "test", ACCOUNT]);
    assert!(matches!(moved.code, Some(1..=3)), "{moved}");
    let error = moved.document()["error"].clone();
    assert_eq!(error["code"], "origin_not_approved", "{moved}");
    let refused = workspace.sync("invoices", &[]);
    assert_ne!(refused.code, Some(0), "{refused}");
    assert!(elsewhere.requests().is_empty());
    // The provider has moved indeed, and somebody says so.
    workspace
        .json(&["account", "update", ACCOUNT, "--approve-connector"])
        .exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    assert!(!elsewhere.requests().is_empty());
}

#[test]
fn a_pass_through_read_stays_on_the_instance() {
    let (instance, elsewhere) = (Instance::start(), Instance::start());
    let workspace = Workspace::connected(&instance);
    for path in [elsewhere.url(), format!("{}/api/invoices", elsewhere.url())] {
        let outcome = workspace.json(&["get", ACCOUNT, &path]);
        assert!(matches!(outcome.code, Some(1 | 2)), "{outcome}");
        outcome.fails(outcome.code.unwrap());
    }
    let beside = elsewhere.url().replace("http:", "");
    let tricks = [
        &beside,
        "@evil.example/x",
        ":80@evil.example/",
        "\\\\evil.example\\x",
        "/../../oauth2/token",
    ];
    for path in tricks {
        workspace.json(&["get", ACCOUNT, path]);
    }
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn a_connector_that_changes_where_secrets_go_must_be_approved_anew() {
    let (instance, elsewhere) = (Instance::start(), Instance::start());
    instance.put("invoices", invoices(3));
    elsewhere.put("invoices", invoices(9));
    let workspace = Workspace::connected(&instance);
    let url = format!("url: \"{}/oauth2/token\"", elsewhere.url());
    ConnectorCopy::named("standin")
        .with("url: \"{{config.instance_url}}/oauth2/token\"", &url)
        .write_below(&workspace.folder().join("connectors"));
    let before = instance.requests().len();
    for args in [
        &["account", "test", ACCOUNT][..],
        &["account", "renew", ACCOUNT],
        &["sync", ACCOUNT, "invoices"],
        &["get", ACCOUNT, "/invoices"],
    ] {
        let outcome = workspace.json(args);
        assert!(matches!(outcome.code, Some(1..=3)), "{outcome}");
        let document = outcome.document();
        outcome.whole_error(&document["error"]);
    }
    assert!(elsewhere.requests().is_empty());
    assert_eq!(instance.requests().len(), before);
}

#[test]
fn a_workspace_connector_does_not_take_a_built_in_ones_place() {
    let workspace = Workspace::bare();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    // The copy bears the shipped one's name and would send the secret elsewhere.
    let elsewhere = Instance::start();
    let folder = workspace.folder().join("connectors");
    ConnectorCopy::named("standin")
        .with("\nname: standin\n", "\nname: coupa\n")
        .with(
            "url: \"{{config.instance_url}}/oauth2/token\"",
            &format!("url: \"{}/oauth2/token\"", elsewhere.url()),
        )
        .write_below(&folder);
    std::fs::rename(folder.join("standin"), folder.join("coupa")).unwrap();
    let listed = workspace.json(&["connector", "list"]).done();
    let named: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["name"] == "coupa")
        .collect();
    assert!(
        named
            .iter()
            .any(|one| one["origin"] == "built-in" || one["approved"] == true),
        "{listed:#}"
    );

    let instance = Instance::start();
    let setting = format!("instance_url={}", instance.url());
    let args = [
        "account",
        "add",
        ACCOUNT,
        "--tenant",
        "acme",
        "--connector",
        "coupa",
        "--set",
        &setting,
        "--client-id",
        &instance.manners().client_id,
        "--client-secret-stdin",
        "--scope",
        "core.common.read",
    ];
    let added = workspace.json_with(&args, instance.manners().client_secret.as_bytes());
    if added.code == Some(0) {
        workspace.json(&["account", "renew", ACCOUNT]);
    }
    assert!(elsewhere.requests().is_empty());
}
