//! The bodies and statuses the instance answers with, in the format the request accepts.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::xml;

/// XML unless JSON is asked for: XML is the base interface (Compass, *API Overview*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let json = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.to_ascii_lowercase().contains("application/json"));
        if json { Self::Json } else { Self::Xml }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
        }
    }
}

/// An answer before faults are applied to it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Cow<'static, str>,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(header::HeaderName, String)>,
    pub(crate) records: u64,
}

impl Answer {
    pub(crate) fn new(
        status: StatusCode,
        content_type: impl Into<Cow<'static, str>>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            body: body.into(),
            headers: Vec::new(),
            records: 0,
        }
    }

    pub(crate) fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn holding(mut self, records: usize) -> Self {
        self.records = records as u64;
        self
    }

    /// An error about `model`: JSON groups messages under the model's name, XML lists them (Compass, *Differences
    /// Between XML and JSON*).
    pub(crate) fn error(status: StatusCode, format: Format, model: &str, message: &str) -> Self {
        let body = match format {
            Format::Json => json!({"errors": {model: [message]}}).to_string(),
            Format::Xml => xml::errors([message]),
        };
        Self::new(status, format.content_type(), body)
    }

    /// A record that is not there: the JSON interface answers with something that is not JSON.
    pub(crate) fn no_record(format: Format) -> Self {
        match format {
            Format::Json => Self::new(
                StatusCode::NOT_FOUND,
                "text/html; charset=utf-8",
                "<h1>404 Not Found</h1>",
            ),
            Format::Xml => Self::error(StatusCode::NOT_FOUND, format, "base", "Record not found."),
        }
    }

    pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Self {
        Self::new(status, Format::Json.content_type(), body.to_string())
    }

    pub(crate) fn html(status: StatusCode) -> Self {
        let body = "<!DOCTYPE html><html><head><title>Scheduled maintenance</title></head>\
                    <body><h1>We will be back soon</h1></body></html>";
        Self::new(status, "text/html; charset=utf-8", body)
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::new(StatusCode::FOUND, "text/html; charset=utf-8", "").with(header::LOCATION, to)
    }

    /// `date` is the instance's own time.
    pub(crate) fn into_response(
        self,
        date: &str,
        body: impl FnOnce(Vec<u8>) -> Body,
    ) -> Response<Body> {
        let length = self.body.len();
        let mut response = Response::new(body(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Ok(content_type) = HeaderValue::from_str(&self.content_type) {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        if let Ok(date) = HeaderValue::from_str(date) {
            headers.insert(header::DATE, date);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}
