use std::collections::BTreeMap;
use std::sync::Arc;

use crosswalk_connector::{Grant, KeptFrom, LoopbackHost};
use crosswalk_vault::Secret;
use oauth2::{
    AuthUrl, AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
};
use url::Url;

use super::Token;
use super::endpoint::Endpoint;
use super::source::TokenSource;
use crate::call::CallContext;
use crate::error::ClientError;

/// A sign-in under way: where the browser is sent, and what has to come back.
#[derive(Clone)]
pub struct Authorization {
    /// The address to open in the browser.
    pub url: Url,
    /// Where the browser comes back to.
    pub redirect_uri: Url,
    state: Secret,
    verifier: Secret,
}

impl std::fmt::Debug for Authorization {
    /// Without the address, which holds the state.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authorization")
            .field("redirect_uri", &self.redirect_uri.as_str())
            .finish_non_exhaustive()
    }
}

/// What came back from a sign-in.
#[derive(Clone)]
pub struct Redirected {
    code: Secret,
    params: BTreeMap<String, String>,
}

impl std::fmt::Debug for Redirected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redirected").finish_non_exhaustive()
    }
}

impl Authorization {
    /// Whether the query of a redirect answers this sign-in: it has the state that was sent, once. One that has not comes from another
    /// sign-in or from an attacker, whatever else it says.
    pub fn is_answered_by(&self, query: &str) -> bool {
        let mut states = parameters(query)
            .filter(|(name, _)| name == "state")
            .map(|(_, state)| Secret::from(state.into_owned()));
        states.next().as_ref() == Some(&self.state) && states.next().is_none()
    }

    /// Reads the query of the redirect.
    ///
    /// # Errors
    ///
    /// [`ClientError::AuthRefused`] if it does not answer this sign-in, if the provider reports an error, or if there is no code; each
    /// parameter counts only if it comes once.
    pub fn read(&self, query: &str) -> Result<Redirected, ClientError> {
        if !self.is_answered_by(query) {
            return Err(refused(
                "state_mismatch",
                "the answer does not belong to this sign-in",
            ));
        }
        let mut params = BTreeMap::new();
        for (name, value) in parameters(query) {
            if params
                .insert(name.to_string(), value.into_owned())
                .is_some()
            {
                return Err(refused("invalid_redirect", &format!("`{name}` came twice")));
            }
        }
        params.remove("state");
        if let Some(error) = params.get("error") {
            let detail = params
                .get("error_description")
                .map_or("no reason was given", String::as_str);
            let detail = crate::words::fit(detail, &[]);
            return Err(match error.as_str() {
                "invalid_scope" => ClientError::ScopeRefused { detail },
                name => ClientError::AuthRefused {
                    error: crate::words::fit(name, &[]),
                    detail,
                },
            });
        }
        match params.remove("code").filter(|code| !code.is_empty()) {
            Some(code) => Ok(Redirected {
                code: Secret::from(code),
                params,
            }),
            None => Err(refused(
                "invalid_redirect",
                "there is no code in the answer",
            )),
        }
    }
}

fn parameters(query: &str) -> url::form_urlencoded::Parse<'_> {
    url::form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
}

fn refused(error: &str, detail: &str) -> ClientError {
    ClientError::AuthRefused {
        error: error.to_owned(),
        detail: detail.to_owned(),
    }
}

impl TokenSource {
    /// Begins a sign-in in the browser. `port` is where this machine listens; the definition's own port wins.
    pub fn authorize(&self, port: u16) -> Result<Authorization, ClientError> {
        let granting = self.granting();
        let Grant::AuthorizationCode(grant) = granting.profile.grant()? else {
            return Err(ClientError::Definition {
                detail: "the account's grant is not authorization code".to_owned(),
            });
        };
        let host = match grant.redirect.host {
            LoopbackHost::Address => "127.0.0.1",
            LoopbackHost::Localhost => "localhost",
        };
        let text = format!(
            "http://{host}:{}{}",
            grant.redirect.port.unwrap_or(port),
            grant.redirect.path
        );
        let unusable = || ClientError::Definition {
            detail: format!("`{text}` is no redirect address"),
        };
        let redirect_uri = Url::parse(&text).map_err(|_| unusable())?;
        let (client, _) = granting.client()?;
        let client = client
            .set_auth_uri(AuthUrl::from_url(
                granting.profile.approved_url(&grant.authorize_url)?,
            ))
            .set_redirect_uri(RedirectUrl::new(text.clone()).map_err(|_| unusable())?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .set_pkce_challenge(challenge);
        for (name, value) in granting
            .params(&grant.authorize_params)?
            .into_iter()
            .chain(granting.scope_param()?)
        {
            request = request.add_extra_param(name, value);
        }
        let (url, state) = request.url();
        Ok(Authorization {
            url,
            redirect_uri,
            state: Secret::from(state.into_secret()),
            verifier: Secret::from(verifier.into_secret()),
        })
    }

    /// Ends a sign-in: exchanges the code for a token and keeps it.
    pub async fn exchange(
        &self,
        authorization: &Authorization,
        back: Redirected,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let granting = self.granting();
        let Grant::AuthorizationCode(grant) = granting.profile.grant()? else {
            return Err(ClientError::Definition {
                detail: "the account's grant is not authorization code".to_owned(),
            });
        };
        let (client, proof) = granting.client()?;
        let client =
            client.set_redirect_uri(RedirectUrl::from_url(authorization.redirect_uri.clone()));
        let endpoint = granting.endpoint(context, None, false);
        let verifier = PkceCodeVerifier::new(authorization.verifier.expose().to_owned());
        let mut request = client
            .exchange_code(AuthorizationCode::new(back.code.expose().to_owned()))
            .set_pkce_verifier(verifier);
        for (name, value) in granting.params(&grant.params)?.into_iter().chain(proof) {
            request = request.add_extra_param(name, value);
        }
        let http = endpoint.clone();
        let result = request
            .request_async(&move |request| http.clone().call(request))
            .await;
        let kept = Endpoint::token_endpoint(&granting.profile)?
            .keep
            .iter()
            .filter(|(_, wanted)| wanted.from == KeptFrom::Redirect)
            .filter_map(|(name, wanted)| {
                Some((
                    name.clone(),
                    back.params.get(wanted.param.as_deref()?)?.clone(),
                ))
            })
            .collect();
        let token = granting.accept(result, &endpoint, &kept, None)?.usable()?;
        self.take(token, context).await
    }
}
