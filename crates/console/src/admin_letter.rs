//! The message to the customer's administrator: what to click, which scopes to tick, what to send back.

use std::borrow::Cow;

use crosswalk_connector::{Definition, Grant, GrantKind, Reference, Source};

use crate::connection::{grant_kind, texts};
use crate::{Console, Fault};

/// The redirect address the administrator enters, for the grant that has one.
fn redirect_uri(definition: &Definition, grant: GrantKind) -> Option<String> {
    let Some(Grant::AuthorizationCode(code)) = definition.connector.auth.grant(grant) else {
        return None;
    };
    let host = match code.redirect.host {
        crosswalk_connector::LoopbackHost::Address => "127.0.0.1",
        crosswalk_connector::LoopbackHost::Localhost => "localhost",
    };
    let port = code
        .redirect
        .port
        .map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("http://{host}{port}{}", code.redirect.path))
}

impl Console {
    /// The text that tells the customer's administrator what to do.
    ///
    /// # Errors
    /// `not_found`, or `no_admin_request` where the connector has none.
    pub async fn admin_request(&self, id: &str) -> Result<String, Fault> {
        let account = self.find_account(id).await?;
        let definition = self.definition(&account.connector)?;
        let request = definition.connector.admin_request.as_ref().ok_or_else(|| {
            Fault::invalid(
                "no_admin_request",
                format!(
                    "{} has no request to an administrator.",
                    definition.connector.label
                ),
                "See its docs: xwalk connector show NAME.",
            )
        })?;
        let grant = grant_kind(&definition, &account)?;
        let config = texts(&account.config);
        let scopes = account.scopes_asked.join(" ");
        let redirect = redirect_uri(&definition, grant);
        let lookup = |reference: &Reference| match (reference.source, reference.name.as_str()) {
            (Source::Config, name) => config.get(name).map(|value| Cow::from(value.as_str())),
            (Source::Request, "scopes") => Some(Cow::from(scopes.as_str())),
            (Source::Request, "redirect_uri") => redirect.as_deref().map(Cow::from),
            (Source::Request, "tenant") => Some(Cow::from(account.tenant.as_str())),
            (Source::Request, "account") => Some(Cow::from(account.slug.as_str())),
            _ => None,
        };
        let letter = request
            .render(
                grant,
                &account.scopes_asked,
                &definition.connector.scopes,
                lookup,
            )
            .map_err(|error| Fault::invalid(error.code(), format!("{error}."), error.hint()))?;
        Ok(format!("{}\n\n{}", letter.title, letter.text))
    }
}
