use bytes::Bytes;
use crosswalk_connector::{Body, JsonTemplate, Place, Template};
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use indexmap::IndexMap;
use serde_json::Value;

use super::Params;
use crate::error::ClientError;
use crate::profile::Profile;
use crate::values::Values;

/// The headers of a read, without those that carry secrets.
pub(crate) fn read_headers(
    profile: &Profile,
    values: &Values<'_>,
    own: &IndexMap<String, Template>,
) -> Result<HeaderMap, ClientError> {
    let connector = profile.connector();
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, header_value("Accept", &connector.formats.accept)?);
    if connector.formats.content_type_on_reads {
        headers.insert(
            CONTENT_TYPE,
            header_value("Content-Type", &connector.formats.content_type)?,
        );
    }
    add_headers(&mut headers, values, &connector.headers)?;
    add_headers(&mut headers, values, own)?;
    Ok(headers)
}

pub(super) fn add_headers(
    headers: &mut HeaderMap,
    values: &Values<'_>,
    templates: &IndexMap<String, Template>,
) -> Result<(), ClientError> {
    for (name, template) in templates {
        headers.insert(
            header_name(name)?,
            header_value(name, &values.render(template, Place::Header)?)?,
        );
    }
    Ok(())
}

pub(super) fn header_name(name: &str) -> Result<HeaderName, ClientError> {
    HeaderName::try_from(name).map_err(|_| ClientError::Definition {
        detail: format!("`{name}` is no header name"),
    })
}

pub(crate) fn header_value(name: &str, value: &str) -> Result<HeaderValue, ClientError> {
    HeaderValue::try_from(value).map_err(|_| ClientError::Definition {
        detail: format!("the header `{name}` has no valid value"),
    })
}

/// A body, and its content type.
pub(crate) fn render_body(
    body: &Body,
    values: &Values<'_>,
) -> Result<(Option<Bytes>, Option<HeaderValue>), ClientError> {
    if let Some(json) = &body.json {
        let json = render_json(json, values)?.to_string();
        return Ok((
            Some(Bytes::from(json)),
            Some(HeaderValue::from_static("application/json")),
        ));
    }
    let Some(form) = &body.form else {
        return Ok((None, None));
    };
    let mut params = Params::default();
    params.fill(values, form)?;
    let form = params.encoded();
    Ok((
        Some(Bytes::from(form)),
        Some(HeaderValue::from_static(
            "application/x-www-form-urlencoded",
        )),
    ))
}

fn render_json(template: &JsonTemplate, values: &Values<'_>) -> Result<Value, ClientError> {
    Ok(match template {
        JsonTemplate::Null => Value::Null,
        JsonTemplate::Bool(flag) => Value::Bool(*flag),
        JsonTemplate::Number(number) => Value::Number(number.clone()),
        JsonTemplate::Text(text) => Value::String(values.render(text, Place::Text)?),
        JsonTemplate::List(items) => Value::Array(
            items
                .iter()
                .map(|item| render_json(item, values))
                .collect::<Result<_, _>>()?,
        ),
        JsonTemplate::Object(members) => {
            let rendered = members
                .iter()
                .map(|(name, member)| Ok((name.clone(), render_json(member, values)?)));
            Value::Object(rendered.collect::<Result<_, ClientError>>()?)
        }
    })
}
