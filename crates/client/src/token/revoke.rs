use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crosswalk_connector::ClientAuth;
use crosswalk_vault::Secret;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use url::form_urlencoded;

use super::Token;
use super::endpoint::Endpoint;
use super::source::TokenSource;
use crate::call::CallContext;
use crate::error::ClientError;

/// What became of a token at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// The provider ended it.
    Done,
    /// The provider has no way to end a token; it lives until it expires.
    NotOffered,
    /// There was no token.
    NothingThere,
}

impl TokenSource {
    /// Asks the provider to end the account's tokens (RFC 7009), the refresh token first: with it go, at most
    /// providers, the access tokens it gave. Forgets nothing here.
    ///
    /// # Errors
    ///
    /// What keeps the provider from being reached, or its refusal.
    pub async fn revoke(&self, context: &CallContext) -> Result<Revocation, ClientError> {
        if !self.uses_tokens() {
            return Ok(Revocation::NotOffered);
        }
        let endpoint = Endpoint::token_endpoint(&self.granting().profile)?;
        if endpoint.revoke_url.is_none() {
            return Ok(Revocation::NotOffered);
        }
        match self.peek().await? {
            Some(token) => self.end(&token, context).await,
            None => Ok(Revocation::NothingThere),
        }
    }

    /// Asks the provider to end a token and the refresh token that came with it, kept or not.
    pub(super) async fn end(
        &self,
        token: &Token,
        context: &CallContext,
    ) -> Result<Revocation, ClientError> {
        let granting = self.granting();
        let Some(template) = &Endpoint::token_endpoint(&granting.profile)?.revoke_url else {
            return Ok(Revocation::NotOffered);
        };
        let url = granting.profile.approved_url(template)?;
        let refresh = token
            .refresh
            .as_ref()
            .map(|refresh| ("refresh_token", &refresh.token));
        for (hint, token) in refresh
            .into_iter()
            .chain([("access_token", &token.access_token)])
        {
            let (headers, body) = self.revocation(hint, token)?;
            let mut request = http::Request::new(body);
            *request.method_mut() = http::Method::POST;
            *request.uri_mut() = url.as_str().parse().map_err(|_| ClientError::Definition {
                detail: "its revocation address is none".to_owned(),
            })?;
            *request.headers_mut() = headers;
            granting.endpoint(context, None, true).tell(request).await?;
        }
        Ok(Revocation::Done)
    }

    fn revocation(&self, hint: &str, token: &Secret) -> Result<(HeaderMap, Vec<u8>), ClientError> {
        let profile = &self.granting().profile;
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token.expose());
        form.append_pair("token_type_hint", hint);
        let id = profile.credential("client_id")?.expose();
        match profile.grant()?.client_auth() {
            Some(ClientAuth::Body(_)) => {
                form.append_pair("client_id", id);
                form.append_pair(
                    "client_secret",
                    profile.credential("client_secret")?.expose(),
                );
            }
            Some(ClientAuth::Basic(_)) => {
                let encode = |text: &str| {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                };
                let secret = profile.credential("client_secret")?.expose();
                let pair = STANDARD.encode(format!("{}:{}", encode(id), encode(secret)));
                let mut value = HeaderValue::try_from(format!("Basic {pair}")).map_err(|_| {
                    ClientError::Definition {
                        detail: "the credential cannot be sent as a header".to_owned(),
                    }
                })?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            Some(ClientAuth::JwtAssertion(_)) => {
                let (_, proof) = self.granting().client()?;
                for (name, value) in proof {
                    form.append_pair(&name, &value);
                }
            }
            Some(ClientAuth::Public(_)) | None => {
                form.append_pair("client_id", id);
            }
        }
        Ok((headers, form.finish().into_bytes()))
    }
}
