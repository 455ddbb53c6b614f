//! What the client has to know of an account.

use std::sync::Arc;

use crosswalk_connector::{
    ApprovedOrigins, Connector, Definition, Digest, Grant, GrantKind, Origin, Place, Source,
    Template, origin_allowed,
};
use crosswalk_vault::Secret;
use indexmap::IndexMap;
use url::Url;

use crate::budget::Share;
use crate::error::ClientError;
use crate::token::Token;
use crate::values::{Credential, Values};

/// What the client has to know of an account.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The account's stable id. Its token is kept under it, and fairness is between such ids.
    pub account: String,
    /// The connector it belongs to.
    pub definition: Arc<Definition>,
    /// The way it is connected.
    pub grant: GrantKind,
    /// The connection settings.
    pub config: IndexMap<String, String>,
    /// The credential.
    pub credential: Credential,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// Where its secrets may go, as approved when it was connected.
    pub trust: Trust,
    /// The part of the instance's limit it may use.
    pub share: Share,
}

/// Where an account's secrets may go.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trust {
    /// The definition's `trust_digest` when the user approved. Another one now: nothing is sent.
    pub digest: Digest,
    /// The origins the account was connected to; among them, once it is known, that of an instance address that comes with the token.
    pub origins: ApprovedOrigins,
    /// Hosts the user typed to confirm, as `host` or `host:port`.
    pub confirmed_hosts: Vec<String>,
}

impl Trust {
    /// What a user approves by connecting: the origins of every address the definition and the settings lead secrets to. An instance address
    /// that comes with the token is approved when it is first seen ([`crate::AccountClient::unapproved_instance`]).
    ///
    /// # Errors
    ///
    /// [`ClientError::Origin`] for a host that the connector does not declare and the user has not confirmed; [`ClientError::Value`] for a
    /// setting that is missing or gives no address.
    pub fn establish(
        definition: &Definition,
        grant: GrantKind,
        config: &IndexMap<String, String>,
        confirmed_hosts: &[String],
    ) -> Result<Self, ClientError> {
        let connector = &definition.connector;
        let origins = origins(connector, grant, &with_defaults(connector, config))?;
        for origin in &origins {
            origin_allowed(origin, &connector.hosts, confirmed_hosts, &[])?;
        }
        Ok(Self {
            digest: definition.trust_digest.clone(),
            origins: ApprovedOrigins::new(origins),
            confirmed_hosts: confirmed_hosts.to_vec(),
        })
    }
}

/// Every address that a secret is sent to and that is known before there is a token.
fn addresses(connector: &Connector, grant: GrantKind) -> Vec<&Template> {
    let mut found = Vec::new();
    let grant = connector.auth.grant(grant);
    if grant.is_some_and(Grant::uses_tokens)
        && let Some(token) = &connector.auth.token
    {
        found.push(&token.url);
        found.extend(&token.revoke_url);
    }
    match grant {
        Some(Grant::AuthorizationCode(code)) => found.push(&code.authorize_url),
        Some(Grant::DeviceCode(device)) => found.push(&device.device_url),
        _ => {}
    }
    if !names_token(&connector.base_url) {
        found.push(&connector.base_url);
    }
    found
}

/// The origins of those addresses, with the settings filled in.
fn origins(
    connector: &Connector,
    grant: GrantKind,
    config: &IndexMap<String, String>,
) -> Result<Vec<Origin>, ClientError> {
    let values = Values::of_config(config);
    let origin = |template: &Template| -> Result<Origin, ClientError> {
        Ok(Origin::parse(&values.render(template, Place::Url)?)?)
    };
    addresses(connector, grant)
        .into_iter()
        .map(origin)
        .collect()
}

fn names_token(template: &Template) -> bool {
    template
        .references()
        .any(|reference| reference.source == Source::Token)
}

/// The settings, with the definition's defaults where none is given.
fn with_defaults(
    connector: &Connector,
    config: &IndexMap<String, String>,
) -> IndexMap<String, String> {
    let mut filled = config.clone();
    for field in &connector.config {
        if let Some(default) = &field.default {
            filled
                .entry(field.key.clone())
                .or_insert_with(|| default.clone());
        }
    }
    filled
}

impl Profile {
    /// Checks what has to hold before anything is sent, and fills in the settings' defaults.
    pub(crate) fn ready(mut self) -> Result<Self, ClientError> {
        if self.trust.digest != self.definition.trust_digest {
            return Err(ClientError::DefinitionChanged);
        }
        self.config = with_defaults(&self.definition.connector, &self.config);
        self.grant()?;
        Ok(self)
    }

    pub(crate) fn connector(&self) -> &Connector {
        &self.definition.connector
    }

    pub(crate) fn grant(&self) -> Result<&Grant, ClientError> {
        self.connector()
            .auth
            .grant(self.grant)
            .ok_or_else(|| ClientError::Definition {
                detail: format!(
                    "it has no grant `{}`, which this account uses",
                    self.grant.as_str()
                ),
            })
    }

    /// Values for everything but `auth`.
    pub(crate) fn values<'a>(&'a self, token: Option<&'a Token>) -> Values<'a> {
        Values {
            token,
            ..Values::of_config(&self.config)
        }
    }

    /// Values inside `auth`.
    pub(crate) fn auth_values<'a>(&'a self, token: Option<&'a Token>) -> Values<'a> {
        Values {
            credential: Some(&self.credential),
            access_token: true,
            ..self.values(token)
        }
    }

    /// A part of the credential that the grant cannot do without.
    pub(crate) fn credential(&self, name: &str) -> Result<&Secret, ClientError> {
        let part = self.credential.get(name).filter(|part| !part.is_empty());
        part.ok_or_else(|| ClientError::MissingCredential {
            name: name.replace('_', " "),
        })
    }

    /// An address a secret goes to, approved.
    pub(crate) fn approved_url(&self, template: &Template) -> Result<Url, ClientError> {
        let text = self.auth_values(None).render(template, Place::Url)?;
        let url = Url::parse(&text).map_err(|_| crosswalk_connector::OriginError::NotAnAddress)?;
        self.trust.origins.require(&url)?;
        Ok(url)
    }

    /// The base URL, approved: also where it comes with the token, since what was seen when the account was connected is what stays.
    pub(crate) fn base_url(&self, token: Option<&Token>) -> Result<Url, ClientError> {
        let url = match token {
            Some(token) => self.instance_of(token)?,
            None => self.base(None)?,
        };
        self.trust.origins.require(&url)?;
        Ok(url)
    }

    fn base(&self, token: Option<&Token>) -> Result<Url, ClientError> {
        let text = self
            .values(token)
            .render(&self.connector().base_url, Place::Url)?;
        Ok(Url::parse(&text).map_err(|_| crosswalk_connector::OriginError::NotAnAddress)?)
    }

    /// The base URL as it is with a token. Where it comes with the token it has to lie on a declared or confirmed host, and on this machine
    /// only if the token came from this machine.
    pub(crate) fn instance_of(&self, token: &Token) -> Result<Url, ClientError> {
        let url = self.base(Some(token))?;
        if !names_token(&self.connector().base_url) {
            return Ok(url);
        }
        let origin = Origin::of(&url)?;
        let local_token = self.trust.origins.iter().any(Origin::names_loopback);
        if origin.names_loopback() && !local_token {
            return Err(crosswalk_connector::OriginError::NotApproved(origin).into());
        }
        origin_allowed(
            &origin,
            &self.connector().hosts,
            &self.trust.confirmed_hosts,
            &[],
        )?;
        Ok(url)
    }

    /// The origin that comes with this token, where none that came with one was approved yet.
    pub(crate) fn unapproved_instance(&self, token: &Token) -> Result<Option<Origin>, ClientError> {
        if !names_token(&self.connector().base_url) {
            return Ok(None);
        }
        let origin = Origin::of(&self.instance_of(token)?)?;
        let known = origins(self.connector(), self.grant, &self.config)?;
        let pinned = self.trust.origins.iter().any(|held| !known.contains(held));
        let approved = self.trust.origins.iter().any(|held| *held == origin);
        Ok((!pinned && !approved).then_some(origin))
    }

    /// Every secret that a provider might echo.
    pub(crate) fn secrets<'a>(&'a self, token: Option<&'a Token>) -> Vec<&'a Secret> {
        let mut secrets: Vec<&Secret> = self
            .credential
            .iter()
            .filter(|(name, _)| *name != "client_id")
            .map(|(_, secret)| secret)
            .collect();
        if let Some(token) = token {
            secrets.push(&token.access_token);
            secrets.extend(token.refresh.as_ref().map(|refresh| &refresh.token));
        }
        secrets
    }
}

/// Lets a next-URL or a pass-through address pass: it has to lie on the base URL's origin.
pub(crate) fn on_origin(base: &Url, target: &str) -> Result<Url, ClientError> {
    let approved = ApprovedOrigins::new([Origin::of(base)?]);
    Ok(approved.follow(base, target)?)
}
