//! Each mistake is found, named and placed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use crosswalk_connector::{Catalogue, ProblemCode};
use fixture::{copy, edit, problems_after};

/// Shape, text replaced in `connector.yaml`, what takes its place, the code due, and a part of the message or hint.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    ProblemCode,
    &'static str,
);

use ProblemCode::*;

#[rustfmt::skip]
const STRUCTURE: &[Case] = &[
    ("offset_keyset", "base_url:", "base_ulr:", UnknownKey, "did you mean `base_url`?"),
    ("offset_keyset", "base_url:", "base_ulr:", MissingKey, "`base_url` is missing"),
    ("offset_keyset", "limit_param: limit", "limt_param: limit", UnknownKey, "did you mean `limit_param`?"),
    ("offset_keyset", "kind: offset", "kind: ofset", UnknownValue, "did you mean `offset`?"),
    ("offset_keyset", "    kind: offset\n", "", MissingKey, "`kind` is missing"),
    ("offset_keyset", "size: 50", "size: fifty", WrongType, "a whole number is due here, not the text `fifty`"),
    ("offset_keyset", "size: 50", "size: 0", Malformed, "too small"),
    ("offset_keyset", "size: 50", "size: 5000000000", Malformed, "too large"),
    ("offset_keyset", "size: 50", "size: -1", Malformed, "too small"),
    ("page_modified_since", "port: 8888", "port: 88888", Malformed, "too large"),
    ("offset_keyset", "version: \"1.2.0\"", "version: 1.2", WrongType, "put it in quotes"),
    ("offset_keyset", "version: \"1.2.0\"", "version: \"1.2\"", Malformed, "is not a version"),
    ("offset_keyset", "format: 1\n", "format: 2\n", OtherFormat, "this is format 2"),
    ("offset_keyset", "settle: 5s", "settle: 5 seconds", Malformed, "`5 seconds` is not a length of time"),
    ("offset_keyset", "type: integer", "type: int", UnknownValue, "did you mean `integer`?"),
    ("offset_keyset", "{{config.instance_url}}/api", "{{config.instance_url/api", Malformed, "close the value"),
    ("offset_keyset", "{{config.instance_url}}/api", "{{setting.instance_url}}/api", Malformed, "not a source of values"),
    ("offset_keyset", "status: [404]", "status: [4040]", Malformed, "too large"),
    ("offset_keyset", "message: /errors/0", "message: errors/0", Malformed, "not a JSON pointer"),
    ("offset_keyset", "\"*.offset.example.com\"", "\"*.com\"", Malformed, "top-level domain"),
    ("offset_keyset", "\"*.offset.example.com\"", "\"*\"", Malformed, ""),
    ("offset_keyset", "\"*.offset.example.com\"", "\"10.0.0.1\"", Malformed, "is an address"),
    ("offset_keyset", "grant: device_code", "grant: device", UnknownValue, "did you mean `device_code`?"),
    ("error_in_200", "pkce: s256", "pkce: off", UnknownValue, "`off` is not a word known here"),
    ("error_in_200", "pkce: s256", "pkce: plain", UnknownValue, "`plain` is not a word known here"),
    ("offset_keyset", "field: updated-at", "field: updated..at", Malformed, "not a path into a record"),
    ("offset_keyset", "docs: [{label: Resources, url: \"https:", "docs: [{label: Resources, url: \"http:", Malformed, "not an https address"),
    ("page_modified_since", "[0-9a-f-]{36}", "[0-9a-f", Malformed, "not a regular expression"),
    ("next_url", "rate_limit:", "rate_limit: 5\nrate:", WrongType, "is due here, not the number 5", ),
];

#[rustfmt::skip]
const REFERENCES: &[Case] = &[
    ("offset_keyset", "{{config.instance_url}}/api", "{{config.instance}}/api", UnknownReference, "did you mean `instance_url`?"),
    ("offset_keyset", "scopes: [order.read]\n    operations", "scopes: [orders.read]\n    operations", UnknownScope, "write `order.read`"),
    ("offset_keyset", "scopes: [order.write]}\n      update", "scopes: [order.writ]}\n      update", UnknownScope, "did you mean `order.write`?"),
    ("offset_keyset", "default_set: reading", "default_set: read", UnknownScope, "no set `read`"),
    ("offset_keyset", "default_set: reading", "default_set: writing", UnknownScope, "no set `writing`"),
    ("offset_keyset", "scopes: [order.read]}}", "scopes: [order.write]}}", Contradiction, "has to be read-only"),
    ("offset_keyset", "aliases: [orders.read]", "aliases: [order.write]", Contradiction, "is a scope itself"),
    ("offset_keyset", "scope: offline_access", "scope: offline", UnknownScope, "did you mean `offline_access`?"),
    ("offset_keyset", "{{range.after}}", "{{range.up_to}}", Contradiction, "nothing here names `range.after`"),
    ("offset_keyset", "{{range.after}}", "{{page.start}}", UnknownReference, "what can be named here: range, config"),
    ("offset_keyset", "\"{{watermark.value}}\"", "today", Contradiction, "nothing here sends `watermark.value`"),
    ("offset_keyset", "get: {path: \"/orders/{{record.id}}\"}", "get: {path: /orders}", Contradiction, "does not name `record.id`"),
    ("offset_keyset", "{{sample.value}}", "open", Contradiction, "nothing here names `sample.value`"),
    ("offset_keyset", "path: /currencies", "path: currencies", Malformed, "does not begin with `/`"),
    ("offset_keyset", "path: /currencies", "path: /../currencies", Malformed, "more than a path"),
    ("offset_keyset", "path: /currencies", "path: /currencies?x=1", Malformed, "put the query into `params`"),
    ("offset_keyset", "never_store: [password]", "never_store: [updated-at]", Contradiction, "the watermark is there"),
    ("offset_keyset", "page: {size: 50, max_size: 50}", "page: {size: 60, max_size: 50}", Contradiction, "above the ceiling"),
    ("offset_keyset", "page: {size: 50, max_size: 50}", "page: {size: 50, max_size: 50, stop: [flag]}", Contradiction, "no flag to stop at"),
    ("offset_keyset", "page: {size: 50, max_size: 50}", "page: {size: 50, max_size: 50, stop: [missing_token]}", Contradiction, "no token to miss"),
    ("offset_keyset", "page: {size: 50, max_size: 50}", "page: {size: 50, max_size: 50, stop: []}", MissingKey, "nothing would end the list"),
    ("offset_keyset", "renew_at: 20h", "renew_at: 24h", Contradiction, "not before the end of its life"),
    ("offset_keyset", "grants: [authorization_code]}", "grants: [basic]}", Contradiction, "no grant `basic`"),
    ("offset_keyset", "class: invalid", "class: invalid, scope: order.read", Contradiction, "only `class: forbidden` names a scope"),
    ("offset_keyset", "- {status: [404], body: {contains: \"no results match\"}, class: end_of_results}", "- {class: fatal}", Contradiction, "no condition"),
    ("offset_keyset", "body: {contains: \"no results match\"}", "body: {equals: 1}", Contradiction, "need a `pointer`"),
    ("offset_keyset", "{{filter.field}}[gt]", "field[gt]", Contradiction, "does not name `filter.field`"),
    ("offset_keyset", "list: {path: /orders}", "list: {path: /orders, method: PUT}", Contradiction, "GET or POST"),
    ("offset_keyset", "create: {method: POST", "create: {method: GET", Contradiction, "a GET changes nothing"),
    ("offset_keyset", "name: offset_keyset", "name: other", Misplaced, "stands in `offset_keyset`"),
    ("offset_keyset", "kind: url", "kind: text", Contradiction, "not of kind `url`"),
    ("page_modified_since", "    pagination: {kind: page, page_param: page, size_param: pageSize, page: {size: 100, max_size: 1000}}
", "", MissingKey, "`pagination` is missing for this list"),
    ("page_modified_since", "window: 1d}", "window: 1h}", Contradiction, "no window of `1h`"),
    ("page_modified_since", "example: 11111111-2222", "example: 1-2222", Contradiction, "the form would refuse it"),
    ("page_modified_since", "client_auth: {method: basic}", "client_auth: {method: public}", Contradiction, "public client"),
    ("jwt_ids_only", "      get: {path: \"/record/v1/vendorBill/{{record.id}}\"}\n", "", Contradiction, "there is no `get`"),
    ("jwt_ids_only", "{{page.start}}", "0", Contradiction, "does not name `page.start`"),
    ("jwt_ids_only", " {{watermark.clause}}", "", Contradiction, "the watermark's clause is not in the query"),
    ("jwt_ids_only", "selection: {style: comma}", "description: x", Contradiction, "there is no `selection`"),
    ("jwt_ids_only", "        method: POST\n", "", Contradiction, "a GET has no body"),
    ("jwt_ids_only", "algorithms: [PS256, ES256]", "algorithms: []", MissingKey, "no algorithm"),
    ("query_positions", "param: realmId", "pointer: /realmId", Contradiction, "found by `param` alone"),
    ("query_positions", "{{token.realm_id}}", "{{token.realm}}", UnknownReference, "did you mean `realm_id`?"),
    ("two_keys", "    options: [{value: api, label: US}, {value: api-eu, label: EU}, {value: api.au.cloud, label: Australia}]\n", "", Contradiction, "has no `options`"),
    ("two_keys", "default: api\n", "default: us\n", Contradiction, "is not one of api, api-eu"),
    ("two_keys", "{{credential.application_key}}", "{{credential.aplication_key}}", UnknownReference, "did you mean `application_key`?"),
    ("next_url", "pattern: 'api-usage=(\\d+)/'", "pattern: 'api-usage=\\d+/'", Contradiction, "one group around the number"),
    ("cursor", "header: Authorization", "header: \"Bad Header\"", Malformed, "not a header's name"),
    ("cursor", "header: Authorization", "header: Host", Contradiction, "belongs to the connection"),
    ("cursor", "header: Authorization,", "header: Authorization, query: key,", Contradiction, "exactly one of the two"),
    ("basic_none", "keyset: {field: uuid, type: uuid, after: {after: \"{{range.after}}\"}}", "description: x", Contradiction, "there is no `keyset`"),
    ("basic_none", "- {grant: none}", "- {grant: api_key, query: k2}", NameTaken, "two grants `api_key`"),
    ("error_in_200", "scope: \"users:read\"", "scope: \"users:reed\"", UnknownScope, "did you mean `users:read`?"),
    ("link_header", "auth:\n", "auth:\n  token: {url: \"https://harvest.house.example.com/t\"}\n", Contradiction, "no grant uses a token endpoint", ),
];

/// Secrets stay inside `auth`, and fixed addresses inside `hosts`.
#[rustfmt::skip]
const TRUST: &[Case] = &[
    ("page_modified_since", "{{config.organisation}}", "{{token.access_token}}", SecretOutsideAuth, "would put a secret here"),
    ("page_modified_since", "{{config.organisation}}", "{{credential.client_secret}}", SecretOutsideAuth, "covered by the user's approval"),
    ("offset_keyset", "path: /currencies", "path: \"/currencies/{{token.access_token}}\"", SecretOutsideAuth, ""),
    ("next_url", "{{token.instance_url}}/services", "{{token.access_token}}/services", SecretOutsideAuth, ""),
    ("offset_keyset", "{{config.instance_url}}/oauth2/token", "{{credential.client_id}}/oauth2/token", UnknownReference, "has no value here"),
    ("page_modified_since", "https://identity.page.example.com/connect/token", "https://identity.evil.example/connect/token", HostNotDeclared, "add the host to `hosts`"),
    ("page_modified_since", "https://login.page.example.com", "https://login.evil.example", HostNotDeclared, ""),
    ("page_modified_since", "https://api.page.example.com/api", "https://api.evil.example/api", HostNotDeclared, ""),
    ("page_modified_since", "https://identity.page.example.com/connect/revocation", "https://page.example.com.evil.example/r", HostNotDeclared, ""),
    ("page_modified_since", "https://identity.page.example.com/connect/token", "http://identity.page.example.com/connect/token", Malformed, "not https"),
    ("page_modified_since", "https://identity.page.example.com/connect/token", "https://x@identity.page.example.com/connect/token", Malformed, "user name"),
    ("page_modified_since", "https://identity.page.example.com/connect/token", "https://identity.page.example.com:8443/connect/token", HostNotDeclared, ""),
    ("jwt_ids_only", "{{config.account_id}}.suite.example.com/services/rest/auth", "{{config.account_id}}/services/rest/auth", HostNotDeclared, ""),
    ("jwt_ids_only", "https://{{config.account_id}}.suite.example.com/services/rest/auth", "https://evil.example/{{config.account_id}}.suite.example.com/services/rest/auth", HostNotDeclared, ""),
    ("offset_keyset", "{{config.instance_url}}/oauth2/token", "{{config.instance_url}}.evil.example/oauth2/token", Contradiction, "would change its host"),
    ("offset_keyset", "{{config.instance_url}}/oauth2/token", "{{config.instance_url}}@evil.example/oauth2/token", Contradiction, "would change its host"),
];

fn assert_found(cases: &[Case]) {
    for (shape, from, to, code, part) in cases {
        let problems = problems_after(shape, from, to);
        let found = problems
            .iter()
            .any(|problem| problem.code == *code && problem.to_string().contains(part));
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(
            found,
            "{shape}: {from:?} -> {to:?}: {code} {part:?} is not in\n{}",
            all.join("\n")
        );
        for problem in &problems {
            assert!(problem.file.contains(".yaml"), "{problem}");
            assert!(problem.line > 0 && problem.column > 0, "{problem}");
        }
    }
}

#[test]
fn mistakes_of_structure() {
    assert_found(STRUCTURE);
}

#[test]
fn mistakes_across_references() {
    assert_found(REFERENCES);
}

#[test]
fn ways_to_let_a_secret_out() {
    assert_found(TRUST);
}

#[test]
fn a_problem_has_the_line_and_column_of_the_mistake() {
    let problems = problems_after("offset_keyset", "      get: {path:", "      gte: {path:");
    let text =
        std::fs::read_to_string(fixture::shapes().join("offset_keyset/connector.yaml")).unwrap();
    let line = text
        .lines()
        .position(|line| line.starts_with("      get: {path:"))
        .unwrap()
        + 1;
    assert_eq!((problems[0].line, problems[0].column), (line as u64, 7));
    assert_eq!(problems[0].file, "offset_keyset/connector.yaml");
    // The key inside a tagged choice, where serde alone has no place to offer.
    let problems = problems_after(
        "offset_keyset",
        "    limit_param: limit",
        "    limt_param: limit",
    );
    let line = text
        .lines()
        .position(|line| line == "    limit_param: limit")
        .unwrap()
        + 1;
    assert!(
        problems
            .iter()
            .any(|problem| (problem.line, problem.column) == (line as u64, 5)),
        "{problems:?}"
    );
}

#[test]
fn all_mistakes_of_a_file_show_at_once() {
    let folder = copy("offset_keyset");
    edit(
        &folder,
        "offset_keyset/connector.yaml",
        "label: Offset",
        "lable: Offset",
    );
    edit(
        &folder,
        "offset_keyset/connector.yaml",
        "renew_at: 20h",
        "renew_at: soon",
    );
    edit(
        &folder,
        "offset_keyset/connector.yaml",
        "type: integer",
        "type: number",
    );
    let codes: Vec<ProblemCode> = Catalogue::check(folder.path())
        .problems
        .iter()
        .map(|one| one.code)
        .collect();
    assert_eq!(codes, [MissingKey, UnknownKey, Malformed, UnknownValue]);
}

#[test]
fn yaml_itself() {
    for (from, to, code, part) in [
        (
            "label: Offset",
            "label: Again\nlabel: Offset",
            DuplicateKey,
            "`label` stands here twice",
        ),
        ("auth:\n", "auth:\n\t- x\n", Yaml, ""),
        ("format: 1", "format: [", Yaml, ""),
        ("resources:\n", "resources:\n  <<: {}\n", Yaml, "merge keys"),
        (
            "category: procurement",
            "category: !!python/object x",
            Yaml,
            "",
        ),
        (
            "category: procurement",
            "category: procurement\n---\nformat: 1",
            Yaml,
            "",
        ),
    ] {
        let problems = problems_after("offset_keyset", from, to);
        assert_eq!(problems[0].code, code, "{to:?}: {}", problems[0]);
        assert!(problems[0].to_string().contains(part), "{}", problems[0]);
        assert!(problems[0].line > 0, "{}", problems[0]);
    }
}

#[test]
fn mappings_that_fit_nothing() {
    let file = "offset_keyset/mappings/crm/order.orders.yaml";
    for (from, to, code, part) in [
        (
            "resource: orders",
            "resource: order",
            UnknownResource,
            "did you mean `orders`?",
        ),
        (
            "model: crm/order",
            "model: crm/ordr",
            UnknownModel,
            "did you mean `crm/order`?",
        ),
        (
            "  status: status",
            "  statsu: status",
            UnknownField,
            "did you mean `status`?",
        ),
        (
            "  status: status",
            "  status: ' '",
            Malformed,
            "has no expression",
        ),
        (
            "  id: $string(id)\n",
            "",
            MissingKey,
            "the model requires `id`",
        ),
        (
            "  total: total",
            "  total: 5",
            WrongType,
            "put it in quotes",
        ),
        ("fields:", "feilds:", UnknownKey, "did you mean `fields`?"),
        (
            "fields:",
            "query: {statsu: status}\nfields:",
            UnknownField,
            "did you mean `status`?",
        ),
        (
            "fields:",
            "query: {status: ' '}\nfields:",
            Malformed,
            "has no expression",
        ),
    ] {
        let folder = copy("offset_keyset");
        edit(&folder, file, from, to);
        let loaded = Catalogue::check(folder.path());
        let found = loaded.problems.iter().find(|problem| problem.code == code);
        let found = found.unwrap_or_else(|| panic!("{to:?}: {:?}", loaded.problems));
        assert!(found.to_string().contains(part), "{found}");
        assert!(found.file == file && found.line > 0);
        assert!(loaded.catalogue.get("offset_keyset").is_none());
    }
}

#[test]
fn models_that_fit_nothing() {
    let (model, shared) = ("models/crm/order.yaml", "models/shared.yaml");
    for (file, from, to, code, part) in [
        (
            model,
            "{type: SynthParty}",
            "{type: SynthPrty}",
            UnknownType,
            "did you mean `SynthParty`?",
        ),
        (
            model,
            "{type: SynthParty}",
            "{type: {lst: SynthParty}}",
            UnknownKey,
            "did you mean `list`?",
        ),
        (
            model,
            "[open, closed, other]",
            "[open, open]",
            Malformed,
            "different words",
        ),
        (
            model,
            "model: crm/order",
            "model: crm/orders",
            Misplaced,
            "stands at `crm/order`",
        ),
        (
            model,
            "  total:",
            "  Total:",
            Malformed,
            "cannot be the name of a field",
        ),
        (
            model,
            "{map: string}",
            "{map: strng}",
            UnknownType,
            "did you mean `string`?",
        ),
        (
            shared,
            "name: {type: string}",
            "name: {type: {list: SynthParty}}",
            Contradiction,
            "contains itself",
        ),
        (
            shared,
            "item: {type: SynthParty}",
            "item: {type: Nobody}",
            UnknownType,
            "no type `Nobody`",
        ),
    ] {
        let folder = copy("offset_keyset");
        edit(&folder, file, from, to);
        let problems = Catalogue::check(folder.path()).problems;
        let found = problems.iter().find(|problem| problem.code == code);
        let found = found.unwrap_or_else(|| panic!("{to:?}: {problems:?}"));
        assert!(found.to_string().contains(part), "{found}");
    }
}

#[test]
fn files_that_mean_nothing() {
    let folder = copy("offset_keyset");
    let write = |file: &str, text: &str| {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("offset_keyset/README.md", "notes are welcome");
    write("offset_keyset/.hidden", "left out");
    assert!(Catalogue::check(folder.path()).problems.is_empty());
    write("offset_keyset/samples/order.json", "{}");
    write("offset_keyset/samples/orders.wrong.json", "{\"a\": }");
    write("offset_keyset/notes.txt", "");
    write("empty/notes.md", "");
    write("models/crm/readme.txt", "");
    let mut codes: Vec<ProblemCode> = Catalogue::check(folder.path())
        .problems
        .iter()
        .map(|one| one.code)
        .collect();
    codes.sort_unstable();
    let mut due = [UnknownResource, Json, Misplaced, Misplaced, Misplaced];
    due.sort_unstable();
    assert_eq!(codes, due);
    assert_eq!(
        Catalogue::check(&folder.path().join("nowhere")).problems[0].code,
        Unreadable
    );
}

#[test]
fn one_connector_can_be_checked_by_itself() {
    let loaded = Catalogue::check(&fixture::shapes().join("cursor"));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    assert_eq!(loaded.catalogue.iter().count(), 1);
}
