use axum::http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::instance::Instance;
use crate::oauth::refusal::Refusal;
use crate::oauth::token::form;
use crate::query::pairs;

/// `POST /oauth2/device_authorizations` (Compass, *OAuth 2.0*; RFC 8628).
pub(crate) fn answer(
    instance: &Instance,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Answer {
    match make(instance, headers, query, body) {
        Ok((device_code, user_code)) => {
            let page = format!("{}/oauth2/device", instance.url());
            let body = json!({
                "device_code": device_code,
                "user_code": user_code,
                "verification_uri": page,
                "verification_uri_complete": format!("{page}?user_code={user_code}"),
                "expires_in": 600,
                "interval": 5,
            });
            Answer::json(StatusCode::OK, &body)
        }
        Err(refusal) => refusal.answer(),
    }
}

fn make(
    instance: &Instance,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Result<(String, String), Refusal> {
    let form = form(headers, query, body)?;
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let client = field("client_id").ok_or(Refusal::InvalidClient)?;
    let mut authority = instance.authority();
    let scopes = authority.scopes_for(client, field("scope"))?;
    authority.make_device(client, scopes, instance.clock.now())
}

/// `GET /oauth2/device?user_code=…`: the page the user types the code on; opening it is saying yes.
pub(crate) fn page(instance: &Instance, query: Option<&str>) -> Answer {
    let code = pairs(query)
        .into_iter()
        .find(|(key, _)| key == "user_code")
        .map(|(_, value)| value);
    let approved = code.is_some_and(|code| instance.authority().approve_device(&code));
    let (status, text) = if approved {
        (
            StatusCode::OK,
            "<h1>Signed in. You can close this window.</h1>",
        )
    } else {
        (
            StatusCode::NOT_FOUND,
            "<h1>No sign-in is waiting for this code</h1>",
        )
    };
    Answer::new(status, "text/html; charset=utf-8", text)
}
