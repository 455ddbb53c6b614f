//! The message to the customer's administrator: what to click, which scopes to tick, what to send back.

use std::borrow::Cow;

use crosswalk_connector::{Definition, Grant, GrantKind, Reference, Source};
use crosswalk_workspace::tenant;
use indexmap::IndexMap;

use crate::connect::connection::{choose_grant, grant_kind, texts};
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

/// What a letter speaks of.
struct Occasion<'o> {
    grant: GrantKind,
    scopes: &'o [String],
    config: &'o IndexMap<String, String>,
    /// What the customer is called.
    tenant: Option<&'o str>,
    account: Option<&'o str>,
}

fn letter(definition: &Definition, occasion: &Occasion<'_>) -> Result<String, Fault> {
    let connector = &definition.connector;
    let request = connector.admin_request.as_ref().ok_or_else(|| {
        Fault::invalid(
            "no_admin_request",
            format!("{} has no request to an administrator.", connector.label),
            "See its docs: xwalk connector show NAME.",
        )
    })?;
    // The client asks for the refresh scope by itself, so the administrator has to allow it too.
    let mut asked = occasion.scopes.to_vec();
    let refresh = connector.auth.refresh_scope(occasion.grant);
    if let Some(refresh) = refresh.filter(|refresh| !asked.iter().any(|scope| scope == refresh)) {
        asked.push(refresh.to_owned());
    }
    let scopes = asked.join(" ");
    let redirect = redirect_uri(definition, occasion.grant);
    let lookup = |reference: &Reference| match (reference.source, reference.name.as_str()) {
        (Source::Config, name) => occasion
            .config
            .get(name)
            .filter(|value| !value.is_empty())
            .map(|value| Cow::from(value.as_str())),
        (Source::Request, "scopes") => Some(Cow::from(scopes.as_str())),
        (Source::Request, "redirect_uri") => redirect.as_deref().map(Cow::from),
        (Source::Request, "tenant") => occasion.tenant.map(Cow::from),
        (Source::Request, "account") => occasion.account.map(Cow::from),
        _ => None,
    };
    let letter = request
        .render(occasion.grant, &asked, &connector.scopes, lookup)
        .map_err(|error| Fault::invalid(error.code(), format!("{error}."), error.hint()))?;
    Ok(format!("{}\n\n{}", letter.title, letter.text))
}

impl Console {
    /// The text that tells the customer's administrator what to do.
    ///
    /// # Errors
    /// `not_found`, or `no_admin_request` where the connector has none.
    pub async fn admin_request(&self, id: &str) -> Result<String, Fault> {
        let account = self.find_account(id).await?;
        let definition = self.definition(&account.connector)?;
        let tenant = self.tenant_name(&account.tenant).await?;
        letter(
            &definition,
            &Occasion {
                grant: grant_kind(&definition, &account)?,
                scopes: &account.scopes_asked,
                config: &texts(&account.config),
                tenant: Some(&tenant),
                account: Some(&account.slug),
            },
        )
    }

    /// What the customer is called: its administrator does not know the id we gave it.
    async fn tenant_name(&self, id: &str) -> Result<String, Fault> {
        let id = id.to_owned();
        Ok(self
            .workspace()
            .read(move |tx| Ok(tenant::get(tx, &id)?.name))
            .await?)
    }

    /// The same text for an account that is not added yet, from what the form holds so far, its tenant and id among it.
    /// Without a grant: the connector's first.
    ///
    /// # Errors
    /// As [`Console::admin_request`], and `unknown_grant`.
    pub async fn admin_request_draft(
        &self,
        connector: &str,
        grant: Option<&str>,
        scopes: &[String],
        config: &IndexMap<String, String>,
        tenant: Option<&str>,
        account: Option<&str>,
    ) -> Result<String, Fault> {
        let definition = self.definition(connector)?;
        let tenant = match tenant.map(str::trim).filter(|chosen| !chosen.is_empty()) {
            Some(chosen) => Some(self.tenant_name(chosen).await?),
            None => None,
        };
        letter(
            &definition,
            &Occasion {
                grant: choose_grant(&definition, grant)?.kind(),
                scopes,
                config,
                tenant: tenant.as_deref(),
                account: account.map(str::trim).filter(|typed| !typed.is_empty()),
            },
        )
    }
}
