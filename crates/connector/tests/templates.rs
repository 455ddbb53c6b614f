//! Templates are filled in for a place, and no value can reach beyond it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::borrow::Cow;

use crosswalk_connector::{Place, Reference, RenderError, Template, query_string};
use proptest::prelude::*;

fn fill(template: &str, place: Place, value: &str) -> Result<String, RenderError> {
    let template = Template::parse(template).unwrap();
    template.render(place, |_: &Reference| Some(Cow::Borrowed(value)))
}

#[test]
fn references_are_read() {
    let template = Template::parse("a{{ config.host }}b{{record.id}}").unwrap();
    let names: Vec<String> = template.references().map(ToString::to_string).collect();
    assert_eq!(names, ["config.host", "record.id"]);
    assert_eq!(template.as_literal(), None);
    assert_eq!(
        Template::parse("plain {x}").unwrap().as_literal(),
        Some("plain {x}")
    );
    for wrong in [
        "{{",
        "{{}}",
        "{{config}}",
        "{{config.}}",
        "{{Config.x}}",
        "{{config.X}}",
        "{{config.a.b}}",
        "{{secret.x}}",
        "{{config.a",
    ] {
        assert!(Template::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_base_url_takes_an_origin_and_nothing_more() {
    let base = "{{config.instance_url}}/api";
    for (value, due) in [
        (
            "https://acme.example.com",
            Some("https://acme.example.com/api"),
        ),
        (
            "https://acme.example.com/",
            Some("https://acme.example.com/api"),
        ),
        ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/api")),
        ("https://acme.example.com/x", None),
        ("https://acme.example.com?x", None),
        ("https://acme.example.com#", None),
        ("https://acme.example.com\\@evil.org", None),
        ("https://u@acme.example.com", None),
        ("http://acme.example.com", None),
        ("acme.example.com", None),
        ("", None),
    ] {
        assert_eq!(
            fill(base, Place::Url, value).ok().as_deref(),
            due,
            "{value:?}"
        );
    }
}

#[test]
fn a_host_takes_labels_and_nothing_more() {
    let base = "https://{{config.region}}.example.com/v1";
    for (value, due) in [
        ("api", Some("https://api.example.com/v1")),
        ("api.au.cloud", Some("https://api.au.cloud.example.com/v1")),
        ("evil.org/", None),
        ("evil.org#", None),
        ("evil.org?", None),
        ("evil.org:1", None),
        ("u@evil", None),
        ("a..b", None),
        ("", None),
        ("a\\b", None),
    ] {
        assert_eq!(
            fill(base, Place::Url, value).ok().as_deref(),
            due,
            "{value:?}"
        );
    }
}

#[test]
fn a_path_takes_one_segment() {
    for (value, due) in [
        ("17", Some("/orders/17/lines")),
        (
            "a b/c?d#e%+é",
            Some("/orders/a%20b%2Fc%3Fd%23e%25%2B%C3%A9/lines"),
        ),
        ("../admin", Some("/orders/..%2Fadmin/lines")),
        ("..", None),
        (".", None),
        ("", None),
    ] {
        assert_eq!(
            fill("/orders/{{record.id}}/lines", Place::Path, value)
                .ok()
                .as_deref(),
            due,
            "{value:?}"
        );
    }
    assert!(fill("/a/.{{record.id}}", Place::Path, ".").is_err());
}

#[test]
fn a_header_takes_one_line() {
    assert_eq!(
        fill("Bearer {{token.access_token}}", Place::Header, "abc").unwrap(),
        "Bearer abc"
    );
    for value in ["a\r\nX: y", "a\nb", "a\0", "ä", "a\tb"] {
        assert!(
            fill("{{token.access_token}}", Place::Header, value).is_err(),
            "{value:?}"
        );
    }
}

#[test]
fn a_missing_value_is_named_and_no_error_holds_a_value() {
    let template = Template::parse("{{config.a}}").unwrap();
    let error = template
        .render(Place::Text, |_: &Reference| None)
        .unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.code()),
        ("`config.a` has no value", "missing_setting")
    );
    for (template, place) in [
        ("{{credential.a}}/", Place::Url),
        ("https://{{credential.a}}.example.com", Place::Url),
        ("{{credential.a}}", Place::Header),
    ] {
        let error = fill(template, place, "hunter2\n").unwrap_err();
        assert!(!format!("{error:?} {error} {}", error.hint()).contains("hunter2"));
    }
}

#[test]
fn query_strings_are_encoded_throughout() {
    let params = [
        ("updated-at[gt]", "2026-11-20T21:50:00+05:30"),
        ("status", "a b&c=d"),
    ];
    assert_eq!(
        query_string(params),
        "updated-at%5Bgt%5D=2026-11-20T21%3A50%3A00%2B05%3A30&status=a%20b%26c%3Dd"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics(text in "\\PC{0,80}") {
        let _ = Template::parse(&text);
    }

    #[test]
    fn no_value_leaves_its_host(value in "\\PC{0,30}") {
        if let Ok(text) = fill("https://{{config.x}}.example.com/api/{{config.x}}?q={{config.x}}", Place::Url, &value) {
            let url = url::Url::parse(&text).unwrap();
            prop_assert!(url.host_str().unwrap().ends_with(".example.com"));
            prop_assert!(url.path().starts_with("/api/") && url.path().matches('/').count() == 2);
            prop_assert!(url.fragment().is_none() && url.username().is_empty());
        }
    }

    #[test]
    fn no_value_leaves_its_segment(value in any::<String>()) {
        if let Ok(path) = fill("/orders/{{record.id}}/x", Place::Path, &value) {
            let url = url::Url::parse(&format!("https://a.example{path}")).unwrap();
            prop_assert!(url.path().starts_with("/orders/") && url.path().ends_with("/x"));
            prop_assert_eq!(url.path().matches('/').count(), 3);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
