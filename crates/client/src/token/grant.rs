use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crosswalk_connector::{ClientAuth, Grant, KeptFrom, Place, Template};
use crosswalk_vault::Secret;
use indexmap::IndexMap;
use jiff::Timestamp;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RefreshToken, RequestTokenError,
    TokenResponse, TokenUrl,
};
use serde_json::Value;

use super::endpoint::{Endpoint, refresh_token_in};
use super::{Refresh, Token};
use crate::call::CallContext;
use crate::clock::Clock;
use crate::error::ClientError;
use crate::profile::Profile;
use crate::transport::Route;

/// A client of the token endpoint.
pub(super) type TokenClient =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A token as it came.
pub(super) struct Received {
    pub(super) token: Token,
    /// What speaks against using it. Its refresh token has taken the old one's place all the same.
    pub(super) objection: Option<ClientError>,
}

impl Received {
    /// The token, if nothing speaks against it.
    pub(super) fn usable(self) -> Result<Token, ClientError> {
        match self.objection {
            Some(objection) => Err(objection),
            None => Ok(self.token),
        }
    }
}

/// What a grant needs to be carried out.
#[derive(Clone)]
pub(super) struct Granting {
    pub(super) profile: Arc<Profile>,
    pub(super) route: Route,
    pub(super) clock: Arc<dyn Clock>,
}

impl Granting {
    pub(super) fn endpoint(
        &self,
        context: &CallContext,
        grant_type: Option<String>,
        idempotent: bool,
    ) -> Endpoint {
        Endpoint {
            profile: self.profile.clone(),
            route: self.route.clone(),
            clock: self.clock.clone(),
            context: context.clone(),
            grant_type,
            idempotent,
            received: Arc::new(Mutex::new(None)),
        }
    }

    /// The client, and the parameters its proof adds to each request of the token endpoint.
    pub(super) fn client(&self) -> Result<(TokenClient, Vec<(String, String)>), ClientError> {
        let profile = &self.profile;
        let url = profile.approved_url(&Endpoint::token_endpoint(profile)?.url)?;
        let id = ClientId::new(profile.credential("client_id")?.expose().to_owned());
        let client = BasicClient::new(id).set_token_uri(TokenUrl::from_url(url));
        let secret = || {
            profile
                .credential("client_secret")
                .map(|secret| ClientSecret::new(secret.expose().to_owned()))
        };
        let auth = profile.grant()?.client_auth();
        Ok(match auth {
            Some(ClientAuth::Body(_)) => (
                client
                    .set_client_secret(secret()?)
                    .set_auth_type(AuthType::RequestBody),
                Vec::new(),
            ),
            Some(ClientAuth::Basic(_)) => (
                client
                    .set_client_secret(secret()?)
                    .set_auth_type(AuthType::BasicAuth),
                Vec::new(),
            ),
            Some(ClientAuth::JwtAssertion(assertion)) => {
                let signed =
                    super::assertion::sign(profile, assertion, &self.scopes(), self.clock.now())?;
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned();
                let mut proof = vec![(assertion.param.clone(), signed)];
                if assertion.param == "client_assertion" {
                    proof.push(("client_assertion_type".to_owned(), kind));
                }
                (client.set_auth_type(AuthType::RequestBody), proof)
            }
            Some(ClientAuth::Public(_)) | None => {
                (client.set_auth_type(AuthType::RequestBody), Vec::new())
            }
        })
    }

    /// The scopes asked for, joined as the provider wants them; with the one that brings a refresh token where a person signs in.
    pub(super) fn scopes(&self) -> String {
        let connector = self.profile.connector();
        let mut scopes: Vec<&str> = self.profile.scopes.iter().map(String::as_str).collect();
        let offline = connector.auth.refresh_scope(self.profile.grant);
        if let Some(offline) = offline.filter(|offline| !scopes.contains(offline)) {
            scopes.push(offline);
        }
        scopes.join(&connector.scopes.separator)
    }

    /// The parameter that carries the scopes, unless none are asked for or they are not sent.
    pub(super) fn scope_param(&self) -> Result<Option<(String, String)>, ClientError> {
        let scopes = self.scopes();
        let param = Endpoint::token_endpoint(&self.profile)?.scope_param.clone();
        Ok(param
            .filter(|_| !scopes.is_empty())
            .map(|param| (param, scopes)))
    }

    /// Parameters of a definition, filled in with settings and credential.
    pub(super) fn params(
        &self,
        params: &IndexMap<String, Template>,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let values = self.profile.auth_values(None);
        params
            .iter()
            .map(|(name, template)| Ok((name.clone(), values.render(template, Place::Text)?)))
            .collect()
    }

    /// OAuth 2.0 client credentials (RFC 6749, 4.4).
    pub(super) async fn client_credentials(
        &self,
        context: &CallContext,
    ) -> Result<Token, ClientError> {
        let Grant::ClientCredentials(grant) = self.profile.grant()? else {
            return Err(ClientError::Definition {
                detail: "the account's grant is not client credentials".to_owned(),
            });
        };
        let (client, proof) = self.client()?;
        let own_word = (grant.grant_type != "client_credentials").then(|| grant.grant_type.clone());
        let endpoint = self.endpoint(context, own_word, true);
        let mut request = client.exchange_client_credentials();
        for (name, value) in self
            .params(&grant.params)?
            .into_iter()
            .chain(self.scope_param()?)
            .chain(proof)
        {
            request = request.add_extra_param(name, value);
        }
        let http = endpoint.clone();
        let result = request
            .request_async(&move |request| http.clone().call(request))
            .await;
        self.accept(result, &endpoint, &BTreeMap::new(), None)?
            .usable()
    }

    /// OAuth 2.0 refresh (RFC 6749, 6). What it brings has to be kept before anything else, also where it cannot be used.
    pub(super) async fn refresh(
        &self,
        refresh: &Refresh,
        old: &Token,
        context: &CallContext,
    ) -> Result<Received, ClientError> {
        let (client, proof) = self.client()?;
        let endpoint = self.endpoint(context, None, false);
        let used = RefreshToken::new(refresh.token.expose().to_owned());
        let mut request = client.exchange_refresh_token(&used);
        for (name, value) in proof {
            request = request.add_extra_param(name, value);
        }
        let http = endpoint.clone();
        let result = request
            .request_async(&move |request| http.clone().call(request))
            .await;
        // Values of the sign-in do not come again with a refresh.
        let accepted = self.accept(result, &endpoint, &old.kept, Some(refresh));
        accepted.or_else(|objection| {
            let answer = endpoint.take_received();
            let Some(token) = refresh_token_in(&answer) else {
                return Err(objection);
            };
            let token = Token {
                refresh: Some(self.refresh_of(token)),
                ..old.clone()
            };
            Ok(Received {
                token,
                objection: Some(objection),
            })
        })
    }

    fn refresh_of(&self, token: &str) -> Refresh {
        Refresh {
            token: Secret::from(token.to_owned()),
            obtained_at: self.clock.now(),
        }
    }

    /// Turns the crate's answer into a token and what speaks against it, or says why there is none.
    pub(super) fn accept(
        &self,
        result: Result<BasicTokenResponse, RequestTokenError<ClientError, BasicErrorResponse>>,
        endpoint: &Endpoint,
        known: &BTreeMap<String, String>,
        old_refresh: Option<&Refresh>,
    ) -> Result<Received, ClientError> {
        let response = result.map_err(|error| refused(error, old_refresh.is_some()))?;
        let definition = Endpoint::token_endpoint(&self.profile)?;
        let now = self.clock.now();
        let life = response.expires_in().or_else(|| {
            definition
                .lifetime
                .as_ref()
                .map(crosswalk_connector::Period::duration)
        });
        let new_refresh = response.refresh_token().map(|token| match old_refresh {
            // The same one again: nothing says that it lives longer for it.
            Some(old) if old.token.expose() == token.secret().as_str() => old.clone(),
            _ => self.refresh_of(token.secret()),
        });
        let (kept, missing) = self.kept(&endpoint.take_received(), known)?;
        let token = Token {
            access_token: Secret::from(response.access_token().secret().clone()),
            obtained_at: now,
            expires_at: life.and_then(|life| now.checked_add(life).ok()),
            no_expiry: response.expires_in().is_none(),
            scopes: response
                .scopes()
                .map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
            refresh: new_refresh.or_else(|| old_refresh.cloned()),
            kept,
        };
        // An instance address that came with the token must not lead its next call astray.
        let objection = missing.or_else(|| self.profile.instance_of(&token).err());
        Ok(Received { token, objection })
    }

    /// The values to keep of an answer, beside those known, and what is missing among them.
    fn kept(
        &self,
        answer: &Value,
        known: &BTreeMap<String, String>,
    ) -> Result<(BTreeMap<String, String>, Option<ClientError>), ClientError> {
        let mut kept = known.clone();
        let mut missing = None;
        for (name, wanted) in &Endpoint::token_endpoint(&self.profile)?.keep {
            if wanted.from == KeptFrom::TokenResponse {
                let found = wanted
                    .pointer
                    .as_ref()
                    .and_then(|pointer| pointer.find(answer));
                let text = match found {
                    Some(Value::String(text)) => Some(text.clone()),
                    Some(Value::Number(number)) => Some(number.to_string()),
                    _ => None,
                };
                if let Some(text) = text {
                    kept.insert(name.clone(), text);
                }
            }
            if wanted.required && !kept.contains_key(name) {
                missing.get_or_insert_with(|| ClientError::TokenAnswer {
                    detail: format!("`{name}` is not in it"),
                });
            }
        }
        Ok((kept, missing))
    }
}

/// Why the token endpoint gave no token.
pub(super) fn refused(
    error: RequestTokenError<ClientError, BasicErrorResponse>,
    refreshing: bool,
) -> ClientError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => {
            use BasicErrorResponseType::{InvalidGrant, InvalidScope};
            let detail = response
                .error_description()
                .cloned()
                .unwrap_or_else(|| "no reason was given".to_owned());
            let detail = crate::words::fit(&detail, &[]);
            // Secrets were taken out of both when the answer came.
            let name = crate::words::fit(response.error().as_ref(), &[]);
            match response.error() {
                InvalidScope => ClientError::ScopeRefused { detail },
                InvalidGrant if refreshing => ClientError::NeedsReauth {
                    detail: format!("the refresh token is no longer accepted: {detail}").into(),
                },
                _ if name == "server_error" || name == "temporarily_unavailable" => {
                    ClientError::ServerError {
                        status: 400,
                        detail: detail.into(),
                    }
                }
                _ => ClientError::AuthRefused {
                    error: name,
                    detail,
                },
            }
        }
        RequestTokenError::Parse(error, _) => odd_form(error.inner()),
        RequestTokenError::Other(detail) => ClientError::TokenAnswer { detail },
    }
}

/// An answer that lacks a member or has one of another form. What stands there is not told: it may be the secret itself.
pub(super) fn odd_form(error: &serde_json::Error) -> ClientError {
    let said = error.to_string();
    let detail = if said.starts_with("missing field") {
        said
    } else {
        "a member of it has not the form it should have".to_owned()
    };
    ClientError::TokenAnswer { detail }
}

/// When a refresh that was begun and never ended has to be explained.
pub(super) fn interrupted(error: ClientError, started: Option<Timestamp>) -> ClientError {
    match (error, started) {
        (ClientError::NeedsReauth { detail }, Some(started)) => {
            ClientError::RefreshInterrupted { started, detail }
        }
        (error, _) => error,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_odd_answer_is_told_without_what_stands_in_it() {
        for (answer, told) in [
            (r#"{"device_code":"canary"}"#, "missing field"),
            (r#"{"expires_in":"canary"}"#, "form"),
        ] {
            let error = serde_json::from_str::<oauth2::StandardDeviceAuthorizationResponse>(answer)
                .unwrap_err();
            let told_of = odd_form(&error).to_string();
            assert!(
                told_of.contains(told) && !told_of.contains("canary"),
                "{told_of}"
            );
        }
    }
}
