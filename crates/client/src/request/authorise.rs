use base64::Engine as _;
use crosswalk_connector::{ApiKeyGrant, Grant, Place, query_string};
use http::header::AUTHORIZATION;

use super::Draft;
use super::head::{header_name, header_value};
use crate::error::ClientError;
use crate::profile::Profile;
use crate::token::Token;
use crate::transport::Outgoing;

/// Puts the account's secrets into a draft. The address has been checked when the draft was made.
pub(crate) fn authorise(
    profile: &Profile,
    token: Option<&Token>,
    draft: &Draft,
) -> Result<Outgoing, ClientError> {
    let mut outgoing = Outgoing {
        method: http::Method::from_bytes(draft.method.as_str().as_bytes())
            .unwrap_or(http::Method::GET),
        url: draft.url.clone(),
        headers: draft.headers.clone(),
        body: draft.body.clone(),
    };
    let auth = &profile.connector().auth;
    let values = profile.auth_values(token);
    let mut secret = |name: &str, value: &str| -> Result<(), ClientError> {
        let mut value = header_value(name, value)?;
        value.set_sensitive(true);
        outgoing.headers.insert(header_name(name)?, value);
        Ok(())
    };
    match profile.grant()? {
        Grant::ClientCredentials(_) | Grant::AuthorizationCode(_) | Grant::DeviceCode(_) => {
            secret(
                &auth.access.header,
                &values.render(&auth.access.value, Place::Header)?,
            )?;
        }
        Grant::ApiKey(ApiKeyGrant {
            header: Some(name),
            value,
            ..
        }) => secret(name, &values.render(value, Place::Header)?)?,
        Grant::ApiKey(ApiKeyGrant {
            query: Some(name),
            value,
            ..
        }) => {
            let value = values.render(value, Place::Text)?;
            let pair = query_string([(name.as_str(), value.as_str())]);
            let query = outgoing
                .url
                .query()
                .map_or_else(|| pair.clone(), |query| format!("{query}&{pair}"));
            outgoing.url.set_query(Some(&query));
        }
        Grant::Basic(grant) => {
            let (user, password) = (
                values.render(&grant.user, Place::Text)?,
                values.render(&grant.password, Place::Text)?,
            );
            let login =
                base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
            secret(AUTHORIZATION.as_str(), &format!("Basic {login}"))?;
        }
        Grant::ApiKey(_) | Grant::None(_) => {}
    }
    for (name, template) in &auth.headers {
        if let Some(value) = values.render_optional(template, Place::Header)? {
            let mut value = header_value(name, &value)?;
            value.set_sensitive(true);
            outgoing.headers.insert(header_name(name)?, value);
        }
    }
    Ok(outgoing)
}
