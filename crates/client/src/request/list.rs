use std::time::SystemTime;

use crosswalk_connector::{
    Keyset, ListOperation, Pagination, Place, RawPath, Resource, Source, TimeFormat,
};
use http::header::CONTENT_TYPE;
use jiff::Timestamp;

use super::head::{add_headers, read_headers, render_body};
use super::{Draft, ListRequest, Params, Unwritten, join};
use crate::error::ClientError;
use crate::page::{Cursor, Position, first_position};
use crate::profile::{Profile, on_origin};
use crate::token::Token;
use crate::values::Values;

/// How many records a page is asked for.
pub(crate) fn page_size(pagination: Option<&Pagination>, limit: Option<u32>) -> u32 {
    let Some(rules) = pagination.and_then(Pagination::page) else {
        return limit.unwrap_or(u32::MAX);
    };
    limit.unwrap_or(rules.size).min(rules.max_size).max(1)
}

/// Where the request begins.
pub(crate) fn cursor_of(pagination: &Pagination, request: &ListRequest) -> Cursor {
    match (&request.cursor, &request.range) {
        (Some(cursor), _) => cursor.clone(),
        (None, Some(range)) => Cursor::at(Position::Key(range.after.clone())),
        (None, None) => Cursor::at(first_position(pagination)),
    }
}

/// Writes a request for one page.
pub(crate) fn list(
    profile: &Profile,
    token: Option<&Token>,
    resource: &Resource,
    operation: &ListOperation,
    request: &ListRequest,
) -> Result<Draft, ClientError> {
    let whole = Pagination::None(crosswalk_connector::NoPagination {});
    let pagination = resource.pagination.as_ref().unwrap_or(&whole);
    let cursor = cursor_of(pagination, request);
    let base = profile.base_url(token)?;
    let size = page_size(Some(pagination), request.limit);
    let extra = extra_values(profile, resource, pagination, &cursor, request, size)?;
    let values = profile.values(token).with(&extra);
    let mut headers = read_headers(profile, &values, &operation.headers)?;
    if let Some(watermark) = resource
        .watermark
        .as_ref()
        .filter(|_| request.since.is_some())
    {
        add_headers(&mut headers, &values, &watermark.headers)?;
    }
    let (body, kind) = match &operation.body {
        Some(body) => render_body(body, &values)?,
        None => (None, None),
    };
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, kind);
    }
    if let Position::Url(Some(next)) = &cursor.position {
        let url = on_origin(&base, next)?;
        let own = own_names(profile, &values, resource, operation, pagination, request);
        return Ok(Draft {
            method: operation.method,
            url,
            headers,
            body,
            unwritten: Unwritten::AllBut(own),
        });
    }
    let alone = matches!((&cursor.position, pagination), (Position::Token(Some(_)), Pagination::Cursor(kind))
        if kind.drop_other_params && cursor.pages > 0);
    let mut params = Params::default();
    if !alone {
        params.fill(&values, &operation.params)?;
        add_conditions(&mut params, profile, &values, resource, request)?;
    }
    add_paging(
        &mut params,
        &values,
        resource.keyset.as_ref(),
        pagination,
        &cursor,
        request,
        (!alone).then_some(size),
    )?;
    let path = values.render(&operation.path, Place::Path)?;
    Ok(Draft {
        method: operation.method,
        url: join(&base, &path, &params)?,
        headers,
        body,
        unwritten: unwritten(resource, pagination, &cursor),
    })
}

/// What of a request that the definition wrote is the provider's: a token it named, or a key that is no id.
fn unwritten(resource: &Resource, pagination: &Pagination, cursor: &Cursor) -> Unwritten {
    match (&cursor.position, pagination) {
        (Position::Token(Some(token)), Pagination::Cursor(kind))
            if kind.first.as_ref() != Some(token) =>
        {
            Unwritten::Of(vec![kind.param.clone()])
        }
        (Position::Key(_), _) => match resource.keyset.as_ref() {
            Some(keyset) if !is_id(resource, keyset) => {
                let names = keyset.after.keys().chain(keyset.up_to.keys());
                Unwritten::Of(names.cloned().collect())
            }
            _ => Unwritten::Nothing,
        },
        _ => Unwritten::Nothing,
    }
}

fn is_id(resource: &Resource, keyset: &Keyset) -> bool {
    let id = resource.id.as_ref().map_or("id", RawPath::as_str);
    keyset.field.as_str() == id
}

/// The parameters that the definition and the request write by themselves, which a provider's next address repeats.
fn own_names(
    profile: &Profile,
    values: &Values<'_>,
    resource: &Resource,
    operation: &ListOperation,
    pagination: &Pagination,
    request: &ListRequest,
) -> Vec<String> {
    let mut params = Params::default();
    // What cannot be filled in is not known, and its value not written down.
    let _ = params.fill(values, &operation.params);
    let _ = add_conditions(&mut params, profile, values, resource, request);
    let names = params.names().chain(pagination.size_param());
    names.map(str::to_owned).collect()
}

fn add_conditions(
    params: &mut Params,
    profile: &Profile,
    values: &Values<'_>,
    resource: &Resource,
    request: &ListRequest,
) -> Result<(), ClientError> {
    if let Some(newest) = resource
        .newest_first
        .as_ref()
        .filter(|_| request.newest_first)
    {
        params.fill(values, newest)?;
    }
    if request.unexported {
        let exported = resource
            .exported
            .as_ref()
            .ok_or_else(|| lacks("exported"))?;
        params.fill(values, &exported.params)?;
    }
    if request.since.is_some() {
        params.fill(
            values,
            &resource
                .watermark
                .as_ref()
                .ok_or_else(|| lacks("watermark"))?
                .params,
        )?;
    }
    if request.sample.is_some() {
        params.fill(
            values,
            &resource
                .sample_by
                .as_ref()
                .ok_or_else(|| lacks("sample_by"))?
                .params,
        )?;
    }
    let filters = &profile.connector().filters;
    for filter in &request.filters {
        let name =
            filters
                .operators
                .get(&filter.operator)
                .ok_or_else(|| ClientError::Definition {
                    detail: format!("its filters have no operator `{}`", filter.operator),
                })?;
        let field = [(Source::Filter, "field", filters.case.apply(&filter.field))];
        params.set(
            &values.with(&field).render(name, Place::Text)?,
            filter.value.clone(),
        );
    }
    match (&resource.selection, &request.selection) {
        (Some(how), Some(selection)) => {
            for (name, value) in how.params(&selection.paths, selection.custom_fields) {
                params.push(name, value);
            }
        }
        (Some(how), None) => params.fill(values, &how.whole)?,
        (None, _) => {}
    }
    Ok(())
}

fn lacks(what: &str) -> ClientError {
    ClientError::Definition {
        detail: format!("the resource has no `{what}`"),
    }
}

fn add_paging(
    params: &mut Params,
    values: &Values<'_>,
    keyset: Option<&Keyset>,
    pagination: &Pagination,
    cursor: &Cursor,
    request: &ListRequest,
    size: Option<u32>,
) -> Result<(), ClientError> {
    match (&cursor.position, pagination) {
        (Position::Offset(offset), Pagination::Offset(kind)) => {
            params.set(&kind.offset_param, offset.to_string());
        }
        (Position::Number(number), Pagination::Page(kind)) => {
            params.set(&kind.page_param, number.to_string());
        }
        (Position::Token(Some(token)), Pagination::Cursor(kind)) => {
            params.set(&kind.param, token.clone());
        }
        (Position::Key(after), _) => {
            let keyset = keyset.ok_or_else(|| lacks("keyset"))?;
            params.fill(values, &keyset.order)?;
            if after.is_some() {
                params.fill(values, &keyset.after)?;
            }
            if request
                .range
                .as_ref()
                .is_some_and(|range| range.up_to.is_some())
            {
                if keyset.up_to.is_empty() {
                    return Err(lacks("keyset.up_to"));
                }
                params.fill(values, &keyset.up_to)?;
            }
            let skip = request.range.as_ref().map_or(0, |range| range.skip);
            if skip > 0 && request.cursor.is_none() {
                let Pagination::Offset(kind) = pagination else {
                    return Err(lacks("pagination by offset, so nothing can be skipped"));
                };
                params.set(
                    &kind.offset_param,
                    (u64::from(kind.start) + skip).to_string(),
                );
            }
        }
        (Position::Token(None) | Position::Url(_) | Position::Start(_) | Position::Whole, _) => {}
        // The place itself may be a token, and is not told.
        (Position::Offset(_) | Position::Number(_) | Position::Token(Some(_)), _) => {
            return Err(ClientError::Definition {
                detail: "its pagination has changed, and the place that was kept no longer fits"
                    .to_owned(),
            });
        }
    }
    if let (Some(param), Some(size)) = (pagination.size_param(), size) {
        params.set(param, size.to_string());
    }
    Ok(())
}

type Extra = (Source, &'static str, String);

fn extra_values(
    profile: &Profile,
    resource: &Resource,
    pagination: &Pagination,
    cursor: &Cursor,
    request: &ListRequest,
    size: u32,
) -> Result<Vec<Extra>, ClientError> {
    let mut extra = vec![(Source::Page, "size", size.to_string())];
    match &cursor.position {
        Position::Offset(offset) => extra.push((Source::Page, "offset", offset.to_string())),
        Position::Number(number) => extra.push((Source::Page, "number", number.to_string())),
        Position::Start(start) => extra.push((Source::Page, "start", start.to_string())),
        Position::Key(Some(after)) => extra.push((Source::Range, "after", after.clone())),
        // A connection test asks for one record of a list whose query text names its place.
        _ if matches!(pagination, Pagination::QueryLanguage(_)) => {
            extra.push((Source::Page, "start", "1".to_owned()));
        }
        _ => {}
    }
    if let Some(up_to) = request.range.as_ref().and_then(|range| range.up_to.clone()) {
        extra.push((Source::Range, "up_to", up_to));
    }
    if let Some(sample) = &request.sample {
        extra.push((Source::Sample, "value", sample.clone()));
    }
    if let (Some(how), Some(selection)) = (&resource.selection, &request.selection) {
        extra.push((
            Source::Selection,
            "fields",
            how.fields(&selection.paths, selection.custom_fields),
        ));
    }
    let mut clause = String::new();
    if let Some(watermark) = &resource.watermark {
        if let Some(since) = request.since {
            extra.push((Source::Watermark, "value", written(since, watermark.format)));
            if let Some(template) = &watermark.clause {
                clause = profile
                    .values(None)
                    .with(&extra)
                    .render(template, Place::Text)?;
            }
        }
        extra.push((Source::Watermark, "clause", clause));
    }
    Ok(extra)
}

/// A time as a definition wants it written.
fn written(time: Timestamp, format: TimeFormat) -> String {
    match format {
        TimeFormat::Rfc3339 => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        TimeFormat::Rfc3339Millis => time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        TimeFormat::Date => time.strftime("%Y-%m-%d").to_string(),
        TimeFormat::EpochS => time.as_second().to_string(),
        TimeFormat::EpochMs => time.as_millisecond().to_string(),
        // Written from 1970 on only; nothing that changed is older.
        TimeFormat::HttpDate => {
            httpdate::fmt_http_date(SystemTime::from(time.max(Timestamp::UNIX_EPOCH)))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn times_are_written_as_the_definition_wants_them() {
        for (time, format, expected) in [
            (
                "2026-11-20T22:00:00Z",
                TimeFormat::HttpDate,
                "Fri, 20 Nov 2026 22:00:00 GMT",
            ),
            (
                "1969-12-31T23:59:59Z",
                TimeFormat::HttpDate,
                "Thu, 01 Jan 1970 00:00:00 GMT",
            ),
            (
                "0001-01-01T00:00:00Z",
                TimeFormat::HttpDate,
                "Thu, 01 Jan 1970 00:00:00 GMT",
            ),
            ("1969-12-31T23:59:59Z", TimeFormat::EpochS, "-1"),
            ("2026-11-20T22:00:00Z", TimeFormat::Date, "2026-11-20"),
        ] {
            assert_eq!(written(time.parse().unwrap(), format), expected, "{time}");
        }
    }
}
