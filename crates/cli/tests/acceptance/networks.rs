//! Where a connection fails before the provider can say anything: names, ports, certificates, proxies.

use std::fs;

use serde_json::Value;

use crate::support::certificate::Authority;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::manners::Manners;
use crate::support::proxy::RefusingProxy;
use crate::support::workspace::{ACCOUNT, Workspace};

/// An account at an address, not tested yet.
fn account_at(url: &str, more: &[&str]) -> (Instance, Workspace) {
    let (instance, workspace) = (Instance::start(), Workspace::new());
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let more = [&["--scope", "core.common.read"], more].concat();
    workspace.add_account_to(url, &instance, &more).exits(0);
    (instance, workspace)
}

/// The connection test fails with exit 1; the failed step and the error in one text.
#[track_caller]
fn fails(workspace: &Workspace) -> String {
    let report = workspace
        .json(&["account", "test", ACCOUNT])
        .result_with_error(1);
    assert_ne!(report["status"], "active");
    let failed: Vec<&Value> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["ok"] == false)
        .collect();
    assert!(!failed.is_empty(), "{report:#}");
    format!("{failed:?} {}", report["error"])
}

#[test]
fn nobody_listens() {
    let gone = {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", socket.local_addr().unwrap())
    };
    let (_instance, workspace) = account_at(&gone, &[]);
    let text = fails(&workspace);
    assert!(
        text.contains("127.0.0.1") && text.to_lowercase().contains("refused"),
        "{text}"
    );
    let run = workspace.sync("invoices", &[]);
    assert!(
        run.exits(1).document()["error"]["code"].is_string(),
        "{run}"
    );
}

#[test]
fn a_name_without_an_address() {
    let host = "no-such-customer.invalid";
    let (_instance, workspace) = account_at(&format!("https://{host}"), &["--allow-host", host]);
    let text = fails(&workspace);
    assert!(
        text.contains(host) && text.to_lowercase().contains("dns"),
        "{text}"
    );
}

#[test]
fn a_certificate_of_an_unknown_authority_and_the_setting_that_mends_it() {
    let authority = Authority::new("Acme Inspection CA");
    let tls = authority.certify("127.0.0.1");
    let instance = Instance::over(Manners::default(), Some(tls));
    instance.put("invoices", invoices(3));
    let workspace = Workspace::new();
    workspace
        .add_account(
            &instance,
            &["--scope", "core.common.read core.invoice.read"],
        )
        .exits(0);
    let text = fails(&workspace);
    assert!(
        text.to_lowercase().contains("certificate") && text.contains("127.0.0.1"),
        "{text}"
    );
    assert!(
        text.contains("Acme Inspection CA"),
        "whose certificate it is: {text}"
    );
    assert!(instance.requests().is_empty());

    let file = workspace.home().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    workspace
        .json(&["setting", "set", "ca_file", &file.display().to_string()])
        .exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    assert_eq!(workspace.sync("invoices", &[]).done()["stored"], 3);
    workspace.json(&["setting", "unset", "ca_file"]).exits(0);
    // What worked once is not called broken for a network that fails.
    let report = workspace
        .json(&["account", "test", ACCOUNT])
        .result_with_error(1);
    assert_eq!(report["status"], "active");
}

#[test]
fn a_certificate_that_has_expired() {
    let authority = Authority::new("Acme CA");
    let tls = authority.certify_expired("127.0.0.1");
    let instance = Instance::over(Manners::default(), Some(tls));
    let workspace = Workspace::new();
    workspace.add_account(&instance, &[]).exits(0);
    let file = workspace.home().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    workspace
        .json(&["setting", "set", "ca_file", &file.display().to_string()])
        .exits(0);
    let text = fails(&workspace);
    assert!(text.contains("expired"), "{text}");
    assert!(instance.requests().is_empty());
}

#[test]
fn a_certificate_of_another_name() {
    let authority = Authority::new("Acme CA");
    let tls = authority.certify("other.example.com");
    let instance = Instance::over(Manners::default(), Some(tls));
    let workspace = Workspace::new();
    workspace.add_account(&instance, &[]).exits(0);
    let file = workspace.home().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    workspace
        .json(&["setting", "set", "ca_file", &file.display().to_string()])
        .exits(0);
    let text = fails(&workspace);
    assert!(text.contains("name"), "{text}");
    assert!(instance.requests().is_empty());
}

#[test]
fn plain_http_behind_an_https_address() {
    let instance = Instance::start();
    let (_other, workspace) = account_at(&instance.url().replace("http://", "https://"), &[]);
    let text = fails(&workspace);
    assert!(
        text.to_lowercase().contains("tls") || text.contains("secure"),
        "{text}"
    );
}

#[test]
fn a_proxy_that_refuses() {
    for status in [
        "403 Forbidden",
        "407 Proxy Authentication Required",
        "502 Bad Gateway",
    ] {
        let proxy = RefusingProxy::start(status);
        let (_instance, workspace) = account_at("https://acme.coupahost.com", &[]);
        workspace
            .json(&["setting", "set", "proxy", &proxy.url])
            .exits(0);
        let text = fails(&workspace);
        assert!(text.to_lowercase().contains("proxy"), "{text}");
        let asked = proxy.asked();
        assert!(
            asked
                .iter()
                .all(|asked| asked.starts_with("CONNECT acme.coupahost.com:443")),
            "{asked:?}"
        );
        assert!(!asked.is_empty());
    }
}

#[test]
fn a_proxy_that_is_not_there() {
    let gone = {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", socket.local_addr().unwrap())
    };
    let (_instance, workspace) = account_at("https://acme.coupahost.com", &[]);
    workspace.json(&["setting", "set", "proxy", &gone]).exits(0);
    let text = fails(&workspace);
    assert!(text.to_lowercase().contains("proxy"), "{text}");
}

#[test]
fn settings_that_cannot_be() {
    let workspace = Workspace::bare();
    for (key, value) in [
        ("proxy", "not an address"),
        ("ca_file", "/no/such/file.pem"),
        ("no_such", "1"),
    ] {
        workspace.json(&["setting", "set", key, value]).fails(2);
    }
    let settings = workspace.json(&["setting", "list"]).done();
    assert!(
        settings
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["value"].is_null()),
        "{settings:#}"
    );
}
