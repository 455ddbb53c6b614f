//! Signing in as a person: codes, and refresh tokens of which each use gives a new one and ends the old.

use std::time::Instant;

use serde_json::json;

use super::answer::{self, Answer};
use super::manners::Manners;
use super::request::Request;
use super::token::{Token, refused};

/// How the codes and refresh tokens begin that are given out: canaries in the tests of secrets.
pub const CODE: &str = "code-canary";
pub const DEVICE: &str = "device-canary";
pub const REFRESH: &str = "refresh-canary";

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What people who signed in hold.
#[derive(Default)]
pub struct SignIns {
    /// Code and scopes, until it is redeemed.
    codes: Vec<(String, String)>,
    refresh: Vec<RefreshToken>,
    given: usize,
    /// As where `offline_access` was not granted.
    pub no_refresh_tokens: bool,
}

struct RefreshToken {
    text: String,
    scopes: String,
    /// The sign-in it comes from. Using one twice ends all of its sign-in.
    family: usize,
    used: bool,
    ended: bool,
}

impl SignIns {
    /// The authorization page: the person says yes at once.
    pub fn authorize(&mut self, request: &Request) -> Answer {
        self.given += 1;
        let code = format!("{CODE}-{:06}", self.given);
        let param = |name: &str| request.param(name).unwrap_or_default();
        let back = format!(
            "{}?code={code}&state={}",
            param("redirect_uri"),
            param("state")
        );
        self.codes.push((code, param("scope").to_owned()));
        answer::with_header(answer::text(302, "text/plain", ""), "location", &back)
    }

    /// A code for another device, where the person says yes at once.
    pub fn device(&mut self, request: &Request) -> Answer {
        self.given += 1;
        let code = format!("{DEVICE}-{:06}", self.given);
        let form = request.form();
        let scope = form.iter().find(|(key, _)| key == "scope");
        let scopes = scope.map_or_else(String::new, |(_, scopes)| scopes.clone());
        let page = format!("http://{}/oauth2/device", request.header("host"));
        let shown = json!({
            "device_code": code,
            "user_code": format!("WORD-{:04}", self.given),
            "verification_uri": page,
            "expires_in": 600,
            "interval": 1,
        });
        self.codes.push((code, scopes));
        answer::json(200, &shown)
    }

    /// A token for a code or a refresh token; none for other grants.
    pub fn issue(
        &mut self,
        manners: &Manners,
        request: &Request,
        number: usize,
    ) -> Option<Result<(Token, Answer), Answer>> {
        let form = request.form();
        let field = |name: &str| {
            form.iter()
                .find(|(key, _)| key == name)
                .map_or("", |(_, value)| value.as_str())
        };
        let known = (field("client_id"), field("client_secret"))
            == (manners.client_id.as_str(), manners.client_secret.as_str());
        let granted = match field("grant_type") {
            "authorization_code" => self.redeem(field("code")),
            DEVICE_GRANT => self.redeem(field("device_code")),
            "refresh_token" => self.rotate(field("refresh_token")),
            _ => return None,
        };
        let Some((scopes, family)) = granted.filter(|_| known) else {
            return Some(Err(refused(400, "invalid_grant", "It is used up.")));
        };
        self.given += 1;
        let refresh = format!("{REFRESH}-{:06}", self.given);
        self.refresh.push(RefreshToken {
            text: refresh.clone(),
            scopes: scopes.clone(),
            family,
            used: false,
            ended: false,
        });
        let token = Token {
            text: format!("{}.person.{number:06}", manners.token_prefix),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            issued: Instant::now(),
            revoked: false,
        };
        let mut body = json!({
            "access_token": token.text,
            "token_type": "bearer",
            "expires_in": manners.expires_in,
            "refresh_token": refresh,
            "scope": scopes,
        });
        if self.no_refresh_tokens {
            body.as_object_mut().unwrap().remove("refresh_token");
        }
        Some(Ok((token, answer::json(200, &body))))
    }

    fn redeem(&mut self, code: &str) -> Option<(String, usize)> {
        let at = self.codes.iter().position(|(text, _)| text == code)?;
        let (_, scopes) = self.codes.remove(at);
        Some((scopes, self.given))
    }

    fn rotate(&mut self, token: &str) -> Option<(String, usize)> {
        let held = self.refresh.iter_mut().find(|held| held.text == token)?;
        let (family, again) = (held.family, held.used);
        if again {
            // Somebody else has it too: nothing of this sign-in is to be trusted.
            let sisters = self.refresh.iter_mut().filter(|held| held.family == family);
            sisters.for_each(|held| held.ended = true);
            return None;
        }
        held.used = true;
        (!held.ended).then(|| (held.scopes.clone(), family))
    }
}
