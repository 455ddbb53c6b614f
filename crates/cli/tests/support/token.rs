//! The token endpoint: client credentials in the form of the body.

use std::time::Instant;

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::manners::Manners;
use super::request::Request;
use super::scope;

/// A token that was issued.
#[derive(Clone, Debug)]
pub struct Token {
    pub text: String,
    pub scopes: Vec<String>,
    pub issued: Instant,
    pub revoked: bool,
}

pub fn refused(status: u16, error: &str, description: &str) -> Answer {
    answer::json(
        status,
        &json!({ "error": error, "error_description": description }),
    )
}

/// Issues a token, or says why not.
pub fn issue(
    manners: &Manners,
    request: &Request,
    number: usize,
) -> Result<(Token, Answer), Answer> {
    if request.method != "POST" {
        return Err(answer::html(404, "Not found"));
    }
    if !request
        .header("content-type")
        .starts_with("application/x-www-form-urlencoded")
    {
        return Err(refused(400, "invalid_request", "The body must be a form."));
    }
    let form = request.form();
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    if field("grant_type") != "client_credentials" {
        return Err(refused(
            400,
            "unsupported_grant_type",
            "The grant type is not supported.",
        ));
    }
    let known = (field("client_id"), field("client_secret"))
        == (manners.client_id.as_str(), manners.client_secret.as_str());
    if !known {
        let why = "Client authentication failed due to unknown client, no client authentication \
                   included, or unsupported authentication method.";
        return Err(refused(401, "invalid_client", why));
    }
    let asked: Vec<String> = field("scope")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let held = |asked: &String| {
        scope::exists(asked) && (manners.held.is_empty() || manners.held.contains(&asked.as_str()))
    };
    if !asked.iter().all(held) {
        let why = "The requested scope is invalid, unknown, or malformed.";
        return Err(refused(400, "invalid_scope", why));
    }
    // Tokens are JWTs that grow with the scopes.
    let claims = "ZmFjdHM".repeat(4 + asked.len() * 8);
    let text = format!("{}.{claims}.{number:06}", manners.token_prefix);
    let mut body = json!({ "access_token": text, "token_type": "bearer" });
    if !manners.expires_in.is_null() {
        body["expires_in"] = manners.expires_in.clone();
    }
    if manners.token_scope {
        body["scope"] = Value::from(asked.join(" "));
    }
    for (key, value) in manners.token_extra.as_object().unwrap() {
        body[key] = value.clone();
    }
    let token = Token {
        text,
        scopes: asked,
        issued: Instant::now(),
        revoked: false,
    };
    Ok((token, answer::json(200, &body)))
}
