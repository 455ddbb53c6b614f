use bytes::Bytes;
use crosswalk_connector::{MoreFlag, Pagination, Pointer, RawPath, Resource};
use crosswalk_vault::Secret;
use jiff::Timestamp;
use url::Url;

use super::exchange::Exchange;
use crate::classify::{BodyKind, kind_of};
use crate::error::ClientError;
use crate::json;
use crate::page::{
    Continue, Page, PageFacts, Position, RawRecord, fingerprint, more_flag, next_page,
    read_records, to_json,
};
use crate::request::{self, ListRequest};
use crate::transport::Answer;

/// Reads an answer as a page of a list. What an error quotes of it is without `secrets`.
pub(super) fn read_page(
    resource: &Resource,
    request: &ListRequest,
    exchange: Exchange,
    secrets: &[&Secret],
) -> Result<Page, ClientError> {
    let Exchange {
        answer,
        url,
        end_of_results,
        requests,
        rate_limited,
    } = exchange;
    let server_date = answer
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok());
    let server_date = server_date.and_then(|date| Timestamp::try_from(date).ok());
    let bytes = answer.body.len() as u64;
    if end_of_results {
        return Ok(Page {
            records: Vec::new(),
            errors: Vec::new(),
            listed: 0,
            next: None,
            server_date,
            bytes,
            requests,
            rate_limited,
        });
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let body = json_body(&answer, &host)?;
    let whole = Pointer::default();
    let id = resource.id.clone().or_else(|| RawPath::parse("id").ok());
    let id = id.ok_or_else(|| ClientError::Definition {
        detail: "the resource has no id".to_owned(),
    })?;
    let contents = read_records(
        &body,
        resource.records.as_ref().unwrap_or(&whole),
        &id,
        &host,
        secrets,
    )?;
    let listed = contents.listed();
    let next = match &resource.pagination {
        Some(pagination) => {
            let cursor = request::cursor_of(pagination, request);
            let unreadable = |detail: String| ClientError::NotJson {
                host: host.clone(),
                detail,
            };
            // What follows stands in the text that was read: the body as received may not be UTF-8, and must not be taken for a last page.
            let text = std::str::from_utf8(&contents.text)
                .map_err(|error| unreadable(error.to_string()))?;
            let token = token_in(pagination, text, &answer, &url);
            let facts = PageFacts {
                last_key: last_key(resource, &cursor.position, &contents.records),
                cursor,
                asked: request::page_size(Some(pagination), request.limit),
                received: u32::try_from(listed).unwrap_or(u32::MAX),
                more: more_flag(pagination).and_then(|flag| more(text, flag)),
                token: token.map_err(|detail| unreadable(detail.to_owned()))?,
                fingerprint: fingerprint(&contents.records, &contents.errors),
            };
            match next_page(pagination, &facts) {
                Continue::Next(cursor) => Some(cursor),
                Continue::End => None,
                // A range is walked by whoever asked for it, who sees from the ids that the range was ignored and reads on another way.
                Continue::Loop(_) if request.range.is_some() => None,
                Continue::Loop(detail) => return Err(ClientError::LoopDetected { detail }),
                Continue::TooMany => {
                    return Err(ClientError::LoopDetected {
                        detail: "more pages than the definition's max_pages".to_owned(),
                    });
                }
            }
        }
        None => None,
    };
    Ok(Page {
        records: contents.records,
        errors: contents.errors,
        listed,
        next,
        server_date,
        bytes,
        requests,
        rate_limited,
    })
}

/// The body as JSON, converted from XML where the definition says so.
pub(super) fn json_body(answer: &Answer, host: &str) -> Result<Bytes, ClientError> {
    if kind_of(answer) != BodyKind::Xml {
        return Ok(answer.body.clone());
    }
    let converted = to_json(&answer.body);
    converted
        .map(Bytes::from)
        .map_err(|detail| ClientError::NotJson {
            host: host.to_owned(),
            detail: format!("XML that cannot be read: {detail}"),
        })
}

fn last_key(resource: &Resource, position: &Position, records: &[RawRecord]) -> Option<String> {
    let keyset = resource
        .keyset
        .as_ref()
        .filter(|_| matches!(position, Position::Key(_)))?;
    records.last()?.scalar(&keyset.field)
}

fn more(body: &str, flag: &MoreFlag) -> Option<bool> {
    match json::at_pointer(body, flag.pointer.as_str())?.get() {
        "true" => Some(flag.more_when),
        "false" => Some(!flag.more_when),
        _ => None,
    }
}

/// The token of the next page, or its whole address: one that is relative is so to the page's own.
///
/// # Errors
///
/// What keeps it from being read: one that cannot be is not one that is missing.
fn token_in(
    pagination: &Pagination,
    body: &str,
    answer: &Answer,
    page: &Url,
) -> Result<Option<String>, &'static str> {
    let at = |pointer: &Pointer| {
        json::at_pointer(body, pointer.as_str())
            .and_then(json::scalar)
            .filter(|token| !token.is_empty())
    };
    let (named, is_address) = match pagination {
        Pagination::Cursor(kind) => (at(&kind.token), false),
        Pagination::NextUrl(kind) => (at(&kind.url), true),
        Pagination::LinkHeader(kind) => {
            let mut links = answer.headers.get_all(http::header::LINK).iter();
            let found = links.find_map(|link| {
                link_with_rel(&String::from_utf8_lossy(link.as_bytes()), &kind.rel)
            });
            (found, true)
        }
        _ => (None, false),
    };
    let Some(named) = named else { return Ok(None) };
    if named.contains(char::REPLACEMENT_CHARACTER) {
        return Err("the place of the next page holds bytes that are not UTF-8");
    }
    if !is_address {
        return Ok(Some(named));
    }
    Ok(Some(page.join(&named).map_or(named, |url| url.to_string())))
}

/// The target of the link with this relation, in a `Link` header (RFC 8288). Commas and semicolons inside `<…>` and quotes are text.
fn link_with_rel(header: &str, rel: &str) -> Option<String> {
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let target_and_more = &rest[start + 1..];
        let end = target_and_more.find('>')?;
        let target = &target_and_more[..end];
        let mut quoted = false;
        let after = &target_and_more[end + 1..];
        let stop = after.find(|c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        let (params, next) = stop.map_or((after, ""), |at| (&after[..at], &after[at + 1..]));
        let matches = params
            .split(';')
            .filter_map(|param| param.split_once('='))
            .any(|(name, value)| {
                name.trim().eq_ignore_ascii_case("rel")
                    && value
                        .trim()
                        .trim_matches('"')
                        .split_whitespace()
                        .any(|word| word.eq_ignore_ascii_case(rel))
            });
        if matches {
            return Some(target.to_owned());
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_by_relation() {
        let header = r#"<https://a.example/x?page=1,2>; rel="prev"; title="a, b", </x?page=3>; REL=next , <c>; rel="last alternate""#;
        assert_eq!(link_with_rel(header, "next").as_deref(), Some("/x?page=3"));
        assert_eq!(
            link_with_rel(header, "prev").as_deref(),
            Some("https://a.example/x?page=1,2")
        );
        assert_eq!(link_with_rel(header, "alternate").as_deref(), Some("c"));
        assert_eq!(link_with_rel(header, "first"), None);
        assert_eq!(link_with_rel("nonsense", "next"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_link_header_is_too_odd(header in "[<>;,=\" a-z?&]{0,40}") {
            let _ = link_with_rel(&header, "next");
        }
    }
}
