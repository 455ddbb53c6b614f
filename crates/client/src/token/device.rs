use std::sync::Arc;
use std::time::Duration;

use crosswalk_connector::Grant;
use crosswalk_vault::Secret;
use oauth2::{
    DeviceAuthorizationUrl, DeviceCodeErrorResponse, RequestTokenError,
    StandardDeviceAuthorizationResponse,
};

use super::Token;
use super::grant::{odd_form, refused};
use super::source::TokenSource;
use crate::call::CallContext;
use crate::error::ClientError;

/// What a person needs to sign in on another device.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// The code to type.
    pub user_code: String,
    /// The page to type it on.
    pub verification_uri: String,
    /// The page with the code filled in, if the provider has one.
    pub verification_uri_complete: Option<Secret>,
    /// How long the code lives.
    pub expires_in: Duration,
}

/// A device sign-in under way.
pub struct DeviceAuthorization {
    /// What to show.
    pub code: DeviceCode,
    response: StandardDeviceAuthorizationResponse,
}

impl std::fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceAuthorization")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

impl TokenSource {
    /// Begins a sign-in on another device (RFC 8628).
    pub async fn device_code(
        &self,
        context: &CallContext,
    ) -> Result<DeviceAuthorization, ClientError> {
        let granting = self.granting();
        let Grant::DeviceCode(grant) = granting.profile.grant()? else {
            return Err(ClientError::Definition {
                detail: "the account's grant is not device code".to_owned(),
            });
        };
        let (client, proof) = granting.client()?;
        let url = granting.profile.approved_url(&grant.device_url)?;
        let client = client.set_device_authorization_url(DeviceAuthorizationUrl::from_url(url));
        let endpoint = granting.endpoint(context, None, true);
        let mut request = client.exchange_device_code();
        for (name, value) in granting
            .params(&grant.device_params)?
            .into_iter()
            .chain(granting.scope_param()?)
            .chain(proof)
        {
            request = request.add_extra_param(name, value);
        }
        let result = request
            .request_async(&move |request| endpoint.clone().call(request))
            .await;
        let response: StandardDeviceAuthorizationResponse =
            result.map_err(|error| refused(error, false))?;
        let code = DeviceCode {
            user_code: response.user_code().secret().clone(),
            verification_uri: response.verification_uri().to_string(),
            verification_uri_complete: response
                .verification_uri_complete()
                .map(|uri| Secret::from(uri.secret().clone())),
            expires_in: response.expires_in(),
        };
        Ok(DeviceAuthorization { code, response })
    }

    /// Asks at the provider's pace until the person has signed in, refused, or let the code run out. Dropping the future gives up.
    pub async fn await_device(
        &self,
        device: &DeviceAuthorization,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let granting = self.granting();
        let Grant::DeviceCode(grant) = granting.profile.grant()? else {
            return Err(ClientError::Definition {
                detail: "the account's grant is not device code".to_owned(),
            });
        };
        let (client, proof) = granting.client()?;
        let endpoint = granting.endpoint(context, None, true);
        let mut request = client.exchange_device_access_token(&device.response);
        for (name, value) in granting.params(&grant.params)?.into_iter().chain(proof) {
            request = request.add_extra_param(name, value);
        }
        let http = endpoint.clone();
        let send = move |request| http.clone().call(request);
        let result = request
            .request_async(&send, tokio::time::sleep, Some(device.code.expires_in))
            .await;
        let received = match result {
            Ok(response) => granting.accept(
                Ok(response),
                &endpoint,
                &std::collections::BTreeMap::new(),
                None,
            )?,
            Err(error) => return Err(device_refused(error)),
        };
        self.take(received.usable()?, context).await
    }
}

fn device_refused(error: RequestTokenError<ClientError, DeviceCodeErrorResponse>) -> ClientError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => {
            let detail = response
                .error_description()
                .cloned()
                .unwrap_or_else(|| "no reason was given".to_owned());
            ClientError::AuthRefused {
                error: crate::words::fit(response.error().as_ref(), &[]),
                detail: crate::words::fit(&detail, &[]),
            }
        }
        RequestTokenError::Parse(error, _) => odd_form(error.inner()),
        RequestTokenError::Other(detail) => ClientError::TokenAnswer { detail },
    }
}
