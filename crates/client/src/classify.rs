//! What an answer means: the definition's error rules, then the status.

use crosswalk_connector::{BodyMatch, ErrorClass, ErrorRule};

use crate::json;
use crate::transport::Answer;
use crate::words;

/// Conditions on a body's text look no further than this: errors are short, and pages of records are not searched for words.
const SEARCHED: usize = 64 * 1024;

/// What kind of text a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Empty,
    Json,
    Html,
    Xml,
    Other,
}

/// What an answer means. `None` as class: it can be used.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) class: Option<ErrorClass>,
    pub(crate) body: BodyKind,
    /// The provider's own words.
    pub(crate) text: String,
    /// The definition's next step.
    pub(crate) hint: Option<String>,
    /// The scope the definition says is missing.
    pub(crate) scope: Option<String>,
}

/// Judges an answer by the first rule that matches, else by its status.
pub(crate) fn classify(rules: &[ErrorRule], answer: &Answer) -> Verdict {
    let body = kind_of(answer);
    let rule = rules.iter().find(|rule| matches(rule, answer, body));
    let class = match rule {
        Some(rule) => Some(rule.class),
        None => by_status(answer.status, body),
    };
    let text = if class.is_some() {
        said(rule, answer, body)
    } else {
        String::new()
    };
    Verdict {
        class,
        body,
        text,
        hint: rule.and_then(|rule| rule.hint.clone()),
        scope: rule.and_then(|rule| rule.scope.clone()),
    }
}

fn by_status(status: u16, body: BodyKind) -> Option<ErrorClass> {
    Some(match status {
        304 => ErrorClass::EndOfResults,
        // A web page with a success status is a sign-in form or a proxy's notice.
        200..=299 if body == BodyKind::Html => ErrorClass::Fatal,
        200..=299 => return None,
        401 => ErrorClass::Auth,
        403 => ErrorClass::Forbidden,
        429 => ErrorClass::RateLimited,
        408 | 425 | 500..=599 => ErrorClass::Transient,
        400..=499 => ErrorClass::Invalid,
        _ => ErrorClass::Fatal,
    })
}

fn matches(rule: &ErrorRule, answer: &Answer, body: BodyKind) -> bool {
    let status = rule.status.is_empty()
        || rule
            .status
            .iter()
            .any(|pattern| pattern.matches(answer.status));
    let header = rule.header.as_ref().is_none_or(|wanted| {
        answer
            .headers
            .get_all(wanted.name.as_str())
            .iter()
            .any(|value| {
                let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
                wanted
                    .contains
                    .as_ref()
                    .is_none_or(|text| value.contains(&text.to_lowercase()))
            })
    });
    status
        && header
        && rule
            .body
            .as_ref()
            .is_none_or(|wanted| body_matches(wanted, answer, body))
}

fn body_matches(wanted: &BodyMatch, answer: &Answer, body: BodyKind) -> bool {
    let Some(pointer) = &wanted.pointer else {
        let end = answer.body.len().min(SEARCHED);
        let text = String::from_utf8_lossy(&answer.body[..end]).to_lowercase();
        let exists = wanted
            .exists
            .is_none_or(|exists| exists != answer.body.is_empty());
        let contains = wanted
            .contains
            .as_ref()
            .is_none_or(|words| text.contains(&words.to_lowercase()));
        let equals = wanted.equals.as_ref().is_none_or(|value| {
            serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|it| it == *value)
        });
        return exists && contains && equals;
    };
    if body != BodyKind::Json {
        return false;
    }
    let text = json::text(&answer.body);
    let found = json::at_pointer(&text, pointer.as_str());
    let value: Option<serde_json::Value> = found
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .filter(|value: &serde_json::Value| !value.is_null());
    let exists = wanted.exists.is_none_or(|exists| exists == value.is_some());
    let equals = wanted
        .equals
        .as_ref()
        .is_none_or(|wanted| value.as_ref().unwrap_or(&serde_json::Value::Null) == wanted);
    let contains = wanted.contains.as_ref().is_none_or(|text| {
        value.as_ref().is_some_and(|value| {
            words::of_json(value)
                .to_lowercase()
                .contains(&text.to_lowercase())
        })
    });
    exists && equals && contains
}

fn said(rule: Option<&ErrorRule>, answer: &Answer, body: BodyKind) -> String {
    let end = answer.body.len().min(SEARCHED);
    let text = String::from_utf8_lossy(&answer.body[..end]);
    let message = rule.and_then(|rule| rule.message.as_ref());
    match body {
        BodyKind::Empty => String::new(),
        BodyKind::Html | BodyKind::Xml => words::of_html(&text),
        BodyKind::Json => {
            let whole = json::text(&answer.body);
            let found = message
                .and_then(|pointer| json::at_pointer(&whole, pointer.as_str()))
                .or_else(|| json::at_pointer(&whole, ""));
            found
                .and_then(|raw| serde_json::from_str(raw.get()).ok())
                .map_or_else(|| text.into_owned(), |value| words::of_json(&value))
        }
        BodyKind::Other => text.into_owned(),
    }
}

/// What a body is, by its first character rather than by what the header claims; an HTML page is told from XML by its root.
pub(crate) fn kind_of(answer: &Answer) -> BodyKind {
    let start = answer
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&answer.body);
    let start = start.trim_ascii_start();
    match start.first() {
        None => BodyKind::Empty,
        Some(b'<') => {
            let head = String::from_utf8_lossy(&start[..start.len().min(512)]).to_ascii_lowercase();
            let says_html = answer
                .header("content-type")
                .is_some_and(|kind| kind.contains("html"));
            if says_html || head.starts_with("<!doctype html") || head.contains("<html") {
                BodyKind::Html
            } else {
                BodyKind::Xml
            }
        }
        Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => BodyKind::Json,
        Some(_) => BodyKind::Other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;
    use bytes::Bytes;
    use http::HeaderMap;
    use serde_json::json;

    fn answer(status: u16, body: &'static str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    fn rules(rules: serde_json::Value) -> Vec<ErrorRule> {
        serde_json::from_value(rules).unwrap()
    }

    #[test]
    fn the_status_decides_without_rules() {
        let table = [
            (200, "[]", None),
            (
                200,
                "<!DOCTYPE html><title>Sign in</title>",
                Some(ErrorClass::Fatal),
            ),
            (304, "", Some(ErrorClass::EndOfResults)),
            (401, "", Some(ErrorClass::Auth)),
            (403, "", Some(ErrorClass::Forbidden)),
            (404, "", Some(ErrorClass::Invalid)),
            (408, "", Some(ErrorClass::Transient)),
            (429, "", Some(ErrorClass::RateLimited)),
            (503, "<html>down</html>", Some(ErrorClass::Transient)),
        ];
        for (status, body, class) in table {
            assert_eq!(
                classify(&[], &answer(status, body)).class,
                class,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn rules_match_on_status_header_and_body() {
        let rules = rules(json!([
            {"status": [404], "body": {"contains": "no results"}, "class": "end_of_results"},
            {"status": [200], "body": {"pointer": "/ok", "equals": false}, "class": "fatal", "message": "/error"},
            {"body": {"pointer": "/quota", "exists": true}, "class": "rate_limited"},
            {"header": {"name": "X-Fault", "contains": "gone"}, "class": "transient", "hint": "Wait."},
            {"status": ["4xx"], "class": "forbidden", "scope": "a.read"}
        ]));
        let class = |status, body| classify(&rules, &answer(status, body)).class;
        assert_eq!(
            class(404, "<errors><error>No Results match</error></errors>"),
            Some(ErrorClass::EndOfResults)
        );
        assert_eq!(class(404, "<errors/>"), Some(ErrorClass::Forbidden));
        assert_eq!(class(200, r#"{"ok":true}"#), None);
        assert_eq!(class(200, r#"{"quota":{}}"#), Some(ErrorClass::RateLimited));
        assert_eq!(class(200, r#"{"quota":null}"#), None);
        let failed = classify(&rules, &answer(200, r#"{"ok":false,"error":"not_authed"}"#));
        assert_eq!(
            (failed.class, failed.text.as_str()),
            (Some(ErrorClass::Fatal), "not_authed")
        );
        // One bad byte or a byte order mark does not make an error a success.
        let odd: [&'static [u8]; 2] = [
            b"{\"ok\":false,\"error\":\"\xff\"}",
            b"\xef\xbb\xbf{\"ok\":false}",
        ];
        for body in odd {
            let odd = Answer {
                body: Bytes::from_static(body),
                ..answer(200, "")
            };
            assert_eq!(classify(&rules, &odd).class, Some(ErrorClass::Fatal));
        }
        let mut marked = answer(200, "[]");
        marked
            .headers
            .insert("x-fault", "Gone Away".parse().unwrap());
        let verdict = classify(&rules, &marked);
        assert_eq!(
            (verdict.class, verdict.hint.as_deref()),
            (Some(ErrorClass::Transient), Some("Wait."))
        );
        assert_eq!(
            classify(&rules, &answer(400, "")).scope.as_deref(),
            Some("a.read")
        );
    }

    #[test]
    fn bodies_are_told_apart() {
        for (body, kind) in [
            ("", BodyKind::Empty),
            (" \n{}", BodyKind::Json),
            ("<?xml version=\"1.0\"?><errors/>", BodyKind::Xml),
            ("<!doctype HTML><html>", BodyKind::Html),
            ("<?xml version=\"1.0\"?><html xmlns=\"x\">", BodyKind::Html),
            ("Bad Gateway", BodyKind::Other),
        ] {
            assert_eq!(kind_of(&answer(200, body)), kind, "{body}");
        }
    }
}
