#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]
use super::*;
use serde_json::json;

fn paging(value: serde_json::Value) -> Pagination {
    serde_json::from_value(value).unwrap()
}

fn facts(position: Position) -> PageFacts {
    PageFacts {
        cursor: Cursor::at(position),
        asked: 50,
        received: 50,
        more: None,
        token: None,
        last_key: None,
        fingerprint: Some(1),
    }
}

fn next(pagination: &Pagination, facts: &PageFacts) -> Continue {
    next_page(pagination, facts)
}

fn goes_to(outcome: Continue) -> Position {
    match outcome {
        Continue::Next(cursor) => cursor.position,
        other => panic!("expected a next page, got {other:?}"),
    }
}

fn rules() -> serde_json::Value {
    json!({"size": 50, "max_size": 50})
}

/// A page of so many records at `position`.
fn with(position: Position, received: u32, more: Option<bool>) -> PageFacts {
    PageFacts {
        received,
        more,
        ..facts(position)
    }
}

#[test]
fn offset() {
    let kind =
        paging(json!({"kind": "offset", "offset_param": "o", "limit_param": "l", "page": rules()}));
    assert_eq!(first_position(&kind), Position::Offset(0));
    assert_eq!(
        goes_to(next(&kind, &with(Position::Offset(50), 50, None))),
        Position::Offset(100)
    );
    assert_eq!(
        next(&kind, &with(Position::Offset(0), 49, None)),
        Continue::End
    );
    assert_eq!(
        next(&kind, &with(Position::Offset(0), 0, None)),
        Continue::End
    );
}

#[test]
fn offset_with_a_flag() {
    let kind = paging(
        json!({"kind": "offset", "offset_param": "o", "limit_param": "l", "page": rules(),
        "more": {"pointer": "/more", "more_when": true}}),
    );
    assert_eq!(
        next(&kind, &with(Position::Offset(0), 50, Some(false))),
        Continue::End
    );
    assert_eq!(
        goes_to(next(&kind, &with(Position::Offset(0), 30, Some(true)))),
        Position::Offset(30)
    );
    assert_eq!(
        goes_to(next(&kind, &with(Position::Offset(0), 30, None))),
        Position::Offset(30)
    );
    assert_eq!(
        next(&kind, &with(Position::Offset(30), 0, Some(true))),
        Continue::End
    );
    // By key too: where a flag speaks, a short page ends nothing and an empty one does.
    let page = PageFacts {
        last_key: Some("9".to_owned()),
        ..with(Position::Key(None), 9, Some(true))
    };
    assert_eq!(
        goes_to(next(&kind, &page)),
        Position::Key(Some("9".to_owned()))
    );
    let page = with(Position::Key(Some("9".to_owned())), 0, Some(true));
    assert_eq!(next(&kind, &page), Continue::End);
}

#[test]
fn offset_that_stops_on_an_empty_page_only() {
    let kind = paging(
        json!({"kind": "offset", "offset_param": "o", "limit_param": "l", "start": 1,
        "page": {"size": 50, "max_size": 50, "stop": ["empty_page"]}}),
    );
    assert_eq!(first_position(&kind), Position::Offset(1));
    assert_eq!(
        goes_to(next(
            &kind,
            &PageFacts {
                received: 20,
                ..facts(Position::Offset(1))
            }
        )),
        Position::Offset(21)
    );
    assert_eq!(
        next(
            &kind,
            &PageFacts {
                received: 0,
                ..facts(Position::Offset(21))
            }
        ),
        Continue::End
    );
}

#[test]
fn page_number() {
    let kind =
        paging(json!({"kind": "page", "page_param": "page", "size_param": "n", "page": rules()}));
    assert_eq!(first_position(&kind), Position::Number(1));
    assert_eq!(
        goes_to(next(&kind, &with(Position::Number(1), 50, None))),
        Position::Number(2)
    );
    assert_eq!(
        next(&kind, &with(Position::Number(2), 3, None)),
        Continue::End
    );
    let from_zero = paging(json!({"kind": "page", "page_param": "page", "start": 0,
        "page": {"size": 50, "max_size": 50, "stop": ["empty_page"]}}));
    assert_eq!(first_position(&from_zero), Position::Number(0));
    assert_eq!(
        goes_to(next(&from_zero, &with(Position::Number(0), 3, None))),
        Position::Number(1)
    );
    assert_eq!(
        next(&from_zero, &with(Position::Number(1), 0, None)),
        Continue::End
    );
}

#[test]
fn token() {
    let kind = paging(
        json!({"kind": "cursor", "param": "after", "token": "/paging/next/after", "page": rules()}),
    );
    assert_eq!(first_position(&kind), Position::Token(None));
    let token = |text: &str| Some(text.to_owned());
    let first = PageFacts {
        token: token("b"),
        received: 10,
        ..facts(Position::Token(None))
    };
    assert_eq!(goes_to(next(&kind, &first)), Position::Token(token("b")));
    assert_eq!(
        next(&kind, &facts(Position::Token(token("b")))),
        Continue::End
    );
    let stuck = PageFacts {
        token: token("b"),
        ..facts(Position::Token(token("b")))
    };
    assert!(matches!(next(&kind, &stuck), Continue::Loop(_)));
}

#[test]
fn addresses() {
    for kind in [
        json!({"kind": "next_url", "url": "/links/next", "page": rules()}),
        json!({"kind": "link_header", "page": rules()}),
    ] {
        let kind = paging(kind);
        assert_eq!(first_position(&kind), Position::Url(None));
        let url = Some("https://a.example/list?page=2".to_owned());
        assert_eq!(
            goes_to(next(
                &kind,
                &PageFacts {
                    token: url.clone(),
                    ..facts(Position::Url(None))
                }
            )),
            Position::Url(url)
        );
        assert_eq!(next(&kind, &facts(Position::Url(None))), Continue::End);
    }
}

#[test]
fn address_with_a_flag_that_means_done() {
    let kind = paging(
        json!({"kind": "next_url", "url": "/next", "more": {"pointer": "/done", "more_when": false},
        "page": {"size": 50, "max_size": 50, "stop": ["flag"]}}),
    );
    let url = Some("/q/2".to_owned());
    assert_eq!(
        next(
            &kind,
            &PageFacts {
                more: Some(false),
                token: url.clone(),
                ..facts(Position::Url(None))
            }
        ),
        Continue::End
    );
    assert_eq!(
        goes_to(next(
            &kind,
            &PageFacts {
                more: Some(true),
                token: url.clone(),
                ..facts(Position::Url(None))
            }
        )),
        Position::Url(url)
    );
}

#[test]
fn query_language() {
    let kind = paging(json!({"kind": "query_language", "page": rules()}));
    assert_eq!(first_position(&kind), Position::Start(1));
    assert_eq!(
        goes_to(next(&kind, &facts(Position::Start(1)))),
        Position::Start(51)
    );
    assert_eq!(
        next(
            &kind,
            &PageFacts {
                received: 4,
                ..facts(Position::Start(51))
            }
        ),
        Continue::End
    );
}

#[test]
fn key() {
    let kind = paging(json!({"kind": "keyset", "limit_param": "limit", "page": rules()}));
    assert_eq!(first_position(&kind), Position::Key(None));
    let key = |text: &str| Some(text.to_owned());
    let page = PageFacts {
        last_key: key("50"),
        ..facts(Position::Key(None))
    };
    assert_eq!(goes_to(next(&kind, &page)), Position::Key(key("50")));
    assert!(matches!(
        next(&kind, &facts(Position::Key(key("50")))),
        Continue::Loop(_)
    ));
    assert_eq!(
        next(
            &kind,
            &PageFacts {
                received: 7,
                last_key: key("57"),
                ..facts(Position::Key(key("50")))
            }
        ),
        Continue::End
    );
}

#[test]
fn a_list_paged_by_offset_can_be_walked_by_key() {
    let kind = paging(
        json!({"kind": "offset", "offset_param": "offset", "limit_param": "limit", "page": rules()}),
    );
    let page = PageFacts {
        last_key: Some("90".to_owned()),
        ..facts(Position::Key(Some("40".to_owned())))
    };
    assert_eq!(
        goes_to(next(&kind, &page)),
        Position::Key(Some("90".to_owned()))
    );
    let short = PageFacts {
        received: 9,
        ..page
    };
    assert_eq!(next(&kind, &short), Continue::End);
}

#[test]
fn none() {
    let kind = paging(json!({"kind": "none"}));
    assert_eq!(first_position(&kind), Position::Whole);
    assert_eq!(next(&kind, &facts(Position::Whole)), Continue::End);
}

#[test]
fn the_guards_hold() {
    let kind = paging(
        json!({"kind": "offset", "offset_param": "o", "limit_param": "l",
        "page": {"size": 50, "max_size": 50, "max_pages": 3}}),
    );
    let mut page = facts(Position::Offset(50));
    page.cursor.previous = Some(1);
    assert!(matches!(next(&kind, &page.clone()), Continue::Loop(_)));
    page.cursor.previous = Some(2);
    page.cursor.pages = 2;
    assert_eq!(next(&kind, &page), Continue::TooMany);
}
