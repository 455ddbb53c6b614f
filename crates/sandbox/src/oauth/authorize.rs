use axum::http::StatusCode;
use url::Url;

use crate::answer::Answer;
use crate::instance::Instance;
use crate::oauth::refusal::Refusal;
use crate::query::pairs;

/// `GET /oauth2/authorizations/new`: the page on which a user says yes, answered for them.
///
/// A request whose client or redirect URI cannot be trusted gets a page, never a redirect (RFC 6749, section 4.1.2.1).
pub(crate) fn answer(instance: &Instance, query: Option<&str>) -> Answer {
    let fields = pairs(query);
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let client = field("client_id").filter(|id| instance.authority().knows(id));
    let Some(client) = client else {
        return Answer::new(
            StatusCode::UNAUTHORIZED,
            "text/html; charset=utf-8",
            "<h1>Unknown client</h1>",
        );
    };
    let Some(mut redirect) = field("redirect_uri").and_then(|uri| accepted_redirect(instance, uri))
    else {
        let page = "<h1>The redirect URI is not one of this client's</h1>";
        return Answer::new(StatusCode::BAD_REQUEST, "text/html; charset=utf-8", page);
    };
    let outcome = code(instance, client, &field);
    {
        let mut answer = redirect.query_pairs_mut();
        match outcome {
            Ok(code) => answer.append_pair("code", &code),
            Err(reason) => answer.append_pair("error", reason),
        };
        if let Some(state) = field("state") {
            answer.append_pair("state", state);
        }
    }
    Answer::redirect(redirect.as_str())
}

fn code<'f>(
    instance: &Instance,
    client: &str,
    field: &impl Fn(&str) -> Option<&'f str>,
) -> Result<String, &'static str> {
    if field("response_type") != Some("code") {
        return Err("unsupported_response_type");
    }
    if !instance.config.approve_authorizations {
        return Err("access_denied");
    }
    let challenge = match (field("code_challenge"), field("code_challenge_method")) {
        (None, _) => None,
        (Some(challenge), Some("S256")) => Some(challenge.to_owned()),
        (Some(_), _) => return Err("invalid_request"),
    };
    let mut authority = instance.authority();
    let scopes = authority
        .scopes_for(client, field("scope"))
        .map_err(Refusal::code)?;
    let redirect_uri = field("redirect_uri").unwrap_or_default().to_owned();
    authority
        .make_code(
            client,
            scopes,
            redirect_uri,
            challenge,
            instance.clock.now(),
        )
        .map_err(Refusal::code)
}

/// One of the configured URIs; without any, whatever leads back to this machine (RFC 8252, section 7.3).
fn accepted_redirect(instance: &Instance, uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    let known = &instance.config.redirect_uris;
    let accepted = if known.is_empty() {
        matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
    } else {
        known.iter().any(|one| one == uri)
    };
    accepted.then_some(url)
}
