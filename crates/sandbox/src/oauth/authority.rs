use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::config::SandboxConfig;
use crate::credentials::{Credentials, random_hex, random_text};
use crate::oauth::refusal::Refusal;

/// Clients, tokens, codes: who may do what.
pub(crate) struct Authority {
    access_lifetime: Duration,
    refresh_lifetime: Duration,
    rotate: bool,
    narrow_scopes: bool,
    clients: HashMap<String, Client>,
    access: HashMap<String, Grant>,
    refresh: HashMap<String, Grant>,
    codes: HashMap<String, Code>,
    devices: HashMap<String, Device>,
}

#[derive(Clone)]
struct Client {
    secret: String,
    scopes: Vec<String>,
}

/// What a token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

/// An authorization code on its way to be exchanged.
struct Code {
    grant: Grant,
    redirect_uri: String,
    /// PKCE S256.
    challenge: Option<String>,
}

struct Device {
    grant: Grant,
    user_code: String,
    approved: bool,
}

/// What the token endpoint gives.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: Vec<String>,
}

const CODE_LIFETIME: SignedDuration = SignedDuration::from_secs(600);

impl Authority {
    pub(crate) fn new(config: &SandboxConfig) -> Self {
        Self {
            access_lifetime: config.access_token_lifetime,
            refresh_lifetime: config.refresh_token_lifetime,
            rotate: config.rotate_refresh_tokens,
            narrow_scopes: config.narrow_scopes,
            clients: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            codes: HashMap::new(),
            devices: HashMap::new(),
        }
    }

    pub(crate) fn add_client(&mut self, credentials: &Credentials, scopes: Vec<String>) {
        let client = Client {
            secret: credentials.client_secret.clone(),
            scopes,
        };
        self.clients.insert(credentials.client_id.clone(), client);
    }

    /// Replaces what the client holds; tokens keep what they were issued with.
    pub(crate) fn set_scopes(&mut self, client_id: &str, scopes: Vec<String>) {
        if let Some(client) = self.clients.get_mut(client_id) {
            client.scopes = scopes;
        }
    }

    pub(crate) fn set_secret(&mut self, credentials: &Credentials) {
        if let Some(client) = self.clients.get_mut(&credentials.client_id) {
            client.secret.clone_from(&credentials.client_secret);
        }
    }

    pub(crate) fn check_client(
        &self,
        id: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(), Refusal> {
        let client = id
            .and_then(|id| self.clients.get(id))
            .ok_or(Refusal::InvalidClient)?;
        if secret == Some(client.secret.as_str()) {
            Ok(())
        } else {
            Err(Refusal::InvalidClient)
        }
    }

    pub(crate) fn knows(&self, client_id: &str) -> bool {
        self.clients.contains_key(client_id)
    }

    /// The scopes asked for, if the client holds them all; none asked for is all it holds.
    pub(crate) fn scopes_for(
        &self,
        client_id: &str,
        asked: Option<&str>,
    ) -> Result<Vec<String>, Refusal> {
        let client = self.clients.get(client_id).ok_or(Refusal::InvalidClient)?;
        let asked: Vec<String> = asked
            .unwrap_or_default()
            .split(' ')
            .filter(|one| !one.is_empty())
            .map(String::from)
            .collect();
        if asked.is_empty() {
            return Ok(client.scopes.clone());
        }
        let wanted = asked.len();
        let held: Vec<String> = asked
            .into_iter()
            .filter(|scope| client.scopes.contains(scope))
            .collect();
        if held.len() == wanted || self.narrow_scopes && !held.is_empty() {
            return Ok(held);
        }
        Err(Refusal::InvalidScope)
    }

    pub(crate) fn issue(
        &mut self,
        issuer: &str,
        client_id: &str,
        scopes: Vec<String>,
        now: Timestamp,
        refreshable: bool,
    ) -> Result<Issued, Refusal> {
        self.access.retain(|_, grant| grant.expires > now);
        let grant = Grant {
            client_id: client_id.to_owned(),
            scopes: scopes.clone(),
            issued: now,
            expires: after(now, self.access_lifetime),
        };
        let access_token = jwt(issuer, &grant)?;
        self.access.insert(access_token.clone(), grant);
        let refreshable = refreshable && scopes.iter().any(|scope| scope == "offline_access");
        let refresh_token = if refreshable {
            let token = random_text(32).ok_or(Refusal::ServerError)?;
            let expires = after(now, self.refresh_lifetime);
            let grant = Grant {
                client_id: client_id.to_owned(),
                scopes: scopes.clone(),
                issued: now,
                expires,
            };
            self.refresh.insert(token.clone(), grant);
            Some(token)
        } else {
            None
        };
        Ok(Issued {
            access_token,
            refresh_token,
            scopes,
        })
    }

    pub(crate) fn refresh(
        &mut self,
        issuer: &str,
        client_id: &str,
        token: &str,
        asked: Option<&str>,
        now: Timestamp,
    ) -> Result<Issued, Refusal> {
        let grant = self
            .refresh
            .get(token)
            .filter(|grant| grant.client_id == client_id && grant.expires > now);
        let grant = grant.cloned().ok_or(Refusal::InvalidGrant)?;
        let asked: Vec<&str> = asked
            .unwrap_or_default()
            .split(' ')
            .filter(|one| !one.is_empty())
            .collect();
        if asked
            .iter()
            .any(|scope| !grant.scopes.iter().any(|held| held == scope))
        {
            return Err(Refusal::InvalidScope);
        }
        let scopes = if asked.is_empty() {
            grant.scopes
        } else {
            asked.into_iter().map(String::from).collect()
        };
        if self.rotate {
            self.refresh.remove(token);
            return self.issue(issuer, client_id, scopes, now, true);
        }
        let fresh = self.issue(issuer, client_id, scopes, now, false)?;
        Ok(Issued {
            refresh_token: Some(token.to_owned()),
            ..fresh
        })
    }

    pub(crate) fn make_code(
        &mut self,
        client_id: &str,
        scopes: Vec<String>,
        redirect_uri: String,
        challenge: Option<String>,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let text = random_text(24).ok_or(Refusal::ServerError)?;
        let expires = now.checked_add(CODE_LIFETIME).unwrap_or(now);
        let grant = Grant {
            client_id: client_id.to_owned(),
            scopes,
            issued: now,
            expires,
        };
        self.codes.insert(
            text.clone(),
            Code {
                grant,
                redirect_uri,
                challenge,
            },
        );
        Ok(text)
    }

    /// The scopes of a code, which is used up whatever comes of it.
    pub(crate) fn redeem_code(
        &mut self,
        client_id: &str,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<String>, Refusal> {
        let code = self.codes.remove(code).ok_or(Refusal::InvalidGrant)?;
        let proven = match (&code.challenge, verifier) {
            (None, _) => true,
            (Some(challenge), Some(verifier)) => {
                *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
            (Some(_), None) => false,
        };
        let same =
            code.grant.client_id == client_id && redirect_uri == Some(code.redirect_uri.as_str());
        if same && proven && code.grant.expires > now {
            Ok(code.grant.scopes)
        } else {
            Err(Refusal::InvalidGrant)
        }
    }

    /// Device code and user code.
    pub(crate) fn make_device(
        &mut self,
        client_id: &str,
        scopes: Vec<String>,
        now: Timestamp,
    ) -> Result<(String, String), Refusal> {
        let device_code = random_text(24).ok_or(Refusal::ServerError)?;
        let user_code = random_hex(4).ok_or(Refusal::ServerError)?.to_uppercase();
        let expires = now.checked_add(CODE_LIFETIME).unwrap_or(now);
        let grant = Grant {
            client_id: client_id.to_owned(),
            scopes,
            issued: now,
            expires,
        };
        self.devices.insert(
            device_code.clone(),
            Device {
                grant,
                user_code: user_code.clone(),
                approved: false,
            },
        );
        Ok((device_code, user_code))
    }

    /// The user typed the code and said yes.
    pub(crate) fn approve_device(&mut self, user_code: &str) -> bool {
        let device = self
            .devices
            .values_mut()
            .find(|device| device.user_code == user_code);
        device.map(|device| device.approved = true).is_some()
    }

    pub(crate) fn redeem_device(
        &mut self,
        client_id: &str,
        code: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, Refusal> {
        let device = self
            .devices
            .get(code)
            .filter(|device| device.grant.client_id == client_id);
        let device = device.ok_or(Refusal::InvalidGrant)?;
        if device.grant.expires <= now {
            return Err(Refusal::ExpiredToken);
        }
        if !device.approved {
            return Err(Refusal::AuthorizationPending);
        }
        self.devices
            .remove(code)
            .map(|device| device.grant.scopes)
            .ok_or(Refusal::InvalidGrant)
    }

    /// What an access token stands for, expired or not.
    pub(crate) fn access(&self, token: &str) -> Option<&Grant> {
        self.access.get(token)
    }

    /// RFC 7009: an unknown token is no error.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.access.remove(token);
        self.refresh.remove(token);
    }

    pub(crate) fn revoke_access_tokens(&mut self) {
        self.access.clear();
    }

    pub(crate) fn revoke_refresh_tokens(&mut self) {
        self.refresh.clear();
    }
}

fn after(now: Timestamp, lifetime: Duration) -> Timestamp {
    SignedDuration::try_from(lifetime)
        .ok()
        .and_then(|lifetime| now.checked_add(lifetime).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Shaped like the provider's tokens: a JWT that grows with the scopes, so that nothing relies on its size. The
/// signature is random: the instance knows its tokens by heart.
fn jwt(issuer: &str, grant: &Grant) -> Result<String, Refusal> {
    let permissions: BTreeMap<&str, String> = grant
        .scopes
        .iter()
        .map(|scope| {
            (
                scope.as_str(),
                URL_SAFE_NO_PAD.encode(Sha256::digest(scope.as_bytes())),
            )
        })
        .collect();
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "stand-in"});
    let payload = json!({
        "iss": issuer,
        "client_id": grant.client_id,
        "scope": grant.scopes,
        "permissions": permissions,
        "iat": grant.issued.as_second(),
        "exp": grant.expires.as_second(),
        "jti": random_hex(16).ok_or(Refusal::ServerError)?,
    });
    let signature = random_text(256).ok_or(Refusal::ServerError)?;
    let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    Ok(format!(
        "{}.{}.{signature}",
        encode(&header),
        encode(&payload)
    ))
}
