//! Every way in which a definition or an answer could send a secret elsewhere is stopped or asked about.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use std::collections::BTreeSet;
use std::net::IpAddr;

use crosswalk_connector::{
    ApprovedOrigins, Catalogue, Digest, HostPattern, Loaded, Origin, OriginError, origin_allowed,
};
use fixture::{copy, edit, loaded_after};
use url::Url;

const SHAPE: &str = "page_modified_since";

fn digests(loaded: &Loaded) -> (Digest, Digest) {
    let definition = loaded
        .catalogue
        .get(SHAPE)
        .unwrap_or_else(|| panic!("{:?}", loaded.problems));
    (definition.digest.clone(), definition.trust_digest.clone())
}

fn untouched() -> (Digest, Digest) {
    digests(&Catalogue::check(copy(SHAPE).path()))
}

#[test]
fn a_changed_token_url_changes_the_trust_digest() {
    for (from, to) in [
        (
            "page.example.com/connect/token",
            "page.example.com/connect/token2",
        ),
        (
            "hosts: [\"*.page.example.com\"]",
            "hosts: [\"*.page.example.com\", evil.example]",
        ),
        (
            "https://api.page.example.com/api.xro/2.0",
            "https://api2.page.example.com/api.xro/2.0",
        ),
        (
            "https://login.page.example.com",
            "https://login2.page.example.com",
        ),
        (
            "client_auth: {method: basic}",
            "client_auth: {method: body}",
        ),
    ] {
        let (whole, trust) = digests(&loaded_after(SHAPE, from, to));
        assert_ne!(trust, untouched().1, "{to}");
        assert_ne!(whole, untouched().0, "{to}");
    }
}

#[test]
fn the_default_of_a_setting_that_says_where_secrets_go_is_trusted_too() {
    let trust = |loaded: &Loaded| {
        loaded
            .catalogue
            .get("two_keys")
            .unwrap()
            .trust_digest
            .clone()
    };
    let before = trust(&Catalogue::check(copy("two_keys").path()));
    let after = trust(&loaded_after(
        "two_keys",
        "default: api\n",
        "default: api-eu\n",
    ));
    assert_ne!(before, after);
}

#[test]
fn what_moves_no_secret_leaves_the_trust_digest_alone() {
    let (whole, trust) = digests(&loaded_after(SHAPE, "label: Invoices", "label: Bills"));
    assert_eq!(trust, untouched().1);
    assert_ne!(whole, untouched().0);
}

#[test]
fn comments_quotes_and_order_change_no_digest() {
    for (from, to) in [
        ("version: \"1.0.0\"", "version: '1.0.0' # the first"),
        (
            "name: page_modified_since\nversion: \"1.0.0\"",
            "version: \"1.0.0\"\nname: page_modified_since",
        ),
        ("- {requests: 60, per: 1m}", "- {per: 1m, requests: 60}"),
    ] {
        assert_eq!(digests(&loaded_after(SHAPE, from, to)), untouched(), "{to}");
    }
}

#[test]
fn a_mapping_and_a_model_it_uses_are_part_of_the_whole() {
    let whole = |folder: &tempfile::TempDir| {
        let loaded = Catalogue::check(folder.path());
        let definition = loaded
            .catalogue
            .get("offset_keyset")
            .unwrap_or_else(|| panic!("{:?}", loaded.problems));
        (definition.digest.clone(), definition.trust_digest.clone())
    };
    let before = whole(&copy("offset_keyset"));
    for (file, from, to) in [
        (
            "offset_keyset/mappings/crm/order.orders.yaml",
            "status: status",
            "status: state",
        ),
        (
            "models/crm/order.yaml",
            "[open, closed, other]",
            "[open, closed]",
        ),
        (
            "models/shared.yaml",
            "amount: {type: decimal}",
            "amount: {type: string}",
        ),
    ] {
        let folder = copy("offset_keyset");
        edit(&folder, file, from, to);
        let after = whole(&folder);
        assert_ne!(after.0, before.0, "{file}");
        assert_eq!(after.1, before.1, "{file}");
    }
}

#[test]
fn a_shadowing_connector_waits_for_approval() {
    let none = BTreeSet::new();
    let first = copy(SHAPE);
    let present = Catalogue::check(first.path());
    let present = Loaded {
        problems: Vec::new(),
        ..present
    };
    let (whole, _) = digests(&present);
    // The same name, with a token endpoint elsewhere.
    let second = copy(SHAPE);
    let file = format!("{SHAPE}/connector.yaml");
    edit(
        &second,
        &file,
        "https://identity.page.example.com/connect/token",
        "https://identity2.page.example.com/connect/token",
    );
    let refused = present.clone().with_folder(second.path(), &none);
    assert_eq!(digests(&refused).0, whole, "the one in use stays");
    let [shadowing] = refused.shadowing.as_slice() else {
        panic!("{:?}", refused.shadowing)
    };
    assert_eq!(
        (shadowing.name.as_str(), &shadowing.builtin_digest),
        (SHAPE, &whole)
    );
    assert!(shadowing.changes_trust);
    // Approved, it takes the place; approved for other content, it does not.
    let approved = BTreeSet::from([shadowing.workspace_digest.clone()]);
    let taken = present.clone().with_folder(second.path(), &approved);
    assert!(taken.shadowing.is_empty());
    assert_eq!(digests(&taken).0, shadowing.workspace_digest);
    edit(&second, &file, "label: Invoices", "label: Others");
    let changed = present.clone().with_folder(second.path(), &approved);
    assert_eq!(
        (changed.shadowing.len(), digests(&changed).0),
        (1, whole.clone())
    );
    // The same content is no shadow.
    let same = present.clone().with_folder(first.path(), &none);
    assert_eq!((same.shadowing.len(), digests(&same).0), (0, whole));
}

#[test]
fn a_broken_shadow_leaves_the_one_in_use() {
    let present = Catalogue::check(copy(SHAPE).path());
    let broken = copy(SHAPE);
    edit(
        &broken,
        &format!("{SHAPE}/connector.yaml"),
        "label: Invoices",
        "lable: Invoices",
    );
    let loaded = present.clone().with_folder(broken.path(), &BTreeSet::new());
    assert_eq!(digests(&loaded), digests(&present));
    assert!(!loaded.problems.is_empty());
}

fn hosts(patterns: &[&str]) -> Vec<HostPattern> {
    patterns
        .iter()
        .map(|text| HostPattern::parse(text).unwrap())
        .collect()
}

/// The code of what happens to an address under `*.example.com` and `api.example.org:8443`.
fn verdict(address: &str, confirmed: &[&str], resolved: &[&str]) -> &'static str {
    let hosts = hosts(&["*.example.com", "api.example.org:8443", "bücher.example"]);
    let confirmed: Vec<String> = confirmed.iter().map(|host| (*host).to_owned()).collect();
    let resolved: Vec<IpAddr> = resolved.iter().map(|text| text.parse().unwrap()).collect();
    let verdict = Origin::parse(address)
        .and_then(|origin| origin_allowed(&origin, &hosts, &confirmed, &resolved));
    verdict.map_or_else(|error| error.code(), |()| "allowed")
}

#[test]
fn hosts_are_declared_or_confirmed() {
    for (address, due) in [
        ("https://acme.example.com/api", "allowed"),
        ("https://a.b.example.com", "allowed"),
        ("https://ACME.Example.COM.", "allowed"),
        ("https://acme.example.com:443", "allowed"),
        ("https://api.example.org:8443", "allowed"),
        ("https://bücher.example", "allowed"),
        ("https://xn--bcher-kva.example", "allowed"),
        ("https://example.com", "host_not_declared"),
        ("https://acme.example.com:8443", "host_not_declared"),
        ("https://api.example.org", "host_not_declared"),
        ("https://evilexample.com", "host_not_declared"),
        ("https://acme.example.com.evil.org", "host_not_declared"),
        ("https://evil.org/acme.example.com", "host_not_declared"),
        ("https://evil.org?acme.example.com", "host_not_declared"),
        ("https://evil.org#.example.com", "host_not_declared"),
        ("https://evil.org\\.example.com", "host_not_declared"),
        ("https://93.184.216.34", "host_not_declared"),
        ("https://[2606:2800:220:1::1]", "host_not_declared"),
        ("https://acme.example.com@evil.org", "address_with_user"),
        ("https://x:y@acme.example.com", "address_with_user"),
        ("http://acme.example.com", "not_https"),
        ("ftp://acme.example.com", "not_https"),
        ("file:///etc/passwd", "invalid_address"),
        ("acme.example.com", "invalid_address"),
        ("https://", "invalid_address"),
        ("", "invalid_address"),
    ] {
        assert_eq!(verdict(address, &[], &[]), due, "{address}");
    }
    assert_eq!(
        verdict("https://vanity.acme.org", &["Vanity.acme.org."], &[]),
        "allowed"
    );
    assert_eq!(
        verdict("https://vanity.acme.org:444", &["vanity.acme.org"], &[]),
        "host_not_declared"
    );
    assert_eq!(
        verdict("https://vanity.acme.org:444", &["vanity.acme.org:444"], &[]),
        "allowed"
    );
    assert_eq!(
        verdict("http://vanity.acme.org", &["vanity.acme.org"], &[]),
        "not_https"
    );
}

#[test]
fn a_private_address_behind_a_public_name_needs_confirmation() {
    let name = "https://acme.example.com";
    assert_eq!(
        verdict(name, &[], &["93.184.216.34", "2606:2800:220:1::1"]),
        "allowed"
    );
    for address in [
        "10.1.2.3",
        "127.0.0.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:192.168.0.1",
        "64:ff9b::a00:1",
    ] {
        assert_eq!(
            verdict(name, &[], &["93.184.216.34", address]),
            "private_address",
            "{address}"
        );
        assert_eq!(
            verdict(name, &["acme.example.com"], &[address]),
            "allowed",
            "{address}"
        );
    }
}

#[test]
fn loopback_is_for_the_sandbox() {
    for address in [
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:9",
        "https://127.0.0.1",
        "http://127.1:80",
    ] {
        assert_eq!(
            verdict(address, &[], &["127.0.0.1"]),
            "allowed",
            "{address}"
        );
    }
    assert_eq!(
        verdict("http://localhost:8080", &[], &["10.0.0.1"]),
        "host_not_declared"
    );
    assert_eq!(verdict("http://localhost.evil.org", &[], &[]), "not_https");
    assert_eq!(verdict("http://10.0.0.1", &[], &[]), "not_https");
    assert_eq!(verdict("http://0.0.0.0:80", &[], &[]), "not_https");
}

#[test]
fn next_urls_and_instance_urls_stay_on_approved_origins() {
    let origins = [
        "https://acme.example.com",
        "https://acme.example.com:443",
        "http://127.0.0.1:9000",
    ];
    let approved = ApprovedOrigins::new(origins.map(|origin| Origin::parse(origin).unwrap()));
    assert_eq!(approved.iter().count(), 2);
    let page = Url::parse("https://acme.example.com/api/orders?page=1").unwrap();
    for (next, due) in [
        (
            "/api/orders?page=2",
            Ok("https://acme.example.com/api/orders?page=2"),
        ),
        ("?page=2", Ok("https://acme.example.com/api/orders?page=2")),
        (
            "https://ACME.example.com./x",
            Ok("https://acme.example.com./x"),
        ),
        ("https://evil.example.com/x", Err("origin_not_approved")),
        ("//evil.org/x", Err("origin_not_approved")),
        ("\\\\evil.org/x", Err("origin_not_approved")),
        (
            "https://acme.example.com:8443/x",
            Err("origin_not_approved"),
        ),
        ("http://acme.example.com/x", Err("not_https")),
        ("https://a@acme.example.com/x", Err("address_with_user")),
        ("javascript:alert(1)", Err("invalid_address")),
        ("data:text/html,x", Err("invalid_address")),
        ("http://127.0.0.1:9001/", Err("origin_not_approved")),
        ("https://[bad", Err("invalid_address")),
    ] {
        let got = approved.follow(&page, next);
        let got = got.as_ref().map(Url::as_str).map_err(OriginError::code);
        assert_eq!(got, due, "{next}");
    }
    // What an instance URL in a token response has to pass.
    let instance = |text: &str| {
        approved
            .require(&Url::parse(text).unwrap())
            .map_err(|error| error.code())
    };
    assert_eq!(instance("https://acme.example.com/services"), Ok(()));
    assert_eq!(
        instance("https://other.example.com"),
        Err("origin_not_approved")
    );
    assert_eq!(
        ApprovedOrigins::default()
            .require(&page)
            .unwrap_err()
            .code(),
        "origin_not_approved"
    );
}

#[test]
fn origins_are_kept_as_text() {
    for (address, due) in [
        (
            "https://Acme.example.com:443/api",
            "https://acme.example.com",
        ),
        (
            "https://acme.example.com.:8443",
            "https://acme.example.com:8443",
        ),
        ("http://[::1]:80/", "http://[::1]"),
    ] {
        let origin = Origin::parse(address).unwrap();
        assert_eq!(origin.to_string(), due);
        let json = serde_json::to_string(&origin).unwrap();
        assert_eq!(serde_json::from_str::<Origin>(&json).unwrap(), origin);
    }
}

#[test]
fn no_error_about_an_address_repeats_its_path_or_password() {
    for address in [
        "https://u:hunter2@acme.example.com/?key=hunter2",
        "http://acme.example.com/hunter2",
        "hunter2",
    ] {
        let error = Origin::parse(address).unwrap_err();
        assert!(
            !format!("{error} {} {error:?}", error.hint()).contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn addresses_off_the_public_internet() {
    let private = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 \
        172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 \
        239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 \
        2001::1 2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1::1 2002:c0a8:101::1 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fec0::1 ff02::1";
    for text in private.split_whitespace() {
        assert!(
            crosswalk_connector::is_private_address(text.parse().unwrap()),
            "{text}"
        );
    }
    let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.0.0.1 128.0.0.1 169.253.0.1 172.15.0.1 172.32.0.1 \
        192.0.1.1 192.167.0.1 192.169.0.1 198.17.0.1 198.20.0.1 223.255.255.255 2606:4700::1 2001:4860:4860::8888 2a00:1450::1 \
        ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1";
    for text in public.split_whitespace() {
        assert!(
            !crosswalk_connector::is_private_address(text.parse().unwrap()),
            "{text}"
        );
    }
}
