use std::borrow::Cow;

use bytes::Bytes;
use crosswalk_connector::{Method, Place, Source};

use super::AccountClient;
use super::exchange::Manner;
use super::page::json_body;
use crate::call::{CallContext, shown_headers};
use crate::error::ClientError;
use crate::json;
use crate::page::RawRecord;
use crate::profile::on_origin;
use crate::request::{Draft, Params, Unwritten, header_value, join, read_headers, render_body};
use crate::words;

/// The answer to a pass-through read.
#[derive(Debug, Clone)]
pub struct PassThrough {
    /// The status, whatever it was.
    pub status: u16,
    /// The headers; values that hold secrets are replaced by `…`.
    pub headers: Vec<(String, String)>,
    /// The body as received.
    pub body: Bytes,
}

/// The part of `path` below the base URL: a path written from the root of the instance may repeat the base's own.
fn below<'p>(base: &url::Url, path: &'p str) -> &'p str {
    let own = base.path().trim_end_matches('/');
    match path.strip_prefix(own) {
        Some(rest) if !own.is_empty() && (rest.is_empty() || rest.starts_with(['/', '?'])) => rest,
        _ => path,
    }
}

impl AccountClient {
    /// Reads one record by its native id.
    pub async fn get_one(
        &self,
        resource: &str,
        id: &str,
        context: &CallContext,
    ) -> Result<RawRecord, ClientError> {
        let definition = self.resource(resource)?;
        let operation = definition.operations.get.as_ref();
        let operation = operation.ok_or_else(|| ClientError::NoOperation {
            resource: resource.to_owned(),
            operation: "get",
        })?;
        let record = [(Source::Record, "id", id.to_owned())];
        let exchange = self
            .exchange(Manner::reading(definition), context, |token| {
                let values = self.0.profile.values(token).with(&record);
                let mut params = Params::default();
                params.fill(&values, &operation.params)?;
                let path = values.render(&operation.path, Place::Path)?;
                let url = join(&self.0.profile.base_url(token)?, &path, &params)?;
                let headers = read_headers(&self.0.profile, &values, &operation.headers)?;
                Ok(Draft {
                    method: Method::Get,
                    url,
                    headers,
                    body: None,
                    unwritten: Unwritten::Nothing,
                })
            })
            .await?;
        let not_json = |detail: String| ClientError::NotJson {
            host: resource.to_owned(),
            detail,
        };
        let body = json_body(&exchange.answer, resource)?;
        let Cow::Borrowed(text) = json::text(&body) else {
            return Err(not_json("it holds bytes that are not UTF-8".to_owned()));
        };
        let found =
            json::at_pointer(text, operation.record.as_str()).map(serde_json::value::RawValue::get);
        let found = found.filter(|found| found.starts_with('{'));
        let found = found.ok_or_else(|| ClientError::NoRecords {
            pointer: operation.record.as_str().to_owned(),
            detail: "no object is there".to_owned(),
        })?;
        Ok(RawRecord {
            id: id.to_owned(),
            raw: body.slice_ref(found.as_bytes()),
        })
    }

    /// Reads any path of the account's instance. `path` is below the base URL, or an address on its origin. Any status is an answer.
    pub async fn pass_through(
        &self,
        path: &str,
        query: &[(String, String)],
        context: &CallContext,
    ) -> Result<PassThrough, ClientError> {
        let manner = Manner {
            idempotent: true,
            any_status: true,
            data: false,
            resource: None,
        };
        let exchange = self
            .exchange(manner, context, |token| {
                let profile = &self.0.profile;
                let base = profile.base_url(token)?;
                let mut params = Params::default();
                for (name, value) in query {
                    params.push(name.clone(), value.clone());
                }
                let absolute = path.contains("://")
                    && path
                        .split("://")
                        .next()
                        .is_some_and(|scheme| scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
                let url = if absolute {
                    // Taken as it is: a slash after its path, or its query, would ask for something else.
                    let mut url = on_origin(&base, path)?;
                    let more = params.encoded();
                    if !more.is_empty() {
                        let query = url.query().map(|query| format!("{query}&{more}"));
                        url.set_query(Some(&query.unwrap_or(more)));
                    }
                    url
                } else {
                    join(&base, below(&base, path), &params)?
                };
                let url = on_origin(&base, url.as_str())?;
                let headers =
                    read_headers(profile, &profile.values(token), &indexmap::IndexMap::new())?;
                Ok(Draft {
                    method: Method::Get,
                    url,
                    headers,
                    body: None,
                    unwritten: Unwritten::Nothing,
                })
            })
            .await?;
        let token = self.0.tokens.peek().await?;
        let secrets = self.0.profile.secrets(token.as_deref());
        let headers = shown_headers(&exchange.answer.headers, &secrets);
        Ok(PassThrough {
            status: exchange.answer.status,
            headers,
            body: exchange.answer.body,
        })
    }

    /// `text` with the account's secrets replaced by `…`, its token included.
    ///
    /// # Errors
    /// When the token cannot be read.
    pub async fn without_secrets(&self, text: String) -> Result<String, ClientError> {
        let token = self.0.tokens.peek().await?;
        Ok(words::without(
            &text,
            &self.0.profile.secrets(token.as_deref()),
        ))
    }

    /// [`Self::without_secrets`], in every text of a JSON value.
    ///
    /// # Errors
    /// When the token cannot be read.
    pub async fn json_without_secrets(
        &self,
        value: serde_json::Value,
    ) -> Result<serde_json::Value, ClientError> {
        let token = self.0.tokens.peek().await?;
        Ok(words::json_without(
            value,
            &self.0.profile.secrets(token.as_deref()),
        ))
    }

    /// Marks one record as handed over, by the definition's own call. The guards (separate credentials, typed confirmation) are the caller's.
    pub async fn mark_exported(
        &self,
        resource: &str,
        id: &str,
        context: &CallContext,
    ) -> Result<(), ClientError> {
        let definition = self.resource(resource)?;
        let operation = definition
            .exported
            .as_ref()
            .and_then(|exported| exported.mark.as_ref());
        let operation = operation.ok_or_else(|| ClientError::NoOperation {
            resource: resource.to_owned(),
            operation: "mark as exported",
        })?;
        let record = [(Source::Record, "id", id.to_owned())];
        // Setting a flag twice sets it once; another method may not be so kind.
        let idempotent = matches!(operation.method, Method::Put | Method::Delete);
        let manner = Manner {
            idempotent,
            any_status: false,
            data: false,
            resource: Some(definition),
        };
        let write = |token: Option<&crate::token::Token>| {
            let profile = &self.0.profile;
            let values = profile.values(token).with(&record);
            let mut params = Params::default();
            params.fill(&values, &operation.params)?;
            let url = join(
                &profile.base_url(token)?,
                &values.render(&operation.path, Place::Path)?,
                &params,
            )?;
            let mut headers = read_headers(profile, &values, &operation.headers)?;
            let (body, kind) = match &operation.body {
                Some(body) => render_body(body, &values)?,
                None => (None, None),
            };
            let usual = header_value("Content-Type", &profile.connector().formats.content_type)?;
            headers.insert(http::header::CONTENT_TYPE, kind.unwrap_or(usual));
            Ok(Draft {
                method: operation.method,
                url,
                headers,
                body,
                unwritten: Unwritten::Nothing,
            })
        };
        self.exchange(manner, context, write).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::below;

    #[test]
    fn a_path_may_be_written_from_the_root_or_from_the_base() {
        let base = url::Url::parse("https://acme.example.com/api").unwrap();
        for (path, expected) in [
            ("/api/invoices", "/invoices"),
            ("/invoices", "/invoices"),
            ("invoices/7", "invoices/7"),
            ("/apis/x", "/apis/x"),
            ("/api", ""),
        ] {
            assert_eq!(below(&base, path), expected, "{path}");
        }
        let root = url::Url::parse("https://acme.example.com/").unwrap();
        assert_eq!(below(&root, "/api/x"), "/api/x");
    }
}
