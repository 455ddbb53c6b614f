use axum::http::{HeaderMap, StatusCode, header};
use serde_json::json;

use crate::answer::Answer;
use crate::instance::Instance;
use crate::oauth::authority::Issued;
use crate::oauth::refusal::Refusal;
use crate::query::pairs;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// `POST /oauth2/token`. Credentials go in the body; the provider's own example of the code exchange puts them in the
/// query string, so they are taken from there too. HTTP Basic is not taken.
pub(crate) fn answer(
    instance: &Instance,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Answer {
    match issue(instance, headers, query, body) {
        Ok(issued) => {
            let mut body = json!({
                "access_token": issued.access_token,
                "token_type": "bearer",
                "expires_in": instance.config.access_token_lifetime.as_secs(),
                "scope": issued.scopes.join(" "),
            });
            if let (Some(token), Some(members)) = (issued.refresh_token, body.as_object_mut()) {
                members.insert("refresh_token".to_owned(), token.into());
            }
            Answer::json(StatusCode::OK, &body).with(header::CACHE_CONTROL, "no-store")
        }
        Err(refusal) => refusal.answer(),
    }
}

fn issue(
    instance: &Instance,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Result<Issued, Refusal> {
    let form = form(headers, query, body)?;
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let grant_type =
        field("grant_type").ok_or(Refusal::InvalidRequest("grant_type is missing."))?;
    let mut authority = instance.authority();
    authority.check_client(field("client_id"), field("client_secret"))?;
    let client = field("client_id").ok_or(Refusal::InvalidClient)?;
    let (issuer, now) = (instance.url(), instance.clock.now());
    match grant_type {
        "client_credentials" => {
            let scopes = authority.scopes_for(client, field("scope"))?;
            authority.issue(&issuer, client, scopes, now, false)
        }
        "authorization_code" => {
            let code = field("code").ok_or(Refusal::InvalidRequest("code is missing."))?;
            let scopes = authority.redeem_code(
                client,
                code,
                field("redirect_uri"),
                field("code_verifier"),
                now,
            )?;
            authority.issue(&issuer, client, scopes, now, true)
        }
        "refresh_token" => {
            let token = field("refresh_token")
                .ok_or(Refusal::InvalidRequest("refresh_token is missing."))?;
            authority.refresh(&issuer, client, token, field("scope"), now)
        }
        DEVICE_CODE => {
            let code =
                field("device_code").ok_or(Refusal::InvalidRequest("device_code is missing."))?;
            let scopes = authority.redeem_device(client, code, now)?;
            authority.issue(&issuer, client, scopes, now, true)
        }
        _ => Err(Refusal::UnsupportedGrantType),
    }
}

/// Body and query string together; the body must say that it is a form.
pub(crate) fn form(
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Result<Vec<(String, String)>, Refusal> {
    let mut fields = pairs(query);
    if !body.is_empty() {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !content_type.starts_with("application/x-www-form-urlencoded") {
            return Err(Refusal::InvalidRequest(
                "The body must be application/x-www-form-urlencoded.",
            ));
        }
        fields.extend(url::form_urlencoded::parse(body).into_owned());
    }
    Ok(fields)
}
