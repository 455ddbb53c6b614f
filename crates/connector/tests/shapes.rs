//! Every shape of provider the format was made for can be said in it, and is read as meant.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use std::sync::Arc;

use crosswalk_connector::{
    Catalogue, CompoundType, Connector, Definition, FieldType, GrantKind, LimitKey, Loaded,
    Pagination, Period, RateLimit, RawPath, ScalarType, StatusPattern, StopRule,
};

fn load() -> Loaded {
    Catalogue::check(&fixture::shapes())
}

fn shape(name: &str) -> Arc<Definition> {
    Arc::clone(load().catalogue.get(name).unwrap())
}

#[test]
fn every_shape_loads_without_a_problem() {
    let loaded = load();
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(loaded.catalogue.iter().count(), 11);
}

#[test]
fn every_kind_of_paging_and_grant_is_among_them() {
    let loaded = load();
    let mut pagings = std::collections::BTreeSet::new();
    let mut grants = std::collections::BTreeSet::new();
    for definition in loaded.catalogue.iter() {
        for resource in definition.connector.resources.values() {
            let paging = serde_json::to_value(resource.pagination.as_ref().unwrap()).unwrap();
            pagings.insert(paging["kind"].as_str().unwrap().to_owned());
        }
        grants.extend(
            definition
                .connector
                .auth
                .grants
                .iter()
                .map(|grant| grant.kind().as_str()),
        );
    }
    let kinds = [
        "cursor",
        "keyset",
        "link_header",
        "next_url",
        "none",
        "offset",
        "page",
        "query_language",
    ];
    assert_eq!(
        pagings.iter().map(String::as_str).collect::<Vec<_>>(),
        kinds
    );
    let kinds = [
        "api_key",
        "authorization_code",
        "basic",
        "client_credentials",
        "device_code",
        "none",
    ];
    assert_eq!(grants.into_iter().collect::<Vec<_>>(), kinds);
}

#[test]
fn defaults_are_filled_in_and_can_be_done_without() {
    let definition = shape("offset_keyset");
    let orders = &definition.connector.resources["orders"];
    assert!(
        matches!(&orders.pagination, Some(Pagination::Offset(offset)) if offset.limit_param == "limit")
    );
    assert!(orders.keyset.is_some() && orders.watermark.is_some() && orders.selection.is_some());
    let masked: Vec<&str> = orders.mask.iter().map(RawPath::as_str).collect();
    assert_eq!(masked, ["bank.iban", "tax-id"]);
    let currencies = &definition.connector.resources["currencies"];
    assert!(matches!(currencies.pagination, Some(Pagination::None(_))));
    assert!(
        currencies.keyset.is_none()
            && currencies.watermark.is_none()
            && currencies.selection.is_none()
    );
    assert!(currencies.custom_fields.is_some());
    assert_eq!(currencies.id_path().as_str(), "id");
}

#[test]
fn mappings_samples_and_models_come_along() {
    let definition = shape("offset_keyset");
    let mapping = definition.mapping_of("orders").unwrap();
    assert_eq!(
        mapping.fields.keys().collect::<Vec<_>>(),
        ["id", "status", "total"]
    );
    assert_eq!(definition.samples[0].resource, "orders");
    let model = definition.models.get(&mapping.model).unwrap();
    let line = match &model.fields["lines"].field_type {
        FieldType::Compound(CompoundType::List(item)) => item,
        other => panic!("{other:?}"),
    };
    let fields = definition.models.object_fields(line).unwrap();
    assert_eq!(
        fields["amount"].field_type,
        FieldType::Scalar(ScalarType::Decimal)
    );
}

#[test]
fn tokens_are_renewed_and_rest_as_the_definition_says() {
    let token = shape("offset_keyset").connector.auth.token.clone().unwrap();
    let hours = |period: Option<Period>| period.unwrap().duration().as_secs() / 3600;
    assert_eq!((hours(token.lifetime), hours(token.renew_at)), (24, 20));
    assert_eq!(token.settle.unwrap().duration().as_secs(), 5);
    let refresh = token.refresh.unwrap();
    assert_eq!(
        (hours(refresh.lifetime), hours(refresh.renew_at)),
        (90 * 24, 80 * 24)
    );
    assert_eq!(token.scope_param.as_deref(), Some("scope"));
    assert_eq!(
        shape("jwt_ids_only")
            .connector
            .auth
            .token
            .clone()
            .unwrap()
            .scope_param,
        None
    );
}

#[test]
fn the_parts_of_a_credential_follow_from_the_grant() {
    use GrantKind::{ApiKey, AuthorizationCode, Basic, ClientCredentials, None};

    let keys = |name: &str, kind: GrantKind| -> Vec<String> {
        let definition = shape(name);
        let auth = &definition.connector.auth;
        auth.credential_fields(auth.grant(kind).unwrap())
            .into_iter()
            .map(|field| field.key)
            .collect()
    };
    assert_eq!(
        keys("two_keys", ClientCredentials),
        [
            "client_id",
            "client_secret",
            "application_key",
            "network_id"
        ]
    );
    assert_eq!(
        keys("jwt_ids_only", ClientCredentials),
        ["client_id", "private_key", "key_id"]
    );
    assert_eq!(
        keys("page_modified_since", AuthorizationCode),
        ["client_id"]
    );
    assert_eq!(keys("flag_next", Basic), ["email", "api_token"]);
    assert_eq!(keys("cursor", ApiKey), ["api_key"]);
    assert!(keys("basic_none", None).is_empty());
}

#[test]
fn lists_end_by_the_rules_of_their_kind() {
    use StopRule::{EmptyPage, Flag, MissingToken, ShortPage};
    let stops = |name: &str, resource: &str| {
        shape(name).connector.resources[resource]
            .pagination
            .as_ref()
            .unwrap()
            .stop_rules()
    };
    assert_eq!(stops("offset_keyset", "orders"), [ShortPage, EmptyPage]);
    assert_eq!(stops("jwt_ids_only", "vendor_bills"), [Flag]);
    assert_eq!(stops("jwt_ids_only", "transactions"), [EmptyPage, Flag]);
    assert_eq!(stops("flag_next", "tickets"), [MissingToken, Flag]);
    assert_eq!(stops("link_header", "candidates"), [MissingToken]);
    assert_eq!(stops("basic_none", "employees"), [EmptyPage]);
    assert_eq!(stops("basic_none", "fields"), []);
}

#[test]
fn rate_limits_keep_their_windows_and_headers() {
    let definition = shape("page_modified_since");
    let RateLimit::Limited(limits) = &definition.connector.rate_limit else {
        panic!()
    };
    assert_eq!(
        (limits.windows[1].requests, limits.concurrency, limits.key),
        (5000, Some(5), LimitKey::Account)
    );
    assert_eq!(limits.headers[1].window.as_ref().unwrap().as_str(), "1d");
    assert_eq!(limits.retry_after.header.as_deref(), Some("Retry-After"));
    assert_eq!(shape("cursor").connector.rate_limit, RateLimit::default());
    let RateLimit::Limited(limits) = &shape("query_positions").connector.rate_limit else {
        panic!()
    };
    assert_eq!(limits.retry_after.header, None);
    assert_eq!(
        limits
            .retry_after
            .fallback
            .as_ref()
            .unwrap()
            .duration()
            .as_secs(),
        60
    );
}

#[test]
fn status_patterns_match_one_or_a_class() {
    let cases = [
        ("404", 404, true),
        ("404", 405, false),
        ("\"5xx\"", 503, true),
        ("\"5xx\"", 499, false),
    ];
    for (text, status, due) in cases {
        let pattern: StatusPattern = serde_json::from_str(text).unwrap();
        assert_eq!(pattern.matches(status), due, "{text} {status}");
    }
    for wrong in ["\"6xx\"", "99", "\"404\"", "true"] {
        assert!(
            serde_json::from_str::<StatusPattern>(wrong).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn a_loaded_connector_survives_being_written_and_read() {
    for definition in load().catalogue.iter() {
        let written = serde_json::to_string(&definition.connector).unwrap();
        let read: Connector = serde_json::from_str(&written).unwrap();
        assert_eq!(read, definition.connector);
    }
}
