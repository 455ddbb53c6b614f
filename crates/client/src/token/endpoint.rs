use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use crosswalk_connector::{Place, RetryAfter, TokenEndpoint};
use crosswalk_vault::Secret;
use http::header::{ACCEPT, HeaderName, HeaderValue};
use oauth2::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use crate::budget::{answered_at, retry_after};
use crate::call::{CallContext, Outcome, Pending};
use crate::classify::{BodyKind, kind_of};
use crate::clock::Clock;
use crate::error::{ClientError, Words};
use crate::json;
use crate::profile::Profile;
use crate::retry::{Class, NextStep, RetryPolicy, Tries, next_step};
use crate::transport::{Answer, Outgoing, Route};
use crate::words;

/// Speaks to a provider's token and device endpoints for the `oauth2` crate. It stays on approved origins, tries again where that is safe,
/// records every call, and translates the provider's dialect: another word for the grant, a token in another place.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) profile: Arc<Profile>,
    pub(super) route: Route,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) context: CallContext,
    /// The `grant_type` to send instead of the standard's.
    pub(super) grant_type: Option<String>,
    /// Whether sending the request twice is harmless. A refresh token may be used up by the first try.
    pub(super) idempotent: bool,
    /// The last successful answer, for the values kept from it.
    pub(super) received: Arc<Mutex<Option<Value>>>,
}

/// Parameters of a token request that hold no secret.
const OPEN_PARAMETERS: [&str; 4] = ["client_id", "grant_type", "redirect_uri", "scope"];

impl Endpoint {
    pub(super) fn token_endpoint(profile: &Profile) -> Result<&TokenEndpoint, ClientError> {
        profile
            .connector()
            .auth
            .token
            .as_ref()
            .ok_or_else(|| ClientError::Definition {
                detail: "it has no token endpoint".to_owned(),
            })
    }

    /// Takes the last successful answer.
    pub(super) fn take_received(&self) -> Value {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or(Value::Null)
    }

    /// Sends a request of the `oauth2` crate and hands back an answer it understands.
    pub(super) async fn call(self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let outgoing = self.outgoing(request)?;
        let policy = RetryPolicy::from(&self.profile.connector().retry);
        let mut tries = Tries {
            idempotent: self.idempotent,
            ..Tries::default()
        };
        loop {
            tries.sent += 1;
            let result = self.send(&outgoing, tries.sent).await;
            let class = match &result {
                Ok(answer) if answer.status == 429 => {
                    let header = RetryAfter::default().header.unwrap_or_default();
                    let now = answered_at(&answer.headers, self.clock.now());
                    Class::RateLimited(
                        answer
                            .header(&header)
                            .and_then(|value| retry_after(value, now)),
                    )
                }
                Ok(answer) if answer.status >= 500 => Class::Transient,
                Ok(_) => Class::Ok,
                Err(error) if error.is_temporary() => Class::Transient,
                Err(_) => Class::Final,
            };
            match class {
                Class::Transient => tries.transient += 1,
                Class::RateLimited(_) => tries.limited += 1,
                _ => {}
            }
            match next_step(&policy, class, tries, rand::random()) {
                NextStep::Retry { after } | NextStep::Pause { after } => {
                    tokio::time::sleep(after).await;
                }
                NextStep::OpenCircuit { cool_down } => {
                    return Err(ClientError::RateLimited {
                        retry_after: Some(cool_down),
                    });
                }
                _ => return self.translate(&outgoing, &result?),
            }
        }
    }

    /// Sends a request whose answer says nothing but whether it was heard.
    pub(super) async fn tell(self, request: HttpRequest) -> Result<(), ClientError> {
        let outgoing = self.outgoing(request)?;
        let answer = self.send(&outgoing, 1).await?;
        match answer.status {
            200..=299 => Ok(()),
            status @ 500.. => Err(ClientError::ServerError {
                status,
                detail: String::new().into(),
            }),
            status => Err(ClientError::AuthRefused {
                error: format!("status {status}"),
                detail: "the provider did not end the token".to_owned(),
            }),
        }
    }

    fn outgoing(&self, request: HttpRequest) -> Result<Outgoing, ClientError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|_| crosswalk_connector::OriginError::NotAnAddress)?;
        self.profile.trust.origins.require(&url)?;
        let mut headers = parts.headers;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, template) in &Self::token_endpoint(&self.profile)?.headers {
            if let Some(value) = self
                .profile
                .auth_values(None)
                .render_optional(template, Place::Header)?
            {
                let name = HeaderName::try_from(name).map_err(|_| ClientError::Definition {
                    detail: format!("`{name}` is no header name"),
                })?;
                let mut value =
                    HeaderValue::try_from(value).map_err(|_| ClientError::Definition {
                        detail: format!("`{name}` has no valid value"),
                    })?;
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        let body = match &self.grant_type {
            Some(word) => replace_grant_type(&body, word),
            None => body,
        };
        Ok(Outgoing {
            method: parts.method,
            url,
            headers,
            body: Some(Bytes::from(body)),
        })
    }

    async fn send(&self, outgoing: &Outgoing, attempt: u32) -> Result<Answer, ClientError> {
        // The query of a token request can hold secrets; its path cannot.
        let mut shown = outgoing.url.clone();
        shown.set_query(None);
        let method = outgoing.method.as_str();
        let pending = Pending::new(
            &self.context,
            self.clock.now(),
            method,
            shown.into(),
            attempt,
        );
        let result = self.route.send(outgoing.clone()).await;
        let answer = result.as_ref().ok();
        let outcome = match answer.map(|answer| answer.status) {
            None => Outcome::Network,
            Some(200..=299) => Outcome::Ok,
            Some(429) => Outcome::RateLimited,
            Some(500..) => Outcome::Transient,
            Some(_) => Outcome::Auth,
        };
        let carried = self.carried(outgoing);
        let secrets: Vec<&Secret> = carried.iter().collect();
        pending.end_for_token(answer, outcome, &secrets);
        result
    }

    /// What the request carried that an answer may repeat and nobody may read.
    fn carried(&self, outgoing: &Outgoing) -> Vec<Secret> {
        let body = outgoing.body.as_deref().unwrap_or_default();
        let mut carried: Vec<Secret> = form_urlencoded::parse(body)
            .filter(|(name, _)| !OPEN_PARAMETERS.contains(&name.as_ref()))
            .map(|(_, value)| Secret::from(value.into_owned()))
            .collect();
        carried.extend(self.profile.secrets(None).into_iter().cloned());
        carried
    }

    fn translate(&self, outgoing: &Outgoing, answer: &Answer) -> Result<HttpResponse, ClientError> {
        let host = self
            .profile
            .trust
            .origins
            .iter()
            .next()
            .map(|origin| origin.host().to_owned())
            .unwrap_or_default();
        let carried = self.carried(outgoing);
        let secrets: Vec<&Secret> = carried.iter().collect();
        let said = |text: &str| Words::from(words::fit(text, &secrets));
        let text = String::from_utf8_lossy(&answer.body);
        if (300..400).contains(&answer.status) {
            return Err(crate::account::redirect_refused(&host, answer));
        }
        match kind_of(answer) {
            BodyKind::Html => {
                return Err(ClientError::HtmlAnswer {
                    host,
                    status: answer.status,
                    detail: said(&words::of_html(&text)),
                });
            }
            BodyKind::Xml if answer.status < 400 => {
                return Err(ClientError::XmlAnswer {
                    host,
                    status: answer.status,
                    detail: said(&words::of_html(&text)),
                });
            }
            _ => {}
        }
        let mut value: Option<Value> = serde_json::from_slice(&answer.body).ok();
        if let Some(Value::Object(members)) = &mut value {
            // The members that say why (RFC 6749, 5.2); some servers repeat the request in them.
            for (_, text) in members
                .iter_mut()
                .filter(|(name, _)| name.starts_with("error"))
            {
                if let Value::String(text) = text {
                    *text = words::without(text, &secrets);
                }
            }
        }
        let success = (200..300).contains(&answer.status);
        match value {
            Some(value) if success => self.normal_form(&value, &secrets),
            Some(Value::Object(members)) if members.get("error").is_some_and(Value::is_string) => {
                Ok(response(
                    http::StatusCode::BAD_REQUEST,
                    &Value::Object(members),
                ))
            }
            other => {
                let detail = said(
                    &other.map_or_else(|| words::of_html(&text), |value| words::of_json(&value)),
                )
                .text;
                Err(match answer.status {
                    status @ 500.. => ClientError::ServerError {
                        status,
                        detail: detail.into(),
                    },
                    429 => ClientError::RateLimited { retry_after: None },
                    400 | 401 | 403 => ClientError::AuthRefused {
                        error: format!("status {}", answer.status),
                        detail,
                    },
                    status if success => ClientError::TokenAnswer {
                        detail: format!("status {status}, but no JSON: {detail}"),
                    },
                    status => ClientError::TokenAnswer {
                        detail: format!("status {status}: {detail}"),
                    },
                })
            }
        }
    }

    /// Rewrites a success into the members RFC 6749 names. Device authorizations pass as they are.
    fn normal_form(&self, value: &Value, secrets: &[&Secret]) -> Result<HttpResponse, ClientError> {
        if value.get("device_code").is_some() {
            return Ok(response(http::StatusCode::OK, value));
        }
        if value.get("error").is_some_and(Value::is_string)
            && Self::token_endpoint(&self.profile)?
                .access_token
                .find(value)
                .is_none()
        {
            return Ok(response(http::StatusCode::BAD_REQUEST, value));
        }
        // Before anything is found wrong with it: it may hold the only refresh token.
        *self.received.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.clone());
        let endpoint = Self::token_endpoint(&self.profile)?;
        let Some(access) = endpoint
            .access_token
            .find(value)
            .and_then(Value::as_str)
            .filter(|token| !token.is_empty())
        else {
            let mut names: Vec<&str> = value
                .as_object()
                .map(|members| members.keys().map(String::as_str).collect())
                .unwrap_or_default();
            names.sort_unstable();
            // Names too are the provider's own words.
            let names = words::fit(&names.join(", "), secrets);
            return Err(ClientError::TokenAnswer {
                detail: format!("no access token in it, only {names}"),
            });
        };
        let mut normal = Map::new();
        normal.insert("access_token".to_owned(), access.into());
        normal.insert("token_type".to_owned(), "bearer".into());
        if let Some(seconds) = value.get("expires_in").and_then(seconds) {
            normal.insert("expires_in".to_owned(), seconds.as_secs().into());
        }
        if let Some(refresh) = refresh_token_in(value) {
            normal.insert("refresh_token".to_owned(), refresh.into());
        }
        if let Some(scopes) = value.get("scope").and_then(scopes) {
            normal.insert("scope".to_owned(), scopes.into());
        }
        Ok(response(http::StatusCode::OK, &Value::Object(normal)))
    }
}

/// The refresh token of an answer, as it stands there.
pub(super) fn refresh_token_in(answer: &Value) -> Option<&str> {
    let token = answer.get("refresh_token").and_then(Value::as_str)?;
    (!token.is_empty()).then_some(token)
}

/// Scopes with spaces between them. Some providers write commas, or a list.
fn scopes(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.replace(',', " ")),
        Value::Array(items) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(items.join(" "))
        }
        _ => None,
    }
}

/// `expires_in` as a number or, at some providers, as a text.
fn seconds(value: &Value) -> Option<Duration> {
    let raw = serde_json::value::to_raw_value(value).ok()?;
    let number: f64 = json::scalar(&raw)?.parse().ok()?;
    (number.is_finite() && number > 0.0 && number < 1e10).then(|| Duration::from_secs_f64(number))
}

fn response(status: http::StatusCode, body: &Value) -> HttpResponse {
    let mut response = http::Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn replace_grant_type(form: &[u8], word: &str) -> Vec<u8> {
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(form) {
        let value = if name == "grant_type" { word } else { &*value };
        written.append_pair(&name, value);
    }
    written.finish().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_providers_word_for_the_grant() {
        let form = replace_grant_type(b"grant_type=client_credentials&scope=a+b", "openapi_2lo");
        assert_eq!(form, b"grant_type=openapi_2lo&scope=a+b");
    }

    #[test]
    fn scopes_are_split_and_refresh_tokens_are_not() {
        for (value, expected) in [
            (serde_json::json!("a.read,b.read"), Some("a.read b.read")),
            (serde_json::json!("a.read b.read"), Some("a.read b.read")),
            (
                serde_json::json!(["a.read", 1, "b.read"]),
                Some("a.read b.read"),
            ),
            (serde_json::json!(""), None),
            (Value::Null, None),
        ] {
            assert_eq!(scopes(&value).as_deref(), expected, "{value}");
        }
        let answer = serde_json::json!({"refresh_token": "a,b=, c"});
        assert_eq!(refresh_token_in(&answer), Some("a,b=, c"));
        for none in [serde_json::json!({"refresh_token": ""}), Value::Null] {
            assert_eq!(refresh_token_in(&none), None);
        }
    }

    #[test]
    fn lifetimes_in_every_form() {
        assert_eq!(seconds(&"86399".into()), Some(Duration::from_secs(86_399)));
        assert_eq!(seconds(&86_399.into()), Some(Duration::from_secs(86_399)));
        assert_eq!(seconds(&0.into()), None);
        assert_eq!(seconds(&Value::Null), None);
    }
}
